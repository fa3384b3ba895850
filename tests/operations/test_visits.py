"""Art. 20: a visit is asked for with a proper reason, decided by a leader, and bound to a badge."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from operations import people, visits
from operations.boundary import SYSTEM, kiosk_actor
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.today import today_board
from regulation.records import BadgeState, VisitState
from tests.centre import NOW, TODAY, VISITOR_BADGES, Built
from tests.operations.acts import (
    ENGINEER,
    LEADER,
    MINUTE,
    OPERATOR,
    REQUEST,
    approved_visit,
    notices_for,
    own_badge,
    row_counts,
)

DOOR = kiosk_actor("door")


def state(built: Built, key: str = "key-1") -> visits.VisitRow:
    row = visits.visit_state(built.actors[LEADER], NOW, key)
    assert row is not None
    return row


def test_art20_a_request_waits_for_a_leader_and_tells_every_leader(centre: Built) -> None:
    visit_id = visits.request_visit(DOOR, NOW, REQUEST)
    (waiting,) = today_board(centre.actors[LEADER], NOW).waiting
    assert (waiting.id, waiting.visitor, waiting.reference, waiting.requested_from) == (
        visit_id,
        "李伟",
        "4471",
        "kiosk:door",
    )
    assert (waiting.starts_at, waiting.ends_at) == (NOW, NOW + 120 * MINUTE)
    (notice,) = notices_for(centre.actors[LEADER])
    assert (notice.kind, notice.subject) == ("visit_waiting", f"visit:{visit_id}")
    assert notices_for(centre.actors[OPERATOR]) == ()


def test_art20_asking_twice_with_one_key_is_asking_once(centre: Built) -> None:
    first = visits.request_visit(DOOR, NOW, REQUEST)
    assert visits.request_visit(DOOR, NOW + MINUTE, replace(REQUEST, visitor="另一人")) == first
    assert [w.visitor for w in today_board(centre.actors[LEADER], NOW).waiting] == ["李伟"]
    assert visits.request_visit(DOOR, NOW, replace(REQUEST, key="key-2")) != first


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"visitor": " "}, "name is needed"),
        ({"reason": ""}, "reason from the list"),
        ({"reason": "curiosity"}, "reason from the list"),
        ({"reference": " "}, "work order number"),
        ({"minutes": 0}, "one minute to 24 hours"),
        ({"minutes": 24 * 60 + 1}, "one minute to 24 hours"),
    ],
)
def test_art20_without_a_proper_reason_nothing_is_registered(
    sqlite_centre: Built, changes: dict[str, Any], words: str
) -> None:
    before = row_counts()
    with pytest.raises(Invalid, match=words) as refused:
        visits.request_visit(DOOR, NOW, replace(REQUEST, **changes))
    assert refused.value.article == 20
    assert row_counts() == before


@pytest.mark.parametrize(
    "changes", [{"minutes": 1}, {"minutes": 24 * 60}, {"reason": "cleaning", "reference": ""}]
)
def test_art20_with_one_it_is(sqlite_centre: Built, changes: dict[str, Any]) -> None:
    assert visits.request_visit(DOOR, NOW, replace(REQUEST, **changes)) == 1


def test_art20_a_sponsor_nobody_knows_is_refused(sqlite_centre: Built) -> None:
    with pytest.raises(NotFound):
        visits.request_visit(DOOR, NOW, replace(REQUEST, sponsor_work_number="9999"))


def test_art20_approving_lends_the_next_free_badge_and_answers_the_notices(centre: Built) -> None:
    first = approved_visit(centre)
    second = approved_visit(centre, key="key-2")
    assert [(v.state, v.badge_label) for v in (first, second)] == [
        (VisitState.APPROVED, "V-01"),
        (VisitState.APPROVED, "V-02"),
    ]
    assert notices_for(centre.actors[LEADER]) == ()
    assert today_board(centre.actors[LEADER], NOW).waiting == ()


def test_art20_when_all_badges_are_out_nobody_more_is_approved(centre: Built) -> None:
    for number in range(len(VISITOR_BADGES)):
        approved_visit(centre, key=f"key-{number}")
    waiting = visits.request_visit(DOOR, NOW, replace(REQUEST, key="one more"))
    with pytest.raises(Conflict, match="All visitor badges are out"):
        visits.approve_visit(centre.actors[LEADER], NOW, waiting)
    visits.end_visit(centre.actors[LEADER], NOW, 2)
    assert visits.approve_visit(centre.actors[LEADER], NOW, waiting).badge_label == "V-02"


def test_art20_a_badge_set_aside_for_someone_who_never_came_is_free_after_the_window(centre: Built) -> None:
    for number in range(len(VISITOR_BADGES)):
        approved_visit(centre, key=f"key-{number}")
    waiting = visits.request_visit(DOOR, NOW, replace(REQUEST, key="one more", minutes=240))
    with pytest.raises(Conflict):
        visits.approve_visit(centre.actors[LEADER], NOW + 120 * MINUTE - MINUTE, waiting)
    assert visits.approve_visit(centre.actors[LEADER], NOW + 120 * MINUTE, waiting).badge_label == "V-01"


def test_art20_lost_visitor_badges_are_not_lent(sqlite_centre: Built) -> None:
    people.set_badge_state(SYSTEM, NOW, VISITOR_BADGES["V-01"], BadgeState.LOST)
    assert approved_visit(sqlite_centre).badge_label == "V-02"


def test_art20_a_company_employee_keeps_the_own_badge(centre: Built) -> None:
    row = approved_visit(centre, company_work_number=ENGINEER)
    assert row.badge_label == ""
    people.set_badge_state(SYSTEM, NOW, own_badge(ENGINEER), BadgeState.LOST)
    assert approved_visit(centre, key="key-2", company_work_number=ENGINEER).badge_label == "V-01"


def test_art20_a_visit_is_decided_once(centre: Built) -> None:
    row = approved_visit(centre)
    for decide in (
        lambda: visits.approve_visit(centre.actors[LEADER], NOW, row.id),
        lambda: visits.refuse_visit(centre.actors[LEADER], NOW, row.id, "改日"),
    ):
        with pytest.raises(Conflict, match="decided already"):
            decide()
    assert state(centre).state is VisitState.APPROVED


def test_art20_a_refusal_keeps_its_note_and_lends_nothing(centre: Built) -> None:
    visit_id = visits.request_visit(DOOR, NOW, REQUEST)
    visits.refuse_visit(centre.actors[LEADER], NOW, visit_id, "无工单")
    row = state(centre)
    assert (row.state, row.note, row.badge_label) == (VisitState.REFUSED, "无工单", "")
    with pytest.raises(Conflict):
        visits.end_visit(centre.actors[LEADER], NOW, visit_id)


@pytest.mark.parametrize(
    ("minutes", "at", "ends_at"),
    [
        (None, NOW + MINUTE, NOW + 120 * MINUTE),
        (30, NOW + MINUTE, NOW + 31 * MINUTE),
        (24 * 60, NOW, NOW + 24 * 60 * MINUTE),
    ],
)
def test_art20_the_leader_may_shorten_or_lengthen_the_window(
    sqlite_centre: Built, minutes: int | None, at: datetime, ends_at: datetime
) -> None:
    visit_id = visits.request_visit(DOOR, NOW, REQUEST)
    row = visits.approve_visit(sqlite_centre.actors[LEADER], at, visit_id, minutes)
    assert (row.starts_at, row.ends_at) == (NOW, ends_at)


@pytest.mark.parametrize("minutes", [-1, 24 * 60 + 1])
def test_art20_but_not_beyond_a_day(sqlite_centre: Built, minutes: int) -> None:
    visit_id = visits.request_visit(DOOR, NOW, REQUEST)
    with pytest.raises(Invalid):
        visits.approve_visit(sqlite_centre.actors[LEADER], NOW, visit_id, minutes)


def test_art20_a_visit_whose_time_is_over_needs_more_minutes(centre: Built) -> None:
    visit_id = visits.request_visit(DOOR, NOW, REQUEST)
    late = NOW + 120 * MINUTE
    with pytest.raises(Invalid, match="already over"):
        visits.approve_visit(centre.actors[LEADER], late, visit_id)
    assert visits.approve_visit(centre.actors[LEADER], late, visit_id, 15).ends_at == late + 15 * MINUTE


def test_art20_a_visit_announced_for_later_keeps_its_start(sqlite_centre: Built) -> None:
    later = NOW + 60 * MINUTE
    assert approved_visit(sqlite_centre, starts_at=later).starts_at == later


# --- announced for later ------------------------------------------------------------------------------------


def test_art20_a_visit_announced_for_tomorrow_leaves_todays_badges_free(centre: Built) -> None:
    tomorrow = NOW + 24 * 60 * MINUTE
    for number in range(len(VISITOR_BADGES)):
        approved_visit(centre, key=f"tomorrow-{number}", starts_at=tomorrow)
    today = [approved_visit(centre, key=f"today-{number}") for number in range(len(VISITOR_BADGES))]
    assert [row.badge_label for row in today] == list(VISITOR_BADGES)
    one_more = visits.request_visit(DOOR, NOW, replace(REQUEST, key="more", starts_at=tomorrow))
    with pytest.raises(Conflict, match="All visitor badges are out"):
        visits.approve_visit(centre.actors[LEADER], NOW, one_more)


@pytest.mark.parametrize(("minutes_before_the_end", "badge"), [(1, "V-02"), (0, "V-01")])
def test_art20_windows_that_touch_share_a_badge_and_windows_that_overlap_do_not(
    centre: Built, minutes_before_the_end: int, badge: str
) -> None:
    first = approved_visit(centre)
    starts_at = first.ends_at - minutes_before_the_end * MINUTE
    assert approved_visit(centre, key="key-2", starts_at=starts_at).badge_label == badge


@pytest.mark.parametrize(("late", "taken"), [(119, True), (120, False)])
def test_art20_a_window_that_is_over_is_not_registered(centre: Built, late: int, taken: bool) -> None:
    over = replace(REQUEST, starts_at=NOW - late * MINUTE)
    if taken:
        assert visits.request_visit(DOOR, NOW, over)
        return
    with pytest.raises(Invalid, match="already over"):
        visits.request_visit(DOOR, NOW, over)


def test_art20_minutes_given_with_the_approval_count_from_the_start_of_a_later_visit(centre: Built) -> None:
    later = NOW + 60 * MINUTE
    waiting = visits.request_visit(centre.actors[LEADER], NOW, replace(REQUEST, starts_at=later))
    row = visits.approve_visit(centre.actors[LEADER], NOW, waiting, 30)
    assert (row.starts_at, row.ends_at) == (later, later + 30 * MINUTE)


def test_art20_what_the_visitor_carries_and_does_is_kept(centre: Built) -> None:
    visits.request_visit(DOOR, NOW, replace(REQUEST, job_title=" 工程师 ", carried=" 工具箱 "))
    (waiting,) = today_board(centre.actors[LEADER], NOW).waiting
    assert (waiting.job_title, waiting.carried, waiting.reason_label) == (
        "工程师",
        "工具箱",
        "equipment maintenance",
    )


@pytest.mark.parametrize(("number", "may"), [("1021", False), (LEADER, True), ("", True)])
def test_art20_a_request_is_taken_back_by_whoever_asked_or_by_a_leader(
    centre: Built, number: str, may: bool
) -> None:
    visits.request_visit(DOOR, NOW, REQUEST)
    actor = centre.actors[number] if number else DOOR
    if may:
        assert visits.withdraw_request(actor, NOW, "key-1")
        return
    with pytest.raises(NotPermitted):
        visits.withdraw_request(actor, NOW, "key-1")


def test_a_days_visits_are_those_whose_window_touches_it(centre: Built) -> None:
    approved_visit(centre, minutes=24 * 60)
    leader = centre.actors[LEADER]
    days = [TODAY.replace(day=day) for day in (22, 23, 24, 25)]
    assert [len(visits.visits_on(leader, NOW, day)) for day in days] == [0, 1, 1, 0]


def test_an_unknown_key_has_no_state(sqlite_centre: Built) -> None:
    assert visits.visit_state(DOOR, NOW, "nothing") is None
