"""The door's state machine: one table, one step. Time and knowledge are arguments; nothing here waits or writes.

What is shown is the running verdict while its time lasts, else the picture of the phase. An input that means
nothing in a phase leaves the state as it was. In every step a ``Record`` stands before the ``Unlock``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from kiosk import passing, registration, views
from kiosk.states import (
    Action,
    AskReason,
    AwaitApproval,
    AwaitEscort,
    Beep,
    Context,
    EntryRead,
    ExitRead,
    FormSubmitted,
    Idle,
    Input,
    Key,
    NotRecorded,
    Phase,
    RequestRefused,
    Show,
    State,
    Step,
    TakeBadge,
    Tick,
    VisitAnswered,
    VisitorForm,
)
from kiosk.views import View, ViewKind

Handler = Callable[[Any, Any, Context, datetime], Step]

# One row for each phase; a pair that is not here leaves the state as it was.
TABLE: Final[Mapping[tuple[type, type], Handler]] = MappingProxyType(
    {
        (Idle, EntryRead): passing.enter,
        (Idle, ExitRead): passing.leave,
        (Idle, Key): registration.idle_key,
        (Idle, NotRecorded): passing.not_recorded,
        (VisitorForm, EntryRead): passing.enter,
        (VisitorForm, ExitRead): passing.leave,
        (VisitorForm, Tick): registration.over,
        (VisitorForm, Key): registration.form_key,
        (VisitorForm, FormSubmitted): registration.submit,
        (VisitorForm, NotRecorded): passing.not_recorded,
        (AwaitApproval, EntryRead): passing.enter,
        (AwaitApproval, ExitRead): passing.leave,
        (AwaitApproval, Tick): registration.approval_late,
        (AwaitApproval, Key): registration.waiting_key,
        (AwaitApproval, VisitAnswered): registration.answered,
        (AwaitApproval, RequestRefused): registration.request_refused,
        (AwaitApproval, NotRecorded): passing.not_recorded,
        (TakeBadge, EntryRead): passing.enter,
        (TakeBadge, ExitRead): passing.leave,
        (TakeBadge, Tick): registration.over,
        (TakeBadge, Key): registration.waiting_key,
        (TakeBadge, NotRecorded): passing.not_recorded,
        (AwaitEscort, EntryRead): passing.enter_beside_visitor,
        (AwaitEscort, ExitRead): passing.leave,
        (AwaitEscort, Tick): passing.escort_late,
        (AwaitEscort, Key): passing.escort_key,
        (AwaitEscort, VisitAnswered): registration.behind,
        (AwaitEscort, RequestRefused): registration.behind,
        (AwaitEscort, NotRecorded): passing.not_recorded,
        (AskReason, EntryRead): passing.enter_past_question,
        (AskReason, ExitRead): passing.leave,
        (AskReason, Tick): passing.reason_late,
        (AskReason, Key): passing.reason_key,
        (AskReason, VisitAnswered): registration.behind,
        (AskReason, RequestRefused): registration.behind,
        (AskReason, NotRecorded): passing.not_recorded,
    }
)


def step(state: State, event: Input, context: Context, now: datetime) -> tuple[State, tuple[Action, ...]]:
    """Return the next state and the actions, in the order in which they must happen. Total: never raises."""
    handler = TABLE.get((type(state.phase), type(event)))
    done = handler(state.phase, event, context, now) if handler else Step(state.phase)
    verdict = done.verdict or state.verdict
    moved_on = state.phase != done.phase and done.verdict is None and not isinstance(event, Tick)
    if verdict is not None and (moved_on or (verdict.until is not None and now >= verdict.until)):
        verdict = None
    following = State(done.phase, verdict)
    shown = view_of(following)
    actions = done.actions
    if shown != view_of(state):
        actions = (*actions, Show(shown), *_beep(shown, done.verdict is not None))
    return following, actions


def view_of(state: State) -> View:
    """Return what the screen shows in ``state``."""
    return state.verdict if state.verdict is not None else phase_view(state.phase)


def phase_view(phase: Phase) -> View:
    """Return the picture of a phase."""
    match phase:
        case Idle():
            return views.IDLE_VIEW
        case VisitorForm():
            return View(ViewKind.FORM, "calm", views.WORDS_FORM, phase.problem, until=phase.until)
        case AwaitApproval():
            words = views.WORDS_REACHED if phase.reached else views.WORDS_SENDING
            return View(ViewKind.WAITING, "amber", words, views.WORDS_CANCEL_KEY, until=phase.until)
        case TakeBadge():
            return View(
                ViewKind.TAKE_BADGE, "green", views.WORDS_TAKE_BADGE, label=phase.label, until=phase.until
            )
        case AwaitEscort():
            return View(
                ViewKind.ESCORT, "amber", views.WORDS_ESCORT, views.WORDS_ESCORT_WHO, 20, until=phase.until
            )
        case AskReason():
            code = phase.waiting.verdict.door_code
            return View(ViewKind.REASON, "amber", code.text, code=code.code, until=phase.until)


def next_deadline(state: State) -> datetime | None:
    """Return when a tick will next change something, or ``None``."""
    times = [getattr(state.phase, "until", None), state.verdict.until if state.verdict else None]
    return min((time for time in times if time is not None), default=None)


def _beep(shown: View, decided: bool) -> tuple[Beep, ...]:
    if not decided:
        return (Beep("wait"),) if shown.kind is ViewKind.ESCORT else ()
    return (Beep("no" if shown.tone == "red" else "yes"),)
