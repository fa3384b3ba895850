"""Visits (Art. 20): asked for at the desk or the door, decided by a leader, bound to a visitor badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

import models
from locales import _
from operations import notices
from operations.boundary import Session, reads, writes
from operations.centre import day_bounds
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound
from operations.people import person_by_number
from operations.permissions import Action
from regulation.records import BadgeState, VisitState
from regulation.visiting import visit_reason

LONGEST_VISIT = timedelta(hours=24)
_SPONSOR = models.Person.alias("sponsor")
_ESCORT = models.Person.alias("escort")


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """What someone says who wants to enter. ``key`` makes the request count once, however often it is sent.

    ``minutes`` is how long the visit may last; without ``starts_at`` it starts when it is asked for.
    """

    key: str
    visitor: str
    unit: str
    reason: str
    phone: str = ""
    reference: str = ""
    sponsor_work_number: str = ""
    minutes: int = 120
    starts_at: datetime | None = None
    company_work_number: str = ""


@dataclass(frozen=True, slots=True)
class WaitingVisit:
    """A visit that waits for a decision."""

    id: int
    visitor: str
    unit: str
    reason: str
    reference: str
    sponsor: str
    phone: str
    requested_at: datetime
    starts_at: datetime
    ends_at: datetime
    requested_from: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with its state and what became of it."""

    id: int
    key: str
    visitor: str
    unit: str
    reason: str
    sponsor: str
    state: VisitState
    starts_at: datetime
    ends_at: datetime
    badge_label: str
    escort: str
    entered_at: datetime | None
    left_at: datetime | None
    note: str


@writes(Action.REQUEST_VISIT)
def request_visit(session: Session, request: VisitRequest) -> int:
    """Ask for a visit; returns its id. Asking again with the same key returns the same id."""
    known = models.Visit.get_or_none(models.Visit.request_key == request.key)
    if known is not None:
        session.about(f"visit:{known.id}", again=True)
        return int(known.id)
    _check(request)
    starts_at = request.starts_at or session.now
    sponsor = person_by_number(request.sponsor_work_number) if request.sponsor_work_number else None
    company = person_by_number(request.company_work_number) if request.company_work_number else None
    visit = models.Visit.create(
        request_key=request.key,
        visitor=request.visitor.strip(),
        unit=request.unit.strip(),
        phone=request.phone.strip(),
        person=company,
        reason=request.reason,
        reference=request.reference.strip(),
        sponsor=sponsor,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=request.minutes),
        requested_at=session.now,
        requested_from=session.actor.work_number,
    )
    notices.tell_leaders(
        session, "visit_waiting", f"visit:{visit.id}", visitor=visit.visitor, unit=visit.unit
    )
    session.about(f"visit:{visit.id}", reason=request.reason, source=session.actor.work_number)
    return int(visit.id)


@writes(Action.DECIDE_VISIT)
def approve_visit(session: Session, visit_id: int, minutes: int | None = None) -> VisitRow:
    """Approve a waiting visit and lend it the next free visitor badge; a company employee keeps the own badge."""
    visit = _waiting(visit_id)
    badge = _badge_for(visit, session.now)
    starts_at = (
        min(visit.starts_at, session.now) if visit.requested_from.startswith("kiosk:") else visit.starts_at
    )
    _check_minutes(minutes or 1)
    ends_at = session.now + timedelta(minutes=minutes) if minutes else visit.ends_at
    if ends_at <= session.now:
        raise Invalid(
            _("The time of this visit is already over."), article=20, next_step=_("Give it more minutes.")
        )
    models.Visit.update(
        state=VisitState.APPROVED,
        badge=badge,
        starts_at=starts_at,
        ends_at=ends_at,
        decided_at=session.now,
        decided_by=session.actor.person_id,
    ).where(models.Visit.id == visit_id).execute()
    notices.answered(session, f"visit:{visit_id}")
    session.about(f"visit:{visit_id}", badge=badge.label or "own", until=ends_at.isoformat())
    return _row(_visit(visit_id))


@writes(Action.DECIDE_VISIT)
def refuse_visit(session: Session, visit_id: int, note: str) -> None:
    """Refuse a waiting visit; the note says why, for the record."""
    _waiting(visit_id)
    models.Visit.update(
        state=VisitState.REFUSED, note=note, decided_at=session.now, decided_by=session.actor.person_id
    ).where(models.Visit.id == visit_id).execute()
    notices.answered(session, f"visit:{visit_id}")
    session.about(f"visit:{visit_id}", note=note)


@writes(Action.DECIDE_VISIT)
def end_visit(session: Session, visit_id: int) -> None:
    """End an approved visit by hand: the visitor badge is back in its tray and may be lent again."""
    visit = _visit(visit_id)
    if visit.state not in (VisitState.APPROVED, VisitState.INSIDE):
        raise Conflict(_("This visit is not running."), article=20)
    models.Visit.update(state=VisitState.ENDED, left_at=session.now).where(
        models.Visit.id == visit_id
    ).execute()
    session.about(f"visit:{visit_id}")


@reads(Action.READ_DESK)
def waiting_visits(_session: Session) -> tuple[WaitingVisit, ...]:
    """Return the visits that wait for a decision, longest first."""
    return waiting()


@reads(Action.READ_DESK)
def visits_on(_session: Session, day: date) -> tuple[VisitRow, ...]:
    """Return the visits whose window touches a civil day, by start."""
    begin, end = day_bounds(day)
    return tuple(_row(visit) for visit in visits_between(begin, end))


@reads(Action.REQUEST_VISIT)
def visit_state(_session: Session, key: str) -> VisitRow | None:
    """Return what became of the request with ``key``: what a kiosk asks while its visitor waits."""
    visit = _select().where(models.Visit.request_key == key).first()
    return _row(visit) if visit is not None else None


def waiting() -> tuple[WaitingVisit, ...]:
    """Return the waiting visits (inside a transaction)."""
    query = _select().where(models.Visit.state == VisitState.REQUESTED).order_by(models.Visit.requested_at)
    return tuple(
        WaitingVisit(
            v.id,
            v.visitor,
            v.unit,
            v.reason,
            v.reference,
            named(v.sponsor) if v.sponsor_id else "",
            v.phone,
            v.requested_at,
            v.starts_at,
            v.ends_at,
            v.requested_from,
        )
        for v in query
    )


def visits_between(begin: datetime, end: datetime) -> list[models.Visit]:
    """Return the visits whose window touches ``[begin, end)`` (inside a transaction)."""
    visit = models.Visit
    return list(
        _select().where(visit.starts_at < end, visit.ends_at >= begin).order_by(visit.starts_at, visit.id)
    )


def visits_inside() -> list[models.Visit]:
    """Return the visits whose visitor is inside (inside a transaction)."""
    return list(_select().where(models.Visit.state == VisitState.INSIDE).order_by(models.Visit.entered_at))


def _select() -> peewee.ModelSelect:
    visit = models.Visit
    return (
        visit.select(visit, _SPONSOR, _ESCORT, models.Badge)
        .join(_SPONSOR, peewee.JOIN.LEFT_OUTER, on=(visit.sponsor == _SPONSOR.id), attr="sponsor")
        .switch(visit)
        .join(_ESCORT, peewee.JOIN.LEFT_OUTER, on=(visit.escort == _ESCORT.id), attr="escort")
        .switch(visit)
        .join(models.Badge, peewee.JOIN.LEFT_OUTER, on=(visit.badge == models.Badge.id), attr="badge")
    )


def _visit(visit_id: int) -> models.Visit:
    visit: models.Visit | None = _select().where(models.Visit.id == visit_id).first()
    if visit is None:
        raise NotFound(_("There is no such visit."), article=20)
    return visit


def _waiting(visit_id: int) -> models.Visit:
    visit = _visit(visit_id)
    if visit.state != VisitState.REQUESTED:
        raise Conflict(
            _("This visit has been decided already."),
            article=20,
            next_step=_("Look at it in the machine room's list."),
        )
    return visit


def _badge_for(visit: models.Visit, now: datetime) -> models.Badge:
    badge, held = models.Badge, models.Visit
    active = badge.select().where(badge.state == BadgeState.ACTIVE)
    if visit.person_id is not None:
        own: models.Badge | None = active.where(badge.person == visit.person_id).first()
        if own is not None:
            return own
    # A badge that was set aside for a visitor who never came is free again when that visit's window has closed.
    out = (held.state == VisitState.INSIDE) | ((held.state == VisitState.APPROVED) & (held.ends_at > now))
    lent = held.select(held.badge).where(out, held.badge.is_null(False))
    free: models.Badge | None = (
        active.where(badge.person.is_null(), badge.id.not_in(lent)).order_by(badge.label).first()
    )
    if free is None:
        raise Conflict(
            _("All visitor badges are out."),
            article=20,
            next_step=_("End a visit whose badge is back, or register another visitor badge."),
        )
    return free


def _check(request: VisitRequest) -> None:
    if not request.visitor.strip():
        raise Invalid(_("The visitor's name is needed."), article=20)
    reason = visit_reason(request.reason)
    # Art. 20: no entry without a proper reason, and what the reason needs.
    if reason is None:
        raise Invalid(_("Choose a reason from the list."), article=20)
    if reason.needs and not request.reference.strip():
        raise Invalid(_("For this reason, give: {needs}.").format(needs=_(reason.needs)), article=20)
    _check_minutes(request.minutes)


def _check_minutes(minutes: int) -> None:
    if not timedelta() < timedelta(minutes=minutes) <= LONGEST_VISIT:
        raise Invalid(_("A visit lasts from one minute to 24 hours."), article=20)


def _row(visit: models.Visit) -> VisitRow:
    return VisitRow(
        visit.id,
        visit.request_key,
        visit.visitor,
        visit.unit,
        visit.reason,
        named(visit.sponsor) if visit.sponsor_id else "",
        VisitState(visit.state),
        visit.starts_at,
        visit.ends_at,
        visit.badge.label if visit.badge_id else "",
        named(visit.escort) if visit.escort_id else "",
        visit.entered_at,
        visit.left_at,
        visit.note,
    )
