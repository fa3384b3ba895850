"""The door's decision on an exit (Art. 14, 20, 24): what leaving means. Nothing refuses or delays it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from regulation.access import DoorKnowledge, DoorVerdict
from regulation.escorting import passed_on, visitors_led_by
from regulation.findings import Finding
from regulation.occupancy import Occupancy
from regulation.records import PersonRecord, VisitRecord
from regulation.relief import duty_left_by, leaving_finding, whole_minutes


def decide_exit(
    knowledge: DoorKnowledge,
    occupancy: Occupancy,
    badge: str,
    now: datetime,
    *,
    visitor_waiting: bool = False,
) -> DoorVerdict:
    """Decide what leaving means. Every answer releases the door; some carry findings (Art. 14, 20, 24).

    ``visitor_waiting`` says that a visitor stands outside waiting for an escort: fetching one is not leaving a seat.
    Whoever leaves visitors behind passes them on to ``escort_id``, who answers for the visits in the evidence.
    """
    known, person = knowledge.holder(badge)
    visit = knowledge.visit_inside(occupancy, badge)
    if visit is not None:
        return _visitor_leaves(visit, person, now, knowledge)
    if person is None or not person.is_centre_personnel:
        code = "released" if known is not None else "released.unknown_badge"
        return DoorVerdict(code, person.id if person else None, limits_version=knowledge.limits.version)
    return _staff_leaves(knowledge, occupancy, person, now, visitor_waiting)


def _visitor_leaves(
    visit: VisitRecord, person: PersonRecord | None, now: datetime, knowledge: DoorKnowledge
) -> DoorVerdict:
    base = DoorVerdict(
        "released", person.id if person else None, visit.id, evidence=(f"visit:{visit.id}",),
        limits_version=knowledge.limits.version,
    )  # fmt: skip
    if now <= visit.ends_at:
        return base
    minutes = {"minutes": str(whole_minutes(now - visit.ends_at))}
    over = Finding(
        "visitor_overstayed", now, visit.sponsor_id, None, base.evidence, knowledge.limits.version, minutes
    )
    return replace(base, code="released.overstayed", findings=(over,))


def _staff_leaves(
    knowledge: DoorKnowledge, occupancy: Occupancy, person: PersonRecord, now: datetime, visitor_waiting: bool
) -> DoorVerdict:
    limits = knowledge.limits
    duty = duty_left_by(knowledge.duties_of(person.id), person.id, now, limits)
    permit = knowledge.running_permit(person.id)
    code, findings = "released", []
    if duty is not None and visitor_waiting:
        code = "released.to_escort"
    elif duty is not None:
        breach = leaving_finding(duty, permit, now, limits)
        code = {"left_without_permit": "released.no_permit", "left_before_relief": "released.not_relieved"}[
            breach.code
        ] if breach else "released.permit"  # fmt: skip
        findings = [breach] if breach else []
    visitors = visitors_led_by(knowledge, occupancy, person.id)
    if visitors:
        proof = tuple(inside.event_id for inside in visitors)
        duty_id = duty.id if duty else None
        findings.append(Finding("visitor_left_behind", now, person.id, duty_id, proof, limits.version))
        code = "released.visitor_left_behind" if code in ("released", "released.permit") else code
    escort_id, moved = passed_on(knowledge, occupancy, person.id, now) if visitors else (None, ())
    return DoorVerdict(
        code,
        person.id,
        None,
        duty.id if duty else None,
        escort_id,
        findings=tuple(findings),
        evidence=(*((f"duty:{duty.id}",) if duty else ()), *moved),
        limits_version=limits.version,
    )


def button_released(limits_version: str) -> DoorVerdict:
    """Return the verdict on the exit button: released, whoever pressed it; nobody is known to have left (Art. 14)."""
    return DoorVerdict("released.button", limits_version=limits_version)
