"""A night duty and what the witnesses say of it. Tests give the passes and change one thing.

Times are minutes from the start of the duty: it is relieved exactly at its end unless the test says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from regulation.attendance import Depth, Judgement, judge
from regulation.attendance_evidence import Evidence, JudgedDuty, Outage, Pass, Signature
from regulation.corrections import Correction
from regulation.leave_kinds import LeaveKind, LeavePiece
from regulation.limits import DEFAULT_LIMITS, Limits
from regulation.records import Direction, DutyRecord, PermitRecord
from tests.regulation.room import ENDS, OPERATOR, SECOND, STARTS, duty

LENGTH = 480
AFTERWARDS = ENDS + timedelta(days=2)

# Ten minutes early and out five minutes after the end: a duty as it should be.
PROPER = (-20, LENGTH + 5)


def minute(offset: float) -> datetime:
    """The instant ``offset`` minutes from the start of the duty, to the second."""
    return STARTS + round(offset * 60) * SECOND


def turns(*offsets: float, first: Direction = Direction.IN) -> tuple[Pass, ...]:
    """Passes by turns in and out, as one door records them."""
    directions = (Direction.IN, Direction.OUT) if first is Direction.IN else (Direction.OUT, Direction.IN)
    return tuple(
        Pass(f"door:main-{n}", minute(offset), directions[(n - 1) % 2]) for n, offset in enumerate(offsets, 1)
    )


def seen(number: int, offset: float, direction: Direction, **marks: bool) -> Pass:
    """One pass with what is special about it."""
    return Pass(f"door:main-{number}", minute(offset), direction, **marks)


def signed(*offsets: float) -> tuple[Signature, ...]:
    """Signatures of the person's own, such as taking over."""
    return tuple(Signature(f"signature:{n}", minute(offset)) for n, offset in enumerate(offsets, 1))


def outage(begin: float, end: float | None) -> Outage:
    """The door was out of service between two minutes."""
    return Outage("main", minute(begin), minute(end) if end is not None else None)


def permit(begin: float, end: float, number: int = 8) -> PermitRecord:
    """Leave to be away from the seat."""
    return PermitRecord(number, OPERATOR, OPERATOR, minute(begin), minute(end))


def leave(begin: float, end: float, kind: LeaveKind = LeaveKind.PERSONAL, number: int = 5) -> LeavePiece:
    """Accepted leave within the duty."""
    return LeavePiece(number, kind, minute(begin), minute(end))


def night(**changes: Any) -> DutyRecord:
    """The duty: relieved exactly at its end."""
    return duty(**{"relieved_at": ENDS, **changes})


def judged(
    passes: Iterable[Pass] = (),
    *,
    now: datetime = AFTERWARDS,
    limits: Limits = DEFAULT_LIMITS,
    corrections: Collection[Correction] = (),
    depth: Depth = Depth.EXPLAINED,
    leave: tuple[LeavePiece, ...] = (),
    state: str = "due",
    part: Fraction = Fraction(1),
    seat_relief: str = "",
    after_leave: bool = False,
    evidence: Evidence | None = None,
    **changes: Any,
) -> Judgement:
    """The judgement of the night; witnesses beside the door (``signatures``, ``permits`` …) are among the changes."""
    beside = {
        name: changes.pop(name)
        for name in ("signatures", "permits", "outages", "neighbours")
        if name in changes
    }
    said = replace(evidence or Evidence(), passes=tuple(passes), **beside)
    record = night(**changes)
    return judge(
        JudgedDuty(
            record, state=state, part=part, seat_relief=seat_relief, leave=leave, after_leave=after_leave
        ),
        said,
        corrections,
        now,
        limits,
        depth,
    )


def codes(judgement: Judgement) -> list[str]:
    """The codes of a judgement's findings."""
    return [finding.code for finding in judgement.findings]
