"""A door strike on an output of an OSDP reader: the reader's own timer locks it, whatever becomes of us."""

from __future__ import annotations

import threading
import time

from hardware.kept_port import KeptState
from hardware.osdp_bus import OsdpBus
from hardware.port import PortError
from hardware.strike import StrikeError, StrikeHealth


class OsdpStrike:
    """The output ``output`` (from 0) of ``reader`` on ``bus``: a :class:`hardware.strike.Strike`.

    A pulse is never longer than 25.5 s. The output is switched off whenever the reader comes online.
    """

    kind = "osdp"

    def __init__(self, bus: OsdpBus, reader: str, output: int = 0) -> None:
        self.port_url = bus.port_url
        self._bus = bus
        self._reader = reader
        self._output = output
        self._lock = threading.Lock()
        self._unlocked_until = 0.0
        self._pulses = 0
        self._closed = False
        bus.hold_off(reader, output)

    def pulse(self, seconds: float) -> None:
        """Unlock for ``seconds``; returns when the reader has done so. Raises :class:`StrikeError`."""
        with self._lock:
            if self._closed:
                raise StrikeError("closed", self.port_url)
            now = time.monotonic()
            seconds = max(seconds, self._unlocked_until - now)
            try:
                self._bus.pulse_output(self._reader, self._output, seconds)
            except PortError as error:
                raise StrikeError(error.kind, self.port_url) from error
            self._pulses += 1
            self._unlocked_until = now + seconds

    def lock(self) -> None:
        """Lock now, whatever pulse is running. Never waits, never raises."""
        self._unlocked_until = 0.0
        self._bus.release_output(self._reader, self._output)

    def close(self) -> None:
        """Lock; the bus stays, for its readers. Safe to call twice."""
        self._closed = True
        self.lock()

    @property
    def health(self) -> StrikeHealth:
        """How the strike is doing: as well as its reader."""
        reader = self._bus.health(self._reader)
        state: KeptState = "closed" if self._closed or reader.state == "stopped" else reader.state
        unlocked = time.monotonic() < self._unlocked_until
        return StrikeHealth(
            self.kind, state, reader.since_monotonic, unlocked, self._pulses, reader.last_error
        )
