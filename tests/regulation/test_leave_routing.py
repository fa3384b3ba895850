"""Art. 35-37: who decides leave, in which order, in whose place, and what must be on record first."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from regulation.findings import Refusal
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import (
    DECIDER_NAMES,
    Approver,
    Decider,
    Decision,
    Delegation,
    Step,
    approval_refusal,
    decides_as,
    decision_refusal,
    decision_steps,
    manager_is_needed,
    note_is_needed,
    open_step,
    route,
)
from regulation.limits import DEFAULT_LIMITS, LimitChange, limits_in_force
from regulation.roles import CENTRE_ROLES, Role

K, D = LeaveKind, Decider
DAY = date(2026, 12, 1)
ONE, OVER = Fraction(1), Fraction(3, 2)
ASKER, LEADER, OTHER_LEADER, SENIOR, DEPUTY, OPERATOR = 17, 3, 4, 2, 1, 21

LEADS = Approver(LEADER, Role.SHIFT_LEADER, leads=True)
LEADS_OTHERS = Approver(OTHER_LEADER, Role.SHIFT_LEADER)
BY_LEADER, BY_SENIOR, BY_DEPUTY = (
    Step(D.DUTY_LEADER, 35),
    Step(D.SENIOR_SHIFT_LEADER, 35),
    Step(D.DEPUTY_MANAGER, 36),
)
WEEK = Delegation(9, DEPUTY, Role.DEPUTY_MANAGER, SENIOR, DAY, DAY + timedelta(days=6))


def said(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    assert refusal.text.format(**refusal.details)
    assert refusal.next_step.format(**refusal.details)
    return refusal.code.removeprefix("leave.")


def refused(
    approver: Approver,
    step: Step,
    *delegations: Delegation,
    asked_by: int = ASKER,
    earlier: tuple[Decision, ...] = (),
    on: date = DAY,
) -> str:
    return said(decision_refusal(approver, asked_by, step, delegations, earlier, on))


def test_every_decider_has_a_name() -> None:
    assert set(DECIDER_NAMES) == set(Decider)


@pytest.mark.parametrize(
    ("role", "decider"),
    [
        (Role.OPERATOR, D.DUTY_LEADER),
        (Role.SHIFT_LEADER, D.SENIOR_SHIFT_LEADER),
        (Role.SURVEYOR, D.SENIOR_SHIFT_LEADER),
        (Role.LIBRARIAN, D.SENIOR_SHIFT_LEADER),
        (Role.STATISTICIAN, D.SENIOR_SHIFT_LEADER),
        (Role.SENIOR_SHIFT_LEADER, D.DEPUTY_MANAGER),
        (Role.QA_INSPECTOR, D.DEPUTY_MANAGER),
        (Role.DEPUTY_MANAGER, D.DEPUTY_MANAGER),
    ],
)
def test_art35_every_role_has_its_line_and_the_more_specific_one_wins(role: Role, decider: Decider) -> None:
    assert route(role) is decider


def test_art35_nobody_of_the_centre_is_without_a_line_and_nobody_else_has_one() -> None:
    assert {role for role in CENTRE_ROLES if route(role)} == CENTRE_ROLES
    for role in set(Role) - CENTRE_ROLES:
        with pytest.raises(KeyError):
            route(role)


@pytest.mark.parametrize(
    ("kind", "days", "needed"),
    [
        (K.SICK, ONE, False),
        (K.SICK, ONE + Fraction(1, 1000), True),
        (K.PERSONAL, ONE, False),
        (K.PERSONAL, OVER, True),
        (K.MARRIAGE, Fraction(1, 2), True),
        (K.MATERNITY, Fraction(1, 2), True),
        (K.FAMILY_VISIT, Fraction(1, 2), True),
        (K.ANNUAL, Fraction(30), False),
        (K.BEREAVEMENT, Fraction(30), False),
    ],
)
def test_art36_over_one_day_is_more_than_one_rostered_duty(
    kind: LeaveKind, days: Fraction, needed: bool
) -> None:
    assert manager_is_needed(kind, days, DEFAULT_LIMITS) is needed


@pytest.mark.parametrize(("limit", "needed"), [(1, True), (2, False), (3, False)])
def test_art36_and_art37_days_are_limits(limit: int, needed: bool) -> None:
    names = ("manager_approval_over_days", "doctor_note_over_days")
    limits = limits_in_force([LimitChange(name, limit, DAY) for name in names], DAY)
    assert manager_is_needed(K.SICK, Fraction(2), limits) is needed
    assert note_is_needed(K.SICK, Fraction(2), limits) is needed


@pytest.mark.parametrize(
    ("kind", "days", "note", "code"),
    [
        (K.SICK, ONE, "", ""),
        (K.SICK, OVER, "", "no_note"),
        (K.SICK, OVER, "  ", "no_note"),
        (K.SICK, OVER, "第 0815 号", ""),
        (K.PERSONAL, OVER, "", ""),
    ],
)
def test_art37_sick_leave_over_one_day_is_not_approved_without_a_note(
    kind: LeaveKind, days: Fraction, note: str, code: str
) -> None:
    assert said(approval_refusal(kind, days, note, DEFAULT_LIMITS)) == code


@pytest.mark.parametrize(
    ("role", "days", "steps"),
    [
        (Role.OPERATOR, ONE, (BY_LEADER,)),
        (Role.OPERATOR, OVER, (BY_LEADER, BY_DEPUTY)),
        (Role.SHIFT_LEADER, OVER, (BY_SENIOR, BY_DEPUTY)),
        (Role.QA_INSPECTOR, ONE, (Step(D.DEPUTY_MANAGER, 35),)),
        (Role.QA_INSPECTOR, OVER, (BY_DEPUTY,)),
    ],
)
def test_art36_the_deputy_manager_decides_second_and_never_twice(
    role: Role, days: Fraction, steps: tuple[Step, ...]
) -> None:
    assert decision_steps(role, K.SICK, days, DEFAULT_LIMITS) == steps


@pytest.mark.parametrize(
    ("approver", "step", "code"),
    [
        (LEADS, BY_LEADER, ""),
        (LEADS_OTHERS, BY_LEADER, "not_yours"),
        (Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), BY_LEADER, ""),
        (Approver(DEPUTY, Role.DEPUTY_MANAGER), BY_LEADER, ""),
        (LEADS, BY_SENIOR, "not_yours"),
        (Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), BY_SENIOR, ""),
        (Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), BY_DEPUTY, "not_yours"),
        (Approver(DEPUTY, Role.DEPUTY_MANAGER), BY_DEPUTY, ""),
        (Approver(OPERATOR, Role.OPERATOR), BY_LEADER, "not_yours"),
        (Approver(OPERATOR, Role.QA_INSPECTOR), BY_LEADER, "not_yours"),
    ],
)
def test_art35_the_named_approver_or_a_higher_one_decides(approver: Approver, step: Step, code: str) -> None:
    assert refused(approver, step) == code


def test_art35_nobody_decides_their_own_leave_whatever_their_rank() -> None:
    for own in (LEADS, Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), Approver(DEPUTY, Role.DEPUTY_MANAGER)):
        assert refused(own, BY_LEADER, asked_by=own.person_id) == "own"
        assert refused(own, BY_LEADER) == ""


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (DAY - timedelta(days=1), "not_yours"),
        (DAY, ""),
        (DAY + timedelta(days=6), ""),
        (DAY + timedelta(days=7), "not_yours"),
    ],
)
def test_art36_a_delegate_stands_in_from_the_first_day_to_the_last(on: date, code: str) -> None:
    assert refused(Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), BY_DEPUTY, WEEK, on=on) == code


def test_art36_a_delegation_is_its_delegates_alone() -> None:
    assert refused(LEADS, BY_DEPUTY, WEEK) == "not_yours"


def test_art35_a_delegate_decides_neither_their_own_leave_nor_above_what_was_lent() -> None:
    assert refused(Approver(SENIOR, Role.SENIOR_SHIFT_LEADER), BY_DEPUTY, WEEK, asked_by=SENIOR) == "own"
    lent = Delegation(10, LEADER, Role.SHIFT_LEADER, OTHER_LEADER, DAY, DAY)
    assert refused(LEADS_OTHERS, BY_LEADER, lent) == ""
    assert refused(LEADS_OTHERS, BY_SENIOR, lent) == "not_yours"


def test_art36_one_person_does_not_give_both_approvals_as_a_delegate() -> None:
    senior = Approver(SENIOR, Role.SENIOR_SHIFT_LEADER)
    own, others = Decision(SENIOR, D.SENIOR_SHIFT_LEADER), Decision(LEADER, D.DUTY_LEADER)
    assert refused(senior, BY_DEPUTY, WEEK, earlier=(own,)) == "second_person"
    assert refused(senior, BY_DEPUTY, WEEK, earlier=(others,)) == ""
    assert decides_as(senior, BY_DEPUTY, (WEEK,), DAY) == Decision(SENIOR, D.DEPUTY_MANAGER, 9)


@pytest.mark.parametrize(
    ("decisions", "waits_for"),
    [
        ((), BY_LEADER),
        ((Decision(LEADER, D.DUTY_LEADER),), BY_DEPUTY),
        ((Decision(SENIOR, D.SENIOR_SHIFT_LEADER),), BY_DEPUTY),
        ((Decision(LEADER, D.DUTY_LEADER), Decision(DEPUTY, D.DEPUTY_MANAGER)), None),
        ((Decision(DEPUTY, D.DEPUTY_MANAGER),), None),
        ((Decision(SENIOR, D.DEPUTY_MANAGER, 9),), BY_DEPUTY),
        ((Decision(LEADER, D.DUTY_LEADER), Decision(SENIOR, D.DEPUTY_MANAGER, 9)), None),
    ],
)
def test_art36_leave_takes_effect_when_every_step_is_settled(
    decisions: tuple[Decision, ...], waits_for: Step | None
) -> None:
    assert open_step((BY_LEADER, BY_DEPUTY), decisions) == waits_for
