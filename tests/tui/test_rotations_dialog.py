"""Rotations and the calendar at the desk: chosen, previewed, let count, and planned, all by keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from textual.widgets import Input

from operations import calendar_days, drafts, rotations
from operations.boundary import SYSTEM
from regulation.calendar_days import DayKind
from tests.centre import NOW
from tests.tui.desk import Desk, open_desk, rows_of
from tui.screens.calendar_dialog import CalendarDialog, DayKindDialog
from tui.screens.roster import RosterScreen
from tui.screens.rotations_dialog import RotationsDialog, month_end
from tui.widgets.line_table import LineTable

SENIOR, LEADER = "1000", "1003"
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)


async def at_the_dialog(desk: Desk, number: str = SENIOR) -> RotationsDialog:
    """Sign in and open the rotations of December."""
    await desk.sign_in(number)
    await desk.press("2", "right_square_bracket", "R")
    dialog = desk.app.screen
    assert isinstance(dialog, RotationsDialog)
    return dialog


async def fill(desk: Desk, **values: str) -> None:
    for name, value in values.items():
        desk.app.screen.query_one(f"#{name}", Input).value = value
    await desk.settle()


def shown(desk: Desk, word: str) -> list[str]:
    return [line for line in desk.lines() if word in line]


async def test_a_rotation_is_chosen_with_its_two_cycles_in_sight_and_planned_into_the_draft(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = await at_the_dialog(desk)
        assert "EEMMNN··" in desk.text()
        (team,) = [line for line in desk.lines() if "甲" in line and "E  E  M  M  N  N  ·  ·" in line]
        assert team.count("E  E  M  M  N  N") == 2
        assert "early shift: 0 to 1 teams a day" in desk.text()  # two teams cannot cover the clock
        await desk.press("down", "down")
        assert "D  N  ·  ·  D  N" in desk.text()
        await desk.press("enter")
        assert dialog.focused is dialog.query_one("#teams")
        await desk.press("enter", "enter", "enter", "enter")
        assert isinstance(desk.app.screen, RosterScreen)
        uses = rotations.rotation_book(SYSTEM, NOW).uses
        assert [(use.team, use.rotation, use.anchor) for use in uses] == [
            ("甲", "4x2", DECEMBER[0]),
            ("乙", "4x2", DECEMBER[0]),
        ]
        planned = {cell.planned for cell in drafts.draft_cells(SYSTEM, NOW, *DECEMBER)}
        assert planned == {"day12", "night12"}


async def test_a_shift_leader_plans_from_what_counts_and_chooses_no_rotation(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        teams = [rotations.TeamPlace("甲")]
        rotations.use_rotation(SYSTEM, NOW, "4x3_8", teams, DECEMBER[0], DECEMBER[0])
        await at_the_dialog(desk, LEADER)
        assert "甲 Four teams, three shifts, eight days from 12-01" in desk.text()
        assert "ctrl+s" not in desk.text()
        await fill(desk, teams="甲")
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, RotationsDialog)
        await desk.press("ctrl+g")
        assert isinstance(desk.app.screen, RosterScreen)
        assert "2026-12-01 to 2026-12-31:" in desk.text()
        assert drafts.draft_cells(SYSTEM, NOW, *DECEMBER)


async def test_what_the_fields_cannot_mean_is_said_in_the_dialog(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await at_the_dialog(desk)
        await fill(desk, anchor="someday")
        assert "✗ A day" not in desk.text()  # not while somebody types
        await desk.press("ctrl+s")
        assert "A day is written like 2026-11-30." in desk.text()
        await fill(desk, anchor="2026-12-01", teams="丁")
        await desk.press("ctrl+s")
        assert "There is no team 丁." in desk.text()
        await desk.press("escape")
        assert isinstance(desk.app.screen, RosterScreen)


async def test_the_dialogs_fit_a_narrow_terminal(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        dialog = await at_the_dialog(desk)
        assert dialog.query_one(".dialog").region.right <= 80
        assert "乙" in desk.text()
        assert shown(desk, "ctrl+s")
        await desk.press("escape", "H")
        assert isinstance(desk.app.screen, CalendarDialog)
        assert desk.app.screen.query_one(".dialog").region.bottom <= 24
        assert shown(desk, "say what a day is")


async def test_the_calendar_says_what_is_not_published_and_keeps_the_centres_word(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in(SENIOR)
        await desk.press("2", "H")
        assert "2026: 248 working days" in desk.text()
        assert "adjusted working day" in desk.text()
        await desk.press("right_square_bracket")
        assert "2027: the adjusted working days are not yet published" in desk.text()
        await desk.press("n")
        assert isinstance(desk.app.screen, DayKindDialog)
        await fill(desk, day="2027-02-14", name="春节调休")
        await desk.press("ctrl+s")
        assert shown(desk, "春节调休")
        (day,) = calendar_days.calendar(SYSTEM, NOW, date(2027, 2, 14), date(2027, 2, 14)).days
        assert (day.kind, day.own) == (DayKind.ADJUSTED_WORKING, True)
        table = desk.app.screen.query_one(LineTable)
        table.cursor = next(n for n, row in enumerate(rows_of(table)) if row.own)
        await desk.press("d")
        assert not shown(desk, "春节调休")


async def test_a_day_that_is_past_is_refused_in_words_and_others_only_look(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in(SENIOR)
        await desk.press("2", "H", "n")
        await fill(desk, day="2026-01-04")
        await desk.press("ctrl+s")
        assert "past stays as it was" in desk.text()
    (tmp_path / "other").mkdir()
    async with open_desk(tmp_path / "other") as desk:
        await desk.sign_in("1017")
        await desk.press("2", "H")
        assert isinstance(desk.app.screen, CalendarDialog)
        assert not shown(desk, "say what a day is")


def test_late_in_a_month_the_next_one_is_planned_too() -> None:
    assert month_end(date(2026, 12, 20)) == date(2026, 12, 31)
    assert month_end(date(2026, 12, 21)) == date(2027, 1, 31)
    assert month_end(date(2028, 1, 31)) == date(2028, 2, 29)
