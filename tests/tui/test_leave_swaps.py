"""5 Leave & swaps by keys: asked, agreed to, consented to, refused, withdrawn (Art. 38)."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations import swap_views, swaps
from operations.boundary import SYSTEM
from operations.swap_views import SwapRow
from operations.swaps import LegAsked
from regulation.swaps import SwapState
from tests.centre import NOW
from tests.operations.test_swaps import OTHER_TEAM, agreed, duty_id, holders
from tests.tui.desk import Desk, open_desk, rows_of
from tui.screens.ask_swap import AskSwapDialog
from tui.screens.swap_case import SwapCaseDialog
from tui.widgets.line_table import LineTable

OPERATOR = "1017"
SIZES = [(80, 24), (160, 48)]


def table(desk: Desk, name: str) -> LineTable[object]:
    return desk.app.screen.query_one(f"#{name}", LineTable)


def all_swaps() -> tuple[SwapRow, ...]:
    return swap_views.swap_rows(SYSTEM, NOW)


async def open_swaps(desk: Desk, number: str) -> None:
    await desk.sign_in(number)
    await desk.until(lambda: desk.app.board is not None)
    await desk.press("5")
    await desk.until(lambda: bool(desk.app.screen.query("#duties")) and "11-2" in desk.text())


@pytest.mark.parametrize("size", SIZES)
async def test_art38_an_operator_asks_and_sees_beforehand_what_it_would_do(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        await open_swaps(desk, OPERATOR)
        assert "11-24" in desk.text()
        await desk.press("n")
        await desk.type("马")
        await desk.until(lambda: "only 8 h of rest before this duty, 11 h are due" in desk.text())
        assert "then consents one of: 吴刚(1000)" in " ".join(desk.text().split())
        await desk.press("down", "down")
        await desk.until(lambda: "李秀英(1103)" in desk.text())
        await desk.press("enter")
        await desk.type("家里有事")
        await desk.press("enter")
        await desk.until(lambda: bool(all_swaps()))
        (swap,) = all_swaps()
        assert (swap.state, swap.reason, len(swap.legs)) == (SwapState.ASKED, "家里有事", 2)
        await desk.until(lambda: "swap asked for" in desk.text())


async def test_art38_what_cannot_be_is_said_before_and_refused_in_the_dialog(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_swaps(desk, OPERATOR)
        await desk.press("n")
        await desk.type("1021")
        await desk.until(lambda: "刘洋(1021) would have two duties at once" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: "✗ 刘洋(1021) would have two duties at once (Art. 38)" in desk.text())
        assert isinstance(desk.app.screen, AskSwapDialog)
        assert not all_swaps()


async def test_art38_half_a_duty_is_chosen_by_arrow(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_swaps(desk, OPERATOR)
        await desk.press("n")
        await desk.type("1117")
        await desk.press("shift+tab", "right", "right")
        await desk.until(lambda: "‹second half›" in desk.text())
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(all_swaps()))
        assert not all_swaps()[0].legs[0].whole


@pytest.mark.parametrize("size", SIZES)
async def test_art38_the_other_side_agrees_and_a_leader_consents_with_one_key_each(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        legs = [LegAsked(duty_id(desk.built, OPERATOR), OTHER_TEAM)]
        swap_id = swaps.ask_swap(desk.built.actors[OPERATOR], NOW, legs)
        await open_swaps(desk, OTHER_TEAM)
        await desk.until(lambda: "waits for my agreement" in desk.text())
        await desk.press("a")
        await desk.until(lambda: all_swaps()[0].state is SwapState.AGREED)
        desk.app.leave()
        await desk.settle()
        await desk.sign_in("1003")
        await desk.until(lambda: "! 1" in desk.lines()[1])
        assert "陈静 → 马超" in desk.text()
        await desk.press("a")
        await desk.until(lambda: OTHER_TEAM in holders())
        assert swap_views.swap_case(SYSTEM, NOW, swap_id)[0].decided_by == "王建国(1003)"


async def test_art38_a_leader_refuses_from_the_details_with_a_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        agreed(desk.built, [LegAsked(duty_id(desk.built, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
        await desk.sign_in("1003")
        await desk.until(lambda: bool(desk.app.board and desk.app.board.swaps))
        desk.app.screen.query_one("#waiting", LineTable).focus()
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, SwapCaseDialog) and "Rest" in desk.text())
        assert "as in EU 2003/88/EC Art. 3" in desk.text()
        await desk.press("r")
        await desk.type("人手不够")
        await desk.press("enter")
        await desk.until(lambda: all_swaps()[0].state is SwapState.REFUSED)
        assert all_swaps()[0].decision_reason == "人手不够"


async def test_art38_w_withdraws_a_swap_in_force_and_the_roster_is_as_before(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        before = holders()
        swap_id = agreed(desk.built, [LegAsked(duty_id(desk.built, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
        swaps.consent_swap(desk.built.actors["2001"], NOW, swap_id)
        await open_swaps(desk, OPERATOR)
        table(desk, "history").focus()
        await desk.press("w", "enter")
        await desk.until(lambda: all_swaps()[0].state is SwapState.WITHDRAWN)
        assert holders() == before


async def test_art38_a_leader_acts_for_someone_absent_with_the_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_swaps(desk, "1003")
        await desk.press("p")
        await desk.type("陈静")
        await desk.press("enter")
        await desk.until(lambda: "Duties to come of 陈静(1017)" in desk.text())
        await desk.press("n")
        await desk.type("1117")
        await desk.press("enter")
        await desk.type("来电请求")
        await desk.press("enter")
        await desk.until(lambda: bool(all_swaps()))
        (party, _other) = all_swaps()[0].parties
        assert (party.agreed_by, party.reason) == ("王建国(1003)", "来电请求")


async def test_the_history_is_of_a_person_or_of_everyone_and_of_a_month(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        agreed(desk.built, [LegAsked(duty_id(desk.built, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
        await open_swaps(desk, "1003")
        assert not rows_of(table(desk, "history"))
        await desk.press("o")
        await desk.until(lambda: len(rows_of(table(desk, "history"))) == 1)
        await desk.press("left_square_bracket")
        await desk.until(lambda: not rows_of(table(desk, "history")))
        assert "2026-10" in desk.text()
        await desk.press("right_square_bracket")
        await desk.until(lambda: len(rows_of(table(desk, "history"))) == 1)
