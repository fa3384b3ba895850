"""Art. 38: after the consent it is the takers who are due, sign, escort and are expected at the door."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import models
from operations import door, handover, signing, store, swaps, today
from operations.daily_sections import section_of
from operations.errors import Blocked, Invalid
from operations.swaps import LegAsked
from operations.visits import hand_over_escort
from regulation.relief import is_on_duty
from tests.centre import NOW, PIN, SHIFT_ENDS, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    Door,
    approved_visit,
    checked,
    own_badge,
    started_handover,
    visitor_badge,
)
from tests.operations.test_swaps import OTHER_TEAM, SENIOR, TOMORROW, TOMORROWS_NIGHT, consented, duty_id

HOUR = timedelta(hours=1)
EARLY_ENDS = SHIFT_ENDS + 8 * HOUR


def leaders_early(built: Built, from_at: datetime | None = None) -> int:
    """The early shift of 乙's leader, or its last hours, goes to the senior shift leader."""
    legs = [LegAsked(duty_id(built, RELIEF_LEADER), SENIOR, from_at)]
    return consented(built, legs, SENIOR, asker=RELIEF_LEADER)


def signed_out(built: Built) -> int:
    """The handover of the running night, signed by its leader."""
    handover_id = started_handover(built)
    checked(built)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    return handover_id


def takes_over(number: str, handover_id: int) -> str:
    return handover.sign_in_take_over(number, PIN, HANDOVER_AT + MINUTE, handover_id)


def test_art38_the_taker_of_a_leaders_duty_signs_and_the_giver_is_refused(centre: Built) -> None:
    leaders_early(centre)
    handover_id = signed_out(centre)
    with pytest.raises(Blocked) as giver:
        takes_over(RELIEF_LEADER, handover_id)
    assert (giver.value.article, giver.value.blockers[0].code) == (21, "not_rostered")
    assert takes_over(SENIOR, handover_id)


def test_art38_after_a_withdrawal_the_giver_signs_again(centre: Built) -> None:
    swap_id = leaders_early(centre)
    swaps.withdraw_swap(centre.actors[RELIEF_LEADER], NOW, swap_id)
    handover_id = signed_out(centre)
    with pytest.raises(Blocked):
        takes_over(SENIOR, handover_id)
    assert takes_over(RELIEF_LEADER, handover_id)


def test_art38_of_a_leaders_duty_in_parts_the_first_takes_over_and_the_last_hands_over(centre: Built) -> None:
    leaders_early(centre, SHIFT_ENDS + 4 * HOUR)
    handover_id = signed_out(centre)
    with pytest.raises(Blocked):
        takes_over(SENIOR, handover_id)
    takes_over(RELIEF_LEADER, handover_id)
    # The shift's own handover, eight hours later: tomorrow's night is no direct successor, the leader closes alone.
    view = handover.handover_view(centre.actors[SENIOR], EARLY_ENDS)
    assert view is not None
    next_id = handover.start_handover(centre.actors[SENIOR], EARLY_ENDS, view.log.id)
    checked(centre, EARLY_ENDS)
    with pytest.raises(Blocked) as first_half:
        handover.sign_out(RELIEF_LEADER, PIN, EARLY_ENDS, next_id)
    assert first_half.value.blockers[0].code == "not_rostered"
    handover.sign_out(SENIOR, PIN, EARLY_ENDS, next_id)


def test_art38_the_log_names_who_leads_and_who_is_due_after_the_swap(centre: Built) -> None:
    leaders_early(centre)
    log = models.ShiftLog
    section = store.read(
        lambda: section_of(log.get(log.date == TOMORROW, log.starts_at == SHIFT_ENDS), EARLY_ENDS)
    )
    assert [person.work_number for person in section.leaders] == [SENIOR]
    assert RELIEF_LEADER not in {line.person.work_number for line in section.people}


def test_art38_the_door_expects_the_taker_and_lets_the_giver_in_as_off_duty(centre: Built) -> None:
    consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
    kiosk, at = Door(), TOMORROWS_NIGHT - 15 * MINUTE
    taker = kiosk.reads(own_badge(OTHER_TEAM), at)
    giver = kiosk.reads(own_badge(OPERATOR), at + MINUTE, reason="other")
    assert (taker.code, giver.code) == ("granted", "granted.off_duty")
    on_duty = {
        duty.person_id
        for duty in door.door_snapshot(kiosk.actor, TOMORROWS_NIGHT).duties
        if is_on_duty(duty, TOMORROWS_NIGHT)
    }
    assert centre.ids[OTHER_TEAM] in on_duty
    assert centre.ids[OPERATOR] not in on_duty


def test_art20_the_taker_may_escort_and_the_giver_may_not(centre: Built) -> None:
    consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
    at = TOMORROWS_NIGHT + 10 * MINUTE
    visit = approved_visit(centre, starts_at=TOMORROWS_NIGHT)
    kiosk, badge = Door(), visitor_badge(visit.badge_label)
    kiosk.reads(own_badge(OPERATOR), TOMORROWS_NIGHT, reason="other")
    assert kiosk.admits(badge, own_badge(OPERATOR), at).code != "granted.visitor"
    assert kiosk.admits(badge, own_badge(OTHER_TEAM), at + MINUTE).code == "granted.visitor"
    kiosk.sends(at + 2 * MINUTE)
    with pytest.raises(Invalid, match="on duty"):
        hand_over_escort(centre.actors[LEADER], at + 3 * MINUTE, visit.id, OPERATOR)


def test_art24_whoever_has_the_first_part_is_relieved_by_the_second_and_may_go(centre: Built) -> None:
    cut = TOMORROWS_NIGHT + 7 * HOUR + 30 * MINUTE
    consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM, cut)], OTHER_TEAM)
    kiosk = Door()
    kiosk.reads(own_badge(OPERATOR), TOMORROWS_NIGHT - 20 * MINUTE)
    left = kiosk.leaves(own_badge(OPERATOR), cut + MINUTE)
    assert (left.code, left.findings) == ("released", ())
    seats = {seat.work_number for seat in today.today_board(centre.actors[LEADER], cut + MINUTE).seats}
    assert OTHER_TEAM in seats
    assert OPERATOR not in seats


def test_art21_a_seat_in_parts_is_taken_over_by_the_first_and_handed_over_by_the_last(centre: Built) -> None:
    legs = [LegAsked(duty_id(centre, OTHER_TEAM), SENIOR, SHIFT_ENDS + 4 * HOUR)]
    consented(centre, legs, SENIOR, asker=OTHER_TEAM)
    takes_over(RELIEF_LEADER, signed_out(centre))
    assert reliefs()[OPERATOR] == OTHER_TEAM
    view = handover.handover_view(centre.actors[RELIEF_LEADER], EARLY_ENDS)
    assert view is not None
    next_id = handover.start_handover(centre.actors[RELIEF_LEADER], EARLY_ENDS, view.log.id)
    checked(centre, EARLY_ENDS)
    signing.close_alone(RELIEF_LEADER, PIN, EARLY_ENDS, next_id, "中班无人")
    assert SENIOR in reliefs()
    assert OTHER_TEAM not in reliefs()


def reliefs() -> dict[str, str]:
    """Who was relieved by whom, in the seats."""
    relief = models.Relief

    def query() -> dict[str, str]:
        return {
            row.outgoing_duty.person.work_number: row.incoming_duty.person.work_number
            if row.incoming_duty_id
            else ""
            for row in relief.select()
        }

    return store.read(query)
