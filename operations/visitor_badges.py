"""Visitor badges (Art. 20): which is free for a visit, and what happens when a door has lent one that was set aside."""

from __future__ import annotations

from datetime import datetime

import peewee

import models
from locales import _
from operations import notices
from operations.boundary import Session
from operations.errors import Conflict
from regulation.records import BadgeKind, BadgeState, VisitState

BADGE_MOVED = "badge_moved"
BADGE_MISSING = "badge_missing"


def badge_for(visit: models.Visit, now: datetime) -> models.Badge:
    """Return the badge a visit is bound to: a company employee's own or lent one, else the next free visitor badge."""
    badge = models.Badge
    if visit.person_id is not None:
        # Whoever came without their own carries the one that was lent to them.
        held: models.Badge | None = (
            badge.select()
            .where(badge.state == BadgeState.ACTIVE, badge.person == visit.person_id)
            .where(badge.valid_until.is_null() | (badge.valid_until > now))
            .order_by(badge.valid_until.is_null(), badge.id)
            .first()
        )
        if held is not None:
            return held
    free = next_free_badge(max(visit.starts_at, now), visit.ends_at)
    if free is None:
        raise Conflict(
            _("All visitor badges are out."),
            article=20,
            next_step=_("End a visit whose badge is back, or register another visitor badge."),
        )
    return free


def next_free_badge(begin: datetime, end: datetime, without: int | None = None) -> models.Badge | None:
    """Return the first visitor badge that nobody carries and no other visit of ``[begin, end)`` was promised.

    A badge that was set aside for a visitor who never came is free again when that visit's window has closed.
    """
    badge = models.Badge
    taken = models.Visit.select(models.Visit.badge).where(
        models.Visit.badge.is_null(False), _inside_or_promised(begin, end)
    )
    query = badge.select().where(
        badge.state == BadgeState.ACTIVE, badge.kind == BadgeKind.VISITOR, badge.id.not_in(taken)
    )
    if without is not None:
        query = query.where(badge.id != without)
    free: models.Badge | None = query.order_by(badge.label).first()
    return free


def take_badge(session: Session, badge: models.Badge, visit_id: int, begin: datetime, end: datetime) -> None:
    """Let a visit have a badge that was lent at a door, whatever the desk had set it aside for.

    Another visit that has not entered gets the next free badge, and the leaders are told.
    """
    visit = models.Visit
    others = visit.select().where(
        visit.badge == badge.id,
        visit.id != visit_id,
        visit.person.is_null(),
        visit.state == VisitState.APPROVED,
        _promised(begin, end),
    )
    for other in list(others):
        spare = next_free_badge(max(other.starts_at, session.now), other.ends_at, without=badge.id)
        visit.update(badge=spare).where(visit.id == other.id).execute()
        notices.tell_leaders(
            session,
            BADGE_MOVED if spare is not None else BADGE_MISSING,
            f"badge-of-visit:{other.id}",
            visitor=other.visitor,
            taken=badge.label,
            badge=spare.label if spare is not None else "",
        )
    visit.update(badge=badge).where(visit.id == visit_id).execute()


def _promised(begin: datetime, end: datetime) -> peewee.Expression:
    visit = models.Visit
    return (visit.starts_at < end) & (visit.ends_at > begin)


def _inside_or_promised(begin: datetime, end: datetime) -> peewee.Expression:
    visit = models.Visit
    return (visit.state == VisitState.INSIDE) | ((visit.state == VisitState.APPROVED) & _promised(begin, end))
