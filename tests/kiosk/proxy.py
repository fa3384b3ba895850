"""A TCP proxy before a PostgreSQL server, for the ways a network fails: refusing, silent, black-holed, cut in mid-commit."""

from __future__ import annotations

import select
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

Mode = Literal["up", "refused", "silent", "black hole"]
RESET = struct.pack("ii", 1, 0)
READ_BYTES = 65536


class Proxy:
    """Forwards ``127.0.0.1:port`` to a server's UNIX socket, as long as it is told so.

    ``refused``: nothing listens, and what was open is reset. ``silent``: connections are accepted and nothing ever
    comes back. ``black hole``: as silent, and open connections stay open and forward nothing.
    """

    def __init__(self, server: Path) -> None:
        self._server = server
        self._mode: Mode = "up"
        self._cut_at: tuple[bytes, bool] | None = None
        self.cuts = 0
        self._pairs: list[tuple[socket.socket, socket.socket | None]] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._listener = self._listen(0)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def become(self, mode: Mode) -> None:
        """Change what the network does."""
        with self._lock:
            was, self._mode = self._mode, mode
        if mode == "refused" and was != "refused":
            self._listener.close()
            self.reset_all()
        elif was == "refused" and mode != "refused":
            self._listener = self._listen(self.port)
        if (
            mode == "up" and was != "refused"
        ):  # what was swallowed never comes back: those connections are dead
            self.reset_all()

    def cut_at(self, words: bytes, *, after: bool) -> None:
        """Reset the next connection whose client says ``words``: after the server got them, or before."""
        self._cut_at = (words, after)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._listener.close()
        self.reset_all()
        for thread in self._threads:
            thread.join(5)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                listener.bind(("127.0.0.1", port))
                break
            except OSError:  # the one before still listens until its accept has come back
                self._stopping.wait(0.01)
        listener.listen(50)
        listener.settimeout(0.05)
        return listener

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                self._stopping.wait(0.01)
                continue
            if self._mode != "up":
                self._pairs.append((client, None))
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._server))
            self._pairs.append((client, server))
            thread = threading.Thread(target=self._forward, args=(client, server), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while not self._stopping.is_set():
                for ready in select.select([client, server], [], [], 0.05)[0]:
                    data = ready.recv(READ_BYTES)
                    if not data:
                        raise ConnectionError
                    if self._mode == "black hole":
                        continue
                    if ready is client and self._cut(data, server):
                        raise ConnectionError
                    (server if ready is client else client).sendall(data)
        except (OSError, ValueError):
            _reset(client)
            _reset(server)

    def _cut(self, data: bytes, server: socket.socket) -> bool:
        wanted = self._cut_at
        if wanted is None or wanted[0] not in data:
            return False
        self._cut_at = None
        if wanted[1]:
            server.sendall(data)
            server.recv(READ_BYTES)  # the server has done it; its answer is lost on the way
        self.cuts += 1
        return True

    def reset_all(self) -> None:
        """Reset every connection that is open now."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for client, server in pairs:
            _reset(client)
            if server is not None:
                _reset(server)


def _reset(end: socket.socket) -> None:
    """Close so that the other side sees a reset, not an orderly end."""
    if end.fileno() < 0:
        return
    if end.family == socket.AF_INET:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    end.close()
