"""The door's decision on an entry (Art. 20; with 2, 14 and 21), and the words every verdict of the door is made of.

Fail secure, exit free: whatever is unknown, stale or unrecordable refuses entry; nothing refuses an exit
(``regulation.exits``). A decision is a pure function of the snapshot, who is inside and the time.
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
from regulation.occupancy import Occupancy
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
from regulation.relief import arrival_finding, duty_to_arrive_for, is_on_duty, return_finding
from regulation.values import value


class Outcome(StrEnum):
    """What the door does with a read; ``opens`` says whether the strike is released."""

    opens: bool

    GRANTED = "granted", True
    NOTICE = "notice", True
    PENDING = "pending"
    REFUSED = "refused"
    RELEASED = "released", True
    REPEAT = "repeat"
    ALARM = "alarm"
    NOTE = "note"

    def __new__(cls, word: str, opens: bool = False) -> Outcome:
        """Make the outcome named ``word``."""
        outcome = str.__new__(cls, word)
        outcome._value_, outcome.opens = word, opens
        return outcome


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
    DoorCode("pending.dress", Outcome.PENDING, 15, N_("Work clothes and work shoes on?")),
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
    DoorCode("refused.room_full", Outcome.REFUSED, 20, N_("The room is full"), N_("Wait until someone has left")),
    DoorCode("refused.locked_out", Outcome.REFUSED, 20, N_("Too many refusals — please wait"), _ASK_LEADER),
    DoorCode("refused.wrong_pin", Outcome.REFUSED, 20, N_("Badge and PIN do not match"), _ASK_LEADER),
    DoorCode("refused.may_not_approve", Outcome.REFUSED, 20, N_("Only a leader on duty may approve a visitor"), _ASK_LEADER),
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
    DoorCode("released.button", Outcome.RELEASED, 14, N_("Goodbye")),
    DoorCode("repeat", Outcome.REPEAT, 20, N_("Already read")),
    DoorCode("alarm.forced", Outcome.ALARM, 20, N_("The door was opened without a release")),
    DoorCode("alarm.held", Outcome.ALARM, 20, N_("The door is held open"), N_("Please close the door")),
    DoorCode("alarm.overstayed", Outcome.ALARM, 20, N_("A visitor is inside past the permitted time")),
    DoorCode("alarm.no_escort", Outcome.ALARM, 20, N_("A visitor is inside without an escort")),
    DoorCode("alarm.duress", Outcome.ALARM, 20, N_("A PIN was given under threat")),
    DoorCode("alarm.locked_out", Outcome.ALARM, 20, N_("Many refusals in a row at the door")),
    DoorCode("note.closed", Outcome.NOTE, 20, N_("The door is closed again")),
    DoorCode("note.escort", Outcome.NOTE, 20, N_("Someone inside took over a visitor")),
    DoorCode("note.approved", Outcome.NOTE, 20, N_("A visitor was approved at the door")),
    DoorCode("note.reset", Outcome.NOTE, 20, N_("Someone was marked as not inside")),
    DoorCode("note.breach", Outcome.NOTE, 4, N_("A breach was reported at the door")),
    DoorCode("note.muster", Outcome.NOTE, 20, N_("The muster list was shown at the door")),
    DoorCode("note.clock_jumped", Outcome.NOTE, 33, N_("The door's clock jumped")),
    DoorCode("note.clock_right", Outcome.NOTE, 33, N_("The door's clock is right again")),
    DoorCode("note.maintenance", Outcome.NOTE, 20, N_("The kiosk was closed for maintenance")),
    DoorCode("released.repeat", Outcome.RELEASED, 14, N_("Goodbye")),
)  # fmt: skip


@value
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

    def holder(self, badge: str) -> tuple[BadgeRecord | None, PersonRecord | None]:
        """The badge and whose own it is; ``None`` for what nobody here knows."""
        record = self.badges.get(badge)
        return record, self.people.get(record.person_id) if record and record.person_id else None

    def person_on_duty(self, badge: str, now: datetime) -> PersonRecord | None:
        """The centre person who holds ``badge`` and is on duty at ``now``, if any (who may escort, Art. 20)."""
        record, person = self.holder(badge)
        if record is None or person is None or badge_refusal(record, person, now):
            return None
        return person if self.may_escort(person.id, now) else None

    def may_escort(self, person_id: int, now: datetime) -> bool:
        """Whether this person belongs to the centre, works here and is on duty at ``now`` (Art. 2, 20)."""
        person = self.people.get(person_id)
        if person is None or not person.is_centre_personnel or person.status is not PersonStatus.ACTIVE:
            return False
        return any(is_on_duty(duty, now) for duty in self.duties_of(person_id))

    def visit_inside(self, occupancy: Occupancy, badge: str) -> VisitRecord | None:
        """The visit of ``badge`` whose visitor is inside, if any."""
        return next((v for v in self.visits.get(badge, ()) if v.id in occupancy.visits), None)

    def is_inside(self, occupancy: Occupancy, badge: str) -> bool:
        """Whether the holder of ``badge`` is inside: what a reader for both ways goes by."""
        _record, person = self.holder(badge)
        return (person is not None and person.id in occupancy.people) or (
            self.visit_inside(occupancy, badge) is not None
        )

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
    known, person = knowledge.holder(badge)
    if known is None:
        verdict = DoorVerdict("refused.unknown_badge")
    elif code := badge_refusal(known, person, now):
        verdict = DoorVerdict(code, person.id if person else None)
    elif person is not None and person.is_centre_personnel:
        verdict = _decide_staff(knowledge, occupancy, person, now, reason)
    else:
        verdict = _decide_visit(knowledge, occupancy, badge, person, now)
    return finished(verdict, knowledge, now)


def room_is_full(knowledge: DoorKnowledge, occupancy: Occupancy, *, for_visitor: bool = False) -> bool:
    """Whether as many are inside as may be: ``most_people_inside``, and for a visitor ``most_visitors_inside``.

    A visit that is no longer listed was ended at the desk and does not count.
    """
    visitors = sum(1 for visit_id in occupancy.visits if visit_id in knowledge.visits_by_id)
    if for_visitor and visitors >= knowledge.limits["most_visitors_inside"]:
        return True
    return len(occupancy.people) + visitors >= knowledge.limits["most_people_inside"]


def walkup_allowed(knowledge: DoorKnowledge, now: datetime) -> bool:
    """Whether a leader may still approve a visitor at the door: up to ``snapshot_walkup_hours`` after the snapshot."""
    return now - knowledge.snapshot.taken_at <= knowledge.limits.hours("snapshot_walkup_hours")


def refuse(waiting: DoorVerdict, code: str, knowledge: DoorKnowledge, now: datetime) -> DoorVerdict:
    """Turn a waiting verdict into a refusal: no escort in time, no reason given, or not recordable."""
    return finished(replace(waiting, code=code), knowledge, now)


def _decide_staff(
    knowledge: DoorKnowledge, occupancy: Occupancy, person: PersonRecord, now: datetime, reason: str | None
) -> DoorVerdict:
    limits = knowledge.limits
    if now - knowledge.snapshot.taken_at > limits.hours("snapshot_staff_hours"):
        return DoorVerdict("refused.stale_snapshot", person.id)
    duty = duty_to_arrive_for(knowledge.duties_of(person.id), person.id, now, limits)
    base = DoorVerdict(
        "granted", person.id, duty_id=duty.id if duty else None,
        evidence=(f"duty:{duty.id}",) if duty else (), limits_version=limits.version,
    )  # fmt: skip
    if person.id in occupancy.people:
        since = occupancy.people[person.id]
        return replace(base, code="granted.already_inside", evidence=(*base.evidence, since.event_id))
    # Whoever is on duty or comes for it is never kept out by a number.
    if (duty is None or duty.on_leave) and room_is_full(knowledge, occupancy):
        return replace(base, code="refused.room_full")
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
    if knowledge.visit_inside(occupancy, badge) is not None:
        return replace(base, code="refused.visitor_inside")
    if room_is_full(knowledge, occupancy, for_visitor=True):
        return replace(base, code="refused.room_full")
    return base


def finished(verdict: DoorVerdict, knowledge: DoorKnowledge, now: datetime) -> DoorVerdict:
    """Stamp the limits' version; a refused entry is itself a finding of the article that refuses it."""
    version = knowledge.limits.version
    if verdict.outcome is Outcome.REFUSED:
        details = {"why": verdict.door_code.text}
        refused = Finding("entry_refused", now, verdict.person_id, None, verdict.evidence, version, details)
        return replace(verdict, limits_version=version, findings=(refused,))
    return verdict if verdict.limits_version == version else replace(verdict, limits_version=version)
