"""Events that a machine reports (Art. 9, 11): a source that floods the log raises one entry's count instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import models
from locales import _
from operations.boundary import Session, writes
from operations.centre import limits_at
from operations.duties import live_log
from operations.errors import Invalid
from operations.permissions import Action
from operations.shiftlog import EntryDraft, check_draft, new_entry
from regulation.ledger import instant_text
from regulation.logbook import same_flood


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry that stands for a report, and how many reports it stands for now."""

    entry_id: int
    count: int


@writes(Action.WRITE_LOG)
def record_event(session: Session, draft: EntryDraft) -> Recorded:
    """Write down what ``draft.source`` reports; the same kind again within the house limit is only counted.

    Every report leaves its own audit record with its hour, counted or written.
    """
    source = draft.source.strip()
    if not source:
        raise Invalid(_("Say which source reports it."), article=9)
    check_draft(draft, session.now)
    flooding = _flooding(draft.kind, source, draft.happened_at, session.now)
    if flooding is None:
        entry = new_entry(session, replace(draft, source=source))
        recorded = Recorded(entry.id, 1)
    else:
        recorded = Recorded(flooding.id, flooding.count + 1)
        models.LogEntry.update(count=recorded.count, last_at=max(flooding.last_at, draft.happened_at)).where(
            models.LogEntry.id == flooding.id
        ).execute()
    session.about(
        f"entry:{recorded.entry_id}",
        source=source,
        count=recorded.count,
        at=instant_text(draft.happened_at),
    )
    return recorded


def _flooding(kind: str, source: str, at: datetime, now: datetime) -> models.LogEntry | None:
    """Return the entry of the live log that a report belongs to: its log is open, so its count may still rise."""
    log, entry = live_log(now), models.LogEntry
    if log is None:
        return None
    last: models.LogEntry | None = (
        entry.select()
        .where(entry.log == log.id, entry.kind == kind, entry.source == source)
        .order_by(entry.last_at.desc(), entry.id.desc())
        .first()
    )
    return last if last is not None and same_flood(last.last_at, at, limits_at(now)) else None
