"""Art. 2 and 20: who belongs to the room, who may enter it, and what every refusal says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from regulation.access import (
    DOOR_CODES,
    DoorVerdict,
    Outcome,
    badge_refusal,
    decide_entry,
    refuse,
    walkup_allowed,
)
from regulation.escorting import decide_escort
from regulation.occupancy import Occupancy
from regulation.records import BadgeRecord, BadgeState, PersonRecord, PersonStatus, VisitState
from regulation.roles import Role, is_centre_personnel
from tests.regulation.room import (
    BADGES,
    ENDS,
    ENGINEER,
    INSTANT,
    LEADER,
    MINUTE,
    NOON,
    OPERATOR,
    PEOPLE,
    SECOND,
    STARTS,
    VISIT,
    duty,
    entry,
    found,
    inside,
    leaving,
    permit,
    room,
    visit,
)

EARLY = STARTS - 10 * MINUTE
VISIT_ENDS = STARTS + timedelta(hours=2)
TAKEN_AT = STARTS
BADGE_ENDS = NOON


def with_badge(**changes: Any) -> tuple[BadgeRecord, ...]:
    """All badges, the operator's changed."""
    return tuple(replace(b, **changes) if b.badge == "operator" else b for b in BADGES)


def with_person(person_id: int, **changes: Any) -> tuple[PersonRecord, ...]:
    return tuple(replace(p, **changes) if p.id == person_id else p for p in PEOPLE)


def escorted(badge: str, at: datetime, who: Occupancy | None = None, **changes: Any) -> DoorVerdict:
    """The verdict on the waiting visitor when ``badge`` is read as the escort's."""
    knowledge, occupancy = room(**changes), who or Occupancy()
    waiting = decide_entry(knowledge, occupancy, "visitor", at)
    assert waiting.code == "pending.escort"
    return decide_escort(knowledge, occupancy, waiting, badge, at)


def refused_later(code: str) -> DoorVerdict:
    knowledge = room()
    waiting = decide_entry(knowledge, Occupancy(), "visitor", STARTS)
    return refuse(waiting, code, knowledge, STARTS)


# Every code the rules can give, each with the plainest case that gives it.
CASES: dict[str, Callable[[], DoorVerdict]] = {
    "granted": lambda: entry("operator", EARLY),
    "granted.visitor": lambda: escorted("leader", STARTS),
    "granted.relief_late": lambda: entry("operator", EARLY + SECOND),
    "granted.off_duty": lambda: entry("off duty", NOON, reason="training"),
    "granted.on_leave": lambda: entry("operator", STARTS, duties=(duty(on_leave=True),)),
    "granted.already_inside": lambda: entry("operator", STARTS, inside(OPERATOR)),
    "granted.permit_overrun": lambda: entry(
        "operator", NOON + 16 * MINUTE, came_and_left(), permits=(permit(),)
    ),
    "pending.escort": lambda: entry("visitor", STARTS),
    "pending.reason": lambda: entry("off duty", NOON),
    "refused.unknown_badge": lambda: entry("nobody's", STARTS),
    "refused.badge_lost": lambda: entry("operator", STARTS, badges=with_badge(state=BadgeState.LOST)),
    "refused.badge_revoked": lambda: entry("operator", STARTS, badges=with_badge(state=BadgeState.REVOKED)),
    "refused.badge_expired": lambda: entry("operator", STARTS, badges=with_badge(valid_until=STARTS)),
    "refused.person_suspended": lambda: entry(
        "operator", STARTS, people=with_person(OPERATOR, status=PersonStatus.SUSPENDED)
    ),
    "refused.no_visit": lambda: entry("visitor", STARTS, visits=()),
    "refused.visit_outside_window": lambda: entry("visitor", VISIT_ENDS),
    "refused.reason_missing": lambda: entry("off duty", NOON, reason=""),
    "refused.visitor_inside": lambda: entry("visitor", STARTS, inside(visits={VISIT: LEADER})),
    "refused.no_escort": lambda: refused_later("refused.no_escort"),
    "refused.escort_not_on_duty": lambda: escorted("off duty", STARTS),
    "refused.escort_full": lambda: escorted_beside(4),
    "refused.room_full": lambda: beside_visitors(12),
    "refused.stale_snapshot": lambda: entry("operator", STARTS, taken_at=STARTS - timedelta(days=8)),
    "refused.cannot_be_recorded": lambda: refused_later("refused.cannot_be_recorded"),
    "released": lambda: leaving("off duty", NOON),
    "released.permit": lambda: leaving("operator", NOON, permits=(permit(),)),
    "released.to_escort": lambda: leaving("operator", NOON, visitor_waiting=True),
    "released.no_permit": lambda: leaving("operator", NOON),
    "released.not_relieved": lambda: leaving("operator", ENDS),
    "released.visitor_left_behind": lambda: leaving(
        "leader", NOON, inside(visits={VISIT: LEADER}), duties=()
    ),
    "released.overstayed": lambda: leaving("visitor", VISIT_ENDS + SECOND, inside(visits={VISIT: LEADER})),
    "released.unknown_badge": lambda: leaving("nobody's", NOON),
}
# What the door itself says: its repeat window, the escort's own passage beside the visitor's, its questions, what a
# leader does there, and what happens without a badge. Escorts, overstays and the button have tests of their own.
SAID_BY_THE_DOOR = {
    "granted.escort",
    "repeat",
    "released.repeat",
    "released.button",
    "pending.dress",
    "refused.locked_out",
    "refused.wrong_pin",
    "refused.may_not_approve",
}


def at_most(**limits: int) -> dict[str, int]:
    """The limits, changed."""
    return {**room().snapshot.limits, **limits}


def came_and_left() -> Occupancy:
    """The operator came for the shift and went out again."""
    occupancy = inside(OPERATOR, since=EARLY)
    del occupancy.people[OPERATOR]
    return occupancy


def beside_visitors(count: int) -> DoorVerdict:
    """The verdict on one more visitor while so many are inside."""
    others = [visit(id=60 + n, state=VisitState.INSIDE, badge=f"v{n}") for n in range(count)]
    return entry("visitor", STARTS, inside(visits={v.id: LEADER for v in others}), visits=(visit(), *others))


def escorted_beside(led: int, escort: int = LEADER) -> DoorVerdict:
    """The verdict on one more visitor of the leader's, while ``escort`` leads so many already."""
    others = [visit(id=60 + n, state=VisitState.INSIDE, badge=f"v{n}") for n in range(led)]
    who = inside(visits={v.id: escort for v in others})
    return escorted("leader", STARTS, who, visits=(visit(), *others))


@pytest.mark.parametrize("code", CASES)
def test_art20_the_door_gives_this_verdict(code: str) -> None:
    verdict = CASES[code]()
    assert verdict.code == code
    assert verdict.limits_version == room().limits.version


def test_art20_every_code_of_the_door_is_given_by_a_rule_or_by_the_door_itself() -> None:
    of_the_room = {code for code in DOOR_CODES if code.startswith(("alarm.", "note."))}
    assert set(CASES) == set(DOOR_CODES) - SAID_BY_THE_DOOR - of_the_room


@pytest.mark.parametrize("code", DOOR_CODES.values(), ids=lambda code: code.code)
def test_art20_the_first_word_of_a_code_says_whether_the_door_opens(code: Any) -> None:
    opens = {"granted": True, "released": True, "refused": False, "pending": False, "repeat": False}
    opens |= {"alarm": False, "note": False}
    assert code.outcome.opens is opens[code.code.split(".")[0]]
    assert code.text


@pytest.mark.parametrize("code", [c for c in CASES if c.startswith("refused.")])
def test_art20_every_refusal_is_a_finding_that_says_why(code: str) -> None:
    verdict = CASES[code]()
    assert found(verdict) == ["entry_refused"]
    assert verdict.findings[0].article == 20
    assert verdict.findings[0].details == {"why": DOOR_CODES[code].text}


@pytest.mark.parametrize("code", [c for c in CASES if c.startswith("released")])
def test_art14_no_exit_is_ever_refused(code: str) -> None:
    assert CASES[code]().outcome is Outcome.RELEASED


# --- Art. 2: who is who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "belongs"),
    [
        (Role.OPERATOR, True),
        (Role.SHIFT_LEADER, True),
        (Role.SENIOR_SHIFT_LEADER, True),
        (Role.QA_INSPECTOR, True),
        (Role.SURVEYOR, True),
        (Role.LIBRARIAN, True),
        (Role.STATISTICIAN, True),
        (Role.DEPUTY_MANAGER, True),
        (Role.ADMIN, False),
        (Role.COMPANY_EMPLOYEE, False),
        (Role.OUTSIDE_VISITOR, False),
    ],
)
def test_art02_the_table_says_who_belongs_to_the_centre(role: Role, belongs: bool) -> None:
    assert is_centre_personnel(role) is belongs


def test_art02_the_table_covers_every_role() -> None:
    assert len(Role) == 11


def test_art02_an_operator_on_duty_enters_without_a_visit() -> None:
    assert entry("operator", EARLY, visits=()).code == "granted"


def test_art02_an_administrator_is_no_centre_personnel_and_needs_a_visit() -> None:
    assert entry("admin", EARLY, visits=()).code == "refused.no_visit"


def test_art02_a_company_employee_enters_on_their_own_badge_with_a_visit_and_an_escort() -> None:
    visits = (visit(badge="engineer"),)
    assert entry("engineer", STARTS, visits=()).code == "refused.no_visit"
    waiting = entry("engineer", STARTS, visits=visits)
    assert (waiting.code, waiting.person_id, waiting.visit_id) == ("pending.escort", ENGINEER, VISIT)


# --- Art. 20: the badge -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "at", "code"),
    [
        (NOON, None, NOON - INSTANT, "refused.badge_expired"),
        (NOON, None, NOON, ""),
        (None, BADGE_ENDS, BADGE_ENDS - INSTANT, ""),
        (None, BADGE_ENDS, BADGE_ENDS, "refused.badge_expired"),
    ],
)
def test_art20_a_badge_is_valid_from_its_first_instant_up_to_its_last(
    valid_from: datetime | None, valid_until: datetime | None, at: datetime, code: str
) -> None:
    badge = BadgeRecord("operator", OPERATOR, valid_from=valid_from, valid_until=valid_until)
    assert badge_refusal(badge, None, at) == code


@pytest.mark.parametrize("status", [PersonStatus.SUSPENDED, PersonStatus.LEFT])
def test_art20_whoever_no_longer_works_here_is_refused_and_their_exit_is_free(status: PersonStatus) -> None:
    people = with_person(OPERATOR, status=status)
    assert entry("operator", STARTS, people=people).code == "refused.person_suspended"
    assert leaving("operator", NOON, people=people).outcome is Outcome.RELEASED


# --- Art. 20: the visit's window ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (STARTS - INSTANT, "refused.visit_outside_window"),
        (STARTS, "pending.escort"),
        (VISIT_ENDS - INSTANT, "pending.escort"),
        (VISIT_ENDS, "refused.visit_outside_window"),
    ],
)
def test_art20_a_visit_counts_from_its_first_instant_and_no_longer_at_its_last(
    at: datetime, code: str
) -> None:
    assert entry("visitor", at).code == code


@pytest.mark.parametrize("state", VisitState)
def test_art20_only_an_approved_visit_lets_a_visitor_wait_for_the_escort(state: VisitState) -> None:
    expected = "pending.escort" if state in (VisitState.APPROVED, VisitState.INSIDE) else "refused.no_visit"
    assert entry("visitor", STARTS, visits=(visit(state=state),)).code == expected


def test_art20_a_visit_without_a_reason_is_refused() -> None:
    assert entry("visitor", STARTS, visits=(visit(reason=""),)).code == "refused.reason_missing"


def test_art20_a_badge_lent_again_opens_for_the_visit_that_runs_now() -> None:
    before = visit(id=4, starts_at=STARTS - timedelta(hours=4), ends_at=STARTS)
    assert entry("visitor", STARTS, visits=(before, visit())).visit_id == VISIT


# --- Art. 20: the escort ------------------------------------------------------------------------------------


def test_art20_an_escort_on_duty_lets_the_visitor_in_and_answers_for_them() -> None:
    verdict = escorted("operator", STARTS)
    assert (verdict.code, verdict.escort_id, verdict.visit_id) == ("granted.visitor", OPERATOR, VISIT)
    assert f"person:{OPERATOR}" in verdict.evidence


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (STARTS, ENDS, "granted.visitor"),
        (STARTS + INSTANT, ENDS, "refused.escort_not_on_duty"),
        (STARTS - timedelta(hours=8), STARTS + INSTANT, "granted.visitor"),
        (STARTS - timedelta(hours=8), STARTS, "refused.escort_not_on_duty"),
    ],
)
def test_art20_an_escort_is_on_duty_from_the_first_instant_and_not_at_the_last(
    starts_at: datetime, ends_at: datetime, code: str
) -> None:
    duties = (duty(LEADER, starts_at=starts_at, ends_at=ends_at),)
    assert escorted("leader", STARTS, duties=duties).code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"duties": (duty(LEADER, on_leave=True),)},
        {"duties": (duty(LEADER, relieved_at=STARTS),)},
        {"people": with_person(LEADER, status=PersonStatus.SUSPENDED)},
        {"people": with_person(LEADER, role=Role.COMPANY_EMPLOYEE)},
        {
            "badges": tuple(replace(b, state=BadgeState.LOST) for b in BADGES if b.badge == "leader")
            + BADGES[5:]
        },
    ],
    ids=["on leave", "relieved", "suspended", "not of the centre", "badge lost"],
)
def test_art20_who_is_not_on_duty_for_the_centre_cannot_escort(changes: dict[str, Any]) -> None:
    assert escorted("leader", STARTS, **changes).code == "refused.escort_not_on_duty"


def test_art20_a_visitor_cannot_escort_another() -> None:
    assert escorted("visitor", STARTS).code == "refused.escort_not_on_duty"


@pytest.mark.parametrize(("led", "code"), [(3, "granted.visitor"), (4, "refused.escort_full")])
def test_art20_an_escort_leads_four_visitors_and_not_a_fifth(led: int, code: str) -> None:
    assert escorted_beside(led).code == code


def test_art20_visitors_of_another_escort_do_not_count() -> None:
    assert escorted_beside(4, OPERATOR).code == "granted.visitor"


def test_art20_leaving_a_visitor_behind_is_a_finding_and_leaving_after_them_is_not() -> None:
    with_visitor = leaving(
        "leader", NOON, inside(visits={VISIT: LEADER}), permits=(permit(person_id=LEADER),)
    )
    assert (with_visitor.code, found(with_visitor)) == (
        "released.visitor_left_behind",
        ["visitor_left_behind"],
    )
    assert with_visitor.findings[0].evidence == (f"door:main-{100 + VISIT}",)
    alone = leaving("leader", NOON, inside(), permits=(permit(person_id=LEADER),))
    assert (alone.code, found(alone)) == ("released.permit", [])


def test_art20_the_escort_duty_moves_on_when_the_centre_says_so() -> None:
    moved = (visit(state=VisitState.INSIDE, escort_id=OPERATOR),)
    who = inside(visits={VISIT: LEADER})
    assert "visitor_left_behind" not in found(leaving("leader", NOON, who, visits=moved))
    assert "visitor_left_behind" in found(leaving("operator", NOON, who, visits=moved))


def test_art20_a_later_entry_counts_before_what_the_snapshot_still_says_of_the_escort() -> None:
    stale = (visit(state=VisitState.INSIDE, escort_id=OPERATOR),)
    who = inside(visits={VISIT: LEADER}, since=TAKEN_AT + SECOND)
    assert "visitor_left_behind" in found(leaving("leader", NOON, who, visits=stale))
    assert "visitor_left_behind" not in found(leaving("operator", NOON, who, visits=stale))


def test_art20_a_visit_ended_at_the_desk_is_left_behind_by_nobody() -> None:
    assert "visitor_left_behind" not in found(
        leaving("leader", NOON, inside(visits={VISIT: LEADER}), visits=())
    )


@pytest.mark.parametrize(
    ("at", "code", "findings"),
    [
        (VISIT_ENDS, "released", []),
        (VISIT_ENDS + SECOND, "released.overstayed", ["visitor_overstayed"]),
    ],
)
def test_art20_a_visitor_may_leave_at_the_last_instant_and_one_second_later_has_overstayed(
    at: datetime, code: str, findings: list[str]
) -> None:
    verdict = leaving("visitor", at, inside(visits={VISIT: LEADER}))
    assert (verdict.code, found(verdict)) == (code, findings)
    assert [f.details for f in verdict.findings] == [{"minutes": "1"}] * len(findings)


# --- Art. 20: a door on its own -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("badge", "age", "code"),
    [
        ("operator", timedelta(hours=168), "granted"),
        ("operator", timedelta(hours=168) + INSTANT, "refused.stale_snapshot"),
        ("visitor", timedelta(hours=12), "pending.escort"),
        ("visitor", timedelta(hours=12) + INSTANT, "refused.stale_snapshot"),
    ],
)
def test_art20_a_snapshot_serves_staff_for_a_week_and_visitors_for_half_a_day(
    badge: str, age: timedelta, code: str
) -> None:
    at = EARLY if badge == "operator" else STARTS
    assert entry(badge, at, taken_at=at - age).code == code


@pytest.mark.parametrize(
    ("age", "allowed"),
    [(timedelta(0), True), (timedelta(hours=4), True), (timedelta(hours=4) + INSTANT, False)],
)
def test_art20_a_leader_approves_visitors_at_a_cut_off_door_for_four_hours(
    age: timedelta, allowed: bool
) -> None:
    assert walkup_allowed(room(taken_at=NOON - age), NOON) is allowed


def test_art20_a_centre_may_forbid_walk_ups_at_a_cut_off_door_altogether() -> None:
    limits = at_most(snapshot_walkup_hours=0)
    assert walkup_allowed(room(taken_at=NOON, limits=limits), NOON)
    assert not walkup_allowed(room(taken_at=NOON - INSTANT, limits=limits), NOON)


# --- Art. 20: anti-passback and numbers ---------------------------------------------------------------------


def test_art20_a_second_entry_is_noticed_for_staff_and_refused_for_everyone_else() -> None:
    assert entry("operator", NOON, inside(OPERATOR)).code == "granted.already_inside"
    assert entry("visitor", STARTS, inside(visits={VISIT: LEADER})).code == "refused.visitor_inside"


def test_art20_a_company_employee_inside_does_not_enter_on_another_visit_either() -> None:
    first = visit(badge="engineer", state=VisitState.INSIDE, ends_at=STARTS + MINUTE)
    second = visit(id=6, badge="engineer", starts_at=STARTS + MINUTE)
    visits, who = (first, second), inside(visits={VISIT: LEADER})
    assert entry("engineer", STARTS + MINUTE, who, visits=visits).code == "refused.visitor_inside"
    assert entry("engineer", STARTS + MINUTE, inside(), visits=visits).visit_id == 6


@pytest.mark.parametrize("badge", ["visitor", "operator"])
def test_art20_whoever_is_counted_as_inside_leaves_all_the_same(badge: str) -> None:
    for who in (inside(OPERATOR, visits={VISIT: LEADER}), inside()):
        assert leaving(badge, NOON, who).outcome is Outcome.RELEASED


@pytest.mark.parametrize(("visitors", "code"), [(1, "pending.escort"), (2, "refused.room_full")])
def test_art20_the_last_place_for_a_visitor_is_given_and_no_more(visitors: int, code: str) -> None:
    others = [visit(id=60 + n, state=VisitState.INSIDE, badge=f"v{n}") for n in range(visitors)]
    who = inside(visits={v.id: LEADER for v in others})
    limits = at_most(most_visitors_inside=2)
    assert entry("visitor", STARTS, who, visits=(visit(), *others), limits=limits).code == code


@pytest.mark.parametrize(("most", "full"), [(3, False), (2, True)])
def test_art20_a_full_room_refuses_visitors_and_whoever_is_off_duty(most: int, full: bool) -> None:
    who, limits = inside(LEADER, OPERATOR), at_most(most_people_inside=most)
    on_leave = (duty(on_leave=True, person_id=OPERATOR), duty(LEADER))
    codes = {
        "visitor": entry("visitor", STARTS, who, limits=limits).code,
        "off duty": entry("off duty", NOON, who, limits=limits, reason="training").code,
        "on leave": entry("operator", NOON, inside(LEADER, 99), limits=limits, duties=on_leave).code,
    }
    passed = {"visitor": "pending.escort", "off duty": "granted.off_duty", "on leave": "granted.on_leave"}
    assert codes == (dict.fromkeys(passed, "refused.room_full") if full else passed)


@pytest.mark.parametrize("at", [STARTS - 120 * MINUTE, EARLY, NOON])
def test_art20_nobody_on_duty_or_coming_for_it_is_kept_out_by_a_full_room(at: datetime) -> None:
    assert entry("operator", at, inside(LEADER, 98, 99), limits=at_most(most_people_inside=1)).outcome.opens


def test_art20_someone_off_duty_who_is_inside_already_takes_no_second_place() -> None:
    who = inside(21, LEADER)
    assert entry("off duty", NOON, who, limits=at_most(most_people_inside=2)).code == "granted.already_inside"


def test_art20_a_visit_ended_at_the_desk_takes_no_place() -> None:
    who = inside(visits={77: LEADER, 78: LEADER})
    assert entry("visitor", STARTS, who, limits=at_most(most_visitors_inside=1)).code == "pending.escort"


def test_art20_however_old_the_snapshot_the_exit_stays_free() -> None:
    assert leaving("operator", NOON, taken_at=NOON - timedelta(days=365)).outcome is Outcome.RELEASED


def test_art20_the_limits_are_the_centres_own_and_named_in_the_verdict() -> None:
    changed = room(limits={**room().snapshot.limits, "visitors_per_escort": 1})
    assert changed.limits.version != room().limits.version
    assert decide_entry(changed, Occupancy(), "leader", EARLY).limits_version == changed.limits.version


# --- Art. 20: off duty --------------------------------------------------------------------------------------


def test_art20_someone_off_duty_is_asked_why_and_enters_with_a_reason() -> None:
    assert entry("off duty", NOON).code == "pending.reason"
    verdict = entry("off duty", NOON, reason="training")
    assert (verdict.code, verdict.outcome, verdict.reason) == ("granted.off_duty", Outcome.NOTICE, "training")


def test_art20_someone_off_duty_without_a_reason_stays_outside() -> None:
    assert entry("off duty", NOON, reason="").code == "refused.reason_missing"


@pytest.mark.parametrize(
    ("before", "code"), [(120 * MINUTE, "granted"), (120 * MINUTE + INSTANT, "pending.reason")]
)
def test_art20_from_two_hours_before_a_duty_an_entry_is_for_it(before: timedelta, code: str) -> None:
    assert entry("operator", STARTS - before).code == code


def test_art33_the_door_tells_nobody_which_leave_it_is() -> None:
    verdict = entry("operator", STARTS, duties=(duty(on_leave=True),))
    assert verdict.outcome is Outcome.NOTICE
    assert verdict.article == 33
    assert verdict.findings == ()
