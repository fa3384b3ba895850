"""Open items beyond one shift (Art. 7, 10, 22): who sees to them, through which shifts they went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import models
from locales import _
from operations.boundary import Actor, Session, writes
from operations.duties import named
from operations.errors import Invalid
from operations.log_rows import item_words_for
from operations.permissions import Action
from operations.search_index import keep_item_found
from operations.shiftlog import changeable_item
from regulation.handover import ItemState
from regulation.logbook import REDACTED
from regulation.records import PersonStatus
from regulation.roles import is_centre_personnel


@dataclass(frozen=True, slots=True)
class ItemStep:
    """What one shift did with an item: carried it with a reason and a next step, settled it, or has it still.

    ``by`` decided it at ``at``; both are empty while nobody has.
    """

    item_id: int
    log_id: int
    date: date
    shift: str
    shift_en: str
    state: ItemState
    owner: str
    by: str
    at: datetime | None
    reason: str
    next_step: str
    outcome: str


@writes(Action.WRITE_LOG)
def set_item_owner(session: Session, item_id: int, work_number: str) -> None:
    """Say who sees to an item from now on: someone of the centre, by work number (Art. 9)."""
    item = changeable_item(item_id)
    owner = models.Person.get_or_none(models.Person.work_number == work_number.strip())
    if owner is None or owner.status != PersonStatus.ACTIVE or not is_centre_personnel(owner.role):
        raise Invalid(
            _("{number} is no work number of someone at the centre.").format(number=work_number or "—"),
            article=9,
        )
    before = item.owner.work_number if item.owner_id else ""
    models.OpenItem.update(owner=owner).where(models.OpenItem.id == item.id).execute()
    keep_item_found(item.id)
    session.about(f"item:{item_id}", owner=owner.work_number, before=before)


def chain_of(item: models.OpenItem, reader: Actor, *, opened: bool = False) -> tuple[ItemStep, ...]:
    """Return an item's way through the shifts (inside a transaction).

    ``opened`` shows what is confidential to a ``reader`` who may read it; that is a reading.
    """
    chain = [item]
    while chain[0].carried_from_id:
        chain.insert(0, chain[0].carried_from)
    while following := models.OpenItem.get_or_none(models.OpenItem.carried_from == chain[-1].id):
        chain.append(following)
    return tuple(_step(step, reader, opened=opened) for step in chain)


def _step(item: models.OpenItem, reader: Actor, *, opened: bool) -> ItemStep:
    log = item.log
    said, shown = item_words_for(item, reader, opened=opened)
    words = [said["reason"], said["next_step"], said["outcome"]]
    if not shown and item.sealed and item.state != ItemState.OPEN:
        words[0 if item.state == ItemState.CARRIED else 2] = _(REDACTED)
    return ItemStep(
        item.id,
        log.id,
        log.date,
        log.shift_type.name,
        log.shift_type.name_en,
        ItemState(item.state),
        named(item.owner) if item.owner_id else "",
        named(item.decided_by) if item.decided_by_id else "",
        item.decided_at,
        *words,
    )
