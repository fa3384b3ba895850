"""The search through what is confidential (Art. 31, 32): no index holds its words, so it is opened and read."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import models
from operations.boundary import Actor
from operations.cipher import Unreadable
from operations.log_rows import may_read_entry, may_read_item
from operations.sealing import entry_words, item_words
from operations.search_index import ENTRY
from operations.search_query import LogQuery, bounds_of
from regulation.search_text import folded

BATCH = 200
_COMPARE = {">=": operator.ge, "<": operator.lt}


def confidential_ids(
    reader: Actor, query: LogQuery, words: Sequence[str], person_id: int, before: int | None, limit: int
) -> list[int]:
    """Return the keys of what is confidential, holds every word, and is for ``reader`` to read; the newest first.

    At most ``limit`` of them (inside a transaction). What cannot be opened here is not found.
    """
    if reader.person_id == 0:
        return []
    document, found = models.SearchDocument, list[int]()
    wanted = document.select().where(document.confidential == True)  # noqa: E712  SQL, not Python
    for name, value in (("kind", query.kind), ("state", query.state), ("person", person_id)):
        if value:
            wanted = wanted.where(getattr(document, name) == value)
    for sign, bound in bounds_of(query, before):
        wanted = wanted.where(_COMPARE[sign](document.id, bound))
    last: int | None = None
    while len(found) < limit:
        page = wanted if last is None else wanted.where(document.id < last)
        rows = list(page.order_by(document.id.desc()).limit(BATCH))
        found += [row.id for row in rows if _holds(row, reader, words)]
        if len(rows) < BATCH:
            break
        last = rows[-1].id
    return found[:limit]


def _holds(row: models.SearchDocument, reader: Actor, words: Sequence[str]) -> bool:
    try:
        if row.subject == ENTRY:
            entry = models.LogEntry.get_by_id(row.subject_id)
            if not may_read_entry(entry, reader):
                return False
            texts = [*entry_words(entry).values(), entry.seat, entry.source] if words else []
        else:
            item = models.OpenItem.get_by_id(row.subject_id)
            if not may_read_item(item, reader):
                return False
            texts = [*item_words(item).values()] if words else []
    except Unreadable:
        return False
    flat = [part for text in texts for part in (text if isinstance(text, list) else [text])]
    text = folded("\n".join(part for part in flat if part))
    return all(word in text for word in words)
