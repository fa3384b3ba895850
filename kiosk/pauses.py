"""Keeps the interpreter's own pauses out of the way between a badge and the strike."""

from __future__ import annotations

import gc
import sys
from typing import Final

SWITCH_SECONDS: Final = 0.0005
"""How long another thread may hold the interpreter while a badge waits; Python's default is ten times this."""

COLLECT_AFTER: Final = (50_000, 50, 1000)
"""New objects before the garbage collector looks, and how seldom it looks at older ones: the door makes no cycles
that grow, and a snapshot of 100,000 badges would cost a look of some 100 ms."""


def keep_pauses_short() -> None:
    """Set the process up for a door. For the edge: this holds for all threads."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
    settle()


def settle() -> None:
    """Spare the collector what is there now, such as a snapshot; it is still freed when nobody uses it."""
    gc.freeze()
