"""What a plan stands on, read in one view of the data: people, their days, what holds them, and what is needed.

Everything here is plain and frozen: the planner works on it outside any transaction, and whoever writes the plan reads
it again and compares.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import models
from operations.availability import UnavailableRow, pinned_cells, unavailable_rows
from operations.calendar_days import days_between
from operations.centre import ShiftClock, ShiftTypeRow, civil_date, limits_at, shift_types, zone
from operations.demand import CoverNeed, cover_needs
from operations.drafts import SWAP, draft_rows, planned_code, published_duties
from operations.leave_records import days_on_leave
from operations.planned import planned_codes
from operations.rest_warnings import rest_duties, rest_duty
from operations.wishes import wish_rows
from regulation.calendar_days import CalendarDay, working_days_by_month
from regulation.limits import Limits
from regulation.rest import RestDuty

Row = TypeVar("Row", bound=Any)

_WEEK_DAYS = 7


class Fixed(StrEnum):
    """Why a day is not for the planner to change."""

    BEGUN = "begun"
    LEAVE = "leave"
    SWAPPED = "swapped"
    PINNED = "pinned"


# Days that nobody can change by planning; a pin can be taken off.
UNCHANGEABLE = frozenset({Fixed.BEGUN, Fixed.LEAVE, Fixed.SWAPPED})


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A person's day: the published shift, the planned one (the draft over it), and what fixes it.

    ``drafted``: the draft itself says what the day is to be, if only that it is free.
    """

    published: str | None
    planned: str | None
    drafted: bool = False
    fixed: Fixed | None = None


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A wish for the day of that index; without a shift for a free day."""

    day: int
    shift: str | None
    wanted: bool
    weight: int


@dataclass(frozen=True, slots=True)
class PlanPerson:
    """Someone to be planned.

    ``cannot`` are, for each day, the shifts they cannot work, ``None`` for none at all. ``after`` is what stands on the
    days right after the span (no more of them than may be worked in a row), ``before`` on those right before it, the nearest first. ``outside`` are their duties
    around the span, in order of time.
    """

    id: int
    work_number: str
    name: str
    cells: tuple[PlanCell, ...]
    cannot: tuple[frozenset[str] | None, ...]
    wishes: tuple[PlanWish, ...]
    outside: tuple[RestDuty, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan of the days from ``first`` to ``last`` stands on, as of ``now``.

    ``spans`` is each shift on each day as the rules on rest see it, two weeks around the span included. ``others`` are
    the people who are not planned but work a shift on a day: they count towards what is needed.
    """

    now: datetime
    first: date
    last: date
    days: tuple[CalendarDay, ...]
    shifts: tuple[ShiftTypeRow, ...]
    people: tuple[PlanPerson, ...]
    spans: Mapping[tuple[str, date], RestDuty]
    needs: tuple[CoverNeed, ...]
    others: Mapping[tuple[str, int], frozenset[int]]
    holidays: frozenset[date]
    working_days: Mapping[tuple[int, int], int]
    limits: Limits

    def date_of(self, index: int) -> date:
        """Return the date of a day's index, which may lie outside the span."""
        return self.first + timedelta(days=index)


def read_ground(now: datetime, first: date, last: date, people: Sequence[models.Person]) -> Ground:
    """Read it for some people (inside a transaction)."""
    limits = limits_at(now)
    begin, end = _horizon(first, last, limits)
    calendar_days = days_between(begin, end)
    holidays = frozenset(day.date for day in calendar_days if day.kind == "holiday")
    reader = _Reader.of(now, first, last, limits, [person.id for person in people], (begin, end))
    return Ground(
        now,
        first,
        last,
        tuple(day for day in calendar_days if first <= day.date <= last),
        shift_types(),
        tuple(reader.person(person) for person in people),
        _spans(first, last, limits),
        cover_needs(first, last),
        _others(first, last, {person.id for person in people}),
        holidays,
        working_days_by_month(d for d in calendar_days if _month(first) <= _month(d.date) <= _month(last)),
        limits,
    )


@dataclass(slots=True)
class _Reader:
    """The rows of all people, read once."""

    now: datetime
    today: date
    days: tuple[date, ...]
    run: int
    standing: Mapping[tuple[int, date], list[models.Duty]]
    draft: Mapping[tuple[int, date], models.DraftDuty]
    pinned: Collection[tuple[int, date]]
    on_leave: Collection[tuple[int, date]]
    duties: Mapping[int, Sequence[RestDuty]]
    around: Mapping[tuple[int, date], str]
    worked: Collection[tuple[int, date]]
    cannot: Mapping[int, Sequence[UnavailableRow]]
    wishes: Mapping[int, Sequence[models.Wish]]

    @classmethod
    def of(
        cls,
        now: datetime,
        first: date,
        last: date,
        limits: Limits,
        people: Sequence[int],
        horizon: tuple[date, date],
    ) -> _Reader:
        run = limits["longest_run_days"]
        margin = timedelta(days=run + 1)
        duties = rest_duties(*horizon, limits, people)
        return cls(
            now,
            civil_date(now),
            tuple(first + timedelta(days=n) for n in range((last - first).days + 1)),
            run,
            published_duties(people, first, last),
            {(row.person_id, row.date): row for row in draft_rows(first, last, people)},
            pinned_cells(first, last),
            days_on_leave(first, last),
            duties,
            planned_codes(people, first - margin, last + margin),
            {(person_id, duty.date) for person_id, theirs in duties.items() for duty in theirs},
            _by_person(unavailable_rows(first, last)),
            _by_person(wish_rows(first, last)),
        )

    def person(self, person: models.Person) -> PlanPerson:
        first, last = self.days[0], self.days[-1]
        entries = self.cannot.get(person.id, ())
        wishes = self.wishes.get(person.id, ())
        outside = [duty for duty in self.duties.get(person.id, ()) if not first <= duty.date <= last]
        return PlanPerson(
            person.id,
            person.work_number,
            person.name,
            tuple(self._cell(person.id, day) for day in self.days),
            tuple(_cannot(entries, day) for day in self.days),
            tuple(
                PlanWish(
                    (wish.date - first).days,
                    wish.shift_type.code if wish.shift_type_id else None,
                    wish.wanted,
                    wish.weight,
                )
                for wish in wishes
            ),
            tuple(outside),
            tuple(self._stands(person.id, first - timedelta(days=n + 1)) for n in range(self.run + 1)),
            tuple(self._stands(person.id, last + timedelta(days=n + 1)) for n in range(self.run)),
        )

    def _stands(self, person_id: int, day: date) -> str | None:
        # A duty on leave is no work.
        return self.around.get((person_id, day)) if (person_id, day) in self.worked else None

    def _cell(self, person_id: int, day: date) -> PlanCell:
        duties = self.standing.get((person_id, day), [])
        row = self.draft.get((person_id, day))
        published = duties[0].shift_type.code if duties else None
        planned = published if row is None else planned_code(row)
        return PlanCell(published, planned, row is not None, self._fixed(person_id, day, duties))

    def _fixed(self, person_id: int, day: date, duties: Sequence[models.Duty]) -> Fixed | None:
        if day < self.today or any(duty.starts_at <= self.now for duty in duties):
            return Fixed.BEGUN
        # Leave that was approved before the roster of its days is there keeps the duty the rotation planned.
        if (person_id, day) in self.on_leave or any(duty.leave_kind for duty in duties):
            return Fixed.LEAVE
        if any(duty.origin == SWAP for duty in duties):
            return Fixed.SWAPPED
        return Fixed.PINNED if (person_id, day) in self.pinned else None


def _horizon(first: date, last: date, limits: Limits) -> tuple[date, date]:
    """The days whose duties the rules on rest and fairness look at."""
    monday = first - timedelta(days=first.weekday())
    weeks_back = monday - timedelta(days=_WEEK_DAYS * (limits["weekly_hours_weeks"] - 1))
    fairness = first - timedelta(days=limits["fairness_days"])
    sunday = last + timedelta(days=_WEEK_DAYS - 1 - last.weekday())
    month_end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return min(weeks_back, fairness, first.replace(day=1)), max(sunday, month_end)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _spans(first: date, last: date, limits: Limits) -> dict[tuple[str, date], RestDuty]:
    here, clock = zone(), ShiftClock()
    margin = limits["longest_run_days"] + 1
    days = [first + timedelta(days=n) for n in range(-margin, (last - first).days + 1 + margin)]
    found = {}
    for shift in models.ShiftType.select():
        # Who hands over eats at the desk; office hours have a break that is no working time.
        pause = 0 if shift.hands_over else limits["office_break_minutes"]
        for day in days:
            found[shift.code, day] = rest_duty(day, *clock.of(shift, day), pause, here)
    return found


def _others(first: date, last: date, planned: Collection[int]) -> dict[tuple[str, int], frozenset[int]]:
    ids = [row.id for row in models.Person.select(models.Person.id) if row.id not in planned]
    on_leave = {
        (duty.person_id, duty.date)
        for duties in published_duties(ids, first, last).values()
        for duty in duties
        if duty.leave_kind
    }
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for (person_id, day), code in planned_codes(ids, first, last).items():
        if (person_id, day) not in on_leave:
            found[code, (day - first).days].add(person_id)
    return {key: frozenset(there) for key, there in found.items()}


def _cannot(entries: Sequence[UnavailableRow], day: date) -> frozenset[str] | None:
    told = [entry for entry in entries if entry.is_about(day)]
    if any(entry.shift_code is None for entry in told):
        return None
    return frozenset(entry.shift_code for entry in told if entry.shift_code)


def _by_person(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found
