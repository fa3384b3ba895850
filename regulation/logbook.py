"""What a shift's log may hold (Art. 9, 11): kinds of entries, and when an abnormal event has been told."""

from __future__ import annotations

from datetime import datetime

from regulation.limits import Limits
from regulation.marking import N_

ENTRY_KINDS: dict[str, str] = {
    "abnormal": N_("abnormal event"),
    "complaint": N_("complaint"),
    "work_order": N_("work order"),
    "equipment": N_("equipment"),
    "notice": N_("notice"),
    "spot_check": N_("spot check"),
    "information": N_("information change"),
    "other": N_("other"),
}


def abnormal_is_told(happened_at: datetime, told_at: datetime | None, now: datetime, limits: Limits) -> bool:
    """Whether an abnormal event was told to someone in time, or still may be (Art. 11).

    Exactly ``notify_within_minutes`` after the event is in time.
    """
    return (told_at or now) <= happened_at + limits.minutes("notify_within_minutes")
