"""Before accepting: everything outstanding on one page, then two signatures in less than a minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Digits, Input

from operations.acceptance import acceptance
from operations.handover import check_all_in_order, check_line, sign_in_take_over, sign_out
from operations.shiftlog import reopen_item
from regulation.handover import CheckValue
from tests.centre import PIN
from tests.tui.desk import Desk, open_desk
from tests.tui.morning import AT_CUTOFF, checked_night, eventful_night, frozen_night, night_view
from tests.tui.test_handover import open_handover
from tui.app import DeskApp
from tui.screens.handover import HandoverScreen
from tui.screens.signature_dialog import SignatureDialog
from tui.widgets.paged_lines import Block, PagedLines, _paged

# Art. 14, 20 to 23: each of these has to be in sight before somebody accepts the night.
OUTSTANDING = (
    "VIP 宽带申告",
    "overdue 6:18",
    "等网络部更换端口",
    "08:30 再催",
    "催网络部回复",
    "少一把",
    "吴刚(1000)",
    "李伟",
    "escort now 陈静(1017)",
    "刘洋(1021) 去洗手间",
    "back by 05:53",
    "3 号配线架告警",
    "told 维护张工",
    "114 台座席话机无声",
    "told nobody",
    "not here yet",
    "no relief rostered",
    "机房钥匙",
)


async def open_signatures(desk: Desk, *, dispute: bool = True) -> SignatureDialog:
    """The eventful night, checked, with the two signatures open."""
    eventful_night(desk.built)
    frozen_night(desk.built)
    checked_night(desk.built, dispute=dispute)
    desk.clock.now = AT_CUTOFF
    await open_handover(desk)
    await desk.press("g")
    dialog = desk.app.screen
    assert isinstance(dialog, SignatureDialog)
    return dialog


@pytest.mark.parametrize("size", [(160, 48), (200, 60), (120, 48), (80, 48)])
async def test_everything_outstanding_is_in_sight_on_48_rows_without_turning_a_page(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        dialog = await open_signatures(desk)
        text = desk.text()
        assert [wanted for wanted in OUTSTANDING if wanted not in text] == []
        assert dialog.query_one(PagedLines).pages == 1
        assert "PIN" in text
        assert {cell_len(line) for line in desk.lines()} == {size[0]}


async def test_at_24_rows_the_page_turns_by_key_and_says_how_far_and_nothing_is_lost(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        dialog = await open_signatures(desk)
        pages = dialog.query_one(PagedLines).pages
        assert pages > 1
        seen = ""
        for page in range(1, pages + 1):
            assert f"page {page} of {pages}" in desk.text()
            seen += desk.text()
            await desk.press("pagedown")
        assert [wanted for wanted in OUTSTANDING if wanted not in seen] == []
        assert f"page {pages} of {pages}" in desk.text(), "the last page stays"
        await desk.press("pageup")
        assert f"page {pages - 1} of {pages}" in desk.text()


def test_a_title_is_never_alone_at_the_foot_of_a_page_and_never_missing_at_its_head() -> None:
    blocks = [
        Block(Content(title), tuple((Content(f"{title}{n}a"), Content(f"{title}{n}b")) for n in range(4)))
        for title in ("A", "B")
    ]
    for height in range(3, 20):
        for page in _paged(blocks, height):
            words = [line.plain for line in page]
            assert len(words) <= height
            assert words[0] in ("A", "B")
            assert words[-1] not in ("A", "B")


async def test_two_leaders_hand_over_in_thirty_keystrokes_besides_their_credentials(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        eventful_night(desk.built)
        desk.clock.now = AT_CUTOFF
        await open_handover(desk)
        log_id = night_view(desk.built).log.id
        keys = ["f5", "y", "a", "y", "g"]
        await desk.press(*keys[:2])
        await desk.press(*keys[2:4])
        await desk.until(lambda: night_view(desk.built).blockers == ())
        await desk.press("g")
        for _side in range(2):
            await desk.type(PIN)
            await desk.press("enter")
            keys.append("enter")
        dialog = desk.app.screen
        assert isinstance(dialog, SignatureDialog)
        await desk.until(lambda: bool(dialog._view.digest))
        assert len(keys) <= 30, "SCREENS.md: under a minute at one terminal"
        view = acceptance(desk.built.actors["1003"], AT_CUTOFF, log_id)
        assert view is not None
        assert (view.outgoing.signed_by, view.incoming.signed_by) == ("王建国(1003)", "李秀英(1103)")
        assert dialog.query_one("#signature-digest", Digits).value == view.digest[:8].upper()


async def test_everything_in_order_asks_first_and_can_keep_to_one_area(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        eventful_night(desk.built)
        frozen_night(desk.built)
        desk.clock.now = AT_CUTOFF
        await open_handover(desk)
        await desk.press("down", "a")
        assert "set 11 lines in order?" in desk.text()
        await desk.press("t")
        values = {line.area: line.value for line in night_view(desk.built).lines}
        assert [str(area) for area, value in values.items() if value is CheckValue.IN_ORDER] == [
            "cleanliness"
        ]
        await desk.press("a", "escape")
        assert sum(line.value is CheckValue.IN_ORDER for line in night_view(desk.built).lines) == 1


async def test_a_leaves_what_is_disputed_as_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        eventful_night(desk.built)
        frozen_night(desk.built)
        first = night_view(desk.built).lines[0]
        check_line(desk.built.actors["1003"], AT_CUTOFF, first.id, CheckValue.DISPUTED, "不符")
        desk.clock.now = AT_CUTOFF
        await open_handover(desk)
        await desk.press("a", "y")
        await desk.until(lambda: len(night_view(desk.built).blockers) == 1)
        assert night_view(desk.built).lines[0].value is CheckValue.DISPUTED


async def test_the_second_of_two_terminals_is_told_who_changed_what_and_nothing_is_overwritten(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        eventful_night(desk.built)
        frozen_night(desk.built)
        desk.clock.now = AT_CUTOFF
        screen = await open_handover(desk)
        other = DeskApp(desk.app.home, clock=desk.clock)
        async with other.run_test(size=(120, 36), notifications=True) as pilot:
            second = Desk(other, pilot, desk.clock, desk.built)
            await second.until(lambda: other.feed is not None)
            await second.sign_in("1103")
            await second.press("3")
            await second.until(lambda: getattr(other.screen, "result", None) is not None)
            # The first terminal's news is late: it still shows what stood there before the second one's key.
            assert desk.app.feed is not None
            await asyncio.to_thread(desk.app.feed.stop)
            await second.press("0")
            await second.until(lambda: night_view(desk.built).lines[0].value is CheckValue.NONE)
            await desk.press("y")
            told = "李秀英(1103) set this line to none at 11-24 05:48."
            await desk.until(lambda: any(told in note.message for note in desk.app._notifications))
            line = night_view(desk.built).lines[0]
            assert (line.value, line.checked_by) == (CheckValue.NONE, "李秀英(1103)")
            await desk.until(lambda: screen.result.lines[0].value is CheckValue.NONE)


async def test_a_page_that_changed_under_the_signer_says_so_and_the_old_one_is_not_signed(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = await open_signatures(desk, dispute=False)
        old = dialog._view
        item = night_view(desk.built).items[0]
        reopen_item(desk.built.actors["1003"], AT_CUTOFF, item.id)
        await desk.until(lambda: "look at the page again before signing" in desk.text())
        assert dialog._view.version != old.version
        dialog._view = old
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: "has changed since you looked" in desk.text())
        assert night_view(desk.built).outgoing.signed_at is None


async def test_after_sealing_the_digest_stands_large_and_a_signed_addendum_is_listed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = await open_signatures(desk)
        sign_out("1003", PIN, AT_CUTOFF, dialog._handover_id)
        sign_in_take_over("1103", PIN, AT_CUTOFF, dialog._handover_id)
        await desk.until(lambda: bool(dialog._view.digest))
        digest = dialog._view.digest
        assert dialog.query_one("#signature-digest", Digits).value == digest[:8].upper()
        assert "p print" in desk.text()
        await desk.press("escape")
        screen = desk.app.screen
        assert isinstance(screen, HandoverScreen)
        await desk.until(lambda: screen.result.digest == digest)
        await desk.press("plus")
        assert digest[:8].upper() in desk.text()
        await desk.type("漏写备用手机在柜内")
        await desk.press("enter", "enter")
        await desk.type("0000")
        await desk.press("enter")
        form = desk.app.screen
        await desk.until(lambda: form.query_one("#pin", Input).value == "" and "✗" in desk.text())
        assert screen.result.addenda == ()
        assert form.query_one("#text", Input).value == "漏写备用手机在柜内", "only the PIN is typed again"
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: len(screen.result.addenda) == 1)
        assert "Added after sealing 1" in desk.text()
        assert screen.result.digest == digest, "the sealed text never changes"


async def test_a_carried_item_tells_the_shifts_it_came_through(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        eventful_night(desk.built)
        handover_id = frozen_night(desk.built)
        check_all_in_order(desk.built.actors["1003"], AT_CUTOFF, handover_id)
        sign_out("1003", PIN, AT_CUTOFF, handover_id)
        sign_in_take_over("1103", PIN, AT_CUTOFF, handover_id)
        desk.clock.now = AT_CUTOFF + timedelta(minutes=20)
        await open_handover(desk, "1103")
        story = desk.app.screen.query_one("#story").render()
        assert "11-23 night shift 王建国(1003)" in str(story)
        assert "08:30 再催" in str(story)


async def test_news_while_someone_types_a_pin_keeps_what_was_typed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        dialog = await open_signatures(desk)
        await desk.type("82")
        desk.app.data_version += 1
        await desk.settle()
        assert dialog.query_one("#pin-outgoing", Input).value == "82"
