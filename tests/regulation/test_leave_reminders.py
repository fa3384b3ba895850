"""Art. 35: leave that nobody decides by the eve of its duty goes a rank up. Boundary pairs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from regulation.leave_reminders import escalates_at, is_undecided_too_long, next_rank
from regulation.leave_routing import Decider
from regulation.limits import DEFAULT_LIMITS, LimitChange, limits_in_force
from tests.regulation.room import INSTANT, MINUTE

HOUR = timedelta(hours=1)
BEGINS = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
LONG_BEFORE = BEGINS - 72 * HOUR


@pytest.mark.parametrize(("at", "due"), [(-12 * HOUR - INSTANT, False), (-12 * HOUR, True), (HOUR, True)])
def test_art35_twelve_hours_before_its_duty_an_undecided_request_goes_up(at: timedelta, due: bool) -> None:
    assert is_undecided_too_long(LONG_BEFORE, BEGINS, BEGINS + at, DEFAULT_LIMITS) is due


@pytest.mark.parametrize(("waited", "due"), [(60 * MINUTE - INSTANT, False), (60 * MINUTE, True)])
def test_art35_whoever_decides_has_an_hour_for_it_however_late_it_was_asked(
    waited: timedelta, due: bool
) -> None:
    asked_at = BEGINS + 20 * MINUTE
    assert is_undecided_too_long(asked_at, BEGINS, asked_at + waited, DEFAULT_LIMITS) is due


def test_the_centre_s_own_numbers_count() -> None:
    changes = [LimitChange("leave_undecided_hours", 24, BEGINS.date() - timedelta(days=30))]
    limits = limits_in_force(changes, BEGINS.date())
    assert escalates_at(LONG_BEFORE, BEGINS, limits) == BEGINS - 24 * HOUR


def test_the_next_rank_is_one_up_and_above_the_deputy_manager_is_nobody() -> None:
    assert [next_rank(decider) for decider in Decider] == [
        Decider.SENIOR_SHIFT_LEADER,
        Decider.DEPUTY_MANAGER,
        Decider.DEPUTY_MANAGER,
    ]
