"""The month's roster for paper, spreadsheets and calendars: what is published, or the draft above it."""

from __future__ import annotations

import calendar
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import peewee

import models
from locales import _
from operations.boundary import Session, reads
from operations.calendar_days import days_between
from operations.centre import ShiftClock, shift_types, the_centre
from operations.drafts import draft_rows
from operations.duties import CLEARED, LEADER_POST, active_duties
from operations.errors import NotFound
from operations.permissions import Action
from regulation.ledger import instant_text
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, LEADER_ROLES
from regulation.roster_sheet import RosterSheet, SheetDuty, SheetPerson, SheetShift

# Where those without a team stand.
_LAST = 1_000_000


@reads(Action.READ_DESK)
def roster_sheet(
    _session: Session, month: date, team: str | None = None, *, draft: bool = False
) -> RosterSheet:
    """Return the month that ``month`` lies in, for one team (by code or name) or everyone.

    Raises :class:`NotFound` for a team that is not there.
    """
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    centre = the_centre()
    teams = tuple((row.code, row.name) for row in models.Team.select().order_by(models.Team.position))
    row = models.RosterMonth.get_or_none(models.RosterMonth.month == f"{first:%Y-%m}")
    by, at = _last_publishing(first, last)
    shifts = tuple(
        SheetShift(s.code, s.name, s.name_en, s.short, s.start_minute, s.duration_minutes)
        for s in shift_types()
    )
    return RosterSheet(
        centre=centre.name,
        centre_key=hashlib.sha256(instant_text(centre.created_at).encode()).hexdigest()[:12],
        time_zone=centre.time_zone,
        days=days_between(first, last),
        shifts=shifts,
        teams=teams,
        people=_people(_team_code(teams, team), first, last, draft=draft),
        version=row.version if row is not None else 0,
        draft=draft,
        published_by=by,
        published_at=at,
    )


def _team_code(teams: Sequence[tuple[str, str]], wanted: str | None) -> str | None:
    if not wanted:
        return None
    code = next((code for code, name in teams if wanted in (code, name)), None)
    if code is None:
        raise NotFound(
            _("There is no team called {team}; there are: {teams}.").format(
                team=wanted, teams="、".join(code for code, _name in teams)
            )
        )
    return code


def _last_publishing(first: date, last: date) -> tuple[str, datetime | None]:
    """Who published something of the month last, by name and number, and when."""
    row = models.RosterPublishing
    found = row.select().where(row.first_day <= last, row.last_day >= first).order_by(row.id.desc()).first()
    if found is None:
        return "", None
    person = models.Person.get_or_none(models.Person.work_number == found.published_by)
    by = f"{person.name}({person.work_number})" if person is not None else found.published_by
    return by, found.published_at


def _people(team: str | None, first: date, last: date, *, draft: bool) -> tuple[SheetPerson, ...]:
    duty = models.Duty
    standing: dict[int, list[SheetDuty]] = defaultdict(list)
    for row in active_duties().where(duty.date >= first, duty.date <= last).order_by(duty.starts_at):
        standing[row.person_id].append(_published(row))
    cleared: dict[int, set[date]] = defaultdict(set)
    gone = duty.select(duty.person, duty.date).where(
        duty.state == CLEARED, duty.date >= first, duty.date <= last
    )
    for row in gone:
        cleared[row.person_id].add(row.date)
    plans = _plans(first, last) if draft else {}
    people = _people_listed({*standing, *plans}, team)
    return tuple(_person(p, standing[p.id], plans.get(p.id, {}), cleared[p.id]) for p in people)


def _people_listed(with_duties: set[int], team: str | None) -> list[models.Person]:
    """Everyone of a team who works here, and whoever has a duty that month, since left or of no team."""
    person = models.Person
    query = person.select(person, models.Team).join(models.Team, peewee.JOIN.LEFT_OUTER)
    listed = [
        row
        for row in query.where(person.role.in_(sorted(CENTRE_ROLES)))
        if row.id in with_duties or (row.team_id and row.status != PersonStatus.LEFT)
    ]
    return sorted(
        (row for row in listed if team is None or (row.team_id and row.team.code == team)),
        key=lambda p: (
            p.team.position if p.team_id else _LAST,
            p.role not in LEADER_ROLES,
            p.work_number,
        ),
    )


def _person(
    person: models.Person,
    standing: Sequence[SheetDuty],
    plans: Mapping[date, SheetDuty | None],
    cleared: set[date],
) -> SheetPerson:
    kept = [duty for duty in standing if duty.date not in plans]
    duties = sorted([*kept, *(duty for duty in plans.values() if duty)], key=lambda d: d.starts_at)
    return SheetPerson(
        person.id,
        person.work_number,
        person.name,
        person.team.code if person.team_id else "",
        tuple(duties),
        frozenset(plans),
        frozenset(cleared - {duty.date for duty in duties}),
    )


def _plans(first: date, last: date) -> dict[int, dict[date, SheetDuty | None]]:
    """What the draft plans for people's days; ``None`` is a day that is to be free."""
    times, plans = ShiftClock(), defaultdict[int, dict[date, SheetDuty | None]](dict)
    for row in draft_rows(first, last):
        shift = row.shift_type if row.shift_type_id else None
        plans[row.person_id][row.date] = shift and SheetDuty(
            row.date, shift.code, *times.of(shift, row.date), planned=True
        )
    return plans


def _published(row: models.Duty) -> SheetDuty:
    return SheetDuty(
        row.date,
        row.shift_type.code,
        row.starts_at,
        row.ends_at,
        seat=row.seat.number if row.seat_id else "",
        leads=row.post == LEADER_POST,
        on_leave=bool(row.leave_kind),
    )
