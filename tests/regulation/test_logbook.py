"""Art. 11: an abnormal event is told to someone in time."""

from __future__ import annotations

from datetime import datetime

import pytest

from regulation.limits import DEFAULT_LIMITS
from regulation.logbook import abnormal_is_told
from tests.regulation.room import MINUTE, NOON, SECOND

HAPPENED = NOON
LATER = NOON + 60 * MINUTE


def test_art11_told_exactly_fifteen_minutes_after_is_in_time() -> None:
    assert abnormal_is_told(HAPPENED, HAPPENED + 15 * MINUTE, LATER, DEFAULT_LIMITS)


def test_art11_told_one_second_later_is_too_late() -> None:
    assert not abnormal_is_told(HAPPENED, HAPPENED + 15 * MINUTE + SECOND, LATER, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("now", "in_time"), [(HAPPENED + 15 * MINUTE, True), (HAPPENED + 15 * MINUTE + SECOND, False)]
)
def test_art11_untold_may_still_be_told_until_the_limit_has_passed(now: datetime, in_time: bool) -> None:
    assert abnormal_is_told(HAPPENED, None, now, DEFAULT_LIMITS) is in_time
