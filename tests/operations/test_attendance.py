"""Art. 33: attendance follows from evidence: roster, door, signatures, permits, swaps and leave, joined when asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

import models
from operations import attendance, occupancy, outages, permits, store, swaps
from operations.attendance_judging import judged_between
from operations.boundary import SYSTEM
from operations.errors import Conflict, NotFound, NotPermitted
from operations.swaps import LegAsked
from regulation.attendance_month import totals
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.leave import Extent
from regulation.records import Direction
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    own_badge,
    sealed,
)
from tests.operations.attending import (
    AFTERWARDS,
    DAY,
    NOVEMBER,
    duty_of,
    heard,
    judged,
    verdicts,
    worked,
)
from tests.operations.leaves import granted, wish

V = DutyVerdict


@pytest.fixture
def kiosk(centre: Built) -> Door:
    """A door that has been at work since the day before."""
    door_ = Door()
    door_.reads("deadbeef", SHIFT_STARTS - 2 * DAY)
    return door_


def told(kiosk: Door) -> None:
    kiosk.sends(AFTERWARDS)
    heard(kiosk, AFTERWARDS)


def test_art33_the_door_shows_who_came_and_how(kiosk: Door) -> None:
    worked(kiosk, LEADER, SHIFT_STARTS)
    worked(kiosk, OPERATOR, SHIFT_STARTS, early=9)
    worked(kiosk, "1021", SHIFT_STARTS, early=-1)
    told(kiosk)
    assert verdicts() == {
        LEADER: V.PRESENT,
        OPERATOR: V.LATE_FOR_RELIEF,
        "1021": V.LATE,
        "1022": V.ABSENT,
        **dict.fromkeys((RELIEF_LEADER, "1117", "1121"), V.ABSENT),
    }
    late = judged()["1021"].judgement
    assert (late.minutes_late, [found.code for found in late.findings]) == (
        1,
        ["duty_late", "left_before_relief"],
    )
    assert late.evidence[:2] == (f"duty:{duty_of('1021')}", "door:door-6")


def test_art33_before_the_first_door_event_nothing_can_be_said(centre: Built) -> None:
    kiosk = Door()
    worked(kiosk, OPERATOR, SHIFT_STARTS)
    told(kiosk)
    before = judged(first=TODAY - DAY, last=TODAY - DAY)["1022"].judgement
    assert (before.verdict, before.unknown) == (V.UNKNOWN, (UnknownReason.OUTAGE,))


def test_art33_a_door_that_is_silent_now_makes_nobody_absent(kiosk: Door) -> None:
    kiosk.sends(SHIFT_STARTS + MINUTE)
    heard(kiosk, SHIFT_STARTS + MINUTE)
    assert verdicts()["1022"] is V.UNKNOWN
    heard(kiosk, AFTERWARDS)
    assert verdicts()["1022"] is V.ABSENT


def test_art33_a_door_that_says_it_had_stopped_is_believed_once(kiosk: Door) -> None:
    kiosk.sends(AFTERWARDS)
    stop = (SHIFT_STARTS + MINUTE, SHIFT_STARTS + 2 * MINUTE)
    heard(kiosk, AFTERWARDS, stop)
    heard(kiosk, AFTERWARDS, stop, (SHIFT_ENDS, SHIFT_ENDS))
    assert store.read(models.KioskOutage.select().count) == 1
    found = judged()["1022"].judgement
    assert (found.verdict, found.unknown) == (V.UNKNOWN, (UnknownReason.OUTAGE,))
    assert found.evidence[-1] == "outage:door-20261123T140100Z"


def test_art33_a_link_that_was_only_cut_is_no_outage(kiosk: Door) -> None:
    kiosk.sends(SHIFT_STARTS - 60 * MINUTE)
    worked(kiosk, OPERATOR, SHIFT_STARTS)
    told(kiosk)
    assert (verdicts()[OPERATOR], verdicts()["1022"]) == (V.PRESENT, V.ABSENT)


def test_art33_a_door_that_is_gone_for_good_is_missed_until_it_is_retired(kiosk: Door) -> None:
    kiosk.sends(SHIFT_STARTS - DAY)
    other = Door("side")
    worked(other, OPERATOR, SHIFT_STARTS)
    other.sends(AFTERWARDS)
    heard(other, AFTERWARDS)
    assert verdicts()["1022"] is V.UNKNOWN
    outages.retire_door(SYSTEM, SHIFT_STARTS - DAY + 30 * SECOND, "door")
    assert verdicts()["1022"] is V.ABSENT
    with pytest.raises(Conflict, match="at work"):
        outages.retire_door(SYSTEM, AFTERWARDS, "side")
    with pytest.raises(NotFound):
        outages.retire_door(SYSTEM, AFTERWARDS, "attic")
    heard(kiosk, AFTERWARDS - DAY)
    assert verdicts()["1022"] is V.ABSENT  # it was only cut, and is silent again since


def test_art33_a_leaders_word_that_someone_was_not_inside_is_no_time_of_leaving(
    centre: Built, kiosk: Door
) -> None:
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 20 * MINUTE)
    kiosk.sends(SHIFT_ENDS)
    occupancy.reset_occupancy(
        centre.actors[LEADER], SHIFT_ENDS + 60 * MINUTE, work_number=OPERATOR, reason="已离开"
    )
    told(kiosk)
    passes = attendance.duty_verdict(centre.actors[LEADER], AFTERWARDS, duty_of(OPERATOR)).evidence.passes
    assert [(seen.direction, seen.by_word) for seen in passes] == [
        (Direction.IN, False),
        (Direction.OUT, True),
    ]
    assert judged()[OPERATOR].judgement.unknown == (UnknownReason.MISSING_EXIT,)


def test_art33_the_leaders_signatures_show_them_there_at_the_handover(centre: Built, kiosk: Door) -> None:
    kiosk.reads(own_badge(LEADER), SHIFT_STARTS - 20 * MINUTE)
    kiosk.reads(own_badge(RELIEF_LEADER), SHIFT_ENDS - 20 * MINUTE)
    kiosk.sends(SHIFT_ENDS - 10 * MINUTE)
    sealed(centre)
    told(kiosk)
    out = judged()[LEADER].judgement
    assert out.verdict is V.PRESENT
    assert any(proof.startswith("relief:") for proof in out.evidence)
    took_over = judged(first=TODAY + DAY, last=TODAY + DAY)[RELIEF_LEADER].judgement
    assert took_over.unknown == (UnknownReason.MISSING_EXIT,)


def test_art14_a_permit_explains_the_time_away(centre: Built, kiosk: Door) -> None:
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 20 * MINUTE)
    kiosk.sends(NOW)
    permit = permits.permit_seat_leave(centre.actors[LEADER], NOW, OPERATOR, "喝水", 15)
    kiosk.leaves(own_badge(OPERATOR), NOW + MINUTE)
    kiosk.reads(own_badge(OPERATOR), NOW + 10 * MINUTE)
    kiosk.leaves(own_badge(OPERATOR), SHIFT_ENDS + MINUTE)
    told(kiosk)
    found = judged()[OPERATOR].judgement
    assert (found.verdict, [spell.excused_by for spell in found.away]) == (V.PRESENT, [f"permit:{permit}"])


def test_art38_a_swapped_duty_is_the_takers(centre: Built, kiosk: Door) -> None:
    asked = NOW - 2 * timedelta(hours=1)
    leg = LegAsked(duty_of("1022"), "1117", SHIFT_STARTS + 4 * timedelta(hours=1), None)
    swap = swaps.ask_swap(centre.actors["1022"], asked, [leg])
    swaps.agree_swap(centre.actors["1117"], asked, swap)
    swaps.consent_swap(centre.actors[MANAGER], asked, swap)
    kiosk.reads(own_badge("1022"), SHIFT_STARTS - 20 * MINUTE)
    kiosk.leaves(own_badge("1022"), SHIFT_STARTS + 241 * MINUTE)
    told(kiosk)
    found = store.read(
        lambda: [
            (one.row.person_id, one.judgement.verdict, str(one.judgement.part))
            for one in judged_between(TODAY, TODAY, AFTERWARDS)
            if one.row.person_id in (centre.ids["1022"], centre.ids["1117"])
        ]
    )
    here, taker = centre.ids["1022"], centre.ids["1117"]
    assert sorted(found, key=str) == sorted(
        [
            (here, V.SWAPPED_OUT, "1"),
            (here, V.PRESENT, "1/2"),
            (taker, V.ABSENT, "1/2"),
            (taker, V.ABSENT, "1"),
        ],
        key=str,
    )


def test_art33_leave_takes_the_duty_before_any_evidence(centre: Built, kiosk: Door) -> None:
    duty = models.Duty
    store.write(lambda: duty.update(leave_kind="annual").where(duty.id == duty_of(OPERATOR)).execute())
    told(kiosk)
    found = judged()[OPERATOR].judgement
    assert (found.verdict, found.leave) == (V.ON_LEAVE, "annual")


def test_art35_half_a_duty_on_leave_counts_half_and_the_other_half_is_judged(
    centre: Built, kiosk: Door
) -> None:
    tomorrow = TODAY + DAY
    leave_id = granted(centre, wish(tomorrow, half=Extent.FIRST_HALF))
    middle = SHIFT_STARTS + DAY + 240 * MINUTE
    kiosk.reads(own_badge(OPERATOR), middle)  # nobody is relieved where one's own leave ends
    kiosk.leaves(own_badge(OPERATOR), middle + 241 * MINUTE)
    kiosk.sends(AFTERWARDS)
    heard(kiosk, AFTERWARDS + DAY)
    found = store.read(lambda: judged_between(tomorrow, tomorrow, AFTERWARDS + DAY, [centre.ids[OPERATOR]]))
    assert [(one.judgement.verdict, str(one.judgement.part)) for one in found] == [
        (V.ON_LEAVE, "1/2"),
        (V.PRESENT, "1/2"),
    ]
    assert f"leave:{leave_id}" in found[0].judgement.evidence
    sums = totals(one.counted for one in found)
    assert [str(number) for number in (sums.rostered, sums.due, sums.attended)] == ["1", "1", "1/2"]


def test_art33_an_entry_that_was_taken_back_is_no_evidence(kiosk: Door) -> None:
    from regulation.access import DoorVerdict

    entered = kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 20 * MINUTE)
    proof = f"door:door-{entered.sequence}"
    kiosk.notes(
        DoorVerdict("refused.cannot_be_recorded", entered.person_id, evidence=(proof,)),
        SHIFT_STARTS - 19 * MINUTE,
    )
    told(kiosk)
    assert verdicts()[OPERATOR] is V.ABSENT


# --- what people see --------------------------------------------------------------------------------------------


def test_art33_a_month_shows_everyones_days_and_their_sums(centre: Built, kiosk: Door) -> None:
    worked(kiosk, OPERATOR, SHIFT_STARTS)
    told(kiosk)
    month = attendance.attendance_month(centre.actors[LEADER], AFTERWARDS, NOVEMBER)
    row = next(row for row in month.rows if row.work_number == OPERATOR)
    (today,) = row.days[TODAY.day - 1]
    assert (len(month.days), today.judgement.verdict) == (30, V.PRESENT)
    assert [str(n) for n in (row.totals.attended, row.totals.rostered)] == ["1", "4"]
    assert [team.team for team in month.teams] == ["甲", "乙"]
    alone = attendance.attendance_month(centre.actors[LEADER], AFTERWARDS, NOVEMBER, "乙")
    assert {row.team for row in alone.rows} == {"乙"}
    assert [team.team for team in alone.teams] == ["乙"]


def test_art33_everyone_sees_their_own_month_and_nobody_elses(centre: Built, kiosk: Door) -> None:
    told(kiosk)
    operator = centre.actors[OPERATOR]
    own = attendance.own_attendance(operator, AFTERWARDS, NOVEMBER)
    assert ([row.work_number for row in own.rows], own.teams) == ([OPERATOR], ())
    assert attendance.duty_verdict(operator, AFTERWARDS, duty_of(OPERATOR)).may_correct
    with pytest.raises(NotPermitted):
        attendance.attendance_month(operator, AFTERWARDS, NOVEMBER)
    with pytest.raises(NotPermitted, match="their own"):
        attendance.duty_verdict(operator, AFTERWARDS, duty_of("1021"))


def test_art33_one_duty_shows_all_its_evidence(centre: Built, kiosk: Door) -> None:
    worked(kiosk, OPERATOR, SHIFT_STARTS)
    told(kiosk)
    found = attendance.duty_verdict(centre.actors[LEADER], AFTERWARDS, duty_of(OPERATOR))
    assert [p.direction for p in found.evidence.passes] == [Direction.IN, Direction.OUT]
    assert [line.code for line in found.judged.judgement.lines] == ["arrival", "departure"]
    assert (found.person.name, found.corrections) == ("陈静", ())
    with pytest.raises(NotFound):
        attendance.duty_verdict(centre.actors[LEADER], AFTERWARDS, 999_999)
