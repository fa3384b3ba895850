"""A reader for both ways: whoever is inside leaves, everyone else enters (Art. 14, 20)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from kiosk.inputs import EntryRead, ExitRead, ToggleRead
from kiosk.states import Context, Toggled
from regulation.records import Direction

REMEMBERED: Final = 16
"""So many different badges pass one door inside the repeat window at most."""


def leads_out(toggled: Iterable[Toggled], event: ToggleRead, context: Context, now: datetime) -> bool:
    """Whether this read is an exit. A badge read again inside the repeat window goes the way it went before."""
    for seen in toggled:
        if (seen.reader, seen.badge) == (event.reader, event.badge) and _is_fresh(seen, context, now):
            return seen.direction is Direction.OUT
    return context.knowledge.is_inside(context.occupancy, event.badge)


def turned(
    toggled: tuple[Toggled, ...], event: ToggleRead, context: Context, now: datetime
) -> tuple[EntryRead | ExitRead, tuple[Toggled, ...]]:
    """Return the read as an exit or an entry, and what to remember of such reads."""
    out = leads_out(toggled, event, context, now)
    seen = Toggled(event.reader, event.badge, Direction.OUT if out else Direction.IN, now)
    others = (
        other
        for other in toggled
        if (other.reader, other.badge) != (seen.reader, seen.badge) and _is_fresh(other, context, now)
    )
    make = ExitRead if out else EntryRead
    return make(event.reader, event.badge), (seen, *others)[:REMEMBERED]


def _is_fresh(seen: Toggled, context: Context, now: datetime) -> bool:
    return timedelta(0) <= now - seen.at < context.knowledge.limits.seconds("repeat_window_seconds")
