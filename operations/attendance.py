"""Attendance as people see it (Art. 33, 34): every duty of a month with its verdict, and one with all its evidence.

Nothing of it is stored: roster, door, signatures, leave and corrections are joined when they are asked, and the judge of
the regulation says what they mean. What a team has submitted is frozen (:mod:`operations.attendance_months`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import models
from locales import _
from operations.attendance_corrections import CorrectionRow, correction_rows, waiting_duties
from operations.attendance_judging import JudgedRow, collector_held, judged_between, judged_case, month_days
from operations.attendance_months import TeamMonth, team_months
from operations.attendance_witnesses import cases
from operations.boundary import Session, may, reads
from operations.centre import ShiftTypeRow, shift_types
from operations.errors import NotFound, NotPermitted
from operations.people import answerable
from operations.permissions import Action
from regulation.attendance_evidence import Evidence
from regulation.attendance_month import Totals, totals
from regulation.roles import Role

ARTICLE = 33


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One person's month: the duties of each day (more than one where a duty was cut), and what they add up to."""

    person_id: int
    work_number: str
    name: str
    team: str
    role: Role
    days: tuple[tuple[JudgedRow, ...], ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class MonthOfAttendance:
    """A month of attendance, people by team and work number. ``teams`` are those the reader may see as a whole."""

    month: date
    days: tuple[date, ...]
    rows: tuple[AttendanceRow, ...]
    teams: tuple[TeamMonth, ...]
    shift_types: tuple[ShiftTypeRow, ...]


@dataclass(frozen=True, slots=True)
class DutyEvidence:
    """One duty, its verdict, and everything the judge was told of it."""

    person: AttendanceRow
    judged: JudgedRow
    evidence: Evidence
    corrections: tuple[CorrectionRow, ...]
    may_correct: bool


@reads(Action.SEE_ATTENDANCE)
def attendance_month(session: Session, month: date, team: str = "") -> MonthOfAttendance:
    """Return the month that ``month`` lies in: everyone's, or with ``team`` only that team's people and duties."""
    days = month_days(month)
    with collector_held():
        found = judged_between(days[0], days[-1], session.now)
        teams = team_months(session, days[0], found)
        if team:
            found = [one for one in found if one.row.team == team]
            teams = tuple(one for one in teams if one.team == team)
        return MonthOfAttendance(days[0], days, _rows(found, days), teams, shift_types())


@reads(Action.SEE_OWN_ATTENDANCE)
def own_attendance(session: Session, month: date) -> MonthOfAttendance:
    """Return the actor's own month."""
    days, here = month_days(month), answerable(session)
    found = judged_between(days[0], days[-1], session.now, [here])
    return MonthOfAttendance(days[0], days, _rows(found, days, [here]), (), shift_types())


@reads(Action.SEE_OWN_ATTENDANCE)
def duty_verdict(session: Session, duty_id: int) -> DutyEvidence:
    """Return the verdict on one duty with all its evidence; somebody else's needs the right to see everyone's."""
    duty = models.Duty.get_or_none(models.Duty.id == duty_id)
    if duty is None:
        raise NotFound(_("There is no such duty."), article=ARTICLE)
    leads = may(session.actor, Action.SEE_ATTENDANCE)
    if duty.person_id != session.actor.person_id and not leads:
        raise NotPermitted(_("Everyone sees their own attendance only."), article=ARTICLE)
    day = duty.date
    case = next(
        (one for one in cases(day, day, session.now, [duty.person_id]) if one.row.id == duty_id), None
    )
    if case is None:
        raise NotFound(_("There is no such duty."), article=ARTICLE)
    found = judged_case(case, session.now, waiting_duties(day, day))
    (person,) = _rows([found], (day,), [duty.person_id])
    asks = duty.person_id == session.actor.person_id or may(session.actor, Action.DECIDE_CORRECTION)
    corrections = correction_rows(session, models.AttendanceCorrection.duty == duty_id)
    return DutyEvidence(person, found, case.evidence, corrections, asks)


def _rows(
    found: Iterable[JudgedRow], days: Sequence[date], always: Collection[int] = ()
) -> tuple[AttendanceRow, ...]:
    by_person: dict[int, list[JudgedRow]] = {person_id: [] for person_id in always}
    for one in found:
        by_person.setdefault(one.row.person_id, []).append(one)
    teams = {row.id: row for row in models.Team.select()}
    rows = [_row(person, teams, by_person[person.id], days) for person in _people(by_person, teams)]
    return tuple(rows)


def _people(ids: Iterable[int], teams: Mapping[int, models.Team]) -> list[models.Person]:
    wanted = set(ids)
    found = [row for row in models.Person.select() if row.id in wanted]
    places = {key: team.position for key, team in teams.items()}
    return sorted(found, key=lambda p: (p.team_id is None, places.get(p.team_id, 0), p.work_number))


def _row(
    person: models.Person, teams: Mapping[int, models.Team], own: Sequence[JudgedRow], days: Sequence[date]
) -> AttendanceRow:
    cells: list[list[JudgedRow]] = [[] for _day in days]
    for one in own:
        cells[(one.row.date - days[0]).days].append(one)
    return AttendanceRow(
        person.id,
        person.work_number,
        person.name,
        teams[person.team_id].code if person.team_id else "",
        Role(person.role),
        tuple(tuple(day) for day in cells),
        totals(one.counted for one in own),
    )
