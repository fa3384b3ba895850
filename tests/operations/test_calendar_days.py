"""The centre's calendar: China's published days, what is not published yet, and the centre's own word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from operations import calendar_days
from operations.boundary import SYSTEM
from operations.calendar_days import country_of, published_year
from operations.errors import Invalid, NotFound
from regulation.calendar_days import CalendarDay, DayKind
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import MANAGER

NEW_YEAR = date(2027, 1, 1)


def day_of(built: Built, day: date) -> CalendarDay:
    (found,) = calendar_days.calendar(built.actors[MANAGER], NOW, day, day).days
    return found


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 14), DayKind.ADJUSTED_WORKING, ""),  # a Saturday, worked for the Spring Festival
        (date(2026, 2, 17), DayKind.HOLIDAY, "春节"),
        (date(2026, 2, 20), DayKind.REST, "休息日（由 2026-02-14 调休）"),
        (date(2026, 5, 4), DayKind.REST, "劳动节（补假）"),
        (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2026, 11, 23), DayKind.WORKING, ""),
        (date(2026, 11, 28), DayKind.REST, ""),
    ],
)
def test_chinas_year_as_the_state_council_published_it(
    sqlite_centre: Built, day: date, kind: DayKind, name: str
) -> None:
    found = day_of(sqlite_centre, day)
    assert (found.kind, found.name, found.complete) == (kind, name, True)


def test_a_published_year_has_its_248_working_days(sqlite_centre: Built) -> None:
    year = calendar_days.calendar(SYSTEM, NOW, date(2026, 1, 1), date(2026, 12, 31))
    assert sum(day.is_worked for day in year.days) == 248
    assert (year.country, year.unpublished) == ("CN", ())


def test_a_year_whose_notice_is_still_to_come_says_so_and_has_its_holidays_all_the_same(
    sqlite_centre: Built,
) -> None:
    around = calendar_days.calendar(SYSTEM, NOW, date(2026, 12, 31), date(2028, 1, 1))
    assert around.unpublished == (2027, 2028)
    assert day_of(sqlite_centre, NEW_YEAR).kind is DayKind.HOLIDAY


def test_every_year_since_2001_is_published_and_a_notice_of_december_is_the_next_years() -> None:
    assert all(published_year("CN", year).complete for year in range(2001, 2027))
    assert date(2018, 12, 29) in published_year("CN", 2018).working


def test_a_country_that_moves_no_days_is_never_waited_for() -> None:
    germany = published_year("DE", 2031)
    assert (germany.complete, germany.holidays[date(2031, 10, 3)].name_en) == (True, "German Unity Day")


def test_an_unknown_country_has_weekends_only() -> None:
    nowhere = published_year("", 2026)
    assert (dict(nowhere.holidays), nowhere.complete) == ({}, False)


@pytest.mark.parametrize(("zone", "country"), [("Asia/Shanghai", "CN"), ("Europe/Berlin", "DE"), ("UTC", "")])
def test_the_country_follows_from_the_time_zone(zone: str, country: str) -> None:
    assert country_of(zone) == country


def test_the_centres_own_word_counts_until_it_is_taken_back(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    calendar_days.set_day_kind(manager, NOW, NEW_YEAR, DayKind.ADJUSTED_WORKING, "割接")
    calendar_days.set_day_kind(manager, NOW, NEW_YEAR, DayKind.WORKING, "割接保障")
    found = day_of(centre, NEW_YEAR)
    assert (found.kind, found.name, found.own) == (DayKind.WORKING, "割接保障", True)
    calendar_days.clear_day_kind(manager, NOW, NEW_YEAR)
    assert (day_of(centre, NEW_YEAR).kind, day_of(centre, NEW_YEAR).own) == (DayKind.HOLIDAY, False)
    with pytest.raises(NotFound, match="nothing of its own"):
        calendar_days.clear_day_kind(manager, NOW, NEW_YEAR)


def test_today_may_still_be_changed_and_yesterday_may_not(sqlite_centre: Built) -> None:
    manager = sqlite_centre.actors[MANAGER]
    calendar_days.set_day_kind(manager, NOW, TODAY, DayKind.REST)
    assert day_of(sqlite_centre, TODAY).kind is DayKind.REST
    with pytest.raises(Invalid, match="past"):
        calendar_days.set_day_kind(manager, NOW, TODAY - timedelta(days=1), DayKind.REST)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(1999, 12, 31), NEW_YEAR), (NEW_YEAR, date(2100, 1, 1)), (NEW_YEAR, date(2026, 12, 31))],
)
def test_a_range_beyond_the_calendar_is_refused(sqlite_centre: Built, first: date, last: date) -> None:
    with pytest.raises(Invalid, match="reaches from 2000 to 2099"):
        calendar_days.calendar(SYSTEM, NOW, first, last)
