"""Art. 10, 21, 22 and 23: what comes first, who may sign, and what still blocks a handover."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from regulation.findings import Blocker
from regulation.handover import (
    Area,
    CheckValue,
    HandoverRecord,
    ItemRecord,
    ItemState,
    LineRecord,
    Side,
    sign_out_blockers,
    urgency,
    who_may_sign,
)
from tests.regulation.room import INSTANT, MINUTE, NOON

OUT, IN, STRANGER = 3, 4, 9
HANDOVER = HandoverRecord(1, NOON, frozenset({OUT}), frozenset({IN}))
LINE = LineRecord(1, Area.LOG, "Handover log", CheckValue.IN_ORDER)
ITEM = ItemRecord(7, "3 号配线架告警", ItemState.CARRIED, reason="等备件", next_step="明早催维护")


def codes(*, line: LineRecord = LINE, item: ItemRecord = ITEM) -> list[tuple[int, str]]:
    return [(b.article, b.code) for b in sign_out_blockers([line], [item])]


def refusal(side: Side, person_id: int, handover: HandoverRecord = HANDOVER) -> str:
    blocker = who_may_sign(handover, side, person_id)
    assert blocker is None or blocker.article == 21
    return blocker.code if blocker else ""


# --- Art. 10: VIPs and overdue first ------------------------------------------------------------------------

VIP_OVERDUE = ItemRecord(1, "vip, overdue", ItemState.OPEN, vip=True, due_at=NOON)
VIP = ItemRecord(2, "vip", ItemState.OPEN, vip=True, due_at=NOON + INSTANT)
OVERDUE = ItemRecord(3, "overdue", ItemState.OPEN, due_at=NOON)
OLD = ItemRecord(4, "old", ItemState.OPEN, opened_at=NOON - 2 * MINUTE)
NEW = ItemRecord(5, "new", ItemState.OPEN, opened_at=NOON - MINUTE)


@pytest.mark.parametrize("shuffled", list(permutations([VIP_OVERDUE, VIP, OVERDUE, OLD, NEW]))[::7])
def test_art10_vip_and_overdue_come_first_then_vip_then_overdue_then_the_oldest(
    shuffled: tuple[ItemRecord, ...],
) -> None:
    ordered = sorted(shuffled, key=lambda item: urgency(item, NOON))
    assert [item.id for item in ordered] == [1, 2, 3, 4, 5]


def test_art10_an_item_is_overdue_at_the_instant_it_is_due() -> None:
    assert urgency(OVERDUE, NOON) < urgency(OLD, NOON)


def test_art10_an_item_is_not_overdue_an_instant_before() -> None:
    assert urgency(OVERDUE, NOON - INSTANT) > urgency(OLD, NOON - INSTANT)


# --- Art. 21: the two who sign ------------------------------------------------------------------------------


def test_art21_the_rostered_outgoing_leader_signs_out() -> None:
    assert refusal(Side.OUTGOING, OUT) == ""


@pytest.mark.parametrize("person_id", [IN, STRANGER])
def test_art21_nobody_else_signs_out(person_id: int) -> None:
    assert refusal(Side.OUTGOING, person_id) == "not_rostered"


def test_art21_the_incoming_leader_signs_after_the_outgoing_one() -> None:
    assert refusal(Side.INCOMING, IN) == "not_signed_out"
    assert refusal(Side.INCOMING, IN, replace(HANDOVER, signed_out_by=OUT)) == ""


def test_art21_one_person_never_signs_both_sides() -> None:
    both = HandoverRecord(1, NOON, frozenset({OUT}), frozenset({OUT, IN}), signed_out_by=OUT)
    assert refusal(Side.INCOMING, OUT, both) == "same_signer"
    assert refusal(Side.INCOMING, IN, both) == ""


# --- Art. 21: every line of the check -----------------------------------------------------------------------


def test_art21_a_line_nobody_looked_at_blocks() -> None:
    assert codes(line=replace(LINE, value=CheckValue.UNCHECKED)) == [(21, "line_unchecked")]


@pytest.mark.parametrize("value", [CheckValue.IN_ORDER, CheckValue.NONE])
def test_art21_in_order_and_an_explicit_none_do_not(value: CheckValue) -> None:
    assert codes(line=replace(LINE, value=value)) == []


# --- Art. 22: finish what you can, hand over what you cannot ------------------------------------------------


def test_art22_an_open_item_blocks() -> None:
    assert codes(item=replace(ITEM, state=ItemState.OPEN)) == [(22, "item_open")]


def test_art22_a_resolved_item_does_not_block() -> None:
    assert codes(item=replace(ITEM, state=ItemState.RESOLVED, reason="", next_step="")) == []


def test_art22_an_item_carried_with_a_reason_and_a_next_step_does_not_block() -> None:
    assert codes() == []


@pytest.mark.parametrize(("reason", "next_step"), [("", "明早催维护"), ("等备件", ""), (" ", "明早催维护")])
def test_art22_an_item_carried_without_both_blocks(reason: str, next_step: str) -> None:
    assert codes(item=replace(ITEM, reason=reason, next_step=next_step)) == [(22, "item_unexplained")]


# --- Art. 23: disputes are reported -------------------------------------------------------------------------


def test_art23_a_dispute_that_was_reported_does_not_block() -> None:
    disputed = replace(LINE, value=CheckValue.DISPUTED, note="少一把钥匙", reported_to="副经理")
    assert codes(line=disputed) == []


@pytest.mark.parametrize(("note", "reported_to"), [("", "副经理"), ("少一把钥匙", ""), ("少一把钥匙", " ")])
def test_art23_a_dispute_without_an_account_or_a_leader_told_blocks(note: str, reported_to: str) -> None:
    disputed = replace(LINE, value=CheckValue.DISPUTED, note=note, reported_to=reported_to)
    assert codes(line=disputed) == [(23, "dispute_unreported")]


def test_art22_blockers_come_in_the_order_people_settle_them_and_name_their_subject() -> None:
    blockers = sign_out_blockers(
        [replace(LINE, id=3, value=CheckValue.DISPUTED), replace(LINE, id=2, value=CheckValue.UNCHECKED)],
        [replace(ITEM, state=ItemState.OPEN)],
    )
    assert [b.subject for b in blockers] == ["item:7", "line:2", "line:3"]
    assert all(isinstance(b, Blocker) and b.text.format(**b.details) for b in blockers)
