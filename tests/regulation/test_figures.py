"""Art. 5 and 8: what a figure is, when it misses its target, and when a shift's form is late or missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.figures import (
    STARTING_KINDS,
    Bound,
    FigureKind,
    FigureKindChange,
    FormState,
    NotAFigure,
    figure_text,
    figure_value,
    form_state,
    kinds_in_force,
    target_is_missed,
)
from regulation.limits import DEFAULT_LIMITS
from tests.regulation.room import MINUTE, NOON, SECOND

CALLS = FigureKind("calls", "calls")
SHARE = FigureKind("share", "share", "%", 1, Bound.AT_LEAST, Decimal(80))
OVERDUE = FigureKind("overdue", "overdue", "", 0, Bound.AT_MOST, Decimal(0))
DAY = date(2026, 12, 1)
HOUR = timedelta(hours=1)
ENDS = NOON


def state(complete_at: datetime | None, now: datetime) -> FormState:
    return form_state(ENDS, complete_at, now, DEFAULT_LIMITS)


# --- on time, late, missing ---------------------------------------------------------------------------------


def test_art08_a_form_complete_exactly_an_hour_after_the_shift_is_on_time() -> None:
    assert state(ENDS + HOUR, ENDS + 30 * HOUR) is FormState.ON_TIME


def test_art08_a_form_complete_a_second_later_is_late() -> None:
    assert state(ENDS + HOUR + SECOND, ENDS + 30 * HOUR) is FormState.LATE


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (ENDS + HOUR, FormState.OPEN),
        (ENDS + HOUR + SECOND, FormState.LATE),
        (ENDS + 24 * HOUR, FormState.LATE),
        (ENDS + 24 * HOUR + SECOND, FormState.MISSING),
    ],
)
def test_art08_an_unfinished_form_is_open_then_late_then_missing(now: datetime, expected: FormState) -> None:
    assert state(None, now) is expected


def test_art08_a_form_that_comes_after_a_day_was_missing() -> None:
    assert state(ENDS + 24 * HOUR, ENDS + 48 * HOUR) is FormState.LATE
    assert state(ENDS + 24 * HOUR + SECOND, ENDS + 48 * HOUR) is FormState.MISSING


def test_art08_before_the_end_of_the_shift_nothing_is_late() -> None:
    assert state(None, ENDS - MINUTE) is FormState.OPEN


# --- targets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "missed"),
    [
        (SHARE, "80", False),
        (SHARE, "79.9", True),
        (OVERDUE, "0", False),
        (OVERDUE, "1", True),
        (CALLS, "0", False),
    ],
)
def test_art05_a_target_is_met_by_reaching_it_exactly(kind: FigureKind, value: str, missed: bool) -> None:
    assert target_is_missed(kind, Decimal(value)) is missed


# --- what is a number ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1204", CALLS, "1204"),
        (" 1,204 ", CALLS, "1204"),
        ("１，２０４", CALLS, "1204"),
        ("007", CALLS, "7"),
        ("95.3%", SHARE, "95.3"),
        ("95.3 ％", SHARE, "95.3"),
        ("100", SHARE, "100.0"),
        ("12.0", CALLS, "12"),
    ],
)
def test_numbers_as_people_and_input_methods_write_them(text: str, kind: FigureKind, value: str) -> None:
    assert str(figure_value(text, kind)) == value


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1e3", "1,2", "12,34", "1.5", "abc", "=1+1", "=SUM(A1:A3)", "@x", "[b]1[/b]", "10²", "½",
     "١٢", "1 2", "0x10", "NaN", "Infinity", "1" * 16, "5%", "1.2.3", ".5", "5."],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotAFigure):
        figure_value(text, CALLS)


@pytest.mark.parametrize(("text", "words"), [("100.1", "more than 100"), ("95.35", "more than {decimals}")])
def test_a_share_beyond_its_bounds_says_why(text: str, words: str) -> None:
    with pytest.raises(NotAFigure, match=words):
        figure_value(text, SHARE)


def test_a_ratio_becomes_per_cent_unless_a_sign_says_it_is_already() -> None:
    assert figure_value("0.953", SHARE, ratio=True) == Decimal("95.3")
    assert figure_value("95.3%", SHARE, ratio=True) == Decimal("95.3")
    assert figure_value("12", CALLS, ratio=True) == 12, "only shares are ratios"


def test_another_separator_of_thousands_and_none_at_all() -> None:
    assert figure_value("1 204", CALLS, " ") == 1204
    assert figure_value("1'204'000", CALLS, "'") == 1204000
    with pytest.raises(NotAFigure):
        figure_value("1,204", CALLS, "")


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_what_is_shown_is_read_back_as_the_same_value(whole: int, decimals: int) -> None:
    kind = FigureKind("x", "x", "", decimals)
    value = round(Decimal(whole) / 10**decimals, decimals)
    assert figure_value(figure_text(value, decimals), kind) == value


@given(st.text(max_size=20))
def test_no_text_at_all_does_anything_but_give_a_number_or_words(text: str) -> None:
    assert 0 <= _value_or_nothing(text) <= 100


def _value_or_nothing(text: str) -> Decimal:
    try:
        return figure_value(text, SHARE)
    except NotAFigure as why:
        return Decimal(0) if why.words.format(**why.details) else Decimal(-1)


# --- the list -----------------------------------------------------------------------------------------------


def test_the_starting_kinds_count_until_the_centre_changes_them() -> None:
    assert kinds_in_force((), DAY) == STARTING_KINDS


def test_a_change_counts_from_its_day_on_and_the_days_before_keep_their_target() -> None:
    stricter = FigureKind("answered_20s", "answered within 20 s", "%", 1, Bound.AT_LEAST, Decimal(90))
    change = FigureKindChange(stricter, DAY)
    before, after = (kinds_in_force([change], DAY - timedelta(days=n)) for n in (1, 0))
    targets = [next(k.target for k in kinds if k.code == stricter.code) for kinds in (before, after)]
    assert targets == [Decimal(80), Decimal(90)]


def test_a_retired_kind_is_gone_from_its_day_on() -> None:
    change = FigureKindChange(STARTING_KINDS[0], DAY, retired=True)
    assert [STARTING_KINDS[0] in kinds_in_force([change], DAY - timedelta(days=n)) for n in (1, 0)] == [
        True,
        False,
    ]
