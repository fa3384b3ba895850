"""Who is inside (Art. 14, 20, 24), folded from door events. Nothing here is stored: the events are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from regulation.records import Direction


@dataclass(frozen=True, slots=True)
class Passage:
    """A door event as occupancy sees it: someone went in or out. ``escort_id`` is who answers for a visitor.

    ``withdraws`` names an entry that was recorded but did not happen: the door stayed shut.
    """

    event_id: str
    at: datetime
    direction: Direction
    person_id: int | None = None
    visit_id: int | None = None
    escort_id: int | None = None
    withdraws: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """Someone in the machine room: since when, by which event, and for a visitor with whom."""

    since: datetime
    event_id: str
    person_id: int | None = None
    visit_id: int | None = None
    escort_id: int | None = None


@dataclass(slots=True)
class Occupancy:
    """People and visits inside, and each person's last entry. Repeating a passage changes nothing."""

    people: dict[int, Inside] = field(default_factory=dict)
    visits: dict[int, Inside] = field(default_factory=dict)
    last_entry: dict[int, datetime] = field(default_factory=dict)

    def apply(self, passage: Passage) -> None:
        """Take one passage into account; an entry by someone already inside keeps the first time."""
        if passage.withdraws:
            self._withdraw(passage.withdraws)
            return
        entered = Inside(passage.at, passage.event_id, passage.person_id, passage.visit_id, passage.escort_id)
        if passage.visit_id is not None:
            self._move(self.visits, passage.visit_id, passage, entered)
        elif passage.person_id is not None:
            self._move(self.people, passage.person_id, passage, entered)
            if passage.direction is Direction.IN:
                self.last_entry[passage.person_id] = passage.at

    def _withdraw(self, entry_id: str) -> None:
        for room in (self.people, self.visits):
            for key in [key for key, inside in room.items() if inside.event_id == entry_id]:
                inside = room.pop(key)
                if room is self.people and self.last_entry.get(key) == inside.since:
                    del self.last_entry[key]

    @staticmethod
    def _move(room: dict[int, Inside], key: int, passage: Passage, entered: Inside) -> None:
        if passage.direction is Direction.OUT:
            room.pop(key, None)
        else:
            room.setdefault(key, entered)


def occupancy_after(passages: Iterable[Passage]) -> Occupancy:
    """Fold ``passages``, in order of time, into who is inside."""
    occupancy = Occupancy()
    for passage in passages:
        occupancy.apply(passage)
    return occupancy
