"""Demand and skills at a centre: who counts towards what, from when, and what the month grid is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from operations import demand, skills, store
from operations.errors import Conflict, Invalid, NotFound
from regulation.demand import Need
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR
from tests.operations.planners import demand_on

MONDAY = date(2026, 12, 7)
NEW_YEAR = date(2027, 1, 1)


def asks(
    built: Built, shift: str, who: str, days: str, least: int, wanted: int | None = None, start: date = TODAY
) -> None:
    need = Need(least, least if wanted is None else wanted)
    demand.set_demand(built.actors[MANAGER], NOW, shift, who, days, need, start)


def test_a_date_wins_over_a_holiday_and_a_holiday_over_its_weekday(centre: Built) -> None:
    asks(centre, "night", "operator", "every", 2, 3)
    asks(centre, "night", "operator", "holiday", 1)
    asks(centre, "night", "operator", "2027-01-01", 5)
    night = ("night", "operator")
    assert demand_on(MONDAY)[night] == Need(2, 3)
    assert demand_on(date(2027, 10, 1))[night] == Need(1, 1)
    assert demand_on(NEW_YEAR)[night] == Need(5, 5)


def test_what_was_needed_on_the_day_before_a_change_stays(centre: Built) -> None:
    asks(centre, "night", "operator", "weekdays", 2)
    asks(centre, "night", "operator", "mon", 4, start=MONDAY)
    asks(centre, "night", "operator", "mon", 6, start=MONDAY)
    demand.retire_demand(centre.actors[MANAGER], NOW, "night", "operator", "mon", MONDAY + timedelta(days=14))
    found = [demand_on(MONDAY + timedelta(days=days)) for days in (-7, 0, 7, 14)]
    assert [list(needs.values()) for needs in found] == [[Need(2, 2)], [Need(6, 6)], [Need(6, 6)], []]
    with pytest.raises(Invalid, match="past"):
        asks(centre, "night", "operator", "mon", 9, start=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("shift", "who", "days", "least", "wanted", "error"),
    [
        ("noon", "operator", "mon", 1, 1, NotFound),
        ("night", "skill:flying", "mon", 1, 1, NotFound),
        ("night", "operator", "someday", 1, 1, Invalid),
        ("night", "operator", "mon", 2, 1, Invalid),
        ("night", "operator", "mon", -1, 1, Invalid),
        ("night", "operator", "mon", 1, 501, Invalid),
    ],
)
def test_demand_that_means_nothing_is_refused(
    sqlite_centre: Built, shift: str, who: str, days: str, least: int, wanted: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        asks(sqlite_centre, shift, who, days, least, wanted)
    assert demand.demand_lines(sqlite_centre.actors[LEADER], NOW) == ()


def test_the_grid_is_told_who_counts_towards_what_on_which_day(centre: Built) -> None:
    manager, who = centre.actors[MANAGER], centre.ids[OPERATOR]
    skills.set_skill(manager, NOW, "english", "英语", "English")
    skills.grant_skill(manager, NOW, who, "english", MONDAY, MONDAY)
    asks(centre, "early", "skill:english", "every", 1)
    asks(centre, "early", "leader", "weekdays", 1)
    leader, english = store.read(lambda: demand.cover_needs(MONDAY - timedelta(days=1), MONDAY))
    assert (leader.who, leader.name, leader.needs) == ("leader", "shift leader", (None, Need(1, 1)))
    assert leader.people[0] == {centre.ids[n] for n in ("1003", "1103", "2001")} | {1}
    assert (english.name, english.needs) == ("English", (Need(1, 1), Need(1, 1)))
    assert english.people == (frozenset(), frozenset({who}))


def test_a_skill_counts_from_its_first_day_to_its_last(centre: Built) -> None:
    manager, who = centre.actors[MANAGER], centre.ids[OPERATOR]
    with pytest.raises(NotFound):
        skills.grant_skill(manager, NOW, who, "english", MONDAY)
    skills.set_skill(manager, NOW, "english", "英语")
    skills.grant_skill(manager, NOW, who, "english", MONDAY)
    with pytest.raises(Conflict, match="already"):
        skills.grant_skill(manager, NOW, who, "english", MONDAY + timedelta(days=3))
    skills.end_skill(manager, NOW, who, "english", MONDAY + timedelta(days=1))
    held = [len(skills.skill_holders(manager, NOW, MONDAY + timedelta(days=days))) for days in (-1, 0, 1, 2)]
    assert held == [0, 1, 1, 0]
    with pytest.raises(NotFound):
        skills.end_skill(manager, NOW, who, "english", MONDAY + timedelta(days=9))
    with pytest.raises(Invalid):
        skills.grant_skill(manager, NOW, who, "english", MONDAY, MONDAY - timedelta(days=1))
