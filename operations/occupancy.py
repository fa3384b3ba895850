"""Who is inside (Art. 14, 20): the list for the desk, the muster list for an emergency, and a leader's correction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import the_centre
from operations.consequences import visit_left
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound
from operations.kiosks import KioskRow, kiosk_rows
from operations.lost_rows import unknown_person, unknown_visitor
from operations.passages import occupancy_at
from operations.people import answerable, person_by_number
from operations.permissions import Action
from regulation.occupancy import Inside, Occupancy
from regulation.records import VisitState

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class InsideRow:
    """Someone inside, since when, by which door, and for a visitor with whom."""

    name: str
    work_number: str
    is_visitor: bool
    since: datetime
    escort: str
    unit: str
    visit_id: int | None = None
    door: str = ""


@dataclass(frozen=True, slots=True)
class MusterRow:
    """Someone to be counted; ``unit`` is a visitor's company or a colleague's team."""

    name: str
    work_number: str
    unit: str
    is_visitor: bool
    since: datetime
    escort: str
    door: str
    phone: str


@dataclass(frozen=True, slots=True)
class Muster:
    """Who is inside at one moment, visitors first, and what the doors say of themselves.

    A door that is silent, or has events that have not arrived, may know of more.
    """

    centre: str
    at: datetime
    rows: tuple[MusterRow, ...]
    doors: tuple[KioskRow, ...]


@reads(Action.READ_DOOR)
def inside_now(session: Session) -> tuple[InsideRow, ...]:
    """Return who is inside, staff first, each by how long."""
    occupancy = occupancy_at(session.now)
    people, visits = _people(occupancy.people), _visits(occupancy.visits)
    staff = [
        InsideRow(*_named(key, people.get(key)), False, inside.since, "", "", None, _door(inside))
        for key, inside in _by_time(occupancy.people)
    ]
    guests = [
        InsideRow(
            visit.visitor if (visit := visits.get(key)) is not None else unknown_visitor(key),
            "",
            True,
            inside.since,
            _escort(visit),
            visit.unit if visit is not None else "",
            key,
            _door(inside),
        )
        for key, inside in _by_time(occupancy.visits)
    ]
    return (*staff, *guests)


@reads(Action.READ_MUSTER)
def muster(session: Session) -> Muster:
    """Return the muster list: everyone inside, visitors first, for whoever counts heads."""
    occupancy = occupancy_at(session.now)
    people, visits = _people(occupancy.people), _visits(occupancy.visits)
    guests = [
        MusterRow(
            v.visitor if (v := visits.get(key)) is not None else unknown_visitor(key),
            "",
            v.unit if v is not None else "",
            True,
            inside.since,
            _escort(v),
            _door(inside),
            v.phone if v is not None else "",
        )
        for key, inside in _by_time(occupancy.visits)
    ]
    staff = [
        MusterRow(
            *_named(key, p := people.get(key)),
            p.team.name if p is not None and p.team_id else "",
            False,
            inside.since,
            "",
            _door(inside),
            "",
        )
        for key, inside in _by_time(occupancy.people)
    ]
    return Muster(the_centre().name, session.now, (*guests, *staff), kiosk_rows(session.now))


@writes(Action.RESET_OCCUPANCY)
def reset_occupancy(
    session: Session,
    *,
    work_number: str = "",
    visit_id: int | None = None,
    everyone: bool = False,
    reason: str,
) -> None:
    """Say that someone is not inside although the door's records say so: a person, a visit, or everyone.

    The records stay; the word is added to them, with who said it and how they know. Doors follow it.
    """
    if [bool(work_number.strip()), visit_id is not None, everyone].count(True) != 1:
        raise Invalid(_("Say who is not inside: one person, one visitor, or everyone."), article=20)
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Invalid(
            _("Say how you know, in at most {most} characters.").format(most=LONGEST_REASON), article=20
        )
    occupancy = occupancy_at(session.now)
    person = person_by_number(work_number) if work_number.strip() else None
    subject = "everyone" if everyone else f"person:{person.id}" if person is not None else f"visit:{visit_id}"
    _check_inside(occupancy, person, visit_id)
    models.OccupancyReset.create(
        at=session.now,
        person=person,
        visit=visit_id,
        reason=reason.strip(),
        reset_by=answerable(session),
    )
    gone = list(occupancy.visits) if everyone else [visit_id] if visit_id is not None else []
    for key in {*gone, *(_visits_inside() if everyone else ())}:
        visit_left(key, session.now)
    session.about(subject, reason=reason.strip(), inside=len(occupancy.people) + len(occupancy.visits))


def _check_inside(occupancy: Occupancy, person: models.Person | None, visit_id: int | None) -> None:
    if person is not None and person.id not in occupancy.people:
        raise Conflict(_("{name} is not inside.").format(name=person.name), article=20)
    if visit_id is None:
        return
    if visit_id not in _visits([visit_id]):
        raise NotFound(_("There is no such visit."), article=20)
    if visit_id not in occupancy.visits and visit_id not in _visits_inside():
        raise Conflict(_("This visitor is not inside."), article=20)


def _visits_inside() -> list[int]:
    visit = models.Visit
    return [row.id for row in visit.select(visit.id).where(visit.state == VisitState.INSIDE)]


def _people(ids: Iterable[int]) -> dict[int, models.Person]:
    person = models.Person
    query = person.select(person, models.Team).join(models.Team, peewee.JOIN.LEFT_OUTER)
    return {p.id: p for p in query.where(person.id.in_(list(ids) or [0]))}


def _visits(ids: Iterable[int]) -> dict[int, models.Visit]:
    visit = models.Visit
    query = visit.select(visit, models.Person).join(
        models.Person, peewee.JOIN.LEFT_OUTER, on=(visit.escort == models.Person.id), attr="escort"
    )
    return {v.id: v for v in query.where(visit.id.in_(list(ids) or [0]))}


def _named(person_id: int, person: models.Person | None) -> tuple[str, str]:
    """Return name and work number of someone inside; whoever is inside is counted, known here or not."""
    return (person.name, person.work_number) if person is not None else (unknown_person(person_id), "")


def _escort(visit: models.Visit | None) -> str:
    return named(visit.escort) if visit is not None and visit.escort_id else ""


def _by_time(room: dict[int, Inside]) -> list[tuple[int, Inside]]:
    return sorted(room.items(), key=lambda found: found[1].since)


def _door(inside: Inside) -> str:
    """Return the door someone came in by, from the event that saw them."""
    kind, _colon, event = inside.event_id.partition(":")
    return event.rpartition("-")[0] if kind == "door" else ""
