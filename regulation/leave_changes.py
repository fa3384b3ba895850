"""Changing leave that was asked or accepted (Art. 35): withdraw it, give some of it back, or take more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from regulation.findings import Refusal
from regulation.leave import CoveredDuty, RosteredDuty
from regulation.marking import N_


class LeaveState(StrEnum):
    """What became of a request; the value is what the data stores."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LEAVE_STATE_NAMES: dict[LeaveState, str] = {
    LeaveState.ASKED: N_("waiting for a decision"),
    LeaveState.ACCEPTED: N_("in effect"),
    LeaveState.REFUSED: N_("not approved"),
    LeaveState.WITHDRAWN: N_("withdrawn"),
}


def withdrawal_refusal(state: LeaveState, covered: Sequence[CoveredDuty], now: datetime) -> Refusal | None:
    """Return why leave may not be withdrawn whole, or ``None``: accepted leave only until it begins.

    A request that nobody decided may be withdrawn at any time.
    """
    if state is LeaveState.ASKED:
        return None
    if state is not LeaveState.ACCEPTED:
        return _closed()
    if any(piece.from_at <= now for piece in covered):
        return Refusal(
            35,
            "leave.begun",
            N_("This leave has begun"),
            N_("Give back the duties that are still to come instead."),
        )
    return None


def shortening_refusal(
    state: LeaveState, covered: Sequence[CoveredDuty], kept: Iterable[CoveredDuty], now: datetime
) -> Refusal | None:
    """Return why leave may not be cut down to ``kept``, or ``None``.

    Only whole pieces that have not begun are given back: what has begun was taken. It needs no approval, because more
    people are on duty than before; the leaders are told.
    """
    if state not in (LeaveState.ASKED, LeaveState.ACCEPTED):
        return _closed()
    keeping = set(kept)
    given_back = [piece for piece in covered if piece not in keeping]
    if not keeping or not keeping <= set(covered) or not given_back:
        return Refusal(
            35,
            "leave.not_shorter",
            N_("That is not less of the same leave"),
            N_("Keep some of its duties; to give all back, withdraw it."),
        )
    if any(piece.from_at <= now for piece in given_back):
        return Refusal(
            35,
            "leave.taken",
            N_("A duty that has begun is no longer given back"),
            N_("Give back only duties still to come."),
        )
    return None


def extension_refusal(
    state: LeaveState,
    covered: Sequence[CoveredDuty],
    added: Sequence[CoveredDuty],
    rostered: Iterable[RosteredDuty],
) -> Refusal | None:
    """Return why ``added`` is no extension of the leave, or ``None``: it follows at once, no duty in between.

    Whether it may be asked is for :func:`regulation.leave.may_ask`, which counts both together (Art. 36, 37).
    """
    if state not in (LeaveState.ASKED, LeaveState.ACCEPTED):
        return _closed()
    apart = Refusal(
        35,
        "leave.apart",
        N_("That does not follow this leave at once"),
        N_("Ask for it as leave of its own."),
    )
    if not added or not covered or added[0].from_at < covered[-1].until_at:
        return apart
    between = [
        duty
        for duty in rostered
        if covered[-1].until_at < duty.ends_at and duty.starts_at < added[0].from_at
        if duty.starts_at not in (covered[-1].duty.starts_at, added[0].duty.starts_at)
    ]
    worked_first = added[0].from_at > added[0].duty.starts_at and added[0].duty != covered[-1].duty
    worked_last = covered[-1].until_at < covered[-1].duty.ends_at and added[0].duty != covered[-1].duty
    return apart if between or worked_first or worked_last else None


def _closed() -> Refusal:
    return Refusal(
        35,
        "leave.closed",
        N_("This leave was refused or withdrawn"),
        N_("Ask for it anew."),
    )
