"""A breach that is reported at the door (Art. 4): chosen by a number, with a work number and a few words beside it.

The report travels as an event of the door's chain, so that it is kept once, also while the centre is away. The event
carries the kind as its reason, and what was typed among its evidence; it says nothing of who stood there, unless that
one wanted it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from regulation.limits import Limits
from regulation.register_table import BREACH

REPORTED = "note.breach"
"""The code of a door event that is a report, and nobody's passage."""

KINDS = (
    "seat_left",
    "dress",
    "order",
    "private_call",
    "line_locked",
    "equipment",
    "stranger",
    "attendance",
    "other",
)
"""What the door offers, by the keys 1 to 9: what can be seen there, and something else. Kinds of the breach register."""

UNNAMED_WITHIN: Final = timedelta(hours=1)
"""The time in which a door's reports without a name are counted."""

LONGEST_NUMBER = 16
LONGEST_NOTE = 80
_NUMBER, _NOTE = "reported:", "note:"


@dataclass(frozen=True, slots=True)
class DoorReport:
    """What somebody reported at the door. Never part of a trace: it may be about whoever reads it."""

    kind: str
    number: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


def takes_no_more(earlier: Iterable[datetime], at: datetime, limits: Limits) -> bool:
    """Whether a door takes no further report without a name at ``at``, after those it took ``earlier`` (Art. 4).

    A badge's report is always taken: whoever signs floods nothing unseen.
    """
    # No more than the house's number within any hour; what a clock that was set back calls later does not count.
    counted = sum(timedelta(0) <= at - one < UNNAMED_WITHIN for one in earlier)
    return counted >= limits["unnamed_reports_an_hour"]


def kind_label(kind: str) -> str:
    """Return the message that names a kind."""
    known = BREACH.field_named("kind")
    assert known is not None
    return next((choice.label for choice in known.choices if choice.key == kind), kind)


def report_evidence(report: DoorReport) -> tuple[str, ...]:
    """Return what was typed, as an event carries it."""
    typed = ((_NUMBER, _plain(report.number, LONGEST_NUMBER)), (_NOTE, _plain(report.note, LONGEST_NOTE)))
    return tuple(f"{name}{text}" for name, text in typed if text)


def report_of(reason: str, evidence: Sequence[str]) -> DoorReport:
    """Return the report that an event carries; a kind that is no longer offered counts as something else."""
    said = {_NUMBER: "", _NOTE: ""}
    for proof in evidence:
        for name in said:
            if proof.startswith(name):
                said[name] = proof.removeprefix(name)
    return DoorReport(reason if reason in KINDS else "other", said[_NUMBER], said[_NOTE])


def _plain(text: str, most: int) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:most].strip()
