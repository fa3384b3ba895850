"""A visitor registers at the door and waits for the desk's answer (Art. 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import views
from kiosk.actions import RequestVisit, WithdrawRequest
from kiosk.inputs import FormSubmitted, Key, RequestRefused, Tick, VisitAnswered, VisitForm
from kiosk.passing import VERDICT_SECONDS
from kiosk.phases import AwaitApproval, Idle, TakeBadge, VisitorForm
from kiosk.states import Context, Step
from kiosk.views import View, ViewKind
from locales import N_
from regulation.records import Snapshot, VisitReason, VisitState
from regulation.visiting import VISIT_REASONS

FORM_IDLE_SECONDS: Final = 90
"""A form nobody types in is cleared: it holds a visitor's name and number."""

APPROVAL_WAIT_MINUTES: Final = 10
"""How long a visitor is kept waiting before the door says that nobody answered."""

TAKE_BADGE_SECONDS: Final = 120
"""How long the door keeps telling an approved visitor which badge to take."""


VISIT_MINUTES: Final = (30, 60, 120, 240, 480)
"""How long a visitor may ask to stay."""


def reasons_in_force(snapshot: Snapshot) -> tuple[VisitReason, ...]:
    """Return the centre's reasons to enter, or the regulation's own list (Art. 20)."""
    return snapshot.visit_reasons or VISIT_REASONS


def reason_in_force(snapshot: Snapshot, code: str) -> VisitReason | None:
    """Return the reason with ``code``, or ``None`` when it is not on the list."""
    return next((reason for reason in reasons_in_force(snapshot) if reason.code == code), None)


def begin(now: datetime) -> Step:
    """Open an empty form."""
    return Step(VisitorForm(now + timedelta(seconds=FORM_IDLE_SECONDS)))


def form_key(phase: VisitorForm, event: Key, _context: Context, now: datetime) -> Step:
    if event.name == "escape":
        return Step(Idle())
    return Step(replace(phase, until=now + timedelta(seconds=FORM_IDLE_SECONDS)))


def withdraw(phase: AwaitApproval) -> Step:
    """The visitor goes away: the desk need not decide any more."""
    return Step(Idle(), (WithdrawRequest(phase.key),))


def over(phase: VisitorForm | TakeBadge, _event: Tick, _context: Context, now: datetime) -> Step:
    return Step(Idle()) if now >= phase.until else Step(phase)


def approval_late(phase: AwaitApproval, _event: Tick, _context: Context, now: datetime) -> Step:
    if now < phase.until:
        return Step(phase)
    return replace(withdraw(phase), verdict=_notice(views.WORDS_NO_ANSWER, now))


def submit(_phase: VisitorForm, event: FormSubmitted, context: Context, now: datetime) -> Step:
    if problem := form_problem(event.form, context):
        return Step(VisitorForm(now + timedelta(seconds=FORM_IDLE_SECONDS), problem))
    until = now + timedelta(minutes=APPROVAL_WAIT_MINUTES)
    why = reason_in_force(context.knowledge.snapshot, event.form.reason)
    return Step(
        AwaitApproval(event.key, until, form=event.form, why=why), (RequestVisit(event.key, event.form),)
    )


def form_problem(form: VisitForm, context: Context) -> str:
    """Return what is missing in a visitor's form (Art. 20), a message to translate, or an empty string."""
    reason = reason_in_force(context.knowledge.snapshot, form.reason)
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
        (form.minutes not in VISIT_MINUTES, N_("Please choose how long you stay")),
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


def picture(phase: VisitorForm | AwaitApproval | TakeBadge) -> View:
    """Return what a visitor sees on the way to a visitor badge."""
    match phase:
        case VisitorForm():
            return View(ViewKind.FORM, "calm", views.WORDS_FORM, phase.problem, until=phase.until)
        case AwaitApproval():
            words = views.WORDS_REACHED if phase.reached else views.WORDS_SENDING
            return View(ViewKind.WAITING, "amber", words, views.WORDS_LEADER_KEY, until=phase.until)
        case TakeBadge():
            words = views.WORDS_TAKE_BADGE
            return View(ViewKind.TAKE_BADGE, "green", words, label=phase.label, until=phase.until)


def _notice(text: str, now: datetime) -> View:
    until = now + timedelta(seconds=VERDICT_SECONDS)
    return View(ViewKind.VERDICT, "red", text, views.WORDS_ASK_LEADER, until=until)
