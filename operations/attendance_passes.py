"""Passes at the doors and punches of machines as attendance sees them (Art. 33), of many people at once.

Everything here runs inside a transaction.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import peewee

import models
from operations import store
from operations.passages import moving, resets_between
from operations.punches import FEW_PEOPLE, punches_of
from regulation.attendance_evidence import Pass
from regulation.doorlog import CLOCK_SUSPECT, TAKEN_BACK, event_id
from regulation.records import Direction, OccupancyReset

TO_ESCORT = "released.to_escort"
_DIRECTIONS = {way.value: way for way in Direction}
_AT = attrgetter("at")
# Kiosk, sequence, instant as the database has it, direction, person, code, marks, and what it takes back.
_Seen = tuple[str, int, Any, str, int, str, str, str]


class Passes:
    """What the doors and the machines saw of many people, read at once and made into passes person by person.

    A month of a thousand people is a hundred thousand passes: made for one person, judged and dropped, they stay
    where the processor has them at hand.
    """

    def __init__(self, people: Collection[int], since: datetime, until: datetime) -> None:
        """Read what was seen in ``[since, until]`` (inside a transaction)."""
        self._seen: dict[int, list[_Seen]] = defaultdict(list)
        self._withdrawn: set[str] = set()
        for row in _rows(people, since, until):
            if row[-1]:
                self._withdrawn.update(proof for proof in json.loads(row[-1]) if proof.startswith("door:"))
            else:
                self._seen[row[4]].append(row)
        self._punches = punches_of(people, since, until)
        self._words = [word for word in resets_between(since, until) if word.visit_id is None]
        self._instant = _instants()

    def of(self, person_id: int) -> list[Pass]:
        """Return one person's passes in order of time.

        An entry that was taken back is none. A leader's word that someone is not inside counts as an exit by word.
        """
        read = self._instant
        own = [
            Pass(
                event_id(kiosk, sequence), read(at), _DIRECTIONS[way], CLOCK_SUSPECT in marks, False,
                code == TO_ESCORT,
            )
            for kiosk, sequence, at, way, _person, code, marks, _taken in self._seen.get(person_id, ())
        ]  # fmt: skip
        if self._withdrawn:
            own = [seen for seen in own if seen.id not in self._withdrawn]
        own += self._punches.get(person_id, ())
        own.sort(key=_AT)
        for word in self._words:
            if word.person_id in (None, person_id):
                _add_word(own, word)
        return own


def _add_word(own: list[Pass], word: OccupancyReset) -> None:
    place = next((n for n, seen in enumerate(own) if seen.at >= word.at), len(own))
    if place and own[place - 1].direction is Direction.IN:
        own.insert(place, Pass(f"reset:{word.id}", word.at, Direction.OUT, by_word=True))


def _instants() -> Callable[[Any], datetime]:
    """What reads an instant as this database hands it over: no two passes share one that could be kept."""
    return _utc if store.is_postgresql() else datetime.fromisoformat


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _rows(people: Collection[int], since: datetime, until: datetime) -> list[_Seen]:
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
    rows: list[_Seen] = models.database.execute(query).fetchall()
    return rows
