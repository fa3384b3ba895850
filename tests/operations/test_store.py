"""The database: opened in words, migrated once by whoever comes first, and written by one at a time."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import peewee
import pytest

import models
from operations import centre as centres
from operations import shiftlog, store
from operations.errors import Conflict, Invalid, NotFound, StoreError
from tests.centre import NOW, PIN, Built
from tests.operations.acts import LEADER, current_log, row_counts
from tests.operations.processes import finished, started

MIGRATIONS = sorted(p.stem for p in store.MIGRATIONS.glob("[0-9]*.py"))


def words(act: Callable[[], object]) -> str:
    """The sentence someone reads when ``act`` fails; it always says what to do next."""
    with pytest.raises(StoreError) as refused:
        act()
    assert refused.value.next_step
    return refused.value.message


# --- errors in words ----------------------------------------------------------------------------------------


def test_an_unknown_kind_of_database_is_refused() -> None:
    assert "mysql://x is not a database" in words(lambda: store.open_database("mysql://x"))


def test_without_a_database_nothing_is_read() -> None:
    assert words(lambda: store.read(lambda: None)) == "No database is open."


def test_a_missing_folder_is_made_private_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "new" / "home" / "centre.db"
    store.open_database(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_database_that_went_away_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "a centre #1?.db"
    store.open_database(f"sqlite:///{quote(str(file))}")
    store.migrate()
    assert store.sqlite_file() == file
    file.rename(tmp_path / "away.db")
    assert words(store.is_set_up) == "The database file cannot be opened."
    store.open_database(f"sqlite:///{quote(str(file))}", create=False)
    assert words(store.is_set_up) == "The database file cannot be opened."
    assert not file.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in words(
        lambda: store.open_database(f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    )


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "centre.db"
    file.write_bytes(b"this is a letter to my aunt. " * 100)
    store.open_database(f"sqlite:///{file}")
    assert words(store.is_set_up) == "The database file is damaged."


def test_a_database_that_was_never_set_up_says_so(empty_url: str) -> None:
    store.open_database(empty_url)
    assert not store.is_set_up()
    assert words(lambda: store.read(centres.the_centre)) == "The database has not been set up."


def test_a_migrated_database_without_a_centre_says_so(empty_url: str) -> None:
    store.open_database(empty_url)
    store.migrate()
    with pytest.raises(NotFound, match="not been set up"):
        store.read(centres.the_centre)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_says_so(sqlite_centre: Built) -> None:
    file = Path(sqlite_centre.url.removeprefix("sqlite:///"))
    file.chmod(0o400)
    assert "only be read" in words(lambda: store.write(lambda: None))


def test_a_lock_that_is_not_let_go_is_said(sqlite_centre: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store._PRAGMAS, "busy_timeout", 50)
    store.open_database(sqlite_centre.url)
    holder = sqlite3.connect(sqlite_centre.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert "did not let go" in words(lambda: store.write(lambda: None))
    holder.rollback()
    holder.close()
    store.write(lambda: None)


def test_a_server_that_is_down_is_said_in_a_moment(tmp_path: Path) -> None:
    store.open_database(f"postgresql://zhiban@/centre?host={tmp_path}")
    assert words(store.is_set_up) == "The database server does not answer; nothing was changed."


@pytest.mark.postgres
def test_a_database_the_server_does_not_have_says_so(postgres_centre: Built) -> None:
    store.open_database(postgres_centre.url.replace("/centre_", "/nothing_"))
    assert words(store.is_set_up) == "The database has not been set up."


# --- migrations ---------------------------------------------------------------------------------------------


def test_migrating_twice_does_nothing_the_second_time_and_builds_the_models(empty_url: str) -> None:
    store.open_database(empty_url)
    assert store.migrate() == MIGRATIONS
    assert store.migrate() == []
    assert store.schema_differences() == ""


def test_a_database_that_a_newer_version_has_been_at_is_not_opened_by_this_one(empty_url: str) -> None:
    store.open_database(empty_url)
    store.migrate()
    newest = "INSERT INTO schema_migration (name, applied) SELECT '9999_what_comes', max(applied) FROM schema_migration"
    store.write(lambda: models.database.execute_sql(newest))
    with pytest.raises(StoreError, match="newer version") as refused:
        store.migrate()
    assert "Install that version" in refused.value.next_step


def test_two_processes_that_migrate_at_once_do_it_once(empty_url: str) -> None:
    said = sorted(finished(process) for process in [started("migrate", empty_url) for _number in range(2)])
    assert said == ["", ",".join(MIGRATIONS)]
    store.open_database(empty_url)
    assert store.schema_differences() == ""


def test_a_centre_is_set_up_once(empty_url: str) -> None:
    store.open_database(empty_url)
    for attempt in range(2):
        if attempt:
            with pytest.raises(Conflict, match="already holds a centre"):
                set_up()
        else:
            set_up()
    assert store.is_set_up()


def set_up(zone: str = "Asia/Shanghai", teams: tuple[str, ...] = ("甲", "乙"), pin: str = PIN) -> None:
    centres.set_up_centre(NOW, "城东", zone, list(teams), "1000", "吴刚", pin)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: set_up(zone="Asia/Beijing"),
        lambda: set_up(zone=""),
        lambda: set_up(teams=()),
        lambda: set_up(teams=("甲", "甲")),
        lambda: set_up(teams=("甲", " ")),
        lambda: set_up(pin="1234"),
    ],
    ids=["no zone of that name", "no zone", "no team", "one name twice", "an empty name", "a plain pin"],
)
def test_a_centre_is_not_set_up_from_values_that_cannot_be_used(
    tmp_path: Path, wrong: Callable[[], None]
) -> None:
    store.open_database(f"sqlite:///{tmp_path / 'centre.db'}")
    with pytest.raises(Invalid):
        wrong()
    assert not store.is_set_up()


# --- one writer at a time -----------------------------------------------------------------------------------


def raise_a_version() -> None:
    """Read, then write: what two writers would do over each other without a serial order."""
    month = models.RosterMonth.get_or_create(month="2099-01")[0]
    models.RosterMonth.update(version=month.version + 1).where(
        models.RosterMonth.month == "2099-01"
    ).execute()


def test_writers_at_once_lose_nothing(centre: Built) -> None:
    failures: list[StoreError] = []

    def write() -> None:
        for _time in range(15):
            try:
                store.write(raise_a_version)
            except StoreError as error:
                failures.append(error)

    before = store.read(store.change_version)
    writers = [Thread(target=write) for _number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert failures == []
    assert store.read(lambda: models.RosterMonth.get_by_id("2099-01").version) == 30
    assert store.read(store.change_version) == before + 30


@pytest.mark.postgres
def test_a_write_is_serializable_and_a_read_is_one_view(postgres_centre: Built) -> None:
    def level() -> str:
        return str(models.database.execute_sql("SHOW transaction_isolation").fetchone()[0])

    assert store.write(level) == "serializable"
    assert store.read(level) == "repeatable read"


def test_a_read_sees_one_state_however_much_is_written_meanwhile(centre: Built) -> None:
    def twice() -> tuple[int, int]:
        first = store.change_version()
        other = Thread(target=lambda: store.write(raise_a_version))
        other.start()
        other.join(30)
        return first, store.change_version()

    first, second = store.read(twice)
    assert first == second
    assert store.read(store.change_version) == first + 1


def test_what_fails_is_rolled_back_whole(centre: Built) -> None:
    before = row_counts()

    def fail_late() -> None:
        raise_a_version()
        raise Invalid("on second thoughts")

    with pytest.raises(Invalid):
        store.write(fail_late)
    assert row_counts() == before


def test_a_connection_is_let_go_after_each_operation(centre: Built) -> None:
    store.close_database()  # the one the tests' own centre keeps
    current_log(centre.actors[LEADER], NOW)
    assert models.database.is_closed()
    with pytest.raises(NotFound):
        shiftlog.log_view(centre.actors[LEADER], NOW, 999)
    assert models.database.is_closed()


def test_foreign_keys_are_held(centre: Built) -> None:
    with pytest.raises(peewee.IntegrityError):
        store.write(lambda: models.Team.delete().execute())
