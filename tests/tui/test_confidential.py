"""Art. 28, 31 at the desk: opened by Enter and on record, numbers that hide themselves, a lock that shows nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.widgets import Input

from operations import directory, readings, shiftlog
from operations.log_rows import EntryRow
from tests.centre import NOW, PIN
from tests.operations.acts import current_log
from tests.tui.desk import Desk, open_desk
from tui.openings import open_search
from tui.screens.directory import DirectoryDialog
from tui.screens.entry_dialog import EditEntryDialog
from tui.screens.search_log import SearchDialog
from tui.screens.story import StoryDialog
from tui.widgets.handover_lists import LogList
from tui.widgets.line_table import LineTable

SECRET = "磐石专线"
NUMBER = "0571-8812-4412"


def secret(desk: Desk, **changes: object) -> int:
    draft = shiftlog.EntryDraft("notice", SECRET, NOW, confidential=True, **changes)  # type: ignore[arg-type]
    return shiftlog.write_entry(desk.built.actors["1003"], NOW, draft)


def entries(desk: Desk) -> tuple[EntryRow, ...]:
    log = current_log(desk.built.actors["1017"], NOW)
    assert log is not None
    return log.entries


def readers(desk: Desk, subject: str) -> list[tuple[str, bool]]:
    found = readings.readings_of(desk.built.actors["2001"], NOW, subject)
    return [(row.work_number, row.refused) for row in found]


async def found_story(desk: Desk) -> StoryDialog:
    open_search(desk.app)
    await desk.until(lambda: isinstance(desk.app.screen, SearchDialog))
    dialog = desk.app.screen
    await desk.until(lambda: dialog.query_one("#records", LineTable).row_count > 0)
    assert SECRET not in desk.text()
    await desk.press("enter")
    screen = desk.app.screen
    assert isinstance(screen, StoryDialog)
    await desk.until(lambda: "Confidential, for" in desk.text())
    return screen


async def test_art31_what_is_confidential_is_opened_by_enter_and_that_is_on_record(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        key = secret(desk)
        await desk.sign_in()
        await found_story(desk)
        assert SECRET not in desk.text()
        assert readers(desk, f"entry:{key}") == []
        await desk.press("enter")
        await desk.until(lambda: SECRET in desk.text())
        assert readers(desk, f"entry:{key}") == [("1003", False)]
        # Locked, nothing of it shows, nor of what happens meanwhile; unlocked, the desk is as it was left.
        await desk.press("ctrl+l")
        desk.app.notify(f"{SECRET} 已写入")
        await desk.settle()
        assert SECRET not in desk.text() + str(desk.app.title) + str(desk.app.sub_title)
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: f"{SECRET} 已写入" in desk.text())
        assert readers(desk, f"entry:{key}") == [("1003", False)]


async def test_art31_who_may_not_read_is_refused_in_the_dialog(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        key = secret(desk, for_people=("1017",))
        await desk.sign_in("2001")
        await desk.until(lambda: desk.app.board is not None)
        desk.app.push_screen(StoryDialog("entry", key))
        await desk.until(lambda: "Confidential, for 陈静(1017)" in desk.text())
        await desk.press("enter")
        await desk.until(lambda: "This is not yours to read" in desk.text())
        assert SECRET not in desk.text()
        assert readers(desk, f"entry:{key}") == [("2001", True)]


async def test_art31_a_confidential_entry_is_read_before_it_is_edited_and_keeps_its_readers(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(120, 40)) as desk:
        key = secret(desk, for_roles=("qa_inspector",), for_people=("1017",))
        await desk.sign_in()
        await desk.press("3")
        await desk.until(lambda: desk.app.screen.query_one(LogList).thing is not None)
        assert SECRET not in desk.text()
        await desk.press("e")
        await desk.until(lambda: isinstance(desk.app.screen, EditEntryDialog))
        dialog = desk.app.screen
        assert dialog.query_one("#readers", Input).value == "qa_inspector, 1017"
        assert readers(desk, f"entry:{key}") == [("1003", False)]
        dialog.query_one("#asset").focus()
        await desk.type("7")
        dialog.query_one("#reason").focus()
        await desk.type("x")
        await desk.press("ctrl+s")
        told = readings.read_confidential(desk.built.actors["1017"], NOW, "entry", key)
        assert (told.versions[0].entry.asset, told.reader_codes) == ("7", ("qa_inspector", "1017"))


async def test_art31_naming_a_reader_makes_an_entry_confidential(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24), language="zh_CN") as desk:
        await desk.sign_in()
        await desk.press("n")
        await desk.type("y")
        desk.app.screen.query_one("#readers").focus()
        await desk.type("质检员,1017")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(entries(desk)))
        assert [(row.confidential, row.readable) for row in entries(desk)] == [(True, True)]


async def test_art28_a_number_is_revealed_with_a_reason_and_hides_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        manager = desk.built.actors["2001"]
        key = directory.add_number(manager, NOW, directory.NewNumber("动力中心", NUMBER, note="口令"))
        await desk.sign_in()
        await desk.press("8", "d")
        assert isinstance(desk.app.screen, DirectoryDialog)
        await desk.until(lambda: "0571-****-**12" in desk.text())
        await desk.press("enter", "enter")
        assert "Say what the number is needed for" in desk.text()
        await desk.type("动力告警")
        await desk.press("enter")
        await desk.until(lambda: NUMBER in desk.text())
        desk.clock.advance(timedelta(seconds=19))
        desk.app.now = desk.clock()
        await desk.settle()
        assert NUMBER in desk.text()
        desk.clock.advance(timedelta(seconds=1))
        desk.app.now = desk.clock()
        await desk.settle()
        assert NUMBER not in desk.text()
        assert readers(desk, f"number:{key}") == [("1003", False)]


async def test_art28_the_directory_is_kept_at_the_desk(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in("2001")
        await desk.press("8", "d", "n")
        await desk.type("动力中心")
        await desk.press("enter")
        await desk.type(NUMBER)
        assert NUMBER not in desk.text()
        await desk.press("enter", "enter", "enter")
        await desk.until(lambda: "0571-****-**12" in desk.text())
        await desk.press("delete")
        await desk.press("y")
        await desk.until(lambda: "No number is kept here yet" in desk.text())
