"""Simulators on pseudo-terminals: a badge reader and a relay board that real programs open like real devices."""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware.confirm import REPEATING_FORMATS
from hardware.decoders import encoder
from hardware.strike import RELAY_COMMAND_BYTES, RELAY_START
from locales import _
from settings import ZhibanError

WRITE_SECONDS: Final = 1.0
"""Longest the virtual reader waits for somebody to take its bytes."""

REPEATED_FRAMES: Final = 3
"""Frames a repeating reader sends while a badge passes over it."""

KEPT_SWITCHES: Final = 10_000
READ_BYTES: Final = 4096


class VirtualDeviceError(ZhibanError):
    """A simulator was asked for something its device could not do now."""


class VirtualPort:
    """A pseudo-terminal that can be unplugged and plugged in again under the same name.

    ``link``, if given, is a symlink kept on the current terminal: the port's path stays while the terminal behind
    it changes, as a udev name does.
    """

    def __init__(self, link: Path | None = None) -> None:
        self.link = link
        self._lock = threading.RLock()
        self._master = -1
        self._slave = -1  # held open: a program that closes the port must not look like a cut cable
        self.replug()

    @property
    def path(self) -> str:
        """The path a program opens."""
        with self._lock:
            if self.link is not None:
                return str(self.link)
            return os.ttyname(self._slave) if self.plugged else ""

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._master >= 0

    @property
    def master(self) -> int:
        """The device's side of the terminal, -1 when unplugged."""
        return self._master

    def replug(self) -> None:
        """Make the device appear (again); nothing changes when it is there already."""
        with self._lock:
            if self.plugged:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            if self.link is not None:
                beside = self.link.with_name(f".{self.link.name}.new")
                beside.unlink(missing_ok=True)
                beside.symlink_to(os.ttyname(self._slave))
                beside.replace(self.link)

    def unplug(self) -> None:
        """Make the device vanish: whoever has it open gets an I/O error."""
        with self._lock:
            if not self.plugged:
                return
            if self.link is not None:
                self.link.unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1

    def send(self, data: bytes) -> None:
        """Write ``data`` to whoever has the port open. Raises :class:`VirtualDeviceError`."""
        deadline = time.monotonic() + WRITE_SECONDS
        with self._lock:
            if not self.plugged:
                raise VirtualDeviceError(
                    _("The virtual device is unplugged."), next_step=_("Plug it in first.")
                )
            while data:
                try:
                    data = data[os.write(self._master, data) :]
                except BlockingIOError:
                    self._wait_for_room(deadline)

    def _wait_for_room(self, deadline: float) -> None:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([], [self._master], [], left)[1]:
            raise VirtualDeviceError(
                _("Nobody reads from {port}.").format(port=self.path),
                next_step=_("Start the kiosk, or whatever reads this port."),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the device for good."""
        self.unplug()


class VirtualReader(VirtualPort):
    """A badge reader of one of the formats, on a pseudo-terminal.

    A reader that repeats sends ``frames`` a swipe. They follow each other at once, where the real module leaves tens of
    milliseconds between them: what depends on the gap must be given its times by the test.
    """

    def __init__(self, format_name: str, link: Path | None = None, *, frames: int | None = None) -> None:
        self._encode: Callable[[str], bytes] = encoder(format_name)
        self._frames = frames or (REPEATED_FRAMES if format_name in REPEATING_FORMATS else 1)
        self.format_name = format_name
        super().__init__(link)

    def swipe(self, badge: str) -> None:
        """Send a swipe's frames. Raises ``BadgeFormatError`` for a badge the format cannot carry."""
        self.send(self._encode(badge) * self._frames)


@dataclass(frozen=True, slots=True)
class RelaySwitch:
    """An order the board took; ``at_monotonic`` is the machine's monotonic clock, the same in all processes."""

    at_monotonic: float
    channel: int
    on: bool


class RelayCommandDecoder:
    """Bytes to (channel, on) pairs, as the board's firmware reads them: a wrong sum shifts by one byte."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bool]]:
        """Return the orders that ``data`` completes."""
        self._buffer += data
        orders: list[tuple[int, bool]] = []
        while len(self._buffer) >= RELAY_COMMAND_BYTES:
            start, channel, state, check = self._buffer[:RELAY_COMMAND_BYTES]
            if start == RELAY_START and check == (start + channel + state) & 0xFF:
                orders.append((channel, bool(state)))
                del self._buffer[:RELAY_COMMAND_BYTES]
            else:
                del self._buffer[0]
        return orders


class VirtualRelay(VirtualPort):
    """An LCUS relay board: notes every order with its time, and appends it to ``log`` if given.

    A line of the log is ``<monotonic seconds> on|off <channel>``; it is on the disk before the next order is read.
    """

    def __init__(self, link: Path | None = None, log: Path | None = None) -> None:
        self._switches: deque[RelaySwitch] = deque(maxlen=KEPT_SWITCHES)
        self._on: dict[int, bool] = {}
        self._changed = threading.Condition()
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if log is not None else -1
        self._wake_read, self._wake_write = os.pipe()
        self._board: threading.Thread | None = None
        super().__init__(link)

    def replug(self) -> None:
        """Power the board: every relay is off."""
        with self._lock:
            super().replug()
            if self._board is None:
                self._board = threading.Thread(target=self._run, name="virtual relay", daemon=True)
                self._board.start()

    def unplug(self) -> None:
        """Cut the board's power: its relays fall off, which no order did, so nothing is noted."""
        with self._lock:
            if self._board is not None:
                os.write(self._wake_write, b"x")
                self._board.join()
                os.read(self._wake_read, 1)
                self._board = None
            super().unplug()
        with self._changed:
            self._on.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Remove the board for good and close its log."""
        self.unplug()
        for number in (self._log, self._wake_read, self._wake_write):
            if number >= 0:
                os.close(number)
        self._log = self._wake_read = self._wake_write = -1

    @property
    def switches(self) -> tuple[RelaySwitch, ...]:
        """The latest orders, oldest first."""
        with self._changed:
            return tuple(self._switches)

    def is_on(self, channel: int = 1) -> bool:
        """Whether the relay of ``channel`` is energised."""
        with self._changed:
            return self._on.get(channel, False)

    def wait_for(self, condition: Callable[[VirtualRelay], bool], seconds: float) -> bool:
        """Wait until ``condition(self)`` holds; return whether it did within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    def _run(self) -> None:
        decoder = RelayCommandDecoder()
        master = self._master
        while True:
            ready = select.select([master, self._wake_read], [], [])[0]
            if self._wake_read in ready:
                return
            for channel, on in decoder.feed(os.read(master, READ_BYTES)):
                self._switch(RelaySwitch(time.monotonic(), channel, on))

    def _switch(self, switch: RelaySwitch) -> None:
        if self._log >= 0:
            word = "on" if switch.on else "off"
            os.write(self._log, f"{switch.at_monotonic:.6f} {word} {switch.channel}\n".encode("ascii"))
            os.fdatasync(self._log)
        with self._changed:
            self._switches.append(switch)
            self._on[switch.channel] = switch.on
            self._changed.notify_all()
