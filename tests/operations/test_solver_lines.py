"""One person's lines: what they cost, which rules they break, and the cheapest of them, against sheer enumeration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.solver import (
    FREE,
    Before,
    CoverLine,
    Person,
    Problem,
    Request,
    Shift,
    Tally,
    evaluate,
    steps_of_cost,
)
from operations.solver.columns import Lines
from operations.solver.conflicts import conflicts
from operations.solver.problem import validate
from tests.operations import brute

EARLY, NIGHT = 0, 1
SHIFTS = (Shift("early", 480), Shift("night", 480, frozenset({EARLY})))


def one(person: Person, days: int) -> Problem:
    return Problem(days, SHIFTS, (person,), ())


def every_day(days: int, choices: Sequence[int]) -> tuple[frozenset[int], ...]:
    """The same choices on each of ``days`` days."""
    return (frozenset(choices),) * days


def person(days: int, **rules: object) -> Person:
    made = Person("1017", every_day(days, (FREE, EARLY, NIGHT)), most_run=days)
    return replace(made, **rules)  # type: ignore[arg-type]


def line(text: str) -> tuple[int, ...]:
    """``E`` early, ``N`` night, ``.`` free."""
    return tuple({"E": EARLY, "N": NIGHT, ".": FREE}[letter] for letter in text)


def broken(who: Person, text: str) -> list[tuple[str, int]]:
    judged = evaluate(one(who, len(text)), (line(text),))
    return [(violation.rule, violation.day) for violation in judged.violations]


NIGHTS = Tally("nights", {(day, NIGHT): 1 for day in range(6)}, most=2)
HOURS = Tally("hours", {(day, shift): 480 for day in range(6) for shift in (0, 1)}, most=1920, least=960)
WEEKEND = Tally(
    "weekends", {(d, s): 1 for d in (1, 2, 4, 5) for s in (0, 1)}, most=1, joined_days=frozenset({2, 5})
)


@pytest.mark.parametrize(
    ("rules", "kept", "breaks", "rule"),
    [
        ({}, "EEN.E.", "EENE..", ("succession", 3)),
        ({"most_run": 3}, "EEE.EE", "EEEE.E", ("most_run", 3)),
        ({"least_run": 2}, "E.EE.E", "EE.E.E", ("least_run", 3)),
        ({"least_free": 2}, ".E..E.", "EE.EE.", ("least_free", 2)),
        ({"before": Before(NIGHT, 1)}, "N.E...", "E.....", ("succession", 0)),
        ({"before": Before(EARLY, 2), "most_run": 3}, "E.E...", "EE....", ("most_run", 1)),
        ({"before": Before(EARLY, 1), "least_run": 2}, "E.....", "......", ("least_run", 0)),
        ({"before": Before(FREE, 1), "least_free": 2}, ".E....", "E.....", ("least_free", 0)),
        ({"tallies": (NIGHTS,)}, "NN....", "NNN...", ("most", 0)),
        ({"tallies": (HOURS,)}, "EEEE..", "EEEEE.", ("most", 0)),
        ({"tallies": (HOURS,)}, "EE....", "E.....", ("least", 0)),
        ({"tallies": (WEEKEND,)}, ".EE...", ".E..E.", ("most", 1)),
    ],
)
def test_each_hard_rule_is_kept_up_to_its_bound_and_broken_one_past_it(
    rules: dict[str, object], kept: str, breaks: str, rule: tuple[str, int]
) -> None:
    who = person(6, **rules)
    assert broken(who, kept) == []
    assert broken(who, breaks) == [rule]
    assert brute.keeps_rules(one(who, 6), who, line(kept))
    assert not brute.keeps_rules(one(who, 6), who, line(breaks))


def test_a_day_that_is_fixed_or_given_away_is_a_choice_broken() -> None:
    who = person(3, choices=(frozenset({NIGHT}), frozenset({FREE}), frozenset({FREE, EARLY})))
    assert broken(who, "N.E") == []
    assert broken(who, "EE.") == [("choice", 0), ("choice", 1)]


def test_the_cost_is_requests_and_tallies_and_cover_each_by_its_weight() -> None:
    wishes = (
        Request(0, EARLY, 3),
        Request(1, EARLY, 5, wanted=False),
        Request(2, FREE, 7, reason="stability"),
    )
    nights = replace(NIGHTS, most=None, costs=steps_of_cost(had=2, weight=1, up_to=6))
    who = person(3, requests=wishes, tallies=(nights,))
    cover = (
        CoverLine(0, frozenset({EARLY}), required=3, under=100),
        CoverLine(1, frozenset({EARLY, NIGHT}), required=0, under=0, over=11),
        CoverLine(1, frozenset({NIGHT}), required=1, under=100, people=frozenset({1})),
    )
    problem = Problem(3, SHIFTS, (who, person(3)), cover)
    judged = evaluate(problem, (line("NEN"), line("E..")))
    assert judged.parts == {
        "wishes": 3 + 5,
        "stability": 7,
        "fairness": 16 - 4,
        "under": 200 + 100,
        "over": 11,
    }
    assert judged.objective == 338
    assert [(short.line, short.missing) for short in judged.shortages] == [(0, 2), (2, 1)]


def test_what_one_has_had_before_makes_one_more_dearer() -> None:
    fresh, tired = steps_of_cost(0, 2, 3), steps_of_cost(5, 2, 3)
    assert fresh == (0, 2, 8, 18)
    assert tired[1] - tired[0] > fresh[3] - fresh[2]


def test_a_price_beyond_its_table_goes_on_with_its_last_step() -> None:
    tally = Tally("nights", {(day, NIGHT): 1 for day in range(5)}, costs=(0, 1, 5))
    judged = evaluate(one(person(5, tallies=(tally,)), 5), (line("NNNN."),))
    assert judged.parts["fairness"] == 5 + 4 + 4


def test_a_problem_that_is_not_well_formed_is_named() -> None:
    falling = Tally("nights", {(0, 0): 1}, costs=(0, 3, 4))
    who = person(2, tallies=(falling,), choices=every_day(3, (FREE,)), least_run=3)
    cover = (
        CoverLine(2, frozenset({0}), 1, 1, name="early"),
        CoverLine(0, frozenset({0}), 1, -1, name="late"),
    )
    wrong = validate(Problem(2, SHIFTS, (who,), cover))
    assert [text.split(":")[0] for text in wrong] == ["early", "late", "1017", "1017", "1017"]
    assert validate(one(person(2), 2)) == []


DAYS = 5
CELLS = [(day, shift) for day in range(DAYS) for shift in (0, 1)]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    amounts = draw(st.dictionaries(st.sampled_from(CELLS), st.integers(1, 2), max_size=8))
    steps = sorted(draw(st.lists(st.integers(0, 9), max_size=3)))
    costs = tuple(
        sum(steps[:k]) + (steps[-1] if steps else 0) * max(0, k - len(steps)) for k in range(2 * DAYS + 1)
    )
    return Tally(
        draw(st.sampled_from(("nights", "hours"))),
        amounts,
        most=draw(st.one_of(st.none(), st.integers(1, 6))),
        least=draw(st.sampled_from((0, 0, 1, 2))),
        joined_days=draw(st.frozensets(st.integers(1, DAYS - 1), max_size=2)),
        costs=costs if steps else (),
    )


@st.composite
def persons(draw: st.DrawFn) -> Person:
    choice = st.sampled_from(
        [frozenset({FREE, 0, 1})] * 5 + [frozenset({FREE}), frozenset({0, 1}), frozenset({1})]
    )
    before = st.builds(Before, st.sampled_from((FREE, 0, 1)), st.integers(1, 3))
    most_run = draw(st.integers(1, DAYS))
    return Person(
        "1017",
        tuple(draw(choice) for _day in range(DAYS)),
        most_run=most_run,
        least_run=min(most_run, draw(st.sampled_from((1, 1, 2)))),
        least_free=draw(st.sampled_from((1, 1, 2))),
        before=draw(st.one_of(st.none(), before)),
        tallies=tuple(draw(st.lists(tallies(), max_size=3))),
        requests=tuple(
            Request(
                draw(st.integers(0, DAYS - 1)),
                draw(st.sampled_from((FREE, 0, 1))),
                weight,
                draw(st.booleans()),
            )
            for weight in draw(st.lists(st.integers(1, 9), max_size=4))
        ),
    )


@settings(max_examples=80, deadline=None)
@given(persons())
def test_every_line_comes_out_cheapest_first_and_none_that_breaks_a_rule(who: Person) -> None:
    problem = one(who, DAYS)
    expected = sorted(brute.own_cost(who, way) for way in brute.lines(problem, who))
    lines = Lines(problem)
    found = lines.cheapest(0, lines.under, want=300, distinct=True)
    assert [column.cost for column in found.columns] == expected
    assert all(brute.keeps_rules(problem, who, lines.line(column)) for column in found.columns)
    assert [evaluate(problem, (lines.line(column),)).objective for column in found.columns] == expected


@settings(max_examples=80, deadline=None)
@given(persons(), st.lists(st.integers(-9, 9), min_size=len(CELLS), max_size=len(CELLS)))
def test_the_cheapest_line_against_prices_of_cover_is_the_cheapest_of_all(
    who: Person, prices: list[int]
) -> None:
    cover = tuple(CoverLine(day, frozenset({shift}), 0, 9, 9) for day, shift in CELLS)
    problem = Problem(DAYS, SHIFTS, (who,), cover)
    lines = Lines(problem)
    duals = lines.under * 0 + prices
    priced = [
        brute.own_cost(who, way) - sum(p for (day, s), p in zip(CELLS, prices, strict=True) if way[day] == s)
        for way in brute.lines(problem, who)
    ]
    found = lines.cheapest(0, duals)
    again = lines.cheapest(0, duals, like=found.columns[0]) if found.columns else found
    assert [round(value) for value in found.values] == ([min(priced)] if priced else [])
    assert [round(value) for value in again.values] == [round(value) for value in found.values]


@settings(max_examples=30, deadline=None)
@given(persons())
def test_a_conflict_is_found_exactly_where_no_line_exists(who: Person) -> None:
    assert bool(conflicts(one(who, DAYS))) == (brute.lines(one(who, DAYS), who) == [])


def test_a_conflict_names_the_rules_and_days_that_cannot_stand_together_and_no_others() -> None:
    fixed = [frozenset({FREE, EARLY, NIGHT})] * 6
    fixed[2], fixed[3] = frozenset({NIGHT}), frozenset({EARLY})
    who = person(6, choices=tuple(fixed), most_run=5, tallies=(replace(NIGHTS, most=4),))
    (conflict,) = conflicts(one(who, 6))
    assert (conflict.person, conflict.rules, conflict.days) == (0, (("succession", ""),), (2, 3))


def test_a_conflict_over_a_tally_names_it_and_the_days_that_are_taken() -> None:
    week = Tally("rest", {(day, shift): 1 for day in range(3) for shift in (0, 1)}, most=2)
    who = person(4, choices=(*every_day(3, (EARLY,)), frozenset({FREE, EARLY})), tallies=(week,))
    (conflict,) = conflicts(one(who, 4))
    assert (conflict.rules, conflict.days) == ((("most", "rest"),), (0, 1, 2))
