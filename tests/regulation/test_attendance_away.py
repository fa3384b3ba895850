"""Art. 14, 35, 38: permits, times away, leave and swaps within a duty that is judged."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from regulation.duty_verdicts import DutyVerdict
from regulation.leave_kinds import LeaveKind, LeaveShare, middle
from regulation.records import Direction
from tests.regulation.room import ENDS, OPERATOR, SECOND, STARTS
from tests.regulation.witnesses import (
    LENGTH,
    PROPER,
    codes,
    judged,
    leave,
    minute,
    permit,
    seen,
    signed,
    turns,
)

V = DutyVerdict
IN, OUT = Direction.IN, Direction.OUT
ONE_SECOND = 1 / 60


# --- permits and times away ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "back", "found"),
    [
        (100, 115, []),
        (100 - ONE_SECOND, 115, ["left_without_permit"]),
        (115, 116, ["permit_overrun"]),
        (100, 115 + ONE_SECOND, ["permit_overrun"]),
    ],
)
def test_art14_a_time_away_is_covered_by_a_permit_from_its_first_instant_to_its_last(
    left: float, back: float, found: list[str]
) -> None:
    judgement = judged(turns(-20, left, back, LENGTH + 5), permits=(permit(100, 115),))
    assert (judgement.verdict, codes(judgement)) == (V.PRESENT, found)
    assert [(spell.from_at, spell.back_at) for spell in judgement.away] == [(minute(left), minute(back))]


def test_art14_fetching_a_visitor_is_no_finding() -> None:
    passes = (seen(1, -20, IN), seen(2, 100, OUT, for_visitor=True), seen(3, 103, IN), seen(4, 485, OUT))
    judgement = judged(passes)
    assert (codes(judgement), judgement.away[0].excused_by) == ([], "visitor")


def test_art14_who_does_not_come_back_from_a_permit_left_when_it_ended() -> None:
    judgement = judged(turns(-20, 400), permits=(permit(400, 420),))
    assert (judgement.verdict, judgement.minutes_early, judgement.left_at) == (V.LEFT_EARLY, 60, minute(400))
    assert codes(judgement) == ["left_without_permit"]


def test_art14_who_goes_before_a_permit_until_the_end_begins_left_as_much_early() -> None:
    judgement = judged(turns(-20, 390), permits=(permit(400, LENGTH),))
    assert (judgement.verdict, judgement.minutes_early) == (V.LEFT_EARLY, 10)


def test_art14_going_at_the_very_start_is_a_time_away_and_a_second_before_it_is_coming_late() -> None:
    away = judged(turns(-20, 0, 45, LENGTH))
    assert (away.verdict, len(away.away), codes(away)) == (V.PRESENT, 1, ["left_without_permit"])
    late = judged(turns(-20, -ONE_SECOND, 45, LENGTH))
    assert (late.verdict, late.away, codes(late)) == (V.LATE, (), ["duty_late"])


def test_art14_an_unseen_return_from_a_permit_accuses_nobody() -> None:
    judgement = judged(turns(-20, 300), permits=(permit(300, 320),), signatures=signed(LENGTH))
    assert (judgement.verdict, codes(judgement)) == (V.PRESENT, [])


@pytest.mark.parametrize(
    ("back", "returned"), [(LENGTH - ONE_SECOND, True), (LENGTH, False)], ids=["just in time", "too late"]
)
def test_art14_coming_back_at_the_end_or_later_is_no_coming_back(back: float, returned: bool) -> None:
    judgement = judged(turns(-20, 400, back, LENGTH + 60), permits=(permit(400, 420),))
    (spell,) = judgement.away
    assert (spell.back_at is not None, spell.returned) == (returned, returned)
    assert codes(judgement) == (["permit_overrun"] if returned else ["left_without_permit"])


def test_art14_a_permit_until_the_end_lets_go_and_one_that_ends_a_second_before_does_not() -> None:
    assert judged(turns(-20, 400), permits=(permit(400, LENGTH),)).verdict is V.PRESENT
    assert judged(turns(-20, 400), permits=(permit(400, LENGTH - ONE_SECOND),)).verdict is V.LEFT_EARLY


@pytest.mark.parametrize(
    ("passes", "verdict", "late", "early"),
    [
        (turns(30, LENGTH), V.PRESENT, 0, 0),
        (turns(30 + ONE_SECOND, LENGTH), V.LATE, 1, 0),
        (turns(-20, 0, 45, LENGTH), V.PRESENT, 0, 0),
        (turns(-20, 0), V.LEFT_EARLY, 0, 450),
        (turns(-20, -ONE_SECOND), V.ABSENT, 0, 0),
    ],
)
def test_art14_a_permit_from_the_start_moves_when_one_has_to_be_there(
    passes: tuple[object, ...], verdict: DutyVerdict, late: int, early: int
) -> None:
    judgement = judged(passes, permits=(permit(0, 30),))  # type: ignore[arg-type]
    assert (judgement.verdict, judgement.minutes_late, judgement.minutes_early) == (verdict, late, early)


def test_art14_anothers_permit_excuses_nobody() -> None:
    others = permit(400, LENGTH)
    others = type(others)(others.id, OPERATOR + 1, None, others.from_at, others.back_by)
    assert judged(turns(-20, 400), permits=(others,)).verdict is V.LEFT_EARLY


def test_minutes_inside_are_those_within_the_duty() -> None:
    assert judged(turns(*PROPER)).minutes_inside == 480
    assert judged(turns(-20, 100, 130.5, LENGTH + 5)).minutes_inside == 449


# --- leave, swaps -------------------------------------------------------------------------------------------


def test_art35_leave_of_the_whole_duty_is_its_verdict_whatever_the_door_saw() -> None:
    sick = (leave(0, LENGTH, LeaveKind.SICK),)
    for passes in ((), turns(100, 200)):
        judgement = judged(passes, leave=sick)
        assert (judgement.verdict, judgement.leave, codes(judgement)) == (V.ON_LEAVE, LeaveKind.SICK, [])
        assert judgement.evidence == (f"duty:{OPERATOR}", "leave:5")


def test_art35_a_second_short_of_the_whole_duty_is_judged() -> None:
    assert judged(leave=(leave(0, LENGTH - ONE_SECOND),)).verdict is V.ABSENT


@pytest.mark.parametrize(
    ("came", "verdict", "late"), [(LENGTH / 2, V.PRESENT, 0), (LENGTH / 2 + ONE_SECOND, V.LATE, 1)]
)
def test_art35_after_leave_of_the_first_half_the_second_is_judged_from_the_middle(
    came: float, verdict: DutyVerdict, late: int
) -> None:
    judgement = judged(turns(came, LENGTH + 5), leave=(leave(0, LENGTH / 2),))
    assert (judgement.verdict, judgement.minutes_late) == (verdict, late)
    assert judgement.leave_shares == (LeaveShare(LeaveKind.PERSONAL, Fraction(1, 2)),)


@pytest.mark.parametrize(
    ("left", "verdict", "early"),
    [(LENGTH / 2, V.PRESENT, 0), (LENGTH / 2 - ONE_SECOND, V.LEFT_EARLY, 1)],
)
def test_art35_before_leave_of_the_second_half_one_stays_to_the_middle(
    left: float, verdict: DutyVerdict, early: int
) -> None:
    judgement = judged(turns(-20, left), leave=(leave(LENGTH / 2, LENGTH),))
    assert (judgement.verdict, judgement.minutes_early) == (verdict, early)


def test_art35_leave_in_the_middle_is_no_time_away_and_ends_when_it_ends() -> None:
    hour = (leave(120, 180),)
    back = judged(turns(-20, 120, 180, LENGTH + 5), leave=hour)
    assert (back.verdict, codes(back), back.away[0].excused_by) == (V.PRESENT, [], "leave:5")
    gone = judged(turns(-20, 120), leave=hour)
    assert (gone.verdict, gone.minutes_early) == (V.LEFT_EARLY, 300)


def test_art35_two_kinds_share_a_duty_and_where_they_overlap_the_earlier_one_counts() -> None:
    both = (leave(0, 300, LeaveKind.SICK, 1), leave(240, LENGTH, LeaveKind.ANNUAL, 2))
    judgement = judged(leave=both)
    assert judgement.leave is LeaveKind.SICK
    assert judgement.leave_shares == (
        LeaveShare(LeaveKind.ANNUAL, Fraction(3, 8)),
        LeaveShare(LeaveKind.SICK, Fraction(5, 8)),
    )


def test_art38_a_duty_swapped_away_is_nobodys_absence() -> None:
    judgement = judged(state="swapped", part=Fraction(1, 3))
    assert (judgement.verdict, judgement.part, judgement.findings) == (V.SWAPPED_OUT, Fraction(1, 3), ())


def test_halves_are_equal_also_over_a_change_of_the_clock() -> None:
    assert middle(STARTS, ENDS) - STARTS == ENDS - middle(STARTS, ENDS)
    assert middle(STARTS, STARTS + 9 * SECOND) == STARTS + timedelta(seconds=4.5)
