"""The door's machine: every state meets every input, and each way through the door in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from kiosk.actions import Action, Beep, Record, RequestVisit, Show, Unlock
from kiosk.inputs import (
    ContactChanged,
    EntryRead,
    ExitPressed,
    ExitRead,
    FormSubmitted,
    Input,
    Key,
    NotRecorded,
    ReportGiven,
    RequestRefused,
    Tick,
    ToggleRead,
    VisitAnswered,
    VisitForm,
)
from kiosk.machine import TABLE, next_deadline, step, view_of
from kiosk.passing import REASON_SECONDS
from kiosk.phases import (
    AskReason,
    AwaitApproval,
    AwaitEscort,
    ConfirmDress,
    Idle,
    Reporting,
    TakeBadge,
    VisitorForm,
    Waiting,
)
from kiosk.registration import APPROVAL_WAIT_MINUTES, FORM_IDLE_SECONDS
from kiosk.states import State
from kiosk.views import ViewKind
from regulation.access import DoorVerdict, Outcome
from regulation.doorlog import Read
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction, VisitState
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    BADGES,
    EMPLOYEE,
    IDLE,
    LOST,
    NOW,
    OFF_DUTY,
    ON_DUTY,
    SECOND_VISITOR,
    SNAPSHOT,
    UNKNOWN,
    VISITOR,
    codes,
    context,
    seconds,
    unlocks,
    with_limits,
)

FORM = VisitForm("李伟", "华信公司", "13800000000", "maintenance", "工单 4471", "1017")
VISITOR_READ = Read("main", "in", Direction.IN, VISITOR, True, NOW)
STAFF_READ = Read("main", "in", Direction.IN, OFF_DUTY, True, NOW)
WAITING_VISITOR = Waiting(VISITOR_READ, DoorVerdict("pending.escort", None, 1))

PHASES = (
    Idle(),
    VisitorForm(NOW + seconds(60)),
    AwaitApproval("k1", NOW + seconds(60)),
    TakeBadge("V-03", NOW + seconds(60)),
    AwaitEscort((WAITING_VISITOR,), NOW, NOW + seconds(30)),
    AskReason(Waiting(STAFF_READ, DoorVerdict("pending.reason", 117)), NOW + seconds(20)),
    ConfirmDress(
        Waiting(replace(STAFF_READ, badge=ON_DUTY), DoorVerdict("granted", 17, None, 17)), NOW + seconds(10)
    ),
    Reporting(NOW + seconds(60)),
    Reporting(NOW + seconds(60), "order"),
    Reporting(NOW + seconds(60), "order", ReportGiven("1022", "seat 03")),
    Reporting(NOW + seconds(15), "order", ReportGiven(), signs=True),
)
INPUTS: tuple[Input, ...] = (
    *(EntryRead("in", badge) for badge in BADGES),
    *(ExitRead("out", badge) for badge in BADGES),
    *(ToggleRead("both", badge) for badge in BADGES),
    *(ContactChanged(is_open) for is_open in (True, False)),
    ExitPressed(),
    Tick(),
    *(Key(name) for name in ("1", "2", "4", "9", "escape", "typing", "?")),
    FormSubmitted("k2", FORM),
    FormSubmitted("k2", replace(FORM, visitor="")),
    *(VisitAnswered(key, state, "V-03") for key in ("k1", "k9") for state in VisitState),
    RequestRefused("k1", "no"),
    NotRecorded((VISITOR_READ,)),
    NotRecorded((STAFF_READ,)),
    ReportGiven("1022", "seat 03"),
)


def after(
    state: State, *events: tuple[float, Input], can_ask: bool = True
) -> tuple[State, list[tuple[Action, ...]]]:
    """Feed ``events`` (seconds after NOW, input) with reads remembered as the engine does."""
    recent: dict[tuple[str, str], datetime] = {}
    done = []
    for at, event in events:
        now = NOW + seconds(at)
        known = context(SNAPSHOT, recent=recent, can_ask=can_ask)
        state, actions = step(state, event, known, now)
        if isinstance(event, EntryRead | ExitRead):
            recent[event.reader, event.badge] = now
        done.append(actions)
    return state, done


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: type(phase).__name__)
@pytest.mark.parametrize("late", [0, 1000], ids=["in time", "late"])
def test_every_state_answers_every_input_and_records_before_it_unlocks(phase: object, late: int) -> None:
    for event in INPUTS:
        state, actions = step(State(phase), event, context(), NOW + seconds(late))  # type: ignore[arg-type]
        assert view_of(state).text
        kinds = [type(action) for action in actions]
        assert kinds.count(Record) <= 1, "one transaction a step"
        if Unlock in kinds:
            assert kinds.index(Record) < kinds.index(Unlock)
        opens = any(
            verdict.outcome.opens
            for act in actions
            if isinstance(act, Record)
            for _read, verdict in act.entries
        )
        assert opens == (Unlock in kinds)
        assert isinstance(event, ExitRead | ExitPressed) <= unlocks(actions), "exit is never blocked"
        beside_the_table = isinstance(event, Tick | ToggleRead | ContactChanged | ExitPressed)
        if (type(phase), type(event)) not in TABLE and not beside_the_table:
            assert state == State(phase), "illegal input leaves the state as it was"  # type: ignore[arg-type]
            assert not actions


def test_art20_on_duty_staff_enter_after_the_record() -> None:
    state, (actions,) = after(IDLE, (0, EntryRead("in", ON_DUTY)))
    assert [type(action) for action in actions] == [Record, Unlock, Show, Beep]
    assert codes(actions) == ["granted.relief_late"]  # the first entry, half an hour into the shift
    assert view_of(state).who == "陈静"


def test_the_verdict_leaves_the_screen_by_itself() -> None:
    state, done = after(IDLE, (0, EntryRead("in", UNKNOWN)), (4.9, Tick()), (5.1, Tick()))
    assert codes(done[0]) == ["refused.unknown_badge"]
    assert done[1] == ()
    assert view_of(state).kind is ViewKind.IDLE


def test_a_lost_badge_does_not_show_whose_it_was() -> None:
    state, (actions,) = after(IDLE, (0, EntryRead("in", LOST)))
    assert codes(actions) == ["refused.badge_lost"]
    assert view_of(state).who == ""


def test_the_same_badge_inside_the_repeat_window_is_stored_and_not_acted_on() -> None:
    _state, done = after(IDLE, (0, EntryRead("in", ON_DUTY)), (2.9, EntryRead("in", ON_DUTY)))
    assert codes(done[1]) == ["repeat"]
    assert not unlocks(done[1])


def test_the_same_badge_after_the_repeat_window_is_acted_on() -> None:
    _state, done = after(IDLE, (0, EntryRead("in", ON_DUTY)), (3.0, EntryRead("in", ON_DUTY)))
    assert unlocks(done[1])


def test_a_repeated_exit_is_released_again() -> None:
    _state, done = after(IDLE, (0, ExitRead("out", ON_DUTY)), (1, ExitRead("out", ON_DUTY)))
    assert codes(done[1]) == ["released.repeat"]
    assert unlocks(done[1])


def test_art20_a_visitor_enters_with_an_escort_on_duty() -> None:
    state, done = after(IDLE, (0, EntryRead("in", VISITOR)), (30, EntryRead("in", ON_DUTY)))
    assert codes(done[0]) == ["pending.escort"]
    assert not unlocks(done[0])
    assert codes(done[1]) == ["granted.escort", "granted.visitor"]
    record = done[1][0]
    assert isinstance(record, Record)
    assert record.entries[0][1].person_id == 17
    assert "visit:1" in record.entries[0][1].evidence
    assert record.entries[1][1].escort_id == 17
    assert unlocks(done[1])
    assert state.phase == Idle()


def test_art20_an_escort_one_second_past_the_window_enters_alone() -> None:
    _state, done = after(IDLE, (0, EntryRead("in", VISITOR)), (31, EntryRead("in", ON_DUTY)))
    assert codes(done[1]) == ["refused.no_escort", "granted.relief_late"]


def test_art20_without_an_escort_the_visitor_is_refused_when_the_window_ends() -> None:
    state, done = after(IDLE, (0, EntryRead("in", VISITOR)), (30, Tick()), (30.1, Tick()))
    assert codes(done[1]) == []
    assert codes(done[2]) == ["refused.no_escort"]
    assert state.phase == Idle()


@pytest.mark.parametrize("badge", [OFF_DUTY, UNKNOWN, LOST])
def test_art20_nobody_but_centre_staff_on_duty_may_escort(badge: str) -> None:
    state, done = after(IDLE, (0, EntryRead("in", VISITOR)), (5, EntryRead("in", badge)))
    assert not unlocks(done[1])
    assert codes(done[1])[0].startswith("refused.")
    assert isinstance(state.phase, AwaitEscort), "the right one may still come"


def test_art20_two_visitors_and_one_escort_enter_together() -> None:
    _state, done = after(
        IDLE,
        (0, EntryRead("in", VISITOR)),
        (3, EntryRead("in", SECOND_VISITOR)),
        (6, EntryRead("in", ON_DUTY)),
    )
    assert codes(done[2]) == ["granted.escort", "granted.visitor", "granted.visitor"]


def test_art20_an_escort_leads_no_more_visitors_than_the_limit() -> None:
    state = IDLE
    known = context(with_limits(visitors_per_escort=1))
    for at, badge in ((0, VISITOR), (3, SECOND_VISITOR)):
        state, _actions = step(state, EntryRead("in", badge), known, NOW + seconds(at))
    state, actions = step(state, EntryRead("in", ON_DUTY), known, NOW + seconds(6))
    assert codes(actions) == ["refused.escort_full", "granted.escort", "granted.visitor"]
    assert isinstance(state.phase, AwaitEscort)
    assert [w.read.badge for w in state.phase.waiting] == [SECOND_VISITOR]


def test_art20_a_visit_that_was_ended_while_waiting_is_refused_although_the_escort_comes() -> None:
    state, _done = after(IDLE, (0, EntryRead("in", VISITOR)))
    ended = replace(SNAPSHOT, visits=SNAPSHOT.visits[1:])
    _state, actions = step(state, EntryRead("in", ON_DUTY), context(ended), NOW + seconds(5))
    assert codes(actions) == ["refused.no_visit"]
    assert not unlocks(actions)


def test_art20_leaving_to_fetch_a_visitor_is_not_leaving_the_seat() -> None:
    occupancy = Occupancy()
    occupancy.apply(Passage("door:main-1", NOW, Direction.IN, 17))
    state, _done = after(IDLE, (0, EntryRead("in", VISITOR)))
    state, actions = step(state, ExitRead("out", ON_DUTY), context(occupancy=occupancy), NOW + seconds(5))
    assert codes(actions) == ["released.to_escort"]
    assert isinstance(state.phase, AwaitEscort), "the visitor still waits"
    _state, actions = step(
        state, EntryRead("in", ON_DUTY), context(recent={("in", ON_DUTY): NOW}), NOW + seconds(9)
    )
    assert codes(actions) == ["granted.escort", "granted.visitor"]


def test_art14_leaving_without_a_visitor_outside_is_a_finding_and_is_released() -> None:
    _state, done = after(IDLE, (0, ExitRead("out", ON_DUTY)))
    assert codes(done[0]) == ["released.no_permit"]
    assert unlocks(done[0])


def test_an_escort_who_has_just_badged_for_themselves_may_badge_again_for_the_visitor() -> None:
    _state, done = after(
        IDLE,
        (0, EntryRead("in", ON_DUTY)),
        (1, EntryRead("in", VISITOR)),
        (2, EntryRead("in", ON_DUTY)),
    )
    assert codes(done[2]) == ["granted.escort", "granted.visitor"]


def test_someone_off_duty_is_asked_and_enters_with_the_reason_they_chose() -> None:
    state, done = after(IDLE, (0, EntryRead("in", OFF_DUTY)), (3, Key("2")))
    assert codes(done[0]) == ["pending.reason"]
    record = done[1][0]
    assert isinstance(record, Record)
    assert [(v.code, v.reason) for _r, v in record.entries] == [("granted.off_duty", "training")]
    assert state.phase == Idle()


@pytest.mark.parametrize(("at", "event"), [(REASON_SECONDS + 0.1, Tick()), (3, Key("escape"))])
def test_without_a_reason_someone_off_duty_is_refused(at: float, event: Input) -> None:
    _state, done = after(IDLE, (0, EntryRead("in", OFF_DUTY)), (at, event))
    assert codes(done[1]) == ["refused.reason_missing"]


def test_a_question_left_open_is_refused_when_the_next_one_badges() -> None:
    _state, done = after(IDLE, (0, EntryRead("in", OFF_DUTY)), (3, EntryRead("in", ON_DUTY)))
    assert codes(done[1]) == ["refused.reason_missing", "granted.relief_late"]
    assert unlocks(done[1])


def test_where_nobody_can_be_asked_someone_off_duty_enters_with_notice() -> None:
    _state, (actions,) = after(IDLE, (0, EntryRead("in", OFF_DUTY)), can_ask=False)
    record = actions[0]
    assert isinstance(record, Record)
    assert [(v.code, v.reason) for _r, v in record.entries] == [("granted.off_duty", "not_asked")]
    assert record.entries[0][1].outcome is Outcome.NOTICE


def test_a_walk_up_visitor_is_asked_approved_told_the_badge_and_escorted_in() -> None:
    state, done = after(
        IDLE,
        (0, Key("1")),
        (30, FormSubmitted("k1", FORM)),
        (40, VisitAnswered("k1", VisitState.REQUESTED)),
        (60, VisitAnswered("k1", VisitState.APPROVED, "V-01")),
        (70, EntryRead("in", VISITOR)),
        (75, EntryRead("in", ON_DUTY)),
    )
    assert RequestVisit("k1", FORM) in done[1]
    shown = [act.view.kind for actions in done for act in actions if isinstance(act, Show)]
    assert shown == ["form", "waiting", "waiting", "take_badge", "escort", "verdict"]
    assert codes(done[-1]) == ["granted.escort", "granted.visitor"]
    assert state.phase == Idle()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"visitor": " "}, "Please write your name"),
        ({"unit": ""}, "Please write your unit"),
        ({"phone": ""}, "Please write your telephone number"),
        ({"reason": "curious"}, "Please choose a reason"),
        ({"reference": ""}, "This reason needs a reference"),
        ({"sponsor": "9999"}, "No one here has this work number — whom do you visit?"),
        ({"sponsor": "4001"}, "No one here has this work number — whom do you visit?"),
    ],
)
def test_art20_an_incomplete_form_is_not_sent_and_says_what_is_missing(
    change: dict[str, Any], problem: str
) -> None:
    state, done = after(IDLE, (0, Key("1")), (5, FormSubmitted("k1", replace(FORM, **change))))
    assert isinstance(state.phase, VisitorForm)
    assert state.phase.problem == problem
    assert not any(isinstance(act, RequestVisit) for act in done[1])


def test_a_form_nobody_types_in_is_cleared_and_typing_keeps_it() -> None:
    before = FORM_IDLE_SECONDS - 1
    state, _done = after(IDLE, (0, Key("1")), (before, Key("typing")), (before + 2, Tick()))
    assert isinstance(state.phase, VisitorForm)
    state, _done = after(IDLE, (0, Key("1")), (FORM_IDLE_SECONDS, Tick()))
    assert state.phase == Idle()


def test_a_visitor_nobody_answers_is_told_so() -> None:
    state, _done = after(
        IDLE, (0, Key("1")), (1, FormSubmitted("k1", FORM)), (1 + APPROVAL_WAIT_MINUTES * 60, Tick())
    )
    assert state.phase == Idle()
    assert view_of(state).text == "The desk did not answer in time"


def test_a_refused_visitor_is_told_so_and_an_answer_to_someone_else_is_not_theirs() -> None:
    waiting, _done = after(IDLE, (0, Key("1")), (1, FormSubmitted("k1", FORM)))
    state, _done = after(waiting, (5, VisitAnswered("k9", VisitState.REFUSED)))
    assert state == waiting
    state, _done = after(waiting, (5, VisitAnswered("k1", VisitState.REFUSED)))
    assert view_of(state).text == "The desk did not approve this visit"


def test_an_approval_that_comes_while_someone_else_is_escorted_in_is_shown_afterwards() -> None:
    state, _done = after(
        IDLE,
        (0, Key("1")),
        (1, FormSubmitted("k1", FORM)),
        (5, EntryRead("in", SECOND_VISITOR)),
        (6, VisitAnswered("k1", VisitState.APPROVED, "V-01")),
        (7, EntryRead("in", ON_DUTY)),
        (13, Tick()),
    )
    assert view_of(state).kind is ViewKind.TAKE_BADGE


def test_staff_pass_while_a_visitor_types_and_the_form_stays() -> None:
    state, done = after(
        IDLE, (0, Key("1")), (5, EntryRead("in", ON_DUTY)), (6, ExitRead("out", ALSO_ON_DUTY))
    )
    assert unlocks(done[1])
    assert unlocks(done[2])
    assert isinstance(state.phase, VisitorForm)


def test_a_visitor_whose_read_cannot_be_recorded_does_not_wait_for_an_escort() -> None:
    state, done = after(IDLE, (0, EntryRead("in", VISITOR)))
    record = done[0][0]
    assert isinstance(record, Record)
    state, actions = step(state, NotRecorded((record.entries[0][0],)), context(), NOW + seconds(2))
    assert state.phase == Idle()
    assert view_of(state).code == "refused.cannot_be_recorded"
    assert not unlocks(actions)


def test_a_door_that_has_never_heard_of_its_centre_refuses_entry_and_frees_exit() -> None:
    empty = replace(SNAPSHOT, people=(), badges=(), duties=(), visits=())
    _state, actions = step(IDLE, EntryRead("in", ON_DUTY), context(empty), NOW)
    assert codes(actions) == ["refused.stale_snapshot"]
    _state, actions = step(IDLE, ExitRead("out", ON_DUTY), context(empty), NOW)
    assert unlocks(actions)


def test_a_company_employee_without_a_visit_is_refused() -> None:
    _state, (actions,) = after(IDLE, (0, EntryRead("in", EMPLOYEE)))
    assert codes(actions) == ["refused.no_visit"]


def test_the_next_deadline_is_the_nearer_of_verdict_and_phase() -> None:
    assert next_deadline(IDLE) is None
    state, _done = after(IDLE, (0, EntryRead("in", VISITOR)))
    assert next_deadline(state) == NOW + seconds(30)
    state, _done = after(state, (1, ExitRead("out", ON_DUTY)))
    assert next_deadline(state) == NOW + seconds(6)
