"""The signs beside a shift in a cell of the month grid, laid out in exactly as many columns as a day has."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

WARNING_SIGN, PIN_SIGN, CHANGED_SIGN, MORE_SIGN = "!", "▪", "◦", "+"
# Where there is room for one sign only, one says both: the pin is on, and something is wrong with the day.
WARNED_PIN_SIGN = "▮"


def dressed(text: str, signs: str, width: int) -> str:
    """Return ``text`` in the middle of ``width`` columns, a wide character counting two, its signs before it.

    ``signs`` have the most important one first; what has no room is left to the line that explains the cell. A day
    that has more than ``text`` says is known by what stands behind it: the sign for more, or where there is room for
    one sign only, whichever of the others is the day's.
    """
    spare = width - cell_len(text)
    left = (spare + 1) // 2
    if MORE_SIGN not in signs:
        return _fitting(signs, left).rjust(left) + text + " " * (spare - left)
    others = signs.replace(MORE_SIGN, "")
    if spare == 1:
        return text + (_fitting(others, 1) or MORE_SIGN)
    return _fitting(others, left).rjust(left) + text + MORE_SIGN.ljust(spare - left)


def together(texts: Sequence[str], room: int) -> tuple[str, str]:
    """Return what a cell shows of several duties: all of them in at most ``room`` columns, or the first and a sign."""
    joined = "".join(texts)
    return (joined, "") if cell_len(joined) <= room else (texts[0], MORE_SIGN)


def _fitting(signs: str, room: int) -> str:
    if len(signs) > room and WARNING_SIGN in signs and PIN_SIGN in signs:
        signs = WARNED_PIN_SIGN + signs.replace(WARNING_SIGN, "").replace(PIN_SIGN, "")
    return signs[:room]
