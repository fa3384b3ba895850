"""The stream a backup consists of: lines of JSON, compressed, then encrypted with age; written and read in one pass.

The lines are a header, the settings file, every table with its rows, and the manifest, whose digest covers every line
before it. ``age --decrypt --identity backup.key FILE | gunzip`` shows them on any machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from locales import _
from operations.errors import BackupError
from regulation.ledger import instant_text

if TYPE_CHECKING:
    from pyrage import x25519

FORMAT: Final = 1
GZIP: Final = 31
"""The window that makes zlib write and read gzip's own frame."""
LONGEST_LINE_BYTES: Final = 64 << 20
"""No row of ours is nearly as long: what goes on for longer is not a backup."""

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself before its first row. ``migrations`` are those its tables have been through.

    ``key_ids`` name the keys of confidential text whose cipher text the tables hold; the keys themselves are kept
    elsewhere, never in a backup. ``ids`` are the highest that each table has given out: its row may be gone.
    """

    product: str
    centre: str
    time_zone: str
    made_at: str
    database: str
    migrations: tuple[str, ...]
    key_ids: tuple[str, ...] = ()
    ids: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table has, and the SHA-256 over them as they are written."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: its tables, and the head of every chain as ``(chain, sequence, hash)``."""

    tables: dict[str, TableDigest]
    heads: tuple[tuple[str, int, str], ...]
    sha256: str = ""

    @property
    def rows(self) -> int:
        """How many rows it has in all."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True, slots=True)
class TableBegins:
    """A table's rows follow, each with a value for every one of ``columns``."""

    name: str
    columns: tuple[str, ...]


def plain_value(value: object) -> object:
    """Return a value of a database as both kinds of database mean it: instants as text, a yes as 1."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return value


def row_line(row: Iterable[object]) -> bytes:
    """Return a row as it is written."""
    return _line([plain_value(value) for value in row])


def head_lines(header: Header, settings: str) -> Iterator[bytes]:
    """Return the lines before the first table."""
    fields = {name: getattr(header, name) for name in Header.__slots__}
    yield _line({"zhiban_backup": FORMAT, **fields})
    yield _line({"settings": settings})


def table_line(table: TableBegins) -> bytes:
    """Return the line that a table's rows follow."""
    return _line({"table": table.name, "columns": table.columns})


def manifest_line(manifest: Manifest) -> bytes:
    """Return the last line."""
    tables = {name: [table.rows, table.sha256] for name, table in manifest.tables.items()}
    return _line({"manifest": {"tables": tables, "heads": manifest.heads, "sha256": manifest.sha256}})


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def encrypt_lines(lines: Iterator[bytes], out: IO[bytes], key: x25519.Identity) -> None:
    """Compress and encrypt ``lines`` into ``out`` as they come. What the lines raise, leaves here as it is."""
    import pyrage

    source, sink = _Compressed(lines), _Written(out)
    try:
        pyrage.encrypt_io(source, sink, [key.to_public()])
    except (pyrage.EncryptError, OSError) as error:
        raise source.failure or sink.failure or error from None
    # The library's last bytes are written as it lets go, where it can no longer raise.
    if sink.failure is not None:
        raise sink.failure


def decrypt_lines(file: Path, key: x25519.Identity, take: Callable[[bytes], None]) -> None:
    """Give every line of a backup to ``take``; what it raises, leaves here as it is.

    Raises :class:`BackupError` for a file that was altered or cut off, is none of ours, or has another key. A line
    is given only after age has authenticated the bytes it stands in; that nothing was cut off is known at the end.
    """
    import pyrage

    sink = _Expanded(take)
    try:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, sink, [key])
        sink.end()
    except (pyrage.DecryptError, zlib.error) as error:
        if sink.failure is not None:
            raise sink.failure from None
        raise _unreadable(file, str(error)) from error
    except OSError as error:
        if sink.failure is not None:
            raise sink.failure from None
        if error.errno is None:  # the library's: a part that does not authenticate
            raise altered(file) from error
        raise BackupError(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror or error),
            next_step=_("Name a backup that exists and is yours."),
        ) from error


def _unreadable(file: Path, why: str) -> BackupError:
    if "No matching keys" in why:
        return BackupError(
            _("{file} was made with another backup key.").format(file=file.name),
            article=32,
            next_step=_("Name the key with --key, or type the recovery code from paper."),
        )
    return altered(file)


def altered(file: Path) -> BackupError:
    """What is said of a file that is not what was written."""
    return BackupError(
        _("{file} was altered, cut off, or is no backup.").format(file=file.name),
        article=32,
        next_step=_("Take another backup; zhiban backup list shows them."),
    )


class _Compressed:
    """A file to read from, made of lines that are compressed as they come."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._zip = zlib.compressobj(6, zlib.DEFLATED, GZIP)
        self._ready = bytearray()
        self._ended = False
        self.failure: BaseException | None = None

    def read(self, most: int = -1) -> bytes:
        """Return up to ``most`` bytes, and none at the end."""
        try:
            while not self._ended and (most < 0 or len(self._ready) < most):
                line = next(self._lines, None)
                self._ready += self._zip.compress(line) if line is not None else self._zip.flush()
                self._ended = line is None
        except BaseException as error:
            # It passes through a library that keeps only its words: whoever called gets the error itself.
            self.failure = error
            raise
        size = len(self._ready) if most < 0 else most
        part = bytes(self._ready[:size])
        del self._ready[:size]
        return part


class _Written:
    """A file to write to, that remembers why it could not be."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of it."""
        try:
            return self._out.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """Whoever opened the file flushes it."""


class _Expanded:
    """A file to write to, that gives out the lines of what was compressed."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._unzip = zlib.decompressobj(GZIP)
        self._rest = bytearray()
        self.failure: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Take authenticated bytes."""
        try:
            self._rest += self._unzip.decompress(data)
            self._give()
        except BaseException as error:
            self.failure = error if not isinstance(error, zlib.error) else None
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing waits: lines are given as they end."""

    def end(self) -> None:
        """What was compressed must have ended with its last line."""
        if not self._unzip.eof or self._rest or self._unzip.unused_data:
            raise zlib.error("cut off")

    def _give(self) -> None:
        begin = 0
        while (end := self._rest.find(b"\n", begin)) >= 0:
            self._take(bytes(self._rest[begin:end]))
            begin = end + 1
        del self._rest[:begin]
        if len(self._rest) > LONGEST_LINE_BYTES:
            raise zlib.error("a line without an end")


class BackupReader:
    """Follows the lines of a backup and checks them; a subclass says what becomes of the parts.

    At the manifest every table's rows and the digest over all lines before it must be as it says.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.header: Header | None = None
        self.settings = ""
        self.manifest: Manifest | None = None
        self._whole = hashlib.sha256()
        self._tables: dict[str, TableDigest] = {}
        self._table: TableBegins | None = None
        self._digest = hashlib.sha256()
        self._count = 0

    # What a subclass does with the parts.

    def begun(self, header: Header) -> None:
        """The header was read."""

    def table_begins(self, table: TableBegins) -> None:
        """A table's rows follow."""

    def row(self, values: Row) -> None:
        """A row of the table that began last."""

    def table_ends(self, table: TableBegins) -> None:
        """All rows of the table were read."""

    # Reading.

    def read(self, key: x25519.Identity) -> Manifest:
        """Read the whole file and return its manifest; raises :class:`BackupError` where it is not what was written."""
        decrypt_lines(self.file, key, self._take)
        if self.manifest is None:
            raise altered(self.file)
        return self.manifest

    def _take(self, line: bytes) -> None:
        if self.manifest is not None:
            raise altered(self.file)
        try:
            value = json.loads(line)
            if isinstance(value, list):
                self._take_row(line, value)
            elif "manifest" in value:
                self._end_table()
                self._close(value["manifest"])
                return
            else:
                self._end_table()
                self._take_part(value)
        except (ValueError, KeyError, TypeError) as error:
            raise altered(self.file) from error
        self._whole.update(line + b"\n")

    def _take_row(self, line: bytes, values: Row) -> None:
        if self._table is None or len(values) != len(self._table.columns):
            raise altered(self.file)
        self._digest.update(line + b"\n")
        self._count += 1
        self.row([_bytes_of(value) for value in values])

    def _take_part(self, value: dict[str, Any]) -> None:
        if "zhiban_backup" in value:
            if value.pop("zhiban_backup") != FORMAT:
                raise BackupError(
                    _("{file} was made by a newer version of this program.").format(file=self.file.name),
                    next_step=_("Install that version, then restore."),
                )
            # A backup of before says nothing of ids.
            known = {"ids": {}, **{name: value[name] for name in Header.__slots__ if name in value}}
            known["migrations"], known["key_ids"] = tuple(known["migrations"]), tuple(known["key_ids"])
            self.header = Header(**known)
            self.begun(self.header)
        elif "settings" in value:
            self.settings = value["settings"]
        else:
            self._table = TableBegins(value["table"], tuple(value["columns"]))
            self._digest, self._count = hashlib.sha256(), 0
            self.table_begins(self._table)

    def _end_table(self) -> None:
        if self._table is not None:
            self._tables[self._table.name] = TableDigest(self._count, self._digest.hexdigest())
            self.table_ends(self._table)
            self._table = None

    def _close(self, said: dict[str, Any]) -> None:
        tables = {name: TableDigest(rows, digest) for name, (rows, digest) in said["tables"].items()}
        heads = tuple((chain, sequence, link) for chain, sequence, link in said["heads"])
        if self.header is None or tables != self._tables or said["sha256"] != self._whole.hexdigest():
            raise altered(self.file)
        self.manifest = Manifest(tables, heads, said["sha256"])


def _bytes_of(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
