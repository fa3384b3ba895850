"""The doors' own health, as each kiosk last reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from operations.boundary import Session, reads
from operations.permissions import Action

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
    rows = []
    for state in models.KioskState.select().order_by(models.KioskState.kiosk):
        parts = dict(state.parts)
        pending = int(parts.pop("pending", "0"))
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
