"""A month's roster as it leaves the house: who has which duty on which day, and the sums that stand beside it.

Operations fill these records and reports set them on paper, in a spreadsheet or in a calendar; the records know
neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from regulation.calendar_days import CalendarDay
from regulation.rest import is_night_work


@dataclass(frozen=True, slots=True)
class SheetShift:
    """A kind of shift; its start counts in minutes from local midnight, and it may end after the next."""

    code: str
    name: str
    name_en: str
    short: str
    start_minute: int
    duration_minutes: int

    @property
    def is_night(self) -> bool:
        """Whether it is worked at night."""
        return is_night_work(self.start_minute, self.duration_minutes)


@dataclass(frozen=True, slots=True)
class SheetDuty:
    """One duty of a person. ``planned``: it is of the draft and nobody is due by it yet; times are aware UTC."""

    date: date
    shift: str
    starts_at: datetime
    ends_at: datetime
    seat: str = ""
    leads: bool = False
    on_leave: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """One person's month. ``planned`` are the days on which the draft differs from what is published.

    ``cleared`` are the days whose duty was taken off since it was first published.
    """

    id: int
    work_number: str
    name: str
    team: str
    duties: tuple[SheetDuty, ...]
    planned: frozenset[date] = frozenset()
    cleared: frozenset[date] = frozenset()

    def on(self, day: date) -> tuple[SheetDuty, ...]:
        """Return the duties of a day, in order of time; a swap in part leaves several."""
        return tuple(duty for duty in self.duties if duty.date == day)


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """A month of one team or of everyone. ``version`` is the month's; ``draft``: what is planned stands above it.

    ``published_by`` is empty while nothing of the month was published; ``centre_key`` names the centre for ever.
    """

    centre: str
    centre_key: str
    time_zone: str
    days: tuple[CalendarDay, ...]
    shifts: tuple[SheetShift, ...]
    teams: tuple[tuple[str, str], ...]
    people: tuple[SheetPerson, ...]
    version: int
    draft: bool = False
    published_by: str = ""
    published_at: datetime | None = None

    @property
    def first(self) -> date:
        """The first day."""
        return self.days[0].date

    @property
    def month(self) -> str:
        """The month as ``2026-11``."""
        return f"{self.first:%Y-%m}"

    @property
    def has_plans(self) -> bool:
        """Whether a day on the sheet is not published as it stands there."""
        return any(person.planned for person in self.people)


def hours_of(duties: Iterable[SheetDuty]) -> float:
    """Return the hours on duty, by the time that passes; leave does not count."""
    worked = (duty.ends_at - duty.starts_at for duty in duties if not duty.on_leave)
    return sum(span.total_seconds() for span in worked) / 3600


def nights_of(duties: Iterable[SheetDuty], shifts: Sequence[SheetShift]) -> int:
    """Return how many dates have a night's duty; leave does not count."""
    nights = {shift.code for shift in shifts if shift.is_night}
    return len({duty.date for duty in duties if duty.shift in nights and not duty.on_leave})


def coverage_of(people: Iterable[SheetPerson], shift: str, days: Sequence[CalendarDay]) -> tuple[int, ...]:
    """Return how many people have a shift on each day; leave does not count, and nobody counts twice."""
    at_work = [
        {duty.date for duty in person.duties if duty.shift == shift and not duty.on_leave}
        for person in people
    ]
    return tuple(sum(day.date in theirs for theirs in at_work) for day in days)
