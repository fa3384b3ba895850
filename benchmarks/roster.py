"""The engine on an instance of the public benchmark: ``python -m benchmarks.roster FILE --seconds 60``.

Prints one JSON object. ``--out`` writes the roster, a list of shift ids for each employee, ``""`` for a day off. The clock runs
from the start of this module, so that imports and a first compilation count; the judgement is ``curtois_check``'s.
"""

from __future__ import annotations

import time

BEGAN = time.monotonic()

import argparse  # noqa: E402  the clock comes first
import json  # noqa: E402
from pathlib import Path  # noqa: E402

from benchmarks.curtois import Instance, best_known, problem_of, read_instance  # noqa: E402
from benchmarks.curtois_check import OFF, Roster, broken_rules, price  # noqa: E402
from operations.solver import FREE, Plan, Solution, solve  # noqa: E402

CLOSING_SECONDS = 0.3
"""Kept back for judging, writing and leaving."""


def main() -> None:
    """Solve, judge, print."""
    asked = _asked()
    instance = read_instance(asked.file)
    spent = time.monotonic() - BEGAN
    seconds = max(0.0, asked.seconds - spent - CLOSING_SECONDS)
    solution = solve(problem_of(instance), seconds=seconds, seed=asked.seed, workers=asked.workers)
    roster = roster_of(instance, solution.plan)
    if asked.out is not None:
        asked.out.write_text(json.dumps(roster), encoding="utf-8")
    report = judged(instance, roster, best_known(asked.file)) | _course(solution, spent)
    print(json.dumps({"instance": asked.file.stem} | report))


def roster_of(instance: Instance, plan: Plan) -> Roster:
    """The plan in the benchmark's own form."""
    return {
        employee.id: [OFF if shift == FREE else instance.shifts[shift].id for shift in line]
        for employee, line in zip(instance.employees, plan, strict=True)
    }


def judged(instance: Instance, roster: Roster, best: int | None) -> dict[str, object]:
    """The checker's verdict, beside the best known value. A roster that breaks a rule has no gap."""
    broken, objective = broken_rules(instance, roster), price(instance, roster)
    sound = best is not None and not broken
    return {
        "objective": objective,
        "hard_violations": len(broken),
        "broken_rules": broken,
        "best_known": best,
        "gap_percent": round(100 * (objective - best) / best, 3) if sound and best else None,
    }


def _course(solution: Solution, spent: float) -> dict[str, object]:
    return {
        "first_feasible_seconds": round(spent + solution.first_feasible_seconds, 3),
        "seconds": round(time.monotonic() - BEGAN, 3),
        "ended": solution.ended,
        "bound": solution.bound,
        "rounds": solution.rounds,
        "history": [[round(spent + seconds, 2), objective] for seconds, objective in solution.history],
    }


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roster", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
