"""Art. 20 to 23: what both leaders look at together, line by line, and what a signature stands for."""

from __future__ import annotations

from datetime import datetime

import pytest

import models
from operations import assets, handover, permits, shiftlog, signing, store
from operations.errors import Conflict, Invalid, NotFound
from operations.handover import HandoverView, Step
from regulation.handover import Area, CheckValue
from tests.centre import NOW, PIN, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    Door,
    approved_visit,
    audit_actions,
    checked,
    own_badge,
    started_handover,
    visitor_badge,
)


def view(built: Built, at: datetime = HANDOVER_AT) -> HandoverView:
    found = handover.handover_view(built.actors[LEADER], at)
    assert found is not None
    return found


def ready(built: Built) -> int:
    handover_id = started_handover(built)
    checked(built)
    return handover_id


# --- the lines of the joint check ---------------------------------------------------------------------------


def test_art20_21_every_visitor_permit_item_and_asset_is_a_line_of_its_own(centre: Built) -> None:
    leader = centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "配线架告警")
    shiftlog.carry_item(leader, NOW, item, "等备件", "催维护")
    asset = assets.set_asset(leader, NOW, "机房钥匙", Area.MATERIAL)
    row = approved_visit(centre)
    door = Door()
    door.reads(own_badge(LEADER), NOW)
    door.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    door.sends()
    permit = permits.permit_seat_leave(leader, HANDOVER_AT - MINUTE, OPERATOR, "取药", 10)
    started_handover(centre)
    assert [(line.subject, line.label) for line in view(centre).lines[4:]] == [
        (f"item:{item}", "配线架告警"),
        (f"visit:{row.id}", "李伟(华信公司)"),
        (f"permit:{permit}", "陈静(1017) 取药"),
        (f"asset:{asset}", "机房钥匙"),
    ]
    door.leaves(visitor_badge(row.badge_label), HANDOVER_AT + MINUTE)
    door.sends(HANDOVER_AT + MINUTE)
    permits.close_permit(leader, HANDOVER_AT + 2 * MINUTE, permit)
    lines = view(centre, HANDOVER_AT + 2 * MINUTE).lines
    assert [(line.standing, line.standing_at) for line in lines[5:7]] == [
        ("has left", HANDOVER_AT + MINUTE),
        ("is back", HANDOVER_AT + 2 * MINUTE),
    ]


def test_art22_a_check_counts_for_what_was_seen_of_an_item(centre: Built) -> None:
    leader = centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "配线架告警")
    started_handover(centre)
    assert len(view(centre).lines) == 4
    stored = store.read(lambda: models.CheckLine.get(models.CheckLine.subject == f"item:{item}").id)
    with pytest.raises(Conflict, match="first, then check"):
        handover.check_line(leader, HANDOVER_AT, stored, CheckValue.IN_ORDER)
    shiftlog.carry_item(leader, HANDOVER_AT, item, "等备件", "催维护")
    checked(centre)
    assert view(centre).step is Step.SIGN_OUT
    shiftlog.carry_item(leader, HANDOVER_AT, item, "等备件", "换成别的办法")
    assert [b.code for b in view(centre).blockers] == ["line_unchecked"]
    assert view(centre).lines[4].checked_by == ""


def test_art21_one_key_checks_the_rest_and_leaves_a_dispute_alone(centre: Built) -> None:
    leader = centre.actors[LEADER]
    handover_id = started_handover(centre)
    first = view(centre).lines[0]
    handover.report_dispute(leader, HANDOVER_AT, first.id, "少一把钥匙", "副经理")
    assert handover.check_all_in_order(leader, HANDOVER_AT, handover_id, Area.MACHINES) == 1
    assert handover.check_all_in_order(leader, HANDOVER_AT, handover_id) == 2
    assert [line.value for line in view(centre).lines] == [CheckValue.DISPUTED, *[CheckValue.IN_ORDER] * 3]
    assert handover.check_all_in_order(leader, HANDOVER_AT, handover_id) == 0


def test_a_retired_asset_is_no_line_of_the_next_handover(centre: Built) -> None:
    leader = centre.actors[LEADER]
    asset = assets.set_asset(leader, NOW, "手电")
    assets.retire_asset(leader, NOW, asset)
    with pytest.raises(NotFound):
        assets.retire_asset(leader, NOW, asset)
    started_handover(centre)
    assert len(view(centre).lines) == 4
    assert assets.set_asset(leader, NOW, " 手电 ") == asset
    with pytest.raises(Invalid):
        assets.set_asset(leader, NOW, " ")


# --- what was seen ------------------------------------------------------------------------------------------


def test_art21_the_second_of_two_is_told_who_checked_and_overwrites_nothing(centre: Built) -> None:
    started_handover(centre)
    line = view(centre).lines[0]
    handover.check_line(centre.actors[RELIEF_LEADER], HANDOVER_AT, line.id, CheckValue.NONE, "", line.version)
    with pytest.raises(Conflict, match=r"李秀英\(1103\) set this line to none at 11-24 05:55") as refused:
        handover.check_line(
            centre.actors[LEADER], HANDOVER_AT, line.id, CheckValue.IN_ORDER, "", line.version
        )
    assert refused.value.next_step
    assert view(centre).lines[0].value is CheckValue.NONE
    with pytest.raises(Conflict):
        handover.report_dispute(centre.actors[LEADER], HANDOVER_AT, line.id, "x", "y", line.version)


def test_art21_a_signature_stands_for_what_was_seen(centre: Built) -> None:
    handover_id = ready(centre)
    seen = view(centre).version
    line = view(centre).lines[0]
    handover.check_line(centre.actors[RELIEF_LEADER], HANDOVER_AT, line.id, CheckValue.NONE)
    with pytest.raises(Conflict, match=r"has changed since you looked; 李秀英\(1103\) checked a line"):
        handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id, seen)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id, view(centre).version)
    with pytest.raises(Conflict, match="has changed"):
        handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id, seen)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id, view(centre).version)


def test_art21_the_outgoing_signature_can_be_withdrawn_by_its_signer_until_the_relief_signs(
    centre: Built,
) -> None:
    handover_id = ready(centre)
    with pytest.raises(Conflict, match="has not signed"):
        signing.withdraw_sign_out(centre.actors[LEADER], HANDOVER_AT, handover_id)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    with pytest.raises(Conflict, match="Only 王建国"):
        signing.withdraw_sign_out(centre.actors[RELIEF_LEADER], HANDOVER_AT, handover_id)
    signing.withdraw_sign_out(centre.actors[LEADER], HANDOVER_AT, handover_id)
    assert audit_actions()[-1] == "withdraw_sign_out"
    assert view(centre).step is Step.SIGN_OUT
    handover.check_line(centre.actors[LEADER], HANDOVER_AT, view(centre).lines[0].id, CheckValue.NONE)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    with pytest.raises(Conflict, match="is sealed"):
        signing.withdraw_sign_out(centre.actors[LEADER], HANDOVER_AT, handover_id)
