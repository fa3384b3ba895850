"""Art. 33: a correction has a reason and a second person, is added and never written over, and what was stays visible."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from regulation.corrections import (
    STATE_NAMES,
    Correction,
    CorrectionState,
    approval_refusal,
    request_refusal,
    standing_correction,
)
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.findings import Refusal
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction
from tests.regulation.room import ENDS, INSTANT, LEADER, MINUTE, OPERATOR, SECOND, STARTS
from tests.regulation.witnesses import LENGTH, PROPER, codes, judged, minute, night, outage, seen, turns

SENIOR = 2
V = DutyVerdict
ASKED = Correction(4, OPERATOR, OPERATOR, OPERATOR, ENDS + 60 * MINUTE, "漏刷", ("entry:12",), left_at=ENDS)
APPROVED = replace(ASKED, state=CorrectionState.APPROVED, decided_by=LEADER, decided_at=ENDS + 120 * MINUTE)


def refusal(**changes: Any) -> str:
    """The code of what stands against asking, or nothing."""
    refused = request_refusal(replace(ASKED, **changes), night(), DEFAULT_LIMITS)
    return said(refused)


def said(refused: Refusal | None) -> str:
    if refused is None:
        return ""
    assert refused.article == 33
    assert refused.next_step
    return refused.code.removeprefix("correction.")


def test_every_state_has_a_name() -> None:
    assert set(STATE_NAMES) == set(CorrectionState)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"reason": "  "}, "no_reason"),
        ({"proofs": ()}, "no_proof"),
        ({"proofs": (" ",)}, "no_proof"),
        ({"left_at": None}, "says_nothing"),
        ({"asked_at": ENDS - INSTANT}, "duty_not_over"),
        ({"asked_at": ENDS}, ""),
        ({"left_at": ENDS + 60 * MINUTE + SECOND}, "outside"),  # still to come when it is asked
        ({"left_at": ENDS + 60 * MINUTE}, ""),
        ({"came_at": STARTS - 120 * MINUTE}, ""),
        ({"came_at": STARTS - 120 * MINUTE - SECOND}, "outside"),
        ({"came_at": ENDS - SECOND}, ""),
        ({"came_at": ENDS, "left_at": None}, "order"),
        ({"came_at": STARTS, "left_at": STARTS}, "order"),
        ({"verdict": V.ABSENT}, ""),
        ({"verdict": V.ON_LEAVE}, "not_correctable"),
        ({"verdict": V.UNKNOWN}, "not_correctable"),
    ],
)
def test_art33_a_correction_says_what_was_and_what_shows_it(changes: dict[str, Any], code: str) -> None:
    assert refusal(**changes) == code


@pytest.mark.parametrize(("decided_by", "code"), [(LEADER, ""), (OPERATOR, "own")])
def test_art33_nobody_approves_their_own_correction(decided_by: int, code: str) -> None:
    assert said(approval_refusal(ASKED, decided_by)) == code


def test_art33_a_leader_who_asked_for_another_does_not_approve_it_either() -> None:
    by_leader = replace(ASKED, asked_by=LEADER)
    assert said(approval_refusal(by_leader, LEADER)) == "own"
    assert said(approval_refusal(by_leader, OPERATOR)) == "own"
    assert said(approval_refusal(by_leader, SENIOR)) == ""


def test_art33_a_correction_is_decided_once() -> None:
    assert said(approval_refusal(APPROVED, SENIOR)) == "decided"


def test_art33_of_those_approved_the_one_decided_last_counts() -> None:
    later = replace(APPROVED, id=5, asked_at=ENDS + 200 * MINUTE, decided_at=ENDS + 240 * MINUTE)
    refused = replace(ASKED, id=6, state=CorrectionState.REFUSED, decided_at=ENDS + 300 * MINUTE)
    waiting = replace(ASKED, id=7, asked_at=ENDS + 400 * MINUTE)
    for known in ([APPROVED, later, refused, waiting], [waiting, refused, later, APPROVED]):
        assert standing_correction(known) == later


# --- what a correction does to a verdict --------------------------------------------------------------------


def test_art33_an_approved_exit_settles_a_missing_one_and_keeps_what_was() -> None:
    corrected = judged(turns(-20), corrections=(APPROVED,))
    assert (corrected.verdict, corrected.left_at, corrected.correction_id) == (V.PRESENT, ENDS, 4)
    assert "correction:4" in corrected.evidence
    assert corrected.superseded is not None
    assert corrected.superseded.verdict is V.UNKNOWN
    assert corrected.lines[-1].instants == {"at": APPROVED.decided_at}
    assert corrected.lines[-1].details == {"verdict": "attended", "reason": "漏刷"}


@pytest.mark.parametrize(
    "state", [state for state in CorrectionState if state is not CorrectionState.APPROVED]
)
def test_art33_what_is_not_approved_changes_nothing(state: CorrectionState) -> None:
    waiting = replace(APPROVED, state=state)
    assert judged(turns(-20), corrections=(waiting,)) == judged(turns(-20))


def test_art33_a_correction_of_another_duty_changes_nothing() -> None:
    assert judged(corrections=(replace(APPROVED, duty_id=1),)) == judged()


@pytest.mark.parametrize(
    ("left_at", "verdict"), [(ENDS, V.PRESENT), (ENDS - SECOND, V.LEFT_EARLY)], ids=["at the end", "before"]
)
def test_art33_a_corrected_time_is_judged_like_any_other(left_at: datetime, verdict: DutyVerdict) -> None:
    assert judged(turns(-20), corrections=(replace(APPROVED, left_at=left_at),)).verdict is verdict


def test_art33_a_corrected_entry_replaces_what_came_before_it_and_keeps_the_rest() -> None:
    entry = replace(APPROVED, came_at=minute(-15), left_at=None)
    found = judged(
        (seen(1, 90, Direction.OUT), seen(2, 120, Direction.IN), seen(3, LENGTH + 5, Direction.OUT)),
        corrections=(entry,),
    )
    assert (found.verdict, found.arrived_at, len(found.away)) == (V.PRESENT, minute(-15), 1)


def test_art33_a_corrected_entry_settles_an_outage() -> None:
    out = (outage(-30, 40),)
    assert judged(turns(30, LENGTH + 5), outages=out).verdict is V.UNKNOWN
    late = replace(APPROVED, came_at=minute(5), left_at=None)
    found = judged(turns(30, LENGTH + 5), outages=out, corrections=(late,))
    assert (found.verdict, found.minutes_late) == (V.LATE, 5)


def test_art33_a_corrected_stay_replaces_everything_before_and_after_it() -> None:
    stay = replace(APPROVED, came_at=minute(-15), left_at=minute(LENGTH))
    outside = (seen(1, -60, Direction.OUT), seen(2, LENGTH + 30, Direction.IN))
    found = judged(outside, corrections=(stay,))
    assert (found.verdict, found.minutes_inside, found.away) == (V.PRESENT, LENGTH, ())
    lunch = (seen(3, 200, Direction.OUT), seen(4, 230, Direction.IN))
    assert judged((*outside, *lunch), corrections=(stay,)).minutes_inside == LENGTH - 30


@pytest.mark.parametrize("end", [400, None], ids=["over", "still out"])
def test_art33_a_corrected_exit_settles_an_outage_after_it_and_none_before(end: int | None) -> None:
    early = replace(APPROVED, left_at=minute(300))
    assert judged(turns(-20, 300), outages=(outage(300, end),)).verdict is V.UNKNOWN
    found = judged(turns(-20, 300), outages=(outage(300, end),), corrections=(early,))
    assert (found.verdict, found.minutes_early) == (V.LEFT_EARLY, 180)
    late = judged(turns(5, 300), outages=(outage(-11, end),), corrections=(early,))
    assert late.unknown[0] is UnknownReason.OUTAGE


@pytest.mark.parametrize(
    ("verdict", "passes", "late", "early", "found"),
    [
        (V.PRESENT, turns(30, 300), 0, 0, []),
        (V.LATE, turns(30, 300), 30, 0, ["duty_late"]),
        (V.LEFT_EARLY, turns(30, 300), 30, 180, ["duty_late", "left_without_permit"]),
        (V.PRESENT, (), 0, 0, []),
        (V.ABSENT, turns(*PROPER), 0, 0, ["absent_without_leave"]),
    ],
)
def test_art33_an_approved_verdict_counts_with_what_fits_it(
    verdict: DutyVerdict, passes: tuple[Any, ...], late: int, early: int, found: list[str]
) -> None:
    corrected = judged(passes, corrections=(replace(APPROVED, left_at=None, verdict=verdict),))
    assert (corrected.verdict, corrected.minutes_late, corrected.minutes_early) == (verdict, late, early)
    assert (codes(corrected), corrected.unknown) == (found, ())


def test_art38_leave_and_swaps_come_before_a_correction() -> None:
    assert judged(state="swapped", corrections=(APPROVED,)).verdict is V.SWAPPED_OUT
