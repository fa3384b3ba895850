"""The door's decision (Art. 20; with 2, 14, 21 and 24): may this badge enter, and what does leaving mean.

Fail secure, exit free: whatever is unknown, stale or unrecordable refuses entry; nothing refuses an exit.
A decision is a pure function of the snapshot, who is inside and the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from regulation.findings import Finding
from regulation.limits import Limits
from regulation.marking import N_
from regulation.occupancy import Inside, Occupancy
from regulation.records import (
    BadgeRecord,
    BadgeState,
    DutyRecord,
    PermitRecord,
    PersonRecord,
    PersonStatus,
    Snapshot,
    VisitRecord,
    VisitState,
)
from regulation.relief import (
    arrival_finding,
    duty_left_by,
    duty_to_arrive_for,
    is_on_duty,
    leaving_finding,
    return_finding,
    whole_minutes,
)


class Outcome(StrEnum):
    """What the door does with a read."""

    GRANTED = "granted"
    NOTICE = "notice"
    PENDING = "pending"
    REFUSED = "refused"
    RELEASED = "released"
    REPEAT = "repeat"

    @property
    def opens(self) -> bool:
        """Whether the strike is released."""
        return self in (Outcome.GRANTED, Outcome.NOTICE, Outcome.RELEASED)


@dataclass(frozen=True, slots=True)
class DoorCode:
    """A stable verdict code with its article, the words on the door, and what to do next."""

    code: str
    outcome: Outcome
    article: int
    text: str
    next_step: str = ""


def _codes(*codes: DoorCode) -> Mapping[str, DoorCode]:
    return MappingProxyType({code.code: code for code in codes})


_ASK_LEADER = N_("Please ask the leader on duty")
_VISITOR_KEY = N_("Visitors: press 1 to register")

DOOR_CODES = _codes(
    DoorCode("granted", Outcome.GRANTED, 20, N_("Please enter")),
    DoorCode("granted.visitor", Outcome.GRANTED, 20, N_("Please enter with your escort"), N_("Stay with your escort")),
    DoorCode("granted.escort", Outcome.GRANTED, 20, N_("Please enter with your visitor"), N_("You answer for the visitor")),
    DoorCode("granted.relief_late", Outcome.NOTICE, 21, N_("Please enter — not ten minutes early")),
    DoorCode("granted.off_duty", Outcome.NOTICE, 20, N_("Please enter — you are not on duty")),
    DoorCode("granted.on_leave", Outcome.NOTICE, 33, N_("Please enter — you are not due today")),
    DoorCode("granted.already_inside", Outcome.NOTICE, 20, N_("Please enter — your exit was not recorded")),
    DoorCode("granted.permit_overrun", Outcome.NOTICE, 14, N_("Please enter — your permit has ended")),
    DoorCode("pending.escort", Outcome.PENDING, 20, N_("The escort badges now")),
    DoorCode("pending.reason", Outcome.PENDING, 20, N_("You are not on duty — why are you coming in?")),
    DoorCode("refused.unknown_badge", Outcome.REFUSED, 20, N_("Unknown badge"), _VISITOR_KEY),
    DoorCode("refused.badge_lost", Outcome.REFUSED, 20, N_("This badge was reported lost"), _ASK_LEADER),
    DoorCode("refused.badge_revoked", Outcome.REFUSED, 20, N_("This badge was withdrawn"), _ASK_LEADER),
    DoorCode("refused.badge_expired", Outcome.REFUSED, 20, N_("This badge is not valid today"), _ASK_LEADER),
    DoorCode("refused.person_suspended", Outcome.REFUSED, 20, N_("Entry is suspended"), _ASK_LEADER),
    DoorCode("refused.no_visit", Outcome.REFUSED, 20, N_("No visit is approved"), _VISITOR_KEY),
    DoorCode("refused.visit_outside_window", Outcome.REFUSED, 20, N_("Not at the approved time"), _ASK_LEADER),
    DoorCode("refused.reason_missing", Outcome.REFUSED, 20, N_("No reason was given"), N_("Badge again and choose a reason")),
    DoorCode("refused.visitor_inside", Outcome.REFUSED, 20, N_("This visitor badge is already inside"), _ASK_LEADER),
    DoorCode("refused.no_escort", Outcome.REFUSED, 20, N_("No escort badged in time"), N_("Fetch your escort and badge again")),
    DoorCode("refused.escort_not_on_duty", Outcome.REFUSED, 20, N_("Only centre staff on duty may escort"), N_("Someone on duty must badge")),
    DoorCode("refused.escort_full", Outcome.REFUSED, 20, N_("This escort already leads too many visitors"), N_("Another escort must badge")),
    DoorCode("refused.stale_snapshot", Outcome.REFUSED, 20, N_("The door has been cut off too long to decide"), _ASK_LEADER),
    DoorCode("refused.cannot_be_recorded", Outcome.REFUSED, 20, N_("The entry cannot be recorded"), _ASK_LEADER),
    DoorCode("released", Outcome.RELEASED, 14, N_("Goodbye")),
    DoorCode("released.permit", Outcome.RELEASED, 14, N_("Away with a permit — please be back in time")),
    DoorCode("released.to_escort", Outcome.RELEASED, 20, N_("Fetch your visitor")),
    DoorCode("released.no_permit", Outcome.RELEASED, 14, N_("Goodbye — you have no permit to leave your seat")),
    DoorCode("released.not_relieved", Outcome.RELEASED, 24, N_("Goodbye — you have not been relieved yet")),
    DoorCode("released.visitor_left_behind", Outcome.RELEASED, 20, N_("Goodbye — your visitor is still inside")),
    DoorCode("released.overstayed", Outcome.RELEASED, 20, N_("Goodbye — the visit ran over its time")),
    DoorCode("released.unknown_badge", Outcome.RELEASED, 20, N_("Goodbye — this badge is unknown")),
    DoorCode("repeat", Outcome.REPEAT, 20, N_("Already read")),
    DoorCode("released.repeat", Outcome.RELEASED, 14, N_("Goodbye")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DoorVerdict:
    """What was decided about one read, with the evidence and the limits it rests on.

    The event that records the verdict adds its own id to the findings' evidence (``regulation.doorlog``).
    """

    code: str
    person_id: int | None = None
    visit_id: int | None = None
    duty_id: int | None = None
    escort_id: int | None = None
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    evidence: tuple[str, ...] = ()
    limits_version: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def door_code(self) -> DoorCode:
        """The code's outcome, article and words."""
        return DOOR_CODES[self.code]

    @property
    def outcome(self) -> Outcome:
        """What the door does."""
        return self.door_code.outcome

    @property
    def article(self) -> int:
        """The article the verdict cites."""
        return self.door_code.article


@dataclass(frozen=True, slots=True)
class DoorKnowledge:
    """A snapshot arranged for look-ups: made once for each snapshot, asked at every read."""

    snapshot: Snapshot
    limits: Limits
    badges: Mapping[str, BadgeRecord]
    people: Mapping[int, PersonRecord]
    duties: Mapping[int, tuple[DutyRecord, ...]]
    visits: Mapping[str, tuple[VisitRecord, ...]]
    visits_by_id: Mapping[int, VisitRecord]
    permits: Mapping[int, tuple[PermitRecord, ...]]

    @classmethod
    def of(cls, snapshot: Snapshot) -> DoorKnowledge:
        """Arrange ``snapshot``; the work grows with its size, later questions do not."""
        duties: dict[int, tuple[DutyRecord, ...]] = {}
        for duty in snapshot.duties:
            duties[duty.person_id] = (*duties.get(duty.person_id, ()), duty)
        visits: dict[str, tuple[VisitRecord, ...]] = {}
        for visit in snapshot.visits:
            if visit.badge is not None:
                visits[visit.badge] = (*visits.get(visit.badge, ()), visit)
        permits: dict[int, tuple[PermitRecord, ...]] = {}
        for permit in snapshot.permits:
            permits[permit.person_id] = (*permits.get(permit.person_id, ()), permit)
        return cls(
            snapshot,
            Limits(MappingProxyType(dict(snapshot.limits))),
            {badge.badge: badge for badge in snapshot.badges},
            {person.id: person for person in snapshot.people},
            duties,
            visits,
            {visit.id: visit for visit in snapshot.visits},
            permits,
        )

    def duties_of(self, person_id: int) -> tuple[DutyRecord, ...]:
        """The duties of one person that lie near the snapshot's time."""
        return self.duties.get(person_id, ())

    def person_on_duty(self, badge: str, now: datetime) -> PersonRecord | None:
        """The centre person who holds ``badge`` and is on duty at ``now``, if any (who may escort, Art. 20)."""
        record = self.badges.get(badge)
        person = self.people.get(record.person_id) if record and record.person_id else None
        if (
            record is None
            or person is None
            or not person.is_centre_personnel
            or badge_refusal(record, person, now)
        ):
            return None
        return person if any(is_on_duty(duty, now) for duty in self.duties_of(person.id)) else None

    def running_permit(self, person_id: int) -> PermitRecord | None:
        """The seat-leave permit of one person that has not been closed by a return (Art. 14)."""
        running = [p for p in self.permits.get(person_id, ()) if p.returned_at is None]
        return max(running, key=lambda p: p.from_at, default=None)


def badge_refusal(badge: BadgeRecord, person: PersonRecord | None, now: datetime) -> str:
    """Return the code that refuses ``badge`` itself, or an empty string. Valid until means up to that instant."""
    if badge.state is BadgeState.LOST:
        return "refused.badge_lost"
    if badge.state is BadgeState.REVOKED:
        return "refused.badge_revoked"
    not_yet = badge.valid_from is not None and now < badge.valid_from
    expired = badge.valid_until is not None and now >= badge.valid_until
    if not_yet or expired:
        return "refused.badge_expired"
    if person is not None and person.status is not PersonStatus.ACTIVE:
        return "refused.person_suspended"
    return ""


def decide_entry(
    knowledge: DoorKnowledge, occupancy: Occupancy, badge: str, now: datetime, *, reason: str | None = None
) -> DoorVerdict:
    """Decide one read at an entry reader (Art. 20).

    ``reason`` is what an off-duty person chose at the door: ``None`` when nobody asked yet, empty when nothing was
    chosen in time. A ``PENDING`` outcome asks the door to wait for an escort or a reason; it opens nothing.
    """
    known = knowledge.badges.get(badge)
    person = knowledge.people.get(known.person_id) if known and known.person_id else None
    if known is None:
        verdict = DoorVerdict("refused.unknown_badge")
    elif code := badge_refusal(known, person, now):
        verdict = DoorVerdict(code, person.id if person else None)
    elif person is not None and person.is_centre_personnel:
        verdict = _decide_staff(knowledge, occupancy, person, now, reason)
    else:
        verdict = _decide_visit(knowledge, occupancy, badge, person, now)
    return _finished(verdict, knowledge, now)


def decide_escort(
    knowledge: DoorKnowledge, occupancy: Occupancy, waiting: DoorVerdict, escort_badge: str, now: datetime
) -> DoorVerdict:
    """Decide a visitor who waits at the door when ``escort_badge`` is read inside the escort window (Art. 20)."""
    escort = knowledge.person_on_duty(escort_badge, now)
    if escort is None:
        verdict = replace(waiting, code="refused.escort_not_on_duty")
    elif len(visitors_led_by(knowledge, occupancy, escort.id)) >= knowledge.limits["visitors_per_escort"]:
        verdict = replace(waiting, code="refused.escort_full", escort_id=escort.id)
    else:
        verdict = replace(
            waiting,
            code="granted.visitor",
            escort_id=escort.id,
            evidence=(*waiting.evidence, f"person:{escort.id}"),
        )
    return _finished(verdict, knowledge, now)


def refuse(waiting: DoorVerdict, code: str, knowledge: DoorKnowledge, now: datetime) -> DoorVerdict:
    """Turn a waiting verdict into a refusal: no escort in time, no reason given, or not recordable."""
    return _finished(replace(waiting, code=code), knowledge, now)


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
    """
    known = knowledge.badges.get(badge)
    person = knowledge.people.get(known.person_id) if known and known.person_id else None
    visit = _visit_inside(knowledge, occupancy, badge)
    if visit is not None:
        verdict = _visitor_leaves(visit, person, now, knowledge)
    elif person is None or not person.is_centre_personnel:
        code = "released" if known is not None else "released.unknown_badge"
        verdict = DoorVerdict(code, person.id if person else None)
    else:
        verdict = _staff_leaves(knowledge, occupancy, person, now, visitor_waiting)
    return replace(verdict, limits_version=knowledge.limits.version)


def visitors_led_by(knowledge: DoorKnowledge, occupancy: Occupancy, person_id: int) -> list[Inside]:
    """Return the visitors inside that ``person_id`` answers for now (Art. 20).

    The centre's word goes before the door's, unless the door knows of a later entry: at a handover the duty moves
    on with the incoming signature, and a visit that is no longer listed was ended at the desk.
    """
    led = []
    for visit_id, inside in occupancy.visits.items():
        visit = knowledge.visits_by_id.get(visit_id)
        if visit is None:
            continue
        told = visit.escort_id if inside.since <= knowledge.snapshot.taken_at else None
        if person_id == (told or inside.escort_id):
            led.append(inside)
    return led


def _decide_staff(
    knowledge: DoorKnowledge, occupancy: Occupancy, person: PersonRecord, now: datetime, reason: str | None
) -> DoorVerdict:
    limits = knowledge.limits
    if now - knowledge.snapshot.taken_at > limits.hours("snapshot_staff_hours"):
        return DoorVerdict("refused.stale_snapshot", person.id)
    duty = duty_to_arrive_for(knowledge.duties_of(person.id), person.id, now, limits)
    base = DoorVerdict("granted", person.id, duty_id=duty.id if duty else None)
    if duty is not None:
        base = replace(base, evidence=(f"duty:{duty.id}",))
    if person.id in occupancy.people:
        since = occupancy.people[person.id]
        return replace(base, code="granted.already_inside", evidence=(*base.evidence, since.event_id))
    if duty is None:
        return _decide_off_duty(base, reason)
    if duty.on_leave:
        return replace(base, code="granted.on_leave")
    return _decide_arrival(base, duty, knowledge, occupancy, now)


def _decide_off_duty(base: DoorVerdict, reason: str | None) -> DoorVerdict:
    if reason is None:
        return replace(base, code="pending.reason")
    if not reason:
        return replace(base, code="refused.reason_missing")
    return replace(base, code="granted.off_duty", reason=reason)


def _decide_arrival(
    base: DoorVerdict, duty: DutyRecord, knowledge: DoorKnowledge, occupancy: Occupancy, now: datetime
) -> DoorVerdict:
    limits = knowledge.limits
    last = occupancy.last_entry.get(duty.person_id)
    arrived_before = last is not None and last >= duty.starts_at - limits.minutes("arrival_window_minutes")
    if arrived_before:
        permit = knowledge.running_permit(duty.person_id)
        late = return_finding(permit, now, limits) if permit and permit.from_at <= now else None
        return base if late is None else replace(base, code="granted.permit_overrun", findings=(late,))
    late = arrival_finding(duty, now, limits)
    return base if late is None else replace(base, code="granted.relief_late", findings=(late,))


def _decide_visit(
    knowledge: DoorKnowledge, occupancy: Occupancy, badge: str, person: PersonRecord | None, now: datetime
) -> DoorVerdict:
    person_id = person.id if person else None
    visits = [
        v for v in knowledge.visits.get(badge, ()) if v.state in (VisitState.APPROVED, VisitState.INSIDE)
    ]
    if not visits:
        return DoorVerdict("refused.no_visit", person_id)
    # The window is closed on the left and open on the right: at its end a visit is over.
    visit = next((v for v in visits if v.starts_at <= now < v.ends_at), None)
    if visit is None:
        nearest = min(visits, key=lambda v: abs(v.starts_at - now))
        return DoorVerdict(
            "refused.visit_outside_window", person_id, nearest.id, evidence=(f"visit:{nearest.id}",)
        )
    base = DoorVerdict(
        "pending.escort", person_id, visit.id, reason=visit.reason, evidence=(f"visit:{visit.id}",)
    )
    if now - knowledge.snapshot.taken_at > knowledge.limits.hours("snapshot_visit_hours"):
        return replace(base, code="refused.stale_snapshot")
    if not visit.reason:
        return replace(base, code="refused.reason_missing")
    if visit.id in occupancy.visits:
        return replace(base, code="refused.visitor_inside")
    return base


def _visit_inside(knowledge: DoorKnowledge, occupancy: Occupancy, badge: str) -> VisitRecord | None:
    return next((v for v in knowledge.visits.get(badge, ()) if v.id in occupancy.visits), None)


def _visitor_leaves(
    visit: VisitRecord, person: PersonRecord | None, now: datetime, knowledge: DoorKnowledge
) -> DoorVerdict:
    base = DoorVerdict("released", person.id if person else None, visit.id, evidence=(f"visit:{visit.id}",))
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
    evidence = (f"duty:{duty.id}",) if duty else ()
    return DoorVerdict(
        code, person.id, None, duty.id if duty else None, findings=tuple(findings), evidence=evidence
    )


def _finished(verdict: DoorVerdict, knowledge: DoorKnowledge, now: datetime) -> DoorVerdict:
    """Stamp the limits' version; a refused entry is itself a finding of the article that refuses it."""
    findings = verdict.findings
    if verdict.outcome is Outcome.REFUSED:
        details = {"why": verdict.door_code.text}
        refused = Finding(
            "entry_refused", now, verdict.person_id, None, verdict.evidence, knowledge.limits.version, details
        )
        findings = (refused,)
    return replace(verdict, limits_version=knowledge.limits.version, findings=findings)
