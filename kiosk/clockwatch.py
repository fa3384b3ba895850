"""Notices when the door's wall clock jumps (Art. 33): against the time since the machine's start, and across starts.

Nobody can set the uptime, so the wall clock less the uptime stands still while the clock is right; a clock that is
drawn to the right time moves it slowly. A jump makes the clock *suspect*: events carry a mark until it is trusted
again, which it is when it was set back, when the centre's clock agrees, when the kernel's time keeping (NTP) does,
or when the machine was started anew and the time is not before what was seen last.
"""

from __future__ import annotations

import ctypes
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from locales import _
from regulation.doorlog import CLOCK_SUSPECT
from regulation.values import value

AGREES_SECONDS: Final = 2.0
"""Clocks that differ by no more than this agree, and a step of no more is no jump."""

APART_SECONDS: Final = 0.5
"""Both clocks are read within this time, or read again."""

SAVE_SECONDS: Final = 60.0
"""How often the time is kept, so that the next start knows what this one saw."""

CLOCK_FILE: Final = "clock.json"
BOOT_FILE: Final = Path("/proc/sys/kernel/random/boot_id")
NOT_SYNCHRONISED: Final = 5
"""What adjtimex(2) answers while nobody keeps the kernel's time (TIME_ERROR)."""

JUMPED: Final = "note.clock_jumped"
RIGHT_AGAIN: Final = "note.clock_right"

logger = logging.getLogger(__name__)


@value
class Trust:
    """``offset``: the wall clock less the uptime at the last look, ``trusted``: when it was last right (seconds)."""

    offset: float
    trusted: float
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class ClockNote:
    """What is to be recorded of the clock: a code of the door, and by how many seconds it jumped."""

    code: str
    seconds: float


class Kept(msgspec.Struct, frozen=True):
    """What one start leaves for the next: the boot, both clocks, and what was trusted."""

    boot: str
    wall: float
    offset: float
    trusted: float
    suspect: bool


def first_look(
    kept: Kept | None, boot: str, wall: float, up: float, last_event: float
) -> tuple[Trust, float]:
    """Return the trust after a start and the jump since what was seen last, 0.0 for none.

    Within one boot the uptime tells. After another, only a clock that stands before what was seen last is known to
    be wrong: nobody can tell how long the machine was off. ``last_event`` is the time of the journal's last event.
    """
    if kept is not None and kept.boot == boot:
        return looked(Trust(kept.offset, kept.trusted, kept.suspect), wall, up)
    seen = max(last_event, kept.wall if kept is not None else 0.0)
    offset = wall - up
    if wall < seen - AGREES_SECONDS:
        return Trust(offset, seen - up, suspect=True), wall - seen
    return Trust(offset, offset), 0.0


def looked(trust: Trust, wall: float, up: float) -> tuple[Trust, float]:
    """Return the trust after another look at both clocks, and the jump since the one before, 0.0 for none."""
    offset = wall - up
    jump = offset - trust.offset
    if abs(jump) <= AGREES_SECONDS:
        return Trust(offset, trust.trusted if trust.suspect else offset, trust.suspect), 0.0
    back = abs(offset - trust.trusted) <= AGREES_SECONDS
    return Trust(offset, offset if back else trust.trusted, suspect=not back), jump


def compared(trust: Trust, ahead: float) -> Trust:
    """Return the trust after a comparison with a clock that is right and ``ahead`` of ours by so many seconds."""
    if abs(ahead) <= AGREES_SECONDS:
        return Trust(trust.offset, trust.offset)
    return Trust(trust.offset, trust.offset + ahead, suspect=True)


def kernel_is_synchronised() -> bool:
    """Whether the kernel says that its time is kept by NTP or the like (adjtimex(2), which changes nothing here)."""
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    return 0 <= state < NOT_SYNCHRONISED


class ClockWatch:
    """Looks at the machine's clocks for one door. All methods may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        *,
        wall: Callable[[], float] = time.time,
        up: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        boot: Callable[[], str] = lambda: BOOT_FILE.read_text("ascii").strip(),
        kept_right: Callable[[], bool] = kernel_is_synchronised,
    ) -> None:
        self._file = folder / CLOCK_FILE
        self._wall, self._up, self._kept_right = wall, up, kept_right
        self._boot = boot()
        self._lock = threading.Lock()
        self._notes: list[ClockNote] = []
        self._trust = Trust(0.0, 0.0)
        self._ahead: float | None = None
        self._saved: tuple[float, bool] = (0.0, False)

    def start(self, last_event: float = 0.0) -> None:
        """Look for the first time; ``last_event`` is when the journal's last event was (seconds since 1970)."""
        with self._lock:
            wall, up = self._read()
            before = self._load()
            self._trust, jump = first_look(before, self._boot, wall, up, last_event)
            self._note(jump, was_suspect=before is not None and before.boot == self._boot and before.suspect)

    def stamp(self) -> tuple[int, tuple[str, ...]]:
        """Look, and return what an event carries: the uptime in milliseconds and its marks."""
        with self._lock:
            up = self._look()
            return int(up * 1000), (CLOCK_SUSPECT,) if self._trust.suspect else ()

    def notes(self) -> list[ClockNote]:
        """Look, and return what is to be recorded since the last time."""
        with self._lock:
            self._look()
            notes, self._notes = self._notes, []
            return notes

    def compare(self, ahead: float) -> None:
        """Hear that the centre's clock is ``ahead`` of ours by so many seconds."""
        with self._lock:
            self._ahead = ahead
            self._believe(compared(self._trust, ahead), ahead)

    def tend(self) -> None:
        """Ask the kernel whether a suspect clock is right again, and keep the time now and then."""
        with self._lock:
            up = self._look()
            agrees = self._ahead is None or abs(self._ahead) <= AGREES_SECONDS
            if self._trust.suspect and agrees and self._kept_right():
                self._believe(compared(self._trust, 0.0), 0.0)
            due = up - self._saved[0] >= SAVE_SECONDS or self._saved[1] != self._trust.suspect
            kept = Kept(
                self._boot, self._wall(), self._trust.offset, self._trust.trusted, self._trust.suspect
            )
        if due:
            self._save(kept, up)

    @property
    def word(self) -> str:
        """``ok``, or what ails the clock, in words."""
        with self._lock:
            if self._ahead is not None and abs(self._ahead) > AGREES_SECONDS:
                return _("{seconds} s off the centre's clock").format(seconds=round(-self._ahead))
            if self._trust.suspect:
                off = round(self._trust.offset - self._trust.trusted)
                return _("it jumped by {seconds} s").format(seconds=off)
            return "ok"

    def _read(self) -> tuple[float, float]:
        """Return the wall clock and the uptime of one moment (seconds): a thread that lost its turn between the two reads
        again, for that is no jump.
        """
        while True:
            before, wall, up = self._up(), self._wall(), self._up()
            if up - before <= APART_SECONDS:
                return wall, up

    def _look(self) -> float:
        wall, up = self._read()
        was_suspect = self._trust.suspect
        self._trust, jump = looked(self._trust, wall, up)
        if jump and self._ahead is not None:
            self._ahead -= jump
        self._note(jump, was_suspect=was_suspect)
        return up

    def _believe(self, trust: Trust, ahead: float) -> None:
        was_suspect, self._trust = self._trust.suspect, trust
        if trust.suspect != was_suspect:
            self._notes.append(ClockNote(JUMPED if trust.suspect else RIGHT_AGAIN, -ahead))

    def _note(self, jump: float, *, was_suspect: bool) -> None:
        if jump:
            right = was_suspect and not self._trust.suspect
            self._notes.append(ClockNote(RIGHT_AGAIN if right else JUMPED, jump))

    def _load(self) -> Kept | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return None

    def _save(self, kept: Kept, up: float) -> None:
        beside = self._file.with_suffix(".new")
        try:
            beside.write_bytes(msgspec.json.encode(kept))
            beside.replace(self._file)
        except OSError as error:  # the journal's last event still tells the next start when this was
            logger.warning("the time cannot be kept: %s", error.strerror)
        self._saved = (up, kept.suspect)
