"""What one act at the grid would change: a filled range, a pasted block, a week that is repeated.

A range passes over the days that cannot be planned any more; how many there were is part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from operations.drafts import CellChange
from tui.month_plan import MonthPlan

WEEK = timedelta(days=7)
Block = tuple[tuple[str | None, ...], ...]
# One person's day and the shift it is to have, ``None`` for a free day.
Wanted = tuple[int, date, str | None]


@dataclass(frozen=True, slots=True)
class Act:
    """The changes of one act, and how many days it passed over."""

    changes: tuple[CellChange, ...]
    passed: int = 0


def single(plan: MonthPlan, person_id: int, day: date, code: str | None) -> Act:
    """One cell, whatever stands there: a refusal comes back in words."""
    before = plan.planned(person_id, day)
    return Act(() if before == code else (CellChange(person_id, day, before, code),))


def many(plan: MonthPlan, wanted: Iterable[Wanted], now: datetime) -> Act:
    """Many cells at once, those left alone that cannot be planned any more."""
    changes, passed = [], 0
    for person_id, day, code in wanted:
        before = plan.planned(person_id, day)
        if before == code:
            continue
        if plan.is_fixed(person_id, day, code, now):
            passed += 1
        else:
            changes.append(CellChange(person_id, day, before, code))
    return Act(tuple(changes), passed)


def filled(cells: Iterable[Iterable[tuple[int, date]]], code: str | None) -> list[Wanted]:
    """Every cell of a range with one shift, or free."""
    return [(person_id, day, code) for row in cells for person_id, day in row]


def block_of(plan: MonthPlan, cells: Iterable[Iterable[tuple[int, date]]]) -> Block:
    """What a range holds, to be pasted elsewhere."""
    return tuple(tuple(plan.planned(*cell) for cell in row) for row in cells)


def pasted(block: Block, people: Sequence[int], days: Sequence[date]) -> list[Wanted]:
    """A block laid down from the first of ``people`` and the first of ``days``; what reaches beyond them is left."""
    return [
        (person_id, day, code)
        for person_id, codes in zip(people, block, strict=False)
        for day, code in zip(days, codes, strict=False)
    ]


def next_week(plan: MonthPlan, people: Sequence[int], day: date) -> list[Wanted]:
    """The week that ``day`` lies in, Monday to Sunday, repeated in the week after it, as far as both are shown."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    return [
        (person_id, one + WEEK, plan.planned(person_id, one))
        for person_id in people
        for one in days
        if one in plan.columns and one + WEEK in plan.columns
    ]
