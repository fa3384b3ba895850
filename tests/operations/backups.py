"""What the tests of backups share: a home around a database, a backup of it, and a look at all it holds."""

from __future__ import annotations

from pathlib import Path

import models
from operations import backup, backup_tables, store
from operations.backup import BackupMade
from operations.backup_key import ensure_key, key_file
from operations.backup_stream import TableDigest
from operations.boundary import SYSTEM
from settings import Backup, Database, Home, Settings, open_home
from tests.centre import NOW


def silent(_what: str, _done: int, _of: int) -> None:
    """Hear how far it is, and say nothing."""


def home_of(folder: Path, url: str = "", backups: Backup | None = None) -> Home:
    """A home below ``folder`` whose centre is at ``url``, or in its own SQLite file."""
    home = open_home(folder / "home")
    return Home(home.folder, Settings(database=Database(url), backup=backups or Backup()))


def backed_up(home: Home, to: Path | None = None) -> BackupMade:
    """Back up a home's centre."""
    store.open_database(home.database_url)
    return backup.make_backup(SYSTEM, NOW, home, to, tell=silent)


def same_key(from_home: Home, home: Home) -> None:
    """Give a home another's key, as its paper would."""
    key_file(home.folder).write_bytes(key_file(from_home.folder).read_bytes())
    ensure_key(home.folder, NOW)


def content() -> dict[str, TableDigest]:
    """Every table of the open database, but what a backup and a restore themselves write."""
    own = {"audit_record", "backup_run", "change_counter"}

    def look() -> dict[str, TableDigest]:
        tables = backup_tables.kept_tables()
        return {table.name: backup_tables.digest_of(table) for table in tables if table.name not in own}

    return store.read(look)


def audited() -> list[str]:
    """What the audit chain says was done, in order."""
    record = models.AuditRecord
    return store.read(lambda: [row.action for row in record.select().order_by(record.sequence)])
