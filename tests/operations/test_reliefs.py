"""Art. 21, 24: each operator's seat handed to a person, before the signature or with it."""

from __future__ import annotations

import pytest

import models
from operations import findings, handover, reliefs, store
from operations.daily_sections import sealed_section
from operations.errors import Conflict, Invalid, NotFound, SignInRefused
from operations.handover import ReliefRow
from tests.centre import NOW, PIN, SHIFT_ENDS, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    audit_actions,
    checked,
    own_badge,
    started_handover,
)

RELIEF, OTHER_RELIEF, THIRD = "1117", "1121", "1022"
WINDOW_OPENS = SHIFT_ENDS - 120 * MINUTE


def duty_of(built: Built, number: str) -> int:
    duty = models.Duty
    query = duty.select().where(duty.person == built.ids[number], duty.ends_at == SHIFT_ENDS)
    return int(store.read(lambda: query.get().id))


def rows(built: Built) -> dict[str, ReliefRow]:
    found = handover.handover_view(built.actors[LEADER], HANDOVER_AT)
    assert found is not None
    return {row.seat: row for row in found.relief_rows}


def sealed_reliefs(built: Built, handover_id: int) -> list[tuple[str, str, str]]:
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    section = store.read(lambda: sealed_section(models.Handover.get_by_id(handover_id).outgoing))
    return [
        (line.seat, line.incoming.work_number if line.incoming else "", line.way) for line in section.reliefs
    ]


def test_art24_whom_the_leader_has_relieved_leaves_before_the_signature_without_a_finding(
    centre: Built,
) -> None:
    door = Door()
    for number in (OPERATOR, "1021"):
        door.reads(own_badge(number), NOW)
    reliefs.assign_relief(centre.actors[LEADER], HANDOVER_AT, duty_of(centre, OPERATOR), RELIEF)
    assert audit_actions()[-1] == "assign_relief"
    for number in (OPERATOR, "1021"):
        door.leaves(own_badge(number), HANDOVER_AT + MINUTE)
    door.sends(HANDOVER_AT + MINUTE)
    found = findings.findings(centre.actors[LEADER], SHIFT_ENDS, NOW, SHIFT_ENDS, 24)
    assert [(f.code, f.work_number) for f in found] == [("left_before_relief", "1021")]


def test_art21_the_relief_takes_the_own_seat_over_by_badge_and_pin(centre: Built) -> None:
    relieved = reliefs.relieve_by_badge(own_badge(RELIEF), PIN, HANDOVER_AT)
    assert relieved == duty_of(centre, OPERATOR)
    assert audit_actions()[-1] == "relieve_by_badge"
    row = rows(centre)["01"]
    assert (row.way, row.relieved_at, row.incoming) == ("badge", HANDOVER_AT, f"马超({RELIEF})")
    with pytest.raises(SignInRefused):
        reliefs.relieve_by_badge(own_badge(OTHER_RELIEF), "0000", HANDOVER_AT)
    with pytest.raises(SignInRefused):
        reliefs.relieve_by_badge("no such badge", PIN, HANDOVER_AT)


def test_art21_by_badge_nobody_takes_a_seat_over_who_is_not_in_the_shift_that_follows(centre: Built) -> None:
    with pytest.raises(Conflict, match="not rostered in the shift that follows"):
        reliefs.relieve_by_badge(own_badge("2001"), PIN, HANDOVER_AT, duty_of(centre, OPERATOR))
    with pytest.raises(NotFound, match="No seat waits"):
        reliefs.relieve_by_badge(own_badge(OPERATOR), PIN, HANDOVER_AT)


def test_art21_at_the_signature_the_rest_is_settled_by_seat_and_an_empty_seat_is_nobodys(
    centre: Built,
) -> None:
    # The relief of seat 01 sits down at seat 02; so seat 01 is left without one.
    reliefs.assign_relief(centre.actors[LEADER], HANDOVER_AT, duty_of(centre, "1021"), RELIEF)
    handover_id = started_handover(centre)
    checked(centre)
    assert sealed_reliefs(centre, handover_id) == [
        ("00", RELIEF_LEADER, ""),
        ("01", "", ""),
        ("02", RELIEF, "handed over by the leader"),
        ("03", "", ""),
    ]


def test_art21_of_two_who_hand_a_seat_over_the_second_is_told_and_may_replace_what_they_saw(
    centre: Built,
) -> None:
    leader, seat = centre.actors[LEADER], duty_of(centre, OPERATOR)
    reliefs.assign_relief(leader, HANDOVER_AT, seat, RELIEF)
    with pytest.raises(Conflict, match=r"马超.* took this seat over already, entered by 王建国"):
        reliefs.assign_relief(leader, HANDOVER_AT, seat, OTHER_RELIEF)
    reliefs.assign_relief(leader, HANDOVER_AT, seat, OTHER_RELIEF, instead_of=centre.ids[RELIEF])
    assert rows(centre)["01"].incoming == f"孙丽({OTHER_RELIEF})"
    with pytest.raises(Conflict, match="took another seat"):
        reliefs.assign_relief(leader, HANDOVER_AT, duty_of(centre, "1021"), OTHER_RELIEF)


@pytest.mark.parametrize("at", [WINDOW_OPENS, WINDOW_OPENS - SECOND])
def test_art21_a_seat_is_handed_over_once_its_relief_may_have_come(centre: Built, at: object) -> None:
    def relieve() -> None:
        reliefs.assign_relief(centre.actors[LEADER], at, duty_of(centre, OPERATOR), RELIEF)  # type: ignore[arg-type]

    if at == WINDOW_OPENS:
        relieve()
        return
    with pytest.raises(Conflict, match="too early"):
        relieve()


def test_art24_nobody_relieves_the_own_shift_a_leader_or_a_stranger(centre: Built) -> None:
    leader, seat = centre.actors[LEADER], duty_of(centre, OPERATOR)
    with pytest.raises(Invalid, match="works in the shift"):
        reliefs.assign_relief(leader, HANDOVER_AT, seat, THIRD)
    with pytest.raises(Invalid, match="cannot take a seat"):
        reliefs.assign_relief(leader, HANDOVER_AT, seat, "4001")
    with pytest.raises(Conflict, match="two signatures"):
        reliefs.assign_relief(leader, HANDOVER_AT, duty_of(centre, LEADER), RELIEF)
    with pytest.raises(NotFound):
        reliefs.assign_relief(leader, HANDOVER_AT, 999, RELIEF)


def test_art24_after_the_sealing_no_seat_is_handed_over(centre: Built) -> None:
    handover_id = started_handover(centre)
    checked(centre)
    sealed_reliefs(centre, handover_id)
    with pytest.raises(Conflict, match="handed over already"):
        reliefs.assign_relief(centre.actors[LEADER], SHIFT_ENDS, duty_of(centre, OPERATOR), OTHER_RELIEF)
