"""The shift that runs now, on one board: who is here, what is open, what waits, what the door saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import models
from operations.alarms import DURESS_CODE, AlarmRow, waiting_alarms
from operations.attendance_corrections import CorrectionRow, corrections_waiting_for
from operations.backup_runs import BackupState, backup_state_at
from operations.boundary import Session, may, reads
from operations.centre import civil_date, day_bounds, limits_at, the_centre
from operations.door import DoorRow, door_rows
from operations.duties import (
    ShiftRow,
    duties_of_log,
    duty_record,
    is_continued,
    live_log,
    log_after,
    running_log,
    shift_row,
)
from operations.figures import forms_offered
from operations.findings import FindingRow, findings_between
from operations.handover_now import HandoverNow, handover_now
from operations.kiosks import KioskRow, kiosk_rows
from operations.leave_views import LeaveRow, leave_waiting_for
from operations.notices import unread_news
from operations.passages import LOOKBACK, move, movements, occupancy_at, passages_of
from operations.permissions import Action
from operations.printing import PrintJobRow, troubled_prints
from operations.running_clocks import RegisterTasks, register_tasks
from operations.shiftlog import ItemRow, item_rows, items_of
from operations.spot_checks import day_plan
from operations.swap_views import SwapRow, swaps_waiting_for
from operations.visits import WaitingVisit, waiting
from regulation.access import Outcome
from regulation.door_reports import REPORTED
from regulation.doorlog import DURESS
from regulation.figures import FormState
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
class FormDue:
    """A shift's figures that are not all in: how many are, of how many, and until when they may come (Art. 8)."""

    log_id: int
    name: str
    name_en: str
    team: str
    date: date
    given: int
    count: int
    due_at: datetime
    state: FormState
    ended: bool


@dataclass(frozen=True, slots=True)
class DayTasks:
    """What a day asks for besides its shifts (Art. 7, 8).

    ``form`` is the figures to see to first, the newest shift that has ended before the running one; ``forms_late``
    counts all that are late or missing.
    """

    form: FormDue | None
    forms_late: int
    links_checked: int
    links: int


@dataclass(frozen=True, slots=True)
class TodayBoard:
    """Everything the Today screen shows, read in one consistent view of the data; alarms are for leaders alone.

    ``papers`` are the print jobs that need somebody, for whoever prints; ``backup`` is for leaders; ``swaps`` and ``leave`` wait for the actor's own
    word.
    """

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
    alarms: tuple[AlarmRow, ...] = ()
    day: DayTasks | None = None
    unread_news: int = 0
    papers: tuple[PrintJobRow, ...] = ()
    handover: HandoverNow | None = None
    swaps: tuple[SwapRow, ...] = ()
    leave: tuple[LeaveRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    registers: RegisterTasks = field(default_factory=RegisterTasks)
    backup: BackupState | None = None

    @property
    def waiting_count(self) -> int:
        """How much waits for the reader's decision."""
        return len(self.waiting) + len(self.leave) + len(self.swaps) + len(self.corrections)


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
    leads = may(session.actor, Action.ACKNOWLEDGE_ALARM)
    return TodayBoard(
        centre.name,
        centre.time_zone,
        shift_row(log, duties) if log is not None else None,
        shift_row(following) if following is not None else None,
        following.starts_at - limits.minutes("relief_early_minutes") if following is not None else None,
        seats,
        _counts(seats),
        _open_items(writing, session) if writing is not None else (),
        waiting(),
        findings_between(since, now + timedelta(seconds=1)),
        _newest_door_rows(silent_too=leads),
        len(inside.people) + len(inside.visits),
        _occupancy_by_hour(now),
        kiosk_rows(now),
        waiting_alarms() if leads else (),
        _day_tasks(now),
        len(unread_news(session.actor.person_id)),
        troubled_prints() if may(session.actor, Action.PRINT_LOG) else (),
        handover=handover_now(now),
        swaps=swaps_waiting_for(session),
        leave=leave_waiting_for(session),
        corrections=corrections_waiting_for(session),
        registers=register_tasks(session),
        backup=backup_state_at(now) if may(session.actor, Action.READ_SYSTEM) else None,
    )


def _day_tasks(now: datetime) -> DayTasks:
    unfinished = [form for form in forms_offered(now) if form.complete_at is None]
    ended = [form for form in unfinished if form.ends_at <= now]
    first = (ended or unfinished)[-1] if unfinished else None
    plan = day_plan(civil_date(now), now)
    due = None
    if first is not None:
        due = FormDue(
            first.log_id,
            first.name,
            first.name_en,
            first.team,
            first.date,
            first.given,
            len(first.rows),
            first.due_at,
            first.state,
            first.ends_at <= now,
        )
    late = sum(1 for form in unfinished if form.state in (FormState.LATE, FormState.MISSING))
    return DayTasks(due, late, plan.checked, len(plan.links))


def _newest_door_rows(*, silent_too: bool) -> tuple[DoorRow, ...]:
    """What the door saw last; a silent alarm stays silent on every desk but a leader's."""
    event = models.DoorEvent
    newest = (
        event.select()
        .where(event.code != REPORTED)
        .order_by(event.at.desc(), event.sequence.desc())
        .limit(DOOR_ROWS)
    )
    if silent_too:
        return door_rows(list(newest))
    rows = door_rows(list(newest.where(event.code != DURESS_CODE)))
    return tuple(
        replace(
            row, marks=tuple(mark for mark in row.marks if mark != DURESS), alarm=row.outcome == Outcome.ALARM
        )
        for row in rows
    )


def _open_items(log: models.ShiftLog, session: Session) -> tuple[ItemRow, ...]:
    open_items = [item for item in items_of(log) if item.state != ItemState.RESOLVED]
    return item_rows(open_items, session.now, session.actor)


def _seats(duties: Sequence[models.Duty], now: datetime, limits: Limits) -> tuple[SeatRow, ...]:
    # Of a duty that was swapped in part, whoever had its first hours is no longer due once they are over.
    duties = [duty for duty in duties if duty.ends_at > now or not is_continued(duty, duties)]
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
    counts = [-1] * HOURS_A_DAY
    hour = 0
    for happened in movements(begin, now):
        while hour < HOURS_A_DAY and happened.at > begin + timedelta(hours=hour + 1):
            counts[hour] = len(inside.people) + len(inside.visits)
            hour += 1
        move(inside, happened)
    here = len(inside.people) + len(inside.visits)
    while hour < HOURS_A_DAY and begin + timedelta(hours=hour + 1) <= now:
        counts[hour] = here
        hour += 1
    if hour < HOURS_A_DAY:
        counts[hour] = here
    return tuple(counts)
