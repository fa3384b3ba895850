"""Who is inside, folded from door events; an entry that did not happen after all is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulation.access import DoorVerdict
from regulation.doorlog import Read, passage_of, record_event
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction, OccupancyReset
from tests.regulation.room import occupancy_after

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CAME_IN = Passage("door:main-1", NOW, Direction.IN, 17)


def test_art20_an_entry_that_was_withdrawn_leaves_nobody_inside() -> None:
    withdrawal = Passage("door:main-2", LATER, Direction.IN, withdraws="door:main-1")
    assert occupancy_after([CAME_IN, withdrawal]) == Occupancy()
    visit = Passage("door:main-1", NOW, Direction.IN, None, 4, 17)
    assert occupancy_after([visit, withdrawal]) == Occupancy()


def test_art20_withdrawing_a_second_entry_keeps_the_first() -> None:
    again = replace(CAME_IN, event_id="door:main-2", at=LATER)
    withdrawal = Passage("door:main-3", LATER, Direction.IN, withdraws="door:main-2")
    occupancy = occupancy_after([CAME_IN, again, withdrawal])
    assert occupancy.people[17].event_id == "door:main-1"


def test_art33_a_refusal_that_names_an_entry_withdraws_it_and_one_that_does_not_is_no_passage() -> None:
    read = Read("main", "in", Direction.IN, "1017", True, NOW)
    refused = DoorVerdict("refused.cannot_be_recorded", 17)
    assert passage_of(record_event(read, refused, 2, GENESIS, 1)) is None
    named = replace(refused, evidence=("door:main-1",))
    passage = passage_of(record_event(read, named, 2, GENESIS, 1))
    assert passage is not None
    assert passage.withdraws == "door:main-1"


# --- who answers for a visitor ------------------------------------------------------------------------------

VISITOR_CAME = Passage("door:main-3", NOW, Direction.IN, None, 5, 17)


def test_art20_an_exit_moves_the_escort_duty_for_the_visits_it_names_and_for_no_others() -> None:
    other = replace(VISITOR_CAME, event_id="door:main-4", visit_id=6)
    left = Passage("door:main-5", LATER, Direction.OUT, 17, escort_id=3, moves=(5,))
    occupancy = occupancy_after([CAME_IN, VISITOR_CAME, other, left])
    assert {n: inside.escort_id for n, inside in occupancy.visits.items()} == {5: 3, 6: 17}
    assert occupancy.visits[5].escorted_since == LATER
    assert occupancy.visits[5].since == NOW
    assert occupancy.is_away(17)


def test_art20_a_visitor_without_an_escort_is_one_nobody_answers_for_until_someone_does() -> None:
    alone = Passage("door:main-5", LATER, Direction.NONE, moves=(5,))
    taken = replace(alone, event_id="door:main-6", escort_id=3)
    assert occupancy_after([VISITOR_CAME, alone]).visits[5].escort_id is None
    assert occupancy_after([VISITOR_CAME, alone, taken]).visits[5].escort_id == 3
    assert occupancy_after([alone]) == Occupancy()


def test_art20_an_overstay_is_told_once_for_each_stay() -> None:
    told = Passage("door:main-5", LATER, Direction.NONE, None, 5, overstay_told=True)
    left = Passage("door:main-6", LATER, Direction.OUT, None, 5)
    assert occupancy_after([VISITOR_CAME, told]).overstay_told == {5}
    assert occupancy_after([VISITOR_CAME, told, left]) == Occupancy()
    assert occupancy_after([told]) == Occupancy()
    withdrawal = Passage("door:main-7", LATER, Direction.IN, withdraws="door:main-3")
    assert occupancy_after([VISITOR_CAME, told, withdrawal]) == Occupancy()


def test_a_copy_goes_its_own_way() -> None:
    occupancy = occupancy_after([CAME_IN, VISITOR_CAME])
    copy = occupancy.copy()
    copy.apply(Passage("door:main-9", LATER, Direction.OUT, 17))
    copy.apply(Passage("door:main-9", LATER, Direction.NONE, None, 5, overstay_told=True))
    assert occupancy == occupancy_after([CAME_IN, VISITOR_CAME])


# --- an authorised reset ------------------------------------------------------------------------------------

INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(("at", "stays"), [(NOW, True), (NOW + INSTANT, False)])
def test_art20_a_reset_is_about_whoever_entered_before_it(at: datetime, stays: bool) -> None:
    occupancy = occupancy_after([CAME_IN, VISITOR_CAME])
    removed = occupancy.apply_resets([OccupancyReset(1, at)])
    assert (bool(occupancy.people), bool(occupancy.visits)) == (stays, stays)
    assert {inside.event_id for _reset, inside in removed} == (
        set() if stays else {"door:main-1", "door:main-3"}
    )


def test_art20_a_reset_names_a_person_a_visit_or_everyone() -> None:
    def after(**who: int) -> tuple[list[int], list[int]]:
        occupancy = occupancy_after([CAME_IN, VISITOR_CAME])
        occupancy.apply_resets([OccupancyReset(1, LATER, **who)])
        return list(occupancy.people), list(occupancy.visits)

    assert after(person_id=17) == ([], [5])
    assert after(visit_id=5) == ([17], [])
    assert after(person_id=99) == ([17], [5])
    assert after() == ([], [])


def test_art20_a_reset_read_again_changes_nothing_and_leaves_whoever_came_back() -> None:
    occupancy, reset = occupancy_after([CAME_IN]), OccupancyReset(1, LATER, 17)
    assert len(occupancy.apply_resets([reset])) == 1
    assert occupancy.apply_resets([reset]) == []
    occupancy.apply(Passage("door:main-8", LATER + INSTANT, Direction.IN, 17))
    assert occupancy.apply_resets([reset]) == []
    assert list(occupancy.people) == [17]


def test_art20_a_reset_that_arrives_late_does_not_undo_a_second_entry_after_it() -> None:
    again = Passage("door:main-2", LATER + INSTANT, Direction.IN, 17)
    occupancy = occupancy_after([CAME_IN, again])
    assert occupancy.apply_resets([OccupancyReset(1, LATER, 17)]) == []


def test_art33_a_reset_on_record_means_what_it_did() -> None:
    live, folded = occupancy_after([CAME_IN, VISITOR_CAME]), occupancy_after([CAME_IN, VISITOR_CAME])
    for number, (_reset, inside) in enumerate(live.apply_resets([OccupancyReset(1, LATER)])):
        verdict = DoorVerdict("note.reset", inside.person_id, inside.visit_id)
        read = Read("main", "room", Direction.NONE, "", False, LATER)
        passage = passage_of(record_event(read, verdict, 9 + number, GENESIS, 1))
        assert passage is not None
        folded.apply(passage)
    assert live == folded
