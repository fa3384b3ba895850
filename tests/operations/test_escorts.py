"""Art. 20: who answers for a visitor inside follows the door, the handover and the leader's word, in order of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from operations import centre as centres
from operations import door, handover, visits
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from regulation.access import DoorVerdict
from regulation.records import Direction
from tests.centre import NOW, PIN, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    ENGINEER,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    approved_visit,
    audit_actions,
    checked,
    own_badge,
    started_handover,
    visitor_badge,
)

IN_TIME = SHIFT_STARTS - 10 * MINUTE


@pytest.fixture
def kiosk(centre: Built) -> Door:
    """A door behind which a visitor is, led by the operator; the leader is inside too."""
    kiosk = Door()
    row = approved_visit(centre, minutes=24 * 60)
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.reads(own_badge(OPERATOR), IN_TIME)
    kiosk.admits(visitor_badge(row.badge_label), own_badge(OPERATOR), NOW)
    kiosk.sends()
    return kiosk


def escort(built: Built, at: datetime = NOW) -> str:
    (row,) = [row for row in door.inside_now(built.actors[LEADER], at) if row.is_visitor]
    return row.escort


def test_art20_when_the_escort_leaves_first_the_duty_passes_to_whom_the_door_named(
    centre: Built, kiosk: Door
) -> None:
    left = kiosk.leaves(own_badge(OPERATOR), NOW + MINUTE)
    assert (left.escort_id, [f["code"] for f in left.findings][-1]) == (
        centre.ids[LEADER],
        "visitor_left_behind",
    )
    assert escort(centre) == f"陈静({OPERATOR})"
    kiosk.sends()
    assert escort(centre, NOW + MINUTE) == f"王建国({LEADER})"


def test_art20_when_nobody_answers_for_a_visitor_the_centre_says_so_until_somebody_takes_over(
    centre: Built, kiosk: Door
) -> None:
    kiosk.raises("alarm.no_escort", NOW + MINUTE, visit_id=1, evidence=("visit:1",))
    kiosk.sends()
    assert escort(centre, NOW + MINUTE) == ""
    kiosk.raises("note.escort", NOW + 2 * MINUTE, visit_id=1, escort_id=centre.ids[LEADER])
    kiosk.sends()
    assert escort(centre, NOW + 2 * MINUTE) == f"王建国({LEADER})"


def test_art20_who_enters_takes_over_the_visitors_nobody_answers_for_and_ends_the_permit(
    centre: Built, kiosk: Door
) -> None:
    kiosk.raises("alarm.no_escort", NOW + MINUTE, visit_id=1, evidence=("visit:1",))
    back = DoorVerdict(
        "granted", centre.ids["1021"], escort_id=centre.ids["1021"], evidence=("duty:1", "visit:1")
    )
    kiosk.notes(back, NOW + 2 * MINUTE, own_badge("1021"))
    kiosk.sends()
    assert escort(centre, NOW + 2 * MINUTE) == "刘洋(1021)"


def test_art20_a_visitor_who_left_meanwhile_has_no_new_escort(centre: Built, kiosk: Door) -> None:
    kiosk.leaves(visitor_badge("V-01"), NOW + SECOND)
    kiosk.raises("note.escort", NOW + MINUTE, visit_id=1, escort_id=centre.ids[LEADER])
    kiosk.sends()
    row = visits.visit_state(centre.actors[LEADER], NOW, "key-1")
    assert row is not None
    assert row.escort == f"陈静({OPERATOR})"


# --- a leader's word ----------------------------------------------------------------------------------------


def test_art20_a_leader_names_another_escort(centre: Built, kiosk: Door) -> None:
    visits.hand_over_escort(centre.actors[LEADER], NOW + MINUTE, 1, LEADER)
    assert escort(centre) == f"王建国({LEADER})"
    assert audit_actions()[-1] == "hand_over_escort"
    (visit,) = door.door_snapshot(kiosk.actor, NOW).visits
    assert visit.escort_id == centre.ids[LEADER]


@pytest.mark.parametrize(("seconds", "who"), [(59, "王建国(1003)"), (61, "刘洋(1021)")])
def test_art20_a_doors_event_from_before_the_leaders_word_does_not_undo_it(
    centre: Built, kiosk: Door, seconds: int, who: str
) -> None:
    visits.hand_over_escort(centre.actors[LEADER], NOW + MINUTE, 1, LEADER)
    kiosk.raises("note.escort", NOW + seconds * SECOND, visit_id=1, escort_id=centre.ids["1021"])
    kiosk.sends()
    assert escort(centre, NOW + MINUTE) == who


@pytest.mark.parametrize(
    ("number", "error", "words"),
    [
        (ENGINEER, Invalid, "on duty"),
        (MANAGER, Invalid, "on duty"),
        (RELIEF_LEADER, Invalid, "on duty"),
        ("9999", NotFound, "9999"),
    ],
)
def test_art20_only_someone_of_the_centre_on_duty_may_answer(
    centre: Built, kiosk: Door, number: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        visits.hand_over_escort(centre.actors[LEADER], NOW, 1, number)
    assert escort(centre) == f"陈静({OPERATOR})"


def test_art20_and_inside_as_long_as_the_door_can_say_so(centre: Built, kiosk: Door) -> None:
    with pytest.raises(Invalid, match="not inside"):
        visits.hand_over_escort(centre.actors[LEADER], NOW, 1, "1021")
    cut_off = NOW + timedelta(minutes=5)
    visits.hand_over_escort(centre.actors[LEADER], cut_off, 1, "1021")
    assert escort(centre) == "刘洋(1021)"


def test_art20_not_beyond_what_one_may_lead(centre: Built, kiosk: Door) -> None:
    centres.set_limit(centre.actors[MANAGER], NOW, "visitors_per_escort", 1, TODAY)
    row = approved_visit(centre, key="key-2")
    kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.sends()
    with pytest.raises(Invalid, match="as many visitors as one may"):
        visits.hand_over_escort(centre.actors[LEADER], NOW, 1, LEADER)
    visits.hand_over_escort(centre.actors[LEADER], NOW, row.id, LEADER)


def test_art20_only_for_a_visitor_who_is_inside(centre: Built, kiosk: Door) -> None:
    row = approved_visit(centre, key="key-2")
    with pytest.raises(Conflict, match="not inside"):
        visits.hand_over_escort(centre.actors[LEADER], NOW, row.id, LEADER)
    with pytest.raises(NotPermitted):
        visits.hand_over_escort(centre.actors[OPERATOR], NOW, 1, OPERATOR)


# --- the handover -------------------------------------------------------------------------------------------


def test_art20_what_was_passed_on_is_handed_over_and_a_late_event_does_not_take_it_back(
    centre: Built, kiosk: Door
) -> None:
    kiosk.leaves(own_badge(OPERATOR), NOW + MINUTE)
    kiosk.reads(own_badge(RELIEF_LEADER), HANDOVER_AT - 15 * MINUTE)
    kiosk.sends(HANDOVER_AT)
    late = replace(kiosk, events=list(kiosk.events))
    late.raises("note.escort", HANDOVER_AT - MINUTE, visit_id=1, escort_id=centre.ids[LEADER])
    handover_id = started_handover(centre)
    view = handover.handover_view(centre.actors[LEADER], HANDOVER_AT)
    assert view is not None
    assert [line.visit_id for line in view.lines if line.visit_id] == [1]
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    late.sends(HANDOVER_AT + MINUTE)
    assert escort(centre, HANDOVER_AT + MINUTE) == f"李秀英({RELIEF_LEADER})"


def test_art20_an_exit_that_passes_nobody_on_changes_no_escort(centre: Built, kiosk: Door) -> None:
    empty = DoorVerdict("released", centre.ids[LEADER])
    kiosk.notes(empty, NOW + MINUTE, own_badge(LEADER), Direction.OUT)
    kiosk.sends()
    assert escort(centre, NOW + MINUTE) == f"陈静({OPERATOR})"
