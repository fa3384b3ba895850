"""The shift's log (Art. 9, 11, 22): entries, and open items until they are settled or carried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import limits_at
from operations.duties import ShiftRow, live_log, log_to_write, named, shift_row
from operations.errors import Conflict, Invalid, NotFound
from operations.findings import keep_findings
from operations.permissions import Action
from regulation.handover import ItemRecord, ItemState, LogState, urgency
from regulation.ledger import instant_text
from regulation.logbook import ENTRY_KINDS, abnormal_is_told


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry as it is written. With ``open_item`` it also opens an item, titled ``item_title`` or by its text."""

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


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as it is shown."""

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


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An open item as it is shown; ``overdue`` is judged at the time of the query."""

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


@reads(Action.READ_DESK)
def current_log(session: Session) -> LogView | None:
    """Return the log that takes what is written now, or ``None`` between shifts."""
    log = live_log(session.now)
    return view(log, session.now) if log is not None else None


@reads(Action.READ_DESK)
def log_view(session: Session, log_id: int) -> LogView:
    """Return one shift's log."""
    log = models.ShiftLog.get_or_none(models.ShiftLog.id == log_id)
    if log is None:
        raise NotFound(_("There is no such log."))
    return view(log, session.now)


@writes(Action.WRITE_LOG)
def write_entry(session: Session, draft: EntryDraft) -> int:
    """Write an entry into the live log under the actor's work number (Art. 9); returns its id."""
    if draft.kind not in ENTRY_KINDS:
        raise Invalid(_("Choose a kind of entry from the list."))
    if not draft.text.strip():
        raise Invalid(_("An entry needs a text."), article=9)
    if max(draft.happened_at, draft.told_at or draft.happened_at) > session.now:
        raise Invalid(_("An entry cannot be about the future."), article=9)
    if draft.told_at is not None and draft.told_at < draft.happened_at:
        raise Invalid(_("Someone cannot have been told before it happened."), article=11)
    log = _live(session.now)
    entry = models.LogEntry.create(
        log=log,
        kind=draft.kind,
        happened_at=draft.happened_at,
        entered_at=session.now,
        author=session.actor.person_id,
        seat=draft.seat.strip(),
        text=draft.text.strip(),
        asset=draft.asset.strip(),
        department=draft.department.strip(),
        vip=draft.vip,
        told_whom=draft.told_whom.strip(),
        told_at=(draft.told_at or session.now) if draft.told_whom.strip() else None,
    )
    if draft.open_item:
        title = draft.item_title.strip() or draft.text.strip()[:60]
        _new_item(session, log, title, vip=draft.vip, due_at=draft.due_at, entry_id=entry.id)
    if draft.kind == "abnormal":
        _judge_abnormal(session, entry)
    session.about(f"entry:{entry.id}", log=log.id, kind=draft.kind)
    return int(entry.id)


@writes(Action.WRITE_LOG)
def tell(session: Session, entry_id: int, told_whom: str) -> None:
    """Add to an entry whom it was told, now (Art. 11)."""
    entry = models.LogEntry.get_or_none(models.LogEntry.id == entry_id)
    if entry is None or not told_whom.strip():
        raise Invalid(_("Say who was told."), article=11)
    _open_log(entry.log)
    # Who else is told later is added; when it was first told stands.
    whom = f"{entry.told_whom}、{told_whom.strip()}" if entry.told_whom else told_whom.strip()
    models.LogEntry.update(told_whom=whom, told_at=entry.told_at or session.now).where(
        models.LogEntry.id == entry_id
    ).execute()
    _judge_abnormal(session, models.LogEntry.get_by_id(entry_id))
    session.about(f"entry:{entry_id}", told_whom=told_whom)


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
def resolve_item(session: Session, item_id: int, outcome: str) -> None:
    """Settle an item with its outcome (Art. 9: until the user is satisfied; Art. 22: finish what you can)."""
    if not outcome.strip():
        raise Invalid(_("Say what came of it."), article=22)
    item = _changeable_item(item_id)
    models.OpenItem.update(
        state=ItemState.RESOLVED, outcome=outcome.strip(), reason="", next_step="", closed_at=session.now
    ).where(models.OpenItem.id == item.id).execute()
    session.about(f"item:{item_id}", outcome=outcome.strip())


@writes(Action.WRITE_LOG)
def carry_item(session: Session, item_id: int, reason: str, next_step: str) -> None:
    """Mark an item to be handed over, with why it is not finished and what comes next (Art. 22)."""
    if not (reason.strip() and next_step.strip()):
        raise Invalid(_("Carrying an item needs a reason and a next step."), article=22)
    item = _changeable_item(item_id)
    models.OpenItem.update(
        state=ItemState.CARRIED,
        reason=reason.strip(),
        next_step=next_step.strip(),
        outcome="",
        closed_at=None,
    ).where(models.OpenItem.id == item.id).execute()
    session.about(f"item:{item_id}", reason=reason.strip(), next_step=next_step.strip())


@writes(Action.WRITE_LOG)
def reopen_item(session: Session, item_id: int) -> None:
    """Take back that an item was settled or carried, as long as its log is not sealed."""
    item = _changeable_item(item_id)
    models.OpenItem.update(state=ItemState.OPEN, outcome="", reason="", next_step="", closed_at=None).where(
        models.OpenItem.id == item.id
    ).execute()
    session.about(f"item:{item_id}")


def view(log: models.ShiftLog, now: datetime) -> LogView:
    """Return a log as it is shown (inside a transaction)."""
    return LogView(
        log.id,
        log.date,
        shift_row(log),
        LogState(log.state),
        log.frozen_at,
        log.sealed_at,
        log.digest,
        tuple(entry_row(entry) for entry in entries_of(log)),
        item_rows(items_of(log), now),
        log.state == LogState.OPEN,
    )


def entries_of(log: models.ShiftLog) -> list[models.LogEntry]:
    """Return a log's entries in order of what happened (inside a transaction)."""
    entry = models.LogEntry
    query = entry.select(entry, models.Person).join(models.Person).where(entry.log == log.id)
    return list(query.order_by(entry.happened_at, entry.id))


def items_of(log: models.ShiftLog) -> list[models.OpenItem]:
    """Return a log's items in every state (inside a transaction)."""
    item = models.OpenItem
    query = (
        item.select(item, models.Person).join(models.Person, peewee.JOIN.LEFT_OUTER).where(item.log == log.id)
    )
    return list(query.order_by(item.id))


def item_record(item: models.OpenItem) -> ItemRecord:
    """Return an item as the rules see it."""
    return ItemRecord(
        item.id,
        item.title,
        ItemState(item.state),
        item.vip,
        item.due_at,
        item.opened_at,
        item.reason,
        item.next_step,
    )


def item_rows(items: list[models.OpenItem], now: datetime) -> tuple[ItemRow, ...]:
    """Return items as they are shown, the most urgent first (Art. 10)."""
    ordered = sorted(items, key=lambda item: urgency(item_record(item), now))
    return tuple(
        ItemRow(
            i.id,
            i.log_id,
            i.title,
            i.vip,
            i.due_at,
            i.due_at is not None and i.due_at <= now,
            i.opened_at,
            named(i.owner) if i.owner_id else "",
            ItemState(i.state),
            i.reason,
            i.next_step,
            i.outcome,
        )
        for i in ordered
    )


def entry_row(entry: models.LogEntry) -> EntryRow:
    """Return an entry as it is shown."""
    return EntryRow(
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
    )


def judge_abnormal_entries(session: Session, log: models.ShiftLog) -> None:
    """Judge every abnormal event of a log that is about to be frozen (inside a transaction)."""
    for entry in entries_of(log):
        _judge_abnormal(session, entry)


def _live(now: datetime) -> models.ShiftLog:
    log = log_to_write(now)
    if log is None:
        raise Conflict(
            _("No shift is rostered that could take this entry."),
            article=9,
            next_step=_("Roster the shift first, then write it down."),
        )
    return log


def _open_log(log: models.ShiftLog) -> None:
    if log.state != LogState.OPEN:
        raise Conflict(
            _("This log's content is frozen since its handover began."),
            article=25,
            next_step=_("Write it in the next shift's log."),
        )


def _changeable_item(item_id: int) -> models.OpenItem:
    """Return an item whose fate may still be decided: until the outgoing leader has signed."""
    item: models.OpenItem | None = models.OpenItem.get_or_none(models.OpenItem.id == item_id)
    if item is None:
        raise NotFound(_("There is no such item."), article=22)
    handover = models.Handover.get_or_none(models.Handover.outgoing == item.log_id)
    if item.log.state == LogState.SEALED or (handover is not None and handover.signed_out_by_id is not None):
        raise Conflict(_("The outgoing leader has signed; this item can no longer be changed."), article=25)
    return item


def _new_item(
    session: Session,
    log: models.ShiftLog,
    title: str,
    *,
    vip: bool,
    due_at: datetime | None,
    entry_id: int | None,
) -> models.OpenItem:
    item: models.OpenItem = models.OpenItem.create(
        log=log,
        entry=entry_id,
        title=title.strip(),
        owner=session.actor.person_id or None,
        vip=vip,
        opened_at=session.now,
        due_at=due_at,
        state=ItemState.OPEN,
    )
    return item


def _judge_abnormal(session: Session, entry: models.LogEntry) -> None:
    """Art. 11: on anything abnormal tell maintenance or leaders; too late, or nobody, is a finding."""
    limits = limits_at(session.now)
    if entry.kind != "abnormal" or abnormal_is_told(entry.happened_at, entry.told_at, session.now, limits):
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
