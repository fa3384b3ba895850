"""Art. 14, 21 and 24 on the board: where someone due in the shift is right now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from regulation.limits import DEFAULT_LIMITS
from regulation.occupancy import Passage
from regulation.presence import PRESENCE_NAMES, Presence, whereabouts
from regulation.records import Direction
from tests.regulation.room import ENDS, INSTANT, MINUTE, NOON, OPERATOR, STARTS, duty

WINDOW_OPENS = STARTS - 120 * MINUTE
IN_TIME = STARTS - 10 * MINUTE


def came(*at: datetime) -> list[Passage]:
    """Passages by turns in and out."""
    turns = (Direction.IN, Direction.OUT)
    return [Passage(f"door:main-{n}", when, turns[n % 2], OPERATOR) for n, when in enumerate(at)]


def state(now: datetime, *at: datetime, **changes: Any) -> Presence:
    return whereabouts(duty(**changes), came(*at), now, DEFAULT_LIMITS).state


def test_every_state_has_a_name() -> None:
    assert set(PRESENCE_NAMES) == set(Presence)


def test_art21_nobody_is_absent_before_the_shift_begins() -> None:
    assert state(STARTS - INSTANT) is Presence.NOT_YET


def test_art21_who_has_not_come_when_it_begins_is_not_here() -> None:
    assert state(STARTS) is Presence.ABSENT


def test_art21_who_came_ten_minutes_early_is_present() -> None:
    assert state(NOON, IN_TIME) is Presence.PRESENT


def test_art21_who_came_an_instant_later_is_late_for_the_whole_shift() -> None:
    assert state(NOON, IN_TIME + INSTANT) is Presence.LATE


@pytest.mark.parametrize(
    ("came_at", "expected"), [(WINDOW_OPENS, Presence.AWAY), (WINDOW_OPENS - 2 * INSTANT, Presence.ABSENT)]
)
def test_art21_an_entry_before_the_window_that_ended_in_leaving_is_not_an_arrival(
    came_at: datetime, expected: Presence
) -> None:
    assert state(STARTS, came_at, came_at + INSTANT) is expected


def test_art24_who_never_left_a_double_shift_is_present() -> None:
    found = whereabouts(duty(), came(WINDOW_OPENS - 60 * MINUTE), NOON, DEFAULT_LIMITS)
    assert (found.state, found.arrived_at) == (Presence.PRESENT, WINDOW_OPENS)


CARRIED = STARTS - 14 * 60 * MINUTE


def test_art33_an_entry_of_fourteen_hours_before_is_still_a_double_shift() -> None:
    found = whereabouts(duty(), came(CARRIED), NOON, DEFAULT_LIMITS)
    assert (found.state, found.arrived_at) == (Presence.PRESENT, WINDOW_OPENS)


def test_art33_an_older_entry_is_a_forgotten_exit_and_nothing_is_known_until_the_next() -> None:
    assert state(STARTS - INSTANT, CARRIED - INSTANT) is Presence.NOT_YET
    found = whereabouts(duty(), came(CARRIED - INSTANT), STARTS, DEFAULT_LIMITS)
    assert (found.state, found.since, found.arrived_at) == (Presence.UNKNOWN, CARRIED - INSTANT, None)
    twice = [
        Passage(f"door:main-{n}", at, Direction.IN, OPERATOR)
        for n, at in enumerate((CARRIED - INSTANT, IN_TIME))
    ]
    assert whereabouts(duty(), twice, NOON, DEFAULT_LIMITS).state is Presence.PRESENT


def test_art14_who_went_out_is_away_since_then_and_present_again_when_back() -> None:
    out_at, back_at = NOON, NOON + MINUTE
    away = whereabouts(duty(), came(IN_TIME, out_at), NOON, DEFAULT_LIMITS)
    assert (away.state, away.since, away.arrived_at) == (Presence.AWAY, out_at, IN_TIME)
    assert state(back_at, IN_TIME, out_at, back_at) is Presence.PRESENT


def test_what_happens_later_is_not_known_yet() -> None:
    assert state(NOON, IN_TIME, NOON + INSTANT) is Presence.PRESENT


def test_art24_a_relieved_duty_and_leave_come_before_what_the_door_saw() -> None:
    assert state(ENDS, IN_TIME, relieved_at=ENDS - MINUTE) is Presence.RELIEVED
    assert state(NOON, on_leave=True) is Presence.ON_LEAVE
