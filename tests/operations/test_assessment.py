"""Art. 3, 44: the month's assessment is drawn up from what was kept, sent by the deputy manager, and frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import models
from operations import assessment as assessing
from operations import registers, store, verify, watch
from operations.assessment import AssessmentView
from operations.attendance_months import submit_month
from operations.boundary import SYSTEM
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.findings import keep_findings
from regulation.assessment import Assessment, TeamLine
from regulation.ledger import instant_text
from tests.centre import NOW, PIN, VISITOR_BADGES, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, RELIEF_LEADER, Door, approved_visit, own_badge
from tests.operations.attending import AFTERWARDS, MONTH_OVER, whole_month_in_order

NOVEMBER = date(2026, 11, 1)
AFTER = datetime(2026, 12, 4, 2, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 5, 16, tzinfo=UTC)


def found(code: str, article: int, at: datetime, person: int | None, number: int, **details: str) -> None:
    fields = {
        "code": code,
        "article": article,
        "at": instant_text(at),
        "person_id": person,
        "duty_id": None,
        "evidence": [],
        "details": details,
    }
    store.write(lambda: keep_findings(f"test:{code}:{number}", [fields], ""))


def seen(built: Built, at: datetime = NOW) -> Assessment:
    return view(built, at).assessment


def view(built: Built, at: datetime = NOW) -> AssessmentView:
    return assessing.assessment(built.actors[MANAGER], at, NOVEMBER)


def team(made: Assessment, code: str) -> TeamLine:
    return next(line for line in made.teams if line.team == code)


def without_duties() -> None:
    """Nobody was rostered: nothing holds the assessment up but the month itself."""

    def clear() -> None:
        models.Relief.delete().execute()
        models.Duty.delete().execute()

    store.write(clear)


def test_art44_findings_are_counted_by_article_team_and_person_beside_the_month_before(centre: Built) -> None:
    ids = centre.ids
    for number in range(3):
        found("duty_late", 21, NOW, ids["1021"], number, minutes="6")
    found("left_without_permit", 14, NOW, ids["1117"], 1)
    found("door_forced", 20, NOW, None, 1)
    found("duty_late", 21, NOW - timedelta(days=30), ids["1021"], 9, minutes="6")
    made = seen(centre)
    assert made.months == ("2026-10",)
    assert (made.found.count, made.found.earlier) == (5, (1,))
    assert [(line.article, line.found.count) for line in made.articles] == [(14, 1), (20, 1), (21, 3)]
    assert [(line.team, line.found.count) for line in made.teams] == [("甲", 3), ("乙", 1), ("", 1)]
    assert [(p.work_number, p.team, p.articles) for p in made.people] == [
        ("1021", "甲", ((21, 3),)),
        ("1117", "乙", ((14, 1),)),
    ]


def test_art44_the_month_is_the_centres_own_to_the_moment(centre: Built) -> None:
    begin, end = datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)
    moment = timedelta(microseconds=1)
    for number, at in enumerate((begin - moment, begin, end - moment, end)):
        found("duty_late", 21, at, centre.ids["1021"], number, minutes="6")
    made = seen(centre, AFTER)
    assert (made.found.count, made.found.earlier) == (2, (1,))


def test_art08_late_reports_stand_in_it_with_who_answers(centre: Built) -> None:
    found("figures_late", 8, NOW, centre.ids[LEADER], 1, shift="早班", date="2026-11-22")
    (late,) = seen(centre).late
    assert (late.article, late.code, late.name) == (8, "figures_late", "王建国(1003)")
    assert dict(late.details) == {"shift": "早班", "date": "2026-11-22"}


def test_art04_a_breach_report_stands_in_it_until_it_is_closed_and_by_its_kind_alone(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    report = {"kind": "order", "happened_on": "2026-11-22", "what": "某人在机房吃面", "person": "1021"}
    number = registers.open_record(manager, NOW, "breach", report)
    (breach,) = seen(centre, NOW + MINUTE).breaches
    assert (breach.number, breach.opened_at) == ("1", NOW)
    assert breach.what == "eating, chatting, disorder in the room"
    closing = {"answer": "属实", "measure": "提醒"}
    registers.take_step(manager, NOW + MINUTE, number, "close", closing)
    assert seen(centre, NOW + 2 * MINUTE).breaches == ()


def test_art20_the_door_is_counted_by_who_came_and_why_not(centre: Built) -> None:
    badge = VISITOR_BADGES[approved_visit(centre).badge_label]
    door = Door()
    door.reads(own_badge("1017"), NOW)
    door.reads("9999999999", NOW + MINUTE)
    door.reads("9999999999", NOW + 2 * MINUTE)
    door.admits(badge, own_badge("1017"), NOW + 3 * MINUTE)
    door.leaves(own_badge("1017"), NOW + 4 * MINUTE)
    door.sends(NOW + 5 * MINUTE)
    made = seen(centre, NOW + 5 * MINUTE).door
    assert (made.staff_entries, made.visitor_entries, made.visits) == (1, 1, 1)
    assert (made.exits, made.refused, made.alarms) == (1, 2, 0)
    assert made.refusals == (("refused.unknown_badge", 2),)


def test_art34_the_teams_rates_stand_in_it_and_a_draft_says_what_is_missing(centre: Built) -> None:
    shown = view(centre, AFTER)
    assert shown.assessment.is_draft
    assert team(shown.assessment, "甲").due != "0"
    assert not team(shown.assessment, "甲").submitted
    assert {blocker.code for blocker in shown.blockers} == {"attendance_open"}
    with pytest.raises(Blocked, match="attendance of") as refused:
        assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    assert refused.value.article == 34


def test_art34_a_month_that_runs_is_rated_by_the_duties_that_are_over(sqlite_centre: Built) -> None:
    dues = [int(team(seen(sqlite_centre, at), "甲").due) for at in (NOW, AFTERWARDS, MONTH_OVER)]
    assert 0 < dues[0] < dues[1] < dues[2]


def test_art44_a_month_that_runs_cannot_be_sent(sqlite_centre: Built) -> None:
    without_duties()
    with pytest.raises(Blocked, match="not over") as refused:
        assessing.send_assessment(MANAGER, PIN, NOW, NOVEMBER)
    assert refused.value.article == 44
    with pytest.raises(Invalid):
        assessing.assessment(sqlite_centre.actors[MANAGER], NOW, date(2026, 12, 1))


def test_art44_what_was_sent_is_frozen_whatever_is_found_later(centre: Built) -> None:
    without_duties()
    found("duty_late", 21, NOW, centre.ids["1021"], 1, minutes="6")
    sent = assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    assert (sent.version, sent.sent_by) == (1, "周敏(2001)")
    found("duty_late", 21, NOW, centre.ids["1021"], 2, minutes="6")
    made = seen(centre, AFTER)
    assert (made.version, made.found.count, made.sent_at) == (1, 1, AFTER)
    again = assessing.send_assessment(MANAGER, PIN, AFTER + MINUTE, NOVEMBER)
    assert (again.version, seen(centre, AFTER).found.count) == (2, 2)
    first = assessing.assessment(centre.actors[MANAGER], AFTER, NOVEMBER, 1).assessment
    assert first.found.count == 1
    with pytest.raises(NotFound):
        assessing.assessment(centre.actors[MANAGER], AFTER, NOVEMBER, 3)


def test_art44_sending_again_what_has_not_changed_is_refused(sqlite_centre: Built) -> None:
    without_duties()
    assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    with pytest.raises(Conflict, match="Nothing has changed"):
        assessing.send_assessment(MANAGER, PIN, AFTER + MINUTE, NOVEMBER)


def test_art44_nobody_but_the_deputy_manager_sends_it(sqlite_centre: Built) -> None:
    without_duties()
    with pytest.raises(NotPermitted):
        assessing.send_assessment(LEADER, PIN, AFTER, NOVEMBER)
    assert store.read(lambda: models.AssessmentSent.select().count()) == 0


@pytest.mark.parametrize(("late", "findings"), [(timedelta(microseconds=-1), 0), (timedelta(0), 1)])
def test_art44_sent_after_the_fifth_it_is_a_finding(
    sqlite_centre: Built, late: timedelta, findings: int
) -> None:
    without_duties()
    assessing.send_assessment(MANAGER, PIN, DEADLINE + late, NOVEMBER)
    kept = models.Finding
    assert store.read(lambda: kept.select().where(kept.code == "assessment_late").count()) == findings


@pytest.mark.parametrize(("late", "findings"), [(timedelta(microseconds=-1), 0), (timedelta(0), 1)])
def test_art44_the_watch_finds_an_assessment_that_was_not_sent(
    sqlite_centre: Built, late: timedelta, findings: int
) -> None:
    kept = watch.keep_watch(SYSTEM, DEADLINE + late).kept
    assert kept.count("assessment_late:2026-11") == findings
    again = watch.keep_watch(SYSTEM, DEADLINE + MINUTE).kept
    assert again.count("assessment_late:2026-11") == 1 - findings, "it is found once"


def test_art34_when_every_team_has_submitted_the_rates_are_theirs_and_it_can_be_sent(centre: Built) -> None:
    door = Door()
    whole_month_in_order(door)
    submit_month(LEADER, PIN, MONTH_OVER, NOVEMBER, "甲")
    with pytest.raises(Blocked, match="attendance of 乙"):
        assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    submit_month(RELIEF_LEADER, PIN, MONTH_OVER, NOVEMBER, "乙")
    assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    line = team(seen(centre, AFTER), "甲")
    assert (line.due, line.attended, line.rate, line.submitted) == ("16", "16", "1", True)


def test_art33_the_check_of_the_records_sees_a_sent_assessment_that_was_changed(centre: Built) -> None:
    without_duties()
    sent = assessing.send_assessment(MANAGER, PIN, AFTER, NOVEMBER)
    assert verify.verify(SYSTEM, AFTER, sent.digest[:12]).met == "assessment:2026-11 1"
    row = models.AssessmentSent
    content = store.read(lambda: row.get().content).replace("城东客服中心", "城西客服中心")
    store.write(lambda: row.update(content=content).execute())
    (broken,) = verify.verify(SYSTEM, AFTER).breaks
    assert (broken.chain, broken.sequence) == ("assessment:2026-11", 1)
