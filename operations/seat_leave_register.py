"""Permits to be away from one's seat (Art. 14) as a register reads: the permits themselves, kept where they are given."""

from __future__ import annotations

from typing import Any

import peewee

import models
from operations.boundary import Session, reads
from operations.centre import day_bounds, zone
from operations.permissions import Action
from operations.register_views import PAGE, RecordFilter, RecordPage, RecordRow, RegisterBook
from regulation.marking import N_
from regulation.registers import FieldKind, Register, RegisterField, RegisterState
from regulation.roles import LEADER_ROLES

SEAT_LEAVE = Register(
    "seat_leave",
    N_("Seat-leave permits"),
    (14,),
    (
        RegisterField("person", N_("who"), FieldKind.PERSON),
        RegisterField("reason", N_("why")),
        RegisterField("from_at", N_("left at"), FieldKind.INSTANT),
        RegisterField("back_by", N_("back by"), FieldKind.INSTANT),
        RegisterField("returned_at", N_("came back"), FieldKind.INSTANT),
    ),
    (
        RegisterState("running", N_("running"), runs_until="back_by"),
        RegisterState("back", N_("has come back"), ends=True),
    ),
    (),
    adders=frozenset(),
    readers=LEADER_ROLES,
    keepers=frozenset(),
    columns=("person", "reason", "back_by", "returned_at"),
    about="person",
    about_reads=True,
    empty=N_("Nobody left a seat with a permit. Permits are given on 1 Today."),
)


@reads(Action.READ_REGISTERS)
def seat_leave_book(session: Session) -> RegisterBook:
    """Return the permits as a register on the shelf."""
    permit = models.SeatLeave
    running = _readable(session) & permit.returned_at.is_null()
    return RegisterBook(
        SEAT_LEAVE,
        permit.select().where(running).count(),
        permit.select().where(running, permit.back_by < session.now).count(),
        may_add=False,
        reads_all=session.actor.role in LEADER_ROLES,
    )


@reads(Action.READ_REGISTERS)
def seat_leave_records(
    session: Session,
    wanted: RecordFilter = RecordFilter(),  # noqa: B008  frozen
    skip: int = 0,
    limit: int = PAGE,
) -> RecordPage:
    """Return a page of permits that the reader may know, the newest first."""
    permit = models.SeatLeave
    approver = models.Person.alias()
    rows = list(
        permit.select(permit, models.Person, approver)
        .join(models.Person, on=permit.person)
        .switch(permit)
        .join(approver, peewee.JOIN.LEFT_OUTER, on=permit.approved_by)
        .where(_matching(session, wanted))
        .order_by(permit.from_at.desc(), permit.id.desc())
        .offset(skip)
        .limit(limit)
    )
    names = {row.person.work_number: row.person.name for row in rows}
    return RecordPage(tuple(_row(row) for row in rows), None, names)


@reads(Action.READ_REGISTERS)
def seat_leave_count(session: Session, wanted: RecordFilter = RecordFilter()) -> int:  # noqa: B008
    """Return how many permits match."""
    permit = models.SeatLeave
    return int(
        permit.select().join(models.Person, on=permit.person).where(_matching(session, wanted)).count()
    )


def _readable(session: Session) -> Any:
    permit = models.SeatLeave
    if session.actor.role in LEADER_ROLES or session.actor.person_id == 0:
        return permit.id > 0
    return permit.person == session.actor.person_id


def _matching(session: Session, wanted: RecordFilter) -> Any:
    permit = models.SeatLeave
    found = _readable(session)
    waiting = wanted.waiting or "running" in wanted.states
    if waiting or wanted.overdue:
        found &= permit.returned_at.is_null()
    elif "back" in wanted.states:
        found &= permit.returned_at.is_null(False)
    if wanted.overdue:
        found &= permit.back_by < session.now
    if wanted.person_id is not None:
        found &= permit.person == wanted.person_id
    if wanted.first is not None:
        found &= permit.from_at >= day_bounds(wanted.first)[0]
    if wanted.last is not None:
        found &= permit.from_at < day_bounds(wanted.last)[1]
    for word in wanted.text.split():
        found &= permit.reason.contains(word) | models.Person.name.contains(word)
    return found


def _row(permit: models.SeatLeave) -> RecordRow:
    instants = {
        name: getattr(permit, name).isoformat()
        for name in ("from_at", "back_by", "returned_at")
        if getattr(permit, name) is not None
    }
    return RecordRow(
        permit.id,
        SEAT_LEAVE.key,
        permit.id,
        "back" if permit.returned_at else "running",
        SEAT_LEAVE.article,
        permit.from_at.astimezone(zone()).date(),
        permit.person.work_number,
        permit.person.name,
        permit.approved_by.work_number if permit.approved_by_id else "",
        permit.approved_by.name if permit.approved_by_id else "",
        permit.from_at,
        None if permit.returned_at else permit.back_by,
        permit.returned_at,
        1,
        {"person": permit.person.work_number, "reason": permit.reason, **instants},
    )
