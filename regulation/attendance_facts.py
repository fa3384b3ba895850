"""When someone came for a duty and when they went, as far as the evidence carries (Art. 21, 24, 33).

Each is known between two instants, mostly the same one. A fact stands only when every instant in between says the
same; otherwise it is unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from regulation.attendance_evidence import (
    Evidence,
    JudgedDuty,
    Outage,
    Signature,
    Stay,
    first_outage,
    may_be_judged_at,
    stays_around,
)
from regulation.duty_verdicts import UnknownReason
from regulation.limits import Limits
from regulation.records import Direction
from regulation.values import value


class Timing(StrEnum):
    """How someone came or went."""

    IN_TIME = "in_time"
    LATE_FOR_RELIEF = "late_for_relief"
    LATE = "late"
    EARLY = "early"
    NEVER_CAME = "never_came"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Excused:
    """A stretch in which a duty does not bind: leave, or a permit to be away (Art. 14, 35)."""

    from_at: datetime
    until_at: datetime
    evidence: str


@value
class Expected:
    """When a duty binds its person, once leave, permits at its edges and the relief are taken into account.

    The person comes for it from ``opens_at`` on and is to be there by ``due_at``: ten minutes before the start, where
    a shift is relieved (Art. 21). After leave or a permit there is nobody to relieve, and ``due_at`` is the start.
    ``begins_at`` is the start that a permit from then on moved to ``starts_at``. The evidence is complete at
    ``complete_at``.
    """

    opens_at: datetime
    due_at: datetime
    begins_at: datetime
    starts_at: datetime
    ends_at: datetime
    complete_at: datetime
    excused: tuple[Excused, ...] = ()


@value
class Fact:
    """How and when someone came or went.

    ``at`` is the instant the minutes count from: what is proven, no more. ``seen_at`` is when the door saw it.
    """

    timing: Timing
    at: datetime | None = None
    evidence: tuple[str, ...] = ()
    reason: UnknownReason | None = None
    seen_at: datetime | None = None


@value
class Facts:
    """All that is known of a duty: the stays of its time, the arrival and the departure."""

    stays: tuple[Stay, ...]
    arrival: Fact
    departure: Fact


def expected_of(duty: JudgedDuty, evidence: Evidence, limits: Limits) -> Expected | None:
    """Return when ``duty`` binds its person, or ``None`` when leave covers all of it.

    A permit moves an edge only while something of the duty is left to judge.
    """
    record = duty.record
    leave = tuple(Excused(p.from_at, p.until_at, p.evidence) for p in duty.leave) if duty.leave else ()
    span = _without(record.starts_at, record.ends_at, leave)
    if span is None:
        return None
    permits = _permits(record.person_id, evidence) if evidence.permits else ()
    starts_at, ends_at = _without(*span, (*leave, *permits)) or span
    if record.relieved_at is not None and starts_at < record.relieved_at < ends_at:
        ends_at = record.relieved_at
    relieves = starts_at == record.starts_at and not duty.after_leave
    early = limits.minutes("relief_early_minutes") if relieves else timedelta()
    opens_at = span[0] - limits.minutes("arrival_window_minutes")
    complete_at = may_be_judged_at(record, evidence.neighbours, limits)
    due_at = starts_at - early
    return Expected(opens_at, due_at, span[0], starts_at, ends_at, complete_at, (*leave, *permits))


def _permits(person_id: int, evidence: Evidence) -> tuple[Excused, ...]:
    return tuple(
        Excused(p.from_at, p.back_by, f"permit:{p.id}")
        for p in sorted(evidence.permits, key=lambda p: p.id)
        if p.person_id == person_id
    )


def facts_of(duty: JudgedDuty, expected: Expected, evidence: Evidence, limits: Limits) -> Facts:
    """Return what the evidence says of ``duty``.

    A pass whose clock is suspect is believed only where leaving it out would say the same. So is a punch that does
    not say which way someone went: all it can show is that they were there then.
    """
    if not [p for p in evidence.passes if p.clock_suspect or p.direction is Direction.NONE]:
        return _facts(duty, expected, evidence, limits)
    passes = [p for p in evidence.passes if p.direction is not Direction.NONE]
    facts = _with_and_without_suspect(duty, expected, replace(evidence, passes=tuple(passes)), limits)
    undirected = [p for p in evidence.passes if p.direction is Direction.NONE]
    if not undirected:
        return facts
    there = (*evidence.signatures, *(Signature(p.id, p.at) for p in undirected))
    held = replace(evidence, passes=tuple(passes), signatures=there)
    believed = _with_and_without_suspect(duty, expected, held, limits)
    return _facts_agreed(facts, believed, UnknownReason.NO_DIRECTION)


def _with_and_without_suspect(
    duty: JudgedDuty, expected: Expected, evidence: Evidence, limits: Limits
) -> Facts:
    whole = _facts(duty, expected, evidence, limits)
    if not any(p.clock_suspect for p in evidence.passes):
        return whole
    sure = replace(evidence, passes=tuple(p for p in evidence.passes if not p.clock_suspect))
    return _facts_agreed(whole, _facts(duty, expected, sure, limits), UnknownReason.CLOCK_SUSPECT)


def _facts_agreed(facts: Facts, other: Facts, doubt: UnknownReason) -> Facts:
    return replace(
        facts,
        arrival=_agreed(facts.arrival, other.arrival, doubt),
        departure=_agreed(facts.departure, other.departure, doubt),
    )


def first_unexcused(at: datetime, excused: Iterable[Excused]) -> datetime:
    """Return the first instant from ``at`` on that nothing excuses."""
    for stretch in sorted(excused, key=lambda e: (e.from_at, e.until_at)):
        if stretch.from_at <= at < stretch.until_at:
            at = stretch.until_at
    return at


def _without(
    starts_at: datetime, ends_at: datetime, excused: Sequence[Excused]
) -> tuple[datetime, datetime] | None:
    """Cut what is excused off both edges; ``None`` when nothing is left."""
    if not excused:
        return starts_at, ends_at
    starts_at = first_unexcused(starts_at, excused)
    for stretch in sorted(excused, key=lambda e: (e.until_at, e.from_at), reverse=True):
        if stretch.from_at < ends_at <= stretch.until_at:
            ends_at = stretch.from_at
    return (starts_at, ends_at) if starts_at < ends_at else None


def _facts(duty: JudgedDuty, expected: Expected, evidence: Evidence, limits: Limits) -> Facts:
    stays = stays_around(duty.record, evidence, limits)
    near = [s for s in stays if s.not_before < expected.ends_at and _lasts_beyond(s, expected.opens_at)]
    came = _came(expected, near)
    if came is None:
        nothing = _not_seen(expected, near, evidence.outages)
        return Facts(stays, nothing, replace(nothing, evidence=()))
    arrival = _arrival(expected, came, evidence.outages)
    return Facts(stays, arrival, _departure(duty, expected, near[-1], evidence.outages))


def _agreed(fact: Fact, other: Fact, doubt: UnknownReason) -> Fact:
    """Return the fact when it holds with and without what is in doubt, else that it is unknown for that reason."""
    if fact == other:
        return fact
    if fact.timing is other.timing and fact.timing is not Timing.UNKNOWN:
        return _milder(fact, other)
    proof = tuple(dict.fromkeys((*fact.evidence, *other.evidence)))
    return Fact(Timing.UNKNOWN, None, proof, doubt)


def _milder(one: Fact, other: Fact) -> Fact:
    """Of two facts that say the same, return the one that holds fewer minutes against the person."""
    known = {fact.at: fact for fact in (other, one) if fact.at is not None}
    if not known:
        return one
    return known[max(known) if one.timing is Timing.EARLY else min(known)]


# Art. 21: what counts is being there when the duty begins. Who came early enough, went out again and was not back by
# the start has come when they came back.
def _came(expected: Expected, near: Sequence[Stay]) -> Stay | None:
    """Return the stay with which the person came: the first of the window if they were inside at the start."""
    lasting = [s for s in near if _lasts_beyond(s, expected.begins_at)]
    surely_inside = any(s.known_from <= expected.starts_at for s in lasting)
    return next(iter(near if surely_inside else lasting), None)


def _arrival(expected: Expected, came: Stay, outages: Sequence[Outage]) -> Fact:
    earliest = max(came.not_before, expected.opens_at)
    latest = max(came.known_from, expected.opens_at)
    doubt = first_outage(outages, expected.due_at, latest)
    reason = UnknownReason.MISSING_ENTRY
    if doubt is not None:
        earliest = min(earliest, max(doubt.from_at, expected.opens_at))
        reason = UnknownReason.OUTAGE
    proof = (came.entered.id,) if came.entered is not None else came.evidence
    if (timing := _arrival_timing(earliest, latest, expected)) is not None:
        seen_at = came.entered.at if came.entered is not None else None
        return Fact(timing, earliest if timing is Timing.LATE else latest, proof, seen_at=seen_at)
    return Fact(Timing.UNKNOWN, None, (*proof, *((doubt.evidence,) if doubt else ())), reason)


def _lasts_beyond(stay: Stay, at: datetime) -> bool:
    """Whether the person may still be inside at ``at``: leaving exactly then, they were there until then."""
    return stay.left is None or stay.left.at >= at


def _not_seen(expected: Expected, near: Sequence[Stay], outages: Sequence[Outage]) -> Fact:
    """Nobody saw them in the duty's time: that is absence only where the door was watching all along."""
    doubt = first_outage(outages, expected.opens_at, expected.ends_at)
    seen = tuple(proof for stay in near for proof in stay.evidence)
    if doubt is not None:
        return Fact(Timing.UNKNOWN, None, (*seen, doubt.evidence), UnknownReason.OUTAGE)
    return Fact(Timing.NEVER_CAME, None, seen)


def _arrival_timing(earliest: datetime, latest: datetime, expected: Expected) -> Timing | None:
    if latest <= expected.due_at:
        return Timing.IN_TIME
    if earliest > expected.starts_at:
        return Timing.LATE
    if earliest > expected.due_at and latest <= expected.starts_at:
        return Timing.LATE_FOR_RELIEF
    return None


# Art. 24: leave only at the end, or once the relief has taken over.
def _departure(duty: JudgedDuty, expected: Expected, last: Stay, outages: Sequence[Outage]) -> Fact:
    if last.left is None or last.left.by_word:
        return _unseen_exit(duty, expected, last, outages)
    proof = (last.left.id,)
    if last.left.at >= expected.ends_at:
        if last.known_from <= expected.ends_at:
            return Fact(Timing.IN_TIME, last.left.at, proof, seen_at=last.left.at)
        return _in_doubt(UnknownReason.MISSING_ENTRY, proof, outages, last.not_before, last.known_from)
    gone_at = first_unexcused(last.left.at, expected.excused)
    if gone_at >= expected.ends_at:
        return Fact(Timing.IN_TIME, last.left.at, proof, seen_at=last.left.at)
    if (doubt := first_outage(outages, last.left.at, expected.ends_at)) is not None:
        return Fact(Timing.UNKNOWN, None, (*proof, doubt.evidence), UnknownReason.OUTAGE)
    return Fact(Timing.EARLY, gone_at, proof, seen_at=last.left.at)


def _unseen_exit(duty: JudgedDuty, expected: Expected, last: Stay, outages: Sequence[Outage]) -> Fact:
    """Nobody saw them go. A signature of their own at the end, or the relief that took over, says they were there."""
    relieved_at = duty.record.relieved_at if duty.seat_relief else None
    proven_until, proof = last.known_until, last.evidence
    if relieved_at is not None and relieved_at > proven_until and not _by_word_before(last, relieved_at):
        proven_until, proof = relieved_at, (duty.seat_relief,)
    if proven_until >= expected.ends_at:
        return Fact(Timing.IN_TIME, None, proof)
    return _in_doubt(
        UnknownReason.MISSING_EXIT, last.evidence, outages, last.known_until, expected.complete_at
    )


def _by_word_before(stay: Stay, at: datetime) -> bool:
    return stay.left is not None and stay.left.at < at


def _in_doubt(
    reason: UnknownReason, proof: tuple[str, ...], outages: Sequence[Outage], begin: datetime, end: datetime
) -> Fact:
    """Something was not seen: because the door was out of service in that time, or for a reason of its own."""
    if (doubt := first_outage(outages, begin, end)) is not None:
        return Fact(Timing.UNKNOWN, None, (*proof, doubt.evidence), UnknownReason.OUTAGE)
    return Fact(Timing.UNKNOWN, None, proof, reason)
