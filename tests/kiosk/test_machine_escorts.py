"""Art. 20 at the door: escorts who leave first, visitors past their time, numbers, and resets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.inputs import EntryRead, ExitRead, Tick
from kiosk.machine import step
from regulation.records import OccupancyReset
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    ENDS,
    NOW,
    OFF_DUTY,
    ON_DUTY,
    SECOND_VISITOR,
    SNAPSHOT,
    VISITOR,
    codes,
    seconds,
    with_limits,
)


def with_visitor(*others: str, snapshot: object = SNAPSHOT) -> PaperDoor:
    """A door through which ``others`` came in, and one visitor with their escort."""
    door = PaperDoor(snapshot)  # type: ignore[arg-type]
    for badge in (*others, VISITOR, ON_DUTY):
        door.after(5, EntryRead("in", badge))
    assert door.occupancy.visits[1].escort_id == 17
    return door


def test_art20_when_the_escort_leaves_first_whoever_is_inside_on_duty_answers_for_the_visitor() -> None:
    door = with_visitor(ALSO_ON_DUTY)
    assert door.after(60, ExitRead("out", ON_DUTY)) == ["released.no_permit"]
    assert door.last.escort_id == 21
    assert door.finding_codes() == ["left_without_permit", "visitor_left_behind"]
    assert door.occupancy.visits[1].escort_id == 21
    assert door.after(1, Tick()) == []


def test_art20_when_nobody_is_left_the_visitor_is_reported_with_the_exit_and_only_once() -> None:
    door = with_visitor()
    assert door.after(60, ExitRead("out", ON_DUTY)) == ["released.no_permit", "alarm.no_escort"]
    assert door.finding_codes() == ["visitor_unescorted"]
    assert (door.last.direction, door.last.visit_id) == ("none", 1)
    assert door.view.code == "released.no_permit", "whoever leaves sees their own exit"
    assert [door.after(60, Tick()) for _again in range(3)] == [[], [], []]


def test_art20_the_next_one_on_duty_who_enters_takes_the_visitor_over_and_is_told() -> None:
    door = with_visitor()
    door.after(60, ExitRead("out", ON_DUTY))
    assert door.after(60, EntryRead("in", ALSO_ON_DUTY)) == ["granted.relief_late"]
    assert (door.last.escort_id, door.last.evidence[-1]) == (21, "visit:1")
    assert door.view.next_step == "You answer for a visitor who is inside"
    assert door.occupancy.visits[1].escort_id == 21
    assert door.after(1, Tick()) == []


def test_art20_someone_inside_whose_duty_begins_takes_the_visitor_over() -> None:
    begins = NOW + timedelta(minutes=10)
    duties = tuple(replace(d, starts_at=begins) if d.person_id == 21 else d for d in SNAPSHOT.duties)
    door = with_visitor(ALSO_ON_DUTY, snapshot=replace(SNAPSHOT, duties=duties))
    door.after(60, ExitRead("out", ON_DUTY))
    assert door.last.code == "alarm.no_escort"
    door.now = begins - seconds(0.000001)
    assert door.after(0, Tick()) == []
    assert door.after(0.000001, Tick()) == ["note.escort"]
    assert door.occupancy.visits[1].escort_id == 21


def test_art20_someone_off_duty_inside_takes_nobody_over() -> None:
    door = with_visitor()
    door.can_ask = False
    door.after(60, EntryRead("in", OFF_DUTY))
    assert "alarm.no_escort" in door.after(60, ExitRead("out", ON_DUTY))


def test_art20_an_alarm_on_its_way_into_the_journal_is_not_given_twice() -> None:
    door = with_visitor()
    door.journal_works = False
    door.after(60, ExitRead("out", ON_DUTY))
    assert [door.after(1, Tick()) for _again in range(3)] == [[], [], []]
    door.journal_works = True
    door.after(1, EntryRead("in", ALSO_ON_DUTY))
    assert [event.code for event in door.events].count("alarm.no_escort") == 1
    assert door.folded() == door.occupancy


def test_art20_while_the_journal_is_busy_with_an_alarm_time_does_not_give_it_again() -> None:
    door = with_visitor()
    del door.occupancy.people[17]
    door.now = ENDS + timedelta(minutes=1)
    state, actions = step(door.state, Tick(), door.context(), door.now)
    assert codes(actions) == ["alarm.no_escort", "alarm.overstayed"]
    state, actions = step(state, Tick(), door.context(), door.now + seconds(1))
    assert codes(actions) == []


# --- overstaying --------------------------------------------------------------------------------------------


def test_art20_a_visitor_past_the_time_is_told_once_and_the_exit_is_still_a_finding() -> None:
    door = with_visitor()
    door.now = ENDS
    assert door.after(0, Tick()) == []
    assert door.after(0.000001, Tick()) == ["alarm.overstayed"]
    assert (door.last.visit_id, door.last.escort_id, door.last.person_id) == (1, 17, None)
    assert door.after(60, Tick()) == []
    assert door.after(60, ExitRead("out", VISITOR)) == ["released.overstayed"]
    assert door.finding_codes() == ["visitor_overstayed"]


def test_art20_an_overstay_is_not_told_again_after_a_restart_and_told_after_one_if_it_was_never_recorded() -> (
    None
):
    door = with_visitor()
    door.now = ENDS + timedelta(minutes=1)
    door.feed(Tick())
    door.restart()
    assert door.after(1, Tick()) == []
    lost = with_visitor()
    lost.now, lost.journal_works = ENDS + timedelta(minutes=1), False
    lost.feed(Tick())
    lost.restart()
    lost.journal_works = True
    assert lost.after(1, Tick()) == ["alarm.overstayed"]


# --- numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "found"), [(3, ["granted.escort", "granted.visitor"]), (2, ["refused.room_full"])]
)
def test_art20_the_escort_counts_before_the_visitor_they_bring(most: int, found: list[str]) -> None:
    door = PaperDoor(with_limits(most_people_inside=most))
    for badge in (ALSO_ON_DUTY, VISITOR):
        door.after(5, EntryRead("in", badge))
    assert door.after(5, EntryRead("in", ON_DUTY)) == found
    door.after(5, EntryRead("in", ON_DUTY))
    assert 17 in door.occupancy.people, (
        "beside a refused visitor the door stays shut; alone the escort enters"
    )


def test_art20_of_two_visitors_who_wait_only_as_many_enter_as_may_be_inside() -> None:
    door = PaperDoor(with_limits(most_visitors_inside=1))
    for badge in (VISITOR, SECOND_VISITOR):
        door.after(5, EntryRead("in", badge))
    assert door.after(5, EntryRead("in", ON_DUTY)) == [
        "refused.room_full",
        "granted.escort",
        "granted.visitor",
    ]


# --- resets -------------------------------------------------------------------------------------------------


def test_art20_a_reset_is_recorded_once_for_each_whom_it_took_out() -> None:
    door = with_visitor(ALSO_ON_DUTY)
    door.now += seconds(60)
    told = replace(SNAPSHOT, resets=(OccupancyReset(4, door.now),))
    before = len(door.events)
    door.hear(told)
    assert [event.code for event in door.events[before:]] == ["note.reset"] * 3
    assert {event.person_id or event.visit_id for event in door.events[before:]} == {17, 21, 1}
    assert "reset:4" in door.last.evidence
    door.hear(told)
    door.restart()
    assert len(door.events) == before + 3
    assert door.occupancy.people == door.occupancy.visits == {}


def test_art20_a_reset_of_the_escort_passes_the_visitor_on() -> None:
    door = with_visitor(ALSO_ON_DUTY)
    door.now += seconds(60)
    door.hear(replace(SNAPSHOT, resets=(OccupancyReset(4, door.now, 17),)))
    assert door.after(1, Tick()) == ["note.escort"]
    assert door.occupancy.visits[1].escort_id == 21
