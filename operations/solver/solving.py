"""One call from problem to plan."""

from __future__ import annotations

import time
from collections.abc import Callable

from locales import _
from operations.errors import Invalid
from operations.solver.problem import Problem, Progress, Solution, validate


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
    started = time.monotonic()
    wrong = validate(problem)
    if wrong:
        raise ValueError("; ".join(wrong))
    try:
        from operations.solver.searching import Search
    except ImportError as missing:
        raise Invalid(
            _("Plans need a part that is not installed: {name}.").format(name=missing.name or "solver"),
            next_step=_("Install zhiban with its extra: pip install 'zhiban[solver]'"),
        ) from missing
    search = Search(
        problem,
        started=started,
        seconds=seconds,
        seed=seed,
        workers=workers,
        rounds=rounds,
        on_progress=on_progress,
        cancelled=cancelled,
    )
    return search.run()
