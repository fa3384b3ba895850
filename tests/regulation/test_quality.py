"""Art. 39-41 and 43: each demand is a line of the form; who is inspected is planned fairly; months are compared."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulation.limits import DEFAULT_LIMITS
from regulation.quality import LINES, Form, Inspected, MonthMean, plan, score, trends

MONTH = date(2026, 11, 1)
DAYS = tuple(MONTH + timedelta(days=n) for n in range(0, 30, 2))


def form(*points: int) -> dict[str, str | bool]:
    return {line.key: str(n) for line, n in zip(LINES, points, strict=True)}


def test_art39_40_41_43_every_demand_has_a_line_and_every_line_its_article() -> None:
    assert {line.article for line in LINES} == {39, 40, 41, 43}


def test_art40_a_form_at_the_pass_mark_passes() -> None:
    done = score(form(8, 8, 8, 8, 8, 8, 8), DEFAULT_LIMITS)
    assert (done.points, done.most, done.percent, done.passed, done.weak_articles) == (56, 70, 80, True, ())


def test_art40_a_form_one_point_below_does_not_pass_and_says_which_demand_fell_short() -> None:
    done = score(form(10, 8, 8, 8, 8, 8, 5), DEFAULT_LIMITS)
    assert (done.percent, done.passed, done.weak_articles) == (78, False, (43,))


def test_a_line_nobody_scored_has_no_points() -> None:
    assert score({}, DEFAULT_LIMITS).points == 0


def test_the_plan_asks_for_the_same_of_everyone_who_works_that_month() -> None:
    made = plan(
        [Inspected(1, "1017", DAYS), Inspected(2, "1021", DAYS, done=DAYS[:1]), Inspected(3, "1022", ())],
        MONTH,
        DEFAULT_LIMITS,
    )
    assert [(p.work_number, p.wanted, p.done, p.missing) for p in made] == [
        ("1017", 2, 0, 2),
        ("1021", 2, 1, 1),
    ]


def test_a_month_not_passed_is_looked_at_once_more() -> None:
    (made,) = plan([Inspected(1, "1017", DAYS, failed_before=True)], MONTH, DEFAULT_LIMITS)
    assert made.missing == 3


def test_nobody_is_inspected_on_more_days_than_they_work() -> None:
    (made,) = plan([Inspected(1, "1017", DAYS[:1], failed_before=True)], MONTH, DEFAULT_LIMITS)
    assert (made.wanted, made.days) == (1, DAYS[:1])


people = st.lists(
    st.builds(
        Inspected,
        st.integers(1, 99),
        st.integers(1000, 1999).map(str),
        st.lists(st.sampled_from(DAYS), unique=True).map(lambda days: tuple(sorted(days))),
        st.lists(st.sampled_from(DAYS), unique=True, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_size=12,
    unique_by=lambda person: person.work_number,
)


@given(people)
def test_a_plan_is_the_same_whoever_makes_it_and_proposes_only_days_of_work(
    everyone: list[Inspected],
) -> None:
    made = plan(everyone, MONTH, DEFAULT_LIMITS)
    assert made == plan(list(reversed(everyone)), MONTH, DEFAULT_LIMITS)
    known = {person.work_number: person for person in everyone}
    for one in made:
        person = known[one.work_number]
        assert set(one.days) <= set(person.duty_days) - set(person.done)
        assert len(set(one.days)) == len(one.days) <= one.missing
        assert one.wanted <= len(person.duty_days)


def test_a_trend_has_a_mean_for_each_month_with_a_form() -> None:
    forms = [
        Form("甲", date(2026, 9, 3), 70),
        Form("甲", date(2026, 9, 20), 81),
        Form("甲", date(2026, 11, 1), 90),
        Form("乙", date(2026, 11, 30), 60),
    ]
    assert trends(forms) == {
        "甲": (MonthMean(date(2026, 9, 1), 2, 75), MonthMean(MONTH, 1, 90)),
        "乙": (MonthMean(MONTH, 1, 60),),
    }
