"""When people cannot work, as a leader records it, and the days that are pinned: no planner changes either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, shift_type_of
from operations.drafts import BATCH_ROWS, require_rosterable
from operations.errors import Invalid, NotFound
from operations.permissions import Action

LONGEST_REASON = 80
WEEKDAY_DIGITS = "1234567"


@dataclass(frozen=True, slots=True)
class UnavailableRow:
    """When someone cannot work. Without ``last_day`` it has no end; without ``weekdays`` (Monday 1 to Sunday 7) it is
    every day, without ``shift_code`` every shift."""

    id: int
    person_id: int
    work_number: str
    name: str
    first_day: date
    last_day: date | None
    weekdays: str
    shift_code: str | None
    reason: str

    def is_about(self, day: date) -> bool:
        """Whether it says something of a day."""
        within = self.first_day <= day and (self.last_day is None or day <= self.last_day)
        return within and (not self.weekdays or str(day.isoweekday()) in self.weekdays)


@reads(Action.EDIT_ROSTER)
def unavailabilities(_session: Session, first: date, last: date) -> tuple[UnavailableRow, ...]:
    """Return what touches the days from ``first`` to ``last``, by work number and first day."""
    return unavailable_rows(first, last)


@reads(Action.READ_DESK)
def pins(_session: Session, first: date, last: date) -> tuple[tuple[int, date], ...]:
    """Return the pinned days from ``first`` to ``last`` as person and day, in order."""
    return tuple(sorted(pinned_cells(first, last)))


@writes(Action.EDIT_ROSTER)
def record_unavailability(
    session: Session,
    person_id: int,
    first_day: date,
    last_day: date | None = None,
    weekdays: str = "",
    shift_code: str | None = None,
    reason: str = "",
) -> int:
    """Record when someone cannot work; returns the entry's id. Duties that stand already are not touched by it.

    Raises :class:`Invalid` for days or weekdays that are none.
    """
    person = models.Person.get_or_none(models.Person.id == person_id)
    shift = shift_type_of(shift_code) if shift_code else None
    if person is None:
        raise NotFound(_("There is no such person."))
    require_rosterable(person)
    if last_day is not None and last_day < max(first_day, civil_date(session.now)):
        raise Invalid(_("The last day lies before the first, or is past."))
    digits = "".join(sorted(set(weekdays)))
    if set(digits) - set(WEEKDAY_DIGITS):
        raise Invalid(_("Weekdays are digits from 1, Monday, to 7, Sunday."))
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(_("A reason has at most {most} characters.").format(most=LONGEST_REASON))
    made = models.Unavailability.create(
        person=person,
        first_day=first_day,
        last_day=last_day,
        weekdays="" if digits == WEEKDAY_DIGITS else digits,
        shift_type=shift,
        reason=reason.strip(),
        recorded_by=session.actor.work_number,
        recorded_at=session.now,
    )
    session.about(
        f"person:{person_id}",
        unavailable=made.id,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat() if last_day else None,
        weekdays=digits,
        shift=shift_code,
    )
    return int(made.id)


@writes(Action.EDIT_ROSTER)
def withdraw_unavailability(session: Session, entry_id: int) -> None:
    """Let an entry count no more."""
    entry = models.Unavailability
    standing = (entry.id == entry_id) & entry.withdrawn_at.is_null()
    if not entry.update(withdrawn_at=session.now).where(standing).execute():
        raise NotFound(_("There is no such entry."))
    session.about(f"unavailable:{entry_id}", withdrawn=True)


@writes(Action.EDIT_ROSTER)
def pin_days(session: Session, cells: Sequence[tuple[int, date]]) -> int:
    """Let people's days stay as they are planned whatever rotation or planner say; returns how many are new."""
    if any(day < civil_date(session.now) for _person, day in cells):
        raise Invalid(_("A day that is past needs no pin."), article=33)
    days = [day for _person, day in cells]
    there = pinned_cells(min(days), max(days)) if days else set()
    people = {row.id for row in models.Person.select(models.Person.id)}
    if any(person not in people for person, _day in cells):
        raise NotFound(_("There is no such person."))
    fresh = [
        {"person": person, "date": day, "pinned_by": session.actor.work_number, "pinned_at": session.now}
        for person, day in dict.fromkeys(cells)
        if (person, day) not in there
    ]
    for part in peewee.chunked(fresh, BATCH_ROWS):
        models.DutyPin.insert_many(part).execute()
    session.about("roster:pins", pinned=_plain(cells))
    return len(fresh)


@writes(Action.EDIT_ROSTER)
def unpin_days(session: Session, cells: Sequence[tuple[int, date]]) -> int:
    """Take pins off people's days; returns how many there were."""
    pin = models.DutyPin
    gone = 0
    for person, day in cells:
        gone += pin.delete().where(pin.person == person, pin.date == day).execute()
    session.about("roster:pins", unpinned=_plain(cells))
    return gone


def pinned_cells(first: date, last: date) -> set[tuple[int, date]]:
    """Return the pinned days as person and day (inside a transaction)."""
    pin = models.DutyPin
    return {(row.person_id, row.date) for row in pin.select().where(pin.date >= first, pin.date <= last)}


def unavailable_rows(first: date, last: date) -> tuple[UnavailableRow, ...]:
    """Return the entries that touch a span (inside a transaction)."""
    entry, person, shift = models.Unavailability, models.Person, models.ShiftType
    query = (
        entry.select(entry, person, shift)
        .join(person)
        .switch(entry)
        .join(shift, peewee.JOIN.LEFT_OUTER)
        .where(
            entry.withdrawn_at.is_null(),
            entry.first_day <= last,
            entry.last_day.is_null() | (entry.last_day >= first),
        )
        .order_by(person.work_number, entry.first_day, entry.id)
    )
    return tuple(
        UnavailableRow(
            row.id,
            row.person_id,
            row.person.work_number,
            row.person.name,
            row.first_day,
            row.last_day,
            row.weekdays,
            row.shift_type.code if row.shift_type_id else None,
            row.reason,
        )
        for row in query
    )


def _plain(cells: Iterable[tuple[int, date]]) -> list[list[object]]:
    return [[person, day.isoformat()] for person, day in cells]
