"""The link: a real centre that is there, away, replaced or late, and every event there exactly once."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import models
from kiosk.corner import corner_notes
from kiosk.inputs import FormSubmitted, Key, ReportGiven, VisitForm
from kiosk.journal_file import JOURNAL_FOLDER
from kiosk.stops import Stops
from kiosk.views import ViewKind
from operations import backup, restore, store, visits
from operations.backup_key import ensure_key
from operations.boundary import SYSTEM
from operations.door import door_event
from operations.people import set_badge_state
from operations.today import today_board
from operations.verify import verify
from regulation.door_reports import REPORTED
from regulation.records import BadgeState, VisitState
from settings import open_home
from tests.centre import NOW, PEOPLE, VISITOR_BADGES, copied_centre
from tests.conftest import forget_database
from tests.kiosk.rig import Rig, running_rig, until
from tests.kiosk.scene import SNAPSHOT
from tests.operations.acts import approved_visit
from tests.operations.backups import home_of, silent

STAFF = PEOPLE["1017"][4]
FORM = VisitForm("李伟", "华信公司", "13800000000", "maintenance", "工单 4471", "1017")


def stored(rig: Rig) -> list[int]:
    """The sequence numbers the centre holds, read beside it."""
    file = rig.home.folder / "centre.db"
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT sequence FROM door_event ORDER BY sequence").fetchall()
    return [row[0] for row in rows]


def bring(source: Path, target: Path) -> None:
    """Move the centre's database, its main file last: it is whole from the moment it can be seen."""
    for name in ("centre.db-shm", "centre.db-wal", "centre.db"):
        if (source / name).exists():
            (source / name).rename(target / name)


def until_known(rig: Rig) -> None:
    until(lambda: rig.kiosk.door.snapshot.version > 0, "the first snapshot")


def swipes(rig: Rig, count: int) -> None:
    for _number in range(count):
        before = len(rig.events)
        rig.exit.swipe(STAFF)
        rig.wait(lambda r, before=before: len(r.events) > before)  # type: ignore[misc]


def test_a_door_learns_from_its_centre_and_reports_to_it(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        rig.entry.swipe(STAFF)
        rig.wait_for_codes("granted.relief_late")
        until(lambda: stored(rig) == [1])
        until(lambda: rig.kiosk.link.health.pending == 0)
        until(lambda: rig.kiosk.lights()[:3] == ("ok", "ok", "ok"), "all lights")


def test_a_badge_withdrawn_at_the_desk_is_refused_at_the_door(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        version = rig.kiosk.door.snapshot.version
        set_badge_state(SYSTEM, NOW, STAFF, BadgeState.LOST)
        until(lambda: rig.kiosk.door.snapshot.version > version)
        until(lambda: any(b.state is BadgeState.LOST for b in rig.kiosk.door.snapshot.badges))
        rig.entry.swipe(STAFF)
        rig.wait_for_codes("refused.badge_lost")


def test_the_door_decides_the_same_with_the_database_absent_and_events_arrive_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        swipes(rig, 2)
        until(lambda: stored(rig) == [1, 2])
        away = tmp_path / "away"
        away.mkdir()
        bring(tmp_path, away)
        rig.entry.swipe(STAFF)
        rig.wait(lambda r: r.codes[-1].startswith("granted"))
        swipes(rig, 3)
        until(lambda: rig.kiosk.link.health.fault != "", "noticing")
        assert not (tmp_path / "centre.db").exists(), "the door does not make an empty database"
        bring(away, tmp_path)
        until(lambda: stored(rig) == [1, 2, 3, 4, 5, 6], "catching up")
        until(lambda: rig.kiosk.link.health.fault == "")


def test_art04_a_breach_reported_while_the_centre_is_away_becomes_one_record_when_it_is_back(
    tmp_path: Path,
) -> None:
    def reports() -> list[int]:
        with closing(sqlite3.connect(f"file:{tmp_path / 'centre.db'}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT article FROM register_record WHERE register = 'breach'"
            ).fetchall()
        return [row[0] for row in rows]

    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        away = tmp_path / "away"
        away.mkdir()
        bring(tmp_path, away)
        until(lambda: rig.kiosk.link.health.fault != "", "noticing")
        for event in (Key("4"), Key("3"), ReportGiven("1022", "seat 03"), Key("1")):
            rig.kiosk.door.put(event)
        rig.wait_for_codes(REPORTED)
        bring(away, tmp_path)
        until(lambda: stored(rig) == [1], "catching up")
        assert reports() == [16]
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 1)
        until(lambda: stored(rig) == [1, 2])
        assert reports() == [16]


def test_a_database_swapped_for_another_file_is_followed_like_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.link.HEARTBEAT_SECONDS", 1000.0)  # only the change feed can bring the news
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        with closing(sqlite3.connect(tmp_path / "centre.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(tmp_path / "centre.db", tmp_path / "copy.db")
        for name in ("centre.db-wal", "centre.db-shm"):  # they belong to the file that is replaced
            (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / "copy.db").replace(tmp_path / "centre.db")
        for sent in ([1], [1, 2]):  # by the second one the link has opened the new file
            swipes(rig, 1)
            until(lambda sent=sent: stored(rig) == sent)  # type: ignore[misc]
        for state in (
            BadgeState.LOST,
            BadgeState.REVOKED,
        ):  # news from before the swap may carry the first one
            set_badge_state(SYSTEM, NOW, STAFF, state)
            until(lambda state=state: any(b.state is state for b in rig.kiosk.door.snapshot.badges))  # type: ignore[misc]


def test_a_door_that_starts_before_its_centre_decides_from_disk_and_reports_later(tmp_path: Path) -> None:
    built = tmp_path / "built"
    built.mkdir()
    copied_centre(built)
    with running_rig(tmp_path) as rig:
        rig.exit.swipe("5555")
        rig.wait_for_codes("released.unknown_badge")
        until(lambda: "not there" in rig.kiosk.link.health.fault)
        bring(built, tmp_path)
        until(lambda: stored(rig) == [1])
        until(lambda: len(rig.kiosk.door.snapshot.people) > len(SNAPSHOT.people))


def test_a_restarted_kiosk_sends_nothing_twice(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        swipes(rig, 3)
        until(lambda: stored(rig) == [1, 2, 3])
    Stops(open_home(tmp_path).kiosk_folder, NOW - timedelta(hours=1))
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 1)
        until(lambda: stored(rig) == [1, 2, 3, 4])
        # Art. 33: and says, once, since when nothing was recorded.
        until(lambda: not rig.kiosk.stops.untold)
        assert store.read(models.KioskOutage.select().count) == 1


def test_a_centre_restored_from_a_backup_gets_what_it_lost_and_takes_it_for_nothing_else(
    tmp_path: Path,
) -> None:
    built = copied_centre(tmp_path)
    home = home_of(tmp_path, f"sqlite:///{tmp_path / 'centre.db'}")
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        swipes(rig, 2)
        until(lambda: stored(rig) == [1, 2])
        # The link's thread and this one share the open database: opening it anew would pull it from under the link.
        made = backup.make_backup(SYSTEM, NOW, home, tell=silent)
        lost = approved_visit(built)
        until(lambda: lost.id in {visit.id for visit in rig.kiosk.door.snapshot.visits})
        rig.entry.swipe(VISITOR_BADGES[lost.badge_label])
        rig.wait_for_codes("pending.escort")
        rig.entry.swipe(STAFF)
        rig.wait_for_codes("granted.escort", "granted.visitor")
        until(lambda: stored(rig) == [1, 2, 3, 4, 5])
    until(lambda: all(thread.name != "link" for thread in threading.enumerate()))
    forget_database()
    restore.restore_backup(NOW, home, made.file, ensure_key(home.folder, NOW), tell=silent)
    store.open_database(home.database_url)
    assert store.read(lambda: [event.sequence for event in models.DoorEvent.select()]) == [1, 2]
    other = approved_visit(built, key="key-2")
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 1)
        # The escort goes, and the door tells that the visitor has none now.
        until(lambda: stored(rig) == [1, 2, 3, 4, 5, 6, 7])
    # Art. 20: who came in then is shown as who they were: nobody this centre has heard of.
    named = {door_event(SYSTEM, NOW, "main", number).who for number in (3, 5)}
    assert named == {f"unknown visitor {lost.id}"}
    states = store.read(lambda: {visit.id: visit.state for visit in models.Visit.select()})
    assert (states[lost.id], states[other.id]) == (VisitState.INSIDE, VisitState.APPROVED)
    assert verify(SYSTEM, NOW).holds


def test_a_journal_that_was_lost_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        swipes(rig, 3)
        until(lambda: stored(rig) == [1, 2, 3])
    shutil.rmtree(tmp_path / "kiosk" / JOURNAL_FOLDER)
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 1)
        until(lambda: "do not continue" in rig.kiosk.link.health.fault)
        assert rig.kiosk.link.health.pending == 1, "nothing is taken for delivered"


def test_a_journal_restored_from_an_old_backup_does_not_take_new_events_for_delivered(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        swipes(rig, 1)
        until(lambda: stored(rig) == [1])
    shutil.copytree(tmp_path / "kiosk" / JOURNAL_FOLDER, tmp_path / "old")
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 2)
        until(lambda: stored(rig) == [1, 2, 3])
    shutil.rmtree(tmp_path / "kiosk" / JOURNAL_FOLDER)
    shutil.copytree(tmp_path / "old", tmp_path / "kiosk" / JOURNAL_FOLDER)
    with running_rig(tmp_path, None) as rig:
        swipes(rig, 1)
        until(
            lambda: rig.kiosk.link.health.fault.startswith(("The events of door", "The centre holds later"))
        )
        assert rig.kiosk.link.health.pending >= 1


def test_art20_a_walk_up_visitor_reaches_the_desk_and_the_answer_reaches_the_door(tmp_path: Path) -> None:
    built = copied_centre(tmp_path)
    leader = built.actors["1003"]
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        rig.kiosk.door.put(Key("1"))
        rig.kiosk.door.put(FormSubmitted("k1", FORM))
        until(lambda: len(today_board(leader, rig.clock()).waiting) == 1, "the desk's list")
        (waiting,) = today_board(leader, rig.clock()).waiting
        visits.approve_visit(leader, rig.clock(), waiting.id)
        rig.wait(lambda r: r.views[-1].kind is ViewKind.TAKE_BADGE)
        rig.entry.swipe(VISITOR_BADGES[rig.views[-1].label])
        rig.wait_for_codes("pending.escort")
        rig.entry.swipe(STAFF)
        rig.wait_for_codes("granted.escort", "granted.visitor")


def test_a_walk_up_request_waits_for_a_centre_that_is_away_and_counts_once(tmp_path: Path) -> None:
    built = copied_centre(tmp_path)
    (tmp_path / "centre.db").rename(tmp_path / "away.db")
    with running_rig(tmp_path) as rig:
        until(lambda: "not there" in rig.kiosk.link.health.fault)
        rig.kiosk.link.request_visit("k1", FORM)
        rig.kiosk.link.request_visit("k1", FORM)
        (tmp_path / "away.db").rename(tmp_path / "centre.db")
        leader = built.actors["1003"]
        until(lambda: rig.kiosk.link.health.fault == "")
        until(lambda: len(today_board(leader, rig.clock()).waiting) == 1)


def test_a_refused_visit_is_shown_at_the_door(tmp_path: Path) -> None:
    built = copied_centre(tmp_path)
    leader = built.actors["1003"]
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        rig.kiosk.door.put(Key("1"))
        rig.kiosk.door.put(FormSubmitted("k1", FORM))
        until(lambda: len(today_board(leader, rig.clock()).waiting) == 1)
        (waiting,) = today_board(leader, rig.clock()).waiting
        visits.refuse_visit(leader, rig.clock(), waiting.id, "not today")
        rig.wait(lambda r: r.views[-1].text == "The desk did not approve this visit")
        assert all("not today" not in view.text + view.next_step for view in rig.views)


def migrations_of(rig: Rig, change: str, *values: str) -> None:
    """Another program writes into the centre's history of migrations."""
    with closing(sqlite3.connect(rig.home.folder / "centre.db")) as database, database:
        database.execute(change, values)


def test_a_database_of_a_newer_version_is_left_alone_and_the_door_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_known(rig)
        until(lambda: rig.kiosk.link.health.fault == "")
        migrations_of(
            rig, "INSERT INTO schema_migration (name, applied) VALUES ('9999_what_comes', '2026-11-23 14:30')"
        )
        until(lambda: rig.kiosk.link.health.outdated, "a look at the version")
        # Whoever misreads this would know of no badge any more.
        migrations_of(rig, "ALTER TABLE badge RENAME COLUMN state TO status")
        rig.entry.swipe(STAFF)
        rig.wait_for_codes("granted.relief_late")
        assert rig.kiosk.lights()[2] == "warning"
        now = rig.clock()
        assert corner_notes(rig.kiosk, now, "en") == ["program older than the centre's database: update it"]
        until(lambda: "left alone: A newer version" in caplog.text)
        assert "Install that version here" in caplog.text
        tried = rig.kiosk.link.health
        assert (tried.pending, stored(rig)) == (1, [])
        # The newer program is installed: this one knows the database again.
        migrations_of(rig, "ALTER TABLE badge RENAME COLUMN status TO state")
        migrations_of(rig, "DELETE FROM schema_migration WHERE name = ?", "9999_what_comes")
        until(lambda: stored(rig) == [1])
        until(lambda: not rig.kiosk.link.health.outdated)


def test_a_door_that_starts_beside_a_newer_database_works_from_what_it_knew(tmp_path: Path) -> None:
    copied_centre(tmp_path)
    with closing(sqlite3.connect(tmp_path / "centre.db")) as database, database:
        database.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999', '2026-11-23 14:30')")
    with running_rig(tmp_path, SNAPSHOT) as rig:
        until(lambda: rig.kiosk.link.health.outdated)
        swipes(rig, 1)
        assert rig.kiosk.door.snapshot == SNAPSHOT
        assert stored(rig) == []
