"""The calendar: public holidays and adjusted working days of a year, and the centre's own word on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.calendar_days import KIND_NAMES, DayKind
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import WEEKDAYS

if TYPE_CHECKING:
    from operations.calendar_days import Calendar
    from regulation.calendar_days import CalendarDay

LOOKS = {
    DayKind.WORKING: "",
    DayKind.REST: "$faint",
    DayKind.HOLIDAY: "$ok",
    DayKind.ADJUSTED_WORKING: "$attention",
}


@dataclass(frozen=True, slots=True)
class DaySaid:
    """What the centre says of a day."""

    day: date
    kind: DayKind
    name: str


class DayKindDialog(DeskDialog[DaySaid]):
    """Asks for a day, what it is, and what it is called."""

    TITLE = N_("What a day is")
    AUTO_FOCUS = "#day"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"))]

    def __init__(self, day: date, kind: DayKind, name: str) -> None:
        super().__init__()
        self._day, self._kind, self._name = day, kind, name

    def compose_fields(self) -> ComposeResult:
        """Day, kind, name."""
        yield Label(_("Day (YYYY-MM-DD)"))
        yield Input(f"{self._day}", id="day", compact=True)
        yield Label(_("It is a"))
        yield ChoiceLine(
            [(kind.value, name) for kind, name in KIND_NAMES.items()], self._kind.value, id="kind"
        )
        yield Label(_("Name, may be left empty"))
        yield Input(self._name, id="name", max_length=40, compact=True)
        yield Static("", classes="dialog--text")

    @on(Input.Submitted, "#name")
    def action_accept(self) -> None:
        """Leave with what was said."""
        try:
            day = date.fromisoformat(self.query_one("#day", Input).value.strip())
        except ValueError:
            self.set_problem(_("A day is written like 2026-11-30."))
            return
        kind = DayKind(self.query_one("#kind", ChoiceLine).value)
        self.dismiss(DaySaid(day, kind, self.query_one("#name", Input).value.strip()))


class CalendarDialog(DeskDialog[None]):
    """The days of a year that are not as their weekday says. ``day`` is offered for what the centre says itself."""

    TITLE = N_("Calendar")
    CSS_PATH = "calendar_dialog.tcss"
    AUTO_FOCUS = "#days"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-tall")]  # noqa: RUF012  declared so by the toolkit
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "year(-1)", N_("year before")),
        Binding("right_square_bracket", "year(1)", N_("year after")),
        Binding("n", "say", N_("say what a day is")),
        Binding("enter", "change", N_("change"), priority=True),
        Binding("d", "take_back", N_("as published")),
    ]

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day
        self._year = day.year

    def compose_fields(self) -> ComposeResult:
        """What is not published yet over the days."""
        yield Static(id="published", classes="dialog--text", markup=False)
        yield LineTable(
            (
                Column(N_("Date"), 10),
                Column("", 2),
                Column(N_("Kind"), 22),
                Column(N_("Called"), 20, flex=1),
                Column(N_("Said by"), 10),
            ),
            self._cells,
            key=lambda day: day.date,
            empty=N_("Only working days and weekends."),
            id="days",
        )

    def on_mount(self) -> None:
        """Read the year."""
        self._read()

    def _read(self, _result: object = None) -> None:
        from operations.calendar_days import calendar

        first, last = date(self._year, 1, 1), date(self._year, 12, 31)
        self.run_operation(calendar, self.desk.signed_in, self.desk.clock(), first, last, then=self._show)

    def _show(self, found: Calendar) -> None:
        from operations.calendar_listings import is_special, unpublished_lines

        special = [day for day in found.days if is_special(day)]
        fresh = self._table.row_count == 0
        self._table.set_rows(special)
        if fresh:  # where the roster's cursor stands
            self._table.cursor = sum(day.date < self._day for day in special[:-1])
        worked = sum(day.is_worked for day in found.days)
        count = _("{year}: {count} working days").format(year=self._year, count=worked)
        waiting = [Content.assemble(("! ", "$attention"), line) for line in unpublished_lines(found)]
        self.query_one("#published", Static).update(
            Content("\n").join([Content.styled(count, "bold"), *waiting])
        )
        self.refresh_bindings()

    @property
    def _table(self) -> LineTable[CalendarDay]:
        return self.query_one("#days", LineTable)

    @staticmethod
    def _cells(day: CalendarDay) -> list[Content]:
        from operations.calendar_listings import day_name

        return [
            plain(day.date.isoformat()),
            plain(_(WEEKDAYS[day.date.weekday()]), "$faint"),
            plain(_(KIND_NAMES[day.kind]), LOOKS[day.kind]),
            plain(day_name(day)),
            Content.styled(_("the centre"), "$info") if day.own else Content(""),
        ]

    # Moving and saying -----------------------------------------------------------------------------------

    def action_year(self, step: int) -> None:
        """Show the year before or after."""
        self._year += step
        self._read()

    def action_say(self) -> None:
        """Say what a day is that is in the list or not."""
        self.app.push_screen(DayKindDialog(self._day, DayKind.ADJUSTED_WORKING, ""), self._said)

    def action_change(self) -> None:
        """Say something else of the day under the cursor."""
        day = self._table.current
        if day is not None:
            self.app.push_screen(DayKindDialog(day.date, day.kind, day.name if day.own else ""), self._said)

    def _said(self, said: DaySaid | None) -> None:
        if said is None:
            return
        from operations.calendar_days import set_day_kind

        self._year = said.day.year
        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(set_day_kind, actor, now, said.day, said.kind, said.name, then=self._changed)

    def action_take_back(self) -> None:
        """Let what is published count again for the day under the cursor."""
        day = self._table.current
        if day is not None and day.own:
            from operations.calendar_days import clear_day_kind

            actor, now = self.desk.signed_in, self.desk.clock()
            self.run_operation(clear_day_kind, actor, now, day.date, then=self._changed)

    def _changed(self, _result: None) -> None:
        self.set_problem("")
        self.desk.data_version += 1
        self._read()

    @on(LineTable.CursorMoved)
    def _day_changed(self) -> None:
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The centre's word is for those who keep the calendar; only its own word is taken back."""
        if action not in ("say", "change", "take_back"):
            return super().check_action(action, parameters)
        from operations.boundary import may
        from operations.permissions import Action

        if self.desk.actor is None or not may(self.desk.signed_in, Action.KEEP_ROTATIONS):
            return False
        day = self._table.current if self.is_mounted and action != "say" else None
        return action == "say" or (day is not None and (day.own or action == "change"))
