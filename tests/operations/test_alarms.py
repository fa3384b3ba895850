"""Art. 11, 20: an alarm at the door reaches every leader once, and stays until one says what was done."""

from __future__ import annotations

import pytest

import models
from operations import alarms, store, today
from operations.errors import Invalid, NotFound, NotPermitted
from regulation.access import DoorVerdict
from regulation.doorlog import CLOCK_SUSPECT, DURESS
from regulation.findings import Finding
from regulation.records import Direction
from tests.centre import NOW, Built
from tests.operations.acts import (
    ADMIN,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    Door,
    approved_visit,
    audit_actions,
    notices_for,
    own_badge,
    row_counts,
)


@pytest.fixture
def kiosk() -> Door:
    return Door("main-1")


def waiting(built: Built, number: str = LEADER) -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms_waiting(built.actors[number], NOW)


@pytest.mark.parametrize(
    "code",
    ["alarm.forced", "alarm.held", "alarm.overstayed", "alarm.no_escort", "alarm.duress", "alarm.locked_out"],
)
def test_art20_every_alarm_reaches_every_leader(sqlite_centre: Built, kiosk: Door, code: str) -> None:
    kiosk.raises(code, NOW + MINUTE)
    kiosk.sends()
    for number in (LEADER, RELIEF_LEADER, MANAGER):
        (alarm,) = waiting(sqlite_centre, number)
        assert (alarm.subject, alarm.code, alarm.at, alarm.article, alarm.door) == (
            "door:main-1-1",
            code,
            NOW + MINUTE,
            20,
            "main-1",
        )


def test_art20_an_alarm_is_raised_once_however_often_the_door_sends_it(centre: Built, kiosk: Door) -> None:
    kiosk.raises("alarm.forced", NOW)
    kiosk.sends()
    before = row_counts()
    kiosk.sends()
    assert row_counts()["Notification"] == before["Notification"]
    assert len(waiting(centre)) == 1


def test_art20_what_is_no_alarm_raises_none(centre: Built, kiosk: Door) -> None:
    kiosk.raises("note.closed", NOW)
    kiosk.notes(DoorVerdict("granted", centre.ids[LEADER]), NOW, own_badge(LEADER), marks=(CLOCK_SUSPECT,))
    kiosk.reads("deadbeef", NOW)
    kiosk.sends()
    assert waiting(centre) == ()


def test_art20_an_alarm_says_what_who_and_since_when(centre: Built, kiosk: Door) -> None:
    visit = approved_visit(centre)
    held = Finding("door_held", NOW, details={"seconds": "45", "kind": "x", "subject": "y"})
    kiosk.raises("alarm.held", NOW, findings=(held,))
    kiosk.raises("alarm.no_escort", NOW + MINUTE, visit_id=visit.id)
    kiosk.sends()
    newer, older = waiting(centre)
    assert (newer.who, newer.text) == ("李伟", "A visitor is inside without an escort")
    assert (older.who, older.details["seconds"]) == ("", "45")


# --- seen to ------------------------------------------------------------------------------------------------


def test_art20_one_leaders_word_takes_it_off_everyones_list(centre: Built, kiosk: Door) -> None:
    kiosk.raises("alarm.forced", NOW)
    kiosk.raises("alarm.held", NOW)
    kiosk.sends()
    alarms.acknowledge_alarm(centre.actors[LEADER], NOW, "door:main-1-1", "风吹开的，已关好")
    for number in (LEADER, MANAGER):
        assert [a.code for a in waiting(centre, number)] == ["alarm.held"]
    record = models.AuditRecord
    last = store.read(lambda: record.select().order_by(record.sequence.desc()).first())
    assert (last.actor, last.action, last.subject, last.detail) == (
        LEADER,
        "acknowledge_alarm",
        "door:main-1-1",
        {"note": "风吹开的，已关好"},
    )


def test_art20_an_alarm_is_seen_to_once_and_not_without_a_word(centre: Built, kiosk: Door) -> None:
    kiosk.raises("alarm.forced", NOW)
    kiosk.sends()
    leader = centre.actors[LEADER]
    with pytest.raises(Invalid, match="what was done"):
        alarms.acknowledge_alarm(leader, NOW, "door:main-1-1", "  ")
    alarms.acknowledge_alarm(leader, NOW, "door:main-1-1", "已处理")
    for subject in ("door:main-1-1", "door:main-1-9", "visit:1"):
        with pytest.raises(NotFound):
            alarms.acknowledge_alarm(leader, NOW, subject, "已处理")
    assert audit_actions().count("acknowledge_alarm") == 1


def test_art20_a_request_of_a_visitor_is_no_alarm_and_is_not_seen_to_as_one(
    centre: Built, kiosk: Door
) -> None:
    approved_visit(centre)
    store.write(lambda: models.Notification.update(answered_at=None).execute())
    assert waiting(centre) == ()
    with pytest.raises(NotFound):
        alarms.acknowledge_alarm(centre.actors[LEADER], NOW, "visit:1", "看过")


def test_art20_alarms_are_for_leaders(centre: Built, kiosk: Door) -> None:
    kiosk.raises("alarm.forced", NOW)
    kiosk.sends()
    for number in (OPERATOR, ADMIN):
        with pytest.raises(NotPermitted):
            waiting(centre, number)
    assert [a.code for a in today.today_board(centre.actors[LEADER], NOW).alarms] == ["alarm.forced"]
    assert today.today_board(centre.actors[OPERATOR], NOW).alarms == ()


# --- the silent one -----------------------------------------------------------------------------------------


def approves_under_threat(built: Built, kiosk: Door) -> None:
    verdict = DoorVerdict("note.approved", built.ids[LEADER])
    kiosk.notes(verdict, NOW, own_badge(LEADER), Direction.NONE, marks=(DURESS,))
    kiosk.sends()


def test_art20_a_pin_given_under_threat_alarms_every_leader(centre: Built, kiosk: Door) -> None:
    approves_under_threat(centre, kiosk)
    (alarm,) = waiting(centre)
    assert (alarm.code, alarm.text, alarm.who) == ("alarm.duress", "A PIN was given under threat", "王建国")
    assert {n.kind for n in notices_for(centre.actors[MANAGER])} == {"duress"}
    board = today.today_board(centre.actors[LEADER], NOW)
    assert (board.door[0].alarm, board.door[0].marks) == (True, (DURESS,))


def test_art20_and_stays_silent_on_every_other_desk(centre: Built, kiosk: Door) -> None:
    approves_under_threat(centre, kiosk)
    kiosk.raises("alarm.duress", NOW)
    kiosk.raises("alarm.forced", NOW)
    kiosk.sends()
    board = today.today_board(centre.actors[OPERATOR], NOW)
    assert [(row.code, row.alarm, row.marks) for row in board.door] == [
        ("alarm.forced", True, ()),
        ("note.approved", False, ()),
    ]
    assert notices_for(centre.actors[OPERATOR]) == ()
