"""Rosters by sheer enumeration: every line of a person, every rule written out again, for problems small enough."""

from __future__ import annotations

from itertools import pairwise, product

from operations.solver.problem import FREE, Line, Person, Plan, Problem, Tally


def lines(problem: Problem, person: Person) -> list[Line]:
    """Every line that keeps the person's rules."""
    every = product(*(sorted(choices) for choices in person.choices))
    return [line for line in every if keeps_rules(problem, person, line)]


def keeps_rules(problem: Problem, person: Person, line: Line) -> bool:
    """Each rule, read day by day along the line with what came before it."""
    return (
        all(shift in choices for shift, choices in zip(line, person.choices, strict=True))
        and _keeps_successions(problem, person, line)
        and _keeps_runs(person, line)
        and all(
            tally.least <= counted(tally, line) <= (10**9 if tally.most is None else tally.most)
            for tally in person.tallies
        )
    )


def _past(person: Person) -> list[int]:
    """The days before day 0, the oldest first; an unknown past is empty."""
    return [person.before.shift] * person.before.run if person.before else []


def _keeps_successions(problem: Problem, person: Person, line: Line) -> bool:
    days = [*_past(person), *line]
    pairs = pairwise(days)
    return not any(a != FREE and b in problem.shifts[a].not_followed_by for a, b in pairs)


def _keeps_runs(person: Person, line: Line) -> bool:
    past = "".join("f" if shift == FREE else "w" for shift in _past(person))
    days = past + "".join("f" if shift == FREE else "w" for shift in line)
    longest = "w" * (person.most_run + 1)
    if any(
        days[i : i + len(longest)] == longest for i in range(max(0, len(past) - person.most_run), len(days))
    ):
        return False
    inner = days if past else days.lstrip(days[0])
    stretches = inner.replace("fw", "f|w").replace("wf", "w|f").split("|")[: -1 if inner else None]
    shortest = {"w": person.least_run, "f": person.least_free}
    return all(len(stretch) >= shortest[stretch[0]] for stretch in stretches if stretch)


def counted(tally: Tally, line: Line) -> int:
    """What a line adds to a tally."""
    total = 0
    for day, shift in enumerate(line):
        rested = day == 0 or line[day - 1] == FREE
        if shift != FREE and (rested or day not in tally.joined_days):
            total += tally.amounts.get((day, shift), 0)
    return total


def own_cost(person: Person, line: Line) -> int:
    """What a line costs whatever the others do; prices of tallies must reach as far as the line's sums."""
    total = sum(tally.costs[counted(tally, line)] for tally in person.tallies if tally.costs)
    for request in person.requests:
        given = line[request.day] == request.shift
        total += request.weight if given != request.wanted else 0
    return total


def cover_cost(problem: Problem, plan: Plan) -> int:
    """What is missing and what is too much, by its weights."""
    total = 0
    for need in problem.cover:
        people = range(len(plan)) if need.people is None else sorted(need.people)
        present = sum(1 for person in people if plan[person][need.day] in need.shifts)
        total += max(need.under * (need.required - present), need.over * (present - need.required))
    return total


def optimum(problem: Problem) -> int:
    """The least any plan costs: every combination of every line."""
    priced = [[(own_cost(p, line), line) for line in lines(problem, p)] for p in problem.people]
    return min(
        sum(cost for cost, _line in chosen) + cover_cost(problem, tuple(line for _cost, line in chosen))
        for chosen in product(*priced)
    )
