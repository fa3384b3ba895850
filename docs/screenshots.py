"""Make the pictures of README: ``make screenshots``.

The demo's day is played up to a fixed time, then desk and door are photographed in both languages.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

import locales
from docs.picture import save_png, svg_of
from settings import Home, ZhibanError, open_home

FOLDER = Path(__file__).parent / "screenshots"
NOW = datetime(2026, 11, 24, 4, 47, tzinfo=UTC)  # 12:47 at the centre: the middle of an early shift
HISTORY_DAYS = 12
SIZE = (120, 36)
DOOR_SIZE = (132, 38)
LEADER, PIN = "1003", "2580"

# What is pressed after signing in, and what the picture is called.
DESK_PICTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("today", ()),
    ("roster", ("2",)),
    ("handover", ("3",)),
    ("attendance", ("4",)),
    ("leave-swaps", ("5",)),
    ("machine-room", ("6",)),
    ("registers", ("7",)),
    ("regulation", ("8",)),
    ("system", ("9",)),
)


def main() -> int:
    """Play the day, take every picture."""
    from kiosk.demo import play_demo

    try:
        with tempfile.TemporaryDirectory() as folder:
            play_demo(Path(folder) / "demo", now=NOW, history_days=HISTORY_DAYS)
            home = open_home(Path(folder) / "demo")
            for language, suffix in (("zh_CN", "zh"), ("en", "en")):
                locales.set_language(language)
                asyncio.run(_photograph_desk(home, suffix))
                asyncio.run(_photograph_door(suffix))
    except ZhibanError as error:
        print(error, error.next_step, file=sys.stderr)  # noqa: T201  a command's answer
        return 1
    return 0


async def _photograph_desk(home: Home, suffix: str) -> None:
    from tui.app import DeskApp

    app = DeskApp(home, clock=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        await pilot.press(*LEADER, "tab", *PIN, "enter")
        await _settled(pilot)
        for name, keys in DESK_PICTURES:
            await pilot.press(*keys)
            await _settled(pilot)
            save_png(svg_of(app, "zhiban"), FOLDER / f"{name}-{suffix}.png")


async def _photograph_door(suffix: str) -> None:
    """A door on virtual readers: waiting, refusing a stranger, and waiting for a visitor's escort."""
    from kiosk.app import KioskApp
    from tests.kiosk.rig import running_rig
    from tests.kiosk.scene import SNAPSHOT, UNKNOWN, VISITOR

    made: list[KioskApp] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_rig(Path(folder), SNAPSHOT, prepare=lambda kiosk: made.append(KioskApp(kiosk))) as rig,
    ):
        app = made[0]
        async with app.run_test(size=DOOR_SIZE) as pilot:
            if suffix == "en":
                await pilot.press("asterisk")
            for name, badge, tone in (
                ("door", "", "tone-calm"),
                ("door-refused", UNKNOWN, "tone-red"),
                ("door-escort", VISITOR, "tone-amber"),
            ):
                if badge:
                    rig.clock.advance(60)
                    rig.entry.swipe(badge)
                while not app.screen.has_class(tone):
                    await pilot.pause(0.05)
                await _settled(pilot)
                save_png(svg_of(app, "zhiban kiosk"), FOLDER / f"{name}-{suffix}.png")


async def _settled(pilot: Pilot[Any], rounds: Sequence[int] = range(12)) -> None:
    """Wait until the workers of the screen have answered and it is painted."""
    for _round in rounds:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.05)


if __name__ == "__main__":
    sys.exit(main())
