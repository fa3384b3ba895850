"""Who is inside (Art. 14, 20, 24), folded from door events. Nothing here is stored: the events are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from regulation.records import Direction, OccupancyReset


@dataclass(frozen=True, slots=True)
class Passage:
    """A door event as occupancy sees it: someone went in or out. ``escort_id`` is who answers for a visitor.

    ``withdraws`` names an entry that was recorded but did not happen: the door stayed shut. ``moves`` are visits
    inside that ``escort_id`` answers for from now on (``None``: nobody does). ``overstay_told`` says that the alarm
    for the visit was given. Without a direction nobody passed.
    """

    event_id: str
    at: datetime
    direction: Direction
    person_id: int | None = None
    visit_id: int | None = None
    escort_id: int | None = None
    withdraws: str = ""
    moves: tuple[int, ...] = ()
    overstay_told: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """Someone in the machine room: since when, by which event, and for a visitor with whom.

    ``escort_at`` is when the escort duty last moved, if it did; without an ``escort_id`` nobody answers for them.
    """

    since: datetime
    event_id: str
    person_id: int | None = None
    visit_id: int | None = None
    escort_id: int | None = None
    escort_at: datetime | None = None

    @property
    def escorted_since(self) -> datetime:
        """When the door last knew who answers for this visitor."""
        return self.escort_at or self.since


@dataclass(slots=True)
class Occupancy:
    """People and visits inside, and each person's last entry. Repeating a passage changes nothing.

    ``overstay_told`` are the visits inside whose overstaying was reported.
    """

    people: dict[int, Inside] = field(default_factory=dict)
    visits: dict[int, Inside] = field(default_factory=dict)
    last_entry: dict[int, datetime] = field(default_factory=dict)
    overstay_told: set[int] = field(default_factory=set)

    def copy(self) -> Occupancy:
        """Return another one of the same people, which may go its own way."""
        return Occupancy(dict(self.people), dict(self.visits), dict(self.last_entry), set(self.overstay_told))

    def apply(self, passage: Passage) -> None:
        """Take one passage into account; an entry by someone already inside keeps the first time."""
        if passage.withdraws:
            self._withdraw(passage.withdraws)
            return
        for visit_id in passage.moves:
            if (moved := self.visits.get(visit_id)) is not None:
                self.visits[visit_id] = replace(moved, escort_id=passage.escort_id, escort_at=passage.at)
        if passage.overstay_told and passage.visit_id in self.visits:
            self.overstay_told.add(passage.visit_id)
        if passage.direction is not Direction.NONE:
            self._pass(passage)

    def apply_resets(self, resets: Iterable[OccupancyReset]) -> list[tuple[OccupancyReset, Inside]]:
        """Take out whoever is not inside by a leader's word; return whom which word took out. Again, it changes nothing.

        Whoever entered at or after the reset stays: the word was about an earlier time.
        """
        removed: list[tuple[OccupancyReset, Inside]] = []
        for reset in resets:
            everyone = reset.person_id is None and reset.visit_id is None
            for room, key in ((self.people, reset.person_id), (self.visits, reset.visit_id)):
                meant = list(room) if everyone else [key] if key in room else []
                gone = [who for who in meant if who is not None and self._entered(room, who) < reset.at]
                removed += [(reset, room.pop(who)) for who in gone]
        self.overstay_told &= self.visits.keys()
        return removed

    def is_away(self, person_id: int) -> bool:
        """Whether someone who once came in through this door is not inside now."""
        return person_id in self.last_entry and person_id not in self.people

    def _entered(self, room: dict[int, Inside], key: int) -> datetime:
        """When someone inside last came in: a second entry without an exit counts."""
        since = room[key].since
        return max(since, self.last_entry.get(key, since)) if room is self.people else since

    def _pass(self, passage: Passage) -> None:
        entered = Inside(passage.at, passage.event_id, passage.person_id, passage.visit_id, passage.escort_id)
        if passage.visit_id is not None:
            self._move(self.visits, passage.visit_id, passage, entered)
            self.overstay_told &= self.visits.keys()
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
        self.overstay_told &= self.visits.keys()

    @staticmethod
    def _move(room: dict[int, Inside], key: int, passage: Passage, entered: Inside) -> None:
        if passage.direction is Direction.OUT:
            room.pop(key, None)
        else:
            room.setdefault(key, entered)
