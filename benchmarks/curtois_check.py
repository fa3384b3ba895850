"""Check a roster of the public benchmark: every hard rule and the price, read from the description and not from the engine.

Nothing here is shared with ``operations.solver``: a mistake in the engine's own reckoning would show as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from benchmarks.curtois import Employee, Instance

OFF = ""

Roster = Mapping[str, Sequence[str]]
"""For each employee the shift of each day, ``""`` for a day off."""


def price(instance: Instance, roster: Roster) -> int:
    """Requests that are not met, and cover that is missed or exceeded, by their weights."""
    total = 0
    for wish in instance.wishes:
        works = roster[wish.employee][wish.day] == wish.shift
        if works is not wish.on:
            total += wish.weight
    for demand in instance.demands:
        working = [name for name, shifts in roster.items() if shifts[demand.day] == demand.shift]
        difference = len(working) - demand.required
        total += difference * demand.over if difference > 0 else -difference * demand.under
    return total


def broken_rules(instance: Instance, roster: Roster) -> list[str]:
    """Each broken hard rule in a few words, with the employee's id first; empty when the roster is feasible."""
    names = {employee.id for employee in instance.employees}
    wrong = [f"{name}: not an employee" for name in roster if name not in names]
    known = {shift.id for shift in instance.shifts} | {OFF}
    for employee in instance.employees:
        shifts = roster.get(employee.id, ())
        if len(shifts) != instance.days or not known.issuperset(shifts):
            wrong.append(f"{employee.id}: not one known shift for each of {instance.days} days")
            continue
        for check in (_amounts, _successions, _stretches, _calendar):
            wrong += [f"{employee.id}: {text}" for text in check(instance, employee, shifts)]
    return wrong


def _amounts(instance: Instance, employee: Employee, shifts: Sequence[str]) -> Iterator[str]:
    length = {shift.id: shift.minutes for shift in instance.shifts}
    minutes = sum(length[shift] for shift in shifts if shift != OFF)
    if not employee.least_minutes <= minutes <= employee.most_minutes:
        yield f"{minutes} minutes outside {employee.least_minutes} to {employee.most_minutes}"
    for shift in length:
        if shifts.count(shift) > employee.most_shifts[shift]:
            yield f"{shifts.count(shift)} shifts {shift} of at most {employee.most_shifts[shift]}"


def _successions(instance: Instance, _employee: Employee, shifts: Sequence[str]) -> Iterator[str]:
    barred = {(shift.id, after) for shift in instance.shifts for after in shift.not_before}
    for day in range(1, len(shifts)):
        if (shifts[day - 1], shifts[day]) in barred:
            yield f"{shifts[day]} after {shifts[day - 1]} on day {day}"


def _stretches(_instance: Instance, employee: Employee, shifts: Sequence[str]) -> Iterator[str]:
    """Longest run everywhere; shortest run and rest only where neither end touches the edge of the plan."""
    day = 0
    for off, stretch in groupby(shifts, lambda shift: shift == OFF):
        length = len(list(stretch))
        inside = day > 0 and day + length < len(shifts)
        if not off and length > employee.most_run:
            yield f"{length} days in a row from day {day}"
        if not off and inside and length < employee.least_run:
            yield f"only {length} days in a row from day {day}"
        if off and inside and length < employee.least_off:
            yield f"only {length} days off from day {day}"
        day += length


def _calendar(_instance: Instance, employee: Employee, shifts: Sequence[str]) -> Iterator[str]:
    worked = {day for day, shift in enumerate(shifts) if shift != OFF}
    for day in sorted(worked & employee.days_off):
        yield f"works on day off {day}"
    weekends = {day // 7 for day in worked if day % 7 in {5, 6}}
    if len(weekends) > employee.most_weekends:
        yield f"{len(weekends)} weekends of at most {employee.most_weekends}"
