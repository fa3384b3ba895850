"""The engine's problem of a real roster: every bound in pairs, the last that passes and the first that does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from operations import availability, planning
from operations.boundary import SYSTEM
from operations.centre import set_limit
from operations.planning_problem import Mode, Posed, pose
from operations.solver import FREE
from operations.solver.cost import line_violations
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import OPERATOR
from tests.operations.planners import FIRST, LAST, needs, paint, publish

ONE_DAY = timedelta(days=1)


def posed(built: Built, mode: Mode = Mode.NEW, first: date = FIRST, last: date = LAST) -> Posed:
    for shift in ("early", "middle", "night"):
        needs(built, shift, "operator", 1)
    return pose(planning.planning_task(SYSTEM, NOW, first, last, mode).ground, mode)


def before(built: Built, shift: str, days: int, skip: int = 0) -> None:
    paint(built, *((OPERATOR, FIRST - (skip + n) * ONE_DAY, shift) for n in range(1, days + 1)))


def broken(posed: Posed, *codes: str | None) -> set[str]:
    """What an operator's days break, from the first day on; free where nothing is said."""
    number = [person.work_number for person in posed.ground.people].index(OPERATOR)
    line = [FREE if code is None else posed.at[code, day] for day, code in enumerate(codes)]
    behind = [min(choice) for choice in posed.problem.people[number].choices[posed.open_days :]]
    line += [FREE] * (posed.open_days - len(line)) + behind
    found = line_violations(posed.problem, number, tuple(line))
    return {violation.tally.partition(":")[0] or violation.rule for violation in found}


def test_after_a_night_before_the_plan_a_night_may_follow_and_nothing_that_begins_earlier(
    sqlite_centre: Built,
) -> None:
    before(sqlite_centre, "night", 1)
    found = posed(sqlite_centre)
    assert broken(found, "night") == set()
    assert broken(found, "middle") == {"succession"}
    assert broken(found, "early") == {"succession"}
    assert broken(found, None, "early") == set()


def test_eleven_hours_of_rest_may_follow_and_less_may_not(sqlite_centre: Built) -> None:
    found = posed(sqlite_centre)
    assert broken(found, "middle", "middle") == set()
    assert broken(found, "middle", "early") == {"succession"}
    assert broken(found, "early", "early") == set()


def test_a_run_that_began_before_the_plan_is_counted_on(sqlite_centre: Built) -> None:
    before(sqlite_centre, "early", 5)
    found = posed(sqlite_centre)
    assert broken(found, "early") == set()
    assert broken(found, "early", "early") == {"most_run"}


def test_a_run_that_stands_behind_the_plan_is_counted_on(sqlite_centre: Built) -> None:
    paint(sqlite_centre, *((OPERATOR, LAST + n * ONE_DAY, "early") for n in range(1, 6)))
    found = posed(sqlite_centre)
    free = [None] * 12
    assert broken(found, *free, None, "early") == set()
    assert broken(found, *free, "early", "early") == {"most_run"}
    assert broken(found, *free, None, "middle") == {"succession"}


def test_six_duties_in_a_week_leave_its_free_day_and_seven_do_not(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "longest_run_days", 9, TODAY)
    before(sqlite_centre, "early", 2)
    paint(sqlite_centre, (OPERATOR, FIRST, "early"), (OPERATOR, FIRST + ONE_DAY, "early"))
    found = posed(sqlite_centre, first=FIRST + 3 * ONE_DAY)
    assert broken(found, "early", "early", "early", "early") == set()
    paint(sqlite_centre, (OPERATOR, FIRST + 2 * ONE_DAY, "early"))
    found = posed(sqlite_centre, first=FIRST + 3 * ONE_DAY)
    assert broken(found, "early", "early", "early", "early") == {"weekly_rest"}


def test_the_hours_of_a_week_are_kept_and_one_duty_more_is_not(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "weekly_hours_weeks", 1, TODAY)
    set_limit(SYSTEM, NOW, "weekly_hours", 32, TODAY)
    paint(sqlite_centre, (OPERATOR, FIRST, "early"))
    found = posed(sqlite_centre, first=FIRST + ONE_DAY)
    assert broken(found, None, "early", "early", "early") == set()
    assert broken(found, None, "early", "early", "early", None, None, "early") == set()
    assert broken(found, None, "early", "early", "early", None, "early") == {"weekly_hours"}


def test_hours_are_averaged_over_the_weeks_before(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "weekly_hours_weeks", 2, TODAY)
    set_limit(SYSTEM, NOW, "weekly_hours", 32, TODAY)
    paint(sqlite_centre, *((OPERATOR, FIRST - n * ONE_DAY, "early") for n in (2, 3, 4, 5)))
    assert broken(posed(sqlite_centre), "early", "early", "early", "early") == set()
    paint(sqlite_centre, (OPERATOR, FIRST - 7 * ONE_DAY, "early"))
    assert broken(posed(sqlite_centre), "early", "early", "early", "early") == {"weekly_hours"}


def test_what_is_planned_beyond_the_hours_stays_and_nothing_is_added_to_it(sqlite_centre: Built) -> None:
    set_limit(SYSTEM, NOW, "weekly_hours_weeks", 1, TODAY)
    set_limit(SYSTEM, NOW, "weekly_hours", 20, TODAY)
    paint(sqlite_centre, *((OPERATOR, FIRST + n * ONE_DAY, "early") for n in range(3)))
    found = posed(sqlite_centre, Mode.FILL)
    assert broken(found, "early", "early", "early") == set()
    assert broken(found, "early", "early", "early", None, "early") == {"weekly_hours"}


def test_the_overtime_of_a_month_counts_its_days_outside_the_plan(sqlite_centre: Built) -> None:
    # 23 working days are 184 hours; 16 duties outside leave 56, that is seven duties.
    set_limit(SYSTEM, NOW, "monthly_overtime_hours", 0, TODAY)
    outside = [date(2026, 12, n) for n in (1, 2, 3, 4, 5, 6, *range(22, 32))]
    paint(sqlite_centre, *((OPERATOR, on, "office") for on in outside))
    found = posed(sqlite_centre)
    week = [None, "early", "early", "early", "early", None, None]
    assert broken(found, *week, "early", "early", "early") == set()
    assert broken(found, *week, "early", "early", "early", "early") == {"overtime"}


@pytest.mark.parametrize(("mode", "choices"), [(Mode.FILL, 1), (Mode.REPAIR, 5), (Mode.NEW, 5)])
def test_what_is_planned_is_left_alone_when_filling_alone(
    sqlite_centre: Built, mode: Mode, choices: int
) -> None:
    paint(sqlite_centre, (OPERATOR, FIRST, "office"))
    publish(sqlite_centre)
    found = posed(sqlite_centre, mode)
    number = [person.work_number for person in found.ground.people].index(OPERATOR)
    assert len(found.problem.people[number].choices[0]) == choices
    availability.pin_days(SYSTEM, NOW, [(sqlite_centre.ids[OPERATOR], FIRST)])
    assert len(posed(sqlite_centre, mode).problem.people[number].choices[0]) == 1
