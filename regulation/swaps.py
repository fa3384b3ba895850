"""Swaps and stand-ins (Art. 38): asked beforehand, agreed by everyone in them, consented to by a leader.

A swap is one or more legs: a duty, or a part of one, that goes from its holder to a taker. One leg alone is a
stand-in, two are an exchange, more are a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from regulation.findings import Blocker
from regulation.marking import N_

ARTICLE = 38


class SwapState(StrEnum):
    """What became of a request; the value is what the data stores."""

    ASKED = "asked"
    AGREED = "agreed"
    CONSENTED = "consented"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN_STATES = frozenset({SwapState.ASKED, SwapState.AGREED})


@dataclass(frozen=True, slots=True)
class Leg:
    """A duty that goes from ``giver_id`` to ``taker_id`` for the hours from ``from_at`` to ``until_at``."""

    duty_id: int
    giver_id: int
    taker_id: int
    starts_at: datetime
    ends_at: datetime
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a duty after a swap, with whoever holds it then."""

    person_id: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class SwapRecord:
    """A request as the rules see it.

    ``acted`` are those who asked or agreed for somebody else. ``leaders`` are the leaders of the teams and shifts
    concerned and everyone above them; ``begins_at`` is when the first duty in it begins.
    """

    id: int
    state: SwapState
    begins_at: datetime
    parties: frozenset[int]
    agreed: frozenset[int]
    acted: frozenset[int] = frozenset()
    leaders: frozenset[int] = frozenset()

    @property
    def deciders(self) -> frozenset[int]:
        """Who may consent: nobody decides on what they are part of, or have asked or agreed for another."""
        return self.leaders - self.parties - self.acted

    def blocked(self, code: str, text: str) -> Blocker:
        """Return a blocker about this swap."""
        return Blocker(ARTICLE, code, f"swap:{self.id}", text)


@dataclass(frozen=True, slots=True)
class LedSpan:
    """A duty that leads a shift, as one person would hold it; ``shift`` names the shift and its day."""

    shift: tuple[object, ...]
    starts_at: datetime
    ends_at: datetime


def begins_at(legs: Iterable[Leg]) -> datetime:
    """Return when the first of the duties begins, whichever part of it goes."""
    return min(leg.starts_at for leg in legs)


def may_ask(begins: datetime, now: datetime) -> Blocker | None:
    """Return why nothing may be asked for any more (Art. 38: beforehand), or ``None``."""
    if now >= begins:
        return Blocker(
            ARTICLE, "swap_too_late", "swap", N_("A swap is settled before the first duty in it begins")
        )
    return None


def may_agree(swap: SwapRecord, person_id: int, now: datetime) -> Blocker | None:
    """Return why ``person_id`` has nothing to agree to, or ``None``."""
    if swap.state is not SwapState.ASKED:
        return swap.blocked("swap_decided", N_("This request does not wait for agreement any more"))
    if person_id not in swap.parties:
        return swap.blocked("swap_of_others", N_("Only those whose duties are swapped agree to it"))
    if person_id in swap.agreed:
        return swap.blocked("swap_agreed", N_("This side has agreed already"))
    return may_ask(swap.begins_at, now)


def may_act_for(swap_parties: Iterable[int], actor_id: int) -> Blocker | None:
    """Return why a leader may not speak for someone absent: whoever is part of a swap speaks for nobody else."""
    if actor_id in set(swap_parties):
        return Blocker(
            ARTICLE, "own_swap", f"person:{actor_id}", N_("Whoever is part of a swap speaks for nobody else")
        )
    return None


def may_consent(swap: SwapRecord, person_id: int, now: datetime) -> Blocker | None:
    """Return why ``person_id`` may not consent, or ``None``: a leader, asked beforehand, about others (Art. 38)."""
    if swap.state is not SwapState.AGREED:
        return swap.blocked("swap_not_agreed", N_("A leader consents once both sides have agreed, and once"))
    return _decides(swap, person_id) or may_ask(swap.begins_at, now)


def may_refuse(swap: SwapRecord, person_id: int, now: datetime) -> Blocker | None:
    """Return why ``person_id`` may not refuse, or ``None``: those in it may, and the leaders who decide."""
    if swap.state not in OPEN_STATES:
        return swap.blocked("swap_decided", N_("This request is settled already"))
    if person_id in swap.parties:
        return may_ask(swap.begins_at, now)
    return _decides(swap, person_id) or may_ask(swap.begins_at, now)


def may_withdraw(swap: SwapRecord, person_id: int, now: datetime) -> Blocker | None:
    """Return why ``person_id`` may not withdraw it, or ``None``: until the first duty in it begins."""
    if swap.state not in OPEN_STATES | {SwapState.CONSENTED}:
        return swap.blocked("swap_decided", N_("This request is settled already"))
    if person_id not in swap.parties | swap.acted | swap.leaders:
        return swap.blocked("swap_of_others", N_("Only those in it and their leaders withdraw a swap"))
    if now >= swap.begins_at:
        return swap.blocked("swap_begun", N_("A swap is withdrawn until the first duty in it begins"))
    return None


def _decides(swap: SwapRecord, person_id: int) -> Blocker | None:
    if person_id in swap.parties | swap.acted:
        return swap.blocked("own_swap", N_("Nobody decides on a swap they are part of or asked for"))
    if person_id not in swap.leaders:
        return swap.blocked(
            "not_their_leader", N_("The leader of the team or the shift decides, or a higher one")
        )
    return None


# --- parts of a duty ----------------------------------------------------------------------------------------


def half_of(starts_at: datetime, ends_at: datetime) -> datetime:
    """Return the full minute in the middle of a duty."""
    minutes = int((ends_at - starts_at) / timedelta(minutes=1)) // 2
    return starts_at + timedelta(minutes=minutes)


def pieces_of(legs: Sequence[Leg]) -> tuple[Piece, ...]:
    """Return who holds which hours of one duty after ``legs``, all of that duty: what is not given stays."""
    pieces: list[Piece] = []
    first = legs[0]
    at = first.starts_at
    for leg in sorted(legs, key=lambda leg: leg.from_at):
        if leg.from_at > at:
            pieces.append(Piece(first.giver_id, at, leg.from_at))
        pieces.append(Piece(leg.taker_id, leg.from_at, leg.until_at))
        at = leg.until_at
    if at < first.ends_at:
        pieces.append(Piece(first.giver_id, at, first.ends_at))
    return tuple(pieces)


def cut_well(legs: Sequence[Leg], shortest: timedelta) -> Blocker | None:
    """Return why a duty cannot be cut like this, or ``None``; ``legs`` are all of that duty.

    Every part lies within the duty, no two overlap, and no piece is shorter than ``shortest``.
    """
    subject = f"duty:{legs[0].duty_id}"
    ordered = sorted(legs, key=lambda leg: leg.from_at)
    inside = all(leg.starts_at <= leg.from_at < leg.until_at <= leg.ends_at for leg in legs)
    if not inside:
        return Blocker(ARTICLE, "part_outside", subject, N_("The part does not lie within the duty"))
    if any(after.from_at < before.until_at for before, after in pairwise(ordered)):
        return Blocker(ARTICLE, "parts_overlap", subject, N_("Two people cannot take the same hours"))
    if any(piece.until_at - piece.from_at < shortest for piece in pieces_of(legs)):
        details = {"minutes": str(int(shortest / timedelta(minutes=1)))}
        text = N_("Every part lasts at least {minutes} min")
        return Blocker(ARTICLE, "part_too_short", subject, text, details)
    return None


def overlaps_itself(spans: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether one of a person's duties begins before another has ended."""
    return any(after[0] < before[1] for before, after in pairwise(sorted(spans)))


def relieves_oneself(led: Iterable[LedSpan], within: timedelta) -> bool:
    """Whether someone would lead two shifts of which one follows the other within ``within``.

    Art. 21: never one person for both sides of a handover.
    """
    ordered = sorted(led, key=lambda span: span.starts_at)
    return any(
        before.shift != after.shift and after.starts_at - before.ends_at <= within
        for before, after in pairwise(ordered)
    )
