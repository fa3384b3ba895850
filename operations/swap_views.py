"""Swaps as people see them: one's coming duties, what waits for whom, what became of it, what it would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

import models
from operations.boundary import Session, reads
from operations.duties import active_duties, named
from operations.permissions import Action
from operations.swap_records import (
    given_duties,
    leaders_of,
    leg_of,
    legs_of,
    obstacles,
    open_swap_of,
    parties_of,
    record_of_swap,
    swap_by_id,
)
from operations.swap_rest import SideWarning, rest_warnings
from operations.swaps import LegAsked, asked_legs
from regulation.findings import Blocker
from regulation.swaps import OPEN_STATES, Leg, SwapRecord, SwapState, may_agree, may_consent, may_withdraw

DUTIES_AHEAD = timedelta(days=62)
SETTLED_BEHIND = timedelta(days=62)
NOTHING, AGREEMENT, CONSENT = "", "agreement", "consent"
_LIVE = OPEN_STATES | {SwapState.CONSENTED}


@dataclass(frozen=True, slots=True)
class ComingDuty:
    """A duty that has not begun. ``open_swap`` is the request that is open for it, 0 for none."""

    id: int
    date: date
    shift: str
    shift_en: str
    starts_at: datetime
    ends_at: datetime
    seat: str
    post: str
    origin: str
    leave: bool
    open_swap: int


@dataclass(frozen=True, slots=True)
class LegRow:
    """A duty of a swap, or with ``whole`` false the part of it, that goes from one person to another."""

    duty_id: int
    date: date
    shift: str
    shift_en: str
    giver: str
    taker: str
    from_at: datetime
    until_at: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Someone in a swap; ``agreed_by`` is another person where a leader acted for them, with the ``reason``."""

    person: str
    agreed_at: datetime | None
    agreed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SwapRow:
    """A swap with what became of it. ``waits_for_me`` is ``agreement``, ``consent`` or empty."""

    id: int
    state: SwapState
    reason: str
    asked_by: str
    asked_at: datetime
    begins_at: datetime
    legs: tuple[LegRow, ...]
    parties: tuple[PartyRow, ...]
    deciders: tuple[str, ...]
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    closed_by: str
    closed_at: datetime | None
    closing_reason: str
    waits_for_me: str
    mine: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class SwapOutlook:
    """What a swap would do: what stands against it, whose rest it would break, and who would decide."""

    blockers: tuple[Blocker, ...]
    warnings: tuple[SideWarning, ...]
    deciders: tuple[str, ...]


@reads(Action.ASK_SWAP)
def coming_duties(session: Session, person_id: int) -> tuple[ComingDuty, ...]:
    """Return a person's duties that have not begun, the next first."""
    duty = models.Duty
    query = active_duties().where(
        duty.person == person_id,
        duty.starts_at > session.now,
        duty.starts_at < session.now + DUTIES_AHEAD,
    )
    return tuple(_coming(row) for row in query.order_by(duty.starts_at))


@reads(Action.ASK_SWAP)
def swap_outlook(session: Session, asked: Sequence[LegAsked]) -> SwapOutlook:
    """Return what a swap would do, before anybody asks for it."""
    return _outlook(session.now, asked_legs(asked))


@reads(Action.ASK_SWAP)
def swap_case(session: Session, swap_id: int) -> tuple[SwapRow, SwapOutlook]:
    """Return one swap; while it is open also what it would do now."""
    swap = swap_by_id(swap_id)
    (row,) = _rows(session, models.Swap.id == swap.id)
    if row.state not in OPEN_STATES:
        return row, SwapOutlook((), (), ())
    return row, _outlook(session.now, legs_of(swap))


@reads(Action.ASK_SWAP)
def swap_rows(
    session: Session, first: date | None = None, last: date | None = None, person_id: int | None = None
) -> tuple[SwapRow, ...]:
    """Return the swaps of duties from ``first`` to ``last``, of one person or of everyone, newest request first.

    Without days: those whose duties begin not more than 62 days ago, and everything to come.
    """
    return _rows(session, _between(session.now, first, last), person_id)


def swaps_waiting_for(session: Session) -> tuple[SwapRow, ...]:
    """Return what waits for the actor's agreement or consent, the most urgent first (inside a transaction)."""
    swap = models.Swap
    is_open = swap.state.in_(sorted(OPEN_STATES)) & (swap.begins_at > session.now)
    rows = [row for row in _rows(session, is_open) if row.waits_for_me]
    return tuple(sorted(rows, key=lambda row: row.begins_at))


def _between(now: datetime, first: date | None, last: date | None) -> peewee.Expression:
    swap, leg, duty = models.Swap, models.SwapLeg, models.Duty
    if first is None and last is None:
        return swap.begins_at > now - SETTLED_BEHIND
    here = leg.select(leg.swap).join(duty, on=(leg.duty == duty.id))
    if first is not None:
        here = here.where(duty.date >= first)
    if last is not None:
        here = here.where(duty.date <= last)
    return swap.id.in_(here)


def _outlook(now: datetime, legs: Sequence[Leg]) -> SwapOutlook:
    given = given_duties(legs)
    against = tuple(obstacles(legs, now))
    record = SwapRecord(
        0,
        SwapState.ASKED,
        min(leg.starts_at for leg in legs),
        frozenset(parties_of(legs)),
        frozenset(),
        leaders=leaders_of(given),
    )
    warnings = () if against else rest_warnings(given, legs, now)
    return SwapOutlook(against, warnings, _names(record.deciders))


def _coming(duty: models.Duty) -> ComingDuty:
    open_swap = open_swap_of(duty.id)
    return ComingDuty(
        duty.id,
        duty.date,
        duty.shift_type.name,
        duty.shift_type.name_en,
        duty.starts_at,
        duty.ends_at,
        duty.seat.number if duty.seat_id else "",
        duty.post,
        duty.origin,
        bool(duty.leave_kind),
        open_swap.id if open_swap is not None else 0,
    )


# --- rows ---------------------------------------------------------------------------------------------------


def _rows(
    session: Session, condition: peewee.Expression, person_id: int | None = None
) -> tuple[SwapRow, ...]:
    swap, party = models.Swap, models.SwapParty
    query = swap.select().where(condition).order_by(swap.asked_at.desc(), swap.id.desc())
    if person_id is not None:
        query = query.where(swap.id.in_(party.select(party.swap).where(party.person == person_id)))
    swaps = list(query)
    ids = [row.id for row in swaps] or [0]
    legs: dict[int, list[models.SwapLeg]] = defaultdict(list)
    for leg in _leg_query().where(models.SwapLeg.swap.in_(ids)):
        legs[leg.swap_id].append(leg)
    parties: dict[int, list[models.SwapParty]] = defaultdict(list)
    for one in (
        party.select(party, models.Person).join(models.Person, on=party.person).where(party.swap.in_(ids))
    ):
        parties[one.swap_id].append(one)
    return tuple(
        _row(session, row, legs[row.id], sorted(parties[row.id], key=lambda p: p.id)) for row in swaps
    )


def _leg_query() -> peewee.ModelSelect:
    leg, giver, taker = models.SwapLeg, models.Person.alias("giver"), models.Person.alias("taker")
    return (
        leg.select(leg, models.Duty, models.ShiftType, giver, taker)
        .join(models.Duty)
        .join(models.ShiftType)
        .switch(leg)
        .join(giver, on=(leg.giver == giver.id), attr="giver")
        .switch(leg)
        .join(taker, on=(leg.taker == taker.id), attr="taker")
        .order_by(leg.swap, leg.position)
    )


def _row(
    session: Session,
    swap: models.Swap,
    legs: Sequence[models.SwapLeg],
    parties: Sequence[models.SwapParty],
) -> SwapRow:
    me = session.actor.person_id
    waits, withdrawable, deciders = NOTHING, False, frozenset[int]()
    if swap.begins_at > session.now and swap.state in _LIVE:
        record = record_of_swap(
            swap,
            [
                leg_of(leg.duty, leg.taker_id, leg.from_at, leg.until_at, giver_id=leg.giver_id)
                for leg in legs
            ],
        )
        waits = _waits_for(record, me, session.now)
        withdrawable = may_withdraw(record, me, session.now) is None
        deciders = record.deciders if record.state in OPEN_STATES else deciders
    return SwapRow(
        swap.id,
        SwapState(swap.state),
        swap.reason,
        named(swap.asked_by),
        swap.asked_at,
        swap.begins_at,
        tuple(_leg_row(leg) for leg in legs),
        tuple(_party_row(party) for party in parties),
        _names(deciders) if deciders else (),
        named(swap.decided_by),
        swap.decided_at,
        swap.decision_reason,
        named(swap.closed_by),
        swap.closed_at,
        swap.closing_reason,
        waits,
        any(party.person_id == me for party in parties),
        withdrawable,
    )


def _waits_for(record: SwapRecord, person_id: int, now: datetime) -> str:
    if may_agree(record, person_id, now) is None:
        return AGREEMENT
    return CONSENT if may_consent(record, person_id, now) is None else NOTHING


def _leg_row(leg: models.SwapLeg) -> LegRow:
    duty = leg.duty
    return LegRow(
        duty.id,
        duty.date,
        duty.shift_type.name,
        duty.shift_type.name_en,
        named(leg.giver),
        named(leg.taker),
        leg.from_at,
        leg.until_at,
        (leg.from_at, leg.until_at) == (duty.starts_at, duty.ends_at),
    )


def _party_row(party: models.SwapParty) -> PartyRow:
    for_them = party.agreed_by_id not in (None, party.person_id)
    return PartyRow(
        named(party.person), party.agreed_at, named(party.agreed_by) if for_them else "", party.reason
    )


def _names(person_ids: Iterable[int]) -> tuple[str, ...]:
    person = models.Person
    query = person.select().where(person.id.in_(list(person_ids) or [0])).order_by(person.work_number)
    return tuple(named(row) for row in query)
