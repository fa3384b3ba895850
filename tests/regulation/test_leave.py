"""Art. 35-37: what leave covers, when it may still be asked, and what it will need. Boundary pairs for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.leave import (
    EXTENT_NAMES,
    CoveredDuty,
    Extent,
    LeaveAnswer,
    LeaveAsk,
    LeaveKnown,
    LeaveSpan,
    RosteredDuty,
    covered_duties,
    joined_days,
    may_ask,
)
from regulation.leave_kinds import LEAVE_NAMES, NOT_DUE, LeaveKind
from regulation.leave_routing import Decider
from regulation.limits import DEFAULT_LIMITS, LimitChange, Limits, limits_in_force
from regulation.roles import Role
from tests.regulation.room import INSTANT, MINUTE, OPERATOR, SECOND

ZONE = ZoneInfo("Asia/Shanghai")
K = LeaveKind
HALF, ONE = Fraction(1, 2), Fraction(1)
FIRST = date(2026, 12, 1)


def local(text: str, zone: ZoneInfo = ZONE) -> datetime:
    """An instant by the clock on the centre's wall."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def rostered(day: date, start: str = "22:00", hours: int = 8, zone: ZoneInfo = ZONE) -> RosteredDuty:
    begins = local(f"{day}T{start}", zone)
    return RosteredDuty(day, begins, begins + timedelta(hours=hours))


# Nights on the 1st, 2nd and 4th of December; the 3rd is a day off.
NIGHTS = tuple(rostered(FIRST + timedelta(days=n)) for n in (0, 1, 3))
IN_TIME = local("2026-11-30T23:59:59.999999")
TOO_LATE = local("2026-12-01T00:00")
TAKING_OVER = NIGHTS[0].starts_at


def ask(
    begin: int = 0,
    end: int | None = None,
    *,
    known: LeaveKnown = LeaveKnown(NIGHTS),  # noqa: B008  frozen
    limits: Limits = DEFAULT_LIMITS,
    zone: ZoneInfo = ZONE,
    **changes: Any,
) -> LeaveAnswer:
    """Ask personal leave from the first day plus ``begin`` to plus ``end``, changed as the test says."""
    days = FIRST + timedelta(days=begin), FIRST + timedelta(days=end if end is not None else begin)
    span = LeaveSpan(
        *days, **{n: changes.pop(n) for n in ("first", "last", "from_at", "until_at") if n in changes}
    )
    asked = LeaveAsk(OPERATOR, Role.OPERATOR, K.PERSONAL, span, IN_TIME)
    return may_ask(replace(asked, **changes), known, zone, limits)


def refused(answer: LeaveAnswer) -> list[str]:
    """The codes of what stands against it; every refusal can be read out."""
    for refusal in answer.refusals:
        for text in (refusal.text, refusal.next_step):
            assert text.format(**refusal.details, **refusal.instants)
    return [refusal.code.removeprefix("leave.") for refusal in answer.refusals]


def told(answer: LeaveAnswer) -> list[str]:
    for notice in answer.notices:
        assert notice.text.format(**notice.details)
    return [notice.code for notice in answer.notices]


def piece(duty: RosteredDuty) -> CoveredDuty:
    return CoveredDuty(duty, duty.starts_at, duty.ends_at)


def test_every_kind_and_extent_has_a_name() -> None:
    assert set(LEAVE_NAMES) == set(LeaveKind)
    assert set(EXTENT_NAMES) == set(Extent)
    assert {K.PUBLIC_HOLIDAY, K.ANNUAL, K.COMPENSATORY} == NOT_DUE


# --- Art. 35: notice ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked_at", "codes"), [(IN_TIME, []), (TOO_LATE, ["no_notice"])])
def test_art35_the_day_before_is_in_time_to_its_last_instant_and_the_day_itself_is_not(
    asked_at: datetime, codes: list[str]
) -> None:
    answer = ask(asked_at=asked_at)
    assert (refused(answer), answer.allowed) == (codes, not codes)
    assert (answer.ask_before, answer.special_until) == (TOO_LATE, TAKING_OVER + 30 * MINUTE)
    assert all(refusal.article == 35 for refusal in answer.refusals)


@pytest.mark.parametrize(
    ("asked_at", "codes"),
    [
        (TOO_LATE, []),
        (TAKING_OVER, []),
        (TAKING_OVER + 30 * MINUTE, []),
        (TAKING_OVER + 30 * MINUTE + INSTANT, ["too_late"]),
        (TAKING_OVER + 30 * MINUTE + SECOND, ["too_late"]),
    ],
)
def test_art35_a_special_case_may_come_until_half_an_hour_after_taking_over(
    asked_at: datetime, codes: list[str]
) -> None:
    assert refused(ask(asked_at=asked_at, special=True, reason="急诊")) == codes


@pytest.mark.parametrize(("reason", "codes"), [("急诊", []), ("  ", ["no_reason"])])
def test_art35_a_special_case_has_a_reason(reason: str, codes: list[str]) -> None:
    assert refused(ask(asked_at=TAKING_OVER, special=True, reason=reason)) == codes


@pytest.mark.parametrize(
    ("late", "codes"), [(timedelta(), []), (INSTANT, ["too_late"]), (SECOND, ["too_late"])]
)
def test_art38_ad_hoc_leave_for_the_last_half_of_a_duty_may_come_until_it_begins(
    late: timedelta, codes: list[str]
) -> None:
    half = TAKING_OVER + timedelta(hours=4)
    given: dict[str, Any] = {"special": True, "reason": "家事", "asked_at": half + late}
    assert refused(ask(last=Extent.SECOND_HALF, first=Extent.SECOND_HALF, **given)) == codes
    # The first half, or the whole duty, has begun long ago.
    assert refused(ask(first=Extent.FIRST_HALF, **given)) == ["too_late"]
    assert refused(ask(**given)) == ["too_late"]


def test_art35_what_is_in_time_needs_no_reason_and_is_no_special_case() -> None:
    assert refused(ask(special=True)) == []


def test_art35_notice_counts_to_the_first_rostered_duty_and_not_to_the_first_day_asked_for() -> None:
    # From the 3rd, a day off: the first duty covered is the night of the 4th.
    on_the_third = local("2026-12-03T23:59:59")
    assert refused(ask(2, 3, asked_at=on_the_third)) == []
    assert refused(ask(1, 3, asked_at=on_the_third)) == ["too_late"]


def test_art35_a_night_that_ends_the_next_day_is_asked_the_day_before_it_begins() -> None:
    early = (rostered(FIRST, "00:00"),)
    assert refused(ask(known=LeaveKnown(early))) == []
    assert refused(ask(known=LeaveKnown(early), asked_at=TOO_LATE)) == ["no_notice"]


@pytest.mark.parametrize(
    ("days", "asked_at", "codes"),
    [
        (0, TAKING_OVER - INSTANT, []),
        (0, TAKING_OVER, ["no_notice"]),
        (2, local("2026-11-29T23:59:59"), []),
        (2, local("2026-11-30T00:00"), ["no_notice"]),
    ],
)
def test_art35_a_centre_may_ask_for_more_or_less_notice(
    days: int, asked_at: datetime, codes: list[str]
) -> None:
    limits = limits_in_force([LimitChange("leave_notice_days", days, FIRST)], FIRST)
    assert refused(ask(asked_at=asked_at, limits=limits)) == codes


@pytest.mark.parametrize(
    ("minutes", "codes"), [(29, ["too_late"]), (30, []), (31, [])], ids=["below", "at", "above"]
)
def test_art35_the_half_hour_is_a_limit(minutes: int, codes: list[str]) -> None:
    limits = limits_in_force([LimitChange("late_leave_request_minutes", minutes, FIRST)], FIRST)
    at = TAKING_OVER + 30 * MINUTE
    assert refused(ask(asked_at=at, special=True, reason="急诊", limits=limits)) == codes


@pytest.mark.parametrize(
    ("duty", "in_time"),
    [
        (rostered(date(2026, 12, 1), "08:00"), "2026-11-30T23:59:59"),
        (rostered(date(2027, 1, 1), "08:00"), "2026-12-31T23:59:59"),
        (rostered(date(2028, 2, 29), "08:00"), "2028-02-28T23:59:59"),
        (rostered(date(2028, 3, 1), "08:00"), "2028-02-29T23:59:59"),
    ],
    ids=["month", "year", "leap day", "after the leap day"],
)
def test_art35_notice_over_the_end_of_a_month_a_year_and_february(duty: RosteredDuty, in_time: str) -> None:
    for at, codes in ((local(in_time), []), (local(in_time) + SECOND, ["no_notice"])):
        span = LeaveSpan(duty.date, duty.date)
        asked = LeaveAsk(OPERATOR, Role.OPERATOR, K.PERSONAL, span, at)
        assert refused(may_ask(asked, LeaveKnown((duty,)), ZONE, DEFAULT_LIMITS)) == codes


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)], ids=["shorter", "longer"])
def test_art35_the_day_before_ends_at_midnight_also_when_the_clock_changes(day: date) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    duty = rostered(day, "08:00", zone=berlin)
    midnight = local(f"{day}T00:00", berlin)
    for at, codes in ((midnight - INSTANT, []), (midnight, ["no_notice"])):
        asked = LeaveAsk(OPERATOR, Role.OPERATOR, K.PERSONAL, LeaveSpan(day, day), at)
        assert refused(may_ask(asked, LeaveKnown((duty,)), berlin, DEFAULT_LIMITS)) == codes


# --- what it covers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "extents", "days"),
    [
        (0, 0, {}, 1),
        (0, 3, {}, 3),
        (1, 3, {}, 2),
        (0, 0, {"first": Extent.SECOND_HALF}, HALF),
        (0, 0, {"first": Extent.FIRST_HALF}, HALF),
        (0, 1, {"first": Extent.SECOND_HALF, "last": Extent.FIRST_HALF}, 1),
        (0, 3, {"first": Extent.SECOND_HALF}, Fraction(5, 2)),
        (0, 2, {"last": Extent.FIRST_HALF}, 2),  # the last day is a day off: nothing there to halve
    ],
)
def test_art35_leave_counts_rostered_duties_and_halves_of_them(
    first: int, last: int, extents: dict[str, Any], days: Fraction
) -> None:
    assert ask(first, last, **extents).days == days


def test_art35_days_off_need_no_leave() -> None:
    answer = ask(2)
    assert (refused(answer), answer.days, answer.ask_before) == (["no_duty"], Fraction(0), None)


def test_art35_a_duty_that_a_rotation_plans_counts_like_one_that_is_published() -> None:
    planned = replace(NIGHTS[0], duty_id=None)
    published = replace(NIGHTS[0], duty_id=88)
    assert ask(known=LeaveKnown((planned,))).days == ask(known=LeaveKnown((published,))).days == 1


def test_art35_a_piece_of_a_swapped_duty_counts_for_its_part() -> None:
    assert ask(known=LeaveKnown((replace(NIGHTS[0], part=Fraction(1, 4)),))).days == Fraction(1, 4)


def test_art35_two_leaves_may_touch_and_not_overlap() -> None:
    start, end = NIGHTS[0].starts_at, NIGHTS[0].ends_at
    half = start + (end - start) / 2
    first_half = (CoveredDuty(NIGHTS[0], start, half),)
    known = LeaveKnown(NIGHTS, taken=first_half)
    assert refused(ask(known=known, first=Extent.SECOND_HALF)) == []
    assert refused(ask(known=known)) == ["twice"]
    second_half = LeaveKnown(NIGHTS, taken=(CoveredDuty(NIGHTS[0], half, end),))
    assert refused(ask(known=second_half, last=Extent.FIRST_HALF)) == []
    over = (CoveredDuty(NIGHTS[0], start, half + SECOND),)
    assert refused(ask(known=LeaveKnown(NIGHTS, taken=over), first=Extent.SECOND_HALF)) == ["twice"]


@pytest.mark.parametrize(
    ("step", "minutes", "codes"),
    [
        (0, 120, ["no_hours"]),
        (30, 120, []),
        (30, 119, ["step"]),
        (30, 121, ["step"]),
        (30, 0, ["no_duty", "no_hours"]),
    ],
)
def test_art35_leave_by_the_hour_goes_where_the_centre_allows_it_in_its_steps(
    step: int, minutes: int, codes: list[str]
) -> None:
    limits = limits_in_force([LimitChange("leave_step_minutes", step, FIRST)], FIRST)
    from_at = TAKING_OVER + 60 * MINUTE
    answer = ask(from_at=from_at, until_at=from_at + minutes * MINUTE, limits=limits)
    assert refused(answer) == codes
    assert answer.days == Fraction(minutes, 480)


def test_art35_leave_by_the_hour_takes_nothing_before_or_after_the_duty() -> None:
    limits = limits_in_force([LimitChange("leave_step_minutes", 60, FIRST)], FIRST)
    around = ask(from_at=TAKING_OVER - 60 * MINUTE, until_at=TAKING_OVER + 60 * MINUTE, limits=limits)
    assert (refused(around), around.days) == ([], Fraction(1, 8))


@given(st.lists(st.integers(0, 20), unique=True, max_size=8), st.integers(0, 20), st.integers(0, 20))
def test_art35_whole_days_cover_exactly_the_rostered_duties_between_them(
    days: list[int], first: int, last: int
) -> None:
    duties = [rostered(FIRST + timedelta(days=n)) for n in days]
    span = LeaveSpan(FIRST + timedelta(days=first), FIRST + timedelta(days=last))
    covered = covered_duties(duties, span)
    assert sum(c.days for c in covered) == sum(first <= n <= last for n in days)
    assert list(covered) == sorted(covered, key=lambda c: c.from_at)


# --- Art. 36, 37: what it will need -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "last", "extents", "manager", "note"),
    [
        (K.SICK, 0, {}, False, False),
        (K.SICK, 1, {"last": Extent.FIRST_HALF}, True, True),
        (K.SICK, 1, {"first": Extent.SECOND_HALF, "last": Extent.FIRST_HALF}, False, False),
        (K.PERSONAL, 0, {}, False, False),
        (K.PERSONAL, 1, {}, True, False),
        (K.MARRIAGE, 0, {"first": Extent.FIRST_HALF}, True, False),
        (K.MATERNITY, 0, {}, True, False),
        (K.FAMILY_VISIT, 0, {}, True, False),
        (K.ANNUAL, 3, {}, False, False),
        (K.BEREAVEMENT, 3, {}, False, False),
        (K.COMPENSATORY, 3, {}, False, False),
        (K.PUBLIC_HOLIDAY, 3, {}, False, False),
    ],
)
def test_art36_over_one_day_and_some_kinds_always_need_the_deputy_manager(
    kind: LeaveKind, last: int, extents: dict[str, Any], manager: bool, note: bool
) -> None:
    answer = ask(0, last, kind=kind, **extents)
    deciders = [step.decider for step in answer.steps]
    assert deciders == [Decider.DUTY_LEADER] + [Decider.DEPUTY_MANAGER] * manager
    assert told(answer) == ["manager"] * manager + ["note"] * note


def test_art37_a_note_on_record_is_not_asked_for_again() -> None:
    assert told(ask(0, 1, kind=K.SICK, doctor_note="第 0815 号")) == ["manager"]
    assert told(ask(0, 1, kind=K.SICK, doctor_note=" ")) == ["manager", "note"]


def test_art36_two_single_days_with_no_duty_between_them_are_two_days_together() -> None:
    taken = LeaveKnown(NIGHTS, same_kind=(piece(NIGHTS[0]),))
    # The night of the 4th follows that of the 2nd: the 3rd is no duty.
    touching = ask(1, known=taken, kind=K.SICK)
    assert (touching.days, touching.days_together, told(touching)) == (ONE, Fraction(2), ["manager", "note"])
    apart = ask(3, known=taken, kind=K.SICK)
    assert (apart.days, apart.days_together, told(apart)) == (ONE, ONE, [])


def test_art36_days_together_run_on_through_all_that_touch() -> None:
    first, second, third = NIGHTS
    assert joined_days((piece(third),), (piece(first), piece(second)), NIGHTS) == 2
    assert joined_days((piece(second),), (piece(first), piece(third)), NIGHTS) == 2
    assert joined_days((piece(second), piece(third)), (piece(first),), NIGHTS) == 1
    assert joined_days((piece(first), piece(second)), (piece(third),), NIGHTS) == 1
    assert joined_days((), (piece(first),), NIGHTS) == 0


@pytest.mark.parametrize(("left", "notices"), [(3, []), (Fraction(5, 2), ["balance"]), (None, [])])
def test_art35_a_balance_that_is_short_is_said_and_refuses_nothing(
    left: Fraction | None, notices: list[str]
) -> None:
    answer = ask(0, 3, kind=K.ANNUAL, known=LeaveKnown(NIGHTS, days_left=left))
    assert (told(answer), answer.allowed) == (notices, True)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COMPANY_EMPLOYEE, Role.OUTSIDE_VISITOR])
def test_art35_whom_the_regulation_does_not_cover_asks_elsewhere(role: Role) -> None:
    answer = ask(role=role)
    assert (refused(answer), answer.steps) == (["not_centre"], ())
    assert answer.refusals[0].article == 2
