"""Door events for desk tests: a chain the centre accepts, and very many rows for the virtual table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from operations import door
from operations.boundary import kiosk_actor
from regulation.access import DOOR_CODES
from regulation.doorlog import DoorEventRecord, event_fields
from regulation.ledger import GENESIS, chain_hash, instant_text

KIOSK = "main"
EVERY = timedelta(minutes=5)


def chain(steps: Sequence[tuple[datetime, str, str, int | None]]) -> Iterator[DoorEventRecord]:
    """Make chained events of ``(at, direction, code, person_id)``."""
    previous = GENESIS
    for sequence, (at, direction, code, person_id) in enumerate(steps, start=1):
        known = DOOR_CODES[code]
        event = DoorEventRecord(
            KIOSK, sequence, at, f"reader {direction}", direction, "0000001017", person_id, None, None, None,
            code, known.outcome.value, known.article, "", (), (), "limits", 1, previous, "",
        )  # fmt: skip
        event = replace(event, hash=chain_hash(previous, event_fields(event)))
        previous = event.hash
        yield event


def pass_door(now: datetime, steps: Sequence[tuple[datetime, str, str, int | None]]) -> None:
    """Report events to the centre as the kiosk does."""
    door.record_door_events(kiosk_actor(KIOSK), now, KIOSK, list(chain(steps)))


def fill_door(database: Path, rows: int, until: datetime) -> None:
    """Write ``rows`` door events ending at ``until`` straight into the table: reading them is what is tested."""
    with sqlite3.connect(database) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(door_event)")]
        sample = connection.execute("SELECT * FROM door_event LIMIT 1").fetchone()
        by_name = dict(zip(columns, sample, strict=True))
        by_name.pop("id", None)
        start = connection.execute("SELECT max(sequence) FROM door_event").fetchone()[0]
        names = ", ".join(by_name)
        marks = ", ".join("?" for _ in by_name)
        template = list(by_name.items())

        def values(step: int) -> list[object]:
            at = until - (rows - step) * EVERY
            changed = {"sequence": start + step + 1, "at": instant_text(at), "hash": f"{step:064d}"}
            return [changed.get(name, value) for name, value in template]

        connection.executemany(
            f"INSERT INTO door_event ({names}) VALUES ({marks})", (values(step) for step in range(rows))
        )
    connection.close()
