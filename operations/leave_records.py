"""Leave as its operations see it (inside a transaction): duties it may cover, what is taken, days left, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

import models
from locales import _
from operations.calendar_days import days_between
from operations.centre import ShiftClock, civil_date, limits_at
from operations.delegations import delegations_on
from operations.duties import CUT, DUE, duties_of_log, leaders, running_log
from operations.errors import NotFound
from operations.handover_records import stand_ins_of
from operations.rotations import NO_TEAM, uses_by_team
from regulation.findings import Refusal
from regulation.leave import CoveredDuty, Extent, LeaveKnown, LeaveSpan, RosteredDuty
from regulation.leave_balance import Balance, Grant, Use, balance
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind, share_of
from regulation.leave_reminders import next_rank
from regulation.leave_routing import (
    Approver,
    Decider,
    Decision,
    Step,
    decides_as,
    decision_refusal,
    decision_steps,
    open_step,
)
from regulation.records import PersonStatus
from regulation.roles import LEADER_ROLES, Role
from regulation.rotations import FREE, planned_shifts

ARTICLE = 35
TAKING = (LeaveState.ASKED.value, LeaveState.ACCEPTED.value)
# Leave that touches other leave counts together with it; no run of duties without a day of work is longer than this.
TOUCHING = timedelta(days=62)
_ONE_DAY = timedelta(days=1)


def leave_by_id(leave_id: int) -> models.LeaveRequest:
    """Return a request. Raises :class:`NotFound`."""
    found: models.LeaveRequest | None = models.LeaveRequest.get_or_none(models.LeaveRequest.id == leave_id)
    if found is None:
        raise NotFound(_("There is no such leave."), article=ARTICLE)
    return found


def span_of(request: models.LeaveRequest) -> LeaveSpan:
    """Return the days a request is for."""
    return LeaveSpan(
        request.first_day,
        request.last_day,
        Extent(request.first),
        Extent(request.last),
        request.from_at,
        request.until_at,
    )


# --- duties that leave may cover ----------------------------------------------------------------------------


def duties_ahead(person: models.Person, first: date, last: date, now: datetime) -> tuple[RosteredDuty, ...]:
    """Return a person's duties from ``first`` to ``last``, as rostered, and beyond the roster as the rotation plans."""
    return (*rostered_duties(person, first, last), *planned_duties(person, first, last, now))


def rostered_duties(person: models.Person, first: date, last: date) -> tuple[RosteredDuty, ...]:
    """Return the duties that stand; one that leave has cut into pieces counts as the whole it was."""
    duty = models.Duty
    query = duty.select().where(
        duty.person == person.id, duty.date >= first, duty.date <= last, duty.state.in_((DUE, CUT))
    )
    rows = list(query.order_by(duty.starts_at, duty.id))
    cut = {row.id for row in rows if row.state == CUT}
    return tuple(rostered(row) for row in rows if row.replaces_id not in cut)


def rostered(duty: models.Duty) -> RosteredDuty:
    """Return a duty as the rules on leave see it."""
    return RosteredDuty(duty.date, duty.starts_at, duty.ends_at, duty.id, part_of(duty))


def part_of(duty: models.Duty) -> Fraction:
    """Return what part of a whole duty this is: less than one for a piece of one that was swapped or cut."""
    whole = duty
    while whole.replaces_id is not None:
        whole = whole.replaces
    return share_of(duty.starts_at, duty.ends_at, whole.starts_at, whole.ends_at)


def planned_duties(person: models.Person, first: date, last: date, now: datetime) -> Iterator[RosteredDuty]:
    """Yield what the rotation of a person's team plans for the days that no roster reaches yet."""
    begin = max(first, _rostered_until(person) + _ONE_DAY, civil_date(now))
    uses = uses_by_team().get(person.team.code if person.team_id else NO_TEAM, ())
    if begin > last or not uses:
        return
    worked = frozenset(day.date for day in days_between(begin, last) if day.is_worked)
    times, shifts = ShiftClock(), {shift.code: shift for shift in models.ShiftType.select()}
    for day, code in planned_shifts(uses, begin, last, worked):
        if code != FREE and code in shifts:
            yield RosteredDuty(day, *times.of(shifts[code], day))


def _rostered_until(person: models.Person) -> date:
    """The last day on which somebody of the team, or the person alone, is rostered: so far a free day is free."""
    duty = models.Duty
    theirs = duty.person == person.id
    if person.team_id:
        member = models.Person
        theirs |= duty.person.in_(member.select(member.id).where(member.team == person.team_id))
    last = duty.select(duty.date).where(theirs, duty.state.in_((DUE, CUT))).order_by(duty.date.desc()).first()
    return last.date if last is not None else date.min


# --- what is taken, and what is left ------------------------------------------------------------------------


def covered_of(requests: Iterable[models.LeaveRequest]) -> list[CoveredDuty]:
    """Return what requests take of their duties, in order of time."""
    row = models.LeaveDuty
    ids = [request.id for request in requests] or [0]
    return [covered(found) for found in row.select().where(row.request.in_(ids)).order_by(row.from_at)]


def covered(row: models.LeaveDuty) -> CoveredDuty:
    """Return what is stored of one duty as the rules see it."""
    duty = RosteredDuty(row.date, row.starts_at, row.ends_at, row.duty_id, Fraction(row.part))
    return CoveredDuty(duty, row.from_at, row.until_at)


def leave_known(
    person: models.Person, kind: LeaveKind, span: LeaveSpan, now: datetime, but: int = 0
) -> LeaveKnown:
    """Return what the centre knows of a person around a span; the request ``but`` is left out."""
    request = models.LeaveRequest
    near = list(
        request.select().where(
            request.person == person.id,
            request.state.in_(TAKING),
            request.id != but,
            request.first_day <= span.last_day + TOUCHING,
            request.last_day >= span.first_day - TOUCHING,
        )
    )
    left = balance_on(person.id, kind, span.first_day, but)
    return LeaveKnown(
        duties_ahead(person, span.first_day - TOUCHING, span.last_day + TOUCHING, now),
        tuple(covered_of(near)),
        tuple(covered_of(row for row in near if row.kind == kind)),
        left.left if left is not None else None,
    )


def balance_on(person_id: int, kind: LeaveKind, day: date, but: int = 0) -> Balance | None:
    """Return the balance of a kind on a civil day, leave that was asked for counted as used."""
    row, request = models.LeaveDuty, models.LeaveRequest
    used = (
        row.select(row)
        .join(request)
        .where(
            request.person == person_id,
            request.kind == kind,
            request.state.in_(TAKING),
            request.id != but,
        )
    )
    uses = [Use(kind, piece.duty.date, piece.days) for piece in map(covered, used)]
    return balance(kind, grants_of(person_id), uses, day)


def grants_of(person_id: int) -> list[Grant]:
    """Return the days that were granted to a person and stand."""
    row = models.LeaveGrant
    query = row.select().where(row.person == person_id, row.revoked_at.is_null()).order_by(row.id)
    return [
        Grant(LeaveKind(g.kind), Fraction(g.days), g.first_day, g.last_day, g.carried_over) for g in query
    ]


def days_on_leave(first: date, last: date) -> set[tuple[int, date]]:
    """Return the people and days of a span that approved leave takes something of."""
    row, request = models.LeaveDuty, models.LeaveRequest
    query = (
        row.select(row.date, request.person)
        .join(request)
        .where(row.date >= first, row.date <= last, request.state == LeaveState.ACCEPTED.value)
        .tuples()
    )
    return {(person_id, day) for day, person_id in query}


# --- who decides --------------------------------------------------------------------------------------------


def steps_of(request: models.LeaveRequest) -> tuple[Step, ...]:
    """Return the decisions that a request needs, in order, by what it came to when last looked at."""
    limits = limits_at(request.asked_at)
    days = Fraction(request.days_together)
    return decision_steps(Role(request.person.role), LeaveKind(request.kind), days, limits)


def decisions_of(request: models.LeaveRequest) -> list[models.LeaveStep]:
    """Return what was decided of a request, in order."""
    step = models.LeaveStep
    return list(step.select().where(step.request == request.id).order_by(step.position))


def waiting_step(request: models.LeaveRequest) -> Step | None:
    """Return the step that waits for a decision, if any."""
    if request.state != LeaveState.ASKED.value:
        return None
    return open_step(steps_of(request), decisions_given(request))


def decisions_given(request: models.LeaveRequest) -> list[Decision]:
    """Return the decisions of a request as the rules see them."""
    return [
        Decision(row.decided_by_id, Decider(row.decider), row.delegation_id) for row in decisions_of(request)
    ]


class Deciders:
    """Who may decide requests at one moment: read once, asked for each."""

    def __init__(self, now: datetime) -> None:
        """Read leaders, delegates and who leads the running shift."""
        person = models.Person
        self.today = civil_date(now)
        self.delegations = delegations_on(self.today)
        delegates = [lent.to_id for lent in self.delegations] or [0]
        query = person.select().where(
            person.role.in_(sorted(LEADER_ROLES)) | person.id.in_(delegates),
            person.status == PersonStatus.ACTIVE,
        )
        self._people = {row.id: row for row in query.order_by(person.work_number)}
        log = running_log(now)
        self._leading = {leader.id for leader in leaders(duties_of_log(log))} if log is not None else set()
        self._leading |= {row.person_id for row in stand_ins_of(log)}

    def refusal(self, person_id: int, request: models.LeaveRequest, step: Step) -> Refusal | None:
        """Return why someone may not decide a step now, or ``None``."""
        person = self._people.get(person_id) or models.Person.get_by_id(person_id)
        return self._against(person, request, step, decisions_given(request))

    def decision(self, person_id: int, request: models.LeaveRequest, step: Step) -> Decision | None:
        """Return in which capacity someone may decide a step now, or ``None``.

        Whoever asked for somebody else decides it no more than whoever it is for.
        """
        person = self._people.get(person_id)
        if person is None or person_id == request.asked_by_id:
            return None
        return self._decision(person, request, step, decisions_given(request))

    def expected(self, request: models.LeaveRequest, step: Step) -> tuple[int, ...]:
        """Return for whose decision a step waits, by work number.

        Those of the step's own rank and their delegates; the next rank too once it was escalated, or everyone who
        may where nobody of the rank does.
        """
        earlier = decisions_given(request) if request.id else []
        may = {
            person.id: decision
            for person in self._people.values()
            if person.id != request.asked_by_id
            if (decision := self._decision(person, request, step, earlier)) is not None
        }
        ranks = {step.decider}
        if request.escalated_at is not None:
            ranks.add(next_rank(step.decider))
        return tuple(who for who, decision in may.items() if decision.decider in ranks) or tuple(may)

    def _decision(
        self, person: models.Person, request: models.LeaveRequest, step: Step, earlier: Sequence[Decision]
    ) -> Decision | None:
        if self._against(person, request, step, earlier) is not None:
            return None
        approver = self._approver(person, request.person)
        return decides_as(approver, step, self.delegations, self.today)

    def _against(
        self, person: models.Person, request: models.LeaveRequest, step: Step, earlier: Sequence[Decision]
    ) -> Refusal | None:
        approver = self._approver(person, request.person)
        return decision_refusal(approver, request.person_id, step, self.delegations, earlier, self.today)

    def _approver(self, person: models.Person, asker: models.Person) -> Approver:
        of_team = person.role == Role.SHIFT_LEADER and person.team_id and person.team_id == asker.team_id
        return Approver(person.id, Role(person.role), bool(of_team) or person.id in self._leading)
