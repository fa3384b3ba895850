"""Art. 35: leave withdrawn, shortened, extended; and the days a person has left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.findings import Refusal
from regulation.leave import CoveredDuty
from regulation.leave_balance import Balance, Grant, Use, balance, carried_over
from regulation.leave_changes import (
    LEAVE_STATE_NAMES,
    LeaveState,
    extension_refusal,
    shortening_refusal,
    withdrawal_refusal,
)
from regulation.leave_kinds import LeaveKind
from tests.regulation.room import INSTANT
from tests.regulation.test_leave import NIGHTS, piece

S, K = LeaveState, LeaveKind
WHOLE = tuple(piece(duty) for duty in NIGHTS)
FIRST, SECOND, THIRD = WHOLE
BEGINS = FIRST.from_at


def said(refusal: Refusal | None) -> str:
    return refusal.code.removeprefix("leave.") if refusal is not None else ""


def test_every_state_has_a_name() -> None:
    assert set(LEAVE_STATE_NAMES) == set(LeaveState)


@pytest.mark.parametrize(
    ("state", "now", "code"),
    [
        (S.ACCEPTED, BEGINS - INSTANT, ""),
        (S.ACCEPTED, BEGINS, "begun"),
        (S.ASKED, BEGINS, ""),
        (S.REFUSED, BEGINS - INSTANT, "closed"),
        (S.WITHDRAWN, BEGINS - INSTANT, "closed"),
    ],
)
def test_art35_accepted_leave_is_withdrawn_until_it_begins(
    state: LeaveState, now: datetime, code: str
) -> None:
    assert said(withdrawal_refusal(state, WHOLE, now)) == code


@pytest.mark.parametrize(
    ("kept", "now", "code"),
    [
        ((FIRST,), SECOND.from_at - INSTANT, ""),
        ((FIRST,), SECOND.from_at, "taken"),
        ((FIRST, SECOND), SECOND.from_at, ""),
        ((SECOND, THIRD), BEGINS - INSTANT, ""),
        ((SECOND, THIRD), BEGINS, "taken"),
        ((), BEGINS - INSTANT, "not_shorter"),
        (WHOLE, BEGINS - INSTANT, "not_shorter"),
    ],
)
def test_art35_what_has_begun_is_not_given_back(
    kept: tuple[CoveredDuty, ...], now: datetime, code: str
) -> None:
    assert said(shortening_refusal(S.ACCEPTED, WHOLE, kept, now)) == code


def test_art35_only_what_was_asked_can_be_kept() -> None:
    assert said(shortening_refusal(S.ACCEPTED, (FIRST, SECOND), (THIRD,), BEGINS - INSTANT)) == "not_shorter"
    assert said(shortening_refusal(S.REFUSED, WHOLE, (FIRST,), BEGINS - INSTANT)) == "closed"


def test_art35_an_extension_follows_at_once_and_a_duty_between_them_parts_them() -> None:
    assert said(extension_refusal(S.ACCEPTED, (FIRST,), (SECOND, THIRD), NIGHTS)) == ""
    assert said(extension_refusal(S.ACCEPTED, (SECOND,), (THIRD,), NIGHTS)) == ""  # a day off lies between
    assert said(extension_refusal(S.ACCEPTED, (FIRST,), (THIRD,), NIGHTS)) == "apart"
    assert said(extension_refusal(S.ACCEPTED, (SECOND,), (FIRST,), NIGHTS)) == "apart"
    assert said(extension_refusal(S.ACCEPTED, (FIRST,), (), NIGHTS)) == "apart"
    assert said(extension_refusal(S.WITHDRAWN, (FIRST,), (SECOND,), NIGHTS)) == "closed"


def test_art35_the_other_half_of_a_duty_is_an_extension_and_the_far_half_of_the_next_is_not() -> None:
    def half(duty: CoveredDuty, second: bool) -> CoveredDuty:
        middle = duty.from_at + (duty.until_at - duty.from_at) / 2
        bounds = (middle, duty.until_at) if second else (duty.from_at, middle)
        return CoveredDuty(duty.duty, *bounds)

    rest_of_it, its_start = half(FIRST, second=True), half(FIRST, second=False)
    assert said(extension_refusal(S.ACCEPTED, (its_start,), (rest_of_it,), NIGHTS)) == ""
    assert said(extension_refusal(S.ACCEPTED, (FIRST,), (half(SECOND, second=False),), NIGHTS)) == ""
    assert said(extension_refusal(S.ACCEPTED, (FIRST,), (half(SECOND, second=True),), NIGHTS)) == "apart"
    assert said(extension_refusal(S.ACCEPTED, (its_start,), (SECOND,), NIGHTS)) == "apart"


# --- balances -----------------------------------------------------------------------------------------------

YEAR = Grant(K.ANNUAL, Fraction(5), date(2026, 1, 1), date(2026, 12, 31))
NEXT_YEAR = Grant(K.ANNUAL, Fraction(5), date(2027, 1, 1), date(2027, 12, 31))
CARRIED = Grant(K.ANNUAL, Fraction(2), date(2027, 1, 1), date(2027, 3, 31), carried_over=True)


def use(day: date, days: Fraction | int = 1) -> Use:
    return Use(K.ANNUAL, day, Fraction(days))


def test_a_kind_the_centre_keeps_no_balance_of_has_none() -> None:
    assert balance(K.COMPENSATORY, [YEAR], [], date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("on", "left"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), Fraction(7, 2)),
        (date(2026, 12, 31), Fraction(7, 2)),
        (date(2027, 1, 1), 7),
        (date(2027, 3, 31), 7),
        (date(2027, 4, 1), 5),
    ],
)
def test_days_count_from_the_first_day_of_their_grant_to_its_last(on: date, left: Fraction) -> None:
    uses = [use(date(2026, 5, 4)), use(date(2026, 5, 5), Fraction(1, 2))]
    found = balance(K.ANNUAL, [YEAR, NEXT_YEAR, CARRIED], uses, on)
    assert found is not None
    assert found.left == left


def test_carried_days_are_used_first_and_only_in_their_time() -> None:
    in_march = balance(K.ANNUAL, [NEXT_YEAR, CARRIED], [use(date(2027, 3, 31), 3)], date(2027, 4, 1))
    in_april = balance(K.ANNUAL, [NEXT_YEAR, CARRIED], [use(date(2027, 4, 1), 3)], date(2027, 4, 1))
    assert in_march is not None
    assert in_april is not None
    assert [in_march.used, in_april.used] == [Fraction(1), Fraction(3)]
    assert [in_march.left, in_april.left] == [Fraction(4), Fraction(2)]
    assert [in_march.granted, in_march.carried_over] == [Fraction(5), Fraction(0)]


@pytest.mark.parametrize(
    ("day", "short"),
    [(date(2025, 12, 31), 1), (date(2026, 1, 1), 0), (date(2026, 12, 31), 0), (date(2027, 1, 1), 1)],
)
def test_a_grant_covers_its_first_and_its_last_day(day: date, short: int) -> None:
    found = balance(K.ANNUAL, [YEAR], [use(day)], date(2026, 6, 1))
    assert found is not None
    assert found.short == short


def test_days_no_grant_covers_are_short() -> None:
    found = balance(K.ANNUAL, [YEAR], [use(date(2026, 5, 4), 6), use(date(2027, 1, 1))], date(2026, 6, 1))
    assert found == Balance(K.ANNUAL, Fraction(5), Fraction(0), Fraction(5), Fraction(0), Fraction(2))


@pytest.mark.parametrize(("used", "carried"), [(0, 3), (2, 3), (3, 2), (5, None)])
def test_a_rest_goes_on_into_the_next_year_up_to_what_the_centre_allows(
    used: int, carried: int | None
) -> None:
    rest = balance(K.ANNUAL, [YEAR], [use(date(2026, 5, 4), used)], date(2026, 12, 31))
    assert rest is not None
    grant = carried_over(rest, Fraction(3), date(2027, 1, 1), date(2027, 3, 31))
    assert (grant.days if grant is not None else None) == carried


@given(st.lists(st.tuples(st.integers(0, 450), st.sampled_from((Fraction(1, 2), Fraction(1)))), max_size=20))
def test_every_day_used_is_taken_once_or_is_short(uses: list[tuple[int, Fraction]]) -> None:
    taken = [use(date(2026, 1, 1) + timedelta(days=n), days) for n, days in uses]
    grants = [YEAR, NEXT_YEAR, CARRIED]
    last = {grant: balance(K.ANNUAL, [grant], [], grant.last_day) for grant in grants}
    assert all(found is not None and found.left == grant.days for grant, found in last.items())
    ends = [balance(K.ANNUAL, grants, taken, day) for day in (date(2026, 12, 31), date(2027, 12, 31))]
    rest = sum((end.left for end in ends if end is not None), Fraction(0))
    short = ends[0].short if ends[0] is not None else Fraction(0)
    total = sum((u.days for u in taken), Fraction(0))
    assert short >= 0
    assert 0 <= 10 - rest <= total - short <= 12 - rest
