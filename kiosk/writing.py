"""What is handed to the journal: entries that become durable together, their place in the chain, their stored form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from regulation.access import DoorVerdict
from regulation.doorlog import DoorEventRecord, Read, event_id, event_values, hashed_form, passage_of
from regulation.ledger import hash_after, instant_text
from regulation.occupancy import Passage
from regulation.records import Direction

Entry = tuple[Read, DoorVerdict]
WriteState = Literal["waiting", "writing", "done", "failed", "abandoned"]

# The same bytes as ``regulation.ledger.canonical``, several times as fast; tests hold the two together.
_CANONICAL: Final = msgspec.json.Encoder(order="sorted")


@dataclass(slots=True, eq=False)
class Writing:
    """A transaction handed to the journal. ``on_end`` is called once, from the thread that wrote it."""

    entries: tuple[Entry, ...]
    snapshot_version: int
    on_end: Callable[[Writing], None]
    state: WriteState = "waiting"
    why: str = ""
    _stored: list[tuple[dict[str, Any], str, str]] = field(default_factory=list)
    _events: tuple[DoorEventRecord, ...] = ()
    _passages: tuple[Passage, ...] | None = None

    @property
    def leaves(self) -> bool:
        """Whether none of it is about entering: it happened, recorded or not."""
        return Direction.IN not in [read.direction for read, _verdict in self.entries]

    @property
    def events(self) -> tuple[DoorEventRecord, ...]:
        """What was stored. Built when first asked for: nobody waits for it at the door."""
        if not self._events:
            self._events = tuple(
                DoorEventRecord(**values, previous=previous, hash=own)
                for values, previous, own in self._stored
            )
        return self._events

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What was stored means for who is inside; like :attr:`events` it waits until it is asked for."""
        if self._passages is None:
            found = (passage_of(event) for event in self.events)
            self._passages = tuple(passage for passage in found if passage is not None)
        return self._passages

    def lines_after(self, sequence: int, previous: str) -> list[tuple[str, bytes]]:
        """Chain the entries to the event ``sequence``; return what is stored of each: its hash and its body."""
        lines = []
        self._stored = []
        for read, verdict in self.entries:
            sequence += 1
            values = event_values(read, verdict, sequence, self.snapshot_version)
            body = canonical_body(values)
            own = hash_after(previous, body)
            self._stored.append((values, previous, own))
            lines.append((own, body))
            previous = own
        return lines


def canonical_body(values: dict[str, Any]) -> bytes:
    """Return the canonical bytes of an event's fields, all but its two hashes."""
    return _CANONICAL.encode({**hashed_form(values), "at": instant_text(values["at"])})


def withdrawal(event: DoorEventRecord) -> Writing:
    """The record that takes back an entry: it was recorded, and the door stayed shut."""
    verdict = DoorVerdict(
        "refused.cannot_be_recorded", event.person_id, event.visit_id, event.duty_id,
        evidence=(event_id(event.kiosk, event.sequence),), limits_version=event.limits_version,
    )  # fmt: skip
    read = Read(event.kiosk, event.reader, Direction.IN, event.badge, True, event.at)
    return Writing(((read, verdict),), event.snapshot_version, nobody_waits)


def nobody_waits(_writing: Writing) -> None:
    """For records that nobody at the door waits for."""
