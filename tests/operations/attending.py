"""What people do in the tests of attendance: a night as it should be, and a door that is heard of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import models
from operations import door, store
from operations.attendance_judging import JudgedRow, judged_between
from operations.attendance_months import attendance_sheets
from operations.attendance_sheet import frozen_sheet
from operations.boundary import Actor
from regulation.attendance import Depth
from regulation.attendance_month import CountedDuty
from regulation.attendance_sheet import AttendanceSheet
from regulation.duty_verdicts import DutyVerdict
from regulation.records import Direction
from tests.centre import PEOPLE, SHIFT_ENDS, SHIFT_STARTS, TODAY
from tests.operations.acts import MINUTE, Door, own_badge

DAY = timedelta(days=1)
NOVEMBER = date(2026, 11, 1)
# After the night and the early shift of the 24th, all of their evidence in.
AFTERWARDS = SHIFT_ENDS + 2 * DAY
MONTH_OVER = datetime.fromisoformat("2026-12-01T00:00:00+08:00")


def worked(kiosk: Door, work_number: str, starts_at: datetime, *, early: int = 20, stays: int = 5) -> None:
    """Someone works a shift of eight hours: in so many minutes early, out so many after its end."""
    kiosk.reads(own_badge(work_number), starts_at - early * MINUTE)
    kiosk.leaves(own_badge(work_number), starts_at + 480 * MINUTE + stays * MINUTE)


def team_sheet(actor: Actor, now: datetime, team: str = "甲") -> AttendanceSheet:
    """November's sheet of a team, as last submitted, else as of now."""
    (sheet,) = attendance_sheets(actor, now, NOVEMBER, team)
    return sheet


def submitted_sheets() -> list[AttendanceSheet]:
    """Every version that was submitted, as it was frozen."""
    row = models.AttendanceMonth
    return store.read(lambda: [frozen_sheet(one) for one in row.select().order_by(row.version)])


def heard(kiosk: Door, now: datetime, *stops: tuple[datetime, datetime]) -> None:
    """The kiosk says that it is alive, and when it was not."""
    door.report_kiosk(kiosk.actor, now, kiosk.kiosk, {}, 0, 1, stops)


def whole_month_in_order(kiosk: Door, now: datetime = MONTH_OVER) -> None:
    """Every duty of ``tests.centre`` is worked as it should be, and the door is heard at ``now``."""
    visits: list[tuple[datetime, Direction, str]] = []
    for duty in store.read(lambda: list(models.Duty.select(models.Duty, models.Person).join(models.Person))):
        number = duty.person.work_number
        visits.append((duty.starts_at - 20 * MINUTE, Direction.IN, number))
        visits.append((duty.ends_at + 5 * MINUTE, Direction.OUT, number))
    for at, way, number in sorted(visits):
        (kiosk.reads if way is Direction.IN else kiosk.leaves)(own_badge(number), at)
    kiosk.sends(now)
    heard(kiosk, now)


def judged(now: datetime = AFTERWARDS, first: date = TODAY, last: date = TODAY) -> dict[str, JudgedRow]:
    """The verdicts of some days by work number; where a duty was cut, the last piece counts."""
    numbers = store.read(lambda: {row.id: row.work_number for row in models.Person.select()})
    found = store.read(lambda: judged_between(first, last, now, depth=Depth.FINDINGS))
    return {numbers[one.row.person_id]: one for one in found}


def verdicts(now: datetime = AFTERWARDS, first: date = TODAY) -> dict[str, DutyVerdict]:
    """Only the verdicts of one day, by work number."""
    return {number: one.judgement.verdict for number, one in judged(now, first, first).items()}


def counted(rows: Iterable[JudgedRow]) -> list[CountedDuty]:
    """Judged duties as the month counts them."""
    return [one.counted for one in rows]


def duty_of(work_number: str, day: date = TODAY) -> int:
    """The id of someone's duty that stands on a day."""

    def run() -> int:
        duty, person = models.Duty, models.Person
        query = duty.select(duty.id).join(person).where(person.work_number == work_number, duty.date == day)
        return int(query.where(duty.state == "due").get().id)

    return store.read(run)


TEAM_A = [number for number, (_n, _r, team, _s, _b) in PEOPLE.items() if team == "甲"]
STARTS = SHIFT_STARTS
