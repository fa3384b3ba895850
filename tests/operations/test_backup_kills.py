"""Killed in the middle of a backup, a restore or a migration, a home has the old state or the new, never between."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import models
from operations import backup, people, restore, store
from operations.backup_key import ensure_key
from operations.boundary import SYSTEM
from operations.verify import verify
from regulation.roles import Role
from settings import Home
from tests.centre import NOW, Built
from tests.conftest import forget_database
from tests.operations.backups import backed_up, content, home_of, same_key, silent
from tests.operations.killed import LATER, killed_before, killed_or_done, steps_of
from tests.operations.test_migrations import AN_OLD_HANDOVER, BEFORE

# Statements of a migration, counted anew each time it goes on: early, and in the middle of what rebuilds tables.
KILLED_MIGRATIONS = (40, 25, 90, 60, *range(10, 300, 5))


# The long form, step by step.
LONG = [
    pytest.mark.soak,
    pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`"),
]


def chosen(steps: list[str], few: int) -> list[int]:
    """Every step that gives a file a name, from 1, the one after it, and ``few`` of all, spread over the whole."""
    named = {place for place, name in enumerate(steps, start=1) if name in ("os.rename", "os.link")}
    after = {place + 1 for place in named if place < len(steps)}
    return sorted({*named, *after, *range(len(steps) // few // 2, len(steps), len(steps) // few + 1)} - {0})


@pytest.mark.parametrize("few", [1, pytest.param(40, marks=LONG)])
def test_a_backup_that_is_killed_leaves_the_good_ones_and_nothing_that_looks_like_one(
    sqlite_centre: Built, tmp_path: Path, few: int
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    good = backed_up(home)
    steps = steps_of("backup", tmp_path, sqlite_centre.url)
    for step in chosen(steps, few):
        killed_before(step, "backup", tmp_path, sqlite_centre.url)
        left = backup.backup_files(home.backup_folder)
        assert good.file in left
        for file in left:
            restore.check_backup(file, ensure_key(home.folder, NOW))
    backup.make_backup(SYSTEM, LATER, home, tell=silent)
    assert all(file.suffix == ".zbk" for file in home.backup_folder.iterdir())


@pytest.mark.parametrize("few", [1, pytest.param(60, marks=LONG)])
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_restore_that_is_killed_leaves_the_old_centre_or_the_new(
    kind: str, tmp_path: Path, few: int, request: pytest.FixtureRequest
) -> None:
    built: Built = request.getfixturevalue(f"{kind}_centre")
    home = home_of(tmp_path, built.url)
    made, restored = backed_up(home), content()
    people.add_person(SYSTEM, NOW, people.NewPerson("1999", "新人", Role.OPERATOR))
    before = content()
    forget_database()
    steps = rehearsed(home, made.file, tmp_path, request)
    for step in chosen(steps, few):
        killed_before(step, "restore", tmp_path, built.url, made.file)
        store.open_database(built.url)
        assert content() in (before, restored)
        assert verify(SYSTEM, LATER).holds
        forget_database()
    restore.restore_backup(
        LATER + timedelta(hours=1), home, made.file, ensure_key(home.folder, NOW), tell=silent
    )
    store.open_database(built.url)
    assert content() == restored
    left = {file.name for file in tmp_path.iterdir() if file.name.startswith(".")}
    assert left == set(), "nothing is left of those that were killed"


def rehearsed(home: Home, file: Path, folder: Path, request: pytest.FixtureRequest) -> list[str]:
    """The steps of the same restore, elsewhere: over a copy of the file, or into an empty database."""
    elsewhere = home_of(folder / "elsewhere")
    same_key(home, elsewhere)
    if home.database_url.startswith("postgres"):
        return steps_of("restore", folder / "elsewhere", request.getfixturevalue("empty_postgres"), file)
    shutil.copy(store.file_of(home.database_url), folder / "elsewhere.db")
    return steps_of("restore", folder / "elsewhere", f"sqlite:///{folder / 'elsewhere.db'}", file)


@pytest.mark.parametrize("few", [2, pytest.param(60, marks=LONG)])
def test_a_migration_that_is_killed_goes_on_from_where_it_was(
    empty_url: str, tmp_path: Path, few: int
) -> None:
    from playhouse.migrations import Runner

    store.open_database(empty_url)
    store.migrate_to(BEFORE)
    with store.connected():
        for statement in AN_OLD_HANDOVER:
            models.database.execute_sql(statement)
        before = Runner(models.database.obj, str(store.MIGRATIONS)).applied()
    forget_database()
    kills = 0
    for step in KILLED_MIGRATIONS[:few]:
        # What a migration has finished stays: the later ones may have fewer steps left than this.
        kills += killed_or_done(step, "migrate", tmp_path, empty_url)
        store.open_database(empty_url)
        applied = [m.name for m in store.read(store.migrations) if m.applied]
        assert set(before) <= set(applied)
        assert store.read(lambda: models.database.execute_sql("SELECT count(*) FROM relief").fetchone()) == (
            1,
        )
        forget_database()
    assert kills >= 2
    store.open_database(empty_url)
    store.migrate()
    assert store.schema_differences() == ""
    assert store.read(lambda: models.Relief.get().incoming_person_id) == 2
