"""Passes at the doors and punches of machines as attendance sees them (Art. 33), of many people at once.

Everything here runs inside a transaction.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import peewee

import models
from operations import store
from operations.passages import moving, resets_between
from operations.punches import FEW_PEOPLE, punches_of
from regulation.attendance_evidence import Pass
from regulation.doorlog import CLOCK_SUSPECT, TAKEN_BACK, event_id
from regulation.records import Direction

TO_ESCORT = "released.to_escort"
_DIRECTIONS = {way.value: way for way in Direction}


def passes_of(people: Collection[int], since: datetime, until: datetime) -> dict[int, list[Pass]]:
    """Return each person's passes in ``[since, until]``, in order of time.

    An entry that was taken back is none. A leader's word that someone is not inside counts as an exit by word.
    """
    found = _recorded(people, since, until)
    for person_id, punches in punches_of(people, since, until).items():
        found[person_id] += punches
    for own in found.values():
        own.sort(key=_by_time)
    _add_words(found, since, until)
    return found


def _instants() -> Callable[[Any], datetime]:
    """What reads an instant as this database hands it over: no two passes share one that could be kept."""
    return _utc if store.is_postgresql() else datetime.fromisoformat


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _by_time(seen: Pass) -> tuple[datetime, str]:
    return seen.at, seen.id


def _recorded(people: Collection[int], since: datetime, until: datetime) -> dict[int, list[Pass]]:
    read, wanted = _instants(), set(people)
    found: dict[int, list[Pass]] = defaultdict(list)
    withdrawn: set[str] = set()
    for kiosk, sequence, at, way, person_id, code, marks, taken in _rows(people, since, until):
        if taken:
            withdrawn.update(proof for proof in json.loads(taken) if proof.startswith("door:"))
        elif person_id in wanted:
            own_id, suspect = event_id(kiosk, sequence), CLOCK_SUSPECT in marks
            seen = Pass(own_id, read(at), _DIRECTIONS[way], suspect, False, code == TO_ESCORT)
            found[person_id].append(seen)
    if withdrawn:
        return {person: [p for p in own if p.id not in withdrawn] for person, own in found.items()}
    return found


def _rows(people: Collection[int], since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    event = models.DoorEvent
    taken = peewee.Case(None, [(event.code == TAKEN_BACK, event.evidence)], "")
    query = event.select(
        event.kiosk,
        event.sequence,
        event.at,
        event.direction,
        event.person_id,
        event.code,
        event.marks,
        taken,
    ).where(event.at >= since, event.at <= until, moving(), event.visit_id.is_null())
    if len(people) <= FEW_PEOPLE:
        query = query.where(event.person_id.in_(list(people)))
    else:
        query = query.where(event.person_id.is_null(False))
    rows: list[tuple[Any, ...]] = models.database.execute(query).fetchall()
    return rows


def _add_words(found: dict[int, list[Pass]], since: datetime, until: datetime) -> None:
    for reset in resets_between(since, until):
        if reset.visit_id is not None:
            continue
        for person_id in [reset.person_id] if reset.person_id is not None else list(found):
            own = found.get(person_id, [])
            place = next((n for n, seen in enumerate(own) if seen.at >= reset.at), len(own))
            if place and own[place - 1].direction is Direction.IN:
                word = Pass(f"reset:{reset.id}", reset.at, Direction.OUT, by_word=True)
                own.insert(place, word)
