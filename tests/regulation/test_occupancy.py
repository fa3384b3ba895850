"""Who is inside, folded from door events; an entry that did not happen after all is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from regulation.access import DoorVerdict
from regulation.doorlog import Read, passage_of, record_event
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy, Passage, occupancy_after
from regulation.records import Direction

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
