"""Door events as evidence: passages of people, and when each came for a duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import peewee

import models
from operations.centre import limits_at
from operations.duties import duty_record
from regulation.access import Outcome
from regulation.doorlog import TAKEN_BACK, passage_of
from regulation.occupancy import Occupancy, Passage
from regulation.presence import arrival
from regulation.records import VisitState

OPENING = tuple(outcome.value for outcome in Outcome if outcome.opens)

# How far before a duty's arrival window an entry is looked for: long enough for a double shift.
LOOKBACK = timedelta(hours=26)


def passages_of(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Passage]]:
    """Return each person's passages in ``[since, until]`` in order of time (inside a transaction)."""
    event = models.DoorEvent
    query = (
        event.select()
        .where(
            event.person_id.in_(list(person_ids)),
            event.visit_id.is_null(),
            moving(),
            event.at >= since,
            event.at <= until,
        )
        .order_by(event.at, event.kiosk, event.sequence)
    )
    seen = [(row.person_id, passage) for row in query if (passage := passage_of(row)) is not None]
    withdrawn = {passage.withdraws for _person, passage in seen}
    found: dict[int, list[Passage]] = defaultdict(list)
    for person_id, passage in seen:
        if not passage.withdraws and passage.event_id not in withdrawn:
            found[person_id].append(passage)
    return found


def moving() -> peewee.Expression:
    """Return the condition on door events that let someone pass, or take such a passage back."""
    event = models.DoorEvent
    return event.outcome.in_(OPENING) | (event.code == TAKEN_BACK)


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
        .where(moving(), event.at > now - lookback, event.at <= now)
        .order_by(event.at, event.kiosk, event.sequence)
    )
    for row in query:
        if (passage := passage_of(row)) is not None:
            occupancy.apply(passage)
    _leave_ended(occupancy, now)
    return occupancy


def _leave_ended(occupancy: Occupancy, now: datetime) -> None:
    """A visit that was ended at the desk is over, also when its badge never passed the exit reader."""
    visit = models.Visit
    ended = visit.select(visit.id, visit.left_at).where(
        visit.id.in_(list(occupancy.visits) or [0]), visit.state == VisitState.ENDED, visit.left_at <= now
    )
    for row in ended:
        if row.left_at >= occupancy.visits[row.id].since:
            del occupancy.visits[row.id]
