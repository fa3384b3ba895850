"""A desk on a small real centre, driven by keys; nothing here sleeps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from textual import _wait, events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from settings import Desk as DeskSettings
from settings import Home, Settings, open_home
from tests.centre import NOW, PIN, Built, copied_centre
from tui.app import DeskApp
from tui.widgets.line_table import LineTable

# The pilot looks whether the desk is idle after each key; a look of 4 ms tells as well as one of 20.
_wait.SLEEP_GRANULARITY = 0.004


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> None:
        """Let time pass."""
        self.now += step


class Desk:
    """A running desk with what a test wants to reach."""

    def __init__(self, app: DeskApp, pilot: Pilot[None], clock: Clock, built: Built | None) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self._built = built

    @property
    def built(self) -> Built:
        """The centre behind the desk."""
        assert self._built is not None
        return self._built

    async def settle(self) -> None:
        """Wait until no worker runs and every message was handled."""
        quiet = 0
        while quiet < 3:
            try:
                await self.app.workers.wait_for_complete()
                quiet += 1
            except WorkerCancelled:
                quiet = 0  # a load that a newer one replaced: the newer one is waited for
            await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys and wait for what they start."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text that may be Chinese, as an input method hands it over."""
        await self.pilot.press(*text)
        await self.pilot.pause()

    async def sign_in(self, number: str = "1003", pin: str = PIN) -> None:
        """Sign in at the desk's own screen, with number and PIN pasted."""
        self.app.post_message(events.Paste(number))
        await self.pilot.press("enter")
        self.app.post_message(events.Paste(pin))
        await self.press("enter")

    def text(self) -> str:
        """Everything on the screen, line by line."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """The screen's lines as they are drawn."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that another thread brings about; the test's own timeout is the deadline."""
        while not holds():
            await self.pilot.pause(0.01)
        await self.settle()


def rows_of(table: LineTable[Any]) -> list[Any]:
    """Every row a table holds."""
    return [table.row_at(place) for place in range(table.row_count)]


# A test moves the clock by hours: only one that is about it wants to find a desk that locked or signed out meanwhile.
STAYS_SIGNED_IN = Settings(desk=DeskSettings(idle_lock_minutes=0, sign_out_hours=0))


@asynccontextmanager
async def open_desk(
    folder: Path,
    *,
    size: tuple[int, int] = (160, 48),
    language: str = "en",
    with_centre: bool = True,
    settings: Settings | None = None,
) -> AsyncIterator[Desk]:
    """Build a centre in ``folder`` and open a desk on it."""
    import locales

    locales.set_language(language)
    built = copied_centre(folder) if with_centre else None
    home = open_home(folder)
    if settings is not None or home.settings == Settings():
        home = Home(home.folder, settings or STAYS_SIGNED_IN)
    clock = Clock()
    app = DeskApp(home, clock=clock)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot, clock, built)
            await desk.until(lambda: app.feed is not None or bool(app.database_trouble))
            yield desk
    finally:
        locales.set_language(locales.DEFAULT_LANGUAGE)
