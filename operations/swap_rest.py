"""What a swap does to the rest of everyone in it, told before anybody agrees (Art. 38; the limits name their source)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import models
from operations.calendar_days import days_between
from operations.centre import limits_at, zone
from operations.duties import named
from operations.swap_records import Given, held_after, held_now, parties_of
from regulation.calendar_days import working_days_by_month
from regulation.limits import Limits
from regulation.rest import RestDuty, RestRule, RestWarning, is_night_work, warnings_of
from regulation.swaps import Leg

_MONTH = timedelta(days=32)
_WEEK = timedelta(days=7)
# Of these a greater value is better.
_MORE_IS_BETTER = frozenset({RestRule.DAILY_REST, RestRule.WEEKLY_REST, RestRule.NIGHT_TO_MORNING})


@dataclass(frozen=True, slots=True)
class SideWarning:
    """A warning that a swap would bring about, and whose rest it is."""

    person_id: int
    person: str
    warning: RestWarning


def rest_warnings(given: Sequence[Given], legs: Sequence[Leg], now: datetime) -> tuple[SideWarning, ...]:
    """Return what is wrong with the rest of each side after the swap and was not before, or was less so."""
    limits, here, sides = limits_at(now), zone(), parties_of(legs)
    around = max(_MONTH, _WEEK * limits["weekly_hours_weeks"])
    before = held_now(given, sides, around)
    after = held_after(given, sides, around)
    days = [one.duty.date for one in given]
    calendar = days_between(min(days) - around - _WEEK, max(days) + around + _WEEK)
    working_days = working_days_by_month(calendar)
    people = {p.id: p for p in models.Person.select().where(models.Person.id.in_(sides))}
    found = []
    for person_id in sides:
        now_held = [(duty, duty.starts_at, duty.ends_at) for duty in before[person_id]]
        old, new = (
            warnings_of(_rest_duties(held, limits, here), limits, working_days)
            for held in (now_held, after[person_id])
        )
        whole = {(w.rule, w.date): w for w in old}
        found += [
            SideWarning(person_id, named(people[person_id]), warning)
            for warning in new
            if _is_worse(warning, whole.get((warning.rule, warning.date)))
        ]
    return tuple(found)


def _rest_duties(
    held: Sequence[tuple[models.Duty, datetime, datetime]], limits: Limits, here: ZoneInfo
) -> list[RestDuty]:
    return [_rest_duty(duty, begin, end, limits, here) for duty, begin, end in held]


def _rest_duty(duty: models.Duty, begin: datetime, end: datetime, limits: Limits, here: ZoneInfo) -> RestDuty:
    local, minutes = begin.astimezone(here), int((end - begin) / timedelta(minutes=1))
    start_minute = (local.date() - duty.date).days * 24 * 60 + local.hour * 60 + local.minute
    pause = 0 if duty.shift_type.hands_over else limits["office_break_minutes"]
    return RestDuty(
        duty.date, begin, end, start_minute, max(0, minutes - pause), is_night_work(start_minute, minutes)
    )


def _is_worse(warning: RestWarning, before: RestWarning | None) -> bool:
    if before is None:
        return True
    if warning.rule in _MORE_IS_BETTER:
        return warning.value < before.value
    return warning.value > before.value
