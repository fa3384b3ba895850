"""Art. 24, 33: what signatures, reliefs, outages, suspect clocks and repeated passes say of a duty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regulation.attendance_evidence import may_be_judged_at
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction
from tests.regulation.room import ENDS, duty
from tests.regulation.witnesses import (
    LENGTH,
    PROPER,
    codes,
    judged,
    minute,
    night,
    outage,
    seen,
    signed,
    turns,
)

V = DutyVerdict
R = UnknownReason
IN, OUT = Direction.IN, Direction.OUT
ONE_SECOND = 1 / 60


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


@pytest.mark.parametrize(("signed_at", "verdict"), [(LENGTH, V.PRESENT), (LENGTH + ONE_SECOND, V.UNKNOWN)])
def test_art33_who_was_back_unseen_by_the_end_did_not_leave_early(
    signed_at: float, verdict: DutyVerdict
) -> None:
    passes = (*turns(-20, 300), seen(3, LENGTH + 5, OUT))
    judgement = judged(passes, signatures=signed(signed_at))
    assert judgement.verdict is verdict


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
    ("begin", "verdict"), [(-10, V.UNKNOWN), (-10 + ONE_SECOND, V.LATE_FOR_RELIEF)], ids=["due", "later"]
)
def test_art33_who_may_have_come_unseen_when_due_is_not_called_late_for_relief(
    begin: float, verdict: DutyVerdict
) -> None:
    assert judged(turns(-5, LENGTH + 5), outages=(outage(begin, -6),)).verdict is verdict


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


def test_art33_of_two_early_exits_of_which_one_is_suspect_the_fewer_minutes_count() -> None:
    back = (seen(3, 310, IN, clock_suspect=True), seen(4, 400, OUT, clock_suspect=True))
    judgement = judged((*turns(-20, 300), *back))
    assert (judgement.verdict, judgement.minutes_early) == (V.LEFT_EARLY, 80)


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


@pytest.mark.parametrize(
    ("again", "verdict"),
    [(LENGTH - ONE_SECOND, V.PRESENT), (LENGTH, V.UNKNOWN)],
    ids=["before", "at the end"],
)
def test_art33_from_the_end_on_a_second_entry_shows_that_the_exit_was_not_seen(
    again: float, verdict: DutyVerdict
) -> None:
    assert judged((*turns(-20), seen(2, again, IN), seen(3, LENGTH + 5, OUT))).verdict is verdict


@pytest.mark.parametrize(("seconds", "verdict"), [(2, V.LATE), (3, V.UNKNOWN)])
def test_art33_the_same_entry_within_three_seconds_over_the_end_is_one(
    seconds: int, verdict: DutyVerdict
) -> None:
    last = LENGTH - ONE_SECOND
    passes = (seen(1, last, IN), seen(2, last + seconds / 60, IN), seen(3, LENGTH + 5, OUT))
    assert judged(passes).verdict is verdict


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


@pytest.mark.parametrize(
    ("begins", "found"),
    [
        (timedelta(hours=2), []),
        (timedelta(hours=2, seconds=1), ["left_before_relief"]),
        (timedelta(hours=-8), ["left_before_relief"]),
        (timedelta(hours=-16), ["left_before_relief"]),
    ],
    ids=["next", "too far off", "itself", "before"],
)
def test_art24_only_a_duty_that_follows_at_once_lets_the_relief_of_this_one_wait(
    begins: timedelta, found: list[str]
) -> None:
    other = duty(id=2, starts_at=ENDS + begins, ends_at=ENDS + begins + timedelta(hours=8))
    assert codes(judged(turns(*PROPER), neighbours=(other,), relieved_at=None)) == found


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
