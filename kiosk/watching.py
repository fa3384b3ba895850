"""What the door looks after as time passes: visitors past their time, visitors whose escort is gone (Art. 20)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from kiosk.passing import Entry
from kiosk.states import Context
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import Read
from regulation.escorting import overstayed, unescorted
from regulation.occupancy import Inside
from regulation.records import Direction, OccupancyReset

ROOM: Final = "room"

Told = frozenset[tuple[str, int | None, datetime]]


def watch(told: Told, context: Context, now: datetime) -> tuple[Told, tuple[Entry, ...]]:
    """Return what is to be recorded now. ``told`` are alarms on their way into the journal: given once is enough.

    What the journal never took is given again after a start; what it took shows in the occupancy.
    """
    if not context.occupancy.visits:
        return frozenset(), ()
    verdicts = [
        *unescorted(context.knowledge, context.occupancy, now),
        *overstayed(context.knowledge, context.occupancy, now),
    ]
    due = {_stay(verdict, context): verdict for verdict in verdicts}
    read = Read(context.kiosk, ROOM, Direction.NONE, "", False, now)
    return frozenset(due), tuple((read, verdict) for key, verdict in due.items() if key not in told)


def resets_noted(
    removed: Iterable[tuple[OccupancyReset, Inside]], kiosk: str, knowledge: DoorKnowledge, now: datetime
) -> tuple[Entry, ...]:
    """Return what is recorded of those who are not inside by a leader's word."""
    read = Read(kiosk, ROOM, Direction.NONE, "", False, now)
    return tuple(
        (
            read,
            DoorVerdict(
                "note.reset",
                inside.person_id,
                inside.visit_id,
                evidence=(f"reset:{reset.id}", inside.event_id),
                limits_version=knowledge.limits.version,
            ),
        )
        for reset, inside in removed
    )


def _stay(verdict: DoorVerdict, context: Context) -> tuple[str, int | None, datetime]:
    """What a verdict is about: this stay of the visitor, or this time without an escort."""
    inside = context.occupancy.visits[verdict.visit_id or 0]
    since = inside.since if verdict.code == "alarm.overstayed" else inside.escorted_since
    return verdict.code, verdict.visit_id, since
