"""Art. 38: a swap is asked, agreed to and consented to, and then it is the takers' duty in everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

import models
from operations import drafts, notices, people, store, swap_views, swaps, watch
from operations.boundary import SYSTEM
from operations.drafts import Paint
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.publishing import publish_draft
from operations.swaps import LegAsked
from regulation.findings import Blocker
from regulation.records import PersonStatus
from regulation.rest import RestRule
from regulation.swaps import SwapState
from tests.centre import NOW, SHIFT_STARTS, TODAY, Built, publish_days
from tests.operations.acts import (
    LEADER,
    MANAGER,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    audit_actions,
    row_counts,
)

COLLEAGUE, THIRD, OTHER_TEAM, SENIOR = "1021", "1022", "1117", "1000"
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
TOMORROWS_NIGHT = SHIFT_STARTS + DAY


def duty_id(built: Built, number: str, day: object = TOMORROW) -> int:
    """The duty of someone on a day."""
    duty = models.Duty
    rows = store.read(
        lambda: list(
            duty.select().where(duty.person == built.ids[number], duty.date == day, duty.state == "due")
        )
    )
    (found,) = rows
    return int(found.id)


def standing() -> list[tuple[object, ...]]:
    """Every duty that stands, whole."""
    duty = models.Duty
    return store.read(
        lambda: [tuple(row) for row in duty.select().where(duty.state == "due").order_by(duty.id).tuples()]
    )


def holders(day: object = TOMORROW, shift: str = "night") -> dict[str, tuple[str, str, str]]:
    """Who stands in a shift: post, seat and origin of the duty."""

    def query() -> dict[str, tuple[str, str, str]]:
        duty = models.Duty
        rows = (
            duty.select()
            .join(models.ShiftType)
            .where(duty.date == day, models.ShiftType.code == shift, duty.state == "due")
        )
        return {row.person.work_number: (row.post, row.seat.number, row.origin) for row in rows}

    return store.read(query)


def exchange(built: Built, a: str = OPERATOR, b: str = OTHER_TEAM) -> list[LegAsked]:
    """Tomorrow's night of one for the early shift of the day after of the other."""
    return [LegAsked(duty_id(built, a), b), LegAsked(duty_id(built, b, TODAY + 2 * DAY), a)]


def agreed(built: Built, legs: Sequence[LegAsked], *takers: str, asker: str = OPERATOR) -> int:
    """A request to which everyone has agreed."""
    swap_id = swaps.ask_swap(built.actors[asker], NOW, legs)
    for taker in takers:
        swaps.agree_swap(built.actors[taker], NOW, swap_id)
    return swap_id


def consented(built: Built, legs: Sequence[LegAsked], *takers: str, asker: str = OPERATOR) -> int:
    """A swap to which the deputy manager has consented."""
    swap_id = agreed(built, legs, *takers, asker=asker)
    swaps.consent_swap(built.actors[MANAGER], NOW, swap_id)
    return swap_id


def row(built: Built, swap_id: int, number: str = OPERATOR, now: datetime = NOW) -> swap_views.SwapRow:
    return swap_views.swap_case(built.actors[number], now, swap_id)[0]


def blockers(error: pytest.ExceptionInfo[Blocked]) -> list[tuple[int, str]]:
    return [(blocker.article, blocker.code) for blocker in error.value.blockers]


def told(built: Built, number: str) -> list[str]:
    note = models.Notification
    rows = store.read(lambda: list(note.select().where(note.person == built.ids[number]).order_by(note.id)))
    return [found.kind for found in rows]


# --- the life of a request ----------------------------------------------------------------------------------


def test_art38_an_exchange_goes_from_asking_to_the_takers_duties(centre: Built) -> None:
    swap_id = swaps.ask_swap(centre.actors[OPERATOR], NOW, exchange(centre), "家里有事")
    assert row(centre, swap_id).state is SwapState.ASKED
    assert swaps.agree_swap(centre.actors[OTHER_TEAM], NOW, swap_id) is SwapState.AGREED
    before = holders()
    swaps.consent_swap(centre.actors[LEADER], NOW, swap_id, "同意")

    assert holders() == {n: held for n, held in before.items() if n != OPERATOR} | {
        OTHER_TEAM: ("operator", "01", "swap")
    }
    assert holders(TODAY + 2 * DAY, "early")[OPERATOR] == ("operator", "01", "swap")
    settled = row(centre, swap_id)
    assert (settled.state, settled.decided_by, settled.decision_reason) == (
        SwapState.CONSENTED,
        "王建国(1003)",
        "同意",
    )
    assert audit_actions()[-3:] == ["ask_swap", "agree_swap", "consent_swap"]


def test_art38_the_old_duty_is_kept_as_swapped_and_the_new_one_points_to_it(centre: Built) -> None:
    before = duty_id(centre, OPERATOR)
    consented(centre, [LegAsked(before, OTHER_TEAM)], OTHER_TEAM)

    def look() -> None:
        assert models.Duty.get_by_id(before).state == "swapped"
        (piece,) = models.Duty.select().where(models.Duty.replaces == before)
        assert (piece.origin, piece.state, piece.person.work_number) == ("swap", "due", OTHER_TEAM)

    store.read(look)


def test_art38_a_ring_of_three_hands_every_duty_on(centre: Built) -> None:
    ring = [
        LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM),
        LegAsked(duty_id(centre, OTHER_TEAM), COLLEAGUE),
        LegAsked(duty_id(centre, COLLEAGUE), OPERATOR),
    ]
    swap_id = agreed(centre, ring, OTHER_TEAM)
    assert row(centre, swap_id).state is SwapState.ASKED  # one side is still silent
    with pytest.raises(Blocked):
        swaps.consent_swap(centre.actors[MANAGER], NOW, swap_id)
    swaps.agree_swap(centre.actors[COLLEAGUE], NOW, swap_id)
    swaps.consent_swap(centre.actors[MANAGER], NOW, swap_id)
    night, early = holders(), holders(TOMORROW, "early")
    assert (night[OTHER_TEAM][1], night[OPERATOR][1], early[COLLEAGUE][1]) == ("01", "02", "01")
    assert COLLEAGUE not in night
    assert OTHER_TEAM not in early


def test_art38_half_a_night_leaves_the_other_half_with_its_holder(centre: Built) -> None:
    night, half = duty_id(centre, OPERATOR), TOMORROWS_NIGHT + timedelta(hours=4)
    swap_id = consented(centre, [LegAsked(night, OTHER_TEAM, half, None)], OTHER_TEAM)

    def pieces() -> list[tuple[str, datetime, datetime]]:
        duty = models.Duty
        rows = duty.select().where(duty.replaces == night, duty.state == "due").order_by(duty.starts_at)
        return [(r.person.work_number, r.starts_at, r.ends_at) for r in rows]

    end = TOMORROWS_NIGHT + timedelta(hours=8)
    assert store.read(pieces) == [(OPERATOR, TOMORROWS_NIGHT, half), (OTHER_TEAM, half, end)]
    (leg,) = row(centre, swap_id).legs
    assert (leg.whole, leg.from_at, leg.until_at) == (False, half, end)


@pytest.mark.parametrize("who", [OPERATOR, OTHER_TEAM, SENIOR])
def test_art38_a_swap_withdrawn_restores_the_very_roster_that_stood(centre: Built, who: str) -> None:
    before = standing()
    half = TOMORROWS_NIGHT + timedelta(hours=4)
    legs = [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM, None, half), exchange(centre)[1]]
    swap_id = consented(centre, legs, OTHER_TEAM)
    assert standing() != before
    swaps.withdraw_swap(centre.actors[who], NOW, swap_id, "不换了")
    assert standing() == before
    assert row(centre, swap_id).state is SwapState.WITHDRAWN


def test_art38_a_swap_is_withdrawn_until_the_second_before_it_begins_and_no_later(centre: Built) -> None:
    swap_id = consented(centre, exchange(centre), OTHER_TEAM)
    with pytest.raises(Blocked) as late:
        swaps.withdraw_swap(centre.actors[OPERATOR], TOMORROWS_NIGHT, swap_id)
    assert blockers(late) == [(38, "swap_begun")]
    swaps.withdraw_swap(centre.actors[OPERATOR], TOMORROWS_NIGHT - SECOND, swap_id)
    assert row(centre, swap_id).state is SwapState.WITHDRAWN


def test_art38_what_was_built_on_a_swap_must_be_taken_back_first(centre: Built) -> None:
    first = consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
    second = consented(
        centre, [LegAsked(duty_id_of_night(centre, OTHER_TEAM), "1121")], "1121", asker=OTHER_TEAM
    )
    with pytest.raises(Conflict, match="changed again"):
        swaps.withdraw_swap(centre.actors[OPERATOR], NOW, first)
    swaps.withdraw_swap(centre.actors["1121"], NOW, second)
    swaps.withdraw_swap(centre.actors[OPERATOR], NOW, first)
    assert OPERATOR in holders()


def test_art38_a_duty_does_not_come_back_over_hours_that_were_rostered_anew(centre: Built) -> None:
    swap_id = consented(centre, [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)], OTHER_TEAM)
    publish_days(NOW, (centre.ids[OPERATOR], TOMORROW, "night"))
    after = standing()
    with pytest.raises(Conflict, match="two duties at once"):
        swaps.withdraw_swap(centre.actors[OPERATOR], NOW, swap_id)
    assert standing() == after


def duty_id_of_night(built: Built, number: str) -> int:
    duty = models.Duty
    found = store.read(
        lambda: duty.get(
            duty.person == built.ids[number], duty.starts_at == TOMORROWS_NIGHT, duty.state == "due"
        )
    )
    return int(found.id)


def test_art38_a_request_nobody_settles_lapses_when_its_duty_begins(centre: Built) -> None:
    swap_id = swaps.ask_swap(centre.actors[OPERATOR], NOW, exchange(centre))
    watch.keep_watch(SYSTEM, TOMORROWS_NIGHT - SECOND)
    assert row(centre, swap_id).state is SwapState.ASKED
    assert f"swap_lapsed:{swap_id}" in watch.keep_watch(SYSTEM, TOMORROWS_NIGHT).kept
    assert row(centre, swap_id).state is SwapState.LAPSED
    assert told(centre, OPERATOR)[-1] == notices.SWAP_LAPSED
    assert f"swap_lapsed:{swap_id}" not in watch.keep_watch(SYSTEM, TOMORROWS_NIGHT).kept


def test_art38_a_request_whose_duty_is_rostered_away_lapses_and_cannot_be_consented_to(centre: Built) -> None:
    swap_id = agreed(centre, exchange(centre), OTHER_TEAM)
    publish_days(NOW, (centre.ids[OPERATOR], TOMORROW, None))
    with pytest.raises(Blocked) as gone:
        swaps.consent_swap(centre.actors[MANAGER], NOW, swap_id)
    assert blockers(gone) == [(38, "duty_gone")]
    assert f"swap_lapsed:{swap_id}" in watch.keep_watch(SYSTEM, NOW).kept


# --- who ----------------------------------------------------------------------------------------------------


def test_art38_nobody_consents_to_a_swap_they_are_part_of(centre: Built) -> None:
    legs = [
        LegAsked(duty_id(centre, LEADER), RELIEF_LEADER),
        LegAsked(duty_id(centre, RELIEF_LEADER, TODAY + 2 * DAY), LEADER),
    ]
    swap_id = agreed(centre, legs, RELIEF_LEADER, asker=LEADER)
    for party in (LEADER, RELIEF_LEADER):
        with pytest.raises(Blocked) as own:
            swaps.consent_swap(centre.actors[party], NOW, swap_id)
        assert blockers(own) == [(38, "own_swap")]
    assert row(centre, swap_id).deciders == ("吴刚(1000)", "周敏(2001)")
    swaps.consent_swap(centre.actors[SENIOR], NOW, swap_id)


def test_art38_the_leader_of_another_team_does_not_decide(centre: Built) -> None:
    swap_id = agreed(centre, [LegAsked(duty_id(centre, OPERATOR), "1121")], "1121")
    with pytest.raises(Blocked) as stranger:
        swaps.consent_swap(centre.actors[RELIEF_LEADER], NOW, swap_id)
    assert blockers(stranger) == [(38, "not_their_leader")]
    assert row(centre, swap_id, LEADER).waits_for_me == swap_views.CONSENT
    assert row(centre, swap_id, RELIEF_LEADER).waits_for_me == swap_views.NOTHING


def test_art38_a_leader_acts_for_someone_absent_on_the_record_and_leaves_the_consent_to_another(
    centre: Built,
) -> None:
    leader = centre.actors[LEADER]
    with pytest.raises(Invalid, match="why you act"):
        swaps.ask_swap(leader, NOW, exchange(centre), on_behalf_of=OPERATOR)
    swap_id = swaps.ask_swap(leader, NOW, exchange(centre), "来电请求", on_behalf_of=OPERATOR)
    swaps.agree_swap(leader, NOW, swap_id, OTHER_TEAM, "电话同意")
    acted = {party.person: (party.agreed_by, party.reason) for party in row(centre, swap_id).parties}
    assert acted == {
        "陈静(1017)": ("王建国(1003)", "来电请求"),
        "马超(1117)": ("王建国(1003)", "电话同意"),
    }
    with pytest.raises(Blocked) as own:
        swaps.consent_swap(leader, NOW, swap_id)
    assert blockers(own) == [(38, "own_swap")]
    swaps.consent_swap(centre.actors[RELIEF_LEADER], NOW, swap_id)


def test_art38_an_operator_acts_for_nobody_and_a_party_speaks_for_no_other(centre: Built) -> None:
    with pytest.raises(NotPermitted, match="absent"):
        swaps.ask_swap(centre.actors[COLLEAGUE], NOW, exchange(centre), "x", on_behalf_of=OPERATOR)
    with pytest.raises(NotPermitted, match="own duties"):
        swaps.ask_swap(centre.actors[COLLEAGUE], NOW, exchange(centre))
    to_leader = [LegAsked(duty_id(centre, OPERATOR), RELIEF_LEADER)]
    with pytest.raises(Blocked) as own:
        swaps.ask_swap(centre.actors[RELIEF_LEADER], NOW, to_leader, "x", on_behalf_of=OPERATOR)
    assert blockers(own) == [(38, "own_swap")]


def test_art38_a_refusal_by_either_side_or_a_leader_ends_it(centre: Built) -> None:
    for who, reason in ((OTHER_TEAM, ""), (LEADER, "人手不够")):
        swap_id = swaps.ask_swap(centre.actors[OPERATOR], NOW, exchange(centre))
        swaps.refuse_swap(centre.actors[who], NOW, swap_id, reason)
        assert row(centre, swap_id).state is SwapState.REFUSED
    swap_id = swaps.ask_swap(centre.actors[OPERATOR], NOW, exchange(centre))
    with pytest.raises(Invalid, match="needs a reason"):
        swaps.refuse_swap(centre.actors[LEADER], NOW, swap_id)


def test_art38_each_side_and_the_leaders_hear_of_it(centre: Built) -> None:
    swap_id = agreed(centre, exchange(centre), OTHER_TEAM)
    assert told(centre, OTHER_TEAM) == [notices.SWAP_ASKED]
    assert told(centre, LEADER) == told(centre, MANAGER) == [notices.SWAP_AGREED]
    swaps.consent_swap(centre.actors[LEADER], NOW, swap_id)
    assert told(centre, OPERATOR) == [notices.SWAP_CONSENTED]
    assert told(centre, OTHER_TEAM)[-1] == notices.SWAP_CONSENTED
    # What was settled waits for nobody any more.
    assert not notices.take_news(centre.actors[MANAGER], NOW)


# --- what stands against it ---------------------------------------------------------------------------------


def refused(built: Built, legs: Sequence[LegAsked], asker: str = OPERATOR, now: datetime = NOW) -> Blocker:
    """Why a swap cannot be asked for; nothing is written."""
    before = row_counts()
    with pytest.raises(Blocked) as error:
        swaps.ask_swap(built.actors[asker], now, legs)
    assert row_counts() == before
    return error.value.blockers[0]


def test_art38_what_cannot_be_carried_out_cannot_be_asked_for(centre: Built) -> None:
    night = duty_id(centre, OPERATOR)
    # The colleague works that night already.
    assert refused(centre, [LegAsked(night, COLLEAGUE)]).code == "two_at_once"
    assert refused(centre, [LegAsked(night, "4001")]).article == 2
    part = TOMORROWS_NIGHT + timedelta(minutes=29)
    assert refused(centre, [LegAsked(night, OTHER_TEAM, None, part)]).code == "part_too_short"
    assert refused(centre, [LegAsked(night, OTHER_TEAM)], now=TOMORROWS_NIGHT).code == "swap_too_late"
    people.set_person_status(SYSTEM, NOW, OTHER_TEAM, PersonStatus.SUSPENDED)
    assert refused(centre, [LegAsked(night, OTHER_TEAM)]).code == "not_rosterable"


def test_art21_a_leaders_duty_goes_only_to_a_leader(centre: Built) -> None:
    found = refused(centre, [LegAsked(duty_id(centre, LEADER), OTHER_TEAM)], asker=LEADER)
    assert (found.article, found.code) == (21, "not_a_leader")


def test_art21_a_leader_does_not_take_the_shift_that_would_relieve_their_own(centre: Built) -> None:
    # 乙's leader has the early shift that follows on tomorrow's night.
    found = refused(centre, [LegAsked(duty_id(centre, LEADER), RELIEF_LEADER)], asker=LEADER)
    assert (found.article, found.code) == (21, "relieves_oneself")


def test_art35_a_duty_on_leave_and_art21_a_shift_being_handed_over_are_not_swapped(centre: Built) -> None:
    night = duty_id(centre, OPERATOR)
    store.write(lambda: models.Duty.update(leave_kind="annual").where(models.Duty.id == night).execute())
    assert refused(centre, [LegAsked(night, OTHER_TEAM)]).article == 35
    store.write(lambda: models.Duty.update(leave_kind="").where(models.Duty.id == night).execute())
    store.write(
        lambda: models.ShiftLog.update(state="frozen").where(models.ShiftLog.date == TOMORROW).execute()
    )
    assert refused(centre, [LegAsked(night, OTHER_TEAM)]).code == "log_not_open"


def test_art38_a_duty_is_asked_for_once_at_a_time_and_never_by_its_holder_for_themselves(
    centre: Built,
) -> None:
    first = swaps.ask_swap(centre.actors[OPERATOR], NOW, exchange(centre))
    with pytest.raises(Conflict, match="asked for already"):
        swaps.ask_swap(centre.actors[OPERATOR], NOW, [LegAsked(duty_id(centre, OPERATOR), "1121")])
    swaps.withdraw_swap(centre.actors[OPERATOR], NOW, first)
    with pytest.raises(Invalid, match="already"):
        swaps.ask_swap(centre.actors[OPERATOR], NOW, [LegAsked(duty_id(centre, OPERATOR), OPERATOR)])
    with pytest.raises(NotFound):
        swaps.ask_swap(centre.actors[OPERATOR], NOW, [LegAsked(9999, OTHER_TEAM)])
    with pytest.raises(NotFound):
        swaps.consent_swap(centre.actors[LEADER], NOW, 9999)


def test_both_sides_see_whose_rest_a_swap_would_break_before_anybody_agrees(centre: Built) -> None:
    # 马超 ends an early shift at 14:00, would start the night at 22:00 and the next early shift at 06:00.
    stand_in = [LegAsked(duty_id(centre, OPERATOR), OTHER_TEAM)]
    outlook = swap_views.swap_outlook(centre.actors[OPERATOR], NOW, stand_in)
    assert outlook.blockers == ()
    found = {(w.person, w.warning.rule, w.warning.value, w.warning.date) for w in outlook.warnings}
    assert ("马超(1117)", RestRule.DAILY_REST, 8.0, TOMORROW) in found
    assert ("马超(1117)", RestRule.DAILY_REST, 0.0, TODAY + 2 * DAY) in found
    assert {w.person for w in outlook.warnings} == {"马超(1117)"}
    assert "王建国(1003)" in outlook.deciders
    # It warns, and does not refuse.
    consented(centre, stand_in, OTHER_TEAM)


# --- swaps and the draft ------------------------------------------------------------------------------------


def test_art38_a_swapped_day_is_not_planned_over(centre: Built) -> None:
    consented(centre, [LegAsked(duty_id(centre, OPERATOR), "1121")], "1121")
    taker = centre.ids["1121"]
    with pytest.raises(Conflict, match="comes from a swap") as painted:
        drafts.paint_draft(centre.actors[LEADER], NOW, [Paint(taker, TOMORROW, None)])
    assert painted.value.article == 38


def test_art38_a_consent_takes_a_plan_for_the_same_day_out_of_the_draft_and_tells_the_planner(
    centre: Built,
) -> None:
    leader, me, other = centre.actors[LEADER], centre.ids[OPERATOR], centre.ids[THIRD]
    drafts.paint_draft(leader, NOW, [Paint(me, TOMORROW, None), Paint(other, TOMORROW, None)])
    consented(centre, exchange(centre), OTHER_TEAM)
    left = drafts.draft_cells(leader, NOW, TODAY, TODAY + 5 * DAY)
    assert [cell.person_id for cell in left] == [other]
    assert notices.SWAP_OVER_DRAFT in told(centre, LEADER)
    publish_draft(leader, NOW, TODAY, TODAY + 5 * DAY)
    assert OTHER_TEAM in holders()
