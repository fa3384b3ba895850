"""Art. 38: a swap is asked beforehand, agreed to by both sides, consented to by a leader who is not part of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.swaps import (
    LedSpan,
    Leg,
    SwapRecord,
    SwapState,
    begins_at,
    cut_well,
    half_of,
    may_act_for,
    may_agree,
    may_ask,
    may_consent,
    may_refuse,
    may_withdraw,
    overlaps_itself,
    pieces_of,
    relieves_oneself,
)

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BEGINS = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ENDS = BEGINS + 8 * HOUR
GIVER, TAKER, LEADER, STRANGER, SPOKE = 1, 2, 3, 4, 5
ASKED = SwapRecord(
    7,
    SwapState.ASKED,
    BEGINS,
    frozenset({GIVER, TAKER}),
    frozenset({GIVER}),
    frozenset({SPOKE}),
    frozenset({LEADER, SPOKE, GIVER}),
)
AGREED = replace(ASKED, state=SwapState.AGREED, agreed=ASKED.parties)
CONSENTED = replace(AGREED, state=SwapState.CONSENTED)
LAST, FIRST_TOO_LATE = BEGINS - SECOND, BEGINS


def leg(from_at: datetime = BEGINS, until_at: datetime = ENDS, taker: int = TAKER) -> Leg:
    return Leg(10, GIVER, taker, BEGINS, ENDS, from_at, until_at)


def code(blocker: object) -> str:
    return getattr(blocker, "code", "")


def test_art38_a_swap_is_asked_until_the_second_before_the_duty_begins() -> None:
    assert may_ask(BEGINS, LAST) is None
    late = may_ask(BEGINS, FIRST_TOO_LATE)
    assert late is not None
    assert (late.article, late.code) == (38, "swap_too_late")


def test_art38_the_other_side_agrees_until_the_second_before_the_duty_begins() -> None:
    assert may_agree(ASKED, TAKER, LAST) is None
    assert code(may_agree(ASKED, TAKER, FIRST_TOO_LATE)) == "swap_too_late"


def test_art38_only_those_in_it_agree_and_once() -> None:
    assert code(may_agree(ASKED, STRANGER, LAST)) == "swap_of_others"
    assert code(may_agree(ASKED, GIVER, LAST)) == "swap_agreed"
    assert code(may_agree(AGREED, TAKER, LAST)) == "swap_decided"


def test_art38_a_leader_consents_until_the_second_before_the_duty_begins() -> None:
    assert may_consent(AGREED, LEADER, LAST) is None
    assert code(may_consent(AGREED, LEADER, FIRST_TOO_LATE)) == "swap_too_late"


def test_art38_consent_waits_for_both_sides_and_is_given_once() -> None:
    assert code(may_consent(ASKED, LEADER, LAST)) == "swap_not_agreed"
    assert code(may_consent(CONSENTED, LEADER, LAST)) == "swap_not_agreed"


@pytest.mark.parametrize(
    ("person", "why"),
    [(GIVER, "own_swap"), (TAKER, "own_swap"), (SPOKE, "own_swap"), (STRANGER, "not_their_leader")],
)
def test_art38_nobody_decides_on_a_swap_of_their_own_and_no_stranger_does(person: int, why: str) -> None:
    assert code(may_consent(AGREED, person, LAST)) == why
    assert AGREED.deciders == {LEADER}


def test_art38_those_in_it_and_the_leaders_who_decide_may_refuse() -> None:
    for person in (GIVER, TAKER, LEADER):
        assert may_refuse(AGREED, person, LAST) is None
        assert code(may_refuse(AGREED, person, FIRST_TOO_LATE)) == "swap_too_late"
        assert code(may_refuse(CONSENTED, person, LAST)) == "swap_decided"
    assert code(may_refuse(AGREED, STRANGER, LAST)) == "not_their_leader"


@pytest.mark.parametrize("swap", [ASKED, AGREED, CONSENTED])
def test_art38_a_swap_is_withdrawn_until_the_second_before_the_duty_begins(swap: SwapRecord) -> None:
    for person in (GIVER, TAKER, LEADER, SPOKE):
        assert may_withdraw(swap, person, LAST) is None
        assert code(may_withdraw(swap, person, FIRST_TOO_LATE)) == "swap_begun"
    assert code(may_withdraw(swap, STRANGER, LAST)) == "swap_of_others"


@pytest.mark.parametrize("state", [SwapState.REFUSED, SwapState.WITHDRAWN, SwapState.LAPSED])
def test_art38_what_is_settled_stays_settled(state: SwapState) -> None:
    settled = replace(AGREED, state=state)
    for rule in (may_agree, may_consent, may_refuse, may_withdraw):
        assert all(rule(settled, person, LAST) is not None for person in (GIVER, TAKER, LEADER))


def test_art38_whoever_is_part_of_a_swap_speaks_for_nobody_else() -> None:
    assert may_act_for([GIVER, TAKER], LEADER) is None
    assert code(may_act_for([GIVER, TAKER], TAKER)) == "own_swap"


def test_art38_the_first_of_several_duties_decides_when_it_is_too_late() -> None:
    later = Leg(11, TAKER, GIVER, BEGINS + HOUR, ENDS + HOUR, BEGINS + HOUR, ENDS + HOUR)
    assert begins_at([later, leg(BEGINS + 4 * HOUR)]) == BEGINS


@pytest.mark.parametrize(
    ("minutes", "why"), [(30, ""), (29, "part_too_short"), (450, ""), (451, "part_too_short"), (480, "")]
)
def test_art38_every_part_of_a_duty_lasts_thirty_minutes(minutes: int, why: str) -> None:
    assert code(cut_well([leg(until_at=BEGINS + minutes * MINUTE)], 30 * MINUTE)) == why


def test_art38_a_part_lies_within_the_duty_and_is_taken_once() -> None:
    assert code(cut_well([leg(BEGINS - SECOND)], 30 * MINUTE)) == "part_outside"
    assert code(cut_well([leg(until_at=ENDS + SECOND)], 30 * MINUTE)) == "part_outside"
    middle = BEGINS + 4 * HOUR
    assert cut_well([leg(until_at=middle), leg(middle, taker=STRANGER)], 30 * MINUTE) is None
    two = [leg(until_at=middle), leg(middle - SECOND, taker=STRANGER)]
    assert code(cut_well(two, 30 * MINUTE)) == "parts_overlap"


def test_art38_a_half_is_cut_at_the_full_minute() -> None:
    assert half_of(BEGINS, ENDS) == BEGINS + 4 * HOUR
    assert half_of(BEGINS, BEGINS + 61 * MINUTE) == BEGINS + 30 * MINUTE


@given(st.lists(st.integers(0, 480), min_size=2, max_size=6, unique=True))
def test_art38_the_pieces_are_the_duty_without_gap_or_overlap(cuts: list[int]) -> None:
    at = [BEGINS + cut * MINUTE for cut in sorted(cuts)]
    legs = [leg(a, b, TAKER + n) for n, (a, b) in enumerate(zip(at[::2], at[1::2], strict=False))]
    pieces = pieces_of(legs)
    assert (pieces[0].from_at, pieces[-1].until_at) == (BEGINS, ENDS)
    assert all(a.until_at == b.from_at for a, b in pairwise(pieces))
    taken = {(p.person_id, p.from_at, p.until_at) for p in pieces if p.person_id != GIVER}
    assert taken == {(one.taker_id, one.from_at, one.until_at) for one in legs}


def test_art38_duties_that_touch_do_not_overlap() -> None:
    assert not overlaps_itself([(ENDS, ENDS + HOUR), (BEGINS, ENDS)])
    assert overlaps_itself([(ENDS - SECOND, ENDS + HOUR), (BEGINS, ENDS)])


def test_art21_nobody_takes_over_from_themselves() -> None:
    night = LedSpan(("23", "night"), BEGINS, ENDS)
    for gap, alone in ((HOUR, True), (HOUR + SECOND, False)):
        early = LedSpan(("24", "early"), ENDS + gap, ENDS + 9 * HOUR)
        assert relieves_oneself([early, night], HOUR) is alone
    rest_of_the_night = LedSpan(("23", "night"), ENDS + MINUTE, ENDS + HOUR)
    assert not relieves_oneself([night, rest_of_the_night], HOUR)
