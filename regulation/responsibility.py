"""Who answers for a problem found after a handover (Art. 25), from the sealed record.

What was not handed over is the outgoing side's fault (漏交), what was handed over but missed is the incoming
side's (漏接). Where the record shows neither, nobody is blamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.marking import N_


class Verdict(StrEnum):
    """Whose fault a problem is."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    UNDETERMINED = "undetermined"


VERDICT_NAMES: dict[Verdict, str] = {
    Verdict.INCOMING: N_("handed over but missed: the incoming side"),
    Verdict.OUTGOING: N_("known but not handed over: the outgoing side"),
    Verdict.UNDETERMINED: N_("undetermined"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing on the record about the problem.

    ``id`` leads to it (``entry:12``, ``door:main-7``, ``sealed:item-2``); ``known_at`` is since when the outgoing
    side knew. ``listed`` says that it stands in the sealed section, which was read together and signed.
    """

    id: str
    known_at: datetime
    listed: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict and the evidence that carries it, oldest first."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


def who_answers(evidence: Iterable[Evidence], cutoff_at: datetime) -> Answer:
    """Return who answers for a problem (Art. 25).

    What stands on the signed list up to and including the cut-off was handed over: the freeze at that instant
    closed over it. What is not on the list counts as known only from strictly before it: whatever comes at the
    cut-off or later belongs to the next shift.
    """
    found = sorted(evidence, key=lambda piece: (piece.known_at, piece.id))
    listed = tuple(piece for piece in found if piece.listed and piece.known_at <= cutoff_at)
    if listed:
        return Answer(Verdict.INCOMING, listed)
    known = tuple(piece for piece in found if not piece.listed and piece.known_at < cutoff_at)
    if known:
        return Answer(Verdict.OUTGOING, known)
    return Answer(Verdict.UNDETERMINED, tuple(found))
