"""Art. 35-37: leave is asked in time, decided by the right one, and in effect the roster says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

import models
from operations import delegations, leave, leave_decisions, leave_views, notices, people, store
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.leave_views import LeaveRow
from regulation.leave import Extent
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import Decider
from regulation.roles import Role
from tests.centre import NOW, PIN_HASH, SHIFT_STARTS, TODAY, Built, publish_days
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    audit_actions,
    row_counts,
)
from tests.operations.leaves import TOMORROW, asked, granted, row, told, waiting, watched, wish
from tests.operations.test_swaps import standing

SENIOR = "1000"
DAY = timedelta(days=1)
K = LeaveKind
TOMORROWS_NIGHT = SHIFT_STARTS + DAY
MIDNIGHT = datetime.combine(TOMORROW, datetime.min.time(), NOW.tzinfo) - timedelta(hours=8)


def on_leave(day: date = TOMORROW) -> dict[str, list[str]]:
    """Who stands on a day, with the kind of leave of each duty in order of time."""
    duty = models.Duty

    def query() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        rows = duty.select().where(duty.date == day, duty.state == "due").order_by(duty.starts_at)
        for one in rows:
            found.setdefault(one.person.work_number, []).append(one.leave_kind)
        return found

    return store.read(query)


# --- asking -------------------------------------------------------------------------------------------------


def test_art35_an_operators_leave_waits_for_the_duty_leader_who_is_told_and_then_it_is_in_effect(
    centre: Built,
) -> None:
    leave_id = asked(centre)
    assert (row(leave_id).waits_for, row(leave_id).deciders) == (Decider.DUTY_LEADER, ("王建国(1003)",))
    assert told(centre, LEADER) == [notices.LEAVE_ASKED]
    assert waiting(centre, LEADER) == [leave_id]
    # Somebody else's leader, and those above, are not troubled with it; the person is on no list of deciders.
    assert [waiting(centre, number) for number in (RELIEF_LEADER, SENIOR, MANAGER, OPERATOR)] == [[]] * 4
    assert on_leave()[OPERATOR] == [""]
    assert leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id) is LeaveState.ACCEPTED
    assert on_leave()[OPERATOR] == ["personal"]
    assert told(centre, OPERATOR) == [notices.LEAVE_ACCEPTED]
    assert waiting(centre, LEADER) == []


def test_art35_the_last_instant_before_the_duty_s_day_is_in_time_and_the_next_is_not(centre: Built) -> None:
    before = row_counts()
    with pytest.raises(Conflict, match="at least a day ahead") as late:
        asked(centre, now=MIDNIGHT)
    assert (late.value.article, row_counts()) == (35, before)
    assert asked(centre, now=MIDNIGHT - timedelta(microseconds=1))


def test_art35_a_special_case_with_its_reason_until_half_an_hour_after_the_start(centre: Built) -> None:
    last = TOMORROWS_NIGHT + 30 * MINUTE
    with pytest.raises(Conflict, match="needs its reason"):
        asked(centre, wish(special=True), now=last)
    with pytest.raises(Conflict, match="a special case until 11-24 22:30"):
        asked(centre, wish(special=True, reason="急诊"), now=last + timedelta(microseconds=1))
    leave_id = asked(centre, wish(special=True, reason="急诊"), now=last)
    assert row(leave_id).special
    # The duty has begun: approved, it is on leave all the same, and so it is when the shift is over.
    leave_decisions.approve_leave(centre.actors[LEADER], last + MINUTE, leave_id)
    assert on_leave()[OPERATOR] == ["personal"]


def test_art38_ad_hoc_leave_is_asked_of_the_leader_before_it_begins(centre: Built) -> None:
    half = TOMORROWS_NIGHT + timedelta(hours=4)
    what = wish(half=Extent.SECOND_HALF, special=True, reason="家里漏水")
    with pytest.raises(Conflict, match="a special case until"):
        asked(centre, what, now=half + timedelta(microseconds=1))
    leave_id = granted(centre, what, now=half)
    assert (row(leave_id).days, on_leave()[OPERATOR]) == (Fraction(1, 2), ["", "personal"])


def test_art35_leave_takes_rostered_duties_and_never_days_off(centre: Built) -> None:
    free = TODAY + 3 * DAY
    with pytest.raises(Conflict, match="No duty is rostered"):
        asked(centre, wish(free))
    leave_id = asked(centre, wish(TOMORROW, free, K.ANNUAL))
    assert row(leave_id).days == 2
    with pytest.raises(Conflict, match="already"):
        asked(centre, wish(free - DAY))
    with pytest.raises(Invalid, match="at most 200"):
        asked(centre, wish(TOMORROW, TODAY))


def test_the_live_answer_says_whether_it_may_be_asked_and_who_decides_and_writes_nothing(
    centre: Built,
) -> None:
    before = row_counts()
    outlook = leave_views.leave_outlook(centre.actors[OPERATOR], NOW, wish(TOMORROW, TOMORROW + DAY, K.SICK))
    assert outlook.answer.allowed
    assert outlook.deciders == (
        (Decider.DUTY_LEADER, 35, ("王建国(1003)",)),
        (Decider.DEPUTY_MANAGER, 36, ("周敏(2001)",)),
    )
    assert [notice.article for notice in outlook.answer.notices] == [36, 37]
    assert [(line.date, line.there, line.left) for line in outlook.cover] == [
        (TOMORROW, 4, 3),
        (TOMORROW + DAY, 4, 3),
    ]
    refused = leave_views.leave_outlook(centre.actors[OPERATOR], NOW, wish(TODAY))
    assert refused.refusals[0][:2] == (35, "Leave is asked at least a day ahead: before 11-23 00:00")
    assert row_counts() == before


# --- who decides --------------------------------------------------------------------------------------------


def join(role: Role, number: str = "1500") -> Built:
    """Somebody of another post joins and is rostered tomorrow."""
    from operations.boundary import Actor

    new = people.NewPerson(number, "钱进", role, "", "", "", must_change_pin=False)
    people.add_people(SYSTEM, NOW, [(new, PIN_HASH)])
    found = next(one for one in people.people(SYSTEM, NOW) if one.work_number == number)
    publish_days(NOW, (found.id, TOMORROW, "office"))
    return Built("", {number: Actor(found.id, number, found.name, found.role, "")}, {number: found.id})


@pytest.mark.parametrize(
    ("role", "decider"),
    [
        (Role.STATISTICIAN, SENIOR),
        (Role.SURVEYOR, SENIOR),
        (Role.QA_INSPECTOR, MANAGER),
        (Role.SENIOR_SHIFT_LEADER, MANAGER),
    ],
)
def test_art35_the_more_specific_line_decides_whose_leave_goes_to_whom(
    sqlite_centre: Built, role: Role, decider: str
) -> None:
    leave_id = asked(join(role), who="1500")
    assert waiting(sqlite_centre, decider) == [leave_id]
    other = SENIOR if decider == MANAGER else LEADER
    with pytest.raises(Conflict, match="to decide") as refused:
        leave_decisions.approve_leave(sqlite_centre.actors[other], NOW, leave_id)
    assert refused.value.article == 35


def test_art35_nobody_decides_their_own_leave_nor_what_they_asked_for_another(centre: Built) -> None:
    own = asked(centre, who=LEADER)
    with pytest.raises(Conflict, match="Nobody decides their own leave"):
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, own)
    leave_decisions.approve_leave(centre.actors[SENIOR], NOW, own)
    assert on_leave()[LEADER] == ["personal"]
    for_other = leave.ask_leave(centre.actors[LEADER], NOW, wish(reason="来电请假"), OPERATOR)
    assert told(centre, OPERATOR) == [notices.LEAVE_ASKED]
    # The leader who wrote it down is out of it: it goes to the next rank at once.
    assert (waiting(centre, LEADER), waiting(centre, SENIOR)) == ([], [for_other])
    with pytest.raises(Conflict, match="asked for somebody else"):
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, for_other)
    with pytest.raises(NotPermitted, match="absent"):
        leave.ask_leave(centre.actors["1021"], NOW, wish(), "1022")


@pytest.mark.parametrize(("days", "steps"), [(1, 1), (2, 2)])
def test_art36_over_one_day_of_personal_leave_takes_effect_only_with_the_deputy_manager(
    centre: Built, days: int, steps: int
) -> None:
    leave_id = asked(centre, wish(TOMORROW, TOMORROW + (days - 1) * DAY))
    assert len(row(leave_id).decisions) == steps
    state = leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
    assert (state is LeaveState.ACCEPTED, on_leave()[OPERATOR]) == (steps == 1, ["personal" * (steps == 1)])
    if steps == 2:
        assert told(centre, MANAGER) == [notices.LEAVE_ASKED]
        assert waiting(centre, MANAGER) == [leave_id]
        with pytest.raises(Conflict) as not_theirs:
            leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
        assert not_theirs.value.article == 36
        leave_decisions.approve_leave(centre.actors[MANAGER], NOW, leave_id)
        assert on_leave()[OPERATOR] == on_leave(TOMORROW + DAY)[OPERATOR] == ["personal"]


def test_art36_two_requests_of_one_day_that_touch_are_no_way_around_the_deputy_manager(centre: Built) -> None:
    granted(centre, wish(TOMORROW))
    second = asked(centre, wish(TOMORROW + DAY))
    assert [step.decider for step in row(second).decisions] == [Decider.DUTY_LEADER, Decider.DEPUTY_MANAGER]


def test_art37_sick_leave_over_one_day_is_not_approved_without_the_note_on_record(centre: Built) -> None:
    one = asked(centre, wish(kind=K.SICK), who="1021")
    leave_decisions.approve_leave(centre.actors[LEADER], NOW, one)
    two = asked(centre, wish(TOMORROW, TOMORROW + DAY, K.SICK))
    assert row(two).note_missing
    with pytest.raises(Conflict, match="doctor's note") as missing:
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, two)
    assert missing.value.article == 37
    leave.note_doctor(centre.actors[OPERATOR], NOW, two, "市一院 2026-4471")
    for decider in (LEADER, MANAGER):
        leave_decisions.approve_leave(centre.actors[decider], NOW, two)
    assert on_leave()[OPERATOR] == ["sick"]


def test_art35_a_refusal_has_a_reason_and_nothing_takes_effect(centre: Built) -> None:
    leave_id = asked(centre)
    with pytest.raises(Invalid, match="needs a reason"):
        leave_decisions.refuse_leave(centre.actors[LEADER], NOW, leave_id, " ")
    leave_decisions.refuse_leave(centre.actors[LEADER], NOW, leave_id, "人手不够")
    assert (row(leave_id).state, row(leave_id).decisions[0].reason) == (LeaveState.REFUSED, "人手不够")
    assert (told(centre, OPERATOR), on_leave()[OPERATOR]) == ([notices.LEAVE_REFUSED], [""])
    with pytest.raises(Conflict, match="settled"):
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
    with pytest.raises(NotFound):
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, 999)
    # Refused, it stands in nobody's way.
    assert asked(centre)


# --- delegates and escalation -------------------------------------------------------------------------------


def test_art35_an_absent_approver_s_delegate_decides_and_it_is_on_record(centre: Built) -> None:
    leave_id = asked(centre, wish(TOMORROW, TOMORROW + DAY))
    leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
    with pytest.raises(Conflict):
        leave_decisions.approve_leave(centre.actors[SENIOR], NOW, leave_id)
    made = delegations.record_delegate(centre.actors[MANAGER], NOW, MANAGER, SENIOR, TODAY, TOMORROW, "出差")
    assert told(centre, SENIOR) == [notices.DELEGATED]
    assert waiting(centre, SENIOR) == [leave_id]
    leave_decisions.approve_leave(centre.actors[SENIOR], NOW, leave_id)
    (_first, second) = row(leave_id).decisions
    assert (second.decided_by, second.instead_of) == ("吴刚(1000)", "周敏(2001)")
    delegations.end_delegation(centre.actors[MANAGER], NOW, made)
    assert delegations.delegation_rows(SYSTEM, NOW)[0].ended_by == "周敏(2001)"


def test_art35_a_delegate_counts_on_the_recorded_days_only_and_never_for_both_approvals(
    centre: Built,
) -> None:
    record, manager = delegations.record_delegate, centre.actors[MANAGER]
    record(manager, NOW, MANAGER, LEADER, TODAY, TODAY)
    leave_id = asked(centre, wish(TOMORROW, TOMORROW + DAY))
    leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
    with pytest.raises(Conflict, match="another person's"):
        leave_decisions.approve_leave(centre.actors[LEADER], NOW, leave_id)
    record(manager, NOW, MANAGER, SENIOR, TODAY, TODAY)
    with pytest.raises(Conflict, match="to decide"):
        leave_decisions.approve_leave(centre.actors[SENIOR], NOW + timedelta(hours=2), leave_id)
    leave_decisions.approve_leave(centre.actors[SENIOR], NOW, leave_id)


def test_art35_a_leader_records_for_themselves_and_only_a_person_of_the_centre(centre: Built) -> None:
    record = delegations.record_delegate
    with pytest.raises(NotPermitted, match="for themselves"):
        record(centre.actors[LEADER], NOW, MANAGER, LEADER, TODAY, TODAY)
    with pytest.raises(NotPermitted, match="makes themselves"):
        record(centre.actors[SENIOR], NOW, MANAGER, SENIOR, TODAY, TODAY)
    for absent, delegate, first in (
        (OPERATOR, LEADER, TODAY),
        (LEADER, LEADER, TODAY),
        (LEADER, "4001", TODAY),
        (LEADER, OPERATOR, TODAY - DAY),
    ):
        with pytest.raises(Invalid):
            record(centre.actors[SENIOR], NOW, absent, delegate, first, first)


def test_art35_on_the_eve_of_its_duty_an_undecided_request_waits_for_the_next_rank_too(centre: Built) -> None:
    leave_id = asked(centre)
    eve = TOMORROWS_NIGHT - timedelta(hours=12)
    assert watched(eve - MINUTE) == ()
    assert waiting(centre, SENIOR, eve) == []
    assert watched(eve) == (f"leave_escalated:{leave_id}",)
    assert watched(eve + MINUTE) == ()
    assert notices.LEAVE_ESCALATED in told(centre, SENIOR, eve)
    assert waiting(centre, SENIOR, eve) == waiting(centre, LEADER, eve) == [leave_id]
    leave_decisions.approve_leave(centre.actors[SENIOR], eve, leave_id)
    assert on_leave()[OPERATOR] == ["personal"]


# --- who sees it, and what it leaves behind -----------------------------------------------------------------


def test_why_somebody_is_on_leave_is_not_everybody_s_to_read(centre: Built) -> None:
    leave_id = asked(centre, wish(reason="私事"))

    def seen(number: str) -> list[LeaveRow]:
        return list(leave_views.leave_rows(centre.actors[number], NOW))

    assert [one.id for one in seen(LEADER)] == [one.id for one in seen(OPERATOR)] == [leave_id]
    assert seen("1021") == []
    with pytest.raises(NotPermitted):
        leave_views.leave_case(centre.actors["1021"], NOW, leave_id)


def test_art33_each_act_leaves_one_record_and_says_what_it_did_to_which_duty(centre: Built) -> None:
    before = audit_actions()
    leave_id = granted(centre)
    leave.withdraw_leave(centre.actors[OPERATOR], NOW, leave_id)
    assert audit_actions() == [*before, "ask_leave", "approve_leave", "withdraw_leave"]
    record = models.AuditRecord
    detail = store.read(lambda: record.select().where(record.action == "approve_leave").get().detail)
    assert detail["effect"][0][1:2] == ["2026-11-24"]


def test_a_withdrawn_request_leaves_everyone_s_list(centre: Built) -> None:
    before = standing()
    leave_id = asked(centre)
    with pytest.raises(NotPermitted, match="own leave"):
        leave.withdraw_leave(centre.actors["1021"], NOW, leave_id)
    leave.withdraw_leave(centre.actors[OPERATOR], NOW, leave_id)
    assert (waiting(centre, LEADER), standing(), row(leave_id).state) == ([], before, LeaveState.WITHDRAWN)
    with pytest.raises(Conflict, match="refused or withdrawn"):
        leave.withdraw_leave(centre.actors[OPERATOR], NOW, leave_id)
