"""When this kiosk did not run (Art. 33): nobody who passed then was recorded, and the centre must not call them absent.

The time is kept every few seconds, so that the next start knows since when nothing was recorded. What was found is
told to the centre until it has heard. A link that is cut stops nothing: what is recorded meanwhile arrives later.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

STOPS_FILE: Final = "stops.json"

SAVE_EVERY: Final = timedelta(seconds=5)
"""How often the time is kept: a stop is known to have begun no later than this after the last time."""

Stop = tuple[datetime, datetime]

logger = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """When the kiosk was last known to run, and the stops that the centre has not heard of."""

    alive: datetime
    stops: tuple[Stop, ...] = ()


class Stops:
    """The stops of one kiosk. All methods may be called from any thread."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """Find out how long nothing ran before this start at ``now``; a clock that went back tells nothing."""
        self._file = folder / STOPS_FILE
        self._lock = threading.Lock()
        before = self._read()
        stopped = before is not None and before.alive < now
        stops = before.stops if before is not None else ()
        self._kept = Kept(now, (*stops, (before.alive, now)) if before is not None and stopped else stops)
        self._save()

    @property
    def untold(self) -> tuple[Stop, ...]:
        """The stops that the centre has not heard of, oldest first."""
        return self._kept.stops

    def alive(self, now: datetime) -> None:
        """The kiosk runs at ``now``."""
        with self._lock:
            if abs(now - self._kept.alive) >= SAVE_EVERY:
                self._kept = Kept(now, self._kept.stops)
                self._save()

    def told(self, stops: tuple[Stop, ...]) -> None:
        """The centre has heard of ``stops``."""
        if not stops:
            return
        with self._lock:
            self._kept = Kept(self._kept.alive, tuple(s for s in self._kept.stops if s not in stops))
            self._save()

    def _read(self) -> Kept | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            logger.warning("when this kiosk last ran cannot be read: %s", error)
            return None

    def _save(self) -> None:
        beside = self._file.with_suffix(".new")
        try:
            beside.write_bytes(msgspec.json.encode(self._kept))
            beside.replace(self._file)
        except OSError as error:  # the next start then takes the stop for a longer one
            logger.warning("the time cannot be kept: %s", error.strerror)
