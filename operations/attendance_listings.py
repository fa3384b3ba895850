"""A month of attendance as a list: the records for programs, and words for people (Art. 34)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from locales import N_, _
from operations.attendance_months import attendance_sheets
from operations.boundary import SYSTEM
from operations.listings import Listing, Office
from regulation.attendance_month import Totals, formula
from regulation.attendance_sheet import AttendanceDuty, AttendancePerson, AttendanceSheet, person_totals
from regulation.duty_numbers import number_text, percent_text
from regulation.duty_verdicts import DutyVerdict
from regulation.leave_kinds import LeaveKind
from regulation.ledger import instant_text

_HEADINGS = (
    N_("due"),
    N_("attended"),
    N_("rate"),
    N_("late"),
    N_("early"),
    N_("absent from duty"),
    N_("leave"),
    N_("not clear"),
)
_LATE = (DutyVerdict.LATE, DutyVerdict.LATE_FOR_RELIEF)


def month_of(at: Office, text: str) -> date:
    """Return the first day of the month ``YYYY-MM`` (empty: this one)."""
    first, _end = at.month(text)
    return first.astimezone(at.zone).date()


def sheets_of(at: Office, month: str, team: str) -> tuple[AttendanceSheet, ...]:
    """Return the sheet of every team, or of one: as last submitted, else as of now."""
    return attendance_sheets(SYSTEM, at.now, month_of(at, month), team)


def attendance_record(at: Office, month: str, team: str) -> dict[str, Any]:
    """Return a month for programs: each team's sums, and every duty with its verdict and evidence."""
    sheets = sheets_of(at, month, team)
    return {
        "month": f"{month_of(at, month):%Y-%m}",
        "teams": [_team_record(sheet) for sheet in sheets],
        "duties": [record for sheet in sheets for record in _duty_records(sheet)],
    }


def attendance_listing(at: Office, month: str, team: str) -> Listing:
    """Return a month for people: a line for each team, or with ``team`` for each of its people."""
    sheets = sheets_of(at, month, team)
    if team:
        rows = [(p.work_number, p.name, *_cells(person_totals(p))) for s in sheets for p in s.people]
        headings: tuple[str, ...] = (N_("number"), N_("name"), *_HEADINGS)
    else:
        rows = [
            (sheet.team_name or _("No team"), *_cells(sheet.totals), _state(at, sheet)) for sheet in sheets
        ]
        headings = (N_("team"), *_HEADINGS, N_("submitted"))
    first = 2 if team else 1
    numbers = tuple(range(first, first + len(_HEADINGS)))
    return Listing(None, headings, rows, _("No duties in this month."), numbers)


def formula_lines(at: Office, month: str, team: str) -> list[str]:
    """Return the formula with the numbers of each team (Art. 34)."""
    return [
        text
        for sheet in sheets_of(at, month, team)
        for text in (sheet.team_name or _("No team"), *formula_text(sheet.totals), *_unresolved(sheet))
    ]


def formula_text(sums: Totals) -> list[str]:
    """Return the two lines of the formula, filled in."""
    return [_(line.text).format(**line.details) for line in formula(sums)]


def leave_days(sums: Totals) -> Fraction:
    """Return the duties that leave of any kind took."""
    return sum((sums.by_category.get(kind.value, Fraction(0)) for kind in LeaveKind), Fraction(0))


def _cells(sums: Totals) -> Sequence[str]:
    def number(*verdicts: DutyVerdict) -> str:
        return number_text(sum((sums.by_category.get(v.value, Fraction(0)) for v in verdicts), Fraction(0)))

    return (
        number_text(sums.due),
        number_text(sums.attended),
        "—" if sums.rate is None else percent_text(sums.rate),
        number(*_LATE),
        number(DutyVerdict.LEFT_EARLY),
        number(DutyVerdict.ABSENT),
        number_text(leave_days(sums)),
        number(DutyVerdict.UNKNOWN),
    )


def _state(at: Office, sheet: AttendanceSheet) -> str:
    if sheet.is_draft:
        return _("not submitted")
    words = _("version {version}, {time}, {who}")
    return words.format(version=sheet.version, time=at.clock(sheet.submitted_at), who=sheet.submitted_by)


def _unresolved(sheet: AttendanceSheet) -> Iterable[str]:
    """The work that is left: duties that are not clear."""
    open_duties = [
        (duty.date, person) for person in sheet.people for duty in person.duties if duty.verdict == "unknown"
    ]
    for day, person in sorted(open_duties, key=lambda one: (one[0], one[1].work_number)):
        words = _("not clear: {date} {name}({number})")
        yield words.format(date=day.isoformat(), name=person.name, number=person.work_number)


def _team_record(sheet: AttendanceSheet) -> dict[str, Any]:
    sums = sheet.totals
    return {
        "team": sheet.team,
        "due": _number(sums.due),
        "attended": _number(sums.attended),
        "rate": None if sums.rate is None else round(float(sums.rate), 6),
        "by_category": {name: _number(number) for name, number in sums.by_category.items()},
    }


def _duty_records(sheet: AttendanceSheet) -> list[dict[str, Any]]:
    return [_duty_record(person, duty) for person in sheet.people for duty in person.duties]


def _duty_record(person: AttendancePerson, duty: AttendanceDuty) -> dict[str, Any]:
    return {
        "date": duty.date.isoformat(),
        "work_number": person.work_number,
        "shift": duty.shift,
        "starts_at": instant_text(duty.starts_at),
        "ends_at": instant_text(duty.ends_at),
        "verdict": duty.verdict,
        "minutes_late": duty.minutes_late,
        "minutes_early": duty.minutes_early,
        "findings": [{"article": found.article, "code": found.code} for found in duty.findings],
        "evidence": list(duty.evidence),
    }


def _number(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else round(float(number), 6)
