"""Column generation: the linear program over *all* lines, by adding those whose price is still negative.

Prices of cover swing wildly while few lines are known, so lines are sought against a mean of the program's duals and those
that gave the best bound so far; every such search also proves a bound (Lagrange), which ends the work early where a
better plan is no longer possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from operations.solver.automaton import Floats
from operations.solver.columns import Column, Found, Lines
from operations.solver.master import Master, Relaxed

KEPT = 0.4
"""The share of the best duals so far in the prices that lines are sought against."""
CLOSE, CLOSE_SHARE = 0.1, 2e-4
"""Program and bound this close are as good as equal (costs are whole), or this share of the price."""
NEGATIVE = -1e-6

Search = Callable[[Callable[[int], Found], Sequence[int]], Iterable[Found]]
"""How lines of many people are sought: ``map``, or the same over threads."""


class Stopped(Exception):
    """Time is over, or the search was cancelled."""


@dataclass(frozen=True, slots=True)
class Limit:
    """When to stop: ``seconds`` says how many are left, asked between steps; a plan matters if it costs less than ``cutoff``."""

    seconds: Callable[[], float]
    cutoff: float = float("inf")

    @property
    def over(self) -> bool:
        """Whether time is over, or the search was cancelled."""
        return self.seconds() <= 0

    @property
    def hopeless(self) -> float:
        """A bound from here on leaves no better plan: costs are whole."""
        return self.cutoff - 1 + 1e-6


@dataclass(frozen=True, slots=True)
class Generated:
    """Where generation ended: the program, the proved ``bound``, and the duals that came nearest to proving it."""

    relaxed: Relaxed
    bound: float
    duals: Floats


def generate(
    lines: Lines,
    master: Master,
    limit: Limit,
    *,
    above: Generated | None = None,
    search: Search = map,
    steps: int | None = None,
) -> Generated:
    """Add lines until the program is as good as optimal over all of them, or the bound makes it hopeless.

    ``above`` has a bound that is known already, and duals to begin near. After ``steps`` times adding lines it is left as it is.
    Raises ``Stopped``.
    """
    like = {column.person: column for column in reversed(master.columns)}
    relaxed = master.solve()
    bound, nearest = (-float("inf") if above is None else above.bound), -float("inf")
    centre = relaxed.cover if above is None else above.duals
    done = 0
    while relaxed.objective - bound >= close(relaxed.objective) and done != steps:
        done += 1
        for duals in (KEPT * centre + (1 - KEPT) * relaxed.cover, relaxed.cover):
            if limit.over:
                raise Stopped
            found = _found(lines, master.people, duals, like, search)
            proved = float(duals @ master.required) + sum(one.bound for one in found)
            if proved > nearest:
                nearest, centre = proved, duals
                bound = max(bound, proved)
            added = master.add(_negative(found, relaxed, master.people))
            if added or bound >= limit.hopeless:
                break
        if not added or bound >= limit.hopeless:
            break
        relaxed = master.solve()
    return Generated(relaxed, bound, centre)


def close(price: float) -> float:
    """A difference that does not matter beside ``price``."""
    return max(CLOSE, CLOSE_SHARE * abs(price))


def _found(
    lines: Lines, people: Sequence[int], duals: Floats, like: dict[int, Column], search: Search
) -> list[Found]:
    """The cheapest line of each of the people, which those of the next search are expected to be like."""
    found = list(search(lambda person: lines.cheapest(person, duals, like=like.get(person)), people))
    like.update({one.columns[0].person: one.columns[0] for one in found if one.columns})
    return found


def _negative(found: Iterable[Found], relaxed: Relaxed, people: Sequence[int]) -> list[Column]:
    """The lines that would improve the program."""
    price = dict(zip(people, relaxed.persons, strict=True))
    return [
        column
        for one in found
        for column in one.columns
        if column.cost - float(np.sum(relaxed.cover[column.rows])) - price[column.person] < NEGATIVE
    ]
