"""A person's duties as a calendar (RFC 5545) for the phone: one event for each duty, in UTC.

An event is known by the person and the day, not by the row it came from: a day that was published anew replaces the
event that the phone already has (3.8.4.7), and the roster's version counts as its revision (3.8.7.4). A day that was
taken off is cancelled by name (3.8.1.11), or it would stay on the phone for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from locales import DEFAULT_LANGUAGE, N_, _
from regulation.roster_sheet import RosterSheet, SheetDuty, SheetPerson, SheetShift
from reports.private_file import write_private
from reports.sheet import printable
from reports.speech import Speech
from reports.workbook import no_sheets
from settings import ZhibanError

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT: Final = "-//zhiban//roster//EN"


def save_calendars(
    folder: Path, sheet: RosterSheet, made_at: datetime, language: str = DEFAULT_LANGUAGE
) -> tuple[Path, ...]:
    """Write a calendar for each person with a duty into ``folder``, made where it is missing; returns the files.

    Raises :class:`ZhibanError` when the extra ``sheets`` is missing or a file cannot be written.
    """
    files = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for person in sheet.people:
            if person.duties or person.cleared:
                file = folder / f"{_file_name(person.work_number)}-{sheet.month}.ics"
                write_private(file, (render_calendar(sheet, person, made_at, language),))
                files.append(file)
    except OSError as error:
        raise ZhibanError(
            _("The calendars cannot be written to {path}: {why}.").format(path=folder, why=error.strerror),
            next_step=_("Choose a folder that exists and is yours."),
        ) from error
    return tuple(files)


def render_calendar(
    sheet: RosterSheet, person: SheetPerson, made_at: datetime, language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return the month of ``person`` as an iCalendar file."""
    try:
        from icalendar import Calendar
    except ImportError as error:
        raise no_sheets() from error
    speech = Speech(language, sheet.time_zone, sheet.first)
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    name = speech.say(N_("Duties of {name}"), name=person.name)
    made.add("x-wr-calname", printable(f"{name} · {sheet.centre}"))
    made.add("x-wr-timezone", sheet.time_zone)
    for event in _events(sheet, person, speech):
        event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
        event.add("sequence", sheet.version)
        made.add_component(event)
    return bytes(made.to_ical())


def _events(sheet: RosterSheet, person: SheetPerson, speech: Speech) -> Iterator[Event]:
    from icalendar import Event

    shifts = {shift.code: shift for shift in sheet.shifts}
    for day in sorted({duty.date for duty in person.duties}):
        for place, duty in enumerate(person.on(day)):
            event = Event()
            event.add("uid", _uid(sheet, person, f"{day:%Y%m%d}" + (f"-{place + 1}" if place else "")))
            event.add("dtstart", duty.starts_at.astimezone(UTC))
            event.add("dtend", duty.ends_at.astimezone(UTC))
            event.add("summary", printable(_summary(duty, shifts[duty.shift], speech)))
            event.add("description", printable("\n".join(_lines(person, duty, speech))))
            event.add("location", printable(sheet.centre))
            event.add("status", "CANCELLED" if duty.on_leave else "CONFIRMED")
            yield event
    for day in sorted(person.cleared):
        event = Event()
        event.add("uid", _uid(sheet, person, f"{day:%Y%m%d}"))
        event.add("dtstart", day)
        event.add("summary", speech.say(N_("free day")))
        event.add("status", "CANCELLED")
        yield event


def _uid(sheet: RosterSheet, person: SheetPerson, day: str) -> str:
    return f"duty-{person.id}-{day}@{sheet.centre_key}.zhiban"


def _summary(duty: SheetDuty, shift: SheetShift, speech: Speech) -> str:
    name = speech.say(shift.name_en) if speech.is_english else shift.name
    on_leave = speech.say(N_("on leave"))
    return f"{name} ({on_leave})" if duty.on_leave else name


def _lines(person: SheetPerson, duty: SheetDuty, speech: Speech) -> Sequence[str]:
    """What the event says besides: the hours at the centre, whoever's phone is elsewhere, and the post."""
    lines = [f"{person.name} {person.work_number}", speech.span(duty.starts_at, duty.ends_at)]
    if duty.leads:
        lines.append(speech.say(N_("leads the shift")))
    if duty.seat:
        lines.append(speech.say(N_("seat {seat}"), seat=duty.seat))
    return lines


def _file_name(work_number: str) -> str:
    """A work number as part of a file's name."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in work_number)
