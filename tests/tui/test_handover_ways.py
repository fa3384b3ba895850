"""The ways through a handover that would stand still, and seats handed over, by keys at the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.widgets import Button, OptionList

from operations.handover import HandoverView, check_all_in_order, handover_view, sign_out
from operations.standing import hold_handover, lift_hold
from regulation.handover_ways import WayKind
from tests.centre import NOW, PIN, SHIFT_ENDS
from tests.operations.acts import own_badge
from tests.tui.desk import Desk, open_desk
from tests.tui.test_handover import AT_CUTOFF, check_all, freeze, open_handover, view
from tui.screens.handover import HandoverScreen
from tui.screens.ways_dialog import WaysDialog
from tui.widgets.handover_bands import HandoverBands

MINUTE = timedelta(minutes=1)


async def choose(desk: Desk, kind: WayKind, place: int = 0) -> None:
    """Open the ways and choose one by kind."""
    await desk.press("w")
    await pick(desk, kind, place)


async def pick(desk: Desk, kind: WayKind, place: int = 0) -> None:
    """Choose in the ways that are open already."""
    dialog = desk.app.screen
    assert isinstance(dialog, WaysDialog)
    found = [at for at, choice in enumerate(dialog._choices) if choice.kind is kind and choice.open]
    dialog.query_one(OptionList).highlighted = found[place]
    await desk.press("enter")


def log_view(desk: Desk, log_id: int) -> HandoverView:
    """One log's handover as it is now."""
    found = handover_view(desk.built.actors["1003"], desk.clock(), log_id)
    assert found is not None
    return found


async def test_closed_ways_are_listed_with_what_they_wait_for_and_cannot_be_chosen(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("w")
        text = desk.text()
        assert "Only 15 min after the shift" in text
        assert "A shift follows" in text
        options = desk.app.screen.query_one(OptionList)
        closed = [options.get_option_at_index(at) for at in range(options.option_count)]
        assert any(option.disabled for option in closed)
        await desk.press("escape")
        assert isinstance(desk.app.screen, HandoverScreen)


async def test_art11_a_hold_is_a_band_with_since_when_and_the_key_that_lifts_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        screen = await open_handover(desk)
        await choose(desk, WayKind.HOLD)
        await desk.press("enter")
        assert "This needs a reason." in desk.text()
        await desk.type("大面积断网")
        await desk.press("enter")
        await desk.until(lambda: "HELD 0:00 since 05:48" in desk.text())
        assert "大面积断网" in str(screen.query_one(HandoverBands).render())
        assert screen.query_one("#sign", Button).disabled
        await desk.press("g")
        assert isinstance(desk.app.screen, HandoverScreen), "nobody signs while it is held"
        await choose(desk, WayKind.LIFT_HOLD)
        await desk.type("已抢通")
        await desk.press("enter")
        await desk.until(lambda: "HELD" not in desk.text())
        assert view(desk).holds[0].outcome == "已抢通"


async def test_art21_a_no_show_then_a_stand_in_signs_for_the_relief(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        handover_id = freeze(desk)
        check_all(desk)
        log_id = view(desk).log.id
        sign_out("1003", PIN, AT_CUTOFF, handover_id)
        desk.clock.now = SHIFT_ENDS + 20 * MINUTE
        await open_handover(desk)
        await choose(desk, WayKind.NO_SHOW_INCOMING)
        assert "李秀英(1103) has not come" in desk.text()
        await desk.type("联系不上")
        await desk.press("enter")
        await desk.until(lambda: len(log_view(desk, log_id).no_shows) == 1)
        await choose(desk, WayKind.STAND_IN)
        await desk.type("2001")
        await desk.press("enter")
        await desk.type("本人未到")
        await desk.press("enter")
        await desk.until(lambda: len(log_view(desk, log_id).stand_ins) == 1)
        await desk.press("g")
        assert "周敏(2001) stands in for 李秀英(1103)" in desk.text()
        assert desk.app.screen.query_one("#number-incoming").value == "2001"  # type: ignore[attr-defined]
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: bool(log_view(desk, log_id).digest))
        assert log_view(desk, log_id).incoming.signed_by == "周敏(2001)"


async def test_art23_a_higher_leader_overrides_one_blocker_with_the_own_pin_at_this_desk(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        before = len(view(desk).blockers)
        await choose(desk, WayKind.OVERRIDE)
        await pick(desk, WayKind.OVERRIDE)
        assert "The higher leader signs here" in desk.text()
        await desk.type("应急值守")
        await desk.press("enter")
        await desk.type("1021")
        await desk.press("enter")
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: "may not override a handover" in desk.text())
        assert "应急值守" in desk.text(), "what was typed stays"
        await desk.press("shift+tab")
        await desk.press("home", "ctrl+k")
        await desk.type("2001")
        await desk.press("enter")
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: len(view(desk).blockers) == before - 1)
        assert view(desk).overrides[0].by == "周敏(2001)"


async def test_the_outgoing_leader_withdraws_the_signature_and_the_check_opens_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        handover_id = freeze(desk)
        check_all(desk)
        sign_out("1003", PIN, AT_CUTOFF, handover_id)
        await open_handover(desk)
        await choose(desk, WayKind.WITHDRAW_SIGN_OUT)
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: view(desk).outgoing.signed_at is None)
        await desk.press("0")
        assert view(desk).lines[0].value.value == "none"


async def test_art21_a_shift_that_none_follows_is_closed_alone_and_the_next_leader_counter_signs(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        # The early shift of the day ended at 14:00 and nothing followed it; the night leader goes there.
        desk.clock.now = NOW
        screen = await open_handover(desk, "1103")
        early = next(s for s in view(desk).pending if s.code == "early" and f"{s.date}" == "2026-11-23")
        screen._go((early.log_id, None))
        await desk.until(lambda: screen.result.log.id == early.log_id)
        assert "You look at 11-23 early shift" in desk.text()
        await desk.press("f5", "y")
        await desk.until(lambda: log_view(desk, early.log_id).handover_id is not None)
        await desk.press("a", "y")
        await desk.until(lambda: log_view(desk, early.log_id).blockers == ())
        await desk.until(lambda: "No shift follows: g closes it" in desk.text())
        await desk.press("g")
        await desk.type("当日无人接班")
        await desk.press("enter", "enter")
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: bool(log_view(desk, early.log_id).digest))
        desk.app.leave()
        await desk.settle()
        screen = await open_handover(desk, "1003")
        assert "waits for its counter-signature" in desk.text()
        owed = view(desk).counter_sign
        assert owed is not None
        screen._go((None, owed.handover_id))
        await desk.until(lambda: "g counter-signs" in desk.text())
        await desk.press("g")
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: view(desk).counter_sign is None)
        assert log_view(desk, early.log_id).incoming.signed_by == "王建国(1003)"


async def test_u_goes_to_the_oldest_unsealed_shift_and_escape_comes_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        screen = await open_handover(desk)
        here = view(desk).log.id
        assert "Not handed over yet: 11-22" in desk.text()
        await desk.press("u")
        await desk.until(lambda: screen.result.log.id == view(desk).pending[0].log_id)
        await desk.press("escape")
        await desk.until(lambda: screen.result.log.id == here)


# Seats ----------------------------------------------------------------------------------------------------------


async def test_art24_the_leader_hands_a_seat_to_a_person_who_is_not_rostered_for_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("t", "down", "down", "h")
        assert "Seat 03" in desk.text()
        await desk.type("1117")
        await desk.press("enter")
        await desk.until(lambda: "by the leader" in desk.text())
        row = next(row for row in view(desk).relief_rows if row.seat == "03")
        assert (row.incoming, row.way) == ("马超(1117)", "leader")


async def test_art21_a_relief_badges_in_at_the_desk_reader_which_types_and_enters(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("t", "b")
        for key in (*own_badge("1121"), "enter", *PIN, "enter"):
            desk.app.simulate_key(key)
        await desk.until(lambda: "by badge" in desk.text())
        row = next(row for row in view(desk).relief_rows if row.seat == "02")
        assert (row.incoming, row.way) == ("孙丽(1121)", "badge")
        assert own_badge("1121") not in desk.text()


async def test_a_wrong_pin_at_the_reader_is_said_and_relieves_nobody(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("t", "b")
        for key in (*own_badge("1121"), "enter", *"0000", "enter"):
            desk.app.simulate_key(key)
        await desk.until(lambda: "✗" in desk.text())
        assert all(row.relieved_at is None for row in view(desk).relief_rows)


# Today ----------------------------------------------------------------------------------------------------------


async def test_today_counts_down_to_the_change_and_shows_hold_and_unsigned_shift(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        assert "relief due in 7:20:00" in desk.text()
        desk.clock.now = SHIFT_ENDS - 15 * MINUTE
        await desk.press("down")  # someone is there: the desk does not lock
        desk.app.tick()
        desk.app.refresh_board()
        await desk.until(lambda: "! relief due in 0:05:00" in desk.text())
        desk.clock.now = SHIFT_ENDS - 10 * MINUTE
        desk.app.tick()
        await desk.until(lambda: "! shift changes in 0:10:00" in desk.text())
        leader, log_id = desk.built.actors["1003"], view(desk).log.id
        hold_handover(leader, desk.clock(), log_id, "断网")
        await desk.until(lambda: "handover held for 0:00: 断网" in desk.text())
        lift_hold(leader, desk.clock(), log_id)
        desk.clock.now = SHIFT_ENDS + 10 * MINUTE
        await desk.press("down")
        desk.app.tick()
        desk.app.refresh_board()
        await desk.until(lambda: "11-23 night shift team 甲 not handed over for 0:10" in desk.text())
        await desk.press("f5")
        assert isinstance(desk.app.screen, HandoverScreen)


async def test_enter_on_the_line_of_today_goes_to_the_handover_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        handover_id = freeze(desk)
        check_all_in_order(desk.built.actors["1003"], AT_CUTOFF, handover_id)
        await desk.sign_in()
        desk.app.screen.query_one("#handover-line").focus()
        await desk.press("enter")
        assert isinstance(desk.app.screen, HandoverScreen)
