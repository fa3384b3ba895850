"""Art. 20: the door's leaf as its contact tells it, and the button inside that always opens."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from kiosk.actions import Beep, Record, Relock, Show, Unlock
from kiosk.arrivals import SnapshotArrived
from kiosk.inputs import ContactChanged, EntryRead, ExitPressed, ExitRead, Input, Tick, ToggleRead
from kiosk.leaf import OPENING_GRACE_SECONDS, TABLE, leaf_step
from kiosk.states import Leaf, LeafState
from kiosk.views import ViewKind
from regulation.access import DoorKnowledge
from regulation.records import Direction, OccupancyReset
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.rig import running_rig
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    NOW,
    ON_DUTY,
    OPEN_SECONDS,
    UNKNOWN,
    VISITOR,
    context,
    seconds,
    with_limits,
)
from tests.kiosk.test_journal import disk_full

OPENED, CLOSED = ContactChanged(is_open=True), ContactChanged(is_open=False)
INSTANT = seconds(0.000001)
HELD = 30


def closed_door(**changes: object) -> PaperDoor:
    """A door whose contact has said that it is closed."""
    door = PaperDoor(**changes)  # type: ignore[arg-type]
    door.feed(CLOSED)
    return door


def entered_door() -> PaperDoor:
    """Someone has just been let in and opened the door."""
    door = closed_door()
    door.feed(EntryRead("in", ON_DUTY))
    door.after(1, OPENED)
    return door


# --- forced -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after_release", "codes"),
    [
        (0.0, []),
        (OPEN_SECONDS + OPENING_GRACE_SECONDS, []),
        (OPEN_SECONDS + OPENING_GRACE_SECONDS + 0.000001, ["alarm.forced"]),
    ],
)
def test_art20_a_door_opened_within_the_release_is_in_order_and_after_it_was_forced(
    after_release: float, codes: list[str]
) -> None:
    door = closed_door()
    door.feed(EntryRead("in", ON_DUTY))
    assert door.after(after_release, OPENED) == codes


def test_art20_a_forced_door_is_recorded_as_a_finding_shown_and_heard_without_a_badge() -> None:
    door = closed_door()
    actions = door.feed(OPENED)
    assert [type(act) for act in actions] == [Record, Show, Beep]
    assert actions[-1] == Beep("no")
    event = door.last
    assert (event.code, event.article, event.direction) == ("alarm.forced", 20, "none")
    assert (event.reader, event.badge, event.person_id) == ("contact", "", None)
    assert door.finding_codes() == ["door_forced"]
    assert (door.view.code, door.view.tone) == ("alarm.forced", "red")


def test_art20_a_refused_badge_releases_nothing() -> None:
    door = closed_door()
    door.feed(EntryRead("in", UNKNOWN))
    assert door.after(1, OPENED) == ["alarm.forced"]


def test_art20_a_release_that_was_not_recorded_is_none() -> None:
    door = closed_door(journal_works=False)
    door.feed(EntryRead("in", ON_DUTY))
    door.journal_works = True
    assert door.after(1, OPENED) == ["alarm.forced"]


def test_art20_a_second_opening_needs_a_second_release() -> None:
    door = entered_door()
    assert door.relocks == 1
    door.after(1, CLOSED)
    assert door.after(1, OPENED) == ["alarm.forced"]


def test_art20_where_the_strike_stays_released_for_its_time_a_second_opening_inside_it_is_in_order() -> None:
    door = closed_door(relock_on_open=False)
    door.feed(EntryRead("in", ON_DUTY))
    assert [door.after(1, event) for event in (OPENED, CLOSED, OPENED)] == [[], [], []]
    assert door.relocks == 0


def test_art20_a_clock_set_back_does_not_make_a_release_longer() -> None:
    door = closed_door()
    door.feed(EntryRead("in", ON_DUTY))
    assert door.after(-3600, OPENED) == ["alarm.forced"]


def test_art20_the_strike_is_locked_again_as_soon_as_the_door_was_opened() -> None:
    door = closed_door()
    door.feed(EntryRead("in", ON_DUTY))
    door.now += seconds(1)
    assert door.feed(OPENED) == (Relock(),)


# --- the button ---------------------------------------------------------------------------------------------


def test_art14_the_button_opens_at_once_whoever_pressed_it_and_moves_nobody() -> None:
    door = closed_door()
    door.feed(EntryRead("in", ON_DUTY))
    actions = door.feed(ExitPressed())
    assert [type(act) for act in actions] == [Record, Unlock]
    event = door.last
    assert (event.code, event.direction, event.reader, event.badge) == (
        "released.button",
        "out",
        "button",
        "",
    )
    assert list(door.occupancy.people) == [17]


def test_art14_the_handle_shows_as_the_button_before_the_leaf_and_is_no_alarm() -> None:
    door = closed_door()
    door.feed(ExitPressed())
    assert door.after(0.1, OPENED) == []


@pytest.mark.parametrize("waiting", [VISITOR, UNKNOWN])
@pytest.mark.parametrize("works", [True, False], ids=["journal works", "journal fails"])
def test_art14_whatever_goes_on_the_button_opens(waiting: str, works: bool) -> None:
    door = closed_door(journal_works=works)
    door.feed(EntryRead("in", waiting))
    before = (door.state.phase, door.unlocks)
    door.feed(ExitPressed())
    assert (door.state.phase, door.unlocks) == (before[0], before[1] + 1)


# --- held open ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "codes"), [(HELD, []), (HELD + 0.000001, ["alarm.held"])])
def test_art20_a_door_may_stand_open_up_to_the_limit(held: float, codes: list[str]) -> None:
    assert entered_door().after(held, Tick()) == codes


def test_art20_a_held_door_is_reported_each_time_its_time_has_doubled_and_is_a_finding_when_it_closes() -> (
    None
):
    door = entered_door()
    since = door.now
    told = []
    for second in range(1, 500):
        door.now = since + seconds(second)
        before = len(door.events)
        door.feed(Tick())
        told += [second] * (len(door.events) - before)
    assert told == [31, 61, 121, 241, 481]
    assert all(door.finding_codes(event) == [] for event in door.events[-5:])
    assert door.after(1, CLOSED) == ["note.closed"]
    assert door.finding_codes() == ["door_held"]
    assert door.last.findings[0]["details"] == {"seconds": "500"}


def test_art20_the_screen_asks_to_close_a_held_door_with_a_sound_until_it_is_closed() -> None:
    door = entered_door()
    door.after(6, Tick())
    door.now += seconds(HELD)
    actions = door.feed(Tick())
    assert Beep("no") in actions
    assert (door.view.code, door.view.next_step) == ("alarm.held", "Please close the door")
    door.after(60, EntryRead("in", VISITOR))
    assert door.view.kind.value == "escort", "whoever badges sees what concerns them"
    door.after(31, Tick())
    door.after(6, Tick())
    assert door.view.code == "alarm.held"
    door.after(1, CLOSED)
    assert door.view.kind is ViewKind.IDLE


def test_art20_a_door_closed_in_time_is_worth_no_record() -> None:
    door = entered_door()
    assert door.after(HELD, CLOSED) == []
    assert door.after(600, Tick()) == []


def test_art20_a_forced_door_that_is_closed_again_is_noted_and_one_held_too_is_both() -> None:
    door = closed_door()
    door.feed(OPENED)
    assert door.after(5, CLOSED) == ["note.closed"]
    assert door.finding_codes() == []
    door.after(1, OPENED)
    assert door.after(31, Tick()) == ["alarm.held"]
    assert door.after(1, CLOSED) == ["note.closed"]
    assert door.finding_codes() == ["door_held"]


def test_art20_the_limit_is_the_centres_own() -> None:
    door = closed_door(snapshot=with_limits(door_held_seconds=5))
    door.feed(ExitRead("out", ON_DUTY))
    door.after(1, OPENED)
    assert door.after(5, Tick()) == []
    assert door.after(0.1, Tick()) == ["alarm.held"]


def test_art20_a_clock_set_back_measures_an_open_door_anew() -> None:
    door = entered_door()
    assert door.after(-3600, Tick()) == []
    assert door.after(HELD, Tick()) == []
    assert door.after(1, Tick()) == ["alarm.held"]


# --- starting -----------------------------------------------------------------------------------------------


def test_art20_a_door_found_open_at_the_start_was_not_forced_and_may_be_held() -> None:
    door = PaperDoor()
    assert door.after(0, OPENED) == []
    assert door.after(HELD, Tick()) == []
    assert door.after(1, Tick()) == ["alarm.held"]


def test_art20_an_alarm_whose_record_is_late_is_owed_and_not_repeated() -> None:
    door = closed_door(journal_works=False)
    assert door.after(0, OPENED) == []
    door.journal_works = True
    assert door.after(1, CLOSED) == ["alarm.forced", "note.closed"]


# --- the table ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", LeafState)
def test_every_leaf_answers_every_input_and_what_means_nothing_changes_nothing(state: LeafState) -> None:
    leaf = Leaf(state, opened_at=NOW if state in (LeafState.OPEN, LeafState.ALARMED) else None)
    words: dict[str, Input] = {"opened": OPENED, "closed": CLOSED, "time": Tick()}
    for word, late in product(words, (0, 1000)):
        done = leaf_step(leaf, words[word], context(), NOW + seconds(late))
        assert all(read.direction is Direction.NONE for read, _verdict in done.entries)
        if (state, word) not in TABLE:
            assert done.leaf == leaf
            assert not done.entries
            assert not done.actions
    others: tuple[Input, ...] = (EntryRead("in", ON_DUTY), ExitRead("out", ON_DUTY))
    assert all(leaf_step(leaf, event, context(), NOW).leaf == leaf for event in others)


def test_a_contact_that_repeats_itself_says_nothing_new() -> None:
    door = entered_door()
    leaf = door.state.leaf
    assert door.after(2, OPENED) == []
    assert door.state.leaf == leaf
    door.after(1, CLOSED)
    assert door.after(1, CLOSED) == []
    assert door.state.leaf == replace(leaf, state=LeafState.CLOSED, opened_at=None)


# --- the engine ---------------------------------------------------------------------------------------------


def test_art20_the_real_door_tells_an_opening_it_released_from_one_it_did_not(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.kiosk.door.put(CLOSED)
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        rig.kiosk.door.put(OPENED)
        rig.kiosk.door.put(CLOSED)
        rig.kiosk.door.put(OPENED)
        rig.wait_for_codes("granted.relief_late", "alarm.forced")
        rig.wait_for_view("alarm.forced")


def test_art14_the_real_button_opens_while_nothing_can_be_recorded_and_is_recorded_later(
    tmp_path: Path,
) -> None:
    with running_rig(tmp_path) as rig:
        with disk_full():
            rig.kiosk.door.put(ExitPressed())
            rig.wait_for_pulses(1)
            rig.kiosk.door.put(ToggleRead("in", ON_DUTY))
            rig.wait_for_view("refused.cannot_be_recorded")
        rig.wait_for_codes("released.button")
        assert rig.pulses == 1


def test_art20_the_real_door_records_a_reset_once_and_passes_on_the_escort_duty(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        for badge, code in (
            (ALSO_ON_DUTY, "granted.relief_late"),
            (VISITOR, "pending.escort"),
            (ON_DUTY, "granted.visitor"),
        ):
            rig.entry.swipe(badge)
            rig.wait_for_codes(code)
        reset = OccupancyReset(1, rig.clock() + seconds(60), 17)
        told = DoorKnowledge.of(replace(rig.kiosk.door.snapshot, resets=(reset,)))
        for _twice in range(2):
            rig.kiosk.door.news(SnapshotArrived(told))
        rig.wait_for_codes("note.reset", "note.escort")
        assert rig.codes.count("note.reset") == 1
        assert rig.events[-1].escort_id == 21
