"""Time a terminal program from its start to the first screen that shows a given text."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

TIMEOUT_SECONDS = 30.0


def seconds_to_text(
    command: Sequence[str], text: str, *, environment: Mapping[str, str], columns: int = 120, rows: int = 40
) -> float:
    """Run ``command`` on a terminal of its own and return the seconds until ``text`` has been painted."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execvpe(command[0], list(command), dict(environment))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    try:
        return _wait_for(terminal, text) - started
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def _wait_for(terminal: int, text: str) -> float:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    seen = ""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        seen = (seen + decoder.decode(os.read(terminal, 65536)))[-200_000:]
        if text in seen:
            return time.perf_counter()
    raise TimeoutError(f"{text!r} was not painted within {TIMEOUT_SECONDS} s")
