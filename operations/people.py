"""People and badges: who works here, who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import peewee

import models
from locales import _
from operations import signin
from operations.boundary import Session, reads, writes
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.permissions import Action
from regulation.records import BadgeKind, BadgeState, PersonStatus
from regulation.roles import Role


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Someone with a work number; ``badge`` is the person's own active one, empty when there is none."""

    id: int
    work_number: str
    name: str
    role: Role
    status: PersonStatus
    team: str
    seat: str
    badge: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is written down when someone joins. Without a PIN they cannot sign in at the desk."""

    work_number: str
    name: str
    role: Role
    team: str = ""
    seat: str = ""
    badge: str = ""
    pin: str = ""
    must_change_pin: bool = True


@reads(Action.READ_DESK)
def people(_session: Session) -> tuple[PersonRow, ...]:
    """Return everyone, by work number."""
    return people_rows()


def people_rows() -> tuple[PersonRow, ...]:
    """Return everyone, by work number (inside a transaction)."""
    badge = models.Badge
    own = badge.select().where(badge.state == BadgeState.ACTIVE, badge.kind == BadgeKind.OWN)
    held = {b.person_id: b.badge for b in own.order_by(badge.id.desc())}
    rows = (
        models.Person.select(models.Person, models.Team, models.Seat)
        .join(models.Team, peewee.JOIN.LEFT_OUTER)
        .switch(models.Person)
        .join(models.Seat, peewee.JOIN.LEFT_OUTER)
        .order_by(models.Person.work_number)
    )
    return tuple(
        PersonRow(
            p.id,
            p.work_number,
            p.name,
            Role(p.role),
            PersonStatus(p.status),
            p.team.code if p.team_id else "",
            p.seat.number if p.seat_id else "",
            held.get(p.id, ""),
        )
        for p in rows
    )


@writes(Action.KEEP_PEOPLE)
def add_person(session: Session, new: NewPerson) -> int:
    """Take someone on; returns their id. The PIN, when given, is one to be changed at first use."""
    person_id = take_on(session.now, new, signin.hash_pin(new.pin) if new.pin else "")
    session.about(f"person:{person_id}", work_number=new.work_number, role=new.role.value)
    return person_id


@writes(Action.KEEP_PEOPLE)
def add_people(session: Session, newcomers: list[tuple[NewPerson, str]]) -> int:
    """Take many on at once, each with a PIN already hashed (or none); all or nobody. Returns how many."""
    for new, pin_hash in newcomers:
        take_on(session.now, new, pin_hash)
    session.about("people", count=len(newcomers))
    return len(newcomers)


@writes(Action.KEEP_PEOPLE)
def issue_badge(
    session: Session, badge: str, work_number: str = "", label: str = "", kind: BadgeKind | None = None
) -> int:
    """Register a badge: someone's own by work number, or one kept at the door for visitors or to be lent.

    Without ``kind`` a badge with a work number is that person's own, and one without is a visitor badge. What is
    kept at the door needs a label of its own: by it the badge is handed out and taken back.
    """
    holder = person_by_number(work_number).id if work_number else None
    kind = kind or (BadgeKind.OWN if work_number else BadgeKind.VISITOR)
    label = label.strip()
    _check_new(badge)
    if kind is BadgeKind.OWN:
        if holder is None:
            raise Invalid(_("A badge of one's own needs a work number."), article=20)
    elif holder is not None:
        raise Invalid(_("A visitor or temporary badge belongs to nobody."), article=20)
    elif not label:
        raise Invalid(_("A visitor or temporary badge needs the label that is printed on it."), article=20)
    elif models.Badge.select().where(models.Badge.label == label).exists():
        raise Conflict(_("Another badge is labelled {label} already.").format(label=label), article=20)
    created = models.Badge.create(badge=badge, person=holder, label=label, kind=kind)
    session.about(f"badge:{created.id}", work_number=work_number, label=label, kind=kind.value)
    return int(created.id)


@writes(Action.KEEP_PEOPLE)
def set_badge_state(session: Session, badge: str, state: BadgeState) -> None:
    """Mark a badge lost, revoked or usable again; the door hears of it at once."""
    row = models.Badge.get_or_none(models.Badge.badge == badge)
    if row is None:
        raise NotFound(_("There is no such badge."))
    models.Badge.update(state=state).where(models.Badge.id == row.id).execute()
    session.about(f"badge:{row.id}", state=state.value)


@writes(Action.KEEP_PEOPLE)
def set_person_status(session: Session, work_number: str, status: PersonStatus) -> None:
    """Suspend someone, let them go, or take them back; desk and door follow at once."""
    person = person_by_number(work_number)
    models.Person.update(status=status).where(models.Person.id == person.id).execute()
    session.about(f"person:{person.id}", status=status.value)


@writes(Action.KEEP_PEOPLE)
def change_person(
    session: Session, work_number: str, name: str, role: Role, team: str = "", seat: str = ""
) -> None:
    """Give someone another name, role, team or seat. Art. 2: nobody gives themselves another role."""
    person = person_by_number(work_number)
    if person.id == session.actor.person_id and role != person.role:
        raise NotPermitted(
            _("Nobody changes their own role."), article=2, next_step=_("Ask another administrator.")
        )
    if not name.strip():
        raise Invalid(_("A work number and a name are needed."), article=9)
    before = (person.name, str(person.role), person.team.code if person.team_id else "", person.seat_id)
    person.name, person.role, person.team = name.strip(), role, _team(team)
    person.seat = models.Seat.get_or_create(number=seat)[0] if seat else None
    person.save()
    session.about(f"person:{person.id}", before=before, after=(person.name, role.value, team, person.seat_id))


@writes(Action.KEEP_PEOPLE)
def give_first_pin(session: Session, work_number: str, pin: str) -> None:
    """Give someone a PIN that must be changed at first use: for whoever forgot theirs, or had none."""
    person = person_by_number(work_number)
    signin.check_new_pin(person.work_number, "", pin)
    fields = {"pin_hash": signin.hash_pin(pin), "must_change": True, "changed_at": session.now}
    known = models.Credential.update(**fields, failed_attempts=0, locked_until=None)
    if not known.where(models.Credential.person == person.id).execute():
        models.Credential.create(person=person, **fields)
    session.about(f"person:{person.id}")


@writes(Action.KEEP_PEOPLE)
def set_team(session: Session, code: str, name: str) -> None:
    """Add a team, or give one another name."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise Invalid(_("A team needs a code and a name."))
    team = models.Team
    if not team.update(name=name).where(team.code == code).execute():
        team.create(code=code, name=name, position=team.select().count())
    session.about(f"team:{code}", name=name)


def person_by_number(work_number: str) -> models.Person:
    """Return the person with a work number (inside a transaction)."""
    person: models.Person | None = models.Person.get_or_none(models.Person.work_number == work_number.strip())
    if person is None:
        raise NotFound(_("Nobody has the work number {number}.").format(number=work_number), article=9)
    return person


def team_leaders(team_id: int | None) -> list[models.Person]:
    """Return who leads a team; where nobody does, the senior shift leaders answer for it (inside a transaction)."""
    person = models.Person
    active = person.select().where(person.status == PersonStatus.ACTIVE).order_by(person.work_number)
    own = active.where(person.team == team_id, person.role == Role.SHIFT_LEADER)
    return list(own) or list(active.where(person.role == Role.SENIOR_SHIFT_LEADER))


def answerable(session: Session) -> int:
    """Return the id of the person who acts: such a record carries a work number (Art. 9), never a program's name."""
    if not session.actor.person_id:
        raise NotPermitted(
            _("Somebody with a work number must answer for this."), article=9, next_step=_("Sign in first.")
        )
    return session.actor.person_id


def take_on(now: datetime, new: NewPerson, pin_hash: str) -> int:
    """Write down somebody who joins, with a PIN already hashed or none; returns their id (inside a transaction)."""
    work_number, name = new.work_number.strip(), new.name.strip()
    if not work_number or not name:
        raise Invalid(_("A work number and a name are needed."), article=9)
    if models.Person.select().where(models.Person.work_number == work_number).exists():
        raise Conflict(_("The work number {number} is taken.").format(number=work_number), article=9)
    team = _team(new.team)
    seat = models.Seat.get_or_create(number=new.seat)[0] if new.seat else None
    person = models.Person.create(
        work_number=work_number, name=name, role=new.role, team=team, seat=seat, entered_at=now
    )
    if pin_hash:
        models.Credential.create(
            person=person, pin_hash=pin_hash, must_change=new.must_change_pin, changed_at=now
        )
    if new.badge:
        _check_new(new.badge)
        models.Badge.create(badge=new.badge, person=person)
    return int(person.id)


def _team(code: str) -> models.Team | None:
    team: models.Team | None = models.Team.get_or_none(models.Team.code == code) if code else None
    if code and team is None:
        raise NotFound(_("There is no team called {team}.").format(team=code))
    return team


def _check_new(badge: str) -> None:
    if not badge.strip():
        raise Invalid(_("The badge id is empty."))
    if models.Badge.select().where(models.Badge.badge == badge).exists():
        raise Conflict(_("This badge is registered already."))
