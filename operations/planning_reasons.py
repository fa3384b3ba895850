"""Why a plan leaves a shift short, and which rules a person cannot keep together: as data, and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from locales import N_, _
from operations.demand import CoverNeed
from operations.planning_ground import Fixed
from operations.planning_problem import LEAST, WANTED, Posed, is_kept
from operations.solver import FREE, Plan
from operations.solver.cost import line_violations
from operations.solver.problem import Conflict, Line, Shortage
from regulation.demand import SKILL_PREFIX
from regulation.rest import RestRule
from settings import ZhibanError


class Why(StrEnum):
    """What keeps a person from a shift that is short, in the order in which it is asked."""

    SKILL = "skill"
    BUSY = "busy"
    LEAVE = "leave"
    BEGUN = "begun"
    SWAPPED = "swapped"
    PINNED = "pinned"
    KEPT = "kept"
    UNAVAILABLE = "unavailable"
    REST = "rest"
    RUN = "run"
    WEEKLY_REST = "weekly_rest"
    WEEKLY_HOURS = "weekly_hours"
    OVERTIME = "overtime"
    COST = "cost"


WHY_NAMES: Mapping[Why, str] = {
    Why.SKILL: N_("{count} do not have the skill"),
    Why.BUSY: N_("{count} work another shift that day"),
    Why.LEAVE: N_("{count} are on leave"),
    Why.BEGUN: N_("{count} cannot be changed any more"),
    Why.SWAPPED: N_("{count} have swapped that day"),
    Why.PINNED: N_("{count} are pinned to what they have"),
    Why.KEPT: N_("{count} keep what is planned for them"),
    Why.UNAVAILABLE: N_("{count} cannot work then"),
    Why.REST: N_("{count} would not have their rest before or after"),
    Why.RUN: N_("{count} would work too many days in a row"),
    Why.WEEKLY_REST: N_("{count} would have no free day that week"),
    Why.WEEKLY_HOURS: N_("{count} would go over the hours a week"),
    Why.OVERTIME: N_("{count} would go over the overtime of the month"),
    Why.COST: N_("{count} could, at the price of wishes, fairness or known days"),
}
_FIXED: Mapping[Fixed, Why] = {
    Fixed.BEGUN: Why.BEGUN,
    Fixed.LEAVE: Why.LEAVE,
    Fixed.SWAPPED: Why.SWAPPED,
    Fixed.PINNED: Why.PINNED,
}
_SUMS: Mapping[str, Why] = {
    RestRule.WEEKLY_REST: Why.WEEKLY_REST,
    RestRule.WEEKLY_HOURS: Why.WEEKLY_HOURS,
    RestRule.OVERTIME: Why.OVERTIME,
}
_RULES: Mapping[str, Why] = {"succession": Why.REST, "most_run": Why.RUN}
_RULE_NAMES: Mapping[str, str] = {
    "succession": N_("the rest between two duties"),
    "most_run": N_("the longest run of duties"),
    "before": N_("the duties before these days"),
    RestRule.WEEKLY_REST: N_("the free day of the week"),
    RestRule.WEEKLY_HOURS: N_("the hours a week"),
    RestRule.OVERTIME: N_("the overtime of the month"),
}


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A shift of a day that is short of one kind of people.

    ``missing_least`` are missing to the least that is needed, ``missing`` to what is wanted. ``reasons`` count what
    keeps everyone else from it; ``could`` names some of those who could all the same.
    """

    day: date
    shift_code: str
    who: str
    who_name: str
    missing_least: int
    missing: int
    reasons: tuple[tuple[Why, int], ...]
    could: tuple[str, ...]


class Unplannable(ZhibanError):
    """No plan keeps every rule; ``lines`` say for whom, and which rules stand against each other."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(
            lines[0],
            next_step=_("Change these days or take a pin off, then plan again; {count} in all.").format(
                count=len(lines)
            ),
        )
        self.lines = tuple(lines)


def uncovered(posed: Posed, plan: Plan, shortages: Iterable[Shortage]) -> tuple[Uncovered, ...]:
    """Return what a plan leaves short, by day and in the order of the demand, with the reasons."""
    short: dict[tuple[int, str, str], dict[str, int]] = defaultdict(dict)
    for shortage in shortages:
        line = posed.problem.cover[shortage.line]
        kind, shift_code, who = line.name.split("|", 2)
        short[line.day, shift_code, who][kind] = shortage.missing
    return tuple(
        _uncovered(posed, plan, need, day, short[day, need.shift_code, need.who])
        for day in range(posed.open_days)
        for need in posed.ground.needs
        if (day, need.shift_code, need.who) in short
    )


def conflict_lines(posed: Posed, conflicts: Iterable[Conflict]) -> tuple[str, ...]:
    """Return in words which rules people cannot keep together."""
    return tuple(_conflict_line(posed, conflict) for conflict in conflicts)


def reason_words(reasons: Iterable[tuple[Why, int]]) -> str:
    """Return reasons as one line of words."""
    return _(", ").join(_(WHY_NAMES[why]).format(count=count) for why, count in reasons)


def _uncovered(posed: Posed, plan: Plan, need: CoverNeed, day: int, missing: Mapping[str, int]) -> Uncovered:
    counts: Counter[Why] = Counter()
    could = []
    for number, person in enumerate(posed.ground.people):
        why = _why(posed, plan, number, need, day)
        if why is not None:
            counts[why] += 1
        if why is Why.COST:
            could.append(f"{person.name}({person.work_number})")
    return Uncovered(
        posed.ground.date_of(day),
        need.shift_code,
        need.who,
        need.name,
        missing.get(LEAST, 0),
        missing.get(WANTED, 0),
        tuple((why, counts[why]) for why in Why if counts[why]),
        tuple(could),
    )


def _why(posed: Posed, plan: Plan, number: int, need: CoverNeed, day: int) -> Why | None:
    """What keeps a person from a shift; ``None`` for whoever works it, or is not of those who count towards it."""
    person, line = posed.ground.people[number], plan[number]
    shift = posed.at[need.shift_code, day]
    if line[day] == shift:
        return None
    if person.id not in need.people[day]:
        return Why.SKILL if need.who.startswith(SKILL_PREFIX) else None
    cell = person.cells[day]
    if cell.fixed is not None:
        return _FIXED[cell.fixed]
    if line[day] != FREE:
        return Why.BUSY
    if shift not in posed.problem.people[number].choices[day]:
        return _why_no_choice(posed, number, need, day)
    return _broken_rule(posed, number, (*line[:day], shift, *line[day + 1 :]))


def _why_no_choice(posed: Posed, number: int, need: CoverNeed, day: int) -> Why:
    person = posed.ground.people[number]
    cannot = person.cannot[day]
    if is_kept(person.cells[day], posed.mode):
        return Why.KEPT
    return Why.UNAVAILABLE if cannot is None or need.shift_code in cannot else Why.BEGUN


def _broken_rule(posed: Posed, number: int, line: Line) -> Why:
    """The first rule in our order that a line breaks: a plan's own line breaks none."""
    broken = set()
    for violation in line_violations(posed.problem, number, line):
        broken.add(_RULES.get(violation.rule) or _SUMS[violation.tally.partition(":")[0]])
    return next((why for why in Why if why in broken), Why.COST)


def _conflict_line(posed: Posed, conflict: Conflict) -> str:
    person = posed.ground.people[conflict.person]
    names = dict.fromkeys(
        _(_RULE_NAMES[tally.partition(":")[0] or rule])
        for rule, tally in conflict.rules
        if (tally.partition(":")[0] or rule) in _RULE_NAMES
    )
    days = [posed.ground.date_of(day).isoformat() for day in conflict.days]
    who = f"{person.name}({person.work_number})"
    if not days:
        return _("{name}: {rules} cannot be kept.").format(name=who, rules=_(", ").join(names))
    return _("{name}: {rules} cannot be kept with what stands on {days}.").format(
        name=who, rules=_(", ").join(names), days=_(", ").join(days)
    )
