"""One swap whole: its duties, who agreed, whose rest it breaks, who decides, what became of it (Art. 38)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from tui.cells import day_time, fit, plain
from tui.screens.dialog import DeskDialog
from tui.swap_words import STATE_LOOKS, leg_content, party_content, warning_content

if TYPE_CHECKING:
    from operations.swap_views import SwapOutlook, SwapRow

LABEL_WIDTH = 14


class SwapCaseDialog(DeskDialog[str | None]):
    """Dismisses with what is to be done: ``accept``, ``refuse``, ``withdraw``, or nothing."""

    TITLE = N_("A swap of duties (Art. 38)")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SwapCaseDialog .dialog { width: 78; }
    SwapCaseDialog #case { height: auto; max-height: 17; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "do('accept')", N_("agree or consent")),
        Binding("r", "do('refuse')", N_("refuse")),
        Binding("w", "do('withdraw')", N_("withdraw")),
    ]

    def __init__(self, swap: SwapRow) -> None:
        super().__init__()
        self._swap = swap

    def compose_fields(self) -> ComposeResult:
        """What is known at once; the outlook is asked for."""
        yield Static(Content("\n").join(self._lines(None)), id="case")

    def on_mount(self) -> None:
        """Ask what it would do now."""
        from operations.swap_views import swap_case

        def shown(case: tuple[SwapRow, SwapOutlook]) -> None:
            self._swap = case[0]
            self.query_one("#case", Static).update(Content("\n").join(self._lines(case[1])))
            self.refresh_bindings()

        self.run_operation(swap_case, self.desk.signed_in, self.desk.clock(), self._swap.id, then=shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this person may do with it now."""
        if action == "do":
            may = {"accept": bool(self._swap.waits_for_me), "withdraw": self._swap.may_withdraw}
            return may.get(str(parameters[0]), bool(self._swap.waits_for_me))
        return super().check_action(action, parameters)

    def action_do(self, act: str) -> None:
        """Leave with what is to be done."""
        self.dismiss(act)

    def _lines(self, outlook: SwapOutlook | None) -> list[Content]:
        swap, desk = self._swap, self.desk
        now, zone = desk.now, desk.zone
        sign, style, words = STATE_LOOKS[swap.state]
        asked = _("{time} by {who}").format(time=day_time(swap.asked_at, now, zone), who=swap.asked_by)
        lines = [fact(N_("State"), Content.styled(f"{sign} {_(words)}", style))]
        lines += [fact(N_("Duty"), leg_content(leg, zone)) for leg in swap.legs]
        lines.append(fact(N_("Asked"), plain(asked)))
        if swap.reason:
            lines.append(fact(N_("Reason"), plain(swap.reason)))
        lines += [fact(N_("Side"), party_content(party, now, zone)) for party in swap.parties]
        if swap.deciders:
            lines.append(fact(N_("Who decides"), plain(", ".join(swap.deciders))))
        lines += self._outcome()
        if outlook is not None:
            lines += [
                fact(N_("Obstacle"), plain(_(one.text).format(**one.details), "$breach"))
                for one in outlook.blockers
            ]
            lines += [fact(N_("Rest"), warning_content(side)) for side in outlook.warnings]
        return lines

    def _outcome(self) -> list[Content]:
        swap, now, zone = self._swap, self.desk.now, self.desk.zone
        lines = []
        for at, who, why in (
            (swap.decided_at, swap.decided_by, swap.decision_reason),
            (swap.closed_at, swap.closed_by, swap.closing_reason),
        ):
            if at is not None:
                text = "  ".join(part for part in (day_time(at, now, zone), who, why) if part)
                lines.append(fact(N_("Settled"), plain(text)))
        return lines


def fact(label: str, value: Content) -> Content:
    """Return one line of what is known: a label (a message) and its value."""
    return Content.assemble(fit(Content.styled(_(label), "$faint"), LABEL_WIDTH), value)
