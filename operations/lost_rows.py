"""What the door's records name and this centre has no row of: it was restored from a backup that is older (Art. 20, 33).

The records stay as they are. No id is given twice (``operations.row_ids``), so that they never come to speak of others.
"""

from __future__ import annotations

import models
from locales import _
from operations import row_ids


def unknown_person(person_id: int) -> str:
    """Return what stands in lists for a person who is in no list of people any more."""
    return _("unknown person {id}").format(id=person_id)


def unknown_visitor(visit_id: int) -> str:
    """Return what stands in lists for a visitor whose request is lost."""
    return _("unknown visitor {id}").format(id=visit_id)


def visit_is_lost(visit_id: int) -> bool:
    """Whether this centre gave the id, or may have, and has no such visit (inside a transaction)."""
    there = models.Visit.select().where(models.Visit.id == visit_id).exists()
    return not there and row_ids.was_given(models.Visit, visit_id)


def who_passed(event: models.DoorEvent, person: models.Person | None, visit: models.Visit | None) -> str:
    """Return the name of whom an event names, as far as their rows are here; empty for an event that names nobody."""
    if event.visit_id is not None:
        return str(visit.visitor) if visit is not None else unknown_visitor(event.visit_id)
    if event.person_id is not None:
        return str(person.name) if person is not None else unknown_person(event.person_id)
    return ""
