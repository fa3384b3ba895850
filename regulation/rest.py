"""Rest between duties: what labour law and the house ask of one person's run of duties.

These are warnings for whoever draws the roster, never findings: the regulation itself gives no number. Each names the
limit it is about, and the limit names its source, so that law and house rule are kept apart.

A duty belongs to the civil day it begins on, with all its hours: a Sunday's night is the Sunday's. Weeks run from
Monday to Sunday. Every rule looks only at duties that are there, so duties outside the range that was read can add
a warning but never take one away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from regulation.limits import BY_NAME, LimitDefinition, Limits
from regulation.marking import N_

STANDARD_DAY_HOURS = 8
_DAY_MINUTES = 24 * 60
_SMALL_HOURS_END = 5 * 60
_NIGHT_WORK_MINUTES = 3 * 60
_FREE_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)


class RestRule(StrEnum):
    """What a warning is about."""

    DAILY_REST = "daily_rest"
    WEEKLY_REST = "weekly_rest"
    WEEKLY_HOURS = "weekly_hours"
    OVERTIME = "overtime"
    NIGHT_TO_MORNING = "night_to_morning"
    LONG_RUN = "long_run"


RULE_LIMITS: Mapping[RestRule, str] = {
    RestRule.DAILY_REST: "daily_rest_hours",
    RestRule.WEEKLY_REST: "weekly_rest_days",
    RestRule.WEEKLY_HOURS: "weekly_hours",
    RestRule.OVERTIME: "monthly_overtime_hours",
    RestRule.NIGHT_TO_MORNING: "after_night_from_hour",
    RestRule.LONG_RUN: "longest_run_days",
}
# ``{value}`` is what was found and ``{allowed}`` the limit, both in the limit's unit (after a night: clock times).
RULE_TEXTS: Mapping[RestRule, str] = {
    RestRule.DAILY_REST: N_("only {value} h of rest before this duty, {allowed} h are due"),
    RestRule.WEEKLY_REST: N_("{value} free days in this week, {allowed} are due"),
    RestRule.WEEKLY_HOURS: N_("{value} h a week on average, {allowed} h are allowed"),
    RestRule.OVERTIME: N_("{value} h of overtime in this month, {allowed} h are allowed"),
    RestRule.NIGHT_TO_MORNING: N_("begins at {value} after a night, {allowed} is the earliest"),
    RestRule.LONG_RUN: N_("day {value} of duties in a row, {allowed} are allowed"),
}


@dataclass(frozen=True, slots=True)
class RestDuty:
    """One duty of a person. ``start_minute`` is its local start; ``worked_minutes`` leaves breaks out."""

    date: date
    starts_at: datetime
    ends_at: datetime
    start_minute: int
    worked_minutes: int
    is_night: bool


@dataclass(frozen=True, slots=True)
class RestWarning:
    """One thing that is wrong, shown at the duty of ``date``; ``value`` and ``allowed`` in the limit's unit."""

    rule: RestRule
    date: date
    value: float
    allowed: int

    @property
    def limit(self) -> LimitDefinition:
        """The limit it is about, with its source."""
        return BY_NAME[RULE_LIMITS[self.rule]]


def is_night_work(start_minute: int, duration_minutes: int) -> bool:
    """Whether a shift holds at least three hours between midnight and five (EU 2003/88/EC Art. 2)."""
    end = start_minute + duration_minutes
    inside = sum(
        max(0, min(end, midnight + _SMALL_HOURS_END) - max(start_minute, midnight))
        for midnight in (0, _DAY_MINUTES)
    )
    return inside >= _NIGHT_WORK_MINUTES


def warnings_of(
    duties: Sequence[RestDuty], limits: Limits, working_days: Mapping[tuple[int, int], int]
) -> tuple[RestWarning, ...]:
    """Return what is wrong with one person's duties, in order of date.

    ``duties`` are in order of their start. ``working_days`` counts the days worked in each ``(year, month)``; the
    overtime of a month that is not in it is not judged.
    """
    found = [
        *_between_duties(duties, limits),
        *_long_runs(duties, limits),
        *_weekly_rest(duties, limits),
        *_weekly_hours(duties, limits),
        *_overtime(duties, limits, working_days),
    ]
    return tuple(sorted(found, key=lambda warning: (warning.date, warning.rule)))


def _between_duties(duties: Sequence[RestDuty], limits: Limits) -> Iterator[RestWarning]:
    due, earliest = limits["daily_rest_hours"], limits["after_night_from_hour"]
    for before, after in pairwise(duties):
        # Eleven hours between the end of one duty and the start of the next.
        rest = after.starts_at - before.ends_at
        if rest < limits.hours("daily_rest_hours"):
            yield RestWarning(RestRule.DAILY_REST, after.date, _hours(rest), due)
        # No night and then the next day's morning.
        next_day = after.date - before.date == timedelta(days=1)
        if before.is_night and next_day and after.start_minute < earliest * 60:
            value = round(after.start_minute / 60, 2)
            yield RestWarning(RestRule.NIGHT_TO_MORNING, after.date, value, earliest)


def _long_runs(duties: Sequence[RestDuty], limits: Limits) -> Iterator[RestWarning]:
    allowed, run, last = limits["longest_run_days"], 0, date.min
    for duty in duties:
        if duty.date == last:
            continue
        run = run + 1 if (duty.date - last).days == 1 else 1
        last = duty.date
        # Said once for a run, at the first day that is too much.
        if run == allowed + 1:
            yield RestWarning(RestRule.LONG_RUN, duty.date, run, allowed)


def _weekly_rest(duties: Sequence[RestDuty], limits: Limits) -> Iterator[RestWarning]:
    """Labour Law Art. 38: a free day is one on which no duty begins, within 24 hours or more without duty."""
    due = limits["weekly_rest_days"]
    lost: dict[date, int] = {}
    shown: dict[date, date] = {}
    for duty in duties:
        week = _monday(duty.date)
        lost[week] = lost.get(week, 0) + (shown.get(week) != duty.date)
        shown[week] = duty.date
    for before, after in pairwise(duties):
        if (after.date - before.date).days == 2 and after.starts_at - before.ends_at < _FREE_DAY:
            between = _monday(before.date + timedelta(days=1))
            lost[between] = lost.get(between, 0) + 1
            shown.setdefault(between, before.date)
    for week, days in lost.items():
        if 7 - days < due:
            yield RestWarning(RestRule.WEEKLY_REST, shown[week], 7 - days, due)


def _weekly_hours(duties: Sequence[RestDuty], limits: Limits) -> Iterator[RestWarning]:
    """Labour Law Art. 36: on average, so that a rotation whose cycle is no week is judged over many."""
    allowed, span = limits["weekly_hours"], limits["weekly_hours_weeks"]
    minutes: dict[date, int] = {}
    shown: dict[date, date] = {}
    for duty in duties:
        week = _monday(duty.date)
        minutes[week] = minutes.get(week, 0) + duty.worked_minutes
        shown[week] = duty.date
    for week, last in shown.items():
        total = sum(minutes.get(week - _WEEK * back, 0) for back in range(span))
        if total > allowed * 60 * span:
            yield RestWarning(RestRule.WEEKLY_HOURS, last, round(total / 60 / span, 1), allowed)


def _overtime(
    duties: Sequence[RestDuty], limits: Limits, working_days: Mapping[tuple[int, int], int]
) -> Iterator[RestWarning]:
    """Labour Law Art. 41: what goes beyond eight hours for each working day of the month is overtime."""
    allowed = limits["monthly_overtime_hours"]
    minutes: dict[tuple[int, int], int] = {}
    shown: dict[tuple[int, int], date] = {}
    for duty in duties:
        month = (duty.date.year, duty.date.month)
        minutes[month] = minutes.get(month, 0) + duty.worked_minutes
        shown[month] = duty.date
    for month, total in minutes.items():
        if month in working_days:
            over = total - working_days[month] * STANDARD_DAY_HOURS * 60
            if over > allowed * 60:
                yield RestWarning(RestRule.OVERTIME, shown[month], round(over / 60, 1), allowed)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)
