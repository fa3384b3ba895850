"""Deciding leave (Art. 35-37): step by step, by whoever the route or a delegation names, never by oneself.

With the last approval, in its one transaction, the duties are on leave: the handover's signers, the door, Today and
attendance follow; open swaps of them lapse, and what a draft planned over them leaves it.
"""

from __future__ import annotations

from fractions import Fraction

import models
from locales import _
from operations import notices
from operations.boundary import Session, writes
from operations.centre import limits_at
from operations.errors import Conflict, Invalid
from operations.leave_duties import drop_from_draft, duties_taken, look_again, show_leave
from operations.leave_records import ARTICLE, Deciders, covered_of, decisions_of, leave_by_id, waiting_step
from operations.leave_requests import (
    LONGEST_REASON,
    ask_to_decide,
    checked_words,
    count_duties,
    plain_pieces,
    settle,
    tell_of_leave,
)
from operations.people import answerable
from operations.permissions import Action
from operations.refusals import unless
from operations.swap_records import open_swap_of
from operations.swaps import LapseDue
from regulation.leave_changes import LeaveState
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import Decision, Step, approval_refusal


@writes(Action.DECIDE_LEAVE)
def approve_leave(session: Session, leave_id: int, note: str = "") -> LeaveState:
    """Approve the step that waits; with the last one the leave takes effect. Returns its state.

    Raises :class:`Conflict` when it is another's to decide, when the doctor's note is missing (Art. 37), or when it
    covers no duty any more.
    """
    request, note = _open(leave_id), checked_words(note, LONGEST_REASON)
    look_again(request, session.now)
    pieces = covered_of([request])
    if not pieces:
        raise Conflict(
            _("This leave covers no duty any more: the roster has changed."),
            article=ARTICLE,
            next_step=_("Refuse it, or have it withdrawn."),
        )
    count_duties(request, pieces, session.now)
    step, decision = _step_of(session, request)
    kind, together = LeaveKind(request.kind), Fraction(request.days_together)
    unless(approval_refusal(kind, together, request.doctor_note, limits_at(session.now)))
    _note_decision(session, request, step, decision, approved=True, reason=note)
    session.about(f"leave:{leave_id}", step=step.decider.value, note=note, delegation=decision.delegation_id)
    following = waiting_step(request)
    if following is not None:
        ask_to_decide(session, request, following)
        return LeaveState.ASKED
    _take_effect(session, request)
    return LeaveState.ACCEPTED


@writes(Action.DECIDE_LEAVE)
def refuse_leave(session: Session, leave_id: int, reason: str) -> None:
    """Refuse the step that waits, with the reason; nothing of it takes effect."""
    request, reason = _open(leave_id), checked_words(reason, LONGEST_REASON)
    step, decision = _step_of(session, request)
    if not reason:
        raise Invalid(_("This needs a reason."), article=ARTICLE)
    _note_decision(session, request, step, decision, approved=False, reason=reason)
    settle(session, request, state=LeaveState.REFUSED.value)
    tell_of_leave(
        session, request, notices.LEAVE_REFUSED, {request.person_id, request.asked_by_id}, reason=reason
    )
    session.about(f"leave:{leave_id}", reason=reason, delegation=decision.delegation_id)


def _open(leave_id: int) -> models.LeaveRequest:
    request = leave_by_id(leave_id)
    if request.state != LeaveState.ASKED.value:
        raise Conflict(_("This request is settled already."), article=ARTICLE)
    return request


def _step_of(session: Session, request: models.LeaveRequest) -> tuple[Step, Decision]:
    """Return the step that waits, and in which capacity the actor decides it. Raises :class:`Conflict`."""
    step = waiting_step(request)
    if step is None:
        raise Conflict(_("This request is settled already."), article=ARTICLE)
    actor_id, deciders = answerable(session), Deciders(session.now)
    if actor_id == request.asked_by_id != request.person_id:
        raise Conflict(
            _("Whoever asked for somebody else does not decide it."),
            article=ARTICLE,
            next_step=_("Another leader decides."),
        )
    unless(deciders.refusal(actor_id, request, step))
    decision = deciders.decision(actor_id, request, step)
    if decision is None:
        raise Conflict(_("This request is settled already."), article=ARTICLE)
    return step, decision


def _note_decision(
    session: Session,
    request: models.LeaveRequest,
    step: Step,
    decision: Decision,
    *,
    approved: bool,
    reason: str,
) -> None:
    models.LeaveStep.create(
        request=request,
        position=len(decisions_of(request)),
        decider=decision.decider.value,
        article=step.article,
        approved=approved,
        decided_by=decision.person_id,
        decided_at=session.now,
        reason=reason,
        delegation=decision.delegation_id,
    )


def _take_effect(session: Session, request: models.LeaveRequest) -> None:
    settle(session, request, state=LeaveState.ACCEPTED.value)
    duties = duties_taken(request)
    for duty in duties:
        swap = open_swap_of(duty.id)
        if swap is not None:
            LapseDue(swap.id).keep(session)
    dropped = drop_from_draft(duties)
    show_leave(duties)
    tell_of_leave(session, request, notices.LEAVE_ACCEPTED, {request.person_id, request.asked_by_id})
    person = models.Person
    planners = person.select(person.id).where(person.work_number.in_([row[-1] for row in dropped] or [""]))
    tell_of_leave(session, request, notices.LEAVE_OVER_DRAFT, {row.id for row in planners})
    session.about(
        f"leave:{request.id}",
        effect=plain_pieces(covered_of([request])),
        dropped_from_draft=dropped,
    )
