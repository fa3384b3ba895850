"""Art. 33: situations that a public HR system judges in its tests, restated as ours; docs/attendance.md argues each.

Most are a morning from eight to twelve; ``hhmm`` are its clock times, and hours past 24 lie on the next day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from regulation.attendance import Judgement, judge
from regulation.attendance_evidence import Evidence, JudgedDuty, Pass
from regulation.attendance_month import counted, totals
from regulation.corrections import Correction, CorrectionState
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.leave_kinds import LeaveKind, LeavePiece, middle
from regulation.limits import LimitChange, limits_in_force
from regulation.records import Direction, DutyRecord

V = DutyVerdict
DAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def at(hhmm: str) -> datetime:
    hours, minutes = hhmm.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def shift(begin: str = "08:00", end: str = "12:00", number: int = 1) -> DutyRecord:
    """A duty that hands over to nobody: the cases know no relief."""
    return DutyRecord(number, 7, DAY, "any", at(begin), at(end), needs_relief=False)


def log(*times: str) -> tuple[Pass, ...]:
    """Times by turns in and out; ``"<10:00"`` is another exit, ``">10:00"`` another entry."""
    passes = []
    for number, text in enumerate(times):
        direction = (Direction.IN, Direction.OUT)[number % 2]
        if text[0] in "<>":
            direction = Direction.OUT if text[0] == "<" else Direction.IN
        passes.append(Pass(f"door:main-{number}", at(text.strip("<>")), direction))
    return tuple(passes)


def judged(
    duty: DutyRecord,
    *times: str,
    leave: tuple[LeavePiece, ...] = (),
    now: str = "96:00",
    corrections: tuple[Correction, ...] = (),
    neighbours: tuple[DutyRecord, ...] = (),
    window: int = 120,
) -> Judgement:
    limits = limits_in_force([LimitChange("arrival_window_minutes", window, DAY)], DAY)
    evidence = Evidence(log(*times), neighbours=neighbours)
    return judge(JudgedDuty(duty, leave=leave), evidence, corrections, at(now), limits)


# --- attended, late, early, hours -----------------------------------------------------------------------------


def test_in_at_the_start_and_out_at_the_end_is_attended_and_late_for_relief() -> None:
    found = judged(shift(), "08:00", "12:00")
    assert (found.verdict, found.minutes_late, found.minutes_early) == (V.LATE_FOR_RELIEF, 0, 0)
    assert judged(shift(), "07:50", "12:00").verdict is V.PRESENT


@pytest.mark.parametrize("window", [60, 120, 240])
def test_a_window_that_is_changed_meanwhile_changes_nothing_for_who_came_inside_both(window: int) -> None:
    assert judged(shift(), "07:50", "12:00", window=window).verdict is V.PRESENT


def test_ninety_minutes_late_and_ninety_early_is_attended_with_both_minutes() -> None:
    found = judged(shift(), "09:30", "10:30")
    assert (found.verdict, found.minutes_late, found.minutes_early) == (V.LEFT_EARLY, 90, 90)


@pytest.mark.parametrize(("left", "early"), [("09:30", 150), ("08:45", 195)])
def test_few_hours_are_minutes_early_and_neither_half_a_day_nor_absence(left: str, early: int) -> None:
    found = judged(shift(), "07:50", left)
    assert (found.verdict, found.minutes_early) == (V.LEFT_EARLY, early)
    assert totals([counted(JudgedDuty(shift()), found)]).rate == 1


def test_the_time_inside_is_that_of_every_entry_with_its_exit() -> None:
    # Out, in, out, in, out, in, in again, out: 60 + 30 + 180 minutes; the stray exit and the second entry add none.
    found = judged(
        shift("02:00", "12:00"),
        "<05:30",
        ">06:00",
        "<07:00",
        ">07:10",
        "<07:40",
        ">08:00",
        ">09:30",
        "<11:00",
    )
    assert found.minutes_inside == 270


# --- absence, holidays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "verdict"), [("17:59", V.UNKNOWN), ("18:00", V.ABSENT)])
def test_who_never_came_is_absent_once_the_evidence_is_complete(now: str, verdict: DutyVerdict) -> None:
    assert judged(shift(), now=now).verdict is verdict


def test_nobody_is_absent_from_an_evening_before_its_evidence_past_midnight_is_complete() -> None:
    evening = shift("15:00", "23:30")
    assert judged(evening, now="24:30").unknown == (UnknownReason.NOT_OVER,)
    assert judged(evening, "15:00", "23:30", now="24:30").verdict is V.LATE_FOR_RELIEF


def test_a_duty_rostered_on_a_holiday_is_judged_and_a_holiday_given_off_is_not() -> None:
    assert judged(shift(), "07:50", "12:00").verdict is V.PRESENT
    holiday = (LeavePiece(1, LeaveKind.PUBLIC_HOLIDAY, at("08:00"), at("12:00")),)
    for times in ((), ("07:50", "12:00")):
        found = judged(shift(), *times, leave=holiday)
        assert (found.verdict, found.leave) == (V.ON_LEAVE, LeaveKind.PUBLIC_HOLIDAY)
        assert totals([counted(JudgedDuty(shift()), found)]).due == 0


def test_a_month_without_a_duty_has_nothing_to_judge() -> None:
    assert totals([]).rate is None


def test_a_verdict_agreed_on_by_hand_stands_beside_what_the_door_says() -> None:
    agreed = Correction(
        3, 1, 7, 7, at("20:00"), "外出培训", ("entry:1",), verdict=V.PRESENT,
        state=CorrectionState.APPROVED, decided_by=3, decided_at=at("21:00"),
    )  # fmt: skip
    found = judged(shift(), "09:30", "10:00", corrections=(agreed,))
    assert found.verdict is V.PRESENT
    assert found.superseded is not None
    assert found.superseded.verdict is V.LEFT_EARLY


# --- windows, nights, one shift after the other -----------------------------------------------------------------


def test_an_entry_before_the_window_counts_only_for_who_is_still_inside_when_it_opens() -> None:
    assert judged(shift(), "06:00", "12:00").verdict is V.PRESENT
    assert judged(shift(), "05:59", "12:00").verdict is V.PRESENT
    assert judged(shift(), "05:59", "06:30").verdict is V.ABSENT


def test_an_exit_counts_until_six_hours_after_the_end() -> None:
    assert judged(shift(), "07:50", "18:00").verdict is V.PRESENT
    assert judged(shift(), "07:50", "18:01").unknown == (UnknownReason.MISSING_EXIT,)


@pytest.mark.parametrize(
    ("begin", "end", "came", "left"),
    [
        ("23:00", "25:00", "22:50", "25:30"),
        ("23:00", "31:00", "22:50", "31:00"),
        ("15:00", "23:00", "14:00", "25:00"),
        ("24:30", "34:00", "23:30", "35:00"),
    ],
    ids=["short night", "night", "out after midnight", "in before midnight"],
)
def test_a_night_is_one_duty_on_both_sides_of_midnight(begin: str, end: str, came: str, left: str) -> None:
    assert judged(shift(begin, end), came, left).verdict is V.PRESENT


def test_what_happens_a_night_later_or_earlier_is_no_evidence_for_this_one() -> None:
    night = shift("23:00", "31:00")
    assert judged(night, "47:00", "55:00").verdict is V.ABSENT
    assert judged(night, "-1:00", "7:00").verdict is V.ABSENT


def test_of_two_duties_whose_windows_overlap_each_has_its_own_exit_and_entry() -> None:
    first, second = shift(), shift("12:30", "16:30", 2)
    times = ("07:50", "12:00", "12:01", "16:35")
    assert judged(first, *times, neighbours=(second,)).verdict is V.PRESENT
    assert judged(second, *times, neighbours=(first,)).verdict is V.PRESENT
    without_lunch = ("07:50", "16:35")
    assert judged(first, *without_lunch, neighbours=(second,)).verdict is V.PRESENT
    assert judged(second, *without_lunch, neighbours=(first,)).verdict is V.PRESENT


def test_of_two_duties_that_overlap_each_is_judged_by_the_same_passes() -> None:
    first, second = shift("08:00", "10:00"), shift("09:30", "11:00", 2)
    times = ("09:30", "11:00")
    late, in_time = (
        judged(duty, *times, neighbours=(other,)) for duty, other in ((first, second), (second, first))
    )
    assert (late.verdict, late.minutes_late) == (V.LATE, 90)
    assert in_time.verdict is V.LATE_FOR_RELIEF


# --- half leave -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "verdict", "attended"),
    [
        (("07:50", "10:00"), V.PRESENT, Fraction(1, 2)),
        ((), V.ABSENT, Fraction(0)),
        (("07:50", "09:00"), V.LEFT_EARLY, Fraction(1, 2)),
        (("07:50", "12:00"), V.PRESENT, Fraction(1, 2)),
    ],
    ids=["worked the other half", "stayed away", "worked less", "worked all day"],
)
def test_of_half_a_duty_on_leave_the_other_half_is_judged(
    times: tuple[str, ...], verdict: DutyVerdict, attended: Fraction
) -> None:
    duty = shift()
    half = (LeavePiece(1, LeaveKind.PERSONAL, middle(duty.starts_at, duty.ends_at), duty.ends_at),)
    found = judged(duty, *times, leave=half)
    assert found.verdict is verdict
    month = totals([counted(JudgedDuty(duty, leave=half), found)])
    assert (month.attended, month.due) == (attended, Fraction(1))
