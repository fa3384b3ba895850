"""A leader approves a visitor at the door (Art. 20): who may, what is recorded, and that the centre hears of it once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from kiosk.actions import Action, CheckPin, KeepSlip, Record, Unlock, WithdrawRequest
from kiosk.headless import LineLog
from kiosk.inputs import (
    EntryRead,
    ExitRead,
    FormSubmitted,
    Input,
    Key,
    NotRecorded,
    PinChecked,
    PinGiven,
    SlipKept,
    Tick,
    ToggleRead,
    VisitAnswered,
    VisitForm,
)
from kiosk.machine import step, view_of
from kiosk.phases import (
    AskApprover,
    AskPin,
    AskReason,
    AwaitApproval,
    AwaitEscort,
    Closing,
    Idle,
    KeepingSlip,
    Maintenance,
    Muster,
    MusterAsked,
    Phase,
    TakeBadge,
)
from kiosk.pins import pin_result
from kiosk.registration import APPROVAL_WAIT_MINUTES
from kiosk.states import Context, State
from kiosk.views import ViewKind
from operations.today import today_board
from regulation.doorlog import DURESS, Read
from regulation.records import (
    BadgeRecord,
    BadgeState,
    CredentialRecord,
    Direction,
    DutyRecord,
    PersonRecord,
    Snapshot,
    VisitReason,
    VisitState,
)
from regulation.roles import Role
from tests.centre import NOW as CENTRE_NOW
from tests.centre import PEOPLE as CENTRE_PEOPLE
from tests.centre import PIN as CENTRE_PIN
from tests.centre import VISITOR_BADGES, copied_centre
from tests.kiosk.rig import Rig, running_rig, until
from tests.kiosk.scene import (
    EMPLOYEE,
    ENDS,
    NOW,
    OFF_DUTY,
    ON_DUTY,
    SNAPSHOT,
    STARTS,
    UNKNOWN,
    VISITOR,
    codes,
    context,
    seconds,
    unlocks,
)
from tests.kiosk.test_machine import INPUTS

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PIN, DURESS_PIN = "8264", "Zq9+threat"
HASHES = (FAST.hash(PIN), FAST.hash(DURESS_PIN))
LEADER, OTHER_LEADER, MANAGER, ADMIN = "1003", "1103", "2001", "3001"
FORM = VisitForm(
    "李伟", "华信公司", "13800000000", "maintenance", "工单 4471", "1017", "工程师", "笔记本电脑", 60
)
TOUR = replace(FORM, reason="tour", reference="周敏")

APPROVING = replace(
    SNAPSHOT,
    people=(
        *SNAPSHOT.people,
        PersonRecord(3, LEADER, "王建国", Role.SHIFT_LEADER),
        PersonRecord(103, OTHER_LEADER, "李秀英", Role.SHIFT_LEADER),
        PersonRecord(201, MANAGER, "周敏", Role.DEPUTY_MANAGER),
        PersonRecord(301, ADMIN, "赵磊", Role.ADMIN),
    ),
    badges=(
        *SNAPSHOT.badges,
        BadgeRecord(LEADER, 3),
        BadgeRecord(OTHER_LEADER, 103),
        BadgeRecord(MANAGER, 201),
        BadgeRecord(ADMIN, 301),
    ),
    duties=(*SNAPSHOT.duties, DutyRecord(3, 3, date(2026, 11, 23), "night", STARTS, ENDS)),
    credentials=tuple(CredentialRecord(number, *HASHES) for number in (3, 103, 201, 301)),
    slips=(71, 72),
)
"""A leader on duty, one who is not, the deputy manager, an administrator; two blank visits; badge V-03 is free."""


def known(snapshot: Snapshot = APPROVING, state: State | None = None, **more: object) -> Context:
    """What the door knows, as the engine gives it to the machine."""
    pins = state.pins if state is not None else State().pins
    return replace(context(snapshot), pins=pins, slips=snapshot.slips, **more)  # type: ignore[arg-type]


def fed(
    state: State, *events: Input, snapshot: Snapshot = APPROVING, now: datetime = NOW
) -> tuple[State, tuple[Action, ...]]:
    """Feed ``events`` one after the other; return the state and the last step's actions."""
    actions: tuple[Action, ...] = ()
    for event in events:
        state, actions = step(state, event, known(snapshot, state), now)
    return state, actions


def waiting(form: VisitForm = FORM, snapshot: Snapshot = APPROVING) -> State:
    return fed(State(), Key("1"), FormSubmitted("k1", form), snapshot=snapshot)[0]


def checked(
    state: State, result: str = "right", snapshot: Snapshot = APPROVING
) -> tuple[State, tuple[Action, ...]]:
    """Give a PIN and let it come back as ``result``."""
    state, actions = fed(state, PinGiven("1234"), snapshot=snapshot)
    (check,) = [act for act in actions if isinstance(act, CheckPin)]
    answer = PinChecked(check.asked_at, check.read, check.person_id, result)  # type: ignore[arg-type]
    return fed(state, answer, snapshot=snapshot)


# --- who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("badge", "form", "code"),
    [
        (LEADER, FORM, ""),
        (MANAGER, FORM, ""),
        (MANAGER, TOUR, ""),
        (LEADER, TOUR, "refused.may_not_approve"),
        (OTHER_LEADER, FORM, "refused.may_not_approve"),
        (ON_DUTY, FORM, "refused.may_not_approve"),
        (ADMIN, FORM, "refused.may_not_approve"),
        (EMPLOYEE, FORM, "refused.may_not_approve"),
        (UNKNOWN, FORM, "refused.unknown_badge"),
    ],
)
def test_art20_only_a_leader_on_duty_or_the_deputy_manager_is_asked_for_a_pin(
    badge: str, form: VisitForm, code: str
) -> None:
    state, actions = fed(waiting(form), Key("2"), EntryRead("in", badge))
    assert not unlocks(actions)
    if code:
        assert codes(actions) == [code]
        assert isinstance(state.phase, AwaitApproval), "the visitor waits on"
        assert view_of(state).tone == "red"
    else:
        assert isinstance(state.phase, AskPin)
        assert view_of(state).kind is ViewKind.PIN


def test_a_centres_own_reason_may_be_the_managers_to_approve() -> None:
    own = replace(APPROVING, visit_reasons=(VisitReason("audit", "审计", "", "audit", by_manager=True),))
    form = replace(FORM, reason="audit", reference="")
    for badge, phase in ((LEADER, AwaitApproval), (MANAGER, AskPin)):
        state, _actions = fed(waiting(form, own), Key("2"), EntryRead("in", badge), snapshot=own)
        assert isinstance(state.phase, phase)


@pytest.mark.parametrize(("age_hours", "asked"), [(4, True), (4.001, False)])
def test_art20_a_door_cut_off_for_longer_than_the_limit_approves_nobody(
    age_hours: float, asked: bool
) -> None:
    old = replace(APPROVING, taken_at=NOW - seconds(age_hours * 3600))
    state, actions = fed(waiting(snapshot=old), Key("2"), EntryRead("in", LEADER), snapshot=old)
    assert isinstance(state.phase, AskPin) is asked
    assert codes(actions) == ([] if asked else ["refused.stale_snapshot"])


def test_without_a_slip_or_a_visitor_badge_the_door_says_so_before_anyone_badges() -> None:
    no_slip = replace(APPROVING, slips=())
    state, _actions = fed(waiting(snapshot=no_slip), Key("2"), snapshot=no_slip)
    assert view_of(state).text == "This door cannot approve another visitor by itself"
    assert isinstance(state.phase, AwaitApproval)
    lent = tuple(replace(b, state=BadgeState.LOST) if b.label == "V-03" else b for b in APPROVING.badges)
    all_out = replace(APPROVING, badges=lent)
    state, _actions = fed(waiting(snapshot=all_out), Key("2"), snapshot=all_out)
    assert view_of(state).text == "All visitor badges are out"


def test_a_badge_without_the_leaders_key_is_an_entry_like_any_other() -> None:
    state, actions = fed(waiting(), EntryRead("in", LEADER))
    assert unlocks(actions)
    assert isinstance(state.phase, AwaitApproval)


# --- the PIN -----------------------------------------------------------------------------------------------


def test_art20_the_right_pin_records_the_approval_then_keeps_the_slip_then_tells_the_visitor() -> None:
    state, actions = checked(fed(waiting(), Key("2"), EntryRead("in", LEADER))[0])
    record, keep = actions[:2]
    assert isinstance(record, Record)
    ((read, verdict),) = record.entries
    assert (verdict.code, verdict.person_id, verdict.visit_id) == ("note.approved", 3, 71)
    assert read.badge == LEADER
    assert isinstance(keep, KeepSlip)
    slip = keep.slip
    assert (slip.visit_id, slip.badge_label, slip.approved_by, slip.key) == (71, "V-03", 3, "k1")
    assert (slip.job_title, slip.carried, slip.ends_at) == ("工程师", "笔记本电脑", NOW + seconds(3600))
    assert isinstance(state.phase, KeepingSlip)
    assert "V-03" not in view_of(state).label
    state, actions = fed(state, SlipKept(slip, kept=True))
    assert state.phase == TakeBadge("V-03", NOW + seconds(120))
    assert WithdrawRequest("k1") in actions


def test_a_slip_that_cannot_be_kept_is_no_approval() -> None:
    state, actions = checked(fed(waiting(), Key("2"), EntryRead("in", LEADER))[0])
    (keep,) = [act for act in actions if isinstance(act, KeepSlip)]
    failed, _actions = fed(state, SlipKept(keep.slip, kept=False))
    assert isinstance(failed.phase, AwaitApproval)
    assert view_of(failed).code == "refused.cannot_be_recorded"
    assert isinstance(state.phase, KeepingSlip)
    unrecorded, _actions = fed(state, NotRecorded((state.phase.read,)))
    assert isinstance(unrecorded.phase, AwaitApproval)
    assert view_of(unrecorded).code == "refused.cannot_be_recorded"


def test_art20_wrong_pins_are_recorded_and_after_three_the_door_rests_for_its_time() -> None:
    state = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0]
    for _try in range(2):
        state, actions = checked(state, "wrong")
        assert codes(actions) == ["refused.wrong_pin"]
        assert view_of(state).tone == "red"
        assert view_of(state).kind is ViewKind.PIN, "the keys stay with the PIN"
    state, actions = checked(state, "wrong")
    assert codes(actions) == ["refused.wrong_pin", "alarm.locked_out"]
    assert isinstance(state.phase, AwaitApproval)
    resting, _actions = fed(state, Key("2"), now=NOW + seconds(59))
    assert view_of(resting).text == "Too many wrong PINs — please wait"
    again, _actions = fed(state, Key("2"), now=NOW + seconds(60))
    assert isinstance(again.phase, AskApprover)


def test_going_away_and_coming_back_does_not_make_wrong_pins_forgotten() -> None:
    state = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0]
    state, _actions = checked(state, "wrong")
    state, _actions = checked(state, "wrong")
    state, _actions = fed(state, Key("escape"), Key("escape"), Key("1"), FormSubmitted("k2", FORM))
    state, _actions = fed(state, Key("2"), EntryRead("in", MANAGER), now=NOW + seconds(5))
    state, actions = checked(state, "wrong")
    assert codes(actions) == ["refused.wrong_pin", "alarm.locked_out"]


def test_a_pin_under_threat_looks_the_same_and_calls_for_help() -> None:
    asked = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0]
    (right, plainly), (forced, in_silence) = checked(asked), checked(asked, "duress")
    assert view_of(right) == view_of(forced)
    assert right.phase == forced.phase
    assert codes(in_silence) == ["note.approved", "alarm.duress"]
    (record,) = [act for act in in_silence if isinstance(act, Record)]
    assert record.entries[1][0].marks == (DURESS,)
    assert record.entries[1][1].person_id == 3

    def shown(actions: tuple[Action, ...]) -> list[Action]:
        return [act for act in actions if not isinstance(act, Record)]

    assert shown(plainly) == shown(in_silence)


def test_a_pin_under_threat_is_heard_even_when_the_desk_answers_first() -> None:
    state, actions = fed(waiting(), Key("2"), EntryRead("in", LEADER), PinGiven(DURESS_PIN))
    (check,) = [act for act in actions if isinstance(act, CheckPin)]
    state, _actions = fed(state, VisitAnswered("k1", VisitState.APPROVED, "V-01"))
    assert isinstance(state.phase, TakeBadge)
    state, actions = fed(state, PinChecked(check.asked_at, check.read, 3, "duress"))
    assert codes(actions) == ["alarm.duress"]


def test_escape_does_not_spare_a_wrong_pin_its_record() -> None:
    state, actions = fed(waiting(), Key("2"), EntryRead("in", LEADER), PinGiven("0000"))
    (check,) = [act for act in actions if isinstance(act, CheckPin)]
    state, _actions = fed(state, Key("escape"))
    assert isinstance(state.phase, AskPin), "a check is waited for"
    state, _actions = fed(state, Tick(), now=NOW + seconds(60))
    assert isinstance(state.phase, AwaitApproval)
    state, actions = fed(state, PinChecked(check.asked_at, check.read, 3, "wrong"))
    assert codes(actions) == ["refused.wrong_pin"]
    assert state.pins.wrong == 1


def test_exits_are_free_and_others_enter_while_a_leader_gives_the_pin() -> None:
    state = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0]
    for event in (ExitRead("out", ON_DUTY), EntryRead("in", ON_DUTY)):
        following, actions = fed(state, event)
        assert unlocks(actions)
        assert isinstance(following.phase, AskPin)


def test_the_leader_sees_whom_and_what_for_and_no_trace_of_it_is_in_the_pictures_text() -> None:
    state = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0]
    view = view_of(state)
    assert "李伟" in view.subject
    assert view.reason is not None
    assert view.reason.code == "maintenance"
    assert isinstance(state.phase, AskPin)
    trace = repr((state, view, PinGiven(PIN), CheckPin(NOW, state.phase.read, 3, PIN)))
    assert PIN not in trace
    assert "李伟" not in trace
    assert "13800000000" not in trace


def test_a_leader_who_does_not_badge_in_time_leaves_the_visitor_waiting_for_the_desk() -> None:
    state, _actions = fed(waiting(), Key("2"))
    assert isinstance(fed(state, Tick(), now=NOW + seconds(19))[0].phase, AskApprover)
    assert isinstance(fed(state, Tick(), now=NOW + seconds(20))[0].phase, AwaitApproval)
    late = NOW + seconds(APPROVAL_WAIT_MINUTES * 60)
    state, actions = fed(state, Tick(), Tick(), now=late)
    assert isinstance(state.phase, Idle)
    assert WithdrawRequest("k1") in actions


def test_pins_are_compared_with_both_hashes_and_someone_without_one_is_wrong() -> None:
    credential = CredentialRecord(3, *HASHES)
    assert [pin_result(pin, credential) for pin in (PIN, DURESS_PIN, "0000", "")] == [
        "right", "duress", "wrong", "wrong",
    ]  # fmt: skip
    assert pin_result("nobody", None) == "wrong"
    assert pin_result(PIN, CredentialRecord(3, "not a hash")) == "wrong"
    assert PIN not in repr(credential)
    assert HASHES[0] not in repr(credential)


def every_new_phase() -> list[Phase]:
    waits = waiting().phase
    asked = fed(waiting(), Key("2"), EntryRead("in", LEADER))[0].phase
    keeping = checked(State(asked))[0].phase
    assert isinstance(waits, AwaitApproval)
    return [
        AskApprover(waits, NOW + seconds(20)), asked, keeping, Maintenance(NOW + seconds(30)),
        Closing(NOW + seconds(5)), MusterAsked(NOW + seconds(5)), MusterAsked(NOW + seconds(5), waits),
        Muster(NOW + seconds(60), ()), Muster(NOW + seconds(60), (), waits),
    ]  # fmt: skip


def every_input() -> list[Input]:
    read = Read("main", "in", Direction.NONE, LEADER, True, NOW)
    kept = checked(State(every_new_phase()[1]))[1][1]
    assert isinstance(kept, KeepSlip)
    results: tuple[Literal["right", "wrong", "duress"], ...] = ("right", "wrong", "duress")
    return [
        *INPUTS,
        *(EntryRead("in", badge) for badge in (LEADER, MANAGER, ADMIN)),
        *(ExitRead("out", badge) for badge in (LEADER, MANAGER, ADMIN)),
        *(ToggleRead("both", badge) for badge in (LEADER, ADMIN, UNKNOWN)),
        *(PinChecked(at, read, 3, result) for at in (NOW, NOW - seconds(1)) for result in results),
        PinGiven(""), PinGiven(PIN), PinGiven(PIN, ADMIN),
        SlipKept(kept.slip, kept=True), SlipKept(kept.slip, kept=False), NotRecorded((read,)), Key("maintenance"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("late", [0, 1000])
def test_every_new_phase_answers_every_input_frees_every_exit_and_records_before_it_opens(
    number: int, late: int
) -> None:
    state = State(every_new_phase()[number])
    for event in every_input():
        after, actions = step(state, event, known(state=state), NOW + seconds(late))
        assert view_of(after).text
        kinds = [type(action) for action in actions]
        if Unlock in kinds:
            assert kinds.index(Record) < kinds.index(Unlock)
        opens = any(
            verdict.outcome.opens
            for act in actions
            if isinstance(act, Record)
            for _read, verdict in act.entries
        )
        assert opens == (Unlock in kinds)
        assert isinstance(event, ExitRead) <= unlocks(actions), "exit is never blocked"


@pytest.mark.parametrize("badge", [VISITOR, OFF_DUTY])
def test_a_pin_checked_while_others_stand_at_the_door_counts_when_they_are_done(badge: str) -> None:
    state, actions = fed(waiting(), Key("2"), EntryRead("in", LEADER), PinGiven(PIN))
    (check,) = [act for act in actions if isinstance(act, CheckPin)]
    state, _actions = fed(state, EntryRead("in", badge))
    assert isinstance(state.phase, AwaitEscort | AskReason)
    state, actions = fed(state, PinChecked(check.asked_at, check.read, 3, "right"))
    assert codes(actions) == ["note.approved"]
    (keep,) = [act for act in actions if isinstance(act, KeepSlip)]
    state, _actions = fed(state, SlipKept(keep.slip, kept=True))
    assert isinstance(state.phase, AwaitEscort | AskReason)
    assert isinstance(state.phase.back, TakeBadge)


# --- the whole way, with a real kiosk ------------------------------------------------------------------------

CENTRE_LEADER = CENTRE_PEOPLE["1003"][4]
CENTRE_STAFF = CENTRE_PEOPLE["1017"][4]


def stored(folder: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the centre's file, beside everyone."""
    with closing(sqlite3.connect(f"file:{folder / 'centre.db'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def approve_at_the_door(rig: Rig, badge: str, pin: str) -> str:
    """A visitor registers, a leader approves; return the label of the visitor badge."""
    door = rig.kiosk.door
    door.put(Key("1"))
    door.put(FormSubmitted("k1", FORM))
    until(lambda: isinstance(door.state.phase, AwaitApproval), "the request")
    door.put(Key("2"))
    until(lambda: isinstance(door.state.phase, AskApprover), "asking for the leader")
    rig.entry.swipe(badge)
    until(lambda: isinstance(door.state.phase, AskPin), "asking for the PIN")
    door.put(PinGiven(pin))
    rig.wait(lambda r: r.views[-1].kind is ViewKind.TAKE_BADGE, "the approval")
    return rig.views[-1].label


def until_ready(rig: Rig) -> None:
    until(lambda: bool(rig.kiosk.door.snapshot.slips), "blank visits")
    until(lambda: rig.kiosk.link.health.pending == 0)


def test_art20_a_visit_approved_while_the_centre_is_away_reaches_it_once_with_its_events(
    tmp_path: Path,
) -> None:
    built = copied_centre(tmp_path)
    with running_rig(tmp_path, None) as rig:
        until_ready(rig)
        away = tmp_path / "away.db"
        with closing(sqlite3.connect(tmp_path / "centre.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (tmp_path / "centre.db").rename(away)
        until(lambda: rig.kiosk.link.health.fault != "", "noticing")
        label = approve_at_the_door(rig, CENTRE_LEADER, CENTRE_PIN)
        kept = tmp_path / "kiosk" / "slips.json"
        assert kept.stat().st_mode & 0o077 == 0, "it holds names: private to its owner"
        rig.entry.swipe(VISITOR_BADGES[label])
        rig.wait_for_codes("pending.escort")
        rig.entry.swipe(CENTRE_STAFF)
        rig.wait_for_codes("granted.escort", "granted.visitor")
        for beside in ("centre.db-wal", "centre.db-shm"):
            (tmp_path / beside).unlink(missing_ok=True)
        away.rename(tmp_path / "centre.db")
        until(lambda: rig.kiosk.link.health.pending == 0 and rig.kiosk.link.health.fault == "", "catching up")
        until(lambda: b"visit_id" not in kept.read_bytes(), "forgetting what the centre has")
        until(lambda: any(v.badge_label == label for v in rig.kiosk.door.snapshot.visits))
    rows = stored(
        tmp_path, "SELECT id, visitor, job_title, carried, state FROM visit WHERE request_key = 'k1'"
    )
    ((number, *row),) = rows
    assert row == ["李伟", "工程师", "笔记本电脑", "inside"]
    named = stored(tmp_path, f"SELECT code FROM door_event WHERE visit_id = {number} ORDER BY sequence")
    assert [code for (code,) in named] == ["note.approved", "pending.escort", "granted.visitor"]
    assert today_board(built.actors["1003"], CENTRE_NOW).waiting == ()


def test_a_visit_approved_here_survives_a_restart_while_the_centre_is_away(tmp_path: Path) -> None:
    snapshot = replace(APPROVING, taken_at=NOW)
    with running_rig(tmp_path, snapshot) as rig:
        label = approve_at_the_door(rig, LEADER, PIN)
    assert label == "V-03"
    with running_rig(tmp_path, None) as rig:
        rig.clock.advance(60)
        rig.entry.swipe("9003")
        rig.wait_for_codes("pending.escort")
        assert rig.events[-1].visit_id == 71
        assert rig.kiosk.slips.free(rig.kiosk.door.snapshot) == (72,), "no number is given twice"


def test_a_number_whose_slip_was_lost_in_a_power_cut_is_not_given_again(tmp_path: Path) -> None:
    with running_rig(tmp_path, APPROVING) as rig:
        approve_at_the_door(rig, LEADER, PIN)
    (tmp_path / "kiosk" / "slips.json").unlink()
    with running_rig(tmp_path, None) as rig:
        assert rig.kiosk.slips.free(rig.kiosk.door.snapshot) == (72,)


def test_a_leader_under_threat_is_heard_at_the_centre_and_not_on_the_screen(tmp_path: Path) -> None:
    with running_rig(tmp_path, APPROVING) as rig:
        approve_at_the_door(rig, LEADER, DURESS_PIN)
        assert rig.codes[-2:] == ["note.approved", "alarm.duress"]
        assert rig.events[-1].marks == (DURESS,)
        words = " ".join(f"{view.code} {view.text} {view.tone}" for view in rig.views)
        assert "duress" not in words
        assert "red" not in words


def test_a_call_for_help_is_not_written_to_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = LineLog(json_lines=True)
    with running_rig(tmp_path, APPROVING) as rig:
        approve_at_the_door(rig, LEADER, DURESS_PIN)
        log.recorded(rig.events)
    log.drain()
    written = capsys.readouterr().out
    assert "note.approved" in written
    assert "duress" not in written


def test_the_pin_is_nowhere_on_the_kiosks_disk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with running_rig(tmp_path, APPROVING) as rig:
        approve_at_the_door(rig, LEADER, DURESS_PIN)
    for file in (tmp_path / "kiosk").rglob("*"):
        if file.is_file():
            assert DURESS_PIN.encode() not in file.read_bytes(), file.name
    assert DURESS_PIN not in caplog.text
    assert "李伟" not in caplog.text


def test_a_visitor_who_goes_away_is_taken_off_the_desks_list(tmp_path: Path) -> None:
    built = copied_centre(tmp_path)
    leader = built.actors["1003"]
    with running_rig(tmp_path, None) as rig:
        until_ready(rig)
        rig.kiosk.door.put(Key("1"))
        rig.kiosk.door.put(FormSubmitted("k1", FORM))
        until(lambda: len(today_board(leader, rig.clock()).waiting) == 1, "the desk's list")
        (row,) = today_board(leader, rig.clock()).waiting
        assert row.visitor == "李伟"
        rig.kiosk.door.put(Key("escape"))
        until(lambda: today_board(leader, rig.clock()).waiting == (), "the withdrawal")
