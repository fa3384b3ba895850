"""Edits of the log's entries: while the log is open, with a reason, and every version stays readable (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import models
from locales import _
from operations.boundary import Actor, Session, writes
from operations.cipher import Unreadable
from operations.duties import named
from operations.errors import Invalid, NotFound, NotPermitted
from operations.log_rows import EntryRow, entry_row, may_read_entry
from operations.permissions import Action
from operations.sealing import (
    VERSION_WORDS,
    bring_along,
    entry_words,
    keep_entry_words,
    keep_version_words,
    version_words,
)
from operations.search_index import keep_entry_found
from operations.shiftlog import EntryDraft, check_draft, fields_of, judge_abnormal, open_for, require_open
from operations.store import overwrite_what_goes
from regulation.ledger import instant_text
from regulation.logbook import COMPLAINT
from regulation.roles import LEADER_ROLES

_INSTANTS = ("happened_at", "due_at", "department_answered_at")
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class VersionRow:
    """An entry as it read in one version. The newest was not replaced: its ``replaced_at`` is ``None``."""

    version: int
    entry: EntryRow
    replaced_at: datetime | None = None
    replaced_by: str = ""
    reason: str = ""


@writes(Action.WRITE_LOG)
def edit_entry(session: Session, entry_id: int, draft: EntryDraft, reason: str) -> int:
    """Change an entry of an open log and keep what it said before; returns the number of the new version.

    Whom it was told, and when, is never rewritten: it is added with :func:`operations.shiftlog.tell` (Art. 11).
    A leader may edit any entry, others their own.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(_("Say why the entry is changed, in a sentence."), article=9)
    entry = _entry(entry_id)
    require_open(entry.log)
    if entry.author_id != session.actor.person_id and session.actor.role not in LEADER_ROLES:
        raise NotPermitted(_("Only a leader changes what someone else has written."), article=9)
    if not may_read_entry(entry, session.actor):
        raise NotPermitted(_("This is not yours to read."), article=31)
    check_draft(replace(draft, told_whom="", told_at=None, source=""), session.now)
    before, after = content_of(entry), _plain(fields_of(draft))
    changed = sorted(name for name, value in after.items() if before[name] != value)
    if not changed:
        raise Invalid(_("Nothing was changed."), article=9)
    secret = entry.confidential or draft.confidential
    if secret and not (entry.confidential and draft.confidential):
        overwrite_what_goes()
    kept = models.EntryVersion.create(
        entry=entry,
        version=entry.version,
        content={} if secret else before,
        replaced_at=session.now,
        replaced_by=session.actor.person_id,
        reason="" if secret else reason.strip(),
    )
    who = session.actor.work_number
    if secret:
        keep_version_words(kept, before, reason.strip(), session.now, who, secret=True)
    _write_again(session, entry, draft)
    _follow_up(session, models.LogEntry.get_by_id(entry_id), draft)
    session.about(f"entry:{entry_id}", version=entry.version + 1, changed=changed)
    return int(entry.version) + 1


def versions_of(entry: models.LogEntry, reader: Actor, *, opened: bool = False) -> tuple[VersionRow, ...]:
    """Return every version of an entry, the newest first (inside a transaction).

    ``opened`` shows the words of a confidential one to a ``reader`` who may read it; that is a reading.
    """
    now_row = entry_row(entry, reader, opened=opened)
    rows = [VersionRow(entry.version, now_row)]
    version = models.EntryVersion
    query = (
        version.select(version, models.Person)
        .join(models.Person)
        .where(version.entry == entry.id)
        .order_by(version.version.desc())
    )
    for kept in query:
        row, reason = replace(now_row, version=kept.version), ""
        if not now_row.redacted:
            try:
                said, reason = version_words(kept)
                row = replace(row, **_values(said))
            except Unreadable as error:
                row = replace(row, text=_(error.mark), redacted=True)
        rows.append(VersionRow(kept.version, row, kept.replaced_at, named(kept.replaced_by), reason))
    return tuple(rows)


def content_of(entry: models.LogEntry) -> dict[str, Any]:
    """Return what an edit may change, as plain JSON, with the words of a confidential entry."""
    words = entry_words(entry)
    names = ("kind", "seat", "vip", "confidential", "readers", *_INSTANTS)
    fields = {name: getattr(entry, name) for name in names}
    return _plain(fields | {name: words[name] for name in VERSION_WORDS})


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: instant_text(value) if isinstance(value, datetime) else value for name, value in fields.items()
    }


def _values(content: dict[str, Any]) -> dict[str, Any]:
    values = dict(content)
    for name in _INSTANTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    # What was once confidential is shown to whoever may read it now; the entry's own mark and readers decide.
    values.pop("confidential")
    values.pop("readers", None)
    return values | {"attachments": tuple(values["attachments"])}


def _write_again(session: Session, entry: models.LogEntry, draft: EntryDraft) -> None:
    """Write what the draft says into its entry: the words where the new mark says, and what hangs on it likewise."""
    words, fields = entry_words(entry), fields_of(draft)
    said = {name: fields.pop(name) for name in VERSION_WORDS}
    table, who = models.LogEntry, session.actor.work_number
    table.update(**fields, version=entry.version + 1).where(table.id == entry.id).execute()
    changed = table.get_by_id(entry.id)
    keep_entry_words(changed, {**words, **said}, session.now, who)
    bring_along(changed, session.now, who)


def _follow_up(session: Session, entry: models.LogEntry, draft: EntryDraft) -> None:
    item = models.OpenItem
    wanted = draft.open_item or entry.kind == COMPLAINT
    if wanted and not item.select().where(item.entry == entry.id).exists():
        open_for(session, entry, draft)
    judge_abnormal(session, entry)
    keep_entry_found(entry.id)


def _entry(entry_id: int) -> models.LogEntry:
    entry: models.LogEntry | None = models.LogEntry.get_or_none(models.LogEntry.id == entry_id)
    if entry is None:
        raise NotFound(_("There is no such entry."), article=9)
    return entry
