"""Temporary badges (Art. 20): lent to someone who came without their own, collected, and missed when they stay away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

import models
from locales import _
from operations import notices
from operations.alarms import BADGE_UNCOLLECTED
from operations.boundary import SYSTEM, Session, reads, writes
from operations.centre import limits_at
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound
from operations.findings import keep_findings
from operations.people import answerable, issue_badge, person_by_number
from operations.permissions import Action
from regulation.ledger import instant_text
from regulation.records import BadgeKind, BadgeState, PersonStatus
from regulation.roles import Role

__all__ = [
    "LoanRow",
    "badge_loans",
    "collect_badge",
    "flag_overdue_badges",
    "issue_badge",
    "lend_temporary_badge",
    "report_badge_lost",
]

LATEST_LOANS = 200
_LENDER = models.Person.alias("lender")
_COLLECTOR = models.Person.alias("collector")


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A temporary badge and who has it; ``overdue`` is judged at the time of the query."""

    id: int
    label: str
    work_number: str
    name: str
    reason: str
    lent_at: datetime
    due_at: datetime
    lent_by: str
    returned_at: datetime | None
    returned_to: str
    overdue: bool


@writes(Action.LEND_BADGE)
def lend_temporary_badge(
    session: Session, work_number: str, label: str = "", reason: str = "", hours: int | None = None
) -> LoanRow:
    """Lend a temporary badge (the next free one without a ``label``) until it is due; after that it opens nothing.

    For people of the centre or the company, one at a time; a visitor gets a visitor badge with an approved visit.
    ``hours`` may be fewer than ``temporary_badge_hours``, not more.
    """
    person = person_by_number(work_number)
    if person.status != PersonStatus.ACTIVE or person.role == Role.OUTSIDE_VISITOR:
        raise Invalid(_("A temporary badge is lent to people who work here, and to nobody else."), article=20)
    longest = limits_at(session.now)["temporary_badge_hours"]
    hours = longest if hours is None else hours
    if not 1 <= hours <= longest:
        raise Invalid(_("A temporary badge is lent for 1 to {most} hours.").format(most=longest), article=20)
    _check_has_none(person)
    badge = _free_badge(label.strip())
    due_at = session.now + timedelta(hours=hours)
    loan = models.BadgeLoan.create(
        badge=badge,
        person=person,
        reason=reason.strip(),
        lent_at=session.now,
        due_at=due_at,
        lent_by=answerable(session),
    )
    models.Badge.update(person=person, valid_until=due_at).where(models.Badge.id == badge.id).execute()
    session.about(f"loan:{loan.id}", badge=badge.label, work_number=person.work_number, hours=hours)
    return _row(_open_loan(models.BadgeLoan.id == loan.id), session.now)


@writes(Action.LEND_BADGE)
def collect_badge(session: Session, label: str) -> None:
    """Take a temporary badge back: from now on it is nobody's until it is lent again."""
    loan = _open_loan(models.Badge.label == label.strip())
    models.BadgeLoan.update(returned_at=session.now, returned_to=session.actor.person_id or None).where(
        models.BadgeLoan.id == loan.id
    ).execute()
    models.Badge.update(person=None, valid_until=None).where(models.Badge.id == loan.badge_id).execute()
    notices.answered(session, f"loan:{loan.id}")
    session.about(f"loan:{loan.id}", badge=loan.badge.label, work_number=loan.person.work_number)


@writes(Action.REPORT_BADGE_LOST)
def report_badge_lost(session: Session, badge: str, note: str = "") -> None:
    """Mark a badge lost, so that the door refuses it at once.

    ``badge`` is a work number (that person's own badge, or the one that was lent to them), a label, or the badge's
    id. Only whoever keeps the badges makes it usable again.
    """
    lost = _meant(badge.strip())
    models.Badge.update(state=BadgeState.LOST).where(models.Badge.id.in_([row.id for row in lost])).execute()
    session.about(
        f"badge:{lost[0].id}", labels=[row.label for row in lost], number=badge.strip(), note=note.strip()
    )


@reads(Action.READ_DOOR)
def badge_loans(session: Session, open_only: bool = True) -> tuple[LoanRow, ...]:
    """Return the temporary badges that are out, first due first; or also those that came back, newest first."""
    loan = models.BadgeLoan
    query = _loans()
    if open_only:
        query = query.where(loan.returned_at.is_null()).order_by(loan.due_at, loan.id)
    else:
        query = query.order_by(loan.lent_at.desc(), loan.id.desc()).limit(LATEST_LOANS)
    return tuple(_row(row, session.now) for row in query)


def flag_overdue_badges(now: datetime) -> int:
    """Report each badge that did not come back in time, once; returns how many (inside a write)."""
    loan = models.BadgeLoan
    query = _loans().where(loan.returned_at.is_null(), loan.flagged_at.is_null(), loan.due_at <= now)
    overdue = list(query)
    for row in overdue:
        loan.update(flagged_at=now).where(loan.id == row.id).execute()
        finding = {
            "code": "badge_uncollected",
            "article": 20,
            "at": instant_text(row.due_at),
            "person_id": row.person_id,
            "duty_id": None,
            "evidence": [f"loan:{row.id}"],
            "details": {"label": row.badge.label},
        }
        keep_findings(f"loan:{row.id}", [finding], limits_at(now).version)
        notices.tell_leaders(
            Session(SYSTEM, now),
            BADGE_UNCOLLECTED,
            f"loan:{row.id}",
            label=row.badge.label,
            name=row.person.name,
        )
    return len(overdue)


def _check_has_none(person: models.Person) -> None:
    loan = models.BadgeLoan
    open_loan = loan.select().join(models.Badge).where(loan.person == person.id, loan.returned_at.is_null())
    # A lent badge that was reported lost opens nothing: its holder may have another.
    if open_loan.where(models.Badge.state == BadgeState.ACTIVE).exists():
        raise Conflict(
            _("{name} has a temporary badge already.").format(name=person.name),
            article=20,
            next_step=_("Collect it first, or report it lost."),
        )


def _free_badge(label: str) -> models.Badge:
    badge, loan = models.Badge, models.BadgeLoan
    out = loan.select(loan.badge).where(loan.returned_at.is_null())
    query = badge.select().where(
        badge.kind == BadgeKind.TEMPORARY, badge.state == BadgeState.ACTIVE, badge.id.not_in(out)
    )
    if label:
        query = query.where(badge.label == label)
    free: models.Badge | None = query.order_by(badge.label).first()
    if free is None and label:
        raise NotFound(_("There is no free temporary badge {label}.").format(label=label), article=20)
    if free is None:
        raise Conflict(
            _("All temporary badges are out."),
            article=20,
            next_step=_("Collect one, or register another temporary badge."),
        )
    return free


def _meant(text: str) -> list[models.Badge]:
    badge = models.Badge
    of_person = badge.select().join(models.Person).where(models.Person.work_number == text)
    usable = of_person.where(badge.state == BadgeState.ACTIVE)
    for found in (
        list(usable.where(badge.kind == BadgeKind.OWN)),
        list(usable),
        list(of_person),
        list(badge.select().where((badge.label == text) | (badge.badge == text))) if text else [],
    ):
        if found:
            return found
    raise NotFound(_("There is no such badge."), article=20)


def _loans() -> peewee.ModelSelect:
    loan = models.BadgeLoan
    return (
        loan.select(loan, models.Badge, models.Person, _LENDER, _COLLECTOR)
        .join(models.Badge)
        .switch(loan)
        .join(models.Person, on=(loan.person == models.Person.id), attr="person")
        .switch(loan)
        .join(_LENDER, on=(loan.lent_by == _LENDER.id), attr="lent_by")
        .switch(loan)
        .join(
            _COLLECTOR,
            peewee.JOIN.LEFT_OUTER,
            on=(loan.returned_to == _COLLECTOR.id),
            attr="returned_to",
        )
    )


def _open_loan(which: peewee.Expression) -> models.BadgeLoan:
    loan: models.BadgeLoan | None = (
        _loans()
        .where(models.BadgeLoan.returned_at.is_null(), which)
        .order_by(models.BadgeLoan.id.desc())
        .first()
    )
    if loan is None:
        raise NotFound(_("This badge is not lent to anybody."), article=20)
    return loan


def _row(loan: models.BadgeLoan, now: datetime) -> LoanRow:
    return LoanRow(
        loan.id,
        loan.badge.label,
        loan.person.work_number,
        loan.person.name,
        loan.reason,
        loan.lent_at,
        loan.due_at,
        named(loan.lent_by),
        loan.returned_at,
        named(loan.returned_to) if loan.returned_to_id else "",
        loan.returned_at is None and loan.due_at <= now,
    )
