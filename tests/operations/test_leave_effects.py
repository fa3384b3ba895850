"""Art. 35: leave in effect is what roster, handover, door, Today, swaps and the draft go by; taken back, all is as before."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from operations import (
    demand,
    door,
    drafts,
    handover,
    leave,
    leave_balances,
    leave_decisions,
    leave_views,
    notices,
    planning,
    publishing,
    roster,
    rotation_drafts,
    rotations,
    standing,
    store,
    swap_views,
    swaps,
    today,
)
from operations.attendance_witnesses import cases
from operations.boundary import SYSTEM
from operations.drafts import Paint
from operations.errors import Blocked, Conflict, Invalid, NotPermitted
from operations.leave_balances import NewGrant
from operations.planning_ground import Fixed
from operations.planning_problem import Mode
from operations.rotations import TeamPlace
from operations.swaps import LegAsked
from regulation.demand import Need
from regulation.leave import Extent
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind
from regulation.presence import Presence
from regulation.relief import is_on_duty
from regulation.swaps import SwapState
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    Door,
    checked,
    own_badge,
)
from tests.operations.leaves import TOMORROW, asked, granted, row, told, wish
from tests.operations.test_leave import on_leave
from tests.operations.test_swap_effects import signed_out, takes_over
from tests.operations.test_swaps import OTHER_TEAM, SENIOR, agreed, consented, duty_id
from tests.operations.test_swaps import standing as duties_standing

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
K = LeaveKind
TOMORROWS_NIGHT = SHIFT_STARTS + DAY
MIDDLE = TOMORROWS_NIGHT + 4 * HOUR


# --- roster, door, Today ------------------------------------------------------------------------------------


def test_the_door_expects_nobody_on_leave_and_today_counts_them_apart(centre: Built) -> None:
    granted(centre)
    kiosk, at = Door(), TOMORROWS_NIGHT + MINUTE
    assert kiosk.reads(own_badge(OPERATOR), at).code == "granted.on_leave"
    board = today.today_board(centre.actors[LEADER], at)
    assert {seat.work_number: seat.state for seat in board.seats}[OPERATOR] is Presence.ON_LEAVE
    assert (board.counts.on_leave, board.counts.due) == (1, 3)


@pytest.mark.parametrize(
    ("half", "kinds", "bound"),
    [
        (Extent.FIRST_HALF, ["personal", ""], [False, True]),
        (Extent.SECOND_HALF, ["", "personal"], [True, False]),
    ],
)
def test_leave_of_half_a_duty_cuts_it_and_binds_for_the_other_half(
    centre: Built, half: Extent, kinds: list[str], bound: list[bool]
) -> None:
    leave_id = granted(centre, wish(half=half))
    assert (on_leave()[OPERATOR], row(leave_id).days) == (kinds, Fraction(1, 2))
    for at, is_bound in zip((MIDDLE - MINUTE, MIDDLE), bound, strict=True):
        on_duty = {d.person_id for d in door.door_snapshot(Door().actor, at).duties if is_on_duty(d, at)}
        assert (centre.ids[OPERATOR] in on_duty) is is_bound


def test_the_roster_has_both_halves_of_a_day_that_is_half_on_leave(centre: Built) -> None:
    granted(centre, wish(half=Extent.FIRST_HALF))
    month = roster.roster_month(centre.actors[LEADER], NOW, TOMORROW)
    mine = next(row for row in month.rows if row.work_number == OPERATOR)
    cell = mine.cells[month.days.index(TOMORROW)]
    assert cell is not None
    assert (cell.leave, cell.ends_at) == (True, MIDDLE)
    assert [(part.leave, part.starts_at) for part in mine.more[TOMORROW]] == [(False, MIDDLE)]
    assert not any(row.more for row in month.rows if row is not mine)


def test_art24_whoever_has_leave_from_the_middle_on_goes_without_waiting_for_a_relief(centre: Built) -> None:
    granted(centre, wish(half=Extent.SECOND_HALF))
    kiosk = Door()
    kiosk.reads(own_badge(OPERATOR), TOMORROWS_NIGHT - 20 * MINUTE)
    assert kiosk.leaves(own_badge(OPERATOR), MIDDLE + MINUTE).findings == ()
    seats = today.today_board(centre.actors[LEADER], MIDDLE + MINUTE).seats
    assert [seat.state for seat in seats if seat.work_number == OPERATOR] == [Presence.ON_LEAVE]


def leave_of_duties(built: Built, day: date) -> list[list[tuple[int, str]]]:
    """What leave takes of each of the operator's duties on a day, as attendance sees it."""
    found = store.read(lambda: list(cases(day, day, NOW, {built.ids[OPERATOR]})))
    return [[(piece.id, piece.kind.value) for piece in case.duty.leave] for case in found]


def test_attendance_finds_what_leave_takes_of_each_duty_and_piece(centre: Built) -> None:
    leave_id = granted(centre, wish(half=Extent.FIRST_HALF))

    assert leave_of_duties(centre, TOMORROW) == [[(leave_id, "personal")], []]


# --- the handover -------------------------------------------------------------------------------------------


def test_art21_a_leader_on_leave_signs_nothing_and_a_stand_in_does(centre: Built) -> None:
    # 乙's leader would take over from tonight's shift at 06:00.
    leave_id = asked(centre, who=RELIEF_LEADER)
    assert leave_views.leave_case(centre.actors[SENIOR], NOW, leave_id).unled == (TOMORROW,)
    leave_decisions.approve_leave(centre.actors[SENIOR], NOW, leave_id)
    handover_id = signed_out(centre)
    with pytest.raises(Blocked) as refused:
        takes_over(RELIEF_LEADER, handover_id)
    assert refused.value.blockers[0].code == "not_rostered"
    log = models.ShiftLog
    early = store.read(lambda: log.get(log.date == TOMORROW, log.starts_at == SHIFT_ENDS).id)
    standing.record_stand_in(centre.actors[LEADER], HANDOVER_AT, early, SENIOR, "班长请假")
    assert takes_over(SENIOR, handover_id)


def test_art21_a_leader_on_leave_in_the_last_half_does_not_hand_over(centre: Built) -> None:
    granted(centre, wish(half=Extent.SECOND_HALF), RELIEF_LEADER, by=(SENIOR,))
    takes_over(RELIEF_LEADER, signed_out(centre))
    ends = SHIFT_ENDS + 8 * HOUR
    view = handover.handover_view(centre.actors[SENIOR], ends)
    assert view is not None
    next_id = handover.start_handover(centre.actors[SENIOR], ends, view.log.id)
    checked(centre, ends)
    with pytest.raises(Blocked) as refused:
        handover.sign_out(RELIEF_LEADER, PIN, ends, next_id)
    assert refused.value.blockers[0].code == "not_rostered"


def test_leave_decided_after_the_shift_was_handed_over_counts_and_leaves_its_duties_whole(
    centre: Built,
) -> None:
    reason = wish(TODAY, special=True, reason="急诊", half=Extent.SECOND_HALF)
    leave_id = asked(centre, reason)
    takes_over(RELIEF_LEADER, signed_out(centre))
    before = duties_standing()
    leave_decisions.approve_leave(centre.actors[LEADER], SHIFT_ENDS, leave_id)
    assert (row(leave_id).state, duties_standing()) == (LeaveState.ACCEPTED, before)
    assert leave_of_duties(centre, TODAY) == [[(leave_id, "personal")]]


# --- swaps and the draft ------------------------------------------------------------------------------------


def test_art38_an_open_swap_of_the_duty_lapses_with_the_approval_and_everyone_in_it_hears(
    centre: Built,
) -> None:
    legs = [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)]
    swap_id = agreed(centre, legs, OTHER_TEAM)
    granted(centre, by=(SENIOR,))
    assert swap_views.swap_case(SYSTEM, NOW, swap_id)[0].state is SwapState.LAPSED
    assert notices.SWAP_LAPSED in told(centre, OTHER_TEAM)
    with pytest.raises(Blocked) as refused:
        swaps.ask_swap(centre.actors[OPERATOR], NOW, legs)
    assert refused.value.blockers[0].article == 35


def test_a_duty_from_a_swap_may_be_on_leave_and_the_swap_is_taken_back_only_after_it(centre: Built) -> None:
    swap_id = consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
    leave_id = granted(centre, wish(half=Extent.FIRST_HALF), OTHER_TEAM, by=(RELIEF_LEADER,))
    # Their own early duty of that day is halved as well.
    assert row(leave_id).days == 1
    with pytest.raises(Conflict, match="changed again"):
        swaps.withdraw_swap(centre.actors[OPERATOR], NOW, swap_id)
    leave.withdraw_leave(centre.actors[OTHER_TEAM], NOW, leave_id)
    swaps.withdraw_swap(centre.actors[OPERATOR], NOW, swap_id)
    assert on_leave()[OPERATOR] == [""]


def test_leave_is_not_withdrawn_over_a_swap_of_the_half_that_is_worked(centre: Built) -> None:
    leave_id = granted(centre, wish(half=Extent.SECOND_HALF))
    duty = models.Duty
    (worked,) = store.read(
        lambda: list(
            duty.select().where(
                duty.person == centre.ids[OPERATOR],
                duty.date == TOMORROW,
                duty.state == "due",
                duty.leave_kind == "",
            )
        )
    )
    consented(centre, [LegAsked(worked.id, SENIOR)], SENIOR)
    with pytest.raises(Conflict, match="changed again since the leave"):
        leave.withdraw_leave(centre.actors[OPERATOR], NOW, leave_id)
    assert row(leave_id).state is LeaveState.ACCEPTED


def test_art35_nobody_plans_over_leave_and_a_plan_that_was_there_leaves_the_draft(centre: Built) -> None:
    leader, me, other = centre.actors[SENIOR], centre.ids[OPERATOR], centre.ids["1021"]
    drafts.paint_draft(leader, NOW, [Paint(me, TOMORROW, None), Paint(other, TOMORROW, None)])
    granted(centre)
    left = drafts.draft_cells(leader, NOW, TODAY, TODAY + 5 * DAY)
    assert [cell.person_id for cell in left] == [other]
    assert notices.LEAVE_OVER_DRAFT in told(centre, SENIOR)
    with pytest.raises(Conflict, match="on approved leave") as refused:
        drafts.paint_draft(leader, NOW, [Paint(me, TOMORROW, "early")])
    assert refused.value.article == 35


# --- beyond the roster --------------------------------------------------------------------------------------


AHEAD = date(2026, 12, 10)


@pytest.fixture
def rotating(centre: Built) -> Built:
    """Both teams work 早中夜休 from the 26th on; the roster reaches to the 25th."""
    rotations.use_rotation(
        centre.actors[SENIOR], NOW, "4x3_4", [TeamPlace("甲", 0), TeamPlace("乙", 2)], AHEAD, TODAY + 3 * DAY
    )
    return centre


def test_art35_the_planner_gives_no_shift_to_whoever_is_on_approved_leave_beyond_the_roster(
    rotating: Built,
) -> None:
    granted(rotating, wish(AHEAD, AHEAD + DAY, K.ANNUAL))
    demand.set_demand(SYSTEM, NOW, "early", "operator", "every", Need(1, 1), TODAY)
    task = planning.planning_task(SYSTEM, NOW, AHEAD, AHEAD + 2 * DAY, Mode.NEW)
    fixed = {one.work_number: [cell.fixed for cell in one.cells] for one in task.ground.people}
    assert fixed[OPERATOR] == [Fixed.LEAVE, Fixed.LEAVE, None]
    assert fixed["1021"] == [None] * 3


def publish(built: Built, first: date, last: date) -> None:
    """The roster of these days as the rotation says."""
    rotation_drafts.generate_draft(built.actors[SENIOR], NOW, first, last)
    publishing.publish_draft(built.actors[SENIOR], NOW, first, last)


def test_art35_leave_beyond_the_roster_counts_what_the_rotation_plans(rotating: Built) -> None:
    # 早 on the 10th, 中 11th, 夜 12th, 休 13th.
    leave_id = asked(rotating, wish(AHEAD, AHEAD + 3 * DAY, K.ANNUAL))
    assert row(leave_id).days == 3
    with pytest.raises(Conflict, match="No duty is rostered"):
        asked(rotating, wish(AHEAD + 7 * DAY), who="1021")


def test_art35_a_roster_published_later_has_the_approved_leave_in_it(rotating: Built) -> None:
    leave_id = granted(rotating, wish(AHEAD, AHEAD + 3 * DAY, K.ANNUAL))
    publish(rotating, AHEAD, AHEAD + 1 * DAY)
    assert on_leave(AHEAD)[OPERATOR] == on_leave(AHEAD + DAY)[OPERATOR] == ["annual"]
    assert on_leave(AHEAD)["1021"] == [""]
    assert row(leave_id).days == 3
    with pytest.raises(Conflict, match="on approved leave"):
        drafts.paint_draft(rotating.actors[SENIOR], NOW, [Paint(rotating.ids[OPERATOR], AHEAD, None)])
    leave.withdraw_leave(rotating.actors[OPERATOR], NOW, leave_id)
    assert on_leave(AHEAD)[OPERATOR] == [""]


def test_a_day_that_the_roster_leaves_free_after_all_takes_nothing_of_the_balance(rotating: Built) -> None:
    new = NewGrant(OPERATOR, K.ANNUAL, Fraction(5), date(2026, 1, 1), date(2026, 12, 31))
    leave_balances.grant_leave(rotating.actors[MANAGER], NOW, [new])
    leave_id = granted(rotating, wish(AHEAD, AHEAD + DAY, K.ANNUAL))
    who = rotating.ids[OPERATOR]

    def left() -> Fraction:
        return leave_balances.leave_balances(rotating.actors[OPERATOR], NOW, AHEAD, who)[0].balance.left

    assert left() == 3
    rotation_drafts.generate_draft(rotating.actors[SENIOR], NOW, AHEAD, AHEAD + 2 * DAY)
    drafts.paint_draft(rotating.actors[SENIOR], NOW, [Paint(who, AHEAD, None)])
    publishing.publish_draft(rotating.actors[SENIOR], NOW, AHEAD, AHEAD + 2 * DAY)
    assert (left(), on_leave(AHEAD + DAY)[OPERATOR]) == (Fraction(4), ["annual"])
    assert len(leave_views.leave_case(SYSTEM, NOW, leave_id).covered) == 1


# --- taking it back -----------------------------------------------------------------------------------------


wishes = st.builds(
    lambda first, days, half: wish(
        TODAY + first * DAY, TODAY + (first if half is not Extent.WHOLE else first + days) * DAY, half=half
    ),
    st.integers(1, 2),
    st.integers(0, 2),
    st.sampled_from(Extent),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.tuples(wishes, st.sampled_from([OPERATOR, LEADER, "1021"])), min_size=1, max_size=3))
def test_approved_and_withdrawn_in_any_order_the_roster_is_exactly_as_it_was(
    sqlite_centre: Built, plan: list[tuple[leave.LeaveWish, str]]
) -> None:
    before, taken = duties_standing(), []
    for what, who in plan:
        try:
            taken.append(
                (granted(sqlite_centre, what, who, by=(SENIOR, MANAGER)[: 2 if who != LEADER else 1]), who)
            )
        except Conflict as refused:
            if "settled" in refused.message:  # one step was enough
                taken.append((leave_views.leave_rows(SYSTEM, NOW)[0].id, who))
            elif "already" not in refused.message:
                raise
    for leave_id, who in taken:
        leave.withdraw_leave(sqlite_centre.actors[who], NOW, leave_id)
    assert duties_standing() == before


def test_art35_leave_that_has_begun_is_not_withdrawn_but_duties_to_come_are_given_back(centre: Built) -> None:
    leave_id = granted(centre, wish(TOMORROW, TOMORROW + DAY, K.ANNUAL))
    with pytest.raises(Conflict, match="begun"):
        leave.withdraw_leave(centre.actors[OPERATOR], TOMORROWS_NIGHT, leave_id)
    with pytest.raises(Conflict, match="not less"):
        leave.shorten_leave(centre.actors[OPERATOR], TOMORROWS_NIGHT, leave_id, TOMORROW, TOMORROW + DAY)
    leave.shorten_leave(centre.actors[OPERATOR], TOMORROWS_NIGHT, leave_id, TOMORROW, TOMORROW)
    assert (on_leave()[OPERATOR], on_leave(TOMORROW + DAY)[OPERATOR]) == (["annual"], [""])
    assert (row(leave_id).days, row(leave_id).last_day) == (Fraction(1), TOMORROW)
    assert told(centre, LEADER)[-1] == notices.LEAVE_SHORTENED


def test_art36_more_of_the_same_leave_is_decided_as_leave_of_both_together(centre: Built) -> None:
    leave_id = granted(centre)
    more = leave.extend_leave(centre.actors[OPERATOR], NOW, leave_id, TOMORROW + DAY)
    assert [step.article for step in row(more).decisions] == [35, 36]
    assert (row(more).extends, row(more).days) == (leave_id, Fraction(1))
    for decider in (LEADER, MANAGER):
        leave_decisions.approve_leave(centre.actors[decider], NOW, more)
    assert on_leave(TOMORROW + DAY)[OPERATOR] == ["personal"]
    with pytest.raises(Conflict):
        leave.extend_leave(centre.actors[OPERATOR], NOW, leave_id, TOMORROW + 5 * DAY)


def test_half_a_day_is_extended_to_the_whole_and_the_duty_is_one_again(centre: Built) -> None:
    before = duties_standing()
    leave_id = granted(centre, wish(half=Extent.FIRST_HALF))
    more = leave.extend_leave(centre.actors[OPERATOR], NOW, leave_id, TOMORROW)
    leave_decisions.approve_leave(centre.actors[LEADER], NOW, more)
    assert on_leave()[OPERATOR] == ["personal"]
    leave.withdraw_leave(centre.actors[OPERATOR], NOW, leave_id)
    assert on_leave()[OPERATOR] == ["", "personal"]
    leave.withdraw_leave(centre.actors[OPERATOR], NOW, more)
    assert duties_standing() == before


# --- balances -----------------------------------------------------------------------------------------------


def test_art34_what_is_granted_used_and_carried_over_is_exact(centre: Built) -> None:
    manager, me = centre.actors[MANAGER], centre.ids[OPERATOR]
    year = date(2026, 1, 1), date(2026, 12, 31)
    leave_balances.grant_leave(manager, NOW, [NewGrant(OPERATOR, K.ANNUAL, Fraction(5, 2), *year)])
    leave_id = granted(centre, wish(kind=K.ANNUAL, half=Extent.FIRST_HALF))
    (found,) = leave_balances.leave_balances(centre.actors[OPERATOR], NOW, TODAY, me)
    granted_days, used, left = found.balance.granted, found.balance.used, found.balance.left
    assert (granted_days, used, left) == (Fraction(5, 2), Fraction(1, 2), Fraction(2))
    assert leave_views.leave_case(manager, NOW, leave_id).balance == found.balance
    with pytest.raises(Invalid, match="has ended"):
        leave_balances.carry_over(manager, NOW, K.ANNUAL, 2026, Fraction(5), date(2027, 3, 31))
    new_year = NOW + 40 * DAY
    args = (K.ANNUAL, 2026, Fraction(1), date(2027, 3, 31))
    assert leave_balances.carry_over(manager, new_year, *args) == {OPERATOR: "1"}
    assert leave_balances.carry_over(manager, new_year, *args) == {}
    (carried,) = leave_balances.leave_balances(manager, new_year, date(2027, 3, 31), me)
    assert (carried.balance.carried_over, carried.balance.left) == (Fraction(1), Fraction(1))
    assert leave_balances.leave_balances(manager, new_year, date(2027, 4, 1), me)[0].balance.left == 0
    with pytest.raises(NotPermitted):
        leave_balances.leave_balances(centre.actors["1021"], NOW, TODAY, me)


def test_days_are_granted_of_kinds_that_have_them_and_a_mistake_is_revoked(centre: Built) -> None:
    manager, year = centre.actors[MANAGER], (date(2026, 1, 1), date(2026, 12, 31))
    for wrong in (
        NewGrant(OPERATOR, K.SICK, Fraction(1), *year),
        NewGrant(OPERATOR, K.ANNUAL, Fraction(0), *year),
        NewGrant(OPERATOR, K.ANNUAL, Fraction(1), year[1], year[0]),
    ):
        with pytest.raises(Invalid):
            leave_balances.grant_leave(manager, NOW, [wrong])
    leave_balances.grant_leave(manager, NOW, [NewGrant(OPERATOR, K.COMPENSATORY, Fraction(1), *year)])
    grant = store.read(lambda: models.LeaveGrant.select().get().id)
    leave_balances.revoke_grant(manager, NOW, grant)
    assert leave_balances.leave_balances(manager, NOW, TODAY) == ()
    with pytest.raises(Conflict):
        leave_balances.revoke_grant(manager, NOW, grant)
