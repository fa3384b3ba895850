"""The door's state machine: one table, one step. Time and knowledge are arguments; nothing here waits or writes.

What is shown is the running verdict while its time lasts, else the picture of the phase. An input that means
nothing in a phase leaves the state as it was. In every step a ``Record`` stands before the ``Unlock``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from kiosk import (
    approval,
    dress,
    keys,
    lockout,
    maintenance,
    muster,
    passing,
    registration,
    reporting,
    toggling,
    views,
)
from kiosk.actions import Action, Beep, Record, Show
from kiosk.inputs import (
    ContactChanged,
    EntryRead,
    ExitPressed,
    ExitRead,
    FormSubmitted,
    Input,
    Key,
    NotRecorded,
    PinChecked,
    PinGiven,
    ReportGiven,
    RequestRefused,
    SlipKept,
    Tick,
    ToggleRead,
    VisitAnswered,
)
from kiosk.leaf import held_view, leaf_step
from kiosk.phases import (
    AskApprover,
    AskPin,
    AskReason,
    AwaitApproval,
    AwaitEscort,
    Closing,
    ConfirmDress,
    Idle,
    Interruption,
    KeepingSlip,
    Maintenance,
    Muster,
    MusterAsked,
    Phase,
    Reporting,
    TakeBadge,
    VisitorForm,
)
from kiosk.states import Context, Leaf, Refusals, State, Step
from kiosk.views import View, ViewKind
from kiosk.watching import Told, watch

Handler = Callable[[Any, Any, Context, datetime], Step]


def behind(phase: Interruption, event: Input, context: Context, now: datetime) -> Step:
    """News for what a badge has interrupted: it is taken in there, and shows when the door returns to it."""
    handler = TABLE.get((type(phase.back), type(event)))
    if handler is None:
        return Step(phase)
    done = handler(phase.back, event, context, now)
    if isinstance(done.phase, Interruption):
        return Step(phase)
    return Step(replace(phase, back=done.phase), done.actions, pins=done.pins)


# One row for each phase; a pair that is not here leaves the state as it was.
TABLE: Final[Mapping[tuple[type, type], Handler]] = MappingProxyType(
    {
        (Idle, EntryRead): passing.enter,
        (Idle, ExitRead): passing.leave,
        (Idle, Key): keys.idle_key,
        (Idle, PinChecked): approval.late_answer,
        (Idle, NotRecorded): passing.not_recorded,
        (VisitorForm, EntryRead): passing.enter,
        (VisitorForm, ExitRead): passing.leave,
        (VisitorForm, Tick): registration.over,
        (VisitorForm, Key): registration.form_key,
        (VisitorForm, FormSubmitted): registration.submit,
        (VisitorForm, PinChecked): approval.late_answer,
        (VisitorForm, NotRecorded): passing.not_recorded,
        (AwaitApproval, EntryRead): passing.enter,
        (AwaitApproval, ExitRead): passing.leave,
        (AwaitApproval, Tick): registration.approval_late,
        (AwaitApproval, Key): keys.waiting_key,
        (AwaitApproval, VisitAnswered): registration.answered,
        (AwaitApproval, RequestRefused): registration.request_refused,
        (AwaitApproval, PinChecked): approval.late_answer,
        (AwaitApproval, SlipKept): approval.slip_kept_late,
        (AwaitApproval, NotRecorded): passing.not_recorded,
        (AskApprover, EntryRead): approval.approver_badged,
        (AskApprover, ExitRead): passing.leave,
        (AskApprover, Tick): approval.late,
        (AskApprover, Key): approval.key,
        (AskApprover, VisitAnswered): approval.answered,
        (AskApprover, RequestRefused): approval.answered,
        (AskApprover, PinChecked): approval.late_answer,
        (AskApprover, NotRecorded): passing.not_recorded,
        (AskPin, EntryRead): passing.enter,
        (AskPin, ExitRead): passing.leave,
        (AskPin, Tick): approval.late,
        (AskPin, Key): approval.key,
        (AskPin, PinGiven): approval.pin_given,
        (AskPin, PinChecked): approval.pin_checked,
        (AskPin, VisitAnswered): approval.answered,
        (AskPin, RequestRefused): approval.answered,
        (AskPin, NotRecorded): passing.not_recorded,
        (KeepingSlip, EntryRead): passing.enter,
        (KeepingSlip, ExitRead): passing.leave,
        (KeepingSlip, Tick): approval.late,
        (KeepingSlip, PinChecked): approval.late_answer,
        (KeepingSlip, SlipKept): approval.slip_kept,
        (KeepingSlip, NotRecorded): approval.slip_not_recorded,
        (TakeBadge, EntryRead): passing.enter,
        (TakeBadge, ExitRead): passing.leave,
        (TakeBadge, Tick): registration.over,
        (TakeBadge, Key): keys.take_badge_key,
        (TakeBadge, PinChecked): approval.late_answer,
        (TakeBadge, NotRecorded): passing.not_recorded,
        (Maintenance, EntryRead): maintenance.badged,
        (Maintenance, ExitRead): passing.leave,
        (Maintenance, Tick): maintenance.over,
        (Maintenance, Key): maintenance.key,
        (Maintenance, PinGiven): maintenance.pin_given,
        (Maintenance, PinChecked): maintenance.pin_checked,
        (Maintenance, NotRecorded): passing.not_recorded,
        (Closing, EntryRead): passing.enter,
        (Closing, ExitRead): passing.leave,
        (Closing, Tick): maintenance.over,
        (Closing, PinChecked): approval.late_answer,
        (Closing, NotRecorded): maintenance.not_recorded,
        (MusterAsked, EntryRead): passing.enter,
        (MusterAsked, ExitRead): passing.leave,
        (MusterAsked, Tick): muster.over,
        (MusterAsked, Key): muster.asked_key,
        (MusterAsked, VisitAnswered): muster.answered,
        (MusterAsked, RequestRefused): muster.answered,
        (MusterAsked, PinChecked): approval.late_answer,
        (MusterAsked, NotRecorded): passing.not_recorded,
        (Muster, EntryRead): passing.enter,
        (Muster, ExitRead): muster.leave,
        (Muster, Tick): muster.tick,
        (Muster, Key): muster.key,
        (Muster, VisitAnswered): muster.answered,
        (Muster, RequestRefused): muster.answered,
        (Muster, PinChecked): approval.late_answer,
        (Muster, NotRecorded): muster.not_recorded,
        (Reporting, EntryRead): reporting.badged,
        (Reporting, ExitRead): passing.leave,
        (Reporting, Tick): reporting.over,
        (Reporting, Key): reporting.key,
        (Reporting, ReportGiven): reporting.given,
        (Reporting, PinChecked): approval.late_answer,
        (Reporting, NotRecorded): passing.not_recorded,
        (AwaitEscort, EntryRead): passing.enter_beside_visitor,
        (AwaitEscort, ExitRead): passing.leave,
        (AwaitEscort, Tick): passing.escort_late,
        (AwaitEscort, Key): passing.escort_key,
        (AwaitEscort, VisitAnswered): behind,
        (AwaitEscort, RequestRefused): behind,
        (AwaitEscort, PinChecked): behind,
        (AwaitEscort, SlipKept): behind,
        (AwaitEscort, NotRecorded): passing.not_recorded,
        (AskReason, EntryRead): passing.enter_past_question,
        (AskReason, ExitRead): passing.leave,
        (AskReason, Tick): passing.reason_late,
        (AskReason, Key): passing.reason_key,
        (AskReason, VisitAnswered): behind,
        (AskReason, RequestRefused): behind,
        (AskReason, PinChecked): behind,
        (AskReason, SlipKept): behind,
        (AskReason, NotRecorded): passing.not_recorded,
        (ConfirmDress, EntryRead): dress.badged,
        (ConfirmDress, ExitRead): passing.leave,
        (ConfirmDress, Tick): dress.late,
        (ConfirmDress, Key): dress.answered,
        (ConfirmDress, VisitAnswered): behind,
        (ConfirmDress, RequestRefused): behind,
        (ConfirmDress, PinChecked): behind,
        (ConfirmDress, SlipKept): behind,
        (ConfirmDress, NotRecorded): passing.not_recorded,
    }
)


def step(state: State, event: Input, context: Context, now: datetime) -> tuple[State, tuple[Action, ...]]:
    """Return the next state and the actions, in the order in which they must happen. Total: never raises."""
    toggled = state.toggled
    if isinstance(event, ToggleRead):
        event, toggled = toggling.turned(toggled, event, context, now)
    done = lockout.barred(state, event, context, now)
    if done is None:
        handler = TABLE.get((type(state.phase), type(event)))
        done = handler(state.phase, event, context, now) if handler else Step(state.phase)
    done, refusals = _counted(state, done, event, context, now)
    leaf, told = state.leaf, state.told
    if isinstance(event, Tick | ContactChanged | ExitPressed):
        done, leaf, told = _looked_after(state, done, event, context, now)
    verdict = done.verdict or state.verdict
    moved_on = done.verdict is None and not isinstance(event, Tick) and state.phase != done.phase
    if verdict is not None and (moved_on or (verdict.until is not None and now >= verdict.until)):
        verdict = None
    unnamed = state.unnamed if done.unnamed is None else done.unnamed
    following = State(done.phase, verdict, done.pins or state.pins, leaf, refusals, toggled, told, unnamed)
    shown = view_of(following)
    actions = done.actions
    if shown != view_of(state):
        actions = (*actions, Show(shown), *_beep(shown, done.verdict is not None))
    return following, actions


def _counted(
    state: State, done: Step, event: Input, context: Context, now: datetime
) -> tuple[Step, Mapping[str, Refusals]]:
    """Count refusals in a row; the alarm of a reader that begins to rest becomes durable with the last of them."""
    if isinstance(event, NotRecorded):
        return done, lockout.forgotten(state.refusals, event)
    for record in done.actions:
        if isinstance(record, Record):
            refusals, alarms = lockout.counted(state.refusals, record.entries, context, now)
            if not alarms:
                return done, refusals
            others = (action for action in done.actions if action is not record)
            return replace(done, actions=(Record((*record.entries, *alarms)), *others)), refusals
    return done, state.refusals


def _looked_after(
    state: State, done: Step, event: Input, context: Context, now: datetime
) -> tuple[Step, Leaf, Told]:
    """Look after the leaf, and in a quiet moment after visitors: what the phase records comes first, alone."""
    if any(isinstance(action, Record) for action in done.actions):
        return done, state.leaf, state.told
    moved = leaf_step(state.leaf, event, context, now)
    told, entries = state.told, moved.entries
    if isinstance(event, Tick):
        told, watched = watch(state.told, context, now)
        entries += watched
    records = (Record(entries),) if entries else ()
    actions = (*records, *done.actions, *moved.actions)
    return replace(done, actions=actions, verdict=done.verdict or moved.verdict), moved.leaf, told


def view_of(state: State) -> View:
    """Return what the screen shows in ``state``: while nobody is at the door, that it is held open."""
    if state.verdict is not None:
        return state.verdict
    held = held_view(state.leaf) if isinstance(state.phase, Idle) else None
    return held or phase_view(state.phase)


def phase_view(phase: Phase) -> View:
    """Return the picture of a phase."""
    match phase:
        case Idle():
            return views.IDLE_VIEW
        case VisitorForm() | AwaitApproval() | TakeBadge():
            return registration.picture(phase)
        case AskApprover() | AskPin() | KeepingSlip():
            return approval.picture(phase)
        case Maintenance() | Closing():
            return maintenance.picture(phase)
        case MusterAsked() | Muster():
            return muster.picture(phase)
        case Reporting():
            return reporting.picture(phase)
        case AwaitEscort():
            return View(
                ViewKind.ESCORT, "amber", views.WORDS_ESCORT, views.WORDS_ESCORT_WHO, 20, until=phase.until
            )
        case AskReason():
            code = phase.waiting.verdict.door_code
            return View(ViewKind.REASON, "amber", code.text, code=code.code, until=phase.until)
        case ConfirmDress():
            return dress.picture(phase)


def next_deadline(state: State) -> datetime | None:
    """Return when a tick will next change something, or ``None``."""
    times = [getattr(state.phase, "until", None), state.verdict.until if state.verdict else None]
    return min((time for time in times if time is not None), default=None)


def _beep(shown: View, decided: bool) -> tuple[Beep, ...]:
    if not decided:
        return (Beep("wait"),) if shown.kind is ViewKind.ESCORT else ()
    return (Beep("no" if shown.tone == "red" else "yes"),)
