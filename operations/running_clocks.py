"""What of the registers runs or waits right now, for the board (Art. 14, 18, 26; inside a transaction)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import peewee

import models
from operations.boundary import Session
from operations.centre import limits_at
from operations.line_permits import RUNNING
from operations.register_definitions import registers_now
from operations.register_views import readable
from operations.undertakings import IN_FORCE
from regulation.records import PersonStatus
from regulation.register_table import LINE_LOCK
from regulation.register_training import UNDERTAKING
from regulation.roles import CENTRE_ROLES

SEAT_LEAVE = "seat_leave"
LINE_LOCKED = "line_lock"
LINE_WISH = "line_wish"


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A permit that runs, or a wish for one: who, which line (Art. 18), since and until when; overrun when past."""

    kind: str
    name: str
    line: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class RegisterTasks:
    """What the registers ask for: clocks, the first to end first, and how many records and undertakings to see to."""

    clocks: tuple[RunningClock, ...] = ()
    overdue: int = 0
    undertakings: int = 0


def register_tasks(session: Session) -> RegisterTasks:
    """Return what runs and waits, as far as the actor may know."""
    clocks = [*_seat_leaves(session.now), *_line_locks(session)]
    leads = session.actor.role in UNDERTAKING.readers
    return RegisterTasks(
        tuple(sorted(clocks, key=lambda clock: clock.until)),
        _overdue(session),
        _undertakings(session) if leads else 0,
    )


def _seat_leaves(now: datetime) -> list[RunningClock]:
    """Permits that run; whoever did not come back before their duty ended is away no more, they went home."""
    leave, duty = models.SeatLeave, models.Duty
    query = (
        leave.select(leave, models.Person)
        .join(models.Person, on=leave.person)
        .switch(leave)
        .join(duty, peewee.JOIN.LEFT_OUTER, on=leave.duty)
        .where(leave.returned_at.is_null(), duty.ends_at.is_null() | (duty.ends_at > now))
    )
    return [RunningClock(SEAT_LEAVE, row.person.name, "", row.from_at, row.back_by) for row in query]


def _line_locks(session: Session) -> list[RunningClock]:
    row = models.RegisterRecord
    query = (
        row.select(row, models.Person)
        .join(models.Person, on=row.about)
        .where(readable(session, LINE_LOCK), row.state.in_(LINE_LOCK.waiting))
    )
    return [
        RunningClock(
            LINE_LOCKED if record.state == RUNNING else LINE_WISH,
            record.about.name,
            str(record.values.get("line", "")),
            record.opened_at,
            record.due_at,
        )
        for record in query
        if record.due_at is not None
    ]


def _overdue(session: Session) -> int:
    """Records that wait past their time and that the actor may know; clocks that run are counted by themselves."""
    row, count = models.RegisterRecord, 0
    # One register after the other: each is found by its index, however long the registers are.
    for key, register in registers_now().items():
        if register.waiting and key not in (LINE_LOCK.key, UNDERTAKING.key):
            count += row.select().where(readable(session, register), row.due_at < session.now).count()
    return count


def _undertakings(session: Session) -> int:
    """People of the centre who have signed nothing that still holds when the time to ask anew has come (Art. 26)."""
    person, row = models.Person, models.RegisterRecord
    limits = limits_at(session.now)
    soon = session.now + limits.hours("undertaking_notice_days") * 24
    held = row.select(row.about).where(
        row.register == UNDERTAKING.key, row.state == IN_FORCE, row.due_at > soon, row.about.is_null(False)
    )
    people = person.select().where(
        person.status == PersonStatus.ACTIVE,
        person.role.in_([role.value for role in CENTRE_ROLES]),
        person.id.not_in(held),
    )
    return int(people.count())
