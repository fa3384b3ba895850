"""The recorded ways through a handover that would otherwise stand still (Art. 21 to 24).

A handover needs two leaders, and people fall ill, leave, or fight a fault. Each way is written down with its
article, its reason, who took it and when; a way never makes anyone sign both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from regulation.handover import Side
from regulation.limits import Limits
from regulation.marking import N_


class WayKind(StrEnum):
    """A recorded way, named for what is recorded."""

    NO_SHOW_INCOMING = "no_show_incoming"
    NO_SHOW_OUTGOING = "no_show_outgoing"
    STAND_IN = "stand_in"
    CLOSE_ALONE = "close_alone"
    COUNTER_SIGN = "counter_sign"
    HOLD = "hold"
    LIFT_HOLD = "lift_hold"
    OVERRIDE = "override"
    WITHDRAW_SIGN_OUT = "withdraw_sign_out"


WAY_NAMES: Mapping[WayKind, str] = {
    WayKind.NO_SHOW_INCOMING: N_("The relieving leader has not come"),
    WayKind.NO_SHOW_OUTGOING: N_("The outgoing leader is gone"),
    WayKind.STAND_IN: N_("Let someone stand in"),
    WayKind.CLOSE_ALONE: N_("Close the shift alone"),
    WayKind.COUNTER_SIGN: N_("Counter-sign the shift that was closed alone"),
    WayKind.HOLD: N_("Hold the handover"),
    WayKind.LIFT_HOLD: N_("Lift the hold"),
    WayKind.OVERRIDE: N_("Override as a higher leader"),
    WayKind.WITHDRAW_SIGN_OUT: N_("Withdraw the outgoing signature"),
}
WAY_ARTICLES: Mapping[WayKind, int] = {
    WayKind.NO_SHOW_INCOMING: 21,
    WayKind.NO_SHOW_OUTGOING: 24,
    WayKind.STAND_IN: 21,
    WayKind.CLOSE_ALONE: 21,
    WayKind.COUNTER_SIGN: 21,
    WayKind.HOLD: 11,
    WayKind.LIFT_HOLD: 11,
    WayKind.OVERRIDE: 23,
    WayKind.WITHDRAW_SIGN_OUT: 21,
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way and whether it is open now; ``why`` is a message that says so, with ``{name}`` fields."""

    kind: WayKind
    open: bool
    article: int
    why: str
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The way's name, a message."""
        return WAY_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class Situation:
    """How a handover stands, as far as the ways through it depend on it.

    ``relief_due_at`` is the start of the shift that follows (``None``: none does). ``outgoing_gone`` is what the
    door says: the outgoing leader came and is not inside any more.
    """

    ends_at: datetime
    relief_due_at: datetime | None = None
    started: bool = False
    signed_out: bool = False
    sealed: bool = False
    held: bool = False
    closed_alone: bool = False
    counter_signed: bool = False
    next_has_begun: bool = False
    outgoing_gone: bool = False
    no_shows: frozenset[Side] = frozenset()


def no_show_is_due(due_at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether a leader due at ``due_at`` counts as not having come (Art. 21): from ``no_show_after_minutes`` on."""
    return now >= due_at + limits.minutes("no_show_after_minutes")


def ways_through(situation: Situation, now: datetime, limits: Limits) -> tuple[Way, ...]:
    """Return every recorded way, each open or with what it waits for."""
    found = []
    for kind in WayKind:
        closed = _CLOSED[kind](situation, now, limits)
        why, details = closed or (N_("open"), {})
        found.append(Way(kind, closed is None, WAY_ARTICLES[kind], why, details))
    return tuple(found)


_Closed = tuple[str, dict[str, str]] | None

_SEALED = (N_("The log is sealed."), dict[str, str]())
_HELD = (N_("The handover is held."), dict[str, str]())
_NOT_STARTED = (N_("The handover has not begun."), dict[str, str]())
_NONE_FOLLOWS = (N_("No shift follows."), dict[str, str]())
_RECORDED = (N_("It is recorded already."), dict[str, str]())


def _too_early(limits: Limits) -> _Closed:
    minutes = str(limits["no_show_after_minutes"])
    return N_("Only {minutes} min after the shift changed."), {"minutes": minutes}


def _no_show_incoming(at: Situation, now: datetime, limits: Limits) -> _Closed:
    if at.sealed or at.held:
        return _SEALED if at.sealed else _HELD
    if at.relief_due_at is None:
        return _NONE_FOLLOWS
    if Side.INCOMING in at.no_shows:
        return _RECORDED
    return None if no_show_is_due(at.relief_due_at, now, limits) else _too_early(limits)


def _no_show_outgoing(at: Situation, now: datetime, limits: Limits) -> _Closed:
    if at.sealed or at.held:
        return _SEALED if at.sealed else _HELD
    if at.signed_out:
        return N_("The outgoing side has signed."), {}
    if Side.OUTGOING in at.no_shows:
        return _RECORDED
    # Art. 24: whoever has left by the door before the relief signed is gone, whatever the clock says.
    if at.outgoing_gone or no_show_is_due(at.ends_at, now, limits):
        return None
    return _too_early(limits)


def _stand_in(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    return _SEALED if at.sealed and (not at.closed_alone or at.counter_signed) else None


def _close_alone(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    if at.sealed:
        return _SEALED
    if at.relief_due_at is not None:
        return N_("A shift follows; it takes over."), {}
    if not at.started:
        return _NOT_STARTED
    return _HELD if at.held else None


def _counter_sign(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    if not at.closed_alone:
        return N_("The shift was not closed alone."), {}
    if at.counter_signed:
        return _RECORDED
    return None if at.next_has_begun else (N_("The next shift has not begun."), {})


def _hold(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    if at.sealed:
        return _SEALED
    return _HELD if at.held else None


def _lift_hold(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    return None if at.held else (N_("Nothing is held."), {})


def _override(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    if at.sealed:
        return None if at.closed_alone and not at.counter_signed else _SEALED
    return None if at.started else _NOT_STARTED


def _withdraw_sign_out(at: Situation, _now: datetime, _limits: Limits) -> _Closed:
    if at.sealed:
        return _SEALED
    return None if at.signed_out else (N_("The outgoing side has not signed."), {})


_CLOSED: Mapping[WayKind, Callable[[Situation, datetime, Limits], _Closed]] = {
    WayKind.NO_SHOW_INCOMING: _no_show_incoming,
    WayKind.NO_SHOW_OUTGOING: _no_show_outgoing,
    WayKind.STAND_IN: _stand_in,
    WayKind.CLOSE_ALONE: _close_alone,
    WayKind.COUNTER_SIGN: _counter_sign,
    WayKind.HOLD: _hold,
    WayKind.LIFT_HOLD: _lift_hold,
    WayKind.OVERRIDE: _override,
    WayKind.WITHDRAW_SIGN_OUT: _withdraw_sign_out,
}
