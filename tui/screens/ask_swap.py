"""Asking for a swap: which part, with whom, for which of their duties; what it would do is told while one chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from settings import ZhibanError
from tui.cells import joined, plain
from tui.screens.dialog import DeskDialog
from tui.screens.swap_person import found_person
from tui.swap_words import duty_cells, hours_words, own_shift, warning_content
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.people import PersonRow
    from operations.swap_views import ComingDuty, SwapOutlook
    from operations.swaps import LegAsked

HOURS = "hours"
# The rest is in the details of the request; here the fields must stay in sight on 24 rows.
MOST_SHOWN = 4
PARTS = (
    ("whole", N_("whole duty")),
    ("first", N_("first half")),
    ("second", N_("second half")),
    (HOURS, N_("some hours")),
)


@dataclass(frozen=True, slots=True)
class InReturn:
    """What may come back for the duty: one of the taker's own, or with ``None`` nothing."""

    duty: ComingDuty | None


class AskSwapDialog(DeskDialog[int | None]):
    """Dismisses with the request's number once it is made."""

    TITLE = N_("Ask for a swap or a stand-in (Art. 38)")
    CSS_PATH = "ask_swap.tcss"
    AUTO_FOCUS = "#who"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "ask", N_("ask for it"), priority=True),
        Binding("up", "back(-1)", N_("up"), show=False),
        Binding("down", "back(1)", N_("down"), show=False),
    ]

    def __init__(
        self, duty: ComingDuty, person: PersonRow, people: Sequence[PersonRow], on_behalf_of: str
    ) -> None:
        super().__init__()
        self._duty = duty
        self._person = person
        self._people = [row for row in people if row.id != person.id]
        self._on_behalf_of = on_behalf_of
        self._taker: PersonRow | None = None
        self._asked: tuple[LegAsked, ...] = ()
        self._asking = False

    def compose_fields(self) -> ComposeResult:
        """The duty, the part, the colleague, what comes back, the reason, and what it would do."""
        yield Static(self._story(), classes="dialog--text")
        yield ChoiceLine(PARTS, id="part")
        yield Input(placeholder="23:00-02:00", max_length=11, compact=True, id="hours")
        with HorizontalGroup(classes="pair"):
            yield Label(_("Who takes it"))
            yield Input(placeholder=_("work number or name"), max_length=40, compact=True, id="who")
        yield LineTable(
            (Column("", 5), Column("", 12, flex=1), Column("", 11), Column("", 4), Column("", 14, flex=1)),
            self._back_cells,
            key=lambda row: row.duty.id if row.duty is not None else 0,
            title=N_("In return (↑ ↓)"),
            empty=N_("First say who takes it."),
            header=False,
            id="back",
        )
        with HorizontalGroup(classes="pair"):
            yield Label(_("Reason"))
            yield Input(max_length=200, compact=True, id="reason")
        yield Static(id="outlook", markup=False)

    def on_mount(self) -> None:
        """Hours are asked for only where some hours go."""
        self.query_one("#hours", Input).display = False
        self.watch(self.query_one("#part", ChoiceLine), "value", self._part_chosen, init=False)

    def _story(self) -> Content:
        duty, zone = self._duty, self.desk.zone
        who = f"{self._person.name}({self._person.work_number})"
        parts = [
            plain(f"{duty.date:%m-%d} {own_shift(duty.shift, duty.shift_en)}", "bold"),
            plain(hours_words(duty.starts_at, duty.ends_at, zone)),
            plain(who),
        ]
        if self._on_behalf_of:
            parts.append(Content.styled(_("you act for them: give the reason"), "$attention"))
        return joined(parts)

    def _back_cells(self, row: InReturn) -> list[Content]:
        if row.duty is None:
            return [Content("—"), Content(_("nothing: a stand-in")), *[Content("")] * 3]
        return duty_cells(row.duty, self.desk.zone)

    def action_back(self, step: int) -> None:
        """Choose what comes in return without leaving the field."""
        self._back.cursor += step

    # What it would do -----------------------------------------------------------------------------------

    @on(Input.Changed, "#who")
    def _who_changed(self, event: Input.Changed) -> None:
        try:
            taker = found_person(self._people, event.value)
        except ValueError as problem:
            self._taker = None
            self._back.set_rows(())
            self._say(plain(str(problem) if event.value.strip() else "", "$faint"))
            return
        if self._taker is None or taker.id != self._taker.id:
            self._taker = taker
            self._ask_for_duties(taker)

    def _ask_for_duties(self, taker: PersonRow) -> None:
        from operations.swap_views import coming_duties

        def shown(duties: tuple[ComingDuty, ...]) -> None:
            if self._taker is not None and self._taker.id == taker.id:
                free = [InReturn(duty) for duty in duties if not duty.open_swap and not duty.leave]
                self._back.set_rows((InReturn(None), *free))
                self._back.cursor = 0
                self._look_ahead()

        self.run_operation(coming_duties, self.desk.signed_in, self.desk.clock(), taker.id, then=shown)

    @on(LineTable.CursorMoved, "#back")
    @on(Input.Changed, "#hours")
    def _look_ahead(self) -> None:
        """Ask what the swap would do, as far as it is said."""
        from operations.swap_views import swap_outlook

        try:
            legs = self._legs()
        except (ValueError, ZhibanError) as problem:
            self._say(plain(str(problem), "$faint"))
            return
        if legs and legs != self._asked:
            self._asked = legs
            self.run_operation(
                swap_outlook,
                self.desk.signed_in,
                self.desk.clock(),
                legs,
                then=lambda outlook: self._show_outlook(legs, outlook),
            )

    def _part_chosen(self) -> None:
        self.query_one("#hours", Input).display = self._part == HOURS
        self._look_ahead()

    def _show_outlook(self, legs: tuple[LegAsked, ...], outlook: SwapOutlook) -> None:
        if legs != self._asked or self._taker is None:
            return  # something else was chosen in the meantime
        taker = f"{self._taker.name}({self._taker.work_number})"
        against = [
            Content.assemble(("✗ ", "$breach bold"), plain(_(one.text).format(**one.details)))
            for one in outlook.blockers
        ]
        against += [warning_content(side) for side in outlook.warnings]
        shown = against[:MOST_SHOWN]
        if against[MOST_SHOWN:]:
            more = _(" (and {count} more)").format(count=len(against) - MOST_SHOWN)
            shown[-1] = Content.assemble(shown[-1], (more, "$faint"))
        if not against:
            shown.append(Content.assemble(("✓ ", "$ok"), _("Nothing stands against it.")))
        decides = _("{taker} agrees, then consents one of: {names}").format(
            taker=taker, names=", ".join(outlook.deciders)
        )
        self._say(Content("\n").join([plain(decides, "$faint"), *shown]))

    def _say(self, words: Content) -> None:
        self.query_one("#outlook", Static).update(words)

    # Asking ---------------------------------------------------------------------------------------------

    @property
    def _back(self) -> LineTable[InReturn]:
        return self.query_one("#back", LineTable)

    @property
    def _part(self) -> str:
        return self.query_one("#part", ChoiceLine).value

    def _legs(self) -> tuple[LegAsked, ...]:
        from operations.swap_parts import hours_named
        from operations.swaps import LegAsked

        if self._taker is None:
            raise ValueError(_("First say who takes it."))
        duty, part = self._duty, self._part
        text = self.query_one("#hours", Input).value.strip() or "?" if part == HOURS else part
        named = hours_named("" if text == "whole" else text, duty.starts_at, duty.ends_at, self.desk.zone)
        legs = [LegAsked(duty.id, self._taker.work_number, *named)]
        back = self._back.current
        if back is not None and back.duty is not None:
            legs.append(LegAsked(back.duty.id, self._person.work_number))
        return tuple(legs)

    @on(Input.Submitted, "#reason")
    def action_ask(self) -> None:
        """Ask, once."""
        from operations.swaps import ask_swap

        if self._asking:
            return
        try:
            legs = self._legs()
        except (ValueError, ZhibanError) as problem:
            self.set_problem(str(problem))
            return
        self._asking = True
        self.set_problem("")
        reason = self.query_one("#reason", Input).value
        args = (self.desk.signed_in, self.desk.clock(), legs, reason, self._on_behalf_of)
        self.run_operation(ask_swap, *args, then=self._asked_for)

    def _asked_for(self, swap_id: int) -> None:
        self.dismiss(swap_id)

    @on(DeskDialog.OperationRefused)
    def _refused(self) -> None:
        self._asking = False
