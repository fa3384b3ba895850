"""Art. 20: which reasons to enter count on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.records import VisitReason
from regulation.visiting import VISIT_REASONS, ReasonChange, reasons_in_force, visit_reason

DAY = date(2026, 11, 23)
DRILL = VisitReason("fire_drill", "消防演练", "演练通知", "fire drill", by_manager=True)


def codes(changes: list[ReasonChange], on: date = DAY) -> list[str]:
    return [reason.code for reason in reasons_in_force(changes, on)]


def test_art20_without_changes_the_regulations_own_list_counts() -> None:
    assert reasons_in_force([], DAY) == VISIT_REASONS


@pytest.mark.parametrize(("days", "there"), [(-1, False), (0, True), (1, True)])
def test_art20_a_reason_counts_from_its_day_on_and_not_a_day_before(days: int, there: bool) -> None:
    assert ("fire_drill" in codes([ReasonChange(DRILL, DAY)], DAY + timedelta(days=days))) is there


@pytest.mark.parametrize(("days", "there"), [(-1, True), (0, False)])
def test_art20_a_retired_reason_counts_until_the_day_before(days: int, there: bool) -> None:
    tour = visit_reason("tour")
    assert tour is not None
    assert ("tour" in codes([ReasonChange(tour, DAY, retired=True)], DAY + timedelta(days=days))) is there


def test_art20_the_latest_change_that_has_taken_effect_counts_in_whatever_order_they_are_given() -> None:
    later = ReasonChange(VisitReason("fire_drill", "演习"), DAY + timedelta(days=2))
    changes = [later, ReasonChange(DRILL, DAY)]
    assert [reasons_in_force(changes, DAY + timedelta(days=n))[-1].label for n in (0, 1, 2)] == [
        "消防演练",
        "消防演练",
        "演习",
    ]


def test_art20_a_changed_reason_keeps_its_place_and_new_ones_come_last() -> None:
    other = ReasonChange(VisitReason("cleaning", "保洁"), DAY)
    assert codes([ReasonChange(DRILL, DAY), other]) == [r.code for r in VISIT_REASONS] + ["fire_drill"]


def test_art20_a_retired_reason_can_come_back() -> None:
    changes = [ReasonChange(DRILL, DAY, retired=True), ReasonChange(DRILL, DAY + timedelta(days=1))]
    assert "fire_drill" not in codes(changes)
    assert "fire_drill" in codes(changes, DAY + timedelta(days=1))


CHANGES = st.builds(
    ReasonChange,
    st.builds(VisitReason, st.sampled_from(["tour", "cleaning", "a", "b"]), st.just("x")),
    st.dates(DAY - timedelta(days=5), DAY + timedelta(days=5)),
    st.booleans(),
)


@given(st.lists(CHANGES, max_size=8))
def test_art20_what_has_not_taken_effect_changes_nothing_and_no_code_is_there_twice(
    changes: list[ReasonChange],
) -> None:
    past = [change for change in changes if change.effective_from <= DAY]
    assert reasons_in_force(changes, DAY) == reasons_in_force(past, DAY)
    assert len(codes(changes)) == len(set(codes(changes)))
