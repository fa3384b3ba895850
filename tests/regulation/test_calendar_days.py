"""The calendar's days: published, moved by a notice, and the centre's own word above both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.calendar_days import (
    KIND_NAMES,
    CalendarDay,
    DayChange,
    DayKind,
    DayName,
    PublishedYear,
    calendar_days,
    notice_is_out,
    working_days_by_month,
)

HOLIDAY, SWAPPED, LIEU = date(2026, 5, 1), date(2026, 5, 9), date(2026, 5, 5)
MONDAY, SATURDAY = date(2026, 5, 11), date(2026, 5, 16)
YEAR = PublishedYear(
    2026,
    {HOLIDAY: DayName("劳动节", "Labour Day")},
    {LIEU: DayName("调休", "day in lieu")},
    frozenset({SWAPPED, MONDAY}),
)


def day_of(day: date, *changes: DayChange, year: PublishedYear = YEAR) -> CalendarDay:
    (found,) = calendar_days(day, day, {2026: year}, changes)
    return found


@pytest.mark.parametrize(
    ("day", "kind", "worked"),
    [
        (HOLIDAY, DayKind.HOLIDAY, False),
        (SWAPPED, DayKind.ADJUSTED_WORKING, True),
        (LIEU, DayKind.REST, False),
        (MONDAY, DayKind.WORKING, True),
        (SATURDAY, DayKind.REST, False),
    ],
    ids=["holiday", "adjusted Saturday", "day in lieu", "an ordinary Monday in the list", "Saturday"],
)
def test_what_is_published_decides_and_else_the_weekday(day: date, kind: DayKind, worked: bool) -> None:
    found = day_of(day)
    assert (found.kind, found.is_worked, found.own, found.complete) == (kind, worked, False, True)


def test_the_centres_own_word_stands_above_what_is_published() -> None:
    found = day_of(HOLIDAY, DayChange(HOLIDAY, DayKind.WORKING, "加班"))
    assert (found.kind, found.name, found.own, found.is_worked) == (DayKind.WORKING, "加班", True, True)
    assert day_of(MONDAY, DayChange(HOLIDAY, DayKind.WORKING)) == day_of(MONDAY)


def test_a_year_nobody_published_has_weekends_only_and_says_so() -> None:
    days = calendar_days(date(2026, 12, 31), date(2027, 1, 3), {2026: YEAR}, ())
    assert [(d.kind, d.complete) for d in days] == [
        (DayKind.WORKING, True),
        (DayKind.WORKING, False),
        (DayKind.REST, False),
        (DayKind.REST, False),
    ]


def test_a_moved_day_in_november_shows_that_the_years_notice_is_out() -> None:
    assert notice_is_out([date(2027, 11, 30)])


def test_a_moved_day_in_december_may_be_the_next_years_notice() -> None:
    assert not notice_is_out([date(2027, 12, 1), date(2027, 12, 31)])
    assert not notice_is_out([])


def test_a_country_may_rest_on_other_days_of_the_week() -> None:
    friday = date(2026, 5, 15)
    assert day_of(friday, year=PublishedYear(2026, weekend=frozenset({4, 5}))).kind is DayKind.REST


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES) == set(DayKind)


@given(st.dates(date(2026, 1, 1), date(2026, 10, 1)), st.integers(0, 80))
def test_a_range_holds_each_of_its_days_once_and_its_months_count_its_worked_days(
    first: date, length: int
) -> None:
    days = calendar_days(first, first + timedelta(days=length), {2026: YEAR}, ())
    assert [d.date for d in days] == [first + timedelta(days=n) for n in range(length + 1)]
    assert sum(working_days_by_month(days).values()) == sum(d.is_worked for d in days)
