"""Why a person cannot be planned at all: a smallest set of that person's own rules that no line keeps together.

Cover is never hard, so people do not stand in each other's way: whoever has a line alone has one in every plan. Rules are
taken away one after the other while the person still has no line; those that cannot be taken away are in conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from operations.solver.automaton import automaton
from operations.solver.columns import LAST_RESORT_LABELS
from operations.solver.pricing import ANY_PRICE, cheapest
from operations.solver.problem import FREE, Conflict, Person, Problem

Relaxation = Callable[[Problem, Person], tuple[Problem, Person]]


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """The conflict of every person who has no line."""
    return tuple(
        _conflict(problem, number)
        for number, person in enumerate(problem.people)
        if not has_line(problem, person)
    )


def has_line(problem: Problem, person: Person) -> bool:
    """Whether some line keeps the person's rules."""
    prices = np.zeros((problem.days, len(problem.shifts) + 1))
    lines, values = np.empty((1, problem.days), np.int8), np.empty(1)
    tables = automaton(problem, person)
    found, _bound = cheapest(
        tables, prices, np.zeros(len(tables.side.most)), ANY_PRICE, False, lines, values, LAST_RESORT_LABELS
    )
    return found > 0


def _conflict(problem: Problem, number: int) -> Conflict:
    """Take away what can be taken away; what is left conflicts."""
    person = problem.people[number]
    rules = []
    for rule, without in _rules(person):
        tried = without(problem, person)
        if has_line(*tried):
            rules.append(rule)
        else:
            problem, person = tried
    days = []
    for day in range(problem.days):
        anything = frozenset(range(FREE, len(problem.shifts)))
        freed = replace(person, choices=(*person.choices[:day], anything, *person.choices[day + 1 :]))
        if has_line(problem, freed):
            days.append(day)
        else:
            person = freed
    return Conflict(number, tuple(rules), tuple(days))


def _rules(person: Person) -> Iterator[tuple[tuple[str, str], Relaxation]]:
    """Each rule that may be taken away, and how: what is least likely to surprise is taken away first."""
    yield ("before", ""), lambda problem, who: (problem, replace(who, before=None))
    yield ("least_free", ""), lambda problem, who: (problem, replace(who, least_free=1))
    yield ("least_run", ""), lambda problem, who: (problem, replace(who, least_run=1))
    for place, tally in enumerate(person.tallies):
        if tally.least > 0:
            yield ("least", tally.name), partial(_without_bound, place=place, least=0)
        if tally.most is not None:
            yield ("most", tally.name), partial(_without_bound, place=place, most=None)
    yield ("most_run", ""), lambda problem, who: (problem, replace(who, most_run=_endless(problem, who)))
    yield ("succession", ""), lambda problem, who: (_without_successions(problem), who)


def _without_bound(
    problem: Problem, person: Person, *, place: int, **bound: int | None
) -> tuple[Problem, Person]:
    tallies = list(person.tallies)
    tallies[place] = replace(tallies[place], **bound)  # type: ignore[arg-type]
    return problem, replace(person, tallies=tuple(tallies))


def _endless(problem: Problem, person: Person) -> int:
    return problem.days + (person.before.run if person.before else 0)


def _without_successions(problem: Problem) -> Problem:
    return replace(
        problem, shifts=tuple(replace(shift, not_followed_by=frozenset()) for shift in problem.shifts)
    )
