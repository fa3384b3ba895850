"""Making a backup (Art. 32): the whole centre at one moment in one encrypted file, read back before it counts.

The desk goes on meanwhile: the tables are read in one transaction that holds nobody up. The file is written under a
name nothing takes for a backup, brought to the disk, read again from its first byte to its last, and only then named.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import models
from locales import N_, _
from operations import row_ids, store
from operations.backup_key import ensure_key
from operations.backup_runs import BACKUP, RunRow, failure_words, note_backup
from operations.backup_stream import (
    BackupReader,
    Header,
    Manifest,
    TableBegins,
    TableDigest,
    encrypt_lines,
    head_lines,
    manifest_line,
    row_line,
    table_line,
)
from operations.backup_tables import applied_migrations, count_rows, kept_tables, rows_of
from operations.boundary import Actor, require
from operations.centre import the_centre
from operations.errors import BackupError, Conflict
from operations.permissions import Action
from operations.verify import chain_heads
from regulation.ledger import instant_text
from settings import SETTINGS_FILE, Home, ZhibanError

if TYPE_CHECKING:
    from pyrage import x25519

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much is done, of how much. What it raises stops the backup."""

SUFFIX = ".zbk"
PART_SUFFIX = ".part"
STAMP = "%Y%m%dT%H%M%SZ"
LONGEST_NAME = 40
TELL_ROWS = 500
UNREAD = "unread"
WRITING, READING = N_("writing the backup"), N_("reading it back")

_NAME = re.compile(r"zhiban-.+-\d{8}T\d{6}Z" + re.escape(SUFFIX))
_STAMP_LENGTH = len("20261128T000000Z") + len(SUFFIX)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written and read back; ``pruned`` names the older ones that made room for it."""

    file: Path
    at: datetime
    size_bytes: int
    manifest: Manifest
    pruned: tuple[str, ...]


def make_backup(actor: Actor, now: datetime, home: Home, to: Path | None = None, *, tell: Tell) -> BackupMade:
    """Back up the centre of ``home`` into its backup folder, or into ``to``.

    Only after a good one, and only in the home's own folder, the oldest beyond ``[backup] keep`` go. A failure is
    kept, so that the desk shows it. Raises :class:`BackupError`, and :class:`Conflict` while another is being made.
    """
    store.refuse_newer()
    store.read(lambda: require(actor, Action.KEEP_BACKUPS))
    folder = to if to is not None else home.backup_folder
    try:
        with only_one(home):
            made = _made(now, home, folder, tell)
    except OSError as error:
        raise _failed(actor, now, folder, error) from error
    note_backup(actor, now, _run(actor, made))
    pruned = _prune(made.file, home.settings.backup.keep) if to is None else ()
    return BackupMade(made.file, now, made.size_bytes, made.manifest, pruned)


def backup_files(folder: Path) -> list[Path]:
    """Return the finished backups in a folder, newest first; none where there is no such folder."""
    try:
        found = [file for file in folder.iterdir() if _NAME.fullmatch(file.name)]
    except OSError:
        return []
    return sorted(found, key=lambda file: file.name[-_STAMP_LENGTH:], reverse=True)


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Let one process at a time make or restore a backup of a home; it is let go when the process ends, however."""
    with (home.run_folder / "backup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                _("A backup of this home is being made or restored."), next_step=_("Wait until it is done.")
            ) from None
        yield


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _made(now: datetime, home: Home, folder: Path, tell: Tell) -> BackupMade:
    if folder == home.folder / "backups":
        folder.mkdir(mode=0o700, exist_ok=True)
    key = ensure_key(home.folder, now)
    centre = store.read(lambda: str(the_centre().name))
    file = folder / f"zhiban-{_plain_name(centre)}-{now.astimezone(UTC):{STAMP}}{SUFFIX}"
    part = file.with_name(f".{file.name}{PART_SUFFIX}")
    _clear_parts(folder)
    try:
        manifest = _write(part, now, home, key, tell)
        _read_back(part, key, manifest, tell)
        part.replace(file)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    sync_folder(folder)
    return BackupMade(file, now, file.stat().st_size, manifest, ())


def _write(part: Path, now: datetime, home: Home, key: x25519.Identity, tell: Tell) -> Manifest:
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        lines = _Lines(now, home, tell)
        store.read(lambda: encrypt_lines(iter(lines), out, key))
        out.flush()
        os.fsync(out.fileno())
    return lines.manifest


@dataclass
class _Lines:
    """The lines of a backup, made while they are written (inside one transaction); the manifest is known afterwards."""

    now: datetime
    home: Home
    tell: Tell
    manifest: Manifest = field(default_factory=lambda: Manifest({}, ()))

    def __iter__(self) -> Iterator[bytes]:
        whole = hashlib.sha256()
        for line in self._content():
            whole.update(line)
            yield line
        self.manifest = Manifest(self.manifest.tables, self.manifest.heads, whole.hexdigest())
        yield manifest_line(self.manifest)

    def _content(self) -> Iterator[bytes]:
        yield from head_lines(_header(self.now), _settings_text(self.home))
        tables, found, done = kept_tables(), {}, 0
        total = sum(count_rows(table) for table in tables)
        for table in tables:
            yield table_line(table)
            digest, begun = hashlib.sha256(), done
            for row in rows_of(table):
                if done % TELL_ROWS == 0:
                    self.tell(WRITING, done, total)
                done += 1
                line = row_line(row)
                digest.update(line)
                yield line
            found[table.name] = TableDigest(done - begun, digest.hexdigest())
        heads = tuple((head.chain, head.sequence, head.hash) for head in chain_heads())
        self.manifest = Manifest(found, heads)


def _header(now: datetime) -> Header:
    centre = the_centre()
    kind = "PostgreSQL" if store.is_postgresql() else "SQLite"
    keys = tuple(sorted(row.number for row in models.SealingKey.select()))
    return Header(
        version("zhiban"), centre.name, centre.time_zone, instant_text(now), kind, applied_migrations(), keys,
        row_ids.ids_given(),
    )  # fmt: skip


def _settings_text(home: Home) -> str:
    file = home.folder / SETTINGS_FILE
    return file.read_text(encoding="utf-8") if file.exists() else ""


class _ReadBack(BackupReader):
    """Reads what was just written, telling how far it is."""

    def __init__(self, file: Path, of: int, tell: Tell) -> None:
        super().__init__(file)
        self._of, self._tell, self._done = of, tell, 0

    def table_begins(self, table: TableBegins) -> None:  # noqa: ARG002  every table is told of alike
        """Tell how far it is, table by table."""
        self._tell(READING, self._done, self._of)

    def row(self, values: list[object]) -> None:  # noqa: ARG002  the digests are what counts
        """Count."""
        self._done += 1


def _read_back(part: Path, key: x25519.Identity, written: Manifest, tell: Tell) -> None:
    try:
        found = _ReadBack(part, written.rows, tell).read(key)
    except BackupError as error:
        raise OSError(errno.EIO, "read back", UNREAD) from error
    if found != written:
        raise OSError(errno.EIO, "read back", UNREAD)


def _failed(actor: Actor, now: datetime, folder: Path, error: OSError) -> BackupError:
    """Keep why a backup failed, where that can still be kept, and say it."""
    code = _failure_code(error, folder)
    run = RunRow(
        BACKUP,
        now,
        actor.work_number,
        "",
        str(folder)[-255:],
        0,
        0,
        "",
        code,
        (error.strerror or str(error))[:200],
    )
    try:
        note_backup(actor, now, run)
    except ZhibanError as second:
        logger.warning("the failure of a backup cannot be kept: %s", second)
    why, step = failure_words(code)
    return BackupError(f"{why} ({folder})", article=32, next_step=step)


def _failure_code(error: OSError, folder: Path) -> str:
    if error.filename == UNREAD:
        return UNREAD
    # EFBIG: a stick whose file system has an end to the size of a file.
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "unwritable"
    return "failed" if folder.is_dir() else "gone"


def _run(actor: Actor, made: BackupMade) -> RunRow:
    folder, rows = str(made.file.parent)[-255:], made.manifest.rows
    return RunRow(
        BACKUP, made.at, actor.work_number, made.file.name, folder, made.size_bytes, rows, made.manifest.sha256, "", ""
    )  # fmt: skip


def _prune(newest: Path, keep: int) -> tuple[str, ...]:
    """Remove the oldest generations of the same centre; one that cannot be removed is tried again next time."""
    begin = newest.name[:-_STAMP_LENGTH]
    older = [file for file in backup_files(newest.parent) if file.name.startswith(begin)]
    gone = []
    for file in older[keep:]:
        try:
            file.unlink()
        except OSError as error:
            logger.warning("an old backup cannot be removed: %s", error)
        else:
            gone.append(file.name)
    return tuple(gone)


def _clear_parts(folder: Path) -> None:
    """Take away what a backup that was cut short has left."""
    for left in folder.glob(f".zhiban-*{SUFFIX}{PART_SUFFIX}"):
        left.unlink(missing_ok=True)


def _plain_name(centre: str) -> str:
    """Return a centre's name with nothing in it that a file's name cannot have."""
    return re.sub(r"\W+", "-", centre).strip("-")[:LONGEST_NAME] or "centre"
