"""What people have had of nights, weekends and holidays, as a plan counts it."""

from __future__ import annotations

from datetime import date, timedelta

from operations import planning
from operations.boundary import SYSTEM
from operations.centre import set_limit
from operations.planning_fairness import Burdens
from operations.planning_problem import Mode, pose
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import OPERATOR
from tests.operations.planners import needs, paint

ONE_DAY = timedelta(days=1)
OTHER, NEWCOMER = "1021", "1117"
JANUARY = date(2027, 1, 4)


def burdens(built: Built) -> Burdens:
    needs(built, "night", "operator", 1)
    ground = planning.planning_task(SYSTEM, NOW, JANUARY, JANUARY + 6 * ONE_DAY, Mode.NEW).ground
    return Burdens.of(ground, pose(ground, Mode.NEW).at)


def had(built: Built, burden: str, number: str) -> int:
    return burdens(built).had[burden][built.ids[number]]


def work(built: Built, number: str, shift: str, *days: date) -> None:
    paint(built, *((number, day, shift) for day in days))


def test_a_night_is_counted_on_the_first_day_that_counts_and_not_the_day_before(centre: Built) -> None:
    set_limit(SYSTEM, NOW, "fairness_days", 20, TODAY)
    edge = JANUARY - 20 * ONE_DAY
    work(centre, OPERATOR, "night", edge, edge + 3 * ONE_DAY)
    work(centre, OTHER, "night", edge - ONE_DAY, edge + 3 * ONE_DAY)
    assert had(centre, "nights", OPERATOR) == 2
    # One night since the seventeenth day before counts as it would over all twenty.
    assert had(centre, "nights", OTHER) == round(1 * 20 / 17)


def test_saturday_and_sunday_are_one_weekend(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "fairness_days", 20, TODAY)
    saturday = date(2026, 12, 19)
    work(sqlite_centre, OPERATOR, "early", JANUARY - 20 * ONE_DAY, saturday, saturday + ONE_DAY)
    assert had(sqlite_centre, "weekends", OPERATOR) == 1


def test_a_public_holiday_counts_and_the_day_before_does_not(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "fairness_days", 20, TODAY)
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)
    work(sqlite_centre, OPERATOR, "early", JANUARY - 20 * ONE_DAY, eve, new_year)
    work(sqlite_centre, OTHER, "early", JANUARY - 20 * ONE_DAY, eve)
    found = burdens(sqlite_centre).had["holidays"]
    assert (found[sqlite_centre.ids[OPERATOR]], found[sqlite_centre.ids[OTHER]]) == (1, 0)


def test_who_is_new_counts_as_having_had_what_the_others_had(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "fairness_days", 20, TODAY)
    begin = JANUARY - 20 * ONE_DAY
    work(sqlite_centre, OPERATOR, "night", *(begin + n * ONE_DAY for n in range(6)))
    work(sqlite_centre, OTHER, "night", *(begin + n * ONE_DAY for n in range(2)))
    work(sqlite_centre, NEWCOMER, "night", JANUARY - 13 * ONE_DAY)
    assert had(sqlite_centre, "nights", NEWCOMER) == 4


def test_leaders_share_their_nights_among_themselves(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "fairness_days", 0, TODAY)
    needs(sqlite_centre, "night", "leader", 1)
    found = burdens(sqlite_centre).share["nights"]
    # Seven nights in a week: two leaders share three and a half, five operators not even one and a half.
    assert (found[sqlite_centre.ids["1003"]], found[sqlite_centre.ids[OPERATOR]]) == (2, 0)
