"""What the door hands to the journal, and what waits until it is durable or has waited too long."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.actions import Action
from kiosk.clockwatch import ClockWatch
from kiosk.journal import Journal
from kiosk.knowing import Knowing
from kiosk.writing import Entry, Writing
from regulation.access import DoorVerdict
from regulation.doorlog import Read, stamped
from regulation.records import Direction

ENTRY_PATIENCE_SECONDS: Final = 2.0
"""An entry that is not on the disk by then is refused: cannot be recorded."""

EXIT_PATIENCE_SECONDS: Final = 0.25
"""An exit that is not on the disk by then is released unrecorded and recorded later: nothing delays an exit."""


@dataclass(slots=True)
class Pending:
    """What is to be done once a writing is durable, or at ``deadline`` (monotonic seconds) has not become so."""

    writing: Writing
    entries: tuple[Entry, ...]
    then: tuple[Action, ...]
    deadline: float
    leaves: bool


class Recording:
    """Hands verdicts to the journal. ``pending`` is by the writing's ``id()``; ``on_end`` is told of each writing.

    With a list in ``here`` the writings are put there instead, for a thread that writes them itself.
    """

    def __init__(
        self,
        kiosk: str,
        journal: Journal,
        known: Knowing,
        clock: Callable[[], datetime],
        on_end: Callable[[Writing], None],
    ) -> None:
        self._kiosk, self._journal, self._known, self._clock = kiosk, journal, known, clock
        self._on_end = on_end
        self._watch: ClockWatch | None = None
        self.pending: dict[int, Pending] = {}
        self.here: list[Writing] | None = None

    def watch_clock(self, watch: ClockWatch) -> None:
        """Let events carry the uptime, and a mark while the clock is suspect."""
        self._watch = watch

    def record(self, entries: tuple[Entry, ...], then: tuple[Action, ...]) -> None:
        """Make ``entries`` durable, all or none; ``then`` waits for it."""
        writing = Writing(self._stamped(entries), self._known.knowledge.snapshot.version, self._on_end)
        leaves = writing.leaves
        patience = EXIT_PATIENCE_SECONDS if leaves else ENTRY_PATIENCE_SECONDS
        self.pending[id(writing)] = Pending(writing, entries, then, time.monotonic() + patience, leaves)
        if self.here is not None:
            self.here.append(writing)
        else:
            self._journal.submit(writing)

    def note_clock(self) -> None:
        """Record that the clock jumped, or is right again. Nobody waits for it."""
        for note in self._watch.notes() if self._watch is not None else ():
            snapshot, limits = self._known.knowledge.snapshot, self._known.knowledge.limits
            verdict = DoorVerdict(note.code, reason=f"{note.seconds:+.0f} s", limits_version=limits.version)
            read = Read(self._kiosk, "", Direction.OUT, "", True, self._clock())
            entries = self._stamped(((read, verdict),))
            self._journal.submit(Writing(entries, snapshot.version, lambda _writing: None))

    def seconds_left(self) -> float:
        """Seconds until the first of what is pending is late."""
        # Asked without the turn to act: the last of them may have become durable meanwhile.
        first = min((pending.deadline for pending in tuple(self.pending.values())), default=0.0)
        return max(0.0, first - time.monotonic())

    def holds_up_entries(self) -> bool:
        """Whether an entry waits for the disk: what comes later waits behind it."""
        return any(not pending.leaves for pending in self.pending.values())

    def given_up(self) -> list[Pending]:
        """Wait no longer for what is late, unless the disk is at it, and return that."""
        now = time.monotonic()
        late = [
            key
            for key, pending in self.pending.items()
            if now >= pending.deadline and self._journal.abandon(pending.writing)
        ]
        return [self.pending.pop(key) for key in late]

    def _stamped(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Give each read the machine's uptime, and a mark while the wall clock is suspect (Art. 33)."""
        if self._watch is None:
            return entries
        uptime_ms, marks = self._watch.stamp()
        return tuple([(stamped(read, uptime_ms, marks), verdict) for read, verdict in entries])
