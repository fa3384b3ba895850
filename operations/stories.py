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
from operations.readers import reader_codes, readers_in_words
from operations.search_index import ADDENDUM, ENTRY, ITEM


@dataclass(frozen=True, slots=True)
class ItemStory:
    """An open item and its way through the shifts."""

    item: ItemRow
    steps: tuple[ItemStep, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of an entry, an item or both; ``versions`` is empty for an item that no entry opened.

    ``addenda`` are the late additions to the sealed log it stands in. ``withheld`` says that its words are
    confidential and not opened, ``readers`` who may read them, ``reader_codes`` the same as it is given.
    """

    log: LogView
    versions: tuple[VersionRow, ...]
    items: tuple[ItemStory, ...]
    addenda: tuple[AddendumRow, ...]
    withheld: bool = False
    readers: tuple[str, ...] = ()
    reader_codes: tuple[str, ...] = ()


@reads(Action.READ_DESK)
def story(session: Session, subject: str, subject_id: int) -> Story:
    """Return the story of an ``entry``, an ``item`` or an ``addendum``, with nothing of what is confidential."""
    return story_of(session, subject, subject_id)


def story_of(session: Session, subject: str, subject_id: int, *, opened: bool = False) -> Story:
    """Return a story (inside a transaction); ``opened`` with what is confidential, if the reader may read it."""
    item, entry, addendum = models.OpenItem, models.LogEntry, models.Addendum
    if subject == ENTRY and (written := entry.get_or_none(entry.id == subject_id)) is not None:
        items = item.select().where(item.entry == written.id, item.carried_from.is_null())
        return _story(session, written.log, written, list(items), opened=opened)
    if subject == ITEM and (found := item.get_or_none(item.id == subject_id)) is not None:
        return _story(session, found.log, found.entry if found.entry_id else None, [found], opened=opened)
    if subject == ADDENDUM and (added := addendum.get_or_none(addendum.id == subject_id)) is not None:
        return _story(session, added.log, None, [], opened=opened)
    raise NotFound(_("This is no longer in the log."), next_step=_("Search again."))


def _story(
    session: Session,
    log: models.ShiftLog,
    entry: models.LogEntry | None,
    items: list[models.OpenItem],
    *,
    opened: bool,
) -> Story:
    reader = session.actor
    rows = item_rows(items, session.now, reader, opened=opened)
    secret = entry is not None and entry.confidential
    by_id = {item.id: item for item in items}
    return Story(
        view(log, session.now, reader),
        versions_of(entry, reader, opened=opened) if entry is not None else (),
        tuple(ItemStory(row, chain_of(by_id[row.id], reader, opened=opened)) for row in rows),
        addendum_rows(log),
        withheld=secret and not opened,
        readers=readers_in_words(entry) if entry is not None and secret else (),
        reader_codes=reader_codes(entry) if entry is not None and secret else (),
    )
