"""A team's month of attendance in words (考勤表): one page of text that the spreadsheet and the paper both show."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from locales import DEFAULT_LANGUAGE, N_
from regulation.attendance_month import Totals, formula
from regulation.attendance_sheet import (
    AttendanceDuty,
    AttendancePerson,
    AttendanceSheet,
    counted_duty,
    person_totals,
)
from regulation.duty_numbers import number_text, percent_text
from regulation.duty_verdicts import UNKNOWN_NAMES, VERDICT_NAMES, DutyVerdict, UnknownReason
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from regulation.roles import ROLE_NAMES, Role
from reports.attendance_signs import BETWEEN, SIGNS, SWAPPED, Sign, Tone, signs_of, tone_of
from reports.columns import padded, width_of
from reports.roster_page import WEEKDAYS, shift_signs
from reports.sheet import SignatureBox, grouped
from reports.speech import Speech

FILLS = {
    Tone.SWAPPED: "E4E4E4",
    Tone.LEAVE: "DDEBF7",
    Tone.MILD: "FFF8E1",
    Tone.LATE: "FFE0B2",
    Tone.ABSENT: "F8CBCB",
}
"""Fills light enough for a laser printer; the signs are what tells them apart."""
WEEKEND_FILL = "F2F2F2"
_SIGNERS = (Role.SHIFT_LEADER, Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER)
_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class PageDay:
    """The heading of a day: its number, its weekday, and whether that is of the weekend."""

    number: str
    weekday: str
    weekend: bool


@dataclass(frozen=True, slots=True)
class PageCell:
    """A day of a person: the shifts' signs above, how they went below, and the tone of it."""

    shift: str
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class PageSum:
    """One number beside a person, or under everyone: as text, exactly, and as a number of a spreadsheet.

    ``number`` is ``None`` where there is none: a rate of nothing due.
    """

    text: str
    number: float | None
    percent: bool = False


@dataclass(frozen=True, slots=True)
class PageRow:
    """A person's line."""

    work_number: str
    name: str
    cells: tuple[PageCell, ...]
    sums: tuple[PageSum, ...]


@dataclass(frozen=True, slots=True)
class AttendancePage:
    """The month as text. ``draft`` is the mark of what nobody has submitted, or empty.

    ``details`` are all duties line by line under ``detail_headings``, for a spreadsheet.
    """

    title: str
    owner: str
    month: str
    team: str
    stamp: str
    draft: str
    days: tuple[PageDay, ...]
    sum_labels: tuple[str, ...]
    rows: tuple[PageRow, ...]
    total: tuple[PageSum, ...]
    formula: tuple[str, ...]
    notes: tuple[str, ...]
    legend: tuple[tuple[str, str, Tone], ...]
    shifts: tuple[tuple[str, str], ...]
    signatures: tuple[SignatureBox, ...]
    digest: str
    labels: dict[str, str]
    detail_headings: tuple[str, ...]
    details: tuple[tuple[str | int, ...], ...]


def attendance_page(sheet: AttendanceSheet, language: str = DEFAULT_LANGUAGE) -> AttendancePage:
    """Return ``sheet`` in words of ``language``."""
    speech = Speech(language, sheet.time_zone, sheet.month)
    days = _days(sheet.month)
    whole = sheet.totals
    columns = tuple(category for category in SIGNS if category in whole.by_category)
    signs = shift_signs(sheet.shifts, language)
    return AttendancePage(
        title=speech.say(N_("Attendance sheet")),
        owner=sheet.centre,
        month=speech.say(N_("{year}-{month}"), year=sheet.month.year, month=sheet.month.month),
        team=sheet.team_name or sheet.team or speech.say(N_("No team")),
        stamp=_stamp(sheet, speech),
        draft=speech.say(N_("Draft, not submitted")) if sheet.is_draft else "",
        days=tuple(
            PageDay(str(day.day), speech.say(WEEKDAYS[day.weekday()]), day.weekday() in _WEEKEND)
            for day in days
        ),
        sum_labels=_sum_labels(columns, speech),
        rows=tuple(_row(person, days, columns, signs, speech) for person in sheet.people),
        total=_sums(whole, columns),
        formula=tuple(speech.say(line.text, **line.details) for line in formula(whole)),
        notes=_notes(sheet, whole, speech),
        legend=_legend(sheet, columns, speech),
        shifts=_shift_names(sheet, signs, speech),
        signatures=_signatures(sheet, speech),
        digest=grouped(sheet.digest),
        labels=_labels(speech),
        detail_headings=_detail_headings(speech),
        details=tuple(
            _detail(person, duty, sheet, speech) for person in sheet.people for duty in person.duties
        ),
    )


def attendance_text(sheet: AttendanceSheet, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the month as plain text in columns, to be looked at before it is written."""
    page = attendance_page(sheet, language)
    head = "  ".join(filter(None, (page.team, page.draft or page.stamp)))
    if not page.rows:
        return f"{head}\n\n{page.labels['empty']}"
    number = max(width_of(row.work_number) for row in page.rows)
    who = number + max(width_of(row.name) for row in page.rows) + 2
    grid = [
        ("", [day.number for day in page.days], list(page.sum_labels)),
        *(
            (
                f"{padded(row.work_number, number)} {row.name}",
                [cell.text or "·" for cell in row.cells],
                [one.text for one in row.sums],
            )
            for row in page.rows
        ),
        (page.labels["total"], ["" for _day in page.days], [one.text for one in page.total]),
    ]
    wide = 1 + max(width_of(cell) for _who, cells, _sums in grid for cell in cells)
    rooms = [
        2 + max(width_of(sums[place]) for _who, _cells, sums in grid) for place in range(len(page.total))
    ]
    lines = [
        padded(left, who)
        + "".join(padded(cell, wide, right=True) for cell in cells)
        + "".join(padded(one, room, right=True) for one, room in zip(sums, rooms, strict=True))
        for left, cells, sums in grid
    ]
    return "\n".join([head, "", *lines, "", *page.formula, *page.notes])


def _days(month: date) -> list[date]:
    first = month.replace(day=1)
    return [first.replace(day=n + 1) for n in range(calendar.monthrange(first.year, first.month)[1])]


# --- a line -------------------------------------------------------------------------------------------------


def _row(
    person: AttendancePerson,
    days: Sequence[date],
    columns: Sequence[str],
    shifts: Mapping[str, str],
    speech: Speech,
) -> PageRow:
    on_day: dict[date, list[AttendanceDuty]] = {}
    for duty in person.duties:
        on_day.setdefault(duty.date, []).append(duty)
    return PageRow(
        person.work_number,
        person.name,
        tuple(_cell(person, on_day.get(day, ()), shifts, speech) for day in days),
        _sums(person_totals(person), columns),
    )


def _cell(
    person: AttendancePerson, duties: Iterable[AttendanceDuty], shifts: Mapping[str, str], speech: Speech
) -> PageCell:
    signs: list[Sign] = []
    names: list[str] = []
    for duty in duties:
        names.append(shifts.get(duty.shift, duty.shift))
        signs += signs_of(counted_duty(person, duty))
    text = BETWEEN.join(speech.say(sign.sign) for sign in signs)
    return PageCell(BETWEEN.join(dict.fromkeys(names)), text, tone_of(tuple(signs)))


def _sum_labels(columns: Sequence[str], speech: Speech) -> tuple[str, ...]:
    say = speech.say
    return (
        say(N_("Rost.")),
        *(say(SIGNS[category].label) for category in columns),
        say(N_("Duties due")),
        say(N_("Att.")),
        say(N_("Min. late")),
        say(N_("Min. early")),
        say(N_("Rate")),
    )


def _sums(sums: Totals, columns: Sequence[str]) -> tuple[PageSum, ...]:
    """The numbers of a line. The categories between the first and what was due add up to the first."""
    return (
        _number(sums.rostered),
        *(_number(sums.by_category.get(category, Fraction(0))) for category in columns),
        _number(sums.due),
        _number(sums.attended),
        _number(Fraction(sums.minutes_late)),
        _number(Fraction(sums.minutes_early)),
        _rate(sums.rate),
    )


def _number(number: Fraction) -> PageSum:
    return PageSum(number_text(number), float(number))


def _rate(rate: Fraction | None) -> PageSum:
    if rate is None:
        return PageSum("—", None)
    # As printed, rounded once: a spreadsheet that rounded the rate by itself could differ in the last digit.
    return PageSum(percent_text(rate), float((rate * 10_000 + Fraction(1, 2)) // 1) / 10_000, percent=True)


# --- around the table ---------------------------------------------------------------------------------------


def _stamp(sheet: AttendanceSheet, speech: Speech) -> str:
    if sheet.submitted_at is None:
        return ""
    return speech.say(
        N_("Version {version} · submitted by {whom}, {at}"),
        version=sheet.version,
        whom=sheet.submitted_by,
        at=speech.full(sheet.submitted_at),
    )


def _notes(sheet: AttendanceSheet, whole: Totals, speech: Speech) -> tuple[str, ...]:
    say = speech.say
    notes = [say(N_("Restated: {reason}"), reason=sheet.reason)] if sheet.reason else []
    if whole.unresolved:
        words = N_("{count} duties are not clear; the month is not submitted before they are settled.")
        notes.append(say(words, count=len(whole.unresolved)))
    corrected = sum(duty.correction != 0 for person in sheet.people for duty in person.duties)
    if corrected:
        notes.append(say(N_("{count} duties stand as corrected by two people (Art. 33)."), count=corrected))
    if sheet.limits_versions:
        notes.append(say(N_("Limits used, version {version}"), version=" ".join(sheet.limits_versions)))
    return tuple(notes)


def _legend(
    sheet: AttendanceSheet, columns: Sequence[str], speech: Speech
) -> tuple[tuple[str, str, Tone], ...]:
    shown = [SIGNS[category] for category in columns]
    if any(duty.verdict == DutyVerdict.SWAPPED_OUT for person in sheet.people for duty in person.duties):
        shown.append(SWAPPED)
    return tuple((speech.say(sign.sign), speech.say(sign.name), sign.tone) for sign in shown)


def _shift_names(
    sheet: AttendanceSheet, signs: Mapping[str, str], speech: Speech
) -> tuple[tuple[str, str], ...]:
    worked = {duty.shift for person in sheet.people for duty in person.duties}
    return tuple(
        (signs[shift.code], _shift_name(shift.name, shift.name_en, speech))
        for shift in sheet.shifts
        if shift.code in worked
    )


def _shift_name(name: str, english: str, speech: Speech) -> str:
    return speech.say(english) if speech.is_english else name


def _signatures(sheet: AttendanceSheet, speech: Speech) -> tuple[SignatureBox, ...]:
    given: tuple[str, ...] = ()
    if sheet.submitted_at is not None:
        given = (sheet.submitted_by, speech.full(sheet.submitted_at))
    # Whoever submitted signed with a PIN; the other two sign in ink.
    return tuple(
        SignatureBox(speech.say(ROLE_NAMES[role]), given if role is Role.SHIFT_LEADER else ())
        for role in _SIGNERS
    )


def _labels(speech: Speech) -> dict[str, str]:
    say = speech.say
    return {
        "team": say(N_("team")),
        "number": say(N_("work number")),
        "name": say(N_("name")),
        "total": say(N_("Total")),
        "legend": say(N_("Legend")),
        "digest": say(N_("Digest")),
        "sign_here": say(N_("Signature")),
        "date_here": say(N_("Date: ____ - __ - __")),
        "empty": say(N_("The team had no duties in this month.")),
        "details": say(N_("Duties, line by line")),
    }


# --- line by line -------------------------------------------------------------------------------------------


def _detail_headings(speech: Speech) -> tuple[str, ...]:
    headings = (
        N_("Date"),
        N_("work number"),
        N_("name"),
        N_("Shift"),
        N_("Begins"),
        N_("Ends"),
        N_("Verdict"),
        N_("Min. late"),
        N_("Min. early"),
        N_("Leave"),
        N_("Article"),
        N_("Remarks"),
    )
    return tuple(speech.say(heading) for heading in headings)


def _detail(
    person: AttendancePerson, duty: AttendanceDuty, sheet: AttendanceSheet, speech: Speech
) -> tuple[str | int, ...]:
    shift = next((found for found in sheet.shifts if found.code == duty.shift), None)
    return (
        duty.date.isoformat(),
        person.work_number,
        person.name,
        _shift_name(shift.name, shift.name_en, speech) if shift else duty.shift,
        speech.full(duty.starts_at),
        speech.full(duty.ends_at),
        speech.say(VERDICT_NAMES[DutyVerdict(duty.verdict)]),
        duty.minutes_late,
        duty.minutes_early,
        _leave_words(duty, speech),
        " ".join(str(article) for article in sorted({found.article for found in duty.findings})),
        _remarks(duty, speech),
    )


def _leave_words(duty: AttendanceDuty, speech: Speech) -> str:
    pieces = ((LEAVE_NAMES[LeaveKind(piece.kind)], Fraction(piece.share)) for piece in duty.leave)
    return " ".join(f"{speech.say(name)} {number_text(share)}" for name, share in pieces)


def _remarks(duty: AttendanceDuty, speech: Speech) -> str:
    remarks = [speech.say(UNKNOWN_NAMES[UnknownReason(reason)]) for reason in duty.unknown]
    if duty.part != "1":
        remarks.append(speech.say(N_("{part} of a duty"), part=number_text(Fraction(duty.part))))
    if duty.correction:
        remarks.append(speech.say(N_("corrected")))
    return " · ".join(remarks)
