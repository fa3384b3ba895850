"""Blank slips: visits a door may fill in while it is cut off from the centre, and what it made of them (Art. 20).

A door keeps a few ids of its own, so that a visitor a leader approved at the door has one name in every record
from the first second on. A slip that nobody used is in no list and no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from locales import _
from operations import notices, store
from operations.boundary import Actor, Session, refusals_kept, require, write_audit, writes
from operations.centre import civil_date
from operations.errors import Conflict, Invalid, NotFound
from operations.lost_rows import unknown_visitor, visit_is_lost
from operations.permissions import Action, permitted
from operations.reasons import only_manager_approves
from operations.visitor_badges import take_badge
from regulation.access import Outcome
from regulation.doorlog import DoorEventRecord
from regulation.records import BadgeKind, PersonStatus, VisitState
from regulation.roles import Role

SLIP = "slip:"
MOST_SLIPS = 50
# What stands in a list until the name arrives: the door's events may be here before the form is.
UNNAMED = "—"
# Until the form says when the visit was to end.
USUAL_VISIT = timedelta(hours=2)
SLIP_DOUBTED = "slip_doubted"


@dataclass(frozen=True, slots=True)
class SlipFilled:
    """What a leader approved at a door: ``badge`` is the visitor badge's id, ``approved_by`` the leader's.

    ``key`` is the visitor's request: one that waited at the desk under the same key is settled by this.
    """

    visit_id: int
    key: str
    visitor: str
    unit: str
    job_title: str
    phone: str
    reason: str
    reference: str
    carried: str
    sponsor_work_number: str
    badge: str
    starts_at: datetime
    ends_at: datetime
    approved_by: int
    approved_at: datetime


@refusals_kept
def reserve_slips(actor: Actor, now: datetime, kiosk: str, wanted: int) -> tuple[int, ...]:
    """Return the ids of a door's unused slips, ``wanted`` of them at least; nothing is written when there are enough."""

    def look() -> tuple[int, ...]:
        _own_door(actor, kiosk)
        return unused_slips(kiosk)

    def reserve() -> tuple[int, ...]:
        session = Session(actor, now)
        lacking = range(wanted - len(look()))
        for place in lacking:
            visit = models.Visit.create(
                request_key=f"{SLIP}{kiosk}:new{place}",
                visitor=UNNAMED,
                reason="",
                state=VisitState.RESERVED,
                starts_at=now,
                ends_at=now,
                requested_at=now,
                requested_from=_source(kiosk),
            )
            models.Visit.update(request_key=f"{SLIP}{kiosk}:{visit.id}").where(
                models.Visit.id == visit.id
            ).execute()
        if lacking:
            session.about(f"kiosk:{kiosk}", slips=len(lacking))
            write_audit(session, "reserve_slips")
        return unused_slips(kiosk)

    if wanted > MOST_SLIPS:
        raise Invalid(_("A door keeps at most {most} blank slips.").format(most=MOST_SLIPS), article=20)
    unused = store.read(look)
    return unused if len(unused) >= wanted else store.write(reserve)


def unused_slips(kiosk: str) -> tuple[int, ...]:
    """Return the ids of a door's slips that nobody used yet (inside a transaction)."""
    visit = models.Visit
    query = visit.select(visit.id).where(
        visit.state == VisitState.RESERVED, visit.requested_from == _source(kiosk)
    )
    return tuple(row.id for row in query.order_by(visit.id))


@writes(Action.FEED_DOOR)
def fill_slip(session: Session, filled: SlipFilled) -> int:
    """Write down what a leader approved at a door; returns the visit's id. Sending it again changes nothing.

    What happened at the door is not refused: a badge the desk had promised to someone else goes to this visitor,
    and an approval by someone who may not is told to the leaders. Raises :class:`Conflict` for a slip that was
    filled for another request and :class:`NotFound` for one of another door.
    """
    if _is_door(session.actor) and visit_is_lost(filled.visit_id):
        _bring_back(filled.visit_id, session.actor.work_number, filled.approved_at)
    visit = _slip(session.actor, filled.visit_id)
    session.about(f"visit:{visit.id}", reason=filled.reason, approved_by=filled.approved_by)
    if visit.request_key == filled.key:
        session.about(f"visit:{visit.id}", again=True)
        return int(visit.id)
    if not visit.request_key.startswith(SLIP):
        raise Conflict(_("This slip was filled for another visitor."), article=20)
    _settle_request(session, filled)
    sponsor = _person(models.Person.work_number == filled.sponsor_work_number.strip())
    approver = _person(models.Person.id == filled.approved_by)
    models.Visit.update(
        request_key=filled.key,
        visitor=filled.visitor.strip() or UNNAMED,
        unit=filled.unit.strip(),
        job_title=filled.job_title.strip(),
        phone=filled.phone.strip(),
        reason=filled.reason,
        reference=filled.reference.strip(),
        carried=filled.carried.strip(),
        sponsor=sponsor,
        state=VisitState.APPROVED if visit.state == VisitState.RESERVED else visit.state,
        starts_at=filled.starts_at,
        ends_at=filled.ends_at,
        requested_at=filled.approved_at,
        decided_at=filled.approved_at,
        decided_by=approver,
    ).where(models.Visit.id == visit.id).execute()
    lent = models.Badge.get_or_none(models.Badge.badge == filled.badge)
    if lent is not None and visit.state == VisitState.ENDED:
        models.Visit.update(badge=lent).where(models.Visit.id == visit.id).execute()  # it is back in its tray
    elif lent is not None:
        take_badge(session, lent, visit.id, filled.starts_at, filled.ends_at)
    _doubt(session, filled, approver)
    return int(visit.id)


def bind_slip(session: Session, event: DoorEventRecord) -> None:
    """Let a slip be a visit from the first event on that names it, also before its form has arrived.

    So it is with a visit that was lost with the centre's database: somebody went in, and must come out again.
    """
    visit = models.Visit
    if event.visit_id is not None and visit_is_lost(event.visit_id):
        person = models.Person.get_or_none(models.Person.id == event.person_id)
        carries_own = person is not None and Outcome(event.outcome).opens
        _bring_back(
            event.visit_id,
            _source(event.kiosk),
            event.at,
            visitor=person.name if carries_own else unknown_visitor(event.visit_id),
            person=person if carries_own else None,
            reason=event.reason,
        )
    used = visit.update(
        state=VisitState.APPROVED, starts_at=event.at, ends_at=event.at + USUAL_VISIT, requested_at=event.at
    ).where(visit.id == event.visit_id, visit.state == VisitState.RESERVED)
    if not used.execute() or not event.badge:
        return
    lent = models.Badge.get_or_none(models.Badge.badge == event.badge, models.Badge.kind == BadgeKind.VISITOR)
    if lent is not None:
        take_badge(session, lent, event.visit_id or 0, event.at, event.at + USUAL_VISIT)


def _bring_back(visit_id: int, source: str, at: datetime, **known: object) -> None:
    """Write a visit down anew that was lost with the centre's database, as a blank slip of the door that names it."""
    models.Visit.insert(
        {
            "id": visit_id,
            "request_key": f"{SLIP}{source.removeprefix('kiosk:')}:{visit_id}",
            "visitor": UNNAMED,
            "reason": "",
            "state": VisitState.RESERVED,
            "starts_at": at,
            "ends_at": at,
            "requested_at": at,
            "requested_from": source,
            "note": _("This centre was restored from a backup that is older than this visit."),
            **known,
        }
    ).execute()


def _settle_request(session: Session, filled: SlipFilled) -> None:
    """The visitor also waits at the desk, or was approved there meanwhile: one visitor is one visit."""
    visit = models.Visit
    other = visit.get_or_none(visit.request_key == filled.key)
    if other is None:
        return
    visit.update(request_key=f"{filled.key[:48]}~{other.id}").where(visit.id == other.id).execute()
    visit.update(
        state=VisitState.ENDED, note=_("Approved at the door as visit {id}.").format(id=filled.visit_id)
    ).where(visit.id == other.id, visit.state.in_((VisitState.REQUESTED, VisitState.APPROVED))).execute()
    notices.answered(session, f"visit:{other.id}")


def _doubt(session: Session, filled: SlipFilled, approver: models.Person | None) -> None:
    """The door's word may be older than a withdrawal: an approval that should not have been is told."""
    may = (
        approver is not None
        and approver.status == PersonStatus.ACTIVE
        and Action.DECIDE_VISIT in permitted(Role(approver.role))
    )
    needs_manager = only_manager_approves(filled.reason, civil_date(filled.approved_at))
    if may and approver is not None and (not needs_manager or approver.role == Role.DEPUTY_MANAGER):
        return
    notices.tell_leaders(
        session,
        SLIP_DOUBTED,
        f"slip:{filled.visit_id}",
        visitor=filled.visitor,
        approver=approver.name if approver is not None else UNNAMED,
    )


def _slip(actor: Actor, visit_id: int) -> models.Visit:
    visit: models.Visit | None = models.Visit.get_or_none(models.Visit.id == visit_id)
    own = visit is not None and visit.requested_from.startswith("kiosk:")
    if visit is None or not own or (_is_door(actor) and visit.requested_from != actor.work_number):
        raise NotFound(_("This door has no such slip."), article=20)
    return visit


def _own_door(actor: Actor, kiosk: str) -> None:
    require(actor, Action.FEED_DOOR)
    if _is_door(actor) and actor.work_number != _source(kiosk):
        raise NotFound(_("This door has no such slip."), article=20)


def _is_door(actor: Actor) -> bool:
    return actor.work_number.startswith("kiosk:")


def _source(kiosk: str) -> str:
    return f"kiosk:{kiosk}"


def _person(which: object) -> models.Person | None:
    found: models.Person | None = models.Person.get_or_none(which)
    return found
