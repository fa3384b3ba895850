"""Demand, wishes and plans as lists and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from locales import N_, _
from operations.boundary import SYSTEM
from operations.centre import ShiftTypeRow, centre_info
from operations.demand import days_in_words, demand_lines, people_in_words
from operations.listings import Listing, Office, own_language
from operations.planning import PlanFound, PlanWritten, changes_of
from operations.planning_reasons import Uncovered, reason_words
from operations.skills import skills
from operations.wishes import wishes
from regulation.demand import grouped

ENDED_NAMES: Mapping[str, str] = {
    "optimal": N_("nothing better exists"),
    "rounds": N_("searched as far as it was allowed"),
    "time": N_("the time was up"),
    "cancelled": N_("stopped, the best so far"),
}
PART_NAMES: Mapping[str, str] = {
    "under": N_("people missing"),
    "over": N_("more than wanted"),
    "wishes": N_("wishes not kept"),
    "stability": N_("known days changed"),
    "fairness": N_("unevenly shared"),
}


def demand_listing(at: Office, on: date) -> Listing:
    """What is needed from a day's point of view, a line for each shift, kind of people and need."""
    groups = grouped(demand_lines(SYSTEM, at.now, on))
    names = {row.code: row.words for row in skills(SYSTEM, at.now)}
    shifts = shift_names(at)
    return Listing(
        [
            {
                "shift": group.shift,
                "who": group.who,
                "days": list(group.days),
                "least": group.need.least,
                "wanted": group.need.wanted,
            }
            for group in groups
        ],
        (N_("shift"), N_("who"), N_("days"), N_("least"), N_("wanted")),
        [
            (
                shifts[group.shift],
                people_in_words(group.who, names),
                days_in_words(group.days),
                group.need.least,
                group.need.wanted,
            )
            for group in groups
        ],
        _("Nothing says how many people are needed."),
        right=(3, 4),
    )


def wishes_listing(at: Office, month: str) -> Listing:
    """Everyone's wishes for a month, by day."""
    first, last = month_of(at, month)
    rows = wishes(SYSTEM, at.now, first, last)
    shifts = shift_names(at)
    return Listing(
        rows,
        (N_("id"), N_("date"), N_("work number"), N_("name"), N_("wish"), N_("weight"), N_("kept")),
        [
            (
                row.id,
                row.date.isoformat(),
                row.work_number,
                row.name,
                wish_words(row.shift_code, shifts, wanted=row.wanted),
                row.weight,
                kept_words(row.is_kept),
            )
            for row in rows
        ],
        _("Nobody has wished for anything."),
        right=(0, 5),
    )


def plan_record(found: PlanFound, written: PlanWritten | None) -> dict[str, object]:
    """A plan for programs; ``written`` is missing when it was only looked for."""
    ground, solution = found.task.ground, found.solution
    numbers = {person.id: person.work_number for person in ground.people}
    gap = solution.gap
    return {
        "first": ground.first,
        "last": ground.last,
        "mode": found.task.mode.value,
        "seed": found.seed,
        "ended": solution.ended,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap_percent": None if gap is None else round(gap * 100, 2),
        "seconds": round(solution.seconds, 2),
        "parts": dict(solution.parts),
        "changes": [
            {
                "work_number": numbers[change.person_id],
                "date": change.day,
                "before": change.before,
                "after": change.after,
            }
            for change in changes_of(found)
        ],
        "uncovered": [_uncovered_record(short) for short in found.uncovered],
        "written": written is not None,
        "left": list(written.left) if written else [],
    }


def plan_lines(at: Office, found: PlanFound, written: PlanWritten | None) -> list[str]:
    """A plan in words: what it changes, what it leaves short and why, and what became of it."""
    shifts = shift_names(at)
    lines = [
        _("{count} days planned for {people} people, cost {cost} ({ended}, {seconds} s)").format(
            count=len(found.cells),
            people=len({cell.person_id for cell in found.cells}),
            cost=found.solution.objective,
            ended=_(ENDED_NAMES[found.solution.ended]),
            seconds=round(found.solution.seconds, 1),
        ),
        *parts_lines(found.solution.parts),
    ]
    for short in found.uncovered:
        lines += ["", uncovered_words(short, shifts), *(f"  {text}" for text in why_lines(short))]
    if not found.uncovered:
        lines.append(_("Every shift has the people it needs."))
    if written is None:
        lines.append(_("Nothing was changed."))
    else:
        lines.append(_("The plan is in the draft; nobody is due by it until it is published."))
        if written.left:
            lines.append(left_words(written.left))
    return lines


def parts_lines(parts: Mapping[str, int]) -> list[str]:
    """What the cost of a plan is made of."""
    return [f"  {_(PART_NAMES[part])}: {parts[part]}" for part in PART_NAMES if parts.get(part)]


def uncovered_words(short: Uncovered, shifts: Mapping[str, str]) -> str:
    """One shift that is short, in a line."""
    where = _("{date} {shift}, {who}").format(
        date=short.day.isoformat(), shift=shifts[short.shift_code], who=short.who_name
    )
    if short.missing_least:
        return _("{where}: {count} missing to the least").format(where=where, count=short.missing_least)
    return _("{where}: {count} fewer than wanted").format(where=where, count=short.missing)


def why_lines(short: Uncovered) -> list[str]:
    """Why a shift is short: what keeps everyone else, and who could all the same."""
    lines = [reason_words(short.reasons) or _("Nobody else counts towards it.")]
    if short.could:
        lines.append(_("could: {names}").format(names=_(", ").join(short.could[:5])))
    return lines


def left_words(left: Sequence[str]) -> str:
    """Who was left out because their days had changed meanwhile."""
    return _("Changed meanwhile and left as they are: {names}").format(names=_(", ").join(left))


def wish_words(shift_code: str | None, shifts: Mapping[str, str], *, wanted: bool) -> str:
    """What is wished, in words."""
    what = _("a free day") if shift_code is None else shifts[shift_code]
    return what if wanted else _("rather not: {what}").format(what=what)


def kept_words(is_kept: bool | None) -> str:
    """Whether a wish is kept, a dash while nothing is planned."""
    return "—" if is_kept is None else _("yes") if is_kept else _("no")


def shift_names(at: Office) -> dict[str, str]:
    """The centre's shifts by code, named in the current language."""
    return {shift.code: shift_words(shift) for shift in centre_info(SYSTEM, at.now).shift_types}


def shift_words(shift: ShiftTypeRow) -> str:
    """A shift's name in the current language."""
    return own_language(shift.name, _(shift.name_en) if shift.name_en else "")


def month_of(at: Office, text: str) -> tuple[date, date]:
    """Return the first and the last day of a month ``YYYY-MM``, this month without one."""
    begin, end = at.month(text)
    return begin.astimezone(at.zone).date(), end.astimezone(at.zone).date() - timedelta(days=1)


def _uncovered_record(short: Uncovered) -> dict[str, object]:
    return {
        "date": short.day,
        "shift": short.shift_code,
        "who": short.who,
        "missing_least": short.missing_least,
        "missing": short.missing,
        "reasons": {why.value: count for why, count in short.reasons},
        "could": list(short.could),
    }
