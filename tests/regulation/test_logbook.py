"""Art. 7, 9, 11: told in time, overdue items that go up, complaints, floods, templates."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regulation.handover import ItemRecord, ItemState
from regulation.limits import DEFAULT_LIMITS
from regulation.logbook import (
    ENTRY_KINDS,
    TEMPLATES,
    abnormal_is_told,
    complaint_is_settled,
    item_must_escalate,
    same_flood,
)
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


# --- Art. 7: what is overdue goes up ------------------------------------------------------------------------

DUE = NOON
THIRTY = 30 * MINUTE


def overdue(now: datetime, state: ItemState = ItemState.OPEN, due_at: datetime | None = DUE) -> bool:
    return item_must_escalate(ItemRecord(1, "x", state, due_at=due_at), now, DEFAULT_LIMITS)


def test_art07_thirty_minutes_past_due_is_still_the_shifts_own_matter() -> None:
    assert not overdue(DUE + THIRTY)


def test_art07_one_second_later_it_goes_to_the_senior_shift_leader() -> None:
    assert overdue(DUE + THIRTY + SECOND)


def test_art07_what_is_settled_or_has_no_time_never_goes_up() -> None:
    assert not overdue(DUE + THIRTY + SECOND, ItemState.RESOLVED)
    assert not overdue(DUE + THIRTY + SECOND, due_at=None)
    assert overdue(DUE + THIRTY + SECOND, ItemState.CARRIED)


# --- Art. 9: complaints until the user is satisfied, floods in one line -------------------------------------


@pytest.mark.parametrize(("satisfied", "settled"), [(True, True), (False, False), (None, False)])
def test_art09_a_complaint_is_settled_only_by_a_satisfied_user(satisfied: bool | None, settled: bool) -> None:
    assert complaint_is_settled(satisfied) is settled


@pytest.mark.parametrize(("after", "same"), [(10 * MINUTE, True), (10 * MINUTE + SECOND, False)])
def test_art09_ten_minutes_after_the_last_report_it_is_the_same_flood(after: timedelta, same: bool) -> None:
    assert same_flood(NOON, NOON + after, DEFAULT_LIMITS) is same


def test_the_templates_to_begin_with_have_codes_of_their_own_and_kinds_of_the_log() -> None:
    assert len({template.code for template in TEMPLATES}) == len(TEMPLATES)
    assert {template.kind for template in TEMPLATES} <= set(ENTRY_KINDS)
    assert all("…" in template.text for template in TEMPLATES)
