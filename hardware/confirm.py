"""A badge counts when it was read twice: how a weak check is made a strong one.

A frame altered on the line may pass its format's check and name somebody else's badge. That the next frame is
altered as well, passes too and names the same badge is another matter (``docs/hardware.md`` has the measured rates). Time
is passed in; nothing here waits.
"""

from __future__ import annotations

import math
from typing import Final, Literal

Confirm = Literal["auto", "on", "off"]
ReaderDirection = Literal["in", "out", "both"]

REPEATING_FORMATS: Final = frozenset({"rdm6300"})
"""Readers that send a badge again and again while it lies on them, and whose check alone is weak."""

REPEAT_SECONDS: Final = 0.5
"""Longest between two frames of a badge that lies on a repeating reader.

An RDM6300 repeats several times a second; drivers take the tag for gone after 220 to 300 ms without a frame. Half a
second leaves room for one frame lost.
"""

TWICE_SECONDS: Final = 5.0
"""Longest between two swipes at a reader that sends a badge once: take it away, hold it there again."""


def needs_confirmation(format_name: str, setting: Confirm, direction: ReaderDirection) -> bool:
    """Whether a badge must be read twice at this reader.

    Never on the way out: leaving waits for nothing. At a reader for both ways only where the reader repeats by
    itself, so that nobody who leaves has to badge twice.
    """
    if setting == "off" or direction == "out":
        return False
    repeats = format_name in REPEATING_FORMATS
    return repeats or (setting == "on" and direction == "in")


class ConfirmTwice:
    """Remembers the last read. One per reader; all reads go through it in their order."""

    def __init__(self, within_seconds: float = REPEAT_SECONDS) -> None:
        self._within = within_seconds
        self._badge = ""
        self._at = -math.inf

    def confirm(self, badge: str, at_monotonic: float) -> bool:
        """Note the read; return whether it is the same as the last one and followed it soon enough.

        A badge that stays on the reader is confirmed by each further frame.
        """
        confirmed = badge == self._badge and 0 <= at_monotonic - self._at <= self._within
        self._badge, self._at = badge, at_monotonic
        return confirmed


def confirmation(format_name: str, setting: Confirm, direction: ReaderDirection) -> ConfirmTwice | None:
    """Return the confirmation this reader needs, None when a single read counts."""
    if not needs_confirmation(format_name, setting, direction):
        return None
    return ConfirmTwice(REPEAT_SECONDS if format_name in REPEATING_FORMATS else TWICE_SECONDS)
