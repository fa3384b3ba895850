"""What a plan costs and which hard rules it breaks: the one definition the engine and its callers share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from operations.solver.problem import (
    FREE,
    Before,
    CoverLine,
    Evaluation,
    Line,
    Person,
    Plan,
    Problem,
    Request,
    Shortage,
    Tally,
    Violation,
)


def evaluate(problem: Problem, plan: Plan) -> Evaluation:
    """Objective with its parts, broken hard rules, and cover that is not reached."""
    parts: Counter[str] = Counter()
    violations: list[Violation] = []
    for number, (person, line) in enumerate(zip(problem.people, plan, strict=True)):
        for reason, cost in line_costs(person, line):
            parts[reason] += cost
        violations += line_violations(problem, number, line)
    shortages = []
    for number, cover in enumerate(problem.cover):
        present = working(cover, plan)
        parts["under"] += cover.under * max(0, cover.required - present)
        parts["over"] += cover.over * max(0, present - cover.required)
        if present < cover.required:
            shortages.append(Shortage(number, cover.required - present))
    return Evaluation(sum(parts.values()), dict(parts), tuple(violations), tuple(shortages))


def working(cover: CoverLine, plan: Plan) -> int:
    """How many of the line's people work one of its shifts."""
    people = range(len(plan)) if cover.people is None else cover.people
    return sum(plan[person][cover.day] in cover.shifts for person in people)


def line_costs(person: Person, line: Line) -> Iterator[tuple[str, int]]:
    """The prices of one person's line, with their reasons; cover is everyone's together and not among them."""
    for request in person.requests:
        yield request.reason, request_cost(request, line)
    for tally in person.tallies:
        if tally.costs:
            yield tally.reason, tally_cost(tally, tally_sum(tally, line))


def request_cost(request: Request, line: Line) -> int:
    """The request's weight when the line goes against it, else 0."""
    return request.weight if (line[request.day] == request.shift) != request.wanted else 0


def tally_sum(tally: Tally, line: Line) -> int:
    """What the line's worked cells add up to."""
    return sum(
        tally.amounts.get((day, shift), 0)
        for day, shift in enumerate(line)
        if shift != FREE and not (day in tally.joined_days and day and line[day - 1] != FREE)
    )


def tally_cost(tally: Tally, total: int) -> int:
    """The price of a sum; beyond the end of the prices their last step repeats."""
    last = len(tally.costs) - 1
    if total <= last:
        return tally.costs[total]
    step = tally.costs[last] - tally.costs[last - 1] if last else 0
    return tally.costs[last] + step * (total - last)


def line_violations(problem: Problem, number: int, line: Line) -> Iterator[Violation]:
    """The hard rules that a person's line breaks."""
    person = problem.people[number]
    for day, shift in enumerate(line):
        if shift not in person.choices[day]:
            yield Violation(number, "choice", day)
    yield from _broken_successions(problem, number, line)
    yield from _broken_runs(person, number, line)
    for tally in person.tallies:
        total = tally_sum(tally, line)
        if tally.most is not None and total > tally.most:
            yield Violation(number, "most", first_day(tally), tally.name)
        if total < tally.least:
            yield Violation(number, "least", first_day(tally), tally.name)


def first_day(tally: Tally) -> int:
    """The first day whose cells a tally counts."""
    return min((day for day, _shift in tally.amounts), default=0)


def _broken_successions(problem: Problem, number: int, line: Line) -> Iterator[Violation]:
    before = problem.people[number].before
    previous = before.shift if before else FREE
    for day, shift in enumerate(line):
        if previous != FREE and shift in problem.shifts[previous].not_followed_by:
            yield Violation(number, "succession", day)
        previous = shift


def _broken_runs(person: Person, number: int, line: Line) -> Iterator[Violation]:
    for first, length, worked in runs(person.before, line):
        opened = first > 0 or person.before is not None
        closed = first + length < len(line)
        if worked and length > person.most_run and first + length > 0:
            yield Violation(number, "most_run", max(0, first + person.most_run))
        if worked and length < person.least_run and opened and closed:
            yield Violation(number, "least_run", max(0, first))
        if not worked and length < person.least_free and opened and closed:
            yield Violation(number, "least_free", max(0, first))


def runs(before: Before | None, line: Line) -> Iterator[tuple[int, int, bool]]:
    """Runs of worked or free days: the first day (negative when it began before day 0), how many days, whether worked."""
    first, worked = (-before.run, before.shift != FREE) if before else (0, bool(line) and line[0] != FREE)
    for day, shift in enumerate(line):
        if (shift != FREE) != worked:
            yield first, day - first, worked
            first, worked = day, shift != FREE
    yield first, len(line) - first, worked
