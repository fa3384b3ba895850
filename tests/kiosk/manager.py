"""A service manager for tests: it listens like systemd, and kills and starts again what stops answering."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class NotifySocket:
    """Where ``NOTIFY_SOCKET`` leads: keeps all lines it was sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
            own.sendto(b"", str(self.path))
        self._thread.join()
        self._socket.close()

    def wait_for(self, line: str, seconds: float = 10.0, after: int = 0) -> bool:
        """Wait until ``line`` came, not counting the first ``after`` lines."""
        with self._changed:
            return self._changed.wait_for(lambda: line in self.lines[after:], seconds)

    def _run(self) -> None:
        while True:
            data = self._socket.recv(4096)
            if self._closing:
                return
            with self._changed:
                self.lines += data.decode().split("\n")
                self._changed.notify_all()


class Supervisor:
    """Runs ``command`` under a watchdog: no ``WATCHDOG=1`` within ``limit_seconds`` kills it and starts it anew."""

    def __init__(self, folder: Path, command: Sequence[str], limit_seconds: float, cwd: Path) -> None:
        self.notify = NotifySocket(folder / "notify")
        self.starts = 0
        self.kills: list[float] = []
        self._command, self._limit, self._cwd = command, limit_seconds, cwd
        self._stopping = threading.Event()
        self.said = folder / "said"
        self._process = self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid

    def stop(self) -> int:
        """Ask it to stop, as systemd does; return its exit code."""
        self._stopping.set()
        self._thread.join()
        self._process.terminate()
        code = self._process.wait(15)
        self.notify.__exit__(None, None, None)
        return code

    def _start(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        with self.said.open("ab") as said:
            return subprocess.Popen(self._command, cwd=self._cwd, env=self._environment(), stdout=said)

    def _environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "NOTIFY_SOCKET": str(self.notify.path),
            "WATCHDOG_USEC": str(int(self._limit * 1_000_000)),
        }

    def _watch(self) -> None:
        while not self._stopping.is_set():
            seen = len(self.notify.lines)
            ready = "READY=1" in self.notify.lines
            if self._heard(seen) or not ready or self._stopping.is_set():
                continue
            self.kills.append(time.monotonic())
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self.notify.lines.clear()
            self._process = self._start()

    def _heard(self, seen: int) -> bool:
        deadline = time.monotonic() + self._limit
        while time.monotonic() < deadline and not self._stopping.is_set():
            if self.notify.wait_for("WATCHDOG=1", 0.05, after=seen):
                return True
        return False
