"""The verdicts on the duties of some days (Art. 33), inside a transaction."""

from __future__ import annotations

import calendar
from collections.abc import Collection
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
    """Return the verdict on every duty of days from ``first`` to ``last``, by person and time."""
    waiting = waiting_duties(first, last)
    return [judged_case(case, now, waiting) for case in cases(first, last, now, people)]


def judged_case(case: Case, now: datetime, waiting: Collection[int]) -> JudgedRow:
    """Return the verdict on one duty whose evidence is at hand."""
    judgement = judge(case.duty, case.evidence, case.corrections, now, case.limits)
    return JudgedRow(case.row, case.duty, judgement, case.row.id in waiting)
