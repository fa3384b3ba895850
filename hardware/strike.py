"""The door strike: unlocked for a few seconds by a relay board or a modem line, locked again by itself.

Locked is the safe state towards the room. It is written at every opening of the port and at closing.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

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
from locales import _
from settings import ZhibanError

WRITE_SECONDS: Final = 0.3
"""Longest a write of a few bytes may take before the device counts as stuck."""

REOPEN_SECONDS: Final = 0.5
"""Longest a pulse waits for a lost port to be opened again."""

LIVENESS_SECONDS: Final = 1.0
"""How often an idle port is asked whether it is still there."""

RELAY_START: Final = 0xA0
RELAY_COMMAND_BYTES: Final = 4

logger = logging.getLogger(__name__)

StrikeState = Literal["opening", "online", "waiting", "closed", "none"]


class StrikeError(ZhibanError):
    """The strike could not be worked; ``kind`` says why in one word."""

    def __init__(self, kind: PortErrorKind | Literal["closed"], port: str) -> None:
        super().__init__(
            _("The door strike at {port} does not answer.").format(port=port),
            next_step=_("Open the door by key and check the strike's cable and power."),
        )
        self.kind = kind
        self.port = port


@dataclass(frozen=True, slots=True)
class StrikeHealth:
    """How the strike is doing; times are ``time.monotonic()`` seconds."""

    kind: str
    state: StrikeState
    since_monotonic: float
    unlocked: bool = False
    pulses: int = 0
    last_error: str | None = None


class Strike(Protocol):
    """What unlocks the door for a while."""

    def pulse(self, seconds: float) -> None:
        """Unlock now and lock again after ``seconds``; of overlapping pulses the one that ends last counts.

        Returns as soon as the device has the bytes. Raises :class:`StrikeError` within about a second when it
        does not take them; the next pulse tries again.
        """
        ...

    def close(self) -> None:
        """Lock and let the port go."""
        ...

    @property
    def health(self) -> StrikeHealth:
        """How the strike is doing now."""
        ...


class NoStrike:
    """A door whose lock is worked by something else."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def pulse(self, seconds: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    @property
    def health(self) -> StrikeHealth:
        """Always the same: there is nothing to fail."""
        return StrikeHealth("none", "none", self._since)


class SerialStrike:
    """A strike on a serial port. A keeper thread opens the port, locks when a pulse ends, and notices a loss.

    A pulse writes from its caller's thread, so no hand-over of threads stands between decision and door.
    """

    kind = "serial"

    def __init__(self, port_url: str) -> None:
        self.port_url = port_url
        self._changed = threading.Condition()
        self._port: Any = None  # set by the keeper alone, dropped by whoever finds it dead
        self._state: StrikeState = "opening"
        self._since = time.monotonic()
        self._last_error: PortErrorKind | None = None
        self._relock_at: float | None = None
        self._pulses = 0
        self._attempts = 0  # finished openings, good or bad
        self._retry_seconds = RETRY_FIRST_SECONDS
        self._wanted_now = False
        self._closing = False
        self._keeper = threading.Thread(target=self._keep, name=f"strike {port_url}", daemon=True)
        self._keeper.start()

    def pulse(self, seconds: float) -> None:
        """Unlock for ``seconds``; see :class:`Strike`."""
        with self._changed:
            if self._closing:
                raise StrikeError("closed", self.port_url)
            if not self._unlock():
                raise StrikeError(self._last_error or "io", self.port_url)
            self._pulses += 1
            self._relock_at = max(self._relock_at or 0.0, time.monotonic() + seconds)
            self._changed.notify_all()

    def close(self) -> None:
        """Lock, close the port, end the keeper. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._keeper.join(WRITE_SECONDS + REOPEN_SECONDS)

    @property
    def health(self) -> StrikeHealth:
        """How the strike is doing now; ``unlocked`` until the device has taken the order to lock."""
        with self._changed:
            return StrikeHealth(
                self.kind,
                self._state,
                self._since,
                self._relock_at is not None,
                self._pulses,
                self._last_error,
            )

    def _energise(self, port: Any, *, on: bool) -> None:
        """Write the unlocked (on) or locked state to the open ``port``. May raise :data:`PORT_ERRORS`."""
        raise NotImplementedError

    def _keep(self) -> None:
        while not self._closing:
            if self._port is None:
                self._open()
            with self._changed:
                self._tend()
                if not (self._closing or self._wanted_now):
                    self._changed.wait(self._patience())
        with self._changed:
            self._drive(on=False)
            self._drop_port()
            self._become("closed")

    def _patience(self) -> float:
        """Seconds until the keeper has something to do again."""
        if self._port is None:
            return self._retry_seconds
        if self._relock_at is None:
            return LIVENESS_SECONDS
        return min(LIVENESS_SECONDS, max(0.0, self._relock_at - time.monotonic()))

    def _open(self) -> None:
        port, error = None, None
        try:  # outside the lock: a network port may take seconds, and a pulse waits no longer than it says
            port = open_port(self.port_url, read_seconds=0, write_seconds=WRITE_SECONDS, lines_low=True)
        except PortError as failure:
            error = failure.kind
        with self._changed:
            self._attempts += 1
            self._wanted_now = False
            self._port = port
            if error is not None:
                self._lose(error)
            elif self._drive(on=False):  # a program killed in mid-pulse has left the door unlocked
                self._relock_at = None
                self._retry_seconds = RETRY_FIRST_SECONDS
                self._become("online")
            self._changed.notify_all()

    def _tend(self) -> None:
        """Lock when the pulse is over, and notice a device that went away."""
        if self._port is None:
            return
        if self._relock_at is not None and time.monotonic() >= self._relock_at and self._drive(on=False):
            self._relock_at = None
        try:
            if self._port is not None:
                self._port.read(READ_BYTES)  # some boards answer; nothing they say is needed
        except PORT_ERRORS:
            self._lose("missing")

    def _unlock(self) -> bool:
        if self._port is not None:
            if self._drive(on=True):
                return True
            if self._last_error == "io":  # it is there and stuck: another opening would only seem to help
                return False
        return self._reopened() and self._drive(on=True)

    def _reopened(self) -> bool:
        """Ask the keeper to open the port now and wait for the outcome, within :data:`REOPEN_SECONDS`."""
        before = self._attempts
        self._wanted_now = True
        self._changed.notify_all()
        self._changed.wait_for(lambda: self._attempts != before, REOPEN_SECONDS)
        return self._port is not None

    def _drive(self, *, on: bool) -> bool:
        """Write the state; return whether the device took it. A port that fails is dropped."""
        if self._port is None:
            return False
        try:
            self._energise(self._port, on=on)
        except PORT_ERRORS as error:
            self._lose(port_error_kind(error))
            return False
        return True

    def _lose(self, why: PortErrorKind) -> None:
        self._discard_unsent()
        self._drop_port()
        self._last_error = why
        self._retry_seconds = min(self._retry_seconds * 2, RETRY_LONGEST_SECONDS)
        self._become("waiting")

    def _discard_unsent(self) -> None:
        """Spare a dead device the wait for unsent bytes at closing, up to 30 s; a live one must get its last order."""
        try:
            if self._port is not None:
                self._port.reset_output_buffer()
        except PORT_ERRORS as error:
            logger.debug("strike %s: nothing to discard: %s", self.port_url, error)

    def _drop_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _become(self, state: StrikeState) -> None:
        if state != self._state:
            self._state, self._since = state, time.monotonic()


class RelayBoardStrike(SerialStrike):
    """A USB relay board of the LCUS kind (CH340, 9600 baud): start, channel, on/off, sum of the three.

    A board keeps its last state when the program dies; the next start locks it.
    """

    kind = "relay"

    def __init__(self, port_url: str, channel: int = 1) -> None:
        self._commands = {on: relay_command(channel, on=on) for on in (True, False)}
        super().__init__(port_url)

    def _energise(self, port: Any, *, on: bool) -> None:
        port.write(self._commands[on])


class ModemLineStrike(SerialStrike):
    """A strike behind the RTS or DTR line of a serial port: asserted is unlocked.

    The kernel drops both lines when the last program closes the port, also when it is killed: the door locks.
    It raises both for a moment while opening; wire a delay of some 10 ms where that would release the strike.
    """

    def __init__(self, port_url: str, line: Literal["rts", "dtr"] = "rts") -> None:
        self.kind = line
        super().__init__(port_url)

    def _energise(self, port: Any, *, on: bool) -> None:
        setattr(port, self.kind, on)


def relay_command(channel: int, *, on: bool) -> bytes:
    """Return the bytes that switch ``channel`` (1 to 255) of an LCUS board: A0, channel, 01 or 00, their sum."""
    head = bytes([RELAY_START, channel, int(on)])
    return head + bytes([sum(head) & 0xFF])


def strike_from_settings(kind: str, port: str, channel: int = 1) -> Strike:
    """Return the strike for the settings' ``kind``: ``relay``, ``rts``, ``dtr`` or ``none``."""
    match kind:
        case "relay":
            return RelayBoardStrike(port, channel)
        case "rts" | "dtr":
            return ModemLineStrike(port, "rts" if kind == "rts" else "dtr")
        case "none":
            return NoStrike()
        case _unknown:
            raise ZhibanError(
                _("There is no door strike of the kind {kind}.").format(kind=repr(kind)),
                next_step=_("Choose one of: {names}.").format(names="relay, rts, dtr, none"),
            )
