"""The door's engine: takes reads, keys and news, asks the machine, and does what it answers.

The order is always journal durable, strike released, screen told. The thread that read a badge at an entry goes the
whole way itself, since every hand-over to another thread costs about as much as the decision; what may not be held
up by a slow disk (exits, keys, a bus of several readers) hands its record to the journal's thread. The door's own
thread keeps the time. One lock makes them act one after the other; nobody holds it while the disk works.

Two bounds hold whatever the disk does:

* an **entry** whose record is not durable within :data:`kiosk.recording.ENTRY_PATIENCE_SECONDS` is refused in words;
* an **exit** waits for its record no longer than :data:`kiosk.recording.EXIT_PATIENCE_SECONDS` and is then released all the same.
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
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from hardware.strike import Strike
from kiosk import views
from kiosk.acting import Acting
from kiosk.actions import (
    Action,
    Beep,
    CheckPin,
    EndKiosk,
    KeepSlip,
    Record,
    Relock,
    RequestVisit,
    Show,
    Unlock,
    WithdrawRequest,
)
from kiosk.arrivals import (
    HELD_UP_SECONDS,
    Arrival,
    Asked,
    BadgeAtDoor,
    OneWay,
    Reads,
    SnapshotArrived,
    Stop,
    Wake,
    WayIn,
)
from kiosk.clockwatch import ClockWatch
from kiosk.inputs import (
    ContactChanged,
    ExitPressed,
    ExitRead,
    Input,
    NotRecorded,
    SlipKept,
    Tick,
    ToggleRead,
    VisitForm,
)
from kiosk.journal import Journal
from kiosk.knowing import Knowing
from kiosk.leaf import released
from kiosk.machine import next_deadline, step, view_of
from kiosk.pins import Clerk
from kiosk.recording import ENTRY_PATIENCE_SECONDS, Pending, Recording
from kiosk.slips import SlipStore
from kiosk.states import State
from kiosk.toggling import leads_out
from kiosk.views import View, ViewKind
from kiosk.watching import resets_noted
from kiosk.writing import Writing
from regulation.doorlog import Read, passage_meant
from regulation.occupancy import Occupancy
from regulation.records import Direction, Snapshot
from settings import ZhibanError

STRIKE_FAULT_SECONDS: Final = 8

LOOK_SECONDS: Final = 0.25
"""The door's thread looks this often whether somebody has waited too long."""

logger = logging.getLogger(__name__)


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
        self._clerk = Clerk(slips, self.put)
        self._occupancy, self._reads = occupancy, Reads()
        self._known = Knowing(
            kiosk,
            snapshot,
            slips,
            occupancy,
            self._reads.recent,
            open_seconds=open_seconds,
            can_ask=can_ask,
            dress=dress,
            relock_on_open=relock_on_open,
        )
        self._recording = Recording(kiosk, journal, self._known, clock, self._ended)
        self._inbox: queue.SimpleQueue[Arrival | Wake | Asked | SnapshotArrived | Stop] = queue.SimpleQueue()
        self._acting = Acting()
        self._may_wait: frozenset[str] = frozenset()
        self._state = State(unnamed=unnamed)
        self._deferred: deque[Arrival] = deque()
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
        self._recording.watch_clock(watch)

    def start(self) -> None:
        """Begin to take inputs."""
        self._thread.start()

    def stop(self) -> None:
        """Take what has arrived and end; the strike is the caller's to close."""
        self._inbox.put(Stop())
        self._thread.join(ENTRY_PATIENCE_SECONDS + 1.0)

    def put(self, event: Input) -> None:
        """Hand the door a read, a key, or an answer from the centre.

        Returns at once, but for a reader that may wait (:meth:`let_wait`): then when the badge is dealt with.
        """
        arrival = Arrival(event, time.monotonic())
        if not (isinstance(event, OneWay) and self._took_here(arrival, event)):
            self._inbox.put(arrival)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call ``answer``, which must not block, from the door's thread as soon as it comes to it."""
        self._inbox.put(Asked(answer))

    def news(self, arrived: SnapshotArrived) -> None:
        """Hand the door what the centre says now."""
        self._inbox.put(arrived)

    @property
    def snapshot(self) -> Snapshot:
        """What the door knows of the centre."""
        return self._known.knowledge.snapshot

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

    def _took_here(self, arrival: Arrival, event: OneWay) -> bool:
        """Deal with a read in the reader's own thread; return whether nothing stood before it."""
        if not self.alive or not self._inbox.empty() or not self._acting.take_if_free():
            return False
        try:
            if self._recording.pending or self._deferred:
                return False
            here: list[Writing] = []
            self._recording.here = here if event.reader in self._may_wait else None
            with self._acting:
                self._take(arrival)
            self._recording.here = None
        finally:
            self._acting.give_back()
        for writing in here:
            self._journal.write(writing)
        if here and time.monotonic() - arrival.at > HELD_UP_SECONDS:
            self._reads.was_held_up(event.reader)
        return True

    # --- the journal's end ----------------------------------------------------------------------------------

    def _ended(self, writing: Writing) -> None:
        """The journal is done with a writing, for better or worse; called by whoever wrote it."""
        with self._acting:
            self._written(writing)
            if self._deferred and not self._recording.pending:
                self._inbox.put(Wake())

    # --- the door's thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        stopping = False
        with self._acting:
            self._apply_resets()
        while not (stopping and not self._recording.pending and not self._deferred):
            try:
                item = self._inbox.get(timeout=self._patience())
            except queue.Empty:
                item = Arrival(Tick(), time.monotonic())
            with self._acting:
                match item:
                    case Stop():
                        stopping = True
                    case Asked():
                        item.answer()
                    case SnapshotArrived():
                        self._known.hear(item.knowledge)
                        self._apply_resets()
                    case Arrival():
                        self._arrived(item)
                self._recording.note_clock()
                if self._recording.pending:
                    for late in self._recording.given_up():
                        self._unrecorded(late)
                elif self._deferred:
                    self._take(self._deferred.popleft())

    def _patience(self) -> float:
        """Seconds until something is due without an input."""
        if self._recording.pending:
            return min(LOOK_SECONDS, self._recording.seconds_left())
        if self._deferred:
            return 0.0
        due = next_deadline(self._state)
        left = (due - self._clock()).total_seconds() if due is not None else LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.01, left))

    def _arrived(self, arrival: Arrival) -> None:
        event = arrival.event
        if isinstance(event, ExitRead | ExitPressed | ContactChanged) or self._leads_out(event):
            self._take(arrival)
        elif self._deferred or self._recording.holds_up_entries():
            if not isinstance(arrival.event, Tick):
                self._deferred.append(arrival)
        else:
            self._take(arrival)

    def _take(self, arrival: Arrival) -> None:
        event, now = arrival.event, self._clock()
        if (
            isinstance(event, WayIn)
            and self._reads.is_old(event.reader, arrival.at)
            and not self._leads_out(event)
        ):
            direction, known = Direction.IN, event.badge in self._known.knowledge.badges
            event = NotRecorded((Read(self._kiosk, event.reader, direction, event.badge, known, now),))
        if isinstance(event, SlipKept):
            self._known.count_slips()
        self._state, actions = step(self._state, event, self._known.context(self._state), now)
        if isinstance(event, BadgeAtDoor):
            self._reads.remember(event, now)
        self._perform(actions)

    def _leads_out(self, event: Input) -> bool:
        """Whether a badge at the reader for both ways is on its way out: nothing holds that up."""
        return isinstance(event, ToggleRead) and leads_out(
            self._state.toggled, event, self._known.context(self._state), self._clock()
        )

    def _apply_resets(self) -> None:
        """Take out whoever is not inside by a leader's word (Art. 20); recorded once for each."""
        knowledge = self._known.knowledge
        removed = self._occupancy.apply_resets(knowledge.snapshot.resets)
        if removed:
            self._recording.record(resets_noted(removed, self._kiosk, knowledge, self._clock()), ())

    def _perform(self, actions: Sequence[Action]) -> None:
        """Do ``actions`` in order; what follows a record waits until it is durable."""
        for place, action in enumerate(actions):
            match action:
                case Record():
                    self._recording.record(action.entries, tuple(actions[place + 1 :]))
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
                known = self._known.knowledge.snapshot.credentials
                self._clerk.check(action, next((c for c in known if c.person_id == action.person_id), None))
            case KeepSlip():
                self._clerk.keep(action.slip)
            case EndKiosk():
                for end in self._on_end:
                    end()

    def _written(self, writing: Writing) -> None:
        pending = self._recording.pending.pop(id(writing), None)
        if pending is None:
            return
        if writing.state == "done":
            self._perform(pending.then)
            for passage in writing.passages:
                self._occupancy.apply(passage)
        else:
            self._unrecorded(pending)

    def _unrecorded(self, pending: Pending) -> None:
        """Free the exits, refuse the entries."""
        if pending.leaves:
            for read, verdict in pending.entries:
                if (passage := passage_meant(read, verdict)) is not None:
                    self._occupancy.apply(passage)
            self._perform(pending.then)
            return
        self._take(Arrival(NotRecorded(tuple(read for read, _verdict in pending.entries)), time.monotonic()))

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
