"""The kiosk's own record of what happened at the door: append-only, hash-chained, durable before the door opens.

One log (``kiosk.journal_log``), one writer at a time: the thread that read a badge at an entry, or the journal's own
for everything that must not hold up its caller. A commit is one write and one sync. Making room, keeping the cursor
and the checkpoint, and dropping what is old wait until nobody has badged for a moment.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from kiosk.journal_file import (
    JOURNAL_FOLDER,
    JournalError,
    JournalReader,
    Marks,
    Tail,
    disk_words,
    journal_error,
    load_marks,
    recover,
    save_marks,
)
from kiosk.journal_log import JOURNAL_BYTES, DamagedError, Frame, LogWriter
from kiosk.journal_move import move_old_journal
from kiosk.writing import Entry, WriteState, Writing, nobody_waits, withdrawal
from locales import _
from regulation.access import Outcome
from regulation.doorlog import DoorEventRecord
from regulation.occupancy import Occupancy
from regulation.records import Direction

IDLE_SECONDS: Final = 0.5
"""The housekeeping waits until nothing was recorded for this long."""

CHECKPOINT_EVERY_EVENTS: Final = 256
"""Who is inside is kept after this many events, so that a start replays no more than about so many."""

OWED_EXITS: Final = 1000
"""Exits that were released unrecorded and are recorded late: no more than this are remembered."""

KEPT_EVENTS: Final = 100_000
KEPT_FOR: Final = timedelta(days=180)
"""Of what the centre has, the kiosk keeps at least so many events, and for at least so long (GB 50396: 180 days at
the centre); the second yields when the journal is half full."""

HALF_FULL: Final = 0.5
NEARLY_FULL: Final = 0.8
"""From this share of its bound on, the journal's fullness is a warning."""

logger = logging.getLogger(__name__)


class Journal:
    """The journal's writer. Public methods may be called from any thread; writings are one after the other."""

    def __init__(self, folder: Path, kiosk: str) -> None:
        self.folder = folder / JOURNAL_FOLDER
        self._home = folder
        self._kiosk = kiosk
        self._queue: queue.SimpleQueue[Writing | Callable[[], None] | None] = queue.SimpleQueue()
        self._guard = threading.Lock()  # a writing is begun or abandoned, never both
        self._turn = threading.Lock()  # held by the one who writes
        self._log: LogWriter | None = None
        self._tail = Tail()
        self._recovered = False
        self._fault = ""
        self._owed: deque[Entry] = deque(maxlen=OWED_EXITS)
        self._late: deque[DoorEventRecord] = deque()
        self._on_recorded: list[Callable[[Sequence[DoorEventRecord]], None]] = []
        self._on_idle: list[Callable[[], None]] = []
        self._acknowledged = 0
        self._kept = Marks()
        self._size = 0
        self._newest_at = 0.0
        self._segment_ends: dict[int, float] = {}  # when the last event of each full segment was
        self._written_at = time.monotonic()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def on_idle(self, tend: Callable[[], None]) -> None:
        """Do ``tend`` in the journal's thread now and then while nobody badges. Before :meth:`start`, or just after."""
        self._on_idle.append(tend)

    def start(self, patience_seconds: float = 5.0) -> Occupancy:
        """Open the journal and return who is inside. An unusable journal shows in :attr:`fault`."""
        self._thread.start()
        self._opened.wait(patience_seconds)
        occupancy = self._tail.occupancy
        return occupancy.copy()

    def on_recorded(self, tell: Callable[[Sequence[DoorEventRecord]], None]) -> None:
        """Tell which events became durable, whenever they did. Called from the thread that wrote them, after whoever
        waits for them; must not block. Before :meth:`start`, or by one who can miss some.
        """
        self._on_recorded.append(tell)

    def stop(self) -> None:
        """Write what is waiting, keep the marks, close the file."""
        self._queue.put(None)
        self._thread.join(5.0)

    @property
    def fault(self) -> str:
        """Why nothing can be recorded now, in words, or an empty string."""
        return self._fault

    @property
    def sequence(self) -> int:
        """The last durable event."""
        return self._tail.sequence

    def last_at(self) -> float:
        """When the last event was recorded, by the door's clock (seconds since 1970); 0.0 for none."""
        try:
            events = (
                JournalReader(self.folder).since(self._tail.sequence - 1, 1) if self._tail.sequence else ()
            )
        except JournalError as error:
            logger.warning("the last event cannot be read: %s", error)
            return 0.0
        return events[-1].at.timestamp() if events else 0.0

    @property
    def acknowledged(self) -> int:
        """The last event the centre is known to have."""
        return self._acknowledged

    @property
    def owed(self) -> int:
        """Exits released unrecorded that wait to be recorded."""
        return len(self._owed)

    @property
    def fullness(self) -> float:
        """How much of its bound the journal has used: 1.0 when nothing more is recorded."""
        return self._size / JOURNAL_BYTES

    @property
    def word(self) -> str:
        """``ok``, or what ails the journal or soon will, in words."""
        if self._fault:
            return self._fault
        if self.fullness >= NEARLY_FULL:
            return _("{percent} % full").format(percent=int(self.fullness * 100))
        return "ok"

    @property
    def warns(self) -> bool:
        """Whether the journal will soon need somebody, though it still records."""
        return bool(self._owed) or self.fullness >= NEARLY_FULL

    def submit(self, writing: Writing) -> None:
        """Hand ``writing`` to the journal's thread: one transaction, all or none. Exits that fail are recorded as soon
        as possible.
        """
        self._queue.put(writing)

    def ask(self, answer: Callable[[], None]) -> None:
        """Call ``answer``, which must not block, from the journal's thread as soon as it comes to it."""
        self._queue.put(answer)

    def write(self, writing: Writing) -> None:
        """Write in the caller's thread, which may take as long as the disk does; ``on_end`` was called on return."""
        with self._turn:
            self._write(writing)

    def append(
        self, entries: Sequence[Entry], snapshot_version: int, patience_seconds: float = 10.0
    ) -> tuple[DoorEventRecord, ...]:
        """Record ``entries`` and return the events; durable on return. Raises :class:`JournalError`."""
        ended = threading.Event()
        writing = Writing(tuple(entries), snapshot_version, lambda _writing: ended.set())
        self.submit(writing)
        if not ended.wait(patience_seconds) and self.abandon(writing):
            raise journal_error(self._home, _("the disk does not answer"))
        if writing.state != "done":
            raise journal_error(self._home, writing.why)
        return writing.events

    def abandon(self, writing: Writing) -> bool:
        """Give up a writing that takes too long. Return whether it was given up (else it is done or failed).

        One that reaches the disk after all is withdrawn by a record of its own: corrections are additions.
        """
        with self._guard:
            if writing.state in ("done", "failed"):
                return False
            writing.state = "abandoned"
            return True

    def acknowledge(self, sequence: int) -> None:
        """Note that the centre has everything up to ``sequence``; kept when the door is idle."""
        self._acknowledged = sequence

    # --- the journal's thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        with self._turn:
            self._open()
        self._opened.set()
        while True:
            try:
                writing = self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                if time.monotonic() - self._written_at >= IDLE_SECONDS:
                    self._tend()
                    for tend in self._on_idle:
                        tend()
                continue
            if writing is None:
                break
            if isinstance(writing, Writing):
                self.write(writing)
            else:
                writing()
        self._tend()
        with self._turn:
            self._close()

    def _tend(self) -> None:
        """Housekeeping while nobody badges: owed exits, room, the marks, what is old."""
        with self._turn:
            if self._log is None:
                self._open()
            if self._log is None:
                return
            try:
                self._pay(self._log)
                self._log.make_room()
            except OSError as error:
                self._failed(error)
                return
            marks = self._marks()
        try:
            if marks != self._kept:
                save_marks(self.folder, marks)
                self._kept = marks
            self._drop_old(marks)
        except (OSError, JournalError) as error:
            # Nothing is lost: a start replays more, the centre is told again what it knows.
            logger.warning("the journal's marks cannot be kept: %s", error)

    def _marks(self) -> Marks:
        """What is to be kept now: a new checkpoint only after many events."""
        kept, tail = self._kept, self._tail
        if tail.sequence - tail.checkpoint < CHECKPOINT_EVERY_EVENTS:
            return Marks(self._acknowledged, kept.checkpoint, kept.occupancy)
        inside = tail.occupancy.copy()
        tail.checkpoint = tail.sequence
        return Marks(self._acknowledged, tail.sequence, inside)

    def _drop_old(self, marks: Marks) -> None:
        """Remove segments that the centre has had for long; the chain's anchor stays in the next one's head."""
        log = self._log
        if log is None:
            return
        needed = min(marks.acknowledged, marks.checkpoint, self._tail.sequence - KEPT_EVENTS)
        first = 0
        for segment in log.segments[1:]:
            if segment.first - 1 > needed or not (
                self.fullness >= HALF_FULL or self._is_old(segment.first - 1)
            ):
                break
            first = segment.first
        if first:
            with self._turn:
                log.drop_before(first)
                self._size = log.size

    def _is_old(self, sequence: int) -> bool:
        """Whether the last event of a segment is older than the kiosk must keep it, by the newest event's time."""
        if sequence not in self._segment_ends:
            (event,) = JournalReader(self.folder).since(sequence - 1, 1)
            self._segment_ends[sequence] = event.at.timestamp()
        return self._segment_ends[sequence] < self._newest_at - KEPT_FOR.total_seconds()

    # --- whoever has the turn -------------------------------------------------------------------------------

    def _write(self, writing: Writing) -> None:
        with self._guard:
            if writing.state == "abandoned":
                return self._owe(writing)
            writing.state = "writing"
        if self._log is None:
            self._open()
        try:
            if self._log is None:
                self._ended(writing, "failed", self._fault)
                return self._owe(writing)
            if self._owed:  # who left before must not seem to leave after
                self._pay(self._log)
            self._append(self._log, writing)
        except OSError as error:
            self._ended(writing, "failed", self._failed(error))
            return self._owe(writing)
        self._fault = ""
        in_time = self._ended(writing, "done")
        self._follow(writing)
        if not in_time:
            self._note_late(writing.events)
            self._pay_or_fail()
        return None

    def _append(self, log: LogWriter, writing: Writing) -> None:
        tail = self._tail
        lines = writing.lines_after(tail.sequence, tail.hash)
        log.append(tail.sequence + 1, tail.hash, lines)
        tail.sequence += len(lines)
        tail.hash = lines[-1][0]

    def _follow(self, writing: Writing) -> None:
        """What can wait until the door has been opened."""
        for passage in writing.passages:
            self._tail.occupancy.apply(passage)
        self._size = self._log.size if self._log is not None else self._size
        self._written_at, self._newest_at = time.monotonic(), writing.events[-1].at.timestamp()
        for tell in self._on_recorded:
            tell(writing.events)

    def _ended(self, writing: Writing, state: WriteState, why: str = "") -> bool:
        """Tell whoever waits; return whether anyone still did."""
        writing.why = why
        with self._guard:
            if writing.state == "abandoned":
                return False
            writing.state = state
        writing.on_end(writing)
        return True

    def _owe(self, writing: Writing) -> None:
        if writing.leaves:
            self._owed.extend(writing.entries)

    def _note_late(self, events: Sequence[DoorEventRecord]) -> None:
        """Remember entries that became durable too late to open the door (an exit stays: it happened)."""
        came_in = (e for e in events if e.direction == Direction.IN.value and Outcome(e.outcome).opens)
        self._late.extend(came_in)

    def _pay_or_fail(self) -> None:
        try:
            if self._log is not None:
                self._pay(self._log)
        except OSError as error:
            self._failed(error)

    def _pay(self, log: LogWriter) -> None:
        """Record what is owed: withdrawals of entries that came too late, exits that were released unrecorded."""
        while self._late:
            self._record(log, withdrawal(self._late[0]))
            self._late.popleft()
        while self._owed:
            self._record(log, Writing((self._owed[0],), 0, nobody_waits))
            self._owed.popleft()

    def _record(self, log: LogWriter, writing: Writing) -> None:
        self._append(log, writing)
        self._follow(writing)

    def _failed(self, error: OSError) -> str:
        """Let go of the file, so that the next writing opens it anew and cuts off what was not confirmed."""
        self._fault = disk_words(error)
        self._close()
        return self._fault

    def _open(self) -> None:
        """Open the log and follow its end; on failure :attr:`fault` says why."""
        log = LogWriter(self.folder)
        try:
            if not self._recovered:
                move_old_journal(self._home, self.folder)
            frames = log.open(self._tail.sequence if self._recovered else None)
            self._continue(log, frames)
        except (OSError, JournalError, msgspec.DecodeError) as error:
            log.close()
            self._fault = disk_words(error.__cause__ if isinstance(error, JournalError) else error)
            return
        self._log, self._fault, self._size = log, "", log.size

    def _continue(self, log: LogWriter, frames: list[Frame]) -> None:
        """Take up the chain at the end of ``log``, which must be where this process left it."""
        if not self._recovered:
            marks = load_marks(self.folder)
            self._tail = recover(self.folder, log, frames, marks)
            self._kept, self._acknowledged = marks, max(self._acknowledged, marks.acknowledged)
            self._recovered = True
            return
        end = (frames[-1].last, frames[-1].last_hash) if frames else log.before_last_segment
        if end != (self._tail.sequence, self._tail.hash):
            raise DamagedError("damaged")

    def _close(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            log.close()
