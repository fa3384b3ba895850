"""The demo centre's roster: four teams in three shifts (四班三运转), arranged around the shift that runs now.

The cycle is anchored at that shift, so team 甲 always stands at the desk and the story reads the same at any hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import peewee

import models
from operations import store
from operations.boundary import SYSTEM, Session, write_audit
from operations.calendar_days import days_between
from operations.centre import STANDARD_SHIFTS
from operations.duties import DUE, LEADER_POST, OPERATOR_POST
from operations.rotations import NO_TEAM
from regulation.roles import LEADER_ROLES, Role
from regulation.rotations import READY_MADE, shift_on

ZONE = ZoneInfo("Asia/Shanghai")
TEAMS = ("甲", "乙", "丙", "丁")

FOUR_TEAMS, OFFICE_HOURS = READY_MADE["4x3_8"], READY_MADE["5-2"]
ROUND = ("early", "middle", "night")
BATCH_ROWS = 200
_SHIFTS = {shift.code: shift for shift in STANDARD_SHIFTS}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One shift of one civil date."""

    starts_at: datetime
    ends_at: datetime
    day: date
    code: str

    @classmethod
    def of(cls, day: date, code: str) -> Slot:
        """Return the shift ``code`` of ``day``."""
        shift = _SHIFTS[code]
        local = datetime.combine(day, time(shift.start_minute // 60, shift.start_minute % 60), ZONE)
        starts_at = local.astimezone(UTC)
        return cls(starts_at, starts_at + timedelta(minutes=shift.duration_minutes), day, code)

    @classmethod
    def at(cls, now: datetime) -> Slot:
        """Return the shift that runs at ``now``."""
        today = now.astimezone(ZONE).date()
        near = (cls.of(today - timedelta(days=back), code) for back in (1, 0) for code in ROUND)
        return next(slot for slot in near if slot.starts_at <= now < slot.ends_at)

    def after(self, shifts: int = 1) -> Slot:
        """Return the shift so many later (earlier when negative)."""
        days, place = divmod(ROUND.index(self.code) + shifts, len(ROUND))
        return Slot.of(self.day + timedelta(days=days), ROUND[place])


@dataclass(frozen=True, slots=True)
class Rotation:
    """Which team works when, so that the first team works its first day of the anchor's shift."""

    anchor: Slot

    def team_on(self, slot: Slot) -> str:
        """Return the team of a shift."""
        return next(team for team in TEAMS if self.shift_of(team, slot.day) == slot.code)

    def shift_of(self, team: str, day: date) -> str:
        """Return what a team works on a day, empty for a free day."""
        return shift_on(FOUR_TEAMS.pattern, self.anchor.day, self.place_of(team), day)

    def place_of(self, team: str) -> int:
        """Return where in the cycle a team stands on the anchor's day."""
        first = FOUR_TEAMS.pattern.index(self.anchor.code)
        return (first + FOUR_TEAMS.offsets[TEAMS.index(team)]) % len(FOUR_TEAMS.pattern)


@dataclass(frozen=True, slots=True)
class Rostered:
    """Someone to be rostered; an empty team means office hours on working days."""

    person_id: int
    team: str
    seat: str
    role: Role


def lay_roster(
    people: Sequence[Rostered], rotation: Rotation, first: date, last: date, now: datetime
) -> dict[Slot, int]:
    """Write the duties and logs of all days from ``first`` to ``last``; return the log's id of each shift.

    Planning and publishing a draft checks each duty against what stands already, which for the thousands of a
    whole pattern in an empty roster takes many seconds; the cycle cannot overlap itself, so the rows are written
    at once here, in one transaction with one audit record, as a publication would have written them.
    """

    def run() -> dict[Slot, int]:
        shift_ids = {shift.code: shift.id for shift in models.ShiftType.select()}
        team_ids = {team.code: team.id for team in models.Team.select()}
        seat_ids = {seat.number: seat.id for seat in models.Seat.select()}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for month in sorted({f"{day:%Y-%m}" for day in days}):
            models.RosterMonth.create(month=month, version=1)
        for team in (*TEAMS, NO_TEAM):
            models.RotationUse.create(**_use_row(team, rotation, team_ids, first, now))
        logs = [_log_row(slot, rotation, shift_ids, team_ids) for slot in _slots(days)]
        duties = [_duty_row(*duty, shift_ids, team_ids, seat_ids) for duty in _duties(people, rotation, days)]
        for table, rows in ((models.ShiftLog, logs), (models.Duty, duties)):
            for batch in peewee.chunked(rows, BATCH_ROWS):
                table.insert_many(batch).execute()
        session = Session(SYSTEM, now)
        session.about("roster", count=len(duties), origin="pattern")
        write_audit(session, "publish_draft")
        return _log_ids()

    return store.write(run)


def _use_row(
    team: str, rotation: Rotation, team_ids: dict[str, int], first: date, now: datetime
) -> dict[str, Any]:
    works = FOUR_TEAMS if team else OFFICE_HOURS
    return {
        "team": team_ids.get(team),
        "rotation": works.code,
        "pattern": list(works.pattern),
        "anchor": rotation.anchor.day,
        "place": rotation.place_of(team) if team else 0,
        "working_days": works.working_days,
        "effective_from": first,
        "set_by": SYSTEM.work_number,
        "set_at": now,
    }


def _slots(days: Sequence[date]) -> Iterator[Slot]:
    for day in days:
        for code in ROUND:
            yield Slot.of(day, code)


def _duties(
    people: Sequence[Rostered], rotation: Rotation, days: Sequence[date]
) -> Iterator[tuple[Rostered, Slot]]:
    office = {d.date: OFFICE_HOURS.pattern[0] for d in days_between(days[0], days[-1]) if d.is_worked}
    for day in days:
        for person in people:
            code = rotation.shift_of(person.team, day) if person.team else office.get(day, "")
            if code:
                yield person, Slot.of(day, code)


def _log_row(
    slot: Slot, rotation: Rotation, shift_ids: dict[str, int], team_ids: dict[str, int]
) -> dict[str, Any]:
    return {
        "date": slot.day,
        "shift_type": shift_ids[slot.code],
        "team": team_ids[rotation.team_on(slot)],
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
    }


def _duty_row(
    person: Rostered,
    slot: Slot,
    shift_ids: dict[str, int],
    team_ids: dict[str, int],
    seat_ids: dict[str, int],
) -> dict[str, Any]:
    return {
        "person": person.person_id,
        "shift_type": shift_ids[slot.code],
        "team": team_ids.get(person.team),
        "seat": seat_ids.get(person.seat),
        "date": slot.day,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "post": LEADER_POST if person.role in LEADER_ROLES else OPERATOR_POST,
        "origin": "pattern",
        "roster_version": 1,
        "state": DUE,
    }


def _log_ids() -> dict[Slot, int]:
    log = models.ShiftLog
    rows = log.select(log, models.ShiftType).join(models.ShiftType)
    return {Slot(row.starts_at, row.ends_at, row.date, row.shift_type.code): row.id for row in rows}
