"""One kiosk put together from a home and its settings: readers, strike, journal, snapshot, door and link."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Literal, Self

from hardware.decoders import decoder_factory
from hardware.events import BadgeRead
from hardware.port import FrameDecoded, PortError, PortEvent, PortLost, PortThread
from hardware.strike import Strike, strike_from_settings
from kiosk.clock import Clock, clock_of
from kiosk.door import Door
from kiosk.journal import Journal
from kiosk.journal_file import WriterLock
from kiosk.link import Link
from kiosk.snapshot import load_snapshot
from kiosk.states import EntryRead, ExitRead
from locales import _
from settings import Home, Reader, ZhibanError

REPEATING_FORMATS: Final = frozenset({"rdm6300"})
"""Readers that send a badge again and again while it lies on them."""

RESTING_SECONDS: Final = 0.3
"""Such a reader's next frame of the same badge within this time is the same swipe, not another."""

PORT_PATIENCE_SECONDS: Final = 1.0
"""How long a start waits to hear whether each port could be opened."""

Light = Literal["ok", "warning", "fault"]
CENTRE_QUIET: Final = timedelta(seconds=15)
"""After this the corner of the screen says that the centre was not heard."""

LINK_REVIVED_AFTER: Final = timedelta(seconds=5)

logger = logging.getLogger(__name__)


class ReaderAtDoor:
    """One reader: its port's thread, turned into the door's inputs."""

    def __init__(self, reader: Reader, door: Door) -> None:
        self.reader = reader
        self._door = door
        self._last: tuple[str, float] = ("", 0.0)
        self._answered = threading.Event()
        self._why_lost = ""
        factory = decoder_factory(reader.format)
        self._port = PortThread(reader.name, reader.port, factory, self._happened, baudrate=reader.baudrate)

    def start(self) -> None:
        """Begin to read."""
        self._port.start()

    def stop(self) -> None:
        """Stop reading and let the port go."""
        self._port.stop()

    def raise_if_busy(self, deadline: float) -> None:
        """Wait until the port was tried once. Raises :class:`PortError` when another program has it."""
        self._answered.wait(max(0.0, deadline - time.monotonic()))
        if self._why_lost == "busy":
            raise PortError("busy", self.reader.port)

    @property
    def word(self) -> str:
        """``ok``, or in one word what ails the reader."""
        health = self._port.health
        return "ok" if health.state == "online" else health.last_error or health.state

    def _happened(self, event: PortEvent) -> None:
        if isinstance(event, FrameDecoded):
            if isinstance(event.event, BadgeRead):
                self._badge(event.event.badge, event.received_monotonic)
            return
        self._why_lost = event.why if isinstance(event, PortLost) else ""
        self._answered.set()

    def _badge(self, badge: str, at: float) -> None:
        last, last_at = self._last
        repeats = self.reader.format in REPEATING_FORMATS
        rests = repeats and badge == last and at - last_at < RESTING_SECONDS
        leads_out = self.reader.direction == "out"
        if not (rests and leads_out):  # a badge held to the exit releases the door again and again
            self._last = (badge, at)
        if rests:
            return
        make = ExitRead if leads_out else EntryRead
        self._door.put(make(self.reader.name, badge))


class Kiosk:
    """A running door. Use it as a context: leaving it locks the strike and lets everything go."""

    def __init__(self, home: Home, *, can_ask: bool, clock: Callable[[], datetime]) -> None:
        """Put the parts together. Raises ``ZhibanError`` in words for whatever keeps the door from running."""
        settings = home.settings.kiosk
        if not settings.readers:
            raise ZhibanError(
                _("This kiosk has no reader."),
                next_step=_("Add a [[kiosk.readers]] table with name and port to settings.toml."),
            )
        self.name = settings.name
        self.clock = clock
        self._tended_at = clock()
        folder = home.kiosk_folder
        self._lock = WriterLock(folder)
        try:
            self.journal = Journal(folder, self.name)
            occupancy = self.journal.start()
            self.strike: Strike = strike_from_settings(
                settings.strike.kind, settings.strike.port, settings.strike.channel
            )
            self.door = Door(
                self.name, self.journal, self.strike, load_snapshot(folder), occupancy, clock,
                open_seconds=settings.strike.open_seconds, can_ask=can_ask,
            )  # fmt: skip
            self.readers = [ReaderAtDoor(reader, self.door) for reader in settings.readers]
        except ZhibanError:
            self._lock.release()
            raise
        self.link = Link(self.name, home.database_url, folder, self.journal, self.door, clock, self.parts)
        self.journal.on_recorded(lambda _events: self.link.events_recorded())
        self.door.on_visit_request(self.link.request_visit)

    def __enter__(self) -> Self:
        """Start. Raises :class:`PortError` when another program has one of the ports."""
        self.door.start()
        for reader in self.readers:
            reader.start()
        deadline = time.monotonic() + PORT_PATIENCE_SECONDS
        try:
            for reader in self.readers:
                reader.raise_if_busy(deadline)
            self._raise_if_strike_busy(deadline)
        except ZhibanError:
            self._close()
            raise
        self.link.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.link.stop()
        self._close()

    def tend(self) -> bool:
        """Look after the parts, about once a second; return whether the door still works."""
        if self.clock() - self._tended_at >= LINK_REVIVED_AFTER:
            self._tended_at = self.clock()
            self.link.revive()
        return self.door.alive

    def parts(self) -> dict[str, str]:
        """Return each part with ``ok`` or what ails it, for the desk and the corner of the screen."""
        parts = {f"reader {reader.reader.name}": reader.word for reader in self.readers}
        parts["strike"] = self.door.strike_fault or self._strike_word()
        parts["journal"] = self.journal.fault or "ok"
        return parts

    def lights(self) -> tuple[Light, Light, Light, float | None]:
        """Return the lights of readers, journal and centre, and the seconds since the centre was heard."""
        readers = [reader.word for reader in self.readers]
        reader_light: Light = "ok" if all(word == "ok" for word in readers) else "fault"
        journal_light: Light = "fault" if self.journal.fault else "warning" if self.journal.owed else "ok"
        health = self.link.health
        age = (self.clock() - health.heard_at).total_seconds() if health.heard_at is not None else None
        quiet = age is None or age > CENTRE_QUIET.total_seconds()
        return reader_light, journal_light, "warning" if quiet or health.fault else "ok", age

    def _strike_word(self) -> str:
        health = getattr(self.strike, "health", None)
        if health is None or health.state in ("online", "none"):
            return "ok"
        return str(health.last_error or health.state)

    def _raise_if_strike_busy(self, deadline: float) -> None:
        while self._strike_word() == "opening" and time.monotonic() < deadline:
            time.sleep(0.002)
        if self._strike_word() == "busy":
            raise PortError("busy", getattr(self.strike, "port_url", ""))

    def _close(self) -> None:
        for reader in self.readers:
            reader.stop()
        self.door.stop()
        self.strike.close()
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
