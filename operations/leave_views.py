"""Leave as people see it: what may be asked and who decides, what waits for whom, what it would do to the shifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import peewee

import models
from locales import _
from operations.boundary import Session, reads
from operations.centre import limits_at
from operations.demand import cover_needs
from operations.duties import LEADER_POST, active_duties, named
from operations.errors import NotPermitted
from operations.leave import LeaveWish, answer_to, asker_of
from operations.leave_records import (
    ARTICLE,
    Deciders,
    balance_on,
    covered_of,
    decisions_of,
    leave_by_id,
    steps_of,
    waiting_step,
)
from operations.permissions import Action
from operations.refusals import refusal_words
from regulation.leave import CoveredDuty, Extent, LeaveAnswer
from regulation.leave_balance import Balance
from regulation.leave_changes import LeaveState, withdrawal_refusal
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import Decider, note_is_needed
from regulation.roles import LEADER_ROLES, Role

SETTLED_BEHIND = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision that leave needs; without ``decided_by`` it is still to be given.

    ``instead_of`` is the absent approver whose delegate gave it.
    """

    decider: Decider
    article: int
    approved: bool | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Leave with what became of it. ``days`` are the rostered duties it takes, exactly.

    ``waits_for`` is who decides next, ``deciders`` are their names; ``asked_by`` is empty where the person asked.
    """

    id: int
    person: str
    work_number: str
    role: Role
    team: str
    kind: LeaveKind
    first_day: date
    last_day: date
    first: Extent
    last: Extent
    from_at: datetime | None
    until_at: datetime | None
    days: Fraction
    begins_at: datetime
    reason: str
    special: bool
    doctor_note: str
    note_missing: bool
    state: LeaveState
    asked_by: str
    asked_at: datetime
    decisions: tuple[DecisionRow, ...]
    waits_for: Decider | None
    deciders: tuple[str, ...]
    escalated_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    closing_reason: str
    extends: int
    waits_for_me: bool
    may_decide: bool
    mine: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class CoverLine:
    """How many are in a shift that leave takes from, before it and with it. Without ``least`` nobody said how many."""

    date: date
    shift: str
    shift_en: str
    who: str
    least: int | None
    wanted: int | None
    there: int
    left: int

    @property
    def is_short(self) -> bool:
        """Whether fewer than needed would be left."""
        return self.least is not None and self.left < self.least


@dataclass(frozen=True, slots=True)
class LeaveCase:
    """One request whole, for whoever decides: its duties, the shifts' coverage, the balance, what stands in the way.

    ``refusal`` says why the actor may not decide it; ``unled`` are the days on which nobody else leads the shift.
    """

    row: LeaveRow
    covered: tuple[CoveredDuty, ...]
    cover: tuple[CoverLine, ...]
    unled: tuple[date, ...]
    balance: Balance | None
    refusal: str


@dataclass(frozen=True, slots=True)
class LeaveOutlook:
    """The live answer of a form: may it be asked, who decides each step, and what it would do.

    ``refusals`` are in words, each with what to do instead.
    """

    answer: LeaveAnswer
    refusals: tuple[tuple[int, str, str], ...]
    deciders: tuple[tuple[Decider, int, tuple[str, ...]], ...]
    balance: Balance | None
    cover: tuple[CoverLine, ...]


@reads(Action.ASK_LEAVE)
def leave_outlook(session: Session, wish: LeaveWish, on_behalf_of: str = "") -> LeaveOutlook:
    """Return whether leave may be asked now and who would decide it; nothing is written."""
    person = asker_of(session, on_behalf_of)
    answer = answer_to(person, wish, session.now)
    who = Deciders(session.now)
    request = models.LeaveRequest(person=person, asked_by=session.actor.person_id)
    return LeaveOutlook(
        answer,
        tuple((refusal.article, *refusal_words(refusal)) for refusal in answer.refusals),
        tuple((s.decider, s.article, _names(who.expected(request, s))) for s in answer.steps),
        balance_on(person.id, wish.kind, wish.span.first_day),
        cover_lines(answer.covered, person.id),
    )


@reads(Action.ASK_LEAVE)
def leave_rows(
    session: Session, first: date | None = None, last: date | None = None, person_id: int | None = None
) -> tuple[LeaveRow, ...]:
    """Return leave on days from ``first`` to ``last``, of one person or of everyone, newest request first.

    Without days: what ended not more than 62 days ago, and everything to come. What others asked is for whoever
    decides on leave: others see their own.
    """
    request = models.LeaveRequest
    since = first or (session.now - SETTLED_BEHIND).date()
    query = _requests().where(request.last_day >= since)
    if last is not None:
        query = query.where(request.first_day <= last)
    if person_id is not None:
        query = query.where(request.person == person_id)
    rows = _rows(session, query.order_by(request.asked_at.desc(), request.id.desc()))
    return tuple(row for row in rows if _may_see(session, row))


@reads(Action.ASK_LEAVE)
def leave_case(session: Session, leave_id: int) -> LeaveCase:
    """Return one request with the coverage of its shifts and the person's balance, for those whom it concerns.

    Raises :class:`NotPermitted` for others: why somebody is on leave is not everybody's.
    """
    request = leave_by_id(leave_id)
    (row,) = _rows(session, _requests().where(models.LeaveRequest.id == leave_id))
    if not _may_see(session, row):
        raise NotPermitted(_("This is another person's leave."), article=ARTICLE)
    pieces = covered_of([request])
    step, refusal = waiting_step(request), ""
    if step is not None and session.actor.person_id:
        against = Deciders(session.now).refusal(session.actor.person_id, request, step)
        refusal = refusal_words(against)[0] if against is not None else ""
    return LeaveCase(
        row,
        tuple(pieces),
        cover_lines(pieces, request.person_id),
        _unled(pieces),
        balance_on(request.person_id, row.kind, request.first_day),
        refusal,
    )


def leave_waiting_for(session: Session) -> tuple[LeaveRow, ...]:
    """Return what waits for the actor's decision, the most urgent first (inside a transaction)."""
    request = models.LeaveRequest
    query = _requests().where(request.state == LeaveState.ASKED.value)
    rows = [row for row in _rows(session, query.order_by(request.begins_at, request.id)) if row.waits_for_me]
    return tuple(rows)


# --- coverage -----------------------------------------------------------------------------------------------


def cover_lines(pieces: Sequence[CoveredDuty], person_id: int) -> tuple[CoverLine, ...]:
    """Return how many are in the shifts that leave takes from, without those on leave (inside a transaction)."""
    duties = _duties_taken(pieces)
    if not duties:
        return ()
    first, last = duties[0].date, max(duty.date for duty in duties)
    needs = cover_needs(first, last)
    lines = []
    for duty in duties:
        there = _working(duty)
        shift = duty.shift_type
        asked = [need for need in needs if need.shift_code == shift.code]
        day = (duty.date - first).days
        counted = [
            (need.name, need.needs[day], there & need.people[day])
            for need in asked
            if need.needs[day] is not None and person_id in need.people[day]
        ]
        for name, need, people in counted or [("", None, there)]:
            lines.append(
                CoverLine(
                    duty.date,
                    shift.name,
                    shift.name_en,
                    name,
                    need.least if need is not None else None,
                    need.wanted if need is not None else None,
                    len(people | {person_id}),
                    len(people - {person_id}),
                )
            )
    return tuple(lines)


def _duties_taken(pieces: Iterable[CoveredDuty]) -> list[models.Duty]:
    duty = models.Duty
    ids = [piece.duty.duty_id for piece in pieces if piece.duty.duty_id is not None] or [0]
    query = duty.select(duty, models.ShiftType).join(models.ShiftType).where(duty.id.in_(ids))
    return list(query.order_by(duty.date, duty.starts_at))


def _working(duty: models.Duty) -> set[int]:
    """Who works in the shift of a duty."""
    row = models.Duty
    same = active_duties().where(row.date == duty.date, row.shift_type == duty.shift_type_id)
    return {other.person_id for other in same if not other.leave_kind}


def _unled(pieces: Sequence[CoveredDuty]) -> tuple[date, ...]:
    """The days whose shift would have no leader: somebody stands in, or the handover has none to sign (Art. 21)."""
    found = []
    for duty in _duties_taken(pieces):
        if duty.post != LEADER_POST or not duty.shift_type.hands_over:
            continue
        row = models.Duty
        others = active_duties().where(
            row.date == duty.date,
            row.shift_type == duty.shift_type_id,
            row.post == LEADER_POST,
            row.leave_kind == "",
            row.person != duty.person_id,
        )
        if not others.exists():
            found.append(duty.date)
    return tuple(found)


# --- rows ---------------------------------------------------------------------------------------------------


def _requests() -> peewee.ModelSelect:
    request, person = models.LeaveRequest, models.Person
    return request.select(request, person).join(person, on=request.person)


def _may_see(session: Session, row: LeaveRow) -> bool:
    """Art. 35: leave is between the person, who asked for them, and whoever decides or leads."""
    return not session.actor.person_id or row.mine or row.may_decide or session.actor.role in LEADER_ROLES


def _rows(session: Session, query: peewee.ModelSelect) -> list[LeaveRow]:
    requests = list(query)
    if not requests:
        return []
    deciders = Deciders(session.now)
    teams = {team.id: team.code for team in models.Team.select()}
    return [_row(session, row, deciders, teams) for row in requests]


def _row(session: Session, request: models.LeaveRequest, who: Deciders, teams: dict[int, str]) -> LeaveRow:
    me, person, step = session.actor.person_id, request.person, waiting_step(request)
    expected = who.expected(request, step) if step is not None else ()
    mine = me in (request.person_id, request.asked_by_id)
    state, kind = LeaveState(request.state), LeaveKind(request.kind)
    together = Fraction(request.days_together)
    needs_note = note_is_needed(kind, together, limits_at(request.asked_at))
    return LeaveRow(
        id=request.id,
        person=named(person),
        work_number=person.work_number,
        role=Role(person.role),
        team=teams.get(person.team_id, ""),
        kind=kind,
        first_day=request.first_day,
        last_day=request.last_day,
        first=Extent(request.first),
        last=Extent(request.last),
        from_at=request.from_at,
        until_at=request.until_at,
        days=Fraction(request.days),
        begins_at=request.begins_at,
        reason=request.reason,
        special=request.special,
        doctor_note=request.doctor_note,
        note_missing=needs_note and not request.doctor_note,
        state=state,
        asked_by=named(request.asked_by) if request.asked_by_id != request.person_id else "",
        asked_at=request.asked_at,
        decisions=_decisions(request),
        waits_for=step.decider if step is not None else None,
        deciders=_names(expected),
        escalated_at=request.escalated_at,
        closed_by=named(request.closed_by),
        closed_at=request.closed_at,
        closing_reason=request.closing_reason,
        extends=request.extends_id or 0,
        waits_for_me=me in expected,
        may_decide=step is not None and me != 0 and who.decision(me, request, step) is not None,
        mine=mine,
        may_withdraw=mine and withdrawal_refusal(state, covered_of([request]), session.now) is None,
    )


def _decisions(request: models.LeaveRequest) -> tuple[DecisionRow, ...]:
    """What was decided, and what is still to be."""
    given = [
        DecisionRow(
            Decider(row.decider),
            row.article,
            row.approved,
            named(row.decided_by),
            row.decided_at,
            row.reason,
            named(row.delegation.absent) if row.delegation_id else "",
        )
        for row in decisions_of(request)
    ]
    step = waiting_step(request)
    if step is None:
        return tuple(given)
    steps = steps_of(request)
    return (*given, *(DecisionRow(s.decider, s.article) for s in steps[steps.index(step) :]))


def _names(person_ids: Iterable[int]) -> tuple[str, ...]:
    person = models.Person
    query = person.select().where(person.id.in_(list(person_ids) or [0])).order_by(person.work_number)
    return tuple(named(row) for row in query)
