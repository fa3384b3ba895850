"""The last step of a restore: what was loaded takes the place of the centre, in one step, and the old goes aside."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import models
from locales import _
from operations import store
from operations.backup import STAMP, sync_folder
from operations.errors import BackupError, Conflict

BESIDE = ("", "-wal", "-shm", "-journal", ".migrate.lock")
HOLD_SECONDS = 1.0
LOOK_SECONDS = 0.1


@dataclass(slots=True)
class SqlitePlace:
    """Where a restore of a SQLite home works: ``fresh`` is open; ``aside`` is what the old file will be called."""

    target: Path
    fresh: Path
    aside: str

    def take(self) -> None:
        """Put the fresh file in the place of the old; the old one gets its second name first, so it is never nameless."""
        _close_into_one_file(self.fresh)
        if self.aside:
            kept = self.target.with_name(self.aside)
            # Only a damaged file still has these, and SQLite would read them into whatever comes into its place.
            for end in ("-wal", "-shm", "-journal"):
                beside = self.target.with_name(self.target.name + end)
                if beside.exists():
                    beside.replace(kept.with_name(kept.name + end))
            # A restore that was cut short here has given the name already.
            if not (kept.exists() and kept.samefile(self.target)):
                os.link(self.target, kept)
            sync_folder(self.target.parent)
        self.fresh.replace(self.target)
        sync_folder(self.target.parent)


@contextmanager
def sqlite_place(target: Path, now: datetime) -> Iterator[SqlitePlace]:
    """Keep everyone out of ``target`` and open an empty database beside it; what is left of that at the end goes."""
    fresh = target.with_name(f".{target.name}.restoring")
    aside = f"{target.stem}.before-{now.astimezone(UTC):{STAMP}}.db" if target.exists() else ""
    with _alone_with(target):
        _remove(fresh)
        store.open_database(f"sqlite:///{quote(str(fresh))}")
        try:
            yield SqlitePlace(target, fresh, aside)
        finally:
            store.close_database()
            _remove(fresh)


def set_postgresql_aside(now: datetime) -> str:
    """Rename the schema the centre lies in and make an empty one (inside the restore's transaction); return its name.

    Until the transaction ends, everyone else sees the old; whoever would write waits, and then finds the new.
    """
    execute = models.database.execute_sql
    if _others_connected():
        raise _in_use()
    if not models.database.get_tables():
        return ""
    if models.database.table_exists("change_counter"):
        execute("LOCK TABLE change_counter IN ACCESS EXCLUSIVE MODE")
    schema = execute("SELECT current_schema()").fetchone()[0]
    aside = f"before_{now.astimezone(UTC):%Y%m%dT%H%M%Sz}".lower()
    execute(f'ALTER SCHEMA "{schema}" RENAME TO {aside}')
    execute(f'CREATE SCHEMA "{schema}"')
    return aside


def _others_connected() -> bool:
    """Whether anybody else has the database open; a connection that has just ended is shown for a moment longer."""
    until = time.monotonic() + HOLD_SECONDS
    while True:
        # The server answers for one transaction what it has seen first, unless it is told to look again.
        models.database.execute_sql("SELECT pg_stat_clear_snapshot()")
        others = models.database.execute_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()[0]
        if not others or time.monotonic() > until:
            return bool(others)
        time.sleep(LOOK_SECONDS)


@contextmanager
def _alone_with(file: Path) -> Iterator[None]:
    """Hold ``file`` so that no desk, no door and no command can open it; a file that is damaged cannot be held.

    Out of its write-ahead log the file is whole by itself: the log could not be taken for the new file's.
    """
    if not file.exists():
        yield
        return
    url = f"file:{quote(str(file.absolute()))}?mode=rw"
    with closing(sqlite3.connect(url, uri=True, timeout=HOLD_SECONDS, isolation_level=None)) as held:
        try:
            held.execute("PRAGMA journal_mode = DELETE").fetchone()
            held.execute("BEGIN EXCLUSIVE")
            if held.execute("PRAGMA journal_mode").fetchone() != ("delete",):
                raise _in_use()  # somebody came between the two
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise _in_use() from error
            raise BackupError(
                _("{file} cannot be put aside: {why}.").format(file=file, why=error),
                next_step=_("Make the home folder yours with chown."),
            ) from error
        except sqlite3.DatabaseError:
            yield
            return
        yield


def _in_use() -> Conflict:
    return Conflict(
        _("This centre is in use: a desk, a door or another command has it open."),
        next_step=_("Close every desk, stop the door (systemctl stop zhiban-kiosk), then restore."),
    )


def _close_into_one_file(file: Path) -> None:
    """Bring everything into the file itself and to the disk."""
    with store.connected():
        models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        models.database.execute_sql("PRAGMA journal_mode = DELETE").fetchone()
    store.close_database()
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(file: Path) -> None:
    for end in BESIDE:
        file.with_name(file.name + end).unlink(missing_ok=True)
