"""The door's one clock: the system's, or (in a demo home only) a staged one that the demo's player sets.

A staged clock stands still between two settings, so that what the demo plays happens at the times of its story, to
the second. Only a home that carries the demo's mark is listened to: no real door can be told another time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from regulation.ledger import instant_text

DEMO_MARK: Final = "DEMO"
"""The file that makes a home a demo home."""

STAGE_FILE: Final = "stage-clock"
"""In the home's ``run`` folder: the staged time as an ISO instant. Without it the system's time counts."""

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the system's time, aware UTC."""
    return datetime.now(UTC)


class StagedClock:
    """Reads the staged time from ``file`` at every question; the system's time when there is none."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        """Return the time, aware UTC."""
        try:
            return datetime.fromisoformat(self._file.read_text("ascii"))
        except FileNotFoundError:
            return system_clock()


class Stage:
    """The player's side: sets the staged time, and in the end gives the time back to the system."""

    def __init__(self, folder: Path) -> None:
        """Stage the clock of the home in ``folder``."""
        self._file = folder / "run" / STAGE_FILE
        self._beside = self._file.with_suffix(".new")

    def stand_at(self, at: datetime) -> None:
        """Make it ``at`` for the door, until the next setting."""
        self._beside.write_text(instant_text(at), "ascii")
        os.replace(self._beside, self._file)

    def release(self) -> None:
        """Let the system's time run."""
        self._file.unlink(missing_ok=True)
        self._beside.unlink(missing_ok=True)


def clock_of(folder: Path) -> Clock:
    """Return the clock for a kiosk in the home ``folder``: staged only where the demo has left its mark."""
    if (folder / DEMO_MARK).is_file():
        return StagedClock(folder / "run" / STAGE_FILE)
    return system_clock
