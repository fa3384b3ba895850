"""Search, story, templates, edits and owners at the desk, by real keys and in Chinese."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.widgets import Input, TextArea

from operations.log_rows import LogView
from operations.readings import read_confidential
from operations.shiftlog import EntryDraft, carry_item, write_entry
from tests.centre import NOW
from tests.operations.acts import current_log
from tests.tui.desk import Desk, open_desk, rows_of
from tui.cells import plain, wrapped
from tui.screens.entry_dialog import EditEntryDialog, EntryDialog, names_given
from tui.screens.search_log import SearchDialog
from tui.screens.story import StoryDialog
from tui.widgets.handover_lists import LogList
from tui.widgets.line_table import LineTable

ALARM = "3 号配线架告警，已切换备用中继"


def log_of(desk: Desk) -> LogView:
    log = current_log(desk.built.actors["1003"], desk.clock())
    assert log is not None
    return log


def write(desk: Desk, text: str, kind: str = "notice", **changes: object) -> int:
    draft = EntryDraft(kind, text, NOW, **changes)  # type: ignore[arg-type]
    return write_entry(desk.built.actors["1003"], NOW, draft)


@asynccontextmanager
async def desk_with(
    folder: Path, *texts: str, size: tuple[int, int] = (80, 24), language: str = "en"
) -> AsyncIterator[Desk]:
    async with open_desk(folder, size=size, language=language) as desk:
        for text in texts:
            write(desk, text)
        await desk.sign_in()
        await desk.until(lambda: desk.app.board is not None)
        yield desk


def hits(desk: Desk) -> list[str]:
    return [hit.snippet for hit in rows_of(desk.app.screen.query_one("#records", LineTable))]


async def search(desk: Desk, words: str, expected: int) -> None:
    await desk.press("slash")
    await desk.until(lambda: isinstance(desk.app.screen, SearchDialog))
    await desk.type(words)
    await desk.until(lambda: len(hits(desk)) == expected)


@pytest.mark.parametrize("mode", ["1", "3"])
async def test_a_slash_searches_every_shift_as_one_types(tmp_path: Path, mode: str) -> None:
    async with desk_with(tmp_path, ALARM, "交接钥匙三把") as desk:
        await desk.press(mode)
        await search(desk, "配线", 1)
        assert hits(desk) == [ALARM]
        assert {cell_len(line) for line in desk.lines()} == {80}
        await desk.type("没")
        await desk.until(lambda: not hits(desk))
        assert "Nothing found." in desk.text()


async def test_letters_go_into_the_line_and_not_to_any_key(tmp_path: Path) -> None:
    async with desk_with(tmp_path, "OLT-17 nyqd 告警") as desk:
        await search(desk, "nyqd", 1)
        assert desk.app.screen.query_one("#wanted", Input).value == "nyqd"


async def test_keys_narrow_the_search_and_say_so(tmp_path: Path) -> None:
    async with desk_with(tmp_path, "宽带通知") as desk:
        write(desk, "宽带掉线", "complaint")
        await search(desk, "宽带", 3)
        await desk.press("f2")
        await desk.until(lambda: not hits(desk))
        assert "abnormal event" in desk.text()
        await desk.press("f2")
        await desk.until(lambda: len(hits(desk)) == 2)
        await desk.press("f3")
        await desk.until(lambda: len(hits(desk)) == 1)
        await desk.press("f4", "f6")
        await desk.until(lambda: len(hits(desk)) == 1)
        assert "today" in desk.text()
        assert "1003" in desk.text()


async def test_enter_opens_the_entry_with_its_log_versions_and_items(tmp_path: Path) -> None:
    async with desk_with(tmp_path, "别的记录", size=(120, 40)) as desk:
        key = write(desk, "宽带掉线", "complaint")
        from operations.entry_edits import edit_entry

        leader = desk.built.actors["1003"]
        edit_entry(leader, NOW, key, EntryDraft("complaint", "宽带频繁掉线", NOW), "补充")
        carry_item(leader, NOW, log_of(desk).items[0].id, "等备件", "明早催维护")
        await search(desk, "频繁", 1)
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, StoryDialog) and "别的记录" in desk.text())
        text = desk.text()
        for words in (
            "宽带频繁掉线",
            "宽带掉线",
            "补充",
            "明早催维护",
            "version 1",
            "The whole log, 2 entries",
        ):
            assert words in text, words
        await desk.press("escape")
        assert isinstance(desk.app.screen, SearchDialog)


async def test_the_list_goes_on_where_the_page_ends(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as desk:
        for number in range(55):
            write(desk, f"告警 {number}")
        await search(desk, "告警", 50)
        for _page in range(12):
            await desk.press("pagedown")
        await desk.until(lambda: len(hits(desk)) == 55)


async def test_art31_an_operator_does_not_find_what_is_confidential(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        write(desk, "涉密专线调整", confidential=True)
        write(desk, "普通专线调整")
        await desk.sign_in("1017")
        await desk.until(lambda: desk.app.board is not None)
        await search(desk, "专线", 1)
        assert hits(desk) == ["普通专线调整"]


# --- writing and changing -----------------------------------------------------------------------------------


async def open_entry(desk: Desk) -> EntryDialog:
    await desk.press("n")
    screen = desk.app.screen
    assert isinstance(screen, EntryDialog)
    return screen


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_the_whole_entry_fits_the_smallest_screen(tmp_path: Path, language: str) -> None:
    async with desk_with(tmp_path, language=language) as desk:
        dialog = await open_entry(desk)
        bottom = dialog.query_one("KeyLine").region.bottom
        assert bottom <= 24
        assert all(field.region.height == 1 and field.region.bottom <= 24 for field in dialog.query(Input))
        assert {cell_len(line) for line in desk.lines()} == {80}


async def test_everything_of_an_entry_is_entered_by_keys(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as desk:
        dialog = await open_entry(desk)
        await desk.type("tes3号机柜nye温度高")
        dialog.query_one("#confidential").focus()
        await desk.press("space")
        dialog.query_one("#attached").focus()
        await desk.type("照片1.jpg;工单4471")
        dialog.query_one("#due").focus()
        await desk.type("23:30")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(log_of(desk).entries))
        (listed,) = log_of(desk).entries
        story = read_confidential(desk.built.actors["1003"], NOW, "entry", listed.id)
        entry = story.versions[0].entry
        assert (entry.text, entry.confidential) == ("tes3号机柜nye温度高", True)
        assert entry.attachments == ("照片1.jpg", "工单4471")
        assert entry.due_at is not None
        assert entry.due_at.astimezone(desk.app.zone).strftime("%H:%M") == "23:30"


async def test_a_template_fills_the_entry_in(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as desk:
        dialog = await open_entry(desk)
        await desk.press("ctrl+t")
        await desk.until(lambda: desk.app.screen.query_one("#templates", LineTable).row_count > 0)
        await desk.press("down", "enter")
        assert desk.app.screen is dialog
        assert dialog.query_one("#text", TextArea).text.startswith("Trunk … is down")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(log_of(desk).items))
        assert log_of(desk).entries[0].kind == "abnormal"


async def test_art09_an_edit_at_the_desk_keeps_the_hour_and_asks_why(tmp_path: Path) -> None:
    async with desk_with(tmp_path, ALARM, size=(120, 40)) as desk:
        await desk.press("3")
        await desk.until(lambda: desk.app.screen.query_one(LogList).thing is not None)
        await desk.press("e")
        dialog = desk.app.screen
        assert isinstance(dialog, EditEntryDialog)
        dialog.query_one("#text", TextArea).text = "4 号配线架告警"
        await desk.press("ctrl+s")
        assert "why the entry is changed" in desk.text()
        await desk.type("架号写错")
        await desk.press("ctrl+s")
        await desk.until(lambda: log_of(desk).entries[0].version == 2)
        (entry,) = log_of(desk).entries
        assert (entry.text, entry.happened_at) == ("4 号配线架告警", NOW)
        await desk.until(lambda: "v2" in desk.text())
        await desk.press("v")
        await desk.until(lambda: "架号写错" in desk.text() and ALARM in desk.text())


async def test_an_item_is_given_to_someone_and_told_of(tmp_path: Path) -> None:
    async with desk_with(tmp_path, size=(120, 40)) as desk:
        write(desk, "宽带掉线", "complaint")
        await desk.press("3")
        await desk.until(lambda: desk.app.screen.query_one(LogList).thing is not None)
        await desk.press("m")
        await desk.press(*["backspace"] * 4)
        await desk.type("1017")
        await desk.press("enter")
        await desk.until(lambda: log_of(desk).items[0].owner_number == "1017")
        await desk.press("down", "i")
        await desk.type("维护 张工")
        await desk.press("enter")
        await desk.until(lambda: log_of(desk).entries[0].told_whom == "维护 张工")


async def test_art09_an_unsatisfied_user_leaves_the_complaint_open(tmp_path: Path) -> None:
    async with desk_with(tmp_path, size=(120, 40)) as desk:
        write(desk, "宽带掉线", "complaint")
        await desk.press("3")
        await desk.until(lambda: desk.app.screen.query_one(LogList).thing is not None)
        await desk.press("r", "enter")
        await desk.type("换了光猫")
        await desk.press("enter")
        await desk.until(lambda: log_of(desk).items[0].satisfied is False)
        await desk.press("r", "space", "enter")
        await desk.type("复测正常")
        await desk.press("enter")
        await desk.until(lambda: log_of(desk).items[0].satisfied is True)


@pytest.mark.parametrize(
    ("text", "names"),
    [("a.pdf, b", ("a.pdf", "b")), ("甲、乙；丙", ("甲", "乙", "丙")), (" ，", ()), ("", ())],
)
def test_references_are_apart_by_any_comma(text: str, names: tuple[str, ...]) -> None:
    assert names_given(text) == names


@given(st.text(st.sampled_from("宽带掉线 abc0571-，"), max_size=60), st.integers(2, 30))
def test_text_wraps_by_width_and_loses_nothing(text: str, width: int) -> None:
    lines = wrapped(plain(text), width)
    assert "".join(line.plain for line in lines) == text
    assert all(line.cell_length <= width for line in lines)


def test_chinese_fills_its_lines_and_latin_words_stay_whole() -> None:
    lines = [line.plain for line in wrapped(plain("约 42 路来话无法接入 router 重启"), 10)]
    assert lines == ["约 42 路来", "话无法接入", " router 重", "启"]
