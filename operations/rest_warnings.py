"""What labour law and the house say against a roster: warnings on rest, with the draft counted in.

Leave is no work: a duty on leave counts as a free day here.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import models
from locales import _
from operations.boundary import Session, reads
from operations.calendar_days import days_between
from operations.centre import ShiftClock, limits_at, zone
from operations.drafts import draft_rows
from operations.duties import DUE, many_rows
from operations.permissions import Action
from regulation.calendar_days import working_days_by_month
from regulation.limits import Limits
from regulation.rest import RULE_TEXTS, RestDuty, RestRule, RestWarning, is_night_work, warnings_of

_ONE_DAY = timedelta(days=1)
_WEEK_DAYS = 7
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class PersonWarnings:
    """What is wrong with one person's duties, in order of date."""

    person_id: int
    work_number: str
    name: str
    team: str
    warnings: tuple[RestWarning, ...]


@dataclass(frozen=True, slots=True)
class RosterWarnings:
    """Everyone with a warning in a range of days. ``limits_version`` names the limits that were asked.

    ``unpublished`` are the years whose adjusted working days are not known yet: their overtime may still change.
    """

    first: date
    last: date
    people: tuple[PersonWarnings, ...]
    limits_version: str
    unpublished: tuple[int, ...]


@reads(Action.READ_DESK)
def roster_warnings(
    session: Session,
    first: date,
    last: date,
    person_ids: Sequence[int] | None = None,
    *,
    with_draft: bool = True,
) -> RosterWarnings:
    """Return the warnings of the days from ``first`` to ``last``, for some people or for everyone.

    With the draft it is judged as if it were published; without it, the roster as it stands.
    """
    ground = RestGround.of(session.now, first, last, person_ids, with_draft=with_draft)
    person = models.Person
    rows = []
    for who in person.select().where(person.id.in_(list(ground.duties))).order_by(person.work_number):
        found = ground.warnings(who.id)
        if found:
            team = who.team.code if who.team_id else ""
            rows.append(PersonWarnings(who.id, who.work_number, who.name, team, found))
    return RosterWarnings(first, last, tuple(rows), ground.limits.version, ground.unpublished)


@dataclass(frozen=True, slots=True)
class RestGround:
    """The duties around a range of days, by person and in order of time, beside what they are judged by."""

    first: date
    last: date
    duties: Mapping[int, Sequence[RestDuty]]
    limits: Limits
    working_days: Mapping[tuple[int, int], int]
    unpublished: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        now: datetime,
        first: date,
        last: date,
        person_ids: Sequence[int] | None = None,
        *,
        with_draft: bool = True,
    ) -> RestGround:
        """Read the ground of a range, with as many days before and after as the rules look at."""
        limits = limits_at(now)
        begin, end = _horizon(first, last, limits)
        months = days_between(first.replace(day=1), _month_end(last))
        return cls(
            first,
            last,
            rest_duties(begin, end, limits, person_ids, with_draft=with_draft),
            limits,
            working_days_by_month(months),
            tuple(sorted({day.date.year for day in months if not day.complete})),
        )

    def warnings(self, person_id: int, duties: Sequence[RestDuty] | None = None) -> tuple[RestWarning, ...]:
        """Return one person's warnings in the range, of the duties they have or of others in their place."""
        theirs = self.duties.get(person_id, ()) if duties is None else duties
        found = warnings_of(theirs, self.limits, self.working_days)
        return tuple(warning for warning in found if self.first <= warning.date <= self.last)


def warning_text(warning: RestWarning) -> str:
    """Return what is wrong, in the reader's language."""
    value, allowed = f"{warning.value:g}", str(warning.allowed)
    if warning.rule is RestRule.NIGHT_TO_MORNING:
        value, allowed = _clock(warning.value), _clock(warning.allowed)
    return _(RULE_TEXTS[warning.rule]).format(value=value, allowed=allowed)


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def rest_duties(
    first: date,
    last: date,
    limits: Limits,
    person_ids: Sequence[int] | None = None,
    *,
    with_draft: bool = True,
) -> dict[int, list[RestDuty]]:
    """Return the duties from ``first`` to ``last`` as the rules on rest see them (inside a transaction)."""
    here = zone()
    breaks = _breaks(limits)
    wanted = None if person_ids is None else set(person_ids)
    planned = {(r.person_id, r.date): r for r in draft_rows(first, last, wanted)} if with_draft else {}
    found: dict[int, list[RestDuty]] = defaultdict(list)
    duty = models.Duty
    columns = (duty.person, duty.date, duty.starts_at, duty.ends_at, duty.shift_type)
    conditions = [duty.date >= first, duty.date <= last, duty.state == DUE, duty.leave_kind == ""]
    if wanted is not None:
        conditions.append(duty.person.in_(wanted))
    known = cache(rest_duty)  # whoever works the same shift has the same duty
    for person_id, day, starts_at, ends_at, shift_id in many_rows(columns, *conditions):
        if (person_id, day) not in planned:
            found[person_id].append(known(day, starts_at, ends_at, breaks[shift_id], here))
    times = ShiftClock()
    for (person_id, day), row in planned.items():
        if row.shift_type_id:
            span = times.of(row.shift_type, day)
            found[person_id].append(known(day, *span, breaks[row.shift_type_id], here))
    for theirs in found.values():
        theirs.sort(key=lambda one: one.starts_at)
    return found


def rest_duty(
    day: date, starts_at: datetime, ends_at: datetime, break_minutes: int, here: ZoneInfo
) -> RestDuty:
    """Return one duty as the rules on rest see it."""
    local = starts_at.astimezone(here)
    # Counted from the day's own midnight: the second half of a night, swapped, begins no morning (Art. 38).
    start_minute = (local.date() - day).days * _DAY_MINUTES + local.hour * 60 + local.minute
    length = int((ends_at - starts_at).total_seconds()) // 60
    worked = max(length - break_minutes, 0)
    return RestDuty(day, starts_at, ends_at, start_minute, worked, is_night_work(start_minute, length))


def _breaks(limits: Limits) -> dict[int, int]:
    """The unpaid break of each shift type: who hands over eats at the desk, office hours have a break."""
    return {
        shift.id: 0 if shift.hands_over else limits["office_break_minutes"]
        for shift in models.ShiftType.select()
    }


def _horizon(first: date, last: date, limits: Limits) -> tuple[date, date]:
    """The days that can add a warning between ``first`` and ``last``."""
    monday = first - timedelta(days=first.weekday())
    weeks_back = monday - timedelta(days=_WEEK_DAYS * (limits["weekly_hours_weeks"] - 1))
    run_back = first - timedelta(days=limits["longest_run_days"])
    sunday = last + timedelta(days=_WEEK_DAYS - 1 - last.weekday())
    begin = min(weeks_back, run_back, first.replace(day=1)) - _ONE_DAY
    return begin, max(sunday, _month_end(last)) + _ONE_DAY


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
