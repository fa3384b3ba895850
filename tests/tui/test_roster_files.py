"""The roster from a file and into one, at the desk and by keyboard."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from operations.boundary import SYSTEM
from operations.drafts import draft_cells
from tests.centre import NOW, TODAY
from tests.tui.desk import Desk, open_desk
from tui.screens.roster import RosterScreen
from tui.screens.roster_export import RosterExportDialog
from tui.screens.roster_import import RosterImportDialog

FILE = "工号,姓名,26,27,28\n1017,陈静,早,夜,\n1021,刘洋,夜,,{}\n"


def drafted(desk: Desk) -> dict[tuple[int, date], str | None]:
    cells = draft_cells(SYSTEM, NOW, TODAY, TODAY + timedelta(days=10))
    return {(cell.person_id, cell.day): cell.planned for cell in cells}


@pytest.fixture(autouse=True)
def beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are typed; short ones are typed faster."""
    monkeypatch.chdir(tmp_path)


async def look_at(desk: Desk, file: Path) -> None:
    await desk.sign_in()
    await desk.press("2", "I")
    assert isinstance(desk.app.screen, RosterImportDialog)
    await desk.type(file.name)
    await desk.press("enter")


async def test_a_file_is_looked_at_and_enter_again_plans_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        file = tmp_path / "r.csv"
        file.write_text(FILE.format("夜"), encoding="gb18030")
        await look_at(desk, file)
        assert "4 days changed, 2 as before, 0 mistakes" in desk.text()
        assert "free day → early shift" in desk.text()
        assert drafted(desk) == {}
        await desk.press("enter")
        assert isinstance(desk.app.screen, RosterScreen)
        assert "4 days planned in the draft" in desk.text()
        ids = desk.built.ids
        assert drafted(desk)[ids["1017"], date(2026, 11, 26)] == "early"
        assert len(drafted(desk)) == 4


async def test_mistakes_stand_first_by_cell_and_only_ctrl_e_plans_the_rest(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        file = tmp_path / "r.csv"
        file.write_text(FILE.format("晚"), encoding="utf-8")
        await look_at(desk, file)
        assert "“晚” is no shift of this centre" in next(line for line in desk.lines() if "E3" in line)
        await desk.press("enter")
        assert "Correct this in the file" in desk.text()
        assert drafted(desk) == {}
        await desk.press("ctrl+e")
        assert len(drafted(desk)) == 3


async def test_another_path_is_looked_at_before_it_is_planned_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        file = tmp_path / "r.csv"
        file.write_text(FILE.format(""), encoding="utf-8")
        await look_at(desk, file)
        await desk.type("x")
        assert "3 days changed" not in desk.text()
        await desk.press("enter")
        assert "cannot be read: No such file" in desk.text()
        assert drafted(desk) == {}


async def test_the_month_goes_into_the_paper_folder_in_each_form(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("2", "E")
        assert isinstance(desk.app.screen, RosterExportDialog)
        assert "all teams  published" in desk.text()
        assert "王建国" in desk.text()
        await desk.press("p", "x", "c", "i")
        folder = desk.app.home.paper_folder
        assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [
            *sorted(f"{number}-2026-11.ics" for number in (1003, 1017, 1021, 1022, 1103, 1117, 1121)),
            "zhiban-roster-2026-11-A4.pdf",
            "zhiban-roster-2026-11.csv",
            "zhiban-roster-2026-11.xlsx",
        ]
        await desk.press("d")
        assert "with the draft" in desk.text()
        await desk.press("c")
        assert (folder / "zhiban-roster-2026-11-draft.csv").is_file()


async def test_an_operator_may_export_and_not_import(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in("1017")
        await desk.press("2", "I")
        assert isinstance(desk.app.screen, RosterScreen)
        await desk.press("E")
        assert isinstance(desk.app.screen, RosterExportDialog)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_both_dialogs_fit_the_smallest_terminal(tmp_path: Path, language: str) -> None:
    async with open_desk(tmp_path, size=(80, 24), language=language) as desk:
        file = tmp_path / "r.csv"
        file.write_text(FILE.format("晚"), encoding="utf-8")
        await look_at(desk, file)
        assert "E3" in desk.text()
        assert {cell_len(line) for line in desk.lines()} == {80}
        await desk.press("escape", "E")
        assert "1003" in desk.text()
        assert {cell_len(line) for line in desk.lines()} == {80}
