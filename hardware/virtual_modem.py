"""A serial port with modem lines, as a network serial server (RFC 2217) on this machine.

Pseudo-terminals refuse modem lines, so the simulator of a contact, a button and an RTS/DTR strike is a server that a
real pyserial client opens by ``rfc2217://``. RTS and DTR fall when the client goes, as the kernel drops them.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import serial.rfc2217

KEPT_CHANGES: Final = 10_000
READ_BYTES: Final = 4096
HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class LineDriven:
    """The program drove RTS or DTR; ``at_monotonic`` is the machine's monotonic clock, the same in all processes."""

    at_monotonic: float
    line: str
    on: bool


class _Lines:
    """What the RFC 2217 server works as its serial port."""

    def __init__(self, driven: Callable[[str, bool], None]) -> None:
        self.cts = self.dsr = self.ri = self.cd = False
        self.baudrate, self.bytesize, self.parity, self.stopbits = 9600, 8, "N", 1
        self.xonxoff = self.rtscts = self.break_condition = False
        self._driven = driven
        self._rts = self._dtr = False

    @property
    def rts(self) -> bool:
        return self._rts

    @rts.setter
    def rts(self, on: bool) -> None:
        self._rts = on
        self._driven("rts", on)

    @property
    def dtr(self) -> bool:
        return self._dtr

    @dtr.setter
    def dtr(self, on: bool) -> None:
        self._dtr = on
        self._driven("dtr", on)

    def reset_input_buffer(self) -> None:
        """Nothing waits here."""

    def reset_output_buffer(self) -> None:
        """Nothing waits here."""


class _Client:
    """What the port manager answers through; a client that is gone hears nothing."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._link.sendall(data)


class VirtualModem:
    """A port at :attr:`url` whose CTS and DSR are set here, and whose RTS and DTR are seen here."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._lines = _Lines(self._note)
        self._notes: deque[LineDriven] = deque(maxlen=KEPT_CHANGES)
        self._wake_read, self._wake_write = socket.socketpair()
        self._thread: threading.Thread | None = None
        self._leaving = False
        self.silent = False
        with socket.create_server((HOST, 0)) as probe:
            self._number = int(probe.getsockname()[1])
        self.replug()

    @property
    def url(self) -> str:
        """Where a program opens the port; the same after unplugging and plugging in again."""
        return f"rfc2217://{HOST}:{self._number}"

    @property
    def driven(self) -> tuple[LineDriven, ...]:
        """What the program did with RTS and DTR, oldest first."""
        with self._changed:
            return tuple(self._notes)

    def is_on(self, line: str) -> bool:
        """Whether the program asserts ``line`` (``rts`` or ``dtr``)."""
        return bool(getattr(self._lines, line))

    def set(self, **lines: bool) -> None:
        """Set ``cts`` or ``dsr``, as a switch at the door does."""
        for line, on in lines.items():
            setattr(self._lines, line, on)
        self._wake_write.send(b"x")

    def wait_for(self, condition: Callable[[VirtualModem], bool], seconds: float) -> bool:
        """Wait until ``condition(self)`` holds; return whether it did within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    def replug(self) -> None:
        """Make the port appear (again)."""
        if self._thread is None:
            listener = socket.create_server((HOST, self._number))
            self._leaving = False
            self._thread = threading.Thread(
                target=self._serve, args=(listener,), name="virtual modem", daemon=True
            )
            self._thread.start()

    def unplug(self) -> None:
        """Cut the link: the program loses the port, and nobody answers at its address."""
        if self._thread is not None:
            self._leaving = True
            self._wake_write.send(b"x")
            self._thread.join()
            self._thread = None

    def close(self) -> None:
        """Remove the port for good."""
        self.unplug()
        self._wake_read.close()
        self._wake_write.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _note(self, line: str, on: bool) -> None:
        with self._changed:
            self._notes.append(LineDriven(time.monotonic(), line, on))
            self._changed.notify_all()

    def _serve(self, listener: socket.socket) -> None:
        with listener:
            while self._wait(listener):
                client = listener.accept()[0]
                with client, contextlib.suppress(OSError):
                    self._talk(client)
                for line in ("rts", "dtr"):
                    if self.is_on(line):
                        setattr(self._lines, line, False)

    def _talk(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        manager: Any = serial.rfc2217.PortManager(self._lines, _Client(client))
        while self._wait(client, lambda: self.silent or manager.check_modem_lines()):
            data = client.recv(READ_BYTES)
            if not data:
                return
            if not self.silent:
                b"".join(manager.filter(data))  # a port with nothing behind it: data goes nowhere

    def _wait(self, link: socket.socket, lines_set: Callable[[], object] = lambda: None) -> bool:
        """Wait until ``link`` has something, telling of lines that are set meanwhile; return ``False`` to leave."""
        while not self._leaving:
            ready = select.select([link, self._wake_read], [], [])[0]
            if self._wake_read in ready:
                self._wake_read.recv(READ_BYTES)
                lines_set()
            elif link in ready:
                return True
        return False
