"""How one program swipes at a virtual reader that another one runs: a private socket, one line each way.

Orders: ``swipe BADGE``, ``raw HEX``, ``unplug``, ``replug``. Answers: ``ok``, or ``error MESSAGE<TAB>NEXT STEP``.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from locales import _
from settings import ZhibanError

ORDER_BYTES: Final = 4096
ANSWER_SECONDS: Final = 2.0
OWNER_ONLY: Final = 0o600


class Swipeable(Protocol):
    """A virtual reader, whatever it speaks."""

    def swipe(self, badge: str) -> None:
        """Show a badge to the reader."""
        ...

    def send(self, data: bytes) -> None:
        """Put bytes on the reader's line."""
        ...

    def unplug(self) -> None:
        """Make the reader's port vanish."""
        ...

    def replug(self) -> None:
        """Bring the port back."""
        ...


class SwipeError(ZhibanError):
    """The virtual reader could not be reached, or refused the order."""


@contextlib.contextmanager
def _short_path(path: Path) -> Iterator[str]:
    """Yield a name for ``path`` that fits a socket address (108 bytes), however deep the folder is."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class SwipeServer:
    """Takes orders for ``reader`` in a daemon thread until closed."""

    def __init__(self, reader: Swipeable, control_path: Path) -> None:
        self._reader = reader
        self._path = control_path
        self._socket = _listen(control_path)
        self._inode = control_path.stat().st_ino
        self._thread = threading.Thread(target=self._run, name="swipe", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop taking orders and remove the socket; the reader stays."""
        with contextlib.suppress(OSError):  # already shut
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(ANSWER_SECONDS)
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:  # shut by close()
                return
            with client, contextlib.suppress(OSError):  # a client that went away wants no answer
                client.settimeout(ANSWER_SECONDS)
                client.sendall(self._answer(_line(client)).encode() + b"\n")

    def _answer(self, order: str) -> str:
        try:
            self._obey(order)
        except ZhibanError as error:
            return f"error {error}\t{error.next_step}"
        return "ok"

    def _obey(self, order: str) -> None:
        word, _space, rest = order.partition(" ")
        match word:
            case "swipe":
                self._reader.swipe(rest)
            case "raw":
                self._reader.send(_bytes_of(rest))
            case "unplug":
                self._reader.unplug()
            case "replug":
                self._reader.replug()
            case _other:
                raise SwipeError(
                    _("A virtual reader does not know the order {order}.").format(order=repr(word)),
                    next_step=_("Choose one of: {names}.").format(names="swipe, raw, unplug, replug"),
                )


def serve(reader: Swipeable, control_path: Path) -> SwipeServer:
    """Take orders for ``reader`` at ``control_path`` (mode 0600). Raises :class:`SwipeError` if the place is taken."""
    return SwipeServer(reader, control_path)


def send_swipe(control_path: Path, badge: str) -> None:
    """Swipe ``badge`` at the reader served at ``control_path``. Raises :class:`SwipeError`."""
    send_order(control_path, f"swipe {badge}")


def send_order(control_path: Path, order: str) -> None:
    """Send one order and wait until it is carried out. Raises :class:`SwipeError` in the server's words."""
    try:
        with socket.socket(socket.AF_UNIX) as link, _short_path(control_path) as address:
            link.settimeout(ANSWER_SECONDS)
            link.connect(address)
            link.sendall(order.partition("\n")[0].encode() + b"\n")
            answer = _line(link)
    except OSError as error:
        raise SwipeError(
            _("No virtual reader listens at {path}.").format(path=control_path),
            next_step=_("Start one with: zhiban reader"),
        ) from error
    word, _space, rest = answer.partition(" ")
    if word != "ok":
        message, _tab, next_step = rest.partition("\t")
        raise SwipeError(message or _("The virtual reader did not answer."), next_step=next_step)


def _listen(path: Path) -> socket.socket:
    """Bind a private socket at ``path``, clearing away one that a killed server left."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        with _short_path(path) as address:
            _clear_stale(path, address)
            # Linux gives the socket file the mode of the socket: private from its first moment.
            os.fchmod(listener.fileno(), OWNER_ONLY)
            listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise SwipeError(
            _("A virtual reader cannot listen at {path}: {reason}").format(path=path, reason=error.strerror),
            next_step=_("Choose a folder you own, or another name for the reader."),
        ) from error
    except SwipeError:
        listener.close()
        raise
    return listener


def _clear_stale(path: Path, address: str) -> None:
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ANSWER_SECONDS)
        try:
            probe.connect(address)
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise SwipeError(
        _("A virtual reader is already running at {path}.").format(path=path),
        next_step=_("Close it first, or give this one another name."),
    )


def _line(link: socket.socket) -> str:
    """Read one line of at most :data:`ORDER_BYTES`; the rest of an endless one is never read."""
    data = b""
    while b"\n" not in data and len(data) < ORDER_BYTES:
        piece = link.recv(ORDER_BYTES)
        if not piece:
            break
        data += piece
    return data.partition(b"\n")[0].decode(errors="replace")


def _bytes_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise SwipeError(
            _("These are not bytes in hex."), next_step=_("Write them like this: 02 36 32 03")
        ) from error
