"""From shares of lines to one line each: fix the most certain, generate again, and so on down."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from operations.solver.columns import Column, Lines
from operations.solver.generation import Generated, Limit, Search, close, generate
from operations.solver.master import Master

CERTAIN = 0.99
LIKELY = 0.5
"""Shares that are fixed together: all certain ones, and some likely ones."""
FASTER, MOST_SHARE = 2.0, 0.15
"""While the bound stays, each step fixes so many times more people than the last, up to this share of those open."""
SUFFERED = 3
"""A bound suffers when it rises by so many times what does not matter."""
RETREATS = 4
"""How often a dive may take a step back from a dead end."""
SHAKE = 0.15
"""Highest random addition to a share when dives are to differ."""


@dataclass(slots=True)
class _Step:
    """A choice made on the way down, and the shares it was made by."""

    taken: list[Column]
    shares: dict[Column, float]


@dataclass(slots=True)
class Dive:
    """One way down through the columns of ``master``."""

    lines: Lines
    master: Master
    limit: Limit
    chance: random.Random | None = None
    search: Search = map
    retreats: int = RETREATS
    _pace: float = 1.0
    _steps: list[_Step] = field(default_factory=list)
    _barred: set[Column] = field(default_factory=set)

    def run(self, reached: Generated) -> list[Column] | None:
        """A column for each of the master's people that beats the limit's cutoff; None when the dive finds none.

        ``reached`` is where generation over all of them ended. Raises ``Stopped``.
        """
        while True:
            if reached.bound >= self.limit.hopeless:
                if not self._step_back():
                    return None
            else:
                shares = self._shares(reached)
                if len(shares) == len(self.master.open) and min(shares.values(), default=1.0) > CERTAIN:
                    return self._complete(list(shares))
                self._take(shares)
            if not self.master.open:
                return self._complete([])
            reached = self._below(reached)

    def _below(self, above: Generated) -> Generated:
        """Where generation ends with the last step taken: with a part of it only, when the bound would suffer from the whole."""
        reached = generate(self.lines, self.master, self.limit, above=above, search=self.search)
        step = self._steps[-1]
        if reached.bound - above.bound <= SUFFERED * close(above.bound):
            self._pace *= FASTER
        elif len(step.taken) > 1:
            self._pace = 1.0
            for column in step.taken[1:]:
                self.master.release(column)
            del step.taken[1:]
            reached = generate(self.lines, self.master, self.limit, above=above, search=self.search)
        else:
            self._pace = 1.0
        return reached

    def _shares(self, reached: Generated) -> dict[Column, float]:
        """The columns of open people that the program uses."""
        shares = reached.relaxed.shares
        return {
            self.master.columns[number]: float(shares[number])
            for number in np.nonzero(shares > 1 - CERTAIN)[0]
            if self.master.columns[number].person not in self.master.fixed
        }

    def _take(self, shares: dict[Column, float]) -> None:
        """Fix the certain columns, and some of the likely ones; at least one."""
        ranked = self._ranked(shares)
        taken = [column for column in ranked if shares[column] > CERTAIN]
        enough = max(1, min(round(self._pace), int(len(self.master.open) * MOST_SHARE)))
        for column in ranked:
            if len(taken) >= enough or (taken and shares[column] < LIKELY):
                break
            if all(column.person != other.person for other in taken):
                taken.append(column)
        self._fix(taken, shares)

    def _ranked(self, shares: dict[Column, float]) -> list[Column]:
        """The columns that may be taken, the surest first."""
        if self.chance is None:
            score = shares
        else:
            score = {column: share + self.chance.random() * SHAKE for column, share in shares.items()}
        return sorted((column for column in shares if column not in self._barred), key=lambda c: -score[c])

    def _fix(self, columns: list[Column], shares: dict[Column, float]) -> None:
        for column in columns:
            self.master.fix(column)
        self._steps.append(_Step(columns, shares))

    def _step_back(self) -> bool:
        """Undo the last step and take the next best single column there instead."""
        while self._steps and self.retreats:
            self.retreats -= 1
            step = self._steps.pop()
            for column in step.taken:
                self.master.release(column)
            self._barred.update(step.taken)
            ranked = self._ranked(step.shares)
            if ranked:
                self._fix(ranked[:1], step.shares)
                return True
        return False

    def _complete(self, others: list[Column]) -> list[Column] | None:
        """Everyone's columns in the order of the master's people, if together they beat the cutoff."""
        chosen = dict(self.master.fixed) | {column.person: column for column in others}
        columns = [chosen[person] for person in self.master.people]
        return columns if self.lines.cost(columns, self.master.required) < self.limit.cutoff else None
