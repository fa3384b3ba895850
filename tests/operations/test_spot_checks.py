"""Art. 7: each day's plan by link, what was found and whom it was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from operations import check_links, notices, spot_checks
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.spot_checks import CheckDraft, CheckRow, DayPlan
from regulation.spot_checks import STARTING_LINKS, CheckResult
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, audit_actions, row_counts

DAY = timedelta(days=1)
MIDNIGHT = datetime.fromisoformat("2026-11-23T16:00:00Z")
FINE = CheckDraft("answering", CheckResult.IN_ORDER)
PROBLEM = CheckDraft("speech", CheckResult.PROBLEM, "未报工号", person="1021", informed="1021")


def plan(built: Built, at: datetime = NOW) -> DayPlan:
    return spot_checks.spot_checks(built.actors[OPERATOR], at, TODAY)


def record(built: Built, draft: CheckDraft, at: datetime = NOW, who: str = LEADER) -> int:
    return spot_checks.record_spot_check(built.actors[who], at, draft)


def checks(built: Built, code: str) -> tuple[CheckRow, ...]:
    return next(row.checks for row in plan(built).links if row.link.code == code)


def test_art07_each_day_begins_with_every_link_unchecked(centre: Built) -> None:
    assert [row.link for row in plan(centre).links] == list(STARTING_LINKS)
    assert (plan(centre).checked, plan(centre).ended) == (0, False)


def test_art07_a_check_is_on_record_with_who_looked_and_when(centre: Built) -> None:
    record(centre, FINE)
    (check,) = checks(centre, "answering")
    assert (check.checked_at, check.checked_by, check.result) == (
        NOW,
        f"王建国({LEADER})",
        CheckResult.IN_ORDER,
    )
    assert plan(centre).checked == 1
    assert audit_actions()[-1] == "record_spot_check"


def test_art07_one_link_may_be_checked_as_often_as_it_is_worth(centre: Built) -> None:
    record(centre, CheckDraft("answering", CheckResult.IN_ORDER, checked_at=NOW - 5 * MINUTE))
    record(centre, CheckDraft("answering", CheckResult.NOT_APPLICABLE, checked_at=NOW - 9 * MINUTE))
    assert [c.checked_at for c in checks(centre, "answering")] == [NOW - 9 * MINUTE, NOW - 5 * MINUTE]
    assert plan(centre).checked == 1


def test_art07_a_problem_is_told_to_a_named_person_who_hears_of_it_once(centre: Built) -> None:
    record(centre, PROBLEM)
    (check,) = checks(centre, "speech")
    assert (check.person, check.informed, check.informed_at) == ("刘洋(1021)", "刘洋(1021)", NOW)
    told = centre.actors["1021"]
    (news,) = notices.take_news(told, NOW)
    assert (news.kind, news.details) == (
        "problem_found",
        {"link": "standard speech", "found": "未报工号", "who": "王建国"},
    )
    assert notices.take_news(told, NOW) == ()


@pytest.mark.parametrize("draft", [replace(PROBLEM, found=""), replace(PROBLEM, informed="")])
def test_art07_a_problem_without_what_or_whom_is_refused_and_leaves_nothing(
    centre: Built, draft: CheckDraft
) -> None:
    before = row_counts()
    with pytest.raises(Invalid, match="what was found and whom you told") as refused:
        record(centre, draft)
    assert refused.value.article == 7
    assert row_counts() == before


@pytest.mark.parametrize("who", ["刘洋", "1021", "刘洋(1021)"])
def test_a_person_is_named_by_number_by_name_or_by_both(centre: Built, who: str) -> None:
    record(centre, CheckDraft("speech", CheckResult.PROBLEM, "x", informed=who))
    assert checks(centre, "speech")[0].informed == "刘洋(1021)"


@pytest.mark.parametrize("who", ["维护部", "9999", "刘"])
def test_a_department_or_half_a_name_is_no_named_person(centre: Built, who: str) -> None:
    with pytest.raises(NotFound, match="not exactly one person"):
        record(centre, CheckDraft("speech", CheckResult.PROBLEM, "x", informed=who))


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (replace(PROBLEM, checked_at=NOW + MINUTE), "in the future"),
        (replace(PROBLEM, informed_at=NOW + MINUTE), "in the future"),
        (replace(PROBLEM, informed_at=NOW - MINUTE), "before the check"),
    ],
)
def test_times_that_cannot_be_are_refused(centre: Built, draft: CheckDraft, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        record(centre, draft)


def test_art07_a_check_belongs_to_the_day_it_was_made_on(centre: Built) -> None:
    record(
        centre, CheckDraft("answering", CheckResult.IN_ORDER, checked_at=MIDNIGHT - MINUTE), MIDNIGHT + MINUTE
    )
    record(centre, CheckDraft("billing", CheckResult.IN_ORDER, checked_at=MIDNIGHT), MIDNIGHT + MINUTE)
    assert [row.link.code for row in plan(centre).links if row.checks] == ["answering"]


def test_art07_what_is_older_than_yesterday_stays_as_it_was(centre: Built) -> None:
    late = CheckDraft("answering", CheckResult.IN_ORDER, checked_at=NOW)
    record(centre, late, MIDNIGHT + DAY - MINUTE)
    with pytest.raises(Conflict, match="has ended"):
        record(centre, late, MIDNIGHT + DAY)


def test_art07_a_link_that_is_not_on_the_plan_cannot_be_checked(centre: Built) -> None:
    with pytest.raises(NotFound, match="no link nonsense"):
        record(centre, CheckDraft("nonsense", CheckResult.IN_ORDER))


def test_art02_checks_are_recorded_by_leaders_and_quality_inspectors_alone(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        record(centre, FINE, who=OPERATOR)


def test_art07_the_plan_is_the_centres_own_from_a_day_on(centre: Built) -> None:
    manager, tomorrow = centre.actors[MANAGER], TODAY + DAY
    check_links.set_check_link(manager, NOW, "hot_line", "经理热线", "manager's hot line", tomorrow)
    check_links.retire_check_link(manager, NOW, "billing", tomorrow)
    codes = [link.code for link in check_links.check_links(manager, NOW, tomorrow)]
    assert ("hot_line" in codes, "billing" in codes) == (True, False)
    assert check_links.check_links(manager, NOW) == STARTING_LINKS
    with pytest.raises(NotFound):
        check_links.retire_check_link(manager, NOW, "billing", tomorrow)
    with pytest.raises(Invalid, match="stays as it was"):
        check_links.set_check_link(manager, NOW, "hot_line", "x", "", TODAY - DAY)
    with pytest.raises(Invalid, match="cannot be a code"):
        check_links.set_check_link(manager, NOW, "Hot line", "x", "", tomorrow)


def test_the_last_link_stays_on_the_plan(centre: Built) -> None:
    manager, tomorrow = centre.actors[MANAGER], TODAY + DAY
    for link in STARTING_LINKS[1:]:
        check_links.retire_check_link(manager, NOW, link.code, tomorrow)
    with pytest.raises(Conflict, match="last link"):
        check_links.retire_check_link(manager, NOW, STARTING_LINKS[0].code, tomorrow)
