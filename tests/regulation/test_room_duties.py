"""Art. 15, 18, 26: cleaning on every shift, no locked line without a permit, an undertaking that is in force."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from regulation.cleaning import cleaning_is_missing
from regulation.handover import Area, CheckValue
from regulation.limits import DEFAULT_LIMITS
from regulation.line_locks import LinePermit, lock_is_overrun, lock_is_permitted
from regulation.undertakings import UndertakingState, last_day, owed_from, undertaking_state
from tests.regulation.room import ENDS, MINUTE, NOON, SECOND, STARTS

DUE = ENDS + 60 * MINUTE
SIGNED = date(2025, 11, 1)
LAST = date(2026, 11, 1)


# --- cleaning -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "missing"), [(DUE, False), (DUE + SECOND, True)])
def test_art15_cleaning_may_come_until_its_time_is_up(now: datetime, missing: bool) -> None:
    assert cleaning_is_missing(ENDS, (), 0, now, DEFAULT_LIMITS) is missing


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        (CheckValue.UNCHECKED, True),
        (CheckValue.IN_ORDER, False),
        (CheckValue.NONE, False),
        (CheckValue.DISPUTED, False),
    ],
)
def test_art15_a_line_that_was_looked_at_counts_whatever_was_found(value: CheckValue, missing: bool) -> None:
    lines = [(Area.MACHINES, CheckValue.IN_ORDER), (Area.CLEANLINESS, value)]
    assert cleaning_is_missing(ENDS, lines, 0, DUE + SECOND, DEFAULT_LIMITS) is missing


def test_art15_one_record_of_cleaning_in_the_shift_is_enough() -> None:
    assert not cleaning_is_missing(ENDS, (), 1, DUE + SECOND, DEFAULT_LIMITS)


# --- locked lines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("released_at", "now", "overrun"),
    [
        (None, NOON, False),
        (None, NOON + SECOND, True),
        (NOON, NOON + 60 * MINUTE, False),
        (NOON + SECOND, NOON + 60 * MINUTE, True),
    ],
)
def test_art18_a_lock_is_overrun_a_second_after_its_permit(
    released_at: datetime | None, now: datetime, overrun: bool
) -> None:
    assert lock_is_overrun(LinePermit(STARTS, NOON, released_at), now) is overrun


@pytest.mark.parametrize(
    ("seen_at", "permitted"),
    [(STARTS - SECOND, False), (STARTS, True), (NOON, True), (NOON + SECOND, False)],
)
def test_art18_a_lock_is_permitted_from_the_permits_first_instant_to_its_last(
    seen_at: datetime, permitted: bool
) -> None:
    assert lock_is_permitted(seen_at, [LinePermit(STARTS, NOON)]) is permitted


def test_art18_a_line_that_was_freed_is_not_permitted_to_be_locked_again() -> None:
    permit = LinePermit(STARTS, NOON, STARTS + MINUTE)
    assert lock_is_permitted(STARTS + MINUTE, [permit])
    assert not lock_is_permitted(STARTS + MINUTE + SECOND, [permit])


# --- undertakings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (LAST - timedelta(days=31), UndertakingState.IN_FORCE),
        (LAST - timedelta(days=30), UndertakingState.EXPIRING),
        (LAST, UndertakingState.EXPIRING),
        (LAST + timedelta(days=1), UndertakingState.EXPIRED),
    ],
)
def test_art26_an_undertaking_holds_to_its_last_day(today: date, state: UndertakingState) -> None:
    assert last_day(SIGNED, DEFAULT_LIMITS) == LAST
    assert undertaking_state([date(2024, 1, 1), SIGNED], today, DEFAULT_LIMITS) is state


def test_art26_whoever_was_never_asked_has_a_fortnight() -> None:
    assert undertaking_state([], SIGNED, DEFAULT_LIMITS) is UndertakingState.MISSING
    assert owed_from([], SIGNED, DEFAULT_LIMITS) == SIGNED + timedelta(days=15)


def test_art26_one_that_has_run_out_is_owed_the_day_after_its_last() -> None:
    assert owed_from([SIGNED], date(2026, 10, 30), DEFAULT_LIMITS) == LAST + timedelta(days=1)
