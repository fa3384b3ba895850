"""Art. 21: reminders around the end of a shift, each from its minute on, and the escalation after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regulation.limits import DEFAULT_LIMITS
from regulation.reminders import REMINDER_MINUTES, handover_is_overdue, reminder_due
from tests.regulation.room import MINUTE, NOON, SECOND

ENDS = NOON


@pytest.mark.parametrize("minute", REMINDER_MINUTES)
def test_art21_a_reminder_is_due_at_its_minute_and_not_a_second_before(minute: int) -> None:
    at = ENDS + minute * MINUTE
    assert reminder_due(ENDS, at) == minute
    assert reminder_due(ENDS, at - SECOND) != minute


@pytest.mark.parametrize("minute", REMINDER_MINUTES)
def test_art21_a_reminder_gives_way_to_the_next_or_ends_after_ten_minutes(minute: int) -> None:
    later = [m for m in REMINDER_MINUTES if m > minute]
    last = min(minute + 10, later[0]) if later else minute + 10
    at = ENDS + last * MINUTE
    assert reminder_due(ENDS, at - SECOND) == minute
    assert reminder_due(ENDS, at + SECOND) != minute


def test_art21_the_last_reminder_is_given_exactly_ten_minutes_late_and_not_later() -> None:
    assert reminder_due(ENDS, ENDS + 20 * MINUTE) == 10
    assert reminder_due(ENDS, ENDS + 20 * MINUTE + SECOND) is None


def test_art21_far_from_the_end_nothing_is_due() -> None:
    assert [reminder_due(ENDS, ENDS + timedelta(hours=n)) for n in (-8, -1, 1, 24)] == [None] * 4


def test_art21_a_handover_unsigned_for_exactly_half_an_hour_is_not_overdue() -> None:
    assert not handover_is_overdue(ENDS, ENDS + 30 * MINUTE, DEFAULT_LIMITS)


def test_art21_a_handover_unsigned_for_a_second_longer_is_overdue() -> None:
    assert handover_is_overdue(ENDS, ENDS + 30 * MINUTE + SECOND, DEFAULT_LIMITS)
