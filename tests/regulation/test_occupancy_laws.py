"""Art. 14, 20 and 24: who is inside follows from the passages alone, however often and in whatever company."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulation.escorting import visitors_led_by
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction
from tests.regulation.room import LEADER, MINUTE, NOON, OPERATOR, VISIT, occupancy_after, room, visit

people = st.integers(1, 4)


@st.composite
def passage_lists(draw: st.DrawFn) -> list[Passage]:
    """Passages of a few people and visits, in order of time."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        is_visit = draw(st.booleans())
        who = draw(people)
        found.append(
            Passage(
                f"door:main-{number}",
                NOON + number * MINUTE,
                draw(st.sampled_from((Direction.IN, Direction.OUT))),
                None if is_visit else who,
                who if is_visit else None,
                draw(people) if is_visit else None,
            )
        )
    return found


@given(passage_lists())
def test_art33_reading_the_last_passage_twice_changes_nothing(passages: list[Passage]) -> None:
    once = occupancy_after(passages)
    assert occupancy_after([*passages, *passages[-1:]]) == once


@given(passage_lists())
def test_art20_whoever_went_out_last_is_not_inside_and_whoever_came_in_last_is(
    passages: list[Passage],
) -> None:
    occupancy = occupancy_after(passages)
    last: dict[tuple[bool, int | None], Passage] = {}
    for passage in passages:
        last[passage.visit_id is not None, passage.visit_id or passage.person_id] = passage
    here = {key for key, passage in last.items() if passage.direction is Direction.IN}
    assert {(False, n) for n in occupancy.people} | {(True, n) for n in occupancy.visits} == here


@given(passage_lists())
def test_art14_going_out_empties_the_room_and_more_exits_change_nothing(passages: list[Passage]) -> None:
    occupancy = occupancy_after(passages)
    later = NOON + timedelta(days=1)
    for _again in range(2):
        for n in range(1, 5):
            occupancy.apply(Passage("door:main-98", later, Direction.OUT, person_id=n))
            occupancy.apply(Passage("door:main-99", later, Direction.OUT, visit_id=n))
        assert (occupancy.people, occupancy.visits) == ({}, {})


@given(passage_lists(), people)
def test_art14_the_exit_of_someone_who_never_came_in_changes_nothing_for_the_others(
    passages: list[Passage], stranger: int
) -> None:
    occupancy = occupancy_after(passages)
    before = deepcopy(occupancy)
    occupancy.apply(
        Passage("door:main-99", NOON + timedelta(days=1), Direction.OUT, person_id=stranger + 100)
    )
    assert occupancy == before


@given(passage_lists(), people)
def test_art20_an_escort_answers_for_exactly_the_visits_inside_that_they_led(
    passages: list[Passage], escort: int
) -> None:
    occupancy = occupancy_after(passages)
    led = visitors_led_by(room(visits=tuple(visit(id=n) for n in range(1, 5))), occupancy, escort)
    assert led == [inside for inside in occupancy.visits.values() if inside.escort_id == escort]


def test_art20_coming_in_twice_keeps_the_first_time_and_notes_the_last() -> None:
    came = Passage("door:main-1", NOON, Direction.IN, OPERATOR)
    again = Passage("door:main-2", NOON + MINUTE, Direction.IN, OPERATOR)
    occupancy = occupancy_after([came, again])
    assert occupancy.people[OPERATOR].since == NOON
    assert occupancy.last_entry[OPERATOR] == NOON + MINUTE


def test_art20_a_visitor_is_counted_by_visit_and_not_as_a_person() -> None:
    occupancy = occupancy_after([Passage("door:main-1", NOON, Direction.IN, 40, VISIT, LEADER)])
    assert (list(occupancy.visits), occupancy.people, occupancy.last_entry) == ([VISIT], {}, {})


def test_nobody_has_passed_an_unused_door() -> None:
    assert occupancy_after([]) == Occupancy()
