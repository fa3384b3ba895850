"""Taking over a file of daily figures (Art. 8): looked at first, then whole or not at all; twice is as good as once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import models
from locales import N_, _
from operations.boundary import Actor, Session, reads, writes
from operations.errors import Conflict, FileRefused, Invalid
from operations.figures import (
    FigureForm,
    FigureGiven,
    FigureRow,
    forms_of,
    logs_of_day,
    value_text,
    write_values,
)
from operations.figures_file import Cell, FiguresFile, FileRow, Problem, same_shift_again
from operations.permissions import Action
from regulation.figures import NotAFigure, figure_value
from settings import Figures, ZhibanError

ARTICLE = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A value a file brings: ``before`` is the one it corrects, empty where there was none."""

    line: int
    column: str
    date: date
    shift: str
    code: str
    before: str
    value: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What importing a file does, or why it cannot be imported: with a problem nothing of it is taken over."""

    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]


class FiguresFileRefused(FileRefused):
    """A file of figures with something wrong in it."""

    ARTICLE = ARTICLE
    NEXT_STEP = N_("Correct the file or the mapping, and import it again.")


@reads(Action.WRITE_FIGURES)
def figures_import_plan(
    session: Session, read: FiguresFile, mapping: Figures, reason: str = ""
) -> ImportPlan:
    """Return what importing a file would do now; changes nothing."""
    return _plan(session, read, mapping, reason)


def import_figures(
    actor: Actor, now: datetime, read: FiguresFile, mapping: Figures, name: str, reason: str = ""
) -> ImportPlan:
    """Take over a file called ``name``, whole or not at all; a file that brings nothing new writes nothing.

    ``reason`` is needed where it corrects a value that is there. Raises :class:`FiguresFileRefused`.
    """
    plan = figures_import_plan(actor, now, read, mapping, reason)
    if plan.problems:
        raise FiguresFileRefused(plan.problems)
    return write_imported_figures(actor, now, read, mapping, name, reason) if plan.changes else plan


@writes(Action.WRITE_FIGURES)
def write_imported_figures(
    session: Session, read: FiguresFile, mapping: Figures, name: str, reason: str
) -> ImportPlan:
    """Write every value of a file that is new, in one transaction; :func:`import_figures` looked at it before."""
    plan = _plan(session, read, mapping, reason)
    if plan.problems:
        raise FiguresFileRefused(plan.problems)
    for row in read.rows:
        (form, log) = _form_of(session, row)
        rows = {known.kind.code: known for known in form.rows}
        given = [_given(cell, rows[cell.code], mapping) for cell in row.cells]
        write_values(session, log, given, reason.strip(), name)
    session.about(f"figures_file:{name}"[:96], rows=len(read.rows), values=len(plan.changes), reason=reason)
    return plan


def _plan(session: Session, read: FiguresFile, mapping: Figures, reason: str) -> ImportPlan:
    changes: list[Change] = []
    problems, unchanged = list(read.problems), 0
    lines: dict[int, int] = {}
    for row in read.rows:
        try:
            form, _log = _form_of(session, row)
        except ZhibanError as error:
            problems.append(Problem(row.line, mapping.shift_column, str(error)))
            continue
        if (first := lines.setdefault(form.log_id, row.line)) != row.line:
            problems.append(Problem(row.line, mapping.shift_column, same_shift_again(first)))
            continue
        rows = {known.kind.code: known for known in form.rows}
        for cell in row.cells:
            found = _change(row, form, cell, rows.get(cell.code), mapping, reason)
            if isinstance(found, Problem):
                problems.append(found)
            elif found is None:
                unchanged += 1
            else:
                changes.append(found)
    return ImportPlan(tuple(changes), unchanged, tuple(sorted(problems, key=lambda p: p.line)))


def _form_of(session: Session, row: FileRow) -> tuple[FigureForm, models.ShiftLog]:
    logs = logs_of_day(row.day)
    named = [
        log
        for log in logs
        if row.shift
        in (log.shift_type.code, log.shift_type.name, log.shift_type.name_en, log.shift_type.short)
    ]
    if len(named) != 1:
        there = "、".join(log.shift_type.name for log in logs) or "—"
        raise Invalid(
            _("{date} has no shift called “{shift}”; it has: {there}.").format(
                date=row.day.isoformat(), shift=row.shift[:40], there=there
            ),
            article=ARTICLE,
        )
    if session.now < named[0].starts_at:
        raise Conflict(_("This shift has not begun."), article=ARTICLE)
    return forms_of(named, session.now)[0], named[0]


def _change(
    row: FileRow, form: FigureForm, cell: Cell, known: FigureRow | None, mapping: Figures, reason: str
) -> Change | Problem | None:
    if known is None:
        sentence = _("There is no figure {code} on the list.").format(code=cell.code)
        return Problem(row.line, cell.column, sentence)
    try:
        value = figure_value(cell.text, known.kind, mapping.thousands, ratio=mapping.percent == "ratio")
    except NotAFigure as why:
        return Problem(row.line, cell.column, _(why.words).format(**why.details))
    if known.value and Decimal(known.value) == value:
        return None
    if known.value and not reason.strip():
        sentence = _("{value} is there already; another value needs --reason.")
        return Problem(row.line, cell.column, sentence.format(value=value_text(known)))
    return Change(row.line, cell.column, form.date, form.shift, cell.code, known.value, str(value))


def _given(cell: Cell, known: FigureRow, mapping: Figures) -> FigureGiven:
    value = figure_value(cell.text, known.kind, mapping.thousands, ratio=mapping.percent == "ratio")
    return FigureGiven(cell.code, str(value), known.version)
