"""A month's roster in words: one page of text that the spreadsheet, the wall roster and the wide CSV all show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from locales import DEFAULT_LANGUAGE, N_, translate
from regulation.calendar_days import CalendarDay, DayKind
from regulation.roster_sheet import (
    RosterSheet,
    SheetDuty,
    SheetPerson,
    SheetShift,
    coverage_of,
    hours_of,
    nights_of,
)
from reports.columns import padded, width_of
from reports.speech import Speech

ON_LEAVE = N_("Lv")
BETWEEN_SHIFTS = "/"
WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_DAY_MARKS = {DayKind.HOLIDAY: N_("hol."), DayKind.ADJUSTED_WORKING: N_("work")}
LEAVE_TINT = -1
FREE_TINT = -2
TINTS = ("FFF2CC", "DDEBF7", "C9CFE6", "E2EFDA", "F8DCE0", "E4E4E4")
"""Fills of the shifts in their order, light enough for a laser printer; the signs are what tells them apart."""
LEAVE_FILL = "FCE4D6"
WEEKEND_FILL = "F2F2F2"
HOLIDAY_FILL = "FBE3E4"


@dataclass(frozen=True, slots=True)
class PageDay:
    """The heading of a day: its number, its weekday, and what is special about it."""

    number: str
    weekday: str
    mark: str
    off: bool
    holiday: bool


@dataclass(frozen=True, slots=True)
class PageCell:
    """A day of a person: the sign, the place of its fill in :data:`TINTS` (or leave, or free), and whether it is
    only planned."""

    text: str
    tint: int
    planned: bool


@dataclass(frozen=True, slots=True)
class PageRow:
    """A person's line."""

    work_number: str
    name: str
    team: str
    cells: tuple[PageCell, ...]
    hours: float
    nights: int


@dataclass(frozen=True, slots=True)
class PageTeam:
    """A team and its people."""

    name: str
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class PageCount:
    """How many people have a shift on each day."""

    sign: str
    name: str
    hours: str
    tint: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RosterPage:
    """The month as text. ``draft`` is the mark of what is not published, or empty; ``stamp`` says who published."""

    title: str
    owner: str
    month: str
    stamp: str
    draft: str
    days: tuple[PageDay, ...]
    teams: tuple[PageTeam, ...]
    counts: tuple[PageCount, ...]
    leave: str
    labels: dict[str, str]


def roster_page(sheet: RosterSheet, language: str = DEFAULT_LANGUAGE) -> RosterPage:
    """Return ``sheet`` in words of ``language``."""
    speech = Speech(language, sheet.time_zone, sheet.first)
    signs = shift_signs(sheet.shifts, language)
    return RosterPage(
        title=speech.say(N_("Duty roster")),
        owner=sheet.centre,
        month=speech.say(N_("{year}-{month}"), year=sheet.first.year, month=sheet.first.month),
        stamp=_stamp(sheet, speech),
        draft=speech.say(N_("Draft, not published")) if sheet.draft and sheet.has_plans else "",
        days=tuple(_day(day, speech) for day in sheet.days),
        teams=_teams(sheet, signs, speech),
        counts=tuple(
            PageCount(
                signs[shift.code],
                speech.say(shift.name_en) if speech.is_english else shift.name,
                _clock_hours(shift, sheet.first, speech),
                place % len(TINTS),
                coverage_of(sheet.people, shift.code, sheet.days),
            )
            for place, shift in enumerate(sheet.shifts)
            if any(duty.shift == shift.code for person in sheet.people for duty in person.duties)
        ),
        leave=speech.say(ON_LEAVE),
        labels=_labels(speech),
    )


def roster_text(sheet: RosterSheet, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the month as plain text in columns, to be looked at before it is written."""
    page = roster_page(sheet, language)
    rows = [row for team in page.teams for row in team.rows]
    if not rows:
        return page.labels["empty"]
    number = max(width_of(row.work_number) for row in rows)
    who = number + max(width_of(row.name) for row in rows) + 2
    grid = [
        ("", [day.number for day in page.days], ""),
        ("", [day.mark or day.weekday for day in page.days], ""),
        *(
            (
                f"{padded(row.work_number, number)} {row.name}",
                [cell.text or "·" for cell in row.cells],
                f" {row.hours:>6g}{row.nights:>4}",
            )
            for row in rows
        ),
        *((count.name, [str(people) for people in count.counts], "") for count in page.counts),
    ]
    wide = 1 + max(width_of(cell) for _who, cells, _sums in grid for cell in cells)
    lines = [
        padded(left, who) + "".join(padded(cell, wide, right=True) for cell in cells) + right
        for left, cells, right in grid
    ]
    return "\n".join([f"{page.draft}  {page.stamp}".strip(), "", *lines])


class NamedShift(Protocol):
    """A shift with its code and its sign."""

    @property
    def code(self) -> str: ...

    @property
    def short(self) -> str: ...


def shift_signs(shifts: Sequence[NamedShift], language: str) -> dict[str, str]:
    """Return the sign of each shift: its own short one, or for English readers its first letter where it is free."""
    letters = Counter(shift.code[:1].upper() for shift in shifts)
    return {
        shift.code: shift.code[:1].upper()
        if language == "en" and letters[shift.code[:1].upper()] == 1
        else shift.short
        for shift in shifts
    }


def sign_of_day(duties: Sequence[SheetDuty], signs: dict[str, str], language: str) -> str:
    """Return what stands in the cell of a day: one sign, leave's own, or several after a swap in part."""
    parts = [translate(ON_LEAVE, language) if duty.on_leave else signs[duty.shift] for duty in duties]
    return BETWEEN_SHIFTS.join(parts)


def _teams(sheet: RosterSheet, signs: dict[str, str], speech: Speech) -> tuple[PageTeam, ...]:
    names = dict(sheet.teams)
    rows: dict[str, list[PageRow]] = {}
    for person in sheet.people:
        rows.setdefault(person.team, []).append(_row(person, sheet, signs, speech))
    return tuple(
        PageTeam(names.get(code, code) or speech.say(N_("No team")), tuple(found))
        for code, found in rows.items()
    )


def _row(person: SheetPerson, sheet: RosterSheet, signs: dict[str, str], speech: Speech) -> PageRow:
    language = "en" if speech.is_english else DEFAULT_LANGUAGE
    places = {shift.code: place % len(TINTS) for place, shift in enumerate(sheet.shifts)}
    cells = []
    for day in sheet.days:
        duties = person.on(day.date)
        tint = FREE_TINT
        if duties:
            tint = LEAVE_TINT if duties[0].on_leave else places[duties[0].shift]
        cells.append(PageCell(sign_of_day(duties, signs, language), tint, day.date in person.planned))
    return PageRow(
        person.work_number,
        person.name,
        dict(sheet.teams).get(person.team, person.team),
        tuple(cells),
        hours_of(person.duties),
        nights_of(person.duties, sheet.shifts),
    )


def _day(day: CalendarDay, speech: Speech) -> PageDay:
    mark = _DAY_MARKS.get(day.kind, "")
    return PageDay(
        str(day.date.day),
        speech.say(WEEKDAYS[day.date.weekday()]),
        speech.say(mark),
        not day.is_worked,
        day.kind is DayKind.HOLIDAY,
    )


def _stamp(sheet: RosterSheet, speech: Speech) -> str:
    version = speech.say(N_("Roster version {version}"), version=sheet.version)
    if sheet.published_at is None:
        return version
    published = speech.say(
        N_("published by {whom}, {at}"), whom=sheet.published_by, at=speech.full(sheet.published_at)
    )
    return f"{version} · {published}"


def _clock_hours(shift: SheetShift, day: date, speech: Speech) -> str:
    """A shift's usual hours by the clock."""
    starts = datetime.combine(day, time()) + timedelta(minutes=shift.start_minute)
    ends = starts + timedelta(minutes=shift.duration_minutes)
    words = (
        N_("{start}–{end} next day") if ends.date() > day and f"{ends:%H:%M}" != "00:00" else "{start}–{end}"
    )
    return speech.say(words, start=f"{starts:%H:%M}", end=f"{ends:%H:%M}")


def _labels(speech: Speech) -> dict[str, str]:
    return {
        "number": speech.say(N_("work number")),
        "name": speech.say(N_("name")),
        "team": speech.say(N_("team")),
        "hours": speech.say(N_("Hours")),
        "nights": speech.say(N_("Nights")),
        "people": speech.say(N_("On duty")),
        "legend": speech.say(N_("Legend")),
        "leave": speech.say(N_("on leave")),
        "planned": speech.say(N_("planned, not published yet")),
        "empty": speech.say(N_("Nobody is rostered.")),
    }
