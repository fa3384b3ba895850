"""Reading what is confidential (Art. 28, 31): opened by whoever may, and every reading is on record, refused ones too.

A reading is an audit record like any other: ``read_confidential`` or ``reveal_number``, with its subject. It is
written once for each opening, in the transaction that opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from locales import _
from operations.boundary import Actor, Session, reads, writes
from operations.errors import NotFound, NotPermitted
from operations.findings import keep_finding
from operations.log_rows import may_read_entry, may_read_item
from operations.permissions import Action
from operations.search_index import ENTRY, ITEM
from operations.stories import Story, story_of

READING_ACTIONS = ("ask_to_read", "ask_for_number")
REFUSED = "refused"
MOST = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read what, when; ``refused`` says that it was asked for and not shown, ``reason`` why it was wanted."""

    at: datetime
    work_number: str
    name: str
    subject: str
    refused: bool
    reason: str = ""


def read_confidential(actor: Actor, now: datetime, subject: str, subject_id: int) -> Story:
    """Open an ``entry`` or an ``item`` with its confidential words, and put the reading on record (Art. 31).

    Raises :class:`NotPermitted` for someone it is not meant for: that is on record too, and a finding once a day.
    """
    opened = ask_to_read(actor, now, subject, subject_id)
    if opened is None:
        raise NotPermitted(
            _("This is not yours to read."),
            article=31,
            next_step=_("If your work needs it, ask the shift leader on duty."),
        )
    return opened


@writes(Action.ASK_CONFIDENTIAL)
def ask_to_read(session: Session, subject: str, subject_id: int) -> Story | None:
    """Open something confidential for whoever may read it; else record that it was asked for and return ``None``.

    A refusal must stay on record, so it is no exception here.
    """
    entry, item = _entry_of(subject, subject_id)
    reader = session.actor
    mine = may_read_item(item, reader) if item is not None else may_read_entry(entry, reader)
    name = f"{ENTRY}:{entry.id}"
    if not mine:
        session.about(name, **{REFUSED: True})
        day = session.now.date().isoformat()
        person = reader.person_id or None
        keep_finding(session, f"asked:{name}:{person}:{day}", "secret_asked", [name], person_id=person)
        return None
    session.about(name)
    return story_of(session, subject, subject_id, opened=True)


@reads(Action.SEE_READINGS)
def readings_of(_session: Session, subject: str) -> tuple[Reading, ...]:
    """Return who read a subject (``entry:12``, ``number:3``) or was refused it, the last first."""
    record, person = models.AuditRecord, models.Person
    query = record.select().where(record.action.in_(READING_ACTIONS), record.subject == subject)
    rows = list(query.order_by(record.sequence.desc()).limit(MOST))
    numbers = {row.actor for row in rows}
    names = {p.work_number: p.name for p in person.select().where(person.work_number.in_(list(numbers)))}
    return tuple(
        Reading(
            row.at,
            row.actor,
            names.get(row.actor, ""),
            row.subject,
            bool(row.detail.get(REFUSED)),
            row.detail.get("reason", ""),
        )
        for row in rows
    )


def _entry_of(subject: str, subject_id: int) -> tuple[models.LogEntry, models.OpenItem | None]:
    entry, item = models.LogEntry, models.OpenItem
    found = item.get_or_none(item.id == subject_id) if subject == ITEM else None
    key = found.entry_id if found is not None else subject_id if subject == ENTRY else None
    written = entry.get_or_none(entry.id == key) if key is not None else None
    if written is None:
        raise NotFound(_("This is no longer in the log."), next_step=_("Search again."))
    return written, found
