"""A door event as it is recorded, hashed and shown: one for every read that reached a decision (Art. 20, 33)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulation.access import DoorVerdict, Outcome
from regulation.findings import Finding
from regulation.ledger import chain_hash, instant_text
from regulation.occupancy import Passage
from regulation.records import Direction
from regulation.values import value

# What the hash covers, in words: every field below except the two hashes themselves.
_UNHASHED = ("previous", "hash")

# These came later: left out of the hashed form where they say nothing, so that older chains still hold.
_LEFT_OUT_WHEN_EMPTY = ("marks", "uptime_ms")

CLOCK_SUSPECT = "clock_suspect"
DURESS = "duress"
DRESS_CONFIRMED = "dress_confirmed"

# The code of a refusal that, when it names an entry, takes that entry back.
TAKEN_BACK = "refused.cannot_be_recorded"

# What changes who is inside, or who answers for them, without anyone passing the door.
OF_THE_ROOM = frozenset({"alarm.overstayed", "alarm.no_escort", "note.escort", "note.reset"})


@dataclass(frozen=True, slots=True)
class DoorEventRecord:
    """One record of a kiosk's event chain. ``findings`` are plain mappings, so that they are hashed as stored."""

    kiosk: str
    sequence: int
    at: datetime
    reader: str
    direction: str
    badge: str
    person_id: int | None
    visit_id: int | None
    duty_id: int | None
    escort_id: int | None
    code: str
    outcome: str
    article: int
    reason: str
    findings: tuple[Mapping[str, Any], ...]
    evidence: tuple[str, ...]
    limits_version: str
    snapshot_version: int
    previous: str
    hash: str
    marks: tuple[str, ...] = ()
    uptime_ms: int = 0


@value
class Read:
    """Where and when a badge was read; ``known`` says whether the badge is one of ours.

    What happens at the door without a badge (forced, held open) has an empty one. ``marks`` say what is special
    about it, for example :data:`CLOCK_SUSPECT`; ``uptime_ms`` is the machine's time since it was started, which no
    one can set.
    """

    kiosk: str
    reader: str
    direction: Direction
    badge: str
    known: bool
    at: datetime
    marks: tuple[str, ...] = ()
    uptime_ms: int = 0


def stamped(read: Read, uptime_ms: int, marks: tuple[str, ...]) -> Read:
    """Return ``read`` with the machine's uptime, and ``marks`` beside its own."""
    return Read(
        read.kiosk,
        read.reader,
        read.direction,
        read.badge,
        read.known,
        read.at,
        (*read.marks, *marks),
        uptime_ms,
    )


def event_id(kiosk: str, sequence: int) -> str:
    """Return the evidence id of a door event."""
    return f"door:{kiosk}-{sequence}"


def record_event(
    read: Read, verdict: DoorVerdict, sequence: int, previous: str, snapshot_version: int
) -> DoorEventRecord:
    """Build the record that follows ``previous`` on the kiosk's chain; unknown badges are kept hashed."""
    values = event_values(read, verdict, sequence, snapshot_version)
    return DoorEventRecord(**values, previous=previous, hash=chain_hash(previous, hashed_form(values)))


def event_values(read: Read, verdict: DoorVerdict, sequence: int, snapshot_version: int) -> dict[str, Any]:
    """Return the fields of a record, all but its two hashes, by their names."""
    own_id = event_id(read.kiosk, sequence)
    code = verdict.door_code
    return {
        "kiosk": read.kiosk,
        "sequence": sequence,
        "at": read.at,
        "reader": read.reader,
        "direction": read.direction.value,
        "badge": read.badge if read.known or not read.badge else hashed_badge(read.badge),
        "person_id": verdict.person_id,
        "visit_id": verdict.visit_id,
        "duty_id": verdict.duty_id,
        "escort_id": verdict.escort_id,
        "code": verdict.code,
        "outcome": code.outcome.value,
        "article": code.article,
        "reason": verdict.reason,
        "findings": tuple(_finding_fields(finding, own_id) for finding in verdict.findings),
        "evidence": verdict.evidence,
        "limits_version": verdict.limits_version,
        "snapshot_version": snapshot_version,
        "marks": read.marks,
        "uptime_ms": read.uptime_ms,
    }


def event_fields(event: DoorEventRecord) -> dict[str, Any]:
    """Return the fields that the hash covers: all of them but the two hashes."""
    return hashed_form({name: getattr(event, name) for name in event.__slots__})


def hashed_form(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of an event's ``fields`` the hash covers."""
    form = dict(fields)
    for name in _UNHASHED:
        form.pop(name, None)
    for name in _LEFT_OUT_WHEN_EMPTY:
        if name in form and not form[name]:
            del form[name]
    return form


def passage_of(event: DoorEventRecord) -> Passage | None:
    """Return what the event means for who is inside, or ``None`` when nothing.

    An escort who leads a visitor in is recorded by an event of their own. An entry that became durable too late to
    open the door is taken back by a refusal that names it. Whoever passes with an ``escort_id`` and visits in the
    evidence moves the escort duty for those: the escort who leaves to the next one, or who enters to themselves.
    """
    own_id = event_id(event.kiosk, event.sequence)
    if event.code in OF_THE_ROOM:
        return _said_of_the_room(event, own_id)
    if event.code == TAKEN_BACK:
        taken_back = next((proof for proof in event.evidence if proof.startswith("door:")), "")
        if taken_back:
            return Passage(own_id, event.at, Direction(event.direction), withdraws=taken_back)
    if not Outcome(event.outcome).opens or (event.person_id is None and event.visit_id is None):
        return None
    moving = event.visit_id is None and event.escort_id is not None
    return Passage(
        own_id,
        event.at,
        Direction(event.direction),
        event.person_id,
        event.visit_id,
        event.escort_id,
        moves=_visits_in(event.evidence) if moving else (),
    )


def passage_meant(read: Read, verdict: DoorVerdict) -> Passage | None:
    """Return what a verdict means for who is inside although it has no record yet: it happened all the same."""
    return passage_of(record_event(read, verdict, 0, "", 0))


def _said_of_the_room(event: DoorEventRecord, own_id: str) -> Passage:
    """What the door says of someone inside without anyone passing: their escort, their time, or not inside at all."""
    visit_id = event.visit_id
    if event.code == "note.reset":
        return Passage(own_id, event.at, Direction.OUT, event.person_id, visit_id)
    if event.code == "alarm.overstayed":
        return Passage(own_id, event.at, Direction.NONE, None, visit_id, overstay_told=True)
    moves = (visit_id,) if visit_id is not None else ()
    return Passage(own_id, event.at, Direction.NONE, escort_id=event.escort_id, moves=moves)


def _visits_in(evidence: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(proof.removeprefix("visit:")) for proof in evidence if proof.startswith("visit:"))


def hashed_badge(badge: str) -> str:
    """Return what is kept of a badge nobody knows: enough to see that it came again, not the id itself."""
    return "#" + hashlib.sha256(badge.encode()).hexdigest()[:16]


def _finding_fields(finding: Finding, own_id: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "article": finding.article,
        "at": instant_text(finding.at),
        "person_id": finding.person_id,
        "duty_id": finding.duty_id,
        "evidence": [own_id, *(proof for proof in finding.evidence if proof)],
        "details": dict(finding.details),
    }
