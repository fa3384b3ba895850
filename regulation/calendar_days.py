"""Which days are worked: working days, rest days, public holidays, and rest days that are worked instead (调休上班).

What is published for a country comes in as data; the centre's own word on a day stands above it. A country that
moves working days by a yearly notice has not said so for every year to come: such a year is marked unpublished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from regulation.marking import N_


class DayKind(StrEnum):
    """What a civil day is to those who work office hours."""

    WORKING = "working"
    REST = "rest"
    HOLIDAY = "holiday"
    ADJUSTED_WORKING = "adjusted_working"


KIND_NAMES: Mapping[DayKind, str] = {
    DayKind.WORKING: N_("working day"),
    DayKind.REST: N_("rest day"),
    DayKind.HOLIDAY: N_("public holiday"),
    DayKind.ADJUSTED_WORKING: N_("adjusted working day"),
}
SATURDAY_AND_SUNDAY = frozenset({5, 6})
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class DayName:
    """What a day is called, in the country's own language and in English."""

    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """What a country has published for a year.

    ``holidays`` are the public holidays; ``rest`` the other days off that are no weekend; ``working`` the days of
    a weekend that are worked; ``weekend`` the numbers of its days (Monday is 0). ``complete`` is false while the
    yearly notice that moves working days is still to come.
    """

    year: int
    holidays: Mapping[date, DayName] = field(default_factory=dict)
    rest: Mapping[date, DayName] = field(default_factory=dict)
    working: frozenset[date] = frozenset()
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    complete: bool = True


@dataclass(frozen=True, slots=True)
class DayChange:
    """The centre's own word on one day, such as a notice that came after the published data."""

    date: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day. ``own``: the centre said so; ``complete``: its year's notice is published."""

    date: date
    kind: DayKind
    name: str = ""
    name_en: str = ""
    own: bool = False
    complete: bool = True

    @property
    def is_worked(self) -> bool:
        """Whether office hours are worked."""
        return self.kind in (DayKind.WORKING, DayKind.ADJUSTED_WORKING)


def calendar_days(
    first: date, last: date, published: Mapping[int, PublishedYear], changes: Iterable[DayChange]
) -> tuple[CalendarDay, ...]:
    """Return every day from ``first`` to ``last``: the centre's word, else what is published, else the weekday.

    A year without an entry in ``published`` has weekends only and is marked incomplete.
    """
    own = {change.date: change for change in changes}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(_day(day, published.get(day.year) or _silent(day.year), own.get(day)) for day in days)


def working_days_by_month(days: Iterable[CalendarDay]) -> dict[tuple[int, int], int]:
    """Return how many days are worked in each ``(year, month)``; the caller passes whole months."""
    count: dict[tuple[int, int], int] = {}
    for day in days:
        month = (day.date.year, day.date.month)
        count[month] = count.get(month, 0) + day.is_worked
    return count


def notice_is_out(moved: Iterable[date]) -> bool:
    """Whether a year's notice is published, given the rest days of that year that are worked.

    The next year's notice may already move the last days of December: they alone do not show it.
    """
    return any(day.month < _DECEMBER for day in moved)


def _silent(year: int) -> PublishedYear:
    return PublishedYear(year, complete=False)


def _day(day: date, year: PublishedYear, change: DayChange | None) -> CalendarDay:
    if change is not None:
        return CalendarDay(day, change.kind, change.name, change.name, own=True, complete=year.complete)
    is_weekend = day.weekday() in year.weekend
    named = year.holidays.get(day)
    if named is not None:
        return CalendarDay(day, DayKind.HOLIDAY, named.name, named.name_en, complete=year.complete)
    if day in year.working:
        # A list of worked days may name an ordinary weekday too: only a weekend's day is an adjusted one.
        kind = DayKind.ADJUSTED_WORKING if is_weekend else DayKind.WORKING
        return CalendarDay(day, kind, complete=year.complete)
    named = year.rest.get(day)
    if named is not None:
        return CalendarDay(day, DayKind.REST, named.name, named.name_en, complete=year.complete)
    return CalendarDay(day, DayKind.REST if is_weekend else DayKind.WORKING, complete=year.complete)
