"""The judge of attendance (Art. 33): one duty and what the witnesses say of it, to one verdict with its reasons.

Three witnesses are joined: the roster says who was due, the door who was in the room, a signature who was there at an
instant. Where they leave a doubt the verdict is "not clear" with its reason, and a correction by two people settles it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import IntEnum
from fractions import Fraction

from regulation.attendance_away import (
    AwaySpell,
    away_findings,
    away_spells,
    minutes_inside,
    unrelieved_exit,
)
from regulation.attendance_evidence import SWAPPED, Evidence, JudgedDuty, follows_on
from regulation.attendance_facts import Expected, Fact, Facts, Timing, expected_of, facts_of
from regulation.attendance_reasons import (
    RuleLine,
    arrival_line,
    correction_line,
    departure_line,
    leave_line,
    swapped_line,
    unknown_line,
)
from regulation.corrections import Correction, evidence_with, standing_correction
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.findings import Finding
from regulation.leave_kinds import LeaveKind, LeaveShare, leave_shares
from regulation.limits import Limits
from regulation.relief import arrival_finding, whole_minutes
from regulation.values import value


class Depth(IntEnum):
    """How much a judgement says: of a month's thousands of duties nobody reads everything.

    ``VERDICT``: the verdict, its minutes and what is unclear. ``FINDINGS``: also the findings, the times away and the
    evidence ids. ``EXPLAINED``: also the lines that tell how it was decided. The verdict is the same at any depth.
    """

    VERDICT = 1
    FINDINGS = 2
    EXPLAINED = 3


@value
class Judgement:
    """The verdict on one duty and everything that decided it.

    ``minutes_late`` count from the start of the duty and ``minutes_early`` to its end, started minutes, as far as
    proven; who came by the start is not late, whatever the relief says. ``minutes_inside`` are whole minutes surely
    spent in the room. ``leave`` is the kind of leave that takes the whole duty; ``leave_shares`` what each kind takes
    of it. ``part`` is what this is of a whole duty. ``arrived_at`` and ``left_at`` are what the door saw.
    ``superseded`` is what the evidence said before ``correction_id`` was accepted.
    """

    duty_id: int
    person_id: int
    verdict: DutyVerdict
    limits_version: str
    part: Fraction = Fraction(1)
    leave: LeaveKind | None = None
    leave_shares: Sequence[LeaveShare] = ()
    unknown: tuple[UnknownReason, ...] = ()
    minutes_late: int = 0
    minutes_early: int = 0
    minutes_inside: int = 0
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    away: tuple[AwaySpell, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[str, ...] = ()
    lines: tuple[RuleLine, ...] = ()
    correction_id: int | None = None
    superseded: Judgement | None = None


@value
class _Beside:
    """What a judgement says beside the verdict."""

    minutes_inside: int = 0
    away: tuple[AwaySpell, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[str, ...] = ()


def judge(
    duty: JudgedDuty,
    evidence: Evidence,
    corrections: Collection[Correction],
    now: datetime,
    limits: Limits,
    depth: Depth = Depth.EXPLAINED,
) -> Judgement:
    """Return the verdict on ``duty`` as of ``now``.

    The roster comes first (a duty swapped away is someone else's), then leave, then a correction in force, then the
    evidence. Given the same evidence it is the same for ever once :func:`may_be_judged_at` has passed. It says as
    much as ``depth`` asks for.
    """
    if duty.state == SWAPPED:
        return _settled(duty, DutyVerdict.SWAPPED_OUT, limits, (swapped_line(),))
    expected = expected_of(duty, evidence, limits)
    if expected is None:
        return _on_leave(duty, limits)
    found = _by_evidence(duty, expected, evidence, now, limits, depth)
    own = [c for c in corrections if c.duty_id == duty.record.id]
    correction = standing_correction(own) if own else None
    if correction is None:
        return found
    believed = evidence_with(correction, evidence)
    corrected = _by_evidence(duty, expected, believed, now, limits, depth)
    if correction.verdict is not None:
        corrected = _with_verdict(corrected, correction.verdict, duty, expected, limits)
    said = correction_line(
        correction.proof, correction.decided_at or now, correction.reason, corrected.verdict
    )
    return replace(
        corrected,
        evidence=_unique((*corrected.evidence, correction.proof)),
        lines=(*corrected.lines, said),
        correction_id=correction.id,
        superseded=found,
    )


def _settled(
    duty: JudgedDuty, verdict: DutyVerdict, limits: Limits, lines: tuple[RuleLine, ...]
) -> Judgement:
    """Return a verdict that the roster alone decides: nothing at the door can change it."""
    record = duty.record
    shares = leave_shares(duty.leave, record.starts_at, record.ends_at)
    proof = (f"duty:{record.id}", *(p.evidence for p in duty.leave))
    return Judgement(
        record.id, record.person_id, verdict, limits.version, duty.part,
        leave_shares=shares, evidence=proof, lines=lines,
    )  # fmt: skip


def _on_leave(duty: JudgedDuty, limits: Limits) -> Judgement:
    settled = _settled(duty, DutyVerdict.ON_LEAVE, limits, tuple(leave_line(p) for p in duty.leave))
    longest = max(settled.leave_shares, key=lambda s: s.share)
    return replace(settled, leave=longest.kind)


def _by_evidence(
    duty: JudgedDuty,
    expected: Expected,
    evidence: Evidence,
    now: datetime,
    limits: Limits,
    depth: Depth,
) -> Judgement:
    record = duty.record
    facts = facts_of(duty, expected, evidence, limits)
    if now < expected.ends_at:  # whoever is outside now may still come back
        facts = replace(facts, departure=Fact(Timing.UNKNOWN))
    verdict, unknown = _verdict(facts, expected, now)
    arrival, departure = facts.arrival, facts.departure
    beside = _Beside()
    if depth > Depth.VERDICT:
        beside = _beside(duty, expected, evidence, facts, verdict, limits)
    return Judgement(
        record.id,
        record.person_id,
        verdict,
        limits.version,
        duty.part,
        leave_shares=leave_shares(duty.leave, record.starts_at, record.ends_at) if duty.leave else (),
        unknown=unknown,
        minutes_late=_minutes(expected.starts_at, arrival.at) if arrival.timing is Timing.LATE else 0,
        minutes_early=_minutes(departure.at, expected.ends_at) if departure.timing is Timing.EARLY else 0,
        minutes_inside=beside.minutes_inside,
        arrived_at=arrival.seen_at,
        left_at=departure.seen_at,
        away=beside.away,
        findings=beside.findings,
        evidence=beside.evidence,
        lines=_lines(duty, expected, facts, unknown) if depth is Depth.EXPLAINED else (),
    )


def _beside(
    duty: JudgedDuty,
    expected: Expected,
    evidence: Evidence,
    facts: Facts,
    verdict: DutyVerdict,
    limits: Limits,
) -> _Beside:
    spells = away_spells(facts.stays, expected)
    if verdict is DutyVerdict.ABSENT:
        findings: tuple[Finding, ...] = (_absence(duty, expected, limits),)
    else:
        findings = _findings(duty, expected, evidence, facts, spells, limits)
    return _Beside(minutes_inside(facts.stays, expected), spells, findings, _proof(duty, facts, spells))


_BY_ARRIVAL = {Timing.LATE: DutyVerdict.LATE, Timing.LATE_FOR_RELIEF: DutyVerdict.LATE_FOR_RELIEF}


# Late and early at once is "left early": the duty's end is what the relief and the users depend on (Art. 24). The
# minutes of both are given. What is unknown of either side leaves the whole duty unknown.
def _verdict(
    facts: Facts, expected: Expected, now: datetime
) -> tuple[DutyVerdict, tuple[UnknownReason, ...]]:
    if now < expected.ends_at:
        return DutyVerdict.UNKNOWN, (UnknownReason.NOT_OVER,)
    arrival, departure = facts.arrival, facts.departure
    reasons = () if arrival.reason is departure.reason is None else _reasons(arrival, departure)
    complete = now >= expected.complete_at
    if reasons or arrival.timing is Timing.NEVER_CAME:
        if not complete:  # a door that is cut off sends what it saw later
            return DutyVerdict.UNKNOWN, (UnknownReason.NOT_OVER, *reasons)
        return (DutyVerdict.UNKNOWN, reasons) if reasons else (DutyVerdict.ABSENT, ())
    if departure.timing is Timing.EARLY:
        return DutyVerdict.LEFT_EARLY, ()
    return _BY_ARRIVAL.get(arrival.timing, DutyVerdict.PRESENT), ()


def _reasons(*facts: Fact) -> tuple[UnknownReason, ...]:
    return tuple(dict.fromkeys(fact.reason for fact in facts if fact.reason is not None))


def _findings(
    duty: JudgedDuty,
    expected: Expected,
    evidence: Evidence,
    facts: Facts,
    spells: Sequence[AwaySpell],
    limits: Limits,
) -> tuple[Finding, ...]:
    """Return what the certain facts breach; an unknown fact breaches nothing, whatever the other one says."""
    record = duty.record
    found: list[Finding | None] = []
    arrival, departure = facts.arrival, facts.departure
    if arrival.at is not None and arrival.timing in (Timing.LATE, Timing.LATE_FOR_RELIEF):
        moved = expected.starts_at != record.starts_at
        bound = replace(record, starts_at=expected.starts_at) if moved else record
        late = arrival_finding(bound, arrival.at, limits)
        found.append(late and late.shown_by(*arrival.evidence))
    found += away_findings(record, spells, evidence.permits, limits)
    if departure.at is not None and departure.timing is Timing.EARLY and not record.bound_to_seat:
        early = _finding("duty_left_early", duty, departure.at, departure.evidence, limits)
        found.append(replace(early, details={"minutes": str(_minutes(departure.at, expected.ends_at))}))
    stays_on = any(follows_on(record, other, limits) for other in evidence.neighbours)
    if departure.timing is Timing.IN_TIME and not stays_on:
        found.append(unrelieved_exit(record, departure.at, limits))
    return tuple(f for f in found if f is not None)


def _absence(duty: JudgedDuty, expected: Expected, limits: Limits) -> Finding:
    return _finding("absent_without_leave", duty, expected.starts_at, (), limits)


def _finding(code: str, duty: JudgedDuty, at: datetime, proof: tuple[str, ...], limits: Limits) -> Finding:
    record = duty.record
    evidence = (f"duty:{record.id}", *proof)
    return Finding(code, at, record.person_id, record.id, evidence, limits.version)


def _minutes(begin: datetime | None, end: datetime | None) -> int:
    return whole_minutes(end - begin) if begin is not None and end is not None else 0


def _proof(duty: JudgedDuty, facts: Facts, spells: Iterable[AwaySpell]) -> tuple[str, ...]:
    """Return the ids of everything that decided: the duty, its leave, what shows arrival and departure, times away."""
    proofs = [f"duty:{duty.record.id}"]
    proofs += [p.evidence for p in duty.leave]
    proofs += facts.arrival.evidence
    proofs += facts.departure.evidence
    for spell in spells:
        proofs += spell.evidence
        if ":" in spell.excused_by:
            proofs.append(spell.excused_by)
    return _unique(proofs)


def _lines(
    duty: JudgedDuty, expected: Expected, facts: Facts, unknown: Iterable[UnknownReason]
) -> tuple[RuleLine, ...]:
    lines = [leave_line(p) for p in duty.leave]
    lines.append(arrival_line(facts.arrival, expected))
    if (went := departure_line(facts.departure, expected)) is not None:
        lines.append(went)
    return (*lines, *(unknown_line(reason) for reason in unknown))


# What a verdict that two people agreed on takes back of the findings on coming and going.
_TAKEN_BACK = {
    DutyVerdict.PRESENT: {"relief_late", "duty_late", "duty_left_early"},
    DutyVerdict.LATE_FOR_RELIEF: {"duty_late", "duty_left_early"},
    DutyVerdict.LATE: {"relief_late", "duty_left_early"},
    DutyVerdict.LEFT_EARLY: set[str](),
}


def _with_verdict(
    found: Judgement, verdict: DutyVerdict, duty: JudgedDuty, expected: Expected, limits: Limits
) -> Judgement:
    """Return ``found`` with the verdict of a correction; only the minutes and findings that fit it stay.

    Times away within the duty stay what the door saw, but an exit that is no early leaving is no breach.
    """
    early = verdict is DutyVerdict.LEFT_EARLY
    taken_back = _TAKEN_BACK.get(verdict, set()) | {"absent_without_leave"}
    findings = tuple(
        f for f in found.findings if f.code not in taken_back and (early or f.at != found.left_at)
    )
    if verdict is DutyVerdict.ABSENT:
        findings = (_absence(duty, expected, limits),)
    return replace(
        found,
        verdict=verdict,
        unknown=(),
        minutes_late=found.minutes_late if early or verdict is DutyVerdict.LATE else 0,
        minutes_early=found.minutes_early if early else 0,
        findings=findings,
        lines=tuple(line for line in found.lines if line.code != "unknown"),
    )


def _unique(proofs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(proofs))
