"""The month grid: what it draws of a plan, and how it moves; every key's letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.cells import cell_len

import locales
from operations.centre import ShiftTypeRow
from operations.demand import CoverNeed
from regulation.calendar_days import DayChange, DayKind
from regulation.demand import ANYONE, LEADER, Need
from tests.tui.months import EARLY, MIDDLE, MONDAY, NIGHT, Grid, a_cell, a_month
from tui.month_plan import View
from tui.roster_words import shift_keys
from tui.widgets.cell_signs import dressed
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import WIDE


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
        while "23" not in app.lines()[0].split():  # the test's own timeout is the deadline
            await pilot.pause(0.01)


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


def looks_of(app: Grid, line: str, text: str) -> list[str]:
    """The names of the styles in which a line of the grid draws a text."""
    strip = next(s for s in app.screen._compositor.render_strips() if s.text.startswith(line))
    known = {
        name: app.grid.get_component_rich_style(f"month-grid--{name}").color
        for name in ("uncovered", "thin", "coverage")
    }
    colours = [part.style.color for part in strip if part.text.strip() == text and part.style]
    return [next(name for name, colour in known.items() if colour == own) for own in colours]


async def test_coverage_is_red_under_the_least_and_amber_under_what_is_wanted() -> None:
    tuesday = MONDAY + timedelta(days=1)
    needs = tuple(Need(2, 4) if day >= 22 else None for day in range(30))
    everyone, nobody = (frozenset(range(4)),) * 30, (frozenset({0}),) * 30
    month = a_month(
        4,
        draft={MONDAY: "night", tuesday: None},
        needs=(
            CoverNeed("night", ANYONE, "任何人", needs, everyone),
            CoverNeed("night", LEADER, "班长", needs, nobody),
        ),
    )
    app = Grid(month)
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        assert looks_of(app, " 夜班  ", "4") == [
            "coverage",
            "coverage",
        ]  # the second of the month, and Monday
        assert looks_of(app, " 夜班  ", "0")[-7:] == ["uncovered"] * 7
        # Of the four on Monday's night only one is a leader, and two are needed.
        assert looks_of(app, " 夜班·班长", "1") == ["coverage", "uncovered"]
        app.grid.paint({(0, MONDAY): None})
        await pilot.pause()
        assert looks_of(app, " 夜班  ", "3") == ["thin"]
        assert "uncovered" in looks_of(app, " 夜班·班长", "0")


async def test_holidays_and_moved_days_are_marked_under_the_date() -> None:
    said = (
        DayChange(date(2026, 11, 5), DayKind.HOLIDAY, "校庆"),
        DayChange(date(2026, 11, 7), DayKind.ADJUSTED_WORKING),
    )
    locales.set_language("en")
    app = Grid(a_month(4, said=said))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        days = app.lines()[1].split()
        assert days[2:11] == ["Su", "Mo", "Tu", "We", "Ho", "Fr", "Wk", "Su", "Mo"]


async def test_what_differs_from_the_published_roster_is_marked_and_comparing_shows_what_goes() -> None:
    free = date(2026, 11, 1)
    month = a_month(2, draft={free: None, MONDAY: "early"})
    for view, marks, early in ((View.DRAFT, 2, 1), (View.PUBLISHED, 0, 1), (View.COMPARE, 2, 2)):
        app = Grid(month, view=view)
        async with app.run_test(size=(160, 20)) as pilot:
            await pilot.pause()
            person = next(line for line in app.lines() if "员工0" in line)
            assert (person.count("◦"), person.count("早")) == (marks, early), view


async def test_a_warning_stands_in_the_cell_before_any_other_mark() -> None:
    # Off at six in the morning, on again at six: no rest at all, and a night before a morning.
    month = a_month(2, draft={MONDAY: "night", MONDAY + timedelta(days=1): "early"})
    app = Grid(month)
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        person = next(line for line in app.lines() if "员工0" in line)
        assert "!早" in person
        assert "◦夜" in person


@pytest.mark.parametrize(("width", "day"), [(80, 3), (160, 4)])
async def test_a_pin_is_drawn_in_narrow_and_wide_cells_and_under_a_warning_too(width: int, day: int) -> None:
    month = a_month(2, draft={MONDAY: "night", MONDAY + timedelta(days=1): "early"})
    pinned = frozenset({MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)})
    app = Grid(replace(month, rows=(replace(month.rows[0], pinned=pinned), month.rows[1])))
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.press("right", "right")
        assert app.grid._columns.day == day
        assert {cell_len(line) for line in app.lines()} == {width}
        pinned_line, other = (
            next(line for line in app.lines() if name in line) for name in ("员工0", "员工1")
        )
        assert "▪夜" in pinned_line
        assert "▮早" in pinned_line
        assert "▪·" in pinned_line
        assert "◦夜" in other
        assert "!早" in other
        assert not {"▪", "▮"} & set(other)


def test_signs_have_the_places_that_a_cell_leaves_and_the_most_important_one_stays() -> None:
    cells = [("早", "", 3, " 早"), ("早", "!▪", 3, "▮早"), ("早", "▪◦", 3, "▪早"), ("早", "!▪", 5, "!▪早 ")]
    cells += [("早", "+", 3, "早+"), ("早", "!+", 3, "早!"), ("早", "!▪+", 3, "早▮"), ("早", "!+", 4, "!早+")]
    cells += [("E", "!▪", 3, "▮E "), ("E", "▪", 3, "▪E "), ("E", "!▪", 5, "!▪E  "), ("·", "◦", 5, " ◦·  ")]
    for text, signs, width, drawn in cells:
        assert dressed(text, signs, width) == drawn


@pytest.mark.parametrize(
    ("language", "width", "drawn"),
    [
        # One column stays for a warning: two Chinese signs need a day of five, two letters one of three.
        # Between the two parts of the first and the sixth day there are eight hours, which is a warning.
        ("zh_CN", 80, {"早!", "假+", "早▮"}),
        ("zh_CN", 160, {"!早+", "假+", "▮早+"}),
        ("zh_CN", 200, {"!早夜", "假早", "▮早夜"}),
        ("en", 80, {"!EN", "Lv+", "▮EN"}),
        ("en", 200, {"!EN", "LvE", "!▪EN"}),
    ],
)
async def test_a_day_in_parts_shows_all_of_them_or_that_there_are_more(
    language: str, width: int, drawn: set[str]
) -> None:
    locales.set_language(language)
    month = a_month(2)
    first, sixth, ninth = month.days[0], month.days[5], month.days[8]
    parts = {first: (a_cell(first, NIGHT),), ninth: (a_cell(ninth, EARLY),), sixth: (a_cell(sixth, NIGHT),)}
    row = month.rows[0]
    cells = (
        *row.cells[:5],
        a_cell(sixth, EARLY),
        None,
        None,
        a_cell(ninth, NIGHT, leave=True),
        *row.cells[9:],
    )
    in_parts = replace(row, cells=cells, more=parts, pinned=frozenset({sixth}))
    app = Grid(replace(month, rows=(in_parts, month.rows[1])))
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.press("home")
        lines = app.lines()
        assert {cell_len(line) for line in lines} == {width}
        line = next(line for line in lines if "员工0" in line)
        assert [cell for cell in drawn if cell not in line] == []
        other = next(line for line in lines if "员工1" in line)
        assert "+" not in other


async def test_what_is_planned_instead_of_a_day_in_parts_stands_there_alone() -> None:
    month = a_month(1, draft={date(2026, 11, 1): "night"})
    parts = {date(2026, 11, 1): (a_cell(date(2026, 11, 1), EARLY),)}
    month = replace(month, rows=(replace(month.rows[0], more=parts),))
    for view, signs in ((View.DRAFT, 0), (View.PUBLISHED, 1)):
        app = Grid(month, view=view)
        async with app.run_test(size=(160, 20)) as pilot:
            await pilot.pause()
            assert next(line for line in app.lines() if "员工0" in line).count("早+") == signs


async def test_painting_draws_the_touched_line_and_the_counts_and_nothing_else() -> None:
    app = Grid(a_month(30))
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        kept = set(app.grid._strips.keys())
        app.grid.paint({(7, MONDAY): "early"})
        await pilot.pause()
        fresh = {key[:2] for key in set(app.grid._strips.keys()) - kept}
        assert fresh == {("row", 7), ("coverage", 0), ("coverage", 1)}


async def test_a_range_is_spanned_by_moving_and_let_go() -> None:
    app = Grid(a_month(6))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.pause()
        app.grid.toggle_range()
        await pilot.press("right", "down")
        chosen = [[(row.person_id, day.day) for row, day in line] for line in app.grid.chosen()]
        assert chosen == [[(0, 23), (0, 24)], [(1, 23), (1, 24)]]
        app.grid.toggle_range()
        assert [[day.day for _row, day in line] for line in app.grid.chosen()] == [[24]]
