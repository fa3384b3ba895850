"""The restricted master problem: which of the known lines to take, as a linear program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from operations.solver.automaton import Floats
from operations.solver.columns import Column, Lines

_OPTIONS = (
    ("output_flag", False),
    ("threads", 1),
    ("presolve", "off"),
    ("simplex_strategy", 4),  # primal: the last basis stays feasible when columns are added
)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An optimum of the linear program: its price, the duals of cover and of people, and each column's share."""

    objective: float
    cover: Floats
    persons: Floats
    shares: Floats


class Master:
    """Columns of some people against the cover the others leave open.

    Rows are the cover lines (with what is missing and what is too much as priced variables), then one for each of
    ``people``, who takes exactly one column.
    """

    def __init__(self, lines: Lines, people: Sequence[int], required: Floats) -> None:
        self.lines = lines
        self.people = tuple(people)
        self.required = required
        self.columns: list[Column] = []
        self._place = {person: len(required) + number for number, person in enumerate(people)}
        self._known: set[tuple[int, bytes]] = set()
        self._program = _program(lines, required, len(self.people))

    def add(self, columns: Iterable[Column]) -> int:
        """Take up the columns that are new; how many were."""
        new = []
        for column in columns:
            if column.key not in self._known:
                self._known.add(column.key)
                new.append(column)
        self.columns += new
        if new:
            _add_columns(self._program, new, self._place)
        return len(new)

    def solve(self) -> Relaxed:
        """The optimum over the columns known so far."""
        self._program.run()
        solution = self._program.getSolution()
        duals = np.array(solution.row_dual)
        cut = len(self.required)
        return Relaxed(
            float(self._program.getInfo().objective_function_value),
            duals[:cut],
            duals[cut:],
            np.array(solution.col_value)[2 * cut :],
        )


def _program(lines: Lines, required: Floats, people: int) -> highspy.Highs:
    program = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in _OPTIONS:
        program.setOptionValue(option, value)
    rows = len(required)
    sides = np.concatenate([required, np.ones(people)])
    empty = np.zeros(0, np.int32)
    program.addRows(rows + people, sides, sides, 0, np.zeros(rows + people, np.int32), empty, np.zeros(0))
    number = np.arange(rows, dtype=np.int32)
    endless = np.full(rows, highspy.kHighsInf)
    program.addCols(rows, lines.under, np.zeros(rows), endless, rows, number, number, np.ones(rows))
    program.addCols(rows, lines.over, np.zeros(rows), endless, rows, number, number, -np.ones(rows))
    return program


def _add_columns(program: highspy.Highs, columns: Sequence[Column], place: dict[int, int]) -> None:
    indices = [np.append(column.rows, place[column.person]) for column in columns]
    sizes = [len(index) for index in indices]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    costs = np.array([column.cost for column in columns], np.float64)
    none, endless = np.zeros(len(columns)), np.full(len(columns), highspy.kHighsInf)
    everything = np.concatenate(indices).astype(np.int32)
    program.addCols(
        len(columns), costs, none, endless, len(everything), starts, everything, np.ones(len(everything))
    )
