"""The verdicts on the duties of some days (Art. 33), inside a transaction."""

from __future__ import annotations

import calendar
import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from operations.attendance_corrections import waiting_duties
from operations.attendance_rows import DutyRow
from operations.attendance_witnesses import Case, cases
from regulation.attendance import Judgement, judge
from regulation.attendance_evidence import JudgedDuty
from regulation.attendance_month import CountedDuty, counted


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A duty of the roster with the verdict on it. ``waits``: a correction of it waits for a decision."""

    row: DutyRow
    duty: JudgedDuty
    judgement: Judgement
    waits: bool = False

    @property
    def counted(self) -> CountedDuty:
        """The duty as the month counts it."""
        return counted(self.duty, self.judgement)


def month_days(month: date) -> tuple[date, ...]:
    """Return the civil days of the month that ``month`` lies in."""
    first = month.replace(day=1)
    return tuple(first + timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1]))


def judged_between(
    first: date, last: date, now: datetime, people: Collection[int] | None = None
) -> list[JudgedRow]:
    """Return the verdict on every duty of days from ``first`` to ``last``, by person and time, unexplained."""
    waiting = waiting_duties(first, last)
    with _collector_held():
        return [judged_case(case, now, waiting, explained=False) for case in cases(first, last, now, people)]


@contextmanager
def _collector_held() -> Iterator[None]:
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


def judged_case(case: Case, now: datetime, waiting: Collection[int], *, explained: bool = True) -> JudgedRow:
    """Return the verdict on one duty whose evidence is at hand, with the lines that explain it or without."""
    judgement = judge(case.duty, case.evidence, case.corrections, now, case.limits, explained=explained)
    return JudgedRow(case.row, case.duty, judgement, case.row.id in waiting)
