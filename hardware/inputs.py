"""The door's contact and exit button on the CTS and DSR lines of a serial port.

A port belongs to one opening: on a port that nothing else uses, :class:`LineInputs` looks at the lines; where the
strike is on the same port, the strike's keeper does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from hardware.kept_port import POLL_SECONDS, KeptPort

DEBOUNCE_SECONDS: Final = 0.03
"""A line counts once it has been still for so long: contacts bounce for 1 to 5 ms, a finger stays for 80 ms."""


class LineSwitch:
    """A switch on the CTS or DSR line: debounced, and told to ``on_change(active, at_monotonic, first)``.

    ``first`` marks the state found after an opening of the port: it says how things stand, not that they changed.
    """

    def __init__(
        self,
        line: Literal["cts", "dsr"],
        active: Literal["high", "low"],
        on_change: Callable[[bool, float, bool], None],
    ) -> None:
        self.line = line
        self._active_level = active == "high"
        self._on_change = on_change
        self._seen: bool | None = None
        self._seen_at = 0.0
        self._active: bool | None = None
        self._untold: list[tuple[bool, float, bool]] = []

    @property
    def active(self) -> bool | None:
        """The debounced state, ``None`` while nobody can know it."""
        return self._active

    def look(self, port: Any, now: float) -> None:
        """Read the line. May raise :data:`PORT_ERRORS`."""
        seen = bool(getattr(port, self.line)) is self._active_level
        if seen is not self._seen:
            self._seen, self._seen_at = seen, now
        elif seen is not self._active and now - self._seen_at >= DEBOUNCE_SECONDS:
            self._untold.append((seen, self._seen_at, self._active is None))
            self._active = seen

    def tell(self) -> None:
        """Tell what :meth:`look` found. Called without any lock: who hears of it may work the strike."""
        while self._untold:
            self._on_change(*self._untold.pop(0))

    def lost(self) -> None:
        """Forget the state: a cut cable says neither open nor closed."""
        self._seen = self._active = None


class LineInputs(KeptPort):
    """Looks at ``switches`` on a port of their own, whose RTS and DTR stay low, until closed."""

    what = "inputs"

    def __init__(self, port_url: str, switches: Sequence[LineSwitch]) -> None:
        super().__init__(port_url, switches)
        self._keeper.start()

    def _due_seconds(self) -> float:
        return POLL_SECONDS
