"""Art. 7, 9, 10, 11, 22: who sees to an item, its way through the shifts, and what time makes of the log."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import models
from operations import findings, handover, open_items, overdue, shiftlog, store
from operations.boundary import SYSTEM, Actor
from operations.errors import Conflict, Invalid, NotFound
from operations.stories import story
from regulation.handover import ItemState
from regulation.roles import Role
from tests.centre import NOW, PIN, SHIFT_STARTS, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    audit_actions,
    checked,
    current_log,
    entry,
    notices_for,
    row_counts,
    sealed,
    started_handover,
)

DUE = NOW + MINUTE
ESCALATED_FROM = DUE + 30 * MINUTE + SECOND


def item(built: Built, title: str = "宽带掉线", due_at: datetime | None = DUE) -> int:
    return shiftlog.open_item(built.actors[LEADER], NOW, title, due_at=due_at)


def items(built: Built, at: datetime = NOW, who: str = LEADER) -> tuple[shiftlog.ItemRow, ...]:
    log = current_log(built.actors[who], at)
    assert log is not None
    return log.items


def found(built: Built, code: str) -> list[findings.FindingRow]:
    rows = findings.findings(built.actors[LEADER], NOW, SHIFT_STARTS, SHIFT_STARTS + timedelta(days=3))
    return [row for row in rows if row.code == code]


def senior(built: Built) -> Actor:
    person = built.ids["1121"]
    store.write(
        lambda: (
            models.Person.update(role=Role.SENIOR_SHIFT_LEADER).where(models.Person.id == person).execute()
        )
    )
    return Actor(person, "1121", "孙丽", Role.SENIOR_SHIFT_LEADER)


# --- owners and the chain of shifts -------------------------------------------------------------------------


def test_art09_an_item_is_given_to_someone_of_the_centre(centre: Built) -> None:
    key = item(centre)
    open_items.set_item_owner(centre.actors[LEADER], NOW, key, OPERATOR)
    assert [(row.owner, row.owner_number) for row in items(centre)] == [(f"陈静({OPERATOR})", OPERATOR)]


@pytest.mark.parametrize("number", ["", "9999", "4001"])
def test_art09_nobody_else_can_own_one(sqlite_centre: Built, number: str) -> None:
    key = item(sqlite_centre)
    with pytest.raises(Invalid, match="work number"):
        open_items.set_item_owner(sqlite_centre.actors[LEADER], NOW, key, number)


def test_art22_a_carried_item_keeps_its_chain_of_shifts(centre: Built) -> None:
    key = item(centre)
    shiftlog.carry_item(centre.actors[LEADER], NOW, key, "等备件", "明早催维护")
    sealed(centre)
    later = HANDOVER_AT + 10 * MINUTE
    (carried,) = items(centre, later)
    shiftlog.resolve_item(centre.actors[RELIEF_LEADER], later, carried.id, "换好了")
    for any_of_them in (key, carried.id):
        first, last = story(centre.actors[OPERATOR], later, "item", any_of_them).items[0].steps
        assert (first.shift_en, first.state, first.by, first.at) == (
            "night shift",
            ItemState.CARRIED,
            f"王建国({LEADER})",
            NOW,
        )
        assert (first.reason, first.next_step) == ("等备件", "明早催维护")
        assert (last.state, last.outcome, last.by) == (
            ItemState.RESOLVED,
            "换好了",
            f"李秀英({RELIEF_LEADER})",
        )
    with pytest.raises(NotFound):
        story(centre.actors[OPERATOR], later, "item", 999)


# --- complaints (Art. 9) ------------------------------------------------------------------------------------


def test_art09_a_complaint_opens_an_item_by_itself_and_another_entry_does_not(centre: Built) -> None:
    entry(centre, "宽带掉线", kind="complaint")
    entry(centre, "通知")
    assert [(row.title, row.complaint) for row in items(centre)] == [("宽带掉线", True)]


def test_art09_a_complaint_is_settled_when_the_user_is_satisfied(centre: Built) -> None:
    entry(centre, "宽带掉线", kind="complaint")
    (row,) = items(centre)
    leader = centre.actors[LEADER]
    with pytest.raises(Invalid, match="satisfied") as refused:
        shiftlog.resolve_item(leader, NOW, row.id, "换了光猫")
    assert refused.value.article == 9
    shiftlog.resolve_item(leader, NOW, row.id, "换了光猫", satisfied=True)
    assert [(r.state, r.satisfied) for r in items(centre)] == [(ItemState.RESOLVED, True)]


def test_art09_a_user_who_is_not_satisfied_leaves_it_open_and_it_must_be_carried(centre: Built) -> None:
    entry(centre, "宽带掉线", kind="complaint")
    (row,) = items(centre)
    leader = centre.actors[LEADER]
    shiftlog.resolve_item(leader, NOW, row.id, "换了光猫", satisfied=False)
    assert [(r.state, r.satisfied, r.outcome) for r in items(centre)] == [(ItemState.OPEN, False, "换了光猫")]
    started_handover(centre)
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    assert "item_open" in {blocker.code for blocker in view.blockers}
    shiftlog.carry_item(leader, HANDOVER_AT, row.id, "用户要求复测", "明晚高峰复测")
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    assert "item_open" not in {blocker.code for blocker in view.blockers}


def test_art09_an_item_of_another_kind_has_no_user_to_ask(centre: Built) -> None:
    key = item(centre)
    shiftlog.resolve_item(centre.actors[LEADER], NOW, key, "已恢复", satisfied=False)
    assert [(r.state, r.satisfied) for r in items(centre)] == [(ItemState.RESOLVED, None)]


# --- overdue (Art. 7) ---------------------------------------------------------------------------------------


def test_art07_thirty_minutes_past_due_nothing_goes_up_and_a_second_later_it_does(centre: Built) -> None:
    item(centre)
    assert overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM - SECOND) == 0
    assert (items(centre)[0].escalated_at, found(centre, "item_overdue")) == (None, [])
    assert overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM) == 1
    assert items(centre)[0].escalated_at == ESCALATED_FROM
    (finding,) = found(centre, "item_overdue")
    assert (finding.article, finding.details, finding.person) == (
        7,
        {"minutes": "31", "title": "宽带掉线"},
        "王建国",
    )


def test_art07_the_senior_shift_leader_hears_of_it_once_until_it_is_settled(centre: Built) -> None:
    key = item(centre)
    who = senior(centre)
    for minutes in (0, 1, 60):
        overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM + minutes * MINUTE)
    assert [notice.kind for notice in notices_for(who)] == ["item_overdue"]
    assert notices_for(centre.actors[OPERATOR]) == ()
    shiftlog.resolve_item(centre.actors[LEADER], NOW, key, "已恢复")
    assert notices_for(who) == ()


def test_art07_a_carried_item_goes_up_once_however_many_shifts_carry_it(centre: Built) -> None:
    key = item(centre)
    overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM)
    shiftlog.carry_item(centre.actors[LEADER], NOW, key, "等备件", "明早催维护")
    sealed(centre)
    assert overdue.escalate_overdue_items(SYSTEM, HANDOVER_AT + MINUTE) == 1
    assert items(centre, HANDOVER_AT + 2 * MINUTE)[0].escalated_at is not None
    assert len(found(centre, "item_overdue")) == 1
    assert len(notices_for(senior(centre))) == 1


def test_art07_what_is_settled_or_not_due_stays_and_a_look_leaves_no_trace(centre: Built) -> None:
    shiftlog.resolve_item(centre.actors[LEADER], NOW, item(centre), "已恢复")
    item(centre, due_at=None)
    before = row_counts()
    assert overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM) == 0
    assert overdue.judge_untold(SYSTEM, ESCALATED_FROM) == 0
    assert row_counts() == before


def test_art07_a_confidential_title_is_not_told_in_the_finding(centre: Built) -> None:
    entry(centre, "机密", kind="complaint", confidential=True, due_at=DUE)
    overdue.escalate_overdue_items(SYSTEM, ESCALATED_FROM)
    assert found(centre, "item_overdue")[0].details["title"] == "[confidential]"


# --- told to nobody (Art. 11) -------------------------------------------------------------------------------


def just_before_the_freeze(built: Built) -> int:
    key = entry(built, "主机告警", HANDOVER_AT - MINUTE, kind="abnormal")
    started_handover(built)
    return key


def test_art11_frozen_but_still_inside_its_time_it_can_be_told(centre: Built) -> None:
    key = just_before_the_freeze(centre)
    shiftlog.tell(centre.actors[LEADER], HANDOVER_AT + 14 * MINUTE, key, "维护 张工")
    assert overdue.judge_untold(SYSTEM, HANDOVER_AT + 60 * MINUTE) == 0
    assert found(centre, "abnormal_untold") == []


def test_art11_a_second_later_it_cannot_and_is_found(centre: Built) -> None:
    key = just_before_the_freeze(centre)
    late = HANDOVER_AT + 14 * MINUTE + SECOND
    with pytest.raises(Conflict, match="frozen"):
        shiftlog.tell(centre.actors[LEADER], late, key, "维护 张工")
    assert overdue.judge_untold(SYSTEM, HANDOVER_AT + 14 * MINUTE) == 0
    assert [overdue.judge_untold(SYSTEM, late) for _again in range(3)] == [1, 0, 0]
    (finding,) = found(centre, "abnormal_untold")
    assert finding.evidence == (f"entry:{key}",)
    assert audit_actions().count("judge_untold") == 1


def test_art11_a_sealed_log_is_judged_too_and_told_no_more(centre: Built) -> None:
    key = just_before_the_freeze(centre)
    view = handover.handover_view(centre.actors[LEADER], HANDOVER_AT)
    assert view is not None
    assert view.handover_id is not None
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, view.handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT + MINUTE, view.handover_id)
    with pytest.raises(Conflict, match="frozen"):
        shiftlog.tell(centre.actors[LEADER], HANDOVER_AT + 2 * MINUTE, key, "维护 张工")
    assert overdue.judge_untold(SYSTEM, HANDOVER_AT + 30 * MINUTE) == 1


def test_a_manager_may_ask_for_the_judgement_by_hand(centre: Built) -> None:
    assert overdue.judge_untold(centre.actors[MANAGER], NOW) == 0
