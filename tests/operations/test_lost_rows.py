"""Art. 20 and 33: a centre that comes back from a backup never gives an id twice, and shows what only the door still knows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import peewee
import pytest

import models
from operations import backup, door, entry_register, occupancy, people, restore, row_ids, slips, store
from operations.backup import BackupMade
from operations.backup_key import ensure_key
from operations.backup_stream import Header, head_lines
from operations.boundary import SYSTEM
from regulation.access import DoorVerdict
from regulation.records import VisitState
from regulation.roles import Role
from settings import Home
from tests.centre import NOW, SHIFT_STARTS, TODAY, Built
from tests.conftest import forget_database
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    Door,
    approved_visit,
    own_badge,
    visitor_badge,
)
from tests.operations.backups import backed_up, home_of, same_key, silent

IN_TIME = SHIFT_STARTS - 10 * MINUTE
LATER = NOW + timedelta(hours=1)


def restored(home: Home, made: BackupMade) -> None:
    """The home's centre comes back from the backup, an hour after it was made, and is open again."""
    forget_database()
    restore.restore_backup(LATER, home, made.file, ensure_key(home.folder, NOW), tell=silent)
    store.open_database(home.database_url)


def lose(table: type[models.Table], which: peewee.Expression | None = None) -> None:
    """What a restore from an older backup does to rows that were made since."""
    store.write(lambda: table.delete().where(which if which is not None else table.id > 0).execute())


def states() -> dict[int, str]:
    return store.read(lambda: {row.id: row.state for row in models.Visit.select()})


def seen(sequence: int) -> door.DoorRow:
    return door.door_event(SYSTEM, LATER, "door", sequence)


def test_art20_an_entry_of_a_lost_visit_never_comes_to_speak_of_another(
    centre: Built, tmp_path: Path
) -> None:
    home, kiosk = home_of(tmp_path, centre.url), Door()
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.sends()
    made = backed_up(home)
    lost = approved_visit(centre)
    entered = kiosk.admits(visitor_badge(lost.badge_label), own_badge(LEADER), NOW)
    assert kiosk.sends() == 2
    # What stood here counts to the last id, however many it gave since the backup.
    store.write(lambda: row_ids.count_on_beyond({"visit": 8_000_000}, timedelta(), {}))
    restored(home, made)
    other = approved_visit(centre, key="key-2", visitor="王芳")
    assert other.id == 8_000_000 + row_ids.IDS_AT_ONCE + 1
    # The journal comes back, and once more: it is taken once.
    assert (kiosk.sends(LATER), kiosk.sends(LATER)) == (2, 2)
    row = seen(entered.sequence)
    assert (row.visit_id, row.who, row.is_visitor) == (lost.id, f"unknown visitor {lost.id}", True)
    assert row.escort
    assert states() == {lost.id: VisitState.INSIDE, other.id: VisitState.APPROVED}
    (_leader, guest) = door.inside_now(SYSTEM, LATER)
    assert (guest.visit_id, guest.name, guest.escort != "") == (lost.id, row.who, True)
    kiosk.leaves(visitor_badge(lost.badge_label), LATER)
    kiosk.sends(LATER)
    assert states()[lost.id] == VisitState.ENDED


def test_art20_a_lost_visitor_who_never_left_is_counted_and_can_be_said_to_be_gone(
    sqlite_centre: Built,
) -> None:
    kiosk = Door()
    kiosk.reads(own_badge(LEADER), IN_TIME)
    lost = approved_visit(sqlite_centre)
    kiosk.admits(visitor_badge(lost.badge_label), own_badge(LEADER), NOW)
    lose(models.Visit)
    kiosk.sends(LATER)
    assert occupancy.muster(SYSTEM, LATER).rows[0].name == f"unknown visitor {lost.id}"
    leader = sqlite_centre.actors[LEADER]
    occupancy.reset_occupancy(leader, LATER, visit_id=lost.id, reason="seen outside")
    assert [row.is_visitor for row in door.inside_now(SYSTEM, LATER)] == [False]
    assert states()[lost.id] == VisitState.ENDED


def test_art20_a_person_entered_after_the_backup_is_shown_as_unknown_and_counted(
    sqlite_centre: Built,
) -> None:
    kiosk = Door()
    lost = people.add_person(SYSTEM, NOW, people.NewPerson("1999", "新人", Role.DEPUTY_MANAGER))
    kiosk.notes(DoorVerdict("granted.off_duty", lost, reason="inspection"), NOW)
    lose(models.Person, models.Person.id == lost)
    kiosk.sends(LATER)
    row = seen(1)
    assert (row.who, row.work_number) == (f"unknown person {lost}", "")
    manager = sqlite_centre.actors[MANAGER]
    listed = entry_register.entry_register(manager, LATER, TODAY, TODAY, staff=True).rows
    assert [one.name for one in listed] == [row.who]
    assert [one.name for one in door.inside_now(SYSTEM, LATER)] == [row.who]


def test_art20_a_visit_approved_at_the_door_by_a_lost_slip_gets_its_name_back(sqlite_centre: Built) -> None:
    kiosk = Door()
    (slip,) = slips.reserve_slips(kiosk.actor, NOW, kiosk.kiosk, 1)
    approver = sqlite_centre.ids[LEADER]
    kiosk.notes(DoorVerdict("note.approved", approver, slip, reason="maintenance"), NOW)
    lose(models.Visit)
    (fresh,) = slips.reserve_slips(kiosk.actor, LATER, kiosk.kiosk, 1)
    assert fresh != slip
    end = NOW + 60 * MINUTE
    filled = slips.SlipFilled(
        slip, "key-9", "李伟", "华信公司", "", "", "maintenance", "4471", "", OPERATOR, "", NOW, end, approver, NOW
    )  # fmt: skip
    slips.fill_slip(kiosk.actor, LATER, filled)
    kiosk.sends(LATER)
    assert seen(1).who == "李伟"
    assert states() == {slip: VisitState.APPROVED, fresh: VisitState.RESERVED}


def test_an_id_this_centre_never_gave_is_nobodys_visit(sqlite_centre: Built) -> None:
    kiosk = Door()
    event = kiosk.notes(DoorVerdict("granted.visitor", visit_id=4000), NOW)
    kiosk.sends()
    assert states() == {}
    assert seen(event.sequence).who == "unknown visitor 4000"


def test_a_row_that_was_removed_leaves_its_id_to_nobody(centre: Built) -> None:
    lost = approved_visit(centre)
    lose(models.Visit)
    assert approved_visit(centre, key="key-2").id > lost.id


def test_every_table_of_sqlite_keeps_count_of_its_ids(sqlite_centre: Built) -> None:
    def uncounted() -> list[str]:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        made = dict(models.database.execute_sql(query).fetchall())
        tables = (t for t in models.TABLES if isinstance(t._meta.primary_key, peewee.AutoField))
        return [t.__name__ for t in tables if "AUTOINCREMENT" not in made[t._meta.table_name]]

    assert store.read(uncounted) == ["ChangeCounter"]


def test_an_old_sqlite_centre_counts_from_what_it_has_and_keeps_all_of_it(sqlite_centre: Built) -> None:
    visit = approved_visit(sqlite_centre)

    def as_it_was() -> None:
        execute = models.database.execute_sql
        ((sql,),) = execute("SELECT sql FROM sqlite_master WHERE name = 'visit'").fetchall()
        execute("PRAGMA writable_schema = 1")
        plain = sql.replace(" AUTOINCREMENT", "")
        execute("UPDATE sqlite_master SET sql = ? WHERE name = 'visit'", (plain,))
        execute("DELETE FROM sqlite_sequence WHERE name = 'visit'")

    store.write(as_it_was)
    forget_database()
    store.open_database(sqlite_centre.url)
    store.migrate()
    assert store.schema_differences() == ""
    assert states() == {visit.id: VisitState.APPROVED}
    checked = store.read(lambda: models.database.execute_sql("PRAGMA foreign_key_check").fetchall())
    assert checked == []
    lose(models.Visit)
    assert approved_visit(sqlite_centre, key="key-2").id == visit.id + 1


def test_a_migration_that_makes_a_table_anew_forgets_no_id(
    sqlite_centre: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = approved_visit(sqlite_centre)
    lose(models.Visit)
    later = tmp_path / "migrations"
    shutil.copytree(store.MIGRATIONS, later)
    (later / "9999_anew.py").write_text(
        "def up(migrator, db):\n    migrator.migrate(migrator.drop_not_null('visit', 'note'))\n"
    )
    monkeypatch.setattr(store, "MIGRATIONS", later)
    monkeypatch.setattr(store, "KNOWN_MIGRATIONS", store.KNOWN_MIGRATIONS | {"9999_anew"})
    assert store.migrate() == ["9999_anew"]
    assert approved_visit(sqlite_centre, key="key-2").id == lost.id + 1


def test_a_backup_knows_the_ids_whose_rows_are_gone(sqlite_centre: Built, tmp_path: Path) -> None:
    source = home_of(tmp_path / "old", sqlite_centre.url)
    gone = approved_visit(sqlite_centre)
    lose(models.Visit)
    made = backed_up(source)
    bare = home_of(tmp_path / "new")
    same_key(source, bare)
    restored(bare, made)
    assert (
        store.read(row_ids.ids_given)["visit"]
        == gone.id + row_ids.IDS_AT_ONCE + 3600 * row_ids.IDS_PER_SECOND
    )


def test_a_backup_of_before_that_says_nothing_of_ids_is_read_all_the_same(
    sqlite_centre: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_ids(header: Header, settings: str) -> Iterator[bytes]:
        first, *others = head_lines(header, settings)
        said = json.loads(first)
        del said["ids"]
        yield json.dumps(said, ensure_ascii=False).encode() + b"\n"
        yield from others

    monkeypatch.setattr(backup, "head_lines", without_ids)
    home = home_of(tmp_path, sqlite_centre.url)
    made = backed_up(home)
    assert restore.check_backup(made.file, ensure_key(home.folder, NOW)).header.ids == {}


@pytest.mark.parametrize(
    ("age_days", "highest"), [(-1, 1_000_007), (2300, 1_988_200_007), (4000, row_ids.LAST_ID)]
)
def test_ids_count_on_by_the_age_of_the_backup_and_never_run_out(
    centre: Built, age_days: int, highest: int
) -> None:
    store.write(lambda: row_ids.count_on_beyond({"visit": 7}, timedelta(days=age_days), {}))
    assert store.read(row_ids.ids_given)["visit"] == highest
