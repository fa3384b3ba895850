"""The shift that runs now, on one board: who is here, what is open, what waits, what the door saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from operations.boundary import Session, reads
from operations.centre import civil_date, day_bounds, limits_at, the_centre
from operations.door import DoorRow, KioskRow, door_rows, kiosk_rows
from operations.duties import (
    ShiftRow,
    duties_of_log,
    duty_record,
    live_log,
    log_after,
    running_log,
    shift_row,
)
from operations.findings import FindingRow, findings_between
from operations.passages import LOOKBACK, moving, occupancy_at, passages_of
from operations.permissions import Action
from operations.shiftlog import ItemRow, item_rows, items_of
from operations.visits import WaitingVisit, waiting
from regulation.doorlog import passage_of
from regulation.handover import ItemState
from regulation.limits import Limits
from regulation.presence import Presence, whereabouts
from regulation.relief import whole_minutes

DOOR_ROWS = 20
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Someone due in the shift. ``note_code`` names what to say beside it, ``minutes`` fills it.

    ``late_relief`` and ``late``: minutes past the time; ``permit``: minutes left (negative when overrun);
    ``no_permit``: away for so many minutes without one.
    """

    seat: str
    work_number: str
    name: str
    post: str
    state: Presence
    since: datetime | None
    note_code: str
    minutes: int
    permit_id: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The line of figures on top of the board."""

    due: int
    present: int
    late: int
    absent: int
    away: int
    on_leave: int


@dataclass(frozen=True, slots=True)
class TodayBoard:
    """Everything the Today screen shows, read in one consistent view of the data."""

    centre: str
    time_zone: str
    shift: ShiftRow | None
    next_shift: ShiftRow | None
    relief_due_at: datetime | None
    seats: tuple[SeatRow, ...]
    counts: Counts
    items: tuple[ItemRow, ...]
    waiting: tuple[WaitingVisit, ...]
    findings: tuple[FindingRow, ...]
    door: tuple[DoorRow, ...]
    inside: int
    occupancy_by_hour: tuple[int, ...]
    kiosks: tuple[KioskRow, ...]


@reads(Action.READ_DESK)
def today_board(session: Session) -> TodayBoard:
    """Return the board of the shift that runs now; between shifts only what does not belong to one."""
    now = session.now
    centre, limits = the_centre(), limits_at(now)
    log = running_log(now)
    following = log_after(log) if log is not None else None
    duties = duties_of_log(log) if log is not None else []
    seats = _seats(duties, now, limits)
    since = (
        log.starts_at - limits.minutes("arrival_window_minutes")
        if log is not None
        else now - timedelta(hours=8)
    )
    inside = occupancy_at(now)
    writing = live_log(now)
    event = models.DoorEvent
    newest = event.select().order_by(event.at.desc(), event.sequence.desc()).limit(DOOR_ROWS)
    return TodayBoard(
        centre.name,
        centre.time_zone,
        shift_row(log, duties) if log is not None else None,
        shift_row(following) if following is not None else None,
        following.starts_at - limits.minutes("relief_early_minutes") if following is not None else None,
        seats,
        _counts(seats),
        _open_items(writing, now) if writing is not None else (),
        waiting(),
        findings_between(since, now + timedelta(seconds=1)),
        door_rows(list(newest)),
        len(inside.people) + len(inside.visits),
        _occupancy_by_hour(now),
        kiosk_rows(now),
    )


def _open_items(log: models.ShiftLog, now: datetime) -> tuple[ItemRow, ...]:
    return item_rows([item for item in items_of(log) if item.state != ItemState.RESOLVED], now)


def _seats(duties: Sequence[models.Duty], now: datetime, limits: Limits) -> tuple[SeatRow, ...]:
    if not duties:
        return ()
    since = min(d.starts_at for d in duties) - LOOKBACK
    seen = passages_of([d.person_id for d in duties], since, now)
    permits = {
        permit.person_id: permit
        for permit in models.SeatLeave.select().where(
            models.SeatLeave.person.in_([d.person_id for d in duties]), models.SeatLeave.returned_at.is_null()
        )
    }
    return tuple(
        _seat(duty, seen.get(duty.person_id, []), permits.get(duty.person_id), now, limits) for duty in duties
    )


def _seat(
    duty: models.Duty,
    passages: Sequence[object],
    permit: models.SeatLeave | None,
    now: datetime,
    limits: Limits,
) -> SeatRow:
    record = duty_record(duty, needs_relief=True)
    found = whereabouts(record, passages, now, limits)  # type: ignore[arg-type]
    note, minutes = "", 0
    if found.state is Presence.LATE and found.arrived_at is not None:
        late_for_shift = found.arrived_at > duty.starts_at
        due = duty.starts_at if late_for_shift else duty.starts_at - limits.minutes("relief_early_minutes")
        note, minutes = "late" if late_for_shift else "late_relief", whole_minutes(found.arrived_at - due)
    elif found.state is Presence.AWAY and permit is not None:
        note, minutes = "permit", int((permit.back_by - now).total_seconds() // 60)
    elif found.state is Presence.AWAY and found.since is not None:
        note, minutes = "no_permit", whole_minutes(now - found.since)
    return SeatRow(
        duty.seat.number if duty.seat_id else "",
        duty.person.work_number,
        duty.person.name,
        duty.post,
        found.state,
        found.since,
        note,
        minutes,
        permit.id if permit is not None else None,
    )


def _counts(seats: Sequence[SeatRow]) -> Counts:
    states = [seat.state for seat in seats]
    on_leave = states.count(Presence.ON_LEAVE)
    return Counts(
        due=len(states) - on_leave,
        present=states.count(Presence.PRESENT) + states.count(Presence.LATE),
        late=states.count(Presence.LATE),
        absent=states.count(Presence.ABSENT),
        away=states.count(Presence.AWAY),
        on_leave=on_leave,
    )


def _occupancy_by_hour(now: datetime) -> tuple[int, ...]:
    """People inside at the end of each hour of the local day; -1 for hours that have not ended."""
    begin, _end = day_bounds(civil_date(now))
    inside = occupancy_at(begin)
    event = models.DoorEvent
    query = (
        event.select().where(moving(), event.at > begin, event.at <= now).order_by(event.at, event.sequence)
    )
    counts = [-1] * HOURS_A_DAY
    hour = 0
    for row in query:
        while hour < HOURS_A_DAY and row.at > begin + timedelta(hours=hour + 1):
            counts[hour] = len(inside.people) + len(inside.visits)
            hour += 1
        if (passage := passage_of(row)) is not None:
            inside.apply(passage)
    here = len(inside.people) + len(inside.visits)
    while hour < HOURS_A_DAY and begin + timedelta(hours=hour + 1) <= now:
        counts[hour] = here
        hour += 1
    if hour < HOURS_A_DAY:
        counts[hour] = here
    return tuple(counts)
