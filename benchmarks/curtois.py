"""The public shift-scheduling benchmark (schedulingbenchmarks.org): reading its instances, and stating them for the engine.

The format is described in doi 10.1016/j.ejor.2014.01.039: sections of comma-separated lines, days counted from 0 on a Monday.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from operations.solver.problem import FREE, CoverLine, Person, Problem, Request, Shift, Tally

DAYS_OF_WEEK, SATURDAY, SUNDAY = 7, 5, 6


@dataclass(frozen=True, slots=True)
class ShiftKind:
    """A shift: its id, its length in minutes, and the shifts that cannot be worked on the next day."""

    id: str
    minutes: int
    not_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee's rules: most shifts of each kind, minutes in all, days in a row, days off between, weekends."""

    id: str
    most_shifts: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_run: int
    least_run: int
    least_off: int
    most_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """A shift on one day that an employee wants (``on``) or does not want, and what it costs otherwise."""

    employee: str
    day: int
    shift: str
    weight: int
    on: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """How many should work a shift on a day, and what each one missing or too many costs."""

    day: int
    shift: str
    required: int
    under: int
    over: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One file of the benchmark."""

    days: int
    shifts: tuple[ShiftKind, ...]
    employees: tuple[Employee, ...]
    wishes: tuple[Wish, ...]
    demands: tuple[Demand, ...]


def read_instance(path: Path) -> Instance:
    """Read a file of the benchmark. Raises ``KeyError`` or ``ValueError`` when it is not one."""
    sections = _sections(path.read_text(encoding="utf-8"))
    days_off = {name: frozenset(map(int, days)) for name, *days in sections["SECTION_DAYS_OFF"]}
    wishes = [
        Wish(name, int(day), shift, int(weight), on)
        for section, on in (("SECTION_SHIFT_ON_REQUESTS", True), ("SECTION_SHIFT_OFF_REQUESTS", False))
        for name, day, shift, weight in sections[section]
    ]
    return Instance(
        days=int(sections["SECTION_HORIZON"][0][0]),
        shifts=tuple(
            ShiftKind(name, int(minutes), _names(after))
            for name, minutes, after in sections["SECTION_SHIFTS"]
        ),
        employees=tuple(_employee(fields, days_off) for fields in sections["SECTION_STAFF"]),
        wishes=tuple(wishes),
        demands=tuple(
            Demand(int(day), shift, int(required), int(under), int(over))
            for day, shift, required, under, over in sections["SECTION_COVER"]
        ),
    )


def _sections(text: str) -> dict[str, list[list[str]]]:
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line, [])
        elif line and not line.startswith("#"):
            rows.append([field.strip() for field in line.split(",")])
    return sections


def _names(text: str) -> frozenset[str]:
    return frozenset(name for name in text.split("|") if name)


def _employee(fields: list[str], days_off: dict[str, frozenset[int]]) -> Employee:
    name, most_shifts, *numbers = fields
    most_minutes, least_minutes, most_run, least_run, least_off, most_weekends = map(int, numbers)
    return Employee(
        id=name,
        most_shifts={
            shift: int(most) for shift, most in (pair.split("=") for pair in most_shifts.split("|"))
        },
        most_minutes=most_minutes,
        least_minutes=least_minutes,
        most_run=most_run,
        least_run=least_run,
        least_off=least_off,
        most_weekends=most_weekends,
        days_off=days_off.get(name, frozenset()),
    )


def best_known(path: Path) -> int | None:
    """The published best value for an instance, from ``best_known.csv`` beside it; None when it is not there."""
    table = path.with_name("best_known.csv")
    if not table.exists():
        return None
    with table.open(encoding="utf-8", newline="") as rows:
        values = {row["instance"]: int(row["best_known_solution"]) for row in csv.DictReader(rows)}
    return values.get(path.stem)


def problem_of(instance: Instance) -> Problem:
    """The instance in the engine's terms."""
    number = {shift.id: index for index, shift in enumerate(instance.shifts)}
    return Problem(
        days=instance.days,
        shifts=tuple(
            Shift(shift.id, shift.minutes, frozenset(number[after] for after in shift.not_before))
            for shift in instance.shifts
        ),
        people=tuple(_person(instance, employee, number) for employee in instance.employees),
        cover=tuple(
            CoverLine(need.day, frozenset({number[need.shift]}), need.required, need.under, need.over)
            for need in instance.demands
        ),
    )


def _person(instance: Instance, employee: Employee, number: dict[str, int]) -> Person:
    able = frozenset({FREE, *(number[shift] for shift, most in employee.most_shifts.items() if most > 0)})
    return Person(
        name=employee.id,
        choices=tuple(
            frozenset({FREE}) if day in employee.days_off else able for day in range(instance.days)
        ),
        most_run=employee.most_run,
        least_run=employee.least_run,
        least_free=employee.least_off,
        tallies=tuple(_tallies(instance, employee, number)),
        requests=tuple(
            Request(wish.day, number[wish.shift], wish.weight, wish.on, "on" if wish.on else "off")
            for wish in instance.wishes
            if wish.employee == employee.id
        ),
    )


def _tallies(instance: Instance, employee: Employee, number: dict[str, int]) -> Iterator[Tally]:
    days = range(instance.days)
    minutes = {(day, number[shift.id]): shift.minutes for day in days for shift in instance.shifts}
    yield Tally("minutes", minutes, employee.most_minutes, employee.least_minutes)
    weekend = {cell: 1 for cell in minutes if cell[0] % DAYS_OF_WEEK >= SATURDAY}
    sundays = frozenset(day for day in days if day % DAYS_OF_WEEK == SUNDAY)
    yield Tally("weekends", weekend, employee.most_weekends, joined_days=sundays)
    for shift, most in employee.most_shifts.items():
        yield Tally(shift, {(day, number[shift]): 1 for day in days}, most)
