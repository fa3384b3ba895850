"""The journal as a file: its tables, how it is opened, recovered and read, and who may write it."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from locales import _
from regulation.doorlog import DoorEventRecord, passage_of
from regulation.ledger import GENESIS, Link
from regulation.occupancy import Occupancy
from settings import ZhibanError

JOURNAL_FILE: Final = "journal.db"
LOCK_FILE: Final = "kiosk.lock"

BUSY_SECONDS: Final = 1.0
"""How long a writing waits for another program that holds the file."""

BACKSTOP_PAGES: Final = 8192
"""A door that is never idle moves its write-ahead log at this size (32 MiB)."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS event (sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL,
  body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, body BLOB) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS event_is_not_changed BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER IF NOT EXISTS event_is_not_removed BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
"""
ROOM_BYTES: Final = 1024 * 1024
"""How long the write-ahead log is made before it is needed."""

INSERT_EVENT: Final = "INSERT INTO event (sequence, previous, hash, body) VALUES (?, ?, ?, ?)"
_SELECT: Final = (
    "SELECT sequence, previous, hash, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"
)


_STORED: Final = msgspec.json.Decoder(DoorEventRecord)


class JournalError(ZhibanError):
    """The kiosk's journal cannot be used."""


def journal_error(folder: Path, why: str) -> JournalError:
    """Return the error that says, in words, why nothing can be recorded."""
    return JournalError(
        _("The door's journal in {folder} cannot be written: {why}.").format(folder=folder, why=why),
        next_step=_("Entries are refused until it can. Free space on the disk, or check it."),
    )


class WriterLock:
    """Held by the one kiosk that writes in a home; let go by the kernel when the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        """Take the lock in ``folder``. Raises :class:`JournalError` when another kiosk has it."""
        self._file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise JournalError(
                _("Another kiosk is already running in {folder}.").format(folder=folder.parent),
                next_step=_(
                    "One door has one kiosk. Stop the other one, or give this one a home of its own."
                ),
            ) from error

    def release(self) -> None:
        """Let another kiosk start here."""
        os.close(self._file)


@dataclass(slots=True)
class Tail:
    """What follows from the events stored so far."""

    sequence: int = 0
    hash: str = GENESIS
    occupancy: Occupancy = field(default_factory=Occupancy)
    checkpoint: int = 0

    def add(self, event: DoorEventRecord) -> None:
        self.sequence, self.hash = event.sequence, event.hash
        passage = passage_of(event)
        if passage is not None:
            self.occupancy.apply(passage)


class JournalReader:
    """Reads the journal beside its writer, over a connection of its own; for one thread."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._database: sqlite3.Connection | None = None

    def since(self, sequence: int, limit: int) -> tuple[DoorEventRecord, ...]:
        """Return up to ``limit`` events after ``sequence``. Raises :class:`JournalError`."""
        return tuple(_event(row) for row in self._rows(sequence, limit))

    def links(self, batch: int = 1000) -> Iterator[Link]:
        """Yield the whole chain as it is stored, for ``regulation.ledger.check_chain``."""
        last = 0
        while rows := self._rows(last, batch):
            for sequence, previous, own, body in rows:
                last = sequence
                yield Link("door", sequence, previous, own, msgspec.json.decode(body))

    def close(self) -> None:
        """Close the connection."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _rows(self, sequence: int, limit: int) -> list[tuple[int, str, str, str]]:
        try:
            if self._database is None:
                self._database = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, isolation_level=None)
            return self._database.execute(_SELECT, (sequence, limit)).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise journal_error(self._file.parent, sqlite_words(error)) from error


def open_journal(file: Path) -> sqlite3.Connection:
    """Open the journal for writing, making it on first use, private to its owner."""
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    database = sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", f"wal_autocheckpoint={BACKSTOP_PAGES}", "temp_store=MEMORY",
    ):  # fmt: skip
        database.execute(f"PRAGMA {pragma}").fetchall()
    database.executescript(_SCHEMA)
    return database


def make_room(database: sqlite3.Connection) -> None:
    """Grow the write-ahead log once, so that later commits overwrite it instead of making it longer.

    A sync of a file that keeps its length is about twice as fast, and a disk that fills up later still takes some
    250 events. The pages used for it stay in the file as free pages for events.
    """
    database.execute("BEGIN IMMEDIATE")
    database.execute("CREATE TABLE room (filler BLOB)")
    database.execute("INSERT INTO room VALUES (zeroblob(?))", (ROOM_BYTES,))
    database.execute("DROP TABLE room")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def recover(database: sqlite3.Connection) -> tuple[Tail, list[DoorEventRecord]]:
    """Follow the events after the last checkpoint of who is inside; return the end and those events."""
    checkpoint, body = mark(database, "occupancy")
    tail = Tail(checkpoint=checkpoint)
    if checkpoint:
        tail.occupancy = msgspec.json.decode(body, type=Occupancy)
        row = database.execute("SELECT hash FROM event WHERE sequence = ?", (checkpoint,)).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(_("events are missing at its end"))
        tail.sequence, tail.hash = checkpoint, row[0]
    found = []
    for row in database.execute(_SELECT, (checkpoint, -1)):
        event = _event(row)
        tail.add(event)
        found.append(event)
    return tail, found


def _event(row: tuple[int, str, str, str]) -> DoorEventRecord:
    """Read a row back; its body is the record without the two hashes, and ends in a brace."""
    _sequence, previous, own, body = row
    return _STORED.decode(f'{body[:-1]},"previous":"{previous}","hash":"{own}"}}')


def mark(database: sqlite3.Connection, name: str) -> tuple[int, bytes]:
    row = database.execute("SELECT sequence, body FROM mark WHERE name = ?", (name,)).fetchone()
    return (row[0], row[1]) if row else (0, b"")


def keep_mark(database: sqlite3.Connection, name: str, sequence: int, body: bytes) -> None:
    database.execute(
        "INSERT OR REPLACE INTO mark (name, sequence, body) VALUES (?, ?, ?)", (name, sequence, body)
    )


def sqlite_words(error: Exception) -> str:
    """Return in a few words why the file cannot be used."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    known = {
        sqlite3.SQLITE_FULL: _("the disk is full"),
        sqlite3.SQLITE_READONLY: _("it is read-only"),
        sqlite3.SQLITE_CORRUPT: _("the file is damaged"),
        sqlite3.SQLITE_NOTADB: _("the file is damaged"),
        sqlite3.SQLITE_CANTOPEN: _("it cannot be opened"),
        sqlite3.SQLITE_IOERR: _("the disk reports an error"),
        sqlite3.SQLITE_BUSY: _("another program holds it"),
    }
    return known.get(code) or str(error)
