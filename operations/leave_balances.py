"""Days of leave that people have (annual, compensatory): granted for a span, carried over, used, left (Art. 34, 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.leave_records import ARTICLE, balance_on
from operations.people import answerable, person_by_number
from operations.permissions import Action
from regulation.leave_balance import BALANCED_KINDS, Balance, carried_over
from regulation.leave_kinds import LeaveKind
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, LEADER_ROLES

MOST_DAYS = 366
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What one person has left of one kind on a day."""

    person: str
    work_number: str
    team: str
    balance: Balance


@dataclass(frozen=True, slots=True)
class NewGrant:
    """Days to be granted; ``last_day`` is the last on which they may be used."""

    work_number: str
    kind: LeaveKind
    days: Fraction
    first_day: date
    last_day: date
    reason: str = ""


@reads(Action.ASK_LEAVE)
def leave_balances(session: Session, day: date, person_id: int | None = None) -> tuple[BalanceRow, ...]:
    """Return what people have left on a civil day, of the kinds that are kept for them: one's own, or for a leader all.

    Raises :class:`NotPermitted` for somebody else's.
    """
    actor = session.actor
    if actor.person_id and actor.role not in LEADER_ROLES and person_id != actor.person_id:
        raise NotPermitted(_("One sees one's own days of leave."), article=ARTICLE)
    teams = {team.id: team.code for team in models.Team.select()}
    return tuple(
        BalanceRow(named(person), person.work_number, teams.get(person.team_id, ""), found)
        for person in _people(person_id)
        for kind in BALANCED_KINDS
        if (found := balance_on(person.id, kind, day)) is not None
    )


@writes(Action.KEEP_LEAVE_DAYS)
def grant_leave(session: Session, grants: Sequence[NewGrant]) -> int:
    """Grant days of leave to people, all or none; returns how many grants were made.

    Raises :class:`Invalid` for a kind of which no days are kept, and for days or a span that are none.
    """
    actor_id = answerable(session)
    for new in grants:
        _require_grant(new)
        models.LeaveGrant.create(
            person=person_by_number(new.work_number),
            kind=new.kind.value,
            days=str(new.days),
            first_day=new.first_day,
            last_day=new.last_day,
            reason=new.reason.strip(),
            granted_by=actor_id,
            granted_at=session.now,
        )
    session.about(
        "leave:days",
        grants=[
            [g.work_number, g.kind.value, str(g.days), g.first_day.isoformat(), g.last_day.isoformat()]
            for g in grants
        ],
    )
    return len(grants)


@writes(Action.KEEP_LEAVE_DAYS)
def revoke_grant(session: Session, grant_id: int) -> None:
    """Let a grant count no more; it stays on record."""
    row = models.LeaveGrant.get_or_none(models.LeaveGrant.id == grant_id)
    if row is None:
        raise NotFound(_("There is no such grant."), article=ARTICLE)
    if row.revoked_at is not None:
        raise Conflict(_("This grant was revoked already."), article=ARTICLE)
    models.LeaveGrant.update(revoked_by=answerable(session), revoked_at=session.now).where(
        models.LeaveGrant.id == grant_id
    ).execute()
    session.about(f"leave:days:{grant_id}", revoked=row.days, person=row.person.work_number)


@writes(Action.KEEP_LEAVE_DAYS)
def carry_over(
    session: Session, kind: LeaveKind, year: int, at_most: Fraction, last_day: date
) -> dict[str, str]:
    """Carry what is left of ``year`` into the next one, for everyone, up to ``at_most`` days, usable to ``last_day``.

    Returns the days carried, as text, by work number. Who has been carried over already is left alone: once a year.
    Raises :class:`Invalid` before the year has ended.
    """
    begins = date(year + 1, 1, 1)
    if civil_date(session.now) < begins or last_day < begins or at_most <= 0:
        raise Invalid(
            _("What is left of a year is carried over when it has ended, into days that follow."),
            article=ARTICLE,
        )
    grant, carried = models.LeaveGrant, {}
    done = {
        row.person_id
        for row in grant.select().where(
            grant.kind == kind.value,
            grant.carried_over,
            grant.first_day == begins,
            grant.revoked_at.is_null(),
        )
    }
    for person in _people(None):
        left = balance_on(person.id, kind, date(year, 12, 31))
        new = carried_over(left, at_most, begins, last_day) if left is not None else None
        if new is None or person.id in done:
            continue
        grant.create(
            person=person,
            kind=kind.value,
            days=str(new.days),
            first_day=new.first_day,
            last_day=new.last_day,
            carried_over=True,
            granted_by=answerable(session),
            granted_at=session.now,
        )
        carried[str(person.work_number)] = str(new.days)
    session.about("leave:days", kind=kind.value, year=year, carried=carried, last_day=last_day.isoformat())
    return carried


def _people(person_id: int | None) -> list[models.Person]:
    person = models.Person
    query = person.select().where(person.role.in_(sorted(CENTRE_ROLES)), person.status != PersonStatus.LEFT)
    if person_id is not None:
        query = query.where(person.id == person_id)
    return list(query.order_by(person.work_number))


def _require_grant(new: NewGrant) -> None:
    if new.kind not in BALANCED_KINDS:
        raise Invalid(_("Days are kept of annual and compensatory leave only."), article=ARTICLE)
    if not 0 < new.days <= MOST_DAYS or new.last_day < new.first_day:
        raise Invalid(
            _("A grant is more than no days, at most {most}, within a span of days.").format(most=MOST_DAYS),
            article=ARTICLE,
        )
    if len(new.reason.strip()) > LONGEST_REASON:
        raise Invalid(
            _("A reason has at most {most} characters.").format(most=LONGEST_REASON), article=ARTICLE
        )
