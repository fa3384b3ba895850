"""Burdens that a plan shares out fairly: nights, weekends and holidays with those of past months, and duties at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from statistics import fmean

from operations.planning_ground import Fixed, Ground, PlanPerson
from operations.solver import Tally, steps_of_cost
from operations.solver.problem import Cell
from regulation.demand import SKILL_PREFIX
from regulation.rest import RestDuty

NIGHTS, WEEKENDS, HOLIDAYS, DUTIES = "nights", "weekends", "holidays", "duties"
WEIGHTS: Mapping[str, int] = {NIGHTS: 4, WEEKENDS: 4, HOLIDAYS: 6, DUTIES: 2}
# Who has been rostered for less than this has no past that could be compared.
SHORTEST_PAST_DAYS = 14
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Burdens:
    """What everyone has had of each burden, and the level up to which nobody pays for one more.

    Beyond the share each one more costs more than the one before, so that the sum over people is least when all have
    about the same.
    """

    ground: Ground
    cells: Mapping[str, frozenset[Cell]]
    had: Mapping[str, Mapping[int, int]]
    share: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, ground: Ground, at: Mapping[tuple[str, int], int]) -> Burdens:
        """Count what people have had, and what is to be shared out; ``at`` finds the engine's shift of a day."""
        had = {name: _had(ground, name) for name in WEIGHTS}
        cells = {
            name: frozenset(
                (day, at[shift.code, day])
                for day in range(len(ground.days))
                for shift in ground.shifts
                if _is_burden(ground, name, ground.spans[shift.code, ground.date_of(day)])
            )
            for name in WEIGHTS
        }
        return cls(ground, cells, had, {name: _shares(ground, name, had[name]) for name in WEIGHTS})

    def tallies(self, person: PlanPerson, choices: Sequence[frozenset[int]]) -> list[Tally]:
        """The prices of one person's burdens, whatever of them can be chosen at all."""
        found = []
        for name in WEIGHTS:
            burdens = self.cells[name]
            amounts = {
                (day, shift): 1
                for day, numbers in enumerate(choices)
                for shift in numbers
                if (day, shift) in burdens
            }
            weekends = name == WEEKENDS
            days = {day for day, _shift in amounts}
            # Saturday and Sunday are one weekend: said as a bound too, for the search need not look beyond it.
            most = len({_monday(self.ground.date_of(day)) for day in days}) if weekends else None
            costs = self._costs(name, person.id, len(days) if most is None else most)
            if amounts and any(costs):
                joined = self._sundays() if weekends else frozenset()
                found.append(Tally(name, amounts, most, joined_days=joined, costs=costs))
        return found

    def _costs(self, name: str, person_id: int, up_to: int) -> tuple[int, ...]:
        begin = self.had[name][person_id] - self.share[name][person_id]
        return steps_of_cost(begin, WEIGHTS[name], up_to)

    def _sundays(self) -> frozenset[int]:
        return frozenset(n for n, day in enumerate(self.ground.days) if day.date.weekday() == _SUNDAY)


def _had(ground: Ground, name: str) -> dict[int, int]:
    """What each person has had, as if everyone had been here all the time that counts."""
    if name == DUTIES:
        # A duty on leave is no burden, but it counts as one that was given.
        return {p.id: sum(cell.fixed is Fixed.LEAVE for cell in p.cells) for p in ground.people}
    window = ground.limits["fairness_days"]
    counts: dict[int, int | None] = {}
    for person in ground.people:
        past = [d for d in person.outside if 0 < (ground.first - d.date).days <= window]
        here = (ground.first - past[0].date).days if past else 0
        count = _count(name, (d for d in past if _is_burden(ground, name, d)))
        counts[person.id] = round(count * window / here) if here >= SHORTEST_PAST_DAYS else None
    known = [count for count in counts.values() if count is not None]
    usual = round(fmean(known)) if known else 0
    return {person_id: usual if count is None else count for person_id, count in counts.items()}


def _shares(ground: Ground, name: str, had: Mapping[int, int]) -> dict[int, int]:
    """For each person one less than what everyone who does the same work will have had if all have the same.

    People do the same work when the same lines of demand count them, skills aside; what a line wants is divided among
    those it counts.
    """
    wanted: dict[int, float] = defaultdict(float)
    work: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for line in ground.needs:
        if line.who.startswith(SKILL_PREFIX):
            continue
        for day, need in enumerate(line.needs):
            among = line.people[day] & had.keys()
            burden = _is_burden(ground, name, ground.spans[line.shift_code, ground.date_of(day)])
            for person_id in among:
                work[person_id].add((line.shift_code, line.who))
                if need is not None and burden:
                    wanted[person_id] += need.wanted / len(among)
    together: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
    for person_id in had:
        together[frozenset(work[person_id])].append(person_id)
    joined = 2 if name == WEEKENDS else 1
    shares: dict[int, int] = {}
    for people in together.values():
        fair = fmean(had[who] + wanted[who] / joined for who in people)
        shares |= dict.fromkeys(people, max(0, floor(fair) - 1))
    return shares


def _is_burden(ground: Ground, name: str, duty: RestDuty) -> bool:
    if name == NIGHTS:
        return duty.is_night
    if name == WEEKENDS:
        return duty.date.weekday() >= _SATURDAY
    return name == DUTIES or duty.date in ground.holidays


def _count(name: str, duties: Iterable[RestDuty]) -> int:
    if name == WEEKENDS:
        return len({_monday(duty.date) for duty in duties})
    return sum(1 for _duty in duties)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
