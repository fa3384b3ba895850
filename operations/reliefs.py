"""Reliefs of seats (Art. 21, 24): each operator's seat handed to a person, before the signature or with it.

Whoever was relieved may leave before the two leaders have signed. What is left is settled by seat at the signature;
a seat without a relief is recorded as nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import models
from locales import N_, _
from operations import signin, store
from operations.boundary import Session, require, signed_write, write_audit, writes
from operations.centre import limits_at
from operations.duties import (
    FOLLOWS_WITHIN,
    LEADER_POST,
    active_duties,
    duties_of_log,
    duty_record,
    is_continued,
    log_after,
    logs_between,
    named,
)
from operations.errors import Conflict, Invalid, NotFound
from operations.handover_records import handover_of
from operations.passages import arrivals_for
from operations.people import person_by_number
from operations.permissions import Action
from regulation.handover import LogState
from regulation.records import BadgeState, PersonStatus
from regulation.relief import may_be_relieved, relief_is_early
from regulation.roles import is_centre_personnel

# A shift type lasts at most a day.
LONGEST_SHIFT = timedelta(hours=24)
AT_SIGNATURE, BY_LEADER, BY_BADGE = "signature", "leader", "badge"
WAY_NAMES: Mapping[str, str] = MappingProxyType(
    {BY_LEADER: N_("handed over by the leader"), BY_BADGE: N_("taken over by badge")}
)


@dataclass(frozen=True, slots=True)
class ReliefRow:
    """A seat from one shift to the next. ``early`` is unknown (``None``) until the relief has come.

    ``relieved_at`` is set once somebody took over; ``way`` says how (``leader``, ``badge``, ``signature``) and
    ``assigned_by`` by whom. Until then ``incoming`` is whoever is rostered for the seat.
    """

    seat: str
    outgoing: str
    incoming: str
    arrived_at: datetime | None
    early: bool | None
    duty_id: int = 0
    incoming_id: int | None = None
    relieved_at: datetime | None = None
    way: str = ""
    assigned_by: str = ""


@writes(Action.HAND_OVER)
def assign_relief(session: Session, duty_id: int, work_number: str, instead_of: int | None = None) -> None:
    """Let a person take over someone's seat now; who leaves it has been relieved (Art. 24).

    ``instead_of`` is the person whom the caller saw there as relief, to be replaced. Raises :class:`Conflict` when
    somebody else relieves the seat by now.
    """
    duty, person = _relievable(session, duty_id), person_by_number(work_number)
    _relieve(session, duty, person, BY_LEADER, instead_of)
    session.about(f"duty:{duty_id}", work_number=work_number, way=BY_LEADER)


def relieve_by_badge(badge: str, pin: str, now: datetime, duty_id: int | None = None) -> int:
    """Take over a seat with one's own badge at the desk reader and one's own PIN; returns the relieved duty's id.

    Without ``duty_id`` it is the seat one is rostered for in the shift that follows.
    """
    actor = signin.confirm(store.read(lambda: _number_of_badge(badge)), pin, now)

    def run(session: Session) -> int:
        require(actor, Action.READ_DESK)
        person = models.Person.get_by_id(actor.person_id)
        duty = _relievable(session, duty_id if duty_id is not None else _own_seat(session, person))
        if not _follows_on(person, duty):
            raise Conflict(
                _("{name} is not rostered in the shift that follows.").format(name=person.name),
                article=21,
                next_step=_("Ask the leader to hand the seat over."),
            )
        _relieve(session, duty, person, BY_BADGE, None)
        session.about(f"duty:{duty.id}", work_number=actor.work_number, way=BY_BADGE)
        write_audit(session, "relieve_by_badge")
        return int(duty.id)

    return signed_write(actor, now, run, "relieve_by_badge")


def settle_reliefs(session: Session, handover: models.Handover, following: models.ShiftLog | None) -> None:
    """Relieve, with the signature that seals, every duty that nobody has taken over yet (inside a transaction)."""
    incoming = duties_of_log(following) if following is not None else []
    relief, duties = models.Relief, duties_of_log(handover.outgoing)
    done = {row.outgoing_duty_id for row in _reliefs_of(duties)}
    relief.update(handover=handover.id).where(relief.outgoing_duty.in_(list(done) or [0])).execute()
    taken = {row.incoming_person_id for row in _reliefs_of(duties)}
    for duty in duties:
        if duty.id in done or is_continued(duty, duties):
            continue
        successor = _successor(duty, incoming)
        if successor is not None and successor.person_id in taken:
            successor = None  # that person took another seat over already
        relief.create(
            handover=handover,
            outgoing_duty=duty,
            incoming_duty=successor,
            incoming_person=successor.person_id if successor is not None else None,
            assigned_by=session.actor.person_id,
            at=session.now,
            way=AT_SIGNATURE,
        )
        models.Duty.update(relieved_at=session.now).where(models.Duty.id == duty.id).execute()


def relief_rows(
    outgoing: Sequence[models.Duty], incoming: Sequence[models.Duty], now: datetime
) -> tuple[ReliefRow, ...]:
    """Return every seat from one shift to the next (inside a transaction)."""
    limits, came = limits_at(now), arrivals_for(incoming, now)
    done = {row.outgoing_duty_id: row for row in _reliefs_of(outgoing)}
    rows = []
    for duty in outgoing:
        if is_continued(duty, outgoing):
            continue
        relief, successor = done.get(duty.id), _successor(duty, incoming)
        if relief is not None:
            successor = relief.incoming_duty
        person = relief.incoming_person if relief is not None else successor.person if successor else None
        arrived_at = came.get(successor.id) if successor is not None else None
        early = relief_is_early(arrived_at, successor.starts_at, limits) if arrived_at and successor else None
        rows.append(
            ReliefRow(
                duty.seat.number if duty.seat_id else "",
                named(duty.person),
                named(person),
                arrived_at,
                early,
                duty.id,
                person.id if person is not None else None,
                relief.at if relief is not None else None,
                relief.way if relief is not None else "",
                named(relief.assigned_by) if relief is not None else "",
            )
        )
    return tuple(rows)


def _reliefs_of(duties: Sequence[models.Duty]) -> list[models.Relief]:
    relief = models.Relief
    return list(relief.select().where(relief.outgoing_duty.in_([duty.id for duty in duties] or [0])))


def _successor(duty: models.Duty, incoming: Sequence[models.Duty]) -> models.Duty | None:
    here = [d for d in incoming if not d.leave_kind]
    if duty.post == LEADER_POST:
        return next((d for d in here if d.post == LEADER_POST), None)
    if not duty.seat_id:
        return None
    return next((d for d in here if d.seat_id == duty.seat_id and d.post != LEADER_POST), None)


def _relievable(session: Session, duty_id: int) -> models.Duty:
    duty: models.Duty | None = active_duties().where(models.Duty.id == duty_id).first()
    if duty is None or not duty.shift_type.hands_over:
        raise NotFound(_("There is no such seat to hand over."), article=21)
    if duty.post == LEADER_POST:
        raise Conflict(
            _("A leader is relieved by the two signatures."), article=24, next_step=_("Sign the handover.")
        )
    log = models.ShiftLog.get_or_none(
        models.ShiftLog.date == duty.date, models.ShiftLog.shift_type == duty.shift_type_id
    )
    if log is None or log.state == LogState.SEALED:
        raise Conflict(_("This shift is handed over already."), article=24)
    if not may_be_relieved(duty_record(duty, needs_relief=True), session.now, limits_at(session.now)):
        raise Conflict(
            _("It is too early to hand this seat over."),
            article=21,
            next_step=_("Permit leaving the seat instead, or change the roster."),
        )
    return duty


def _relieve(
    session: Session, duty: models.Duty, person: models.Person, way: str, instead_of: int | None
) -> None:
    shift = duties_of_log(_log_of(duty))
    _check_person(duty, person, shift)
    relief = models.Relief
    standing = next((row for row in _reliefs_of([duty])), None)
    if standing is not None and standing.incoming_person_id != instead_of:
        raise Conflict(
            _("{name} took this seat over already, entered by {by}.").format(
                name=named(standing.incoming_person), by=named(standing.assigned_by)
            ),
            article=21,
            next_step=_("Look again, then repeat the change."),
        )
    handover = handover_of(_log_of(duty))
    values = {
        "handover": handover.id if handover is not None else None,
        "incoming_duty": _duty_after(duty, person),
        "incoming_person": person,
        "assigned_by": session.actor.person_id,
        "at": session.now,
        "way": way,
    }
    if standing is not None:
        relief.update(values).where(relief.id == standing.id).execute()
    else:
        relief.create(outgoing_duty=duty, **values)
    models.Duty.update(relieved_at=session.now).where(models.Duty.id == duty.id).execute()


def _check_person(duty: models.Duty, person: models.Person, shift: Sequence[models.Duty]) -> None:
    if not is_centre_personnel(person.role) or person.status != PersonStatus.ACTIVE:
        raise Invalid(_("{name} cannot take a seat over.").format(name=person.name), article=2)
    if any(other.person_id == person.id for other in shift):
        raise Invalid(
            _("{name} works in the shift that is being relieved.").format(name=person.name), article=24
        )
    others = [row for row in _reliefs_of(shift) if row.outgoing_duty_id != duty.id]
    if any(row.incoming_person_id == person.id for row in others):
        raise Conflict(_("{name} took another seat over already.").format(name=person.name), article=21)


def _log_of(duty: models.Duty) -> models.ShiftLog:
    log: models.ShiftLog = models.ShiftLog.get(
        models.ShiftLog.date == duty.date, models.ShiftLog.shift_type == duty.shift_type_id
    )
    return log


def _duty_after(duty: models.Duty, person: models.Person) -> models.Duty | None:
    following = log_after(_log_of(duty))
    duties = duties_of_log(following) if following is not None else []
    return next((d for d in duties if d.person_id == person.id), None)


def _follows_on(person: models.Person, duty: models.Duty) -> bool:
    return _duty_after(duty, person) is not None


def _own_seat(session: Session, person: models.Person) -> int:
    window = limits_at(session.now).minutes("arrival_window_minutes")
    mine = active_duties().where(
        models.Duty.person == person.id,
        models.Duty.starts_at > session.now - window,
        models.Duty.starts_at <= session.now + window,
    )
    for own in mine:
        for log in logs_between(own.starts_at - LONGEST_SHIFT - FOLLOWS_WITHIN, own.starts_at):
            following = log_after(log)
            shift = (following.date, following.shift_type_id) if following is not None else None
            if shift == (own.date, own.shift_type_id) and (seat := _seat_like(own, log)) is not None:
                return int(seat.id)
    raise NotFound(
        _("No seat waits for {name}.").format(name=person.name),
        article=21,
        next_step=_("Choose the seat, or ask the leader."),
    )


def _seat_like(own: models.Duty, log: models.ShiftLog) -> models.Duty | None:
    duties = [duty for duty in duties_of_log(log) if duty.seat_id and duty.post != LEADER_POST]
    return next((duty for duty in duties if duty.seat_id == own.seat_id), None)


def _number_of_badge(badge: str) -> str:
    known = models.Badge.get_or_none(models.Badge.badge == badge, models.Badge.state == BadgeState.ACTIVE)
    # An unknown badge is refused in the same words as a wrong PIN, by the same check.
    return known.person.work_number if known is not None and known.person_id is not None else ""
