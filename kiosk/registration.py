"""A visitor registers at the door and waits for the desk's answer (Art. 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import views
from kiosk.passing import VERDICT_SECONDS
from kiosk.states import (
    AskReason,
    AwaitApproval,
    AwaitEscort,
    Context,
    FormSubmitted,
    Idle,
    Key,
    RequestRefused,
    RequestVisit,
    Step,
    TakeBadge,
    Tick,
    VisitAnswered,
    VisitForm,
    VisitorForm,
)
from kiosk.views import View, ViewKind
from locales import N_
from regulation.records import VisitState
from regulation.visiting import visit_reason

FORM_IDLE_SECONDS: Final = 90
"""A form nobody types in is cleared: it holds a visitor's name and number."""

APPROVAL_WAIT_MINUTES: Final = 10
"""How long a visitor is kept waiting before the door says that nobody answered."""

TAKE_BADGE_SECONDS: Final = 120
"""How long the door keeps telling an approved visitor which badge to take."""


def idle_key(phase: Idle, event: Key, context: Context, now: datetime) -> Step:
    if event.name == "1" and context.can_ask:
        return Step(VisitorForm(now + timedelta(seconds=FORM_IDLE_SECONDS)))
    return Step(phase)


def form_key(phase: VisitorForm, event: Key, _context: Context, now: datetime) -> Step:
    if event.name == "escape":
        return Step(Idle())
    return Step(replace(phase, until=now + timedelta(seconds=FORM_IDLE_SECONDS)))


def waiting_key(phase: AwaitApproval | TakeBadge, event: Key, _context: Context, _now: datetime) -> Step:
    return Step(Idle()) if event.name == "escape" else Step(phase)


def over(phase: VisitorForm | TakeBadge, _event: Tick, _context: Context, now: datetime) -> Step:
    return Step(Idle()) if now >= phase.until else Step(phase)


def approval_late(phase: AwaitApproval, _event: Tick, _context: Context, now: datetime) -> Step:
    if now < phase.until:
        return Step(phase)
    return Step(Idle(), verdict=_notice(views.WORDS_NO_ANSWER, now))


def submit(_phase: VisitorForm, event: FormSubmitted, context: Context, now: datetime) -> Step:
    if problem := form_problem(event.form, context):
        return Step(VisitorForm(now + timedelta(seconds=FORM_IDLE_SECONDS), problem))
    until = now + timedelta(minutes=APPROVAL_WAIT_MINUTES)
    return Step(AwaitApproval(event.key, until), (RequestVisit(event.key, event.form),))


def form_problem(form: VisitForm, context: Context) -> str:
    """Return what is missing in a visitor's form (Art. 20), a message to translate, or an empty string."""
    reason = visit_reason(form.reason)
    sponsors = {p.work_number for p in context.knowledge.people.values() if p.is_centre_personnel}
    checks = (
        (not form.visitor.strip(), N_("Please write your name")),
        (not form.unit.strip(), N_("Please write your unit")),
        (not form.phone.strip(), N_("Please write your telephone number")),
        (reason is None, N_("Please choose a reason")),
        (
            reason is not None and bool(reason.needs) and not form.reference.strip(),
            N_("This reason needs a reference"),
        ),
        (form.sponsor.strip() not in sponsors, N_("No one here has this work number — whom do you visit?")),
    )
    return next((message for wrong, message in checks if wrong), "")


def answered(phase: AwaitApproval, event: VisitAnswered, _context: Context, now: datetime) -> Step:
    if event.key != phase.key:
        return Step(phase)
    match event.state:
        case VisitState.APPROVED:
            return Step(TakeBadge(event.label, now + timedelta(seconds=TAKE_BADGE_SECONDS)))
        case VisitState.REQUESTED:
            return Step(replace(phase, reached=True))
        case _refused_or_over:
            return Step(Idle(), verdict=_notice(views.WORDS_REQUEST_REFUSED, now))


def request_refused(phase: AwaitApproval, event: RequestRefused, _context: Context, now: datetime) -> Step:
    if event.key != phase.key:
        return Step(phase)
    return Step(VisitorForm(now + timedelta(seconds=FORM_IDLE_SECONDS), event.message))


def behind(
    phase: AwaitEscort | AskReason, event: VisitAnswered | RequestRefused, context: Context, now: datetime
) -> Step:
    """News for the visitor whose registration was interrupted by a badge: it shows when the door returns to it."""
    if not isinstance(phase.back, AwaitApproval):
        return Step(phase)
    if isinstance(event, VisitAnswered):
        news = answered(phase.back, event, context, now).phase
    else:
        news = request_refused(phase.back, event, context, now).phase
    if isinstance(news, AwaitEscort | AskReason):
        return Step(phase)
    return Step(replace(phase, back=news))


def _notice(text: str, now: datetime) -> View:
    until = now + timedelta(seconds=VERDICT_SECONDS)
    return View(ViewKind.VERDICT, "red", text, views.WORDS_ASK_LEADER, until=until)
