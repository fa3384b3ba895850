"""One leave whole: its days, who decides, who is left in the shifts, days left, what became of it (Art. 35-37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.leave_changes import LEAVE_STATE_NAMES, LeaveState
from regulation.leave_kinds import LEAVE_NAMES
from regulation.roles import ROLE_NAMES
from tui.cells import day_time, joined, plain
from tui.leave_words import STATE_LOOKS, cover_content, decision_content
from tui.screens.dialog import DeskDialog
from tui.screens.swap_case import fact

if TYPE_CHECKING:
    from operations.leave_views import LeaveCase, LeaveRow

# On 24 rows a long leave shows its first days; its shifts are in the roster.
MOST_COVER = 6


class LeaveCaseDialog(DeskDialog[str | None]):
    """Dismisses with what is to be done: ``approve``, ``refuse``, ``withdraw``, ``note``, ``shorten``, ``extend``."""

    TITLE = N_("Leave (Art. 35-37)")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    LeaveCaseDialog .dialog { width: 78; }
    LeaveCaseDialog #case { height: auto; max-height: 17; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "do('approve')", N_("approve")),
        Binding("r", "do('refuse')", N_("refuse")),
        Binding("d", "do('note')", N_("doctor's note")),
        Binding("w", "do('withdraw')", N_("withdraw")),
        Binding("s", "do('shorten')", N_("give days back")),
        Binding("e", "do('extend')", N_("extend")),
    ]

    def __init__(self, leave: LeaveRow) -> None:
        super().__init__()
        self._leave = leave

    def compose_fields(self) -> ComposeResult:
        """What is known at once; the rest is asked for."""
        yield Static(Content("\n").join(self._lines(None)), id="case")

    def on_mount(self) -> None:
        """Ask who is left, and for the days left."""
        from operations.leave_views import leave_case

        def shown(case: LeaveCase) -> None:
            self._leave = case.row
            self.query_one("#case", Static).update(Content("\n").join(self._lines(case)))
            self.refresh_bindings()

        self.run_operation(leave_case, self.desk.signed_in, self.desk.clock(), self._leave.id, then=shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this person may do with it now."""
        if action == "do":
            leave = self._leave
            live = leave.state in (LeaveState.ASKED, LeaveState.ACCEPTED)
            may = {
                "withdraw": leave.may_withdraw,
                "note": leave.note_missing and leave.state is LeaveState.ASKED,
                "shorten": leave.mine and live and leave.first_day != leave.last_day,
                "extend": leave.mine and live,
            }
            return may.get(str(parameters[0]), leave.may_decide)
        return super().check_action(action, parameters)

    def action_do(self, act: str) -> None:
        """Leave with what is to be done."""
        self.dismiss(act)

    def _lines(self, case: LeaveCase | None) -> list[Content]:
        from operations.leave_listings import days_words, span_words

        leave, now, zone = self._leave, self.desk.now, self.desk.zone
        sign, style = STATE_LOOKS[leave.state]
        state = f"{sign} {_(LEAVE_STATE_NAMES[leave.state])}"
        who = [plain(leave.person, "bold"), plain(_(ROLE_NAMES[leave.role])), plain(leave.team)]
        what = [
            plain(_(LEAVE_NAMES[leave.kind]), "bold"),
            plain(span_words(leave, zone)),
            plain(days_words(leave.days)),
        ]
        if leave.special:
            what.append(Content.styled(_("special case"), "$attention"))
        asked = day_time(leave.asked_at, now, zone)
        if leave.asked_by:
            asked = _("{time} by {who}").format(time=asked, who=leave.asked_by)
        lines = [
            fact(N_("State"), Content.styled(state, style)),
            fact(N_("Who"), joined(who)),
            fact(N_("Leave"), joined(what)),
            fact(N_("Asked"), plain(asked)),
        ]
        if leave.reason:
            lines.append(fact(N_("Reason"), plain(leave.reason)))
        if leave.doctor_note:
            lines.append(fact(N_("Doctor's note"), plain(leave.doctor_note)))
        elif leave.note_missing:
            lines.append(
                fact(N_("Doctor's note"), Content.styled(_("! needed first, Art. 37"), "$attention"))
            )
        lines += [fact(N_("Approval"), decision_content(one, now, zone)) for one in leave.decisions]
        if leave.deciders:
            lines.append(fact(N_("Who decides"), plain(", ".join(leave.deciders))))
        if leave.closed_at is not None:
            closed = (day_time(leave.closed_at, now, zone), leave.closed_by, leave.closing_reason)
            lines.append(fact(N_("Settled"), plain("  ".join(part for part in closed if part))))
        return lines if case is None else [*lines, *self._outlook(case)]

    def _outlook(self, case: LeaveCase) -> list[Content]:
        """What whoever decides should see before: the shifts' coverage, and the days left."""
        from operations.leave_listings import balance_words, unled_words

        lines = [fact(N_("Shift"), cover_content(line)) for line in case.cover[:MOST_COVER]]
        if case.cover[MOST_COVER:]:
            more = _(" (and {count} more)").format(count=len(case.cover) - MOST_COVER)
            lines[-1] = Content.assemble(lines[-1], (more, "$faint"))
        lines += [
            fact(N_("Leader"), Content.assemble(("! ", "$attention bold"), plain(unled_words(day))))
            for day in case.unled
        ]
        if case.balance is not None:
            lines.append(fact(N_("Balance"), plain(balance_words(case.balance))))
        return lines
