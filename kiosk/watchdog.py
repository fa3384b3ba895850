"""The service manager's side of the door: it is told when the door is ready, and as long as the door answers.

systemd's protocol is a datagram of lines to the UNIX socket named by ``NOTIFY_SOCKET`` (sd_notify(3)); a library for
these few lines would be one more thing to keep. ``WATCHDOG=1`` is no timer's tick: the door's thread and the
journal's are each asked and must have answered, so a door that hangs is killed and started again.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from locales import _

DEFAULT_SECONDS: Final = 10.0
"""How often parts are looked at for the status line where no watchdog is asked for."""

ROUNDS_PER_LIMIT: Final = 3
"""Round trips within the manager's limit: one may be slow without being fatal."""

SEND_SECONDS: Final = 1.0
PRIORITIES: Final = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
"""Syslog's numbers for our levels; what is below is 7."""

Question = Callable[[Callable[[], None]], None]
"""Asks a thread for a sign of life: it calls what it is given, as soon as it comes to it."""

logger = logging.getLogger(__name__)


class ServiceManager:
    """Whoever started us and wants to hear from us; without one nothing is sent."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        own = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        given = environment.get("WATCHDOG_USEC", "")
        self.limit_seconds = int(given) / 1_000_000 if own and given.isdigit() else 0.0

    @property
    def listens(self) -> bool:
        """Whether anyone wants to hear."""
        return bool(self._address)

    def say(self, *lines: str) -> None:
        """Send ``lines``, such as ``READY=1``. A manager that cannot be reached is not waited for."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
                link.settimeout(SEND_SECONDS)
                link.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            logger.warning("the service manager was not reached: %s", error)


class Watchdog:
    """Tells the manager that the door is ready, works, and stops; ``questions`` must all be answered each round."""

    def __init__(
        self,
        manager: ServiceManager,
        questions: Sequence[Question],
        parts: Callable[[], Mapping[str, str]],
    ) -> None:
        self._manager, self._questions, self._parts = manager, tuple(questions), parts
        self._round_seconds = (manager.limit_seconds or DEFAULT_SECONDS) / ROUNDS_PER_LIMIT
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Say that the door is ready, and go on saying that it works."""
        if self._manager.listens:
            self._manager.say("READY=1", self._status())
            self._thread.start()

    def stop(self) -> None:
        """Say that the door is about to stop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._manager.say("STOPPING=1")
            self._thread.join(self._round_seconds + SEND_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._all_answer():
                self._manager.say("WATCHDOG=1", self._status())
            self._stopping.wait(self._round_seconds)

    def _all_answer(self) -> bool:
        """Ask everybody and wait, for however long it takes: who does not answer ends the watchdog's patience."""
        for ask in self._questions:
            answered = threading.Event()
            ask(answered.set)
            while not answered.wait(self._round_seconds):
                if self._stopping.is_set():
                    return False
        return True

    def _status(self) -> str:
        ailing = [f"{name}: {word}" for name, word in self._parts().items() if word != "ok"]
        return "STATUS=" + ("; ".join(ailing) or _("The door works."))


class JournaldFormatter(logging.Formatter):
    """One line with the level as ``<N>`` in front, which journald takes for the priority."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the lines of a traceback carry the level too."""
        priority = next((number for level, number in PRIORITIES if record.levelno >= level), 7)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def log_to_journal(environment: Mapping[str, str] = os.environ) -> None:
    """Mark log lines with their level where stderr is the journal's stream; elsewhere leave logging as it is."""
    stream = environment.get("JOURNAL_STREAM", "")
    if not stream or not _leads_to(sys.stderr.fileno(), stream):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JournaldFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _leads_to(number: int, stream: str) -> bool:
    """Whether the file descriptor is ``stream``: device and inode, as JOURNAL_STREAM has them."""
    status = os.fstat(number)
    return stream == f"{status.st_dev}:{status.st_ino}"
