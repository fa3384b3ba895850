"""Art. 14, 20: who is inside survives time and restarts, is corrected on the record, and is listed for a muster."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from operations import door, occupancy, today, visits
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from regulation.access import DoorVerdict
from regulation.presence import Presence
from regulation.records import VisitState
from settings import ZhibanError
from tests.centre import NOW, SHIFT_STARTS, Built
from tests.operations.acts import (
    ADMIN,
    ENGINEER,
    LEADER,
    MINUTE,
    OPERATOR,
    SECOND,
    Door,
    approved_visit,
    audit_actions,
    own_badge,
    row_counts,
    visitor_badge,
)

IN_TIME = SHIFT_STARTS - 10 * MINUTE
HOUR = timedelta(hours=1)
WHY = "看过机房，没有人"


@pytest.fixture
def kiosk(centre: Built) -> Door:
    """A door behind which the leader, an operator and a visitor are."""
    kiosk = Door()
    row = approved_visit(centre, phone="139 0000 1111")
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.reads(own_badge(OPERATOR), IN_TIME + SECOND)
    kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.sends()
    return kiosk


def names(built: Built, at: datetime = NOW) -> list[str]:
    return [row.name for row in door.inside_now(built.actors[LEADER], at)]


def reset(built: Built, at: datetime = NOW + MINUTE, **who: Any) -> None:
    occupancy.reset_occupancy(built.actors[LEADER], at, reason=WHY, **who)


# --- a leader's word ----------------------------------------------------------------------------------------


def test_art20_someone_marked_as_gone_is_not_inside_at_desk_and_door(centre: Built, kiosk: Door) -> None:
    reset(centre, work_number=OPERATOR)
    assert names(centre, NOW + MINUTE) == ["王建国", "李伟"]
    board = today.today_board(centre.actors[LEADER], NOW + MINUTE)
    states = {seat.work_number: seat.state for seat in board.seats}
    assert (board.inside, states[OPERATOR], states[LEADER]) == (2, Presence.AWAY, Presence.PRESENT)
    assert max(board.occupancy_by_hour) == 2
    (told,) = door.door_snapshot(kiosk.actor, NOW + MINUTE).resets
    assert (told.person_id, told.visit_id, told.at) == (centre.ids[OPERATOR], None, NOW + MINUTE)
    assert audit_actions()[-1] == "reset_occupancy"


def test_art20_the_past_stays_what_it_was(centre: Built, kiosk: Door) -> None:
    reset(centre, work_number=OPERATOR)
    assert names(centre, NOW) == ["王建国", "陈静", "李伟"]


def test_art20_who_comes_in_afterwards_is_inside(centre: Built, kiosk: Door) -> None:
    reset(centre, work_number=OPERATOR)
    kiosk.reads(own_badge(OPERATOR), NOW + 2 * MINUTE)
    kiosk.sends()
    assert names(centre, NOW + 2 * MINUTE) == ["王建国", "陈静", "李伟"]
    board = today.today_board(centre.actors[LEADER], NOW + 2 * MINUTE)
    assert {s.work_number: s.state for s in board.seats}[OPERATOR] is Presence.LATE


def test_art20_a_visitor_marked_as_gone_has_left_and_the_badge_is_free(centre: Built, kiosk: Door) -> None:
    reset(centre, visit_id=1)
    row = visits.visit_state(centre.actors[LEADER], NOW, "key-1")
    assert row is not None
    assert (row.state, row.left_at) == (VisitState.ENDED, NOW + MINUTE)
    assert names(centre, NOW + MINUTE) == ["王建国", "陈静"]
    assert approved_visit(centre, key="key-2").badge_label == "V-01"


def test_art20_a_company_employee_marked_as_gone_may_come_back_inside_the_window(
    centre: Built, kiosk: Door
) -> None:
    row = approved_visit(centre, key="key-2", company_work_number=ENGINEER, visitor="张伟")
    kiosk.admits(own_badge(ENGINEER), own_badge(LEADER), NOW)
    kiosk.sends()
    reset(centre, visit_id=row.id)
    assert kiosk_sees(kiosk, row.id, NOW + 2 * MINUTE) is VisitState.APPROVED
    verdict = DoorVerdict("granted.visitor", centre.ids[ENGINEER], row.id, escort_id=centre.ids[LEADER])
    kiosk.notes(verdict, NOW + 3 * MINUTE, own_badge(ENGINEER))
    kiosk.sends()
    assert names(centre, NOW + 3 * MINUTE) == ["王建国", "陈静", "李伟", "张伟"]


def kiosk_sees(kiosk: Door, visit_id: int, at: datetime) -> VisitState:
    (found,) = [v for v in door.door_snapshot(kiosk.actor, at).visits if v.id == visit_id]
    return found.state


def test_art20_after_an_evacuation_everyone_is_marked_as_gone_at_once(centre: Built, kiosk: Door) -> None:
    reset(centre, everyone=True)
    assert names(centre, NOW + MINUTE) == []
    row = visits.visit_state(centre.actors[LEADER], NOW, "key-1")
    assert row is not None
    assert row.state is VisitState.ENDED


def test_art20_a_word_as_old_as_eight_days_no_longer_reaches_the_door(centre: Built, kiosk: Door) -> None:
    reset(centre, NOW, work_number=OPERATOR)
    eight_days = timedelta(days=8)
    counts = [len(door.door_snapshot(kiosk.actor, NOW + eight_days - n * SECOND).resets) for n in (1, 0)]
    assert counts == [1, 0]


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ({}, Invalid),
        ({"work_number": OPERATOR, "everyone": True}, Invalid),
        ({"work_number": OPERATOR, "visit_id": 1}, Invalid),
        ({"work_number": "1022"}, Conflict),
        ({"work_number": "9999"}, NotFound),
        ({"visit_id": 99}, NotFound),
    ],
)
def test_art20_whom_is_meant_must_be_plain(
    centre: Built, kiosk: Door, who: dict[str, Any], error: type[ZhibanError]
) -> None:
    before = row_counts()
    with pytest.raises(error):
        reset(centre, **who)
    assert row_counts() == before


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_art20_a_word_without_a_reason_does_not_count(centre: Built, kiosk: Door, reason: str) -> None:
    with pytest.raises(Invalid, match="how you know"):
        occupancy.reset_occupancy(centre.actors[LEADER], NOW, everyone=True, reason=reason)
    assert len(names(centre)) == 3


def test_art20_only_a_leader_says_so_and_never_a_program(centre: Built, kiosk: Door) -> None:
    for actor in (centre.actors[OPERATOR], centre.actors[ADMIN], SYSTEM, kiosk.actor):
        with pytest.raises(NotPermitted):
            occupancy.reset_occupancy(actor, NOW, everyone=True, reason=WHY)


def test_art20_a_visitor_who_never_left_is_inside_days_later(centre: Built, kiosk: Door) -> None:
    days = NOW + timedelta(days=3)
    assert names(centre, days) == ["李伟"]
    reset(centre, days, visit_id=1)
    assert names(centre, days) == []


def test_midnight_changes_nothing(centre: Built, kiosk: Door) -> None:
    midnight = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
    for at in (midnight - SECOND, midnight, midnight + SECOND):
        assert names(centre, at) == ["王建国", "陈静", "李伟"]


# --- the muster list ----------------------------------------------------------------------------------------


def test_art20_the_muster_list_names_everyone_inside_visitors_first(centre: Built, kiosk: Door) -> None:
    listed = occupancy.muster(centre.actors["1021"], NOW)
    assert listed.centre == "城东客服中心"
    assert [(r.name, r.unit, r.is_visitor, r.escort, r.door, r.phone) for r in listed.rows] == [
        ("李伟", "华信公司", True, f"王建国({LEADER})", "door", "139 0000 1111"),
        ("王建国", "甲", False, "", "door", ""),
        ("陈静", "甲", False, "", "door", ""),
    ]


def test_art20_the_muster_list_says_which_doors_are_silent(centre: Built, kiosk: Door) -> None:
    door.report_kiosk(kiosk.actor, NOW, "door", {}, 4, 1)
    door.report_kiosk(Door("side").actor, NOW - HOUR, "side", {}, 0, 1)
    listed = occupancy.muster(centre.actors[LEADER], NOW)
    assert [(d.kiosk, d.online, d.pending) for d in listed.doors] == [("door", True, 4), ("side", False, 0)]


def test_art02_the_muster_list_is_for_those_who_work_in_the_centre(centre: Built, kiosk: Door) -> None:
    for number in (ENGINEER, ADMIN):
        with pytest.raises(NotPermitted):
            occupancy.muster(centre.actors[number], NOW)


def test_art20_the_list_names_the_door_someone_came_in_by(centre: Built, kiosk: Door) -> None:
    side = Door("side-b")
    side.reads(own_badge("1021"), NOW)
    side.reads(own_badge("1022"), NOW)
    side.sends()
    doors = {r.work_number: r.door for r in door.inside_now(centre.actors[LEADER], NOW)}
    assert (doors[LEADER], doors["1021"]) == ("door", "side-b")
