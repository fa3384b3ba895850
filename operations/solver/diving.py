"""From shares of lines to one line each: fix the most certain, generate again for the others, and so on down."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from operations.solver.columns import Column, Lines
from operations.solver.generation import Generated, Limit, Search, close, generate
from operations.solver.master import Master, Relaxed

CERTAIN, LIKELY = 0.99, 0.5
"""Shares that are fixed together: all certain ones, and some likely ones."""
FASTER, MOST_SHARE = 2.0, 0.15
"""While the bound stays, each step fixes so many times more people than the last, up to this share of those open."""
SUFFERED = 3
"""A bound suffers when it rises by so many times what does not matter."""
RETREATS = 4
"""How often a dive may take a step back from a dead end."""
SHAKE = 0.15
"""Highest random addition to a share when dives are to differ."""
STEPS, SEARCHES = 20, 300
"""How often lines are added at most under a step, more often for few people: what is missed, rounds find sooner."""
KEPT_EACH = 15
"""Lines of each open person that go down with a step: a program grows slow with lines it will not use."""


@dataclass(frozen=True, slots=True)
class _Level:
    """People still open, with where generation for them ended; the columns fixed above, and those of the last step."""

    master: Master
    reached: Generated
    fixed: tuple[Column, ...] = ()
    taken: tuple[Column, ...] = ()
    barred: set[Column] = field(default_factory=set)

    @property
    def bound(self) -> float:
        """What everyone costs at least from here."""
        return self.reached.bound + sum(column.cost for column in self.fixed)

    def shares(self) -> dict[Column, float]:
        """The columns that the program uses, and how much."""
        shares = self.reached.relaxed.shares
        used = np.nonzero(shares > 1 - CERTAIN)[0]
        return {self.master.columns[number]: float(shares[number]) for number in used}


class Dive:
    """One way down. ``chance`` makes it differ from others; without, it always takes the surest columns."""

    def __init__(
        self, lines: Lines, limit: Limit, chance: random.Random | None = None, search: Search = map
    ) -> None:
        self._lines, self._limit, self._chance, self._search = lines, limit, chance, search
        self._levels: list[_Level] = []
        self._pace = 1.0
        self._retreats = RETREATS

    def run(self, master: Master, reached: Generated) -> list[Column] | None:
        """A column for each of the master's people that beats the limit's cutoff; None when the dive finds none.

        ``reached`` is where generation over all of them ended. Raises ``Stopped``.
        """
        self._levels = [_Level(master, reached)]
        while self._levels:
            level = self._levels[-1]
            shares = level.shares()
            ranked = self._ranked(level, shares)
            if level.bound >= self._limit.hopeless or not ranked:
                self._step_back()
            elif len(shares) == len(level.master.people) and min(shares.values()) > CERTAIN:
                return self._complete(level, shares)
            else:
                taken = self._taken(level, ranked, shares)
                if len(taken) == len(level.master.people):
                    return self._complete(level, taken)
                self._levels.append(self._below(level, taken))
        return None

    def likeliest(self) -> list[Column]:
        """A plan from how far the dive has come: what is fixed, and the greatest share of everyone else."""
        level = self._levels[-1]
        return self._ordered([*level.fixed, *likeliest(level.master, level.reached.relaxed)])

    def _ranked(self, level: _Level, shares: dict[Column, float]) -> list[Column]:
        """The columns that may be taken, the surest first."""
        score = shares
        if self._chance is not None:
            score = {column: share + self._chance.random() * SHAKE for column, share in shares.items()}
        return sorted((column for column in shares if column not in level.barred), key=lambda c: -score[c])

    def _taken(self, level: _Level, ranked: list[Column], shares: dict[Column, float]) -> tuple[Column, ...]:
        """The certain columns, and some of the likely ones; at least one."""
        taken = [column for column in ranked if shares[column] > CERTAIN]
        enough = max(1, min(round(self._pace), int(len(level.master.people) * MOST_SHARE)))
        for column in ranked:
            if len(taken) >= enough or (taken and shares[column] < LIKELY):
                break
            if all(column.person != other.person for other in taken):
                taken.append(column)
        return tuple(taken)

    def _below(self, level: _Level, taken: tuple[Column, ...]) -> _Level:
        """The level under a step: under a part of it only, when the bound would suffer from the whole."""
        below = self._fixed(level, taken)
        if below.bound - level.bound <= SUFFERED * close(level.bound):
            self._pace *= FASTER
            return below
        self._pace = 1.0
        return self._fixed(level, taken[:1]) if len(taken) > 1 else below

    def _fixed(self, level: _Level, taken: tuple[Column, ...]) -> _Level:
        """Fix the columns and generate for those who are left."""
        fixed = (*level.fixed, *taken)
        given = sum(column.cost for column in fixed)
        master = narrowed(self._lines, level.master, level.reached, taken)
        above = replace(level.reached, bound=level.bound - given)
        limit = replace(self._limit, cutoff=self._limit.cutoff - given)
        steps = max(STEPS, SEARCHES // len(master.people))
        reached = generate(self._lines, master, limit, above=above, search=self._search, steps=steps)
        return _Level(master, reached, fixed, taken)

    def _step_back(self) -> None:
        """Leave the level, and bar the step that led to it; leave them all when retreats are used up."""
        left = self._levels.pop()
        if self._levels and self._retreats:
            self._retreats -= 1
            self._pace = 1.0
            self._levels[-1].barred.update(left.taken)
        else:
            self._levels.clear()

    def _complete(self, level: _Level, others: Sequence[Column] | dict[Column, float]) -> list[Column] | None:
        """Everyone's columns, if together they beat the cutoff."""
        columns = self._ordered([*level.fixed, *others])
        required = self._levels[0].master.required
        return columns if self._lines.cost(columns, required) < self._limit.cutoff else None

    def _ordered(self, columns: list[Column]) -> list[Column]:
        chosen = {column.person: column for column in columns}
        return [chosen[person] for person in self._levels[0].master.people]


def narrowed(lines: Lines, master: Master, reached: Generated, taken: Sequence[Column]) -> Master:
    """A program for those whose column is not taken, with their most promising columns."""
    gone = {column.person for column in taken}
    people = [person for person in master.people if person not in gone]
    below = Master(lines, people, master.required - lines.covered(taken))
    promising: dict[int, list[tuple[float, int]]] = {person: [] for person in people}
    for number, column in enumerate(master.columns):
        if column.person not in gone:
            price = column.cost - float(reached.relaxed.cover[column.rows].sum())
            promising[column.person].append((price, number))
    for numbers in promising.values():
        below.add(master.columns[number] for _price, number in sorted(numbers)[:KEPT_EACH])
    return below


def likeliest(master: Master, relaxed: Relaxed) -> list[Column]:
    """For each of the master's people the column with the greatest share."""
    chosen: dict[int, Column] = {}
    for number in np.argsort(-relaxed.shares, kind="stable"):
        column = master.columns[number]
        chosen.setdefault(column.person, column)
    return [chosen[person] for person in master.people]
