"""A register of 100,000 records: opened, filtered, searched, moved in; beside a plain DataTable and bare SQL.

Both tables show the same columns of the same SQLite file. Times are from mounting a table to its first painted rows, and
from a key to the painted row; the bare query reads the same rows with nothing of ours around it.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import DataTable

import models
from benchmarks.growing_table import timed, until
from operations import register_views, store
from operations.boundary import Actor
from operations.register_views import RecordFilter, RecordRow
from regulation.search_text import folded
from tests.centre import NOW, TODAY, Built, build_centre
from tui.register_sources import Source, books, source_of
from tui.widgets.line_table import Column
from tui.widgets.virtual_table import VirtualTable

ROWS = int(os.environ.get("ZHIBAN_BENCH_ROWS", "100000"))
BATCH = 2000
TIMES = 7
DAYS = 1500
KINDS = ("eating", "chatting", "untidy", "private_call", "dress")
PAGE = "SELECT * FROM register_record WHERE register = 'patrol' ORDER BY day DESC, id DESC LIMIT 200"
WORD = "SELECT * FROM register_record WHERE register = 'patrol' AND folded LIKE ? ORDER BY day DESC, id DESC LIMIT 200"
RARE = f"第{ROWS // 2}次"


def main() -> None:
    """Fill a centre with patrols, read them in every way the screen does, print times and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_centre(Path(folder))
        _fill(built)
        leader = built.actors["1003"]
        _print_queries(leader, built.ids["1017"])
        source = next(source_of(b) for b in books(leader, NOW) if b.register.key == "patrol")
        ours = asyncio.run(timed(lambda pilot: _open_ours(pilot, source, leader)))
        stock = asyncio.run(timed(lambda pilot: _open_stock(pilot, leader)))
    print(f"\n{ROWS:,} records            open        End to paint   Down to paint")
    for name, (opened, ended, moved) in (("stock DataTable", stock), ("virtual table", ours)):
        print(f"  {name:18} {opened:8.3f} s {ended * 1000:12.1f} ms {moved * 1000:12.1f} ms")
    print(f"  ratio              {ours[0] / stock[0]:8.3f}")


def _print_queries(leader: Actor, person_id: int) -> None:
    def page(wanted: RecordFilter = RecordFilter(), **place: Any) -> Callable[[], object]:  # noqa: B008
        return lambda: register_views.records(leader, NOW, "patrol", wanted, **place)

    def bare(sql: str, *given: str) -> Callable[[], object]:
        return lambda: store.read(lambda: models.database.execute_sql(sql, given).fetchall())

    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("bare SQL, first page", bare(PAGE)),
        ("first page", page()),
        ("page after 50,000", page(after=(TODAY - timedelta(days=DAYS // 2), ROWS))),
        ("page 90,000 down at once", page(skip=ROWS * 9 // 10)),
        ("what waits", page(RecordFilter(waiting=True))),
        ("what is overdue", page(RecordFilter(overdue=True))),
        ("one person's", page(RecordFilter(person_id=person_id))),
        ("one article's", page(RecordFilter(article=17))),
        (
            "one month's",
            page(RecordFilter(first=TODAY - timedelta(days=60), last=TODAY - timedelta(days=30))),
        ),
        ("bare SQL, a rare word", bare(WORD, f"%{RARE}%")),
        ("a rare word", page(RecordFilter(text=RARE))),
        ("how many there are", lambda: register_views.record_count(leader, NOW, "patrol")),
        ("every register's counts", lambda: register_views.register_books(leader, NOW)),
    )
    print(f"{ROWS:,} records, median of {TIMES}")
    for name, ask in asked:
        print(f"  {name:28} {_median_seconds(ask) * 1000:8.1f} ms")


def _median_seconds(ask: Callable[[], object]) -> float:
    taken = []
    for _n in range(TIMES):
        started = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - started)
    return median(taken)


async def _open_ours(pilot: Pilot[None], source: Source, leader: Actor) -> tuple[float, float, float]:
    columns = [Column(title, width=12) for title in ("number", "day", "what", "state")]
    table: VirtualTable[RecordRow] = VirtualTable(
        columns, lambda row: [Content(text) for text in _cells(row)]
    )
    started = time.perf_counter()
    await pilot.app.mount(table)
    table.set_source(source.window(leader, lambda: NOW, RecordFilter()))
    await until(pilot, lambda: table.row_count == ROWS and table.row_at(0) is not None)
    opened = time.perf_counter() - started
    table.focus()
    moved = await _key(pilot, "down", TIMES)
    started = time.perf_counter()
    await pilot.press("end")
    await until(pilot, lambda: table.row_at(ROWS - 1) is not None)
    return opened, time.perf_counter() - started, moved


async def _open_stock(pilot: Pilot[None], leader: Actor) -> tuple[float, float, float]:
    table: DataTable[str] = DataTable()
    started = time.perf_counter()
    await pilot.app.mount(table)
    table.add_columns("number", "day", "what", "state")
    for row in register_views.records(leader, NOW, "patrol", limit=ROWS).rows:
        table.add_row(*_cells(row))
    await pilot.pause()
    opened = time.perf_counter() - started
    table.focus()
    moved = await _key(pilot, "down", TIMES)
    return opened, await _key(pilot, "ctrl+end"), moved


async def _key(pilot: Pilot[None], key: str, times: int = 1) -> float:
    taken = []
    for _n in range(times):
        started = time.perf_counter()
        await pilot.press(key)
        await pilot.pause()
        taken.append(time.perf_counter() - started)
    return median(taken)


def _cells(row: RecordRow) -> list[str]:
    return [str(row.number), row.day.isoformat(), str(row.values["what"])[:12], row.state]


def _fill(built: Built) -> None:
    chance, people = random.Random(7), list(built.ids.values())

    def row(number: int) -> dict[str, object]:
        day: date = TODAY - timedelta(days=chance.randrange(DAYS))
        waits = chance.random() < 0.02
        what = f"第{number}次巡查 {chance.choice(('桌面有水杯', '小声聊天', '未着工装', '接打私人电话'))}"
        return {
            "register": "patrol",
            "number": number,
            "state": "open" if waits else "settled",
            "article": chance.choice((15, 16, 17)),
            "day": day,
            "about": chance.choice(people),
            "reporter": people[0],
            "opened_at": NOW,
            "due_at": NOW + timedelta(hours=chance.randrange(-40, 40)) if waits else None,
            "closed_at": None if waits else NOW,
            "values": {
                "patrolled_on": day.isoformat(),
                "zone": "seats",
                "kind": chance.choice(KINDS),
                "person": "1017",
                "what": what,
            },
            "folded": folded(what),
        }

    def insert() -> None:
        for first in range(1, ROWS + 1, BATCH):
            models.RegisterRecord.insert_many(
                [row(number) for number in range(first, min(first + BATCH, ROWS + 1))]
            ).execute()

    store.write(insert)


if __name__ == "__main__":
    main()
