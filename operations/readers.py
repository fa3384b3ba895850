"""Who may read something confidential (Art. 31), as it is given, kept and shown: by role or by name."""

from __future__ import annotations

from collections.abc import Sequence

import models
from locales import _
from operations.duties import named
from operations.errors import Invalid
from regulation.confidentiality import Readers
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES, ROLE_NAMES, Role, is_centre_personnel


def kept_readers(roles: Sequence[str], work_numbers: Sequence[str]) -> dict[str, list[str] | list[int]]:
    """Return readers as a row keeps them; nobody in particular is an empty one, which means the leaders.

    Raises :class:`Invalid` for a role outside the centre, or a work number of nobody who works there: an
    administrator keeps the machines and not the centre's secrets.
    """
    unknown = [role for role in roles if role not in CENTRE_ROLES]
    if unknown:
        raise Invalid(
            _("{role} is no role of the centre.").format(role=unknown[0]),
            article=31,
            next_step=_("There are: {codes}.").format(codes=", ".join(sorted(CENTRE_ROLES))),
        )
    people = [_person(number) for number in work_numbers]
    if not roles and not people:
        return {}
    return {
        "people": sorted({person.id for person in people}),
        "roles": sorted({str(role) for role in roles}),
    }


def readers_of(row: models.LogEntry | models.DirectoryNumber) -> Readers:
    """Return who may read something confidential, as it was said when it was written."""
    return Readers(frozenset(row.readers.get("roles", ())), frozenset(row.readers.get("people", ())))


def readers_in_words(row: models.LogEntry | models.DirectoryNumber) -> tuple[str, ...]:
    """Return who may read it beside its author, role by role and person by person."""
    readers = readers_of(row)
    if not readers.named:
        return (_("the leaders"),)
    roles = [_(ROLE_NAMES[Role(role)]) for role in sorted(readers.roles)]
    people = models.Person.select().where(models.Person.id.in_(list(readers.people)))
    return (*roles, *(named(person) for person in people.order_by(models.Person.work_number)))


def reader_codes(row: models.LogEntry | models.DirectoryNumber) -> tuple[str, ...]:
    """Return whom a row names as they are given: codes of roles, then work numbers; nobody for the leaders."""
    readers, person = readers_of(row), models.Person
    people = person.select().where(person.id.in_(list(readers.people))).order_by(person.work_number)
    return (*sorted(readers.roles), *(row.work_number for row in people))


def _person(work_number: str) -> models.Person:
    person: models.Person | None = models.Person.get_or_none(models.Person.work_number == work_number.strip())
    if person is None or person.status != PersonStatus.ACTIVE or not is_centre_personnel(person.role):
        raise Invalid(
            _("{number} is no work number of someone at the centre.").format(number=work_number or "—"),
            article=31,
        )
    return person
