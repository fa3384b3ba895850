"""A team's month as a sheet (Art. 34): made from its verdicts, or as it was frozen (inside a transaction)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

import models
from operations.attendance_judging import JudgedRow
from operations.centre import shift_types, the_centre
from regulation.attendance_sheet import (
    AttendanceDuty,
    AttendanceFinding,
    AttendancePerson,
    AttendanceSheet,
    AttendanceShift,
    exact,
    leave_of,
)


def sheet_of(month: date, team: models.Team | None, judged: Iterable[JudgedRow]) -> AttendanceSheet:
    """Return the sheet of a team's duties, people by work number; a draft until it is submitted."""
    by_person: dict[int, list[JudgedRow]] = defaultdict(list)
    for one in judged:
        by_person[one.row.person_id].append(one)
    person = models.Person
    people = {row.id: row for row in person.select().where(person.id.in_(list(by_person) or [0]))}
    centre = the_centre()
    return AttendanceSheet(
        centre.name,
        centre.time_zone,
        month.replace(day=1),
        team.code if team is not None else "",
        team.name if team is not None else "",
        tuple(AttendanceShift(s.code, s.name, s.name_en, s.short) for s in shift_types()),
        tuple(
            AttendancePerson(row.id, row.work_number, row.name, sheet_duties(by_person[row.id]))
            for row in sorted(people.values(), key=lambda row: row.work_number)
        ),
    )


def sheet_duties(judged: Sequence[JudgedRow]) -> tuple[AttendanceDuty, ...]:
    """Return a person's judged duties as the sheet keeps them."""
    return tuple(_duty(one) for one in judged)


def _duty(one: JudgedRow) -> AttendanceDuty:
    row, said = one.row, one.judgement
    return AttendanceDuty(
        row.id,
        row.date,
        row.shift,
        row.starts_at,
        row.ends_at,
        said.verdict.value,
        exact(said.part),
        row.team,
        said.minutes_late,
        said.minutes_early,
        leave_of(said.leave_shares),
        tuple(reason.value for reason in said.unknown),
        tuple(AttendanceFinding(found.article, found.code) for found in said.findings),
        said.evidence,
        said.limits_version,
        said.correction_id or 0,
    )


def encoded(sheet: AttendanceSheet) -> str:
    """Return a sheet as the database keeps it."""
    return msgspec.json.encode(sheet).decode()


def frozen_sheet(row: models.AttendanceMonth) -> AttendanceSheet:
    """Return a month as it was submitted."""
    return msgspec.json.decode(row.content, type=AttendanceSheet)
