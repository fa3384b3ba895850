"""A serial port of the door's hardware: held open by a keeper thread, and opened again when it was lost.

A port belongs to one opening. A strike and the switches wired to its modem lines therefore share one keeper.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from hardware.port import (
    PORT_ERRORS,
    READ_BYTES,
    RETRY_FIRST_SECONDS,
    RETRY_LONGEST_SECONDS,
    PortError,
    PortErrorKind,
    open_port,
    port_error_kind,
)

if TYPE_CHECKING:
    from hardware.inputs import LineSwitch

WRITE_SECONDS: Final = 0.3
"""Longest a write of a few bytes may take before the device counts as stuck."""

REOPEN_SECONDS: Final = 0.5
"""Longest a pulse waits for a lost port to be opened again."""

LIVENESS_SECONDS: Final = 1.0
"""How often an idle port is asked whether it is still there."""

POLL_SECONDS: Final = 0.015
"""How often modem lines are looked at. TIOCMIWAIT would save the looks, but it does not end when a cable is pulled."""

SETTLE_SECONDS: Final = 1.0
"""A network port that was just opened may take so long to tell its lines for the first time."""

KeptState = Literal["opening", "online", "waiting", "closed", "none"]
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, no seconds

logger = logging.getLogger(__name__)


class KeptPort:
    """Opens ``port_url``, tends it, drops it when it fails and opens it again. Subclasses say what tending is."""

    what = "port"

    def __init__(self, port_url: str, switches: Sequence[LineSwitch] = ()) -> None:
        self.port_url = port_url
        self._switches = tuple(switches)
        self._changed = threading.Condition()
        self._port: Any = None  # set by the keeper alone, dropped by whoever finds it dead
        self._state: KeptState = "opening"
        self._since = time.monotonic()
        self._last_error: PortErrorKind | None = None
        self._attempts = 0  # finished openings, good or bad
        self._retry_seconds = RETRY_FIRST_SECONDS
        self._wanted_now = False
        self._closing = False
        self._opened_at = self._asked_at = self._looks_at = 0.0
        self._keeper = threading.Thread(target=self._keep, name=f"{self.what} {port_url}", daemon=True)

    def close(self) -> None:
        """Close the port and end the keeper. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._keeper.is_alive():
            self._keeper.join(WRITE_SECONDS + REOPEN_SECONDS)

    @property
    def port_word(self) -> str:
        """``ok``, or in one word what ails the port."""
        with self._changed:
            return "ok" if self._state == "online" else self._last_error or self._state

    # --- for subclasses; all are called by the keeper with the lock held --------------------------------------

    def _greet(self, port: Any) -> None:
        """Bring the device into its safe state at an opening. May raise :data:`PORT_ERRORS`."""

    def _attend(self, port: Any) -> None:
        """Do what is due. May raise :data:`PORT_ERRORS`."""

    def _part(self) -> None:
        """Do the last thing before the port is closed for good."""

    def _due_seconds(self) -> float:
        """Return seconds until something is due."""
        return LIVENESS_SECONDS

    # --- the keeper -------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        while not self._closing:
            if self._port is None:
                self._open()
            with self._changed:
                if self._port is not None:
                    self._tend()
            for switch in self._switches:
                switch.tell()
            with self._changed:
                if not (self._closing or self._wanted_now):
                    patience = self._patience()
                    self._looks_at = time.monotonic() + patience
                    self._changed.wait(patience)
        with self._changed:
            self._part()
            self._drop_port()
            self._become("closed")

    def _patience(self) -> float:
        if self._port is None:
            return self._retry_seconds
        due = max(0.0, self._due_seconds())
        return min(due, POLL_SECONDS) if self._switches else due

    def _open(self) -> None:
        port, error = None, None
        try:  # outside the lock: a network port may take seconds, and a pulse waits no longer than it says
            port = open_port(self.port_url, read_seconds=0, write_seconds=WRITE_SECONDS, lines_low=True)
        except PortError as failure:
            error = failure.kind
        with self._changed:
            self._wanted_now = False
            self._port, self._opened_at = port, time.monotonic()
            if error is not None:
                self._lose(error)
            elif self._guarded(self._greet):
                self._retry_seconds = RETRY_FIRST_SECONDS
                self._become("online")
            self._attempts += 1
            self._changed.notify_all()

    def _tend(self) -> None:
        if self._guarded(self._still_there, otherwise="missing") and self._guarded(self._attend):
            self._guarded(self._look)

    def _still_there(self, port: Any) -> None:
        """Notice a device that went away. May raise :data:`PORT_ERRORS`."""
        port.read(READ_BYTES)
        now = time.monotonic()
        if self.port_url.startswith("rfc2217:") and now - self._asked_at >= 3 * LIVENESS_SECONDS:
            self._asked_at = now
            port.reset_input_buffer()  # the one order of RFC 2217 that is answered and changes nothing here

    def _look(self, port: Any) -> None:
        now = time.monotonic()
        try:
            for switch in self._switches:
                switch.look(port, now)
        except PORT_ERRORS:
            if now - self._opened_at > SETTLE_SECONDS or not self.port_url.startswith("rfc2217:"):
                raise

    def _guarded(self, act: Callable[[Any], None], otherwise: PortErrorKind | None = None) -> bool:
        """Do ``act`` with the open port; a port that fails, or was found dead already, is dropped."""
        port = self._port
        if port is None:
            return False
        try:
            act(port)
        except PORT_ERRORS as error:
            if self._port is port:
                self._lose(otherwise or port_error_kind(error))
            return False
        return self._port is port

    def _reopened(self) -> bool:
        """Ask the keeper to open the port now and wait for the outcome, within :data:`REOPEN_SECONDS`."""
        before = self._attempts
        self._wanted_now = True
        self._changed.notify_all()
        self._changed.wait_for(lambda: self._attempts != before, REOPEN_SECONDS)
        return self._port is not None

    def _lose(self, why: PortErrorKind) -> None:
        self._discard_unsent()
        self._drop_port()
        for switch in self._switches:
            switch.lost()
        self._last_error = why
        self._retry_seconds = min(self._retry_seconds * 2, RETRY_LONGEST_SECONDS)
        self._become("waiting")

    def _discard_unsent(self) -> None:
        """Spare a dead device the wait for unsent bytes at closing, up to 30 s; a live one must get its last order.

        On a network port, an order that is still under way must not arrive when the network comes back.
        """
        try:
            if self._port is not None:
                link = getattr(self._port, "_socket", None)
                if isinstance(link, socket.socket):
                    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                if not self.port_url.startswith("rfc2217:"):  # there it is a question to who does not answer
                    self._port.reset_output_buffer()
        except PORT_ERRORS as error:
            logger.debug("%s %s: nothing to discard: %s", self.what, self.port_url, error)

    def _drop_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _become(self, state: KeptState) -> None:
        if state != self._state:
            self._state, self._since = state, time.monotonic()
