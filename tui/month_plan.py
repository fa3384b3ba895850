"""A span of the roster as it is drawn and edited: what is published, what the draft plans, what was just typed.

Everything the grid shows is answered from here without asking the centre: a key changes one person's line, and only
that line's sums, warnings and the counts of the touched days are made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from regulation.rest import RestDuty, RestWarning, is_night_work, warnings_of

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.demand import CoverNeed
    from operations.roster import PlannedDay, RosterCell, RosterMonth, RosterRow

SWAP = "swap"
HOUR_MINUTES = 60
Cell = tuple[int, date]


class View(Enum):
    """Which of the two rosters is shown; comparing shows the draft and lets what it leaves alone step back."""

    DRAFT = "draft"
    PUBLISHED = "published"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Sums:
    """One person's span: hours by the clock, nights, and days worked that are weekends or holidays."""

    minutes: int
    nights: int
    weekends: int


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A line that counts people of one kind of shift, or those of one kind among them that the demand asks for."""

    kind: ShiftTypeRow
    need: CoverNeed | None = None

    def counts(self, person_id: int, column: int) -> bool:
        """Whether a person is one of those this line counts on a day."""
        return self.need is None or person_id in self.need.people[column]


class MonthPlan:
    """What a :class:`operations.roster.RosterMonth` holds, with the edits on top that it does not know of yet."""

    def __init__(self, month: RosterMonth, view: View = View.DRAFT) -> None:
        self.month = month
        self.view = view
        self.columns = {day: column for column, day in enumerate(month.days)}
        self.rows: dict[int, RosterRow] = {row.person_id: row for row in month.rows}
        self.has_pins = any(row.pinned for row in month.rows)
        self.has_parts = any(row.more for row in month.rows)
        self._free_days = {day.date for day in month.calendar if not day.is_worked}
        self._drafted: dict[Cell, PlannedDay] = {
            (row.person_id, planned.date): planned for row in month.rows for planned in row.draft
        }
        self._pending: Mapping[Cell, str | None] = {}
        self._sums: dict[int, Sums] = {}
        self._warnings: dict[int, dict[date, list[RestWarning]]] = {}
        self.lines = tuple(_coverage_lines(month))
        self._counts: list[list[int]] = []

    # What stands where ---------------------------------------------------------------------------------

    def duty(self, person_id: int, day: date) -> RosterCell | None:
        """The published duty of a day."""
        return self.rows[person_id].cells[self.columns[day]]

    def further(self, person_id: int, day: date) -> tuple[RosterCell, ...]:
        """The published duties of a day behind its first, where it has several in parts and they are what is shown."""
        more = self.rows[person_id].more.get(day, ())
        if not more or (self.view is not View.PUBLISHED and self.is_changed(person_id, day)):
            return ()
        return more

    def published(self, person_id: int, day: date) -> str | None:
        """The published shift of a day."""
        cell = self.duty(person_id, day)
        return cell.shift_code if cell else None

    def planned(self, person_id: int, day: date) -> str | None:
        """The shift that a day is to have: what was typed, else the draft, else what is published."""
        key = person_id, day
        if key in self._pending:
            return self._pending[key]
        drafted = self._drafted.get(key)
        return drafted.shift_code if drafted else self.published(person_id, day)

    def shown(self, person_id: int, day: date) -> str | None:
        """The shift of a day in the view that is on."""
        own = self.published if self.view is View.PUBLISHED else self.planned
        return own(person_id, day)

    def is_changed(self, person_id: int, day: date) -> bool:
        """Whether a day is planned otherwise than it is published."""
        key = person_id, day
        if key not in self._pending and key not in self._drafted:
            return False
        return self.planned(person_id, day) != self.published(person_id, day)

    def is_pinned(self, person_id: int, day: date) -> bool:
        """Whether neither rotation nor planner changes a day."""
        return day in self.rows[person_id].pinned

    def is_pending(self, person_id: int, day: date) -> bool:
        """Whether the centre has not answered yet to what was typed."""
        return (person_id, day) in self._pending

    def drafted(self, person_id: int, day: date) -> PlannedDay | None:
        """What the draft at the centre says about a day."""
        return self._drafted.get((person_id, day))

    def changes(self, person_ids: Collection[int] | None = None) -> int:
        """How many days of the span are planned otherwise than they are published, for some people or everyone."""
        return sum(
            self.is_changed(*key)
            for key in {*self._drafted, *self._pending}
            if person_ids is None or key[0] in person_ids
        )

    def is_fixed(self, person_id: int, day: date, shift_code: str | None, now: datetime) -> bool:
        """Whether a range passes over a day: its duty has begun, is on leave or swapped, or the new one is over."""
        cell = self.duty(person_id, day)
        if cell is not None and (cell.starts_at <= now or cell.leave or cell.origin == SWAP):
            return True
        times = self.month.rest.duties.get((shift_code, day)) if shift_code else None
        return times is not None and times.ends_at <= now

    def _holds(self, key: Cell) -> bool:
        return key[0] in self.rows and key[1] in self.columns

    # What was typed ------------------------------------------------------------------------------------

    def set_pending(self, pending: Mapping[Cell, str | None]) -> set[int]:
        """Lay edits over the draft that the centre has not shown yet; returns the people whose line changed."""
        before, self._pending = self._pending, {key: pending[key] for key in pending if self._holds(key)}
        keys = {
            key
            for key in {*before, *self._pending}
            if key not in before or key not in self._pending or before[key] != self._pending[key]
        }
        for key in keys:
            self._recount(key, before)
        touched = {person for person, _day in keys}
        for person in touched:
            self._sums.pop(person, None)
            self._warnings.pop(person, None)
        return touched

    def _recount(self, key: Cell, before: Mapping[Cell, str | None]) -> None:
        if not self._counts or self.view is View.PUBLISHED:
            return
        drafted = self._drafted.get(key)
        below = drafted.shift_code if drafted else self.published(*key)
        old, new = before.get(key, below), self._pending.get(key, below)
        cell = self.duty(*key)
        if old == new or (cell is not None and cell.leave):
            return
        column = self.columns[key[1]]
        for line, counts in zip(self.lines, self._counts, strict=True):
            if line.kind.code in (old, new) and line.counts(key[0], column):
                counts[column] += (line.kind.code == new) - (line.kind.code == old)

    # What follows from it ------------------------------------------------------------------------------

    def counts(self, line: int) -> list[int]:
        """How many people a coverage line counts on each day of the span."""
        if not self._counts:
            self._count_all()
        return self._counts[line]

    def _count_all(self) -> None:
        self._counts = [[0] * len(self.month.days) for _line in self.lines]
        by_code: dict[str, list[tuple[CoverageLine, list[int]]]] = {}
        for line, counts in zip(self.lines, self._counts, strict=True):
            by_code.setdefault(line.kind.code, []).append((line, counts))
        for person_id, row in self.rows.items():
            for column, (day, cell) in enumerate(zip(self.month.days, row.cells, strict=True)):
                code = self.shown(person_id, day)
                if code is None or (cell is not None and cell.leave):
                    continue
                for line, counts in by_code.get(code, ()):
                    counts[column] += line.counts(person_id, column)

    def sums(self, person_id: int) -> Sums:
        """Return one person's sums; leave counts for nothing."""
        if person_id not in self._sums:
            duties = self._duties(person_id)
            self._sums[person_id] = Sums(
                sum(int((duty.ends_at - duty.starts_at).total_seconds()) // 60 for duty in duties),
                len({duty.date for duty in duties if duty.is_night}),
                len({duty.date for duty in duties} & self._free_days),
            )
        return self._sums[person_id]

    def warnings(self, person_id: int, day: date) -> list[RestWarning]:
        """Return what the rest rules say about one day."""
        if person_id not in self._warnings:
            found: dict[date, list[RestWarning]] = {}
            self._warnings[person_id] = found
            rest, around = self.month.rest, self.rows[person_id].around
            duties = sorted((*around, *self._duties(person_id)), key=lambda duty: duty.starts_at)
            for warning in warnings_of(duties, rest.limits, rest.working_days):
                found.setdefault(warning.date, []).append(warning)
        return self._warnings[person_id].get(day, [])

    def _duties(self, person_id: int) -> list[RestDuty]:
        duties, rest = [], self.month.rest.duties
        for day, cell in zip(self.month.days, self.rows[person_id].cells, strict=True):
            code = self.shown(person_id, day)
            if code is None:
                continue
            for part in (cell, *self.further(person_id, day)):
                if part is None or (part is cell and part.shift_code != code and not part.leave):
                    duties.append(rest[code, day])
                elif not part.leave:
                    duties.append(_with_times(rest[part.shift_code, day], part))
        return duties


def _with_times(standard: RestDuty, cell: RosterCell) -> RestDuty:
    """A duty as it was published: its shift may have other times now, or it is a part of one."""
    if (cell.starts_at, cell.ends_at) == (standard.starts_at, standard.ends_at):
        return standard
    later = int((cell.starts_at - standard.starts_at).total_seconds()) // 60
    minutes = int((cell.ends_at - cell.starts_at).total_seconds()) // 60
    usual = int((standard.ends_at - standard.starts_at).total_seconds()) // 60
    # Counted from the day's own midnight: the second half of a night begins no morning.
    start_minute = standard.start_minute + later
    return RestDuty(
        standard.date,
        cell.starts_at,
        cell.ends_at,
        start_minute,
        max(0, standard.worked_minutes + minutes - usual),
        is_night_work(start_minute, minutes),
    )


def _coverage_lines(month: RosterMonth) -> Iterator[CoverageLine]:
    """One line for each kind of shift, or one for each kind of people that the demand names for it."""
    for kind in month.shift_types:
        needs = [need for need in month.needs if need.shift_code == kind.code]
        for need in needs or (None,):
            yield CoverageLine(kind, need)


def matching(rows: Iterable[RosterRow], team: str, name: str) -> list[RosterRow]:
    """Return the people of a team (empty: all) whose name or work number holds ``name``."""
    wanted = name.casefold()
    return [
        row
        for row in rows
        if (not team or row.team == team) and (wanted in row.name.casefold() or wanted in row.work_number)
    ]
