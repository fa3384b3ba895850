"""Door events as evidence: passages of people, and when each came for a duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import models
from operations.centre import limits_at
from operations.duties import duty_record
from regulation.access import Outcome
from regulation.occupancy import Occupancy, Passage
from regulation.presence import arrival
from regulation.records import Direction

OPENING = tuple(outcome.value for outcome in Outcome if outcome.opens)

# How far before a duty's arrival window an entry is looked for: long enough for a double shift.
LOOKBACK = timedelta(hours=26)


def passages_of(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Passage]]:
    """Return each person's passages in ``[since, until]`` in order of time (inside a transaction)."""
    event = models.DoorEvent
    query = (
        event.select(event.kiosk, event.sequence, event.at, event.direction, event.person_id, event.visit_id)
        .where(
            event.person_id.in_(list(person_ids)),
            event.visit_id.is_null(),
            event.outcome.in_(OPENING),
            event.at >= since,
            event.at <= until,
        )
        .order_by(event.at, event.kiosk, event.sequence)
    )
    found: dict[int, list[Passage]] = defaultdict(list)
    for row in query:
        found[row.person_id].append(
            Passage(f"door:{row.kiosk}-{row.sequence}", row.at, Direction(row.direction), row.person_id)
        )
    return found


def arrivals_for(duties: Sequence[models.Duty], now: datetime) -> dict[int, datetime]:
    """Return when each duty's person came for it, by duty id; those who have not come are left out."""
    if not duties:
        return {}
    limits = limits_at(now)
    since = min(d.starts_at for d in duties) - LOOKBACK
    seen = passages_of([d.person_id for d in duties], since, now)
    came = {
        d.id: arrival(duty_record(d, needs_relief=True), seen.get(d.person_id, []), limits) for d in duties
    }
    return {duty_id: at for duty_id, at in came.items() if at is not None}


def occupancy_at(now: datetime, lookback: timedelta = timedelta(hours=36)) -> Occupancy:
    """Return who is inside at ``now``, folded from the events of the last ``lookback`` (inside a transaction)."""
    occupancy = Occupancy()
    event = models.DoorEvent
    query = (
        event.select()
        .where(event.outcome.in_(OPENING), event.at > now - lookback, event.at <= now)
        .order_by(event.at, event.kiosk, event.sequence)
    )
    for row in query:
        if row.person_id is not None or row.visit_id is not None:
            occupancy.apply(
                Passage(
                    f"door:{row.kiosk}-{row.sequence}",
                    row.at,
                    Direction(row.direction),
                    row.person_id,
                    row.visit_id,
                    row.escort_id,
                )
            )
    return occupancy
