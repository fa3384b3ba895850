"""What the witnesses say of many duties at once (Art. 33), inside a transaction.

Every table is read once for the days that are asked, by an index, and as plain values: a month of a thousand people is
tens of thousands of passes, and no row of it is worth an object of the database's own. What is older than the days
asked is never read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

import models
from operations.attendance_corrections import corrections_between
from operations.attendance_passes import Passes
from operations.attendance_rows import (
    DutyRow,
    Followed,
    Pieces,
    Signed,
    by_person,
    duty_rows,
    leave_between,
    permits_between,
    pieces_between,
    signed_between,
)
from operations.centre import day_bounds
from operations.duties import SWAPPED
from operations.outages import outages_between
from regulation.attendance_evidence import Evidence, JudgedDuty, Outage, evidence_window, follows_on
from regulation.corrections import Correction
from regulation.leave_kinds import LeaveKind, LeavePiece, share_of
from regulation.limits import LimitChange, Limits, limits_in_force
from regulation.records import DutyRecord
from regulation.values import value

# Whoever stays on from one duty to the next leaves after that one: so far ahead duties and passes are looked at.
AHEAD = timedelta(days=2)
BEHIND = timedelta(days=2)


@value
class Case:
    """One duty with everything the judge is to know of it."""

    row: DutyRow
    duty: JudgedDuty
    evidence: Evidence
    corrections: Sequence[Correction]
    limits: Limits


class LimitsOfDays:
    """The limits in force on each day, each set made once."""

    def __init__(self) -> None:
        """Read the changes (inside a transaction)."""
        rows = models.LimitChange.select()
        self._changes = [LimitChange(row.name, row.value, row.effective_from) for row in rows]
        self._known: dict[date, Limits] = {}
        self._sets: dict[str, Limits] = {}

    def on(self, day: date) -> Limits:
        """Return the limits of a civil day."""
        if day not in self._known:
            limits = limits_in_force(self._changes, day)
            self._known[day] = self._sets.setdefault(limits.version, limits)
        return self._known[day]


def cases(first: date, last: date, now: datetime, people: Collection[int] | None = None) -> Iterator[Case]:
    """Yield the duties of days from ``first`` to ``last``, each with its evidence, by person and time."""
    rows = duty_rows(first, last + AHEAD, people)
    own_rows = by_person(rows)
    since, until = day_bounds(first)[0] - BEHIND, day_bounds(last)[1] + AHEAD
    witnesses = _Witnesses(first, last, since, until, now, own_rows)
    for person_id, own in own_rows.items():
        yield from witnesses.cases_of(person_id, own, last)


class _Witnesses:
    """What was read once for all the people asked about."""

    def __init__(
        self,
        first: date,
        last: date,
        since: datetime,
        until: datetime,
        now: datetime,
        people: Collection[int],
    ) -> None:
        self._passes = Passes(people, since, min(until, now))
        self._signed: Signed = signed_between(first, last, since, until)
        self._permits = permits_between(since, until)
        self._outages = outages_between(since, until, now)
        self._corrections = corrections_between(first, last)
        self._pieces: Pieces = pieces_between(first, last + AHEAD)
        self._leave = leave_between(first, last + AHEAD)
        self._followed = Followed(since, until)
        self._limits = LimitsOfDays()

    def cases_of(self, person_id: int, own: Sequence[DutyRow], last: date) -> Iterator[Case]:
        passes = self._passes.of(person_id)
        times = [seen.at for seen in passes]
        signatures = self._signed.signatures.get(person_id, [])
        permits = self._permits.get(person_id, [])
        judged = [self._judged(row) for row in own]
        worked = [one.record for one in judged if one.state != SWAPPED and not _is_off(one)]
        starts = [record.starts_at for record in worked]
        for row, duty in zip(own, judged, strict=True):
            if row.date > last:
                continue
            limits, record = self._limits.on(row.date), duty.record
            place = bisect_right(starts, record.starts_at)
            following = _stayed_for(record, worked, place, limits)
            begin, end = evidence_window(record, following, limits)
            seen = passes[bisect_left(times, begin) : bisect_right(times, end)]
            evidence = Evidence(
                tuple(seen),
                tuple(s for s in signatures if begin <= s.at <= end) if signatures else (),
                tuple(p for p in permits if p.from_at < record.ends_at and p.back_by > begin)
                if permits
                else (),
                self._outages_near(begin, end),
                following,
            )
            yield Case(row, duty, evidence, self._corrections.get(row.id, ()), limits)

    def _outages_near(self, begin: datetime, end: datetime) -> tuple[Outage, ...]:
        return tuple(o for o in self._outages if o.overlaps(begin, end)) if self._outages else ()

    def _judged(self, row: DutyRow) -> JudgedDuty:
        cut_short = row.replaces is not None and (row.replaces, row.ends_at) in self._pieces.starts
        record = DutyRecord(
            row.id,
            row.person_id,
            row.date,
            row.shift,
            row.starts_at,
            row.ends_at,
            row.seat,
            row.hands_over and not cut_short and self._followed.at(row.ends_at),
            row.relieved_at,
            bool(row.leave_kind),
            row.hands_over,
        )
        seat_relief = self._signed.seat_reliefs.get(row.id, "")
        leave = self._leave_of(row)
        if row.replaces is None:
            return JudgedDuty(record, row.post, row.team, row.state, seat_relief=seat_relief, leave=leave)
        part = share_of(row.starts_at, row.ends_at, *self._pieces.root(row.replaces))
        resumes = (row.replaces, row.starts_at) in self._pieces.leave_ends
        return JudgedDuty(record, row.post, row.team, row.state, part, seat_relief, leave, resumes)

    def _leave_of(self, row: DutyRow) -> tuple[LeavePiece, ...]:
        """The leave within a duty; one that only says that it is leave (a roster from elsewhere) leads to itself."""
        given = self._leave.get(row.replaces if row.replaces is not None else row.id, ())
        found = tuple(
            LeavePiece(p.id, p.kind, max(p.from_at, row.starts_at), min(p.until_at, row.ends_at))
            for p in given
            if p.from_at < row.ends_at and p.until_at > row.starts_at
        )
        if row.leave_kind and not found:
            return (LeavePiece(row.id, LeaveKind(row.leave_kind), row.starts_at, row.ends_at),)
        return found


def _stayed_for(
    record: DutyRecord, worked: Sequence[DutyRecord], place: int, limits: Limits
) -> tuple[DutyRecord, ...]:
    """The duties from ``place`` on that the person would stay for: each opens before the one before it ends."""
    ends_at, until = record.ends_at, place
    while until < len(worked) and follows_on(record, worked[until], limits, ends_at):
        ends_at = max(ends_at, worked[until].ends_at)
        until += 1
    return tuple(worked[place:until])


def _is_off(duty: JudgedDuty) -> bool:
    """Whether leave takes the whole duty: nobody stays on for it."""
    record = duty.record
    return any(p.from_at <= record.starts_at and p.until_at >= record.ends_at for p in duty.leave)
