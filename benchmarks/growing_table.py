"""Opening a table of 100,000 door events and moving in it: our virtual table beside the toolkit's DataTable.

Both show the same columns of the same SQLite file. Times are from mounting the table to its first painted rows, and
from pressing End to the painted last row; the first paint of an empty application is not counted.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from textual.app import App
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import DataTable

from operations import door
from operations.boundary import SYSTEM, kiosk_actor
from regulation.access import DoorVerdict
from regulation.doorlog import DoorEventRecord, Read, record_event
from regulation.ledger import GENESIS
from regulation.records import Direction
from tests.centre import NOW, build_centre
from tui.themes import NIGHT, PALETTES, theme_variables
from tui.widgets.line_table import Column
from tui.widgets.virtual_table import VirtualTable

Times = TypeVar("Times")

ROWS = int(os.environ.get("ZHIBAN_BENCH_ROWS", "100000"))
BATCH = 5000
KIOSK = "door"


def main() -> None:
    """Fill a centre with events, open both tables, print times and ratio."""
    with tempfile.TemporaryDirectory() as folder:
        build_centre(Path(folder))
        _fill()
        ours = asyncio.run(timed(_open_virtual))
        stock = asyncio.run(timed(_open_stock))
    print(f"{ROWS:,} door events          open        End key to paint")
    print(f"  stock DataTable     {stock[0]:8.3f} s        {stock[1] * 1000:8.1f} ms")
    print(f"  virtual table       {ours[0]:8.3f} s        {ours[1] * 1000:8.1f} ms")
    print(f"  ratio               {ours[0] / stock[0]:8.3f}")


class _Bench(App[None]):
    """An empty screen that a table is mounted on, in the desk's colours."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The style names that our widgets use."""
        return theme_variables(PALETTES[NIGHT])


async def timed(opening: Callable[[Pilot[None]], Awaitable[Times]]) -> Times:
    """Run ``opening`` on an empty application of our colours; return the times it took."""
    app = _Bench()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        return await opening(pilot)


async def _open_virtual(pilot: Pilot[None]) -> tuple[float, float]:
    def fetch(offset: int, limit: int) -> tuple[int, tuple[door.DoorRow, ...]]:
        page = door.door_events(SYSTEM, NOW, door.DoorFilter(), offset, limit)
        return page.total, page.rows

    columns = [Column(title, width=12) for title in ("time", "way", "who", "code")]
    table: VirtualTable[door.DoorRow] = VirtualTable(columns, lambda r: [Content(t) for t in _cells(r)])
    started = time.perf_counter()
    await pilot.app.mount(table)
    table.set_source(fetch)
    await until(pilot, lambda: table.row_count == ROWS and table.row_at(0) is not None)
    opened = time.perf_counter() - started
    table.focus()
    started = time.perf_counter()
    await pilot.press("end")
    await until(pilot, lambda: table.row_at(ROWS - 1) is not None)
    return opened, time.perf_counter() - started


async def _open_stock(pilot: Pilot[None]) -> tuple[float, float]:
    table: DataTable[str] = DataTable()
    started = time.perf_counter()
    await pilot.app.mount(table)
    table.add_columns("time", "way", "who", "code")
    page = door.door_events(SYSTEM, NOW, door.DoorFilter(), 0, ROWS)
    for row in page.rows:
        table.add_row(*_cells(row))
    await pilot.pause()
    opened = time.perf_counter() - started
    table.focus()
    started = time.perf_counter()
    await pilot.press("ctrl+end")
    await pilot.pause()
    return opened, time.perf_counter() - started


async def until(pilot: Pilot[None], ready: Callable[[], bool]) -> None:
    """Wait until something holds that a thread brings about, and for the paint after it."""
    while not ready():
        await pilot.pause(0.001)
    await pilot.pause()


def _cells(row: door.DoorRow) -> list[str]:
    return [f"{row.at:%H:%M:%S}", row.direction, row.who, row.code]


def _fill() -> None:
    actor, previous, batch = kiosk_actor(KIOSK), GENESIS, list[DoorEventRecord]()
    verdicts = (DoorVerdict("granted", 2), DoorVerdict("released", 2))
    for sequence in range(1, ROWS + 1):
        at = NOW - timedelta(seconds=30 * (ROWS - sequence))
        way = Direction.IN if sequence % 2 else Direction.OUT
        read = Read(KIOSK, way.value, way, "0000001017", True, at)
        event = record_event(read, verdicts[sequence % 2 - 1], sequence, previous, 1)
        previous = event.hash
        batch.append(event)
        if len(batch) == BATCH or sequence == ROWS:
            door.record_door_events(actor, NOW, KIOSK, batch)
            batch = []


if __name__ == "__main__":
    main()
