"""Rest warnings over a real roster: the draft counts, leave rests, and the days before the range are looked at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import models
from operations import drafts, rest_warnings, store
from operations.boundary import SYSTEM
from operations.centre import set_limit
from operations.rest_warnings import RosterWarnings
from regulation.rest import RestRule
from tests.centre import NOW, Built, publish_days
from tests.operations.acts import LEADER, MANAGER, OPERATOR

MONDAY = date(2026, 12, 7)
SUNDAY = MONDAY + timedelta(days=6)


def days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def rostered(built: Built, shift: str, on: list[date], number: str = OPERATOR) -> None:
    publish_days(NOW, *((built.ids[number], day, shift) for day in on))


def warnings(
    built: Built, first: date = MONDAY, last: date = SUNDAY, *, draft: bool = True
) -> RosterWarnings:
    return rest_warnings.roster_warnings(built.actors[LEADER], NOW, first, last, with_draft=draft)


def rules(found: RosterWarnings) -> dict[str, list[tuple[RestRule, date]]]:
    return {row.work_number: [(w.rule, w.date) for w in row.warnings] for row in found.people}


def test_a_week_without_a_free_day_is_warned_of_with_person_and_day(centre: Built) -> None:
    rostered(centre, "early", days(7))
    found = warnings(centre)
    assert rules(found) == {OPERATOR: [(RestRule.LONG_RUN, SUNDAY), (RestRule.WEEKLY_REST, SUNDAY)]}
    (row,) = found.people
    assert (row.name, row.team, found.unpublished) == ("陈静", "甲", ())


def test_the_draft_counts_as_if_published_and_the_roster_alone_without_it(centre: Built) -> None:
    who, leader = centre.ids[OPERATOR], centre.actors[LEADER]
    rostered(centre, "night", [MONDAY])
    drafts.paint_draft(leader, NOW, [drafts.Paint(who, MONDAY + timedelta(days=1), "early")])
    assert rules(warnings(centre)) == {
        OPERATOR: [
            (RestRule.DAILY_REST, MONDAY + timedelta(days=1)),
            (RestRule.NIGHT_TO_MORNING, MONDAY + timedelta(days=1)),
        ]
    }
    assert rules(warnings(centre, draft=False)) == {}
    drafts.paint_draft(leader, NOW, [drafts.Paint(who, MONDAY, None)])
    assert rules(warnings(centre)) == {}


def test_a_run_that_began_before_the_range_is_seen_and_a_warning_outside_it_is_not_shown(
    centre: Built,
) -> None:
    rostered(centre, "early", days(8, MONDAY - timedelta(days=1)))
    seventh = SUNDAY - timedelta(days=1)
    assert (RestRule.LONG_RUN, seventh) in rules(warnings(centre, seventh, SUNDAY))[OPERATOR]
    assert rules(warnings(centre, MONDAY, MONDAY)) == {}


def test_leave_is_rest(centre: Built) -> None:
    rostered(centre, "early", days(7))
    sick = models.Duty.update(leave_kind="sick").where(models.Duty.date == MONDAY + timedelta(days=3))
    store.write(sick.execute)
    assert rules(warnings(centre)) == {}


def test_office_hours_of_five_days_are_forty_hours_for_their_break_is_no_work(sqlite_centre: Built) -> None:
    for week in range(8):
        rostered(sqlite_centre, "office", days(5, MONDAY + timedelta(days=7 * week)))
    last = MONDAY + timedelta(days=7 * 8 - 1)
    assert rules(warnings(sqlite_centre, MONDAY, last)) == {}
    set_limit(sqlite_centre.actors[MANAGER], NOW, "office_break_minutes", 0, NOW.date())
    assert {rule for rule, _day in rules(warnings(sqlite_centre, MONDAY, last))[OPERATOR]} == {
        RestRule.WEEKLY_HOURS
    }


@pytest.mark.parametrize(("duties", "warned"), [(27, False), (28, True)])
def test_overtime_is_what_goes_beyond_the_months_working_days(
    sqlite_centre: Built, duties: int, warned: bool
) -> None:
    """December 2026 has 23 working days: 184 h, and 36 h of overtime make 27 and a half duties."""
    month = days(duties, date(2026, 12, 1))
    rostered(sqlite_centre, "early", month)
    found = {rule for rule, _day in rules(warnings(sqlite_centre, month[0], month[-1])).get(OPERATOR, [])}
    assert (RestRule.OVERTIME in found) is warned


def test_a_year_without_its_notice_is_named(sqlite_centre: Built) -> None:
    assert warnings(sqlite_centre, date(2026, 12, 1), date(2027, 1, 31)).unpublished == (2027,)


def test_one_person_alone_can_be_asked_for(centre: Built) -> None:
    for number in (OPERATOR, "1021"):
        rostered(centre, "early", days(7), number)
    only = rest_warnings.roster_warnings(SYSTEM, NOW, MONDAY, SUNDAY, [centre.ids["1021"]])
    assert list(rules(only)) == ["1021"]
