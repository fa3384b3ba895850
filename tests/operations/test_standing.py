"""Art. 11, 21 to 24: the recorded ways through a handover that would stand still, and nothing beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

import models
from operations import (
    findings,
    handover,
    people,
    shiftlog,
    signing,
    standing,
    store,
    verify,
)
from operations.boundary import SYSTEM
from operations.daily_log import daily_log
from operations.daily_sections import sealed_section
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.handover import HandoverView
from operations.signin import sign_in
from regulation.daily_log import ShiftSection, content_digest
from regulation.handover import CheckValue, ItemState, LogState, Side, SignerKind
from regulation.handover_ways import WayKind
from regulation.roles import Role
from tests.centre import NOW, PIN, PIN_HASH, SHIFT_ENDS, TODAY, Built, publish_days
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    checked,
    entry,
    handover_by_id,
    own_badge,
    row_counts,
    started_handover,
)

SPARE = "1104"
LATE = SHIFT_ENDS + 15 * MINUTE
MORNING = ("1103", "1117", "1121")


@pytest.fixture
def spare(centre: Built) -> Built:
    """The centre with one more shift leader, who is not rostered."""
    people.add_people(
        SYSTEM, NOW, [(people.NewPerson(SPARE, "郑强", Role.SHIFT_LEADER, must_change_pin=False), PIN_HASH)]
    )
    return centre


@pytest.fixture
def closing(centre: Built) -> Built:
    """The centre with a closed day after the night shift: the morning is off, the next shift is at 22:00."""
    tomorrow = TODAY + timedelta(days=1)
    publish_days(NOW, *((centre.ids[number], tomorrow, None) for number in MORNING))
    return centre


def view(built: Built, at: datetime = HANDOVER_AT) -> HandoverView:
    found = handover.handover_view(built.actors[LEADER], at)
    assert found is not None
    return found


def log_of(handover_id: int) -> int:
    return int(store.read(lambda: models.Handover.get_by_id(handover_id).outgoing_id))


def section(handover_id: int) -> ShiftSection:
    return store.read(lambda: sealed_section(models.Handover.get_by_id(handover_id).outgoing))


def ready(built: Built, at: datetime = HANDOVER_AT) -> int:
    handover_id = started_handover(built, at)
    checked(built, at)
    return handover_id


def codes(built: Built, until: datetime, article: int) -> list[str]:
    found = findings.findings(built.actors[LEADER], until, NOW, until + MINUTE, article)
    return [finding.code for finding in found]


def blocked(signing_it: Callable[[], object]) -> list[str]:
    with pytest.raises(Blocked) as refused:
        signing_it()
    return [blocker.code for blocker in refused.value.blockers]


def way(built: Built, kind: WayKind, at: datetime) -> bool:
    return next(way.open for way in view(built, at).ways if way.kind is kind)


# --- stand-ins and no-shows ---------------------------------------------------------------------------------


def test_art21_a_stand_in_signs_in_and_later_out_and_the_section_says_so(spare: Built) -> None:
    handover_id = ready(spare)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    assert blocked(lambda: handover.sign_in_take_over(SPARE, PIN, LATE, handover_id)) == ["not_rostered"]
    following = view(spare).next_shift
    assert following is not None
    standing.record_stand_in(spare.actors[LEADER], LATE, following.log_id, SPARE, "李秀英生病")
    (row,) = view(spare, LATE).stand_ins
    assert (row.side, row.person, row.instead_of) == (Side.INCOMING, "郑强(1104)", "李秀英(1103)")
    handover.sign_in_take_over(SPARE, PIN, LATE, handover_id)
    done = section(handover_id)
    assert [(s.person.work_number, s.right, s.note) for s in done.signatures] == [
        (LEADER, "", ""),
        (SPARE, "stand-in", "李秀英生病"),
    ]
    assert [(w.kind, w.by.work_number, w.instead_of and w.instead_of.work_number) for w in done.ways] == [
        ("stand-in", LEADER, RELIEF_LEADER)
    ]
    assert verify.verify(spare.actors[LEADER], LATE).holds


def test_art21_nobody_records_themselves_as_stand_in_and_only_a_leader_stands_in(spare: Built) -> None:
    log_id = view(spare).log.id
    with pytest.raises(NotPermitted, match="Somebody else"):
        standing.record_stand_in(spare.actors[MANAGER], NOW, log_id, MANAGER, "x")
    with pytest.raises(Invalid, match="Only a leader"):
        standing.record_stand_in(spare.actors[LEADER], NOW, log_id, OPERATOR, "x")
    with pytest.raises(Conflict, match="already"):
        standing.record_stand_in(spare.actors[RELIEF_LEADER], NOW, log_id, LEADER, "x")
    with pytest.raises(Invalid, match="reason"):
        standing.record_stand_in(spare.actors[LEADER], NOW, log_id, SPARE, " ")


def test_art21_a_stand_in_for_both_shifts_still_signs_only_one_side(spare: Built) -> None:
    handover_id = ready(spare)
    following = view(spare).next_shift
    assert following is not None
    for log_id in (log_of(handover_id), following.log_id):
        standing.record_stand_in(spare.actors[LEADER], HANDOVER_AT, log_id, SPARE, "两班都缺班长")
    handover.sign_out(SPARE, PIN, HANDOVER_AT, handover_id)
    assert blocked(lambda: handover.sign_in_take_over(SPARE, PIN, LATE, handover_id)) == ["same_signer"]


@pytest.mark.parametrize(("at", "open_"), [(LATE - SECOND, False), (LATE, True)])
def test_art21_a_relief_who_has_not_come_is_recorded_from_a_quarter_of_an_hour_on(
    centre: Built, at: datetime, open_: bool
) -> None:
    handover_id = ready(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    log_id = log_of(handover_id)
    assert way(centre, WayKind.NO_SHOW_INCOMING, at) is open_
    if not open_:
        with pytest.raises(Conflict, match="Only 15 min after"):
            standing.record_no_show(centre.actors[LEADER], at, log_id, Side.INCOMING, "电话不通")
        return
    standing.record_no_show(centre.actors[LEADER], at, log_id, Side.INCOMING, "电话不通")
    assert codes(centre, at, 21) == ["relief_no_show"]
    with pytest.raises(Conflict, match="recorded already"):
        standing.record_no_show(centre.actors[LEADER], at, log_id, Side.INCOMING, "再记一次")
    # A higher leader takes over by override, with their own credential.
    standing.override(
        centre.actors[MANAGER], at, handover_id, "not_rostered", "side:incoming", "接班班长未到"
    )
    handover.sign_in_take_over(MANAGER, PIN, at, handover_id)
    done = section(handover_id)
    assert [s.right for s in done.signatures] == ["", "higher leader"]
    assert [w.kind for w in done.ways] == ["override", "the relief did not come"]
    assert codes(centre, at, 23) == ["handover_overridden"]


def test_art21_who_is_inside_cannot_be_recorded_as_absent(centre: Built) -> None:
    handover_id = ready(centre)
    door = Door()
    door.reads(own_badge(RELIEF_LEADER), SHIFT_ENDS)
    door.sends(SHIFT_ENDS)
    with pytest.raises(Conflict, match=r"李秀英.* came in at 11-24 06:00 and is inside"):
        standing.record_no_show(centre.actors[LEADER], LATE, log_of(handover_id), Side.INCOMING, "没来")


def test_art24_an_outgoing_leader_who_left_is_recorded_as_soon_as_the_door_saw_them_go(centre: Built) -> None:
    handover_id = ready(centre)
    log_id = log_of(handover_id)
    door = Door()
    door.reads(own_badge(LEADER), NOW)
    door.sends(NOW)
    relief = centre.actors[RELIEF_LEADER]
    with pytest.raises(Conflict, match="Only 15 min after"):
        standing.record_no_show(relief, HANDOVER_AT, log_id, Side.OUTGOING, "人走了")
    door.leaves(own_badge(LEADER), HANDOVER_AT)
    door.sends(HANDOVER_AT)
    standing.record_no_show(relief, HANDOVER_AT + SECOND, log_id, Side.OUTGOING, "人走了")
    assert "outgoing_no_show" in codes(centre, HANDOVER_AT, 24)
    standing.override(
        centre.actors[MANAGER], LATE, handover_id, "not_rostered", "side:outgoing", "交班班长离岗"
    )
    handover.sign_out(MANAGER, PIN, LATE, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, LATE, handover_id)
    assert [(s.person.work_number, s.right) for s in section(handover_id).signatures] == [
        (MANAGER, "higher leader"),
        (RELIEF_LEADER, ""),
    ]


def test_art21_only_the_leaders_of_the_two_shifts_or_a_higher_one_record_what_happened(spare: Built) -> None:
    handover_id = ready(spare)
    log_id = log_of(handover_id)
    outsider = spare.actors | {SPARE: sign_in(SPARE, PIN, NOW)}
    with pytest.raises(NotPermitted, match="Only a leader of the two shifts"):
        standing.record_no_show(outsider[SPARE], LATE, log_id, Side.INCOMING, "x")
    with pytest.raises(NotPermitted, match="Only a leader of the two shifts"):
        standing.hold_handover(outsider[SPARE], LATE, log_id, "x")
    with pytest.raises(NotPermitted):
        standing.override(outsider[LEADER], LATE, handover_id, "not_rostered", "side:incoming", "x")


# --- the hold -----------------------------------------------------------------------------------------------


def test_art11_while_a_handover_is_held_nobody_signs_and_the_hold_is_on_the_section(centre: Built) -> None:
    handover_id = ready(centre)
    log_id = log_of(handover_id)
    standing.hold_handover(centre.actors[RELIEF_LEADER], HANDOVER_AT, log_id, "大面积断线")
    assert blocked(lambda: handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)) == ["held"]
    held = view(centre, LATE).held
    assert held is not None
    assert (held.reason, held.held_by) == ("大面积断线", "李秀英(1103)")
    assert not way(centre, WayKind.NO_SHOW_INCOMING, LATE)
    with pytest.raises(Conflict, match="is held"):
        standing.hold_handover(centre.actors[LEADER], LATE, log_id, "x")
    standing.lift_hold(centre.actors[LEADER], LATE, log_id, "已恢复")
    with pytest.raises(Conflict, match="Nothing is held"):
        standing.lift_hold(centre.actors[LEADER], LATE, log_id)
    handover.sign_out(LEADER, PIN, LATE, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, LATE, handover_id)
    (line,) = section(handover_id).ways
    assert (line.kind, line.at, line.until, line.reason, line.what) == (
        "hold",
        HANDOVER_AT,
        LATE,
        "大面积断线",
        "已恢复",
    )
    assert codes(centre, LATE, 11) == []


def test_art11_a_held_shift_keeps_writing_its_own_log(centre: Built) -> None:
    log_id = view(centre).log.id
    standing.hold_handover(centre.actors[LEADER], NOW, log_id, "大面积断线")
    with pytest.raises(Conflict, match="while it is held"):
        started_handover(centre)
    entry(centre, "抢修中", HANDOVER_AT)
    assert [e.text for e in view(centre).log.entries] == ["抢修中"]


# --- one leader alone ---------------------------------------------------------------------------------------


def test_art21_before_a_closed_day_one_leader_closes_alone_and_the_next_one_counter_signs(
    closing: Built,
) -> None:
    leader = closing.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "配线架告警")
    shiftlog.carry_item(leader, NOW, item, "等备件", "催维护")
    handover_id = ready(closing)
    assert blocked(lambda: handover.sign_in_take_over(RELIEF_LEADER, PIN, LATE, handover_id)) == [
        "nobody_follows"
    ]
    entry(closing, "冻结以后", HANDOVER_AT + MINUTE)
    with pytest.raises(Invalid, match="by one leader alone"):
        signing.close_alone(LEADER, PIN, HANDOVER_AT, handover_id, " ")
    digest = signing.close_alone(LEADER, PIN, HANDOVER_AT + MINUTE, handover_id, "次日休息")
    assert codes(closing, HANDOVER_AT + MINUTE, 21) == ["closed_alone"]
    done = section(handover_id)
    assert content_digest(done) == digest
    assert [w.kind for w in done.ways] == ["closed alone"]
    assert [(r.incoming, r.at) for r in done.reliefs] == [(None, HANDOVER_AT + MINUTE)] * 4
    waiting = view(closing, LATE).counter_sign
    assert waiting is not None
    assert (waiting.handover_id, waiting.reason) == (handover_id, "次日休息")
    assert [b.text for b in view(closing, LATE).log.entries] == ["冻结以后"]
    with pytest.raises(Conflict, match="has not begun"):
        signing.counter_sign(LEADER, PIN, LATE, handover_id)
    evening = SHIFT_ENDS + timedelta(hours=16)
    # The rostered leader of the next shift is the one who signed: somebody else must take over.
    assert blocked(lambda: signing.counter_sign(LEADER, PIN, evening, handover_id)) == ["same_signer"]
    assert blocked(lambda: started_handover(closing, evening)) == ["counter_sign_first"]
    next_log = view(closing, evening).log.id
    standing.record_stand_in(closing.actors[MANAGER], evening, next_log, RELIEF_LEADER, "换人签收")
    signing.counter_sign(RELIEF_LEADER, PIN, evening, handover_id)
    items = [(i.title, i.state, i.owner) for i in view(closing, evening).items]
    assert items == [("配线架告警", ItemState.OPEN, "李秀英(1103)")]
    with pytest.raises(Conflict, match="recorded already"):
        signing.counter_sign(RELIEF_LEADER, PIN, evening, handover_id)
    after = section(handover_id)
    assert content_digest(after) == digest
    assert [(s.person.work_number, s.at, s.right) for s in after.counter_signatures] == [
        (RELIEF_LEADER, evening, "stand-in")
    ]
    assert daily_log(leader, evening, TODAY).shifts[1] == after
    assert verify.verify(leader, evening).holds
    assert started_handover(closing, evening + MINUTE)
    store.write(
        lambda: models.Handover.update(signed_in_at=LATE).where(models.Handover.id == handover_id).execute()
    )
    assert not verify.verify(leader, evening).holds


def test_art21_a_shift_that_is_followed_by_one_is_not_closed_alone(centre: Built) -> None:
    handover_id = ready(centre)
    before = row_counts()
    with pytest.raises(Conflict, match="A shift follows"):
        signing.close_alone(LEADER, PIN, HANDOVER_AT, handover_id, "没人来")
    assert row_counts() == before


def test_art21_a_signed_out_log_whose_relief_was_taken_off_the_roster_is_closed_by_its_signer(
    centre: Built,
) -> None:
    handover_id = ready(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    tomorrow = TODAY + timedelta(days=1)
    publish_days(HANDOVER_AT, *((centre.ids[number], tomorrow, None) for number in MORNING))
    with pytest.raises(Conflict, match="has signed already"):
        signing.close_alone(MANAGER, PIN, HANDOVER_AT, handover_id, "x")
    signing.close_alone(LEADER, PIN, HANDOVER_AT, handover_id, "早班取消")
    assert section(handover_id).state is LogState.SEALED


# --- overrides ----------------------------------------------------------------------------------------------


def test_art23_a_higher_leader_overrides_one_blocker_and_the_finding_stays(centre: Built) -> None:
    leader, manager = centre.actors[LEADER], centre.actors[MANAGER]
    item = shiftlog.open_item(leader, NOW, "配线架告警")
    handover_id = started_handover(centre)
    checked(centre)
    line = view(centre).lines[0]
    handover.check_line(leader, HANDOVER_AT, line.id, CheckValue.DISPUTED, "账实不符")
    with pytest.raises(NotFound, match="does not block"):
        standing.override(manager, HANDOVER_AT, handover_id, "line_unchecked", f"line:{line.id}", "x")
    with pytest.raises(Invalid):
        standing.override(manager, HANDOVER_AT, handover_id, "item_open", f"item:{item}", " ")
    standing.override(manager, HANDOVER_AT, handover_id, "dispute_unreported", f"line:{line.id}", "当面处理")
    with pytest.raises(NotFound):
        standing.override(manager, HANDOVER_AT, handover_id, "dispute_unreported", f"line:{line.id}", "x")
    assert [b.code for b in view(centre).blockers] == ["item_open"]
    standing.override(manager, HANDOVER_AT, handover_id, "item_open", f"item:{item}", "无法联系")
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    assert codes(centre, HANDOVER_AT, 23) == ["handover_overridden"] * 2
    done = section(handover_id)
    assert [w.what for w in done.ways] == [
        "Report the dispute to a leader: Entries and open items read through",
        "Resolve or carry: 配线架告警",
    ]
    # Nothing is lost: the undecided item is handed over as it is.
    assert [i.title for i in view(centre, HANDOVER_AT + MINUTE).items] == ["配线架告警"]


def test_art21_an_override_lets_nobody_sign_both_sides(centre: Built) -> None:
    handover_id = ready(centre)
    manager = centre.actors[MANAGER]
    for side in Side:
        standing.override(manager, LATE, handover_id, "not_rostered", f"side:{side}", "两班班长都不在")
    handover.sign_out(MANAGER, PIN, LATE, handover_id)
    assert blocked(lambda: handover.sign_in_take_over(MANAGER, PIN, LATE, handover_id)) == ["same_signer"]
    with pytest.raises(Conflict, match="signed already"):
        standing.override(manager, LATE, handover_id, "not_rostered", "side:outgoing", "x")


def test_art38_a_swap_re_targets_who_may_sign(spare: Built) -> None:
    handover_id = ready(spare)
    store.write(
        lambda: (
            models.Duty.update(person=models.Person.get(models.Person.work_number == SPARE))
            .where(models.Duty.person == spare.ids[RELIEF_LEADER])
            .execute()
        )
    )
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    assert blocked(lambda: handover.sign_in_take_over(RELIEF_LEADER, PIN, LATE, handover_id)) == [
        "not_rostered"
    ]
    handover.sign_in_take_over(SPARE, PIN, LATE, handover_id)
    row = handover_by_id(spare.actors[LEADER], LATE, handover_id).incoming
    assert row.right is SignerKind.ROSTERED
