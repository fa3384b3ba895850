"""Whole lines as columns: what a line costs, which cover it gives, and the cheapest ones against prices of cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from operations.solver.automaton import Automaton, Floats, Ints, automaton, request_prices, side_levels
from operations.solver.pricing import ANY_PRICE, cheapest
from operations.solver.problem import Line, Plan, Problem

MOST_LABELS = 100_000
"""Paths one search may hold. A search that needs more still yields a proved bound."""
LAST_RESORT_LABELS = 4_000_000
"""The same where a line must be found or shown not to exist."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One person's line: its own price, and the cover lines it counts for. ``key`` tells equal lines."""

    person: int
    choices: npt.NDArray[np.int8]
    cost: int
    rows: Ints

    @property
    def key(self) -> tuple[int, bytes]:
        """Equal for equal lines of one person."""
        return self.person, self.choices.tobytes()


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of one person, cheapest first, their prices (cover's prices taken off), and what none costs less than."""

    columns: list[Column]
    values: Floats
    bound: float


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a group of people that count for cover: parallel arrays."""

    rows: Ints
    days: Ints
    shifts: Ints


class Lines:
    """Every person's tables and the cover's, made once for a problem and then only read, by any number of threads."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = len(problem.people)
        self.required = np.array([line.required for line in problem.cover], np.float64)
        self.under = np.array([line.under for line in problem.cover], np.float64)
        self.over = np.array([line.over for line in problem.cover], np.float64)
        self.automata: list[Automaton] = [automaton(problem, person) for person in problem.people]
        priced = [request_prices(problem, person) for person in problem.people]
        self._prices = [prices for prices, _constant in priced]
        self._constants = [constant for _prices, constant in priced]
        self._cells = _cells_by_person(problem)

    def cheapest(
        self,
        person: int,
        duals: Floats,
        *,
        threshold: float = ANY_PRICE,
        want: int = 1,
        distinct: bool = False,
        most_labels: int = MOST_LABELS,
        like: Column | None = None,
    ) -> Found:
        """Up to ``want`` lines that cost at most ``threshold`` when each unit of cover earns its dual.

        With ``distinct``, the cheapest lines whatever they are; otherwise only those that no other one dominates. The search is
        shorter when ``like`` is a line whose tallies are near those of the cheapest.
        """
        cells, constant = self._cells[person], self._constants[person]
        prices = self._prices[person].copy()
        np.subtract.at(prices, (cells.days, cells.shifts), duals[cells.rows])
        lines = np.empty((want, self.problem.days), np.int8)
        values = np.empty(want)
        found, bound = cheapest(
            self.automata[person],
            prices,
            self._slopes(person, like),
            threshold - constant,
            distinct,
            lines,
            values,
            most_labels,
        )
        values = values[:found] + constant
        columns = [
            self._column(person, line.copy(), values[i], duals) for i, line in enumerate(lines[:found])
        ]
        return Found(columns, values, bound + constant)

    def _slopes(self, person: int, like: Column | None) -> Floats:
        """What one more of each side tally costs around a line, or at the least from nothing on."""
        side = self.automata[person].side
        levels = np.zeros(len(side.most), np.int64) if like is None else side_levels(side, like.choices)
        slopes = np.zeros(len(levels))
        for tally in np.nonzero(side.prices[:, -1])[0]:
            level, most = levels[tally], side.most[tally]
            low, high = (
                (level, min(level + 1, most)) if like is None else (max(level - 1, 0), min(level + 1, most))
            )
            if high > low:
                slopes[tally] = (side.prices[tally, high] - side.prices[tally, low]) / (high - low)
        return slopes

    def _column(self, person: int, choices: npt.NDArray[np.int8], value: float, duals: Floats) -> Column:
        cells = self._cells[person]
        rows = cells.rows[choices[cells.days] == cells.shifts]
        return Column(person, choices, round(value + float(duals[rows].sum())), rows)

    def covered(self, columns: Iterable[Column]) -> Floats:
        """How many work each cover line."""
        number = np.zeros(len(self.required))
        for column in columns:
            number[column.rows] += 1  # a person counts once for a line: one shift a day
        return number

    def cost(self, columns: Sequence[Column], required: Floats | None = None) -> int:
        """What the columns cost together with the cover, all of it or what is ``required`` of them."""
        missing = (self.required if required is None else required) - self.covered(columns)
        cover = self.under @ np.maximum(0, missing) + self.over @ np.maximum(0, -missing)
        return sum(column.cost for column in columns) + round(float(cover))

    def line(self, column: Column) -> Line:
        """The column in the problem's own terms."""
        free = len(self.problem.shifts)
        return tuple(-1 if choice == free else int(choice) for choice in column.choices)

    def plan(self, columns: Sequence[Column]) -> Plan:
        """One column for each person, in their order, as a plan."""
        return tuple(self.line(column) for column in columns)


def _cells_by_person(problem: Problem) -> list[_Cells]:
    made: dict[tuple[int, ...], _Cells] = {}
    cells = []
    for person in range(len(problem.people)):
        rows = tuple(
            number
            for number, line in enumerate(problem.cover)
            if line.people is None or person in line.people
        )
        if rows not in made:
            made[rows] = _cells(problem, rows)
        cells.append(made[rows])
    return cells


def _cells(problem: Problem, rows: tuple[int, ...]) -> _Cells:
    triples = [
        (row, problem.cover[row].day, shift) for row in rows for shift in sorted(problem.cover[row].shifts)
    ]
    table = np.array(triples, np.int64).reshape(-1, 3)
    return _Cells(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
