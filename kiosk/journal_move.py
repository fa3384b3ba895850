"""A journal from before the log: one SQLite file, moved into the log once and kept beside it under another name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from kiosk.journal_disk import sync_folder
from kiosk.journal_file import Marks, write_log
from kiosk.journal_log import Row
from regulation.occupancy import Occupancy

OLD_FILE: Final = "journal.db"


def move_old_journal(home: Path, folder: Path) -> None:
    """Move the events of an old journal in ``home`` into the log in ``folder``, if there is one and no log yet.

    The log appears under its name only when it is whole, so a cut in between changes nothing. Raises ``OSError``.
    """
    old = home / OLD_FILE
    if folder.is_dir() or not old.exists():
        return
    beside = folder.with_suffix(".new")
    for file in beside.glob("*"):
        file.unlink()
    try:
        rows, marks = _read(old)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    write_log(beside, rows, marks)
    beside.rename(folder)
    sync_folder(home)
    for file in home.glob(f"{OLD_FILE}*"):
        file.rename(home / file.name.replace(OLD_FILE, "moved-journal.db"))


def _read(old: Path) -> tuple[list[Row], Marks]:
    with closing(sqlite3.connect(old)) as database:
        found = database.execute("SELECT sequence, previous, hash, body FROM event ORDER BY sequence")
        rows = [(sequence, previous, own, body.encode()) for sequence, previous, own, body in found]
        kept = {name: (at, body) for name, at, body in database.execute("SELECT * FROM mark")}
    checkpoint, inside = kept.get("occupancy", (0, b""))
    occupancy = msgspec.json.decode(inside, type=Occupancy) if inside else Occupancy()
    return rows, Marks(kept.get("acknowledged", (0, b""))[0], checkpoint, occupancy)
