"""What the door knows when it decides: the centre's news, and the visits that were approved at the door itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from kiosk.slips import SlipStore, with_local_visits
from kiosk.states import Context, State
from regulation.access import DoorKnowledge
from regulation.occupancy import Occupancy
from regulation.records import Snapshot


class Knowing:
    """Keeps ``knowledge`` up to date and makes the machine's context of it."""

    def __init__(
        self,
        kiosk: str,
        snapshot: Snapshot,
        slips: SlipStore,
        occupancy: Occupancy,
        recent: Mapping[tuple[str, str], datetime],
        *,
        open_seconds: float,
        can_ask: bool,
        dress: Literal["off", "reminder", "confirm"],
        relock_on_open: bool,
    ) -> None:
        self._kiosk, self._slips, self._occupancy, self._recent = kiosk, slips, occupancy, recent
        self._open_seconds, self._can_ask = open_seconds, can_ask
        self._dress, self._relock_on_open = dress, relock_on_open
        self.hear(DoorKnowledge.of(snapshot))

    def hear(self, of_centre: DoorKnowledge) -> None:
        """Take what the centre says now."""
        self._of_centre = of_centre
        self.count_slips()

    def count_slips(self) -> None:
        """Take the visits approved here into account beside what the centre says."""
        snapshot = self._of_centre.snapshot
        self.knowledge = with_local_visits(self._of_centre, self._slips.visits(snapshot))
        self._free_slips = self._slips.free(snapshot)
        self._context: Context | None = None

    def context(self, state: State) -> Context:
        """What the door knows now. Made when that has changed, not for every badge: who is inside and what was read
        lately are looked at in place.
        """
        known = self._context
        if known is None or known.pins is not state.pins or known.unnamed is not state.unnamed:
            known = self._context = Context(
                self._kiosk,
                self.knowledge,
                self._occupancy,
                self._recent,
                self._open_seconds,
                self._can_ask,
                state.pins,
                self._free_slips,
                self._dress,
                self._relock_on_open,
                state.unnamed,
            )
        return known
