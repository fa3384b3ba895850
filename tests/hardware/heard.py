"""Collect what a thread reports, and wait for it with a deadline instead of sleeping."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hardware.events import BadgeRead
from hardware.port import FrameDecoded, PortEvent, PortLost, PortOpened

DEADLINE_SECONDS = 10.0


def wait_until(condition: Callable[[], bool], seconds: float = DEADLINE_SECONDS) -> bool:
    """Wait for a state that no event announces; return whether it came."""
    deadline, never = time.monotonic() + seconds, threading.Event()
    while not condition() and time.monotonic() < deadline:
        never.wait(0.005)
    return condition()


class Heard:
    """Called from the port's thread; asked from the test's."""

    def __init__(self) -> None:
        self.events: list[PortEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: PortEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[Heard], bool], seconds: float = DEADLINE_SECONDS) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    def badges(self) -> list[str]:
        return [
            event.event.badge
            for event in list(self.events)
            if isinstance(event, FrameDecoded) and isinstance(event.event, BadgeRead)
        ]

    def opened(self) -> int:
        return sum(isinstance(event, PortOpened) for event in list(self.events))

    def lost(self) -> list[str]:
        return [event.why for event in list(self.events) if isinstance(event, PortLost)]
