"""Duties, reliefs, signatures and permits as plain values, of many people at once (inside a transaction)."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

import models
from operations.duties import CUT, DUE, FOLLOWS_WITHIN, LEADER_POST, SWAPPED
from operations.punches import FEW_PEOPLE
from operations.reliefs import AT_SIGNATURE, BY_BADGE
from regulation.attendance_evidence import Signature
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind, LeavePiece
from regulation.records import PermitRecord
from regulation.values import value

_DAY = timedelta(days=1)
# Of a duty as the query of duty_rows has it: its person, its start (ISO text sorts like the instant), its id.
_BY_PERSON = itemgetter(1, 3, 0)


@value
class DutyRow:
    """A duty as the database has it, its ids resolved to codes."""

    id: int
    person_id: int
    date: date
    shift: str
    starts_at: datetime
    ends_at: datetime
    post: str
    state: str
    leave_kind: str
    relieved_at: datetime | None
    replaces: int | None
    team: str
    seat: str
    hands_over: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """What people signed around some days: each person's signatures, and the relief of each duty that shows them."""

    signatures: dict[int, list[Signature]]
    seat_reliefs: dict[int, str]


def duty_rows(first: date, last: date, people: Collection[int] | None = None) -> list[DutyRow]:
    """Return the duties of days from ``first`` to ``last`` that stand or were swapped, by person and time."""
    duty = models.Duty
    conditions = [duty.date >= first, duty.date <= last, duty.state.in_((DUE, SWAPPED))]
    if people is not None and len(people) <= FEW_PEOPLE:
        conditions.append(duty.person.in_(list(people)))
    shifts = {row.id: (row.code, row.hands_over) for row in models.ShiftType.select()}
    teams = {row.id: row.code for row in models.Team.select()}
    seats = {row.id: row.number for row in models.Seat.select()}
    columns = (
        duty.id, duty.person, duty.date, duty.starts_at, duty.ends_at, duty.post, duty.state, duty.leave_kind,
        duty.relieved_at, duty.replaces, duty.shift_type, duty.team, duty.seat,
    )  # fmt: skip
    # Only instants and days are converted, each once: the other columns are what they are.
    at, on = functools.cache(duty.starts_at.python_value), functools.cache(duty.date.python_value)
    found = []
    for (
        key,
        person,
        day,
        starts,
        ends,
        post,
        state,
        leave,
        relieved,
        replaces,
        kind,
        team,
        seat,
    ) in sorted(models.database.execute(duty.select(*columns).where(*conditions)), key=_BY_PERSON):
        shift, hands_over = shifts[kind]
        found.append(
            DutyRow(
                key, person, on(day), shift, at(starts), at(ends), post, state, leave, at(relieved),
                replaces, teams.get(team, ""), seats.get(seat, ""), hands_over,
            )
        )  # fmt: skip
    if people is not None and len(people) > FEW_PEOPLE:
        wanted = set(people)
        found = [row for row in found if row.person_id in wanted]
    return found


@dataclass(frozen=True, slots=True)
class Pieces:
    """The duties of some days that were cut or handed on: the ``spans`` of all that were replaced or stand for one.

    ``starts`` are those of the standing pieces, ``leave_ends`` the ends of those on leave, each by what was replaced.
    """

    spans: dict[int, tuple[datetime, datetime, int | None]]
    starts: frozenset[tuple[int, datetime]]
    leave_ends: frozenset[tuple[int, datetime]]

    def root(self, replaced: int) -> tuple[datetime, datetime]:
        """Return the span of the whole duty that a piece is part of, however often it was cut."""
        begin, end, before = self.spans[replaced]
        return self.root(before) if before is not None and before in self.spans else (begin, end)


def pieces_between(first: date, last: date) -> Pieces:
    """Return what was cut or handed on, whoever it belongs to."""
    duty = models.Duty
    columns = (duty.id, duty.starts_at, duty.ends_at, duty.replaces, duty.state, duty.leave_kind)
    query = duty.select(*columns).where(
        duty.date >= first, duty.date <= last, duty.state.in_((SWAPPED, CUT)) | duty.replaces.is_null(False)
    )
    spans, starts, leave_ends = {}, set(), set()
    for row in query:
        spans[row.id] = row.starts_at, row.ends_at, row.replaces_id
        if row.state == DUE and row.replaces_id is not None:
            starts.add((row.replaces_id, row.starts_at))
            if row.leave_kind:
                leave_ends.add((row.replaces_id, row.ends_at))
    return Pieces(spans, frozenset(starts), frozenset(leave_ends))


def leave_between(first: date, last: date) -> dict[int, list[LeavePiece]]:
    """Return the leave in effect on duties of days from ``first`` to ``last``, by the duty it was given of."""
    row, request = models.LeaveDuty, models.LeaveRequest
    query = (
        row.select(row, request)
        .join(request)
        .where(row.date >= first, row.date <= last, request.state == LeaveState.ACCEPTED.value)
        .order_by(request.id, row.from_at)
    )
    found: dict[int, list[LeavePiece]] = defaultdict(list)
    for one in query:
        kind = LeaveKind(one.request.kind)
        found[one.duty_id].append(LeavePiece(one.request_id, kind, one.from_at, one.until_at))
    return found


class Followed:
    """Whether a shift that hands over begins within an hour of an instant (Art. 24)."""

    def __init__(self, since: datetime, until: datetime) -> None:
        """Read the starts of the shifts between the two instants."""
        log = models.ShiftLog
        query = log.select(log.starts_at).where(log.starts_at >= since - _DAY, log.starts_at <= until + _DAY)
        self._starts = sorted(row.starts_at for row in query)
        self._known: dict[datetime, bool] = {}

    def at(self, ends_at: datetime) -> bool:
        """Return whether another shift takes over from one that ends at ``ends_at``."""
        if ends_at not in self._known:
            place = bisect_left(self._starts, ends_at - FOLLOWS_WITHIN)
            near = self._starts[place : place + 1]
            self._known[ends_at] = bool(near) and near[0] <= ends_at + FOLLOWS_WITHIN
        return self._known[ends_at]


def signed_between(first: date, last: date, since: datetime, until: datetime) -> Signed:
    """Return what was signed: handovers by their two sides, and seats taken over by badge and PIN."""
    handover = models.Handover
    query = handover.select().where(
        handover.signed_out_at.between(since, until) | handover.signed_in_at.between(since, until)
    )
    signatures: dict[int, list[Signature]] = defaultdict(list)
    signed_out: dict[int, int] = {}
    for row in query:
        sides = (
            (row.signed_out_by_id, row.signed_out_at, "out"),
            (row.signed_in_by_id, row.signed_in_at, "in"),
        )
        for person_id, at, side in sides:
            if person_id is not None and at is not None:
                signatures[person_id].append(Signature(f"handover:{row.id}-{side}", at))
        signed_out[row.id] = row.signed_out_by_id
    seat_reliefs = {}
    relief, duty = models.Relief, models.Duty
    reliefs = (
        relief.select(relief, duty.id, duty.person, duty.post)
        .join(duty, on=relief.outgoing_duty)
        .where(duty.date >= first - _DAY, duty.date <= last)
    )
    for row in reliefs:
        if row.way == BY_BADGE and row.incoming_person_id is not None:
            signatures[row.incoming_person_id].append(Signature(f"relief:{row.id}", row.at))
        if _shows_the_relieved(row, signed_out):
            seat_reliefs[row.outgoing_duty_id] = f"relief:{row.id}"
    return Signed(signatures, seat_reliefs)


def _shows_the_relieved(relief: models.Relief, signed_out: dict[int, int]) -> bool:
    """Whether somebody took over from this very person: by badge, by the leader's act, or leader from leader."""
    if relief.incoming_person_id is None:
        return False
    if relief.way != AT_SIGNATURE:
        return True
    left = relief.outgoing_duty
    return bool(left.post == LEADER_POST and signed_out.get(relief.handover_id) == left.person_id)


def permits_between(since: datetime, until: datetime) -> dict[int, list[PermitRecord]]:
    """Return the permits to be away of everyone, by person."""
    permit = models.SeatLeave
    found: dict[int, list[PermitRecord]] = defaultdict(list)
    for p in permit.select().where(permit.from_at >= since, permit.from_at <= until):
        record = PermitRecord(p.id, p.person_id, p.duty_id, p.from_at, p.back_by, p.returned_at)
        found[p.person_id].append(record)
    return found


def by_person(rows: Iterable[DutyRow]) -> dict[int, list[DutyRow]]:
    """Return each person's duties, in the order given."""
    found: dict[int, list[DutyRow]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found
