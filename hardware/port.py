"""A serial port: opened for one program alone, read by a thread of its own, opened again when it was lost.

Any pyserial URL will do: ``/dev/ttyUSB0``, ``socket://host:port``, ``rfc2217://host:port``.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import termios
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

import serial

from hardware.decoders import Decoder
from hardware.events import BadgeRead, DecoderEvent
from locales import _
from regulation.values import value
from settings import ZhibanError

BAUD: Final = 9600
READ_BYTES: Final = 4096
"""Most bytes taken in one read."""

RETRY_FIRST_SECONDS: Final = 0.25
RETRY_LONGEST_SECONDS: Final = 5.0
"""A lost port is tried again after the first time, then after twice as long each time, up to the longest."""

UNCANCELLABLE_READ_SECONDS: Final = 0.2
"""Longest read on a port whose reads cannot be cancelled (network URLs): bounds how long ``stop`` takes."""

FLOOD_BYTES_PER_SECOND: Final = 128 * 1024
"""More than any reader can send (921,600 baud is 92 kB/s): beyond it the port is read no faster than this."""

FLOOD_WINDOW_BYTES: Final = 8 * 1024
NOISE_REPORTS_PER_SECOND: Final = 20
"""Noise beyond this is counted in the health and not reported one by one; badges always are."""

PORT_ERRORS: Final = (OSError, termios.error)
"""What a port may raise: SerialException is an OSError, but a terminal lost while it is set up is not."""

PortErrorKind = Literal["missing", "busy", "permission", "address", "io", "key"]
PortState = Literal["opening", "online", "waiting", "stopped"]

_KINDS: Final[Mapping[int, PortErrorKind]] = MappingProxyType(
    {
        errno.ENOENT: "missing",
        errno.ENODEV: "missing",
        errno.ENXIO: "missing",
        errno.EIO: "missing",  # what an unplugged adapter and an empty UART slot answer
        errno.ECONNREFUSED: "missing",
        errno.EHOSTUNREACH: "missing",
        errno.ENETUNREACH: "missing",
        errno.ETIMEDOUT: "missing",
        errno.EAGAIN: "busy",  # the exclusive lock is held
        errno.EBUSY: "busy",
        errno.EACCES: "permission",
        errno.EPERM: "permission",
    }
)


class PortError(ZhibanError):
    """A port that cannot be used; ``kind`` says why in one word, the message says it to a person."""

    def __init__(self, kind: PortErrorKind, port: str) -> None:
        message, next_step = _words(kind)
        super().__init__(message.format(port=port), next_step=next_step)
        self.kind: PortErrorKind = kind
        self.port = port


def _words(kind: PortErrorKind) -> tuple[str, str]:
    match kind:
        case "missing":
            return _("Nothing answers at {port}."), _(
                "Check the cable, the power and the port's name in the settings."
            )
        case "busy":
            return _("Another program is using {port}."), _(
                "Close it first: a port serves one program at a time."
            )
        case "permission":
            return _("This user may not open {port}."), _(
                "Add the user to the group that owns the port (often dialout) and sign in again."
            )
        case "address":
            return _("{port} is not a port we can open."), _(
                "Give a device such as /dev/ttyUSB0, or a URL such as socket://host:port."
            )
        case "key":
            return _("The reader at {port} does not prove this door's key."), _(
                "Set up its key with: zhiban osdp-key. If it had one, ask who changed the reader."
            )
        case "io":
            return _("{port} stopped working."), _("Unplug the device, plug it in again, and try once more.")


def port_error_kind(error: BaseException) -> PortErrorKind:
    """Return in one word why ``error`` happened; pyserial hides the cause's number in some places."""
    for cause in (error, error.__cause__, error.__context__):
        if isinstance(cause, (socket.gaierror, TimeoutError)):
            return "missing"
        if isinstance(cause, PORT_ERRORS) and cause.args and cause.args[0] in _KINDS:
            return _KINDS[cause.args[0]]
    return "io"


def open_port(
    url: str,
    *,
    baudrate: int = BAUD,
    read_seconds: float | None = None,
    write_seconds: float | None = None,
    lines_low: bool = False,
) -> Any:
    """Open ``url`` for this program alone and return the pyserial port. Raises :class:`PortError`.

    ``lines_low`` opens without asserting RTS and DTR. Bytes that waited in the port from before are dropped:
    a card swiped while nobody listened must not open a door later.
    """
    try:
        port = serial.serial_for_url(
            url,
            do_not_open=True,
            baudrate=baudrate,
            timeout=read_seconds,
            write_timeout=None if url.startswith("rfc2217:") else write_seconds,  # it has its own, in the URL
            exclusive=True,
        )
    except (ValueError, ImportError) as error:
        raise PortError("address", url) from error
    if lines_low:
        port.rts = False
        port.dtr = False
    try:
        port.open()
    except ValueError as error:
        raise PortError("address", url) from error
    except PORT_ERRORS as error:
        raise PortError(port_error_kind(error), url) from error
    return port


@dataclass(frozen=True, slots=True)
class PortOpened:
    """The port is being read. Times are ``time.monotonic()`` seconds."""

    name: str
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class PortLost:
    """The port cannot be opened or was lost; said once, and again when ``why`` changes."""

    name: str
    why: PortErrorKind
    at_monotonic: float


@value
class FrameDecoded:
    """A badge or noise; ``received_monotonic`` is when its last bytes were read."""

    name: str
    event: DecoderEvent
    received_monotonic: float


PortEvent = PortOpened | PortLost | FrameDecoded


@dataclass(frozen=True, slots=True)
class PortHealth:
    """How a port is doing: ``frames`` are badges read, ``noise`` counts noise by its code."""

    name: str
    state: PortState
    since_monotonic: float
    frames: int = 0
    noise: Mapping[str, int] = field(default_factory=dict)
    bytes_read: int = 0
    last_error: PortErrorKind | None = None
    last_frame_monotonic: float | None = None


class PortThread:
    """Reads one port in a daemon thread of its own and calls ``on_event`` from that thread.

    ``decoder`` makes a fresh decoder at every opening, so half a frame from before a cut is never completed
    by bytes from after it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        decoder: Callable[[], Decoder],
        on_event: Callable[[PortEvent], None],
        *,
        baudrate: int = BAUD,
    ) -> None:
        self.name = name
        self.url = url
        self._make_decoder = decoder
        self._on_event = on_event
        self._baudrate = baudrate
        self._stopping = threading.Event()
        self._port_lock = threading.Lock()  # closing and cancelling must not meet
        self._port: Any = None
        self._tally = _Tally(name)
        self._thread = threading.Thread(target=self._run, name=f"port {name}", daemon=True)

    def start(self) -> None:
        """Start reading; the first event says whether the port could be opened."""
        self._thread.start()

    def stop(self, join_seconds: float = 2.0) -> None:
        """Stop reading and close the port. Safe to call twice, from any thread."""
        self._stopping.set()
        with self._port_lock:
            if self._port is not None and hasattr(self._port, "cancel_read"):
                self._port.cancel_read()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(join_seconds)

    @property
    def health(self) -> PortHealth:
        """How the port is doing now; a thread that ended, for whatever reason, shows as stopped."""
        ended = self._thread.ident is not None and not self._thread.is_alive()
        return self._tally.health(ended=ended)

    def _run(self) -> None:
        retry_seconds = RETRY_FIRST_SECONDS
        while not self._stopping.is_set():
            try:
                self._open()
                retry_seconds = RETRY_FIRST_SECONDS
                self._read_until_stopped()
            except PortError as error:
                self._lost(error.kind)
            finally:
                self._close()
            self._stopping.wait(retry_seconds)
            retry_seconds = min(retry_seconds * 2, RETRY_LONGEST_SECONDS)
        self._tally.become("stopped")

    def _open(self) -> None:
        port = open_port(self.url, baudrate=self._baudrate)
        if not hasattr(port, "cancel_read"):
            port.timeout = UNCANCELLABLE_READ_SECONDS
        with self._port_lock:
            self._port = port
        self._tally.become("online")
        self._on_event(PortOpened(self.name, time.monotonic()))

    def _close(self) -> None:
        with self._port_lock:
            port, self._port = self._port, None
            if port is not None:
                port.close()

    def _lost(self, why: PortErrorKind) -> None:
        if self._tally.become("waiting", why):
            self._on_event(PortLost(self.name, why, time.monotonic()))

    def _read_until_stopped(self) -> None:
        decoder = self._make_decoder()
        window_bytes, window_start = 0, time.monotonic()
        while not self._stopping.is_set():
            data = self._read()
            received = time.monotonic()
            for event in self._tally.take(len(data), decoder.feed(data), received):
                self._on_event(FrameDecoded(self.name, event, received))
            window_bytes += len(data)
            if window_bytes >= FLOOD_WINDOW_BYTES:
                due = window_start + window_bytes / FLOOD_BYTES_PER_SECOND
                self._stopping.wait(max(0.0, due - time.monotonic()))
                window_bytes, window_start = 0, time.monotonic()

    def _read(self) -> bytes:
        """Wait for the first byte and return it with all that came along."""
        try:
            if isinstance(self._port, serial.Serial):
                return _read_local(self._port)
            data: bytes = self._port.read(1)
            waiting = min(self._port.in_waiting, READ_BYTES) if data else 0
            return data + self._port.read(waiting) if waiting else data
        except PORT_ERRORS as error:
            # An I/O error on a port that was open is what a pulled cable looks like.
            raise PortError("missing", self.url) from error


def _read_local(port: serial.Serial) -> bytes:
    """Wait for a local port and return what it holds, or nothing once the wait was cancelled.

    Two system calls: pyserial would read one byte and then the rest, and a badge waits for that.
    """
    ready, _, _ = select.select([port.fd, port.pipe_abort_read_r], [], [])
    if port.pipe_abort_read_r in ready:
        os.read(port.pipe_abort_read_r, READ_BYTES)
        return b""
    try:
        data = os.read(port.fd, READ_BYTES)
    except BlockingIOError:
        return b""
    if not data:  # a device that went away is always ready and never has a byte
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return data


class _Tally:
    """Counts of one port, written by its thread and read by others."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._name = name
        self._state: PortState = "opening"
        self._since = time.monotonic()
        self._last_error: PortErrorKind | None = None
        self._frames = 0
        self._last_frame: float | None = None
        self._noise: Counter[str] = Counter()
        self._bytes = 0
        self._report_window = self._since
        self._reported = 0

    def become(self, state: PortState, error: PortErrorKind | None = None) -> bool:
        """Note the state; return whether it, or the reason for it, is new."""
        with self._lock:
            new = state != self._state or (error is not None and error != self._last_error)
            if state != self._state:
                self._since = time.monotonic()
            self._state = state
            self._last_error = error if error is not None else self._last_error
            return new

    def take(self, read_bytes: int, events: Sequence[DecoderEvent], now: float) -> list[DecoderEvent]:
        """Count what was read at ``now``; return what is to be reported (noise beyond the limit is not)."""
        with self._lock:
            self._bytes += read_bytes
            return [event for event in events if self._counts(event, now)]

    def _counts(self, event: DecoderEvent, now: float) -> bool:
        if isinstance(event, BadgeRead):
            self._frames += 1
            self._last_frame = now
            return True
        self._noise[event.why] += 1
        if now - self._report_window >= 1.0:
            self._report_window, self._reported = now, 0
        self._reported += 1
        return self._reported <= NOISE_REPORTS_PER_SECOND

    def health(self, *, ended: bool) -> PortHealth:
        with self._lock:
            return PortHealth(
                name=self._name,
                state="stopped" if ended else self._state,
                since_monotonic=self._since,
                frames=self._frames,
                noise=MappingProxyType(dict(self._noise)),
                bytes_read=self._bytes,
                last_error=self._last_error,
                last_frame_monotonic=self._last_frame,
            )
