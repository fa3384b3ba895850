"""Delegates (Art. 35): who decides in an absent approver's place, recorded beforehand and for a span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.notices import DELEGATED, tell_person
from operations.people import answerable, person_by_number
from operations.permissions import Action
from regulation.leave_routing import Delegation
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

ARTICLE = 35
LONGEST_DAYS = 366
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Who stands in for whom, from ``first_day`` to ``last_day``; ``ended_at`` when it was ended before its time."""

    id: int
    absent: str
    delegate: str
    first_day: date
    last_day: date
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None
    mine: bool


@writes(Action.KEEP_DELEGATES)
def record_delegate(
    session: Session, absent: str, delegate: str, first_day: date, last_day: date, reason: str = ""
) -> int:
    """Let ``delegate`` decide in the place of ``absent`` (work numbers) on these days; returns its id.

    A leader records their own, a higher leader anybody's. Raises :class:`Invalid` for people or days that cannot be,
    :class:`NotPermitted` for somebody else's decisions.
    """
    away, stands_in = person_by_number(absent), person_by_number(delegate)
    actor_id = answerable(session)
    _require_people(away, stands_in)
    if away.id != actor_id and session.actor.role not in (Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER):
        raise NotPermitted(
            _("A leader records a delegate for themselves."),
            article=ARTICLE,
            next_step=_("Ask the senior shift leader or the deputy manager."),
        )
    if stands_in.id == actor_id and away.id != actor_id and away.role == Role.DEPUTY_MANAGER:
        raise NotPermitted(_("Nobody makes themselves the deputy manager's delegate."), article=ARTICLE)
    if not civil_date(session.now) <= last_day or not 0 <= (last_day - first_day).days < LONGEST_DAYS:
        raise Invalid(_("A delegate stands in for days to come, at most a year."), article=ARTICLE)
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(
            _("A reason has at most {most} characters.").format(most=LONGEST_REASON), article=ARTICLE
        )
    row = models.Delegation.create(
        absent=away,
        delegate=stands_in,
        first_day=max(first_day, civil_date(session.now)),
        last_day=last_day,
        reason=reason.strip(),
        recorded_by=actor_id,
        recorded_at=session.now,
    )
    for person in {away.id, stands_in.id} - {actor_id}:
        tell_person(
            session,
            person,
            DELEGATED,
            f"delegation:{row.id}",
            f"delegation:{row.id}:{person}",
            absent=named(away),
            delegate=named(stands_in),
            first=row.first_day.isoformat(),
            last=last_day.isoformat(),
        )
    session.about(
        f"delegation:{row.id}",
        absent=absent,
        delegate=delegate,
        first_day=row.first_day.isoformat(),
        last_day=last_day.isoformat(),
        reason=reason.strip(),
    )
    return int(row.id)


@writes(Action.KEEP_DELEGATES)
def end_delegation(session: Session, delegation_id: int) -> None:
    """Let a delegate stand in no longer, from now on; what they have decided stays decided."""
    row = models.Delegation.get_or_none(models.Delegation.id == delegation_id)
    if row is None:
        raise NotFound(_("There is no such delegation."), article=ARTICLE)
    if row.ended_at is not None:
        raise Conflict(_("This delegation has ended already."), article=ARTICLE)
    actor_id = answerable(session)
    higher = session.actor.role in (Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER)
    if actor_id not in (row.absent_id, row.delegate_id) and not higher:
        raise NotPermitted(_("A leader records a delegate for themselves."), article=ARTICLE)
    models.Delegation.update(ended_by=actor_id, ended_at=session.now).where(
        models.Delegation.id == delegation_id
    ).execute()
    session.about(f"delegation:{delegation_id}", ended=True)


@reads(Action.READ_DESK)
def delegation_rows(session: Session) -> tuple[DelegationRow, ...]:
    """Return the delegations that count today or later, and those that ended within the last month."""
    today = civil_date(session.now)
    row = models.Delegation
    query = row.select().where(row.last_day >= date.fromordinal(today.toordinal() - 31))
    me = session.actor.person_id
    return tuple(
        DelegationRow(
            found.id,
            named(found.absent),
            named(found.delegate),
            found.first_day,
            found.last_day,
            found.reason,
            named(found.recorded_by),
            found.recorded_at,
            named(found.ended_by),
            found.ended_at,
            me in (found.absent_id, found.delegate_id),
        )
        for found in query.order_by(row.first_day.desc(), row.id.desc())
    )


def delegations_on(day: date) -> list[Delegation]:
    """Return who stands in for whom on a civil day (inside a transaction); a person who left stands in for nobody."""
    row, person = models.Delegation, models.Person
    query = (
        row.select(row, person)
        .join(person, on=row.absent)
        .where(row.first_day <= day, row.last_day >= day, row.ended_at.is_null())
        .order_by(row.id)
    )
    return [
        Delegation(
            found.id,
            found.absent_id,
            Role(found.absent.role),
            found.delegate_id,
            found.first_day,
            found.last_day,
        )
        for found in query
    ]


def _require_people(absent: models.Person, delegate: models.Person) -> None:
    if absent.role not in LEADER_ROLES:
        raise Invalid(
            _("{name} decides nothing that a delegate could decide.").format(name=named(absent)),
            article=ARTICLE,
        )
    if absent.id == delegate.id:
        raise Invalid(_("A delegate is another person."), article=ARTICLE)
    if delegate.role not in CENTRE_ROLES or delegate.status != PersonStatus.ACTIVE:
        raise Invalid(
            _("{name} cannot stand in: an active person of the centre does.").format(name=named(delegate)),
            article=2,
        )
