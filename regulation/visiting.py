"""Proper reasons to enter the machine room (Art. 20), and why someone comes in off duty.

The regulation's own list stands until the centre changes it: each change counts from a civil day on, so that what
was a proper reason on the day of a visit stays one in its record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from regulation.marking import N_
from regulation.records import VisitReason

VISIT_REASONS: tuple[VisitReason, ...] = (
    VisitReason("maintenance", N_("equipment maintenance"), N_("work order number")),
    VisitReason("construction", N_("construction or cabling"), N_("work order number")),
    VisitReason("inspection", N_("inspection by a superior"), N_("letter or contact")),
    VisitReason("tour", N_("tour, approved by the manager"), N_("who approved it"), by_manager=True),
    VisitReason("cleaning", N_("cleaning")),
    VisitReason("delivery", N_("delivery of goods"), N_("what is delivered")),
)

OFF_DUTY_REASONS: tuple[VisitReason, ...] = (
    VisitReason("relief_help", N_("helping the shift")),
    VisitReason("training", N_("training or a meeting")),
    VisitReason("forgotten", N_("fetching something forgotten")),
    VisitReason("called_in", N_("called in by the leader")),
)

NOT_ASKED = VisitReason("not_asked", N_("nobody asked: the door has no screen"))


# The labels of the regulation's own visit reasons; a centre's own are in its records.
@dataclass(frozen=True, slots=True)
class ReasonChange:
    """A centre's own reason, or its word that one is no longer a reason, from the start of a civil day."""

    reason: VisitReason
    effective_from: date
    retired: bool = False


def reasons_in_force(changes: Iterable[ReasonChange], on: date) -> tuple[VisitReason, ...]:
    """Return the reasons of civil day ``on``: the regulation's in their order, then the centre's own as they came.

    Of several changes to one reason the latest that has taken effect counts.
    """
    reasons: dict[str, VisitReason | None] = {reason.code: reason for reason in VISIT_REASONS}
    for change in sorted(changes, key=lambda c: c.effective_from):
        if change.effective_from <= on:
            reasons[change.reason.code] = None if change.retired else change.reason
    return tuple(reason for reason in reasons.values() if reason is not None)


def visit_reason(code: str) -> VisitReason | None:
    """Return the regulation's own reason with ``code``, or ``None`` when it is not on its list."""
    return next((reason for reason in VISIT_REASONS if reason.code == code), None)
