"""2 Roster 排班: a month of people by days, read and edited by hand."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from string import ascii_lowercase
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from locales import N_, _
from tui.cells import clock_time, elapsed, joined, plain
from tui.roster_edits import Applied, Edit, RosterEdits, apply_edits
from tui.screens.desk import DeskScreen
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import WEEKDAYS, WIDE, shift_mark, shift_name

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.roster import RosterCell, RosterMonth, RosterRow

# Letters that mean something else on this screen or on every screen.
RESERVED_KEYS = frozenset("ftuvx")

ORIGINS: dict[str, str] = {
    "manual": N_("set by hand"),
    "pattern": N_("from the rotation"),
    "swap": N_("swapped"),
    "stand_in": N_("stand-in"),
    "solver": N_("from the planner"),
    "import": N_("from a file"),
}


class RosterScreen(DeskScreen):
    """The month grid with the cell under the cursor explained below it."""

    MODE = "roster"
    AUTO_FOCUS = "MonthGrid"
    CSS_PATH = "roster.tcss"
    HELP = N_(
        "The month's duties: people down, days across, by team. The letters beside the month's name set a shift "
        "under the cursor and go on to the next day, x clears it, u takes the last change back. The lines at the "
        "bottom count people per shift; red means nobody has it. A duty that has begun is never changed here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "clear", N_("clear")),
        Binding("u", "undo", N_("undo")),
        Binding("ctrl+r", "redo", N_("redo")),
        Binding("left_square_bracket", "month(-1)", N_("month before")),
        Binding("right_square_bracket", "month(1)", N_("month after")),
        Binding("t", "today", N_("today")),
        Binding("f", "team", N_("team")),
        Binding("R", "rotations", N_("rotations")),
        Binding("H", "calendar", N_("calendar")),
        Binding("I", "import_file", N_("import")),
        Binding("E", "export", N_("export")),
        Binding("S", "planner", N_("planner")),
        Binding("W", "wishes", N_("wishes")),
        Binding("M", "demand", N_("demand")),
        Binding("K", "pin", N_("pin")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first: date | None = None
        self._jump_to: date | None = None
        self._team = ""
        self._edits: dict[date, RosterEdits] = {}
        self._keys: dict[str, ShiftTypeRow] = {}
        self._after_sending: list[Callable[[], None]] = []

    def compose_body(self) -> ComposeResult:
        """Month line, grid, and one line about the cell under the cursor."""
        yield Static(id="roster-month")
        yield MonthGrid()
        yield Static(id="roster-cell")

    # Loading -------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> RosterMonth:
        """Ask for the month in view."""
        from operations.roster import roster_month

        return roster_month(self.actor, now, self._first or now.astimezone(self.desk.zone).date())

    def show(self, result: RosterMonth) -> None:
        """Draw the month; the cursor stays where it was."""
        first = result.days[0]
        if self._first not in (None, first):
            return  # another month was asked for in the meantime
        self._first = first
        self._keys = shift_keys(result.shift_types)
        edits = self._month_edits
        edits.seen(result.version)
        grid = self.query_one(MonthGrid)
        grid.show_month(result, self._today, self._teams, self._team)
        grid.set_pending(edits.pending())
        if self._jump_to is not None and grid.cursor_person is not None:
            grid.move_to(grid.cursor_person.person_id, self._jump_to)
            self._jump_to = None
        self._show_month_line()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that change something are only there for those who may."""
        if action in ("clear", "undo", "redo", "rotations", "import_file", "planner", "pin"):
            return self._may_edit
        return super().check_action(action, parameters)

    @property
    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    @property
    def _teams(self) -> Mapping[str, str]:
        centre = self.desk.centre
        return {team.code: team.name for team in centre.teams} if centre else {}

    @property
    def _month_edits(self) -> RosterEdits:
        return self._edits.setdefault(self._first or self._today.replace(day=1), RosterEdits())

    @property
    def _may_edit(self) -> bool:
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.actor, Action.EDIT_ROSTER)

    def on_resize(self) -> None:
        """The month line says as much as fits."""
        self._show_month_line()

    # Moving between months and teams ---------------------------------------------------------------------

    def action_month(self, step: int) -> None:
        """Show the month before or after."""
        first = self._first or self._today.replace(day=1)
        last = calendar.monthrange(first.year, first.month)[1]
        self._go_to(first - timedelta(days=1) if step < 0 else first + timedelta(days=last))

    def action_today(self) -> None:
        """Put the cursor on today."""
        self._go_to(self._today, cursor=self._today)

    def action_team(self) -> None:
        """Show one team after the other, then everyone again."""
        choices = ["", *self._teams]
        self._team = choices[(choices.index(self._team) + 1) % len(choices)] if self._team in choices else ""
        if self.result is not None:
            self.show(self.result)

    def action_rotations(self) -> None:
        """Choose rotations for the teams and plan the draft from them."""
        from tui.screens.rotations_dialog import RotationsDialog

        first = max(self._first or self._today.replace(day=1), self._today)
        self.app.push_screen(RotationsDialog(first, list(self._teams)), self._planned)

    def _planned(self, text: str | None) -> None:
        if text:
            self.notify(text, markup=False)
            self.desk.data_version += 1

    def action_calendar(self) -> None:
        """Show holidays and adjusted working days, and say what a day is here."""
        from tui.screens.calendar_dialog import CalendarDialog

        self.app.push_screen(CalendarDialog(self.query_one(MonthGrid).cursor_day or self._today))

    def action_import_file(self) -> None:
        """Plan the draft from a file."""
        from tui.screens.roster_import import RosterImportDialog

        self.app.push_screen(RosterImportDialog(self._first or self._today), self._planned)

    def action_export(self) -> None:
        """Write the month into a file."""
        from tui.screens.roster_export import RosterExportDialog

        self.app.push_screen(RosterExportDialog(self._first or self._today, self._team))

    # Planning ------------------------------------------------------------------------------------------

    def action_planner(self) -> None:
        """Let the planner find a plan for the days in view, for the team in view."""
        from tui.screens.planner_dialog import PlannerDialog

        team = self._teams.get(self._team, "")
        self.app.push_screen(PlannerDialog(*self._days_in_view, self._team, team), self._plan_written)

    def _plan_written(self, written: object) -> None:
        if written is not None:
            self.desk.data_version += 1

    def action_demand(self) -> None:
        """Show how many people each shift needs."""
        from tui.screens.demand_dialog import DemandDialog

        self.app.push_screen(DemandDialog(), self._plan_written)

    def action_wishes(self) -> None:
        """Show wishes, and who cannot work, for the days in view."""
        from tui.screens.wishes_dialog import WishesDialog

        grid = self.query_one(MonthGrid)
        day = max(grid.cursor_day or self._today, self._today + timedelta(days=1))
        number = grid.cursor_person.work_number if grid.cursor_person else ""
        self.app.push_screen(WishesDialog(*self._days_in_view, day, number))

    def action_pin(self) -> None:
        """Pin the day under the cursor so that neither rotation nor planner changes it, or take the pin off."""
        from operations.availability import toggle_pin

        grid = self.query_one(MonthGrid)
        if grid.cursor_person is None or grid.cursor_day is None:
            return
        cell = grid.cursor_person.person_id, grid.cursor_day
        self.run_operation(toggle_pin, self.actor, self.desk.clock(), *cell, success=_pin_words)

    @property
    def _days_in_view(self) -> tuple[date, date]:
        first = self._first or self._today.replace(day=1)
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])

    def _go_to(self, day: date, cursor: date | None = None) -> None:
        self._first = day.replace(day=1)
        self._jump_to = cursor or self._first
        if self.result is not None and self.result.days[0] == self._first:
            self.show(self.result)
        else:
            self.reload()

    # Editing -------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A shift's letter sets it; its Chinese sign does too, for whoever has the input method on."""
        shift = self._keys.get(event.character or "")
        if shift is None:
            return
        event.stop()
        event.prevent_default()
        # The arrow keys are bindings, which the application runs: letters wait in the same queue, in typing order.
        self.app.call_later(self._set, shift.code)

    def action_clear(self) -> None:
        """Make the day under the cursor free."""
        self._set(None)

    def action_undo(self) -> None:
        """Take back the last change of this month."""
        if self._month_edits.is_sending:
            self._after_sending.append(self.action_undo)
            return
        self._jump_and_send(self._month_edits.undo(), _("Nothing to undo in this month."))

    def action_redo(self) -> None:
        """Make the change again that was taken back."""
        if self._month_edits.is_sending:
            self._after_sending.append(self.action_redo)
            return
        self._jump_and_send(self._month_edits.redo(), _("Nothing to redo in this month."))

    def _set(self, shift_code: str | None) -> None:
        grid = self.query_one(MonthGrid)
        person, day = grid.cursor_person, grid.cursor_day
        if not self._may_edit:
            self.notify(_("Read only: the roster is edited by shift leaders."), markup=False)
            return
        if person is None or day is None:
            return
        self._month_edits.add(Edit(person.person_id, day, shift_code))
        grid.action_move(0, 1)
        self._send()

    def _jump_and_send(self, edit: Edit | None, nothing: str) -> None:
        if edit is None:
            self.notify(nothing, markup=False)
            return
        self.query_one(MonthGrid).move_to(edit.person_id, edit.day)
        self._send()

    def _send(self) -> None:
        edits = self._month_edits
        self.query_one(MonthGrid).set_pending(edits.pending())
        batch = edits.next_batch()
        if batch:
            args = (self.actor, self.desk.clock, batch, edits.version)
            self.run_operation(apply_edits, *args, then=lambda outcome: self._sent(edits, outcome))
        self._show_month_line()

    def _sent(self, edits: RosterEdits, outcome: Applied) -> None:
        edits.applied(outcome)
        if outcome.error is not None:
            self.desk.report(outcome.error)
        self._send()
        waiting, self._after_sending = self._after_sending, []
        for action in waiting:
            action()

    # Explaining ----------------------------------------------------------------------------------------

    @on(MonthGrid.CursorMoved)
    def _cursor_moved(self, event: MonthGrid.CursorMoved) -> None:
        grid = event.grid
        if grid.cursor_person is None or grid.cursor_day is None:
            text = Content(_("Nobody is in this team yet."))
        else:
            text = self._explain(grid.cursor_person, grid.cursor_day, grid.cursor_cell)
        self.query_one("#roster-cell", Static).update(text)

    def _explain(self, person: RosterRow, day: date, cell: RosterCell | None) -> Content:
        who = f"{person.name}({person.work_number})"
        when = _("{date} {weekday}").format(date=f"{day:%m-%d}", weekday=_(WEEKDAYS[day.weekday()]))
        parts = [plain(who, "$accent bold"), plain(self._teams.get(person.team, "")), plain(when)]
        if cell is None:
            return joined([*parts, Content.styled(_("free day"), "$faint")])
        shift = next((s for s in self.result.shift_types if s.code == cell.shift_code), None)
        zone, ends = self.desk.zone, cell.ends_at.astimezone(self.desk.zone)
        until = clock_time(cell.ends_at, zone)
        if ends.date() > day:
            until = _("{time} next day").format(time=until)
        hours = elapsed(cell.ends_at - cell.starts_at)
        parts += [
            plain(shift_name(shift) if shift else cell.shift_code, "bold"),
            plain(f"{clock_time(cell.starts_at, zone)}–{until} ({hours})"),
            Content(_("leads the shift")) if cell.post == "leader" else Content(""),
            plain(_("seat {seat}").format(seat=cell.seat)) if cell.seat else Content(""),
            Content.styled(_("on leave"), "$info") if cell.leave else Content(""),
            Content.styled(_(ORIGINS.get(cell.origin, cell.origin)), "$faint"),
            Content.styled(_("begun: no longer changed here"), "$past") if cell.past else Content(""),
        ]
        return joined(parts)

    def _show_month_line(self) -> None:
        if self.result is None or self._first is None:
            return
        team = self._teams.get(self._team, self._team) if self._team else _("all teams")
        waiting = len(self._month_edits.pending())
        parts = [
            Content.styled(
                _("{year}-{month}").format(year=self._first.year, month=self._first.month), "bold"
            ),
            plain(team),
            Content.styled(_("saving {count}…").format(count=waiting), "$attention")
            if waiting
            else Content(""),
        ]
        if self._may_edit:
            parts += self._legend()
        else:
            parts.append(Content.styled(_("read only"), "$attention"))
        self.query_one("#roster-month", Static).update(joined(parts))

    def _legend(self) -> list[Content]:
        """Which key sets which shift; a click on it is the key."""
        legend, wide = [], self.size.width >= WIDE
        for key, shift in self._keys.items():
            if not key.isascii():
                continue
            press = Style.from_meta({"@click": f"app.simulate_key('{key}')"})
            name = shift_name(shift) if wide else shift_mark(shift)
            label = Content.assemble((key, "$accent bold"), " ", plain(name))
            legend.append(label.stylize(press))
        return legend


def _pin_words(pinned: bool) -> str:
    return _("Pinned: no planner changes this day.") if pinned else _("The pin is off.")


def shift_keys(shifts: Iterable[ShiftTypeRow]) -> dict[str, ShiftTypeRow]:
    """Which key sets which shift: the first free letter of its code, and its sign when that is not a letter."""
    keys: dict[str, ShiftTypeRow] = {}
    for shift in shifts:
        letters = [*shift.code.lower(), *ascii_lowercase]
        taken = RESERVED_KEYS | set(keys)
        key = next((sign for sign in letters if sign in ascii_lowercase and sign not in taken), "")
        if key:
            keys[key] = shift
        if shift.short and not shift.short.isascii():
            keys[shift.short] = shift
    return keys
