"""Swaps as their operations see them (inside a transaction): records for the rules, and what stands against one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from locales import _
from operations.centre import limits_at
from operations.duties import DUE, FOLLOWS_WITHIN, LEADER_POST, active_duties, duties_of_log, leaders, named
from operations.errors import NotFound
from operations.permissions import PERMISSIONS, Action
from regulation.findings import Blocker
from regulation.handover import LogState
from regulation.marking import N_
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role
from regulation.swaps import (
    ARTICLE,
    OPEN_STATES,
    LedSpan,
    Leg,
    SwapRecord,
    SwapState,
    begins_at,
    cut_well,
    may_ask,
    overlaps_itself,
    pieces_of,
    relieves_oneself,
)

# A leader of any of these roles decides on every team's swaps.
_ABOVE = tuple(role for role in Role if Action.OVERRIDE_HANDOVER in PERMISSIONS[role])
# Whatever overlaps a duty or runs on from it begins within a day of it.
_NEAR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Given:
    """A duty with the legs that take it, or parts of it, away."""

    duty: models.Duty
    legs: tuple[Leg, ...]


def swap_by_id(swap_id: int) -> models.Swap:
    """Return a swap. Raises :class:`NotFound`."""
    swap: models.Swap | None = models.Swap.get_or_none(models.Swap.id == swap_id)
    if swap is None:
        raise NotFound(_("There is no such swap."), article=ARTICLE)
    return swap


def legs_of(swap: models.Swap) -> tuple[Leg, ...]:
    """Return the legs of a swap in their order."""
    row = models.SwapLeg
    query = row.select(row, models.Duty).join(models.Duty).where(row.swap == swap.id).order_by(row.position)
    return tuple(
        leg_of(found.duty, found.taker_id, found.from_at, found.until_at, giver_id=found.giver_id)
        for found in query
    )


def leg_of(
    duty: models.Duty,
    taker_id: int,
    from_at: datetime | None,
    until_at: datetime | None,
    *,
    giver_id: int | None = None,
) -> Leg:
    """Return a leg: the whole duty, or the part that is named."""
    return Leg(
        duty.id,
        giver_id if giver_id is not None else duty.person_id,
        taker_id,
        duty.starts_at,
        duty.ends_at,
        from_at or duty.starts_at,
        until_at or duty.ends_at,
    )


def duties_by_id(ids: Iterable[int]) -> dict[int, models.Duty]:
    """Return duties with person, shift type and seat, whatever became of them."""
    duty = models.Duty
    query = (
        duty.select(duty, models.Person, models.ShiftType)
        .join(models.Person)
        .switch(duty)
        .join(models.ShiftType)
        .where(duty.id.in_(list(ids) or [0]))
    )
    return {row.id: row for row in query}


def given_duties(legs: Sequence[Leg]) -> list[Given]:
    """Return each duty of a swap once, with its legs, in the order of the legs."""
    by_duty: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        by_duty[leg.duty_id].append(leg)
    duties = duties_by_id(by_duty)
    return [Given(duties[duty_id], tuple(own)) for duty_id, own in by_duty.items()]


def parties_of(legs: Iterable[Leg]) -> tuple[int, ...]:
    """Return everyone who gives or takes, each once, in the order of the legs."""
    return tuple(dict.fromkeys(person for leg in legs for person in (leg.giver_id, leg.taker_id)))


def record_of_swap(swap: models.Swap, legs: Sequence[Leg] | None = None) -> SwapRecord:
    """Return a swap as the rules see it."""
    legs = legs_of(swap) if legs is None else legs
    parties = list(models.SwapParty.select().where(models.SwapParty.swap == swap.id))
    people = frozenset(party.person_id for party in parties)
    spoke = {swap.asked_by_id, *(party.agreed_by_id for party in parties if party.agreed_by_id)}
    return SwapRecord(
        swap.id,
        SwapState(swap.state),
        swap.begins_at,
        people,
        frozenset(party.person_id for party in parties if party.agreed_at is not None),
        frozenset(spoke) - people,
        leaders_of(given_duties(legs)),
    )


def leaders_of(given: Sequence[Given]) -> frozenset[int]:
    """Return the leaders of the duties' teams and shifts, and everyone above them: who decides (Art. 38)."""
    person = models.Person
    teams = [one.duty.team_id for one in given if one.duty.team_id] or [0]
    of_team = (person.role == Role.SHIFT_LEADER) & person.team.in_(teams)
    found = person.select(person.id).where(
        of_team | person.role.in_(_ABOVE), person.status == PersonStatus.ACTIVE
    )
    here = {leader.id for one in given for leader in leaders(_shift_duties(one.duty))}
    return frozenset({row.id for row in found} | here)


def _shift_duties(duty: models.Duty) -> list[models.Duty]:
    log = _log_of(duty)
    return duties_of_log(log) if log is not None else []


def _log_of(duty: models.Duty) -> models.ShiftLog | None:
    log: models.ShiftLog | None = models.ShiftLog.get_or_none(
        models.ShiftLog.date == duty.date, models.ShiftLog.shift_type == duty.shift_type_id
    )
    return log


# --- what stands against a swap -----------------------------------------------------------------------------


def obstacles(legs: Sequence[Leg], now: datetime) -> list[Blocker]:
    """Return everything for which these legs cannot be carried out, worst first; warnings about rest are no part.

    A duty must still stand and not have begun, be on no leave and in no handover; a leader's goes only to a leader;
    the takers must be of the centre, and hold no two duties at once afterwards, nor both sides of a handover.
    """
    given = given_duties(legs)
    found = [blocker for one in given for blocker in _against_duty(one, now)]
    people = {p.id: p for p in models.Person.select().where(models.Person.id.in_(parties_of(legs)))}
    found += [
        blocker
        for one in given
        for leg in one.legs
        for blocker in _against_taker(one.duty, people[leg.taker_id])
    ]
    shortest = limits_at(now).minutes("swap_piece_minutes")
    found += [blocker for one in given if (blocker := cut_well(one.legs, shortest)) is not None]
    return found or _against_holding(given, people)


def open_swap_of(duty_id: int, but: int = 0) -> models.Swap | None:
    """Return the request that is open for a duty, another than ``but``."""
    swap, leg = models.Swap, models.SwapLeg
    found: models.Swap | None = (
        swap.select()
        .join(leg, on=(leg.swap == swap.id))
        .where(leg.duty == duty_id, swap.state.in_(sorted(OPEN_STATES)), swap.id != but)
        .first()
    )
    return found


def _against_duty(given: Given, now: datetime) -> list[Blocker]:
    duty, subject = given.duty, f"duty:{given.duty.id}"
    details = {"name": named(duty.person), "date": duty.date.isoformat()}
    if duty.state != DUE:
        text = N_("The duty of {name} on {date} does not stand any more")
        return [Blocker(ARTICLE, "duty_gone", subject, text, details)]
    if (late := may_ask(begins_at(given.legs), now)) is not None:
        return [late]
    found = []
    if duty.leave_kind:
        text = N_("{name} is on approved leave on {date}")
        found.append(Blocker(35, "on_leave", subject, text, details))
    log = _log_of(duty)
    if log is not None and log.state != LogState.OPEN:
        text = N_("The shift of {date} is being handed over or is sealed")
        found.append(Blocker(21, "log_not_open", subject, text, details))
    return found


def _against_taker(duty: models.Duty, taker: models.Person) -> list[Blocker]:
    subject, details = f"person:{taker.id}", {"name": named(taker)}
    if taker.role not in CENTRE_ROLES or taker.status != PersonStatus.ACTIVE:
        return [Blocker(2, "not_rosterable", subject, N_("{name} cannot be rostered"), details)]
    # Art. 21: a shift is led, and handed over, by a leader.
    if duty.post == LEADER_POST and taker.role not in LEADER_ROLES:
        text = N_("A leader's duty goes only to a leader, and {name} is none")
        return [Blocker(21, "not_a_leader", subject, text, details)]
    return []


def _against_holding(given: Sequence[Given], people: Mapping[int, models.Person]) -> list[Blocker]:
    found = []
    for person_id, held in _held_after(given, people).items():
        details = {"name": named(people[person_id])}
        if overlaps_itself([(begin, end) for _duty, begin, end in held]):
            text = N_("{name} would have two duties at once")
            found.append(Blocker(ARTICLE, "two_at_once", f"person:{person_id}", text, details))
        led = [
            LedSpan((duty.date, duty.shift_type_id), begin, end)
            for duty, begin, end in held
            if duty.post == LEADER_POST and duty.shift_type.hands_over
        ]
        if relieves_oneself(led, FOLLOWS_WITHIN):
            text = N_("{name} would hand over to themselves: two people sign a handover")
            found.append(Blocker(21, "relieves_oneself", f"person:{person_id}", text, details))
    return found


def _held_after(
    given: Sequence[Given], person_ids: Iterable[int]
) -> dict[int, list[tuple[models.Duty, datetime, datetime]]]:
    """Return what each person would hold after the swap near its duties: the duty it comes from, and the hours."""
    gone = {one.duty.id for one in given}
    held = {
        person_id: [(duty, duty.starts_at, duty.ends_at) for duty in duties if duty.id not in gone]
        for person_id, duties in _held_now(given, person_ids).items()
    }
    for one in given:
        for piece in pieces_of(one.legs):
            held[piece.person_id].append((one.duty, piece.from_at, piece.until_at))
    return {person_id: sorted(rows, key=lambda row: row[1]) for person_id, rows in held.items()}


def _held_now(given: Sequence[Given], person_ids: Iterable[int]) -> dict[int, list[models.Duty]]:
    duty, held = models.Duty, {person_id: list[models.Duty]() for person_id in person_ids}
    first = min(one.duty.starts_at for one in given) - _NEAR
    last = max(one.duty.ends_at for one in given) + _NEAR
    query = active_duties().where(duty.person.in_(list(held)), duty.starts_at < last, duty.ends_at > first)
    for row in query.order_by(duty.starts_at):
        held[row.person_id].append(row)
    return held
