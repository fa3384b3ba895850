"""Art. 3, 44: what the month's assessment says, and until when it is in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.assessment import (
    EARLIER_MONTHS,
    Counted,
    FindingCount,
    Trend,
    article_lines,
    assessment_deadline,
    counted,
    earlier_months,
    late_assessment,
    person_articles,
    sending_blockers,
    trend_of,
)
from regulation.limits import DEFAULT_LIMITS

ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
MOMENT = timedelta(microseconds=1)
# The end of 5 December in Shanghai.
DEADLINE = datetime(2026, 12, 5, 16, tzinfo=UTC)


def count(month: date, article: int, code: str, number: int, person: int = 1) -> FindingCount:
    return FindingCount(month, article, code, person, "甲", number)


def test_art44_an_assessment_sent_on_the_last_moment_of_the_fifth_is_in_time() -> None:
    assert assessment_deadline(NOVEMBER, ZONE, DEFAULT_LIMITS) == DEADLINE
    assert late_assessment(NOVEMBER, DEADLINE - MOMENT, ZONE, DEFAULT_LIMITS) is None


def test_art44_an_assessment_sent_when_the_sixth_begins_is_late() -> None:
    found = late_assessment(NOVEMBER, DEADLINE, ZONE, DEFAULT_LIMITS)
    assert found is not None
    assert (found.article, found.code, found.details) == (44, "assessment_late", {"month": "2026-11"})


def test_art44_a_month_is_sent_when_it_is_over_and_not_a_moment_before() -> None:
    over = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert [b.code for b in sending_blockers(NOVEMBER, over - MOMENT, ZONE, [])] == ["month_runs"]
    assert sending_blockers(NOVEMBER, over, ZONE, []) == ()


def test_art34_a_team_whose_attendance_is_not_in_holds_the_assessment_up() -> None:
    (blocker,) = sending_blockers(NOVEMBER, DEADLINE, ZONE, ["甲班"])
    assert (blocker.article, blocker.code, blocker.details) == (34, "attendance_open", {"team": "甲班"})


@pytest.mark.parametrize(
    ("found", "earlier", "trend"),
    [
        (3, (), Trend.FIRST),
        (3, (3, 3), Trend.SAME),
        (3, (2, 3), Trend.MORE),
        (2, (2, 3), Trend.FEWER),
        (0, (0, 0, 1), Trend.FEWER),
    ],
)
def test_art44_a_trend_compares_with_the_exact_mean_of_the_months_before(
    found: int, earlier: tuple[int, ...], trend: Trend
) -> None:
    assert trend_of(found, earlier) is trend


def test_art44_articles_stand_by_number_and_their_codes_by_how_often() -> None:
    counts = [
        count(NOVEMBER, 21, "duty_late", 1),
        count(NOVEMBER, 21, "relief_late", 2),
        count(NOVEMBER, 21, "duty_late", 2, person=2),
        count(OCTOBER, 20, "entry_refused", 4),
    ]
    twenty, twenty_one = article_lines(counts, (OCTOBER,), NOVEMBER, {})
    assert (twenty.article, twenty.found, twenty.codes) == (20, Counted(0, (4,)), ())
    assert (twenty_one.found, twenty_one.codes) == (
        Counted(5, (0,)),
        (("duty_late", 3), ("relief_late", 2)),
    )


def test_art44_an_article_that_only_refused_stands_in_it_without_a_finding() -> None:
    (line,) = article_lines([], (OCTOBER,), NOVEMBER, {35: 2})
    assert (line.article, line.found, line.refused) == (35, Counted(0, (0,)), 2)


def test_art44_months_before_the_centre_was_are_not_compared_with() -> None:
    assert earlier_months(NOVEMBER, date(2026, 9, 17)) == (date(2026, 9, 1), OCTOBER)
    assert earlier_months(NOVEMBER, NOVEMBER) == ()
    assert len(earlier_months(NOVEMBER, date(2000, 1, 1))) == EARLIER_MONTHS


@given(
    st.lists(
        st.builds(
            count,
            st.sampled_from([OCTOBER, NOVEMBER]),
            st.integers(1, 44),
            st.sampled_from(["a", "b", "c"]),
            st.integers(1, 9),
            st.integers(0, 3),
        )
    )
)
def test_art44_nothing_is_lost_between_the_sum_the_articles_and_the_people(
    counts: list[FindingCount],
) -> None:
    whole = counted(counts, (OCTOBER,), NOVEMBER)
    lines = article_lines(counts, (OCTOBER,), NOVEMBER, {})
    assert sum(line.found.count for line in lines) == whole.count
    assert sum(line.found.earlier[0] for line in lines) == whole.earlier[0]
    assert all(sum(n for _code, n in line.codes) == line.found.count for line in lines)
    assert sum(n for _article, n in person_articles(counts, NOVEMBER)) == whole.count
