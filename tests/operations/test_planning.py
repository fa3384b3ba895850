"""Plans through the whole path: read, search, write; every rule on rest asked again of the rules themselves."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

import models
from operations import availability, drafts, planning, skills, store, wishes
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotFound
from operations.planning_problem import Mode
from operations.planning_reasons import Unplannable, Why, reason_words
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR
from tests.operations.planners import (
    FIRST,
    LAST,
    found_plan,
    needs,
    needs_nights_and_mornings,
    paint,
    planned,
    publish,
    rest_is_kept,
    written,
)

ONE_DAY = timedelta(days=1)
OPERATORS = ("1017", "1021", "1022", "1117", "1121")


def day(number: int) -> date:
    return FIRST + number * ONE_DAY


def calls_in_sick(built: Built, number: str, *days: date) -> None:
    """Leave is issue of another part; here it is written down as it will stand there."""
    duty = models.Duty
    theirs = (duty.person == built.ids[number]) & duty.date.in_(days) & (duty.state == "due")
    store.write(lambda: duty.update(leave_kind="sick").where(theirs).execute())


def test_a_plan_covers_what_is_needed_keeps_every_rest_and_is_nobodys_duty_yet(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    found = found_plan(centre)
    assert not found.solution.violations
    assert not [short for short in found.uncovered if short.missing_least and short.who == "operator"]
    written(centre, found)
    cells = drafts.draft_cells(centre.actors[LEADER], NOW, FIRST, LAST)
    assert {(c.person_id, c.day, c.planned) for c in cells} == {
        (c.person_id, c.day, c.shift_code) for c in found.cells
    }
    assert {cell.origin for cell in cells} == {"solver"}
    assert rest_is_kept(centre)
    nights = [cell.day for cell in cells if cell.planned == "night"]
    assert sorted(nights) == [day(n) for n in range(14)]


@pytest.mark.parametrize("seed", range(5))
def test_no_plan_breaks_a_rest_whatever_stands_around_it(sqlite_centre: Built, seed: int) -> None:
    built, chance = sqlite_centre, random.Random(seed)
    needs_nights_and_mornings(built)
    for number in OPERATORS:
        run = chance.randrange(1, 7)
        shift = chance.choice(["early", "night"])
        paint(built, *((number, FIRST - n * ONE_DAY, shift) for n in range(1, run)))
        paint(built, *((number, LAST + n * ONE_DAY, shift) for n in range(1, chance.randrange(1, 7))))
        away = day(chance.randrange(14))
        availability.record_unavailability(SYSTEM, NOW, built.ids[number], away, away + 2 * ONE_DAY)
    fixed = chance.choice(OPERATORS), day(chance.randrange(14)), "middle"
    paint(built, fixed)
    availability.pin_days(SYSTEM, NOW, [(built.ids[fixed[0]], fixed[1])])
    try:
        found = found_plan(built, chance.choice(list(Mode)), seed=seed, rounds=5)
    except Unplannable:
        pytest.fail("one pinned duty leaves room for everyone")
    written(built, found)
    assert rest_is_kept(built)
    assert planned(built, fixed[0])[(fixed[1] - FIRST).days] == "middle"
    for entry in availability.unavailabilities(SYSTEM, NOW, FIRST, LAST):
        theirs = planned(built, entry.work_number)
        off = [n for n in range(14) if entry.is_about(day(n)) and (entry.work_number, day(n)) != fixed[:2]]
        assert [theirs[n] for n in off] == [None] * len(off)


def test_the_same_input_and_seed_make_the_same_plan(sqlite_centre: Built) -> None:
    needs_nights_and_mornings(sqlite_centre)
    first, second = found_plan(sqlite_centre, seed=3), found_plan(sqlite_centre, seed=3)
    assert first.cells == second.cells
    assert first.solution.objective == second.solution.objective


def test_cancelling_keeps_the_best_so_far(sqlite_centre: Built) -> None:
    needs_nights_and_mornings(sqlite_centre)
    task = planning.planning_task(sqlite_centre.actors[LEADER], NOW, FIRST, LAST, Mode.NEW)
    found = planning.find_plan(task, seconds=60, cancelled=lambda: True)
    assert found.solution.ended == "cancelled"
    assert not found.solution.violations
    written(sqlite_centre, found)
    assert rest_is_kept(sqlite_centre)


def test_rules_that_cannot_be_kept_together_are_named(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    paint(centre, (OPERATOR, day(2), "night"), (OPERATOR, day(3), "early"))
    availability.pin_days(SYSTEM, NOW, [(centre.ids[OPERATOR], day(2)), (centre.ids[OPERATOR], day(3))])
    with pytest.raises(Unplannable) as refused:
        found_plan(centre)
    assert "陈静(1017)" in refused.value.message
    assert "the rest between two duties" in refused.value.message
    assert "2026-12-10" in refused.value.message
    availability.unpin_days(SYSTEM, NOW, [(centre.ids[OPERATOR], day(3))])
    assert not found_plan(centre).solution.violations


def test_what_was_edited_while_the_planner_searched_stays(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    found = found_plan(centre)
    paint(centre, (OPERATOR, day(4), "office"))
    availability.pin_days(SYSTEM, NOW, [(centre.ids["1117"], day(0))])
    done = written(centre, found)
    assert done.left == ("陈静(1017)", "马超(1117)")
    assert planned(centre, OPERATOR) == [None] * 4 + ["office"] + [None] * 9
    assert planned(centre, "1117") == [None] * 14
    assert any(planned(centre, "1121"))


def test_filling_leaves_every_planned_day_and_every_freed_one(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    needs(centre, "early", "operator", 5, days=day(0).isoformat())
    paint(centre, *((OPERATOR, day(n), "middle") for n in range(3)))
    publish(centre)
    paint(centre, (OPERATOR, day(0), None), (OPERATOR, day(4), "office"))
    found = found_plan(centre, Mode.FILL)
    own = {cell.day for cell in found.cells if cell.person_id == centre.ids[OPERATOR]}
    assert not own & {day(0), day(1), day(2), day(4)}
    shorts = {(short.day, short.shift_code, short.who): short for short in found.uncovered}
    assert dict(shorts[day(0), "early", "operator"].reasons)[Why.KEPT] == 1
    written(centre, found)
    assert rest_is_kept(centre)


def test_one_sick_call_changes_no_more_than_it_must(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    written(centre, found_plan(centre))
    publish(centre)
    (night,) = [n for n in OPERATORS if _published(centre, n, day(5)) == "night"]
    calls_in_sick(centre, night, day(5))
    found = found_plan(centre, Mode.REPAIR)
    assert not [short for short in found.uncovered if short.missing_least and short.who == "operator"]
    assert 1 <= len(found.cells) <= 4
    assert centre.ids[night] not in {cell.person_id for cell in found.cells if cell.day == day(5)}
    written(centre, found)
    assert rest_is_kept(centre)


def test_a_roster_that_needs_nothing_stays_as_it_is_when_repaired(centre: Built) -> None:
    needs_nights_and_mornings(centre)
    written(centre, found_plan(centre))
    assert found_plan(centre, Mode.REPAIR).cells == ()


def test_what_people_already_know_stays_when_a_new_plan_would_be_no_better(sqlite_centre: Built) -> None:
    needs_nights_and_mornings(sqlite_centre)
    written(sqlite_centre, found_plan(sqlite_centre))
    publish(sqlite_centre)
    again = found_plan(sqlite_centre, seed=7)
    assert again.cells == ()
    assert not again.solution.parts.get("stability")


def test_days_that_have_begun_are_not_planned(centre: Built) -> None:
    needs(centre, "early", "operator", 5)
    last = TODAY + 6 * ONE_DAY
    found = found_plan(centre, Mode.NEW, TODAY - 3 * ONE_DAY, last)
    assert min(cell.day for cell in found.cells) > TODAY
    written(centre, found)
    with pytest.raises(Invalid, match="past"):
        found_plan(centre, Mode.NEW, TODAY - 3 * ONE_DAY, TODAY - ONE_DAY)


def test_what_is_short_says_who_could_and_what_keeps_the_others(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    skills.set_skill(manager, NOW, "english", "英语", "English")
    for number in ("1017", "1021", "1022", "1117"):
        skills.grant_skill(manager, NOW, centre.ids[number], "english", FIRST)
    needs(centre, "night", "operator", 1, days=day(7).isoformat())
    needs(centre, "early", "skill:english", 4, days=day(8).isoformat())
    paint(centre, ("1017", day(7), "night"), ("1021", day(8), "middle"))
    for number, pinned in (("1017", day(7)), ("1021", day(8)), ("1022", day(8))):
        availability.pin_days(SYSTEM, NOW, [(centre.ids[number], pinned)])
    availability.record_unavailability(SYSTEM, NOW, centre.ids["1117"], day(8), day(8))
    found = found_plan(centre)
    (short,) = [short for short in found.uncovered if short.who == "skill:english"]
    assert (short.day, short.missing_least, short.missing, short.who_name) == (day(8), 4, 4, "English")
    assert dict(short.reasons) == {Why.SKILL: 3, Why.PINNED: 2, Why.UNAVAILABLE: 1, Why.REST: 1}
    assert reason_words(short.reasons[:2]) == "3 do not have the skill, 2 are pinned to what they have"


def test_a_wish_that_costs_nobody_anything_is_kept(centre: Built) -> None:
    needs(centre, "early", "operator", 2, days="weekdays")
    operator = centre.actors[OPERATOR]
    for number in range(5):
        wishes.ask_wish(operator, NOW, day(number), None if number % 2 else "early", 3)
    wishes.ask_wish(centre.actors["1021"], NOW, day(1), "early", 3, wanted=False)
    written(centre, found_plan(centre))
    assert planned(centre, OPERATOR)[:5] == ["early", None, "early", None, "early"]
    assert planned(centre, "1021")[1] is None


def test_who_had_the_nights_of_past_weeks_has_fewer_now(centre: Built) -> None:
    needs(centre, "night", "operator", 1)
    paint(centre, *((OPERATOR, TODAY + n * ONE_DAY, "night") for n in range(3, 9)))
    paint(centre, *((number, TODAY + n * ONE_DAY, "early") for number in OPERATORS[1:] for n in (4, 5)))
    publish(centre, TODAY, FIRST - ONE_DAY)
    written(centre, found_plan(centre, last=day(20)))
    nights = {number: planned(centre, number, FIRST, day(20)).count("night") for number in OPERATORS}
    assert nights[OPERATOR] == min(nights.values()) < max(nights.values())


def test_only_the_teams_asked_for_are_planned_and_the_others_count(centre: Built) -> None:
    needs(centre, "early", "operator", 3)
    paint(centre, *(("1117", day(n), "early") for n in range(5)))
    found = found_plan(centre, Mode.FILL, last=day(4), teams=["甲"])
    assert {cell.person_id for cell in found.cells} <= {centre.ids[n] for n in ("1017", "1021", "1022")}
    assert [cell.shift_code for cell in found.cells] == ["early"] * 10
    with pytest.raises(NotFound):
        found_plan(centre, teams=["戊"])


def test_without_demand_there_is_nothing_to_plan(centre: Built) -> None:
    with pytest.raises(Invalid, match="how many people"):
        found_plan(centre)
    needs(centre, "early", "operator", 0)
    with pytest.raises(Invalid, match="how many people"):
        found_plan(centre)


def _published(built: Built, number: str, on: date) -> str | None:
    duty = models.Duty
    row = store.read(
        lambda: duty.get_or_none(duty.person == built.ids[number], duty.date == on, duty.state == "due")
    )
    return store.read(lambda: str(row.shift_type.code)) if row else None
