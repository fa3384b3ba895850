"""The machine room: who is inside, what the door saw, who may come."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.widgets import Input

from operations import door, visits
from operations.boundary import kiosk_actor
from regulation.ledger import instant_text
from tests.centre import NOW, SHIFT_STARTS
from tests.tui.desk import Desk, open_desk, rows_of
from tests.tui.door import KIOSK, fill_door, pass_door
from tui.widgets.virtual_table import VirtualTable

ROWS = 100_000


def some_passages(desk: Desk) -> None:
    """Two come in, a stranger is refused."""
    ids = desk.built.ids
    pass_door(
        NOW,
        [
            (SHIFT_STARTS - timedelta(minutes=12), "in", "granted", ids["1017"]),
            (SHIFT_STARTS + timedelta(minutes=6), "in", "granted.relief_late", ids["1021"]),
            (SHIFT_STARTS + timedelta(minutes=12), "in", "refused.unknown_badge", None),
        ],
    )


async def test_events_show_newest_first_with_reason_and_article(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        some_passages(desk)
        await desk.sign_in()
        await desk.press("6")
        lines = [line for line in desk.lines() if "Art. 2" in line]
        assert "✗" in lines[0]
        assert "Unknown badge" in lines[0]
        assert "刘洋" in lines[1]
        assert "Art. 21" in lines[1]
        assert "Inside now: 2" in desk.text()


async def test_slash_finds_a_person_and_o_shows_only_refusals(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        some_passages(desk)
        await desk.sign_in()
        await desk.press("6", "slash")
        await desk.type("1021")
        await desk.press("enter")
        table: VirtualTable[Any] = desk.app.screen.query_one("#events", VirtualTable)
        assert table.row_count == 1
        assert table.current is not None
        assert table.current.who == "刘洋"
        await desk.press("escape")
        assert table.row_count == 3
        await desk.press("o")
        assert table.row_count == 0, "first the alarms: there is none"
        await desk.press("o")
        assert [row.code for row in rows_of(table)] == ["refused.unknown_badge"]


async def test_enter_shows_the_event_with_its_record(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        some_passages(desk)
        await desk.sign_in()
        await desk.press("6", "enter")
        assert "door:main-3" in desk.text()
        assert "Visitors: press 1 to register" in desk.text()


async def test_the_health_of_the_readers_is_said_in_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        parts = {"reader in": "ok", "reader out": "missing"}
        door.report_kiosk(kiosk_actor(KIOSK), NOW, KIOSK, parts, 0, 1)
        await desk.sign_in()
        await desk.press("6")
        assert "✓ in touch" in desk.text()
        assert "✗ not plugged in" in desk.text()
        desk.clock.advance(timedelta(minutes=5))
        desk.app.data_version += 1
        await desk.settle()
        assert "✗ silent since 22:30" in desk.text()


async def test_v_registers_a_visit_in_advance_and_a_approves_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("6", "v", "ctrl+s")
        assert "name is needed" in desk.text()
        screen = desk.app.screen
        screen.query_one("#visitor", Input).value = "张工"
        await desk.press("ctrl+s")
        assert "work order number" in desk.text(), "a reason that needs a reference asks for it"
        screen.query_one("#reference", Input).value = "4471"
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(desk.app.board and desk.app.board.waiting))
        await desk.press("a")
        leader = desk.built.actors["1003"]

        def approved() -> bool:
            day = NOW.astimezone(desk.app.zone).date()
            return [row.state for row in visits.visits_on(leader, NOW, day)] == ["approved"]

        await desk.until(approved)


async def test_a_hundred_thousand_events_open_at_once_and_are_read_by_page(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        some_passages(desk)
        fill_door(tmp_path / "centre.db", ROWS, NOW)
        await desk.sign_in()
        await desk.pilot.press("6")
        table: VirtualTable[Any] = desk.app.screen.query_one("#events", VirtualTable)
        await desk.until(lambda: table.row_count > ROWS)
        assert table.row_count == ROWS + 3
        await desk.press("end")
        await desk.until(lambda: table.current is not None)
        assert len(table._pages) < 10, "only what was looked at is in memory"


async def test_news_at_the_top_do_not_move_what_is_being_read(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        some_passages(desk)
        fill_door(tmp_path / "centre.db", 500, NOW - timedelta(minutes=1))
        await desk.sign_in()
        await desk.press("6")
        table: VirtualTable[Any] = desk.app.screen.query_one("#events", VirtualTable)
        await desk.press(*["pagedown"] * 5)
        await desk.until(lambda: table.current is not None)
        assert table.current is not None
        reading = table.current.sequence
        before = table.row_count
        _one_more(tmp_path / "centre.db")
        await desk.until(lambda: table.row_count == before + 1 and table.current is not None)
        assert table.current.sequence == reading


def _one_more(database: Path) -> None:
    """Another door's event, a moment ago."""
    with sqlite3.connect(database) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(door_event)")]
        newest = dict(
            zip(columns, connection.execute("SELECT * FROM door_event LIMIT 1").fetchone(), strict=True)
        )
        newest |= {"id": None, "kiosk": "side", "at": instant_text(NOW), "hash": "f" * 64}
        marks = ", ".join("?" for _ in columns)
        connection.execute(f"INSERT INTO door_event VALUES ({marks})", [newest[name] for name in columns])
    connection.close()
