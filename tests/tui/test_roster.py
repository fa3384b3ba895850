"""The roster at the desk: what the grid draws, and a month edited by hand on a real centre."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

import locales
from operations import drafts
from operations.boundary import SYSTEM
from operations.centre import ShiftTypeRow
from operations.demand import CoverNeed
from operations.drafts import CellChange, Paint
from operations.roster import PlannedDay, RosterCell, RosterMonth, RosterRow, roster_month
from operations.roster_rest import RestTimes
from regulation.calendar_days import DayChange, calendar_days
from regulation.limits import DEFAULT_LIMITS
from regulation.rest import RestDuty
from regulation.roles import Role
from tests.centre import NOW, TODAY, publish_days
from tests.tui.desk import Desk, open_desk
from tui.month_plan import MonthPlan, View, matching
from tui.roster_edits import Stroke, paint_strokes
from tui.roster_words import shift_keys
from tui.screens.roster import RosterScreen
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import WIDE

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


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    locales.set_language("zh_CN")


async def test_every_line_of_the_grid_is_exactly_as_wide_as_the_terminal() -> None:
    for width in (80, 100, 131, 160):
        app = Grid(a_month(12))
        async with app.run_test(size=(width, 24)) as pilot:
            await pilot.pause()
            lines = app.lines()
            assert {cell_len(line) for line in lines} == {width}
            # The sums close the line but for the scroll bar's column: no day is cut in two to fill it.
            person = next(line for line in lines if "员工0" in line)
            assert width >= WIDE or cell_len(person.rstrip()) >= width - 1


async def test_shifts_teams_and_leave_are_drawn_and_leave_counts_no_hours() -> None:
    app = Grid(a_month(4))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        lines = app.lines()
        person = next(line for line in lines if "员工0" in line)
        assert any("甲班" in line and "──" in line for line in lines)
        assert "早" in person
        assert "夜" in person
        # One early and one night of eight hours, one of them past midnight; the night on leave is not worked.
        # The first of the month is a Sunday.
        assert person.split()[-3:] == ["16", "1", "1"]


async def test_coverage_stands_under_the_people_and_counts_the_shift_nobody_has() -> None:
    app = Grid(a_month(4))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        early = next(line for line in app.lines() if line.startswith(" 早班"))
        night = next(line for line in app.lines() if line.startswith(" 夜班"))
        assert early.split()[1:] == ["4"] + ["0"] * 29
        alarm = app.grid.get_component_rich_style("month-grid--uncovered").color
        strip = next(s for s in app.screen._compositor.render_strips() if s.text.startswith(" 早班"))
        zeros = [part.style.color for part in strip if part.text.strip() == "0" and part.style]
        # Nothing can be done any more about the days that are over.
        assert [colour == alarm for colour in zeros] == [False] * 21 + [True] * 8
        assert night.split()[1:] == ["0", "4"] + ["0"] * 28


async def test_cursor_starts_today_and_the_day_is_scrolled_into_view() -> None:
    app = Grid(a_month(4))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert app.grid.cursor_day == MONDAY
        assert "23" in app.lines()[0].split()


async def test_home_end_and_page_keys_move_to_the_edges() -> None:
    app = Grid(a_month(60))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.press("end")
        assert app.grid.cursor_day == date(2026, 11, 30)
        await pilot.press("home", "pagedown", "down")
        assert app.grid.cursor_day == date(2026, 11, 1)
        moved = app.grid.cursor_person
        assert moved is not None
        assert moved.person_id > 10
        await pilot.press("ctrl+end")
        assert app.grid.cursor_person is not None
        assert app.grid.cursor_person.person_id == 59
        assert "员工59" in "\n".join(app.lines())


async def test_header_and_names_stay_while_the_grid_scrolls() -> None:
    app = Grid(a_month(60))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("ctrl+end")
        lines = app.lines()
        assert "30" in lines[0].split()
        assert any("员工59" in line for line in lines)
        assert not any("员工0 " in line for line in lines)


async def test_a_click_puts_the_cursor_on_that_person_and_day() -> None:
    app = Grid(a_month(6))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        y = next(n for n, line in enumerate(app.lines()) if "员工2" in line)
        x = app.lines()[0].index(" 5 ") + 1
        await pilot.click(MonthGrid, offset=(cell_len(app.lines()[0][:x]), y))
        assert app.grid.cursor_person is not None
        assert app.grid.cursor_person.person_id == 2
        assert app.grid.cursor_day == date(2026, 11, 5)


async def test_only_one_team_is_shown_when_asked() -> None:
    app = Grid(a_month(6), only="B")
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        drawn = "\n".join(app.lines())
        assert "员工3" in drawn
        assert "员工0" not in drawn


async def test_cells_that_are_being_saved_show_what_was_typed() -> None:
    app = Grid(a_month(2))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        app.grid.paint({(0, MONDAY): "night", (0, date(2026, 11, 1)): None})
        await pilot.pause()
        person = next(line for line in app.lines() if "员工0" in line)
        assert person.count("夜") == 2
        assert "早" not in person


async def test_three_hundred_people_for_sixty_two_days_render_only_what_is_seen() -> None:
    app = Grid(a_month(300, 62))
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("pagedown", "pagedown", "end")
        assert app.grid.cursor_day == date(2026, 11, 1) + timedelta(days=61)
        # Each line on screen once for each place it was scrolled to, not 300 people for each key.
        assert len(app.grid._strips) < 48 * 6


def test_keys_come_from_the_codes_initials_and_never_from_reserved_letters() -> None:
    other = ShiftTypeRow("evening", "晚班", "evening", "晚", 1080, 480)
    unlucky = ShiftTypeRow("x", "加班", "extra", "加", 1080, 60)
    keys = shift_keys((EARLY, MIDDLE, NIGHT, other, unlucky))
    assert {sign: shift.code for sign, shift in keys.items() if sign.isascii()} == {
        "e": "early",
        "m": "middle",
        "n": "night",
        "i": "evening",
        "a": "x",
    }
    assert keys["夜"] is NIGHT


# On a real centre ------------------------------------------------------------------------------------------


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


async def test_typing_letters_sets_a_run_of_shifts_and_all_of_them_arrive(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 26))
        await desk.pilot.press("m", "m", "n")
        await desk.settle()
        assert [cell_of(desk, "1017", date(2026, 11, day)) for day in (26, 27, 28)] == [
            "middle",
            "middle",
            "night",
        ]
        assert grid.cursor_day == date(2026, 11, 29)


async def test_a_batch_never_conflicts_with_itself_and_stops_at_the_first_refusal(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        person = desk.built.ids["1017"]
        day = date(2026, 11, 26)
        strokes = [
            Stroke((CellChange(person, day, None, "middle"),)),
            Stroke((CellChange(person, day, "middle", "early"),)),
            Stroke((CellChange(person, TODAY, "night", None),)),
            Stroke((CellChange(person, date(2026, 11, 28), None, "early"),)),
        ]
        outcome = paint_strokes(desk.built.actors["1003"], desk.clock, tuple(strokes))
        assert [painted.changes[0].after for painted in outcome.painted] == ["middle", "early"]
        assert outcome.error is not None
        assert outcome.error.article == 33
        assert cell_of(desk, "1017", date(2026, 11, 28)) is None


async def test_keys_typed_faster_than_the_desk_follows_keep_their_order(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 26))
        await desk.settle()
        for key in ("e", "right", "m", "left", "left", "x"):
            desk.app.simulate_key(key)
        await desk.settle()
        # Each letter goes on by one day, so m lands two days after e, and x one day before m.
        assert [cell_of(desk, "1017", date(2026, 11, day)) for day in (26, 27, 28)] == [
            "early",
            None,
            "middle",
        ]


async def test_the_chinese_sign_of_a_shift_sets_it_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="zh_CN") as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 27))
        await desk.type("早")
        await desk.settle()
        assert cell_of(desk, "1017", date(2026, 11, 27)) == "early"


async def test_clear_undo_and_redo_go_back_and_forth(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        day = TODAY + timedelta(days=1)
        grid.move_to(desk.built.ids["1017"], day)
        await desk.press("x")
        assert cell_of(desk, "1017", day) is None
        await desk.press("u")
        assert cell_of(desk, "1017", day) == "night"
        assert grid.cursor_day == day
        await desk.press("ctrl+r")
        assert cell_of(desk, "1017", day) is None
        await desk.press("u", "u")
        assert cell_of(desk, "1017", day) == "night"


async def test_undo_typed_while_a_change_is_on_its_way_still_takes_it_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 27))
        screen = desk.app.screen
        assert isinstance(screen, RosterScreen)
        # Both keys before the first transaction could have committed.
        screen._set("early")
        screen.action_undo()
        await desk.settle()
        assert cell_of(desk, "1017", date(2026, 11, 27)) is None


async def test_a_duty_that_has_begun_is_refused_in_words_and_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TODAY)
        await desk.press("x")
        assert cell_of(desk, "1017", TODAY) == "night"
        assert "has begun" in desk.text()
        person = next(line for line in desk.lines() if "1017 陈静" in line)
        assert person.count("N") == 4


async def test_a_day_that_changed_under_the_hand_is_a_conflict_in_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        screen = desk.app.screen
        assert isinstance(screen, RosterScreen)
        day, who = date(2026, 11, 27), desk.built.ids["1017"]
        grid.move_to(who, day)
        # The other terminal's change and our key meet before any news could have arrived here.
        drafts.paint_draft(SYSTEM, NOW, [Paint(who, day, "early")])
        screen._set("middle")
        await desk.settle()
        assert cell_of(desk, "1017", day) == "early"
        assert "Someone else has changed 2026-11-27 of 陈静" in desk.text()


async def test_another_terminals_change_appears_by_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_roster(desk)
        publish_days(NOW, (desk.built.ids["1021"], date(2026, 11, 28), "middle"))
        await desk.until(
            lambda: "M" in next(line for line in desk.lines() if "1021 刘洋" in line).split("刘洋")[1]
        )


async def test_months_change_with_brackets_and_t_returns_to_today(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        await desk.press("]")
        assert grid.cursor_day == date(2026, 12, 1)
        await desk.press("[", "[")
        assert grid.cursor_day == date(2026, 10, 1)
        await desk.press("t")
        assert grid.cursor_day == TODAY


async def test_f_shows_one_team_after_the_other(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_roster(desk)
        await desk.press("f")
        assert "陈静" in desk.text()
        assert "马超" not in desk.text()
        await desk.press("f")
        assert "马超" in desk.text()
        assert "陈静" not in desk.text()


async def test_the_line_below_says_who_and_when_across_midnight(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="en") as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TODAY + timedelta(days=1))
        await desk.settle()
        assert "22:00–06:00 next day (8:00)" in desk.text()
        assert "陈静(1017)" in desk.text()
        assert "from the rotation" in desk.text()


async def test_an_operator_reads_the_roster_and_is_told_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk, "1017")
        grid.move_to(desk.built.ids["1017"], TODAY + timedelta(days=1))
        await desk.press("e", "x")
        assert cell_of(desk, "1017", TODAY + timedelta(days=1)) == "night"
        assert "read only" in desk.text()


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (200, 60)])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_screen_fits_every_size_in_both_languages(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with open_desk(tmp_path, size=size, language=language) as desk:
        await open_roster(desk)
        assert {cell_len(line) for line in desk.lines()} == {size[0]}
        assert "王建国" in desk.text()
        assert "23" in desk.text()
