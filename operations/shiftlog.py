"""The shift's log (Art. 9, 11, 22): entries, and open items until they are settled or carried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from locales import _
from operations import notices
from operations.boundary import Session, reads, writes
from operations.centre import limits_at
from operations.duties import log_to_write
from operations.errors import Conflict, Invalid, NotFound
from operations.findings import keep_findings
from operations.log_rows import (
    EntryRow,
    ItemRow,
    LogView,
    entries_of,
    entry_row,
    item_record,
    item_rows,
    items_of,
    view,
)
from operations.permissions import Action
from operations.readers import kept_readers
from operations.sealing import (
    ENTRY_WORDS,
    ITEM_WORDS,
    blank,
    entry_words,
    item_is_secret,
    item_words,
    keep_entry_words,
    keep_item_words,
)
from operations.search_index import entry_document, item_document, keep_found, keep_item_found
from regulation.handover import ItemState, LogState
from regulation.ledger import instant_text
from regulation.logbook import ABNORMAL, COMPLAINT, ENTRY_KINDS, abnormal_is_told, complaint_is_settled

__all__ = [
    "EntryDraft",
    "EntryRow",
    "ItemRow",
    "LogView",
    "carry_item",
    "entries_of",
    "entry_row",
    "item_record",
    "item_rows",
    "items_of",
    "judge_abnormal_entries",
    "log_view",
    "open_item",
    "reopen_item",
    "resolve_item",
    "tell",
    "view",
    "write_entry",
]

LONGEST_TOLD = 80
LONGEST_TITLE = 60
MOST_ATTACHMENTS = 10
# What the columns hold; the screens allow no more.
LONGEST = {"seat": 8, "asset": 80, "department": 80, "told_whom": LONGEST_TOLD, "source": 80}
LONGEST_ATTACHMENT = 120


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry as it is written. With ``open_item`` it also opens an item, titled ``item_title`` or by its text.

    ``attachments`` are references: a file's name, a ticket's number. A complaint always opens an item (Art. 9).
    A ``confidential`` entry is for the roles and the work numbers it names, without any for the leaders (Art. 31).
    """

    kind: str
    text: str
    happened_at: datetime
    seat: str = ""
    asset: str = ""
    department: str = ""
    vip: bool = False
    told_whom: str = ""
    told_at: datetime | None = None
    open_item: bool = False
    item_title: str = ""
    due_at: datetime | None = None
    attachments: tuple[str, ...] = ()
    confidential: bool = False
    department_answered_at: datetime | None = None
    source: str = ""
    for_roles: tuple[str, ...] = ()
    for_people: tuple[str, ...] = ()


@reads(Action.READ_DESK)
def log_view(session: Session, log_id: int) -> LogView:
    """Return one shift's log."""
    log = models.ShiftLog.get_or_none(models.ShiftLog.id == log_id)
    if log is None:
        raise NotFound(_("There is no such log."))
    return view(log, session.now, session.actor)


@writes(Action.WRITE_LOG)
def write_entry(session: Session, draft: EntryDraft) -> int:
    """Write an entry into the live log under the actor's work number (Art. 9); returns its id."""
    entry = new_entry(session, draft)
    session.about(f"entry:{entry.id}", log=entry.log_id, kind=draft.kind, confidential=draft.confidential)
    return int(entry.id)


@writes(Action.WRITE_LOG)
def tell(session: Session, entry_id: int, told_whom: str) -> None:
    """Add to an entry whom it was told, now (Art. 11).

    An abnormal event that the handover froze before anyone was told may still be told within its time: the
    cut-off does not lift the duty to tell.
    """
    entry = models.LogEntry.get_or_none(models.LogEntry.id == entry_id)
    if entry is None or not told_whom.strip():
        raise Invalid(_("Say who was told."), article=11)
    if not _may_still_be_told(entry, session.now):
        require_open(entry.log)
    # Who else is told later is added; when it was first told stands.
    words = entry_words(entry)
    whom = f"{words['told_whom']}、{told_whom.strip()}" if words["told_whom"] else told_whom.strip()
    if len(whom) > LONGEST_TOLD:
        raise Invalid(_("Too many names for one entry; write another."), article=11)
    keep_entry_words(entry, {**words, "told_whom": whom}, session.now, session.actor.work_number)
    models.LogEntry.update(told_at=entry.told_at or session.now).where(
        models.LogEntry.id == entry_id
    ).execute()
    told = models.LogEntry.get_by_id(entry_id)
    judge_abnormal(session, told)
    keep_found(entry_document(told))
    session.about(f"entry:{entry_id}", told_whom="" if entry.confidential else told_whom)


@writes(Action.WRITE_LOG)
def open_item(
    session: Session,
    title: str,
    vip: bool = False,
    due_at: datetime | None = None,
    entry_id: int | None = None,
) -> int:
    """Open an item in the live log; returns its id."""
    if not title.strip():
        raise Invalid(_("An open item needs a title."), article=22)
    item = _new_item(session, _live(session.now), title, vip=vip, due_at=due_at, entry_id=entry_id)
    session.about(f"item:{item.id}", vip=vip)
    return int(item.id)


@writes(Action.WRITE_LOG)
def resolve_item(session: Session, item_id: int, outcome: str, satisfied: bool | None = None) -> None:
    """Settle an item with its outcome (Art. 22: finish what you can).

    A complaint is settled only when the user is ``satisfied`` (Art. 9): one who is not leaves it open, with the
    outcome so far on record, and it must be carried.
    """
    if not outcome.strip():
        raise Invalid(_("Say what came of it."), article=22)
    item = changeable_item(item_id)
    if is_complaint(item):
        if satisfied is None:
            raise Invalid(
                _("Say whether the user is satisfied."),
                article=9,
                next_step=_("Ask the user; a complaint is closed only then."),
            )
        settled = complaint_is_settled(satisfied)
    else:
        satisfied, settled = None, True
    _decide(
        session,
        item,
        state=ItemState.RESOLVED if settled else ItemState.OPEN,
        outcome=outcome.strip(),
        reason="",
        next_step="",
        closed_at=session.now if settled else None,
        satisfied=satisfied,
    )
    if settled:
        notices.answered(session, f"item:{first_of_chain(item)}")
    session.about(f"item:{item_id}", outcome=audited(item, outcome), satisfied=satisfied)


@writes(Action.WRITE_LOG)
def carry_item(session: Session, item_id: int, reason: str, next_step: str) -> None:
    """Mark an item to be handed over, with why it is not finished and what comes next (Art. 22)."""
    if not (reason.strip() and next_step.strip()):
        raise Invalid(_("Carrying an item needs a reason and a next step."), article=22)
    item = changeable_item(item_id)
    _decide(
        session,
        item,
        state=ItemState.CARRIED,
        reason=reason.strip(),
        next_step=next_step.strip(),
        outcome="",
        closed_at=None,
    )
    session.about(f"item:{item_id}", reason=audited(item, reason), next_step=audited(item, next_step))


@writes(Action.WRITE_LOG)
def reopen_item(session: Session, item_id: int) -> None:
    """Take back that an item was settled or carried, as long as its log is not sealed."""
    item = changeable_item(item_id)
    nothing = {"outcome": "", "reason": "", "next_step": "", "closed_at": None, "satisfied": None}
    _decide(session, item, state=ItemState.OPEN, **nothing)
    session.about(f"item:{item_id}")


def new_entry(session: Session, draft: EntryDraft) -> models.LogEntry:
    """Write an entry and the item that goes with it (inside a transaction)."""
    check_draft(draft, session.now)
    log = _live(session.now)
    told_whom = draft.told_whom.strip()
    fields = fields_of(draft) | {"told_whom": told_whom}
    # Art. 32: what is confidential is never in the clear in the database, not even until the row has its number.
    written = fields | blank(ENTRY_WORDS) if draft.confidential else fields
    entry: models.LogEntry = models.LogEntry.create(
        log=log,
        entered_at=session.now,
        author=session.actor.person_id,
        told_at=(draft.told_at or session.now) if told_whom else None,
        source=draft.source.strip(),
        last_at=draft.happened_at if draft.source.strip() else None,
        **written,
    )
    if draft.confidential:
        keep_entry_words(entry, {"outcome": "", **fields}, session.now, session.actor.work_number)
    keep_found(entry_document(entry))
    if draft.open_item or draft.kind == COMPLAINT:
        open_for(session, entry, draft)
    judge_abnormal(session, entry)
    return entry


def open_for(session: Session, entry: models.LogEntry, draft: EntryDraft) -> None:
    """Open the item that goes with an entry (inside a transaction)."""
    title = draft.item_title.strip() or draft.text.strip()[:LONGEST_TITLE]
    _new_item(session, entry.log, title, vip=draft.vip, due_at=draft.due_at, entry_id=entry.id)


def fields_of(draft: EntryDraft) -> dict[str, object]:
    """Return what a draft says of itself: everything that an edit may change (inside a transaction)."""
    return {
        "kind": draft.kind,
        "happened_at": draft.happened_at,
        "seat": draft.seat.strip(),
        "text": draft.text.strip(),
        "asset": draft.asset.strip(),
        "department": draft.department.strip(),
        "vip": draft.vip,
        "due_at": draft.due_at,
        "department_answered_at": draft.department_answered_at,
        "attachments": [name.strip() for name in draft.attachments if name.strip()],
        "confidential": draft.confidential,
        "readers": kept_readers(draft.for_roles, draft.for_people) if draft.confidential else {},
    }


def check_draft(draft: EntryDraft, now: datetime) -> None:
    """Refuse an entry that says nothing, or that cannot be true."""
    if draft.kind not in ENTRY_KINDS:
        raise Invalid(_("Choose a kind of entry from the list."))
    if not draft.text.strip():
        raise Invalid(_("An entry needs a text."), article=9)
    past = (draft.happened_at, draft.told_at, draft.department_answered_at)
    if max(at for at in past if at is not None) > now:
        raise Invalid(_("An entry cannot be about the future."), article=9)
    if draft.told_at is not None and draft.told_at < draft.happened_at:
        raise Invalid(_("Someone cannot have been told before it happened."), article=11)
    if draft.due_at is not None and draft.due_at < draft.happened_at:
        raise Invalid(_("It cannot have been due before it happened."), article=10)
    _check_lengths(draft)


def judge_abnormal_entries(session: Session, log: models.ShiftLog) -> None:
    """Judge every abnormal event of a log that is about to be frozen (inside a transaction)."""
    for entry in entries_of(log):
        judge_abnormal(session, entry)


def judge_abnormal(session: Session, entry: models.LogEntry) -> None:
    """Art. 11: on anything abnormal tell maintenance or leaders; too late, or nobody, is a finding, once."""
    limits = limits_at(session.now)
    if entry.kind != ABNORMAL or abnormal_is_told(entry.happened_at, entry.told_at, session.now, limits):
        return
    finding = {
        "code": "abnormal_untold",
        "article": 11,
        "at": instant_text(entry.happened_at + limits.minutes("notify_within_minutes")),
        "person_id": entry.author_id,
        "duty_id": None,
        "evidence": [f"entry:{entry.id}"],
        "details": {},
    }
    keep_findings(f"entry:{entry.id}", [finding], limits.version)


def require_open(log: models.ShiftLog) -> None:
    """Refuse to change what was frozen (Art. 25)."""
    if log.state != LogState.OPEN:
        raise Conflict(
            _("This log's content is frozen since its handover began."),
            article=25,
            next_step=_("Write it in the next shift's log."),
        )


def changeable_item(item_id: int) -> models.OpenItem:
    """Return an item whose fate may still be decided: until the outgoing leader has signed."""
    item: models.OpenItem | None = models.OpenItem.get_or_none(models.OpenItem.id == item_id)
    if item is None:
        raise NotFound(_("There is no such item."), article=22)
    handover = models.Handover.get_or_none(models.Handover.outgoing == item.log_id)
    if item.log.state == LogState.SEALED or (handover is not None and handover.signed_out_by_id is not None):
        raise Conflict(_("The outgoing leader has signed; this item can no longer be changed."), article=25)
    return item


def is_complaint(item: models.OpenItem) -> bool:
    """Whether an item came from a complaint."""
    return bool(item.entry_id) and item.entry.kind == COMPLAINT


def first_of_chain(item: models.OpenItem) -> int:
    """Return the id under which an item was first opened, however many shifts have carried it since."""
    while item.carried_from_id:
        item = item.carried_from
    return int(item.id)


def audited(item: models.OpenItem, words: str) -> str:
    """Return words for the audit record, which more people read than may read what is confidential (Art. 31)."""
    return "" if item_is_secret(item) else words.strip()


def _live(now: datetime) -> models.ShiftLog:
    log = log_to_write(now)
    if log is None:
        raise Conflict(
            _("No shift is rostered that could take this entry."),
            article=9,
            next_step=_("Roster the shift first, then write it down."),
        )
    return log


def _may_still_be_told(entry: models.LogEntry, now: datetime) -> bool:
    frozen_untold = entry.log.state == LogState.FROZEN and entry.kind == ABNORMAL and entry.told_at is None
    return frozen_untold and abnormal_is_told(entry.happened_at, None, now, limits_at(now))


def _check_lengths(draft: EntryDraft) -> None:
    too_long = [name for name, longest in LONGEST.items() if len(getattr(draft, name)) > longest]
    names = [name for name in draft.attachments if len(name) > LONGEST_ATTACHMENT]
    if too_long or names or len(draft.attachments) > MOST_ATTACHMENTS:
        raise Invalid(
            _("Something is too long for its line."),
            article=9,
            next_step=_("Put what is long into the text of the entry."),
        )


def _decide(session: Session, item: models.OpenItem, **changes: object) -> None:
    said = {name: changes.pop(name) for name in ITEM_WORDS if name in changes}
    models.OpenItem.update(
        **changes, decided_by=session.actor.person_id or None, decided_at=session.now
    ).where(models.OpenItem.id == item.id).execute()
    if any(said.values()) or item.sealed or not item_is_secret(item):
        keep_item_words(item, {**item_words(item), **said}, session.now, session.actor.work_number)
    keep_item_found(item.id)


def _new_item(
    session: Session,
    log: models.ShiftLog,
    title: str,
    *,
    vip: bool,
    due_at: datetime | None,
    entry_id: int | None,
) -> models.OpenItem:
    secret = entry_id is not None and models.LogEntry.get_by_id(entry_id).confidential
    item: models.OpenItem = models.OpenItem.create(
        log=log,
        entry=entry_id,
        title="" if secret else title.strip(),
        owner=session.actor.person_id or None,
        vip=vip,
        opened_at=session.now,
        due_at=due_at,
        state=ItemState.OPEN,
    )
    if secret:
        words = {**dict.fromkeys(ITEM_WORDS, ""), "title": title.strip()}
        keep_item_words(item, words, session.now, session.actor.work_number)
    keep_found(item_document(item))
    return item
