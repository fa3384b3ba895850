"""Leave (Art. 35-37): ask, approve step by step, refuse, withdraw, give back a part, take more.

With the last approval, in its one transaction, the duties are on leave: the handover's signers, the door, Today and
attendance follow. Nobody decides their own leave, nor what they asked for somebody absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import models
from locales import _
from operations import notices
from operations.boundary import Session, writes
from operations.centre import limits_at, zone
from operations.duties import named
from operations.errors import Conflict, Invalid, NotPermitted
from operations.leave_duties import (
    drop_from_draft,
    duties_taken,
    look_again,
    show_leave,
    write_covered,
)
from operations.leave_records import (
    ARTICLE,
    Deciders,
    covered_of,
    decisions_of,
    duties_ahead,
    leave_by_id,
    leave_known,
    span_of,
    waiting_step,
)
from operations.people import answerable, person_by_number
from operations.permissions import Action
from operations.refusals import unless
from operations.swap_records import open_swap_of
from operations.swaps import LapseDue
from regulation.leave import (
    CoveredDuty,
    Extent,
    LeaveAnswer,
    LeaveAsk,
    LeaveSpan,
    covered_duties,
    joined_days,
    may_ask,
)
from regulation.leave_changes import (
    LeaveState,
    extension_refusal,
    shortening_refusal,
    withdrawal_refusal,
)
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import Decision, Step, approval_refusal
from regulation.ledger import instant_text
from regulation.roles import LEADER_ROLES, Role

LONGEST_REASON, LONGEST_NOTE = 200, 80
LONGEST_DAYS = 200


@dataclass(frozen=True, slots=True)
class LeaveWish:
    """What somebody wants to ask for. ``special`` cases may come late, with a reason (Art. 35)."""

    kind: LeaveKind
    span: LeaveSpan
    reason: str = ""
    special: bool = False
    doctor_note: str = ""


@writes(Action.ASK_LEAVE)
def ask_leave(session: Session, wish: LeaveWish, on_behalf_of: str = "") -> int:
    """Ask for leave; returns its id. Whoever decides first is told at once.

    A leader may ask for someone absent (their work number), and does not decide it then. Raises :class:`Conflict`
    with the article when it may not be asked: too late, no duty in it, asked for already.
    """
    person = asker_of(session, on_behalf_of)
    return _ask(session, person, wish, None)


@writes(Action.ASK_LEAVE)
def extend_leave(
    session: Session, leave_id: int, last_day: date, reason: str = "", doctor_note: str = ""
) -> int:
    """Ask for more of the same leave, up to ``last_day``, at once after it; returns the id of what is asked.

    It is decided as leave of both together (Art. 36, 37), and what was approved stays meanwhile. A special case, with
    a reason, may come late.
    """
    request = leave_by_id(leave_id)
    _require_theirs(session, request, reason)
    known = covered_of([request])
    around = duties_ahead(request.person, request.first_day, last_day, session.now)
    rest = Extent.SECOND_HALF if request.last == Extent.FIRST_HALF.value else Extent.WHOLE
    added = [
        piece
        for piece in covered_duties(around, LeaveSpan(request.last_day, last_day, rest))
        if not known or piece.from_at >= known[-1].until_at
    ]
    unless(extension_refusal(LeaveState(request.state), known, added, around))
    span = LeaveSpan(added[0].duty.date, last_day)
    if added[0].from_at > added[0].duty.starts_at:
        span = LeaveSpan(added[0].duty.date, last_day, Extent.SECOND_HALF)
    wish = LeaveWish(LeaveKind(request.kind), span, reason, bool(reason.strip()), doctor_note)
    return _ask(session, request.person, wish, request)


@writes(Action.DECIDE_LEAVE)
def approve_leave(session: Session, leave_id: int, note: str = "") -> LeaveState:
    """Approve the step that waits; with the last one the leave takes effect. Returns its state.

    Raises :class:`Conflict` when it is another's to decide, when the doctor's note is missing (Art. 37), or when it
    covers no duty any more.
    """
    request, note = _open(leave_id), _words(note, LONGEST_REASON)
    look_again(request, session.now)
    pieces = covered_of([request])
    if not pieces:
        raise Conflict(
            _("This leave covers no duty any more: the roster has changed."),
            article=ARTICLE,
            next_step=_("Refuse it, or have it withdrawn."),
        )
    _count(request, pieces, session.now)
    step, decision = _step_of(session, request)
    kind, together = LeaveKind(request.kind), Fraction(request.days_together)
    unless(approval_refusal(kind, together, request.doctor_note, limits_at(session.now)))
    _note_decision(session, request, step, decision, approved=True, reason=note)
    session.about(f"leave:{leave_id}", step=step.decider.value, note=note, delegation=decision.delegation_id)
    following = waiting_step(request)
    if following is not None:
        _ask_to_decide(session, request, following)
        return LeaveState.ASKED
    _take_effect(session, request)
    return LeaveState.ACCEPTED


@writes(Action.DECIDE_LEAVE)
def refuse_leave(session: Session, leave_id: int, reason: str) -> None:
    """Refuse the step that waits, with the reason; nothing of it takes effect."""
    request, reason = _open(leave_id), _words(reason, LONGEST_REASON)
    step, decision = _step_of(session, request)
    if not reason:
        raise Invalid(_("This needs a reason."), article=ARTICLE)
    _note_decision(session, request, step, decision, approved=False, reason=reason)
    _settle(session, request, state=LeaveState.REFUSED.value)
    _tell(session, request, notices.LEAVE_REFUSED, {request.person_id, request.asked_by_id}, reason=reason)
    session.about(f"leave:{leave_id}", reason=reason, delegation=decision.delegation_id)


@writes(Action.ASK_LEAVE)
def withdraw_leave(session: Session, leave_id: int, reason: str = "") -> None:
    """Withdraw a request at any time, or leave in effect until it begins: the very duties stand again.

    A leader who is neither on leave nor asked for it gives a reason. Raises :class:`Conflict` when something was
    built on it since.
    """
    request, reason = leave_by_id(leave_id), _words(reason, LONGEST_REASON)
    _require_theirs(session, request, reason)
    was = LeaveState(request.state)
    unless(withdrawal_refusal(was, covered_of([request]), session.now))
    _settle(
        session,
        request,
        state=LeaveState.WITHDRAWN.value,
        closed_by=answerable(session),
        closed_at=session.now,
        closing_reason=reason,
    )
    show_leave(duties_taken(request))
    told = {step.decided_by_id for step in decisions_of(request)} | {request.person_id}
    _tell(session, request, notices.LEAVE_WITHDRAWN, told)
    session.about(f"leave:{leave_id}", was=was.value, reason=reason)


@writes(Action.ASK_LEAVE)
def shorten_leave(session: Session, leave_id: int, first_day: date, last_day: date, reason: str = "") -> None:
    """Keep only the days from ``first_day`` to ``last_day``; the duties given back stand as they did.

    More people are on duty than before: it needs no approval, and whoever approved it is told.
    """
    request, reason = leave_by_id(leave_id), _words(reason, LONGEST_REASON)
    _require_theirs(session, request, reason)
    pieces = covered_of([request])
    kept = [piece for piece in pieces if first_day <= piece.duty.date <= last_day]
    unless(shortening_refusal(LeaveState(request.state), pieces, kept, session.now))
    duties = duties_taken(request)
    first = request.first if first_day <= request.first_day else Extent.WHOLE.value
    last = request.last if last_day >= request.last_day else Extent.WHOLE.value
    models.LeaveRequest.update(
        first_day=max(first_day, request.first_day),
        last_day=min(last_day, request.last_day),
        first=first,
        last=last,
    ).where(models.LeaveRequest.id == leave_id).execute()
    write_covered(request, kept)
    request = leave_by_id(leave_id)
    _count(request, kept, session.now)
    show_leave(duties)
    _tell(session, request, notices.LEAVE_SHORTENED, {s.decided_by_id for s in decisions_of(request)})
    session.about(
        f"leave:{leave_id}", first_day=first_day.isoformat(), last_day=last_day.isoformat(), reason=reason
    )


@writes(Action.ASK_LEAVE)
def note_doctor(session: Session, leave_id: int, doctor_note: str) -> None:
    """Write down the reference of the doctor's note (Art. 37): by the person, whoever asked, or whoever decides."""
    request, doctor_note = leave_by_id(leave_id), _words(doctor_note, LONGEST_NOTE)
    if not doctor_note:
        raise Invalid(_("The note's number or reference is needed."), article=37)
    _require_theirs(session, request, doctor_note)
    models.LeaveRequest.update(doctor_note=doctor_note).where(models.LeaveRequest.id == leave_id).execute()
    session.about(f"leave:{leave_id}", doctor_note=doctor_note, before=request.doctor_note)


def asker_of(session: Session, on_behalf_of: str) -> models.Person:
    """Return whose leave it is: the actor's own, or that of someone a leader asks for (inside a transaction)."""
    actor_id = answerable(session)
    own: models.Person = models.Person.get_by_id(actor_id)
    if not on_behalf_of or on_behalf_of == own.work_number:
        return own
    if session.actor.role not in LEADER_ROLES:
        raise NotPermitted(
            _("Only a leader acts for someone absent."),
            article=ARTICLE,
            next_step=_("Ask the leader of the team or the shift."),
        )
    return person_by_number(on_behalf_of)


def answer_to(person: models.Person, wish: LeaveWish, now: datetime) -> LeaveAnswer:
    """Return whether leave may be asked now, what it needs and who decides (inside a transaction)."""
    span = wish.span
    if not 0 <= (span.last_day - span.first_day).days < LONGEST_DAYS:
        raise Invalid(
            _("Leave goes from a first day to a last one, at most {most} days.").format(most=LONGEST_DAYS),
            article=ARTICLE,
        )
    ask = LeaveAsk(
        person.id, Role(person.role), wish.kind, span, now, wish.reason, wish.special, wish.doctor_note
    )
    known = leave_known(person, wish.kind, span, now)
    return may_ask(ask, known, zone(), limits_at(now))


# --- asking -------------------------------------------------------------------------------------------------


def _ask(
    session: Session, person: models.Person, wish: LeaveWish, extends: models.LeaveRequest | None
) -> int:
    answer = answer_to(person, wish, session.now)
    for refusal in answer.refusals[:1]:
        unless(refusal)
    request = models.LeaveRequest.create(
        person=person,
        kind=wish.kind.value,
        first_day=wish.span.first_day,
        last_day=wish.span.last_day,
        first=wish.span.first.value,
        last=wish.span.last.value,
        from_at=wish.span.from_at,
        until_at=wish.span.until_at,
        reason=_words(wish.reason, LONGEST_REASON),
        special=wish.special and answer.ask_before is not None and session.now >= answer.ask_before,
        doctor_note=_words(wish.doctor_note, LONGEST_NOTE),
        extends=extends,
        begins_at=answer.covered[0].from_at,
        days=str(answer.days),
        days_together=str(answer.days_together),
        asked_by=answerable(session),
        asked_at=session.now,
    )
    write_covered(request, answer.covered)
    _ask_to_decide(session, request, answer.steps[0])
    if person.id != request.asked_by_id:
        _tell(session, request, notices.LEAVE_ASKED, {person.id})
    session.about(
        f"leave:{request.id}",
        person=person.work_number,
        kind=wish.kind.value,
        first_day=wish.span.first_day.isoformat(),
        last_day=wish.span.last_day.isoformat(),
        days=str(answer.days),
        special=request.special,
        extends=extends.id if extends is not None else None,
        covered=_plain(answer.covered),
    )
    return int(request.id)


def _ask_to_decide(session: Session, request: models.LeaveRequest, step: Step) -> None:
    notices.answered(session, f"leave:{request.id}")
    _tell(session, request, notices.LEAVE_ASKED, Deciders(session.now).expected(request, step))


def _words(text: str, longest: int) -> str:
    if len(text.strip()) > longest:
        raise Invalid(_("A reason has at most {most} characters.").format(most=longest), article=ARTICLE)
    return text.strip()


# --- deciding -----------------------------------------------------------------------------------------------


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
    _settle(session, request, state=LeaveState.ACCEPTED.value)
    duties = duties_taken(request)
    for duty in duties:
        swap = open_swap_of(duty.id)
        if swap is not None:
            LapseDue(swap.id).keep(session)
    dropped = drop_from_draft(duties)
    show_leave(duties)
    _tell(session, request, notices.LEAVE_ACCEPTED, {request.person_id, request.asked_by_id})
    person = models.Person
    planners = person.select(person.id).where(person.work_number.in_([row[-1] for row in dropped] or [""]))
    _tell(session, request, notices.LEAVE_OVER_DRAFT, {row.id for row in planners})
    session.about(
        f"leave:{request.id}",
        effect=_plain(covered_of([request])),
        dropped_from_draft=dropped,
    )


def _count(request: models.LeaveRequest, pieces: list[CoveredDuty], now: datetime) -> None:
    """Write down how many duties a request takes, alone and together with what it touches."""
    known = leave_known(request.person, LeaveKind(request.kind), span_of(request), now, but=request.id)
    days = sum((piece.days for piece in pieces), Fraction(0))
    together = days + joined_days(pieces, known.same_kind, known.rostered)
    request.days, request.days_together = str(days), str(together)
    request.begins_at = pieces[0].from_at
    models.LeaveRequest.update(
        days=request.days, days_together=request.days_together, begins_at=request.begins_at
    ).where(models.LeaveRequest.id == request.id).execute()


def _require_theirs(session: Session, request: models.LeaveRequest, reason: str) -> None:
    """Whose leave it is and who asked for it may change it; a leader who acts for someone absent says why."""
    actor_id = answerable(session)
    if actor_id in (request.person_id, request.asked_by_id):
        return
    if session.actor.role not in LEADER_ROLES:
        raise NotPermitted(_("One changes one's own leave."), article=ARTICLE)
    if not reason.strip():
        raise Invalid(_("Say why you act for somebody else."), article=ARTICLE)


def _settle(session: Session, request: models.LeaveRequest, **values: object) -> None:
    models.LeaveRequest.update(values).where(models.LeaveRequest.id == request.id).execute()
    notices.answered(session, f"leave:{request.id}")


def _tell(
    session: Session, request: models.LeaveRequest, kind: str, person_ids: Iterable[int], **details: str
) -> None:
    """Tell everyone concerned but the one who did it."""
    for person_id in sorted(set(person_ids) - {session.actor.person_id}):
        notices.tell_person(
            session,
            person_id,
            kind,
            f"leave:{request.id}",
            f"leave:{request.id}:{kind}:{person_id}:{instant_text(session.now)}",
            name=named(request.person),
            kind=request.kind,
            first=request.first_day.isoformat(),
            last=request.last_day.isoformat(),
            **details,
        )


def _plain(pieces: Iterable[CoveredDuty]) -> list[list[object]]:
    return [
        [
            piece.duty.duty_id,
            piece.duty.date.isoformat(),
            instant_text(piece.from_at),
            instant_text(piece.until_at),
        ]
        for piece in pieces
    ]
