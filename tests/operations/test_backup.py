"""A backup holds the whole centre, encrypted (Art. 32), and comes back on either kind of database, verified."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

import models
from operations import backup, people, restore, store
from operations.backup_key import ensure_key, parse_code, recovery_code
from operations.backup_runs import backup_state, failure_words
from operations.boundary import SYSTEM
from operations.errors import BackupError, Conflict, Outdated
from operations.verify import verify
from regulation.roles import Role
from settings import Backup, ZhibanError
from tests.centre import NOW, Built
from tests.conftest import forget_database
from tests.operations.backups import audited, backed_up, content, home_of, same_key, silent
from tests.operations.processes import finished, started

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_backup_comes_back_whole_on_either_kind_of_database(
    centre: Built, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = home_of(tmp_path / "old", centre.url)
    made, before = backed_up(source), content()
    url = request.getfixturevalue("empty_postgres") if into == "postgres" else ""
    target = home_of(tmp_path / "new", url)
    same_key(source, target)
    restored = restore.restore_backup(LATER, target, made.file, ensure_key(target.folder, LATER), tell=silent)
    store.open_database(target.database_url)
    assert content() == before
    assert (restored.breaks, restored.aside) == (0, "")
    assert audited()[-1] == "note_restore"
    assert verify(SYSTEM, LATER).holds
    newcomer = people.NewPerson("1999", "新人", Role.OPERATOR)
    assert people.add_person(SYSTEM, LATER, newcomer) > max(centre.ids.values()), "ids are counted on"


def test_a_backup_counts_only_once_it_was_read_back_and_is_private(
    sqlite_centre: Built, tmp_path: Path
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    heard: list[str] = []
    made = backup.make_backup(SYSTEM, NOW, home, tell=lambda what, _done, _of: heard.append(what))
    assert heard[0] == backup.WRITING
    assert heard[-1] == backup.READING
    assert made.file.name == "zhiban-城东客服中心-20261123T143000Z.zbk"
    assert made.file.stat().st_mode & 0o077 == 0
    assert made.file.parent.stat().st_mode & 0o077 == 0
    assert list(home.backup_folder.iterdir()) == [made.file]
    assert "陈静".encode() not in made.file.read_bytes()
    assert audited()[-1] == "note_backup"


def test_a_backup_someone_stops_leaves_nothing(sqlite_centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, sqlite_centre.url)

    def stop(what: str, _done: int, _of: int) -> None:
        if what == backup.READING:
            raise ZhibanError("stopped")

    with pytest.raises(ZhibanError, match="stopped"):
        backup.make_backup(SYSTEM, NOW, home, tell=stop)
    assert list(home.backup_folder.iterdir()) == []
    assert backup_state(SYSTEM, NOW).failed is None


def test_the_desk_works_while_a_backup_is_made_and_it_holds_one_moment(centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, centre.url)
    written: list[str] = []

    def work(what: str, _done: int, _of: int) -> None:
        if what == backup.WRITING and not written:
            written.append(finished(started("visit", centre.url)))

    made = backup.make_backup(SYSTEM, NOW, home, tell=work)
    assert written == [""]
    assert made.manifest.tables["visit"].rows == 0
    assert store.read(lambda: models.Visit.select().count()) == 1


@pytest.mark.parametrize("damage", ["a byte turned", "the end cut off", "two parts swapped", "another file"])
def test_an_altered_backup_is_refused_and_nothing_changes(
    sqlite_centre: Built, tmp_path: Path, damage: str
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    made = backed_up(home)
    whole = bytearray(made.file.read_bytes())
    middle, part = len(whole) // 2, 1000
    if damage == "a byte turned":
        whole[middle] ^= 1
    elif damage == "the end cut off":
        del whole[-part:]
    elif damage == "two parts swapped":
        whole[middle : middle + 2 * part] = (
            whole[middle + part : middle + 2 * part] + whole[middle : middle + part]
        )
    else:
        whole = bytearray(b"SQLite format 3\0" + bytes(100))
    made.file.write_bytes(whole)
    before = content()
    forget_database()
    with pytest.raises(BackupError, match="was altered, cut off, or is no backup") as refused:
        restore.restore_backup(LATER, home, made.file, ensure_key(home.folder, NOW), tell=silent)
    assert refused.value.next_step
    assert names_beside(sqlite_centre) == ["centre.db"]
    store.open_database(sqlite_centre.url)
    assert content() == before


def names_beside(built: Built) -> list[str]:
    """The database files in a centre's folder."""
    folder = store.file_of(built.url).parent
    return sorted(
        f.name for f in folder.iterdir() if "db" in f.name and not f.name.endswith((".lock", "-shm", "-wal"))
    )


def test_a_backup_opens_with_its_own_key_alone_and_with_the_code_from_paper(
    sqlite_centre: Built, tmp_path: Path
) -> None:
    home, other = home_of(tmp_path, sqlite_centre.url), home_of(tmp_path / "other")
    made = backed_up(home)
    with pytest.raises(BackupError, match="made with another backup key"):
        restore.check_backup(made.file, ensure_key(other.folder, NOW))
    typed = recovery_code(ensure_key(home.folder, NOW)).lower()
    assert restore.check_backup(made.file, parse_code(typed)).manifest == made.manifest
    with pytest.raises(BackupError, match="no recovery code"):
        parse_code(typed[:-1] + ("q" if typed[-1] != "q" else "p"))


def test_a_restored_centre_takes_the_place_of_the_old_which_is_kept(centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, centre.url)
    made = backed_up(home)
    people.add_person(SYSTEM, NOW, people.NewPerson("1999", "新人", Role.OPERATOR))
    forget_database()
    restored = restore.restore_backup(LATER, home, made.file, ensure_key(home.folder, NOW), tell=silent)
    store.open_database(centre.url)
    assert "1999" not in {row.work_number for row in people.people(SYSTEM, LATER)}
    state = backup_state(SYSTEM, LATER)
    assert state.restored is not None
    assert state.restored.file == made.file.name
    assert restored.aside.startswith("before_2026" if store.is_postgresql() else "centre.before-2026")
    if store.is_postgresql():
        old = store.read(
            lambda: models.database.execute_sql(f"SELECT count(*) FROM {restored.aside}.person").fetchone()
        )
        assert old == (len(centre.ids) + 1,)
    else:
        assert names_beside(centre) == [restored.aside, "centre.db"]
        forget_database()
        store.open_database(f"sqlite:///{store.file_of(centre.url).with_name(restored.aside)}")
        assert "1999" in {row.work_number for row in people.people(SYSTEM, LATER)}


def test_a_centre_that_is_in_use_is_not_replaced(centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, centre.url)
    made = backed_up(home)
    waiting = started("keep_open", centre.url)
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "open\n"
    with pytest.raises(Conflict, match="in use"):
        restore.restore_backup(LATER, home, made.file, ensure_key(home.folder, NOW), tell=silent)
    finished(waiting)


def test_a_backup_of_a_newer_version_is_refused(
    sqlite_centre: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    store.write(lambda: models.database.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_tomorrow', '2030-01-01')"
    ))  # fmt: skip
    with pytest.raises(Outdated, match="newer version"):
        backed_up(home)
    with monkeypatch.context() as newer:
        newer.setattr(store, "KNOWN_MIGRATIONS", store.KNOWN_MIGRATIONS | {"9999_tomorrow"})
        made = backed_up(home)
    forget_database()
    with pytest.raises(BackupError, match="made by a newer version of this program"):
        restore.restore_backup(LATER, home, made.file, ensure_key(home.folder, NOW), tell=silent)


def test_records_that_do_not_hold_come_back_only_when_that_is_accepted(
    sqlite_centre: Built, tmp_path: Path
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    store.write(
        lambda: models.AuditRecord.update(actor="somebody").where(models.AuditRecord.sequence == 2).execute()
    )
    made, key = backed_up(home), ensure_key(home.folder, NOW)
    forget_database()
    with pytest.raises(BackupError, match="do not hold"):
        restore.restore_backup(LATER, home, made.file, key, tell=silent)
    assert restore.restore_backup(LATER, home, made.file, key, tell=silent, accept_breaks=True).breaks > 0


def test_generations_beyond_those_kept_go_and_other_files_stay(sqlite_centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, sqlite_centre.url, Backup(keep=2))
    home.backup_folder.mkdir()
    for name in ("zhiban-other-20200101T000000Z.zbk", "notes.txt"):
        (home.backup_folder / name).touch()
    stamps = []
    for hour in range(3):
        made = backup.make_backup(SYSTEM, NOW + timedelta(hours=hour), home, tell=silent)
        stamps.append(made.file.name)
    assert made.pruned == (stamps[0],)
    left = {file.name for file in home.backup_folder.iterdir()}
    assert left == {*stamps[1:], "zhiban-other-20200101T000000Z.zbk", "notes.txt"}


def test_a_folder_that_is_gone_is_said_in_words_and_shown(sqlite_centre: Built, tmp_path: Path) -> None:
    home = home_of(tmp_path, sqlite_centre.url, Backup(folder=str(tmp_path / "disk")))
    with pytest.raises(BackupError, match="is not there") as refused:
        backup.make_backup(SYSTEM, NOW, home, tell=silent)
    assert refused.value.next_step
    failed = backup_state(SYSTEM, NOW).failed
    assert failed is not None
    assert "is not there" in failure_words(failed.failure)[0]
    (tmp_path / "disk").mkdir()
    backup.make_backup(SYSTEM, LATER, home, tell=silent)
    assert backup_state(SYSTEM, LATER).failed is None


def test_a_disk_that_is_full_is_said_in_words_and_the_good_backups_stay(
    sqlite_centre: Built, tmp_path: Path
) -> None:
    home = home_of(tmp_path, sqlite_centre.url)
    good = backed_up(home)
    with room_as_it_was(), pytest.raises(BackupError, match="is full") as refused:
        backup.make_backup(SYSTEM, LATER, home, tell=lambda _what, _done, _of: take_room())
    assert refused.value.next_step
    assert list(home.backup_folder.iterdir()) == [good.file]


def take_room() -> None:
    """Let no file of this process grow from now on, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 10, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextmanager
def room_as_it_was() -> Iterator[None]:
    """Give back afterwards what was taken."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
        signal.signal(signal.SIGXFSZ, ignored)


def test_art32_a_backup_that_is_too_old_is_said(sqlite_centre: Built, tmp_path: Path) -> None:
    assert backup_state(SYSTEM, NOW).too_old, "there is none"
    backed_up(home_of(tmp_path, sqlite_centre.url))
    assert not backup_state(SYSTEM, NOW + timedelta(hours=26)).too_old
    assert backup_state(SYSTEM, NOW + timedelta(hours=26, seconds=1)).too_old
