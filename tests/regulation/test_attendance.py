"""Art. 33: one duty, what the witnesses say, one verdict; nothing is guessed. Boundary pairs for every verdict."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from regulation.attendance_evidence import may_be_judged_at
from regulation.duty_verdicts import UNKNOWN_NAMES, VERDICT_NAMES, DutyVerdict, UnknownReason
from regulation.findings import FINDING_CODES
from regulation.leave_kinds import LeaveKind, LeaveShare, middle
from regulation.limits import DEFAULT_LIMITS, LimitChange, limits_in_force
from regulation.records import Direction
from tests.regulation.room import ENDS, INSTANT, MINUTE, OPERATOR, SECOND, STARTS, duty
from tests.regulation.witnesses import (
    LENGTH,
    PROPER,
    codes,
    judged,
    leave,
    minute,
    night,
    outage,
    permit,
    seen,
    signed,
    turns,
)

V = DutyVerdict
R = UnknownReason
IN, OUT = Direction.IN, Direction.OUT
ONE_SECOND = 1 / 60


def test_every_verdict_and_every_reason_has_a_name() -> None:
    assert set(VERDICT_NAMES) == set(V)
    assert set(UNKNOWN_NAMES) == set(R)


# --- coming -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "verdict", "late", "found"),
    [
        (-120, V.PRESENT, 0, []),
        (-10, V.PRESENT, 0, []),
        (-10 + ONE_SECOND, V.LATE_FOR_RELIEF, 0, ["relief_late"]),
        (0, V.LATE_FOR_RELIEF, 0, ["relief_late"]),
        (ONE_SECOND, V.LATE, 1, ["duty_late"]),
        (1, V.LATE, 1, ["duty_late"]),
        (1 + ONE_SECOND, V.LATE, 2, ["duty_late"]),
        (LENGTH - ONE_SECOND, V.LATE, 480, ["duty_late"]),
    ],
)
def test_art33_coming_is_judged_to_the_second(
    came: float, verdict: DutyVerdict, late: int, found: list[str]
) -> None:
    judgement = judged(turns(came, LENGTH + 5))
    assert (judgement.verdict, judgement.minutes_late, codes(judgement)) == (verdict, late, found)
    assert judgement.minutes_early == 0
    assert judgement.evidence == (f"duty:{OPERATOR}", "door:main-1", "door:main-2")


@pytest.mark.parametrize(("limit", "verdict"), [(9, V.PRESENT), (10, V.PRESENT), (11, V.LATE_FOR_RELIEF)])
def test_art21_how_early_a_relief_comes_is_the_limit_of_that_day(limit: int, verdict: DutyVerdict) -> None:
    limits = limits_in_force([LimitChange("relief_early_minutes", limit, STARTS.date())], STARTS.date())
    judgement = judged(turns(-10, LENGTH + 5), limits=limits)
    assert (judgement.verdict, judgement.limits_version) == (verdict, limits.version)


def test_art33_an_entry_at_the_end_is_no_arrival_and_a_second_before_it_is() -> None:
    assert judged(turns(LENGTH, LENGTH + 5)).verdict is V.ABSENT
    assert judged(turns(LENGTH - ONE_SECOND, LENGTH + 5)).verdict is V.LATE


def test_art21_who_came_early_and_went_out_again_has_come_when_back_unless_back_by_the_start() -> None:
    back_late = judged(turns(-60, -30, 20, LENGTH + 5))
    assert (back_late.verdict, back_late.minutes_late) == (V.LATE, 20)
    assert back_late.arrived_at == minute(20)
    back_in_time = judged(turns(-60, -30, 0, LENGTH + 5))
    assert (back_in_time.verdict, back_in_time.arrived_at) == (V.PRESENT, minute(-60))


def test_art33_who_came_and_left_before_the_start_and_stayed_away_is_absent() -> None:
    assert judged(turns(-60, -ONE_SECOND)).verdict is V.ABSENT
    assert judged(turns(-60, 0)).verdict is V.LEFT_EARLY


# --- going --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "verdict", "early", "found"),
    [
        (LENGTH + 60, V.PRESENT, 0, []),
        (LENGTH, V.PRESENT, 0, []),
        (LENGTH - ONE_SECOND, V.LEFT_EARLY, 1, ["left_before_relief"]),
        (LENGTH - 10, V.LEFT_EARLY, 10, ["left_before_relief"]),
        (LENGTH - 10 - ONE_SECOND, V.LEFT_EARLY, 11, ["left_without_permit"]),
        (ONE_SECOND, V.LEFT_EARLY, 480, ["left_without_permit"]),
    ],
)
def test_art24_leaving_is_judged_to_the_second(
    left: float, verdict: DutyVerdict, early: int, found: list[str]
) -> None:
    judgement = judged(turns(-20, left))
    assert (judgement.verdict, judgement.minutes_early, codes(judgement)) == (verdict, early, found)


@pytest.mark.parametrize(
    ("left", "verdict"), [(LENGTH - 20, V.PRESENT), (LENGTH - 20 - ONE_SECOND, V.LEFT_EARLY)]
)
def test_art24_who_was_relieved_before_the_end_is_free_from_then(left: float, verdict: DutyVerdict) -> None:
    assert judged(turns(-20, left), relieved_at=minute(LENGTH - 20)).verdict is verdict


@pytest.mark.parametrize(
    ("left", "found"), [(LENGTH + 30 - ONE_SECOND, ["left_before_relief"]), (LENGTH + 30, [])]
)
def test_art24_going_after_the_end_but_before_a_late_relief_is_a_finding_and_not_early(
    left: float, found: list[str]
) -> None:
    judgement = judged(turns(-20, left), relieved_at=minute(LENGTH + 30))
    assert (judgement.verdict, codes(judgement)) == (V.PRESENT, found)


@pytest.mark.parametrize(
    ("left", "found"), [(LENGTH + 360 - ONE_SECOND, ["left_before_relief"]), (LENGTH + 360, [])]
)
def test_art24_six_hours_after_the_end_nobody_asks_any_more_for_the_relief(
    left: float, found: list[str]
) -> None:
    assert codes(judged(turns(-20, left), relieved_at=None)) == found


def test_art24_late_and_early_at_once_is_left_early_with_both_minutes() -> None:
    judgement = judged(turns(30, LENGTH - 5))
    assert (judgement.verdict, judgement.minutes_late, judgement.minutes_early) == (V.LEFT_EARLY, 30, 5)
    assert codes(judgement) == ["duty_late", "left_before_relief"]


def test_art11_leaving_office_hours_early_is_a_finding_of_its_own_and_times_away_are_none() -> None:
    lunch = judged(turns(-20, 180, 240, LENGTH), bound_to_seat=False)
    assert (lunch.verdict, codes(lunch), len(lunch.away)) == (V.PRESENT, [], 1)
    early = judged(turns(-20, LENGTH - 1), bound_to_seat=False)
    assert [(f.code, f.article, f.details) for f in early.findings] == [
        ("duty_left_early", 11, {"minutes": "1"})
    ]


# --- nobody came, or nobody can say -------------------------------------------------------------------------


def test_art35_whom_nothing_shows_in_the_room_is_absent_without_leave() -> None:
    judgement = judged()
    assert (judgement.verdict, judgement.minutes_late, judgement.unknown) == (V.ABSENT, 0, ())
    assert [(f.code, f.article, f.at) for f in judgement.findings] == [("absent_without_leave", 35, STARTS)]
    assert judgement.evidence == (f"duty:{OPERATOR}",)


@pytest.mark.parametrize(
    ("passes", "reasons"),
    [
        (turns(-20), (R.MISSING_EXIT,)),
        (turns(LENGTH + 5, first=OUT), (R.MISSING_ENTRY,)),
        (turns(30, first=OUT), (R.MISSING_ENTRY,)),
        (turns(-20, 60, 61), (R.MISSING_EXIT,)),
        ((*turns(-20, 60), seen(3, LENGTH + 5, OUT)), (R.MISSING_ENTRY,)),
        ((*turns(-20), seen(2, LENGTH + 30, IN), seen(3, LENGTH + 40, OUT)), (R.MISSING_EXIT,)),
    ],
)
def test_art33_a_missing_pass_is_unknown_with_its_reason_and_no_finding(
    passes: tuple[object, ...], reasons: tuple[UnknownReason, ...]
) -> None:
    judgement = judged(passes)  # type: ignore[arg-type]
    assert (judgement.verdict, judgement.unknown) == (V.UNKNOWN, reasons)
    assert "absent_without_leave" not in codes(judgement)


def test_art33_what_is_certain_stands_although_the_rest_is_not() -> None:
    late = judged(turns(30))
    assert (late.verdict, late.minutes_late, codes(late)) == (V.UNKNOWN, 30, ["duty_late"])
    early = judged(turns(LENGTH - 60, first=OUT))
    assert (early.verdict, early.minutes_early) == (V.UNKNOWN, 60)


def test_art33_a_missing_entry_that_cannot_matter_leaves_no_doubt() -> None:
    # Inside by -30 at the latest, out, and back ten minutes early: whenever the first entry was, it was in time.
    assert judged(turns(-30, -15, LENGTH + 5, first=OUT)).verdict is V.PRESENT


@pytest.mark.parametrize(
    ("now", "unknown"),
    [
        (ENDS - INSTANT, (R.NOT_OVER,)),
        (ENDS, (R.NOT_OVER, R.MISSING_EXIT)),
        (ENDS + 360 * MINUTE - INSTANT, (R.NOT_OVER, R.MISSING_EXIT)),
        (ENDS + 360 * MINUTE, (R.MISSING_EXIT,)),
    ],
)
def test_art33_a_duty_is_judged_when_its_evidence_is_complete(
    now: datetime, unknown: tuple[UnknownReason, ...]
) -> None:
    assert judged(turns(-20), now=now).unknown == unknown


def test_art33_nobody_is_absent_before_the_evidence_is_complete_and_who_left_early_did_so_at_the_end() -> (
    None
):
    assert judged(now=ENDS + 360 * MINUTE - INSTANT).verdict is V.UNKNOWN
    assert judged(now=ENDS + 360 * MINUTE).verdict is V.ABSENT
    running = judged(turns(-20, 60), now=ENDS - INSTANT, bound_to_seat=False)
    assert (running.verdict, running.minutes_early, running.left_at, codes(running)) == (
        V.UNKNOWN,
        0,
        None,
        [],
    )
    assert judged(turns(-20, 60), now=ENDS).verdict is V.LEFT_EARLY
    assert judged(turns(*PROPER), now=ENDS + 5 * MINUTE).verdict is V.PRESENT


# --- signatures and reliefs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("signed_at", "verdict"), [(-10, V.PRESENT), (-10 + ONE_SECOND, V.UNKNOWN)])
def test_art33_a_signature_proves_an_unseen_entry_up_to_its_instant(
    signed_at: float, verdict: DutyVerdict
) -> None:
    judgement = judged(turns(LENGTH + 5, first=OUT), signatures=signed(signed_at))
    assert judgement.verdict is verdict
    assert "signature:1" in judgement.evidence


def test_art33_who_signed_was_not_absent() -> None:
    assert judged(signatures=signed(5)).verdict is V.UNKNOWN
    assert judged().verdict is V.ABSENT


@pytest.mark.parametrize(("signed_at", "verdict"), [(LENGTH, V.PRESENT), (LENGTH - ONE_SECOND, V.UNKNOWN)])
def test_art33_a_signature_at_the_end_proves_that_an_unseen_exit_was_not_early(
    signed_at: float, verdict: DutyVerdict
) -> None:
    assert judged(turns(-20), signatures=signed(signed_at), relieved_at=None).verdict is verdict


def test_art24_the_relief_at_the_seat_proves_that_an_unseen_exit_was_not_early() -> None:
    relieved = judged(turns(-20), relieved_at=minute(LENGTH - 3), seat_relief="relief:9")
    assert (relieved.verdict, relieved.left_at) == (V.PRESENT, None)
    assert "relief:9" in relieved.evidence


def test_art24_the_signature_for_the_whole_shift_shows_nobody_at_a_seat() -> None:
    assert judged(turns(-20), relieved_at=minute(LENGTH - 3)).verdict is V.UNKNOWN


def test_art24_a_relief_proves_nothing_against_the_door() -> None:
    relieved_at = minute(LENGTH - 3)
    assert judged(turns(-20, 300), relieved_at=relieved_at, seat_relief="relief:9").verdict is V.LEFT_EARLY


def test_art33_an_own_signature_shows_that_someone_was_back_unseen() -> None:
    judgement = judged(turns(-20, 300), signatures=signed(LENGTH - 4), relieved_at=minute(LENGTH - 4))
    assert judgement.verdict is V.PRESENT
    assert [(spell.from_at, spell.back_at, spell.returned) for spell in judgement.away] == [
        (minute(300), None, True)
    ]


def test_art33_a_leaders_word_ends_a_stay_without_saying_when() -> None:
    word = seen(2, LENGTH + 30, OUT, by_word=True)
    assert judged((*turns(-20), word)).unknown == (R.MISSING_EXIT,)
    # A relief at the seat that came before the word shows them there; one that came after it does not.
    assert judged((*turns(-20), word), seat_relief="relief:9").verdict is V.PRESENT
    early_word = seen(2, 200, OUT, by_word=True)
    assert judged((*turns(-20), early_word), seat_relief="relief:9").unknown == (R.MISSING_EXIT,)


# --- the door out of service, and its clock -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "verdict"),
    [
        (-200, -120, V.ABSENT),
        (-200, -120 + ONE_SECOND, V.UNKNOWN),
        (LENGTH - ONE_SECOND, LENGTH + 5, V.UNKNOWN),
        (LENGTH, LENGTH + 5, V.ABSENT),
        (LENGTH - 5, None, V.UNKNOWN),
    ],
)
def test_art33_an_outage_in_the_window_never_makes_anyone_absent(
    begin: float, end: float | None, verdict: DutyVerdict
) -> None:
    judgement = judged(outages=(outage(begin, end),))
    assert judgement.verdict is verdict
    assert judgement.unknown == ((R.OUTAGE,) if verdict is V.UNKNOWN else ())


@pytest.mark.parametrize(
    ("begin", "end", "verdict", "late"),
    [
        (-60, -10, V.LATE, 30),
        (-60, -10 + ONE_SECOND, V.UNKNOWN, 0),
        (-5, 5, V.UNKNOWN, 0),
        (10, 20, V.LATE, 10),
        (30, 40, V.LATE, 30),
    ],
)
def test_art33_late_counts_only_as_far_as_the_door_was_watching(
    begin: float, end: float, verdict: DutyVerdict, late: int
) -> None:
    judgement = judged(turns(30, LENGTH + 5), outages=(outage(begin, end),))
    assert (judgement.verdict, judgement.minutes_late) == (verdict, late)


@pytest.mark.parametrize(
    ("begin", "end", "verdict"),
    [(200, 300, V.LEFT_EARLY), (300, 301, V.UNKNOWN), (LENGTH, LENGTH + 60, V.LEFT_EARLY)],
)
def test_art33_leaving_early_counts_only_when_the_door_would_have_seen_them_come_back(
    begin: float, end: float, verdict: DutyVerdict
) -> None:
    assert judged(turns(-20, 300), outages=(outage(begin, end),)).verdict is verdict


def test_art33_a_missing_exit_while_the_door_was_out_says_so() -> None:
    assert judged(turns(-20), outages=(outage(LENGTH, LENGTH + 30),)).unknown == (R.OUTAGE,)


@pytest.mark.parametrize(
    ("passes", "verdict", "reasons"),
    [
        ((seen(1, -20, IN, clock_suspect=True), seen(2, LENGTH + 5, OUT)), V.UNKNOWN, (R.CLOCK_SUSPECT,)),
        ((seen(1, -20, IN), seen(2, 100, OUT, clock_suspect=True)), V.UNKNOWN, (R.CLOCK_SUSPECT,)),
        ((seen(1, -20, IN, clock_suspect=True),), V.UNKNOWN, (R.CLOCK_SUSPECT,)),
        (
            (
                seen(1, -20, IN),
                seen(2, 60, OUT, clock_suspect=True),
                seen(3, 90, IN, clock_suspect=True),
                seen(4, LENGTH + 5, OUT),
            ),
            V.PRESENT,
            (),
        ),
    ],
)
def test_art33_a_suspect_clock_decides_nothing(
    passes: tuple[object, ...], verdict: DutyVerdict, reasons: tuple[UnknownReason, ...]
) -> None:
    judgement = judged(passes)  # type: ignore[arg-type]
    assert judgement.verdict is verdict
    assert judgement.unknown[:1] == reasons
    assert codes(judgement) == []


def test_art33_of_two_late_entries_of_which_one_is_suspect_the_fewer_minutes_count() -> None:
    passes = (seen(1, 20, IN, clock_suspect=True), seen(2, 30, IN), seen(3, LENGTH + 5, OUT))
    judgement = judged(passes)
    assert (judgement.verdict, judgement.minutes_late) == (V.LATE, 20)


# --- repeats ------------------------------------------------------------------------------------------------


def test_art33_the_same_exit_within_three_seconds_is_one_and_then_it_is_another() -> None:
    def exits(gap: int) -> tuple[UnknownReason, ...]:
        passes = (seen(1, -20, IN), seen(2, LENGTH - 1, OUT), seen(3, LENGTH - 1 + gap / 60, OUT))
        return judged(passes).unknown

    assert exits(2) == ()
    assert exits(3) == ()  # still before the end: leaving early either way
    late = (seen(1, -20, IN), seen(2, LENGTH - ONE_SECOND, OUT))
    assert judged((*late, seen(3, LENGTH + ONE_SECOND, OUT))).verdict is V.LEFT_EARLY
    assert judged((*late, seen(3, LENGTH + 2 * ONE_SECOND, OUT))).verdict is V.UNKNOWN


def test_art33_a_second_entry_without_an_exit_holds_nothing_against_anyone() -> None:
    assert judged((*turns(-20), seen(2, 100, IN), seen(3, LENGTH + 5, OUT))).verdict is V.PRESENT


def test_art33_of_two_passes_at_one_instant_the_doors_own_order_counts() -> None:
    # Sequence 9 comes before 10 although "10" sorts before "9".
    passes = (seen(10, 100, IN), seen(9, 100, OUT), seen(1, -20, IN), seen(11, LENGTH + 5, OUT))
    judgement = judged(passes)
    assert (judgement.verdict, judgement.minutes_inside) == (V.PRESENT, 480)


# --- double shifts ------------------------------------------------------------------------------------------


def test_art24_who_stays_for_the_next_duty_has_left_neither_early_nor_unrelieved() -> None:
    following = duty(id=2, starts_at=ENDS, ends_at=ENDS + timedelta(hours=8))
    passes = turns(-20, 2 * LENGTH + 5)
    first = judged(passes, neighbours=(following,), relieved_at=None)
    assert (first.verdict, codes(first)) == (V.PRESENT, [])
    second = judged(
        passes,
        neighbours=(night(),),
        id=2,
        starts_at=ENDS,
        ends_at=ENDS + timedelta(hours=8),
        relieved_at=ENDS + timedelta(hours=8),
    )
    assert (second.verdict, second.minutes_inside) == (V.PRESENT, 480)


def test_art33_the_evidence_of_a_double_shift_is_complete_after_the_second_duty() -> None:
    near = duty(id=2, starts_at=ENDS + timedelta(hours=2), ends_at=ENDS + timedelta(hours=10))
    far = duty(id=2, starts_at=ENDS + timedelta(hours=2, seconds=1), ends_at=ENDS + timedelta(hours=10))
    assert may_be_judged_at(night(), [near], DEFAULT_LIMITS) == ENDS + timedelta(hours=16)
    assert may_be_judged_at(night(), [far], DEFAULT_LIMITS) == ENDS + timedelta(hours=6)


@pytest.mark.parametrize(("came", "verdict"), [(-14 * 60, V.PRESENT), (-14 * 60 - ONE_SECOND, V.UNKNOWN)])
def test_art33_an_entry_of_fourteen_hours_before_still_counts_and_an_older_one_is_a_forgotten_exit(
    came: float, verdict: DutyVerdict
) -> None:
    assert judged(turns(came, LENGTH + 5)).verdict is verdict


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
    ("left", "verdict"), [(LENGTH / 2, V.PRESENT), (LENGTH / 2 - ONE_SECOND, V.LEFT_EARLY)]
)
def test_art35_before_leave_of_the_second_half_one_stays_to_the_middle(
    left: float, verdict: DutyVerdict
) -> None:
    assert judged(turns(-20, left), leave=(leave(LENGTH / 2, LENGTH),)).verdict is verdict


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


# --- the reasons --------------------------------------------------------------------------------------------


def test_art33_the_lines_say_what_decided() -> None:
    late = judged(turns(5, LENGTH + 5))
    assert [(line.code, line.article) for line in late.lines] == [("arrival", 21), ("departure", 24)]
    said = late.lines[0]
    assert said.text.format(**{k: f"{v:%H:%M}" for k, v in said.instants.items()}, **said.details) == (
        "Came at 14:05, 5 min after the start at 14:00"
    )
    missing = judged(turns(-20))
    assert missing.lines[-1].details == {"why": UNKNOWN_NAMES[R.MISSING_EXIT]}
    assert [line.code for line in judged().lines] == ["arrival"]


@pytest.mark.parametrize(
    "passes",
    [(), turns(-20), turns(5, 100), turns(-5, LENGTH), turns(100, first=OUT), turns(*PROPER)],
)
def test_every_line_can_be_filled(passes: tuple[object, ...]) -> None:
    judgement = judged(passes, leave=(leave(200, 220),))  # type: ignore[arg-type]
    for line in judgement.lines:
        assert line.text.format(**line.instants, **line.details)
    for finding in judgement.findings:
        assert FINDING_CODES[finding.code].text.format(**finding.details)
