"""Inspected calls (Art. 39-41, 43): the month's plan with what is still missing, and how people and teams develop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import peewee

import models
from locales import _
from operations.boundary import Session, reads
from operations.centre import limits_at
from operations.duties import active_duties
from operations.errors import NotPermitted
from operations.permissions import Action
from regulation.quality import Form, Inspected, MonthMean, plan, score, trends
from regulation.records import PersonStatus
from regulation.register_service import QA_FORM
from regulation.registers import Register
from regulation.roles import ROLE_NAMES, Role


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Who is to be inspected in a month: how often, how often done, and the days proposed for what is missing."""

    work_number: str
    name: str
    team: str
    wanted: int
    done: int
    missing: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A person or a team with the mean of each month's forms, in percent."""

    work_number: str
    name: str
    team: str
    months: tuple[MonthMean, ...]


@reads(Action.READ_REGISTERS)
def qa_plan(session: Session, month: date) -> tuple[PlanRow, ...]:
    """Return the plan of the month that ``month`` lies in, whoever misses most first."""
    require_reader(session, QA_FORM)
    first = month.replace(day=1)
    people = _operators()
    limits = limits_at(session.now)
    working = _duty_days(first, _next_month(first))
    forms = _forms(_previous_month(first), _next_month(first) - timedelta(days=1))
    done: dict[int, list[date]] = defaultdict(list)
    failed: set[int] = set()
    for record in forms:
        if record.day >= first:
            done[record.about_id].append(record.day)
        elif not score(record.values, limits).passed:
            failed.add(record.about_id)
    asked = [
        Inspected(
            p.id, p.work_number, tuple(sorted(working[p.id])), tuple(sorted(done[p.id])), p.id in failed
        )
        for p in people.values()
    ]
    rows = []
    for made in plan(asked, first, limits):
        person = people[made.person_id]
        team = person.team.code if person.team_id else ""
        rows.append(
            PlanRow(
                made.work_number,
                person.name,
                team,
                made.wanted,
                made.done,
                made.missing,
                tuple(sorted(made.days)),
            )
        )
    return tuple(rows)


@reads(Action.READ_REGISTERS)
def qa_trend(session: Session, first: date, last: date, *, by_team: bool = False) -> tuple[TrendRow, ...]:
    """Return the months of each person, or each team, with a form given on a day from ``first`` to ``last``."""
    require_reader(session, QA_FORM)
    limits = limits_at(session.now)
    people = {
        p.id: p
        for p in models.Person.select(models.Person, models.Team).join(
            models.Team, peewee.JOIN.LEFT_OUTER, on=models.Person.team
        )
    }
    forms = []
    for record in _forms(first, last):
        person = people[record.about_id]
        team = person.team.code if person.team_id else ""
        forms.append(
            Form(team if by_team else person.work_number, record.day, score(record.values, limits).percent)
        )
    named: Mapping[str, models.Person] = {p.work_number: p for p in people.values()}
    return tuple(_trend_row(group, months, named, by_team=by_team) for group, months in trends(forms).items())


def require_reader(session: Session, register: Register) -> None:
    """Refuse whoever does not read all of a register; the program itself reads what is no secret."""
    if session.actor.role in register.readers or (session.actor.person_id == 0 and not register.need_to_know):
        return
    raise NotPermitted(
        _("A {role} reads only what is about them in the register “{register}”.").format(
            role=_(ROLE_NAMES[session.actor.role]), register=_(register.title)
        ),
        article=register.article,
        next_step=_("Ask the shift leader on duty."),
    )


def _trend_row(
    group: str, months: tuple[MonthMean, ...], named: Mapping[str, models.Person], *, by_team: bool
) -> TrendRow:
    if by_team:
        return TrendRow("", "", group, months)
    person = named[group]
    return TrendRow(group, person.name, person.team.code if person.team_id else "", months)


def _operators() -> dict[int, models.Person]:
    person = models.Person
    found = (
        person.select(person, models.Team)
        .join(models.Team, peewee.JOIN.LEFT_OUTER, on=person.team)
        .where(person.role == Role.OPERATOR, person.status == PersonStatus.ACTIVE)
    )
    return {p.id: p for p in found}


def _duty_days(first: date, until: date) -> Mapping[int, set[date]]:
    duty = models.Duty
    days: dict[int, set[date]] = defaultdict(set)
    query = active_duties().where(duty.date >= first, duty.date < until)
    for row in query:
        days[row.person_id].add(row.date)
    return days


def _forms(first: date, last: date) -> Iterable[models.RegisterRecord]:
    row = models.RegisterRecord
    return list(
        row.select()
        .where(row.register == QA_FORM.key, row.day >= first, row.day <= last, row.about.is_null(False))
        .order_by(row.day, row.id)
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _previous_month(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
