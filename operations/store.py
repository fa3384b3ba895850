"""The centre's database: opening it, migrating it, and the two ways to touch it, :func:`read` and :func:`write`.

SQLite is the default and PostgreSQL the same code by URL. A write is one serialized transaction: in SQLite it
takes the write lock at once (``BEGIN IMMEDIATE``), in PostgreSQL it is serializable and tried again when another
writer came first, so the function handed to :func:`write` may run more than once and must only touch the database.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import peewee

import models
from locales import _
from operations import cipher, row_ids
from operations.errors import Outdated, StoreError

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_SECONDS = 5.0
CONNECT_TIMEOUT_SECONDS = 5
WRITE_ATTEMPTS = 12
RETRY_BASE_SECONDS = 0.005
MIGRATION_LOCK = 0x7A68_6962  # "zhib": the advisory lock that one migrating process holds
HISTORY = "schema_migration"
"""The table in which the migrations that were applied are noted; a backup's header names them."""
NOTIFY_CHANNEL = "zhiban"
KEY_FILE = "secret.key"
KNOWN_MIGRATIONS = frozenset(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
"""Those this process was started with: once it runs, the files may be a newer version's."""
SEALING_MIGRATION = "0016_confidential_text"

# The connection each thread works with now, so that another thread can end its waiting.
_in_use: dict[int, Any] = {}

_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "busy_timeout": 5000}


def open_database(url: str, *, create: bool = True, key_file: Path | None = None) -> None:
    """Bind this process to the database at ``url`` (``sqlite:///FILE`` or ``postgresql://…``).

    Raises :class:`StoreError` for a URL or a file that cannot be used. A SQLite file is made private to its owner,
    here and only here: a file that goes away later fails to open instead of coming back empty. With ``create``
    false it must exist already. The keys of confidential text are in ``key_file``, without one in ``secret.key`` beside
    a SQLite file.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        file = file_of(url)
        models.database.initialize(_sqlite(file, create=create))
        key_file = key_file or file.absolute().with_name(KEY_FILE)
    elif scheme in ("postgresql", "postgres"):
        models.database.initialize(_postgresql(url))
    else:
        raise StoreError(
            _("{url} is not a database this program knows.").format(url=url),
            next_step=_("Use sqlite:///FILE or postgresql://USER@HOST/NAME in [database] url."),
        )
    cipher.use_key_file(key_file)


def close_database() -> None:
    """Close this thread's connection, if one is open."""
    if models.database.obj is not None and not models.database.is_closed():
        models.database.close()


def is_postgresql() -> bool:
    """Whether the open database is PostgreSQL."""
    return isinstance(models.database.obj, peewee.PostgresqlDatabase)


def sqlite_file() -> Path:
    """Return the file of the open SQLite database."""
    return Path(unquote(urlsplit(models.database.obj.database).path))


def migrate() -> list[str]:
    """Apply the pending migrations, one process at a time; return their names."""
    return migrate_to(None)


def migrate_to(last: str | None) -> list[str]:
    """Apply the pending migrations up to ``last`` (or all), one process at a time; return their names.

    Raises :class:`Outdated` for a database that a newer version has been through.
    """
    from playhouse.migrations import Runner

    with connected(), _migration_lock():
        if models.database.table_exists(HISTORY):
            _refuse_newer()
        given = row_ids.ids_given()
        applied: list[str] = Runner(models.database.obj, str(MIGRATIONS)).up(last)
        row_ids.count_ids(given)
        sealed = SEALING_MIGRATION in applied and models.SealingKey.select().exists()
        if sealed and not is_postgresql():
            # What was readable before must not stay behind in free pages and in the write-ahead log (Art. 32).
            models.database.execute_sql("VACUUM")
            models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return applied


def refuse_newer() -> None:
    """Raise :class:`Outdated` for a database that a newer version has been through.

    What this program would write into it, or read out of it, nobody has thought of. Every :func:`write` asks by itself.
    """
    with connected():
        if models.database.table_exists(HISTORY):
            _refuse_newer()


def newest_migration() -> str:
    """Return the newest migration this database has been through (inside a transaction)."""
    return max(_applied(), default="")


def file_of(url: str) -> Path:
    """Return the file that a ``sqlite:///`` URL names."""
    return Path(unquote(url.removeprefix("sqlite:///")))


def migrations() -> list[Any]:
    """Return every migration of this program and every one this database has been through (``applied``), in order.

    One without a ``path`` is not this program's: a newer one has been here. Inside a transaction.
    """
    from playhouse.migrations import Runner

    found: list[Any] = Runner(models.database.obj, str(MIGRATIONS)).status()
    return found


def schema_differences() -> str:
    """Return how the database differs from the models, in words; empty when it does not."""
    from playhouse.schema_diff import diff_models

    with connected():
        return str(diff_models(models.database.obj, models.TABLES) or "")


def is_set_up() -> bool:
    """Whether the database holds a centre."""
    with connected():
        return bool(models.database.table_exists("centre") and models.Centre.select().exists())


@contextmanager
def connected() -> Iterator[None]:
    """Hold a connection for this thread; database errors leave as :class:`StoreError`."""
    if models.database.obj is None:
        raise StoreError(_("No database is open."), next_step=_("Run zhiban doctor."))
    with _in_words():
        if not models.database.is_closed():
            yield
            return
        with models.database.connection_context():
            own = threading.get_ident()
            _in_use[own] = models.database.connection()
            try:
                yield
            finally:
                del _in_use[own]


def hang_up(thread: int) -> None:
    """Cut the PostgreSQL connection of ``thread``: what it waits for fails at once with :class:`StoreError`.

    For a server, or something before it, that holds the connection and answers nothing. SQLite is left alone.
    """
    connection = _in_use.get(thread)
    if connection is None or not hasattr(connection, "fileno") or connection.closed:
        return
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)
    except (OSError, peewee.DatabaseError) as error:
        logger.info("the connection had ended by itself: %s", error)


def server_time() -> datetime | None:
    """Return the clock of the database's server, aware UTC; ``None`` where the database is a file of this machine."""
    if not is_postgresql():
        return None

    def clock() -> datetime:
        seconds = models.database.execute_sql("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0]
        return datetime.fromtimestamp(float(seconds), UTC)

    return read(clock)


def read(query: Callable[[], Result]) -> Result:
    """Run ``query`` in one consistent view of the database."""
    # PostgreSQL's default would show each statement a newer state than the one before.
    with connected(), models.database.atomic(*(["REPEATABLE READ"] if is_postgresql() else [])):
        return query()


def write(change: Callable[[], Result], *, quietly: bool = False) -> Result:
    """Run ``change`` in one transaction; an exception rolls everything back.

    The change counter moves with it, and other processes hear of it; not so ``quietly``: what was refused, or tried with
    a wrong PIN, changes nothing that anybody shows.
    """
    with connected():
        for attempt in range(WRITE_ATTEMPTS):
            try:
                return _write_once(change, quietly=quietly)
            except peewee.OperationalError as error:
                if not _is_serialization_failure(error) or attempt == WRITE_ATTEMPTS - 1:
                    raise
                # Writers that met once must not meet again in step.
                time.sleep(random.uniform(0, RETRY_BASE_SECONDS * 2 ** min(attempt, 6)))  # noqa: S311
    raise AssertionError("unreachable")


def overwrite_what_goes() -> None:
    """Let this connection overwrite with zeros what it removes from a SQLite file from now on (Art. 32).

    For a text that was readable and becomes confidential: its old place must not keep it.
    """
    if not is_postgresql():
        models.database.execute_sql("PRAGMA secure_delete=1")


def change_version() -> int:
    """Return the centre's change counter (inside :func:`read` or :func:`write`)."""
    row = models.ChangeCounter.get_or_none(models.ChangeCounter.id == 1)
    return row.version if row else 0


def _write_once(change: Callable[[], Result], *, quietly: bool) -> Result:
    level = {"isolation_level": "SERIALIZABLE"} if is_postgresql() else {"lock_type": "IMMEDIATE"}
    with models.database.atomic(**level):
        _refuse_newer()
        result = change()
        if not quietly:
            _raise_counter()
            if is_postgresql():
                models.database.execute_sql(f"NOTIFY {NOTIFY_CHANNEL}")
        return result


def _refuse_newer() -> None:
    if not _applied() <= KNOWN_MIGRATIONS:
        raise Outdated(
            _("A newer version of this program has been at this database."),
            next_step=_("Install that version here; until then the door goes on by itself."),
        )


def _applied() -> set[str]:
    return {name for (name,) in models.database.execute_sql(f"SELECT name FROM {HISTORY}").fetchall()}  # noqa: S608  a name of our own


def _raise_counter() -> None:
    counter = models.ChangeCounter
    if not counter.update(version=counter.version + 1).where(counter.id == 1).execute():
        counter.insert(id=1, version=1).execute()


def _sqlite(file: Path, *, create: bool) -> peewee.SqliteDatabase:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if create and not file.exists():
            # Made by us before SQLite opens it: the journal files inherit its mode (Art. 32).
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            _("The database file {file} cannot be made: {why}.").format(file=file, why=error.strerror),
            next_step=_("Give another home folder with --home."),
        ) from error
    return peewee.SqliteDatabase(
        f"file:{quote(str(file.absolute()))}?mode=rw",
        uri=True,
        pragmas=_PRAGMAS,
        timeout=BUSY_TIMEOUT_SECONDS,
        autoconnect=False,
    )


def _postgresql(url: str) -> peewee.PostgresqlDatabase:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise StoreError(
            _("PostgreSQL needs a part that is not installed."),
            next_step="pip install 'zhiban[postgres]'",
        ) from error
    options = dict(parse_qsl(urlsplit(url).query))
    options.setdefault("connect_timeout", str(CONNECT_TIMEOUT_SECONDS))
    return peewee.PostgresqlDatabase(url, prefer_psycopg3=True, autoconnect=False, **_extra(url, options))


def _extra(url: str, options: dict[str, str]) -> dict[str, Any]:
    given = dict(parse_qsl(urlsplit(url).query))
    return {key: value for key, value in options.items() if key not in given}


@contextmanager
def _migration_lock() -> Iterator[None]:
    if is_postgresql():
        models.database.execute_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
        try:
            yield
        finally:
            models.database.execute_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        return
    import fcntl

    lock = Path(f"{sqlite_file()}.migrate.lock")
    with lock.open("w") as handle:
        lock.chmod(0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_serialization_failure(error: peewee.OperationalError) -> bool:
    state = getattr(error.orig if hasattr(error, "orig") else error.__cause__, "sqlstate", "")
    return state in ("40001", "40P01")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except UnicodeEncodeError as error:
        raise StoreError(
            _("The text holds a character that cannot be kept; nothing was changed."),
            next_step=_("Type the text anew."),
        ) from error
    except (peewee.OperationalError, peewee.InterfaceError, peewee.DatabaseError, sqlite3.Error) as error:
        if isinstance(error, peewee.IntegrityError):
            raise
        raise _store_error(error) from error


def _store_error(error: Exception) -> StoreError:
    """Say what a driver's error means for someone who has never heard of the driver."""
    text = str(error).lower()
    for sign, message, step in (
        ("is full", _("The disk of the database is full; nothing was changed."), _("Free some space, then try again.")),
        ("locked", _("Another program is using the database and did not let go."), _("Try again in a moment.")),
        ("readonly", _("The database may only be read here."), _("Check who owns the home folder.")),
        ("unable to open", _("The database file cannot be opened."), _("Run zhiban doctor.")),
        ("malformed", _("The database file is damaged."), _("Restore the last backup; the door keeps its own journal.")),
        ("not a database", _("The database file is damaged."), _("Restore the last backup; the door keeps its own journal.")),
        ("no such table", _("The database has not been set up."), _("Run zhiban setup.")),
        ("does not exist", _("The database has not been set up."), _("Run zhiban setup.")),
    ):  # fmt: skip
        if sign in text:
            return StoreError(message, next_step=step)
    if "connect" in text or "server" in text or "timeout" in text:
        return StoreError(
            _("The database server does not answer; nothing was changed."),
            next_step=_("Check the server and the network; the door goes on by itself."),
        )
    return StoreError(
        _("The database refused: {why}.").format(
            why=str(error).strip().splitlines()[0] if str(error) else "?"
        ),
        next_step=_("Run zhiban doctor."),
    )
