"""The lines that say why a verdict is what it is (Art. 33), for the screen and the paper beside the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from regulation.attendance_facts import Expected, Fact, Timing
from regulation.duty_verdicts import UNKNOWN_NAMES, VERDICT_NAMES, DutyVerdict, UnknownReason
from regulation.leave_kinds import LEAVE_NAMES, LeavePiece
from regulation.marking import N_
from regulation.relief import whole_minutes


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One reason: a message with ``{name}`` fields, the article behind it, and where to look.

    The fields are filled from ``instants`` (aware UTC, to be shown in the centre's time) and ``details`` (values that
    are messages themselves are translated).
    """

    article: int
    code: str
    text: str
    instants: Mapping[str, datetime] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


_ARRIVED = {
    Timing.IN_TIME: N_("Came at {at}, in time: due by {due}"),
    Timing.LATE_FOR_RELIEF: N_(
        "Came at {at}, by the start, but {minutes} min after {due} when the relief is due"
    ),
    Timing.LATE: N_("Came at {at}, {minutes} min after the start at {start}"),
    Timing.NEVER_CAME: N_("Nothing shows them in the room between {start} and {end}"),
    Timing.UNKNOWN: N_("When they came cannot be said: due by {due}"),
}
_LEFT = {
    Timing.IN_TIME: N_("Left at {at}, not before {end} when they were free to go"),
    Timing.EARLY: N_("Gone from {at}, {minutes} min before the end at {end}"),
    Timing.UNKNOWN: N_("When they left cannot be said: free to go at {end}"),
}
_STAYED = N_("The exit was not seen, but a signature shows them there at {end} when they were free to go")


def swapped_line() -> RuleLine:
    """Return the reason for a duty that was swapped away (Art. 38)."""
    return RuleLine(38, "swapped", N_("The duty was swapped: it is someone else's"))


def leave_line(piece: LeavePiece) -> RuleLine:
    """Return the reason for leave within a duty (Art. 35)."""
    return RuleLine(
        35,
        "leave",
        N_("On leave from {from} to {until}: {kind}"),
        {"from": piece.from_at, "until": piece.until_at},
        {"kind": LEAVE_NAMES[piece.kind]},
        (piece.evidence,),
    )


def arrival_line(fact: Fact, expected: Expected) -> RuleLine:
    """Return how the arrival was read (Art. 21); an unknown entry names no time."""
    instants = {"due": expected.due_at, "start": expected.starts_at, "end": expected.ends_at}
    details = {}
    if fact.at is not None:
        instants["at"] = fact.at
        late_since = expected.starts_at if fact.timing is Timing.LATE else expected.due_at
        if fact.at > late_since:
            details["minutes"] = str(whole_minutes(fact.at - late_since))
    return RuleLine(21, "arrival", _ARRIVED[fact.timing], instants, details, fact.evidence)


def departure_line(fact: Fact, expected: Expected) -> RuleLine | None:
    """Return how the departure was read (Art. 24); ``None`` where nobody came."""
    if fact.timing is Timing.NEVER_CAME:
        return None
    if fact.timing is Timing.IN_TIME and fact.at is None:
        return RuleLine(24, "departure", _STAYED, {"end": expected.ends_at}, {}, fact.evidence)
    instants, details = {"end": expected.ends_at}, {}
    if fact.at is not None:
        instants["at"] = fact.at
    if fact.at is not None and fact.timing is Timing.EARLY:
        details["minutes"] = str(whole_minutes(expected.ends_at - fact.at))
    return RuleLine(24, "departure", _LEFT[fact.timing], instants, details, fact.evidence)


def unknown_line(reason: UnknownReason) -> RuleLine:
    """Return why there is no verdict (Art. 33)."""
    return RuleLine(33, "unknown", N_("Not clear: {why}"), {}, {"why": UNKNOWN_NAMES[reason]})


def correction_line(proof: str, decided_at: datetime, reason: str, verdict: DutyVerdict) -> RuleLine:
    """Return what a correction in force did (Art. 33): two people agreed on it at ``decided_at``."""
    return RuleLine(
        33,
        "correction",
        N_("Corrected at {at} to “{verdict}”: {reason}"),
        {"at": decided_at},
        {"verdict": VERDICT_NAMES[verdict], "reason": reason},
        (proof,),
    )
