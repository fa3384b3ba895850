"""The door strike: unlocked for a few seconds by a relay board or a modem line, locked again by itself.

Locked is the safe state towards the room. It is written at every opening of the port and at closing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from hardware.kept_port import LIVENESS_SECONDS, KeptPort, KeptState
from hardware.port import PortErrorKind
from locales import _
from settings import ZhibanError

if TYPE_CHECKING:
    from hardware.inputs import LineSwitch

RELAY_START: Final = 0xA0
RELAY_COMMAND_BYTES: Final = 4


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
    state: KeptState
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

    def lock(self) -> None:
        """Lock now, whatever pulse is running: the door has been opened. Never waits, never raises."""
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

    def lock(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    @property
    def health(self) -> StrikeHealth:
        """Always the same: there is nothing to fail."""
        return StrikeHealth("none", "none", self._since)


class SerialStrike(KeptPort):
    """A strike on a serial port. Its keeper opens the port, locks when a pulse ends, and notices a loss.

    A pulse writes from its caller's thread, so no hand-over of threads stands between decision and door.
    ``switches`` on the modem lines of the same port are looked at by the same keeper.
    """

    kind = "serial"
    what = "strike"

    def __init__(self, port_url: str, switches: Sequence[LineSwitch] = ()) -> None:
        super().__init__(port_url, switches)
        self._relock_at: float | None = None
        self._pulses = 0
        self._keeper.start()

    def pulse(self, seconds: float) -> None:
        """Unlock for ``seconds``; see :class:`Strike`."""
        with self._changed:
            if self._closing:
                raise StrikeError("closed", self.port_url)
            until = max(self._relock_at or 0.0, time.monotonic() + seconds)
            if not self._unlock(until):
                raise StrikeError(self._last_error or "io", self.port_url)
            self._pulses += 1
            self._relock_at = until
            if until < self._looks_at:  # else the keeper looks early enough by itself: no need to wake it now
                self._changed.notify_all()

    def lock(self) -> None:
        """Lock now; see :class:`Strike`."""
        with self._changed:
            if self._relock_at is not None:
                self._relock_at = 0.0
                self._changed.notify_all()

    @property
    def health(self) -> StrikeHealth:
        """How the strike is doing now; ``unlocked`` until the device has taken the order to lock."""
        with self._changed:
            return StrikeHealth(
                self.kind,
                self._state,
                self._since,
                self._unlocked(),
                self._pulses,
                self._last_error,
            )

    def _energise(self, port: Any, seconds: float) -> None:
        """Unlock for at least ``seconds`` (0: lock) at the open ``port``. May raise :data:`PORT_ERRORS`."""
        raise NotImplementedError

    def _unlocked(self) -> bool:
        return self._relock_at is not None

    def _due_seconds(self) -> float:
        if self._relock_at is None:
            return LIVENESS_SECONDS
        return min(LIVENESS_SECONDS, self._relock_at - time.monotonic())

    def _greet(self, port: Any) -> None:
        self._energise(port, 0)  # a program killed in mid-pulse has left the door unlocked
        self._relock_at = None

    def _attend(self, port: Any) -> None:
        if self._relock_at is not None and time.monotonic() >= self._relock_at:
            self._energise(port, 0)
            self._relock_at = None

    def _part(self) -> None:
        self._guarded(lambda port: self._energise(port, 0))

    def _unlock(self, until: float) -> bool:
        def energise(port: Any) -> None:
            self._energise(port, max(0.0, until - time.monotonic()))

        if self._port is not None:
            if self._guarded(energise):
                return True
            if self._last_error == "io":  # it is there and stuck: another opening would only seem to help
                return False
        return self._reopened() and self._guarded(energise)


class RelayBoardStrike(SerialStrike):
    """A USB relay board of the LCUS kind (CH340, 9600 baud): start, channel, on/off, sum of the three.

    The board has no timer: it keeps its last state when the program hangs or dies, until the next start locks it.
    """

    kind = "relay"

    def __init__(self, port_url: str, channel: int = 1, switches: Sequence[LineSwitch] = ()) -> None:
        self._commands = {on: relay_command(channel, on=on) for on in (True, False)}
        super().__init__(port_url, switches)

    def _energise(self, port: Any, seconds: float) -> None:
        port.write(self._commands[seconds > 0])


class ModemLineStrike(SerialStrike):
    """A strike behind the RTS or DTR line of a serial port: asserted is unlocked.

    The kernel drops both lines when the last program closes the port, also when it is killed: the door locks. While
    a program hangs they stay as they are. The kernel raises both for a moment while opening; wire a delay of some
    10 ms where that would release the strike.
    """

    def __init__(
        self, port_url: str, line: Literal["rts", "dtr"] = "rts", switches: Sequence[LineSwitch] = ()
    ) -> None:
        self.kind = line
        super().__init__(port_url, switches)

    def _energise(self, port: Any, seconds: float) -> None:
        setattr(port, self.kind, seconds > 0)


def relay_command(channel: int, *, on: bool) -> bytes:
    """Return the bytes that switch ``channel`` (1 to 255) of an LCUS board: A0, channel, 01 or 00, their sum."""
    head = bytes([RELAY_START, channel, int(on)])
    return head + bytes([sum(head) & 0xFF])
