"""Door events as evidence: passages of people, and when each came for a duty."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import peewee

import models
from operations.centre import limits_at
from operations.duties import duty_record
from regulation.access import Outcome
from regulation.doorlog import OF_THE_ROOM, TAKEN_BACK, passage_of
from regulation.occupancy import Inside, Occupancy, Passage
from regulation.presence import arrival
from regulation.records import Direction, OccupancyReset, VisitState

OPENING = tuple(outcome.value for outcome in Outcome if outcome.opens)

# How far back the door's events are read for who is inside now.
INSIDE_LOOKBACK = timedelta(hours=36)

# How far before a duty's arrival window an entry is looked for: long enough for a double shift.
LOOKBACK = timedelta(hours=26)


def passages_of(person_ids: Iterable[int], since: datetime, until: datetime) -> dict[int, list[Passage]]:
    """Return each person's passages in ``[since, until]`` in order of time (inside a transaction).

    A leader's word that someone is not inside counts as their leaving.
    """
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
    for reset in resets_between(since, until):
        for person_id in [reset.person_id] if reset.person_id is not None else list(found):
            if reset.visit_id is None and person_id in found:
                found[person_id] = _left_by(reset, found[person_id])
    return found


def _left_by(reset: OccupancyReset, passages: list[Passage]) -> list[Passage]:
    before = [passage for passage in passages if passage.at < reset.at]
    if not before or before[-1].direction is not Direction.IN:
        return passages
    gone = Passage(f"reset:{reset.id}", reset.at, Direction.OUT, before[-1].person_id)
    return [*before, gone, *passages[len(before) :]]


def resets_between(since: datetime, until: datetime) -> list[OccupancyReset]:
    """Return the leaders' words on who is not inside, of ``(since, until]`` in order (inside a transaction)."""
    reset = models.OccupancyReset
    query = reset.select().where(reset.at > since, reset.at <= until).order_by(reset.at, reset.id)
    return [OccupancyReset(row.id, row.at, row.person_id, row.visit_id) for row in query]


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


def occupancy_at(now: datetime, lookback: timedelta = INSIDE_LOOKBACK) -> Occupancy:
    """Return who is inside at ``now``, folded from the events of the last ``lookback`` (inside a transaction).

    A visitor whose entry lies further back and who never left is inside as well: a visit has a state of its own.
    """
    occupancy = Occupancy()
    for happened in movements(now - lookback, now):
        move(occupancy, happened)
    _keep_long_visits(occupancy, now - lookback)
    _leave_ended(occupancy, now)
    return occupancy


def movements(since: datetime, until: datetime) -> Iterator[Passage | OccupancyReset]:
    """Yield what changes who is inside, of ``(since, until]`` in order of time (inside a transaction)."""
    event = models.DoorEvent
    query = (
        event.select()
        # An escort's duty passes on without anyone passing the door.
        .where(moving() | event.code.in_(sorted(OF_THE_ROOM)), event.at > since, event.at <= until)
        .order_by(event.at, event.kiosk, event.sequence)
    )
    words = deque(resets_between(since, until))
    for row in query:
        # At one and the same instant the word comes first: it speaks of what was before.
        while words and words[0].at <= row.at:
            yield words.popleft()
        if (passage := passage_of(row)) is not None:
            yield passage
    yield from words


def move(occupancy: Occupancy, happened: Passage | OccupancyReset) -> None:
    """Take one movement into account."""
    if isinstance(happened, OccupancyReset):
        occupancy.apply_resets([happened])
    else:
        occupancy.apply(happened)


def _keep_long_visits(occupancy: Occupancy, since: datetime) -> None:
    visit = models.Visit
    for row in visit.select().where(visit.state == VisitState.INSIDE, visit.entered_at <= since):
        inside = Inside(row.entered_at, f"visit:{row.id}", None, row.id, row.escort_id)
        occupancy.visits.setdefault(row.id, inside)


def _leave_ended(occupancy: Occupancy, now: datetime) -> None:
    """A visit that was ended at the desk is over, also when its badge never passed the exit reader."""
    visit = models.Visit
    ended = visit.select(visit.id, visit.left_at).where(
        visit.id.in_(list(occupancy.visits) or [0]), visit.state == VisitState.ENDED, visit.left_at <= now
    )
    for row in ended:
        if row.left_at >= occupancy.visits[row.id].since:
            del occupancy.visits[row.id]
