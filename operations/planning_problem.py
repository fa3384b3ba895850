"""From the ground of a plan to the engine's problem: the hard rules as bounds, everything else as prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from operations.demand import CoverNeed
from operations.planning_fairness import Burdens
from operations.planning_ground import UNCHANGEABLE, Fixed, Ground, PlanCell, PlanPerson
from operations.planning_sums import merged, rule_tallies
from operations.solver import FREE, Before, CoverLine, Person, Problem, Request, Shift
from regulation.demand import SKILL_PREFIX
from regulation.rest import RestDuty

# What things are worth beside each other. One person missing below the least that is needed outweighs every wish; a
# repair changes a day only to prevent that.
MISSING_LEAST, MISSING_WANTED, TOO_MANY = 900, 100, 6
WISH = 15
LEAST, WANTED = "least", "wanted"
KNOWN_DAY, REPAIRED_DAY = 20, 150
_DAY = timedelta(days=1)


class Mode(StrEnum):
    """How freely a plan may be made.

    ``fill`` gives shifts on empty days alone, ``repair`` changes as little as it can, ``new`` plans everything anew.
    """

    FILL = "fill"
    REPAIR = "repair"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Posed:
    """The engine's problem, and what its numbers mean here.

    ``codes`` names the engine's shifts (a shift whose hours change within the span has several), ``at`` finds the one
    of a shift on a day. ``open_days`` are planned; the days behind them only stand there for the rules.
    """

    ground: Ground
    mode: Mode
    problem: Problem
    codes: tuple[str, ...]
    at: Mapping[tuple[str, int], int]
    open_days: int

    def code(self, shift: int) -> str | None:
        """The shift's code, ``None`` for a free day."""
        return None if shift == FREE else self.codes[shift]


def pose(ground: Ground, mode: Mode) -> Posed:
    """State the problem of a plan."""
    shifts = _Shifts.of(ground)
    open_days = len(ground.days)
    burdens = Burdens.of(ground, shifts.at)
    posing = _Posing(ground, mode, shifts, _useful(ground), burdens, _tail(ground))
    people = tuple(posing.person(person) for person in ground.people)
    cover = tuple(_cover(ground, shifts))
    problem = Problem(open_days + posing.tail, shifts.shifts, people, cover)
    return Posed(ground, mode, problem, shifts.codes, shifts.at, open_days)


def is_kept(cell: PlanCell, mode: Mode) -> bool:
    """Whether the planner leaves a day as it is planned: it is fixed, or the mode leaves it alone.

    A day that the draft frees was freed by someone on purpose.
    """
    if cell.fixed is not None:
        return True
    if cell.planned is None:
        return cell.drafted and mode is not Mode.NEW
    return mode is Mode.FILL


@dataclass(frozen=True, slots=True)
class _Shifts:
    """The engine's shifts: one for each kind of shift and hours that it has on some day."""

    shifts: tuple[Shift, ...]
    codes: tuple[str, ...]
    at: Mapping[tuple[str, int], int]
    spans: tuple[RestDuty, ...]

    @classmethod
    def of(cls, ground: Ground) -> _Shifts:
        kinds: dict[tuple[str, timedelta, timedelta, int], int] = {}
        spans: list[RestDuty] = []
        at = {}
        for (code, day), span in ground.spans.items():
            midnight = datetime.combine(day, time(), UTC)
            key = code, span.starts_at - midnight, span.ends_at - midnight, span.start_minute
            if key not in kinds:
                kinds[key] = len(spans)
                spans.append(span)
            at[code, (day - ground.first).days] = kinds[key]
        codes = tuple(code for code, *_hours in kinds)
        shifts = tuple(
            Shift(
                code,
                span.worked_minutes,
                frozenset(n for n, after in enumerate(spans) if not may_follow(span, after, ground)),
            )
            for code, span in zip(codes, spans, strict=True)
        )
        return cls(shifts, codes, at, tuple(spans))

    def minutes(self, shift: int) -> int:
        """The working time of a shift."""
        return self.spans[shift].worked_minutes


def may_follow(before: RestDuty, after: RestDuty, ground: Ground) -> bool:
    """Whether ``after``, moved to the day after ``before``, leaves the rest that is due between two duties."""
    limits = ground.limits
    rest = after.starts_at - before.ends_at + (before.date - after.date) + _DAY
    if rest < limits.hours("daily_rest_hours"):
        return False
    return not (before.is_night and after.start_minute < limits["after_night_from_hour"] * 60)


def _useful(ground: Ground) -> dict[int, dict[int, frozenset[str]]]:
    """For each day and person the shifts that need them."""
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in ground.needs:
        for day, need in enumerate(line.needs):
            if need is not None and need.wanted:
                for person_id in line.people[day]:
                    found[day][person_id].add(line.shift_code)
    return {day: {who: frozenset(c) for who, c in people.items()} for day, people in found.items()}


def _known_days(ground: Ground, person: PlanPerson) -> frozenset[int]:
    """The days of which a person knows already what they do: those of the weeks with a published duty of theirs."""
    weeks = {
        ground.date_of(day).isocalendar()[:2]
        for day, cell in enumerate(person.cells)
        if cell.published and cell.fixed is not Fixed.LEAVE
    }
    return frozenset(
        day for day in range(len(person.cells)) if ground.date_of(day).isocalendar()[:2] in weeks
    )


def _tail(ground: Ground) -> int:
    """How many days behind the span the rules must see: the longest run that stands right after it."""
    return max((_standing(person.after) for person in ground.people), default=0)


def _standing(codes: Iterable[str | None]) -> int:
    run = 0
    for code in codes:
        if code is None:
            break
        run += 1
    return run


@dataclass(frozen=True, slots=True)
class _Posing:
    """One person after the other, put into the engine's terms."""

    ground: Ground
    mode: Mode
    shifts: _Shifts
    useful: Mapping[int, Mapping[int, frozenset[str]]]
    burdens: Burdens
    tail: int

    def person(self, person: PlanPerson) -> Person:
        choices = [self._choices(person, day) for day in range(len(person.cells))]
        most_run = self.ground.limits["longest_run_days"]
        before = self._before(person, most_run)
        bounds = rule_tallies(self.ground, person, choices, self.shifts.minutes)
        tallies = merged([*bounds, *self.burdens.tallies(person, choices)])
        requests = (*self._wishes(person, choices), *self._stability(person, choices))
        return Person(
            person.name,
            (*choices, *self._after(person)),
            most_run,
            before=before,
            tallies=tuple(tallies),
            requests=requests,
        )

    def _choices(self, person: PlanPerson, day: int) -> frozenset[int]:
        cell = person.cells[day]
        if is_kept(cell, self.mode):
            stays = None if cell.fixed is Fixed.LEAVE else cell.planned
            return frozenset({FREE if stays is None else self.shifts.at[stays, day]})
        cannot = person.cannot[day]
        if cannot is None:
            return frozenset({FREE})
        codes = set(self.useful.get(day, {}).get(person.id, ()))
        codes |= {code for code in (cell.planned, cell.published) if code}
        numbers = (self.shifts.at[code, day] for code in codes - cannot)
        return frozenset({FREE, *(n for n in numbers if self._is_to_come(n, day))})

    def _is_to_come(self, shift: int, day: int) -> bool:
        span = self.ground.spans[self.shifts.codes[shift], self.ground.date_of(day)]
        return span.starts_at > self.ground.now

    def _before(self, person: PlanPerson, most_run: int) -> Before | None:
        """How the person comes from the day before; what has begun already cannot break a rule any more."""
        last = person.before[0]
        if last is None:
            free = next((n for n, code in enumerate(person.before) if code), len(person.before))
            return Before(FREE, free)
        shift = self.shifts.at[last, -1]
        first = person.cells[0]
        if first.fixed in UNCHANGEABLE and first.fixed is not Fixed.LEAVE and first.planned:
            if self.shifts.at[first.planned, 0] in self.shifts.shifts[shift].not_followed_by:
                return None
            leading = _standing(c.planned if c.fixed in UNCHANGEABLE else None for c in person.cells)
            return Before(shift, max(1, min(_standing(person.before), most_run - leading)))
        return Before(shift, _standing(person.before))

    def _after(self, person: PlanPerson) -> Iterator[frozenset[int]]:
        """What stands right after the span, up to the first day that is free or breaks a rule by itself."""
        begin, previous = len(person.cells), FREE
        for n in range(self.tail):
            code = person.after[n]
            shift = FREE if code is None else self.shifts.at[code, begin + n]
            if n and (previous == FREE or shift in self.shifts.shifts[previous].not_followed_by):
                shift = FREE
            yield frozenset({shift})
            previous = shift

    def _wishes(self, person: PlanPerson, choices: list[frozenset[int]]) -> Iterator[Request]:
        for wish in person.wishes:
            shift = FREE if wish.shift is None else self.shifts.at[wish.shift, wish.day]
            if shift in choices[wish.day] and len(choices[wish.day]) > 1:
                yield Request(wish.day, shift, WISH * wish.weight, wish.wanted, "wishes")

    def _stability(self, person: PlanPerson, choices: list[frozenset[int]]) -> Iterator[Request]:
        known = _known_days(self.ground, person)
        for day, cell in enumerate(person.cells):
            if len(choices[day]) == 1:
                continue
            if self.mode is Mode.REPAIR:
                stays, weight = cell.planned, REPAIRED_DAY
            elif day in known:
                stays, weight = cell.published, KNOWN_DAY
            else:
                continue
            shift = FREE if stays is None else self.shifts.at[stays, day]
            yield Request(day, shift, weight, reason="stability")


def _cover(ground: Ground, shifts: _Shifts) -> Iterator[CoverLine]:
    index = {person.id: n for n, person in enumerate(ground.people)}
    for line in ground.needs:
        counted_twice = line.who.startswith(SKILL_PREFIX)
        for day, need in enumerate(line.needs):
            if need is None:
                continue
            among = line.people[day]
            there = len(ground.others.get((line.shift_code, day), frozenset()) & among)
            people = frozenset(index[who] for who in among if who in index)
            number = frozenset({shifts.at[line.shift_code, day]})
            least, wanted = max(0, need.least - there), max(0, need.wanted - there)
            if least:
                name = cover_name(LEAST, line)
                yield CoverLine(day, number, least, MISSING_LEAST, 0, people, name)
            if wanted or not counted_twice:
                over = 0 if counted_twice else TOO_MANY
                yield CoverLine(day, number, wanted, MISSING_WANTED, over, people, cover_name(WANTED, line))


def cover_name(kind: str, line: CoverNeed) -> str:
    """The name of a line of cover, by which the engine's answer is read: ``least|night|operator``."""
    return f"{kind}|{line.shift_code}|{line.who}"
