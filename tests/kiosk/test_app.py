"""The door's screen over a running door: what is seen from two metres, what the keys do, what never shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Input, Static

from kiosk.app import GROUNDS, KioskApp
from kiosk.form import Choice
from kiosk.inputs import VisitForm
from kiosk.phases import AwaitApproval
from kiosk.process import Kiosk
from locales import set_language
from regulation.records import Snapshot
from tests.kiosk.rig import WITHIN_SECONDS, Rig, running_rig
from tests.kiosk.scene import OFF_DUTY, ON_DUTY, SNAPSHOT, UNKNOWN, VISITOR


@pytest.fixture(autouse=True)
def chinese_first() -> None:
    set_language("zh_CN")


@asynccontextmanager
async def screen(
    folder: Path, snapshot: Snapshot = SNAPSHOT, size: tuple[int, int] = (80, 24), *, allow_quit: bool = False
) -> AsyncIterator[tuple[Rig, KioskApp, Pilot[int]]]:
    made: list[KioskApp] = []

    def prepare(kiosk: Kiosk) -> None:
        made.append(KioskApp(kiosk, allow_quit=allow_quit))

    with running_rig(folder, snapshot, prepare=prepare) as rig:
        async with made[0].run_test(size=size) as pilot:
            await pilot.pause()
            yield rig, made[0], pilot


def text(app: KioskApp, name: str) -> str:
    return str(app.query_one(f"#{name}", Static).content)


async def seen(pilot: Pilot[int], condition: Callable[[], bool], what: str = "it") -> None:
    """Wait until the screen shows something."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not condition():
            await pilot.pause(0.01)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_idle_asks_for_a_badge_in_both_languages_and_shows_what_is_well(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with screen(tmp_path, size=size) as (_rig, app, pilot):
        assert "Please badge" in {text(app, "words"), text(app, "second")}
        assert "城东客服中心" in text(app, "place")
        await seen(pilot, lambda: text(app, "lights").count("●") == 3)
        assert all(widget.region.bottom <= size[1] for widget in app.query("#foot, #stage"))


@pytest.mark.parametrize(("size", "drawn"), [((80, 24), False), ((160, 48), True), ((120, 30), False)])
async def test_a_large_screen_says_it_in_block_letters_above_the_plain_words(
    tmp_path: Path, size: tuple[int, int], drawn: bool
) -> None:
    async with screen(tmp_path, size=size) as (rig, app, pilot):
        rig.entry.swipe(UNKNOWN)
        await seen(pilot, lambda: app.screen.has_class("tone-red"))
        assert text(app, "words").startswith("✗")
        big = app.query_one("#big", Static)
        assert big.display is drawn
        assert ("█" in text(app, "big")) is drawn
        await pilot.press("1")
        await seen(pilot, lambda: app.screen.has_class("kind-form"))
        assert not big.display


async def test_a_granted_badge_fills_the_screen_green_with_the_holders_own_name(tmp_path: Path) -> None:
    shift_begins_later = replace(
        SNAPSHOT,
        duties=tuple(replace(d, starts_at=d.ends_at.replace(hour=15, minute=0)) for d in SNAPSHOT.duties),
    )
    async with screen(tmp_path, shift_begins_later) as (rig, app, pilot):
        rig.entry.swipe(ON_DUTY)
        await seen(pilot, lambda: app.screen.has_class("tone-green"))
        assert "陈静" in text(app, "second")


async def test_a_refusal_is_red_cites_the_article_and_says_what_to_do_next(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        rig.entry.swipe(UNKNOWN)
        await seen(pilot, lambda: app.screen.has_class("tone-red"))
        assert "20" in text(app, "second")
        assert text(app, "words").startswith("✗")
        grounds = {
            str(widget.visual_style.background) for widget in app.query("#place, #words, #keys, #lights")
        }
        assert grounds == {str(Color.parse(GROUNDS["red"]))}, "every word stands on the picture's colour"
        assert "1" in text(app, "next")
        rig.clock.advance(10)
        await seen(pilot, lambda: app.screen.has_class("tone-calm"))


async def test_the_escort_has_a_countdown_and_no_name_of_anyone_shows(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        rig.entry.swipe(VISITOR)
        await seen(pilot, lambda: app.screen.has_class("kind-escort"))
        countdown = app.query_one("#countdown")
        assert countdown.display
        shown = " ".join(text(app, name) for name in ("words", "second", "next"))
        assert "陈静" not in shown
        assert "李伟" not in shown


async def test_someone_off_duty_answers_by_a_number_key(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        rig.entry.swipe(OFF_DUTY)
        await seen(pilot, lambda: app.screen.has_class("kind-reason"))
        assert text(app, "next").count("\n") == 3
        await pilot.press("2")
        await seen(pilot, lambda: "granted.off_duty" in rig.codes)
        assert rig.events[-1].reason == "training"


async def test_the_star_key_puts_the_other_language_first(tmp_path: Path) -> None:
    async with screen(tmp_path) as (_rig, app, pilot):
        await pilot.press("asterisk")
        assert text(app, "words") == "Please badge"
        assert "中文" in text(app, "keys")
        await pilot.press("asterisk")
        assert "English" in text(app, "keys")


async def test_a_visitor_registers_by_keyboard_alone(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        for words in ("李伟", "华信 公司", "Engineer", "13800000000"):
            await pilot.press(*(("space" if c == " " else c) for c in words), "enter")
        await pilot.press("5", "enter")  # cleaning, which needs no reference: the field is passed over
        await pilot.press(*"Laptop", "enter", "left", "enter")
        await pilot.press(*"1017", "enter")
        await seen(pilot, lambda: app.screen.has_class("kind-waiting"))
        phase = rig.kiosk.door.state.phase
        assert isinstance(phase, AwaitApproval)
        assert phase.form == VisitForm(
            "李伟", "华信 公司", "13800000000", "cleaning", "", "1017", "Engineer", "Laptop", 60
        )
        await pilot.press("escape")
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        assert {field.value for field in app.query(Input)} == {""}, "the next one at the door reads nothing"
        assert app.query_one("#field-reason", Choice).value == ""


async def test_an_incomplete_form_says_what_is_missing_and_keeps_what_was_written(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Li")
        app.query_one("#field-sponsor", Input).focus()
        await pilot.press("enter")
        await seen(pilot, lambda: "Please write your unit" in text(app, "next"))
        rig.exit.swipe(UNKNOWN)
        await seen(pilot, lambda: app.screen.has_class("kind-verdict"))
        rig.clock.advance(6)
        await seen(pilot, lambda: app.screen.has_class("kind-form"))
        assert app.query_one("#field-visitor", Input).value == "Li"


async def test_a_question_takes_the_keys_from_an_open_form_and_gives_them_back(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Li", "enter", *"Hua")
        rig.entry.swipe(OFF_DUTY)
        await seen(pilot, lambda: app.screen.has_class("kind-reason"))
        await pilot.press("1")
        await seen(pilot, lambda: "granted.off_duty" in rig.codes)
        rig.clock.advance(6)
        await seen(pilot, lambda: app.focused is app.query_one("#field-unit"))
        assert [field.value for field in app.query(Input)][:2] == ["Li", "Hua"]


async def test_there_is_no_way_out_but_the_one_that_was_allowed(tmp_path: Path) -> None:
    async with screen(tmp_path) as (_rig, app, pilot):
        await pilot.press("ctrl+q", "ctrl+c", "escape")
        await pilot.pause()
        assert app.is_running
    other = tmp_path / "allowed"
    other.mkdir()
    async with screen(other, allow_quit=True) as (_rig, app, pilot):
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app.return_code == 0


async def test_names_are_shown_as_they_are_written(tmp_path: Path) -> None:
    odd = replace(SNAPSHOT, centre="[red]中心[/] {x}")
    async with screen(tmp_path, odd) as (_rig, app, _pilot):
        assert "[red]中心[/] {x}" in text(app, "place")


async def test_nothing_on_the_screen_can_be_selected_with_a_mouse(tmp_path: Path) -> None:
    async with screen(tmp_path) as (_rig, app, pilot):
        await pilot.mouse_down("#place", offset=(2, 1))
        await pilot.hover("#place", offset=(20, 1))
        await pilot.mouse_up("#place", offset=(20, 1))
        assert app.screen.get_selected_text() is None
        assert not app.screen.selections


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (20, 5), (40, 12), (200, 60)])
async def test_a_terminal_of_any_size_is_drawn_on(tmp_path: Path, size: tuple[int, int]) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.resize_terminal(*size)
        rig.entry.swipe(UNKNOWN)
        await seen(pilot, lambda: app.screen.has_class("tone-red"))
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.query_one("#lights").region.bottom <= 24
