"""News: a thread that says when anyone, in any process, changed the centre's data."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from urllib.parse import quote

import peewee

import models
from operations import store

POLL_SECONDS = 0.25
RETRY_SECONDS = 1.0


class ChangeFeed:
    """Call ``on_change`` after commits of this or any other process, many commits in a row counting once.

    SQLite is asked for ``PRAGMA data_version`` on a connection of its own (about 10 µs); PostgreSQL is listened
    to. ``healthy`` is false while the database cannot be reached; the call after it came back covers the gap.
    """

    def __init__(self, on_change: Callable[[], None], interval_seconds: float = POLL_SECONDS) -> None:
        self._on_change = on_change
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="change-feed", daemon=True)
        self.healthy = True
        self.last_error = ""

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns within one interval."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * self._interval_seconds + RETRY_SECONDS)

    def _run(self) -> None:
        watch = self._watch_postgresql if store.is_postgresql() else self._watch_sqlite
        first = True
        while not self._stopping.is_set():
            try:
                watch(announce=not first)
            except (sqlite3.Error, OSError, peewee.PeeweeException) as error:
                self._fell_silent(error)
            first = False

    def _watch_sqlite(self, *, announce: bool) -> None:
        # Read only: watching must never make an empty database where one is missing.
        path = f"file:{quote(str(store.sqlite_file()))}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=1.0)) as connection:
            seen = self._version(connection)
            self._came_back(announce)
            while not self._stopping.wait(self._interval_seconds):
                version = self._version(connection)
                if version != seen:
                    seen = version
                    self._on_change()

    def _watch_postgresql(self, *, announce: bool) -> None:
        import psycopg

        options = {k: v for k, v in models.database.obj.connect_params.items() if k != "prefer_psycopg3"}
        try:
            with psycopg.connect(
                options.pop("dsn", None) or models.database.obj.database, autocommit=True, **options
            ) as connection:
                connection.execute(f"LISTEN {store.NOTIFY_CHANNEL}")
                self._came_back(announce)
                while not self._stopping.is_set():
                    if any(True for _note in connection.notifies(timeout=self._interval_seconds)):
                        self._on_change()
        except psycopg.Error as error:
            raise OSError(str(error)) from error

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def _came_back(self, announce: bool) -> None:
        was_silent, self.healthy, self.last_error = not self.healthy, True, ""
        if announce or was_silent:
            self._on_change()

    def _fell_silent(self, error: Exception) -> None:
        was_healthy, self.healthy, self.last_error = self.healthy, False, str(error)
        if was_healthy:
            self._on_change()
        self._stopping.wait(RETRY_SECONDS)
