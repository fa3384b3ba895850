"""How many people a shift needs on a day: dated lines, the more special day winning over the more general one.

A line says, for one shift and one kind of people, what a weekday, a holiday or one date needs. For each shift and
kind of people one line counts on a day: that of the date itself, else that of a holiday or of a rest day that is
worked, else that of the weekday. The regulation gives no number here; the lines are the centre's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from regulation.calendar_days import SATURDAY_AND_SUNDAY, CalendarDay, DayKind
from regulation.marking import N_

ANYONE, LEADER, OPERATOR = "any", "leader", "operator"
SKILL_PREFIX = "skill:"
HOLIDAY, ADJUSTED = DayKind.HOLIDAY.value, DayKind.ADJUSTED_WORKING.value
MONDAY_TO_SUNDAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Words that stand for several lines at once, in the order in which they are offered.
DAY_SETS: Mapping[str, tuple[str, ...]] = {
    "every": (*MONDAY_TO_SUNDAY, HOLIDAY, ADJUSTED),
    "weekdays": (*MONDAY_TO_SUNDAY[:5], ADJUSTED),
    "weekend": MONDAY_TO_SUNDAY[5:],
}
DAY_SET_NAMES: Mapping[str, str] = {
    "every": N_("every day"),
    "weekdays": N_("Monday to Friday"),
    "weekend": N_("Saturday and Sunday"),
    HOLIDAY: N_("public holidays"),
    ADJUSTED: N_("adjusted working days"),
    "mon": N_("Mondays"),
    "tue": N_("Tuesdays"),
    "wed": N_("Wednesdays"),
    "thu": N_("Thursdays"),
    "fri": N_("Fridays"),
    "sat": N_("Saturdays"),
    "sun": N_("Sundays"),
}
WHO_NAMES: Mapping[str, str] = {
    ANYONE: N_("anyone"),
    LEADER: N_("shift leader"),
    OPERATOR: N_("operator"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """How many are needed: never fewer than ``least`` if it can be had, and ``wanted`` where people allow."""

    least: int
    wanted: int


@dataclass(frozen=True, slots=True)
class DemandLine:
    """What a shift needs of one kind of people on some days; see ``models.DemandChange`` for ``who`` and ``days``."""

    shift: str
    who: str
    days: str
    need: Need


@dataclass(frozen=True, slots=True)
class DemandChange:
    """A line from a civil day on, or that nothing is said of it any more."""

    line: DemandLine
    effective_from: date
    retired: bool = False


def lines_in_force(changes: Iterable[DemandChange], day: date) -> tuple[DemandLine, ...]:
    """Return the lines that are in force on a civil day, in the order in which they were first set."""
    latest: dict[tuple[str, str, str], DemandChange] = {}
    for change in sorted(changes, key=lambda c: c.effective_from):
        if change.effective_from <= day:
            latest[change.line.shift, change.line.who, change.line.days] = change
    return tuple(change.line for change in latest.values() if not change.retired)


def needs_on(lines: Iterable[DemandLine], day: CalendarDay) -> dict[tuple[str, str], Need]:
    """Return what each shift needs of each kind of people on a day, by ``(shift, who)``."""
    order = day_selectors(day)
    found: dict[tuple[str, str], tuple[int, Need]] = {}
    for line in lines:
        if line.days in order:
            key, place = (line.shift, line.who), order.index(line.days)
            if key not in found or place < found[key][0]:
                found[key] = place, line.need
    return {key: need for key, (_place, need) in found.items()}


def day_selectors(day: CalendarDay) -> tuple[str, ...]:
    """Return what lines may call a day, the most special first.

    The days off between a public holiday and its weekend are holidays here: they are taken off like it.
    """
    weekday = MONDAY_TO_SUNDAY[day.date.weekday()]
    off_with_a_holiday = day.kind is DayKind.REST and day.date.weekday() not in SATURDAY_AND_SUNDAY
    if day.kind is DayKind.HOLIDAY or off_with_a_holiday:
        return day.date.isoformat(), HOLIDAY, weekday
    if day.kind is DayKind.ADJUSTED_WORKING:
        return day.date.isoformat(), ADJUSTED, weekday
    return day.date.isoformat(), weekday


def days_meant(text: str) -> tuple[str, ...]:
    """Return the selectors that words and dates stand for, several parted by commas or blanks.

    Raises :class:`ValueError` for anything else.
    """
    found: dict[str, None] = {}
    for word in text.lower().replace(",", " ").split():
        if word in DAY_SETS:
            found |= dict.fromkeys(DAY_SETS[word])
        elif word in DAY_SET_NAMES:
            found[word] = None
        else:
            found[date.fromisoformat(word).isoformat()] = None
    if not found:
        raise ValueError(text)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DemandGroup:
    """Lines that say the same of several days."""

    shift: str
    who: str
    days: tuple[str, ...]
    need: Need

    @property
    def words(self) -> str:
        """What means exactly these days to :func:`days_meant`."""
        whole = (word for word, days in DAY_SETS.items() if set(days) == set(self.days))
        return next(whole, ",".join(self.days))


def grouped(lines: Iterable[DemandLine]) -> tuple[DemandGroup, ...]:
    """Return lines with those put together that say the same of one shift and kind of people, in their order."""
    days: dict[tuple[str, str, Need], list[str]] = {}
    for line in lines:
        days.setdefault((line.shift, line.who, line.need), []).append(line.days)
    return tuple(DemandGroup(shift, who, tuple(them), need) for (shift, who, need), them in days.items())
