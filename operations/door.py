"""The door and the centre: what a kiosk reports, and the door's events as they are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import peewee

import models
from locales import _
from operations import store
from operations.alarms import AlarmRow, acknowledge_alarm, alarms_waiting
from operations.badges import flag_overdue_badges
from operations.boundary import Actor, Session, reads, refusals_kept, require
from operations.consequences import follow
from operations.errors import Conflict, NotFound
from operations.findings import keep_findings
from operations.kiosks import NEWEST_KNOWN, KioskRow, kiosk_rows, kiosk_state, kiosks
from operations.lost_rows import unknown_person, who_passed
from operations.occupancy import InsideRow, inside_now
from operations.outages import keep_outages
from operations.permissions import Action
from operations.reasons import reason_labels
from operations.snapshot import door_snapshot
from regulation.access import DOOR_CODES, Outcome
from regulation.door_reports import REPORTED
from regulation.doorlog import DURESS, DoorEventRecord, event_fields, event_id
from regulation.ledger import GENESIS, chain_hash

__all__ = [
    "AlarmRow",
    "DoorFilter",
    "DoorPage",
    "DoorRow",
    "InsideRow",
    "KioskRow",
    "acknowledge_alarm",
    "alarms_waiting",
    "door_event",
    "door_events",
    "door_rows",
    "door_snapshot",
    "inside_now",
    "kiosk_rows",
    "kiosks",
    "record_door_events",
    "report_kiosk",
]

BATCH_ROWS = 200


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door event as it is shown; ``text`` is the message of its code, ``who`` a name, "unknown visitor 17", or empty.

    ``reason`` is what the visit or the off-duty entry was for (a message, or the centre's own words), ``findings``
    the codes of what the event breaches. ``alarm`` says that it wants a leader, also when it does so in silence.
    """

    kiosk: str
    sequence: int
    at: datetime
    reader: str
    direction: str
    code: str
    outcome: str
    article: int
    who: str
    work_number: str
    escort: str
    text: str
    is_visitor: bool
    visit_id: int | None
    unit: str
    reason: str
    marks: tuple[str, ...]
    alarm: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoorFilter:
    """What to show: a name, work number or badge text, an outcome, a span of time; a door, a way, a code, an article."""

    text: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    kiosk: str = ""
    reader: str = ""
    direction: str = ""
    code: str = ""
    article: int | None = None


@dataclass(frozen=True, slots=True)
class DoorPage:
    """A page of door events, newest first, and how many there are in all."""

    total: int
    rows: tuple[DoorRow, ...]


@refusals_kept
def record_door_events(actor: Actor, now: datetime, kiosk: str, events: Sequence[DoorEventRecord]) -> int:
    """Take over a kiosk's events; returns the highest sequence number the centre now holds.

    Events it holds already are passed over, so sending twice is harmless. Raises :class:`Conflict` when the events
    do not continue the chain: nothing is stored then. The events are their own audit: no audit record is written.
    """

    def run() -> int:
        require(actor, Action.FEED_DOOR)
        state = kiosk_state(kiosk, now)
        fresh = [event for event in events if event.sequence > state.sequence]
        _check_held(state, [event for event in events if event.sequence <= state.sequence])
        _check_continues(state, fresh)
        rows = [{field.name: getattr(event, field.name) for field in fields(event)} for event in fresh]
        for batch in peewee.chunked(rows, BATCH_ROWS):
            models.DoorEvent.insert_many(batch).execute()
        session = Session(actor, now)
        for event in fresh:
            keep_findings(event_id(kiosk, event.sequence), event.findings, event.limits_version)
            follow(session, event)
        if fresh:
            _mind_the_badges(state, now)
            last = fresh[-1]
            models.KioskState.update(sequence=last.sequence, hash=last.hash, seen_at=now).where(
                models.KioskState.kiosk == kiosk
            ).execute()
            return last.sequence
        return int(state.sequence)

    return store.write(run)


@refusals_kept
def report_kiosk(
    actor: Actor,
    now: datetime,
    kiosk: str,
    parts: dict[str, str],
    pending: int,
    snapshot_version: int,
    stops: Sequence[tuple[datetime, datetime]] = (),
) -> None:
    """Keep what a kiosk says of its own health; ``parts`` maps a part's name to ``ok`` or what ails it.

    ``stops`` are the times it has not run since it was last heard (Art. 33).
    """

    def run() -> None:
        require(actor, Action.FEED_DOOR)
        state = kiosk_state(kiosk, now)
        _mind_the_badges(state, now)
        keep_outages(kiosk, stops, now)
        models.KioskState.update(
            seen_at=now,
            snapshot_version=snapshot_version,
            parts={**parts, "pending": str(pending), NEWEST_KNOWN: max(store.KNOWN_MIGRATIONS)},
            retired_at=None,
        ).where(models.KioskState.kiosk == kiosk).execute()

    store.write(run)


@reads(Action.READ_DOOR)
def door_events(_session: Session, wanted: DoorFilter, offset: int, limit: int) -> DoorPage:
    """Return one page of door events, newest first."""
    query = _filtered(wanted)
    total = query.count()
    event = models.DoorEvent
    page = query.order_by(event.at.desc(), event.kiosk, event.sequence.desc()).offset(offset).limit(limit)
    return DoorPage(total, door_rows(list(page)))


@reads(Action.READ_DOOR)
def door_event(_session: Session, kiosk: str, sequence: int) -> DoorRow:
    """Return one door event by the place of its record."""
    event = models.DoorEvent
    found = event.get_or_none(event.kiosk == kiosk, event.sequence == sequence)
    if found is None:
        raise NotFound(_("There is no such record of this door."), article=20)
    return door_rows([found])[0]


def door_rows(events: Sequence[models.DoorEvent]) -> tuple[DoorRow, ...]:
    """Return door events as they are shown (inside a transaction)."""
    people_ids = {e.person_id for e in events} | {e.escort_id for e in events}
    visit_ids = {e.visit_id for e in events}
    people = {
        p.id: p
        for p in models.Person.select().where(models.Person.id.in_(sorted(people_ids - {None}) or [0]))
    }
    visits = {
        v.id: v for v in models.Visit.select().where(models.Visit.id.in_(sorted(visit_ids - {None}) or [0]))
    }
    labels = reason_labels()
    return tuple(_door_row(event, people, visits, labels) for event in events)


def _door_row(
    event: models.DoorEvent,
    people: Mapping[int, models.Person],
    visits: Mapping[int, models.Visit],
    labels: Mapping[str, str],
) -> DoorRow:
    person, visit = people.get(event.person_id), visits.get(event.visit_id)
    escort = people.get(event.escort_id)
    known = DOOR_CODES.get(event.code)
    reason = event.reason or (visit.reason if visit is not None else "")
    return DoorRow(
        event.kiosk,
        event.sequence,
        event.at,
        event.reader,
        event.direction,
        event.code,
        event.outcome,
        event.article,
        who_passed(event, person, visit),
        person.work_number if person is not None and event.visit_id is None else "",
        _escort(event, escort),
        known.text if known is not None else event.code,
        event.visit_id is not None,
        event.visit_id,
        visit.unit if visit is not None else "",
        labels.get(reason, reason),
        tuple(event.marks),
        event.outcome == Outcome.ALARM or DURESS in event.marks,
        tuple(finding["code"] for finding in event.findings),
    )


def _escort(event: models.DoorEvent, escort: models.Person | None) -> str:
    if event.escort_id is None:
        return ""
    return str(escort.name) if escort is not None else unknown_person(event.escort_id)


def _filtered(wanted: DoorFilter) -> peewee.ModelSelect:
    event = models.DoorEvent
    # Art. 4: that somebody reported something, and when they stood at the door, is nobody's to look up.
    query = event.select().where(event.code != REPORTED)
    for name in ("outcome", "kiosk", "reader", "direction", "code", "article"):
        if value := getattr(wanted, name):
            query = query.where(getattr(event, name) == value)
    if wanted.since is not None:
        query = query.where(event.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(event.at < wanted.until)
    if text := wanted.text.strip():
        person, visit = models.Person, models.Visit
        people = person.select(person.id).where(person.name.contains(text) | (person.work_number == text))
        visits = visit.select(visit.id).where(visit.visitor.contains(text) | visit.unit.contains(text))
        query = query.where(
            event.person_id.in_(people)
            | event.escort_id.in_(people)
            | event.visit_id.in_(visits)
            | (event.code == text)
        )
    return query


def _mind_the_badges(state: models.KioskState, now: datetime) -> None:
    """Once a minute, at a kiosk's first word in it, look for temporary badges that did not come back."""
    if state.seen_at == now or state.seen_at < now.replace(second=0, microsecond=0):
        flag_overdue_badges(now)


def _check_held(state: models.KioskState, resent: Sequence[DoorEventRecord]) -> None:
    """What is sent again must be what the centre holds: a second kiosk under one name must not lose its events."""
    held = {
        row.sequence: row.hash
        for row in models.DoorEvent.select(models.DoorEvent.sequence, models.DoorEvent.hash).where(
            models.DoorEvent.kiosk == state.kiosk,
            models.DoorEvent.sequence >= min((e.sequence for e in resent), default=0),
            models.DoorEvent.sequence <= max((e.sequence for e in resent), default=-1),
        )
    }
    for event in resent:
        if event.kiosk != state.kiosk or held.get(event.sequence) != event.hash:
            raise _does_not_continue(state, event)


def _check_continues(state: models.KioskState, fresh: Sequence[DoorEventRecord]) -> None:
    sequence, previous = state.sequence, state.hash or GENESIS
    for event in fresh:
        follows = event.kiosk == state.kiosk and event.sequence == sequence + 1 and event.previous == previous
        if not follows or chain_hash(previous, event_fields(event)) != event.hash:
            raise _does_not_continue(state, event)
        sequence, previous = event.sequence, event.hash


def _does_not_continue(state: models.KioskState, event: DoorEventRecord) -> Conflict:
    return Conflict(
        _("The events of door {door} do not continue what the centre holds (at {sequence}).").format(
            door=state.kiosk, sequence=event.sequence
        ),
        article=33,
        next_step=_("Two kiosks may use one name, or a journal was changed: run zhiban verify."),
    )
