"""The door and the centre: what the kiosk may know, what it reports, and who is inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import peewee

import models
from locales import _
from operations import store
from operations.boundary import Actor, Session, reads, require
from operations.centre import limits_at, the_centre
from operations.duties import active_duties, duty_record, logs_between, named, needs_relief
from operations.errors import Conflict
from operations.findings import keep_findings
from operations.passages import occupancy_at
from operations.permissions import Action
from regulation.access import DOOR_CODES
from regulation.doorlog import DoorEventRecord, event_fields, event_id, passage_of
from regulation.ledger import GENESIS, chain_hash
from regulation.records import (
    BadgeRecord,
    BadgeState,
    Direction,
    DutyRecord,
    PermitRecord,
    PersonRecord,
    PersonStatus,
    Snapshot,
    VisitRecord,
    VisitState,
)
from regulation.roles import Role

# The door must know who is on duty for as long as staff may enter while the centre is out of reach.
DUTIES_AHEAD = timedelta(days=8)
DUTIES_BEHIND = timedelta(hours=36)
KIOSK_SILENT_AFTER = timedelta(seconds=20)
BATCH_ROWS = 200


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door event as it is shown; ``text`` is the message of its code, ``who`` a name or empty."""

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


@dataclass(frozen=True, slots=True)
class DoorFilter:
    """What to show: a name, work number or badge text, an outcome, a span of time."""

    text: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DoorPage:
    """A page of door events, newest first, and how many there are in all."""

    total: int
    rows: tuple[DoorRow, ...]


@dataclass(frozen=True, slots=True)
class InsideRow:
    """Someone inside, since when, and for a visitor with whom."""

    name: str
    work_number: str
    is_visitor: bool
    since: datetime
    escort: str
    unit: str


@dataclass(frozen=True, slots=True)
class KioskRow:
    """What a kiosk last said; ``online`` is judged at the time of the query."""

    kiosk: str
    seen_at: datetime
    online: bool
    pending: int
    parts: dict[str, str]


@reads(Action.READ_DOOR)
def door_snapshot(session: Session) -> Snapshot:
    """Return what a door needs to decide alone: people, badges, duties, visits, permits and limits."""
    now = session.now
    centre = the_centre()
    return Snapshot(
        centre=centre.name,
        time_zone=centre.time_zone,
        taken_at=now,
        version=store.change_version(),
        people=tuple(
            PersonRecord(p.id, p.work_number, p.name, Role(p.role), PersonStatus(p.status))
            for p in models.Person.select().order_by(models.Person.id)
        ),
        badges=tuple(
            BadgeRecord(b.badge, b.person_id, b.label, BadgeState(b.state), b.valid_from, b.valid_until)
            for b in models.Badge.select().order_by(models.Badge.id)
        ),
        duties=_snapshot_duties(now),
        visits=_snapshot_visits(now),
        permits=_snapshot_permits(now),
        limits=dict(limits_at(now).values),
    )


def record_door_events(actor: Actor, now: datetime, kiosk: str, events: Sequence[DoorEventRecord]) -> int:
    """Take over a kiosk's events; returns the highest sequence number the centre now holds.

    Events it holds already are passed over, so sending twice is harmless. Raises :class:`Conflict` when the events
    do not continue the chain: nothing is stored then. The events are their own audit: no audit record is written.
    """

    def run() -> int:
        require(actor, Action.FEED_DOOR)
        state = _kiosk_state(kiosk, now)
        fresh = [event for event in events if event.sequence > state.sequence]
        _check_held(state, [event for event in events if event.sequence <= state.sequence])
        _check_continues(state, fresh)
        rows = [{field.name: getattr(event, field.name) for field in fields(event)} for event in fresh]
        for batch in peewee.chunked(rows, BATCH_ROWS):
            models.DoorEvent.insert_many(batch).execute()
        for event in fresh:
            keep_findings(event_id(kiosk, event.sequence), event.findings, event.limits_version)
            _apply(event)
        if fresh:
            last = fresh[-1]
            models.KioskState.update(sequence=last.sequence, hash=last.hash, seen_at=now).where(
                models.KioskState.kiosk == kiosk
            ).execute()
            return last.sequence
        return int(state.sequence)

    return store.write(run)


def report_kiosk(
    actor: Actor, now: datetime, kiosk: str, parts: dict[str, str], pending: int, snapshot_version: int
) -> None:
    """Keep what a kiosk says of its own health; ``parts`` maps a part's name to ``ok`` or what ails it."""

    def run() -> None:
        require(actor, Action.FEED_DOOR)
        _kiosk_state(kiosk, now)
        models.KioskState.update(
            seen_at=now, snapshot_version=snapshot_version, parts={**parts, "pending": str(pending)}
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
def inside_now(session: Session) -> tuple[InsideRow, ...]:
    """Return who is inside, staff first, each by how long."""
    occupancy = occupancy_at(session.now)
    people = {
        p.id: p for p in models.Person.select().where(models.Person.id.in_(list(occupancy.people) or [0]))
    }
    staff = [
        InsideRow(people[key].name, people[key].work_number, False, inside.since, "", "")
        for key, inside in occupancy.people.items()
        if key in people
    ]
    visits = {
        v.id: v for v in models.Visit.select().where(models.Visit.id.in_(list(occupancy.visits) or [0]))
    }
    guests = [
        InsideRow(visits[key].visitor, "", True, inside.since, named(visits[key].escort), visits[key].unit)
        for key, inside in occupancy.visits.items()
        if key in visits
    ]
    return tuple(sorted(staff, key=lambda row: row.since) + sorted(guests, key=lambda row: row.since))


@reads(Action.READ_DESK)
def kiosks(session: Session) -> tuple[KioskRow, ...]:
    """Return every kiosk with its health."""
    return kiosk_rows(session.now)


def kiosk_rows(now: datetime) -> tuple[KioskRow, ...]:
    """Return every kiosk with its health (inside a transaction)."""
    rows = []
    for state in models.KioskState.select().order_by(models.KioskState.kiosk):
        parts = dict(state.parts)
        pending = int(parts.pop("pending", "0"))
        online = now - state.seen_at <= KIOSK_SILENT_AFTER
        rows.append(KioskRow(state.kiosk, state.seen_at, online, pending, parts))
    return tuple(rows)


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
    return tuple(_door_row(event, people, visits) for event in events)


def _door_row(
    event: models.DoorEvent, people: dict[int, models.Person], visits: dict[int, models.Visit]
) -> DoorRow:
    person, visit = people.get(event.person_id), visits.get(event.visit_id)
    escort = people.get(event.escort_id)
    who = visit.visitor if visit is not None else person.name if person is not None else ""
    known = DOOR_CODES.get(event.code)
    return DoorRow(
        event.kiosk,
        event.sequence,
        event.at,
        event.reader,
        event.direction,
        event.code,
        event.outcome,
        event.article,
        who,
        person.work_number if person is not None and visit is None else "",
        escort.name if escort is not None else "",
        known.text if known is not None else event.code,
        visit is not None,
    )


def _filtered(wanted: DoorFilter) -> peewee.ModelSelect:
    event = models.DoorEvent
    query = event.select()
    if wanted.outcome:
        query = query.where(event.outcome == wanted.outcome)
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


def _kiosk_state(kiosk: str, now: datetime) -> models.KioskState:
    known: models.KioskState | None = models.KioskState.get_or_none(models.KioskState.kiosk == kiosk)
    if known is not None:
        return known
    created: models.KioskState = models.KioskState.create(kiosk=kiosk, seen_at=now, parts={})
    return created


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


def _apply(event: DoorEventRecord) -> None:
    """Let a visit and a permit follow what the door saw."""
    opened = event.outcome in ("granted", "notice", "released")
    passage = passage_of(event)
    if event.visit_id is not None and passage is not None and passage.withdraws:
        models.Visit.update(state=VisitState.APPROVED, escort=None, entered_at=None).where(
            models.Visit.id == event.visit_id,
            models.Visit.state == VisitState.INSIDE,
            models.Visit.entered_at == event.at,
        ).execute()
    elif event.visit_id is not None and opened:
        _apply_visit(event)
    elif event.person_id is not None and opened and event.direction == Direction.IN:
        models.SeatLeave.update(returned_at=event.at).where(
            models.SeatLeave.person == event.person_id,
            models.SeatLeave.returned_at.is_null(),
            models.SeatLeave.from_at <= event.at,
        ).execute()


def _apply_visit(event: DoorEventRecord) -> None:
    visit = models.Visit
    if event.direction == Direction.IN:
        escort = models.Person.get_or_none(models.Person.id == event.escort_id)
        visit.update(state=VisitState.INSIDE, escort=escort, entered_at=event.at).where(
            visit.id == event.visit_id, visit.state == VisitState.APPROVED
        ).execute()
        return
    # A company employee keeps the own badge and may come back inside the window; a lent badge goes to its tray.
    visit.update(state=VisitState.APPROVED, left_at=event.at).where(
        visit.id == event.visit_id,
        visit.state == VisitState.INSIDE,
        visit.person.is_null(False),
        visit.ends_at > event.at,
    ).execute()
    visit.update(state=VisitState.ENDED, left_at=event.at).where(
        visit.id == event.visit_id, visit.state == VisitState.INSIDE
    ).execute()


def _snapshot_duties(now: datetime) -> tuple[DutyRecord, ...]:
    duty = models.Duty
    logs = logs_between(now - DUTIES_BEHIND, now + DUTIES_AHEAD)
    query = active_duties().where(duty.starts_at < now + DUTIES_AHEAD, duty.ends_at > now - DUTIES_BEHIND)
    return tuple(duty_record(d, needs_relief=needs_relief(d, logs)) for d in query)


def _snapshot_visits(now: datetime) -> tuple[VisitRecord, ...]:
    visit = models.Visit
    query = (
        visit.select(visit, models.Badge)
        .join(models.Badge, peewee.JOIN.LEFT_OUTER)
        .where(
            visit.state.in_((VisitState.APPROVED, VisitState.INSIDE)),
            (visit.ends_at > now - timedelta(days=1)) | (visit.state == VisitState.INSIDE),
        )
    )
    return tuple(
        VisitRecord(
            v.id,
            VisitState(v.state),
            v.starts_at,
            v.ends_at,
            v.reason,
            v.visitor,
            v.unit,
            v.sponsor_id,
            v.badge.badge if v.badge_id else None,
            v.badge.label if v.badge_id else "",
            v.escort_id,
        )
        for v in query
    )


def _snapshot_permits(now: datetime) -> tuple[PermitRecord, ...]:
    permit = models.SeatLeave
    query = permit.select().where(permit.returned_at.is_null(), permit.from_at > now - DUTIES_BEHIND)
    return tuple(
        PermitRecord(p.id, p.person_id, p.duty_id, p.from_at, p.back_by, p.returned_at) for p in query
    )
