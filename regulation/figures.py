"""Daily figures (Art. 5, 8): what is counted, what it is measured against, and when a shift's form is due.

The starting kinds stand until the centre changes them; each change counts from a civil day on, so that a figure of
the past keeps the target it was held against. Values are exact decimals, never floats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from regulation.limits import Limits
from regulation.marking import N_

MOST_DECIMALS = 4
LONGEST_NUMBER = 15
PERCENT = "%"
CALLS, TIMES_A_SHIFT, ORDERS, A_CALL = N_("calls"), N_("cases"), N_("orders"), N_("s per call")


class Bound(StrEnum):
    """Which way a target binds: the value reaches it at least, stays at or below it, or there is none."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NONE = "none"


class FormState(StrEnum):
    """Where a shift's form of figures is, and with which finding it ends when it is not on time."""

    OPEN = "open"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A kind of figure. ``label`` and ``unit`` are messages, or the centre's own words with English beside them.

    A value has at most ``decimals`` digits after the point; ``target`` means nothing without a bound.
    """

    code: str
    label: str
    unit: str = ""
    decimals: int = 0
    bound: Bound = Bound.NONE
    target: Decimal = Decimal(0)
    label_en: str = ""
    unit_en: str = ""


@dataclass(frozen=True, slots=True)
class FigureKindChange:
    """A centre's own kind of figure, or its word that one is no longer counted, from the start of a civil day."""

    kind: FigureKind
    effective_from: date
    retired: bool = False


STARTING_KINDS: tuple[FigureKind, ...] = (
    FigureKind("calls_in", N_("calls in"), CALLS),
    FigureKind("calls_answered", N_("calls answered"), CALLS),
    FigureKind("answered_20s", N_("answered within 20 s"), PERCENT, 1, Bound.AT_LEAST, Decimal(80)),
    FigureKind("abandoned", N_("calls abandoned"), CALLS),
    FigureKind("handling_seconds", N_("average handling time"), A_CALL, 0, Bound.AT_MOST, Decimal(180)),
    FigureKind("complaints", N_("complaints"), TIMES_A_SHIFT),
    FigureKind("orders_passed", N_("work orders passed on"), ORDERS),
    FigureKind("orders_overdue", N_("work orders overdue"), ORDERS, 0, Bound.AT_MOST, Decimal(0)),
    FigureKind("satisfaction", N_("user satisfaction"), PERCENT, 1, Bound.AT_LEAST, Decimal(95)),
)


class NotAFigure(ValueError):
    """Text that is no value of a kind. ``words`` is a message, filled with ``details``."""

    def __init__(self, words: str, **details: str) -> None:
        super().__init__(words)
        self.words = words
        self.details: Mapping[str, str] = details


def kinds_in_force(changes: Iterable[FigureKindChange], on: date) -> tuple[FigureKind, ...]:
    """Return the kinds of civil day ``on``: the starting ones in their order, then the centre's own as they came."""
    kinds: dict[str, FigureKind | None] = {kind.code: kind for kind in STARTING_KINDS}
    for change in sorted(changes, key=lambda c: c.effective_from):
        if change.effective_from <= on:
            kinds[change.kind.code] = None if change.retired else change.kind
    return tuple(kind for kind in kinds.values() if kind is not None)


_NUMBER = re.compile(r"\d+(\.\d+)?")
# What an input method types in full width; a superscript or a fraction stays what it is, and is refused.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def figure_value(text: str, kind: FigureKind, thousands: str = ",", *, ratio: bool = False) -> Decimal:
    """Return the value that ``text`` means for ``kind``; raises :class:`NotAFigure` saying why it means none.

    An input method's wide digits count as digits. A per cent sign may stand behind a value in per cent; with
    ``ratio`` such a value is written as a share of one instead (0.953). Formulas and markup are text like any other.
    """
    digits = text.translate(_WIDE).strip()
    if kind.unit == PERCENT and digits.endswith(PERCENT):
        digits, ratio = digits.removesuffix(PERCENT).rstrip(), False
    whole, _point, _rest = digits.partition(".")
    digits = digits.replace(whole, _ungrouped(whole, thousands), 1) if thousands in whole else digits
    if not digits.isascii() or not _NUMBER.fullmatch(digits) or len(digits) > LONGEST_NUMBER:
        raise NotAFigure(N_("“{text}” is not a number"), text=text.strip()[:40])
    value = Decimal(digits) * (100 if ratio and kind.unit == PERCENT else 1)
    if value != round(value, kind.decimals):
        raise NotAFigure(
            N_("“{text}” has more than {decimals} digits after the point"),
            text=text.strip()[:40],
            decimals=str(kind.decimals),
        )
    if kind.unit == PERCENT and value > 100:
        raise NotAFigure(N_("“{text}” is more than 100 %"), text=text.strip()[:40])
    return round(value, kind.decimals)


def _ungrouped(whole: str, thousands: str) -> str:
    """Digits in groups of three without their separator; other groups are left as they are, and refused."""
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+", whole) if thousands else None
    return whole.replace(thousands, "") if grouped else whole


def figure_text(value: Decimal, decimals: int) -> str:
    """Return a value as it is shown: with its digits after the point, in groups of three before it."""
    return f"{value:,.{decimals}f}"


def target_is_missed(kind: FigureKind, value: Decimal) -> bool:
    """Whether a value misses its target (Art. 5); reaching it exactly is meeting it."""
    if kind.bound is Bound.AT_LEAST:
        return value < kind.target
    return kind.bound is Bound.AT_MOST and value > kind.target


def figures_due_at(ends_at: datetime, limits: Limits) -> datetime:
    """Return when the figures of a shift that ends at ``ends_at`` are due (Art. 8)."""
    return ends_at + limits.minutes("figures_due_minutes")


def figures_missing_at(ends_at: datetime, limits: Limits) -> datetime:
    """Return from when the figures of a shift, late until then, count as missing (Art. 8)."""
    return max(ends_at + limits.hours("figures_missing_hours"), figures_due_at(ends_at, limits))


def form_state(ends_at: datetime, complete_at: datetime | None, now: datetime, limits: Limits) -> FormState:
    """Return how a shift's form stands (Art. 8: daily statistics are reported on time).

    ``complete_at`` is when its last figure was entered. Exactly at the deadline is on time, and exactly at the end
    of ``figures_missing_hours`` is still late.
    """
    seen_at = complete_at or now
    if seen_at > figures_missing_at(ends_at, limits):
        return FormState.MISSING
    if seen_at > figures_due_at(ends_at, limits):
        return FormState.LATE
    return FormState.ON_TIME if complete_at is not None else FormState.OPEN
