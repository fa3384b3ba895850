"""Proper reasons to enter the machine room (Art. 20), and why someone comes in off duty."""

from __future__ import annotations

from regulation.marking import N_
from regulation.records import VisitReason

VISIT_REASONS: tuple[VisitReason, ...] = (
    VisitReason("maintenance", N_("equipment maintenance"), N_("work order number")),
    VisitReason("construction", N_("construction or cabling"), N_("work order number")),
    VisitReason("inspection", N_("inspection by a superior"), N_("letter or contact")),
    VisitReason("tour", N_("tour, approved by the manager"), N_("who approved it")),
    VisitReason("cleaning", N_("cleaning")),
    VisitReason("delivery", N_("delivery of goods"), N_("what is delivered")),
)
REASON_LABELS: dict[str, str] = {reason.code: reason.label for reason in VISIT_REASONS}

OFF_DUTY_REASONS: tuple[VisitReason, ...] = (
    VisitReason("relief_help", N_("helping the shift")),
    VisitReason("training", N_("training or a meeting")),
    VisitReason("forgotten", N_("fetching something forgotten")),
    VisitReason("called_in", N_("called in by the leader")),
)


def visit_reason(code: str) -> VisitReason | None:
    """Return the reason with ``code``, or ``None`` when it is not on the list."""
    return next((reason for reason in VISIT_REASONS if reason.code == code), None)
