"""The kinds of leave (Art. 35-37), and a stretch of one within a duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from regulation.marking import N_


class LeaveKind(StrEnum):
    """What leave is for; the value is what the data stores."""

    SICK = "sick"
    PERSONAL = "personal"
    MARRIAGE = "marriage"
    MATERNITY = "maternity"
    FAMILY_VISIT = "family_visit"
    ANNUAL = "annual"
    BEREAVEMENT = "bereavement"
    PUBLIC_HOLIDAY = "public_holiday"
    COMPENSATORY = "compensatory"


LEAVE_NAMES: dict[LeaveKind, str] = {
    LeaveKind.SICK: N_("sick leave"),
    LeaveKind.PERSONAL: N_("personal leave"),
    LeaveKind.MARRIAGE: N_("marriage leave"),
    LeaveKind.MATERNITY: N_("maternity leave"),
    LeaveKind.FAMILY_VISIT: N_("family-visit leave"),
    LeaveKind.ANNUAL: N_("annual leave"),
    LeaveKind.BEREAVEMENT: N_("bereavement leave"),
    LeaveKind.PUBLIC_HOLIDAY: N_("public holiday"),
    LeaveKind.COMPENSATORY: N_("compensatory leave"),
}

# Art. 34: what a person is entitled to be off is not due; everything else that was missed is.
NOT_DUE = frozenset({LeaveKind.PUBLIC_HOLIDAY, LeaveKind.ANNUAL, LeaveKind.COMPENSATORY})


@dataclass(frozen=True, slots=True)
class LeavePiece:
    """Accepted leave within one duty: from ``from_at`` up to, not including, ``until_at`` (aware UTC)."""

    id: int
    kind: LeaveKind
    from_at: datetime
    until_at: datetime

    @property
    def evidence(self) -> str:
        """The id that leads to it."""
        return f"leave:{self.id}"


@dataclass(frozen=True, slots=True)
class LeaveShare:
    """What part of a duty leave of one kind takes; halves are exactly one half."""

    kind: LeaveKind
    share: Fraction


def middle(starts_at: datetime, ends_at: datetime) -> datetime:
    """Return the instant that divides a duty into its two halves: equal in length, also over a DST change."""
    return starts_at + (ends_at - starts_at) / 2


def share_of(from_at: datetime, until_at: datetime, starts_at: datetime, ends_at: datetime) -> Fraction:
    """Return what part of ``[starts_at, ends_at)`` the stretch takes, exactly; outside it, nothing."""
    begin, end = max(from_at, starts_at), min(until_at, ends_at)
    if begin >= end:
        return Fraction(0)
    return Fraction(_microseconds(begin, end), _microseconds(starts_at, ends_at))


def leave_shares(
    pieces: Iterable[LeavePiece], starts_at: datetime, ends_at: datetime
) -> Sequence[LeaveShare]:
    """Return what each kind takes of a duty, in order of time; where two overlap, the earlier accepted id counts."""
    shares: dict[LeaveKind, Fraction] = {}
    taken: list[LeavePiece] = []
    for piece in sorted(pieces, key=lambda p: p.id):
        for from_at, until_at in _free_of(piece, taken):
            share = share_of(from_at, until_at, starts_at, ends_at)
            if share:
                shares[piece.kind] = shares.get(piece.kind, Fraction(0)) + share
        taken.append(piece)
    return tuple(LeaveShare(kind, share) for kind, share in sorted(shares.items()))


def _free_of(piece: LeavePiece, taken: Iterable[LeavePiece]) -> list[tuple[datetime, datetime]]:
    """The stretches of ``piece`` that no piece of ``taken`` covers."""
    free = [(piece.from_at, piece.until_at)]
    for other in taken:
        cut = []
        for begin, end in free:
            cut += [(begin, min(end, other.from_at)), (max(begin, other.until_at), end)]
        free = [(begin, end) for begin, end in cut if begin < end]
    return free


def _microseconds(begin: datetime, end: datetime) -> int:
    length = end - begin
    return (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds
