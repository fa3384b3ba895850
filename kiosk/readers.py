"""Readers at the door: what a badge read means there, whatever brought it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from hardware.confirm import REPEATING_FORMATS, confirmation
from hardware.decoders import decoder_factory
from hardware.events import BadgeRead
from hardware.port import FrameDecoded, PortError, PortEvent, PortHealth, PortLost, PortThread
from kiosk.inputs import EntryRead, ExitRead, Input, ToggleRead
from settings import Reader

RESTING_SECONDS: Final = 0.3
"""A repeating reader's next frame of the same badge within this time is the same swipe, not another."""

READS: Final[Mapping[str, Callable[[str, str], EntryRead | ExitRead | ToggleRead]]] = MappingProxyType(
    {"in": EntryRead, "out": ExitRead, "both": ToggleRead}
)

Put = Callable[[Input], None]


def health_word(health: PortHealth) -> str:
    """Return ``ok``, or in one word what ails the port."""
    return "ok" if health.state == "online" else health.last_error or health.state


class Swipes:
    """Turns one reader's reads into the door's inputs: confirmed where they must be, once for each swipe."""

    def __init__(self, reader: Reader, put: Put) -> None:
        self._name, self._put = reader.name, put
        self._make = READS[reader.direction]
        self._leads_out = reader.direction == "out"
        self._repeats = reader.format in REPEATING_FORMATS
        self._confirmation = confirmation(reader.format, reader.confirm, reader.direction)
        self._last: tuple[str, float] = ("", 0.0)

    def read(self, badge: str, at: float) -> None:
        """Take a read received at ``at`` (monotonic seconds)."""
        confirmed = self._confirmation is None or self._confirmation.confirm(badge, at)
        last, last_at = self._last
        rests = self._repeats and badge == last and at - last_at < RESTING_SECONDS
        # Only a read that counted, or rests upon one, is remembered: an unconfirmed one must not hide its repetition.
        # A badge held to the exit is not kept resting: it releases the door again and again.
        if (confirmed or rests) and not (rests and self._leads_out):
            self._last = (badge, at)
        if confirmed and not rests:
            self._put(self._make(self._name, badge))


class DoorReader(Protocol):
    """A reader as the kiosk sees it."""

    reader: Reader

    @property
    def word(self) -> str:
        """``ok``, or in one word what ails the reader."""
        ...


class FirstAnswer:
    """Waits to hear whether a port could be opened."""

    def __init__(self) -> None:
        self._answered = threading.Event()
        self._why_lost = ""

    def note(self, why_lost: str) -> None:
        """Note that the port was opened (empty) or why it was not."""
        self._why_lost = why_lost
        self._answered.set()

    def raise_if_busy(self, port: str, deadline: float) -> None:
        """Wait until the port was tried once. Raises :class:`PortError` when another program has it."""
        self._answered.wait(max(0.0, deadline - time.monotonic()))
        if self._why_lost == "busy":
            raise PortError("busy", port)


class ReaderAtDoor:
    """A reader with a port of its own."""

    def __init__(self, reader: Reader, put: Put) -> None:
        self.reader = reader
        self._swipes = Swipes(reader, put)
        self._first = FirstAnswer()
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
        self._first.raise_if_busy(self.reader.port, deadline)

    @property
    def word(self) -> str:
        """``ok``, or in one word what ails the reader."""
        return health_word(self._port.health)

    def _happened(self, event: PortEvent) -> None:
        if isinstance(event, FrameDecoded):
            if isinstance(event.event, BadgeRead):
                self._swipes.read(event.event.badge, event.received_monotonic)
            return
        self._first.note(event.why if isinstance(event, PortLost) else "")
