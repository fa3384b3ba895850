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
from operations.centre import STANDARD_SHIFTS
from operations.duties import DUE, LEADER_POST, OPERATOR_POST
from regulation.roles import LEADER_ROLES, Role

ZONE = ZoneInfo("Asia/Shanghai")
TEAMS = ("甲", "乙", "丙", "丁")

# 早早中中夜夜休休, each team two days behind the one before it: every shift of every day has exactly one team.
CYCLE = ("early", "early", "middle", "middle", "night", "night", "", "")
TEAM_LAG_DAYS = 2

ROUND = ("early", "middle", "night")
BATCH_ROWS = 200
_SHIFTS = {shift.code: shift for shift in STANDARD_SHIFTS}
_OFFICE_DAYS = 5


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
        shift = CYCLE.index(self.anchor.code) - TEAM_LAG_DAYS * TEAMS.index(team)
        return CYCLE[((day - self.anchor.day).days + shift) % len(CYCLE)]


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

    ``operations.roster.assign_duties`` checks each duty against what stands already, which for the thousands of a
    whole pattern in an empty roster takes many seconds; the cycle cannot overlap itself, so the rows are written
    at once here, in one transaction with one audit record, as that operation would have written them.
    """

    def run() -> dict[Slot, int]:
        shift_ids = {shift.code: shift.id for shift in models.ShiftType.select()}
        team_ids = {team.code: team.id for team in models.Team.select()}
        seat_ids = {seat.number: seat.id for seat in models.Seat.select()}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for month in sorted({f"{day:%Y-%m}" for day in days}):
            models.RosterMonth.create(month=month, version=1)
        logs = [_log_row(slot, rotation, shift_ids, team_ids) for slot in _slots(days)]
        duties = [_duty_row(*duty, shift_ids, team_ids, seat_ids) for duty in _duties(people, rotation, days)]
        for table, rows in ((models.ShiftLog, logs), (models.Duty, duties)):
            for batch in peewee.chunked(rows, BATCH_ROWS):
                table.insert_many(batch).execute()
        session = Session(SYSTEM, now)
        session.about("roster", count=len(duties), origin="pattern")
        write_audit(session, "assign_duties")
        return _log_ids()

    return store.write(run)


def _slots(days: Sequence[date]) -> Iterator[Slot]:
    for day in days:
        for code in ROUND:
            yield Slot.of(day, code)


def _duties(
    people: Sequence[Rostered], rotation: Rotation, days: Sequence[date]
) -> Iterator[tuple[Rostered, Slot]]:
    for day in days:
        for person in people:
            if person.team:
                code = rotation.shift_of(person.team, day)
            else:
                code = "office" if day.weekday() < _OFFICE_DAYS else ""
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
