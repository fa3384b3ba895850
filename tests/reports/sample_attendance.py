"""A team's month of attendance as the operations hand it over: every verdict and every kind of leave in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regulation.attendance_sheet import (
    AttendanceDuty,
    AttendanceFinding,
    AttendanceLeave,
    AttendancePerson,
    AttendanceSheet,
    AttendanceShift,
)
from regulation.duty_verdicts import DutyVerdict
from regulation.leave_kinds import LeaveKind
from tests.reports.sample_roster import NAMES, ZONE

MONTH = date(2026, 11, 1)
PRINTED_AT = datetime(2026, 12, 2, 1, 30, tzinfo=UTC)
SUBMITTED_AT = datetime(2026, 12, 2, 1, 12, tzinfo=UTC)
DIGEST = "8c0e57f1a94b3d26" * 4
SHIFTS = (
    AttendanceShift("early", "早班", "early shift", "早"),
    AttendanceShift("middle", "中班", "middle shift", "中"),
    AttendanceShift("night", "夜班", "night shift", "夜"),
)
STARTS = {"early": 6, "middle": 14, "night": 22}
CYCLE = ("early", "early", "middle", "middle", "night", "night", "", "")
V = DutyVerdict


def attended(
    number: int, day: date, shift: str = "early", verdict: DutyVerdict = V.PRESENT, **more: object
) -> AttendanceDuty:
    """One duty as it was judged."""
    starts = datetime.combine(day, time(STARTS[shift]), ZoneInfo(ZONE)).astimezone(UTC)
    return replace(
        AttendanceDuty(
            number,
            day,
            shift,
            starts,
            starts + timedelta(hours=8),
            verdict.value,
            team="甲",
            limits="1a2b3c4d",
        ),
        **more,  # type: ignore[arg-type]
    )


def on_leave(
    number: int, day: date, kind: LeaveKind, share: str = "1", shift: str = "early"
) -> AttendanceDuty:
    """A duty that leave takes, or half of it: the rest was worked."""
    verdict = V.ON_LEAVE if share == "1" else V.PRESENT
    return attended(number, day, shift, verdict, leave=(AttendanceLeave(kind.value, share),))


def a_draft(people: int = 12) -> AttendanceSheet:
    """A month as it stands before it is submitted: duties of the third person are not clear."""
    return AttendanceSheet(
        "城东客服中心", ZONE, MONTH, "甲", "甲班", SHIFTS, tuple(_person(n) for n in range(people))
    )


def submitted(sheet: AttendanceSheet | None = None, reason: str = "") -> AttendanceSheet:
    """The month as it was submitted: everything is clear."""
    sheet = sheet or a_draft()
    people = tuple(
        replace(
            person,
            duties=tuple(
                replace(duty, verdict=V.PRESENT.value, unknown=(), correction=7) if duty.unknown else duty
                for duty in person.duties
            ),
        )
        for person in sheet.people
    )
    return replace(
        sheet,
        people=people,
        version=2 if reason else 1,
        submitted_by="王建国(1003)",
        submitted_at=SUBMITTED_AT,
        reason=reason,
        digest=DIGEST,
    )


def _person(n: int) -> AttendancePerson:
    duties = []
    for place in range(30):
        day = MONTH + timedelta(days=place)
        if shift := CYCLE[(place + n // 6) % len(CYCLE)]:
            duties.append(_duty(n, 1000 * n + place, day, shift))
    return AttendancePerson(n + 1, f"{1000 + n}", NAMES[n % len(NAMES)], tuple(duties))


def _duty(n: int, number: int, day: date, shift: str) -> AttendanceDuty:
    kinds = list(LeaveKind)
    if day.day == 10 and n < len(kinds):
        return on_leave(number, day, kinds[n], shift=shift)
    if day.day == 12 and n in (0, 5):
        return on_leave(number, day, LeaveKind.SICK, "1/2", shift)
    special: dict[tuple[int, int], dict[str, object]] = {
        (1, 3): {
            "verdict": V.LATE,
            "minutes_late": 12,
            "findings": (AttendanceFinding(21, "relief_late"), AttendanceFinding(21, "duty_late")),
        },
        (1, 4): {"verdict": V.LATE_FOR_RELIEF, "findings": (AttendanceFinding(21, "relief_late"),)},
        (2, 5): {"verdict": V.UNKNOWN, "unknown": ("missing_exit",)},
        (2, 11): {"verdict": V.UNKNOWN, "unknown": ("outage", "missing_entry")},
        (3, 11): {"verdict": V.ABSENT, "findings": (AttendanceFinding(35, "absent_without_leave"),)},
        (4, 13): {
            "verdict": V.LEFT_EARLY,
            "minutes_early": 35,
            "findings": (AttendanceFinding(11, "duty_left_early"),),
        },
        (5, 20): {"verdict": V.SWAPPED_OUT},
    }
    return attended(number, day, shift, **special.get((n, day.day), {}))  # type: ignore[arg-type]
