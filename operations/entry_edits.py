"""Edits of the log's entries: while the log is open, with a reason, and every version stays readable (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import models
from locales import _
from operations.boundary import Actor, Session, reads, writes
from operations.duties import named
from operations.errors import Invalid, NotFound, NotPermitted
from operations.log_rows import EntryRow, entry_row, may_read_entry
from operations.permissions import Action
from operations.search_index import keep_entry_found
from operations.shiftlog import EntryDraft, check_draft, fields_of, judge_abnormal, open_for, require_open
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
    check_draft(replace(draft, told_whom="", told_at=None, source=""), session.now)
    before, after = content_of(entry), _plain(fields_of(draft))
    changed = sorted(name for name, value in after.items() if before[name] != value)
    if not changed:
        raise Invalid(_("Nothing was changed."), article=9)
    models.EntryVersion.create(
        entry=entry,
        version=entry.version,
        content=before,
        replaced_at=session.now,
        replaced_by=session.actor.person_id,
        reason=reason.strip(),
    )
    models.LogEntry.update(**fields_of(draft), version=entry.version + 1).where(
        models.LogEntry.id == entry_id
    ).execute()
    _follow_up(session, models.LogEntry.get_by_id(entry_id), draft)
    session.about(f"entry:{entry_id}", version=entry.version + 1, changed=changed)
    return int(entry.version) + 1


@reads(Action.READ_DESK)
def entry_versions(session: Session, entry_id: int) -> tuple[VersionRow, ...]:
    """Return every version of an entry, the newest first; the words of a confidential one are for its readers."""
    return versions_of(_entry(entry_id), session.actor)


def versions_of(entry: models.LogEntry, reader: Actor) -> tuple[VersionRow, ...]:
    """Return every version of an entry as ``reader`` may read it, the newest first (inside a transaction)."""
    readable = may_read_entry(entry, reader)
    now_row = entry_row(entry, reader)
    rows = [VersionRow(entry.version, now_row)]
    version = models.EntryVersion
    query = (
        version.select(version, models.Person)
        .join(models.Person)
        .where(version.entry == entry.id)
        .order_by(version.version.desc())
    )
    for kept in query:
        row = replace(now_row, version=kept.version, **(_values(kept.content) if readable else {}))
        by = named(kept.replaced_by)
        rows.append(VersionRow(kept.version, row, kept.replaced_at, by, kept.reason if readable else ""))
    return tuple(rows)


def content_of(entry: models.LogEntry) -> dict[str, Any]:
    """Return what an edit may change, as plain JSON."""
    names = ("kind", "seat", "text", "asset", "department", "vip", "attachments", "confidential", *_INSTANTS)
    return _plain({name: getattr(entry, name) for name in names})


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: instant_text(value) if isinstance(value, datetime) else value for name, value in fields.items()
    }


def _values(content: dict[str, Any]) -> dict[str, Any]:
    values = dict(content)
    for name in _INSTANTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    # What was once confidential is shown to whoever may read it now; the entry's own mark decides.
    values.pop("confidential")
    return values | {"attachments": tuple(values["attachments"])}


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
