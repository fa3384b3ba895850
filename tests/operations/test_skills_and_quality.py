"""Art. 10 and 39-43: typing tests and inspected calls, kept on their registers, planned and compared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from operations import permits, quality, register_views, registers, today, typing_tests
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotFound, NotPermitted
from operations.running_clocks import LINE_LOCKED, LINE_WISH, SEAT_LEAVE
from regulation.quality import LINES, MonthMean
from regulation.typing_passages import PASSAGES
from regulation.typing_test import signs_of
from tests.centre import NOW, SHIFT_ENDS, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, RELIEF_LEADER, audit_actions

COLLEAGUE = "1021"
FIRST = PASSAGES[0]
DAY = timedelta(days=1)


# --- typing -------------------------------------------------------------------------------------------------


def test_art10_a_typing_test_is_judged_and_kept_on_the_register_of_skills(centre: Built) -> None:
    done = typing_tests.keep_typing_test(centre.actors[OPERATOR], NOW, OPERATOR, FIRST.key, FIRST.text, 180)
    assert (done.result.errors, done.passed) == (0, True)
    assert done.result.speed == len(signs_of(FIRST.text)) // 3
    (record,) = register_views.records(centre.actors[LEADER], NOW, "skill_test").rows
    assert (record.about, record.reporter, record.values["speed"]) == (
        OPERATOR,
        OPERATOR,
        str(done.result.speed),
    )
    assert audit_actions()[-1] == "keep_typing_test"


def test_art10_everybody_tests_themselves_and_only_trainers_test_others(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        typing_tests.keep_typing_test(centre.actors[OPERATOR], NOW, COLLEAGUE, FIRST.key, "夜里", 60)
    with pytest.raises(NotPermitted):
        typing_tests.typing_history(centre.actors[OPERATOR], NOW, COLLEAGUE)
    typing_tests.keep_typing_test(centre.actors[LEADER], NOW, COLLEAGUE, FIRST.key, "夜里", 60)
    assert len(typing_tests.typing_history(centre.actors[COLLEAGUE], NOW, COLLEAGUE).records) == 1


def test_art10_what_is_no_test_is_refused(centre: Built) -> None:
    actor = centre.actors[OPERATOR]
    with pytest.raises(Invalid):
        typing_tests.keep_typing_test(actor, NOW, OPERATOR, FIRST.key, FIRST.text, 29)
    with pytest.raises(NotFound):
        typing_tests.keep_typing_test(actor, NOW, OPERATOR, "no-such-text", FIRST.text, 60)


def test_art10_results_are_read_over_time_and_the_text_typed_least_comes_next(centre: Built) -> None:
    actor = centre.actors[OPERATOR]
    for place, signs in enumerate((100, 200, 220)):
        text = PASSAGES[place % 2].text
        typing_tests.keep_typing_test(
            actor, NOW + place * DAY, OPERATOR, PASSAGES[place % 2].key, text[:signs], 180
        )
    history = typing_tests.typing_history(actor, NOW + 3 * DAY, OPERATOR)
    assert [record.tested_on for record in history.records] == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert [record.passed for record in history.records] == [False, True, True]
    assert history.following.key == PASSAGES[2].key
    assert (history.asked_speed, history.asked_accuracy) == (60, 95)


# --- inspected calls ----------------------------------------------------------------------------------------


def form(built: Built, person: str, day: date, points: int) -> None:
    lines = {line.key: str(points) for line in LINES}
    texts = {"person": person, "inspected_on": day.isoformat(), "channel": "recording", **lines}
    registers.open_record(built.actors[LEADER], NOW, "qa_form", texts)


def test_art40_the_plan_names_every_operator_on_duty_and_what_is_still_missing(centre: Built) -> None:
    form(centre, OPERATOR, TODAY, 9)
    rows = quality.qa_plan(centre.actors[LEADER], NOW, TODAY)
    by_number = {row.work_number: row for row in rows}
    assert set(by_number) == {"1017", "1021", "1022", "1117", "1121"}
    assert (by_number[OPERATOR].wanted, by_number[OPERATOR].done, by_number[OPERATOR].missing) == (2, 1, 1)
    assert rows[-1].work_number == OPERATOR, "whoever misses most comes first"
    assert TODAY not in by_number[OPERATOR].days
    assert rows == quality.qa_plan(SYSTEM, NOW, TODAY.replace(day=1))


def test_art40_whoever_did_not_pass_last_month_is_inspected_once_more(centre: Built) -> None:
    form(centre, OPERATOR, date(2026, 10, 20), 5)
    form(centre, COLLEAGUE, date(2026, 10, 20), 8)
    rows = {row.work_number: row for row in quality.qa_plan(centre.actors[MANAGER], NOW, TODAY)}
    assert (rows[OPERATOR].wanted, rows[COLLEAGUE].wanted) == (3, 2)


def test_art43_months_are_compared_by_person_and_by_team(centre: Built) -> None:
    for person, day, points in (
        (OPERATOR, date(2026, 9, 10), 6),
        (OPERATOR, date(2026, 11, 10), 9),
        (COLLEAGUE, date(2026, 11, 11), 8),
        ("1117", date(2026, 11, 11), 10),
    ):
        form(centre, person, day, points)
    leader = centre.actors[LEADER]
    span = date(2026, 9, 1), date(2026, 11, 30)
    people = {row.work_number: row.months for row in quality.qa_trend(leader, NOW, *span)}
    assert people[OPERATOR] == (MonthMean(date(2026, 9, 1), 1, 60), MonthMean(date(2026, 11, 1), 1, 90))
    teams = {row.team: row.months[-1] for row in quality.qa_trend(leader, NOW, *span, by_team=True)}
    assert teams == {"甲": MonthMean(date(2026, 11, 1), 2, 85), "乙": MonthMean(date(2026, 11, 1), 1, 100)}


def test_art40_an_operator_reads_no_plan_and_nobody_elses_trend(centre: Built) -> None:
    for ask in (
        lambda: quality.qa_plan(centre.actors[OPERATOR], NOW, TODAY),
        lambda: quality.qa_trend(centre.actors[OPERATOR], NOW, TODAY, TODAY),
    ):
        with pytest.raises(NotPermitted) as refused:
            ask()
        assert refused.value.article == 40


# --- what runs, on the board --------------------------------------------------------------------------------


def test_art18_the_board_shows_permits_that_run_and_wishes_that_wait(centre: Built) -> None:
    until = (NOW + 30 * MINUTE).isoformat()
    for number in (OPERATOR, COLLEAGUE):
        texts = {"person": number, "line": "03", "reason": "培训", "until": until}
        record = registers.open_record(centre.actors[number], NOW, "line_lock", texts)
    registers.take_step(centre.actors[LEADER], NOW, record, "permit")
    permits.permit_seat_leave(centre.actors[LEADER], NOW, "1022", "饮水", 10)
    tasks = today.today_board(centre.actors[LEADER], NOW + MINUTE).registers
    assert [(clock.kind, clock.until) for clock in tasks.clocks] == [
        (SEAT_LEAVE, NOW + 10 * MINUTE),
        (LINE_WISH, NOW + 30 * MINUTE),
        (LINE_LOCKED, NOW + 30 * MINUTE),
    ]
    later = today.today_board(centre.actors[LEADER], SHIFT_ENDS).registers
    assert [clock.kind for clock in later.clocks] == [LINE_WISH, LINE_LOCKED], "who went home is not away"
    own = today.today_board(centre.actors[COLLEAGUE], NOW + MINUTE).registers
    assert [clock.kind for clock in own.clocks] == [SEAT_LEAVE, LINE_LOCKED]


def test_art26_the_board_counts_overdue_records_and_undertakings_for_a_leader(centre: Built) -> None:
    texts = {"found_on": "2026-11-23", "asset": "耳机", "what": "断线"}
    registers.open_record(centre.actors[OPERATOR], NOW, "damage", texts)
    signed = {"person": OPERATOR, "wording": "2026"}
    record = registers.open_record(centre.actors[RELIEF_LEADER], NOW, "undertaking", signed)
    before = today.today_board(centre.actors[LEADER], NOW).registers
    assert (before.overdue, before.undertakings) == (0, 9)
    registers.take_step(centre.actors[OPERATOR], NOW, record, "sign")
    after = today.today_board(centre.actors[LEADER], NOW + 3 * DAY).registers
    assert (after.overdue, after.undertakings) == (1, 8)
    assert today.today_board(centre.actors[LEADER], NOW + 335 * DAY).registers.undertakings == 8
    assert today.today_board(centre.actors[LEADER], NOW + 336 * DAY).registers.undertakings == 9
    assert today.today_board(centre.actors[OPERATOR], NOW + 3 * DAY).registers.undertakings == 0
