"""The engine on whole problems: right where every plan can be tried, repeatable, stoppable, and plain about what cannot be."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.errors import Invalid
from operations.solver import (
    FREE,
    CoverLine,
    Infeasible,
    Person,
    Problem,
    Progress,
    Request,
    Shift,
    Solution,
    Tally,
    evaluate,
    solve,
    steps_of_cost,
)
from tests.operations import brute
from tests.operations.test_solver_lines import DAYS, SHIFTS, every_day, persons

SECONDS = 60.0
"""Far more than any of these needs: rounds end them, so that no clock decides what is found."""
EARLY, LATE, NIGHT = 0, 1, 2


def team(people: int = 8, days: int = 14, *, needed: tuple[int, int, int] = (2, 1, 1)) -> Problem:
    """Three shifts, at most five days in a row, nights shared fairly beside those of the past, a wish here and there."""
    shifts = (
        Shift("early", 480),
        Shift("late", 480, frozenset({EARLY})),
        Shift("night", 480, frozenset({EARLY, LATE})),
    )
    cells = [(day, shift) for day in range(days) for shift in range(3)]
    hours = Tally("hours", dict.fromkeys(cells, 480), most=480 * days * 5 // 7)
    nights = {(day, NIGHT): 1 for day in range(days)}
    members = tuple(
        Person(
            f"10{number:02}",
            every_day(days, (FREE, EARLY, LATE, NIGHT)),
            most_run=5,
            least_free=2,
            tallies=(hours, Tally("nights", nights, costs=steps_of_cost(number % 3, 1, days))),
            requests=(Request((number * 5) % days, FREE, 4), Request((number * 3) % days, EARLY, 2)),
        )
        for number in range(people)
    )
    cover = tuple(
        CoverLine(day, frozenset({shift}), needed[shift], 100, 10, name=f"{shift} on {day}")
        for day, shift in cells
    )
    return Problem(days, shifts, members, cover)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    people = (replace(draw(persons()), name="1017"), replace(draw(persons()), name="1018"))
    lines = st.builds(
        CoverLine,
        st.integers(0, DAYS - 1),
        st.sampled_from((frozenset({0}), frozenset({1}), frozenset({0, 1}))),
        st.integers(0, 2),
        st.integers(0, 20),
        st.integers(0, 5),
        people=st.sampled_from((None, frozenset({0}), frozenset({1}))),
    )
    return Problem(DAYS, SHIFTS, people, tuple(draw(st.lists(lines, min_size=1, max_size=8))))


@settings(max_examples=15, deadline=None)
@given(problems())
def test_small_problems_are_planned_as_well_as_every_plan_tried_would_be(problem: Problem) -> None:
    if not all(brute.lines(problem, person) for person in problem.people):
        with pytest.raises(Infeasible) as refused:
            solve(problem, seconds=SECONDS, workers=1, rounds=1)
        assert all(brute.lines(problem, problem.people[c.person]) == [] for c in refused.value.conflicts)
        return
    best = brute.optimum(problem)
    solution = solve(problem, seconds=SECONDS, workers=1, rounds=12)
    assert solution.violations == ()
    assert all(
        brute.keeps_rules(problem, person, line)
        for person, line in zip(problem.people, solution.plan, strict=True)
    )
    assert solution.objective == best
    assert solution.bound is not None
    assert solution.bound <= best


@pytest.fixture(scope="module")
def planned() -> Solution:
    return solve(team(), seconds=SECONDS, seed=3, rounds=6)


def test_a_plan_keeps_every_rule_and_says_what_it_costs(planned: Solution) -> None:
    problem = team()
    assert all(
        brute.keeps_rules(problem, person, line)
        for person, line in zip(problem.people, planned.plan, strict=True)
    )
    cost = brute.cover_cost(problem, planned.plan) + sum(
        brute.own_cost(person, line) for person, line in zip(problem.people, planned.plan, strict=True)
    )
    assert planned.objective == cost == sum(planned.parts.values())
    assert planned.gap is not None
    assert planned.gap < 0.05


def test_the_same_problem_seed_workers_and_rounds_give_the_same_plan(planned: Solution) -> None:
    again = solve(team(), seconds=SECONDS, seed=3, rounds=6)
    assert (again.plan, again.objective, again.rounds) == (planned.plan, planned.objective, planned.rounds)


def test_what_cannot_be_covered_is_named_with_how_many_are_missing() -> None:
    problem = team(3, 7, needed=(2, 1, 1))
    solution = solve(problem, seconds=SECONDS, rounds=2)
    missing = {problem.cover[short.line].name: short.missing for short in solution.shortages}
    assert sum(missing.values()) * 100 == solution.parts["under"]
    assert sum(missing.values()) >= 7 * 4 - 3 * 5


def test_nights_go_to_those_who_have_had_few() -> None:
    problem = team(6, 14, needed=(0, 0, 1))
    solution = solve(replace(problem, cover=problem.cover[2::3]), seconds=SECONDS, rounds=8)
    had = [number % 3 for number in range(6)]
    total = [past + line.count(NIGHT) for past, line in zip(had, solution.plan, strict=True)]
    assert solution.shortages == ()
    assert max(total) - min(total) <= 1


def test_after_a_sick_call_few_other_duties_change() -> None:
    problem = team(8, 14)
    known = solve(problem, seconds=SECONDS, rounds=3).plan
    sick = next(number for number, line in enumerate(known) if line[6] != FREE)
    people = []
    for number, person in enumerate(problem.people):
        choices = list(person.choices)
        choices[:6] = [frozenset({shift}) for shift in known[number][:6]]
        if number == sick:
            choices[6] = frozenset({FREE})
        told = tuple(Request(day, known[number][day], 60, reason="stability") for day in range(7, 14))
        people.append(replace(person, choices=tuple(choices), requests=person.requests + told))
    solution = solve(replace(problem, people=tuple(people)), seconds=SECONDS, rounds=4)
    changed = [
        (number, day)
        for number, line in enumerate(solution.plan)
        for day in range(14)
        if line[day] != known[number][day] and (number, day) != (sick, 6)
    ]
    assert solution.violations == ()
    assert all(day >= 6 for _number, day in changed)
    assert len(changed) <= 4


def test_a_cancelled_search_keeps_the_best_so_far() -> None:
    asked = iter(range(10**9))
    solution = solve(team(), seconds=SECONDS, cancelled=lambda: next(asked) > 60)
    assert solution.ended == "cancelled"
    assert solution.violations == ()
    assert solution.objective == evaluate(team(), solution.plan).objective
    assert solution.objective <= solution.history[0][1]


def test_no_time_at_all_still_gives_a_plan_that_keeps_the_rules() -> None:
    solution = solve(team(), seconds=0.0)
    assert (solution.ended, solution.violations, solution.bound) == ("time", (), None)


def test_progress_tells_a_best_that_only_falls_and_a_bound_below_it() -> None:
    told: list[Progress] = []
    solution = solve(team(), seconds=SECONDS, rounds=3, on_progress=told.append)
    best = [progress.best for progress in told if progress.best is not None]
    assert best == sorted(best, reverse=True)
    assert best[-1] == solution.objective
    assert all(p.bound <= p.best for p in told if p.bound is not None and p.best is not None)
    assert {"first", "polish", "bound"} <= {progress.phase for progress in told}


def test_people_without_any_line_are_refused_by_name_of_their_rules() -> None:
    problem = team(3, 7)
    stuck = replace(problem.people[1], choices=every_day(7, (EARLY,)))
    with pytest.raises(Infeasible) as refused:
        solve(replace(problem, people=(problem.people[0], stuck, problem.people[2])), seconds=SECONDS)
    (conflict,) = refused.value.conflicts
    assert conflict.person == 1
    assert {rule for rule, _tally in conflict.rules} <= {"most_run", "most"}
    assert conflict.days
    assert str(refused.value) == "No plan exists. People whose own rules contradict each other: 1."


def test_a_malformed_problem_is_the_callers_defect() -> None:
    problem = team(2, 7)
    with pytest.raises(ValueError, match="cover outside the plan"):
        solve(replace(problem, cover=(CoverLine(7, frozenset({0}), 1, 1),)), seconds=SECONDS)


def test_without_its_extra_the_engine_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("operations.solver.")]:
        monkeypatch.delitem(sys.modules, name)
    absent: Any = None
    monkeypatch.setitem(sys.modules, "highspy", absent)
    with pytest.raises(Invalid) as refused:
        solve(team(2, 7), seconds=SECONDS)
    assert "zhiban[solver]" in refused.value.next_step
