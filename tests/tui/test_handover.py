"""The handover at the desk: written, cut off, checked and signed by two people, on a real centre."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Button, Digits, Input

from operations.handover import (
    HandoverView,
    check_line,
    handover_view,
    report_dispute,
    sign_out,
    start_handover,
)
from operations.shiftlog import EntryDraft, carry_item, open_item, write_entry
from regulation.handover import CheckValue, ItemState
from tests.centre import NOW, PIN, SHIFT_ENDS
from tests.tui.desk import Desk, open_desk
from tui.screens.handover import HandoverScreen
from tui.screens.signature_dialog import SignatureDialog, work_number
from tui.widgets.handover_lists import BlockerList, LogList

AT_CUTOFF = SHIFT_ENDS - timedelta(minutes=12)


async def open_handover(desk: Desk, number: str = "1003") -> HandoverScreen:
    await desk.sign_in(number)
    await desk.press("3")
    screen = desk.app.screen
    assert isinstance(screen, HandoverScreen)
    return screen


def view(desk: Desk) -> HandoverView:
    now = handover_view(desk.built.actors["1003"], desk.clock())
    assert now is not None
    return now


def write(desk: Desk, text: str) -> None:
    write_entry(desk.built.actors["1003"], NOW, EntryDraft("notice", text, NOW))


def freeze(desk: Desk) -> int:
    """Start the handover twelve minutes before the end of the shift."""
    desk.clock.now = AT_CUTOFF
    return start_handover(desk.built.actors["1003"], AT_CUTOFF, view(desk).log.id)


def check_all(desk: Desk) -> None:
    for line in view(desk).lines:
        check_line(desk.built.actors["1003"], desk.clock(), line.id, CheckValue.IN_ORDER)


def log_list(desk: Desk) -> LogList:
    return desk.app.screen.query_one(LogList)


async def test_a_whole_handover_by_keyboard_at_the_smallest_terminal(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_handover(desk)
        desk.clock.now = AT_CUTOFF
        await desk.press("o")
        await desk.type("催网络部")
        await desk.press("enter", "enter")
        await desk.press("f5", "y")
        # The four areas, one key each; the cursor goes on by itself.
        log_list(desk).go_to(f"line:{view(desk).lines[0].id}")
        await desk.press("y")
        await desk.press("0")
        await desk.press("y")
        await desk.press("d")
        await desk.type("钥匙少一把")
        await desk.press("enter")
        await desk.type("吴刚")
        await desk.press("enter")
        log_list(desk).go_to(f"item:{view(desk).items[0].id}")
        await desk.press("c")
        await desk.type("等回复")
        await desk.press("enter")
        await desk.type("再催")
        await desk.press("enter")
        # What is carried is looked at together too; the cursor has stayed on it.
        await desk.press("y")
        assert view(desk).blockers == ()
        values = [line.value for line in view(desk).lines]
        in_order, none, disputed = CheckValue.IN_ORDER, CheckValue.NONE, CheckValue.DISPUTED
        assert values == [in_order, none, in_order, disputed, in_order]
        log_id = view(desk).log.id
        await desk.press("g")
        # Both rostered work numbers stand there: each side types a PIN.
        await desk.type(PIN)
        await desk.press("enter")
        await desk.type(PIN)
        await desk.press("enter")
        sealed = desk.app.screen
        assert isinstance(sealed, SignatureDialog)
        digest = sealed.query_one("#signature-digest", Digits).value
        assert len(digest) == 8
        await desk.press("escape")
        assert isinstance(desk.app.screen, HandoverScreen)
        assert desk.app.screen.result.log.id == log_id
        assert desk.app.screen.result.digest.upper().startswith(digest)
        await desk.press("escape")
        assert desk.app.screen.result.log.id != log_id
        assert [item.title for item in desk.app.screen.result.items] == ["催网络部"]


async def test_f5_asks_first_and_no_leaves_the_log_open(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_handover(desk)
        await desk.press("f5")
        assert "belongs to the next shift" in desk.text()
        await desk.press("escape")
        assert view(desk).log.writable


async def test_what_people_wrote_is_shown_as_it_is_and_never_read_as_markup(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        write(desk, "[red]报警[/red] [/nothing] $accent")
        open_item(desk.built.actors["1003"], NOW, "[b]欠[/b] [@click=app.quit]x[/]")
        await open_handover(desk)
        assert "[red]报警[/red] [/nothing] $accent" in desk.text()
        assert "[b]欠[/b] [@click=app.quit]x[/]" in desk.text()


async def test_open_items_block_with_article_and_key_before_the_handover_starts(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        open_item(desk.built.actors["1003"], NOW, "催网络部")
        await open_handover(desk)
        blocker = next(line for line in desk.lines() if "Resolve or carry: 催网络部" in line)
        assert "Art. 22" in blocker
        assert "r c" in blocker


async def test_sign_with_blockers_says_the_first_one_and_goes_there(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("g")
        assert isinstance(desk.app.screen, HandoverScreen)
        assert "(Art. 21). 4 in all." in desk.text()
        assert isinstance(desk.app.focused, BlockerList)
        await desk.press("down", "enter")
        assert isinstance(desk.app.focused, LogList)
        thing = log_list(desk).thing
        assert thing is not None
        assert thing.key == f"line:{view(desk).lines[1].id}"


async def test_sign_button_lights_when_nothing_blocks_and_works_by_mouse(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        screen = await open_handover(desk)
        assert screen.query_one("#sign", Button).disabled
        check_all(desk)
        await desk.until(lambda: not screen.query_one("#sign", Button).disabled)
        await desk.pilot.click("#sign")
        await desk.settle()
        assert isinstance(desk.app.screen, SignatureDialog)


async def test_item_is_resolved_with_an_outcome_and_reopened(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        open_item(desk.built.actors["1003"], NOW, "催网络部")
        await open_handover(desk)
        await desk.press("r", "enter")
        assert "Write how it was settled." in desk.text()
        await desk.type("已恢复")
        await desk.press("enter")
        assert view(desk).items[0].state is ItemState.RESOLVED
        assert "已恢复" in desk.text()
        await desk.press("b")
        assert view(desk).items[0].state is ItemState.OPEN


async def test_item_is_not_carried_without_reason_and_next_step(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        open_item(desk.built.actors["1003"], NOW, "催网络部")
        await open_handover(desk)
        await desk.press("c")
        await desk.type("等回复")
        await desk.press("enter", "enter")
        assert "Write what the next shift has to do." in desk.text()
        assert view(desk).items[0].state is ItemState.OPEN
        await desk.press("escape")
        assert isinstance(desk.app.screen, HandoverScreen)


async def test_whoever_types_ahead_is_in_the_next_field_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        open_item(desk.built.actors["1003"], NOW, "催网络部")
        await open_handover(desk)
        await desk.press("c")
        for key in (*"wait", "enter", *"call", "enter"):
            desk.app.simulate_key(key)
        await desk.settle()
        item = view(desk).items[0]
        assert (item.reason, item.next_step) == ("wait", "call")


async def test_a_burst_of_number_pin_and_enter_signs(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g", "shift+tab")
        desk.app.screen.query_one("#number-outgoing", Input).value = ""
        for key in (*"1003", "enter", *PIN, "enter"):
            desk.app.simulate_key(key)
        await desk.settle()
        assert view(desk).outgoing.signed_by == "王建国(1003)"


async def test_art23_dispute_without_a_leader_is_kept_and_goes_on_blocking(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("d")
        await desk.type("钥匙少一把")
        await desk.press("enter", "enter")
        line = view(desk).lines[0]
        assert (line.value, line.note, line.reported_to) == (CheckValue.DISPUTED, "钥匙少一把", "")
        assert any("Art. 23" in text and "Report the dispute" in text for text in desk.lines())


async def test_wrong_pin_is_said_in_the_dialog_and_clears_the_field(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g")
        await desk.type("0000")
        await desk.press("enter")
        dialog = desk.app.screen
        assert isinstance(dialog, SignatureDialog)
        assert "✗" in desk.text()
        assert dialog.query_one("#pin-outgoing", Input).value == ""
        assert desk.app.focused is dialog.query_one("#pin-outgoing", Input)
        assert view(desk).outgoing.signed_at is None


async def test_art21_a_leader_who_is_not_rostered_may_not_sign(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g")
        number = desk.app.screen.query_one("#number-outgoing", Input)
        number.value = "2001"
        await desk.type(PIN)
        await desk.press("enter")
        assert "Only the rostered leader signs this side (Art. 21)" in desk.text()
        assert view(desk).outgoing.signed_at is None


async def test_a_sign_out_that_is_blocked_meanwhile_lists_everything_with_articles(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g")
        # The other side takes two lines back while this dialog is open.
        for line in view(desk).lines[:2]:
            check_line(desk.built.actors["1103"], desk.clock(), line.id, CheckValue.UNCHECKED)
        await desk.type(PIN)
        await desk.press("enter")
        blocked = [line for line in desk.lines() if "Not checked yet" in line and "Art. 21" in line]
        assert len(blocked) >= 2
        assert view(desk).outgoing.signed_at is None


async def test_the_other_terminals_signature_shows_and_the_focus_goes_to_the_relief(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        handover_id = freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g")
        dialog = desk.app.screen
        assert dialog.query_one("#number-incoming", Input).disabled
        sign_out("1003", PIN, desk.clock(), handover_id)
        incoming = dialog.query_one("#pin-incoming", Input)
        await desk.until(lambda: desk.app.focused is incoming)
        assert "✓ Handing over 王建国(1003) 05:48" in desk.text()


async def test_news_of_something_else_leaves_the_focus_where_someone_types(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        check_all(desk)
        await open_handover(desk)
        await desk.press("g", "shift+tab")
        number = desk.app.screen.query_one("#number-outgoing", Input)
        assert desk.app.focused is number
        desk.app.data_version += 1
        await desk.settle()
        assert desk.app.focused is number


async def test_a_stale_screen_is_told_when_the_other_terminal_was_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_handover(desk)
        await desk.press("f5")
        freeze(desk)
        await desk.press("y")
        await desk.until(lambda: "has already begun" in desk.text())


async def test_another_terminals_entry_appears_and_the_cursor_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        write(desk, "第一条")
        open_item(desk.built.actors["1003"], NOW, "催网络部")
        await open_handover(desk)
        await desk.press("down")
        before = log_list(desk).thing
        assert before is not None
        write(desk, "第二条")
        await desk.until(lambda: "第二条" in desk.text())
        after = log_list(desk).thing
        assert after is not None
        assert after.key == before.key


async def test_what_is_written_after_the_cutoff_says_it_went_to_the_next_shift(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        freeze(desk)
        await open_handover(desk)
        await desk.press("o")
        await desk.type("迟到的事")
        await desk.press("enter", "enter")
        assert "next shift's log" in desk.text()
        assert view(desk).items == ()


async def test_a_due_time_that_is_no_time_is_refused_in_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_handover(desk)
        await desk.press("o")
        await desk.type("催网络部")
        await desk.press("enter")
        await desk.type("25:99")
        await desk.press("enter")
        assert "HH:MM" in desk.text()
        assert view(desk).items == ()


async def test_an_operator_sees_the_log_and_has_no_keys_that_change_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        write(desk, "第一条")
        await open_handover(desk, "1017")
        assert "第一条" in desk.text()
        keys = desk.lines()[-1]
        assert "start handover" not in keys
        assert "new entry" not in keys
        await desk.press("n", "o")
        assert isinstance(desk.app.screen, HandoverScreen)
        await desk.press("f5")  # starts nothing for an operator: it is the key of 5 Leave & swaps
        assert view(desk).handover_id is None


async def test_everything_outstanding_is_on_one_page_of_48_rows_before_accepting(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(160, 48)) as desk:
        actor = desk.built.actors["1003"]
        for number in range(5):
            item = open_item(actor, NOW, f"事项{number}")
            carry_item(actor, NOW, item, "等回复", f"下一步{number}")
        freeze(desk)
        check_all(desk)
        line = view(desk).lines[3]
        report_dispute(actor, desk.clock(), line.id, "钥匙少一把", "吴刚")
        await open_handover(desk)
        await desk.press("g")
        text = desk.text()
        for wanted in (*(f"下一步{n}" for n in range(5)), "钥匙少一把", "吴刚", "no relief rostered", "PIN"):
            assert wanted in text


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (200, 60)])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_screen_and_signatures_fit_every_size_in_both_languages(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with open_desk(tmp_path, size=size, language=language) as desk:
        write(desk, "长" * 200)
        open_item(desk.built.actors["1003"], NOW, "项" * 60)
        freeze(desk)
        await open_handover(desk)
        assert {cell_len(line) for line in desk.lines()} == {size[0]}
        assert "1003" in desk.text()
        carry_item(desk.built.actors["1003"], desk.clock(), view(desk).items[0].id, "因" * 90, "步" * 90)
        check_all(desk)
        screen = desk.app.screen
        await desk.until(lambda: not screen.query_one("#sign", Button).disabled)
        await desk.press("g")
        pin = desk.app.screen.query_one("#pin-incoming")
        assert pin.region.bottom <= size[1]
        assert pin.region.height == 1
        assert {cell_len(line) for line in desk.lines()} == {size[0]}


def test_work_number_is_read_from_a_name_with_brackets_in_it() -> None:
    assert work_number("王(小)建国(1003)") == "1003"
    assert work_number("王建国") == ""
