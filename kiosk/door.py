"""The door's engine: takes reads, keys and news, asks the machine, and does what it answers.

The order is always journal durable, strike released, screen told. The thread that read a badge at an entry goes the
whole way itself, since every hand-over to another thread costs about as much as the decision; what may not be held
up by a slow disk (exits, keys, a bus of several readers) hands its record to the journal's thread. The door's own
thread keeps the time. One lock makes them act one after the other; nobody holds it while the disk works.

Two bounds hold whatever the disk does:

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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Literal

from hardware.strike import Strike
from kiosk import views
from kiosk.clockwatch import ClockWatch
from kiosk.journal import Journal
from kiosk.leaf import released
from kiosk.machine import next_deadline, step, view_of
from kiosk.pins import Clerk
from kiosk.slips import SlipStore, with_local_visits
from kiosk.states import (
    Action,
    Beep,
    CheckPin,
    ContactChanged,
    Context,
    EndKiosk,
    EntryRead,
    ExitPressed,
    ExitRead,
    Input,
    KeepSlip,
    NotRecorded,
    Record,
    Relock,
    RequestVisit,
    Show,
    SlipKept,
    State,
    Tick,
    ToggleRead,
    Unlock,
    VisitForm,
    WithdrawRequest,
)
from kiosk.toggling import leads_out
from kiosk.views import View, ViewKind
from kiosk.watching import resets_noted
from kiosk.writing import Entry, Writing
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import Read, passage_meant
from regulation.occupancy import Occupancy
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

LOOK_SECONDS: Final = 0.25
"""The door's thread looks this often whether somebody has waited too long."""

HELD_UP_SECONDS: Final = 1.0
"""A reader's thread that the disk held up for longer finds old badges waiting in its port: they open nothing."""

DRAINED_SECONDS: Final = 0.25
"""Without a badge for this long after that, what such a reader reads is new again."""

OneWay = EntryRead | ExitRead
WayIn = EntryRead | ToggleRead
BadgeAtDoor = EntryRead | ExitRead | ToggleRead

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SnapshotArrived:
    """The centre's news, arranged for look-ups by whoever fetched it."""

    knowledge: DoorKnowledge


@dataclass(frozen=True, slots=True)
class _Wake:
    """Nothing waits for the disk any more: go on with what was put off."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Somebody wants to know whether the door's thread still works, and the lock is free now and then."""

    answer: Callable[[], None]


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

    writing: Writing
    entries: tuple[Entry, ...]
    then: tuple[Action, ...]
    deadline: float
    leaves: bool


class _Acting:
    """The turn to act for the door, alone. A fault nobody foresaw ends the door, not just the thread that met it.

    A class rather than a generator: every badge takes the turn three times before the door opens.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.broken = False

    def take_if_free(self) -> bool:
        """Take the turn unless somebody has it; then :meth:`give_back` ends it."""
        return self._lock.acquire(blocking=False)

    def give_back(self) -> None:
        """Let the next one act."""
        self._lock.release()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.broken = self.broken or kind is not None
        self._lock.release()


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
        slips: SlipStore,
        dress: Literal["off", "reminder", "confirm"] = "off",
        relock_on_open: bool = True,
        unnamed: tuple[datetime, ...] = (),
    ) -> None:
        self._kiosk, self._journal, self._strike, self._clock = kiosk, journal, strike, clock
        self._slips, self._clerk = slips, Clerk(slips, self.put)
        self._known: Context | None = None
        self._centre_knowledge = DoorKnowledge.of(snapshot)
        self._know_slips()
        self._occupancy = occupancy
        self._open_seconds, self._can_ask = open_seconds, can_ask
        self._dress, self._relock_on_open = dress, relock_on_open
        self._inbox: queue.SimpleQueue[_Arrival | _Wake | _Asked | SnapshotArrived | _Stop] = (
            queue.SimpleQueue()
        )
        self._acting = _Acting()
        self._may_wait: frozenset[str] = frozenset()
        self._here: list[Writing] | None = None
        self._old_until: dict[str, float] = {}
        self._watch: ClockWatch | None = None
        self._state = State(unnamed=unnamed)
        self._recent: dict[tuple[str, str], datetime] = {}
        self._pending: dict[int, _Pending] = {}
        self._deferred: deque[_Arrival] = deque()
        self._on_shown: list[Callable[[View], None]] = []
        self._on_beep: list[Callable[[str], None]] = []
        self._request_visit: Callable[[str, VisitForm], None] = lambda _key, _form: None
        self._withdraw_request: Callable[[str], None] = lambda _key: None
        self._on_end: list[Callable[[], None]] = []
        self._strike_fault = ""
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)

    def on_shown(self, tell: Callable[[View], None]) -> None:
        """Tell what the screen shows now and whenever that changes. Listeners are called by whoever acts for the
        door, after the act, must not block, and are given before :meth:`start`.
        """
        self._on_shown.append(tell)
        tell(view_of(self._state))

    def on_beep(self, tell: Callable[[str], None]) -> None:
        """Tell what sound to make: ``yes``, ``wait`` or ``no``."""
        self._on_beep.append(tell)

    def on_visit_request(self, ask: Callable[[str, VisitForm], None]) -> None:
        """Hand walk-up requests to ``ask``, which must not block. Before :meth:`start`."""
        self._request_visit = ask

    def on_withdrawal(self, withdraw: Callable[[str], None]) -> None:
        """Tell ``withdraw``, which must not block, that nobody waits for a request any more. Before :meth:`start`."""
        self._withdraw_request = withdraw

    def on_end(self, end: Callable[[], None]) -> None:
        """Tell that an administrator closes the kiosk. Before :meth:`start`."""
        self._on_end.append(end)

    def let_wait(self, readers: Iterable[str]) -> None:
        """Name the readers that lead in and have a thread of their own: it may wait for the disk. Before
        :meth:`start`.
        """
        self._may_wait = frozenset(readers)

    def watch_clock(self, watch: ClockWatch) -> None:
        """Let events carry the uptime, and a mark while the clock is suspect. Before :meth:`start`."""
        self._watch = watch

    def start(self) -> None:
        """Begin to take inputs."""
        self._thread.start()

    def stop(self) -> None:
        """Take what has arrived and end; the strike is the caller's to close."""
        self._inbox.put(_Stop())
        self._thread.join(ENTRY_PATIENCE_SECONDS + 1.0)

    def put(self, event: Input) -> None:
        """Hand the door a read, a key, or an answer from the centre.

        Returns at once, but for a reader that may wait (:meth:`let_wait`): then when the badge is dealt with.
        """
        arrival = _Arrival(event, time.monotonic())
        if not (isinstance(event, OneWay) and self._took_here(arrival, event)):
            self._inbox.put(arrival)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call ``answer``, which must not block, from the door's thread as soon as it comes to it."""
        self._inbox.put(_Asked(answer))

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
        return self._thread.is_alive() and not self._acting.broken

    # --- a reader's thread ----------------------------------------------------------------------------------

    def _took_here(self, arrival: _Arrival, event: OneWay) -> bool:
        """Deal with a read in the reader's own thread; return whether nothing stood before it."""
        if not self.alive or not self._inbox.empty() or not self._acting.take_if_free():
            return False
        try:
            if self._pending or self._deferred:
                return False
            here: list[Writing] = []
            self._here = here if event.reader in self._may_wait else None
            with self._acting:
                self._take(arrival)
            self._here = None
        finally:
            self._acting.give_back()
        for writing in here:
            self._journal.write(writing)
        if here and time.monotonic() - arrival.at > HELD_UP_SECONDS:
            self._old_until[event.reader] = time.monotonic() + DRAINED_SECONDS
        return True

    # --- the journal's end ----------------------------------------------------------------------------------

    def _ended(self, writing: Writing) -> None:
        """The journal is done with a writing, for better or worse; called by whoever wrote it."""
        with self._acting:
            self._written(writing)
            if self._deferred and not self._pending:
                self._inbox.put(_Wake())

    # --- the door's thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        stopping = False
        with self._acting:
            self._apply_resets()
        while not (stopping and not self._pending and not self._deferred):
            try:
                item = self._inbox.get(timeout=self._patience())
            except queue.Empty:
                item = _Arrival(Tick(), time.monotonic())
            with self._acting:
                match item:
                    case _Stop():
                        stopping = True
                    case _Asked():
                        item.answer()
                    case SnapshotArrived():
                        self._centre_knowledge = item.knowledge
                        self._know_slips()
                        self._apply_resets()
                    case _Arrival():
                        self._arrived(item)
                self._note_clock()
                if self._pending:
                    self._give_up_late()
                elif self._deferred:
                    self._take(self._deferred.popleft())

    def _patience(self) -> float:
        """Seconds until something is due without an input."""
        if self._pending:
            first = min(pending.deadline for pending in tuple(self._pending.values()))
            return min(LOOK_SECONDS, max(0.0, first - time.monotonic()))
        if self._deferred:
            return 0.0
        due = next_deadline(self._state)
        left = (due - self._clock()).total_seconds() if due is not None else LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.01, left))

    def _arrived(self, arrival: _Arrival) -> None:
        event = arrival.event
        if isinstance(event, ExitRead | ExitPressed | ContactChanged) or self._leads_out(event):
            self._take(arrival)
        elif self._deferred or any(not pending.leaves for pending in self._pending.values()):
            if not isinstance(arrival.event, Tick):
                self._deferred.append(arrival)
        else:
            self._take(arrival)

    def _take(self, arrival: _Arrival) -> None:
        event, now = arrival.event, self._clock()
        if isinstance(event, WayIn) and self._is_old(event.reader, arrival.at) and not self._leads_out(event):
            direction, known = Direction.IN, event.badge in self._knowledge.badges
            event = NotRecorded((Read(self._kiosk, event.reader, direction, event.badge, known, now),))
        if isinstance(event, SlipKept):
            self._know_slips()
        self._state, actions = step(self._state, event, self._context(), now)
        if isinstance(event, BadgeAtDoor):
            self._remember(event, now)
        self._perform(actions)

    def _context(self) -> Context:
        """What the door knows now. Made when that has changed, not for every badge: who is inside and what was read
        lately are looked at in place.
        """
        known = self._known
        state = self._state
        if known is None or known.pins is not state.pins or known.unnamed is not state.unnamed:
            known = self._known = Context(
                self._kiosk,
                self._knowledge,
                self._occupancy,
                self._recent,
                self._open_seconds,
                self._can_ask,
                state.pins,
                self._free_slips,
                self._dress,
                self._relock_on_open,
                state.unnamed,
            )
        return known

    def _leads_out(self, event: Input) -> bool:
        """Whether a badge at the reader for both ways is on its way out: nothing holds that up."""
        return isinstance(event, ToggleRead) and leads_out(
            self._state.toggled, event, self._context(), self._clock()
        )

    def _apply_resets(self) -> None:
        """Take out whoever is not inside by a leader's word (Art. 20); recorded once for each."""
        removed = self._occupancy.apply_resets(self._knowledge.snapshot.resets)
        if removed:
            self._record(Record(resets_noted(removed, self._kiosk, self._knowledge, self._clock())), ())

    def _know_slips(self) -> None:
        """Take the visits approved here into account beside what the centre says."""
        snapshot = self._centre_knowledge.snapshot
        self._knowledge = with_local_visits(self._centre_knowledge, self._slips.visits(snapshot))
        self._free_slips = self._slips.free(snapshot)
        self._known = None

    def _is_old(self, reader: str, at: float) -> bool:
        """Whether a badge was read too long ago, as far as the door can tell."""
        now = time.monotonic()
        if at < self._old_until.get(reader, 0.0):
            self._old_until[reader] = now + DRAINED_SECONDS
            return True
        return now - at > STALE_READ_SECONDS

    def _remember(self, event: BadgeAtDoor, now: datetime) -> None:
        self._recent[event.reader, event.badge] = now
        if len(self._recent) > 1000:
            oldest = now - timedelta(seconds=RECENT_SECONDS)
            for key in [key for key, at in self._recent.items() if at <= oldest]:
                del self._recent[key]

    def _perform(self, actions: Sequence[Action]) -> None:
        """Do ``actions`` in order; what follows a record waits until it is durable."""
        for place, action in enumerate(actions):
            match action:
                case Record():
                    self._record(action, tuple(actions[place + 1 :]))
                    return
                case Unlock() | Relock():
                    self._work_strike(action)
                case Show():
                    self._tell_shown(action.view)
                case Beep():
                    for tell in self._on_beep:
                        tell(action.kind)
                case RequestVisit():
                    self._request_visit(action.key, action.form)
                case WithdrawRequest():
                    self._withdraw_request(action.key)
                case CheckPin() | KeepSlip() | EndKiosk():
                    self._hand_over(action)

    def _hand_over(self, action: CheckPin | KeepSlip | EndKiosk) -> None:
        """Give to others what takes its time."""
        match action:
            case CheckPin():
                known = self._knowledge.snapshot.credentials
                self._clerk.check(action, next((c for c in known if c.person_id == action.person_id), None))
            case KeepSlip():
                self._clerk.keep(action.slip)
            case EndKiosk():
                for end in self._on_end:
                    end()

    def _record(self, record: Record, then: tuple[Action, ...]) -> None:
        entries = self._stamped(record.entries)
        writing = Writing(entries, self._knowledge.snapshot.version, self._ended)
        leaves = writing.leaves
        patience = EXIT_PATIENCE_SECONDS if leaves else ENTRY_PATIENCE_SECONDS
        self._pending[id(writing)] = _Pending(
            writing, record.entries, then, time.monotonic() + patience, leaves
        )
        if self._here is not None:
            self._here.append(writing)
        else:
            self._journal.submit(writing)

    def _stamped(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Give each read the machine's uptime, and a mark while the wall clock is suspect (Art. 33)."""
        if self._watch is None:
            return entries
        uptime_ms, marks = self._watch.stamp()
        return tuple(
            (
                Read(
                    read.kiosk,
                    read.reader,
                    read.direction,
                    read.badge,
                    read.known,
                    read.at,
                    (*read.marks, *marks),
                    uptime_ms,
                ),
                verdict,
            )
            for read, verdict in entries
        )

    def _note_clock(self) -> None:
        """Record that the clock jumped, or is right again. Nobody waits for it."""
        for note in self._watch.notes() if self._watch is not None else ():
            version = self._knowledge.limits.version
            verdict = DoorVerdict(note.code, reason=f"{note.seconds:+.0f} s", limits_version=version)
            read = Read(self._kiosk, "", Direction.OUT, "", True, self._clock())
            entries = self._stamped(((read, verdict),))
            self._journal.submit(Writing(entries, self._knowledge.snapshot.version, lambda _writing: None))

    def _written(self, writing: Writing) -> None:
        pending = self._pending.pop(id(writing), None)
        if pending is None:
            return
        if writing.state == "done":
            self._perform(pending.then)
            for passage in writing.passages:
                self._occupancy.apply(passage)
        else:
            self._unrecorded(pending)

    def _give_up_late(self) -> None:
        now = time.monotonic()
        for key, pending in list(self._pending.items()):
            if now >= pending.deadline and self._journal.abandon(pending.writing):
                del self._pending[key]
                self._unrecorded(pending)

    def _unrecorded(self, pending: _Pending) -> None:
        """Free the exits, refuse the entries."""
        if pending.leaves:
            for read, verdict in pending.entries:
                if (passage := passage_meant(read, verdict)) is not None:
                    self._occupancy.apply(passage)
            self._perform(pending.then)
            return
        self._take(_Arrival(NotRecorded(tuple(read for read, _verdict in pending.entries)), time.monotonic()))

    def _work_strike(self, action: Unlock | Relock) -> None:
        if isinstance(action, Unlock):
            self._unlock(action.seconds)
        else:
            self._relock()

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
            self._state = replace(self._state, leaf=released(self._state.leaf, self._clock(), seconds))

    def _relock(self) -> None:
        try:
            self._strike.lock()
        except ZhibanError as error:  # it locks by itself when the release is over
            logger.warning("the strike was not locked early: %s", error)

    def _tell_shown(self, view: View) -> None:
        if self._strike_fault and view.kind is ViewKind.VERDICT and self._state.verdict is not None:
            view = self._state.verdict
        for tell in self._on_shown:
            tell(view)
