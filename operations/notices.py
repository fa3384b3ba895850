"""Notifications: written in the transaction of what they tell, answered in the transaction that settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from operations.boundary import Session, writes
from operations.permissions import Action
from regulation.roles import LEADER_ROLES, Role

# News that is for one person and asks for nothing: it is shown to them once, wherever they sit, and is answered by that.
HANDOVER_DUE = "handover_due"
HANDOVER_UNSIGNED = "handover_unsigned"
PROBLEM_FOUND = "problem_found"
ROSTER_PUBLISHED = "roster_published"
SWAP_ASKED = "swap_asked"
SWAP_AGREED = "swap_agreed"
SWAP_CONSENTED = "swap_consented"
SWAP_REFUSED = "swap_refused"
SWAP_WITHDRAWN = "swap_withdrawn"
SWAP_LAPSED = "swap_lapsed"
SWAP_OVER_DRAFT = "swap_over_draft"
CORRECTION_ASKED = "correction_asked"
CORRECTION_DECIDED = "correction_decided"
LEAVE_ASKED = "leave_asked"
LEAVE_ACCEPTED = "leave_accepted"
LEAVE_REFUSED = "leave_refused"
LEAVE_WITHDRAWN = "leave_withdrawn"
LEAVE_SHORTENED = "leave_shortened"
LEAVE_ESCALATED = "leave_escalated"
LEAVE_OVER_DRAFT = "leave_over_draft"
DELEGATED = "delegated"
REGISTER_WAITS = "register_waits"
UNDERTAKING_EXPIRES = "undertaking_expires"
NEWS_KINDS = (
    HANDOVER_DUE,
    HANDOVER_UNSIGNED,
    PROBLEM_FOUND,
    ROSTER_PUBLISHED,
    SWAP_ASKED,
    SWAP_AGREED,
    SWAP_CONSENTED,
    SWAP_REFUSED,
    SWAP_WITHDRAWN,
    SWAP_LAPSED,
    SWAP_OVER_DRAFT,
    CORRECTION_ASKED,
    CORRECTION_DECIDED,
    LEAVE_ASKED,
    LEAVE_ACCEPTED,
    LEAVE_REFUSED,
    LEAVE_WITHDRAWN,
    LEAVE_SHORTENED,
    LEAVE_ESCALATED,
    LEAVE_OVER_DRAFT,
    DELEGATED,
    REGISTER_WAITS,
    UNDERTAKING_EXPIRES,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that waits for an answer: ``kind`` and ``subject`` say what, ``details`` fill its words."""

    id: int
    at: datetime
    kind: str
    subject: str
    details: dict[str, str]


@writes(Action.READ_DESK)
def take_news(session: Session) -> tuple[Notice, ...]:
    """Take the actor's news, oldest first, to be shown now: whoever takes it first shows it, and nobody again."""
    news = unread_news(session.actor.person_id)
    note = models.Notification
    note.update(answered_at=session.now).where(note.id.in_([n.id for n in news])).execute()
    session.about(f"person:{session.actor.person_id}", news=[n.id for n in news])
    return news


def unread_news(person_id: int) -> tuple[Notice, ...]:
    """Return the news that waits to be shown to a person, oldest first (inside a transaction)."""
    note = models.Notification
    query = note.select().where(
        note.answered_at.is_null(), note.person == person_id, note.kind.in_(NEWS_KINDS)
    )
    return tuple(Notice(n.id, n.at, n.kind, n.subject, n.details) for n in query.order_by(note.at, note.id))


def tell_person(
    session: Session, person_id: int, kind: str, subject: str, source: str, /, **details: str
) -> None:
    """Tell one person, once for each ``source``."""
    models.Notification.insert(
        at=session.now, kind=kind, subject=subject, person=person_id, details=details, source=source
    ).on_conflict_ignore().execute()


def tell_leaders(session: Session, kind: str, subject: str, /, **details: str) -> None:
    """Tell every leader's role."""
    for role in sorted(LEADER_ROLES):
        tell_role(session, role, kind, subject, **details)


def tell_role(session: Session, role: Role, kind: str, subject: str, /, **details: str) -> None:
    """Tell everyone in a role."""
    models.Notification.create(at=session.now, kind=kind, subject=subject, role=role, details=details)


def answered(session: Session, subject: str) -> None:
    """Take the news about ``subject`` off everyone's list."""
    note = models.Notification
    note.update(answered_at=session.now).where(note.subject == subject, note.answered_at.is_null()).execute()
