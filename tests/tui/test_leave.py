"""5 Leave & swaps by keys: leave asked, decided by two, given back; Today, another desk and the door know at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from operations import leave_views
from operations.boundary import SYSTEM
from operations.leave_views import LeaveRow
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind
from tests.centre import NOW, SHIFT_STARTS
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, Door, own_badge
from tests.operations.leaves import TOMORROW, asked, granted, wish
from tests.operations.test_leave import on_leave
from tests.tui.desk import Desk, open_desk
from tests.tui.test_leave_swaps import SIZES, open_swaps, table
from tui.app import DeskApp
from tui.screens.ask_leave import AskLeaveDialog, day_meant
from tui.screens.leave_case import LeaveCaseDialog

DAY = timedelta(days=1)


def all_leave() -> tuple[LeaveRow, ...]:
    return leave_views.leave_rows(SYSTEM, NOW)


@asynccontextmanager
async def second_desk(first: Desk) -> AsyncIterator[Desk]:
    """Another desk of the same centre, in the same room."""
    app = DeskApp(first.app.home, clock=first.clock)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        desk = Desk(app, pilot, first.clock, first.built)
        await desk.until(lambda: app.feed is not None or bool(app.database_trouble))
        yield desk


async def test_art36_an_operator_asks_the_leader_sees_it_at_once_the_deputy_confirms_and_today_and_the_door_know(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as operators, second_desk(operators) as leaders:
        await leaders.sign_in(LEADER)
        await leaders.until(lambda: leaders.app.board is not None)
        await open_swaps(operators, OPERATOR)
        await operators.press("l")
        await operators.until(lambda: "It may be asked: 1 duty" in operators.text())
        await operators.press("enter", "enter")
        await operators.type("11-25")
        await operators.until(lambda: "deputy manager decides: 周敏(2001)" in operators.text())
        assert "duty leader decides: 王建国(1003)" in operators.text()
        assert "only with the deputy manager's approval Art. 36" in operators.text()
        await operators.press("enter")
        await operators.type("家里有事")
        await operators.press("enter")
        await operators.until(lambda: bool(all_leave()))
        # The leader's desk shows it by itself, on Today, and one key decides it.
        await leaders.until(lambda: "陈静 personal leave 11-24 to 11-25" in leaders.text())
        leaders.app.screen.query_one("#waiting").focus()
        await leaders.press("a")
        await leaders.until(lambda: len([d for d in all_leave()[0].decisions if d.approved]) == 1)
        leaders.app.leave()
        await leaders.settle()
        await leaders.sign_in(MANAGER)
        await leaders.until(lambda: bool(leaders.app.board and leaders.app.board.leave))
        await leaders.press("5", "a")
        await leaders.until(lambda: all_leave()[0].state is LeaveState.ACCEPTED)
        await operators.until(lambda: "in effect" in operators.text())
        assert operators.text().count("on leave") >= 2
        at = SHIFT_STARTS + DAY + MINUTE
        assert Door().reads(own_badge(OPERATOR), at).code == "granted.on_leave"
        operators.clock.now = at
        await leaders.press("1")
        leaders.app.refresh_board()
        await leaders.until(lambda: "on leave" in leaders.text() and "陈静" in leaders.text())


@pytest.mark.parametrize("size", SIZES)
async def test_art35_what_may_not_be_asked_is_said_while_one_types_and_refused(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        await open_swaps(desk, OPERATOR)
        await desk.press("l", "enter", "end", *["backspace"] * 5)
        await desk.type("11-30")
        await desk.until(lambda: "No duty is rostered in that time" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: desk.text().count("No duty is rostered in that time") == 2)
        assert isinstance(desk.app.screen, AskLeaveDialog)
        await desk.press("end", *["backspace"] * 5)
        await desk.type("soon")
        await desk.until(lambda: "A day is written like 11-24" in desk.text())
        assert not all_leave()


async def test_art37_sick_leave_asks_for_the_note_and_half_a_duty_is_chosen_by_arrow(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_swaps(desk, OPERATOR)
        assert not desk.app.screen.query("#note")
        await desk.press("l", "left")
        await desk.until(lambda: "‹sick leave›" in desk.text())
        await desk.press("enter", "enter", "tab", "right", "right")
        await desk.until(lambda: "It may be asked: 0.5 duties" in desk.text())
        await desk.press("enter", "enter")
        await desk.type("2026-4471")
        await desk.press("enter")
        await desk.until(lambda: bool(all_leave()))
        (row,) = all_leave()
        assert (row.kind, row.doctor_note, float(row.days)) == (LeaveKind.SICK, "2026-4471", 0.5)


@pytest.mark.parametrize("size", SIZES)
async def test_art35_whoever_decides_sees_who_is_left_and_refuses_with_a_reason(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        asked(desk.built, wish(TOMORROW, TOMORROW + DAY, LeaveKind.SICK, reason="发烧"))
        await open_swaps(desk, LEADER)
        await desk.until(lambda: "needs a note, Art. 37" in desk.text())
        table(desk, "waiting").focus()
        await desk.press("enter")
        await desk.until(lambda: "11-24 night shift: 4 with them, 3 without" in desk.text())
        assert isinstance(desk.app.screen, LeaveCaseDialog)
        assert "□ deputy manager (Art. 36)" in desk.text()
        assert "! needed first, Art. 37" in desk.text()
        await desk.press("r", "enter")
        assert "the record needs it" in desk.text()
        await desk.type("人手不够")
        await desk.press("enter")
        await desk.until(lambda: all_leave()[0].state is LeaveState.REFUSED)


async def test_leave_in_effect_is_given_back_extended_and_withdrawn_from_its_details(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        granted(desk.built, wish(TOMORROW, TOMORROW + DAY, LeaveKind.ANNUAL))
        await open_swaps(desk, OPERATOR)
        table(desk, "history").focus()
        await desk.press("enter", "s", "enter", "end", *["backspace"] * 10)
        await desk.type(TOMORROW.isoformat())
        await desk.press("enter", "enter")
        await desk.until(lambda: all_leave()[0].last_day == TOMORROW)
        await desk.press("enter", "e")
        await desk.type((TOMORROW + DAY).isoformat())
        await desk.press("enter", "enter", "enter")
        await desk.until(lambda: len(all_leave()) == 2)
        assert all_leave()[0].extends == all_leave()[1].id
        await desk.press("home", "w", "enter")
        await desk.until(lambda: all_leave()[0].state is LeaveState.WITHDRAWN)
        assert on_leave()[OPERATOR] == ["annual"]


async def test_art35_a_leader_records_a_delegate_and_asks_for_someone_absent(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_swaps(desk, LEADER)
        await desk.press("d", "n")
        await desk.type("1103")
        await desk.press("enter", "enter", "enter", "enter", "enter")
        await desk.until(lambda: "李秀英(1103)" in desk.text() and "11-23 – 11-23" in desk.text())
        await desk.press("x")
        await desk.until(lambda: "ended" in desk.text())
        await desk.press("escape", "p")
        await desk.type("陈静")
        await desk.press("enter")
        await desk.until(lambda: "Duties to come of 陈静(1017)" in desk.text())
        await desk.press("l")
        await desk.until(lambda: "senior" in desk.text() or "吴刚(1000)" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(all_leave()))
        assert all_leave()[0].asked_by == "王建国(1003)"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-01", "2026-12-01"),
        ("12-01", "2026-12-01"),
        ("01-05", "2027-01-05"),
        ("24", "2026-11-24"),
        ("3", "2026-12-03"),
    ],
)
def test_a_day_without_its_year_or_month_is_the_one_that_comes_next(text: str, meant: str) -> None:
    assert day_meant(text, TOMORROW).isoformat() == meant
