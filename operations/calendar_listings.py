"""The calendar's days and the seasons of the shifts as lists."""

from __future__ import annotations

from datetime import date

from locales import N_, _
from operations.boundary import SYSTEM
from operations.calendar_days import Calendar, calendar
from operations.errors import Invalid
from operations.listings import Listing, Office, own_language
from operations.shift_seasons import shift_seasons
from regulation.calendar_days import KIND_NAMES, CalendarDay, DayKind


def days_of_year(text: str) -> tuple[date, date]:
    """Return the first and the last day of the year ``text`` names. Raises :class:`Invalid`."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid(_("A year is written like 2027."))
    return date(int(text), 1, 1), date(int(text), 12, 31)


def calendar_listing(at: Office, first: date, last: date) -> Listing:
    """The days that are not as their weekday says, and what the centre said itself."""
    found = calendar(SYSTEM, at.now, first, last)
    record = {
        "country": found.country,
        "unpublished": found.unpublished,
        "working_days": sum(day.is_worked for day in found.days),
        "days": [_day_record(day) for day in found.days],
    }
    special = [day for day in found.days if is_special(day)]
    rows = [
        (day.date.isoformat(), _(KIND_NAMES[day.kind]), day_name(day), _("the centre") if day.own else "")
        for day in special
    ]
    headings = (N_("date"), N_("kind"), N_("called"), N_("said by"))
    return Listing(record, headings, rows, _("Only working days and weekends."))


def is_special(day: CalendarDay) -> bool:
    """Whether a day is not simply what its weekday says."""
    return bool(day.name) or day.own or day.kind in (DayKind.HOLIDAY, DayKind.ADJUSTED_WORKING)


def calendar_lines(at: Office, first: date, last: date) -> list[str]:
    """How many days are worked, and what is not published yet."""
    found = calendar(SYSTEM, at.now, first, last)
    worked = sum(day.is_worked for day in found.days)
    return [_("{count} working days").format(count=worked), *unpublished_lines(found)]


def unpublished_lines(found: Calendar) -> list[str]:
    """Say of which years the adjusted working days are not known yet."""
    text = _("{year}: the adjusted working days are not yet published; set them when they are.")
    return [text.format(year=year) for year in found.unpublished]


def seasons_listing(at: Office) -> Listing:
    """The seasons of the shifts, by date of effect."""
    rows = shift_seasons(SYSTEM, at.now)
    cells = [
        (
            row.shift,
            row.season.code,
            f"{row.season.first_day} → {row.season.last_day}",
            f"{row.season.start_minute // 60:02}:{row.season.start_minute % 60:02}",
            row.season.duration_minutes,
            row.season.effective_from.isoformat(),
            _("ended") if row.season.retired else "",
        )
        for row in rows
    ]
    headings = (N_("shift"), N_("season"), N_("days"), N_("start"), N_("minutes"), N_("from"), N_("state"))
    return Listing(rows, headings, cells, _("No shift has a season."), right=(4,))


def day_name(day: CalendarDay) -> str:
    """A day's name in the current language, empty for one without."""
    return own_language(day.name, day.name_en)


def _day_record(day: CalendarDay) -> dict[str, object]:
    return {
        "date": day.date,
        "kind": day.kind,
        "name": day.name,
        "name_en": day.name_en,
        "own": day.own,
        "complete": day.complete,
    }
