"""Locking the line on duty (Art. 18): with a leader's permit, and no longer than it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LinePermit:
    """A permit as it was given: from ``from_at`` until ``until``, or until the line was freed (all aware UTC)."""

    from_at: datetime
    until: datetime
    released_at: datetime | None = None


def lock_is_overrun(permit: LinePermit, now: datetime) -> bool:
    """Whether the line was still locked after its permit had ended."""
    # Art. 18: the line is not locked without permission on duty; at its last instant a permit still holds.
    return (permit.released_at or now) > permit.until


def lock_is_permitted(seen_at: datetime, permits: Iterable[LinePermit]) -> bool:
    """Whether a lock that was seen then had a permit that ran: from its first instant to its last."""
    return any(
        permit.from_at <= seen_at <= min(permit.until, permit.released_at or permit.until)
        for permit in permits
    )
