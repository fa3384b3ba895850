"""Days of leave a person has (annual, compensatory): granted, carried over, used and left, exactly.

The regulation sets no numbers: what is granted, and until when, is the centre's data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from regulation.leave_kinds import LeaveKind

# Of these a centre keeps days; of the others leave is given for a reason and not from a store.
BALANCED_KINDS = (LeaveKind.ANNUAL, LeaveKind.COMPENSATORY)


@dataclass(frozen=True, slots=True)
class Grant:
    """Days of one kind that may be used on civil days from ``first_day`` to ``last_day``, both included."""

    kind: LeaveKind
    days: Fraction
    first_day: date
    last_day: date
    carried_over: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """Days of leave, accepted or asked, on the civil day of the duty they take."""

    kind: LeaveKind
    day: date
    days: Fraction


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of the grants that count on one day: ``left`` is what can still be used on it or later.

    ``short`` are days used that no grant covered.
    """

    kind: LeaveKind
    granted: Fraction
    carried_over: Fraction
    used: Fraction
    left: Fraction
    short: Fraction


def balance(kind: LeaveKind, grants: Iterable[Grant], uses: Iterable[Use], on: date) -> Balance | None:
    """Return the balance of ``kind`` on a civil day; ``None`` where the centre keeps none of that kind.

    Each use takes from what counts on its day and ends first, so that carried days go before they expire.
    """
    own = sorted((g for g in grants if g.kind is kind), key=lambda g: (g.last_day, g.first_day))
    if not own:
        return None
    rest = [grant.days for grant in own]
    short = Fraction(0)
    for use in sorted((u for u in uses if u.kind is kind), key=lambda u: u.day):
        wanted = use.days
        for number, grant in enumerate(own):
            if grant.first_day <= use.day <= grant.last_day:
                taken = min(wanted, rest[number])
                rest[number] -= taken
                wanted -= taken
        short += wanted
    current = [number for number, grant in enumerate(own) if grant.first_day <= on <= grant.last_day]
    granted = sum((own[n].days for n in current if not own[n].carried_over), Fraction(0))
    carried = sum((own[n].days for n in current if own[n].carried_over), Fraction(0))
    left = sum((rest[n] for n in current), Fraction(0))
    return Balance(kind, granted, carried, granted + carried - left, left, short)


def carried_over(left: Balance, at_most: Fraction, first_day: date, last_day: date) -> Grant | None:
    """Return what of a year's rest goes on into the next, up to ``at_most`` days; ``None`` when nothing does."""
    days = min(left.left, at_most)
    return Grant(left.kind, days, first_day, last_day, carried_over=True) if days > 0 else None
