"""Whose turn it is to act for the door: one thread after the other."""

from __future__ import annotations

import threading
from types import TracebackType


class Acting:
    """The turn to act for the door, alone. A fault nobody foresaw ends the door, not just the thread that met it.

    A class rather than a generator: every badge takes the turn three times before the door opens.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.broken = False

    def take_if_free(self) -> bool:
        """Take the turn unless somebody has it; then :meth:`give_back` ends it."""
        return self._lock.acquire(blocking=False)

    def give_back(self) -> None:
        """Let the next one act."""
        self._lock.release()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.broken = self.broken or kind is not None
        self._lock.release()
