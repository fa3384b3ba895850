"""The centre's calendar: what is published for its country, and the centre's own word above it.

The country is the one whose time zone the centre keeps. Published days come from the ``holidays`` package, which
knows adjusted working days (调休) as far as a government's yearly notice reaches and says nothing after it: such a
year is marked as not yet published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, the_centre
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from regulation.calendar_days import (
    CalendarDay,
    DayChange,
    DayKind,
    DayName,
    PublishedYear,
    calendar_days,
    notice_is_out,
)

LONGEST_NAME = 40
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a range. ``unpublished`` are its years whose working days may still be moved."""

    country: str
    days: tuple[CalendarDay, ...]
    unpublished: tuple[int, ...]


@reads(Action.READ_REGULATION)
def calendar(_session: Session, first: date, last: date) -> Calendar:
    """Return every day from ``first`` to ``last``; both within the years 2000 to 2099."""
    _check_range(first, last)
    days = days_between(first, last)
    return Calendar(
        country_of(the_centre().time_zone), days, tuple(sorted({d.date.year for d in days if not d.complete}))
    )


@writes(Action.KEEP_ROTATIONS)
def set_day_kind(session: Session, day: date, kind: DayKind, name: str = "") -> None:
    """Say what a day is at this centre, whatever is published; days that are past stay as they were."""
    name = name.strip()
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A name is needed, of at most {most} characters.").format(most=LONGEST_NAME))
    _check_range(day, day)
    _refuse_past(session, day)
    change = models.DayKindChange
    change.delete().where(change.date == day).execute()
    change.create(date=day, kind=kind, name=name, set_by=session.actor.work_number, set_at=session.now)
    session.about(f"day:{day.isoformat()}", kind=kind, name=name)


@writes(Action.KEEP_ROTATIONS)
def clear_day_kind(session: Session, day: date) -> None:
    """Take the centre's own word on a day back: what is published counts again."""
    change = models.DayKindChange
    _refuse_past(session, day)
    if not change.delete().where(change.date == day).execute():
        raise NotFound(_("The centre has said nothing of its own about {date}.").format(date=day.isoformat()))
    session.about(f"day:{day.isoformat()}")


def days_between(first: date, last: date) -> tuple[CalendarDay, ...]:
    """Return every day from ``first`` to ``last`` (inside a transaction)."""
    country = country_of(the_centre().time_zone)
    published = {year: published_year(country, year) for year in range(first.year, last.year + 1)}
    return calendar_days(first, last, published, _own_days(first, last))


def _own_days(first: date, last: date) -> Iterable[DayChange]:
    change = models.DayKindChange
    for row in change.select().where(change.date >= first, change.date <= last):
        yield DayChange(row.date, DayKind(row.kind), row.name)


def _check_range(first: date, last: date) -> None:
    if first.year < FIRST_YEAR or last.year > LAST_YEAR or last < first:
        raise Invalid(
            _("The calendar reaches from {first} to {last}.").format(first=FIRST_YEAR, last=LAST_YEAR)
        )


def _refuse_past(session: Session, day: date) -> None:
    if day < civil_date(session.now):
        raise Invalid(_("What counted on days that are past stays as it was."), article=33)


# --- what is published --------------------------------------------------------------------------------------


@cache
def country_of(time_zone: str) -> str:
    """Return the ISO code of the country a time zone belongs to, empty for one that belongs to none (UTC)."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if row[2] == time_zone), "")


@cache
def published_year(country: str, year: int) -> PublishedYear:
    """Return what is published for a country's year; weekends alone, and incomplete, where nothing is known."""
    import holidays

    try:
        languages = holidays.country_holidays(country)
    except NotImplementedError:
        return PublishedYear(year, complete=False)
    # Without a language the package would follow the machine's.
    own = languages.default_language
    everything = holidays.country_holidays(country, years=year, language=own)
    statutory = holidays.country_holidays(country, years=year, language=own, observed=False)
    english = _in_english(country, year, languages.supported_languages)
    # The package also lists days off that were moved, and days in lieu; neither is a public holiday itself.
    moved = str(getattr(statutory, "substituted_label", "")).partition("%s")[0]
    named: dict[date, DayName] = {
        day: DayName(name, english.get(day, name)) for day, name in everything.items() if day.year == year
    }
    public = {day for day, name in statutory.items() if not (moved and name.startswith(moved))}
    working = frozenset(day for day in everything.weekend_workdays if day.year == year)
    return PublishedYear(
        year,
        {day: name for day, name in named.items() if day in public},
        {day: name for day, name in named.items() if day not in public},
        working,
        frozenset(everything.weekend),
        not everything.has_substituted_holidays or notice_is_out(working),
    )


def _in_english(country: str, year: int, languages: Collection[str]) -> Mapping[date, str]:
    import holidays

    english = next((code for code in ("en_US", "en_GB", "en") if code in languages), None)
    return holidays.country_holidays(country, years=year, language=english) if english else {}
