"""Art. 20 and 33: a door event is recorded whole, and its hash covers every field of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from regulation.access import DOOR_CODES, DoorVerdict
from regulation.doorlog import (
    DoorEventRecord,
    Read,
    event_fields,
    event_id,
    hashed_badge,
    passage_of,
    record_event,
)
from regulation.findings import Finding
from regulation.ledger import GENESIS, chain_hash
from regulation.records import Direction
from tests.regulation.room import INSTANT, NOON, OPERATOR, VISIT

READ = Read("main", "north", Direction.IN, "operator", known=True, at=NOON)
LATE = Finding("relief_late", NOON, OPERATOR, OPERATOR, (f"duty:{OPERATOR}",), "0badcafe", {"minutes": "3"})
VERDICT = DoorVerdict(
    "granted.relief_late",
    OPERATOR,
    VISIT,
    88,
    3,
    "training",
    (LATE,),
    (f"duty:{OPERATOR}",),
    "0badcafe",
)
EVENT = record_event(READ, VERDICT, 12, GENESIS, 7)

CHANGED: dict[str, Any] = {
    "kiosk": "side",
    "sequence": 13,
    "at": NOON + INSTANT,
    "reader": "south",
    "direction": "out",
    "badge": "operator ",
    "person_id": OPERATOR + 1,
    "visit_id": None,
    "duty_id": 89,
    "escort_id": 4,
    "code": "granted",
    "outcome": "granted",
    "article": 20,
    "reason": "forgotten",
    "findings": (),
    "evidence": (),
    "limits_version": "0badcaff",
    "snapshot_version": 8,
    "marks": ("dress_confirmed",),
    "uptime_ms": 1,
}
# Left out of the hashed form while they say nothing, so that chains from before they existed still hold.
LATER = {"marks", "uptime_ms"}


def test_art33_the_table_below_changes_every_field_but_the_two_hashes() -> None:
    assert set(CHANGED) == {field.name for field in fields(DoorEventRecord)} - {"previous", "hash"}
    assert set(event_fields(EVENT)) == set(CHANGED) - LATER
    assert set(event_fields(replace(EVENT, marks=("duress",), uptime_ms=5))) == set(CHANGED)


@pytest.mark.parametrize("name", CHANGED)
def test_art33_any_changed_field_changes_the_hash(name: str) -> None:
    changed = replace(EVENT, **{name: CHANGED[name]})
    assert chain_hash(GENESIS, event_fields(changed)) != EVENT.hash


@pytest.mark.parametrize("name", ["minutes", "evidence", "code"])
def test_art33_the_inside_of_a_finding_is_under_the_hash_too(name: str) -> None:
    finding = dict(EVENT.findings[0])
    changed = {
        "minutes": {**finding, "details": {"minutes": "0"}},
        "evidence": {**finding, "evidence": []},
        "code": {**finding, "code": "duty_late"},
    }[name]
    assert chain_hash(GENESIS, event_fields(replace(EVENT, findings=(changed,)))) != EVENT.hash


def test_art33_the_hash_follows_the_one_before_it() -> None:
    assert EVENT.hash == chain_hash(EVENT.previous, event_fields(EVENT))
    assert record_event(READ, VERDICT, 12, "1" * 64, 7).hash != EVENT.hash


def test_art20_an_unknown_badge_is_kept_hashed_and_a_known_one_as_it_is() -> None:
    unknown = record_event(replace(READ, known=False), VERDICT, 1, GENESIS, 1)
    assert unknown.badge == hashed_badge("operator")
    assert "operator" not in unknown.badge
    assert EVENT.badge == "operator"


def test_art20_a_finding_at_the_door_leads_to_its_own_event_first() -> None:
    assert event_id("main", 12) == "door:main-12"
    assert EVENT.findings[0]["evidence"] == ["door:main-12", f"duty:{OPERATOR}"]


OF_THE_ROOM = {"alarm.overstayed", "alarm.no_escort", "note.escort", "note.reset"}


@pytest.mark.parametrize("code", DOOR_CODES)
def test_art20_only_what_opens_the_door_or_is_said_of_someone_inside_moves_anybody(code: str) -> None:
    event = record_event(READ, replace(VERDICT, code=code, findings=(), evidence=()), 1, GENESIS, 1)
    assert (passage_of(event) is not None) is (DOOR_CODES[code].outcome.opens or code in OF_THE_ROOM)


def test_art20_an_alarm_has_no_badge_to_hash() -> None:
    alarm = Read("main", "contact", Direction.NONE, "", known=False, at=NOON)
    assert record_event(alarm, DoorVerdict("alarm.forced"), 1, GENESIS, 1).badge == ""


def test_art20_an_escort_who_leaves_hands_over_the_visits_in_the_evidence_and_one_who_only_leads_does_not() -> (
    None
):
    out = replace(READ, direction=Direction.OUT)
    left = DoorVerdict("released", OPERATOR, escort_id=3, evidence=("duty:17", "visit:5", "visit:6"))
    passage = passage_of(record_event(out, left, 1, GENESIS, 1))
    assert passage is not None
    assert (passage.moves, passage.escort_id, passage.direction) == ((5, 6), 3, Direction.OUT)
    led = passage_of(record_event(READ, replace(left, code="granted.escort", escort_id=None), 1, GENESIS, 1))
    assert led is not None
    assert led.moves == ()


def test_art20_a_reset_takes_out_although_nobody_passed() -> None:
    read = replace(READ, direction=Direction.NONE)
    passage = passage_of(record_event(read, DoorVerdict("note.reset", OPERATOR), 1, GENESIS, 1))
    assert passage is not None
    assert passage.direction is Direction.OUT


def test_art20_a_passage_of_nobody_known_moves_nobody() -> None:
    stranger = DoorVerdict("released.unknown_badge")
    assert passage_of(record_event(READ, stranger, 1, GENESIS, 1)) is None
