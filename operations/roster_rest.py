"""What the rest rules need to judge a roster while it is drawn: each shift on each day, the limits, the days around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import models
from operations.centre import ShiftClock, zone
from operations.rest_warnings import RestGround, rest_duty
from regulation.limits import Limits
from regulation.rest import RestDuty


@dataclass(frozen=True, slots=True)
class RestTimes:
    """``duties`` holds each kind of shift on each day; the rest is what :func:`regulation.rest.warnings_of` takes."""

    duties: Mapping[tuple[str, date], RestDuty]
    limits: Limits
    working_days: Mapping[tuple[int, int], int]


def rest_around(now: datetime, days: Sequence[date]) -> tuple[RestTimes, Mapping[int, tuple[RestDuty, ...]]]:
    """Return the ground for ``days``, and what each person has before and after them, as far as the rules look.

    What the draft plans there counts as if it were published (inside a transaction).
    """
    first, last = days[0], days[-1]
    ground = RestGround.of(now, first, last)
    around = {
        person: tuple(duty for duty in duties if not first <= duty.date <= last)
        for person, duties in ground.duties.items()
    }
    here, times = zone(), ShiftClock()
    duties = {
        (str(kind.code), day): rest_duty(
            day,
            *times.of(kind, day),
            0 if kind.hands_over else ground.limits["office_break_minutes"],
            here,
        )
        for kind in models.ShiftType.select()
        for day in days
    }
    return RestTimes(duties, ground.limits, ground.working_days), around
