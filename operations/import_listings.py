"""A file of the roster in words: what importing it does, what is wrong with it, cell by cell, and what was exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from locales import _
from operations.boundary import SYSTEM
from operations.centre import centre_info
from operations.listings import Office, own_language
from operations.roster_file import Problem
from operations.roster_import import ImportChange, RosterImport
from regulation.roster_sheet import RosterSheet


def shift_names(at: Office) -> dict[str, str]:
    """Return the centre's shifts by code, in the reader's language."""
    shifts = centre_info(SYSTEM, at.now).shift_types
    return {shift.code: own_language(shift.name, _(shift.name_en)) for shift in shifts}


def change_line(change: ImportChange, names: Mapping[str, str]) -> str:
    """One change: ``F7: 陈静(1017) 2026-12-10 free → 早班``."""
    return _("{cell}: {name}({number}) {date} {before} → {after}").format(
        cell=change.cell,
        name=change.name,
        number=change.work_number,
        date=change.date.isoformat(),
        before=_shift(change.before, names),
        after=_shift(change.after, names),
    )


def problem_line(problem: Problem) -> str:
    """One mistake with its cell."""
    return f"✗ {problem.cell}: {problem.text}" if problem.cell else f"✗ {problem.text}"


def import_lines(plan: RosterImport, names: Mapping[str, str]) -> list[str]:
    """Everything an import does or would do, then what is wrong, then the count."""
    return [
        *(change_line(change, names) for change in plan.changes),
        *(problem_line(problem) for problem in plan.problems),
        import_count(plan),
    ]


def import_count(plan: RosterImport) -> str:
    """How much a file changes, in a sentence."""
    words = _("{changes} days changed, {unchanged} as before, {problems} mistakes")
    return words.format(changes=len(plan.changes), unchanged=plan.unchanged, problems=len(plan.problems))


def import_record(plan: RosterImport, *, imported: bool, published: int) -> dict[str, object]:
    """Return an import as JSON of the command line has it."""
    return {
        "layout": plan.layout,
        "first": plan.first,
        "last": plan.last,
        "changes": [
            {
                "cell": change.cell,
                "work_number": change.work_number,
                "name": change.name,
                "date": change.date,
                "before": change.before,
                "after": change.after,
            }
            for change in plan.changes
        ],
        "unchanged": plan.unchanged,
        "problems": plan.problems,
        "imported": imported,
        "published": published,
    }


def export_record(sheet: RosterSheet, files: Sequence[str]) -> dict[str, object]:
    """Return what was exported as JSON of the command line has it."""
    return {
        "month": sheet.month,
        "version": sheet.version,
        "draft": sheet.draft,
        "people": len(sheet.people),
        "duties": sum(len(person.duties) for person in sheet.people),
        "files": list(files),
    }


def _shift(code: str | None, names: Mapping[str, str]) -> str:
    return names.get(code, code) if code else _("free day")
