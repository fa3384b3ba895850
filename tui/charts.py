"""Charts of block characters: one for each number, as high as it is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

BLOCKS = "▁▂▃▄▅▆▇█"


def blocks(numbers: Sequence[Fraction], least: Fraction = Fraction(0), most: Fraction | None = None) -> str:
    """One block character for each number, from ``least`` to ``most`` (else the greatest there is)."""
    top = most if most is not None else max([*numbers, Fraction(1)])
    span = top - least
    steps = len(BLOCKS) - 1
    return " ".join(BLOCKS[int(max(Fraction(0), min(n, top) - least) / span * steps)] for n in numbers)
