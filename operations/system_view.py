"""What the system consists of, for whoever keeps it: people, teams, badges, doors, backups, limits, read in one state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import peewee

import models
from operations.backup_runs import LATEST_RUNS, BackupState, RunRow, backup_state_at, run_rows
from operations.boundary import Session, reads
from operations.centre import civil_date, limits_at
from operations.kiosks import KioskRow, kiosk_rows
from operations.people import PersonRow, people_rows
from operations.permissions import Action
from regulation.limits import DEFINITIONS, LimitDefinition
from regulation.records import BadgeKind, BadgeState, PersonStatus
from regulation.roles import Role


@dataclass(frozen=True, slots=True)
class TeamOfPeople:
    """A team, how many work in it, and who leads it."""

    code: str
    name: str
    people: int
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """A badge: whose it is, or the label by which it is lent at the door."""

    badge: str
    kind: BadgeKind
    state: BadgeState
    label: str
    work_number: str
    name: str
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit in force today, and the change that comes next, if one was set."""

    definition: LimitDefinition
    value: int
    next_value: int | None
    next_from: date | None


@dataclass(frozen=True, slots=True)
class SystemView:
    """Everything the System screen shows."""

    people: tuple[PersonRow, ...]
    teams: tuple[TeamOfPeople, ...]
    badges: tuple[BadgeRow, ...]
    kiosks: tuple[KioskRow, ...]
    backup: BackupState
    runs: tuple[RunRow, ...]
    limits: tuple[LimitRow, ...]


@reads(Action.READ_SYSTEM)
def system_view(session: Session) -> SystemView:
    """Return the system as it is now."""
    everyone = people_rows()
    return SystemView(
        everyone,
        _teams(everyone),
        _badges(),
        kiosk_rows(session.now),
        backup_state_at(session.now),
        run_rows(LATEST_RUNS),
        _limits(session.now),
    )


def _teams(everyone: tuple[PersonRow, ...]) -> tuple[TeamOfPeople, ...]:
    working = [person for person in everyone if person.status == PersonStatus.ACTIVE]
    return tuple(
        TeamOfPeople(
            team.code,
            team.name,
            sum(person.team == team.code for person in working),
            tuple(p.name for p in working if p.team == team.code and p.role == Role.SHIFT_LEADER),
        )
        for team in models.Team.select().order_by(models.Team.position, models.Team.id)
    )


def _badges() -> tuple[BadgeRow, ...]:
    badge, person = models.Badge, models.Person
    query = badge.select(badge, person).join(person, peewee.JOIN.LEFT_OUTER)
    return tuple(
        BadgeRow(
            row.badge,
            BadgeKind(row.kind),
            BadgeState(row.state),
            row.label,
            row.person.work_number if row.person_id else "",
            row.person.name if row.person_id else "",
            row.valid_until,
        )
        for row in query.order_by(badge.kind, badge.label, person.work_number, badge.id)
    )


def _limits(now: datetime) -> tuple[LimitRow, ...]:
    today, in_force = civil_date(now), limits_at(now)
    change = models.LimitChange
    coming: dict[str, models.LimitChange] = {}
    for row in change.select().where(change.effective_from > today).order_by(change.effective_from):
        coming.setdefault(row.name, row)
    return tuple(
        LimitRow(
            known,
            in_force[known.name],
            coming[known.name].value if known.name in coming else None,
            coming[known.name].effective_from if known.name in coming else None,
        )
        for known in DEFINITIONS
    )
