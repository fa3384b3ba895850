"""Confidential words in the database (Art. 32): sealed where they stand, opened for whoever may read them.

A row that holds something confidential keeps its words as one sealed JSON value in ``sealed``, bound to its table and
its own number, and leaves the columns they would stand in empty. Opening says nothing of who may: callers ask
:mod:`operations.log_rows` or the directory first. All of this happens inside a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import models
from locales import _
from operations import cipher

# What is confidential of an entry, of an older version of it, and of an item that came of it.
ENTRY_WORDS = ("text", "asset", "department", "told_whom", "outcome", "attachments")
VERSION_WORDS = ("text", "asset", "department", "attachments")
ITEM_WORDS = ("title", "outcome", "reason", "next_step")
READERS = "readers"

SEALED_TABLES: tuple[type[models.Table], ...] = (
    models.LogEntry,
    models.EntryVersion,
    models.OpenItem,
    models.DirectoryNumber,
)


def current_key(now: datetime, set_by: str) -> cipher.Key:
    """Return the key that the centre seals with now; the first thing sealed makes it the centre's.

    Raises :class:`operations.cipher.NoKey` when it is not on this machine.
    """
    known = models.SealingKey.get_or_none(models.SealingKey.current == True)  # noqa: E712  SQL, not Python
    held = cipher.keys()
    if known is not None:
        if known.number not in held:
            raise cipher.no_key(known.number)
        return held[known.number]
    if not held:
        make_key_file()
        held = cipher.keys()
    key = held[next(reversed(held))]
    models.SealingKey.create(number=key.number, current=True, since=now, set_by=set_by)
    return key


def make_key_file() -> None:
    """Make this machine's key file if it has none and the centre has sealed nothing yet."""
    if cipher.key_file() is None:
        raise cipher.NoKey(
            _("No key file is set for this database."),
            article=32,
            next_step=_("Name one in [confidential] key_file."),
        )
    if not cipher.keys() and not models.SealingKey.select().exists():
        key = cipher.new_key()
        cipher.keep_keys({key.number: key})


def place_of(row: models.Table) -> str:
    """Return where a row's sealed words stand: ``table:row:column``."""
    return f"{row._meta.table_name}:{row.get_id()}:sealed"


def keep_sealed(row: models.Table, words: Mapping[str, Any], now: datetime, set_by: str) -> None:
    """Seal ``words`` into their row, in place of what was sealed there."""
    text = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    row.sealed = cipher.seal(text, place_of(row), current_key(now, set_by))
    row.update(sealed=row.sealed).where(row._meta.primary_key == row.get_id()).execute()


def words_in(row: models.Table) -> dict[str, Any]:
    """Return the words sealed in a row. Raises :class:`operations.cipher.Unreadable`.

    Who may read it is sealed with the words: readers that were changed in the database alone open nothing.
    """
    if not row.sealed:
        raise cipher.tampered(place_of(row))
    words: dict[str, Any] = json.loads(cipher.unseal(row.sealed, place_of(row)))
    if words.pop(READERS, {}) != getattr(row, READERS, {}):
        raise cipher.tampered(place_of(row))
    return words


def entry_words(entry: models.LogEntry) -> dict[str, Any]:
    """Return an entry's words, opened where they are sealed."""
    if entry.confidential:
        return words_in(entry)
    return {name: getattr(entry, name) for name in ENTRY_WORDS}


def keep_entry_words(entry: models.LogEntry, words: Mapping[str, Any], now: datetime, set_by: str) -> None:
    """Write an entry's words where its mark says: in their columns, or under the cipher with who may read them."""
    table = models.LogEntry
    plain = {name: words[name] for name in ENTRY_WORDS}
    if entry.confidential:
        keep_sealed(entry, {**plain, READERS: entry.readers}, now, set_by)
        plain = blank(ENTRY_WORDS)
    else:
        plain["sealed"] = entry.sealed = ""
    table.update(**plain).where(table.id == entry.id).execute()
    for name, value in plain.items():
        setattr(entry, name, value)


def item_is_secret(item: models.OpenItem) -> bool:
    """Whether an item came of a confidential entry."""
    return bool(item.entry_id and item.entry.confidential)


def item_words(item: models.OpenItem) -> dict[str, Any]:
    """Return an item's words, opened where they are sealed; a carried item has its title from where it was opened."""
    if not item_is_secret(item):
        return {name: getattr(item, name) for name in ITEM_WORDS}
    own = words_in(item) if item.sealed or not item.carried_from_id else {}
    first = item
    while first.carried_from_id:
        first = first.carried_from
    title = own["title"] if first is item else words_in(first)["title"]
    return {**dict.fromkeys(ITEM_WORDS, ""), **own, "title": title}


def keep_item_words(item: models.OpenItem, words: Mapping[str, Any], now: datetime, set_by: str) -> None:
    """Write an item's words where its entry's mark says."""
    table = models.OpenItem
    plain = {name: words[name] for name in ITEM_WORDS}
    if item_is_secret(item):
        keep_sealed(item, plain, now, set_by)
        plain = blank(ITEM_WORDS)
    else:
        plain["sealed"] = item.sealed = ""
    table.update(**plain).where(table.id == item.id).execute()
    for name, value in plain.items():
        setattr(item, name, value)


def version_words(version: models.EntryVersion) -> tuple[dict[str, Any], str]:
    """Return what an older version of an entry said, and why it was replaced."""
    if not version.sealed:
        return dict(version.content), version.reason
    words = words_in(version)
    return {**version.content, **words["content"]}, words["reason"]


def keep_version_words(
    version: models.EntryVersion,
    content: Mapping[str, Any],
    reason: str,
    now: datetime,
    set_by: str,
    *,
    secret: bool,
) -> None:
    """Write an older version's words where its entry's mark says."""
    table = models.EntryVersion
    plain: dict[str, Any] = {"content": dict(content), "reason": reason, "sealed": ""}
    if secret:
        hidden = {name: content[name] for name in VERSION_WORDS}
        keep_sealed(version, {"content": hidden, "reason": reason}, now, set_by)
        shown = {name: value for name, value in content.items() if name not in VERSION_WORDS}
        plain = {"content": shown, "reason": ""}
    table.update(**plain).where(table.id == version.id).execute()


def bring_along(entry: models.LogEntry, now: datetime, set_by: str) -> None:
    """Let an entry's older versions and its items follow its mark after that was changed."""
    for version in models.EntryVersion.select().where(models.EntryVersion.entry == entry.id):
        if bool(version.sealed) != entry.confidential:
            content, reason = version_words(version)
            keep_version_words(version, content, reason, now, set_by, secret=entry.confidential)
    item = models.OpenItem
    for row in item.select().where(item.entry == entry.id):
        if bool(row.sealed) != entry.confidential:
            words = words_in(row) if row.sealed else {name: getattr(row, name) for name in ITEM_WORDS}
            row.entry = entry
            keep_item_words(row, words, now, set_by)


def blank(names: Sequence[str]) -> dict[str, Any]:
    """Return what stands in the columns of words that are sealed."""
    return {name: [] if name == "attachments" else "" for name in names}


def sealed_rows(table: type[models.Table], *, under: str = "") -> Iterator[models.Table]:
    """Return the rows of a table that hold sealed words, in order: all, or those under one key."""
    query = table.select().where(table.sealed != "").order_by(table._meta.primary_key)
    if under:
        query = query.where(table.sealed.startswith(f"{cipher.FORM}:{under}:"))
    return iter(query.iterator())
