"""Notifications: written in the transaction of what they tell, answered in the transaction that settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from operations.boundary import Session, reads
from operations.permissions import Action
from regulation.roles import LEADER_ROLES, Role


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that waits for an answer: ``kind`` and ``subject`` say what, ``details`` fill its words."""

    id: int
    at: datetime
    kind: str
    subject: str
    details: dict[str, str]


@reads(Action.READ_DESK)
def waiting_notices(session: Session) -> tuple[Notice, ...]:
    """Return what waits for an answer by the actor's role or the actor, oldest first."""
    note = models.Notification
    mine = (note.role == session.actor.role) | (note.person == session.actor.person_id)
    query = note.select().where(note.answered_at.is_null(), mine).order_by(note.at, note.id)
    return tuple(Notice(n.id, n.at, n.kind, n.subject, n.details) for n in query)


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
