"""The machine-room entry register 机房出入登记 (Art. 20): who came and went, why, with whom, carrying what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import peewee

import models
from locales import _
from operations.boundary import Session, reads
from operations.centre import day_bounds, the_centre
from operations.duties import named
from operations.errors import Invalid
from operations.lost_rows import who_passed
from operations.passages import moving
from operations.permissions import Action
from operations.reasons import reason_labels
from regulation.doorlog import passage_of
from regulation.records import Direction
from regulation.roles import ROLE_NAMES, Role, is_centre_personnel


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One passage. ``reason`` and a colleague's ``job_title`` are messages, or the centre's own words.

    ``code`` is the door's verdict, ``escort`` who answers for a visitor, ``badge`` the label of a lent badge.
    """

    at: datetime
    name: str
    work_number: str
    unit: str
    job_title: str
    phone: str
    reason: str
    reference: str
    direction: str
    carried: str
    escort: str
    outcome: str
    code: str
    door: str
    badge: str
    is_visitor: bool


@dataclass(frozen=True, slots=True)
class EntryRegister:
    """The passages of the civil days ``first`` to ``last``, in order of time."""

    centre: str
    first: date
    last: date
    time_zone: str
    rows: tuple[EntryRow, ...]


@reads(Action.PRINT_LOG)
def entry_register(_session: Session, first: date, last: date, staff: bool = False) -> EntryRegister:
    """Return who came and went on the civil days ``first`` to ``last``: everyone who is not of the centre.

    With ``staff`` the centre's own people are in it as well. An entry that did not happen is left out.
    """
    if last < first:
        raise Invalid(_("The last day lies before the first."))
    centre = the_centre()
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    events = _passed(begin, end)
    people, visits, labels = _people(events), _visits(events), reason_labels()
    rows = []
    for event in events:
        visit, person = visits.get(event.visit_id), people.get(event.person_id)
        if visit is not None:
            rows.append(_visitor(event, visit, people, labels))
        elif event.visit_id is not None or person is None:
            rows.append(_unknown(event, labels))
        elif staff or not is_centre_personnel(Role(person.role)):
            rows.append(_colleague(event, person, labels))
    return EntryRegister(centre.name, first, last, centre.time_zone, tuple(rows))


def _passed(begin: datetime, end: datetime) -> list[models.DoorEvent]:
    event = models.DoorEvent
    query = event.select().where(
        moving(),
        event.at >= begin,
        event.at < end,
        event.person_id.is_null(False) | event.visit_id.is_null(False),
    )
    seen = [
        (row, passage)
        for row in query.order_by(event.at, event.kiosk, event.sequence)
        if (passage := passage_of(row)) is not None and passage.direction is not Direction.NONE
    ]
    withdrawn = {passage.withdraws for _event, passage in seen}
    return [row for row, passage in seen if not passage.withdraws and passage.event_id not in withdrawn]


def _people(events: Sequence[models.DoorEvent]) -> dict[int, models.Person]:
    person = models.Person
    ids = {event.person_id for event in events} | {event.escort_id for event in events}
    return {p.id: p for p in person.select().where(person.id.in_(sorted(ids - {None}) or [0]))}


def _visits(events: Sequence[models.DoorEvent]) -> dict[int, models.Visit]:
    visit = models.Visit
    ids = {event.visit_id for event in events}
    query = (
        visit.select(visit, models.Person, models.Badge)
        .join(models.Person, peewee.JOIN.LEFT_OUTER, on=(visit.escort == models.Person.id), attr="escort")
        .switch(visit)
        .join(models.Badge, peewee.JOIN.LEFT_OUTER)
    )
    return {v.id: v for v in query.where(visit.id.in_(sorted(ids - {None}) or [0]))}


def _visitor(
    event: models.DoorEvent,
    visit: models.Visit,
    people: Mapping[int, models.Person],
    labels: Mapping[str, str],
) -> EntryRow:
    person = people.get(event.person_id)
    escort = people.get(event.escort_id) or (visit.escort if visit.escort_id else None)
    return EntryRow(
        at=event.at,
        name=visit.visitor,
        work_number=person.work_number if person is not None else "",
        unit=visit.unit,
        job_title=visit.job_title,
        phone=visit.phone,
        reason=labels.get(visit.reason, visit.reason),
        reference=visit.reference,
        direction=event.direction,
        carried=visit.carried,
        escort=named(escort),
        outcome=event.outcome,
        code=event.code,
        door=event.kiosk,
        badge=visit.badge.label if visit.badge_id else "",
        is_visitor=True,
    )


def _unknown(event: models.DoorEvent, labels: Mapping[str, str]) -> EntryRow:
    """Return a row for somebody who passed and is known to this centre no more."""
    return _by_name(event, labels, who_passed(event, None, None), is_visitor=event.visit_id is not None)


def _colleague(event: models.DoorEvent, person: models.Person, labels: Mapping[str, str]) -> EntryRow:
    return _by_name(event, labels, person.name, person.work_number, ROLE_NAMES[Role(person.role)])


def _by_name(
    event: models.DoorEvent,
    labels: Mapping[str, str],
    name: str,
    work_number: str = "",
    job_title: str = "",
    *,
    is_visitor: bool = False,
) -> EntryRow:
    """Return a row for somebody of whom no visit says more."""
    return EntryRow(
        at=event.at,
        name=name,
        work_number=work_number,
        unit="",
        job_title=job_title,
        phone="",
        reason=labels.get(event.reason, event.reason),
        reference="",
        direction=event.direction,
        carried="",
        escort="",
        outcome=event.outcome,
        code=event.code,
        door=event.kiosk,
        badge="",
        is_visitor=is_visitor,
    )
