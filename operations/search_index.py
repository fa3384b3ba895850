"""The index that finds words in the log: kept in the transaction of the text itself, and built anew from it.

``search_document`` holds each text once, ordered by when it was; ``search_index`` holds the tokens of
:mod:`regulation.search_text`: in SQLite as an FTS5 table without content, in PostgreSQL as arrays under a GIN
index. A filter that is often used (kind, state, person) is a token too, so that it narrows as fast as a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import peewee

import models
from regulation.search_text import folded, grams, token

ENTRY, ITEM, ADDENDUM = "entry", "item", "addendum"
# Identifiers for each microsecond: that many texts about the same instant keep their order without moving on.
IDS_A_MICROSECOND = 1000
BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# By names of columns and not by the models: a migration reads these before later columns exist.
_ENTRIES = (
    "SELECT e.id, e.log_id, e.happened_at, e.kind, e.author_id, e.confidential, e.text, e.asset, e.department,"
    " e.told_whom, e.outcome, e.seat, e.source, e.attachments FROM log_entry e"
)
_ITEMS = (
    "SELECT i.id, i.log_id, i.opened_at, e.kind, i.state, i.owner_id, e.confidential, i.title, i.outcome, i.reason,"
    " i.next_step FROM open_item i LEFT JOIN log_entry e ON e.id = i.entry_id"
)
_ADDENDA = "SELECT a.id, a.log_id, a.at, a.author_id, a.text FROM addendum a"


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found: whose log it is in, when it was, and its words. ``state`` is an open item's."""

    subject: str
    subject_id: int
    log_id: int
    at: datetime
    texts: tuple[str, ...]
    kind: str = ""
    state: str = ""
    person_id: int | None = None
    confidential: bool = False

    @property
    def text(self) -> str:
        """All the words, a line each; none of what is confidential, which no index may hold (Art. 32)."""
        return "" if self.confidential else "\n".join(text for text in self.texts if text)

    @property
    def tokens(self) -> set[str]:
        """What the index keeps of it."""
        return tokens_of(folded(self.text)) | filter_tokens(
            self.subject, self.kind, self.state, self.person_id
        )


def tokens_of(text: str) -> set[str]:
    """Return the tokens of a folded text."""
    return {token(gram) for gram in grams(text)}


def filter_tokens(
    subject: str = "", kind: str = "", state: str = "", person_id: int | None = None
) -> set[str]:
    """Return the tokens of what a search may be narrowed to; none of their first letters is a hexadecimal digit."""
    given = (("t", subject), ("k", kind), ("s", state), ("p", person_id or ""))
    return {f"{letter}{value}".replace("_", "") for letter, value in given if value}


def first_id(at: datetime) -> int:
    """Return the first identifier of what happened at ``at``."""
    return (at - _EPOCH) // _MICROSECOND * IDS_A_MICROSECOND


def instant_of(key: int) -> datetime:
    """Return the instant a document is about, to the microsecond."""
    return _EPOCH + key // IDS_A_MICROSECOND * _MICROSECOND


def entry_document(entry: models.LogEntry) -> Document:
    """Return an entry as it is found."""
    texts = (
        entry.text,
        entry.asset,
        entry.department,
        entry.told_whom,
        entry.outcome,
        entry.seat,
        entry.source,
        *entry.attachments,
    )
    return Document(
        ENTRY,
        entry.id,
        entry.log_id,
        entry.happened_at,
        texts,
        entry.kind,
        person_id=entry.author_id,
        confidential=entry.confidential,
    )


def item_document(item: models.OpenItem) -> Document:
    """Return an open item as it is found; what came of a confidential entry is confidential."""
    return Document(
        ITEM,
        item.id,
        item.log_id,
        item.opened_at,
        (item.title, item.outcome, item.reason, item.next_step),
        item.entry.kind if item.entry_id else "",
        item.state,
        item.owner_id,
        bool(item.entry_id and item.entry.confidential),
    )


def addendum_document(addendum: models.Addendum) -> Document:
    """Return a late addition as it is found."""
    return Document(
        ADDENDUM, addendum.id, addendum.log_id, addendum.at, (addendum.text,), person_id=addendum.author_id
    )


def keep_entry_found(entry_id: int) -> None:
    """Bring the index up to an entry as it reads now, and to the items it opened (inside a transaction)."""
    entry = models.LogEntry.get_by_id(entry_id)
    keep_found(entry_document(entry))
    for item in models.OpenItem.select().where(models.OpenItem.entry == entry_id):
        keep_found(item_document(item))


def keep_item_found(item_id: int) -> None:
    """Bring the index up to an item as it reads now (inside a transaction)."""
    keep_found(item_document(models.OpenItem.get_by_id(item_id)))


def keep_found(document: Document) -> None:
    """Put a document into the index, in place of what it was before (inside a transaction)."""
    known = models.SearchDocument.get_or_none(
        models.SearchDocument.subject == document.subject,
        models.SearchDocument.subject_id == document.subject_id,
    )
    if known is not None:
        _forget(known)
    keep = known is not None and known.id // IDS_A_MICROSECOND == first_id(document.at) // IDS_A_MICROSECOND
    place = known.id if known is not None and keep else _free_id(first_id(document.at))
    _insert(models.database.obj, [(place, document)])


def create_index(db: peewee.Database) -> None:
    """Make the empty index of words beside the table of documents."""
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql(
            "CREATE TABLE search_index (id bigint PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,"
            " tokens text[] NOT NULL)"
        )
        db.execute_sql("CREATE INDEX search_index_tokens ON search_index USING gin (tokens)")
        return
    db.execute_sql(
        "CREATE VIRTUAL TABLE search_index USING fts5"
        "(tokens, content='', columnsize=0, detail=none, tokenize='ascii')"
    )


def empty_index(db: peewee.Database) -> None:
    """Forget every document."""
    if not isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    db.execute_sql("DELETE FROM search_document")


def fill_index(db: peewee.Database, *, addenda: bool = True) -> int:
    """Put every entry, item and addendum into the empty index; returns how many (inside a transaction).

    ``addenda`` is false for the migration that makes the index: their table comes later.
    """
    taken: dict[int, int] = {}
    count = 0
    documents = chain(_stored_entries(db), _stored_items(db), _stored_addenda(db) if addenda else ())
    while batch := list(islice(documents, BATCH)):
        rows = []
        for document in batch:
            first = first_id(document.at)
            rows.append((first + taken.get(first, 0), document))
            taken[first] = taken.get(first, 0) + 1
        _insert(db, rows)
        count += len(rows)
    return count


def _stored_entries(db: peewee.Database) -> Iterator[Document]:
    for row in _rows(db, _ENTRIES, "e.id"):
        entry_id, log_id, at, kind, author, confidential, *texts, attachments = row
        words = (*texts, *json.loads(attachments))
        yield Document(
            ENTRY,
            entry_id,
            log_id,
            _instant(at),
            words,
            kind,
            person_id=author,
            confidential=bool(confidential),
        )


def _stored_items(db: peewee.Database) -> Iterator[Document]:
    for row in _rows(db, _ITEMS, "i.id"):
        item_id, log_id, at, kind, state, owner, confidential, *texts = row
        yield Document(
            ITEM, item_id, log_id, _instant(at), tuple(texts), kind or "", state, owner, bool(confidential)
        )


def _stored_addenda(db: peewee.Database) -> Iterator[Document]:
    for addendum_id, log_id, at, author, text in _rows(db, _ADDENDA, "a.id"):
        yield Document(ADDENDUM, addendum_id, log_id, _instant(at), (text,), person_id=author)


def _rows(db: peewee.Database, select: str, key: str) -> Iterator[Sequence[Any]]:
    last = 0
    while True:
        query = f"{select} WHERE {key} > {db.param} ORDER BY {key} LIMIT {BATCH}"
        rows = db.execute_sql(query, (last,)).fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _instant(stored: Any) -> datetime:
    at = models.InstantField().python_value(stored)
    if at is None:
        raise ValueError("an entry without its instant")
    return at


def _free_id(first: int) -> int:
    document = models.SearchDocument
    while True:
        last = (
            document.select(document.id)
            .where(document.id >= first, document.id < first + IDS_A_MICROSECOND)
            .order_by(document.id.desc())
            .first()
        )
        if last is None:
            return first
        if last.id + 1 < first + IDS_A_MICROSECOND:
            return int(last.id) + 1
        first += IDS_A_MICROSECOND


def _forget(known: models.SearchDocument) -> None:
    if not isinstance(models.database.obj, peewee.PostgresqlDatabase):
        # Without content the index must be told what it kept: the tokens follow from the stored row alone.
        held = Document(
            known.subject, known.subject_id, known.log_id, _EPOCH, (known.text,), known.kind, known.state,
            known.person_id, known.confidential,
        )  # fmt: skip
        models.database.execute_sql(
            "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', ?, ?)",
            (known.id, _token_text(held)),
        )
    models.SearchDocument.delete().where(models.SearchDocument.id == known.id).execute()


def _token_text(document: Document) -> str:
    return " ".join(sorted(document.tokens))


def _insert(db: peewee.Database, rows: Sequence[tuple[int, Document]]) -> None:
    fields = "id, subject, subject_id, log_id, kind, state, person_id, confidential, text, folded"
    values = [
        (
            key,
            d.subject,
            d.subject_id,
            d.log_id,
            d.kind,
            d.state,
            d.person_id,
            d.confidential,
            d.text,
            folded(d.text),
        )
        for key, d in rows
    ]
    _insert_rows(db, f"search_document ({fields})", values)
    if isinstance(db, peewee.PostgresqlDatabase):
        _insert_rows(db, "search_index (id, tokens)", [(key, sorted(d.tokens)) for key, d in rows])
    else:
        _insert_rows(db, "search_index (rowid, tokens)", [(key, _token_text(d)) for key, d in rows])


def _insert_rows(db: peewee.Database, into: str, rows: Sequence[Sequence[Any]]) -> None:
    one = f"({', '.join([db.param] * len(rows[0]))})"
    places = ", ".join([one] * len(rows))
    db.execute_sql(f"INSERT INTO {into} VALUES {places}", [value for row in rows for value in row])  # noqa: S608
