"""Rest between duties: every warning with its source, on both sides of its boundary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.limits import (
    BY_NAME,
    DEFAULT_LIMITS,
    HOUSE,
    LABOUR_LAW,
    NO_ARTICLE,
    LimitChange,
    limits_in_force,
)
from regulation.rest import (
    RULE_LIMITS,
    RULE_TEXTS,
    RestDuty,
    RestRule,
    RestWarning,
    is_night_work,
    warnings_of,
)
from regulation.rotations import READY_MADE, Rotation, shift_on

MONDAY = date(2026, 3, 2)
SIX, TWO, TEN = 6 * 60, 14 * 60, 22 * 60
EIGHT_HOURS = 8 * 60
SHIFTS = {
    "early": (SIX, EIGHT_HOURS),
    "middle": (TWO, EIGHT_HOURS),
    "night": (TEN, EIGHT_HOURS),
    "day12": (8 * 60, 720),
    "night12": (20 * 60, 720),
    "office": (8 * 60 + 30, EIGHT_HOURS),
}


def duty(day: int, start: int = SIX, length: int = EIGHT_HOURS) -> RestDuty:
    """A duty so many days after the Monday; the centre's clock is UTC here."""
    on = MONDAY + timedelta(days=day)
    starts_at = datetime.combine(on, time(), UTC) + timedelta(minutes=start)
    ends_at = starts_at + timedelta(minutes=length)
    return RestDuty(on, starts_at, ends_at, start, length, is_night_work(start, length))


def found(
    duties: Iterable[RestDuty], rule: RestRule, working_days: int | None = None
) -> list[tuple[int, float, int]]:
    """The warnings of one rule as (day, value, allowed)."""
    months = {} if working_days is None else {(2026, 3): working_days}
    judged = warnings_of(sorted(duties, key=lambda d: d.starts_at), DEFAULT_LIMITS, months)
    return [((w.date - MONDAY).days, w.value, w.allowed) for w in judged if w.rule is rule]


# --- boundary pairs -----------------------------------------------------------------------------------------


def test_eleven_hours_of_rest_are_enough() -> None:
    assert found([duty(0, 12 * 60), duty(1, 7 * 60)], RestRule.DAILY_REST) == []


def test_a_minute_less_than_eleven_hours_is_not_and_is_said_at_the_second_duty() -> None:
    assert found([duty(0, 12 * 60 + 1), duty(1, 7 * 60)], RestRule.DAILY_REST) == [(1, 10.98, 11)]


def test_a_duty_from_noon_on_may_follow_a_night() -> None:
    assert found([duty(0, TEN), duty(1, 12 * 60)], RestRule.NIGHT_TO_MORNING) == []


def test_a_duty_a_minute_before_noon_may_not_follow_a_night() -> None:
    assert found([duty(0, TEN), duty(1, 12 * 60 - 1)], RestRule.NIGHT_TO_MORNING) == [(1, 11.98, 12)]


def test_a_morning_after_a_free_day_or_after_an_evening_is_no_morning_after_a_night() -> None:
    assert found([duty(0, TEN), duty(2, SIX)], RestRule.NIGHT_TO_MORNING) == []
    assert found([duty(0, TWO), duty(1, SIX)], RestRule.NIGHT_TO_MORNING) == []


def test_six_days_in_a_row_are_allowed() -> None:
    assert found([duty(n) for n in range(6)], RestRule.LONG_RUN) == []


def test_the_seventh_day_in_a_row_is_too_much_and_said_once() -> None:
    assert found([duty(n) for n in range(9)], RestRule.LONG_RUN) == [(6, 7, 6)]


def test_a_run_ends_with_a_free_day_and_two_duties_of_one_day_are_one_day_of_it() -> None:
    assert found([duty(n) for n in range(13) if n != 6], RestRule.LONG_RUN) == []
    halves = [duty(n, SIX, 120) for n in range(6)] + [duty(n, 9 * 60, 120) for n in range(6)]
    assert found(halves, RestRule.LONG_RUN) == []


def test_a_free_day_in_the_week_is_enough() -> None:
    assert found([duty(n) for n in range(7) if n != 3], RestRule.WEEKLY_REST) == []


def test_a_week_without_a_free_day_is_said_at_its_last_duty() -> None:
    assert found([duty(n) for n in range(7)], RestRule.WEEKLY_REST) == [(6, 0, 1)]
    assert found([duty(n) for n in range(3, 10)], RestRule.WEEKLY_REST) == []  # parts of two weeks


@pytest.mark.parametrize(
    ("starts", "short"), [(SIX, []), (SIX - 1, [(6, 0, 1)])], ids=["24 h", "a minute less"]
)
def test_a_free_day_lies_in_24_hours_without_duty(starts: int, short: list[tuple[int, float, int]]) -> None:
    week = [duty(0), duty(1), duty(2, TEN), duty(4, starts), duty(5), duty(6)]
    assert found(week, RestRule.WEEKLY_REST) == short


def eight_weeks(*hours: int) -> list[RestDuty]:
    """Duties of so many hours on the first days of eight weeks."""
    return [duty(7 * week + day, SIX, 60 * long) for week in range(8) for day, long in enumerate(hours)]


def test_forty_four_hours_a_week_on_average_are_allowed() -> None:
    assert found(eight_weeks(8, 8, 8, 8, 8, 4), RestRule.WEEKLY_HOURS) == []


def test_a_minute_more_over_eight_weeks_is_not() -> None:
    duties = eight_weeks(8, 8, 8, 8, 8, 4)
    last = replace(duties[-1], worked_minutes=duties[-1].worked_minutes + 1)
    assert found([*duties[:-1], last], RestRule.WEEKLY_HOURS) == [(54, 44.0, 44)]


def test_a_hard_week_between_easy_ones_is_within_the_average() -> None:
    assert found([duty(n, SIX, 600) for n in range(6)], RestRule.WEEKLY_HOURS) == []


def test_thirty_six_hours_of_overtime_in_a_month_are_allowed() -> None:
    duties = [duty(n) for n in range(22)] + [duty(22, SIX, 4 * 60)]
    assert found(duties, RestRule.OVERTIME, working_days=18) == []


def test_a_minute_more_overtime_is_not() -> None:
    duties = [duty(n) for n in range(22)] + [duty(22, SIX, 4 * 60 + 1)]
    assert found(duties, RestRule.OVERTIME, working_days=18) == [(22, 36.0, 36)]


def test_overtime_is_not_judged_where_the_months_working_days_are_not_known() -> None:
    assert found([duty(n) for n in range(29)], RestRule.OVERTIME) == []


def test_three_hours_between_midnight_and_five_make_a_night() -> None:
    assert is_night_work(TEN, 5 * 60)
    assert is_night_work(2 * 60, 4 * 60)
    assert is_night_work(23 * 60, 12 * 60)


def test_a_minute_less_does_not() -> None:
    assert not is_night_work(TEN, 5 * 60 - 1)
    assert not is_night_work(2 * 60 + 1, 4 * 60)
    assert not is_night_work(SIX, 16 * 60)


# --- sources ------------------------------------------------------------------------------------------------


def test_every_rule_has_a_limit_with_its_source_and_words() -> None:
    assert set(RULE_LIMITS) == set(RULE_TEXTS) == set(RestRule)
    sources = {rule: BY_NAME[name].source for rule, name in RULE_LIMITS.items()}
    assert {rule for rule, source in sources.items() if source == LABOUR_LAW} == {
        RestRule.WEEKLY_REST,
        RestRule.WEEKLY_HOURS,
        RestRule.OVERTIME,
    }
    assert {rule for rule, source in sources.items() if source == HOUSE} == set(RestRule) - {
        rule for rule, source in sources.items() if source == LABOUR_LAW
    }
    assert {BY_NAME[name].article for name in RULE_LIMITS.values()} == {NO_ARTICLE}
    assert RestWarning(RestRule.DAILY_REST, MONDAY, 8, 11).limit.law == "as in EU 2003/88/EC Art. 3"


def test_a_centres_own_limit_decides() -> None:
    stricter = limits_in_force([LimitChange("longest_run_days", 5, MONDAY)], MONDAY)
    judged = warnings_of([duty(n) for n in range(6)], stricter, {})
    assert [(w.rule, w.value, w.allowed) for w in judged] == [(RestRule.LONG_RUN, 6, 5)]


# --- rotations and laws -------------------------------------------------------------------------------------

FORTY_TWO_HOURS_OR_LESS = [r for r in READY_MADE.values() if r.hours_a_week < 44 and not r.working_days]


def year_of(rotation: Rotation, offset: int) -> list[RestDuty]:
    worked = [
        (n, shift_on(rotation.pattern, MONDAY, offset, MONDAY + timedelta(days=n))) for n in range(52 * 7)
    ]
    return [duty(n, *SHIFTS[code]) for n, code in worked if code]


@pytest.mark.parametrize("rotation", FORTY_TWO_HOURS_OR_LESS, ids=lambda r: r.code)
def test_the_customary_rotations_of_four_and_five_teams_draw_no_warning_in_a_year(rotation: Rotation) -> None:
    # But for overtime, which is about the working days of each month.
    for offset in rotation.offsets:
        assert warnings_of(year_of(rotation, offset), DEFAULT_LIMITS, {}) == ()


def test_three_teams_around_the_clock_break_the_weekly_hours() -> None:
    rules = {w.rule for w in warnings_of(year_of(READY_MADE["3x3"], 0), DEFAULT_LIMITS, {})}
    assert rules == {RestRule.WEEKLY_HOURS, RestRule.WEEKLY_REST, RestRule.LONG_RUN, RestRule.DAILY_REST}


rosters = st.dictionaries(
    st.integers(0, 120), st.sampled_from(["early", "middle", "night", "day12"]), max_size=90
).map(lambda days: [duty(day, *SHIFTS[code]) for day, code in sorted(days.items())])


@given(rosters, st.integers(0, 120))
def test_one_duty_more_never_clears_what_was_wrong_in_another_week_or_month(
    duties: list[RestDuty], day: int
) -> None:
    """What the rules look at grows only: sums, free days and rests."""
    added = sorted([*duties, duty(day, *SHIFTS["early"])], key=lambda d: d.starts_at)
    if len({d.date for d in added}) < len(added):
        return

    def total(rule: RestRule, run: list[RestDuty]) -> int:
        months = {(2026, month): 15 for month in range(3, 8)}
        return sum(w.rule is rule for w in warnings_of(run, DEFAULT_LIMITS, months))

    for rule in (RestRule.WEEKLY_REST, RestRule.WEEKLY_HOURS, RestRule.OVERTIME):
        assert total(rule, duties) <= total(rule, added)


@given(rosters)
def test_warnings_are_in_order_and_only_on_days_with_a_duty(duties: list[RestDuty]) -> None:
    judged = warnings_of(duties, DEFAULT_LIMITS, {(2026, 3): 21})
    assert [w.date for w in judged] == sorted(w.date for w in judged)
    assert {w.date for w in judged} <= {d.date for d in duties}
    assert len({(w.rule, w.date) for w in judged}) == len(judged)
