"""Wishes: what people would like on a day, or rather not, until that day of the roster is published for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, limits_at, shift_type_of
from operations.drafts import require_rosterable
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from operations.planned import planned_codes, published_codes

LEAST_WEIGHT, MOST_WEIGHT = 1, 3


@dataclass(frozen=True, slots=True)
class WishRow:
    """One wish. ``shift_code`` is ``None`` for a free day; not ``wanted`` means rather not that.

    ``is_open``: the day is not published yet, so the wish may be taken back. ``is_kept``: what is planned grants it;
    ``None`` while nothing is planned for that person around the day.
    """

    id: int
    person_id: int
    work_number: str
    name: str
    team: str
    date: date
    shift_code: str | None
    wanted: bool
    weight: int
    asked_at: datetime
    is_open: bool
    is_kept: bool | None


@reads(Action.ASK_WISH)
def own_wishes(session: Session, first: date, last: date) -> tuple[WishRow, ...]:
    """Return one's own wishes from ``first`` to ``last``, held against what is published."""
    own = session.actor.person_id
    rows = [row for row in wish_rows(first, last) if row.person_id == own]
    return _answered(rows, published_codes({own}, first, last), session.now)


@reads(Action.EDIT_ROSTER)
def wishes(session: Session, first: date, last: date) -> tuple[WishRow, ...]:
    """Return everyone's wishes from ``first`` to ``last``, held against what is planned."""
    rows = wish_rows(first, last)
    return _answered(rows, planned_codes({row.person_id for row in rows}, first, last), session.now)


@writes(Action.ASK_WISH)
def ask_wish(session: Session, day: date, shift_code: str | None, weight: int, *, wanted: bool = True) -> int:
    """Wish for a shift, or without one for a free day, or wish it away; returns the wish's id.

    A wish for the same day and shift takes the place of the one before. Raises :class:`Conflict` once the day is
    published for oneself, and when more wishes are asked in a month than ``wishes_a_month`` allows.
    """
    person = models.Person.get_by_id(session.actor.person_id)
    require_rosterable(person)
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise Invalid(_("A wish weighs from {least} to {most}.").format(least=LEAST_WEIGHT, most=MOST_WEIGHT))
    if day <= civil_date(session.now):
        raise Invalid(
            _("A wish is for a day to come."),
            next_step=_("For today and before, ask for a swap or for leave."),
        )
    _require_open(person, day)
    shift = None if shift_code is None else shift_type_of(shift_code)
    wish = models.Wish
    mine = (wish.person == person.id) & wish.withdrawn_at.is_null()
    same_shift = wish.shift_type.is_null() if shift is None else wish.shift_type == shift.id
    wish.update(withdrawn_at=session.now).where(mine, wish.date == day, same_shift).execute()
    month = day.replace(day=1)
    this_month = (wish.date >= month) & (wish.date < (month + timedelta(days=32)).replace(day=1))
    most = limits_at(session.now)["wishes_a_month"]
    if wish.select().where(mine, this_month).count() >= most:
        raise Conflict(
            _("At most {most} wishes for one month.").format(most=most),
            next_step=_("Take back one that matters less."),
        )
    made = wish.create(
        person=person, date=day, shift_type=shift, wanted=wanted, weight=weight, asked_at=session.now
    )
    session.about(f"person:{person.id}", date=day.isoformat(), shift=shift_code, wanted=wanted, weight=weight)
    return int(made.id)


@writes(Action.ASK_WISH)
def withdraw_wish(session: Session, wish_id: int) -> None:
    """Take one's own wish back. Raises :class:`Conflict` once the day is published."""
    wish = models.Wish.get_or_none(
        models.Wish.id == wish_id,
        models.Wish.person == session.actor.person_id,
        models.Wish.withdrawn_at.is_null(),
    )
    if wish is None:
        raise NotFound(_("You have no such wish."), next_step=_("See zhiban wish list, or W on the roster."))
    _require_open(wish.person, wish.date)
    models.Wish.update(withdrawn_at=session.now).where(models.Wish.id == wish_id).execute()
    session.about(f"person:{wish.person_id}", date=wish.date.isoformat(), withdrawn=wish_id)


def wish_rows(first: date, last: date) -> list[models.Wish]:
    """Return the wishes that stand, by day and work number (inside a transaction)."""
    wish, person, team, shift = models.Wish, models.Person, models.Team, models.ShiftType
    query = (
        wish.select(wish, person, team, shift)
        .join(person)
        .join(team, peewee.JOIN.LEFT_OUTER)
        .switch(wish)
        .join(shift, peewee.JOIN.LEFT_OUTER)
    )
    rows = query.where(wish.date >= first, wish.date <= last, wish.withdrawn_at.is_null())
    return list(rows.order_by(wish.date, person.work_number, wish.id))


def _answered(
    rows: Collection[models.Wish], cells: dict[tuple[int, date], str], now: datetime
) -> tuple[WishRow, ...]:
    planned_for = {person_id for person_id, _day in cells}
    today = civil_date(now)
    published = _published_days({row.person.work_number for row in rows}, [row.date for row in rows])
    return tuple(
        WishRow(
            row.id,
            row.person_id,
            row.person.work_number,
            row.person.name,
            row.person.team.code if row.person.team_id else "",
            row.date,
            row.shift_type.code if row.shift_type_id else None,
            row.wanted,
            row.weight,
            row.asked_at,
            row.date > today and (row.person.work_number, row.date) not in published,
            _is_kept(row, cells.get((row.person_id, row.date))) if row.person_id in planned_for else None,
        )
        for row in rows
    )


def _is_kept(row: models.Wish, planned: str | None) -> bool:
    wish = row.shift_type.code if row.shift_type_id else None
    return bool((planned == wish) == row.wanted)


def _require_open(person: models.Person, day: date) -> None:
    if (person.work_number, day) in _published_days({person.work_number}, [day]):
        raise Conflict(
            _("The roster of {date} is published already.").format(date=day.isoformat()),
            next_step=_("Ask for a swap or for leave instead."),
        )


def _published_days(work_numbers: Collection[str], days: Iterable[date]) -> set[tuple[str, date]]:
    """Which of these people's days lie in a publication that concerned them."""
    wanted = sorted(set(days))
    if not wanted:
        return set()
    row = models.RosterPublishing
    found = set()
    for publishing in row.select().where(row.first_day <= wanted[-1], row.last_day >= wanted[0]):
        theirs: dict[str, list[date]] = {}
        for number, day, _before, _after in publishing.changes:
            if number in work_numbers:
                theirs.setdefault(number, []).append(date.fromisoformat(day))
        for number, changed in theirs.items():
            found |= {(number, day) for day in wanted if min(changed) <= day <= max(changed)}
    return found
