"""What all tests share: English words, a closed database afterwards, and centres on both kinds of database."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

import models
from locales import using_language
from operations import store
from tests import ipp_printer, postgres
from tests.centre import Built, build_centre

REQUIRE_SERVERS = "ZHIBAN_REQUIRE_SERVERS"
TEMPLATE = "template_centre"
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))

_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Register our own marker."""
    config.addinivalue_line("markers", "language(code): show this language instead of English")


@pytest.fixture(autouse=True)
def in_english(request: pytest.FixtureRequest) -> Iterator[None]:
    """Show English, or the language a test is marked with, whatever the machine speaks."""
    marked = request.node.get_closest_marker("language")
    with using_language(marked.args[0] if marked else "en"):
        yield


@pytest.fixture(autouse=True)
def database_is_let_go() -> Iterator[None]:
    """Close the process's database after each test: the next one must open its own."""
    yield
    forget_database()


def forget_database() -> None:
    """Close this thread's connection and unbind the process."""
    store.close_database()
    models.database.obj = None


def must_skip(reason: str) -> NoReturn:
    """Skip a test for want of a system's part; where CI has installed them all, that is a failure."""
    if os.environ.get(REQUIRE_SERVERS) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def systemd() -> None:
    """systemd's own checker of units."""
    if shutil.which("systemd-analyze") is None:
        must_skip("no systemd-analyze on PATH (Debian: systemd)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL server, one for each test process; skipped where none is installed (CI insists)."""
    folder = postgres.binaries()
    if folder is None:
        must_skip("no PostgreSQL server binaries (pg_ctl, initdb) on PATH or in /usr/lib/postgresql")
    with postgres.running_server(folder) as server:
        yield server


@pytest.fixture
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ipp_printer.IppPrinter]:
    """A real IPP printer, switched on; skipped where CUPS' simulator is not installed (CI insists)."""
    if missing := ipp_printer.missing_binary():
        must_skip(f"no {missing} on PATH (Debian: cups-ipp-utils, dbus)")
    made = ipp_printer.IppPrinter(tmp_path_factory.mktemp("printer"))
    try:
        made.switch_on()
        yield made
    finally:
        made.switch_off()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The centre of ``tests.centre`` in a SQLite file, to be copied."""
    built = build_centre(tmp_path_factory.mktemp("template"))
    forget_database()
    return built


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The centre of ``tests.centre`` in a PostgreSQL database, to be copied."""
    built = build_centre(tmp_path_factory.mktemp("unused"), postgres_server.create(TEMPLATE))
    forget_database()
    return built


@pytest.fixture
def empty_postgres(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"empty_{next(_numbers)}"
    yield postgres_server.create(name)
    forget_database()
    postgres_server.drop(name)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres"))
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def sqlite_centre(sqlite_template: Built, tmp_path: Path) -> Built:
    """A fresh centre in a SQLite file of this test's own, opened."""
    file = tmp_path / "centre.db"
    shutil.copy(sqlite_template.url.removeprefix("sqlite:///"), file)
    return _opened(sqlite_template, f"sqlite:///{file}")


@pytest.fixture
def postgres_centre(
    postgres_server: postgres.Server, postgres_template: Built, tmp_path: Path
) -> Iterator[Built]:
    """A fresh centre in a PostgreSQL database of this test's own, opened, on one connection: each costs 10 ms."""
    name = f"centre_{next(_numbers)}"
    built = _opened(postgres_template, postgres_server.create(name, TEMPLATE), tmp_path / "secret.key")
    models.database.connect()
    yield built
    forget_database()
    postgres_server.drop(name)


@pytest.fixture(params=BOTH)
def centre(request: pytest.FixtureRequest) -> Built:
    """A fresh centre on each kind of database, opened: what an operation does, it does on both."""
    built: Built = request.getfixturevalue(f"{request.param}_centre")
    return built


def _opened(template: Built, url: str, key_file: Path | None = None) -> Built:
    store.open_database(url, key_file=key_file)
    return Built(url, template.actors, template.ids)
