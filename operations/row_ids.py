"""The ids of rows: none is given twice, not after its row was removed, and not by a centre that came back from a backup.

A door's journal outlives the centre's database: what it brings back names visits, duties and people by their ids.
PostgreSQL counts ids on by itself. SQLite would give the highest one again once its row is gone, unless a table says
``AUTOINCREMENT``: then it keeps the highest id ever given in ``sqlite_sequence``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import peewee

import models

IDS_PER_SECOND: Final = 10
"""No table gives out more ids than this in the long run: a month of duties for 1,000 people, every hour, is less."""

IDS_AT_ONCE: Final = 1_000_000
"""What may have been given out in one go just after a backup: an import of punches, a month that was published."""

LAST_ID: Final = 2_000_000_000
"""An id of PostgreSQL's ends 147 million later: what counts on from here still has room."""

_COUNTED = '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT'
_UNCOUNTED = re.compile(r'"id" INTEGER NOT NULL PRIMARY KEY(?! AUTOINCREMENT| CHECK)')
_SEQUENCE = "_id_seq"
_SQLITE_COUNTERS = "SELECT name, seq FROM sqlite_sequence"
_POSTGRESQL_COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"


def count_ids(given: Mapping[str, int]) -> None:
    """Let every table of a SQLite database keep count of its ids, from those it had ``given`` before it was migrated on.

    Outside a transaction, while nobody else migrates. A table that does not count is made anew, as SQLite's own
    documentation has it; one that a migration has made anew counts from its highest row, and must not forget more.
    """
    if not _is_sqlite():
        return
    uncounted = [(name, sql) for name, sql in _sqlite_tables() if _UNCOUNTED.search(sql)]
    if uncounted:
        _make_all_anew(uncounted)
    known = ids_given()
    forgotten = {name for name, last in given.items() if last > known.get(name, 0)}
    if forgotten:
        with models.database.atomic(lock_type="IMMEDIATE"):
            for name in forgotten & set(_counting_tables()):
                _count_from(name, given[name])


def _make_all_anew(uncounted: Sequence[tuple[str, str]]) -> None:
    database = models.database.obj
    database.pragma("foreign_keys", 0)  # dropping a table would otherwise take what refers to it along
    try:
        with database.atomic(lock_type="IMMEDIATE"):
            for name, sql in uncounted:
                _make_anew(name, sql)
    finally:
        database.pragma("foreign_keys", 1)


def ids_given() -> dict[str, int]:
    """Return the highest id each table has ever given out (inside a transaction); a table that gave none is left out."""
    execute = models.database.execute_sql
    if not _is_sqlite():
        rows = execute(_POSTGRESQL_COUNTERS).fetchall()
        return {name.removesuffix(_SEQUENCE): int(last) for name, last in rows if name.endswith(_SEQUENCE)}
    if models.database.table_exists("sqlite_sequence"):
        return {name: int(last) for name, last in execute(_SQLITE_COUNTERS).fetchall()}
    # A centre of before its tables counted: the highest that is there is all it knows.
    highest = {
        name: execute(f'SELECT max(id) FROM "{name}"').fetchone()[0]  # noqa: S608  a name of our own schema
        for name, sql in _sqlite_tables()
        if _UNCOUNTED.search(sql)
    }
    return {name: int(last) for name, last in highest.items() if last is not None}


def was_given(table: type[models.Table], row_id: int) -> bool:
    """Whether a row's id is one that this centre will not give any more (inside a transaction)."""
    return 0 < row_id <= ids_given().get(_name(table), 0)


def count_on_beyond(backup: Mapping[str, int], age: timedelta, replaced: Mapping[str, int]) -> None:
    """Give no id that was given since the backup was made whose rows are loaded (inside a transaction).

    ``backup`` are the ids its centre had given by then, ``age`` is how old it is: what was given since, nobody knows
    where the machine is gone. ``replaced`` are those of the centre that stood here, to the last one.
    """
    since = IDS_AT_ONCE + IDS_PER_SECOND * max(0, int(age.total_seconds()))
    loaded = ids_given()
    for name in _counting_tables():
        known = max(backup.get(name, 0), loaded.get(name, 0))
        _count_from(name, min(max(known + since, replaced.get(name, 0)), LAST_ID))


def _counting_tables() -> list[str]:
    execute = models.database.execute_sql
    if not _is_sqlite():
        query = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
        names = [name for (name,) in execute(query).fetchall()]
        found = [name.removesuffix(_SEQUENCE) for name in names if name.endswith(_SEQUENCE)]
    else:
        found = [name for name, sql in _sqlite_tables() if _COUNTED in sql]
    return sorted(set(found) - {_name(models.Centre), _name(models.ChangeCounter)})


def _sqlite_tables() -> list[tuple[str, str]]:
    """Return every table with the statement that made it."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
    return list(models.database.execute_sql(query).fetchall())


def _count_from(name: str, highest: int) -> None:
    execute = models.database.execute_sql
    if not _is_sqlite():
        sequence = f'"{name}{_SEQUENCE}"'
        execute("SELECT setval(%s, greatest(%s, nextval(%s)))", (sequence, highest, sequence))
        return
    if not execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (highest, name)).rowcount:
        execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, highest))


def _make_anew(name: str, sql: str) -> None:
    """Make a table anew with the same columns, rows and indexes, its ids counted."""
    execute = models.database.execute_sql
    indexes = execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (name,)
    ).fetchall()
    anew = f"{name}_counted"
    head, columns = sql.split("(", 1)
    counted = _UNCOUNTED.sub(_COUNTED, columns, count=1)
    execute(f"{head.replace(name, anew, 1)}({counted}")
    execute(f'INSERT INTO "{anew}" SELECT * FROM "{name}"')  # noqa: S608  names of our own schema
    execute(f'DROP TABLE "{name}"')
    execute(f'ALTER TABLE "{anew}" RENAME TO "{name}"')
    for (index,) in indexes:
        execute(index)


def _is_sqlite() -> bool:
    return isinstance(models.database.obj, peewee.SqliteDatabase)


def _name(table: type[models.Table]) -> str:
    return str(table._meta.table_name)
