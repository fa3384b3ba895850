"""The Roster screen with 300 people and 62 days: opening it, and from a key to its paint, beside a bare DataTable.

Both show the same two months of the same centre: ours as the whole desk, with the roster, its draft, sums, warnings and
counts, every key planned in the centre's draft while the next one is typed; the toolkit's table as nothing but its
cells, which lead nowhere. A key is over with the first paint after the cell and the cursor have changed.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.screen import Screen
from textual.widgets import DataTable

from operations import drafts, people, publishing
from operations.boundary import SYSTEM
from operations.drafts import Paint
from operations.roster import RosterMonth, roster_month
from regulation.roles import Role
from settings import open_home
from tests.centre import NOW, PIN, PIN_HASH, build_centre
from tui.app import DeskApp
from tui.pauses import keep_pauses_short
from tui.widgets.month_grid import MonthGrid

PEOPLE = int(os.environ.get("ZHIBAN_BENCH_PEOPLE", "300"))
KEYS = int(os.environ.get("ZHIBAN_BENCH_KEYS", "60"))  # a line is 62 days long
FIRST = date(2027, 7, 1)  # July and August, so far ahead that no shift waits to be handed over
DAYS = 62
CYCLE = ("early", "early", "middle", "middle", "night", "night", None, None)
TYPED, MOVES = "emn", ("left", "down")
BETWEEN_KEYS_SECONDS = 0.12  # eight keys a second: a fast typist
SIZE = (200, 60)
LIMIT_MS, OPENING_LIMIT_SECONDS = 50.0, 1.0

Seconds = Sequence[float]


def main() -> None:
    """Fill a centre, open and edit both, print times and ratios."""
    keep_pauses_short()  # as ``zhiban desk`` does
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build_centre(home)
        _fill()
        month = roster_month(SYSTEM, NOW, FIRST, months=2)
        opened, keys, moves = asyncio.run(_desk(home))
        stock_opened, stock_keys, stock_moves = asyncio.run(_stock(month))
    print(f"{PEOPLE} people × {len(month.days)} days at {SIZE[0]} × {SIZE[1]}, {len(keys)} keys")
    print("                              open s   key p50 ms   p95 ms   move p50 ms   p95 ms")
    _line("stock DataTable, cells only", stock_opened, stock_keys, stock_moves)
    _line("Roster screen, to the draft", opened, keys, moves)
    print(
        f"  ratio                       {opened / stock_opened:6.2f}       {_p50(keys) / _p50(stock_keys):6.2f}"
    )
    print(f"  limit                       {OPENING_LIMIT_SECONDS:6.2f}                {LIMIT_MS:6.1f}")


def _line(name: str, opened: float, keys: Seconds, moves: Seconds) -> None:
    figures = f"{_p50(keys):10.1f} {_p95(keys):8.1f}   {_p50(moves):11.1f} {_p95(moves):8.1f}"
    print(f"  {name:<27} {opened:6.2f}   {figures}")


def _p50(seconds: Seconds) -> float:
    return statistics.median(seconds) * 1000


def _p95(seconds: Seconds) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


class _Painting:
    """Notes when a screen has painted: the compositor's own hook into the driver.

    Whoever waits sleeps meanwhile. A loop that asked again and again would hold the interpreter's lock against the
    thread that reads the roster: every row of it gives the lock away once.
    """

    def __init__(self, app: App[None]) -> None:
        self._shows: Callable[[], bool] = lambda: False
        self._painted = asyncio.Event()
        self._at = 0.0
        display = app._display

        def noted(screen: Screen[Any], renderable: Any) -> None:
            display(screen, renderable)
            if not self._painted.is_set() and self._shows():
                self._at = time.perf_counter()
                self._painted.set()

        app._display = noted  # type: ignore[method-assign]

    async def of(self, act: Callable[[], Awaitable[None]], state: Callable[[], object]) -> float:
        """Do something that changes ``state``; return the seconds until the first paint after it has changed."""
        before, started = state(), time.perf_counter()
        self._shows = lambda: state() != before
        self._painted.clear()
        await act()
        await self._painted.wait()
        return self._at - started


async def _desk(folder: Path) -> tuple[float, Seconds, Seconds]:
    app = DeskApp(open_home(folder), clock=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        while app.centre is None:
            await pilot.pause(0.01)
        await pilot.press(*"1003", "enter", *PIN, "enter")
        while app.actor is None:
            await pilot.pause(0.01)
        await app.workers.wait_for_complete()
        painting = _Painting(app)

        async def press(key: str) -> None:
            app.simulate_key(key)

        app.simulate_key("2")
        while not _grid_days(app):
            await pilot.pause(0.01)
        await pilot.press("g", *FIRST.isoformat(), "enter")
        while FIRST not in _grid_days(app):
            await pilot.pause(0.01)
        await pilot.pause(0.2)
        opened = await painting.of(partial(press, "equals_sign"), lambda: len(_grid_days(app)))
        grid = app.screen.query_one(MonthGrid)

        def state() -> object:
            return grid.cursor_person, grid.cursor_day

        keys = [await _spaced(painting, partial(press, TYPED[n % len(TYPED)]), state) for n in range(KEYS)]
        moves = [await _spaced(painting, partial(press, MOVES[n % 2]), state) for n in range(KEYS // 2)]
        await app.workers.wait_for_complete()
    return opened, keys, moves


def _grid_days(app: DeskApp) -> tuple[date, ...]:
    """The days of the grid on the screen; none while it waits for the centre."""
    grids = app.screen.query(MonthGrid)
    return grids.first().shown_days if grids else ()


async def _spaced(
    painting: _Painting, act: Callable[[], Awaitable[None]], state: Callable[[], object]
) -> float:
    taken = await painting.of(act, state)
    await asyncio.sleep(max(0.0, BETWEEN_KEYS_SECONDS - taken))
    return taken


class _Stock(App[None]):
    """The toolkit's own table, with the same frozen names."""

    def __init__(self, month: RosterMonth) -> None:
        super().__init__()
        self._month = month

    def compose(self) -> ComposeResult:
        """The table fills the terminal."""
        yield DataTable(fixed_columns=1)

    def fill(self) -> None:
        """Add all days and people."""
        table = self.query_one(DataTable)
        table.add_columns("name", *(str(day.day) for day in self._month.days))
        for row in self._month.rows:
            table.add_row(row.name, *(cell.short if cell else "·" for cell in row.cells))


async def _stock(month: RosterMonth) -> tuple[float, Seconds, Seconds]:
    app = _Stock(month)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        painting, table = _Painting(app), app.query_one(DataTable)

        async def fill() -> None:
            app.fill()

        opened = await painting.of(fill, lambda: table.row_count)
        table.focus()
        await pilot.pause()

        async def type_in(column: int) -> None:
            table.update_cell_at(Coordinate(table.cursor_row, column), "早" if column % 2 else "夜")
            table.move_cursor(column=column + 1)

        async def move(key: str) -> None:
            app.simulate_key(key)

        def state() -> object:
            return table.cursor_coordinate

        keys = [await _spaced(painting, partial(type_in, 1 + n % (DAYS - 1)), state) for n in range(KEYS)]
        moves = [await _spaced(painting, partial(move, MOVES[n % 2]), state) for n in range(KEYS // 2)]
    return opened, keys, moves


def _fill() -> None:
    """Take on people and publish two months of a rotation and the eight weeks that the rest rules look back on."""
    crew = [
        (people.NewPerson(f"5{n:03}", f"员工{n}", Role.OPERATOR, "甲" if n % 2 else "乙"), PIN_HASH)
        for n in range(PEOPLE - 7)
    ]
    people.add_people(SYSTEM, NOW, crew)
    ids = [row.id for row in people.people(SYSTEM, NOW) if row.role == Role.OPERATOR]
    before, last = FIRST - timedelta(days=60), FIRST + timedelta(days=DAYS - 1)
    for begin in range(0, (last - before).days + 1, 31):
        days = [
            before + timedelta(days=begin + n)
            for n in range(31)
            if before + timedelta(days=begin + n) <= last
        ]
        cells = [
            Paint(person, day, CYCLE[(day.toordinal() + place) % len(CYCLE)])
            for place, person in enumerate(ids)
            for day in days
        ]
        drafts.paint_draft(SYSTEM, NOW, cells, "pattern")
        publishing.publish_draft(SYSTEM, NOW, days[0], days[-1])


if __name__ == "__main__":
    main()
