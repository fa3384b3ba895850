"""The roster's engine: a general problem in, the best plan found out, with what it cost and how good it is known to be."""

from __future__ import annotations

from operations.solver.cost import evaluate
from operations.solver.problem import (
    FREE,
    Before,
    Conflict,
    CoverLine,
    Infeasible,
    Person,
    Plan,
    Problem,
    Progress,
    Request,
    Shift,
    Solution,
    Tally,
    steps_of_cost,
)
from operations.solver.solving import solve

__all__ = [
    "FREE",
    "Before",
    "Conflict",
    "CoverLine",
    "Infeasible",
    "Person",
    "Plan",
    "Problem",
    "Progress",
    "Request",
    "Shift",
    "Solution",
    "Tally",
    "evaluate",
    "solve",
    "steps_of_cost",
]
