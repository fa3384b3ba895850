"""The shifts' log for the command line: whole logs of a day, and what a search found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import models
from locales import N_, _
from operations.boundary import Actor, Session, reads
from operations.listings import Listing, Office, own_language
from operations.log_rows import EntryRow, ItemRow, LogView, view
from operations.permissions import Action
from operations.search import FoundPage, Hit
from regulation.handover import ItemState, LogState
from regulation.logbook import ENTRY_KINDS

STATE_NAMES = {
    ItemState.OPEN: N_("open"),
    ItemState.CARRIED: N_("carried"),
    ItemState.RESOLVED: N_("resolved"),
}
LOG_STATE_NAMES = {
    LogState.OPEN: N_("being written"),
    LogState.FROZEN: N_("frozen"),
    LogState.SEALED: N_("sealed"),
}
ENTRY_HEADINGS = (N_("Time"), N_("Kind"), N_("What happened"), N_("Told"), N_("By"))
ITEM_HEADINGS = (N_("State"), N_("Item"), N_("Due by"), N_("With"))
HIT_HEADINGS = (N_("Time"), N_("Shift"), N_("What"), N_("Text"), N_("Who"))


@reads(Action.READ_DESK)
def logs_on(session: Session, day: date) -> tuple[LogView, ...]:
    """Return the logs of a civil day's shifts, in order of time."""
    log = models.ShiftLog
    rows = log.select().where(log.date == day).order_by(log.starts_at, log.id)
    return tuple(view(row, session.now, session.actor) for row in rows)


def logs_of(actor: Actor, office: Office, wanted: str) -> tuple[LogView, ...]:
    """Return the logs that ``wanted`` names: the number of one, or a date. Raises :class:`Invalid`."""
    from operations.shiftlog import log_view

    if wanted.isdecimal() and len(wanted) < len("20261123"):
        return (log_view(actor, office.now, int(wanted)),)
    return logs_on(actor, office.now, office.day(wanted))


def log_heading(log: LogView, office: Office) -> str:
    """Return what stands above a shift's log."""
    shift = own_language(log.shift.name, log.shift.name_en)
    hours = f"{office.clock(log.shift.starts_at)} – {office.clock(log.shift.ends_at)}"
    parts = (log.date.isoformat(), shift, log.shift.team, hours, _(LOG_STATE_NAMES[log.state]), f"#{log.id}")
    return "  ".join(part for part in parts if part)


def entries_listing(log: LogView, office: Office) -> Listing:
    """Return a log's entries."""
    rows = [_entry_cells(entry, office) for entry in log.entries]
    return Listing(log.entries, ENTRY_HEADINGS, rows, _("Nothing was recorded in this shift."))


def items_listing(log: LogView, office: Office) -> Listing:
    """Return a log's open items, the most urgent first."""
    rows = [_item_cells(item, office) for item in log.items]
    return Listing(log.items, ITEM_HEADINGS, rows, _("No open items."))


def search_listing(page: FoundPage, office: Office) -> Listing:
    """Return what a search found, newest first."""
    return Listing(page, HIT_HEADINGS, [_hit_cells(hit, office) for hit in page.hits], _("Nothing found."))


def _entry_cells(entry: EntryRow, office: Office) -> Sequence[str]:
    marks = [
        _("version {number}").format(number=entry.version) if entry.version > 1 else "",
        _("{count} times, last {clock}").format(count=entry.count, clock=office.clock(entry.last_at))
        if entry.count > 1
        else "",
        ", ".join(entry.attachments),
    ]
    text = " · ".join(part for part in (entry.text, *marks) if part)
    kind = _(ENTRY_KINDS[entry.kind])
    told = f"{entry.told_whom} {office.clock(entry.told_at)}" if entry.told_whom else ""
    return (
        office.clock(entry.happened_at),
        f"VIP {kind}" if entry.vip else kind,
        text,
        told,
        f"{entry.author}({entry.work_number})",
    )


def _item_cells(item: ItemRow, office: Office) -> Sequence[str]:
    ending = item.outcome or " → ".join(part for part in (item.reason, item.next_step) if part)
    title = f"VIP {item.title}" if item.vip else item.title
    what = f"{title}: {ending}" if ending else title
    return _(STATE_NAMES[item.state]), what, office.clock(item.due_at), item.owner


def _hit_cells(hit: Hit, office: Office) -> Sequence[str]:
    kind = _(ENTRY_KINDS[hit.kind]) if hit.kind else ""
    what = kind if not hit.state else _("item, {state}").format(state=_(STATE_NAMES[ItemState(hit.state)]))
    shift = f"{hit.date.isoformat()} {own_language(hit.shift, hit.shift_en)}"
    return office.clock(hit.at), shift, what, marked(hit), hit.person


def marked(hit: Hit) -> str:
    """Return a hit's snippet with brackets around what was found, for a place without colours."""
    text, at = "", 0
    for start, end in hit.marks:
        text += f"{hit.snippet[at:start]}[{hit.snippet[start:end]}]"
        at = end
    return text + hit.snippet[at:]
