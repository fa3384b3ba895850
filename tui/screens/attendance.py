"""4 Attendance 考勤: the month as a heat map, its rate with the formula, corrections, and the submission (Art. 33, 34)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.attendance_month import Totals, formula, totals
from regulation.duty_numbers import percent_text
from tui.attendance_words import is_open, is_to_come, shown_of, verdict_words
from tui.cells import clock_time, cut, joined, plain
from tui.screens.desk import DeskScreen
from tui.widgets.attendance_grid import AttendanceGrid
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import WEEKDAYS, shift_name

if TYPE_CHECKING:
    from operations.attendance import AttendanceRow, MonthOfAttendance
    from operations.attendance_judging import JudgedRow
    from operations.attendance_months import TeamMonth
    from operations.permissions import Action


class AttendanceScreen(DeskScreen):
    """Whoever may sees everyone's month by team; everyone else their own."""

    MODE = "attendance"
    AUTO_FOCUS = "AttendanceGrid"
    CSS_PATH = "attendance.tcss"
    HELP = N_(
        "Who came, day by day, as roster, door, signatures and leave say together (Art. 33): ✓ came, ! late with its "
        "minutes, ‹ left early, ✗ absent, the kind of leave, □ not clear, ○ to come, ⇄ swapped away; + stands behind a sign "
        "where the day has more duties than fit, in parts, which the line below lists. Enter shows the "
        "evidence of the day under the cursor, and lets you ask for a correction that somebody else decides; ? waits for "
        "that. n goes to the next day that somebody must settle, f chooses the team, [ and ] the month. S submits the "
        "team's month with the PIN (Art. 34): from then on it is frozen. V shows the months in comparison. E writes the "
        "attendance sheet as PDF or Excel, I takes over punches of an attendance machine."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "evidence", N_("evidence")),
        Binding("n", "next_open", N_("next open")),
        Binding("f", "team", N_("team")),
        Binding("S", "submit", N_("submit")),
        Binding("V", "trend", N_("trend")),
        Binding("E", "export", N_("export")),
        Binding("I", "punches", N_("import punches")),
        Binding("left_square_bracket", "month(-1)", N_("month before")),
        Binding("right_square_bracket", "month(1)", N_("month after")),
        Binding("t", "today", N_("today")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first: date | None = None
        self._team = ""

    def compose_body(self) -> ComposeResult:
        """Month line, rate, grid, and the day under the cursor."""
        yield Static(id="attendance-month")
        yield Static(id="attendance-rate")
        yield AttendanceGrid()
        yield Static(id="attendance-day")

    # Loading -------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> MonthOfAttendance:
        """Ask for the month in view."""
        from operations.attendance import attendance_month, own_attendance
        from operations.permissions import Action

        month = self._first or now.astimezone(self.desk.zone).date()
        read = attendance_month if self._may(Action.SEE_ATTENDANCE) else own_attendance
        return read(self.actor, now, month)

    def show(self, result: MonthOfAttendance) -> None:
        """Draw the month; the cursor stays where it was."""
        if self._first not in (None, result.month):
            return  # another month was asked for in the meantime
        self._first = result.month
        self._grid.show_attendance(result, self._rows(result), self._today, self._teams)
        self._show_month()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The lines say as much as fits."""
        if self.result is not None:
            self._show_month()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is to do here."""
        from operations.permissions import Action

        if action in ("team", "trend", "export"):
            return self._may(Action.SEE_ATTENDANCE)
        if action == "punches":
            return self._may(Action.IMPORT_PUNCHES)
        if action == "submit":
            return self._may(Action.SUBMIT_ATTENDANCE) and bool(self._submittable())
        if action == "evidence":
            return self.result is not None and bool(self._grid.cursor_duties)
        if action == "next_open":
            return self.result is not None and bool(self._grid.open_cells())
        return super().check_action(action, parameters)

    @property
    def _grid(self) -> AttendanceGrid:
        return self.query_one(AttendanceGrid)

    @property
    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    @property
    def _teams(self) -> Mapping[str, str]:
        centre = self.desk.centre
        return {team.code: team.name for team in centre.teams} if centre else {}

    def _may(self, action: Action) -> bool:
        from operations.boundary import may

        return self.desk.actor is not None and may(self.actor, action)

    def _rows(self, result: MonthOfAttendance) -> tuple[AttendanceRow, ...]:
        return tuple(row for row in result.rows if not self._team or row.team == self._team)

    # Moving --------------------------------------------------------------------------------------------

    def action_month(self, step: int) -> None:
        """Show the month before or after."""
        first = self._first or self._today.replace(day=1)
        self._go_to((first + timedelta(days=32 if step > 0 else -1)).replace(day=1))

    def action_today(self) -> None:
        """Show the month of today."""
        self._go_to(self._today.replace(day=1))

    def _go_to(self, first: date) -> None:
        if first != self._first:
            self._first = first
            self.reload()

    def action_team(self) -> None:
        """Show the next team only, or everyone again."""
        codes = ["", *self._teams]
        self._team = codes[(codes.index(self._team) + 1) % len(codes)]
        if self.result is not None:
            self.show(self.result)

    def action_next_open(self) -> None:
        """Go to the next day that somebody has to settle, round and round."""
        cells, grid = self._grid.open_cells(), self._grid
        if not cells or grid.cursor_day is None or grid.cursor_person is None:
            return
        here = (grid.cursor_person.person_id, grid.cursor_day)
        later = cells[cells.index(here) + 1 :] if here in cells else [c for c in cells if c[1] > here[1]]
        grid.move_to(*(later or cells)[0])

    # Doing ---------------------------------------------------------------------------------------------

    def action_evidence(self) -> None:
        """Show the evidence of the day under the cursor."""
        from tui.screens.duty_evidence import DutyEvidenceDialog

        if (one := shown_of(self._grid.cursor_duties)) is not None:
            number = one.row.id
            self.app.push_screen(DutyEvidenceDialog(number), self._changed)

    def action_submit(self) -> None:
        """Submit a team's month, or look at what still stands against it."""
        from tui.screens.submit_month import SubmitMonthDialog

        if (team := self._submittable()) is not None and self._first is not None:
            self.app.push_screen(SubmitMonthDialog(self._first, team), self._changed)

    def action_trend(self) -> None:
        """Show the months submitted of late beside one another."""
        from tui.screens.attendance_trend import AttendanceTrendDialog

        self.app.push_screen(AttendanceTrendDialog(self._first or self._today))

    def action_export(self) -> None:
        """Write the sheet of the team in view, or of every team."""
        from tui.screens.attendance_export import AttendanceExportDialog

        self.app.push_screen(AttendanceExportDialog(self._first or self._today, self._team))

    def action_punches(self) -> None:
        """Take over a file of an attendance machine."""
        from tui.screens.punch_import import PunchImportDialog

        self.app.push_screen(PunchImportDialog(), self._punched)

    def _punched(self, count: int | None) -> None:
        if count is not None:
            self.notify(_("{count} punches are new.").format(count=count))
        self._changed(count)

    def _changed(self, changed: object) -> None:
        if changed is not None:
            self.desk.data_version += 1

    def _submittable(self) -> TeamMonth | None:
        """The month that S is about: the team in view, else the one this person may submit."""
        if self.result is None:
            return None
        teams: Sequence[TeamMonth] = self.result.teams
        chosen = [team for team in teams if team.team == self._team] if self._team else teams
        return next((team for team in chosen if team.may_submit), None)

    # Explaining ----------------------------------------------------------------------------------------

    def _show_month(self) -> None:
        from operations.permissions import Action

        result: MonthOfAttendance = self.result
        month = _("{year}-{month}").format(year=result.month.year, month=result.month.month)
        parts = [Content.styled(month, "bold")]
        if self._may(Action.SEE_ATTENDANCE):
            name = self._teams.get(self._team, self._team) if self._team else _("all teams")
            parts.append(plain(name))
            chosen = [team for team in result.teams if team.team == self._team and self._team]
            shown = chosen or [team for team in result.teams if team.team]
            rates = [f"{'' if chosen else team.name} {self._rate(result, team.team)}" for team in shown]
            parts += [plain("  ".join(rates).strip(), "bold"), *(_team_state(team) for team in chosen)]
            if any(is_to_come(one.judgement) for row in result.rows for day in row.days for one in day):
                parts.append(Content.styled(_("so far"), "$faint"))
        else:
            parts.append(Content.styled(_("my own attendance"), "$faint"))
        parts.append(self._open_words())
        self.query_one("#attendance-month", Static).update(joined(parts))
        width = max(20, self.size.width - 2)
        lines = [plain(cut(text, width), "$faint") for text in self._formula(result)]
        self.query_one("#attendance-rate", Static).update(Content("\n").join(lines))

    def _open_words(self) -> Content:
        number = len(self._grid.open_cells())
        return (
            Content.styled(_("□ {count} to settle").format(count=number), "$attention")
            if number
            else Content("")
        )

    def _sums(self, result: MonthOfAttendance, code: str) -> Totals:
        """What a team's month adds up to (empty: everyone's): as submitted, else of the duties that are over."""
        submitted = next((t for t in result.teams if t.team == code and t.submitted is not None), None)
        if submitted is not None:
            return submitted.totals
        duties = (one for row in result.rows for day in row.days for one in day)
        return totals(
            one.counted
            for one in duties
            if not is_to_come(one.judgement) and (not code or one.row.team == code)
        )

    def _rate(self, result: MonthOfAttendance, code: str) -> str:
        rate = self._sums(result, code).rate
        return "—" if rate is None else percent_text(rate)

    def _formula(self, result: MonthOfAttendance) -> list[str]:
        return [_(line.text).format(**line.details) for line in formula(self._sums(result, self._team))]

    @on(MonthGrid.CursorMoved)
    def _cursor_moved(self) -> None:
        self.refresh_bindings()
        grid = self._grid
        if grid.cursor_person is None or grid.cursor_day is None:
            text = Content(_("Nobody had a duty in this month."))
        else:
            person, day = grid.cursor_person, grid.cursor_day
            when = _("{date} {weekday}").format(date=f"{day:%m-%d}", weekday=_(WEEKDAYS[day.weekday()]))
            head = [plain(f"{person.name}({person.work_number})", "$accent bold"), plain(when)]
            duties = [self._duty_words(one) for one in grid.cursor_duties]
            text = joined([*head, *(duties or [Content.styled(_("free day"), "$faint")])])
        self.query_one("#attendance-day", Static).update(text)

    def _duty_words(self, one: JudgedRow) -> Content:
        kind = next((k for k in self.result.shift_types if k.code == one.row.shift), None)
        zone, said = self.desk.zone, one.judgement
        hours = f"{clock_time(one.row.starts_at, zone)}–{clock_time(one.row.ends_at, zone)}"
        seen = [clock_time(at, zone) if at else "—" for at in (said.arrived_at, said.left_at)]
        parts = [
            plain(f"{shift_name(kind) if kind else one.row.shift} {hours}"),
            verdict_words(said),
            Content.styled(_("in {came}, out {left}").format(came=seen[0], left=seen[1]), "$faint")
            if said.arrived_at or said.left_at
            else Content(""),
            Content.styled(_("a correction waits"), "$attention") if one.waits else Content(""),
            Content.styled(_("corrected"), "$info") if said.correction_id else Content(""),
        ]
        if is_open(said) and not one.waits:
            parts.append(Content.styled(_("Enter: settle it"), "$faint"))
        return joined(parts)


def _team_state(team: TeamMonth) -> Content:
    """What became of a team's month: submitted, changed since, or due."""
    if team.submitted is None:
        due = _("due by {date}").format(date=f"{team.due_on:%m-%d}")
        return Content.styled(due, "$breach" if team.late else "$faint")
    words = _("submitted, version {version}, {digest}")
    state = words.format(version=team.submitted.version, digest=team.submitted.digest[:8])
    parts = [Content.styled("✓ " + state, "$ok")]
    if team.changed:
        parts.append(Content.styled(_("{count} changed since").format(count=team.changed), "$attention"))
    return joined(parts)
