"""Inspected calls (Art. 39-41, 43): what a form's lines add up to, who is to be inspected in a month, and how it develops."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from regulation.limits import Limits
from regulation.register_service import MOST_SCORE, QA_FORM
from regulation.registers import RegisterField, Values

LINES: tuple[RegisterField, ...] = tuple(line for line in QA_FORM.fields if line.article)
"""The scored lines: one for each demand, each with its article."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a form adds up to: ``percent`` of all points, rounded down, and the articles whose lines fell short."""

    points: int
    most: int
    percent: int
    passed: bool
    weak_articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """Whom a plan can name: an operator with the days of the duties in its month, and what is known of the person.

    ``done`` are the days inspected in that month; ``failed_before`` whether the month before had a form not passed.
    """

    person_id: int
    work_number: str
    duty_days: tuple[date, ...]
    done: tuple[date, ...] = ()
    failed_before: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How often somebody is to be inspected in a month, and the days still proposed for what is missing."""

    person_id: int
    work_number: str
    wanted: int
    done: int
    days: tuple[date, ...]

    @property
    def missing(self) -> int:
        """How many inspections are still to be made."""
        return max(0, self.wanted - self.done)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was given, for a trend; ``group`` is the person or the team it counts for."""

    group: str
    inspected_on: date
    percent: int


@dataclass(frozen=True, slots=True)
class MonthMean:
    """The mean of a group's forms in a month, in percent and rounded down."""

    month: date
    forms: int
    percent: int


def score(values: Values, limits: Limits) -> Score:
    """Add up a form's lines. Each demand weighs the same; a line below the pass mark is weak whatever the total."""
    points = {line.key: _points(values, line.key) for line in LINES}
    most = MOST_SCORE * len(LINES)
    total, mark = sum(points.values()), limits["qa_pass_percent"]
    weak = {line.article for line in LINES if points[line.key] * 100 < mark * MOST_SCORE}
    # Art. 39-41, 43: a form passes by its total; the mark is the house's.
    return Score(total, most, total * 100 // most, total * 100 >= mark * most, tuple(sorted(weak)))


def plan(people: Iterable[Inspected], month: date, limits: Limits) -> tuple[Plan, ...]:
    """Return the plan of a month, whoever has most still missing first.

    Everybody with a duty in it is inspected equally often, once more after a month that was not passed, and on no more
    days than they work. The days come from the month and the work number alone: whoever makes the plan anew gets the
    same one, no shift is favoured, and one day of each stretch of the month is taken.
    """
    plans = []
    for person in people:
        if not person.duty_days:
            continue
        wanted = limits["qa_forms_a_month"] + (1 if person.failed_before else 0)
        wanted = min(wanted, len(set(person.duty_days)))
        missing = max(0, wanted - len(person.done))
        free = sorted(set(person.duty_days) - set(person.done))
        days = _spread(free, missing, f"{month.isoformat()}:{person.work_number}")
        plans.append(Plan(person.person_id, person.work_number, wanted, len(person.done), days))
    return tuple(sorted(plans, key=lambda made: (-made.missing, made.work_number)))


def trends(forms: Iterable[Form]) -> Mapping[str, tuple[MonthMean, ...]]:
    """Return each group's months in order, those without a form left out."""
    by_month: dict[str, dict[date, list[int]]] = {}
    for form in forms:
        months = by_month.setdefault(form.group, {})
        months.setdefault(form.inspected_on.replace(day=1), []).append(form.percent)
    return {
        group: tuple(MonthMean(m, len(months[m]), sum(months[m]) // len(months[m])) for m in sorted(months))
        for group, months in sorted(by_month.items())
    }


def _points(values: Values, key: str) -> int:
    # Halves are allowed in a form and round down here: a point is given whole or not at all.
    return int(float(str(values.get(key, "0"))))


def _spread(days: Sequence[date], count: int, seed: str) -> tuple[date, ...]:
    """Pick ``count`` days, one of each equal stretch of them, by a hash that nobody can bend."""
    count = min(count, len(days))
    picked = []
    for place in range(count):
        stretch = days[len(days) * place // count : len(days) * (place + 1) // count]
        digest = hashlib.sha256(f"{seed}:{place}".encode()).digest()
        picked.append(stretch[int.from_bytes(digest[:8]) % len(stretch)])
    return tuple(picked)
