"""When a handover is called to mind, and when an unsigned one goes to a higher leader (Art. 21)."""

from __future__ import annotations

from datetime import datetime, timedelta

from regulation.limits import Limits

# Minutes around the end of a shift at which both leaders are reminded of a handover that is not signed yet.
REMINDER_MINUTES: tuple[int, ...] = (-15, -10, 0, 10)
# A reminder that nobody could be given in this time is dropped: a machine that slept says nothing stale.
REMINDER_STAYS_TRUE = timedelta(minutes=10)


def reminder_due(ends_at: datetime, now: datetime) -> int | None:
    """Return which reminder of a shift's end is due: the newest one whose minute has come and is not long past.

    From exactly its minute on, until exactly ten minutes later; the next one replaces it.
    """
    due = [
        minute
        for minute in REMINDER_MINUTES
        if timedelta() <= now - ends_at - timedelta(minutes=minute) <= REMINDER_STAYS_TRUE
    ]
    return due[-1] if due else None


def handover_escalates_at(ends_at: datetime, limits: Limits) -> datetime:
    """Return until when a handover may stay unsigned after its shift before a higher leader hears of it."""
    return ends_at + limits.minutes("handover_unsigned_minutes")


def handover_is_overdue(ends_at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether an unsigned handover has stayed so for too long; exactly the limit is not too long."""
    return now > handover_escalates_at(ends_at, limits)
