"""The kiosk's own record of what happened at the door: append-only, hash-chained, durable before the door opens.

One SQLite file, written by one thread. ``synchronous=FULL`` syncs the write-ahead log in every commit; moving the
log into the file, keeping the cursor and the checkpoint wait until nobody has badged for a moment.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from kiosk.journal_file import (
    INSERT_EVENT,
    JOURNAL_FILE,
    Tail,
    journal_error,
    keep_mark,
    make_room,
    mark,
    open_journal,
    recover,
    sqlite_words,
)
from locales import _
from regulation.access import DoorVerdict, Outcome
from regulation.doorlog import DoorEventRecord, Read, event_fields, event_id, record_event
from regulation.ledger import canonical
from regulation.occupancy import Occupancy
from regulation.records import Direction

IDLE_SECONDS: Final = 0.5
"""The housekeeping waits until nothing was recorded for this long."""

CHECKPOINT_EVERY_EVENTS: Final = 256
"""Who is inside is kept after this many events, so that a start replays no more than about so many."""

OWED_EXITS: Final = 1000
"""Exits that were released unrecorded and are recorded late: no more than this are remembered."""

Entry = tuple[Read, DoorVerdict]
WriteState = Literal["waiting", "writing", "done", "failed", "abandoned"]


@dataclass(slots=True, eq=False)
class Writing:
    """A transaction handed to the journal. ``on_end`` is called once, from the journal's thread."""

    entries: tuple[Entry, ...]
    snapshot_version: int
    on_end: Callable[[Writing], None]
    state: WriteState = "waiting"
    events: tuple[DoorEventRecord, ...] = ()
    why: str = ""
    owed_on_failure: bool = False


class Journal:
    """The journal's writer: ``append`` from any thread, written in order by one thread of its own."""

    def __init__(self, folder: Path, kiosk: str) -> None:
        self.file = folder / JOURNAL_FILE
        self._folder = folder
        self._kiosk = kiosk
        self._queue: queue.SimpleQueue[Writing | None] = queue.SimpleQueue()
        self._guard = threading.Lock()  # a writing is begun or abandoned, never both
        self._database: sqlite3.Connection | None = None
        self._tail = Tail()
        self._fault = ""
        self._owed: deque[Entry] = deque(maxlen=OWED_EXITS)
        self._late: deque[DoorEventRecord] = deque()
        self._unannounced: list[DoorEventRecord] = []
        self._on_recorded: list[Callable[[Sequence[DoorEventRecord]], None]] = []
        self._acknowledged = 0
        self._acknowledged_kept = 0
        self._unmoved = 0
        self._has_room = False
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self, patience_seconds: float = 5.0) -> Occupancy:
        """Open the journal and return who is inside. An unusable journal shows in :attr:`fault`."""
        self._thread.start()
        self._opened.wait(patience_seconds)
        occupancy = self._tail.occupancy
        return Occupancy(dict(occupancy.people), dict(occupancy.visits), dict(occupancy.last_entry))

    def on_recorded(self, tell: Callable[[Sequence[DoorEventRecord]], None]) -> None:
        """Tell which events became durable, whenever they did. Called from the journal's thread after whoever waits
        for them; must not block. Before :meth:`start`, or by one who can miss some.
        """
        self._on_recorded.append(tell)

    def stop(self) -> None:
        """Write what is waiting, keep the marks, close the file."""
        self._queue.put(None)
        self._thread.join(5.0)

    @property
    def fault(self) -> str:
        """Why nothing can be recorded now, in words, or an empty string."""
        return self._fault

    @property
    def sequence(self) -> int:
        """The last durable event."""
        return self._tail.sequence

    @property
    def acknowledged(self) -> int:
        """The last event the centre is known to have."""
        return self._acknowledged

    @property
    def owed(self) -> int:
        """Exits released unrecorded that wait to be recorded."""
        return len(self._owed)

    def submit(
        self, entries: Sequence[Entry], snapshot_version: int, on_end: Callable[[Writing], None]
    ) -> Writing:
        """Hand over ``entries``: one transaction, all or none. Exits that fail are recorded as soon as possible."""
        owed = all(read.direction is Direction.OUT for read, _verdict in entries)
        writing = Writing(tuple(entries), snapshot_version, on_end, owed_on_failure=owed)
        self._queue.put(writing)
        return writing

    def append(
        self, entries: Sequence[Entry], snapshot_version: int, patience_seconds: float = 10.0
    ) -> tuple[DoorEventRecord, ...]:
        """Record ``entries`` and return the events; durable on return. Raises :class:`JournalError`."""
        ended = threading.Event()
        writing = self.submit(entries, snapshot_version, lambda _writing: ended.set())
        if not ended.wait(patience_seconds) and self.abandon(writing):
            raise journal_error(self._folder, _("the disk does not answer"))
        if writing.state != "done":
            raise journal_error(self._folder, writing.why)
        return writing.events

    def abandon(self, writing: Writing) -> bool:
        """Give up a writing that takes too long. Return whether it was given up (else it is done or failed).

        One that reaches the disk after all is withdrawn by a record of its own: corrections are additions.
        """
        with self._guard:
            if writing.state in ("done", "failed"):
                return False
            writing.state = "abandoned"
            return True

    def acknowledge(self, sequence: int) -> None:
        """Note that the centre has everything up to ``sequence``; kept when the door is idle."""
        self._acknowledged = sequence

    # --- the journal's thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        self._open()
        self._opened.set()
        recorded_at = time.monotonic()
        while True:
            try:
                writing = self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if time.monotonic() - recorded_at >= IDLE_SECONDS:
                    self._tend()
                    self._announce()
                continue
            if writing is None:
                break
            self._write(writing)
            self._announce()
            recorded_at = time.monotonic()
        self._tend()
        self._close()

    def _write(self, writing: Writing) -> None:
        with self._guard:
            if writing.state == "abandoned":
                return self._owe(writing)
            writing.state = "writing"
        if self._database is None:
            self._open()
        try:
            if self._database is None:
                raise sqlite3.OperationalError(self._fault)
            events = self._insert(self._database, writing.entries, writing.snapshot_version)
        except sqlite3.Error as error:
            self._ended(writing, "failed", why=self._failed(error))
            self._owe(writing)
            return None
        self._fault = ""
        if not self._ended(writing, "done", events):
            self._note_late(events)
            self._tend()
        return None

    def _ended(
        self, writing: Writing, state: WriteState, events: tuple[DoorEventRecord, ...] = (), why: str = ""
    ) -> bool:
        """Tell whoever waits; return whether anyone still did."""
        writing.events, writing.why = events, why
        with self._guard:
            if writing.state == "abandoned":
                return False
            writing.state = state
        writing.on_end(writing)
        return True

    def _insert(
        self, database: sqlite3.Connection, entries: Sequence[Entry], snapshot_version: int
    ) -> tuple[DoorEventRecord, ...]:
        """Write ``entries`` in one transaction; a single one needs no BEGIN and so one call less."""
        events: list[DoorEventRecord] = []
        sequence, previous = self._tail.sequence, self._tail.hash
        for read, verdict in entries:
            sequence += 1
            events.append(record_event(read, verdict, sequence, previous, snapshot_version))
            previous = events[-1].hash
        rows = [(e.sequence, e.previous, e.hash, canonical(event_fields(e)).decode()) for e in events]
        if len(rows) == 1:
            database.execute(INSERT_EVENT, rows[0])
        else:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(INSERT_EVENT, rows)
            database.execute("COMMIT")
        for event in events:
            self._tail.add(event)
        self._unmoved += len(events)
        self._unannounced.extend(events)
        return tuple(events)

    def _announce(self) -> None:
        if self._unannounced:
            events, self._unannounced = self._unannounced, []
            for tell in self._on_recorded:
                tell(events)

    def _owe(self, writing: Writing) -> None:
        if writing.owed_on_failure:
            self._owed.extend(writing.entries)

    def _note_late(self, events: Sequence[DoorEventRecord]) -> None:
        """Remember entries that became durable too late to open the door (an exit stays: it happened)."""
        came_in = (e for e in events if e.direction == Direction.IN.value and Outcome(e.outcome).opens)
        self._late.extend(came_in)

    def _withdraw_late(self, database: sqlite3.Connection) -> None:
        while self._late:
            event = self._late[0]
            proof = (event_id(event.kiosk, event.sequence),)
            verdict = DoorVerdict(
                "refused.cannot_be_recorded", event.person_id, event.visit_id, event.duty_id,
                evidence=proof, limits_version=event.limits_version,
            )  # fmt: skip
            read = Read(event.kiosk, event.reader, Direction.IN, event.badge, True, event.at)
            self._insert(database, ((read, verdict),), event.snapshot_version)
            self._late.popleft()

    def _failed(self, error: sqlite3.Error) -> str:
        """Drop the connection, so that the next writing opens the file anew and finds what is really in it."""
        self._fault = sqlite_words(error)
        self._close()
        return self._fault

    def _open(self) -> None:
        """Open the file and follow the chain's end; on failure :attr:`fault` says why."""
        known = self._tail.sequence
        try:
            self._database = open_journal(self.file)
            tail, found = recover(self._database)
            self._acknowledged_kept = mark(self._database, "acknowledged")[0]
            self._acknowledged = max(self._acknowledged, self._acknowledged_kept)
            self._tail, self._fault = tail, ""
            if self._opened.is_set():  # what a failed write left behind after all
                late = [event for event in found if event.sequence > known]
                self._forget_owed(late)
                self._note_late(late)
        except (sqlite3.Error, OSError, msgspec.DecodeError) as error:
            self._close()
            self._fault = sqlite_words(error)

    def _forget_owed(self, events: Sequence[DoorEventRecord]) -> None:
        kept = {(event.reader, event.at) for event in events}
        self._owed = deque(
            (entry for entry in self._owed if (entry[0].reader, entry[0].at) not in kept), maxlen=OWED_EXITS
        )

    def _close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            try:
                database.close()
            except sqlite3.Error as error:
                self._fault = self._fault or sqlite_words(error)

    def _tend(self) -> None:
        """Housekeeping while nobody badges: owed exits, the marks, the write-ahead log."""
        if self._database is None:
            self._open()
        if self._database is None:
            return
        try:
            self._withdraw_late(self._database)
            while self._owed:
                self._insert(self._database, (self._owed[0],), 0)
                self._owed.popleft()
            self._keep_marks(self._database)
            if not self._has_room:
                self._has_room = True  # or not: a disk without room for it may still have room for events
                make_room(self._database)
            if self._unmoved:
                self._database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                self._unmoved = 0
        except sqlite3.Error as error:
            self._failed(error)

    def _keep_marks(self, database: sqlite3.Connection) -> None:
        if self._acknowledged != self._acknowledged_kept:
            keep_mark(database, "acknowledged", self._acknowledged, b"")
            self._acknowledged_kept = self._acknowledged
            self._unmoved += 1
        if self._tail.sequence - self._tail.checkpoint >= CHECKPOINT_EVERY_EVENTS:
            body = msgspec.json.encode(self._tail.occupancy)
            keep_mark(database, "occupancy", self._tail.sequence, body)
            self._tail.checkpoint = self._tail.sequence
            self._unmoved += 1
