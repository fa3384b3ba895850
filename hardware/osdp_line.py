"""The line under an OSDP panel: a pyserial port that never raises into libosdp and wakes its thread at the first byte."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Sequence
from typing import Any, Final

from hardware.osdp_wire import Talks
from hardware.port import PORT_ERRORS, PortError, open_port

WRITE_SECONDS: Final = 0.3
"""Longest a write of a few bytes may take before the adapter counts as stuck."""

IDLE_SECONDS: Final = 0.005
"""How long the panel may sleep when it waits for no answer; libosdp asks each reader every 50 ms."""

ANSWER_SECONDS: Final = 0.02
"""Longest sleep while an answer is due, on ports that wake us."""


class PortLine:
    """Opens ``url``; what fails later is kept in :attr:`fault` for the thread that owns the panel.

    ``talks`` hears all that is sent and received.
    """

    def __init__(self, url: str, baudrate: int, talks: Talks) -> None:
        self.url = url
        self.fault = False
        self._talks = talks
        self._port: Any = open_port(url, baudrate=baudrate, read_seconds=0, write_seconds=WRITE_SECONDS)
        self._wakes = [self._port] if _selectable(self._port) else []

    def read(self, max_bytes: int) -> bytes:
        """Return what has come, at most ``max_bytes``; nothing from a port that failed."""
        try:
            data: bytes = b"" if self.fault else self._port.read(max_bytes)
        except PORT_ERRORS:
            self.fault = True
            return b""
        if data:
            self._talks.received(data, time.monotonic())
        return data

    def write(self, data: bytes) -> int:
        """Send ``data``; a port that failed takes everything, and the answer will be missed."""
        self._talks.sent(data, time.monotonic())
        try:
            if not self.fault:
                self._port.write(data)
        except PORT_ERRORS:
            self.fault = True
        return len(data)

    def flush(self) -> None:
        """Drop what came and was not asked for."""
        try:
            if not self.fault:
                self._port.reset_input_buffer()
        except PORT_ERRORS:
            self.fault = True

    def wait(self, bell: Bell) -> None:
        """Sleep until a byte comes or the bell rings, for a few milliseconds at most."""
        ports = self._wakes if self._talks.awaits and not self.fault else []
        try:
            bell.wait(ANSWER_SECONDS if ports else IDLE_SECONDS, ports)
        except (*PORT_ERRORS, ValueError):  # a network port that the other side closed has no number any more
            self.fault = True

    def close(self) -> None:
        """Close the port."""
        self._port.close()


class Bell:
    """Ends the sleep of the thread that waits for it; rung from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)

    def ring(self) -> None:
        """End the sleep now; nothing happens once the bell is closed."""
        with self._lock, contextlib.suppress(BlockingIOError):  # a full pipe wakes as well
            if self._write >= 0:
                os.write(self._write, b"x")

    def wait(self, seconds: float, ports: Sequence[Any] = ()) -> None:
        """Sleep until rung, until one of ``ports`` has bytes, or for ``seconds``."""
        if self._read in select.select([self._read, *ports], [], [], seconds)[0]:
            os.read(self._read, 4096)

    def close(self) -> None:
        """Let the bell go; only when nobody waits any more."""
        with self._lock:
            if self._write >= 0:
                os.close(self._read)
                os.close(self._write)
            self._read = self._write = -1


def opened(url: str, baudrate: int, talks: Talks) -> PortLine:
    """Open the line under ``url``. Raises :class:`PortError`, also for a port that fails while it is set up."""
    try:
        return PortLine(url, baudrate, talks)
    except PORT_ERRORS as error:
        raise PortError("io", url) from error


def _selectable(port: Any) -> bool:
    try:
        return isinstance(port.fileno(), int)
    except (AttributeError, OSError):  # io.UnsupportedOperation is an OSError
        return False
