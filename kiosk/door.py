"""The door's engine: one thread that takes reads, keys and news, asks the machine, and does what it answers.

The order is always journal durable, strike released, screen told. Two bounds hold whatever the disk does:

* an **entry** whose record is not durable within :data:`ENTRY_PATIENCE_SECONDS` is refused in words;
* an **exit** waits for its record no longer than :data:`EXIT_PATIENCE_SECONDS` and is then released all the same.
  Only so can a door open without a durable event, only outwards; the event follows as soon as the journal takes it.

While an entry waits for the disk, later entries and keys wait behind it; exits do not.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hardware.strike import Strike
from kiosk import views
from kiosk.journal import Journal, Writing
from kiosk.machine import next_deadline, step, view_of
from kiosk.states import (
    Action,
    Beep,
    Context,
    EntryRead,
    ExitRead,
    Input,
    NotRecorded,
    Record,
    RequestVisit,
    Show,
    State,
    Tick,
    Unlock,
    VisitForm,
)
from kiosk.views import View, ViewKind
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import DoorEventRecord, Read, event_id, passage_of
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction, Snapshot
from settings import ZhibanError

ENTRY_PATIENCE_SECONDS: Final = 2.0
"""An entry that is not on the disk by then is refused: cannot be recorded."""

EXIT_PATIENCE_SECONDS: Final = 0.25
"""An exit that is not on the disk by then is released unrecorded and recorded later: nothing delays an exit."""

STALE_READ_SECONDS: Final = 5.0
"""A badge read this long ago opens nothing any more: who swiped may have gone, and another stands there."""

RECENT_SECONDS: Final = 120.0
"""How long a read is remembered for the repeat window."""

STRIKE_FAULT_SECONDS: Final = 8

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SnapshotArrived:
    """The centre's news, arranged for look-ups by whoever fetched it."""

    knowledge: DoorKnowledge


@dataclass(frozen=True, slots=True)
class _Ended:
    """The journal is done with a writing, for better or worse."""

    writing: Writing


@dataclass(frozen=True, slots=True)
class _Stop:
    """No more inputs."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An input with the time it was received (monotonic seconds)."""

    event: Input
    at: float


@dataclass(slots=True)
class _Pending:
    """What is to be done once a writing is durable, or at ``deadline`` (monotonic seconds) has not become so."""

    record: Record
    then: tuple[Action, ...]
    deadline: float

    @property
    def leaves(self) -> bool:
        """Whether all of it is about leaving."""
        return all(read.direction is Direction.OUT for read, _verdict in self.record.entries)


class Door:
    """Owns the state, who is inside, and the strike. All public methods may be called from any thread."""

    def __init__(
        self,
        kiosk: str,
        journal: Journal,
        strike: Strike,
        snapshot: Snapshot,
        occupancy: Occupancy,
        clock: Callable[[], datetime],
        *,
        open_seconds: float,
        can_ask: bool,
    ) -> None:
        self._kiosk, self._journal, self._strike, self._clock = kiosk, journal, strike, clock
        self._knowledge = DoorKnowledge.of(snapshot)
        self._occupancy = occupancy
        self._open_seconds, self._can_ask = open_seconds, can_ask
        self._inbox: queue.SimpleQueue[_Arrival | _Ended | SnapshotArrived | _Stop] = queue.SimpleQueue()
        self._state = State()
        self._recent: dict[tuple[str, str], datetime] = {}
        self._pending: dict[int, tuple[Writing, _Pending]] = {}
        self._deferred: deque[_Arrival] = deque()
        self._on_shown: list[Callable[[View], None]] = []
        self._on_beep: list[Callable[[str], None]] = []
        self._request_visit: Callable[[str, VisitForm], None] = lambda _key, _form: None
        self._strike_fault = ""
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)

    def on_shown(self, tell: Callable[[View], None]) -> None:
        """Tell what the screen shows now and whenever that changes. Listeners are called from the door's thread
        after it has acted, must not block, and are given before :meth:`start`.
        """
        self._on_shown.append(tell)
        tell(view_of(self._state))

    def on_beep(self, tell: Callable[[str], None]) -> None:
        """Tell what sound to make: ``yes``, ``wait`` or ``no``."""
        self._on_beep.append(tell)

    def on_visit_request(self, ask: Callable[[str, VisitForm], None]) -> None:
        """Hand walk-up requests to ``ask``, which must not block. Before :meth:`start`."""
        self._request_visit = ask

    def start(self) -> None:
        """Begin to take inputs."""
        self._thread.start()

    def stop(self) -> None:
        """Take what has arrived and end; the strike is the caller's to close."""
        self._inbox.put(_Stop())
        self._thread.join(ENTRY_PATIENCE_SECONDS + 1.0)

    def put(self, event: Input) -> None:
        """Hand the door a read, a key, or an answer from the centre."""
        self._inbox.put(_Arrival(event, time.monotonic()))

    def news(self, arrived: SnapshotArrived) -> None:
        """Hand the door what the centre says now."""
        self._inbox.put(arrived)

    @property
    def snapshot(self) -> Snapshot:
        """What the door knows of the centre."""
        return self._knowledge.snapshot

    @property
    def state(self) -> State:
        """What the door is waiting for now."""
        return self._state

    @property
    def strike_fault(self) -> str:
        """Why the last release failed, in words, or an empty string."""
        return self._strike_fault

    @property
    def alive(self) -> bool:
        """Whether the door still takes inputs."""
        return self._thread.is_alive()

    # --- the door's thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        stopping = False
        while not (stopping and not self._pending and not self._deferred):
            try:
                item = self._inbox.get(timeout=self._patience())
            except queue.Empty:
                item = _Arrival(Tick(), time.monotonic())
            match item:
                case _Stop():
                    stopping = True
                case SnapshotArrived():
                    self._knowledge = item.knowledge
                case _Ended():
                    self._written(item.writing)
                case _Arrival():
                    self._arrived(item)
            if self._pending:
                self._give_up_late()
            elif self._deferred:
                self._take(self._deferred.popleft())

    def _patience(self) -> float:
        """Seconds until something is due without an input."""
        if self._pending:
            first = min(pending.deadline for _writing, pending in self._pending.values())
            return max(0.0, first - time.monotonic())
        if self._deferred:
            return 0.0
        due = next_deadline(self._state)
        left = (due - self._clock()).total_seconds() if due is not None else 1.0
        return min(1.0, max(0.01, left))

    def _arrived(self, arrival: _Arrival) -> None:
        if isinstance(arrival.event, ExitRead):
            self._take(arrival)
        elif self._deferred or any(not p.leaves for _w, p in self._pending.values()):
            if not isinstance(arrival.event, Tick):
                self._deferred.append(arrival)
        else:
            self._take(arrival)

    def _take(self, arrival: _Arrival) -> None:
        event, now = arrival.event, self._clock()
        if isinstance(event, EntryRead) and time.monotonic() - arrival.at > STALE_READ_SECONDS:
            direction, known = Direction.IN, event.badge in self._knowledge.badges
            event = NotRecorded((Read(self._kiosk, event.reader, direction, event.badge, known, now),))
        context = Context(
            self._kiosk,
            self._knowledge,
            self._occupancy,
            self._recent,
            self._open_seconds,
            self._can_ask,
        )
        self._state, actions = step(self._state, event, context, now)
        if isinstance(event, EntryRead | ExitRead):
            self._remember(event, now)
        self._perform(actions)

    def _remember(self, event: EntryRead | ExitRead, now: datetime) -> None:
        self._recent[event.reader, event.badge] = now
        if len(self._recent) > 1000:
            oldest = now - timedelta(seconds=RECENT_SECONDS)
            self._recent = {key: at for key, at in self._recent.items() if at > oldest}

    def _perform(self, actions: Sequence[Action]) -> None:
        """Do ``actions`` in order; what follows a record waits until it is durable."""
        for place, action in enumerate(actions):
            match action:
                case Record():
                    self._record(action, tuple(actions[place + 1 :]))
                    return
                case Unlock():
                    self._unlock(action.seconds)
                case Show():
                    self._tell_shown(action.view)
                case Beep():
                    for tell in self._on_beep:
                        tell(action.kind)
                case RequestVisit():
                    self._request_visit(action.key, action.form)

    def _record(self, record: Record, then: tuple[Action, ...]) -> None:
        leaves = all(read.direction is Direction.OUT for read, _verdict in record.entries)
        patience = EXIT_PATIENCE_SECONDS if leaves else ENTRY_PATIENCE_SECONDS
        pending = _Pending(record, then, time.monotonic() + patience)
        version = self._knowledge.snapshot.version
        writing = self._journal.submit(
            record.entries, version, lambda writing: self._inbox.put(_Ended(writing))
        )
        self._pending[id(writing)] = (writing, pending)

    def _written(self, writing: Writing) -> None:
        _writing, pending = self._pending.pop(id(writing), (writing, None))
        if pending is None:
            return
        if writing.state == "done":
            self._note_passages(writing.events)
            self._perform(pending.then)
        else:
            self._unrecorded(pending)

    def _give_up_late(self) -> None:
        now = time.monotonic()
        for key, (writing, pending) in list(self._pending.items()):
            if now >= pending.deadline and self._journal.abandon(writing):
                del self._pending[key]
                self._unrecorded(pending)

    def _unrecorded(self, pending: _Pending) -> None:
        """Free the exits, refuse the entries."""
        if pending.leaves:
            for read, verdict in pending.record.entries:
                self._occupancy.apply(_passage_out(read, verdict))
            self._perform(pending.then)
            return
        reads = tuple(read for read, _verdict in pending.record.entries)
        self._take(_Arrival(NotRecorded(reads), time.monotonic()))

    def _note_passages(self, events: Sequence[DoorEventRecord]) -> None:
        for event in events:
            passage = passage_of(event)
            if passage is not None:
                self._occupancy.apply(passage)

    def _unlock(self, seconds: float) -> None:
        try:
            self._strike.pulse(seconds)
        except ZhibanError as error:
            self._strike_fault = str(error)
            logger.warning("the strike failed: %s", error)
            until = self._clock() + timedelta(seconds=STRIKE_FAULT_SECONDS)
            words = (views.WORDS_STRIKE_FAULT, views.WORDS_STRIKE_NEXT)
            fault = View(ViewKind.VERDICT, "red", *words, until=until)
            self._state = replace(self._state, verdict=fault)
        else:
            self._strike_fault = ""

    def _tell_shown(self, view: View) -> None:
        if self._strike_fault and view.kind is ViewKind.VERDICT and self._state.verdict is not None:
            view = self._state.verdict
        for tell in self._on_shown:
            tell(view)


def _passage_out(read: Read, verdict: DoorVerdict) -> Passage:
    own_id = event_id(read.kiosk, 0)
    return Passage(own_id, read.at, Direction.OUT, verdict.person_id, verdict.visit_id)
