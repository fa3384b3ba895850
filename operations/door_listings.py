"""What the door recorded as lists: its events page by page, who is inside, which alarms wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from locales import N_, _
from operations.alarms import alarms_waiting
from operations.boundary import SYSTEM, Session, reads
from operations.door import DoorFilter, DoorPage, DoorRow, InsideRow, door_events, inside_now
from operations.errors import Invalid
from operations.listings import Listing, Office, alarms_in_words, door_in_words, way
from operations.permissions import Action
from operations.verify import DOOR_CHAIN, chain_heads
from regulation.ledger import Head

PAGE_ROWS = 1000
_MOMENT = timedelta(microseconds=1)


@reads(Action.VERIFY)
def door_heads(_session: Session) -> tuple[Head, ...]:
    """Return the ends of the doors' chains as the centre holds them."""
    return tuple(head for head in chain_heads() if head.chain.startswith(DOOR_CHAIN))


def moment(at: Office, text: str, *, end: bool = False) -> datetime | None:
    """Return the instant ``text`` names at the centre: a day, or a day with a time; none for no text.

    A day alone is its beginning, with ``end`` its end. Raises :class:`Invalid`.
    """
    if not text:
        return None
    day, _blank, clock = text.strip().replace("T", " ").partition(" ")
    if not clock:
        return at.begin(at.day(day) + timedelta(days=1 if end else 0))
    try:
        local = datetime.fromisoformat(f"{at.day(day).isoformat()} {clock}")
    except ValueError as error:
        raise Invalid(_("A time is written like 2026-11-23 22:30, or only its day.")) from error
    return (local if local.tzinfo else local.replace(tzinfo=at.zone)).astimezone(UTC)


def door_total(at: Office, wanted: DoorFilter) -> int:
    """Return how many events there are of the kind that is wanted."""
    return door_events(SYSTEM, at.now, wanted, 0, 1).total


def door_rows(at: Office, wanted: DoorFilter, limit: int | None = None) -> Iterator[DoorRow]:
    """Yield the events that are wanted, newest first, holding one page at a time.

    Each page begins where the last one ended, not at a count: events that come in meanwhile repeat nothing.
    """
    left, seen_there, bound = limit, 0, wanted
    while left is None or left > 0:
        size = PAGE_ROWS if left is None else min(left, PAGE_ROWS)
        rows = door_events(SYSTEM, at.now, bound, seen_there, size).rows
        yield from door_in_words(rows)
        if len(rows) < size:
            return
        last = rows[-1].at
        same = sum(row.at == last for row in rows)
        until = last + _MOMENT
        seen_there = same + (seen_there if bound.until == until else 0)
        bound = replace(wanted, until=until)
        left = None if left is None else left - size


def door_listing(at: Office, wanted: DoorFilter, limit: int) -> Listing:
    """The newest door events."""
    page = DoorPage(door_total(at, wanted), tuple(door_rows(at, wanted, limit)))
    return Listing(
        page,
        (N_("time"), N_("door"), N_("record"), N_("way"), N_("who"), N_("Art."), N_("what")),
        [(at.clock(r.at), r.kiosk, r.sequence, way(r), r.who or "—", r.article, r.text) for r in page.rows],
        _("The door has seen nobody yet.")
        if wanted == DoorFilter()
        else _("The door saw nothing like this."),
        right=(2, 5),
    )


def inside_listing(at: Office) -> Listing:
    """Who is inside, staff first."""
    rows = inside_now(SYSTEM, at.now)
    return Listing(
        rows,
        (N_("since"), N_("work number"), N_("name"), N_("visitor of"), N_("escort")),
        [(at.clock(r.since), r.work_number or _key(r), r.name, r.unit, r.escort) for r in rows],
        _("Nobody is inside."),
    )


def _key(row: InsideRow) -> str:
    """What ``zhiban door reset`` calls somebody without a work number."""
    return f"visit:{row.visit_id}" if row.is_visitor else "—"


def alarms_listing(at: Office) -> Listing:
    """The alarms nobody has seen to yet, their sentences filled in."""
    rows = alarms_in_words(alarms_waiting(SYSTEM, at.now))
    return Listing(
        rows,
        (N_("alarm"), N_("time"), N_("door"), N_("who"), N_("Art."), N_("what")),
        [(r.subject, at.clock(r.at), r.door, r.who or "—", r.article, r.text) for r in rows],
        _("No alarm waits."),
        right=(4,),
    )
