"""Keeping the room clean (Art. 15): every shift, on holidays too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from regulation.handover import Area, CheckValue
from regulation.limits import Limits


def cleaning_is_missing(
    shift_ends_at: datetime,
    checked: Iterable[tuple[Area, CheckValue]],
    cleaned_in_shift: int,
    now: datetime,
    limits: Limits,
) -> bool:
    """Whether nobody has looked after the cleaning of a shift by the time that is left for it after its end.

    ``checked`` are the lines of its handover, ``cleaned_in_shift`` the records of cleaning made during it.
    """
    # Art. 15: the room is kept clean, and a holiday is no excuse; so what kind of day it is, is not asked here.
    if now <= shift_ends_at + limits.minutes("cleaning_due_minutes"):
        return False
    looked = any(area is Area.CLEANLINESS and value is not CheckValue.UNCHECKED for area, value in checked)
    return not looked and cleaned_in_shift == 0
