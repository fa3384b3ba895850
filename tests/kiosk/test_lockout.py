"""Art. 20: after too many refusals in a row a reader rests; whoever is on duty still enters, and every exit is free."""

from __future__ import annotations

import pytest

from kiosk.inputs import EntryRead, ExitPressed, ExitRead, Key, NotRecorded
from kiosk.phases import Idle, VisitorForm
from regulation.doorlog import Read
from regulation.records import Direction
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    EMPLOYEE,
    LOST,
    OFF_DUTY,
    ON_DUTY,
    UNKNOWN,
    VISITOR,
    seconds,
    with_limits,
)

MOST, REST = 5, 60
REPEAT = 3.0


def refused(times: int, every: float = REPEAT, reader: str = "in", **changes: object) -> PaperDoor:
    """A door at which somebody was refused so often, the first time now."""
    door = PaperDoor(**changes)  # type: ignore[arg-type]
    for number in range(times):
        door.after(every if number else 0, EntryRead(reader, UNKNOWN))
    return door


def codes(door: PaperDoor) -> list[str]:
    return [event.code for event in door.events]


def test_art20_the_fifth_refusal_in_a_row_makes_the_reader_rest_and_the_fourth_does_not() -> None:
    door = refused(MOST - 1)
    assert codes(door) == ["refused.unknown_badge"] * 4
    assert door.after(REPEAT, EntryRead("in", LOST)) == ["refused.badge_lost", "alarm.locked_out"]
    assert door.finding_codes() == ["refused_in_a_row"]
    assert door.last.findings[0]["details"] == {"count": "5"}
    assert (door.last.direction, door.last.badge, door.last.reader) == ("none", "", "in")


@pytest.mark.parametrize(("last", "rests"), [(REST, True), (REST + 0.000001, False)])
def test_art20_only_refusals_within_the_window_count(last: float, rests: bool) -> None:
    door = refused(MOST - 1)
    door.now = door.events[0].at
    assert ("alarm.locked_out" in door.after(last, EntryRead("in", LOST))) is rests


@pytest.mark.parametrize(
    ("later", "code"), [(REST - 0.000001, "refused.locked_out"), (REST, "refused.unknown_badge")]
)
def test_art20_a_reader_rests_for_its_time_and_not_longer(later: float, code: str) -> None:
    assert refused(MOST).after(later, EntryRead("in", UNKNOWN)) == [code]


@pytest.mark.parametrize("badge", [UNKNOWN, LOST, VISITOR, EMPLOYEE, OFF_DUTY])
def test_art20_a_resting_reader_tells_every_other_badge_the_same(badge: str) -> None:
    door = refused(MOST)
    assert door.after(REPEAT, EntryRead("in", badge)) == ["refused.locked_out"]
    assert (door.view.code, door.view.who, door.view.text) == (
        "refused.locked_out",
        "",
        "Too many refusals — please wait",
    )
    assert door.state.phase == Idle()


def test_art20_whoever_is_on_duty_still_enters_and_exits_are_free() -> None:
    door = refused(MOST)
    assert door.after(REPEAT, EntryRead("in", ON_DUTY)) == ["granted.relief_late"]
    assert door.after(1, ExitRead("out", ON_DUTY)) == ["released.no_permit"]
    assert door.after(1, ExitRead("out", UNKNOWN)) == ["released.unknown_badge"]
    assert door.after(1, ExitPressed()) == ["released.button"]
    assert door.unlocks == 4


def test_art20_an_entry_on_duty_does_not_wake_a_resting_reader() -> None:
    door = refused(MOST)
    door.after(REPEAT, EntryRead("in", ON_DUTY))
    assert door.after(REPEAT, EntryRead("in", UNKNOWN)) == ["refused.locked_out"]


def test_art20_an_entry_between_them_ends_the_row() -> None:
    door = refused(MOST - 1)
    door.after(REPEAT, EntryRead("in", ON_DUTY))
    for _again in range(MOST - 1):
        assert door.after(REPEAT, EntryRead("in", UNKNOWN)) == ["refused.unknown_badge"]
    assert "alarm.locked_out" in door.after(REPEAT, EntryRead("in", UNKNOWN))


def test_art20_the_alarm_is_given_once_for_each_rest() -> None:
    door = refused(MOST + 3)
    assert codes(door).count("alarm.locked_out") == 1
    for _again in range(MOST):
        door.after(REST, EntryRead("in", UNKNOWN))
    assert codes(door).count("alarm.locked_out") == 1, "refusals a minute apart are no row"
    for _again in range(MOST):
        door.after(REPEAT, EntryRead("in", UNKNOWN))
    assert codes(door).count("alarm.locked_out") == 2


def test_art20_one_badge_held_to_the_reader_is_one_refusal() -> None:
    door = refused(50, every=0.5)
    assert codes(door) == ["refused.unknown_badge", *["repeat"] * 49]


def test_art20_another_reader_goes_on_as_ever() -> None:
    assert refused(MOST).after(REPEAT, EntryRead("side", UNKNOWN)) == ["refused.unknown_badge"]


def test_art20_what_is_nobodys_attempt_is_not_counted() -> None:
    full = with_limits(most_visitors_inside=0)
    door = PaperDoor(full)
    for _again in range(MOST + 1):
        assert door.after(REPEAT, EntryRead("in", VISITOR)) == ["refused.room_full"]


def test_art20_the_form_opens_before_and_after_the_rest_and_not_during_it() -> None:
    door = refused(MOST - 1)
    door.feed(Key("1"))
    assert isinstance(door.state.phase, VisitorForm)
    door = refused(MOST)
    assert door.after(REST - 1, Key("1")) == []
    assert door.state.phase == Idle()
    assert door.view.code == "refused.locked_out"
    door.after(1, Key("1"))
    assert isinstance(door.state.phase, VisitorForm)


def test_art20_a_visitor_who_already_waits_is_still_escorted_in() -> None:
    door = PaperDoor()
    door.feed(EntryRead("in", VISITOR))
    for _again in range(MOST):
        door.after(REPEAT, EntryRead("in", UNKNOWN))
    assert door.after(REPEAT, EntryRead("in", ALSO_ON_DUTY)) == ["granted.escort", "granted.visitor"]


def test_art20_a_clock_set_back_does_not_make_the_rest_longer() -> None:
    door = refused(MOST)
    assert door.after(-3600, EntryRead("in", LOST)) == ["refused.badge_lost"]


def test_art20_an_alarm_that_could_not_be_recorded_is_given_with_the_next_row() -> None:
    door = refused(MOST - 1)
    door.journal_works = False
    assert door.after(REPEAT, EntryRead("in", LOST)) == []
    door.journal_works = True
    assert door.after(REPEAT, EntryRead("in", LOST)) == ["refused.badge_lost"]
    for _again in range(MOST - 2):
        door.after(REPEAT, EntryRead("in", UNKNOWN))
    assert "alarm.locked_out" in door.after(REPEAT, EntryRead("in", UNKNOWN))


def test_what_is_counted_is_bounded() -> None:
    door = refused(300, every=REPEAT, snapshot=with_limits(refusals_before_lockout=100, lockout_seconds=60))
    assert len(door.state.refusals["in"].at) <= 21


def test_a_door_nobody_was_refused_at_forgets_what_was_not_recorded() -> None:
    door = PaperDoor()
    read = Read("main", "in", Direction.IN, UNKNOWN, False, door.now + seconds(1))
    door.feed(NotRecorded((read,)))
    assert door.state.refusals == {}
