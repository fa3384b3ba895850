"""A person's hard rules and own prices as numbered states and tables, as the pricing kernels read them.

A line is a path over the days. Its state is where it stands in a run (``base``), the levels of a few *core* tallies
packed into one number, and the levels of the *side* tallies. From every base, day and packed level the cheapest completion is
computed exactly; the side tallies are kept by the search along the path. Amounts are divided by their common divisor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from operations.solver.cost import tally_cost
from operations.solver.problem import FREE, Person, Problem, Tally

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CORE_LEVELS = 600
"""Packed levels a person's core tallies may take together: more makes bounds tighter and each pricing slower."""


class Tallies(NamedTuple):
    """Tables of some tallies, the first index of each array.

    ``amounts`` by day and shift; ``joined`` marks days that add nothing after a worked day; sums stay within
    ``least`` and ``most``; ``prices`` by sum; ``last`` is the last day that counts and ``ahead`` what days from a given one can
    still add; ``stride`` packs the levels (core tallies only).
    """

    amounts: Ints
    joined: Flags
    least: Ints
    most: Ints
    prices: Floats
    last: Ints
    ahead: Ints
    stride: Ints


class Automaton(NamedTuple):
    """The tables of one person. Shifts of one ``kind`` forbid the same successors; index ``shifts`` is a free day.

    Bases: ``kind * most_run + run - 1`` while working, then ``kinds * most_run + rest - 1`` while free, where ``rest``
    stops at ``least_free``. ``opened`` says that what came before day 0 is unknown: a run begun on day 0 may be short.
    """

    days: int
    shifts: int
    kinds: int
    most_run: int
    least_run: int
    least_free: int
    opened: bool
    start: int
    levels: int
    choices: Flags
    kind_of: Ints
    forbidden: Flags
    core: Tallies
    side: Tallies


@dataclass(frozen=True, slots=True)
class _Row:
    """One tally, scaled by its common divisor."""

    amounts: Ints
    joined: Flags
    least: int
    most: int
    prices: Floats

    @property
    def span(self) -> int:
        """Days from the first to the last that counts."""
        days = np.nonzero(self.amounts.max(axis=1))[0]
        return int(days[-1] - days[0]) + 1 if len(days) else 0


def automaton(problem: Problem, person: Person) -> Automaton:
    """The tables of ``person``."""
    days, shifts = problem.days, len(problem.shifts)
    kind_of, forbidden = _kinds(problem)
    choices = np.zeros((days, shifts + 1), np.bool_)
    for day, allowed in enumerate(person.choices):
        for shift in allowed:
            choices[day, shift] = True  # FREE is -1: the last column
    duties = _most_duties(person, choices)
    rows = [row for tally in person.tallies if (row := _scaled(tally, choices, duties)) is not None]
    core, side = _divided(rows, days)
    longest = min(person.most_run, days + (person.before.run if person.before else 1))
    return Automaton(
        days=days,
        shifts=shifts,
        kinds=len(forbidden),
        most_run=longest,
        least_run=person.least_run,
        least_free=person.least_free,
        opened=person.before is None,
        start=_start(person, kind_of, len(forbidden), longest),
        levels=int(np.prod([row.most + 1 for row in core], dtype=np.int64)),
        choices=choices,
        kind_of=kind_of,
        forbidden=forbidden,
        core=_tables(core, days, shifts),
        side=_tables(side, days, shifts),
    )


def request_prices(problem: Problem, person: Person) -> tuple[Floats, int]:
    """Price of each choice by day (``FREE`` last), and the constant that belongs to every line."""
    prices = np.zeros((problem.days, len(problem.shifts) + 1))
    constant = 0
    for request in person.requests:
        if request.wanted:
            constant += request.weight
        prices[request.day, request.shift] += -request.weight if request.wanted else request.weight
    return prices, constant


def side_levels(side: Tallies, choices: npt.NDArray[np.int8]) -> Ints:
    """The sums of a line's side tallies, in their own units."""
    days = np.nonzero(choices < side.amounts.shape[2])[0]
    after_work = np.isin(days - 1, days)
    counted = side.amounts[:, days, choices[days]] * ~(after_work & side.joined[:, days])
    return counted.sum(axis=1)  # type: ignore[no-any-return]


def _kinds(problem: Problem) -> tuple[Ints, Flags]:
    numbers: dict[frozenset[int], int] = {}
    kind_of = [numbers.setdefault(shift.not_followed_by, len(numbers)) for shift in problem.shifts]
    forbidden = np.zeros((len(numbers), len(problem.shifts)), np.bool_)
    for successors, kind in numbers.items():
        for shift in successors:
            forbidden[kind, shift] = True
    return np.array(kind_of, np.int64), forbidden


def _start(person: Person, kind_of: Ints, kinds: int, most_run: int) -> int:
    before = person.before
    first_free = kinds * most_run
    if before is None:
        return first_free + person.least_free - 1
    if before.shift == FREE:
        return first_free + min(before.run, person.least_free) - 1
    return int(kind_of[before.shift]) * most_run + min(before.run, most_run) - 1


def _scaled(tally: Tally, choices: Flags, duties: int) -> _Row | None:
    """The tally in its own units; None when it can neither bind nor cost."""
    amounts = _amounts(tally, choices)
    unit = int(np.gcd.reduce(amounts, axis=None)) or 1
    reach = int(np.sort(amounts.max(axis=1))[::-1][:duties].sum())
    most = reach if tally.most is None else min(tally.most, reach)
    if most == reach and tally.least <= 0 and not tally.costs:
        return None
    joined = np.array([day > 0 and day in tally.joined_days for day in range(len(choices))], np.bool_)
    most //= unit
    prices = [float(tally_cost(tally, level * unit)) if tally.costs else 0.0 for level in range(most + 1)]
    return _Row(amounts // unit, joined, -(-tally.least // unit), most, np.array(prices))


def _amounts(tally: Tally, choices: Flags) -> Ints:
    amounts = np.zeros((choices.shape[0], choices.shape[1] - 1), np.int64)
    for (day, shift), amount in tally.amounts.items():
        amounts[day, shift] = amount if choices[day, shift] else 0
    return amounts


def _most_duties(person: Person, choices: Flags) -> int:
    """How many days can be worked at most: every duty takes its part of the tallies that count all of them."""
    most = len(choices)
    for tally in person.tallies:
        least = int(_amounts(tally, choices)[choices[:, :-1]].min(initial=1_000_000))
        if tally.most is not None and least > 0 and not tally.joined_days:
            most = min(most, tally.most // least)
    return most


def _divided(rows: Sequence[_Row], days: int) -> tuple[list[_Row], list[_Row]]:
    """Core and side: those that must reach a least first, then the fewest levels, as far as they fit."""
    core: list[_Row] = []
    side: list[_Row] = []
    levels = 1
    for row in sorted(rows, key=lambda row: (row.least == 0, -row.prices[-1], row.most)):
        wide = row.span > days / 2  # a week's window ends: packed, it would multiply every later state
        if wide and levels * (row.most + 1) <= CORE_LEVELS:
            levels *= row.most + 1
            core.append(row)
        else:
            side.append(row)
    return core, side


def _tables(rows: Sequence[_Row], days: int, shifts: int) -> Tallies:
    highest = max((row.most for row in rows), default=0)
    prices = np.zeros((len(rows), highest + 1))
    ahead = np.zeros((len(rows), days + 1), np.int64)
    for number, row in enumerate(rows):
        prices[number, : row.most + 1] = row.prices
        ahead[number, :days] = np.cumsum(row.amounts.max(axis=1)[::-1])[::-1]
    strides = np.cumprod([1, *(row.most + 1 for row in rows)], dtype=np.int64)[:-1]
    return Tallies(
        amounts=np.array([row.amounts for row in rows], np.int64).reshape(len(rows), days, shifts),
        joined=np.array([row.joined for row in rows], np.bool_).reshape(len(rows), days),
        least=np.array([row.least for row in rows], np.int64),
        most=np.array([row.most for row in rows], np.int64),
        prices=prices,
        last=np.array([_last(row) for row in rows], np.int64),
        ahead=ahead,
        stride=strides,
    )


def _last(row: _Row) -> int:
    counted = np.nonzero(row.amounts.max(axis=1))[0]
    return int(counted[-1]) if len(counted) else 0
