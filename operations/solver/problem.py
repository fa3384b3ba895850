"""A rostering problem in the engine's own terms: days and shifts by number, people with rules, cover to reach.

Days count from 0, shifts are indexes into ``Problem.shifts``, a day without duty is ``FREE``. What a person must keep
(choices, runs, rests, tallies) is hard: no plan breaks it. Everything with a weight (cover, requests, a tally's costs)
is added up by ``operations.solver.cost.evaluate`` into one whole number, the smaller the better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from locales import _
from operations.errors import Invalid

FREE = -1

Line = tuple[int, ...]
"""One person's choices, a shift's index or ``FREE`` for each day."""

Plan = tuple[Line, ...]
"""The line of every person, in the order of ``Problem.people``."""

Cell = tuple[int, int]
"""A day and a shift."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of duty. ``not_followed_by`` are the shifts that may not stand on the next day."""

    name: str
    minutes: int
    not_followed_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum over the cells a person works, within bounds and perhaps with a price.

    ``amounts`` says what a worked cell adds (cells left out add nothing). The sum is never above ``most`` nor below
    ``least``. On ``joined_days`` a cell adds nothing when the day before was worked too: Saturday and Sunday are one
    weekend. ``costs[k]`` is the price of a sum of ``k``; it never falls and its steps never shrink (``steps_of_cost``
    makes one), and beyond its end the last step repeats. The price counts under ``reason`` in ``Solution.parts``.
    """

    name: str
    amounts: Mapping[Cell, int]
    most: int | None = None
    least: int = 0
    joined_days: frozenset[int] = frozenset()
    costs: tuple[int, ...] = ()
    reason: str = "fairness"


@dataclass(frozen=True, slots=True)
class Request:
    """A price on one person's day: of not getting ``shift`` when it is ``wanted``, else of getting it.

    ``shift`` may be ``FREE``. ``reason`` names the part of the objective: a wish, or what people already know.
    """

    day: int
    shift: int
    weight: int
    wanted: bool = True
    reason: str = "wishes"


@dataclass(frozen=True, slots=True)
class Before:
    """How a person enters day 0: the shift of the day before (or ``FREE``) and how many days in a row it was so."""

    shift: int
    run: int


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to plan, and the rules that hold for them.

    ``choices`` are, for each day, the shifts that may be given, with ``FREE`` among them when the day may stay free; one
    choice alone is a fixed day. ``most_run`` days in a row may be worked, at least ``least_run`` once a run begins; at
    least ``least_free`` days lie between two runs. Runs that touch the end of the plan may go on behind it; those that
    touch day 0 do so when ``before`` is not known, and otherwise continue it.
    """

    name: str
    choices: tuple[frozenset[int], ...]
    most_run: int
    least_run: int = 1
    least_free: int = 1
    before: Before | None = None
    tallies: tuple[Tally, ...] = ()
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverLine:
    """How many should work any of ``shifts`` on ``day``, among ``people`` (indexes; None is everyone).

    Each one missing costs ``under``, each one too many ``over``.
    """

    day: int
    shifts: frozenset[int]
    required: int
    under: int
    over: int = 0
    people: frozenset[int] | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the engine knows. ``validate`` says what is wrong with one, before any solving."""

    days: int
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    cover: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a plan breaks, first on ``day``.

    ``rule`` is one of ``choice``, ``succession``, ``most_run``, ``least_run``, ``least_free``, ``most`` or ``least``; the last
    two name their tally.
    """

    person: int
    rule: str
    day: int
    tally: str = ""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A cover line that is not reached: how many are missing."""

    line: int
    missing: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that one person cannot keep together: take any of them away and a line exists.

    ``rules`` are those of ``Violation`` and ``before``, each with its tally's name or ``""``; ``days`` are the days whose
    choices (fixed, absent, not skilled) take part.
    """

    person: int
    rules: tuple[tuple[str, str], ...]
    days: tuple[int, ...] = ()


class Infeasible(Invalid):
    """Some people cannot keep their own hard rules, whatever the others do; ``conflicts`` says which rules, as data."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(
            _("No plan exists. People whose own rules contradict each other: {count}.").format(
                count=len(conflicts)
            ),
            next_step=_("See which rules and days conflict, and change one of them."),
        )
        self.conflicts = conflicts


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a plan costs, in parts by reason (``under``, ``over``, the requests' and tallies' own), and what it breaks."""

    objective: int
    parts: Mapping[str, int]
    violations: tuple[Violation, ...]
    shortages: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a running search. ``bound`` is proved: no plan costs less. Times in seconds since the start."""

    phase: str
    elapsed: float
    best: int | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """How far the best may be from the optimum, as a share of the best."""
        return gap(self.best, self.bound)


@dataclass(frozen=True, slots=True)
class Solution:
    """The best plan found, and how good it is known to be.

    ``ended`` is ``optimal`` (proved), ``rounds`` (the work allowed was done), ``time`` or ``cancelled``. The same problem,
    seed, workers and rounds give the same plan unless ``time`` or ``cancelled`` cut the search short.
    """

    plan: Plan
    objective: int
    parts: Mapping[str, int]
    violations: tuple[Violation, ...]
    shortages: tuple[Shortage, ...]
    bound: float | None
    ended: str
    first_feasible_seconds: float
    seconds: float
    rounds: int = 0
    history: tuple[tuple[float, int], ...] = field(default=(), repr=False)

    @property
    def gap(self) -> float | None:
        """How far the objective may be from the optimum, as a share of it."""
        return gap(self.objective, self.bound)


def gap(best: int | None, bound: float | None) -> float | None:
    """The share of ``best`` that lies above ``bound``; None while either is unknown."""
    if best is None or bound is None:
        return None
    return max(0.0, best - bound) / max(1, abs(best))


def steps_of_cost(had: int, weight: int, up_to: int) -> tuple[int, ...]:
    """Prices that make a burden fair: ``weight`` times the square of all one has had, past months included.

    One more costs more for whoever has had many, so the sum over people is least when all have had the same. Whoever
    has had less than their share (``had`` below nothing) pays only for what goes beyond it.
    """
    beyond = [max(0, had + more) ** 2 for more in range(up_to + 1)]
    return tuple(weight * (one - beyond[0]) for one in beyond)


def validate(problem: Problem) -> list[str]:
    """What makes the problem unusable, as short technical sentences: a caller's defect, not a person's."""
    wrong = [
        f"{line.name or number}: cover outside the plan"
        for number, line in enumerate(problem.cover)
        if not 0 <= line.day < problem.days or not all(0 <= s < len(problem.shifts) for s in line.shifts)
    ]
    wrong += [f"{line.name}: negative weight" for line in problem.cover if line.under < 0 or line.over < 0]
    for person in problem.people:
        if len(person.choices) != problem.days:
            wrong.append(f"{person.name}: {len(person.choices)} days of choices instead of {problem.days}")
        if not 1 <= person.least_run <= person.most_run or person.least_free < 1:
            wrong.append(
                f"{person.name}: runs and rests are at least one day, and the least no longer than the most"
            )
        wrong += [f"{person.name}: {text}" for tally in person.tallies for text in _wrong_tally(tally)]
    return wrong


def _wrong_tally(tally: Tally) -> list[str]:
    wrong = [f"{tally.name}: negative amount"] if any(a < 0 for a in tally.amounts.values()) else []
    steps = [after - before for before, after in pairwise(tally.costs)]
    if steps and (steps[0] < 0 or any(b < a for a, b in pairwise(steps))):
        wrong.append(f"{tally.name}: costs fall, or their steps shrink")
    return wrong
