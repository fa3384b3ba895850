"""A door event as it is recorded, hashed and shown: one for every read that reached a decision (Art. 20, 33)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from regulation.access import DoorVerdict, Outcome
from regulation.findings import Finding
from regulation.ledger import chain_hash, instant_text
from regulation.occupancy import Passage
from regulation.records import Direction

# What the hash covers, in words: every field below except the two hashes themselves.
_UNHASHED = ("previous", "hash")

# The code of a refusal that, when it names an entry, takes that entry back.
TAKEN_BACK = "refused.cannot_be_recorded"


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


@dataclass(frozen=True, slots=True)
class Read:
    """Where and when a badge was read; ``known`` says whether the badge is one of ours."""

    kiosk: str
    reader: str
    direction: Direction
    badge: str
    known: bool
    at: datetime


def event_id(kiosk: str, sequence: int) -> str:
    """Return the evidence id of a door event."""
    return f"door:{kiosk}-{sequence}"


def record_event(
    read: Read, verdict: DoorVerdict, sequence: int, previous: str, snapshot_version: int
) -> DoorEventRecord:
    """Build the record that follows ``previous`` on the kiosk's chain; unknown badges are kept hashed."""
    own_id = event_id(read.kiosk, sequence)
    event = DoorEventRecord(
        kiosk=read.kiosk,
        sequence=sequence,
        at=read.at,
        reader=read.reader,
        direction=read.direction.value,
        badge=read.badge if read.known else hashed_badge(read.badge),
        person_id=verdict.person_id,
        visit_id=verdict.visit_id,
        duty_id=verdict.duty_id,
        escort_id=verdict.escort_id,
        code=verdict.code,
        outcome=verdict.outcome.value,
        article=verdict.article,
        reason=verdict.reason,
        findings=tuple(_finding_fields(finding, own_id) for finding in verdict.findings),
        evidence=verdict.evidence,
        limits_version=verdict.limits_version,
        snapshot_version=snapshot_version,
        previous=previous,
        hash="",
    )
    return replace(event, hash=chain_hash(previous, event_fields(event)))


def event_fields(event: DoorEventRecord) -> dict[str, Any]:
    """Return the fields that the hash covers: all of them but the two hashes."""
    return {name: getattr(event, name) for name in event.__slots__ if name not in _UNHASHED}


def passage_of(event: DoorEventRecord) -> Passage | None:
    """Return what the event means for who is inside, or ``None`` when nobody passed.

    An escort who leads a visitor in is recorded by an event of their own. An entry that became durable too late to
    open the door is taken back by a refusal that names it.
    """
    outcome = Outcome(event.outcome)
    taken_back = next((proof for proof in event.evidence if proof.startswith("door:")), "")
    if event.code == TAKEN_BACK and taken_back:
        own_id = event_id(event.kiosk, event.sequence)
        return Passage(own_id, event.at, Direction(event.direction), withdraws=taken_back)
    if not outcome.opens or (event.person_id is None and event.visit_id is None):
        return None
    return Passage(
        event_id(event.kiosk, event.sequence),
        event.at,
        Direction(event.direction),
        event.person_id,
        event.visit_id,
        event.escort_id,
    )


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
