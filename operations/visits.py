"""Visits (Art. 20): asked for at the desk or the door, decided by a leader, bound to a visitor badge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

import models
from locales import _
from operations import notices
from operations.boundary import Session, may, reads, writes
from operations.centre import civil_date, day_bounds, limits_at
from operations.duties import active_duties, duty_record, named
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.kiosks import kiosk_rows
from operations.passages import occupancy_at
from operations.people import person_by_number
from operations.permissions import Action
from operations.reasons import only_manager_approves, reason_labels, reason_on
from operations.visitor_badges import badge_for
from regulation.records import VisitState
from regulation.relief import is_on_duty
from regulation.roles import Role, is_centre_personnel

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
    job_title: str = ""
    carried: str = ""


@dataclass(frozen=True, slots=True)
class WaitingVisit:
    """A visit that waits for a decision; with ``by_manager`` only the deputy manager's counts."""

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
    job_title: str
    carried: str
    reason_label: str
    by_manager: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with its state and what became of it; ``reason_label`` is a message, or the centre's own words."""

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
    job_title: str
    phone: str
    reference: str
    carried: str
    reason_label: str
    requested_from: str


@writes(Action.REQUEST_VISIT)
def request_visit(session: Session, request: VisitRequest) -> int:
    """Ask for a visit; returns its id. Asking again with the same key returns the same id."""
    known = models.Visit.get_or_none(models.Visit.request_key == request.key)
    if known is not None:
        session.about(f"visit:{known.id}", again=True)
        return int(known.id)
    starts_at = request.starts_at or session.now
    _check(request, starts_at, session.now)
    sponsor = person_by_number(request.sponsor_work_number) if request.sponsor_work_number else None
    company = person_by_number(request.company_work_number) if request.company_work_number else None
    visit = models.Visit.create(
        request_key=request.key,
        visitor=request.visitor.strip(),
        unit=request.unit.strip(),
        phone=request.phone.strip(),
        job_title=request.job_title.strip(),
        carried=request.carried.strip(),
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
    """Approve a waiting visit and lend it the next free visitor badge; a company employee keeps the own badge.

    ``minutes`` count from now, for a visit announced for later from its start. Art. 20: some reasons are for the
    deputy manager alone.
    """
    visit = _waiting(visit_id)
    _check_approver(session, visit)
    starts_at = (
        min(visit.starts_at, session.now) if visit.requested_from.startswith("kiosk:") else visit.starts_at
    )
    _check_minutes(minutes or 1)
    ends_at = max(session.now, starts_at) + timedelta(minutes=minutes) if minutes else visit.ends_at
    if ends_at <= session.now:
        raise Invalid(
            _("The time of this visit is already over."), article=20, next_step=_("Give it more minutes.")
        )
    visit.ends_at = ends_at
    badge = badge_for(visit, session.now)
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


@writes(Action.REQUEST_VISIT)
def withdraw_request(session: Session, key: str) -> bool:
    """Take back a request that still waits: the visitor left the door. Returns whether it still waited.

    A door takes back its own requests, a person their own; leaders any.
    """
    visit = _select().where(models.Visit.request_key == key).first()
    if visit is None:
        session.about("visit:0", key=key)
        return False
    own = visit.requested_from == session.actor.work_number
    if not own and not may(session.actor, Action.DECIDE_VISIT):
        raise NotPermitted(_("Someone else asked for this visit."), article=20)
    session.about(f"visit:{visit.id}", state=str(visit.state))
    if visit.state != VisitState.REQUESTED:
        return False
    models.Visit.update(state=VisitState.ENDED, note=_("Taken back before it was decided.")).where(
        models.Visit.id == visit.id
    ).execute()
    notices.answered(session, f"visit:{visit.id}")
    return True


@writes(Action.DECIDE_VISIT)
def hand_over_escort(session: Session, visit_id: int, work_number: str) -> None:
    """Name who answers for a visitor inside from now on: someone of the centre, on duty and inside (Art. 20)."""
    visit = _visit(visit_id)
    if visit.state != VisitState.INSIDE:
        raise Conflict(_("This visitor is not inside."), article=20)
    escort = person_by_number(work_number)
    _check_escort(escort, visit, session.now)
    models.Visit.update(escort=escort).where(models.Visit.id == visit_id).execute()
    session.about(f"visit:{visit_id}", escort=escort.work_number, before=visit.escort_id)


@reads(Action.READ_DESK)
def visits_on(_session: Session, day: date) -> tuple[VisitRow, ...]:
    """Return the visits whose window touches a civil day, by start."""
    begin, end = day_bounds(day)
    labels = reason_labels()
    return tuple(_row(visit, labels) for visit in visits_between(begin, end))


@reads(Action.REQUEST_VISIT)
def visit_state(_session: Session, key: str) -> VisitRow | None:
    """Return what became of the request with ``key``: what a kiosk asks while its visitor waits."""
    visit = _select().where(models.Visit.request_key == key).first()
    return _row(visit) if visit is not None else None


def waiting() -> tuple[WaitingVisit, ...]:
    """Return the waiting visits (inside a transaction)."""
    query = _select().where(models.Visit.state == VisitState.REQUESTED).order_by(models.Visit.requested_at)
    labels = reason_labels()
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
            v.job_title,
            v.carried,
            labels.get(v.reason, v.reason),
            only_manager_approves(v.reason, civil_date(v.starts_at)),
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
    """Every visit but the doors' blank slips: those are no visits yet."""
    visit = models.Visit
    return (
        visit.select(visit, _SPONSOR, _ESCORT, models.Badge)
        .join(_SPONSOR, peewee.JOIN.LEFT_OUTER, on=(visit.sponsor == _SPONSOR.id), attr="sponsor")
        .switch(visit)
        .join(_ESCORT, peewee.JOIN.LEFT_OUTER, on=(visit.escort == _ESCORT.id), attr="escort")
        .switch(visit)
        .join(models.Badge, peewee.JOIN.LEFT_OUTER, on=(visit.badge == models.Badge.id), attr="badge")
        .where(visit.state != VisitState.RESERVED)
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


def _check_approver(session: Session, visit: models.Visit) -> None:
    by_manager = only_manager_approves(visit.reason, civil_date(visit.starts_at))
    if by_manager and session.actor.person_id and session.actor.role is not Role.DEPUTY_MANAGER:
        raise NotPermitted(
            _("Only the deputy manager approves a visit for this reason."),
            article=20,
            next_step=_("Ask the deputy manager, or refuse the visit."),
        )


def _check_escort(escort: models.Person, visit: models.Visit, now: datetime) -> None:
    duty = models.Duty
    duties = active_duties().where(duty.person == escort.id, duty.starts_at <= now, duty.ends_at > now)
    on_duty = any(is_on_duty(duty_record(d, needs_relief=True), now) for d in duties)
    if not on_duty or not is_centre_personnel(Role(escort.role)):
        raise Invalid(_("Only centre staff on duty may escort."), article=20)
    # A door that is cut off has not said who is inside: then the leader's word must do.
    if any(kiosk.online for kiosk in kiosk_rows(now)) and escort.id not in occupancy_at(now).people:
        raise Invalid(_("{name} is not inside.").format(name=escort.name), article=20)
    others = models.Visit.select().where(
        models.Visit.state == VisitState.INSIDE, models.Visit.escort == escort.id, models.Visit.id != visit.id
    )
    if others.count() >= limits_at(now)["visitors_per_escort"]:
        raise Invalid(_("{name} leads as many visitors as one may.").format(name=escort.name), article=20)


def _check(request: VisitRequest, starts_at: datetime, now: datetime) -> None:
    if not request.visitor.strip():
        raise Invalid(_("The visitor's name is needed."), article=20)
    reason = reason_on(request.reason, civil_date(starts_at))
    # Art. 20: no entry without a proper reason, and what the reason needs.
    if reason is None:
        raise Invalid(_("Choose a reason from the list."), article=20)
    if reason.needs and not request.reference.strip():
        raise Invalid(_("For this reason, give: {needs}.").format(needs=_(reason.needs)), article=20)
    _check_minutes(request.minutes)
    if starts_at + timedelta(minutes=request.minutes) <= now:
        raise Invalid(_("The time of this visit is already over."), article=20)


def _check_minutes(minutes: int) -> None:
    if not timedelta() < timedelta(minutes=minutes) <= LONGEST_VISIT:
        raise Invalid(_("A visit lasts from one minute to 24 hours."), article=20)


def _row(visit: models.Visit, labels: Mapping[str, str] | None = None) -> VisitRow:
    labels = reason_labels() if labels is None else labels
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
        visit.job_title,
        visit.phone,
        visit.reference,
        visit.carried,
        labels.get(visit.reason, visit.reason),
        visit.requested_from,
    )
