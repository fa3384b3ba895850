"""The desk's frame: signing in, modes, palette, language, themes, lock, trouble."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.widgets import Input

from operations import people, store
from operations.boundary import SYSTEM
from regulation.roles import Role
from settings import Desk as DeskSettings
from settings import Settings
from tests.centre import NOW, PIN, copied_centre
from tests.tui.desk import open_desk
from tui.screens.change_pin import ChangePinDialog
from tui.screens.lock import LockScreen
from tui.screens.machine_room import MachineRoomScreen
from tui.screens.regulation import RegulationScreen
from tui.screens.sign_in import SignInScreen
from tui.screens.system import SystemScreen
from tui.screens.today import TodayScreen
from tui.themes import PALETTES


async def test_a_leader_signs_in_by_keyboard_and_sees_today(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        assert isinstance(desk.app.screen, SignInScreen)
        assert "城东客服中心" in desk.text()
        await desk.sign_in()
        assert isinstance(desk.app.screen, TodayScreen)
        assert "王建国(1003)" in desk.text()


async def test_a_wrong_pin_is_refused_in_words_and_nothing_opens(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in(pin="0000")
        assert isinstance(desk.app.screen, SignInScreen)
        assert "✗" in desk.text()
        assert desk.app.screen.query_one("#pin", Input).value == ""


async def test_the_sixth_wrong_pin_says_that_the_account_rests(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.type("1003")
        await desk.press("enter")
        for _attempt in range(6):
            await desk.type("0000")
            await desk.press("enter")
        await desk.type(PIN)
        await desk.press("enter")
        assert isinstance(desk.app.screen, SignInScreen), "a resting account opens for nobody"


async def test_a_given_pin_must_be_changed_before_the_desk_opens(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        newcomer = people.NewPerson("1999", "新人", Role.SHIFT_LEADER, "甲", pin="3571", must_change_pin=True)
        people.add_person(SYSTEM, NOW, newcomer)
        await desk.sign_in("1999", "3571")
        assert isinstance(desk.app.screen, ChangePinDialog)
        await desk.type("7913")
        await desk.press("enter")
        await desk.type("7914")
        await desk.press("enter")
        assert isinstance(desk.app.screen, ChangePinDialog), "the two did not agree"
        await desk.type("7913")
        await desk.press("enter")
        await desk.type("7913")
        await desk.press("enter")
        assert isinstance(desk.app.screen, TodayScreen)
        assert desk.app.actor is not None
        assert not desk.app.actor.must_change_pin


async def test_an_empty_home_offers_to_set_up_a_centre(tmp_path: Path) -> None:
    async with open_desk(tmp_path, with_centre=False, size=(80, 24)) as desk:
        assert "zhiban demo" in desk.text()
        await desk.press("f2")
        for answer in ("城西客服中心", "", "", "2001", "李华", "9753"):
            if answer:
                focused = desk.app.screen.focused
                assert isinstance(focused, Input)
                focused.value = answer
            await desk.press("enter")
        await desk.until(lambda: desk.app.centre is not None)
        assert store.is_set_up()
        assert desk.app.centre is not None
        assert [team.name for team in desk.app.centre.teams] == ["甲班", "乙班", "丙班", "丁班"]
        await desk.sign_in("2001", "9753")
        assert isinstance(desk.app.screen, TodayScreen)


async def test_an_empty_home_offers_the_demo_centre(tmp_path: Path) -> None:
    async with open_desk(tmp_path, with_centre=False, size=(80, 24)) as desk:
        await desk.until(lambda: desk.app.feed is not None)
        await desk.pilot.press("f3")
        assert desk.app.demo_wanted


async def test_number_keys_and_f_keys_switch_the_modes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("6")
        assert isinstance(desk.app.screen, MachineRoomScreen)
        await desk.press("f8")
        assert isinstance(desk.app.screen, RegulationScreen)
        await desk.press("f1")
        assert isinstance(desk.app.screen, TodayScreen)
        await desk.press("9")
        assert isinstance(desk.app.screen, SystemScreen)
        await desk.press("0")
        assert isinstance(desk.app.screen, SystemScreen), "a mode that does not exist is not bound"


async def test_an_administrator_sees_only_what_the_role_may_open(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in("3001")
        modes = desk.lines()[1]
        assert "6 Machine room" in modes
        assert "1 Today" not in modes
        await desk.press("1")
        assert isinstance(desk.app.screen, MachineRoomScreen)


async def test_the_palette_switches_the_language_while_running(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        assert "open items" in desk.text().lower()
        await desk.press("8", "1", "ctrl+p")
        await desk.type("zhongwen")
        await desk.press("escape", "ctrl+p")
        await desk.type("中文")
        await desk.press("enter")
        assert desk.app.language == "zh_CN"
        assert desk.app.current_mode == "today"
        await desk.press("8")
        assert "公司" in desk.text(), "the articles' labels follow the language on every screen"


async def test_the_palette_finds_a_command_by_its_other_language_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="zh_CN") as desk:
        await desk.sign_in()
        await desk.press("ctrl+p")
        await desk.type("english")
        await desk.press("enter")
        assert desk.app.language == "en"


async def test_the_palette_changes_the_theme(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("ctrl+p")
        await desk.type("high contrast")
        await desk.press("enter")
        assert desk.app.theme == "contrast"


async def test_the_lock_hides_everything_and_opens_with_the_pin_alone(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("n")
        await desk.type("rack 3 hums")
        await desk.press("ctrl+l")
        assert isinstance(desk.app.screen, LockScreen)
        assert "陈静" not in desk.text()
        assert "rack 3" not in desk.text()
        await desk.press("1", "ctrl+p")
        assert isinstance(desk.app.screen, LockScreen)
        desk.app.screen.query_one("#pin", Input).clear()
        await desk.type("0000")
        await desk.press("enter")
        assert isinstance(desk.app.screen, LockScreen)
        await desk.type(PIN)
        await desk.press("enter")
        assert "rack 3 hums" in desk.text(), "what was being written is still there"


async def test_the_desk_locks_itself_after_the_idle_minutes_and_not_before(tmp_path: Path) -> None:
    settings = Settings(desk=DeskSettings(idle_lock_minutes=10))
    async with open_desk(tmp_path, settings=settings) as desk:
        await desk.sign_in()
        desk.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
        desk.app.tick()
        await desk.settle()
        assert not desk.app.locked
        await desk.press("tab")
        desk.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
        desk.app.tick()
        assert not desk.app.locked, "a key counts as being there"
        desk.clock.advance(timedelta(seconds=1))
        desk.app.tick()
        await desk.settle()
        assert isinstance(desk.app.screen, LockScreen)


async def test_nobody_stays_signed_in_for_longer_than_the_longest_shift(tmp_path: Path) -> None:
    settings = Settings(desk=DeskSettings(idle_lock_minutes=0, sign_out_hours=16))
    async with open_desk(tmp_path, settings=settings) as desk:
        await desk.sign_in()
        desk.clock.advance(timedelta(hours=16) - timedelta(seconds=1))
        desk.app.tick()
        await desk.settle()
        assert desk.app.actor is not None
        desk.clock.advance(timedelta(seconds=1))
        desk.app.tick()
        await desk.settle()
        assert desk.app.actor is None
        assert isinstance(desk.app.screen, SignInScreen)


async def test_someone_else_signs_in_on_fresh_screens(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("n", "ctrl+l", "f2")
        assert isinstance(desk.app.screen, SignInScreen)
        await desk.sign_in("2001")
        assert isinstance(desk.app.screen, TodayScreen)
        assert "周敏(2001)" in desk.text()


async def test_help_explains_the_screen_it_is_called_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("8", "question_mark")
        assert "All 44 articles" in desk.text()
        assert "Scroll" not in desk.text(), "the toolkit's own keys are not our help"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_every_line_fits_the_terminal_in_columns(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with open_desk(tmp_path, size=size, language=language) as desk:
        await desk.sign_in()
        for key in ("1", "6", "8"):
            await desk.press(key)
            lines = desk.lines()
            assert len(lines) == size[1]
            assert {cell_len(line) for line in lines} == {size[0]}


async def test_a_database_that_cannot_be_opened_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "centre.db").write_bytes(b"this is no database at all, but a shopping list" * 40)
    async with open_desk(tmp_path, with_centre=False) as desk:
        assert desk.app.database_trouble
        assert "✗" in desk.text()
        assert "Traceback" not in desk.text()


async def test_a_pin_given_before_the_centre_is_open_signs_in_when_it_is(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    file, away = tmp_path / "centre.db", tmp_path / "away.db"
    store.close_database()
    file.rename(away)
    file.write_bytes(b"this is no database at all, but a shopping list" * 40)
    async with open_desk(tmp_path, with_centre=False) as desk:
        await desk.sign_in()
        assert desk.app.database_trouble, "said again, not waited for"
        assert desk.app.database_trouble.split(".")[0] in desk.text()
        away.rename(file)
        desk.app.screen.query_one("#pin", Input).focus()
        await desk.press("enter")
        await desk.until(lambda: desk.app.actor is not None)
        assert isinstance(desk.app.screen, TodayScreen)


async def test_a_defect_in_a_thread_leaves_the_desk_up_and_its_details_on_file(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("8")
        screen = desk.app.screen
        assert isinstance(screen, RegulationScreen)
        screen.run_operation(lambda: 1 // 0)
        await desk.until(lambda: bool(screen.query_one("#trouble").display))
        assert "ZeroDivisionError" in desk.text()
        assert "1 // 0" in (tmp_path / "desk.log").read_text(encoding="utf-8")


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "least"), [("night", 4.5), ("day", 4.5), ("contrast", 7.0)])
def test_every_colour_with_a_meaning_is_readable_on_its_background(name: str, least: float) -> None:
    palette = PALETTES[name]
    for colour in (
        palette.text,
        palette.ok,
        palette.accent,
        palette.breach,
        palette.info,
        palette.past,
        palette.faint,
    ):
        for ground in (palette.background, palette.surface):
            assert _contrast(colour, ground) >= least
    for colour in (palette.cursor_text, palette.ok, palette.accent, palette.breach):
        assert _contrast(colour, palette.cursor) >= 3.0


async def test_the_mouse_reaches_what_the_keys_reach(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        modes = desk.lines()[1]
        column = cell_len(modes[: modes.index("8 Regulation")]) + 3
        await desk.pilot.click(offset=(column, 1))
        await desk.settle()
        assert isinstance(desk.app.screen, RegulationScreen)
        keys = desk.lines()[-1]
        column = cell_len(keys[: keys.index("find")]) + 1
        await desk.pilot.click(offset=(column, len(desk.lines()) - 1))
        await desk.settle()
        assert desk.app.focused is desk.app.screen.query_one("#find")


@pytest.mark.parametrize(("between", "sent"), [("enter", "\r"), ("tab", "\t")])
async def test_keys_that_come_all_at_once_still_reach_their_own_fields(
    tmp_path: Path, between: str, sent: str
) -> None:
    async with open_desk(tmp_path) as desk:
        for key in ("1", "0", "0", "3", between, *PIN, "enter"):
            desk.app.post_message(events.Key(key, {between: sent, "enter": "\r"}.get(key, key)))
        await desk.until(lambda: desk.app.actor is not None)
        assert isinstance(desk.app.screen, TodayScreen)
