"""Plans made and bettered one person at a time: quick, and exact for each, but blind to what two could do together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from operations.solver.automaton import Floats
from operations.solver.columns import LAST_RESORT_LABELS, Column, Lines
from operations.solver.conflicts import conflicts
from operations.solver.problem import Infeasible


def first_plan(lines: Lines) -> list[Column]:
    """One after the other takes the line that is cheapest beside those before.

    Raises ``Infeasible`` when somebody has none.
    """
    plan: list[Column] = []
    for person in range(lines.people):
        found = lines.cheapest(person, worth(lines, plan), most_labels=LAST_RESORT_LABELS)
        if not found.columns:
            raise Infeasible(conflicts(lines.problem))
        plan += found.columns
    return plan


def polished(lines: Lines, plan: Sequence[Column], over: Callable[[], bool]) -> list[Column]:
    """Everyone in turn is planned anew beside all others, until nobody's line can be bettered alone, or it is ``over``."""
    plan, cost, kept = list(plan), lines.cost(plan), 0
    while kept < lines.people:
        for person, old in enumerate(tuple(plan)):
            if kept == lines.people or over():
                return plan
            duals = worth(lines, (column for column in plan if column.person != person))
            new = lines.cheapest(person, duals, like=old).columns or [old]
            tried = [*plan[:person], new[0], *plan[person + 1 :]]
            better = lines.cost(tried) < cost
            kept = 0 if better else kept + 1
            if better:
                plan, cost = tried, lines.cost(tried)
    return plan


def worth(lines: Lines, columns: Iterable[Column]) -> Floats:
    """What one more at each cover line saves, beside those already there."""
    return np.where(lines.covered(columns) < lines.required, lines.under, -lines.over)
