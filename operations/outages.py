"""When a door recorded nobody (Art. 33): outages a kiosk tells of, one that lasts, and the time before any door.

A kiosk that stopped and runs again says since when it had not run. A link that is only cut is no outage: what was
recorded meanwhile arrives later. While a kiosk is silent nobody can tell which of the two it is, so it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import models
from locales import _
from operations.boundary import Session, writes
from operations.errors import Conflict, NotFound
from operations.kiosks import KIOSK_SILENT_AFTER
from operations.permissions import Action
from regulation.attendance_evidence import Outage
from regulation.ledger import instant_text

# The name under which the time before the first door is kept.
NO_DOOR = "none"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def keep_outages(kiosk: str, told: Sequence[tuple[datetime, datetime]], now: datetime) -> None:
    """Keep what a kiosk says of its own stops, once each however often it is told (inside a transaction)."""
    rows = [
        {"kiosk": kiosk, "from_at": from_at, "until_at": until_at, "told_at": now}
        for from_at, until_at in told
        if from_at < until_at
    ]
    if rows:
        models.KioskOutage.insert_many(rows).on_conflict_ignore().execute()


def outages_between(since: datetime, until: datetime, now: datetime) -> tuple[Outage, ...]:
    """Return every outage that overlaps ``[since, until)``, in order of time (inside a transaction)."""
    kept = models.KioskOutage
    query = kept.select().where(kept.until_at > since, kept.from_at < until)
    found = [Outage(row.kiosk, row.from_at, row.until_at) for row in query]
    found += [outage for outage in _lasting(now) if outage.overlaps(since, until)]
    watched_from = _watched_from()
    if watched_from is None or since < watched_from:
        found.append(Outage(NO_DOOR, _BEGINNING, watched_from))
    return tuple(sorted(found, key=lambda outage: (outage.from_at, outage.door)))


@writes(Action.KEEP_PEOPLE)
def retire_door(session: Session, kiosk: str) -> None:
    """Take a door that is gone for good out of what is watched: from when it was last heard it is missed no more.

    What it recorded stays. Raises :class:`Conflict` for a door that is alive.
    """
    state = models.KioskState.get_or_none(models.KioskState.kiosk == kiosk)
    if state is None:
        raise NotFound(_("There is no door called {name}.").format(name=kiosk))
    if session.now - state.seen_at <= KIOSK_SILENT_AFTER:
        raise Conflict(_("The door {name} is at work.").format(name=kiosk))
    models.KioskState.update(retired_at=session.now).where(models.KioskState.kiosk == kiosk).execute()
    session.about(f"door:{kiosk}", seen_at=instant_text(state.seen_at))


def _lasting(now: datetime) -> list[Outage]:
    """The kiosks that are silent now; one that was retired was missed only until then."""
    state = models.KioskState
    silent = state.select(state.kiosk, state.seen_at, state.retired_at).where(
        state.seen_at < now - KIOSK_SILENT_AFTER
    )
    return [Outage(row.kiosk, row.seen_at, row.retired_at) for row in silent]


def _watched_from() -> datetime | None:
    """When the first door event or punch was recorded; before it nothing could show that anyone came."""
    firsts = [table.select(table.at).order_by(table.at).first() for table in (models.DoorEvent, models.Punch)]
    return min((first.at for first in firsts if first is not None), default=None)
