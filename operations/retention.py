"""Visitors' details past their term (Art. 20): who they were goes, that somebody came stays.

What goes are the words a visitor gave: name, unit, phone, job title, what was carried, references and notes. What
stays is what no chain or signature can lose without breaking: the door's events (they hold a badge and a number, no
name), the audit records, and a sealed log with the visitors who were inside at its handover, as it was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import models
from locales import N_, _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, day_bounds, limits_at
from operations.permissions import Action
from operations.slips import UNNAMED
from regulation.records import VisitState

GIVEN = ("unit", "phone", "job_title", "carried", "reference", "note")
TOLD = ("visitor", "unit")
STAYS = (
    N_("the door's events: a badge and a number, no name (Art. 33)"),
    N_("audit records, with the words a refusal was given (Art. 33)"),
    N_("sealed logs, as they were signed, with who was inside at a handover (Art. 21)"),
)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is past its term: visits that ended before civil day ``before``, and the news that names their visitors."""

    before: date
    term_days: int
    visits: int
    notices: int
    oldest: datetime | None


@reads(Action.FORGET_VISITORS)
def details_past_term(session: Session) -> Retention:
    """Return what :func:`forget_visitors` would remove; nothing is changed."""
    return _past_term(session.now)


@writes(Action.FORGET_VISITORS)
def forget_visitors(session: Session) -> Retention:
    """Remove visitors' details that are older than ``visitor_details_days``; no chain notices."""
    found = _past_term(session.now)
    which = _visits_before(found.before)
    for note in _notices_before(found.before):
        plain = {name: UNNAMED if name in TOLD else said for name, said in note.details.items()}
        models.Notification.update(details=plain).where(models.Notification.id == note.id).execute()
    models.Visit.update(visitor=UNNAMED, **dict.fromkeys(GIVEN, "")).where(which).execute()
    session.about(
        "visitors",
        before=found.before.isoformat(),
        visits=found.visits,
        notices=found.notices,
        days=found.term_days,
    )
    return found


def retention_lines(found: Retention, *, done: bool) -> list[str]:
    """Say what goes and what stays."""
    if not found.visits and not found.notices:
        return [_("No visitor's details are past their term of {days} days.").format(days=found.term_days)]
    words = (
        _("Removed: details of {visits} visits before {date}, {notices} notices that named them.")
        if done
        else _("To be removed: details of {visits} visits before {date}, {notices} notices that name them.")
    )
    return [
        words.format(visits=found.visits, date=found.before.isoformat(), notices=found.notices),
        _("What stays:"),
        *(f"  {_(what)}" for what in STAYS),
    ]


def _past_term(now: datetime) -> Retention:
    days = limits_at(now)["visitor_details_days"]
    before = civil_date(now) - timedelta(days=days)
    visit = models.Visit
    found = visit.select(visit.ends_at).where(_visits_before(before)).order_by(visit.ends_at)
    oldest = found.first()
    return Retention(
        before, days, found.count(), len(_notices_before(before)), oldest.ends_at if oldest else None
    )


def _visits_before(before: date) -> Any:
    visit, at = models.Visit, day_bounds(before)[0]
    over = (visit.ends_at < at) & (visit.left_at.is_null() | (visit.left_at < at))
    named = reduce(or_, (getattr(visit, name) != "" for name in GIVEN), visit.visitor != UNNAMED)
    return over & named & visit.state.not_in((VisitState.INSIDE, VisitState.RESERVED))


def _notices_before(before: date) -> list[models.Notification]:
    note = models.Notification
    old = note.select().where(note.at < day_bounds(before)[0], note.subject.startswith("visit:"))
    return [row for row in old if any(row.details.get(name, UNNAMED) not in ("", UNNAMED) for name in TOLD)]
