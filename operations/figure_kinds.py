"""The kinds of daily figures (Art. 5, 8): the starting list, and what the centre made of it, by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import models
from locales import LANGUAGES, _, translate
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.dated_lists import check_words, write_change
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.figures import (
    MOST_DECIMALS,
    Bound,
    FigureKind,
    FigureKindChange,
    NotAFigure,
    figure_value,
    kinds_in_force,
)

ARTICLE = 8
LONGEST_UNIT = 16


@reads(Action.READ_REGULATION)
def figure_kinds(session: Session, on: date | None = None) -> tuple[FigureKind, ...]:
    """Return the kinds in force on a civil day, today without one."""
    return kinds_on(on or civil_date(session.now))


@writes(Action.KEEP_DAY_PLAN)
def set_figure_kind(session: Session, kind: FigureKind, target: str, effective_from: date) -> None:
    """Add a kind, or change one, from a civil day on; figures of the days before keep the target they had.

    ``target`` is its number as people write it; with a bound it is needed.
    """
    kind = replace(kind, code=kind.code.strip(), label=kind.label.strip(), label_en=kind.label_en.strip())
    check_words(kind.code, kind.label, kind.label_en, ARTICLE, "night_calls")
    if not 0 <= kind.decimals <= MOST_DECIMALS or max(len(kind.unit), len(kind.unit_en)) > LONGEST_UNIT:
        raise Invalid(
            _("A figure has 0 to {most} digits after the point and a short unit.").format(most=MOST_DECIMALS),
            article=ARTICLE,
        )
    _write(session, replace(kind, target=_target(kind, target)), effective_from)


@writes(Action.KEEP_DAY_PLAN)
def retire_figure_kind(session: Session, code: str, effective_from: date) -> None:
    """Count a figure no more from a civil day on. The last one stays: Art. 8 asks for figures every day."""
    there = {kind.code: kind for kind in kinds_on(effective_from)}
    if code not in there:
        raise NotFound(_("There is no figure {code} on the list.").format(code=code), article=ARTICLE)
    if len(there) == 1:
        raise Conflict(_("The last figure stays on the list."), article=ARTICLE)
    _write(session, there[code], effective_from, retired=True)


@reads(Action.READ_REGULATION)
def figure_headers(session: Session) -> dict[str, str]:
    """Return which kind a column of a file means by its heading alone: its code, or its name in any language."""
    headers: dict[str, str] = {}
    for kind in kinds_on(civil_date(session.now)):
        names = {kind.code, kind.label, kind.label_en, *(translate(kind.label, code) for code in LANGUAGES)}
        headers |= dict.fromkeys(names - {""}, kind.code)
    return headers


def kinds_on(day: date) -> tuple[FigureKind, ...]:
    """Return the kinds in force on a civil day (inside a transaction)."""
    return kinds_in_force(kind_changes(), day)


def kind_changes() -> list[FigureKindChange]:
    """Return every change the centre made to the list, in order of its day (inside a transaction)."""
    change = models.FigureKindChange
    return [
        FigureKindChange(
            FigureKind(
                row.code,
                row.label,
                row.unit,
                row.decimals,
                Bound(row.bound),
                Decimal(row.target),
                row.label_en,
                row.unit_en,
            ),
            row.effective_from,
            row.retired,
        )
        for row in change.select().order_by(change.effective_from, change.id)
    ]


def not_a_figure(kind_words: str, why: NotAFigure) -> str:
    """Return in words which figure is no number, and why."""
    return _("{figure}: {why}.").format(figure=kind_words, why=_(why.words).format(**why.details))


def _target(kind: FigureKind, text: str) -> Decimal:
    if kind.bound is Bound.NONE:
        return Decimal(0)
    try:
        return figure_value(text, kind)
    except NotAFigure as why:
        raise Invalid(not_a_figure(_("Target"), why), article=5) from why


def _write(session: Session, kind: FigureKind, effective_from: date, *, retired: bool = False) -> None:
    fields: Mapping[str, object] = {
        "code": kind.code,
        "label": kind.label,
        "label_en": kind.label_en,
        "unit": kind.unit,
        "unit_en": kind.unit_en,
        "decimals": kind.decimals,
        "bound": kind.bound.value,
        "target": str(kind.target),
        "retired": retired,
    }
    write_change(session, models.FigureKindChange, "figure_kind", ARTICLE, effective_from, fields)
