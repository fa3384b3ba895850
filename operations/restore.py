"""Restoring a backup: loaded beside what is there, verified, and only then put in its place.

Until the last step the old data stands untouched, and that step is one: for SQLite a rename, for PostgreSQL the end of
the transaction in which everything was done. Killed anywhere, a home has the old data or the new. The old is kept
aside, under a name with the time.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import models
from locales import N_, _
from operations import row_ids, store
from operations.backup import Tell, only_one
from operations.backup_runs import RESTORE, RunRow, note_restore
from operations.backup_stream import BackupReader, Header, Manifest, Row, TableBegins, altered
from operations.backup_tables import TableLoader, digest_of, empty_tables, references_later
from operations.boundary import SYSTEM
from operations.errors import BackupError
from operations.restore_place import set_postgresql_aside, sqlite_place
from operations.search_index import fill_index
from operations.verify import verify
from settings import SETTINGS_FILE, Home, ZhibanError

if TYPE_CHECKING:
    from pyrage import x25519

LOADING, COMPARING, VERIFYING = (
    N_("loading the tables"),
    N_("comparing with the manifest"),
    N_("following the chains"),
)
SETTINGS_ASIDE = "settings.from-backup.toml"


@dataclass(frozen=True, slots=True)
class Restored:
    """A centre that came back: from which backup, what was put aside, and how many of its chains do not hold."""

    header: Header
    manifest: Manifest
    aside: str
    breaks: int
    settings_file: Path | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read to its end and is what was written."""

    header: Header
    manifest: Manifest


def check_backup(file: Path, key: x25519.Identity) -> Checked:
    """Read a backup from its first byte to its last; raises :class:`BackupError` where it is not what was written."""
    reader = BackupReader(file)
    manifest = reader.read(key)
    return Checked(_header_of(reader), manifest)


def restore_backup(
    now: datetime, home: Home, file: Path, key: x25519.Identity, *, tell: Tell, accept_breaks: bool = False
) -> Restored:
    """Put what is in a backup in the place of the centre of ``home``; nothing else may have that centre open.

    Raises :class:`BackupError` for a backup that is altered, has another key, comes from a newer version, or whose
    chains do not hold (unless ``accept_breaks``: a centre whose records were touched is still worth more than none).
    """
    with only_one(home):
        work = _Restore(file, key, tell, accept_breaks, now, _ids_given_at(home))
        if home.database_url.startswith("sqlite"):
            target = store.file_of(home.database_url)
            with sqlite_place(target, now) as place:
                loading, breaks = work.run(place.aside)
                place.take()
                aside = place.aside
        else:
            store.open_database(home.database_url)
            with store.connected(), models.database.atomic():
                aside = set_postgresql_aside(now)
                loading, breaks = work.run(aside)
        settings = _settings_aside(home, loading.settings)
    return Restored(_header_of(loading), _manifest_of(loading), aside, breaks, settings)


@dataclass
class _Restore:
    """A restore under way into the empty database that is open."""

    file: Path
    key: x25519.Identity
    tell: Tell
    accept_breaks: bool
    now: datetime
    replaced_ids: dict[str, int]

    def run(self, aside: str) -> tuple[_Loading, int]:
        """Load, compare, bring up to date, verify, and keep that it was restored; return what was read, and breaks."""
        loading = _Loading(self.file, self.tell)
        with store.connected():
            with loading.transaction:
                manifest = loading.read(self.key)
            self.tell(COMPARING, 0, manifest.rows)
            store.read(lambda: self._compare(loading, manifest))
        store.migrate()
        store.write(lambda: fill_index(models.database.obj))
        store.write(lambda: self._count_on(_header_of(loading)))
        breaks = self._verify(manifest)
        run = RunRow(
            RESTORE, self.now, SYSTEM.work_number, self.file.name, str(self.file.parent)[-255:],
            self.file.stat().st_size, manifest.rows, manifest.sha256, "", aside[-200:],
        )  # fmt: skip
        header = _header_of(loading)
        note_restore(SYSTEM, self.now, run, made_at=header.made_at, product=header.product, breaks=breaks)
        return loading, breaks

    def _count_on(self, header: Header) -> None:
        """A door's journal knows more than the backup: no row to come may have an id that it names."""
        age = self.now - datetime.fromisoformat(header.made_at)
        row_ids.count_on_beyond(header.ids, age, self.replaced_ids)

    def _compare(self, loading: _Loading, manifest: Manifest) -> None:
        """What the database says now is what the backup says, to the byte."""
        for table in loading.tables:
            if digest_of(table) != manifest.tables[table.name]:
                raise BackupError(
                    _("Table {table} did not come back as it was.").format(table=table.name),
                    next_step=_(
                        "Nothing was replaced. Check the disk and try again, or take another backup."
                    ),
                )

    def _verify(self, manifest: Manifest) -> int:
        self.tell(VERIFYING, 0, manifest.rows)
        report = verify(SYSTEM, self.now)
        heads = {(head.chain, head.sequence, head.hash) for head in report.heads}
        broken = {found.chain for found in report.breaks}
        lost = [head for head in manifest.heads if tuple(head) not in heads and head[0] not in broken]
        if lost or (report.breaks and not self.accept_breaks):
            raise BackupError(
                _("The records in {file} do not hold.").format(file=self.file.name),
                article=33,
                next_step=_(
                    "Nothing was replaced. Take another backup; --accept-breaks restores this one all the same."
                ),
            )
        return len(report.breaks)


class _Loading(BackupReader):
    """Loads a backup's rows into the open database while it reads them."""

    def __init__(self, file: Path, tell: Tell) -> None:
        super().__init__(file)
        self.tables: list[TableBegins] = []
        self._tell = tell
        self._loader: TableLoader | None = None
        self._done = 0
        self.transaction = ExitStack()

    def begun(self, header: Header) -> None:
        """Refuse what is newer than this program; the tables are empty and as old as the backup."""
        known = {migration.name for migration in store.migrations() if migration.path}
        if not set(header.migrations) <= known or not header.migrations:
            raise BackupError(
                _("{file} was made by a newer version of this program ({version}).").format(
                    file=self.file.name, version=header.product
                ),
                next_step=_("Install that version, then restore."),
            )
        # Before the transaction: SQLite changes a table in safety only outside of one.
        store.migrate_to(header.migrations[-1])
        self.transaction.enter_context(models.database.atomic())
        empty_tables()
        self.transaction.enter_context(references_later())

    def table_begins(self, table: TableBegins) -> None:
        """Open the table."""
        self.tables.append(table)
        self._loader = TableLoader(table)
        self._tell(LOADING, self._done, 0)

    def row(self, values: Row) -> None:
        """Load a row."""
        self._done += 1
        if self._loader is not None:
            self._loader.add(values)

    def table_ends(self, table: TableBegins) -> None:  # noqa: ARG002  it is the one that began
        """Write what waits."""
        if self._loader is not None:
            self._loader.end()


def _header_of(reader: BackupReader) -> Header:
    if reader.header is None:
        raise altered(reader.file)
    return reader.header


def _manifest_of(reader: BackupReader) -> Manifest:
    if reader.manifest is None:
        raise altered(reader.file)
    return reader.manifest


def _settings_aside(home: Home, text: str) -> Path | None:
    """Lay the backup's settings beside this machine's own: ports and addresses are the machine's, not the centre's."""
    own = home.folder / SETTINGS_FILE
    if not text or (own.exists() and own.read_text(encoding="utf-8") == text):
        return None
    file = home.folder / SETTINGS_ASIDE
    file.unlink(missing_ok=True)
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as beside:
        beside.write(text)
    return file


def _ids_given_at(home: Home) -> dict[str, int]:
    """Return the ids that the centre to be replaced has given; none where there is none, or none that can be read."""
    if not centre_there(home):
        return {}
    store.open_database(home.database_url, create=False)
    try:
        return store.read(row_ids.ids_given)
    except ZhibanError:
        return {}
    finally:
        store.close_database()


def centre_there(home: Home) -> str:
    """Return the name of the centre that a restore would replace; a file that is damaged has its own as name."""
    if home.database_url.startswith("sqlite") and not store.file_of(home.database_url).exists():
        return ""
    store.open_database(home.database_url, create=False)
    try:
        return store.read(lambda: str(models.Centre.get().name)) if store.is_set_up() else ""
    except ZhibanError:
        return home.database_url if home.database_url.startswith("sqlite") else ""
    finally:
        store.close_database()
