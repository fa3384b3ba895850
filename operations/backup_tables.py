"""Every table of the open database out of it and into an empty one, whichever kind either is (inside a transaction).

The tables are read as the database has them, not as the models describe them: a backup of an older version has the
columns of that version, and is loaded into a database that its migrations have brought just as far.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import models
from operations import store
from operations.backup_stream import Row, TableBegins, TableDigest, row_line

LEFT_OUT = ("search_document", "search_index", "sqlite_")
"""What finds words in the log is made from the log again; SQLite keeps it in tables of another kind, as it does what it
counts ids by."""

BATCH_ROWS = 500


def applied_migrations() -> tuple[str, ...]:
    """Return the migrations this database has been through, in their order."""
    return tuple(migration.name for migration in store.migrations() if migration.applied)


def kept_tables() -> list[TableBegins]:
    """Return every table that belongs into a backup, with its columns in the database's order."""
    names = [
        n for n in sorted(models.database.get_tables()) if n != store.HISTORY and not n.startswith(LEFT_OUT)
    ]
    return [TableBegins(name, tuple(c.name for c in models.database.get_columns(name))) for name in names]


def count_rows(table: TableBegins) -> int:
    """Return how many rows a table has."""
    return int(models.database.execute_sql(f"SELECT count(*) FROM {_quoted(table.name)}").fetchone()[0])  # noqa: S608  a name of our own schema


def rows_of(table: TableBegins) -> Iterator[Row]:
    """Return a table's rows by primary key, a few at a time however many there are."""
    columns = ", ".join(map(_quoted, table.columns))
    keys = ", ".join(_sorted_alike(table.name))
    query = f"SELECT {columns} FROM {_quoted(table.name)} ORDER BY {keys}"  # noqa: S608  names of our own schema
    connection = models.database.connection()
    # PostgreSQL would send all of a table at once to a cursor without a name.
    cursor = connection.cursor(name="backup") if store.is_postgresql() else connection.cursor()
    with closing(cursor):
        cursor.execute(query)
        while batch := cursor.fetchmany(BATCH_ROWS):
            yield from (list(row) for row in batch)


def digest_of(table: TableBegins) -> TableDigest:
    """Return a table's rows counted and hashed, as a backup's manifest has them."""
    digest, count = hashlib.sha256(), 0
    for count, row in enumerate(rows_of(table), start=1):  # noqa: B007  the last one counts
        digest.update(row_line(row))
    return TableDigest(count, digest.hexdigest())


class TableLoader:
    """Fills one empty table, some rows at a time."""

    def __init__(self, table: TableBegins) -> None:
        marks = ", ".join(["%s" if store.is_postgresql() else "?"] * len(table.columns))
        columns = ", ".join(map(_quoted, table.columns))
        self._statement = f"INSERT INTO {_quoted(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608  names of our own schema
        self._table = table
        self._truths = _truths(table)
        self._waiting: list[Row] = []

    def add(self, row: Row) -> None:
        """Take a row."""
        for place in self._truths:
            row[place] = None if row[place] is None else bool(row[place])
        self._waiting.append(row)
        if len(self._waiting) >= BATCH_ROWS:
            self._flush()

    def end(self) -> None:
        """Write what waits, and let ids be counted on from the highest."""
        self._flush()
        if store.is_postgresql():
            _count_on(self._table)

    def _flush(self) -> None:
        with closing(models.database.connection().cursor()) as cursor:
            cursor.executemany(self._statement, self._waiting)
        self._waiting.clear()


def empty_tables() -> None:
    """Take out what the migrations themselves have put in."""
    for table in kept_tables():
        models.database.execute_sql(f"DELETE FROM {_quoted(table.name)}")  # noqa: S608  a name of our own schema


@contextmanager
def references_later() -> Iterator[None]:
    """Let rows come in any order: what they refer to must be there at the end, not before."""
    if not store.is_postgresql():
        models.database.execute_sql("PRAGMA defer_foreign_keys = 1")
        yield
        return
    keys = models.database.execute_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).fetchall()
    for table, name, _definition in keys:
        models.database.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {_quoted(name)}")
    yield
    for table, name, definition in keys:
        models.database.execute_sql(f"ALTER TABLE {table} ADD CONSTRAINT {_quoted(name)} {definition}")


def _sorted_alike(table: str) -> list[str]:
    """A table's primary key as both kinds of database sort it: text by its bytes, whatever the server's language."""
    keys = models.database.get_primary_keys(table)
    if not store.is_postgresql():
        return [_quoted(key) for key in keys]
    types = {column.name: column.data_type for column in models.database.get_columns(table)}
    textual = ("character varying", "text")
    return [_quoted(key) + (' COLLATE "C"' if types[key] in textual else "") for key in keys]


def _truths(table: TableBegins) -> list[int]:
    """The places of columns that hold yes or no; SQLite keeps those as numbers."""
    if not store.is_postgresql():
        return []
    types = {column.name: column.data_type for column in models.database.get_columns(table.name)}
    return [place for place, name in enumerate(table.columns) if types[name] == "boolean"]


def _count_on(table: TableBegins) -> None:
    for column in models.database.get_columns(table.name):
        sequence: Any = models.database.execute_sql(
            "SELECT pg_get_serial_sequence(%s, %s)", (_quoted(table.name), column.name)
        ).fetchone()[0]
        if sequence is not None:
            highest = f"(SELECT max({_quoted(column.name)}) FROM {_quoted(table.name)})"  # noqa: S608  names of our own schema
            models.database.execute_sql(
                f"SELECT setval(%s, coalesce({highest}, 1), {highest} IS NOT NULL)", (sequence,)
            )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
