"""Art. 2: who may do what. Every public operation is tried by every role, and by the door."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

import models
import operations
from operations import door, handover, overdue, printing, slips, store, verify
from operations.boundary import SYSTEM, Actor, kiosk_actor, may
from operations.errors import NotPermitted
from operations.permissions import ACTION_NAMES, DOOR_ACTIONS, PERMISSIONS, Action
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role
from tests.centre import NOW, PIN, Built
from tests.operations.acts import refusals, row_counts, started_handover

Operation = Callable[..., Any]


def operations_by_name() -> dict[str, tuple[Operation, Action]]:
    """Every public operation with the action it needs, found where it was made public."""
    found: dict[str, tuple[Operation, Action]] = {}
    for module_info in pkgutil.iter_modules(operations.__path__):
        module = importlib.import_module(f"operations.{module_info.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if member.__module__ != module.__name__ or not hasattr(member, "__wrapped__"):
                continue
            action = inspect.getclosurevars(member).nonlocals.get("action")
            if isinstance(action, Action):
                found[f"{module_info.name}.{name}"] = (member, action)
    # These hold their transaction themselves: the door's reports carry no audit record of their own, and a watch
    # leaves none while there is nothing to judge.
    found["overdue.escalate_overdue_items"] = (overdue.escalate_overdue_items, Action.WRITE_LOG)
    found["overdue.judge_untold"] = (overdue.judge_untold, Action.WRITE_LOG)
    found["door.record_door_events"] = (door.record_door_events, Action.FEED_DOOR)
    found["door.report_kiosk"] = (door.report_kiosk, Action.FEED_DOOR)
    found["slips.reserve_slips"] = (slips.reserve_slips, Action.FEED_DOOR)
    # Nor do the hands of whoever sends print jobs.
    for name in ("claim_print", "release_prints", "forget_document"):
        found[f"printing.{name}"] = (getattr(printing, name), Action.PRINT_LOG)
    return found


OPERATIONS = operations_by_name()


def attempt(operation: Operation, actor: Actor, now: datetime) -> None:
    """Call an operation with nothing in particular: the permission is asked for before anything else."""
    given = list(inspect.signature(operation).parameters.values())
    # A decorated one is read as it was written: with a session where the actor and the time stand for the caller.
    inside = given[0].name.lstrip("_") == "session"
    needed = [p for p in given[1 if inside else 2 :] if p.default is inspect.Parameter.empty]
    # A number where a number is compared before the database is asked anything.
    operation(actor, now, *[1 if p.annotation == "int" else None for p in needed])


def test_the_operations_were_found() -> None:
    assert len(OPERATIONS) > 60
    assert {"visits.approve_visit", "drafts.paint_draft", "shiftlog.write_entry", "verify.verify"} <= set(
        OPERATIONS
    )


def test_every_action_has_a_name_and_is_needed_somewhere() -> None:
    assert set(ACTION_NAMES) == set(Action)
    assert {action for _operation, action in OPERATIONS.values()} == set(Action) - SIGNED


# Asked for inside an operation that takes the PIN again; each has its own test of who may not.
SIGNED = {Action.SEND_ASSESSMENT}


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_art02_beyond_the_role_an_operation_is_refused_recorded_and_changes_nothing(
    sqlite_centre: Built, role: Role
) -> None:
    refused_beyond(sqlite_centre, role)


@pytest.mark.postgres
def test_art02_beyond_an_operators_role_it_is_the_same_on_postgresql(postgres_centre: Built) -> None:
    refused_beyond(postgres_centre, Role.OPERATOR)


def refused_beyond(centre: Built, role: Role) -> None:
    """Call everything that ``role`` may not."""
    store.write(lambda: models.Person.update(role=role).where(models.Person.work_number == "1022").execute())
    actor = Actor(centre.ids["1022"], "1022", "何芳", role)
    before = row_counts()
    beyond = {name: op for name, (op, action) in OPERATIONS.items() if action not in PERMISSIONS[role]}
    for name, operation in beyond.items():
        with pytest.raises(NotPermitted, match="may not") as refused:
            attempt(operation, actor, NOW)
        assert refused.value.article == 2, name
    assert row_counts() == before
    assert refusals() == [
        {"actor": "1022", "operation": name.rpartition(".")[2], "role": role.value, "article": 2}
        for name in beyond
    ]


def test_art33_no_operation_runs_without_somebody_who_answers_for_it(sqlite_centre: Built) -> None:
    before = row_counts()
    nobody = Actor(0, "", "", Role.DEPUTY_MANAGER)
    for operation, _action in OPERATIONS.values():
        with pytest.raises(NotPermitted):
            attempt(operation, nobody, NOW)
    assert row_counts() == before


def test_art02_the_door_reports_and_asks_and_does_nothing_else(sqlite_centre: Built) -> None:
    before = row_counts()
    for name, (operation, action) in OPERATIONS.items():
        if action in DOOR_ACTIONS:
            continue
        with pytest.raises(NotPermitted):
            attempt(operation, kiosk_actor("door"), NOW)
        assert row_counts() == before, name


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.HAND_OVER, LEADER_ROLES),
        (Action.EDIT_ROSTER, LEADER_ROLES),
        (Action.DECIDE_VISIT, LEADER_ROLES),
        (Action.PERMIT_SEAT_LEAVE, LEADER_ROLES),
        (Action.WRITE_LOG, LEADER_ROLES | {Role.QA_INSPECTOR}),
        (Action.SET_LIMITS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.KEEP_PEOPLE, {Role.ADMIN}),
        (Action.VERIFY, LEADER_ROLES | {Role.ADMIN}),
        (Action.READ_DESK, CENTRE_ROLES),
        (Action.READ_REGULATION, set(Role) - {Role.OUTSIDE_VISITOR}),
        (Action.FEED_DOOR, set()),
        (Action.LEND_BADGE, LEADER_ROLES),
        (Action.REPORT_BADGE_LOST, LEADER_ROLES | {Role.ADMIN}),
        (Action.RESET_OCCUPANCY, LEADER_ROLES),
        (Action.ACKNOWLEDGE_ALARM, LEADER_ROLES),
        (Action.READ_MUSTER, CENTRE_ROLES),
        (Action.KEEP_REASONS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.KEEP_TEMPLATES, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.KEEP_DAY_PLAN, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.WRITE_FIGURES, LEADER_ROLES | {Role.STATISTICIAN}),
        (Action.RECORD_CHECK, LEADER_ROLES | {Role.QA_INSPECTOR}),
        (Action.KEEP_WATCH, set()),
        (Action.OVERRIDE_HANDOVER, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.KEEP_ASSETS, LEADER_ROLES),
        (Action.ASK_RESPONSIBILITY, LEADER_ROLES | {Role.QA_INSPECTOR}),
        (Action.CONTEST_RESPONSIBILITY, CENTRE_ROLES),
        (Action.DECIDE_RESPONSIBILITY, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.ASK_SWAP, CENTRE_ROLES),
        (Action.CONSENT_SWAP, LEADER_ROLES),
        (Action.KEEP_ROTATIONS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.IMPORT_PUNCHES, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER, Role.STATISTICIAN}),
        (Action.SEE_OWN_ATTENDANCE, CENTRE_ROLES),
        (Action.SEE_ATTENDANCE, LEADER_ROLES | {Role.STATISTICIAN}),
        (Action.ASK_CORRECTION, CENTRE_ROLES),
        (Action.DECIDE_CORRECTION, LEADER_ROLES),
        (Action.SUBMIT_ATTENDANCE, LEADER_ROLES),
        (Action.SEE_ASSESSMENT, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER, Role.STATISTICIAN}),
        (Action.SEND_ASSESSMENT, {Role.DEPUTY_MANAGER}),
        (Action.READ_AUDIT, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER, Role.ADMIN}),
        (Action.READ_REGISTERS, CENTRE_ROLES),
        (Action.KEEP_REGISTERS, CENTRE_ROLES),
        (Action.DEFINE_REGISTERS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.ASK_CONFIDENTIAL, CENTRE_ROLES),
        (Action.KEEP_DIRECTORY, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.SEE_READINGS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER}),
        (Action.KEEP_KEYS, {Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER, Role.ADMIN}),
    ],
)
def test_art02_the_table_says_which_roles(action: Action, roles: set[Role]) -> None:
    assert {role for role in Role if may(Actor(1, "1", "x", role), action)} == set(roles)


def test_art02_an_administrator_keeps_people_and_not_the_centres_records() -> None:
    admin = Actor(1, "3001", "赵磊", Role.ADMIN)
    assert may(admin, Action.KEEP_PEOPLE)
    assert not any(may(admin, a) for a in (Action.READ_DESK, Action.WRITE_LOG, Action.HAND_OVER))


def test_art02_a_role_that_changed_since_sign_in_is_refused(centre: Built) -> None:
    promoted = Actor(centre.ids["1017"], "1017", "陈静", Role.DEPUTY_MANAGER)
    with pytest.raises(NotPermitted, match="no longer entitled"):
        verify.verify(promoted, NOW)


def test_art02_nobody_acts_under_an_id_that_does_not_exist(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        verify.verify(Actor(999_999, "x", "x", Role.DEPUTY_MANAGER), NOW)


def test_art02_the_programs_own_hands_may_do_everything_without_being_a_person() -> None:
    assert all(may(SYSTEM, action) for action in Action)
    assert SYSTEM.person_id == 0


def test_art21_signing_a_handover_needs_the_role_and_not_only_the_pin(sqlite_centre: Built) -> None:
    handover_id = started_handover(sqlite_centre)
    before = row_counts()
    with pytest.raises(NotPermitted):
        handover.sign_out("1017", PIN, NOW, handover_id)
    assert row_counts() == before
    (refused,) = refusals()
    assert (refused["actor"], refused["operation"], refused["article"]) == ("1017", "sign_out", 2)
