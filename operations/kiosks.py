"""The doors' own health, as each kiosk last reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from operations import store
from operations.boundary import Session, reads
from operations.permissions import Action

PROGRAM, OLDER = "program", "older"
"""The part that a door has beside its own: its program, when the centre's database is a newer version's."""

NEWEST_KNOWN = "migration"
"""Under this a door's program says which version of the database is the newest it knows."""

KIOSK_SILENT_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class KioskRow:
    """What a kiosk last said; ``online`` is judged at the time of the query."""

    kiosk: str
    seen_at: datetime
    online: bool
    pending: int
    parts: dict[str, str]


@reads(Action.READ_DESK)
def kiosks(session: Session) -> tuple[KioskRow, ...]:
    """Return every kiosk with its health."""
    return kiosk_rows(session.now)


def kiosk_rows(now: datetime) -> tuple[KioskRow, ...]:
    """Return every kiosk with its health (inside a transaction)."""
    rows, newest = [], store.newest_migration()
    for state in models.KioskState.select().order_by(models.KioskState.kiosk):
        parts = dict(state.parts)
        pending = int(parts.pop("pending", "0"))
        if NEWEST_KNOWN in parts and parts.pop(NEWEST_KNOWN) < newest:
            parts[PROGRAM] = OLDER
        online = now - state.seen_at <= KIOSK_SILENT_AFTER
        rows.append(KioskRow(state.kiosk, state.seen_at, online, pending, parts))
    return tuple(rows)


def kiosk_state(kiosk: str, now: datetime) -> models.KioskState:
    """Return a kiosk's row, made at its first word (inside a transaction)."""
    known: models.KioskState | None = models.KioskState.get_or_none(models.KioskState.kiosk == kiosk)
    if known is not None:
        return known
    created: models.KioskState = models.KioskState.create(kiosk=kiosk, seen_at=now, parts={})
    return created
