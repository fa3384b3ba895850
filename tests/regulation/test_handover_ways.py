"""Art. 11, 21 to 24: which recorded ways lead through a handover, and by what right somebody signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.handover import HandoverRecord, Side, SignerKind, who_may_sign
from regulation.handover_ways import WAY_ARTICLES, WAY_NAMES, Situation, WayKind, no_show_is_due, ways_through
from regulation.limits import DEFAULT_LIMITS
from tests.regulation.room import INSTANT, MINUTE, NOON

RUNNING = Situation(ends_at=NOON, relief_due_at=NOON, started=True)
LEADER, RELIEF, SPARE, MANAGER = 3, 4, 5, 6
RECORD = HandoverRecord(1, NOON, frozenset({LEADER}), frozenset({RELIEF}))


def open_ways(situation: Situation, now: datetime = NOON) -> set[WayKind]:
    return {way.kind for way in ways_through(situation, now, DEFAULT_LIMITS) if way.open}


@pytest.mark.parametrize(("after", "due"), [(15 * MINUTE - INSTANT, False), (15 * MINUTE, True)])
def test_art21_a_leader_has_not_come_from_a_quarter_of_an_hour_on(after: timedelta, due: bool) -> None:
    assert no_show_is_due(NOON, NOON + after, DEFAULT_LIMITS) is due
    assert (WayKind.NO_SHOW_INCOMING in open_ways(RUNNING, NOON + after)) is due


@pytest.mark.parametrize("gone", [False, True])
def test_art24_an_outgoing_leader_whom_the_door_saw_go_is_gone_at_once(gone: bool) -> None:
    assert (WayKind.NO_SHOW_OUTGOING in open_ways(replace(RUNNING, outgoing_gone=gone))) is gone


@pytest.mark.parametrize("follows", [False, True])
def test_art21_one_leader_closes_alone_exactly_where_no_shift_follows(follows: bool) -> None:
    situation = replace(RUNNING, relief_due_at=NOON if follows else None)
    assert (WayKind.CLOSE_ALONE in open_ways(situation)) is not follows


def test_art11_while_held_only_what_leads_out_of_the_hold_is_open() -> None:
    held = replace(RUNNING, held=True, signed_out=False)
    late = NOON + 60 * MINUTE
    assert open_ways(held, late) == {WayKind.LIFT_HOLD, WayKind.STAND_IN, WayKind.OVERRIDE}


def test_a_sealed_handover_has_no_way_left_but_the_counter_signature_it_lacks() -> None:
    sealed = replace(RUNNING, sealed=True, signed_out=True)
    assert open_ways(sealed, NOON + 60 * MINUTE) == set()
    alone = replace(sealed, closed_alone=True)
    assert open_ways(alone) == {WayKind.STAND_IN, WayKind.OVERRIDE}
    assert WayKind.COUNTER_SIGN in open_ways(replace(alone, next_has_begun=True))
    assert open_ways(replace(alone, next_has_begun=True, counter_signed=True)) == set()


@given(
    st.builds(
        Situation,
        ends_at=st.just(NOON),
        relief_due_at=st.sampled_from([None, NOON]),
        started=st.booleans(),
        signed_out=st.booleans(),
        held=st.booleans(),
        outgoing_gone=st.booleans(),
        no_shows=st.frozensets(st.sampled_from(list(Side))),
    )
)
def test_no_handover_that_runs_is_without_a_way(situation: Situation) -> None:
    ways = ways_through(situation, NOON + 60 * MINUTE, DEFAULT_LIMITS)
    assert {way.kind for way in ways} == set(WayKind) == set(WAY_NAMES) == set(WAY_ARTICLES)
    assert any(way.open for way in ways)
    assert all(way.why and way.text for way in ways)


@pytest.mark.parametrize(
    ("person", "kind"),
    [(RELIEF, SignerKind.ROSTERED), (SPARE, SignerKind.STAND_IN), (MANAGER, SignerKind.OVERRIDE), (9, None)],
)
def test_art21_rostered_stand_in_or_override_and_nobody_else_signs(
    person: int, kind: SignerKind | None
) -> None:
    record = replace(
        RECORD,
        signed_out_by=LEADER,
        stand_ins=frozenset({(Side.INCOMING, SPARE)}),
        overriders=frozenset({(Side.INCOMING, MANAGER)}),
    )
    assert record.signs_as(Side.INCOMING, person) is kind
    refusal = who_may_sign(record, Side.INCOMING, person)
    assert (refusal is None) is (kind is not None)
    assert record.signs_as(Side.OUTGOING, person) is None


@pytest.mark.parametrize(
    ("held", "follows", "code"), [(True, True, "held"), (False, False, "nobody_follows"), (False, True, "")]
)
def test_art21_a_hold_or_a_missing_shift_stops_the_incoming_signature(
    held: bool, follows: bool, code: str
) -> None:
    record = replace(RECORD, signed_out_by=LEADER, held=held, follows=follows)
    refusal = who_may_sign(record, Side.INCOMING, RELIEF)
    assert (refusal.code if refusal else "") == code
