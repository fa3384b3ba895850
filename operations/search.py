"""Search over every shift's log (Art. 9): as one types, in Chinese and Latin, by kind, state, person and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee

import models
from locales import _
from operations import store
from operations.boundary import Session, reads, writes
from operations.duties import named
from operations.errors import Invalid
from operations.permissions import Action
from operations.search_confidential import confidential_ids
from operations.search_index import empty_index, fill_index, filter_tokens, instant_of
from operations.search_query import LogQuery, bounds_of
from regulation.handover import ItemState
from regulation.logbook import ENTRY_KINDS, REDACTED
from regulation.search_text import Span, grams_of_word, snippet, token, words_of

__all__ = ["FoundPage", "Hit", "LogQuery", "rebuild_search", "search_log"]

PAGE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``snippet`` is the part of its text around the words, ``marks`` where they stand in it.

    ``key`` orders all hits by time and names the place where the next page goes on.
    """

    key: int
    subject: str
    subject_id: int
    log_id: int
    date: date
    shift: str
    shift_en: str
    at: datetime
    kind: str
    state: str
    person: str
    snippet: str
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of hits, the newest first; ``more_before`` goes into the next question, ``None`` at the end."""

    hits: tuple[Hit, ...]
    more_before: int | None


@reads(Action.READ_DESK)
def search_log(session: Session, query: LogQuery, before: int | None = None, limit: int = PAGE) -> FoundPage:
    """Return what holds every word, newest first; nothing of what this reader may not read (Art. 31)."""
    person_id = _person_id(query)
    if person_id is None:
        return FoundPage((), None)
    words = words_of(query.words)
    ids = _found_ids(query, words, person_id, before, limit + 1)
    # What is confidential is in no index: it is opened for those who may read it, and looked through.
    ids += confidential_ids(session.actor, query, words, person_id, before, limit + 1)
    page = (ids := sorted(ids, reverse=True))[:limit]
    more = page[-1] if len(ids) > limit else None
    return FoundPage(_hits(page, words), more)


@writes(Action.VERIFY)
def rebuild_search(session: Session) -> int:
    """Build the index anew from the log itself; returns how many texts it holds."""
    empty_index(models.database.obj)
    count = fill_index(models.database.obj)
    session.about("search", texts=count)
    return count


def _person_id(query: LogQuery) -> int | None:
    """Return the person's id, 0 for anyone, ``None`` for a work number nobody has."""
    if query.kind and query.kind not in ENTRY_KINDS:
        raise Invalid(_("Choose a kind of entry from the list."))
    if query.state and query.state not in list(ItemState):
        raise Invalid(_("An item is open, carried or resolved."))
    if not query.person:
        return 0
    person = models.Person.get_or_none(models.Person.work_number == query.person.strip())
    return int(person.id) if person is not None else None


def _found_ids(
    query: LogQuery, words: Sequence[str], person_id: int, before: int | None, limit: int
) -> list[int]:
    tokens = sorted({token(gram) for word in words for gram in grams_of_word(word)})
    tokens += sorted(filter_tokens("", query.kind, query.state, person_id))
    postgresql = store.is_postgresql()
    clauses, values = _index_clause(tokens, postgresql=postgresql)
    place = "%s" if postgresql else "?"
    key = "d.id" if postgresql or not tokens else "i.rowid"
    find = "strpos" if postgresql else "instr"
    # A single character is its own token: the index alone decides.
    for word in (word for word in words if len(word) > 1):
        clauses.append(f"{find}(d.folded, {place}) > 0")
        values.append(word)
    for clause, value in bounds_of(query, before):
        clauses.append(f"{key} {clause} {place}")
        values.append(value)
    clauses.append("NOT d.confidential")
    index = "search_index i ON i.id = d.id" if postgresql else "search_index i ON d.id = i.rowid"
    tables = f"search_document d JOIN {index}" if tokens else "search_document d"
    sql = f"SELECT d.id FROM {tables} WHERE {' AND '.join(clauses)} ORDER BY {key} DESC LIMIT {int(limit)}"  # noqa: S608  columns and places only
    return [row[0] for row in models.database.execute_sql(sql, values).fetchall()]


def _index_clause(tokens: Sequence[str], *, postgresql: bool) -> tuple[list[str], list[Any]]:
    if not tokens:
        return [], []
    if postgresql:
        return ["i.tokens @> %s"], [list(tokens)]
    return ["search_index MATCH ?"], [" ".join(f'"{one}"' for one in tokens)]


def _hits(ids: Sequence[int], words: Sequence[str]) -> tuple[Hit, ...]:
    if not ids:
        return ()
    document, log = models.SearchDocument, models.ShiftLog
    query = (
        document.select(document, log, models.ShiftType, models.Person)
        .join(log)
        .join(models.ShiftType)
        .switch(document)
        .join(models.Person, peewee.JOIN.LEFT_OUTER)
        .where(document.id.in_(list(ids)))
        .order_by(document.id.desc())
    )
    return tuple(_hit(row, words) for row in query)


def _hit(row: models.SearchDocument, words: Sequence[str]) -> Hit:
    # A hit says that it is there; reading it is opening it.
    part, marks = snippet(row.text, words) if not row.confidential else (_(REDACTED), ())
    return Hit(
        row.id,
        row.subject,
        row.subject_id,
        row.log_id,
        row.log.date,
        row.log.shift_type.name,
        row.log.shift_type.name_en,
        instant_of(row.id),
        row.kind,
        row.state,
        named(row.person) if row.person_id else "",
        part.replace("\n", " "),
        marks,
    )
