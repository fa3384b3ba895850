"""A request for leave under way (inside a transaction): what it comes to, who is told, what the record says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

import models
from locales import _
from operations import notices
from operations.boundary import Session
from operations.duties import named
from operations.errors import Invalid
from operations.leave_records import ARTICLE, Deciders, leave_known, span_of
from regulation.leave import CoveredDuty, joined_days
from regulation.leave_kinds import LeaveKind
from regulation.leave_routing import Step
from regulation.ledger import instant_text

LONGEST_REASON, LONGEST_NOTE = 200, 80


def ask_to_decide(session: Session, request: models.LeaveRequest, step: Step) -> None:
    """Tell whoever is to decide a step, and nobody any more who was to decide the one before."""
    notices.answered(session, f"leave:{request.id}")
    tell_of_leave(session, request, notices.LEAVE_ASKED, Deciders(session.now).expected(request, step))


def count_duties(request: models.LeaveRequest, pieces: Sequence[CoveredDuty], now: datetime) -> None:
    """Write down how many duties a request takes, alone and together with what it touches."""
    known = leave_known(request.person, LeaveKind(request.kind), span_of(request), now, but=request.id)
    days = sum((piece.days for piece in pieces), Fraction(0))
    together = days + joined_days(pieces, known.same_kind, known.rostered)
    request.days, request.days_together = str(days), str(together)
    request.begins_at = pieces[0].from_at
    models.LeaveRequest.update(
        days=request.days, days_together=request.days_together, begins_at=request.begins_at
    ).where(models.LeaveRequest.id == request.id).execute()


def settle(session: Session, request: models.LeaveRequest, **values: object) -> None:
    """Write down what became of a request; nobody has to decide it any more."""
    models.LeaveRequest.update(values).where(models.LeaveRequest.id == request.id).execute()
    notices.answered(session, f"leave:{request.id}")


def tell_of_leave(
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


def checked_words(text: str, longest: int) -> str:
    """Return words without blanks around them. Raises :class:`Invalid` when they are too long for the record."""
    if len(text.strip()) > longest:
        raise Invalid(_("A reason has at most {most} characters.").format(most=longest), article=ARTICLE)
    return text.strip()


def plain_pieces(pieces: Iterable[CoveredDuty]) -> list[list[object]]:
    """Return what leave takes of duties, for the audit record."""
    return [
        [
            piece.duty.duty_id,
            piece.duty.date.isoformat(),
            instant_text(piece.from_at),
            instant_text(piece.until_at),
        ]
        for piece in pieces
    ]
