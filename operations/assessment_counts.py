"""What a month is assessed by, counted where it is kept (inside a transaction): findings, reports, the door, figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import peewee

import models
from operations.attendance_judging import month_days
from operations.centre import day_bounds
from operations.daily_figures import target_text
from operations.duties import named
from operations.figures import FigureRow, forms_of
from regulation.access import Outcome
from regulation.assessment import LATE_CODES, DoorMonth, FigureMonth, FindingCount, LateReport, OpenBreach
from regulation.figures import figure_text
from regulation.records import Direction
from regulation.register_table import REGISTERS

# The mean of a figure is shown with one digit more than the figure itself.
_MEAN_DIGITS = 1
_OPENING = tuple(outcome.value for outcome in Outcome if outcome.opens)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return the instants at which the centre's civil month of ``month`` begins and ends."""
    days = month_days(month)
    return day_bounds(days[0])[0], day_bounds(days[-1])[1]


def finding_counts(month: date) -> tuple[FindingCount, ...]:
    """Return the findings of a month by article, code and person; the team is the duty's, else the person's."""
    kept, person, duty = models.Finding, models.Person, models.Duty
    begin, end = month_bounds(month)
    team_id = peewee.fn.COALESCE(duty.team, person.team)
    query = (
        kept.select(
            kept.article,
            kept.code,
            kept.person,
            team_id.alias("of_team"),
            peewee.fn.COUNT(kept.id).alias("count"),
        )
        .join(person, peewee.JOIN.LEFT_OUTER)
        .switch(kept)
        .join(duty, peewee.JOIN.LEFT_OUTER)
        .where(kept.at >= begin, kept.at < end)
        .group_by(kept.article, kept.code, kept.person, team_id)
        .order_by(kept.article, kept.code, kept.person)
    )
    codes = {team.id: team.code for team in models.Team.select()}
    return tuple(
        FindingCount(month, article, code, person_id or 0, codes.get(of_team, ""), count)
        for article, code, person_id, of_team, count in query.tuples()
    )


def late_reports(begin: datetime, end: datetime) -> tuple[LateReport, ...]:
    """Return what came in late or not at all (Art. 8, 34, 44), in order of time."""
    kept = models.Finding
    query = kept.select(kept, models.Person).join(models.Person, peewee.JOIN.LEFT_OUTER)
    late = query.where(kept.at >= begin, kept.at < end, kept.code.in_(LATE_CODES)).order_by(kept.at, kept.id)
    return tuple(
        LateReport(
            row.article,
            row.code,
            row.at,
            named(row.person) if row.person_id else "",
            tuple(sorted((name, str(value)) for name, value in row.details.items())),
        )
        for row in late
    )


def open_breaches(end: datetime) -> tuple[OpenBreach, ...]:
    """Return the reported breaches that are open at the end of the month, the oldest first (Art. 4).

    What was breached is said by its kind: the words of a report are for those who see to it.
    """
    record, register = models.RegisterRecord, REGISTERS["breach"]
    kind = register.field_named("kind")
    kinds = {choice.key: choice.label for choice in kind.choices} if kind is not None else {}
    query = record.select().where(
        record.register == register.key,
        record.opened_at < end,
        record.closed_at.is_null() | (record.closed_at >= end),
    )
    return tuple(
        OpenBreach(
            str(row.number),
            row.opened_at,
            row.due_at,
            register.state_named(row.state).label,
            kinds.get(row.values.get("kind", ""), ""),
        )
        for row in query.order_by(record.opened_at, record.id)
    )


def door_month(begin: datetime, end: datetime) -> DoorMonth:
    """Return what the doors did in a month (Art. 20)."""
    event = models.DoorEvent
    visits = event.visit_id.is_null(False)
    query = (
        event.select(event.outcome, event.direction, event.code, visits, peewee.fn.COUNT(event.sequence))
        .where(event.at >= begin, event.at < end)
        .group_by(event.outcome, event.direction, event.code, visits)
    )
    rows = [(outcome, way, code, bool(visit), count) for outcome, way, code, visit, count in query.tuples()]
    passes = [row for row in rows if row[0] in _OPENING]
    entries = [row for row in passes if row[1] == Direction.IN]
    refusals: dict[str, int] = {}
    for outcome, _way, code, _visit, count in rows:
        if outcome == Outcome.REFUSED:
            refusals[code] = refusals.get(code, 0) + count
    return DoorMonth(
        sum(row[4] for row in entries if not row[3]),
        sum(row[4] for row in entries if row[3]),
        sum(row[4] for row in passes if row[1] == Direction.OUT),
        tuple(sorted(refusals.items(), key=lambda pair: (-pair[1], pair[0]))),
        sum(row[4] for row in rows if row[0] == Outcome.ALARM),
        _visits(begin, end),
        _overstays(begin, end),
    )


def figure_months(month: date, now: datetime) -> tuple[FigureMonth, ...]:
    """Return each kind of daily figure over a month against its target (Art. 5), as it was at the month's end."""
    days, log = month_days(month), models.ShiftLog
    query = (
        log.select(log, models.ShiftType).join(models.ShiftType).where(log.date.between(days[0], days[-1]))
    )
    forms = forms_of(list(query.where(log.starts_at <= now).order_by(log.starts_at)), now)
    kinds: dict[str, list[FigureRow]] = {}
    for form in forms:
        for row in form.rows:
            kinds.setdefault(row.kind.code, []).append(row)
    return tuple(_figure_month(rows) for rows in kinds.values() if any(row.value for row in rows))


def _figure_month(rows: Sequence[FigureRow]) -> FigureMonth:
    kind = rows[-1].kind
    values = [Decimal(row.value) for row in rows if row.value]
    mean = sum(values, Decimal(0)) / len(values)
    return FigureMonth(
        kind.label,
        kind.label_en,
        kind.unit,
        kind.unit_en,
        target_text(kind),
        len(values),
        sum(row.missed for row in rows if row.value),
        figure_text(mean, kind.decimals + _MEAN_DIGITS),
    )


def _visits(begin: datetime, end: datetime) -> int:
    event = models.DoorEvent
    inside = event.outcome.in_(_OPENING) & (event.direction == Direction.IN)
    query = event.select(peewee.fn.COUNT(event.visit_id.distinct())).where(
        event.at >= begin, event.at < end, inside
    )
    return int(query.scalar() or 0)


def _overstays(begin: datetime, end: datetime) -> int:
    kept = models.Finding
    found = kept.select().where(kept.at >= begin, kept.at < end, kept.code == "visitor_overstayed")
    return int(found.count())
