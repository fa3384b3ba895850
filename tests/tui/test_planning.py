"""The planner, the demand, wishes and pins at the roster's desk, by keys on a real centre."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from operations import availability, demand, drafts, wishes
from operations.boundary import SYSTEM
from regulation.demand import Need
from tests.centre import NOW, TODAY
from tests.operations.planners import demand_on, needs_nights_and_mornings, paint
from tests.tui.desk import Desk, open_desk
from tui.screens.planner_dialog import PlannerDialog
from tui.screens.roster import RosterScreen
from tui.widgets.month_grid import MonthGrid

DECEMBER = date(2026, 12, 1), date(2026, 12, 31)
SENIOR, LEADER, OPERATOR = "1000", "1003", "1017"


async def open_december(desk: Desk, number: str = LEADER) -> None:
    await desk.sign_in(number)
    await desk.press("2", "right_square_bracket")
    await desk.until(lambda: "2026-12" in desk.text())


async def fill_in(desk: Desk, *texts: str) -> None:
    """Type over each line of a form and go to the next."""
    for text in texts:
        await desk.press("end", *["shift+home", "delete"])
        await desk.type(text)
        await desk.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_plan_is_searched_explained_and_written_by_two_keys(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        needs_nights_and_mornings(desk.built)
        demand.set_demand(SYSTEM, NOW, "early", "leader", "2026-12-24", Need(3, 3), TODAY)
        await open_december(desk)
        await desk.press("S")
        assert "2026-12-01 – 2026-12-31" in desk.text()
        await desk.press("tab", "end", "backspace", "backspace")
        await desk.type("2")
        await desk.press("enter")
        await desk.until(lambda: "write it into the draft" in desk.text())
        assert "2026-12-24 early shift, shift leader: 1 missing to the least" in desk.text()
        assert drafts.draft_cells(SYSTEM, NOW, *DECEMBER) == ()
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, RosterScreen))
        cells = drafts.draft_cells(SYSTEM, NOW, *DECEMBER)
        assert {cell.origin for cell in cells} == {"solver"}
        assert f"{len(cells)} days are in the draft." in desk.text()


async def test_escape_stops_the_search_and_keeps_the_best_so_far(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        needs_nights_and_mornings(desk.built)
        await open_december(desk)
        await desk.press("S")
        dialog = desk.app.screen
        assert isinstance(dialog, PlannerDialog)
        # Both keys before the search could have found anything.
        dialog.action_search()
        dialog.action_cancel()
        await desk.until(lambda: not dialog.is_searching)
        assert "stopped, the best so far" in desk.text()
        await desk.press("escape")
        assert isinstance(desk.app.screen, RosterScreen)
        assert drafts.draft_cells(SYSTEM, NOW, *DECEMBER) == ()


async def test_rules_that_cannot_be_kept_together_are_said_in_the_dialog(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        needs_nights_and_mornings(desk.built)
        night, morning = date(2026, 12, 10), date(2026, 12, 11)
        paint(desk.built, (OPERATOR, night, "night"), (OPERATOR, morning, "early"))
        who = desk.built.ids[OPERATOR]
        availability.pin_days(SYSTEM, NOW, [(who, night), (who, morning)])
        await open_december(desk)
        await desk.press("S", "enter")
        await desk.until(lambda: "陈静(1017)" in desk.text())
        assert "take a pin off" in desk.text()
        await desk.press("escape")


async def test_without_demand_the_planner_says_which_key_writes_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_december(desk)
        await desk.press("S", "enter")
        await desk.until(lambda: "M on the roster" in desk.text())


async def test_a_senior_leader_writes_the_demand_and_takes_it_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_december(desk, SENIOR)
        await desk.press("M", "n")
        await fill_in(desk, "night shift", "operator", "Monday to Friday, 2026-12-31", "2", "3", "2026-11-23")
        await desk.until(lambda: "Monday to Friday" in desk.text())
        found = demand_on(date(2026, 12, 7))
        assert found == {("night", "operator"): Need(2, 3)}
        assert demand_on(date(2026, 12, 31)) == found
        await desk.press("d")
        await desk.until(lambda: "n writes the first line" in desk.text())


async def test_a_leader_reads_the_demand_and_has_no_key_to_change_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_december(desk)
        await desk.press("M")
        await desk.until(lambda: "Nothing says how many" in desk.text())
        assert "a new one" not in desk.text()


async def test_an_operator_sees_and_takes_back_wishes_of_their_own_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        wishes.ask_wish(desk.built.actors["1021"], NOW, date(2026, 12, 9), "night", 1)
        await open_december(desk, OPERATOR)
        await desk.press("W")
        assert "My wishes" in desk.text()
        assert "刘洋" not in "".join(line for line in desk.lines() if "12-09" in line)
        await desk.press("n")
        await fill_in(desk, "2026-12-10", "free", "3")
        await desk.press("ctrl+s")
        await desk.until(lambda: "12-10" in desk.text())
        (wish,) = wishes.own_wishes(desk.built.actors[OPERATOR], NOW, *DECEMBER)
        assert (wish.shift_code, wish.weight, wish.wanted) == (None, 3, True)
        await desk.press("d")
        await desk.until(lambda: "No wishes for these days" in desk.text())
        assert "who cannot work" not in desk.text()


async def test_a_leader_sees_all_wishes_and_records_who_cannot_work(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        wishes.ask_wish(desk.built.actors["1021"], NOW, date(2026, 12, 9), "night", 1)
        await open_december(desk)
        await desk.press("W")
        await desk.until(lambda: "刘洋(1021)" in desk.text())
        await desk.press("u")
        await fill_in(desk, "1117", "2026-12-01", "2026-12-31", "12", "夜班", "夜校")
        await desk.until(lambda: "夜校" in desk.text())
        (entry,) = availability.unavailabilities(SYSTEM, NOW, *DECEMBER)
        assert (entry.work_number, entry.weekdays, entry.shift_code) == ("1117", "12", "night")


async def test_a_pin_is_drawn_and_explained_and_goes_on_and_off_by_the_same_key(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_december(desk)
        grid = desk.app.screen.query_one(MonthGrid)
        grid.move_to(desk.built.ids[OPERATOR], date(2026, 12, 10))
        await desk.press("K")
        await desk.until(lambda: "Pinned" in desk.text())
        pinned = (desk.built.ids[OPERATOR], date(2026, 12, 10))
        assert availability.pins(SYSTEM, NOW, *DECEMBER) == (pinned,)
        # In the cell, in the legend above the grid, and in the line about the cell.
        await desk.until(lambda: desk.text().count("▪") == 3)
        await desk.press("K")
        await desk.until(lambda: "The pin is off." in desk.text())
        assert availability.pins(SYSTEM, NOW, *DECEMBER) == ()
        await desk.until(lambda: "▪" not in desk.text())


async def test_a_range_is_pinned_past_the_days_that_are_over_and_its_pins_come_off_together(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(160, 24)) as desk:
        await desk.sign_in(LEADER)
        await desk.press("2")
        grid = desk.app.screen.query_one(MonthGrid)
        grid.move_to(desk.built.ids[OPERATOR], TODAY - timedelta(days=1))
        await desk.press("v", "right", "right", "K")
        await desk.until(lambda: "2 days pinned" in desk.text())
        cells = tuple((desk.built.ids[OPERATOR], TODAY + timedelta(days=n)) for n in range(2))
        span = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
        assert availability.pins(SYSTEM, NOW, *span) == cells
        await desk.until(lambda: "▪ pinned" in desk.text())
        grid.move_to(*cells[0])
        await desk.press("v", "right", "K")
        await desk.until(lambda: "The pins of 2 days are off." in desk.text())
        assert availability.pins(SYSTEM, NOW, *span) == ()
