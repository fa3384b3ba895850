"""Art. 7: every link every day, no omission, no overrun, and whoever is concerned is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from regulation.spot_checks import (
    STARTING_LINKS,
    CheckResult,
    Link,
    LinkChange,
    links_in_force,
    plan_is_overrun,
    problem_is_told,
    unchecked_links,
)
from tests.regulation.room import NOON, SECOND

DAY = date(2026, 12, 1)
CODES = [link.code for link in STARTING_LINKS]


def test_art07_a_plan_with_one_link_unchecked_names_it() -> None:
    assert [link.code for link in unchecked_links(STARTING_LINKS, CODES[1:])] == CODES[:1]


def test_art07_a_plan_with_every_link_checked_names_none() -> None:
    assert unchecked_links(STARTING_LINKS, [*CODES, CODES[0]]) == ()


@pytest.mark.parametrize(("now", "overrun"), [(NOON - SECOND, False), (NOON, True)])
def test_art07_the_last_second_of_the_day_still_belongs_to_its_plan(now: datetime, overrun: bool) -> None:
    assert plan_is_overrun(NOON, now) is overrun


@pytest.mark.parametrize(
    ("result", "found", "informed", "told"),
    [
        (CheckResult.PROBLEM, "用语不规范", "陈静", True),
        (CheckResult.PROBLEM, "用语不规范", " ", False),
        (CheckResult.PROBLEM, " ", "陈静", False),
        (CheckResult.IN_ORDER, "", "", True),
        (CheckResult.NOT_APPLICABLE, "", "", True),
    ],
)
def test_art07_a_problem_names_what_and_whom(
    result: CheckResult, found: str, informed: str, told: bool
) -> None:
    assert problem_is_told(result, found, informed) is told


def test_a_link_is_added_renamed_and_retired_from_its_day_on() -> None:
    own = LinkChange(Link("hot_line", "热线"), DAY)
    gone = LinkChange(STARTING_LINKS[0], DAY, retired=True)
    eve, day = (links_in_force([own, gone], DAY - timedelta(days=n)) for n in (1, 0))
    assert eve == STARTING_LINKS
    assert day == (*STARTING_LINKS[1:], own.link)
