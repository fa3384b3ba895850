"""The whole story of one thing in the log: the shift it is in, its versions, its items through the shifts."""

from __future__ import annotations

from dataclasses import dataclass

import models
from locales import _
from operations.addenda import AddendumRow, addendum_rows
from operations.boundary import Session, reads
from operations.entry_edits import VersionRow, versions_of
from operations.errors import NotFound
from operations.log_rows import ItemRow, LogView, item_rows, view
from operations.open_items import ItemStep, chain_of
from operations.permissions import Action
from operations.search_index import ADDENDUM, ENTRY, ITEM


@dataclass(frozen=True, slots=True)
class ItemStory:
    """An open item and its way through the shifts."""

    item: ItemRow
    steps: tuple[ItemStep, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of an entry, an item or both; ``versions`` is empty for an item that no entry opened.

    ``addenda`` are the late additions to the sealed log it stands in.
    """

    log: LogView
    versions: tuple[VersionRow, ...]
    items: tuple[ItemStory, ...]
    addenda: tuple[AddendumRow, ...]


@reads(Action.READ_DESK)
def story(session: Session, subject: str, subject_id: int) -> Story:
    """Return the story of an ``entry``, an ``item`` or an ``addendum`` as this reader may read it."""
    item, entry, addendum = models.OpenItem, models.LogEntry, models.Addendum
    if subject == ENTRY and (written := entry.get_or_none(entry.id == subject_id)) is not None:
        opened = item.select().where(item.entry == written.id, item.carried_from.is_null())
        return _story(session, written.log, written, list(opened))
    if subject == ITEM and (found := item.get_or_none(item.id == subject_id)) is not None:
        return _story(session, found.log, found.entry if found.entry_id else None, [found])
    if subject == ADDENDUM and (added := addendum.get_or_none(addendum.id == subject_id)) is not None:
        return _story(session, added.log, None, [])
    raise NotFound(_("This is no longer in the log."), next_step=_("Search again."))


def _story(
    session: Session, log: models.ShiftLog, entry: models.LogEntry | None, items: list[models.OpenItem]
) -> Story:
    reader = session.actor
    rows = item_rows(items, session.now, reader)
    by_id = {item.id: item for item in items}
    return Story(
        view(log, session.now, reader),
        versions_of(entry, reader) if entry is not None else (),
        tuple(ItemStory(row, chain_of(by_id[row.id], reader)) for row in rows),
        addendum_rows(log),
    )
