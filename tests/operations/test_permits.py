"""Art. 14: leave to be away from one's seat."""

from __future__ import annotations

import pytest

from operations import door, permits, today
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, Built
from tests.operations.acts import HANDOVER_AT, LEADER, MANAGER, MINUTE, OPERATOR, SECOND, sealed


def permit(built: Built, work_number: str = OPERATOR, reason: str = "喝水", minutes: int = 15) -> int:
    return permits.permit_seat_leave(built.actors[LEADER], NOW, work_number, reason, minutes)


def test_art14_a_permit_runs_from_now_until_its_last_minute(centre: Built) -> None:
    permit_id = permit(centre)
    (known,) = door.door_snapshot(SYSTEM, NOW).permits
    assert (known.id, known.person_id, known.from_at, known.back_by) == (
        permit_id,
        centre.ids[OPERATOR],
        NOW,
        NOW + 15 * MINUTE,
    )


def test_art14_nobody_permits_themselves(centre: Built) -> None:
    with pytest.raises(NotPermitted, match="their own request") as refused:
        permit(centre, LEADER)
    assert refused.value.article == 14
    assert permits.permit_seat_leave(centre.actors[MANAGER], NOW, LEADER, "会议", 15) == 1


@pytest.mark.parametrize("minutes", [1, 120])
def test_art14_from_one_minute_to_two_hours(sqlite_centre: Built, minutes: int) -> None:
    permit(sqlite_centre, minutes=minutes)


@pytest.mark.parametrize("minutes", [0, 121, -5])
def test_art14_neither_shorter_nor_longer(sqlite_centre: Built, minutes: int) -> None:
    with pytest.raises(Invalid):
        permit(sqlite_centre, minutes=minutes)


def test_art14_a_permit_needs_a_reason(sqlite_centre: Built) -> None:
    with pytest.raises(Invalid, match="reason"):
        permit(sqlite_centre, reason=" ")


def test_art14_one_permit_at_a_time_until_it_is_closed(centre: Built) -> None:
    first = permit(centre)
    with pytest.raises(Conflict, match="still running"):
        permit(centre)
    permits.close_permit(centre.actors[LEADER], NOW, first)
    assert permit(centre) == first + 1
    with pytest.raises(NotFound):
        permits.close_permit(centre.actors[LEADER], NOW, first)


def test_art14_only_someone_on_duty_has_a_seat_to_leave(centre: Built) -> None:
    leader = centre.actors[LEADER]
    before = SHIFT_STARTS - SECOND
    with pytest.raises(Conflict, match="not on duty"):
        permits.permit_seat_leave(leader, before, OPERATOR, "喝水", 5)
    assert permits.permit_seat_leave(leader, SHIFT_STARTS, OPERATOR, "喝水", 5)
    with pytest.raises(Conflict, match="not on duty"):
        permits.permit_seat_leave(leader, NOW, "1117", "喝水", 5)


def test_art14_who_was_relieved_has_no_seat_to_leave(centre: Built) -> None:
    sealed(centre)
    with pytest.raises(Conflict, match="not on duty"):
        permits.permit_seat_leave(centre.actors[MANAGER], HANDOVER_AT + 2 * MINUTE, OPERATOR, "喝水", 5)


def test_art14_who_waits_for_the_relief_past_the_end_still_has_one(sqlite_centre: Built) -> None:
    permits.permit_seat_leave(sqlite_centre.actors[LEADER], SHIFT_ENDS + MINUTE, OPERATOR, "喝水", 5)


def test_art14_the_board_shows_the_running_permit_at_its_seat(centre: Built) -> None:
    permit_id = permit(centre)
    board = today.today_board(centre.actors[LEADER], NOW)
    assert {s.work_number: s.permit_id for s in board.seats}[OPERATOR] == permit_id
