"""Art. 33: a correction is asked with reason and proof, approved by another, and supersedes without writing over."""

from __future__ import annotations

from typing import Any

import pytest

import models
from operations import attendance, notices, store
from operations import attendance_corrections as corrections
from operations.attendance_corrections import CorrectionAsked
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.today import today_board
from regulation.corrections import CorrectionState
from regulation.duty_verdicts import DutyVerdict
from tests.centre import SHIFT_ENDS, SHIFT_STARTS, Built
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    Door,
    audit_actions,
    own_badge,
)
from tests.operations.attending import AFTERWARDS, DAY, duty_of, heard, judged, verdicts

S = CorrectionState


@pytest.fixture
def forgotten(centre: Built) -> Built:
    """The operator came in time and nobody saw them go."""
    kiosk = Door()
    kiosk.reads("deadbeef", SHIFT_STARTS - 2 * DAY)
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 20 * MINUTE)
    kiosk.sends(AFTERWARDS)
    heard(kiosk, AFTERWARDS)
    return centre


def asked(built: Built, by: str = OPERATOR, **changes: Any) -> int:
    fields: dict[str, Any] = {
        "left_at": SHIFT_ENDS + MINUTE,
        "reason": "出门时门禁断电",
        "proofs": ("entry:4",),
    } | changes
    request = CorrectionAsked(duty_of(OPERATOR), **fields)
    return corrections.ask_correction(built.actors[by], AFTERWARDS, request)


def test_art33_what_two_people_agree_on_supersedes_and_both_stay(forgotten: Built) -> None:
    number = asked(forgotten)
    assert verdicts()[OPERATOR] is DutyVerdict.UNKNOWN
    corrections.approve_correction(forgotten.actors[LEADER], AFTERWARDS, number)
    found = judged()[OPERATOR].judgement
    assert (found.verdict, found.correction_id) == (DutyVerdict.PRESENT, number)
    assert found.superseded is not None
    assert found.superseded.verdict is DutyVerdict.UNKNOWN
    shown = attendance.duty_verdict(forgotten.actors[OPERATOR], AFTERWARDS, duty_of(OPERATOR)).corrections
    assert [(row.state, row.decided_by) for row in shown] == [(S.APPROVED, "王建国(1003)")]
    assert audit_actions()[-2:] == ["ask_correction", "approve_correction"]


def test_art33_a_second_one_is_added_and_the_last_counts(forgotten: Built) -> None:
    first = asked(forgotten)
    corrections.approve_correction(forgotten.actors[LEADER], AFTERWARDS, first)
    second = asked(forgotten, LEADER, left_at=SHIFT_ENDS - 60 * MINUTE)
    corrections.approve_correction(forgotten.actors[MANAGER], AFTERWARDS + MINUTE, second)
    found = judged(AFTERWARDS + MINUTE)[OPERATOR].judgement
    assert (found.verdict, found.minutes_early) == (DutyVerdict.LEFT_EARLY, 60)
    rows = store.read(lambda: [row.state for row in models.AttendanceCorrection.select()])
    assert rows == ["approved", "approved"]


def test_art33_nobody_approves_what_they_asked_or_what_is_about_themselves(forgotten: Built) -> None:
    by_leader = asked(forgotten, LEADER)
    with pytest.raises(Blocked, match="their own"):
        corrections.approve_correction(forgotten.actors[LEADER], AFTERWARDS, by_leader)
    corrections.approve_correction(forgotten.actors[RELIEF_LEADER], AFTERWARDS, by_leader)


def test_art33_the_store_itself_refuses_a_decision_of_ones_own(forgotten: Built) -> None:
    number = asked(forgotten)
    import peewee

    row = models.AttendanceCorrection
    own = row.update(state="approved", decided_by=forgotten.ids[OPERATOR]).where(row.id == number)
    with pytest.raises(peewee.IntegrityError):
        store.write(own.execute)


def test_art33_a_refusal_needs_its_reason_and_leaves_the_evidence(forgotten: Built) -> None:
    number = asked(forgotten)
    with pytest.raises(Invalid):
        corrections.refuse_correction(forgotten.actors[LEADER], AFTERWARDS, number, " ")
    corrections.refuse_correction(forgotten.actors[LEADER], AFTERWARDS, number, "监控未见")
    assert verdicts()[OPERATOR] is DutyVerdict.UNKNOWN
    with pytest.raises(Blocked, match="decided before"):
        corrections.approve_correction(forgotten.actors[MANAGER], AFTERWARDS, number)
    news = store.read(lambda: notices.unread_news(forgotten.ids[OPERATOR]))
    assert [(one.kind, one.details["reason"]) for one in news] == [("correction_decided", "监控未见")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"proofs": (" ",)}, "shows it"),
        ({"left_at": None}, "says nothing"),
        ({"left_at": SHIFT_ENDS + 361 * MINUTE}, "does not belong"),
        ({"verdict": DutyVerdict.ON_LEAVE}, "not entered as corrections"),
    ],
)
def test_art33_a_request_says_what_why_and_what_shows_it(
    sqlite_centre: Built, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Blocked, match=words):
        asked(sqlite_centre, **changes)
    assert store.read(models.AttendanceCorrection.select().count) == 0


def test_art33_one_request_at_a_time_until_it_is_settled(forgotten: Built) -> None:
    number = asked(forgotten)
    with pytest.raises(Conflict, match="waits for a decision"):
        asked(forgotten, LEADER)
    with pytest.raises(NotPermitted, match="whoever asked"):
        corrections.withdraw_correction(forgotten.actors[LEADER], AFTERWARDS, number)
    corrections.withdraw_correction(forgotten.actors[OPERATOR], AFTERWARDS, number)
    with pytest.raises(Conflict, match="decided before"):
        corrections.withdraw_correction(forgotten.actors[OPERATOR], AFTERWARDS, number)
    assert asked(forgotten, LEADER) == number + 1


def test_art33_only_leaders_ask_for_somebody_else(forgotten: Built) -> None:
    with pytest.raises(NotPermitted, match="somebody else"):
        asked(forgotten, "1021")
    with pytest.raises(NotFound):
        corrections.approve_correction(forgotten.actors[LEADER], AFTERWARDS, 77)


def test_art33_what_waits_is_listed_for_whoever_may_decide(forgotten: Built) -> None:
    asked(forgotten)

    def waiting(by: str) -> list[tuple[bool, bool]]:
        rows = today_board(forgotten.actors[by], AFTERWARDS).corrections
        return [(row.may_decide, row.may_withdraw) for row in rows]

    assert (waiting(LEADER), waiting(OPERATOR), waiting("1021")) == ([(True, False)], [], [])
