"""Corrections of attendance (Art. 33): asked with a reason, approved by someone else, and added, never written over.

What the evidence said and every correction of it stay visible for ever; the one that was approved last counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from regulation.attendance_evidence import Evidence, Outage, Pass
from regulation.duty_verdicts import CORRECTABLE, DutyVerdict
from regulation.findings import Refusal
from regulation.limits import Limits
from regulation.marking import N_
from regulation.records import Direction, DutyRecord


class CorrectionState(StrEnum):
    """What became of a request; the value is what the data stores."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_NAMES: dict[CorrectionState, str] = {
    CorrectionState.REQUESTED: N_("waiting for a decision"),
    CorrectionState.APPROVED: N_("approved"),
    CorrectionState.REFUSED: N_("not approved"),
    CorrectionState.WITHDRAWN: N_("withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of one duty's attendance: when the person came, when they left, or the verdict itself.

    ``proofs`` lead to what shows it (``door:main-12``, ``entry:4``, or a paper's number). ``asked_by`` and
    ``decided_by`` are person ids.
    """

    id: int
    duty_id: int
    person_id: int
    asked_by: int
    asked_at: datetime
    reason: str
    proofs: tuple[str, ...] = ()
    came_at: datetime | None = None
    left_at: datetime | None = None
    verdict: DutyVerdict | None = None
    state: CorrectionState = CorrectionState.REQUESTED
    decided_by: int | None = None
    decided_at: datetime | None = None

    @property
    def proof(self) -> str:
        """The id that leads to it."""
        return f"correction:{self.id}"


# Art. 33: nothing is falsified: a correction has a reason and something to show for it, and says what really was.
def request_refusal(correction: Correction, duty: DutyRecord, limits: Limits) -> Refusal | None:
    """Return why a correction of ``duty`` may not be asked as it stands, or ``None`` when it may."""
    if correction.asked_at < duty.ends_at:
        return _refusal(
            "duty_not_over", N_("The duty is not over yet"), N_("Wait for its end, then ask again.")
        )
    if not correction.reason.strip():
        return _refusal(
            "no_reason", N_("A correction needs a reason"), N_("Write what happened and how you know.")
        )
    if not any(proof.strip() for proof in correction.proofs):
        return _refusal(
            "no_proof",
            N_("A correction needs something that shows it"),
            N_("Name a door event, a log entry, a signature or a paper."),
        )
    if correction.came_at is None and correction.left_at is None and correction.verdict is None:
        return _refusal(
            "says_nothing",
            N_("The correction says nothing"),
            N_("Give when they came, when they left, or the verdict."),
        )
    return _times_refusal(correction, duty, limits) or _verdict_refusal(correction)


# Art. 33: another person approves: neither who asked nor whose duty it is.
def approval_refusal(correction: Correction, decided_by: int) -> Refusal | None:
    """Return why ``decided_by`` (a person id) may not decide the correction, or ``None``.

    Whether their role may decide at all is a matter of permissions.
    """
    if correction.state is not CorrectionState.REQUESTED:
        return _refusal(
            "decided", N_("This correction was decided before"), N_("Ask for a new one if it is still wrong.")
        )
    if decided_by in (correction.asked_by, correction.person_id):
        return _refusal("own", N_("Nobody approves their own correction"), N_("Another leader decides it."))
    return None


def standing_correction(corrections: Iterable[Correction]) -> Correction | None:
    """Return the correction in force among those of one duty: the approved one that was decided last."""
    approved = [c for c in corrections if c.state is CorrectionState.APPROVED and c.decided_at is not None]
    return max(approved, key=lambda c: (c.decided_at, c.id), default=None)


def evidence_with(correction: Correction, evidence: Evidence) -> Evidence:
    """Return ``evidence`` as the correction has it: its times in place of what the door saw before or after them.

    What lies between them stays. A doubt about the door's service is settled where the correction gives the time.
    """
    came, left = correction.came_at, correction.left_at
    added = [
        Pass(correction.proof, at, direction)
        for at, direction in ((came, Direction.IN), (left, Direction.OUT))
        if at is not None
    ]
    kept = [p for p in evidence.passes if _between(p.at, came, left)]
    signatures = tuple(s for s in evidence.signatures if _between(s.at, came, left))
    outages = tuple(
        cut for outage in evidence.outages if (cut := _outage_between(outage, came, left)) is not None
    )
    return replace(evidence, passes=(*kept, *added), signatures=signatures, outages=outages)


def _between(at: datetime, came: datetime | None, left: datetime | None) -> bool:
    return (came is None or at > came) and (left is None or at < left)


def _outage_between(outage: Outage, came: datetime | None, left: datetime | None) -> Outage | None:
    begin = outage.from_at if came is None else max(outage.from_at, came)
    end = outage.until_at
    if left is not None:
        end = left if end is None else min(end, left)
    return None if end is not None and begin >= end else replace(outage, from_at=begin, until_at=end)


def _times_refusal(correction: Correction, duty: DutyRecord, limits: Limits) -> Refusal | None:
    opens_at = duty.starts_at - limits.minutes("arrival_window_minutes")
    closes_at = duty.ends_at + limits.minutes("relief_lookback_minutes")
    came, left = correction.came_at, correction.left_at
    for at in (came, left):
        if at is not None and not opens_at <= at <= min(closes_at, correction.asked_at):
            return _refusal(
                "outside",
                N_("That time does not belong to this duty, or is still to come"),
                N_("Give a time within the duty, or a little before or after it."),
            )
    if came is not None and (came >= duty.ends_at or (left is not None and left <= came)):
        return _refusal(
            "order", N_("They cannot have left before they came"), N_("Check both times of the correction.")
        )
    return None


def _verdict_refusal(correction: Correction) -> Refusal | None:
    if correction.verdict is None or correction.verdict in CORRECTABLE:
        return None
    return _refusal(
        "not_correctable",
        N_("Leave and swaps are not entered as corrections"),
        N_("Ask for the leave or the swap itself (Art. 35, 38)."),
    )


def _refusal(code: str, text: str, next_step: str) -> Refusal:
    return Refusal(33, f"correction.{code}", text, next_step)
