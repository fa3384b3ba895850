"""The roster as a month, edited by hand: one duty a day for one person, never overlapping, never in the past."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import ShiftClock, ShiftTypeRow, shift_types
from operations.drafts import require_changeable
from operations.duties import DUE, LEADER_POST, OPERATOR_POST, active_duties, drop_unused_log, ensure_log
from operations.errors import Conflict, Invalid, NotFound
from operations.leave_duties import leave_follows_roster
from operations.permissions import Action
from regulation.handover import LogState
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class RosterCell:
    """One duty in the grid. ``past`` means it has begun and can no longer be changed by hand."""

    duty_id: int
    shift_code: str
    short: str
    starts_at: datetime
    ends_at: datetime
    seat: str
    post: str
    origin: str
    leave: bool
    past: bool


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person's month: a cell or nothing for each day."""

    person_id: int
    work_number: str
    name: str
    team: str
    role: Role
    cells: tuple[RosterCell | None, ...]


@dataclass(frozen=True, slots=True)
class RosterMonth:
    """A month of the roster. ``coverage`` counts people on each shift for each day; ``version`` guards edits."""

    month: str
    version: int
    days: tuple[date, ...]
    rows: tuple[RosterRow, ...]
    coverage: dict[str, tuple[int, ...]]
    shift_types: tuple[ShiftTypeRow, ...]


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What an edit did; doing ``before`` again takes it back. Shift codes, ``None`` for a free day."""

    person_id: int
    date: date
    before: str | None
    after: str | None
    version: int


@reads(Action.READ_DESK)
def roster_month(session: Session, month: date, team: str | None = None) -> RosterMonth:
    """Return the month that ``month`` lies in, people by team and work number, one team's or everyone's."""
    first = month.replace(day=1)
    days = tuple(first + timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1]))
    people = _rostered_people(team)
    cells: dict[tuple[int, date], RosterCell] = {}
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(days))
    for duty in active_duties().where(models.Duty.date >= days[0], models.Duty.date <= days[-1]):
        cells[duty.person_id, duty.date] = _cell(duty, session.now)
        if not duty.leave_kind:
            counts[duty.shift_type.code][(duty.date - first).days] += 1
    rows = tuple(
        RosterRow(
            p.id,
            p.work_number,
            p.name,
            p.team.code if p.team_id else "",
            Role(p.role),
            tuple(cells.get((p.id, day)) for day in days),
        )
        for p in people
    )
    coverage = {code: tuple(count) for code, count in counts.items()}
    return RosterMonth(f"{first:%Y-%m}", _version(first), days, rows, coverage, shift_types())


@writes(Action.EDIT_ROSTER)
def assign_duty(
    session: Session, person_id: int, day: date, shift_code: str, expected_version: int | None = None
) -> RosterChange:
    """Give a person a shift on a day, in place of what stands there.

    Raises :class:`Conflict` when someone else changed the month since ``expected_version``, when the duty would
    overlap another, or when it (or what it replaces) has begun.
    """
    version = _next_version(day, expected_version)
    before = _clear_day(session, person_id, day)
    place_duty(session.now, person_id, day, shift_code, origin="manual", version=version)
    leave_follows_roster(session.now, day, day)
    session.about(
        f"person:{person_id}", date=day.isoformat(), before=before, after=shift_code, version=version
    )
    return RosterChange(person_id, day, before, shift_code, version)


@writes(Action.EDIT_ROSTER)
def clear_duty(
    session: Session, person_id: int, day: date, expected_version: int | None = None
) -> RosterChange:
    """Take a person's duty off a day; a free day stays free."""
    version = _next_version(day, expected_version)
    before = _clear_day(session, person_id, day)
    leave_follows_roster(session.now, day, day)
    session.about(f"person:{person_id}", date=day.isoformat(), before=before, after=None, version=version)
    return RosterChange(person_id, day, before, None, version)


@writes(Action.EDIT_ROSTER)
def assign_duties(session: Session, duties: list[tuple[int, date, str]], origin: str = "pattern") -> int:
    """Give many duties ``(person_id, date, shift code)`` at once, all or none; returns how many."""
    version_of: dict[date, int] = {}
    for person_id, day, shift_code in duties:
        first = day.replace(day=1)
        if first not in version_of:
            version_of[first] = _next_version(day, None)
        _clear_day(session, person_id, day)
        place_duty(session.now, person_id, day, shift_code, origin=origin, version=version_of[first])
    if duties:
        leave_follows_roster(session.now, min(d for _p, d, _c in duties), max(d for _p, d, _c in duties))
    session.about("roster", count=len(duties), origin=origin)
    return len(duties)


def place_duty(
    now: datetime, person_id: int, day: date, shift_code: str, *, origin: str, version: int
) -> models.Duty:
    """Write one duty, with its shift's log, after checking that it may stand (inside a transaction)."""
    shift = models.ShiftType.get_or_none(models.ShiftType.code == shift_code)
    person = models.Person.get_or_none(models.Person.id == person_id)
    if shift is None or person is None:
        raise NotFound(_("There is no such person or shift."))
    if person.role not in CENTRE_ROLES or person.status != PersonStatus.ACTIVE:
        raise Invalid(_("{name} cannot be rostered.").format(name=person.name), article=2)
    starts_at, ends_at = ShiftClock().of(shift, day)
    if ends_at <= now:
        raise Conflict(_("A duty that is over cannot be rostered."), article=33)
    _refuse_overlap(person, starts_at, ends_at)
    log = models.ShiftLog.get_or_none(models.ShiftLog.date == day, models.ShiftLog.shift_type == shift)
    if log is not None and log.state != LogState.OPEN:
        raise Conflict(_("This shift is being handed over or is sealed."), article=21)
    ensure_log(shift, day, starts_at, ends_at, person.team_id)
    duty: models.Duty = models.Duty.create(
        person=person,
        shift_type=shift,
        team=person.team_id,
        seat=person.seat_id,
        date=day,
        starts_at=starts_at,
        ends_at=ends_at,
        post=LEADER_POST if person.role in LEADER_ROLES else OPERATOR_POST,
        origin=origin,
        roster_version=version,
        state=DUE,
    )
    return duty


def _refuse_overlap(person: models.Person, starts_at: datetime, ends_at: datetime) -> None:
    duty = models.Duty
    other = (
        active_duties()
        .where(duty.person == person.id, duty.starts_at < ends_at, duty.ends_at > starts_at)
        .first()
    )
    if other is not None:
        raise Conflict(
            _("{name} already has {shift} on {date}, which overlaps.").format(
                name=person.name, shift=other.shift_type.name, date=other.date.isoformat()
            ),
            next_step=_("Clear that duty first."),
        )


def _clear_day(session: Session, person_id: int, day: date) -> str | None:
    duty = models.Duty
    standing = list(
        active_duties().where(duty.person == person_id, duty.date == day).order_by(duty.starts_at)
    )
    if not standing:
        return None
    require_changeable(session.now, standing)
    duty.update(state=CLEARED).where(duty.id.in_([row.id for row in standing])).execute()
    drop_unused_log(standing[0])
    return str(standing[0].shift_type.code)


def _rostered_people(team: str | None) -> list[models.Person]:
    person = models.Person
    query = (
        person.select(person, models.Team)
        .join(models.Team, peewee.JOIN.LEFT_OUTER)
        .where(person.role.in_(sorted(CENTRE_ROLES)), person.status != PersonStatus.LEFT)
    )
    if team:
        query = query.where(models.Team.code == team)
    return sorted(
        query,
        key=lambda p: (
            p.team.position if p.team_id else 999,
            p.role not in LEADER_ROLES,
            p.work_number,
        ),
    )


def _cell(duty: models.Duty, now: datetime) -> RosterCell:
    return RosterCell(
        duty.id,
        duty.shift_type.code,
        duty.shift_type.short,
        duty.starts_at,
        duty.ends_at,
        duty.seat.number if duty.seat_id else "",
        duty.post,
        duty.origin,
        bool(duty.leave_kind),
        duty.starts_at <= now,
    )


def _version(first: date) -> int:
    row = models.RosterMonth.get_or_none(models.RosterMonth.month == f"{first:%Y-%m}")
    return row.version if row is not None else 0


def _next_version(day: date, expected: int | None) -> int:
    """Raise the month's version; what the caller saw must still be current."""
    version = _version(day.replace(day=1))
    if expected is not None and expected != version:
        raise Conflict(
            _("Someone else has changed this month in the meantime."),
            next_step=_("Look again, then repeat the change."),
        )
    month = f"{day:%Y-%m}"
    if not models.RosterMonth.update(version=version + 1).where(models.RosterMonth.month == month).execute():
        models.RosterMonth.create(month=month, version=version + 1)
    return version + 1
