"""Art. 34: the month's rate, exactly and on time, with its formula; unresolved days block it; what is frozen stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.attendance_evidence import JudgedDuty
from regulation.attendance_month import (
    CountedDuty,
    categories,
    counted,
    formula,
    late_submission,
    month_diff,
    submission_blockers,
    submission_deadline,
    submission_due_on,
    submission_is_late,
    submission_refusal,
    totals,
)
from regulation.duty_numbers import number_text, percent_text
from regulation.duty_verdicts import ATTENDED, DutyVerdict
from regulation.findings import FINDING_CODES
from regulation.leave_kinds import LeaveKind, LeaveShare
from regulation.leave_routing import Delegation
from regulation.limits import DEFAULT_LIMITS, LimitChange, limits_in_force
from regulation.roles import Role
from tests.regulation.room import INSTANT, LEADER, OPERATOR, SECOND
from tests.regulation.witnesses import LENGTH, PROPER, judged, leave, night, turns

V, K = DutyVerdict, LeaveKind
HALF = Fraction(1, 2)
ZONE = ZoneInfo("Asia/Shanghai")
NOVEMBER = date(2026, 11, 1)
DEADLINE = datetime(2026, 12, 3, 16, 0, tzinfo=UTC)  # midnight after the third, in the centre

_ids = iter(range(1, 10_000))


def count(
    verdict: DutyVerdict, *leave: LeaveShare, part: Fraction = Fraction(1), **more: object
) -> CountedDuty:
    """One duty of the month; ids follow one another."""
    return CountedDuty(next(_ids), OPERATOR, "甲班", NOVEMBER, verdict, part, leave, **more)  # type: ignore[arg-type]


def off(kind: LeaveKind, share: Fraction = Fraction(1)) -> CountedDuty:
    """A duty on leave, or half of one; the other half was attended."""
    return count(V.ON_LEAVE if share == 1 else V.PRESENT, LeaveShare(kind, share))


def worked(number: int, verdict: DutyVerdict = V.PRESENT) -> list[CountedDuty]:
    return [count(verdict) for _ in range(number)]


@pytest.mark.parametrize(
    ("duties", "due", "attended"),
    [
        (worked(20), 20, 20),
        ([*worked(19), count(V.ABSENT)], 20, 19),
        ([*worked(19), count(V.LATE)], 20, 20),
        ([*worked(19), count(V.LATE_FOR_RELIEF)], 20, 20),
        ([*worked(19), count(V.LEFT_EARLY)], 20, 20),
        ([*worked(19), count(V.UNKNOWN)], 20, 19),
        ([*worked(19), count(V.SWAPPED_OUT)], 19, 19),
        *[([*worked(19), off(kind)], 19, 19) for kind in (K.PUBLIC_HOLIDAY, K.ANNUAL, K.COMPENSATORY)],
        *[
            ([*worked(19), off(kind)], 20, 19)
            for kind in set(K) - {K.PUBLIC_HOLIDAY, K.ANNUAL, K.COMPENSATORY}
        ],
        ([*worked(19), off(K.ANNUAL, HALF)], Fraction(39, 2), Fraction(39, 2)),
        ([*worked(19), off(K.SICK, HALF)], 20, Fraction(39, 2)),
        ([*worked(19), count(V.ABSENT, LeaveShare(K.ANNUAL, HALF))], Fraction(39, 2), 19),
        ([*worked(19), count(V.PRESENT, part=Fraction(1, 3))], Fraction(58, 3), Fraction(58, 3)),
        ([], 0, 0),
    ],
)
def test_art34_due_and_attended(
    duties: list[CountedDuty], due: Fraction | int, attended: Fraction | int
) -> None:
    month = totals(duties)
    assert (month.due, month.attended) == (due, attended)
    assert month.rate == (Fraction(attended) / due if due else None)


def test_art34_a_month_of_leave_that_is_not_due_has_no_rate() -> None:
    assert totals([off(K.ANNUAL)]).rate is None
    assert formula(totals([off(K.ANNUAL)]))[1].details["rate"] == "—"


def test_art34_the_categories_are_named_by_verdict_and_kind_and_add_up() -> None:
    month = totals([*worked(3), off(K.SICK, HALF), count(V.ABSENT), count(V.UNKNOWN), count(V.SWAPPED_OUT)])
    assert month.by_category == {
        "absent": 1,
        "present": Fraction(7, 2),
        "sick": HALF,
        "unknown": 1,
    }
    assert sum(month.by_category.values()) == month.rostered == 6
    assert len(month.unresolved) == 1


def test_art34_a_judged_duty_is_counted_with_its_leave_and_its_minutes() -> None:
    judgement = judged(turns(LENGTH / 2 + 5, LENGTH), leave=(leave(0, LENGTH / 2, K.ANNUAL),))
    duty = counted(JudgedDuty(night(), team="甲班"), judgement)
    assert (duty.team, duty.date, duty.verdict, duty.minutes_late) == ("甲班", date(2026, 11, 23), V.LATE, 5)
    assert categories(duty) == {"annual": HALF, "late": HALF}


def test_art34_a_night_counts_for_the_month_it_begins_in() -> None:
    last = night(date=date(2026, 11, 30))
    assert counted(JudgedDuty(last), judged(turns(*PROPER))).date == date(2026, 11, 30)


verdicts = st.sampled_from(sorted(V))
shares = st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(1, 8), Fraction(1, 3)])


@st.composite
def months(draw: st.DrawFn) -> list[CountedDuty]:
    return [
        CountedDuty(
            number,
            draw(st.integers(1, 3)),
            draw(st.sampled_from(("甲班", "乙班"))),
            NOVEMBER + timedelta(days=number),
            verdict := draw(verdicts),
            draw(shares),
            (LeaveShare(draw(st.sampled_from(sorted(K))), Fraction(1)),)
            if verdict is V.ON_LEAVE
            else (LeaveShare(draw(st.sampled_from(sorted(K))), HALF),) * draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 20)))
    ]


@given(months())
def test_art34_the_months_totals_equal_the_sum_of_its_verdicts(duties: list[CountedDuty]) -> None:
    month = totals(duties)
    standing = [d for d in duties if d.verdict is not V.SWAPPED_OUT]
    assert month.rostered == sum((d.part for d in standing), Fraction(0))
    off_work = {d.duty_id: sum((s.share for s in d.leave), Fraction(0)) for d in standing}
    assert month.attended == sum(
        (d.part * (1 - off_work[d.duty_id]) for d in standing if d.verdict in ATTENDED), Fraction(0)
    )
    assert 0 <= month.attended <= month.due <= month.rostered
    for whose in ("person_id", "team"):
        owners = {getattr(d, whose) for d in duties}
        parts = [totals(d for d in duties if getattr(d, whose) == owner) for owner in owners]
        for name in ("rostered", "due", "attended", "minutes_late"):
            assert sum((getattr(p, name) for p in parts), Fraction(0)) == getattr(month, name)


@given(months(), st.randoms(use_true_random=False))
def test_art34_order_and_repetition_of_duties_do_not_matter(
    duties: list[CountedDuty], shuffle: object
) -> None:
    mixed = [*duties, *duties[:3]]
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert totals(mixed) == totals(duties)
    assert month_diff(mixed, duties) == ()


# --- the printed formula ------------------------------------------------------------------------------------


def test_art34_the_formula_is_printed_with_its_numbers() -> None:
    month = totals([*worked(21), count(V.ABSENT), off(K.ANNUAL), off(K.ANNUAL, HALF), off(K.PUBLIC_HOLIDAY)])
    assert [line.text.format(**line.details) for line in formula(month)] == [
        "Due = 25 rostered − 1 public holiday − 1.5 annual − 0 compensatory = 22.5",
        "Attendance rate = 21.5 attended ÷ 22.5 due = 95.56%",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(21), "21"),
        (Fraction(43, 2), "21.5"),
        (Fraction(1, 8), "1/8"),
        (Fraction(5, 4), "1.25"),
        (Fraction(61, 3), "20 1/3"),
        (Fraction(501, 100), "5.01"),
    ],
)
def test_numbers_of_duties_are_printed_exactly(number: Fraction, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Fraction(1), "100.00%"),
        (Fraction(0), "0.00%"),
        (Fraction(2, 3), "66.67%"),
        (Fraction(1, 3), "33.33%"),
        (Fraction(19_999, 20_000), "100.00%"),  # half up
        (Fraction(19_998, 20_000), "99.99%"),
    ],
)
def test_rates_are_rounded_half_up_to_a_hundredth_of_a_per_cent(rate: Fraction, text: str) -> None:
    assert percent_text(rate) == text


# --- on time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 11, 30), date(2026, 12, 3)),
        (date(2026, 12, 1), date(2027, 1, 3)),
        (date(2028, 1, 31), date(2028, 2, 3)),
        (date(2028, 2, 29), date(2028, 3, 3)),
    ],
)
def test_art34_a_month_is_due_on_the_third_of_the_next(month: date, due: date) -> None:
    assert submission_due_on(month, DEFAULT_LIMITS) == due


@pytest.mark.parametrize(("at", "late"), [(DEADLINE - INSTANT, False), (DEADLINE, True)])
def test_art34_the_last_instant_of_the_day_is_in_time_and_midnight_is_not(at: datetime, late: bool) -> None:
    assert submission_is_late(NOVEMBER, at, ZONE, DEFAULT_LIMITS) is late
    finding = late_submission("甲班", NOVEMBER, LEADER, at, ZONE, DEFAULT_LIMITS)
    assert (finding is not None) is late
    if finding is not None:
        assert (finding.article, finding.person_id) == (34, LEADER)
        assert FINDING_CODES[finding.code].text.format(**finding.details)


def test_art34_a_centre_may_give_itself_another_day() -> None:
    limits = limits_in_force([LimitChange("attendance_due_day", 5, NOVEMBER)], date(2026, 12, 1))
    assert submission_deadline(NOVEMBER, ZONE, limits) == DEADLINE + timedelta(days=2)


def test_art34_the_deadline_is_local_midnight_also_over_a_change_of_the_clock() -> None:
    limits = limits_in_force([LimitChange("attendance_due_day", 28, NOVEMBER)], NOVEMBER)
    berlin = ZoneInfo("Europe/Berlin")
    assert submission_deadline(date(2026, 2, 1), berlin, limits) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert submission_deadline(date(2027, 2, 1), berlin, limits) == datetime(2027, 3, 28, 22, tzinfo=UTC)


# --- unresolved days, restatement ---------------------------------------------------------------------------


def test_art34_an_unclear_duty_blocks_the_month_and_is_named() -> None:
    december = datetime(2026, 11, 30, 16, tzinfo=UTC)
    unclear = count(V.UNKNOWN)
    (blocker,) = submission_blockers(NOVEMBER, [*worked(2), unclear], december, ZONE)
    assert (blocker.article, blocker.subject) == (34, f"duty:{unclear.duty_id}")
    assert blocker.text.format(**blocker.details)
    assert submission_blockers(NOVEMBER, worked(2), december, ZONE) == ()


def test_art34_a_month_is_handed_in_when_it_is_over_and_not_a_second_before() -> None:
    december = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert [b.code for b in submission_blockers(NOVEMBER, [], december - SECOND, ZONE)] == ["month_not_over"]
    assert submission_blockers(NOVEMBER, [], december, ZONE) == ()


@pytest.mark.parametrize(
    ("who", "on", "may"),
    [
        (LEADER, date(2026, 12, 3), True),
        (OPERATOR, date(2026, 12, 3), False),
        (2, date(2026, 12, 1), False),
        (2, date(2026, 12, 2), True),
        (2, date(2026, 12, 3), True),
        (2, date(2026, 12, 4), False),
    ],
)
def test_art34_the_teams_leader_hands_it_in_or_a_delegate_in_their_days(
    who: int, on: date, may: bool
) -> None:
    lent = Delegation(9, LEADER, Role.SHIFT_LEADER, 2, date(2026, 12, 2), date(2026, 12, 3))
    others = Delegation(8, OPERATOR, Role.SHIFT_LEADER, 2, date(2026, 12, 1), date(2026, 12, 9))
    assert (submission_refusal(who, LEADER, (lent, others), on) is None) is may


def test_art34_a_restatement_names_every_duty_that_counts_differently_and_no_other() -> None:
    same, changed, gone = worked(3)
    new = count(V.ABSENT)
    late = replace(changed, verdict=V.LATE, minutes_late=5)
    diff = month_diff([same, changed, gone], [same, late, new])
    assert [(c.before, c.after) for c in diff] == [(changed, late), (gone, None), (None, new)]
