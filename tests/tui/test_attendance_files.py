"""Punches from a file and the attendance sheet into one, at the desk and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

import models
from operations import store
from operations.boundary import SYSTEM
from operations.punch_file import PunchFormat
from operations.punch_mappings import keep_punch_mapping
from tests.centre import NOW
from tests.tui.desk import Desk, open_desk
from tui.screens.attendance import AttendanceScreen
from tui.screens.attendance_export import AttendanceExportDialog
from tui.screens.punch_import import PunchImportDialog

ATTLOG = "     1017\t2026-11-23 21:45:12\t1\t0\t1\t0\r\n     1021\t2026-11-23 21:51:00\t1\t255\t1\t0\r\n"
UNKNOWN = "     9999\t2026-11-23 21:51:00\t1\t0\t1\t0\r\n"
MANAGER = "2001"


def kept() -> list[tuple[str, str]]:
    punch = models.Punch
    return store.read(lambda: [(row.person.work_number, row.direction) for row in punch.select()])


@pytest.fixture(autouse=True)
def beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are typed; short ones are typed faster."""
    monkeypatch.chdir(tmp_path)


async def attendance(desk: Desk, number: str = MANAGER) -> None:
    await desk.sign_in(number)
    await desk.press("4")
    assert isinstance(desk.app.screen, AttendanceScreen)


async def look_at(desk: Desk, folder: Path, text: str) -> None:
    (folder / "a.dat").write_bytes(text.encode())
    await attendance(desk)
    await desk.press("I")
    assert isinstance(desk.app.screen, PunchImportDialog)
    await desk.type("a.dat")
    await desk.press("enter")


async def test_punches_are_looked_at_and_enter_again_takes_them_over(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await look_at(desk, tmp_path, ATTLOG)
        assert "2 punches of 2 people are new, 0 as before, 0 mistakes" in desk.text()
        assert "read as attlog  without in or out: 1" in desk.text()
        assert "陈静" in next(line for line in desk.lines() if "2026-11-23 21:45:12" in line)
        assert "not said" in next(line for line in desk.lines() if "2026-11-23 21:51:00" in line)
        assert kept() == []
        await desk.press("enter")
        assert isinstance(desk.app.screen, AttendanceScreen)
        assert "2 punches are new." in desk.text()
        assert kept() == [("1017", "in"), ("1021", "none")]


async def test_mistakes_stand_first_by_line_and_only_ctrl_e_takes_over_the_rest(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await look_at(desk, tmp_path, ATTLOG + UNKNOWN)
        assert "✗ line 3: Nobody has the work number 9999." in desk.text()
        await desk.press("enter")
        assert "Correct this in the file" in desk.text()
        assert kept() == []
        await desk.press("ctrl+e")
        assert len(kept()) == 2


async def test_another_mapping_reads_the_same_file_anew(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        keep_punch_mapping(
            SYSTEM, NOW, "east", PunchFormat(delimiter="\t", heading=False, number="1", at="2", direction="")
        )
        await look_at(desk, tmp_path, ATTLOG)
        await desk.press("ctrl+o", "ctrl+o", "ctrl+o")
        assert "Import punches  read as east" in desk.text()
        assert "without in or out: 2" in desk.text()
        await desk.press("enter")
        assert kept() == [("1017", "none"), ("1021", "none")]


async def test_a_shift_leader_exports_the_sheet_and_brings_no_punches(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await attendance(desk, "1003")
        await desk.press("I")
        assert isinstance(desk.app.screen, AttendanceScreen)
        await desk.press("E")
        assert isinstance(desk.app.screen, AttendanceExportDialog)
        assert "Draft, not submitted" in desk.text()
        assert "王建国" in desk.text()
        await desk.press("p", "a", "x")
        folder = desk.app.home.paper_folder
        assert sorted(path.name for path in folder.iterdir()) == [
            "zhiban-attendance-2026-11-draft-A3.pdf",
            "zhiban-attendance-2026-11-draft-A4.pdf",
            "zhiban-attendance-2026-11-draft.xlsx",
        ]


async def test_an_operator_sees_their_own_month_and_exports_nobodys(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await attendance(desk, "1017")
        await desk.press("E", "I")
        assert isinstance(desk.app.screen, AttendanceScreen)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_both_dialogs_fit_the_smallest_terminal(tmp_path: Path, language: str) -> None:
    async with open_desk(tmp_path, size=(80, 24), language=language) as desk:
        await look_at(desk, tmp_path, ATTLOG + UNKNOWN)
        assert "9999" in desk.text()
        assert {cell_len(line) for line in desk.lines()} == {80}
        await desk.press("escape", "E")
        assert "1003" in desk.text()
        assert {cell_len(line) for line in desk.lines()} == {80}
