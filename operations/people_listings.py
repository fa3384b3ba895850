"""A list of people in words: who is new, what it says otherwise, what is wrong with which cell; and for programs."""

from __future__ import annotations

from locales import N_, _
from operations.import_listings import problem_line
from operations.people_file import BADGE, NAME, ROLE, SEAT, TEAM, FilePerson
from operations.people_import import PeopleImport, PersonChange
from regulation.roles import ROLE_NAMES, Role

_COLUMNS = {
    NAME: N_("name"),
    ROLE: N_("role"),
    TEAM: N_("team"),
    SEAT: N_("seat"),
    BADGE: N_("badge"),
}


def newcomer_line(new: FilePerson) -> str:
    """Somebody new: ``A2: + 1050 高翔, operator, 甲``."""
    parts = (f"{new.number} {new.name}", _(ROLE_NAMES[new.role]), new.team, new.seat)
    return f"{new.cell('work_number')}: + {', '.join(filter(None, parts))}"


def change_line(change: PersonChange) -> str:
    """What a list says otherwise: ``C2: 陈静(1017) role operator → shift leader``."""
    return _("{cell}: {name}({number}) {what} {before} → {after}").format(
        cell=change.cell,
        name=change.name,
        number=change.work_number,
        what=_(_COLUMNS[change.column]),
        before=_value(change.column, change.before),
        after=_value(change.column, change.after),
    )


def people_lines(plan: PeopleImport) -> list[str]:
    """Everything an import does or would do, then what is wrong, then the count."""
    words = _("{new} new, {changes} stand otherwise here, {unchanged} as before, {problems} mistakes")
    return [
        *(newcomer_line(new) for new in plan.newcomers),
        *(change_line(change) for change in plan.changes),
        *(problem_line(problem) for problem in plan.problems),
        words.format(
            new=len(plan.newcomers),
            changes=len(plan.changes),
            unchanged=plan.unchanged,
            problems=len(plan.problems),
        ),
    ]


def people_record(plan: PeopleImport, *, imported: bool, updated: bool) -> dict[str, object]:
    """Return an import of people as JSON of the command line has it; no PIN is ever among it."""
    return {
        "newcomers": [
            {
                "cell": new.cell("work_number"),
                "work_number": new.number,
                "name": new.name,
                "role": new.role,
                "team": new.team,
                "seat": new.seat,
                "badge": new.badge,
            }
            for new in plan.newcomers
        ],
        "changes": [
            {
                "cell": change.cell,
                "work_number": change.work_number,
                "name": change.name,
                "column": change.column,
                "before": change.before,
                "after": change.after,
            }
            for change in plan.changes
        ],
        "unchanged": plan.unchanged,
        "problems": plan.problems,
        "imported": imported,
        "updated": updated,
    }


def _value(column: str, value: str) -> str:
    return _(ROLE_NAMES[Role(value)]) if column == ROLE and value else value or "—"
