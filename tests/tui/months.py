"""Months made up for the grid, and the Roster screen of a real centre."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from textual.app import App, ComposeResult

from operations.boundary import SYSTEM
from operations.centre import ShiftTypeRow
from operations.demand import CoverNeed
from operations.roster import PlannedDay, RosterCell, RosterMonth, RosterRow, roster_month
from operations.roster_rest import RestTimes
from regulation.calendar_days import DayChange, calendar_days
from regulation.limits import DEFAULT_LIMITS
from regulation.rest import RestDuty
from regulation.roles import Role
from tests.centre import NOW
from tests.tui.desk import Desk
from tui.month_plan import MonthPlan, View, matching
from tui.screens.roster import RosterScreen
from tui.widgets.month_grid import MonthGrid

EARLY = ShiftTypeRow("early", "早班", "early shift", "早", 360, 480)
NIGHT = ShiftTypeRow("night", "夜班", "night shift", "夜", 1320, 480)
MIDDLE = ShiftTypeRow("middle", "中班", "middle shift", "中", 840, 480)
MONDAY = date(2026, 11, 23)


class Grid(App[None]):
    """A grid and nothing else."""

    def __init__(self, month: RosterMonth, only: str = "", view: View = View.DRAFT) -> None:
        super().__init__()
        self.plan, self.only = MonthPlan(month, view), only

    def compose(self) -> ComposeResult:
        """The grid fills the terminal."""
        yield MonthGrid()

    def on_mount(self) -> None:
        """Show the month, with team names that differ from their codes."""
        rows = matching(self.plan.month.rows, self.only, "")
        self.grid.show_plan(self.plan, rows, MONDAY, {"A": "甲班", "B": "乙班"})

    @property
    def grid(self) -> MonthGrid:
        """The grid."""
        return self.query_one(MonthGrid)

    def lines(self) -> list[str]:
        """What is drawn."""
        return [
            "".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()
        ]


def times_of(day: date, shift: ShiftTypeRow) -> RestDuty:
    starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
        minutes=shift.start_minute, hours=-8
    )
    ends_at = starts_at + timedelta(minutes=shift.duration_minutes)
    return RestDuty(day, starts_at, ends_at, shift.start_minute, shift.duration_minutes, shift is NIGHT)


def a_cell(day: date, shift: ShiftTypeRow, *, leave: bool = False) -> RosterCell:
    times = times_of(day, shift)
    return RosterCell(
        1,
        shift.code,
        shift.short,
        times.starts_at,
        times.ends_at,
        "",
        "operator",
        "manual",
        leave,
        times.starts_at <= NOW,
    )


def a_month(
    people: int,
    days: int = 30,
    first: date = date(2026, 11, 1),
    *,
    draft: dict[date, str | None] | None = None,
    needs: tuple[CoverNeed, ...] = (),
    said: tuple[DayChange, ...] = (),
) -> RosterMonth:
    """Everyone has an early shift on the first day, a night on the second, one on leave on the third, then ``draft``."""
    dates = tuple(first + timedelta(days=n) for n in range(days))
    planned = tuple(PlannedDay(day, code, "manual", "1003", NOW) for day, code in (draft or {}).items())
    rows = []
    for number in range(people):
        cells: list[RosterCell | None] = [None] * days
        cells[0], cells[1] = a_cell(dates[0], EARLY), a_cell(dates[1], NIGHT)
        cells[2] = a_cell(dates[2], NIGHT, leave=True)
        team = "A" if number < people // 2 else "B"
        rows.append(
            RosterRow(number, str(1000 + number), f"员工{number}", team, Role.OPERATOR, tuple(cells), planned)
        )
    coverage = {"early": (people,) + (0,) * (days - 1)}
    calendar = calendar_days(dates[0], dates[-1], {}, said)
    rest = RestTimes(
        {(kind.code, day): times_of(day, kind) for kind in (EARLY, NIGHT) for day in dates},
        DEFAULT_LIMITS,
        {},
    )
    return RosterMonth(
        "2026-11", 1, dates, tuple(rows), coverage, (EARLY, NIGHT), calendar, {"2026-11": 1}, needs, rest
    )


def cell_of(desk: Desk, number: str, day: date) -> str | None:
    """What is planned: the draft over what is published."""
    month = roster_month(SYSTEM, desk.clock(), day)
    person = next(row.person_id for row in month.rows if row.work_number == number)
    return MonthPlan(month).planned(person, day)


def published_cell(desk: Desk, number: str, day: date) -> str | None:
    """What is published."""
    month = roster_month(SYSTEM, desk.clock(), day)
    person = next(row.person_id for row in month.rows if row.work_number == number)
    return MonthPlan(month).published(person, day)


async def open_roster(desk: Desk, number: str = "1003") -> MonthGrid:
    await desk.sign_in(number)
    await desk.press("2")
    assert isinstance(desk.app.screen, RosterScreen)
    return desk.app.screen.query_one(MonthGrid)
