"""Duties and shift logs as the other operations see them: records for the rules, rows for the screens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import peewee

import models
from operations.centre import LONG_SHIFTS, STANDARD_SHIFTS, ShiftClock, civil_date, limits_at
from regulation.handover import LogState, Side
from regulation.records import DutyRecord

LEADER_POST = "leader"
OPERATOR_POST = "operator"
DUE = "due"
# A duty that others stand for since a swap (Art. 38): the swap's own duties point back to it.
SWAPPED = "swapped"
# A duty of which approved leave takes a part (Art. 35): its pieces, worked and on leave, stand for it.
CUT = "cut"
# A duty that was taken off the roster: what a publication, a withdrawn swap or changed leave left behind.
CLEARED = "cleared"

# Two shifts follow one another when the next begins within this time of the end of the one before.
FOLLOWS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift of a date with its team, its leader and its log."""

    code: str
    name: str
    name_en: str
    team: str
    date: date
    starts_at: datetime
    ends_at: datetime
    leader: str
    log_id: int
    log_state: LogState


def active_duties() -> peewee.ModelSelect:
    """Return the query of duties that stand, joined with person, shift type and seat."""
    duty = models.Duty
    return (
        duty.select(duty, models.Person, models.ShiftType, models.Seat)
        .join(models.Person)
        .switch(duty)
        .join(models.ShiftType)
        .switch(duty)
        .join(models.Seat, peewee.JOIN.LEFT_OUTER)
        .where(duty.state == DUE)
    )


def many_rows(columns: Sequence[Any], *conditions: Any) -> Iterator[tuple[Any, ...]]:
    """Yield thousands of rows of one table as tuples of ``columns`` (inside a transaction).

    Each value is converted once, however often it comes again: making the same days and instants over and over is
    most of the time of such a query.
    """
    convert = [cache(column.python_value) for column in columns]
    raw = [column.alias(column.column_name).coerce(False) for column in columns]
    for row in columns[0].model.select(*raw).where(*conditions).tuples():
        yield tuple([read(value) for read, value in zip(convert, row, strict=True)])


def duties_of_log(log: models.ShiftLog) -> list[models.Duty]:
    """Return the duties of one shift, leader first, then by seat, the pieces of a swapped one in order of time."""
    query = active_duties().where(models.Duty.date == log.date, models.Duty.shift_type == log.shift_type_id)
    return sorted(
        query,
        key=lambda d: (
            d.post != LEADER_POST,
            d.seat.number if d.seat_id else "~",
            d.starts_at,
            d.person.work_number,
        ),
    )


def duty_record(duty: models.Duty, *, needs_relief: bool) -> DutyRecord:
    """Return a duty as the rules see it."""
    return DutyRecord(
        id=duty.id,
        person_id=duty.person_id,
        date=duty.date,
        shift=duty.shift_type.code,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        seat=duty.seat.number if duty.seat_id else "",
        needs_relief=needs_relief,
        relieved_at=duty.relieved_at,
        on_leave=bool(duty.leave_kind),
        bound_to_seat=duty.shift_type.hands_over,
    )


def add_piece(
    duty: models.Duty, person_id: int, starts_at: datetime, ends_at: datetime, **otherwise: object
) -> None:
    """Let hours of a duty stand for it, with whoever holds them; post, seat and team stay with it (Art. 35, 38)."""
    kept = {
        "shift_type": duty.shift_type_id,
        "team": duty.team_id,
        "seat": duty.seat_id,
        "date": duty.date,
        "post": duty.post,
        "origin": duty.origin,
        "roster_version": duty.roster_version,
    }
    models.Duty.create(
        **{**kept, **otherwise},
        person=person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        state=DUE,
        replaces=duty.id,
    )


def needs_relief(duty: models.Duty, logs: Iterable[models.ShiftLog]) -> bool:
    """Whether a shift follows that takes over from ``duty`` (Art. 24); office hours hand over to nobody."""
    if not duty.shift_type.hands_over:
        return False
    return any(abs(log.starts_at - duty.ends_at) <= FOLLOWS_WITHIN for log in logs)


def logs_between(begin: datetime, end: datetime) -> list[models.ShiftLog]:
    """Return the logs of shifts that start in ``[begin, end)``, in order of time."""
    log = models.ShiftLog
    query = log.select(log, models.ShiftType).join(models.ShiftType)
    return list(query.where(log.starts_at >= begin, log.starts_at < end).order_by(log.starts_at, log.id))


def drop_unused_log(cleared: models.Duty) -> None:
    """Take away the empty log of a shift whose last duty was cleared: it would catch the next shift's entries."""
    log = models.ShiftLog
    shift = (log.date == cleared.date) & (log.shift_type == cleared.shift_type_id)
    duty = models.Duty
    rostered = active_duties().where(duty.date == cleared.date, duty.shift_type == cleared.shift_type_id)
    if rostered.exists():
        return
    used = [
        table.select(column).where(column.is_null(False))
        for table, column in (
            (models.LogEntry, models.LogEntry.log),
            (models.OpenItem, models.OpenItem.log),
            (models.Handover, models.Handover.outgoing),
            (models.Handover, models.Handover.incoming),
            (models.FigureEntry, models.FigureEntry.log),
            (models.StandIn, models.StandIn.log),
            (models.NoShow, models.NoShow.log),
            (models.HandoverHold, models.HandoverHold.log),
        )
    ]
    log.delete().where(shift, log.state == LogState.OPEN, *(log.id.not_in(query) for query in used)).execute()


def running_log(now: datetime) -> models.ShiftLog | None:
    """Return the log of the shift that runs at ``now`` by the clock, if one is rostered."""
    near = logs_between(now - timedelta(hours=24), now + timedelta(seconds=1))
    return next((log for log in reversed(near) if log.starts_at <= now < log.ends_at), None)


def live_log(now: datetime) -> models.ShiftLog | None:
    """Return the log that takes what is written now.

    The earliest shift that has begun and is still open takes it; once its handover has started the content is
    frozen and the next shift's log takes over, even minutes before that shift begins. A shift that nobody handed
    over stops taking entries after ``relief_lookback_minutes``. Between shifts, over a closed day too, the next
    rostered shift takes what happens: exactly one log, and a leader who will read it.
    """
    lookback = limits_at(now).minutes("relief_lookback_minutes")
    near = logs_between(now - timedelta(hours=48), now + timedelta(seconds=1))
    begun = [log for log in near if log.starts_at <= now < log.ends_at + lookback]
    still_open = [log for log in begun if log.state == LogState.OPEN]
    led = [log for log in still_open if is_led(log)]
    return next(iter([*led, *still_open]), None) or _next_open_log(now) or _unrostered_log()


def log_to_write(now: datetime) -> models.ShiftLog | None:
    """Return the log that takes what is written now, making one where nothing is rostered ahead.

    Such a log belongs to the shift type that runs by the clock and to no team; it is one for the whole time until
    something is rostered again, and whoever stands in for its leader signs it. ``None``: the centre has no shift
    type that hands over.
    """
    return live_log(now) or _new_unrostered_log(now)


def _next_open_log(now: datetime) -> models.ShiftLog | None:
    log = models.ShiftLog
    ahead = log.select().where(log.starts_at > now, log.state == LogState.OPEN).order_by(log.starts_at)
    return next((row for row in ahead if is_led(row)), None)


def _unrostered_log() -> models.ShiftLog | None:
    """Return the log that was made because nothing is rostered, while it is the newest."""
    newest: models.ShiftLog | None = (
        models.ShiftLog.select().order_by(models.ShiftLog.starts_at.desc()).first()
    )
    free = newest is not None and newest.state == LogState.OPEN and not is_led(newest)
    return newest if free else None


def _new_unrostered_log(now: datetime) -> models.ShiftLog | None:
    log = models.ShiftLog
    today, times = civil_date(now), ShiftClock()
    slots = [
        (*times.of(shift, day), day, shift)
        for shift in models.ShiftType.select().where(models.ShiftType.hands_over)
        for day in (today - timedelta(days=1), today, today + timedelta(days=1), today + timedelta(days=2))
    ]
    for starts_at, ends_at, day, shift in sorted(slots, key=lambda slot: (slot[0], slot[3].position)):
        if ends_at > now and not log.select().where(log.date == day, log.shift_type == shift).exists():
            made: models.ShiftLog = log.create(
                date=day, shift_type=shift, starts_at=starts_at, ends_at=ends_at
            )
            return made
    return None


def is_led(log: models.ShiftLog) -> bool:
    """Whether somebody is rostered in a shift, or stands in for its leader."""
    duty, stand_in = models.Duty, models.StandIn
    rostered = duty.select().where(
        duty.date == log.date, duty.shift_type == log.shift_type_id, duty.state == DUE
    )
    return bool(rostered.exists() or stand_in.select().where(stand_in.log == log.id).exists())


def log_after(log: models.ShiftLog) -> models.ShiftLog | None:
    """Return the log of the shift that follows ``log`` without a break, if one is rostered."""
    near = logs_between(log.ends_at - FOLLOWS_WITHIN, log.ends_at + FOLLOWS_WITHIN)
    return next(
        (
            other
            for other in near
            if other.id != log.id and other.starts_at >= log.starts_at and is_led(other)
        ),
        None,
    )


def leaders(duties: Sequence[models.Duty]) -> list[models.Person]:
    """Return the people rostered to lead a shift, those on leave left out."""
    return [duty.person for duty in duties if duty.post == LEADER_POST and not duty.leave_kind]


def signing_leaders(duties: Sequence[models.Duty], side: Side) -> list[models.Person]:
    """Return the rostered leaders who sign a side of a handover.

    Of a leader's duty in parts (Art. 35, 38), whoever holds its last hours hands over, and whoever holds its first
    takes over; a leader who is on leave in those hours does not, and somebody stands in.
    """
    led = [duty for duty in duties if duty.post == LEADER_POST]
    if side is Side.OUTGOING:
        last = max((duty.ends_at for duty in led), default=None)
        return leaders([duty for duty in led if duty.ends_at == last])
    first = min((duty.starts_at for duty in led), default=None)
    return leaders([duty for duty in led if duty.starts_at == first])


def is_continued(duty: models.Duty, duties: Iterable[models.Duty]) -> bool:
    """Whether another piece of the same swapped or cut duty runs on from this one: that piece is its relief (Art. 24)."""
    return duty.replaces_id is not None and any(
        other.replaces_id == duty.replaces_id and other.starts_at == duty.ends_at for other in duties
    )


def named(person: models.Person | None) -> str:
    """Return a person as screens name them: ``王建国(1003)``."""
    return f"{person.name}({person.work_number})" if person is not None else ""


def shift_message(log: models.ShiftLog) -> str:
    """Return a shift's name for a finding's details: a message where it is a standard shift, else its own name."""
    kind = log.shift_type
    ours = STANDARD_SHIFTS + LONG_SHIFTS
    standard = any((shift.name, shift.name_en) == (kind.name, kind.name_en) for shift in ours)
    return str(kind.name_en if standard else kind.name)


def shift_row(log: models.ShiftLog, duties: Sequence[models.Duty] | None = None) -> ShiftRow:
    """Return a shift as screens show it."""
    present = duties if duties is not None else duties_of_log(log)
    leader = next(iter(leaders(present)), None)
    return ShiftRow(
        log.shift_type.code,
        log.shift_type.name,
        log.shift_type.name_en,
        log.team.code if log.team_id else "",
        log.date,
        log.starts_at,
        log.ends_at,
        named(leader),
        log.id,
        LogState(log.state),
    )
