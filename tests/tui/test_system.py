"""9 System by keys: the administrator keeps people, badges and backups; leaders read, and those who set rules set limits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from operations import people, signin, store
from operations.backup import backup_files
from operations.boundary import SYSTEM
from operations.centre import limits_at
from operations.system_view import BadgeRow, system_view
from regulation.records import BadgeState, PersonStatus
from regulation.roles import Role
from tests.centre import NOW
from tests.tui.desk import Desk, open_desk
from tui.screens.people_import import PeopleImportDialog
from tui.screens.person_dialog import PersonDialog
from tui.screens.system import SystemScreen

ADMIN, LEADER, SENIOR = "3001", "1003", "1000"
SECTIONS = ("people", "teams", "badges", "doors", "printers", "backup", "verify", "limits")


async def open_system(desk: Desk, number: str, section: str = "people") -> None:
    await desk.sign_in(number)
    await desk.press("9")
    await desk.until(lambda: "1017" in desk.text())
    for _step in range(SECTIONS.index(section)):
        await desk.press("t")


def person(number: str) -> people.PersonRow:
    return next(row for row in system_view(SYSTEM, NOW).people if row.work_number == number)


def badge(number: str) -> BadgeRow:
    return next(row for row in system_view(SYSTEM, NOW).badges if row.work_number == number)


async def test_art02_a_leader_reads_every_section_at_80_columns_and_changes_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await open_system(desk, LEADER)
        await desk.press("n", "enter", "u", "p", "i")
        assert isinstance(desk.app.screen, SystemScreen)
        assert "take on" not in desk.text()
        for words in (
            "Members",
            "for visitors",
            "No door has",
            "No printer",
            "No backup was",
            "v follows",
            "Art. 35",
        ):
            await desk.press("t")
            assert words in desk.text()
            if words == "No backup was":
                await desk.press("b")
                assert isinstance(desk.app.screen, SystemScreen)
        assert not backup_files(desk.app.home.backup_folder)


async def test_somebody_is_found_changed_and_suspended(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_system(desk, ADMIN)
        await desk.press("slash")
        await desk.type("何芳")
        await desk.press("enter", "enter")
        assert isinstance(desk.app.screen, PersonDialog)
        await desk.press("enter", "ctrl+u")
        await desk.type("shift leader")
        await desk.press("ctrl+s")
        await desk.until(lambda: person("1022").role is Role.SHIFT_LEADER)
        await desk.press("u")
        await desk.press("y")
        await desk.until(lambda: person("1022").status is PersonStatus.SUSPENDED)
        await desk.press("escape", "slash")
        await desk.type("3001")
        await desk.press("enter", "enter", "enter", "ctrl+u")
        await desk.type("deputy manager")
        await desk.press("ctrl+s")
        await desk.until(lambda: "Nobody changes their own role." in desk.text())
        assert person("3001").role is Role.ADMIN


async def test_somebody_is_taken_on_by_hand_and_others_from_a_list(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("工号,姓名,角色,班组\n1998,高翔,话务员,甲\n", encoding="utf-8")
    async with open_desk(tmp_path) as desk:
        await open_system(desk, ADMIN)
        await desk.press("n")
        for text in ("1999", "新人", "operator", "甲", "", "", "4917"):
            await desk.type(text)
            await desk.press("enter")
        await desk.until(lambda: any(row.work_number == "1999" for row in system_view(SYSTEM, NOW).people))
        assert (person("1999").name, person("1999").team) == ("新人", "甲")
        assert signin.sign_in("1999", "4917", NOW).must_change_pin
        await desk.press("i")
        await desk.type(str(file))
        await desk.press("enter")
        await desk.until(lambda: "1998 高翔" in desk.text())
        assert isinstance(desk.app.screen, PeopleImportDialog)
        await desk.press("enter")
        await desk.until(lambda: "1 people were taken on or changed." in desk.text())
        assert person("1998").name == "高翔"


async def test_art32_a_backup_is_made_while_the_desk_is_open_and_today_says_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in(LEADER)
        await desk.until(lambda: "! No backup was ever made (Art. 32)." in desk.text())
        desk.app.leave()
        await open_system(desk, ADMIN, "backup")
        assert "No backup was ever made (Art. 32)." in desk.text()
        await desk.press("b")
        await desk.until(lambda: "Written and read back" in desk.text() and "Backed up 22:30" in desk.text())
        assert len(backup_files(desk.app.home.backup_folder)) == 1
        desk.app.leave()
        await desk.sign_in(LEADER)
        await desk.until(lambda: "✓ Backed up 22:30" in desk.text())


async def test_a_badge_is_revoked_and_every_record_is_checked(tmp_path: Path) -> None:
    """Art. 20: a badge is revoked after asking, and made usable again. Art. 33: the records hold, a digest is nowhere."""
    async with open_desk(tmp_path) as desk:
        await open_system(desk, ADMIN, "badges")
        await desk.press("home", "v", "n")
        assert badge("1003").state is BadgeState.ACTIVE
        await desk.press("v", "y")
        await desk.until(lambda: badge("1003").state is BadgeState.REVOKED)
        await desk.until(lambda: "revoked" in desk.text())
        await desk.press("u")
        await desk.until(lambda: badge("1003").state is BadgeState.ACTIVE)
        await desk.press("t", "t", "t", "t")
        await desk.press("v")
        await desk.until(lambda: "✓ Every record holds." in desk.text())
        await desk.press("d")
        await desk.type("0123456789abcdef")
        await desk.press("enter")
        await desk.until(lambda: "✗ The records do not hold." in desk.text())
        assert "missing or rewritten" in desk.text()


async def test_a_limit_gets_the_centres_own_value_from_a_day_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_system(desk, SENIOR, "limits")
        await desk.press("home", "enter", "ctrl+u")
        await desk.type("15")
        await desk.press("enter", "ctrl+u")
        await desk.type("2026-11-30")
        await desk.press("enter")
        await desk.until(lambda: "2026-11-30: 15" in desk.text())

        def value(days: int) -> int:
            return store.read(lambda: limits_at(NOW + timedelta(days=days))["relief_early_minutes"])

        assert (date(2026, 11, 23) + timedelta(days=7)).isoformat() == "2026-11-30"
        assert (value(6), value(7)) == (10, 15)
