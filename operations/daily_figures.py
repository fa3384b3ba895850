"""The day's figures and spot checks as lines of the daily log (Art. 5, 7, 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import models
from operations.figures import FigureForm, forms_of, value_text
from operations.spot_checks import LinkRow, day_has_shifts, day_plan
from regulation.daily_log import FigureLine, SpotCheckLine
from regulation.figures import Bound, FigureKind, FormState, figure_text
from regulation.spot_checks import RESULT_NAMES

_BOUND_SIGNS = {Bound.AT_LEAST: "≥", Bound.AT_MOST: "≤"}


def figure_lines(logs: Sequence[models.ShiftLog], now: datetime) -> tuple[FigureLine, ...]:
    """Return the figures of the shifts that have begun, figure by figure (inside a transaction).

    One that nobody entered has an empty value; once its form is late the line says that it is overdue.
    """
    begun = [form for form in forms_of(logs, now) if form.starts_at <= now]
    codes = list(dict.fromkeys(row.kind.code for form in begun for row in form.rows))
    return tuple(line for code in codes for form in begun for line in _lines(form, code))


def target_text(kind: FigureKind) -> str:
    """Return a kind's target as it is shown (``≥ 80.0``), empty where it has none."""
    sign = _BOUND_SIGNS.get(kind.bound)
    return f"{sign} {figure_text(kind.target, kind.decimals)}" if sign else ""


def spot_check_lines(day: date, now: datetime) -> tuple[SpotCheckLine, ...]:
    """Return the checks of a civil day, link by link, and a line for each link nobody checked (Art. 7).

    A day on which the centre was closed asks for none (inside a transaction).
    """
    plan = day_plan(day, now)
    if not plan.checked and not day_has_shifts(day):
        return ()
    return tuple(line for row in plan.links for line in _check_lines(row))


def _lines(form: FigureForm, code: str) -> list[FigureLine]:
    late = form.state in (FormState.LATE, FormState.MISSING)
    return [
        FigureLine(
            row.kind.label,
            value_text(row),
            target_text(row.kind),
            form.name,
            row.kind.label_en,
            form.name_en,
            row.kind.unit,
            row.kind.unit_en,
            row.missed,
            late and not row.value,
            len(row.earlier),
        )
        for row in form.rows
        if row.kind.code == code
    ]


def _check_lines(row: LinkRow) -> list[SpotCheckLine]:
    if not row.checks:
        return [SpotCheckLine(row.link.label, row.link.label_en)]
    return [
        SpotCheckLine(
            row.link.label,
            row.link.label_en,
            check.checked_at,
            check.checked_by,
            check.person,
            RESULT_NAMES[check.result],
            check.found,
            check.informed,
            check.informed_at,
        )
        for check in row.checks
    ]
