"""Art. 14, 21 and 24: leaving one's seat, coming to relieve, and leaving after being relieved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulation.limits import DEFAULT_LIMITS, LimitChange, limits_in_force
from regulation.occupancy import Occupancy
from regulation.records import DutyRecord
from regulation.relief import (
    arrival_finding,
    duty_left_by,
    duty_to_arrive_for,
    is_on_duty,
    leaving_finding,
    may_be_relieved,
    relief_is_early,
    return_finding,
    whole_minutes,
)
from tests.regulation.room import (
    ENDS,
    INSTANT,
    MINUTE,
    NOON,
    OPERATOR,
    SECOND,
    STARTS,
    duty,
    entry,
    found,
    inside,
    leaving,
    permit,
)

RELIEF_EXPECTED = ENDS - 10 * MINUTE


# --- Art. 14: stay at your seat -----------------------------------------------------------------------------


def test_art14_leaving_on_duty_without_a_permit_is_a_finding() -> None:
    verdict = leaving("operator", NOON)
    assert (verdict.code, found(verdict)) == ("released.no_permit", ["left_without_permit"])
    assert verdict.findings[0].article == 14
    assert verdict.findings[0].evidence == (f"duty:{OPERATOR}",)


@pytest.mark.parametrize(
    ("at", "findings"),
    [
        (NOON - INSTANT, ["left_without_permit"]),
        (NOON, []),
        (NOON + 15 * MINUTE, []),
        (NOON + 15 * MINUTE + INSTANT, ["left_without_permit"]),
    ],
)
def test_art14_a_permit_covers_leaving_from_its_first_instant_to_its_last(
    at: datetime, findings: list[str]
) -> None:
    assert found(leaving("operator", at, permits=(permit(),))) == findings


def test_art14_a_permit_that_was_closed_covers_nothing() -> None:
    used = permit(returned_at=NOON + MINUTE)
    assert found(leaving("operator", NOON + 2 * MINUTE, permits=(used,))) == ["left_without_permit"]


@pytest.mark.parametrize(
    ("at", "findings"), [(NOON + 15 * MINUTE, 0), (NOON + 15 * MINUTE + SECOND, 1)], ids=["on time", "late"]
)
def test_art14_coming_back_at_the_last_instant_is_in_time_and_a_second_later_is_not(
    at: datetime, findings: int
) -> None:
    late = return_finding(permit(), at, DEFAULT_LIMITS)
    assert (late is not None) == bool(findings)


def test_art14_a_started_minute_past_the_permit_counts_as_a_minute() -> None:
    late = return_finding(permit(), NOON + 16 * MINUTE + SECOND, DEFAULT_LIMITS)
    assert late is not None
    assert (late.code, late.article, late.details) == ("permit_overrun", 14, {"minutes": "2"})
    assert late.evidence == ("permit:8",)


def test_art14_who_comes_back_in_time_is_let_in_without_a_word() -> None:
    who = inside(OPERATOR, since=STARTS - 10 * MINUTE)
    who.people.clear()
    in_time = entry("operator", NOON + 15 * MINUTE, who, permits=(permit(),))
    assert (in_time.code, found(in_time)) == ("granted", [])
    late = entry("operator", NOON + 15 * MINUTE + SECOND, who, permits=(permit(),))
    assert (late.code, found(late)) == ("granted.permit_overrun", ["permit_overrun"])


def test_art14_fetching_a_visitor_is_not_leaving_the_seat() -> None:
    assert found(leaving("operator", NOON, visitor_waiting=True)) == []
    assert found(leaving("operator", NOON)) == ["left_without_permit"]


@pytest.mark.parametrize(
    ("at", "findings"),
    [(STARTS - INSTANT, []), (STARTS, ["left_without_permit"])],
)
def test_art14_the_seat_binds_from_the_first_instant_of_the_duty(at: datetime, findings: list[str]) -> None:
    assert found(leaving("operator", at)) == findings


def test_art14_office_hours_bind_nobody_to_a_seat() -> None:
    assert found(leaving("operator", NOON, duties=(duty(bound_to_seat=False),))) == []


def test_art14_leave_and_relief_set_free() -> None:
    for changes in ({"on_leave": True}, {"relieved_at": NOON}):
        assert found(leaving("operator", NOON, duties=(duty(**changes),))) == []


# --- Art. 21: relief comes ten minutes early ----------------------------------------------------------------


def test_art21_relief_at_ten_minutes_before_is_early() -> None:
    assert relief_is_early(STARTS - 10 * MINUTE, STARTS, DEFAULT_LIMITS)


def test_art21_relief_at_nine_minutes_before_is_not_early() -> None:
    assert not relief_is_early(STARTS - 9 * MINUTE, STARTS, DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("arrived_at", "code", "minutes"),
    [
        (STARTS - 10 * MINUTE, "", ""),
        (STARTS - 10 * MINUTE + INSTANT, "relief_late", "1"),
        (STARTS - 9 * MINUTE, "relief_late", "1"),
        (STARTS, "relief_late", "10"),
        (STARTS + INSTANT, "duty_late", "1"),
        (STARTS + 5 * MINUTE, "duty_late", "5"),
    ],
)
def test_art21_late_for_relief_until_the_shift_begins_and_late_for_the_shift_after(
    arrived_at: datetime, code: str, minutes: str
) -> None:
    finding = arrival_finding(duty(), arrived_at, DEFAULT_LIMITS)
    said = (finding.code, finding.details["minutes"]) if finding is not None else ("", "")
    assert said == (code, minutes)


def test_art21_the_door_says_so_and_lets_them_in() -> None:
    verdict = entry("operator", STARTS - 9 * MINUTE)
    assert (verdict.code, verdict.outcome.opens, found(verdict)) == (
        "granted.relief_late",
        True,
        ["relief_late"],
    )


def test_art21_only_the_first_entry_for_a_duty_is_judged() -> None:
    who = inside(OPERATOR, since=STARTS - 10 * MINUTE)
    who.people.clear()
    assert found(entry("operator", NOON, who)) == []
    assert found(entry("operator", NOON, Occupancy())) == ["duty_late"]


def test_art21_an_entry_before_the_arrival_window_was_for_something_else() -> None:
    at_window, before = (
        inside(OPERATOR, since=STARTS - 120 * MINUTE),
        inside(OPERATOR, since=STARTS - 120 * MINUTE - INSTANT),
    )
    at_window.people.clear()
    before.people.clear()
    assert found(entry("operator", NOON, at_window)) == []
    assert found(entry("operator", NOON, before)) == ["duty_late"]


def test_art21_the_centre_may_ask_for_twenty_minutes_from_a_day_on() -> None:
    change = LimitChange("relief_early_minutes", 20, STARTS.date())
    asked = limits_in_force([change], STARTS.date())
    assert relief_is_early(STARTS - 20 * MINUTE, STARTS, asked)
    assert not relief_is_early(STARTS - 19 * MINUTE, STARTS, asked)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (STARTS - 120 * MINUTE - INSTANT, None),
        (STARTS - 120 * MINUTE, 1),
        (ENDS - INSTANT, 1),
        (ENDS, 2),
    ],
)
def test_art21_an_entry_belongs_to_the_duty_that_runs_before_the_next_one(
    at: datetime, expected: int | None
) -> None:
    next_duty = duty(id=2, starts_at=ENDS, ends_at=ENDS + timedelta(hours=8))
    arrived_for = duty_to_arrive_for([next_duty, duty(id=1)], OPERATOR, at, DEFAULT_LIMITS)
    assert (arrived_for.id if arrived_for else None) == expected


# --- Art. 24: leave only after the relief has taken over ----------------------------------------------------


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (RELIEF_EXPECTED - SECOND, "left_without_permit"),
        (RELIEF_EXPECTED, "left_before_relief"),
        (ENDS, "left_before_relief"),
        (ENDS + 360 * MINUTE - INSTANT, "left_before_relief"),
    ],
)
def test_art24_from_when_the_relief_is_expected_leaving_is_leaving_before_relief(
    at: datetime, code: str
) -> None:
    assert found(leaving("operator", at)) == [code]


def test_art24_a_second_before_the_relief_is_expected_it_is_still_a_matter_of_the_seat() -> None:
    finding = leaving_finding(duty(), None, RELIEF_EXPECTED - SECOND, DEFAULT_LIMITS)
    assert finding is not None
    assert finding.article == 14
    finding = leaving_finding(duty(), None, RELIEF_EXPECTED, DEFAULT_LIMITS)
    assert finding is not None
    assert finding.article == 24


def test_art24_six_hours_after_the_end_nobody_asks_any_more() -> None:
    assert found(leaving("operator", ENDS + 360 * MINUTE)) == []


def test_art24_who_was_relieved_leaves_freely() -> None:
    relieved = duty(relieved_at=ENDS - 5 * MINUTE)
    verdict = leaving("operator", ENDS - 4 * MINUTE, duties=(relieved,))
    assert (verdict.code, found(verdict)) == ("released", [])


@pytest.mark.parametrize(
    ("at", "findings"), [(ENDS - INSTANT, ["left_without_permit"]), (ENDS, [])], ids=["before", "at the end"]
)
def test_art24_a_duty_that_hands_over_to_nobody_ends_with_its_time(at: datetime, findings: list[str]) -> None:
    assert found(leaving("operator", at, duties=(duty(needs_relief=False),))) == findings


@pytest.mark.parametrize(
    ("changes", "at", "expected"),
    [
        ({}, STARTS - INSTANT, False),
        ({}, STARTS, True),
        ({}, ENDS - INSTANT, True),
        ({}, ENDS, False),
        ({"on_leave": True}, NOON, False),
        ({"relieved_at": NOON}, NOON, False),
    ],
)
def test_art24_on_duty_is_from_the_start_up_to_the_end_unless_on_leave_or_relieved(
    changes: dict[str, Any], at: datetime, expected: bool
) -> None:
    assert is_on_duty(duty(**changes), at) is expected


def test_art24_of_two_duties_the_later_one_is_left() -> None:
    second = duty(id=2, starts_at=ENDS, ends_at=ENDS + timedelta(hours=8))
    left = duty_left_by([duty(id=1), second], OPERATOR, ENDS + MINUTE, DEFAULT_LIMITS)
    assert left is not None
    assert left.id == 2


@pytest.mark.parametrize(
    ("delay", "minutes"), [(timedelta(), 0), (SECOND, 1), (MINUTE, 1), (MINUTE + INSTANT, 2)]
)
def test_a_started_minute_is_a_minute(delay: timedelta, minutes: int) -> None:
    assert whole_minutes(delay) == minutes


@pytest.mark.parametrize(
    ("before_end", "may"), [(timedelta(minutes=120), True), (timedelta(minutes=120, microseconds=1), False)]
)
def test_art21_a_seat_may_be_handed_over_once_its_relief_may_have_come(
    before_end: timedelta, may: bool
) -> None:
    duty = DutyRecord(1, 1, NOON.date(), "early", NOON - timedelta(hours=8), NOON)
    assert may_be_relieved(duty, NOON - before_end, DEFAULT_LIMITS) is may
    assert not may_be_relieved(replace(duty, on_leave=True), NOON, DEFAULT_LIMITS)
