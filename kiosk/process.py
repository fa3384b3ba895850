"""One kiosk put together from a home and its settings: readers, strike, journal, snapshot, door and link."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Literal, Self

from hardware.strike import Strike
from kiosk.clock import Clock, clock_of, system_clock
from kiosk.clockwatch import ClockWatch
from kiosk.door import Door
from kiosk.journal import Journal
from kiosk.journal_file import WriterLock, last_events
from kiosk.link import Link
from kiosk.pauses import keep_pauses_short
from kiosk.reporting import reported_lately
from kiosk.slips import SlipStore, approved_lately
from kiosk.snapshot import load_snapshot
from kiosk.stops import Stops
from kiosk.watchdog import Question, ServiceManager, Watchdog, log_to_journal
from kiosk.wiring import Wiring
from kiosk.wiring_check import check_wiring
from settings import SETTINGS_FILE, Home, ZhibanError

PORT_PATIENCE_SECONDS: Final = 1.0
"""How long a start waits to hear whether each port could be opened."""

Light = Literal["ok", "warning", "fault"]
CENTRE_QUIET: Final = timedelta(seconds=15)
"""After this the corner of the screen says that the centre was not heard."""

LINK_REVIVED_AFTER: Final = timedelta(seconds=5)


class Kiosk:
    """A running door. Use it as a context: leaving it locks the strike and lets everything go."""

    def __init__(self, home: Home, *, can_ask: bool, clock: Callable[[], datetime]) -> None:
        """Put the parts together. Raises ``ZhibanError`` in words for whatever keeps the door from running."""
        settings = home.settings.kiosk
        check_wiring(settings, home.folder / SETTINGS_FILE)
        self.name = settings.name
        self.clock = clock
        self._tended_at = clock()
        folder = home.kiosk_folder
        self._lock = WriterLock(folder)
        self.journal = Journal(folder, self.name)
        wiring: Wiring | None = None
        try:
            occupancy = self.journal.start()
            self.slips = SlipStore(folder)
            lately = last_events(self.journal.folder, self.journal.sequence)
            self.slips.spend(approved_lately(lately))
            self.wiring = wiring = Wiring(home)
            self.door = Door(
                self.name, self.journal, wiring.strike, load_snapshot(folder), occupancy, clock,
                open_seconds=settings.strike.open_seconds, can_ask=can_ask, slips=self.slips,
                dress=settings.dress, relock_on_open=settings.strike.relock_on_open,
                unnamed=reported_lately(lately),
            )  # fmt: skip
        except ZhibanError:
            if wiring is not None:
                wiring.close()
            self.journal.stop()
            self._lock.release()
            raise
        self.door.let_wait(r.name for r in settings.readers if r.direction == "in" and r.format != "osdp")
        wiring.connect(self.door.put)
        self.door.on_beep(wiring.signal)
        self.stops = Stops(folder, clock())
        self.link = Link(
            self.name, home.database_url, folder, self.journal, self.door, clock, self.parts,
            self.slips, self.stops, can_ask=can_ask,
        )  # fmt: skip
        self.watch = ClockWatch(folder)
        self.watch.start(self.journal.last_at() if clock is system_clock else 0.0)
        self.door.watch_clock(self.watch)
        self.journal.on_idle(self.watch.tend)
        self.link.on_compared(self.watch.compare)
        self.journal.on_recorded(lambda _events: self.link.events_recorded())
        self.door.on_visit_request(self.link.request_visit)
        self.door.on_withdrawal(self.link.withdraw_request)
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        questions: list[Question] = [self.door.ask, self.journal.ask]
        if can_ask:  # there is a screen, and one that stands still is no door either
            questions.append(self._asked.put)
        self.watchdog = Watchdog(ServiceManager(), questions, self.parts)

    def __enter__(self) -> Self:
        """Start. Raises ``PortError`` when another program has one of the ports."""
        self.door.start()
        try:
            self.wiring.start(PORT_PATIENCE_SECONDS)
        except ZhibanError:
            self._close()
            raise
        self.link.start()
        self.watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watchdog.stop()
        self.link.stop()
        self._close()

    def tend(self) -> bool:
        """Look after the parts, about once a second; return whether the door still works."""
        while not self._asked.empty():
            self._asked.get()()
        if self.door.alive:
            self.stops.alive(self.clock())
        if self.clock() - self._tended_at >= LINK_REVIVED_AFTER:
            self._tended_at = self.clock()
            self.link.revive()
        return self.door.alive

    def parts(self) -> dict[str, str]:
        """Return each part with ``ok`` or what ails it, for the desk and the corner of the screen."""
        parts = self.wiring.parts()
        if parts["strike"] != "ok":
            parts["strike"] = self.door.strike_fault or parts["strike"]
        parts["journal"] = self.journal.word
        parts["clock"] = self.watch.word
        parts["snapshot"] = self.link.snapshot_word()
        parts["approvals"] = self.slips.fault
        return parts

    def lights(self) -> tuple[Light, Light, Light, float | None]:
        """Return the lights of readers, journal and centre, and the seconds since the centre was heard."""
        readers = [reader.word for reader in self.wiring.readers]
        reader_light: Light = "ok" if all(word == "ok" for word in readers) else "fault"
        journal_light: Light = "fault" if self.journal.fault else "warning" if self.journal.warns else "ok"
        health = self.link.health
        age = (self.clock() - health.heard_at).total_seconds() if health.heard_at is not None else None
        quiet = age is None or age > CENTRE_QUIET.total_seconds()
        return reader_light, journal_light, "warning" if quiet or health.fault else "ok", age

    @property
    def strike(self) -> Strike:
        """What unlocks the door."""
        return self.wiring.strike

    def _close(self) -> None:
        self.wiring.stop_reading()
        self.door.stop()
        self.wiring.close()
        self.journal.stop()
        self._lock.release()


def run_kiosk(
    home: Home,
    headless: bool,
    *,
    json_lines: bool = False,
    allow_quit: bool = False,
    clock: Clock | None = None,
) -> int:
    """Run the door of ``home`` until it is told to stop; return the exit code.

    Without a ``clock`` it is the home's own (``kiosk.clock``). What keeps it from starting is said on stderr in
    words, with what to do next.
    """
    log_to_journal()
    keep_pauses_short()
    try:
        kiosk = Kiosk(home, can_ask=not headless, clock=clock or clock_of(home.folder))
        if headless:
            from kiosk.headless import run_headless

            return run_headless(kiosk, json_lines=json_lines)
        from kiosk.app import run_screen

        return run_screen(kiosk, allow_quit=allow_quit)
    except ZhibanError as error:
        sys.stderr.write(f"{error}\n{error.next_step}\n" if error.next_step else f"{error}\n")
        return 1
