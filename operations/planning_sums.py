"""The labour-law sums of a person's duties over weeks and months, less what stands outside the plan already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import gcd

from operations.planning_ground import Ground, PlanPerson
from operations.solver import FREE, Tally
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


def rule_tallies(
    ground: Ground, person: PlanPerson, choices: Sequence[frozenset[int]], minutes_of: Callable[[int], int]
) -> Iterator[Tally]:
    """Return the bounds as the engine's tallies; one that no plan could exceed is left out."""
    run = ground.limits["longest_run_days"]
    for rule in bounded_sums(ground, person):
        amounts = {
            (day, shift): minutes_of(shift) if rule.in_minutes else 1
            for day in rule.days
            for shift in choices[day] - {FREE}
        }
        reach = {
            day: max((amounts[day, shift] for shift in choices[day] - {FREE}), default=0) for day in rule.days
        }
        # What stands already may have broken the rule: then nothing is added, but nothing is refused for it.
        given = sum(most for day, most in reach.items() if len(choices[day]) == 1)
        most = max(rule.most, given)
        # Runs are bounded too, so of so many days in a row some stay free.
        worked = len(reach) - len(reach) // (run + 1)
        if sum(sorted(reach.values(), reverse=True)[:worked]) > most:
            yield Tally(rule.name, amounts, most=most)


def merged(tallies: Iterable[Tally]) -> Iterator[Tally]:
    """Put tallies together that count the same cells alike, a bound and a price into one: fewer make a faster search."""
    same: dict[Hashable, Tally] = {}
    for tally in tallies:
        unit = gcd(*tally.amounts.values()) or 1
        scaled = replace(
            tally,
            amounts={cell: amount // unit for cell, amount in tally.amounts.items()},
            most=None if tally.most is None else tally.most // unit,
        )
        key = frozenset(scaled.amounts.items()), scaled.joined_days
        known = same.get(key)
        if known is None or (known.costs and scaled.costs):
            same[key if known is None else (key, scaled.name)] = scaled
        else:
            same[key] = _both(known, scaled)
    yield from same.values()


def _both(one: Tally, other: Tally) -> Tally:
    bounds = [tally for tally in (one, other) if tally.most is not None]
    tightest = min(bounds, key=lambda tally: tally.most or 0)
    return replace(tightest, costs=one.costs or other.costs)


def bounded_sums(ground: Ground, person: PlanPerson) -> Iterator[BoundedSum]:
    """Return the bounds that labour law sets to one person's plan; see ``regulation.rest`` for the rules."""
    first, last = ground.first, ground.last
    # A week whose days cannot all be worked in a row has its free day anyhow.
    free_anyhow = ground.limits["longest_run_days"] + ground.limits["weekly_rest_days"] <= _WEEK.days
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        if not free_anyhow:
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
