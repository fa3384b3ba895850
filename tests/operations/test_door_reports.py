"""Art. 4: a breach reported at the door is one record of the register, and names nobody who did not want it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import models
from operations import door, register_views, store, today
from regulation.access import DoorVerdict
from regulation.door_reports import REPORTED, DoorReport, report_evidence
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction
from tests.centre import NOW, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, Door, own_badge

COLLEAGUE = "1021"


def reported(kiosk: Door, report: DoorReport, person_id: int | None = None, at: datetime = NOW) -> None:
    verdict = DoorVerdict(REPORTED, person_id, reason=report.kind, evidence=report_evidence(report))
    kiosk.notes(verdict, at, own_badge(OPERATOR) if person_id else "", Direction.NONE)


def inbox(built: Built) -> list[register_views.RecordRow]:
    return list(register_views.records(built.actors[MANAGER], NOW + MINUTE, "breach").rows)


def test_art04_an_anonymous_report_arrives_once_and_names_no_reporter(centre: Built) -> None:
    kiosk = Door()
    reported(kiosk, DoorReport("order", COLLEAGUE, "seat 02, eating"))
    kiosk.sends(NOW + MINUTE)
    kiosk.sends(NOW + 2 * MINUTE)
    (record,) = inbox(centre)
    assert (record.state, record.article, record.about, record.reporter) == ("new", 16, COLLEAGUE, "")
    assert record.values["what"] == "seat 02, eating Reported at the door door at 22:30."
    assert record.values["happened_on"] == "2026-11-23"
    assert record.due_at is not None
    steps = register_views.record_story(centre.actors[MANAGER], NOW + MINUTE, record.id).steps
    assert [step.by for step in steps] == [""]


def test_art04_a_badge_signs_a_report(centre: Built) -> None:
    kiosk = Door()
    reported(kiosk, DoorReport("seat_left"), centre.ids[OPERATOR])
    kiosk.sends(NOW + MINUTE)
    (record,) = inbox(centre)
    assert (record.reporter, record.about) == (OPERATOR, "")
    assert register_views.record_story(centre.actors[OPERATOR], NOW + MINUTE, record.id).record == record


def test_art04_a_number_that_is_nobodys_and_a_kind_of_another_version_hold_nothing_up(centre: Built) -> None:
    kiosk = Door()
    reported(kiosk, DoorReport("of_a_later_version", "77777", "'; drop table person; --[b]"))
    kiosk.sends(NOW + MINUTE)
    (record,) = inbox(centre)
    assert record.values["kind"] == "other"
    assert "The work number given, 77777, is nobody's here." in str(record.values["what"])
    assert "drop table person; --[b]" in str(record.values["what"])


def test_art04_nobody_sees_at_the_desk_that_somebody_reported(centre: Built) -> None:
    kiosk = Door()
    kiosk.reads(own_badge(OPERATOR), NOW - timedelta(hours=1))
    reported(kiosk, DoorReport("order", LEADER), centre.ids[OPERATOR])
    kiosk.sends(NOW + MINUTE)
    leader = centre.actors[LEADER]
    page = door.door_events(leader, NOW + MINUTE, door.DoorFilter(), 0, 50)
    assert page.total == 1
    assert REPORTED not in [row.code for row in page.rows]
    assert door.door_events(leader, NOW + MINUTE, door.DoorFilter(code=REPORTED), 0, 50).total == 0
    assert REPORTED not in [row.code for row in today.today_board(leader, NOW + MINUTE).door]
    assert register_views.records(leader, NOW + MINUTE, "breach").rows == ()
    assert store.read(lambda: models.DoorEvent.select().where(models.DoorEvent.code == REPORTED).count()) == 1


def test_art04_a_door_that_floods_the_register_is_written_down_once(centre: Built) -> None:
    kiosk, most = Door(), DEFAULT_LIMITS["unnamed_reports_an_hour"]
    for second in range(most + 3):
        reported(kiosk, DoorReport("order", "", f"no. {second}"), at=NOW + timedelta(seconds=second))
    reported(kiosk, DoorReport("seat_left"), centre.ids[OPERATOR], NOW + MINUTE)
    kiosk.sends(NOW + MINUTE)
    records = inbox(centre)
    kinds = Counter(str(record.values["kind"]) for record in records)
    assert kinds == {"order": most, "other": 1, "seat_left": 1}
    (told,) = [record for record in records if record.values["kind"] == "other"]
    assert f"More than {most} breaches were reported at the door door" in str(told.values["what"])
    assert len(kiosk.events) == most + 4, "the door's own records have them all"


def test_art04_a_door_is_heard_again_when_an_hour_has_passed(sqlite_centre: Built) -> None:
    kiosk, most = Door(), DEFAULT_LIMITS["unnamed_reports_an_hour"]
    for _number in range(most):
        reported(kiosk, DoorReport("order"))
    reported(kiosk, DoorReport("dress"), at=NOW + timedelta(hours=1))
    kiosk.sends(NOW + timedelta(hours=1))
    assert [str(record.values["kind"]) for record in inbox(sqlite_centre)].count("dress") == 1
