"""How many people each shift needs: the centre's lines by date, and what they ask of each day of a span."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.calendar_days import days_between
from operations.centre import civil_date, shift_type_of, shift_types
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from operations.skills import held_skills, skill_list, skilled_by_day
from regulation.demand import (
    ANYONE,
    DAY_SET_NAMES,
    DAY_SETS,
    LEADER,
    OPERATOR,
    SKILL_PREFIX,
    WHO_NAMES,
    DemandChange,
    DemandLine,
    Need,
    days_meant,
    lines_in_force,
    needs_on,
)
from regulation.roles import CENTRE_ROLES, LEADER_ROLES

MOST_PEOPLE = 500
LONGEST_SPAN_DAYS = 400
Ranking = Callable[[tuple[str, str]], tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class CoverNeed:
    """What one shift needs of one kind of people, day by day.

    ``people`` are the ids of those who count towards it on each day. ``name`` says who they are, in words.
    """

    shift_code: str
    who: str
    name: str
    needs: tuple[Need | None, ...]
    people: tuple[frozenset[int], ...]


@reads(Action.READ_DESK)
def demand_lines(session: Session, on: date | None = None) -> tuple[DemandLine, ...]:
    """Return the lines in force on a civil day (today without one), by shift, kind of people and days."""
    return _in_order(lines_in_force(demand_changes(), on or civil_date(session.now)))


def days_in_words(days: Sequence[str]) -> str:
    """Return the days that demand speaks of in the current language: a word for several where there is one."""
    left, words = list(days), []
    for word, them in DAY_SETS.items():
        if len(them) > 1 and set(them) <= set(left):
            words.append(_(DAY_SET_NAMES[word]))
            left = [day for day in left if day not in them]
    return _(", ").join([*words, *(_(DAY_SET_NAMES[day]) if day in DAY_SET_NAMES else day for day in left)])


def people_in_words(who: str, names: Mapping[str, str]) -> str:
    """Return whom demand counts in the current language; ``names`` are those of the skills, by code."""
    if who in WHO_NAMES:
        return _(WHO_NAMES[who])
    code = who.removeprefix(SKILL_PREFIX)
    return names.get(code, code)


@writes(Action.KEEP_DEMAND)
def set_demand(
    session: Session, shift_code: str, who: str, days: str, need: Need, effective_from: date
) -> None:
    """Say how many a shift needs, from a civil day on; ``days`` is a word of ``regulation.demand`` or a date.

    Raises :class:`Invalid` for numbers, people or days that are none, and for a beginning that is past.
    """
    if not 0 <= need.least <= need.wanted <= MOST_PEOPLE:
        raise Invalid(
            _("The least lies between 0 and what is wanted, and that is at most {most}.").format(
                most=MOST_PEOPLE
            )
        )
    shift = shift_type_of(shift_code).code
    lines = [DemandLine(shift, who.strip(), selector, need) for selector in _selectors(days)]
    _write(session, lines, effective_from)


@writes(Action.KEEP_DEMAND)
def retire_demand(session: Session, shift_code: str, who: str, days: str, effective_from: date) -> None:
    """Say nothing more of what a shift needs on some days, from a civil day on."""
    there = {
        (line.shift, line.who, line.days): line for line in lines_in_force(demand_changes(), effective_from)
    }
    shift = shift_type_of(shift_code).code
    lines = [there[shift, who, selector] for selector in _selectors(days) if (shift, who, selector) in there]
    if not lines:
        raise NotFound(
            _("There is no such line of demand."), next_step=_("See zhiban demand list, or M on the roster.")
        )
    _write(session, lines, effective_from, retired=True)


def cover_needs(first: date, last: date) -> tuple[CoverNeed, ...]:
    """Return what is needed from ``first`` to ``last`` (inside a transaction)."""
    if (last - first).days >= LONGEST_SPAN_DAYS:
        raise Invalid(_("At most {most} days at once.").format(most=LONGEST_SPAN_DAYS))
    changes, days = demand_changes(), days_between(first, last)
    by_day = [needs_on(lines_in_force(changes, day.date), day) for day in days]
    keys = {key for needs in by_day for key in needs}
    counted = Counted.read(first, last)
    return tuple(
        CoverNeed(
            shift,
            who,
            counted.name(who),
            tuple(needs.get((shift, who)) for needs in by_day),
            counted.people(who),
        )
        for shift, who in sorted(keys, key=_ranks())
    )


def demand_changes() -> list[DemandChange]:
    """Return every change of the demand, in order of its day (inside a transaction)."""
    change = models.DemandChange
    query = change.select(change, models.ShiftType).join(models.ShiftType)
    return [
        DemandChange(
            DemandLine(row.shift_type.code, row.who, row.days, Need(row.least, row.wanted)),
            row.effective_from,
            row.retired,
        )
        for row in query.order_by(change.effective_from, change.id)
    ]


@dataclass(slots=True)
class Counted:
    """Who counts towards each kind of people, on each day of a span."""

    days: int
    leaders: frozenset[int]
    others: frozenset[int]
    skilled: Mapping[str, tuple[frozenset[int], ...]]
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, first: date, last: date) -> Counted:
        """Read it (inside a transaction)."""
        person = models.Person
        roles = {row.id: row.role for row in person.select(person.id, person.role)}
        leaders = frozenset(number for number, role in roles.items() if role in LEADER_ROLES)
        return cls(
            (last - first).days + 1,
            leaders,
            frozenset(number for number, role in roles.items() if role in CENTRE_ROLES) - leaders,
            skilled_by_day(held_skills(), first, last),
            {row.code: row.words for row in skill_list()},
        )

    def name(self, who: str) -> str:
        """What a kind of people is called, in the current language."""
        return people_in_words(who, self.names)

    def people(self, who: str) -> tuple[frozenset[int], ...]:
        """Who counts, day by day."""
        if who.startswith(SKILL_PREFIX):
            return self.skilled.get(who.removeprefix(SKILL_PREFIX), (frozenset(),) * self.days)
        sets = {LEADER: self.leaders, OPERATOR: self.others, ANYONE: self.leaders | self.others}
        return (sets.get(who, frozenset()),) * self.days


def _selectors(days: str) -> tuple[str, ...]:
    try:
        return days_meant(days)
    except ValueError:
        raise Invalid(
            _("{days} names no days.").format(days=days or "—"),
            next_step=_("Write every, weekdays, weekend, mon to sun, holiday, adjusted_working, or a date."),
        ) from None


def _write(
    session: Session, lines: Sequence[DemandLine], effective_from: date, *, retired: bool = False
) -> None:
    if effective_from < civil_date(session.now):
        raise Invalid(_("What counted on days that are past stays as it was."))
    first = lines[0]
    shift = shift_type_of(first.shift)
    _require_people(first.who)
    change = models.DemandChange
    for line in lines:
        same = (change.shift_type == shift.id) & (change.who == line.who) & (change.days == line.days)
        change.delete().where(same, change.effective_from == effective_from).execute()
        change.create(
            shift_type=shift,
            who=line.who,
            days=line.days,
            least=line.need.least,
            wanted=line.need.wanted,
            retired=retired,
            effective_from=effective_from,
            set_by=session.actor.work_number,
            set_at=session.now,
        )
    session.about(
        f"demand:{first.shift}:{first.who}",
        days=[line.days for line in lines],
        least=first.need.least,
        wanted=first.need.wanted,
        retired=retired,
        effective_from=effective_from.isoformat(),
    )


def _require_people(who: str) -> None:
    known = {*WHO_NAMES, *(SKILL_PREFIX + row.code for row in skill_list())}
    if who not in known:
        raise NotFound(
            _("There are no people called {who}.").format(who=who or "—"),
            next_step=_("Write any, leader, operator, or skill: and a skill of the list."),
        )


def _in_order(lines: Sequence[DemandLine]) -> tuple[DemandLine, ...]:
    rank, order = _ranks(), list(days_meant("every"))

    def place(line: DemandLine) -> tuple[tuple[int, int, str], int, str]:
        return rank((line.shift, line.who)), order.index(line.days) if line.days in order else 99, line.days

    return tuple(sorted(lines, key=place))


def _ranks() -> Ranking:
    shifts = [shift.code for shift in shift_types()]
    kinds = [ANYONE, LEADER, OPERATOR]

    def rank(key: tuple[str, str]) -> tuple[int, int, str]:
        shift, who = key
        return shifts.index(shift), kinds.index(who) if who in kinds else len(kinds), who

    return rank
