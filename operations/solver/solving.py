"""One call from problem to plan."""

from __future__ import annotations

from collections.abc import Callable

from operations.solver.problem import Conflict, Problem, Progress, Solution
from settings import ZhibanError


class Infeasible(ZhibanError):
    """Some people cannot keep their own hard rules, whatever the others do; ``conflicts`` says which rules, as data."""

    def __init__(self, message: str, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(message)
        self.conflicts = conflicts


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 2,
    rounds: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """The best plan found in ``seconds`` of wall clock, or in ``rounds`` of improvement, whichever ends first.

    Raises:
        Infeasible: some person alone has no line that keeps the rules.
        Invalid: the extra ``solver`` is not installed.
        ValueError: the problem is not well formed (``problem.validate``).
    """
    raise NotImplementedError
