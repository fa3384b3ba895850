"""The verdicts on the duties of some days (Art. 33), inside a transaction."""

from __future__ import annotations

import calendar
import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from operations.attendance_corrections import waiting_duties
from operations.attendance_rows import DutyRow
from operations.attendance_witnesses import Case, cases
from regulation.attendance import Depth, Judgement, judge
from regulation.attendance_evidence import JudgedDuty
from regulation.attendance_month import CountedDuty, counted
from regulation.values import value


@value
class JudgedRow:
    """A duty of the roster with the verdict on it, and as the month counts it.

    ``waits``: a correction of it waits for a decision.
    """

    row: DutyRow
    duty: JudgedDuty
    judgement: Judgement
    counted: CountedDuty
    waits: bool = False


def month_days(month: date) -> tuple[date, ...]:
    """Return the civil days of the month that ``month`` lies in."""
    first = month.replace(day=1)
    return tuple(first + timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1]))


def judged_between(
    first: date,
    last: date,
    now: datetime,
    people: Collection[int] | None = None,
    depth: Depth = Depth.VERDICT,
) -> list[JudgedRow]:
    """Return the verdict on every duty of days from ``first`` to ``last``, by person and time."""
    waiting = waiting_duties(first, last)
    with collector_held():
        return [judged_case(case, now, waiting, depth) for case in cases(first, last, now, people)]


@contextmanager
def collector_held() -> Iterator[None]:
    """Hold Python's search for cycles off: what is made here by the hundred thousand holds none.

    Looking through all of it again and again would be a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judged_case(
    case: Case, now: datetime, waiting: Collection[int], depth: Depth = Depth.EXPLAINED
) -> JudgedRow:
    """Return the verdict on one duty whose evidence is at hand, with as much beside it as ``depth`` asks for."""
    judgement = judge(case.duty, case.evidence, case.corrections, now, case.limits, depth)
    return JudgedRow(case.row, case.duty, judgement, counted(case.duty, judgement), case.row.id in waiting)
