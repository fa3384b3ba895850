"""Art. 20: a visitor a leader approved at a door that was cut off is one visit, once, whatever the desk did meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from operations import daily_log, door, entry_register, handover, slips, today, visits
from operations.alarms import alarms_waiting
from operations.boundary import kiosk_actor
from operations.errors import Conflict, Invalid, NotFound
from operations.today import today_board
from regulation.access import DoorVerdict
from regulation.records import Direction, VisitState
from tests.centre import NOW, SHIFT_STARTS, TODAY, VISITOR_BADGES, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    REQUEST,
    SECOND,
    Door,
    approved_visit,
    audit_actions,
    notices_for,
    own_badge,
    row_counts,
    started_handover,
)

IN_TIME = SHIFT_STARTS - 10 * MINUTE
HOUR = timedelta(hours=1)
V_01, V_02, V_03 = VISITOR_BADGES.values()


@pytest.fixture
def kiosk() -> Door:
    return Door()


def reserved(kiosk: Door, wanted: int = 3) -> tuple[int, ...]:
    return slips.reserve_slips(kiosk.actor, NOW, kiosk.kiosk, wanted)


def filled(built: Built, visit_id: int, **changes: Any) -> slips.SlipFilled:
    slip = slips.SlipFilled(
        visit_id=visit_id,
        key="walk-up",
        visitor="赵工",
        unit="华信公司",
        job_title="工程师",
        phone="139 0000 1111",
        reason="maintenance",
        reference="4471",
        carried="工具箱",
        sponsor_work_number=OPERATOR,
        badge=V_01,
        starts_at=NOW,
        ends_at=NOW + 2 * HOUR,
        approved_by=built.ids[LEADER],
        approved_at=NOW,
    )
    return replace(slip, **changes)


def visit(built: Built, key: str = "walk-up") -> visits.VisitRow:
    row = visits.visit_state(built.actors[LEADER], NOW, key)
    assert row is not None
    return row


def approves(kiosk: Door, built: Built, visit_id: int, at: datetime = NOW, who: str = LEADER) -> None:
    """The kiosk records that a leader approved a visitor."""
    verdict = DoorVerdict(
        "note.approved", built.ids[who], visit_id, evidence=(f"visit:{visit_id}", f"person:{built.ids[who]}")
    )
    kiosk.notes(verdict, at, own_badge(who), Direction.IN)


def enters(kiosk: Door, built: Built, visit_id: int, at: datetime, badge: str = V_01) -> None:
    """The kiosk lets the visitor in by the slip it holds, without asking the centre."""
    verdict = DoorVerdict("granted.visitor", None, visit_id, escort_id=built.ids[LEADER])
    kiosk.notes(verdict, at, badge)


# --- reserved -----------------------------------------------------------------------------------------------


def test_art20_a_door_gets_as_many_blank_slips_as_it_wants_and_no_more(centre: Built, kiosk: Door) -> None:
    first = reserved(kiosk)
    assert len(first) == 3
    before = row_counts()
    assert reserved(kiosk) == first
    assert row_counts() == before
    assert reserved(kiosk, 5)[:3] == first
    assert audit_actions()[-2:] == ["reserve_slips", "reserve_slips"]


def test_art20_each_door_has_slips_of_its_own(centre: Built, kiosk: Door) -> None:
    side = Door("side")
    own, others = reserved(kiosk), reserved(side)
    assert not set(own) & set(others)
    assert door.door_snapshot(kiosk.actor, NOW).slips == own
    assert door.door_snapshot(side.actor, NOW).slips == others
    assert door.door_snapshot(centre.actors[LEADER], NOW).slips == ()
    with pytest.raises(NotFound):
        slips.reserve_slips(kiosk.actor, NOW, "side", 9)


def test_art20_nobody_hoards_slips(sqlite_centre: Built, kiosk: Door) -> None:
    with pytest.raises(Invalid, match="at most 50"):
        reserved(kiosk, 51)
    assert len(reserved(kiosk, 50)) == 50


def test_art20_a_blank_slip_is_in_no_list_no_count_no_report_and_no_handover(
    centre: Built, kiosk: Door
) -> None:
    leader = centre.actors[LEADER]

    def everything() -> list[object]:
        board = today.today_board(leader, HANDOVER_AT)
        return [
            today_board(leader, NOW).waiting,
            visits.visits_on(leader, NOW, TODAY),
            replace(board, shift=None),
            door.inside_now(leader, NOW),
            daily_log.daily_log(leader, NOW, TODAY).visitors,
            door.door_snapshot(leader, NOW).visits,
            notices_for(leader),
            entry_register.entry_register(leader, NOW, TODAY, TODAY).rows,
        ]

    before = everything()
    (slip, *_others) = reserved(kiosk)
    assert everything() == before
    for act in (
        lambda: visits.approve_visit(leader, NOW, slip),
        lambda: visits.refuse_visit(leader, NOW, slip, "x"),
        lambda: visits.end_visit(leader, NOW, slip),
        lambda: visits.hand_over_escort(leader, NOW, slip, LEADER),
    ):
        with pytest.raises(NotFound):
            act()
    started_handover(centre)
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    assert [line for line in view.lines if line.visit_id] == []


# --- filled -------------------------------------------------------------------------------------------------


def test_art20_a_filled_slip_is_a_visit_like_any_other(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    assert slips.fill_slip(kiosk.actor, NOW, filled(centre, slip)) == slip
    row = visit(centre)
    assert (row.id, row.state, row.visitor, row.badge_label, row.sponsor) == (
        slip,
        VisitState.APPROVED,
        "赵工",
        "V-01",
        f"陈静({OPERATOR})",
    )
    assert (row.job_title, row.carried, row.reference, row.phone) == (
        "工程师",
        "工具箱",
        "4471",
        "139 0000 1111",
    )
    assert slip not in reserved(kiosk)
    assert [v.id for v in door.door_snapshot(kiosk.actor, NOW).visits] == [slip]


def test_art20_filling_it_again_changes_nothing(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    before, row = row_counts(), visit(centre)
    slips.fill_slip(kiosk.actor, NOW + HOUR, filled(centre, slip, visitor="另一人"))
    assert visit(centre) == row
    after = row_counts()
    assert {k: v - before[k] for k, v in after.items() if v != before[k]} == {"AuditRecord": 1, "changes": 1}


def test_art20_a_slip_serves_one_visitor_and_one_door(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    with pytest.raises(NotFound):
        slips.fill_slip(kiosk_actor("side"), NOW, filled(centre, slip))
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    with pytest.raises(Conflict, match="another visitor"):
        slips.fill_slip(kiosk.actor, NOW, filled(centre, slip, key="someone else"))
    with pytest.raises(NotFound):
        slips.fill_slip(kiosk.actor, NOW, filled(centre, 999))


@pytest.mark.parametrize("form_first", [True, False])
def test_art20_events_and_form_may_arrive_in_either_order(
    centre: Built, kiosk: Door, form_first: bool
) -> None:
    (slip, *_rest) = reserved(kiosk)
    approves(kiosk, centre, slip)
    enters(kiosk, centre, slip, NOW + MINUTE)
    if form_first:
        slips.fill_slip(kiosk.actor, NOW + HOUR, filled(centre, slip))
    kiosk.sends()
    if not form_first:
        assert [(r.name, r.visit_id) for r in door.inside_now(centre.actors[LEADER], NOW + HOUR)] == [
            ("—", slip)
        ]
        slips.fill_slip(kiosk.actor, NOW + HOUR, filled(centre, slip))
    row = visit(centre)
    assert (row.state, row.entered_at, row.escort, row.badge_label) == (
        VisitState.INSIDE,
        NOW + MINUTE,
        f"王建国({LEADER})",
        "V-01",
    )
    kiosk.notes(DoorVerdict("released", None, slip), NOW + HOUR, V_01, Direction.OUT)
    kiosk.sends()
    assert (visit(centre).state, visit(centre).left_at) == (VisitState.ENDED, NOW + HOUR)
    register = entry_register.entry_register(centre.actors[LEADER], NOW + HOUR, TODAY, TODAY)
    assert [(r.name, r.direction, r.badge) for r in register.rows] == [
        ("赵工", "in", "V-01"),
        ("赵工", "out", "V-01"),
    ]


def test_art20_the_approval_is_noted_even_when_the_form_never_comes(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    approves(kiosk, centre, slip)
    kiosk.sends()
    (row,) = visits.visits_on(centre.actors[LEADER], NOW, TODAY)
    assert (row.id, row.state, row.visitor) == (slip, VisitState.APPROVED, "—")
    assert slip not in reserved(kiosk)


def test_art20_an_entry_by_a_slip_counts_even_when_nothing_else_of_it_arrives(
    centre: Built, kiosk: Door
) -> None:
    (slip, *_rest) = reserved(kiosk)
    enters(kiosk, centre, slip, NOW)
    kiosk.sends()
    (row,) = visits.visits_on(centre.actors[LEADER], NOW, TODAY)
    assert (row.state, row.badge_label) == (VisitState.INSIDE, "V-01")
    assert [r.visit_id for r in door.inside_now(centre.actors[LEADER], NOW)] == [slip]


def test_art20_a_visitor_who_left_before_the_form_came_takes_nobodys_badge(
    centre: Built, kiosk: Door
) -> None:
    (slip, *_rest) = reserved(kiosk)
    approves(kiosk, centre, slip)
    enters(kiosk, centre, slip, NOW)
    kiosk.notes(DoorVerdict("released", None, slip), NOW + MINUTE, V_01, Direction.OUT)
    kiosk.sends()
    assert approved_visit(centre).badge_label == "V-01"
    slips.fill_slip(kiosk.actor, NOW + HOUR, filled(centre, slip))
    assert visit(centre, "key-1").badge_label == "V-01"
    assert visit(centre).state is VisitState.ENDED


def test_art20_a_visitor_inside_by_a_slip_is_handed_over_like_any_other(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    enters(kiosk, centre, slip, NOW)
    kiosk.sends()
    started_handover(centre)
    view = handover.handover_view(centre.actors[LEADER], HANDOVER_AT)
    assert view is not None
    assert [(line.visit_id, line.label) for line in view.lines if line.visit_id] == [(slip, "赵工(华信公司)")]


# --- the desk decided meanwhile -----------------------------------------------------------------------------


def test_art20_a_badge_the_door_lent_goes_to_its_visitor_and_the_other_gets_the_next(
    centre: Built, kiosk: Door
) -> None:
    leader = centre.actors[LEADER]
    (slip, *_rest) = reserved(kiosk)
    assert approved_visit(centre, visitor="周强").badge_label == "V-01"
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    assert (visit(centre).badge_label, visit(centre, "key-1").badge_label) == ("V-01", "V-02")
    (told,) = alarms_waiting(leader, NOW)
    assert told.text.format(**told.details) == "The door has lent badge V-01; 周强 gets badge V-02 instead"
    assert {v.badge for v in door.door_snapshot(kiosk.actor, NOW).visits} == {V_01, V_02}


def test_art20_without_another_badge_the_leaders_hear_that_none_is_free(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    for number in range(len(VISITOR_BADGES)):
        approved_visit(centre, key=f"key-{number}")
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip, badge=V_03))
    assert [visit(centre, f"key-{n}").badge_label for n in range(3)] == ["V-01", "V-02", ""]
    assert [a.code for a in alarms_waiting(centre.actors[LEADER], NOW)] == ["badge_missing"]


def test_art20_a_visitor_inside_keeps_the_badge_the_centre_believes_them_to_carry(
    centre: Built, kiosk: Door
) -> None:
    (slip, *_rest) = reserved(kiosk)
    approved_visit(centre)
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.admits(V_01, own_badge(LEADER), NOW)
    kiosk.sends()
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    assert (visit(centre, "key-1").badge_label, visit(centre).badge_label) == ("V-01", "V-01")


def test_art20_a_badge_promised_for_another_day_is_left_alone(centre: Built, kiosk: Door) -> None:
    (slip, *_rest) = reserved(kiosk)
    approved_visit(centre, starts_at=NOW + timedelta(days=1))
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip))
    assert (visit(centre, "key-1").badge_label, visit(centre).badge_label) == ("V-01", "V-01")
    assert alarms_waiting(centre.actors[LEADER], NOW) == ()


@pytest.mark.parametrize("desk", ["waits", "approved", "refused"])
def test_art20_one_visitor_who_asked_the_desk_and_the_door_is_one_visit(
    centre: Built, kiosk: Door, desk: str
) -> None:
    leader = centre.actors[LEADER]
    (slip, *_rest) = reserved(kiosk)
    asked = visits.request_visit(kiosk.actor, NOW, replace(REQUEST, key="walk-up"))
    if desk == "approved":
        visits.approve_visit(leader, NOW, asked)
    if desk == "refused":
        visits.refuse_visit(leader, NOW, asked, "改日")
    slips.fill_slip(kiosk.actor, NOW + MINUTE, filled(centre, slip))
    assert (visit(centre).id, visit(centre).state, visit(centre).badge_label) == (
        slip,
        VisitState.APPROVED,
        "V-01",
    )
    assert today_board(leader, NOW).waiting == ()
    assert notices_for(leader) == ()
    states = {row.id: row.state for row in visits.visits_on(leader, NOW, TODAY)}
    assert states[asked] is (VisitState.REFUSED if desk == "refused" else VisitState.ENDED)
    assert visits.withdraw_request(kiosk.actor, NOW, "walk-up") is False
    assert visit(centre).state is VisitState.APPROVED


# --- who approved -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reason", "doubted"),
    [
        (LEADER, "maintenance", False),
        (MANAGER, "tour", False),
        (LEADER, "tour", True),
        (OPERATOR, "maintenance", True),
        ("", "maintenance", True),
    ],
)
def test_art20_an_approval_that_should_not_have_been_is_kept_and_told(
    centre: Built, kiosk: Door, who: str, reason: str, doubted: bool
) -> None:
    (slip, *_rest) = reserved(kiosk)
    by = centre.ids[who] if who else 99_999
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip, approved_by=by, reason=reason))
    assert visit(centre).state is VisitState.APPROVED
    assert [a.code for a in alarms_waiting(centre.actors[LEADER], NOW)] == ["slip_doubted"] * doubted


def test_art20_what_the_centre_no_longer_knows_does_not_keep_a_slip_from_arriving(
    centre: Built, kiosk: Door
) -> None:
    (slip, *_rest) = reserved(kiosk)
    slips.fill_slip(kiosk.actor, NOW, filled(centre, slip, sponsor_work_number="9999", badge="gone"))
    assert (visit(centre).sponsor, visit(centre).badge_label) == ("", "")


# --- taken back ---------------------------------------------------------------------------------------------


def test_art20_a_visitor_who_walks_away_takes_the_request_back(centre: Built, kiosk: Door) -> None:
    leader = centre.actors[LEADER]
    visits.request_visit(kiosk.actor, NOW, REQUEST)
    assert visits.withdraw_request(kiosk.actor, NOW + SECOND, "key-1") is True
    assert visits.withdraw_request(kiosk.actor, NOW + SECOND, "key-1") is False
    assert (today_board(leader, NOW).waiting, notices_for(leader)) == ((), ())
    assert visit(centre, "key-1").state is VisitState.ENDED
    assert daily_log.daily_log(leader, NOW, TODAY).visitors == ()


def test_art20_a_request_nobody_handed_in_can_be_taken_back_without_harm(centre: Built, kiosk: Door) -> None:
    assert visits.withdraw_request(kiosk.actor, NOW, "never sent") is False


def test_art20_an_approved_visit_is_not_taken_back(centre: Built, kiosk: Door) -> None:
    approved_visit(centre)
    assert visits.withdraw_request(centre.actors[LEADER], NOW, "key-1") is False
    assert visit(centre, "key-1").state is VisitState.APPROVED
