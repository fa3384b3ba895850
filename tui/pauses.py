"""Keeps the interpreter's own pauses out of the way between a key and its paint."""

from __future__ import annotations

import gc
import sys
from typing import Final

SWITCH_SECONDS: Final = 0.001
"""How long a thread that reads may hold the interpreter while a key waits; Python's default is five times this."""

COLLECT_AFTER: Final = (50_000, 20, 100)
"""New objects before the garbage collector looks, and how seldom it looks at older ones: two months of 300 people are
some hundred thousand objects without cycles, and a look at all of them costs about 140 ms."""


def keep_pauses_short() -> None:
    """Set the process up for a desk. For the edge: this holds for all threads."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
