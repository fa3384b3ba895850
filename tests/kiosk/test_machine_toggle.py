"""A reader for both ways (Art. 14, 20): out for whoever is inside, in for everyone else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.inputs import ToggleRead
from kiosk.phases import AwaitEscort
from kiosk.toggling import REMEMBERED
from regulation.records import OccupancyReset
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    BADGES,
    EMPLOYEE,
    ON_DUTY,
    SNAPSHOT,
    UNKNOWN,
    VISITOR,
    seconds,
    with_limits,
)

WINDOW = 3.0
ALMOST = WINDOW - 0.000001


def swipe(badge: str) -> ToggleRead:
    return ToggleRead("both", badge)


def test_art20_the_first_read_enters_the_next_leaves_and_the_one_after_enters_again() -> None:
    door = PaperDoor()
    assert door.after(0, swipe(ON_DUTY)) == ["granted.relief_late"]
    assert door.after(60, swipe(ON_DUTY)) == ["released.no_permit"]
    assert door.after(60, swipe(ON_DUTY)) == ["granted"]
    assert [event.direction for event in door.events] == ["in", "out", "in"]
    assert door.unlocks == 3


@pytest.mark.parametrize(("pause", "code"), [(ALMOST, "repeat"), (WINDOW, "released.no_permit")])
def test_art20_a_badge_read_twice_at_the_entry_does_not_leave_again(pause: float, code: str) -> None:
    door = PaperDoor()
    door.feed(swipe(ON_DUTY))
    assert door.after(pause, swipe(ON_DUTY)) == [code]
    assert (17 in door.occupancy.people) is (code == "repeat")


@pytest.mark.parametrize(("pause", "code"), [(ALMOST, "released.repeat"), (WINDOW, "granted")])
def test_art14_a_badge_read_twice_at_the_exit_is_released_again_and_does_not_come_back(
    pause: float, code: str
) -> None:
    door = PaperDoor()
    door.feed(swipe(ON_DUTY))
    door.after(60, swipe(ON_DUTY))
    assert door.after(pause, swipe(ON_DUTY)) == [code]
    assert door.unlocks == 3
    assert (17 in door.occupancy.people) is (code == "granted")


def test_art20_a_badge_that_lies_on_the_reader_stays_one_swipe() -> None:
    door = PaperDoor()
    codes = [door.after(0.5, swipe(ON_DUTY)) for _again in range(20)]
    assert codes == [["granted.relief_late"], *[["repeat"]] * 19]
    assert door.unlocks == 1


def test_art20_two_who_swipe_by_turns_are_not_mixed_up() -> None:
    door = PaperDoor()
    for badge in (ON_DUTY, ALSO_ON_DUTY):
        door.after(0.5, swipe(badge))
    for badge in (ON_DUTY, ALSO_ON_DUTY):
        assert door.after(0.5, swipe(badge)) == ["repeat"]
    assert set(door.occupancy.people) == {17, 21}


def test_art20_a_visitor_waits_for_an_escort_on_the_way_in_and_is_released_on_the_way_out() -> None:
    door = PaperDoor()
    assert door.after(0, swipe(VISITOR)) == ["pending.escort"]
    assert isinstance(door.state.phase, AwaitEscort)
    assert door.after(5, swipe(ON_DUTY)) == ["granted.escort", "granted.visitor"]
    assert door.after(60, swipe(VISITOR)) == ["released"]


def test_art20_a_badge_nobody_knows_is_never_taken_for_one_inside() -> None:
    door = PaperDoor()
    door.feed(swipe(ON_DUTY))
    assert door.after(5, swipe(UNKNOWN)) == ["refused.unknown_badge"]


def test_art20_a_company_employee_inside_on_a_visit_leaves_by_their_own_badge() -> None:
    visits = (replace(SNAPSHOT.visits[0], badge=EMPLOYEE),)
    door = PaperDoor(replace(SNAPSHOT, visits=visits))
    door.feed(swipe(EMPLOYEE))
    assert door.after(5, swipe(ON_DUTY)) == ["granted.escort", "granted.visitor"]
    assert door.after(60, swipe(EMPLOYEE)) == ["released"]


def test_art20_whoever_was_taken_out_by_a_reset_enters_with_the_next_read() -> None:
    door = PaperDoor()
    door.feed(swipe(ON_DUTY))
    door.now += seconds(60)
    door.hear(replace(SNAPSHOT, resets=(OccupancyReset(1, door.now, 17),)))
    assert door.last.code == "note.reset"
    assert door.after(1, swipe(ON_DUTY)) == ["granted"]


@pytest.mark.parametrize("badge", BADGES)
@pytest.mark.parametrize("works", [True, False], ids=["journal works", "journal fails"])
def test_art14_whoever_is_inside_is_released_whatever_the_journal_does(badge: str, works: bool) -> None:
    door = PaperDoor()
    for someone in (VISITOR, ON_DUTY, ALSO_ON_DUTY):
        door.after(5, swipe(someone))
    inside = door.knowledge.is_inside(door.occupancy, badge)
    before, door.journal_works = door.unlocks, works
    door.after(60, swipe(badge))
    assert inside <= (door.unlocks == before + 1)


def test_what_is_remembered_is_bounded_and_forgotten_after_the_window() -> None:
    door = PaperDoor(with_limits(repeat_window_seconds=60))
    for number in range(100):
        door.after(0.01, swipe(f"{number:04}"))
    assert len(door.state.toggled) == REMEMBERED
    door.after(60, swipe(ON_DUTY))
    assert len(door.state.toggled) == 1
