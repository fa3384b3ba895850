"""The labour-law sums of a person's duties over weeks and months, less what stands outside the plan already."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from operations.planning_ground import Ground, PlanPerson
from regulation.rest import STANDARD_DAY_HOURS, RestRule

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BoundedSum:
    """Over some days of the plan at most ``most`` duties, or minutes of work.

    ``name`` is the rule with the week or month it is about: ``weekly_rest:2026-12-07``, ``overtime:2026-12``.
    """

    name: str
    days: Collection[int]
    in_minutes: bool
    most: int


def bounded_sums(ground: Ground, person: PlanPerson) -> Iterator[BoundedSum]:
    """Return the bounds that labour law sets to one person's plan; see ``regulation.rest`` for the rules."""
    first, last = ground.first, ground.last
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield _weekly_rest(ground, person, monday)
        yield _weekly_hours(ground, person, monday)
        monday += _WEEK
    for month in sorted({(day.date.year, day.date.month) for day in ground.days}):
        if month in ground.working_days:
            yield _overtime(ground, person, month)


def _weekly_rest(ground: Ground, person: PlanPerson, monday: date) -> BoundedSum:
    outside = {duty.date for duty in person.outside if monday <= duty.date < monday + _WEEK}
    most = 7 - ground.limits["weekly_rest_days"] - len(outside)
    days = _inside(ground, monday, monday + _WEEK)
    return BoundedSum(f"{RestRule.WEEKLY_REST}:{monday.isoformat()}", days, False, most)


def _weekly_hours(ground: Ground, person: PlanPerson, monday: date) -> BoundedSum:
    weeks = ground.limits["weekly_hours_weeks"]
    begin, end = monday - _WEEK * (weeks - 1), monday + _WEEK
    outside = sum(duty.worked_minutes for duty in person.outside if begin <= duty.date < end)
    most = ground.limits["weekly_hours"] * 60 * weeks - outside
    return BoundedSum(
        f"{RestRule.WEEKLY_HOURS}:{monday.isoformat()}", _inside(ground, begin, end), True, most
    )


def _overtime(ground: Ground, person: PlanPerson, month: tuple[int, int]) -> BoundedSum:
    year, number = month
    begin = date(year, number, 1)
    end = (begin + timedelta(days=32)).replace(day=1)
    outside = sum(duty.worked_minutes for duty in person.outside if begin <= duty.date < end)
    hours = ground.working_days[month] * STANDARD_DAY_HOURS + ground.limits["monthly_overtime_hours"]
    return BoundedSum(
        f"{RestRule.OVERTIME}:{year}-{number:02}", _inside(ground, begin, end), True, hours * 60 - outside
    )


def _inside(ground: Ground, begin: date, end: date) -> range:
    """The plan's days from ``begin`` up to and without ``end``."""
    first, last = max(begin, ground.first), min(end, ground.last + timedelta(days=1))
    return range((first - ground.first).days, (last - ground.first).days)
