"""Better plans around the best one: some people's lines are freed and planned anew, everyone else's stay.

Each round proves that its people cannot do better together, or dives for a better choice. People are drawn at random and
around the cover that costs most; how many follows what the last rounds found. Rounds run on threads but are begun and taken
in a fixed order, each knowing the plan as it was a fixed number of rounds before: the clock decides only when it ends.
"""

from __future__ import annotations

import random
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from operations.solver.automaton import Floats
from operations.solver.columns import Column, Lines
from operations.solver.diving import Dive
from operations.solver.generation import Limit, Stopped, generate
from operations.solver.master import Master

KNOWN_EACH = 30
"""Known lines of each freed person that a round begins with."""
POOL_EACH = 600
"""Lines kept of each person, the best at the duals of the whole problem."""
FREED_SHARE, FREED_LEAST, FREED_MOST = 0.35, 4, 12
"""How many people the first round frees: a share of all, within bounds."""
MORE, FEWER = 1.12, 0.96
"""Growth of that number after a round that was proved hopeless, and after one that found nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round found: better columns for its people or None, whether none can exist, and the lines it met."""

    people: tuple[int, ...]
    better: list[Column] | None
    hopeless: bool
    met: list[Column]


@dataclass(slots=True)
class Pool:
    """Lines met so far, of each person the most promising at ``duals``."""

    duals: Floats
    _ranked: dict[int, list[tuple[float, int, Column]]] = field(default_factory=dict)
    _seen: set[tuple[int, bytes]] = field(default_factory=set)

    def add(self, columns: Iterable[Column]) -> None:
        """Remember the columns that are new."""
        for column in columns:
            if column.key in self._seen:
                continue
            self._seen.add(column.key)
            ranked = self._ranked.setdefault(column.person, [])
            insort(ranked, (column.cost - float(self.duals[column.rows].sum()), len(self._seen), column))
            if len(ranked) > POOL_EACH:
                ranked.pop()

    def best(self, person: int) -> list[Column]:
        """The most promising lines of a person."""
        return [column for _price, _order, column in self._ranked.get(person, ())[:KNOWN_EACH]]


@dataclass(slots=True)
class Neighbourhood:
    """Who is freed next."""

    lines: Lines
    chance: random.Random
    size: float

    @classmethod
    def of(cls, lines: Lines, chance: random.Random) -> Neighbourhood:
        """Begin with the first round's size."""
        first = min(FREED_MOST, max(FREED_LEAST, lines.people * FREED_SHARE))
        return cls(lines, chance, min(lines.people, first))

    def learn(self, outcome: Outcome) -> None:
        """Free more people when fewer cannot do better, fewer when more were too many to get right."""
        if outcome.hopeless:
            self.size = min(self.lines.people, self.size * MORE + 0.1)
        elif outcome.better is None:
            self.size = max(min(FREED_LEAST, self.lines.people), self.size * FEWER)

    def draw(self, plan: Sequence[Column]) -> tuple[int, ...]:
        """The people of the next round, in order."""
        everyone = list(range(self.lines.people))
        self.chance.shuffle(everyone)
        if self.chance.random() < 0.5:
            near = self._around(self._weak_spot(plan))
            everyone.sort(key=lambda person: person not in near)
        return tuple(sorted(everyone[: round(self.size)]))

    def _weak_spot(self, plan: Sequence[Column]) -> int | None:
        """A cover line, by what it costs."""
        missing = self.lines.required - self.lines.covered(plan)
        price = self.lines.under * np.maximum(0, missing) + self.lines.over * np.maximum(0, -missing)
        rows = np.nonzero(price)[0]
        return int(self.chance.choices(rows, list(price[rows]))[0]) if len(rows) else None

    def _around(self, row: int | None) -> set[int]:
        """Who could work the cover line at all."""
        if row is None:
            return set()
        line = self.lines.problem.cover[row]
        people = range(self.lines.people) if line.people is None else line.people
        return {p for p in people if line.shifts & self.lines.problem.people[p].choices[line.day]}


def reoptimised(
    lines: Lines,
    plan: Sequence[Column],
    people: tuple[int, ...],
    known: Sequence[Column],
    seconds: Callable[[], float],
    seed: int,
) -> Outcome | None:
    """One round: the lines of ``people`` against everyone else's of ``plan``; None when time ended it."""
    freed = set(people)
    required = lines.required - lines.covered(column for column in plan if column.person not in freed)
    current = [plan[person] for person in people]
    limit = Limit(seconds, lines.cost(current, required))
    master = Master(lines, people, required)
    master.add(current)
    master.add(known)
    try:
        reached = generate(lines, master, limit)
        if reached.bound >= limit.hopeless:
            return Outcome(people, None, True, master.columns)
        chance = random.Random(seed)  # noqa: S311  a plan must be the same again, not a secret
        better = Dive(lines, limit, chance).run(master, reached)
    except Stopped:
        return None
    return Outcome(people, better, False, master.columns)
