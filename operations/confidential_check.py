"""Whether every confidential text still is what was sealed in its place (Art. 32, 33; inside a transaction)."""

from __future__ import annotations

from collections.abc import Iterator

import models
from locales import N_
from operations.cipher import NoKey, Tampered
from operations.sealing import SEALED_TABLES, sealed_rows, words_in
from regulation.ledger import Break

CHANGED = N_("the confidential text was changed or moved")
MISSING = N_("the confidential text is missing")


def confidential_breaks() -> tuple[list[Break], int]:
    """Open every confidential text; returns what was changed, and how many texts have no key on this machine."""
    breaks = [Break(f"log_entry:{key}", key, MISSING) for key in _marked_without_words()]
    breaks += [Break(f"log_entry:{key}", key, CHANGED) for key in _words_without_mark()]
    unread = 0
    for table in SEALED_TABLES:
        for row in sealed_rows(table):
            try:
                words_in(row)
            except NoKey:
                unread += 1
            except Tampered:
                breaks.append(Break(f"{table._meta.table_name}:{row.id}", row.id, CHANGED))
    return breaks, unread


def _marked_without_words() -> Iterator[int]:
    entry = models.LogEntry
    for row in entry.select(entry.id).where(entry.confidential == True, entry.sealed == ""):  # noqa: E712  SQL
        yield row.id


def _words_without_mark() -> Iterator[int]:
    entry = models.LogEntry
    for row in entry.select(entry.id).where(entry.confidential == False, entry.sealed != ""):  # noqa: E712  SQL
        yield row.id
