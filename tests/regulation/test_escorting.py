"""Art. 20: a visitor inside always has somebody who answers for them, or an open finding that nobody does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.access import DoorKnowledge, DoorVerdict, Outcome, decide_entry
from regulation.doorlog import Read, passage_meant
from regulation.escorting import (
    escort_of,
    next_escort,
    overstayed,
    taking_over,
    unescorted,
    visitors_led_by,
)
from regulation.exits import decide_exit
from regulation.occupancy import Occupancy, Passage
from regulation.records import (
    BadgeRecord,
    Direction,
    PersonRecord,
    PersonStatus,
    VisitRecord,
    VisitState,
)
from regulation.roles import Role
from tests.regulation.room import (
    BADGES,
    ENDS,
    INSTANT,
    LEADER,
    MINUTE,
    NOON,
    OFF_DUTY,
    OPERATOR,
    PEOPLE,
    STARTS,
    VISIT,
    duty,
    found,
    room,
    visit,
)

SECOND, THIRD = 18, 19
STAFF = (
    *PEOPLE,
    PersonRecord(SECOND, "1018", "周敏", Role.OPERATOR),
    PersonRecord(THIRD, "1019", "孙丽", Role.OPERATOR),
)
CARDS = (*BADGES, BadgeRecord("second", SECOND), BadgeRecord("third", THIRD))
DUTIES = tuple(duty(n) for n in (LEADER, OPERATOR, SECOND, THIRD))


def shift(**changes: Any) -> DoorKnowledge:
    """Four on duty, the visit inside since it was led in by the operator; its sponsor has nothing to do with it."""
    known: dict[str, Any] = {
        "people": STAFF,
        "badges": CARDS,
        "duties": DUTIES,
        "visits": (visit(state=VisitState.INSIDE, sponsor_id=None),),
    }
    return room(**(known | changes))


def came(*people: int, led: dict[int, int] | None = None) -> Occupancy:
    """People who came one minute after the other, then the visits with their escorts."""
    occupancy = Occupancy()
    for n, person_id in enumerate(people):
        occupancy.apply(Passage(f"door:main-{n}", STARTS + n * MINUTE, Direction.IN, person_id))
    for visit_id, escort_id in (led or {VISIT: OPERATOR}).items():
        at = STARTS + 30 * MINUTE
        occupancy.apply(Passage(f"door:main-{100 + visit_id}", at, Direction.IN, None, visit_id, escort_id))
    return occupancy


def after(occupancy: Occupancy, verdict: DoorVerdict, direction: Direction = Direction.NONE) -> Occupancy:
    """Who is inside once ``verdict`` is recorded."""
    following = occupancy.copy()
    passage = passage_meant(Read("main", "r", direction, "", False, NOON), verdict)
    assert passage is not None
    following.apply(passage)
    return following


# --- the next escort ----------------------------------------------------------------------------------------


def test_art20_the_sponsor_is_the_next_escort_before_any_leader() -> None:
    known = shift(visits=(visit(state=VisitState.INSIDE, sponsor_id=THIRD),))
    assert next_escort(known, came(OPERATOR, SECOND, LEADER, THIRD), OPERATOR, NOON) == THIRD


def test_art20_without_the_sponsor_a_leader_on_duty_is_next() -> None:
    known = shift(visits=(visit(state=VisitState.INSIDE, sponsor_id=THIRD),))
    assert next_escort(known, came(OPERATOR, SECOND, LEADER), OPERATOR, NOON) == LEADER


def test_art20_without_sponsor_and_leader_whoever_has_been_inside_longest_is_next() -> None:
    assert next_escort(shift(), came(OPERATOR, THIRD, SECOND), OPERATOR, NOON) == THIRD
    assert next_escort(shift(), came(OPERATOR, SECOND, THIRD), OPERATOR, NOON) == SECOND


def test_art20_nobody_follows_themselves() -> None:
    assert next_escort(shift(), came(OPERATOR), OPERATOR, NOON) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"duties": (duty(OPERATOR), duty(SECOND, on_leave=True))},
        {"duties": (duty(OPERATOR), duty(SECOND, relieved_at=NOON))},
        {"duties": (duty(OPERATOR),)},
        {"people": tuple(replace(p, role=Role.COMPANY_EMPLOYEE) if p.id == SECOND else p for p in STAFF)},
        {"people": tuple(replace(p, status=PersonStatus.SUSPENDED) if p.id == SECOND else p for p in STAFF)},
    ],
    ids=["on leave", "relieved", "no duty", "not of the centre", "suspended"],
)
def test_art20_only_someone_of_the_centre_on_duty_takes_over(changes: dict[str, Any]) -> None:
    assert next_escort(shift(), came(OPERATOR, SECOND), OPERATOR, NOON) == SECOND
    assert next_escort(shift(**changes), came(OPERATOR, SECOND), OPERATOR, NOON) is None


@pytest.mark.parametrize(("at", "expected"), [(ENDS - INSTANT, SECOND), (ENDS, None)])
def test_art20_the_next_escort_is_on_duty_up_to_the_last_instant_before_its_end(
    at: Any, expected: Any
) -> None:
    assert next_escort(shift(), came(OPERATOR, SECOND), OPERATOR, at) == expected


@pytest.mark.parametrize(("led", "expected"), [(3, SECOND), (4, None)])
def test_art20_nobody_takes_over_more_visitors_than_an_escort_may_lead(
    led: int, expected: int | None
) -> None:
    others = {60 + n: SECOND for n in range(led)}
    visits = tuple(visit(id=n, state=VisitState.INSIDE, badge=f"v{n}") for n in (VISIT, *others))
    occupancy = came(OPERATOR, SECOND, led={VISIT: OPERATOR, **others})
    assert next_escort(shift(visits=visits), occupancy, OPERATOR, NOON) == expected


# --- the escort leaves --------------------------------------------------------------------------------------


def test_art20_the_escorts_exit_is_a_finding_and_passes_the_duty_on() -> None:
    occupancy = came(OPERATOR, LEADER)
    verdict = decide_exit(shift(), occupancy, "operator", NOON)
    assert verdict.outcome is Outcome.RELEASED
    assert "visitor_left_behind" in found(verdict)
    assert verdict.escort_id == LEADER
    assert f"visit:{VISIT}" in verdict.evidence
    following = after(occupancy, verdict, Direction.OUT)
    assert escort_of(shift(), following, VISIT) == LEADER
    assert unescorted(shift(), following, NOON) == []


def test_art20_an_exit_without_visitors_names_no_escort() -> None:
    verdict = decide_exit(shift(), came(OPERATOR, LEADER), "leader", NOON)
    assert (verdict.escort_id, verdict.evidence) == (None, (f"duty:{LEADER}",))


def test_art20_with_nobody_inside_the_visitor_stays_with_an_open_finding_told_once() -> None:
    occupancy = came(OPERATOR)
    gone = after(occupancy, decide_exit(shift(), occupancy, "operator", NOON), Direction.OUT)
    (alarm,) = unescorted(shift(), gone, NOON)
    assert (alarm.code, alarm.visit_id, found(alarm)) == ("alarm.no_escort", VISIT, ["visitor_unescorted"])
    alone = after(gone, alarm)
    assert escort_of(shift(), alone, VISIT) is None
    assert unescorted(shift(), alone, NOON + MINUTE) == []


def test_art20_the_first_on_duty_to_be_inside_again_takes_the_visitor_over() -> None:
    occupancy = came(OPERATOR)
    alone = after(occupancy, DoorVerdict("released", OPERATOR), Direction.OUT)
    alone = after(alone, DoorVerdict("alarm.no_escort", visit_id=VISIT))
    alone.apply(Passage("door:main-50", NOON, Direction.IN, OFF_DUTY))
    assert unescorted(shift(), alone, NOON) == []
    alone.apply(Passage("door:main-51", NOON, Direction.IN, SECOND))
    (note,) = unescorted(shift(), alone, NOON)
    assert (note.code, note.visit_id, note.escort_id) == ("note.escort", VISIT, SECOND)
    assert escort_of(shift(), after(alone, note), VISIT) == SECOND


def test_art20_whoever_enters_on_duty_takes_over_the_visitor_nobody_answers_for() -> None:
    alone = after(came(), DoorVerdict("alarm.no_escort", visit_id=VISIT))
    entry = decide_entry(shift(), alone, "second", NOON)
    taking = taking_over(shift(), alone, entry, NOON)
    assert (taking.escort_id, taking.evidence[-1]) == (SECOND, f"visit:{VISIT}")
    assert escort_of(shift(), after(alone, taking, Direction.IN), VISIT) == SECOND


@pytest.mark.parametrize("at", [STARTS - INSTANT, STARTS])
def test_art20_who_comes_before_the_duty_begins_does_not_take_over_yet(at: Any) -> None:
    alone = after(came(), DoorVerdict("alarm.no_escort", visit_id=VISIT))
    taking = taking_over(shift(), alone, decide_entry(shift(), alone, "second", at), at)
    assert taking.escort_id == (SECOND if at >= STARTS else None)


def test_art20_visitors_with_an_escort_are_nobody_elses_when_someone_enters() -> None:
    occupancy = came(OPERATOR)
    entry = decide_entry(shift(), occupancy, "second", NOON)
    assert taking_over(shift(), occupancy, entry, NOON) == entry


def test_art20_visitors_too_many_for_one_are_shared_by_those_inside() -> None:
    visits = tuple(visit(id=n, state=VisitState.INSIDE, badge=f"v{n}") for n in (5, 6, 7))
    limits = {**room().snapshot.limits, "visitors_per_escort": 2}
    known = shift(visits=visits, limits=limits)
    occupancy = came(OPERATOR, SECOND, LEADER, led={5: OPERATOR, 6: OPERATOR, 7: OPERATOR})
    verdict = decide_exit(known, occupancy, "operator", NOON)
    assert (verdict.escort_id, verdict.evidence[-2:]) == (LEADER, ("visit:5", "visit:6"))
    following = after(occupancy, verdict, Direction.OUT)
    (note,) = unescorted(known, following, NOON)
    assert (note.code, note.visit_id, note.escort_id) == ("note.escort", 7, SECOND)


def test_art20_an_escort_taken_out_by_a_reset_has_left_the_visitor_too() -> None:
    occupancy = came(OPERATOR)
    del occupancy.people[OPERATOR]
    assert [v.code for v in unescorted(shift(), occupancy, NOON)] == ["alarm.no_escort"]


# --- the centre's word --------------------------------------------------------------------------------------


def test_art20_the_centres_word_counts_until_the_door_knows_of_a_later_move() -> None:
    told = (visit(state=VisitState.INSIDE, escort_id=LEADER),)
    occupancy = came(OPERATOR, LEADER, SECOND)
    moved = Passage("door:main-70", NOON, Direction.NONE, escort_id=SECOND, moves=(VISIT,))
    assert escort_of(shift(visits=told, taken_at=NOON), occupancy, VISIT) == LEADER
    occupancy.apply(moved)
    assert escort_of(shift(visits=told, taken_at=NOON - INSTANT), occupancy, VISIT) == SECOND
    assert escort_of(shift(visits=told, taken_at=NOON), occupancy, VISIT) == LEADER


def test_art20_someone_the_door_saw_leave_answers_for_nobody_whatever_the_centre_says() -> None:
    told = (visit(state=VisitState.INSIDE, escort_id=OPERATOR),)
    occupancy = came(OPERATOR, LEADER)
    left = after(occupancy, decide_exit(shift(), occupancy, "operator", NOON), Direction.OUT)
    assert escort_of(shift(visits=told, taken_at=NOON + MINUTE), left, VISIT) == LEADER


def test_art20_a_visit_that_was_ended_at_the_desk_needs_no_escort() -> None:
    occupancy = came(OPERATOR)
    del occupancy.people[OPERATOR]
    assert unescorted(shift(visits=()), occupancy, NOON) == []
    assert visitors_led_by(shift(visits=()), occupancy, OPERATOR) == []


# --- overstaying --------------------------------------------------------------------------------------------

VISIT_ENDS = visit().ends_at


@pytest.mark.parametrize(("at", "codes"), [(VISIT_ENDS, []), (VISIT_ENDS + INSTANT, ["alarm.overstayed"])])
def test_art20_a_visitor_inside_at_the_last_instant_is_in_time_and_after_it_is_not(
    at: Any, codes: list[str]
) -> None:
    alarms = overstayed(shift(), came(OPERATOR), at)
    assert [alarm.code for alarm in alarms] == codes
    assert all((alarm.visit_id, alarm.escort_id) == (VISIT, OPERATOR) for alarm in alarms)


def test_art20_an_overstay_is_told_once() -> None:
    occupancy = came(OPERATOR)
    (alarm,) = overstayed(shift(), occupancy, VISIT_ENDS + MINUTE)
    assert overstayed(shift(), after(occupancy, alarm), VISIT_ENDS + 9 * MINUTE) == []


def test_art20_the_exit_of_a_visitor_who_was_told_is_still_a_finding() -> None:
    occupancy = came(OPERATOR)
    told = after(occupancy, overstayed(shift(), occupancy, VISIT_ENDS + MINUTE)[0])
    assert found(decide_exit(shift(), told, "visitor", VISIT_ENDS + MINUTE)) == ["visitor_overstayed"]


# --- always -------------------------------------------------------------------------------------------------


@given(
    st.permutations([LEADER, OPERATOR, SECOND, THIRD]),
    st.integers(0, 4),
    st.lists(st.sampled_from([LEADER, OPERATOR, SECOND, THIRD]), min_size=1, max_size=5),
    st.integers(1, 3),
)
def test_art20_however_escorts_leave_nobody_leads_too_many_and_nobody_is_forgotten(
    order: list[int], stay: int, escorts: list[int], most: int
) -> None:
    """One after the other leaves; whoever is left behind has an escort inside, or was reported as without one."""
    badges = {LEADER: "leader", OPERATOR: "operator", SECOND: "second", THIRD: "third"}
    led = {n: escort for n, escort in enumerate(escorts, start=1) if escorts[:n].count(escort) <= most}
    visits: tuple[VisitRecord, ...] = tuple(visit(id=n, state=VisitState.INSIDE, badge=f"v{n}") for n in led)
    known = shift(visits=visits, limits={**room().snapshot.limits, "visitors_per_escort": most})
    occupancy = came(*order, led=led)
    for person_id in order[: 4 - stay]:
        occupancy = after(occupancy, decide_exit(known, occupancy, badges[person_id], NOON), Direction.OUT)
        for verdict in unescorted(known, occupancy, NOON):
            occupancy = after(occupancy, verdict)
        for visit_id in led:
            escort = escort_of(known, occupancy, visit_id)
            assert escort is None or escort in occupancy.people
        for someone in order:
            assert len(visitors_led_by(known, occupancy, someone)) <= most
