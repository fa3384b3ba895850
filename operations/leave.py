"""Leave as whoever takes it acts (Art. 35-37): ask, note the doctor's word, withdraw, give back a part, take more.

:mod:`operations.leave_decisions` lets others decide it, and then it is in effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import models
from locales import _
from operations import notices
from operations.boundary import Session, writes
from operations.centre import limits_at, zone
from operations.errors import Invalid, NotPermitted
from operations.leave_duties import (
    duties_taken,
    show_leave,
    write_covered,
)
from operations.leave_records import (
    ARTICLE,
    covered_of,
    decisions_of,
    duties_ahead,
    leave_by_id,
    leave_known,
)
from operations.leave_requests import (
    LONGEST_NOTE,
    LONGEST_REASON,
    ask_to_decide,
    checked_words,
    count_duties,
    plain_pieces,
    settle,
    tell_of_leave,
)
from operations.people import answerable, person_by_number
from operations.permissions import Action
from operations.refusals import unless
from regulation.leave import (
    Extent,
    LeaveAnswer,
    LeaveAsk,
    LeaveSpan,
    covered_duties,
    may_ask,
)
from regulation.leave_changes import (
    LeaveState,
    extension_refusal,
    shortening_refusal,
    withdrawal_refusal,
)
from regulation.leave_kinds import LeaveKind
from regulation.roles import LEADER_ROLES, Role

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


@writes(Action.ASK_LEAVE)
def withdraw_leave(session: Session, leave_id: int, reason: str = "") -> None:
    """Withdraw a request at any time, or leave in effect until it begins: the very duties stand again.

    A leader who is neither on leave nor asked for it gives a reason. Raises :class:`Conflict` when something was
    built on it since.
    """
    request, reason = leave_by_id(leave_id), checked_words(reason, LONGEST_REASON)
    _require_theirs(session, request, reason)
    was = LeaveState(request.state)
    unless(withdrawal_refusal(was, covered_of([request]), session.now))
    settle(
        session,
        request,
        state=LeaveState.WITHDRAWN.value,
        closed_by=answerable(session),
        closed_at=session.now,
        closing_reason=reason,
    )
    show_leave(duties_taken(request))
    told = {step.decided_by_id for step in decisions_of(request)} | {request.person_id}
    tell_of_leave(session, request, notices.LEAVE_WITHDRAWN, told)
    session.about(f"leave:{leave_id}", was=was.value, reason=reason)


@writes(Action.ASK_LEAVE)
def shorten_leave(session: Session, leave_id: int, first_day: date, last_day: date, reason: str = "") -> None:
    """Keep only the days from ``first_day`` to ``last_day``; the duties given back stand as they did.

    More people are on duty than before: it needs no approval, and whoever approved it is told.
    """
    request, reason = leave_by_id(leave_id), checked_words(reason, LONGEST_REASON)
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
    count_duties(request, kept, session.now)
    show_leave(duties)
    tell_of_leave(session, request, notices.LEAVE_SHORTENED, {s.decided_by_id for s in decisions_of(request)})
    session.about(
        f"leave:{leave_id}", first_day=first_day.isoformat(), last_day=last_day.isoformat(), reason=reason
    )


@writes(Action.ASK_LEAVE)
def note_doctor(session: Session, leave_id: int, doctor_note: str) -> None:
    """Write down the reference of the doctor's note (Art. 37): by the person, whoever asked, or whoever decides."""
    request, doctor_note = leave_by_id(leave_id), checked_words(doctor_note, LONGEST_NOTE)
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
        reason=checked_words(wish.reason, LONGEST_REASON),
        special=wish.special and answer.ask_before is not None and session.now >= answer.ask_before,
        doctor_note=checked_words(wish.doctor_note, LONGEST_NOTE),
        extends=extends,
        begins_at=answer.covered[0].from_at,
        days=str(answer.days),
        days_together=str(answer.days_together),
        asked_by=answerable(session),
        asked_at=session.now,
    )
    write_covered(request, answer.covered)
    ask_to_decide(session, request, answer.steps[0])
    if person.id != request.asked_by_id:
        tell_of_leave(session, request, notices.LEAVE_ASKED, {person.id})
    session.about(
        f"leave:{request.id}",
        person=person.work_number,
        kind=wish.kind.value,
        first_day=wish.span.first_day.isoformat(),
        last_day=wish.span.last_day.isoformat(),
        days=str(answer.days),
        special=request.special,
        extends=extends.id if extends is not None else None,
        covered=plain_pieces(answer.covered),
    )
    return int(request.id)


def _require_theirs(session: Session, request: models.LeaveRequest, reason: str) -> None:
    """Whose leave it is and who asked for it may change it; a leader who acts for someone absent says why."""
    actor_id = answerable(session)
    if actor_id in (request.person_id, request.asked_by_id):
        return
    if session.actor.role not in LEADER_ROLES:
        raise NotPermitted(_("One changes one's own leave."), article=ARTICLE)
    if not reason.strip():
        raise Invalid(_("Say why you act for somebody else."), article=ARTICLE)
