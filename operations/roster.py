"""The roster as people by days: what is published, and beside it what the draft plans."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter

import peewee

import models
from locales import _
from operations.availability import pinned_cells
from operations.boundary import Session, reads
from operations.calendar_days import days_between
from operations.centre import ShiftTypeRow, shift_types
from operations.demand import CoverNeed, cover_needs
from operations.duties import DUE, many_rows
from operations.errors import Invalid
from operations.permissions import Action
from operations.roster_rest import RestTimes, rest_around
from regulation.calendar_days import CalendarDay
from regulation.records import PersonStatus
from regulation.rest import RestDuty
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

MOST_MONTHS = 2


@dataclass(frozen=True, slots=True)
class RosterCell:
    """One published duty in the grid. ``past`` means it has begun and can no longer be changed by hand."""

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
class PlannedDay:
    """What the draft makes of a person's day: a shift's code, or ``None`` for a free day; by whom and how."""

    date: date
    shift_code: str | None
    origin: str
    planned_by: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person's days: a published duty or nothing for each, and the days that the draft changes.

    ``around`` are the duties before and after these days, as far as the rest rules look; ``pinned`` are the days that
    neither rotation nor planner changes; ``more`` are the further duties of days that have several, in parts.
    """

    person_id: int
    work_number: str
    name: str
    team: str
    role: Role
    cells: tuple[RosterCell | None, ...]
    draft: tuple[PlannedDay, ...] = ()
    around: tuple[RestDuty, ...] = ()
    pinned: frozenset[date] = frozenset()
    more: Mapping[date, tuple[RosterCell, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterMonth:
    """One month of the roster, or two that follow one another; ``month`` and ``version`` are the first one's.

    ``coverage`` counts the people published on each shift for each day; ``versions`` grow with every change of a
    month, published or planned; ``calendar`` has an entry for each of ``days``; ``needs`` is the demand on them;
    ``rest`` is what the rest rules need.
    """

    month: str
    version: int
    days: tuple[date, ...]
    rows: tuple[RosterRow, ...]
    coverage: dict[str, tuple[int, ...]]
    shift_types: tuple[ShiftTypeRow, ...]
    calendar: tuple[CalendarDay, ...]
    versions: Mapping[str, int]
    needs: tuple[CoverNeed, ...]
    rest: RestTimes


@reads(Action.READ_DESK)
def roster_month(session: Session, month: date, team: str | None = None, months: int = 1) -> RosterMonth:
    """Return the month that ``month`` lies in, people by team and work number, one team's or everyone's.

    ``months`` is how many months follow one another, at most two.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise Invalid(_("At most two months are shown at once."))
    days = _days_of(month.replace(day=1), months)
    people = _rostered_people(team)
    kinds = {row.id: row for row in models.ShiftType.select()}
    cells, more, counts = _published(session.now, days, kinds)
    drafts = _drafted(days, kinds)
    rest, around = rest_around(session.now, days)
    pinned: dict[int, set[date]] = defaultdict(set)
    for person, day in pinned_cells(days[0], days[-1]):
        pinned[person].add(day)
    rows = tuple(
        RosterRow(
            p.id,
            p.work_number,
            p.name,
            p.team.code if p.team_id else "",
            Role(p.role),
            tuple([cells.get((p.id, day)) for day in days]),
            tuple(drafts.get(p.id, ())),
            around.get(p.id, ()),
            frozenset(pinned.get(p.id, ())),
            more.get(p.id, {}),
        )
        for p in people
    )
    versions = {f"{day:%Y-%m}": 0 for day in days if day.day == 1}
    versions |= {row.month: row.version for row in models.RosterMonth.select() if row.month in versions}
    name = f"{days[0]:%Y-%m}"
    return RosterMonth(
        name,
        versions[name],
        days,
        rows,
        counts,
        shift_types(),
        days_between(days[0], days[-1]),
        versions,
        cover_needs(days[0], days[-1]),
        rest,
    )


def _days_of(first: date, months: int) -> tuple[date, ...]:
    days: list[date] = []
    for _month in range(months):
        following = days[-1] + timedelta(days=1) if days else first
        length = calendar.monthrange(following.year, following.month)[1]
        days += [following + timedelta(days=n) for n in range(length)]
    return tuple(days)


def _published(
    now: datetime, days: tuple[date, ...], kinds: Mapping[int, models.ShiftType]
) -> tuple[
    dict[tuple[int, date], RosterCell],
    dict[int, dict[date, tuple[RosterCell, ...]]],
    dict[str, tuple[int, ...]],
]:
    """Read the duties that stand and count them: the first of each day, and by person the further ones where a swap
    or leave in part left several."""
    duty = models.Duty
    seats = {seat.id: seat.number for seat in models.Seat.select()}
    columns = (
        duty.starts_at,
        duty.ends_at,
        duty.id,
        duty.person,
        duty.shift_type,
        duty.seat,
        duty.date,
        duty.post,
        duty.origin,
        duty.leave_kind,
    )
    standing = (duty.state == DUE, duty.date >= days[0], duty.date <= days[-1])
    cells: dict[tuple[int, date], RosterCell] = {}
    more: dict[int, dict[date, tuple[RosterCell, ...]]] = defaultdict(dict)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(days))
    in_order = sorted(many_rows(columns, *standing), key=itemgetter(0))
    for starts_at, ends_at, key, person, shift, seat, day, post, origin, leave in in_order:
        kind = kinds[shift]
        cell = RosterCell(
            key,
            kind.code,
            kind.short,
            starts_at,
            ends_at,
            seats.get(seat, ""),
            post,
            origin,
            bool(leave),
            starts_at <= now,
        )
        if cells.setdefault((person, day), cell) is not cell:
            more[person][day] = (*more[person].get(day, ()), cell)
        if not leave:
            counts[kind.code][(day - days[0]).days] += 1
    return cells, more, {code: tuple(count) for code, count in counts.items()}


def _drafted(days: tuple[date, ...], kinds: Mapping[int, models.ShiftType]) -> dict[int, list[PlannedDay]]:
    row = models.DraftDuty
    columns = (row.date, row.person, row.shift_type, row.origin, row.planned_by, row.planned_at)
    in_span = (row.date >= days[0], row.date <= days[-1])
    found: dict[int, list[PlannedDay]] = defaultdict(list)
    drafted = sorted(many_rows(columns, *in_span), key=itemgetter(0))
    for day, person, shift, origin, planned_by, planned_at in drafted:
        code = kinds[shift].code if shift else None
        found[person].append(PlannedDay(day, code, origin, planned_by, planned_at))
    return found


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
