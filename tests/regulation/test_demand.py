"""Demand: which line counts on which day, and from when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from regulation.calendar_days import CalendarDay, DayKind
from regulation.demand import (
    LEADER,
    OPERATOR,
    DemandChange,
    DemandLine,
    Need,
    days_meant,
    grouped,
    lines_in_force,
    needs_on,
)

MONDAY = date(2026, 12, 7)
NIGHT = "night"


def line(days: str, least: int, who: str = OPERATOR) -> DemandLine:
    return DemandLine(NIGHT, who, days, Need(least, least + 1))


def need(lines: list[DemandLine], day: CalendarDay) -> int | None:
    found = needs_on(lines, day).get((NIGHT, OPERATOR))
    return found.least if found else None


LINES = [line("mon", 3), line("holiday", 2), line("adjusted_working", 5), line("2026-12-14", 9)]


@pytest.mark.parametrize(
    ("day", "least"),
    [
        (CalendarDay(MONDAY, DayKind.WORKING), 3),
        (CalendarDay(MONDAY + timedelta(days=1), DayKind.WORKING), None),
        (CalendarDay(MONDAY, DayKind.HOLIDAY), 2),
        (CalendarDay(MONDAY, DayKind.REST), 2),
        (CalendarDay(MONDAY - timedelta(days=1), DayKind.REST), None),
        (CalendarDay(MONDAY - timedelta(days=1), DayKind.ADJUSTED_WORKING), 5),
        (CalendarDay(MONDAY + timedelta(days=7), DayKind.HOLIDAY), 9),
        (CalendarDay(MONDAY + timedelta(days=14), DayKind.HOLIDAY), 2),
    ],
)
def test_the_date_wins_over_the_holiday_and_the_holiday_over_the_weekday(
    day: CalendarDay, least: int | None
) -> None:
    assert need(LINES, day) == least
    assert need(LINES[::-1], day) == least


def test_leaders_and_operators_are_counted_apart() -> None:
    day = CalendarDay(MONDAY, DayKind.HOLIDAY)
    found = needs_on([line("mon", 1, LEADER), line("holiday", 4)], day)
    assert found == {(NIGHT, LEADER): Need(1, 2), (NIGHT, OPERATOR): Need(4, 5)}


def test_a_change_counts_from_its_day_on_and_not_the_day_before() -> None:
    changes = [
        DemandChange(line("mon", 3), date(2026, 1, 1)),
        DemandChange(line("mon", 4), MONDAY),
        DemandChange(line("mon", 4), MONDAY + timedelta(days=7), retired=True),
    ]
    assert [found.need.least for found in lines_in_force(changes, MONDAY - timedelta(days=1))] == [3]
    assert [found.need.least for found in lines_in_force(changes, MONDAY)] == [4]
    assert lines_in_force(changes, MONDAY + timedelta(days=7)) == ()


def test_a_word_stands_for_its_days_and_a_date_for_itself() -> None:
    assert days_meant(" Weekend ") == ("sat", "sun")
    assert days_meant("holiday") == ("holiday",)
    assert days_meant("2026-12-31") == ("2026-12-31",)
    assert days_meant("sat, weekend,holiday") == ("sat", "sun", "holiday")
    with pytest.raises(ValueError, match=" , "):
        days_meant(" , ")
    with pytest.raises(ValueError, match="someday"):
        days_meant("someday")


def test_lines_that_say_the_same_stand_together_and_mean_the_same_days_again() -> None:
    found = grouped([line("mon", 3), line("sat", 2), line("fri", 3), line("sun", 2)])
    assert [(group.need.least, group.words) for group in found] == [(3, "mon,fri"), (2, "weekend")]
    assert [days_meant(group.words) for group in found] == [group.days for group in found]
