"""The shift's log as it is shown: entries and items as rows, with what a reader may not read taken out (Art. 31, 32)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import peewee

import models
from locales import _
from operations.boundary import Actor
from operations.cipher import Unreadable
from operations.duties import ShiftRow, named, shift_row
from operations.readers import readers_of
from operations.sealing import entry_words, item_is_secret, item_words
from regulation.confidentiality import may_read
from regulation.handover import ItemRecord, ItemState, LogState, urgency
from regulation.logbook import COMPLAINT, REDACTED


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as it is shown. ``redacted`` says that its words were taken out: a list shows none that are confidential.

    ``readable`` says whether this reader may open them. ``count`` reports of ``source`` have come, the last at ``last_at``; ``version`` above 1 says that it was edited.
    """

    id: int
    kind: str
    happened_at: datetime
    entered_at: datetime
    author: str
    work_number: str
    seat: str
    text: str
    asset: str
    department: str
    vip: bool
    told_whom: str
    told_at: datetime | None
    outcome: str
    due_at: datetime | None = None
    department_answered_at: datetime | None = None
    attachments: tuple[str, ...] = ()
    confidential: bool = False
    redacted: bool = False
    readable: bool = True
    source: str = ""
    count: int = 1
    last_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An open item as it is shown; ``overdue`` is judged at the time of the query.

    A ``complaint`` is settled only when the user is ``satisfied`` (Art. 9); an item that was overdue too long went
    to the senior shift leader at ``escalated_at`` (Art. 7).
    """

    id: int
    log_id: int
    title: str
    vip: bool
    due_at: datetime | None
    overdue: bool
    opened_at: datetime
    owner: str
    state: ItemState
    reason: str
    next_step: str
    outcome: str
    entry_id: int | None = None
    owner_number: str = ""
    complaint: bool = False
    satisfied: bool | None = None
    escalated_at: datetime | None = None
    confidential: bool = False
    redacted: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True)
class LogView:
    """A shift's log with everything in it. ``writable`` is false once its content is frozen."""

    id: int
    date: date
    shift: ShiftRow
    state: LogState
    frozen_at: datetime | None
    sealed_at: datetime | None
    digest: str
    entries: tuple[EntryRow, ...]
    items: tuple[ItemRow, ...]
    writable: bool


def may_read_entry(entry: models.LogEntry, reader: Actor | None) -> bool:
    """Whether ``reader`` may read the words of ``entry``: anyone's, or a confidential one that is theirs to know.

    A program, and nobody in particular, may not.
    """
    if not entry.confidential:
        return True
    if reader is None or reader.person_id == 0:
        return False
    return may_read(readers_of(entry), entry.author_id, reader.person_id, reader.role)


def view(log: models.ShiftLog, now: datetime, reader: Actor | None = None) -> LogView:
    """Return a log as it is shown to ``reader`` (inside a transaction), with nothing of what is confidential."""
    return LogView(
        log.id,
        log.date,
        shift_row(log),
        LogState(log.state),
        log.frozen_at,
        log.sealed_at,
        log.digest,
        tuple(entry_row(entry, reader) for entry in entries_of(log)),
        item_rows(items_of(log), now, reader),
        log.state == LogState.OPEN,
    )


def entries_of(log: models.ShiftLog) -> list[models.LogEntry]:
    """Return a log's entries in order of what happened (inside a transaction)."""
    entry = models.LogEntry
    query = entry.select(entry, models.Person).join(models.Person).where(entry.log == log.id)
    return list(query.order_by(entry.happened_at, entry.id))


def items_of(log: models.ShiftLog) -> list[models.OpenItem]:
    """Return a log's items in every state (inside a transaction)."""
    item, entry = models.OpenItem, models.LogEntry
    query = (
        item.select(item, models.Person, entry)
        .join(models.Person, peewee.JOIN.LEFT_OUTER, on=item.owner)
        .switch(item)
        .join(entry, peewee.JOIN.LEFT_OUTER)
        .where(item.log == log.id)
    )
    return list(query.order_by(item.id))


def item_record(item: models.OpenItem) -> ItemRecord:
    """Return an item as the rules see it; what they say of it is shown to all, so confidential words are not."""
    # A confidential item cannot be carried without its words, and whether they are there is no secret.
    said = _(REDACTED) if item_is_secret(item) and item.state == ItemState.CARRIED else ""
    return ItemRecord(
        item.id,
        shown_title(item),
        ItemState(item.state),
        item.vip,
        item.due_at,
        item.opened_at,
        said or item.reason,
        said or item.next_step,
    )


def shown_title(item: models.OpenItem) -> str:
    """Return an item's title as everyone may see it."""
    return _(REDACTED) if item_is_secret(item) else str(item.title)


def item_rows(
    items: Iterable[models.OpenItem], now: datetime, reader: Actor | None = None, *, opened: bool = False
) -> tuple[ItemRow, ...]:
    """Return items as they are shown to ``reader``, the most urgent first (Art. 10); ``opened`` as in :func:`entry_row`."""
    ordered = sorted(items, key=lambda item: urgency(item_record(item), now))
    return tuple(_item_row(item, now, reader, opened=opened) for item in ordered)


def entry_row(entry: models.LogEntry, reader: Actor | None = None, *, opened: bool = False) -> EntryRow:
    """Return an entry as it is shown to ``reader``; ``opened`` with the words of a confidential one that they may read.

    Opening is a reading, for :mod:`operations.readings` to record.
    """
    row = EntryRow(
        entry.id,
        entry.kind,
        entry.happened_at,
        entry.entered_at,
        entry.author.name,
        entry.author.work_number,
        entry.seat,
        entry.text,
        entry.asset,
        entry.department,
        entry.vip,
        entry.told_whom,
        entry.told_at,
        entry.outcome,
        entry.due_at,
        entry.department_answered_at,
        tuple(entry.attachments),
        entry.confidential,
        source=entry.source,
        count=entry.count,
        last_at=entry.last_at,
        version=entry.version,
    )
    if not entry.confidential:
        return row
    readable = may_read_entry(entry, reader)
    mark = REDACTED
    if opened and readable:
        try:
            words = entry_words(entry)
        except Unreadable as error:
            mark = error.mark
        else:
            return replace(row, **words | {"attachments": tuple(words["attachments"])})
    # Whether someone was told, and when, is no secret: the desk must see that Art. 11 was kept.
    told = _(REDACTED) if entry.told_at else ""
    return replace(row, text=_(mark), told_whom=told, source="", redacted=True, readable=readable)


def _item_row(item: models.OpenItem, now: datetime, reader: Actor | None, *, opened: bool) -> ItemRow:
    entry = item.entry if item.entry_id else None
    row = ItemRow(
        item.id,
        item.log_id,
        item.title,
        item.vip,
        item.due_at,
        item.due_at is not None and item.due_at <= now,
        item.opened_at,
        named(item.owner) if item.owner_id else "",
        ItemState(item.state),
        item.reason,
        item.next_step,
        item.outcome,
        item.entry_id,
        item.owner.work_number if item.owner_id else "",
        entry is not None and entry.kind == COMPLAINT,
        item.satisfied,
        item.escalated_at,
        entry is not None and entry.confidential,
    )
    if entry is None or not entry.confidential:
        return row
    words = item_words_for(item, reader, opened=opened)
    readable = may_read_item(item, reader)
    return replace(row, **words[0], redacted=not words[1], readable=readable)


def item_words_for(
    item: models.OpenItem, reader: Actor | None, *, opened: bool
) -> tuple[dict[str, Any], bool]:
    """Return the words of an item as ``reader`` sees them, and whether they are its own or a mark in their place."""
    mark = REDACTED
    if not item_is_secret(item) or (opened and may_read_item(item, reader)):
        try:
            return item_words(item), True
        except Unreadable as error:
            mark = error.mark
    return {"title": _(mark), "reason": "", "next_step": "", "outcome": ""}, False


def may_read_item(item: models.OpenItem, reader: Actor | None) -> bool:
    """Whether ``reader`` may read an item: what came of a confidential entry is for its readers and the owner."""
    if not item.entry_id or may_read_entry(item.entry, reader):
        return True
    return reader is not None and reader.person_id != 0 and item.owner_id == reader.person_id
