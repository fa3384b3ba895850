"""What arrives at the door, with its time; and which badges were read too long ago to open anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kiosk.inputs import EntryRead, ExitRead, Input, ToggleRead
from regulation.access import DoorKnowledge
from regulation.values import value

STALE_READ_SECONDS: Final = 5.0
"""A badge read this long ago opens nothing any more: who swiped may have gone, and another stands there."""

RECENT_SECONDS: Final = 120.0
"""How long a read is remembered for the repeat window."""

HELD_UP_SECONDS: Final = 1.0
"""A reader's thread that the disk held up for longer finds old badges waiting in its port: they open nothing."""

DRAINED_SECONDS: Final = 0.25
"""Without a badge for this long after that, what such a reader reads is new again."""

OneWay = EntryRead | ExitRead
WayIn = EntryRead | ToggleRead
BadgeAtDoor = EntryRead | ExitRead | ToggleRead


@value
class Arrival:
    """An input with the time it was received (monotonic seconds)."""

    event: Input
    at: float


@dataclass(frozen=True, slots=True)
class SnapshotArrived:
    """The centre's news, arranged for look-ups by whoever fetched it."""

    knowledge: DoorKnowledge


@dataclass(frozen=True, slots=True)
class Wake:
    """Nothing waits for the disk any more: go on with what was put off."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants to know whether the door's thread still works, and the lock is free now and then."""

    answer: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """No more inputs."""


class Reads:
    """When badges were read: ``recent`` by reader and badge, for the repeat window."""

    def __init__(self) -> None:
        self.recent: dict[tuple[str, str], datetime] = {}
        self._old_until: dict[str, float] = {}

    def is_old(self, reader: str, at: float) -> bool:
        """Whether a badge was read too long ago, as far as the door can tell."""
        now = time.monotonic()
        if at < self._old_until.get(reader, 0.0):
            self._old_until[reader] = now + DRAINED_SECONDS
            return True
        return now - at > STALE_READ_SECONDS

    def was_held_up(self, reader: str) -> None:
        """The disk held up the reader's thread: what waits in its port was read while it could not be taken."""
        self._old_until[reader] = time.monotonic() + DRAINED_SECONDS

    def remember(self, event: BadgeAtDoor, now: datetime) -> None:
        """Keep when a badge was read; what is past any repeat window is forgotten now and then."""
        self.recent[event.reader, event.badge] = now
        if len(self.recent) > 1000:
            oldest = now - timedelta(seconds=RECENT_SECONDS)
            for key in [key for key, at in self.recent.items() if at <= oldest]:
                del self.recent[key]
