"""The kiosk with its screen on a terminal nobody looks at: keys go in, and what it draws is searched for words."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROWS, COLUMNS = 40, 120
READ_BYTES: Final = 65536
KEPT_BYTES: Final = 1_000_000

QUIET_SECONDS: Final = 0.08
"""A screen that draws nothing for so long has done with the key before."""

_CONTROL: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|.)")


class DoorScreen:
    """A kiosk process on a pseudo-terminal of its own; ``log`` keeps what it draws."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._master, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            environment.pop(name, None)
        try:
            self.process = subprocess.Popen(
                command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment,
                start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(terminal)
        self._guard = threading.Lock()
        self._drawn = bytearray()
        self._drawn_at = time.monotonic()
        self._log = log
        self._thread = threading.Thread(target=self._keep_reading, name="door screen", daemon=True)
        self._thread.start()

    def press(self, keys: str) -> None:
        """Press keys; what was drawn before them no longer counts."""
        with self._guard:
            self._drawn.clear()
        os.write(self._master, keys.encode())

    def shows(self, words: str) -> bool:
        """Whether ``words`` were drawn since the last key."""
        with self._guard:
            return words.encode() in self._drawn

    def is_quiet(self) -> bool:
        """Whether something was drawn since the last key, nothing more comes, and the process waits for what comes next.

        What was drawn may have been the clock alone, and a busy machine may give the process no turn for the key.
        """
        with self._guard:
            still = bool(self._drawn) and time.monotonic() - self._drawn_at > QUIET_SECONDS
        return still and is_asleep(self.process.pid)

    def close(self) -> None:
        """Let the terminal go; the process is its starter's to end, before this."""
        self._thread.join(1.0)
        os.close(self._master)

    def _keep_reading(self) -> None:
        with self._log.open("ab") as log, contextlib.suppress(OSError):  # the process has gone
            while data := os.read(self._master, READ_BYTES):
                log.write(data)
                log.flush()
                with self._guard:
                    self._drawn += data
                    del self._drawn[:-KEPT_BYTES]
                    self._drawn_at = time.monotonic()


def is_asleep(pid: int) -> bool:
    """Whether no thread of a process runs or waits for its turn to."""
    try:
        stats = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:  # a thread ended meanwhile
        return False
    return all(stat.rpartition(")")[2].split()[0] != "R" for stat in stats)


def without_controls(text: str) -> str:
    """Return what a terminal would show of ``text``, without colours and movements of the cursor."""
    return _CONTROL.sub(" ", text)
