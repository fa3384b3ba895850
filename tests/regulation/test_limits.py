"""The regulation's numbers: the ones it fixes, and a centre's own from a day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.limits import (
    BY_NAME,
    DEFAULT_LIMITS,
    DEFINITIONS,
    HOUSE,
    LABOUR_LAW,
    NO_ARTICLE,
    REGULATION,
    LimitChange,
    limits_in_force,
)

DAY = date(2026, 12, 1)
EVE = DAY - timedelta(days=1)
CHANGE = LimitChange("relief_early_minutes", 15, DAY)


@pytest.mark.parametrize(
    ("name", "article", "value"),
    [
        ("relief_early_minutes", 21, 10),
        ("late_leave_request_minutes", 35, 30),
        ("leave_notice_days", 35, 1),
        ("manager_approval_over_days", 36, 1),
        ("doctor_note_over_days", 37, 1),
    ],
)
def test_the_regulations_own_numbers(name: str, article: int, value: int) -> None:
    definition = BY_NAME[name]
    assert (definition.article, definition.value, definition.source) == (article, value, REGULATION)


def test_every_other_number_is_called_the_houses_reading() -> None:
    assert {d.name for d in DEFINITIONS if d.source == REGULATION} == {
        "relief_early_minutes",
        "late_leave_request_minutes",
        "leave_notice_days",
        "manager_approval_over_days",
        "doctor_note_over_days",
    }
    assert {d.source for d in DEFINITIONS} == {REGULATION, HOUSE, LABOUR_LAW}


@pytest.mark.parametrize(
    ("name", "value", "law"),
    [("weekly_hours", 44, "36"), ("weekly_rest_days", 1, "38"), ("monthly_overtime_hours", 36, "41")],
)
def test_labour_laws_numbers_name_their_law_and_no_article_of_the_regulation(
    name: str, value: int, law: str
) -> None:
    definition = BY_NAME[name]
    assert (definition.value, definition.article) == (value, NO_ARTICLE)
    assert definition.law == f"Labour Law Art. {law}"
    assert {d.name for d in DEFINITIONS if d.source == LABOUR_LAW} == {
        "weekly_hours",
        "weekly_rest_days",
        "monthly_overtime_hours",
    }


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: d.name)
def test_every_number_lies_within_its_own_bounds_and_has_a_unit(definition: object) -> None:
    limit = BY_NAME[definition.name]  # type: ignore[attr-defined]
    assert limit.lowest <= limit.value <= limit.highest
    assert limit.unit
    assert limit.label


def test_a_change_counts_from_its_day_on() -> None:
    assert limits_in_force([CHANGE], DAY)["relief_early_minutes"] == 15


def test_the_day_before_a_change_the_old_value_counts() -> None:
    assert limits_in_force([CHANGE], EVE)["relief_early_minutes"] == 10


def test_of_two_changes_the_later_one_counts_in_whatever_order_they_were_made() -> None:
    later = LimitChange("relief_early_minutes", 20, DAY + timedelta(days=9))
    for changes in ([CHANGE, later], [later, CHANGE]):
        assert limits_in_force(changes, later.effective_from)["relief_early_minutes"] == 20
        assert limits_in_force(changes, DAY)["relief_early_minutes"] == 15


def test_a_change_of_something_unknown_changes_nothing() -> None:
    assert limits_in_force([LimitChange("coffee", 3, DAY)], DAY) == DEFAULT_LIMITS


@given(st.sampled_from(DEFINITIONS), st.integers(0, 10_000))
def test_the_version_changes_exactly_when_a_value_does(definition: object, value: int) -> None:
    name = definition.name  # type: ignore[attr-defined]
    changed = limits_in_force([LimitChange(name, value, DAY)], DAY)
    assert (changed.version == DEFAULT_LIMITS.version) == (value == DEFAULT_LIMITS[name])
