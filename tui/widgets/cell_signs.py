"""The signs beside a shift in a cell of the month grid, laid out in exactly as many columns as a day has."""

from __future__ import annotations

from rich.cells import cell_len

WARNING_SIGN, PIN_SIGN, CHANGED_SIGN = "!", "▪", "◦"
# Where there is room for one sign only, one says both: the pin is on, and something is wrong with the day.
WARNED_PIN_SIGN = "▮"


def dressed(text: str, signs: str, width: int) -> str:
    """Return ``text`` in the middle of ``width`` columns, a wide character counting two, its signs before it.

    ``signs`` have the most important one first; what has no room is left to the line that explains the cell.
    """
    spare = width - cell_len(text)
    left = (spare + 1) // 2
    return _fitting(signs, left).rjust(left) + text + " " * (spare - left)


def _fitting(signs: str, room: int) -> str:
    if len(signs) > room and WARNING_SIGN in signs and PIN_SIGN in signs:
        signs = WARNED_PIN_SIGN + signs.replace(WARNING_SIGN, "").replace(PIN_SIGN, "")
    return signs[:room]
