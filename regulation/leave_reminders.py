"""Leave that nobody has decided by the eve of its duty goes a rank up (Art. 35): who asks in time gets an answer in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from regulation.leave_routing import Decider
from regulation.limits import Limits

_NEXT_RANK = {
    Decider.DUTY_LEADER: Decider.SENIOR_SHIFT_LEADER,
    Decider.SENIOR_SHIFT_LEADER: Decider.DEPUTY_MANAGER,
    Decider.DEPUTY_MANAGER: Decider.DEPUTY_MANAGER,
}


def escalates_at(waits_since: datetime, begins_at: datetime, limits: Limits) -> datetime:
    """Return the instant (aware UTC) from which an undecided request also waits for the next rank.

    On the eve of its first duty, but never before whoever decides had ``leave_answer_minutes`` for it.
    """
    eve = begins_at - timedelta(hours=limits["leave_undecided_hours"])
    return max(eve, waits_since + limits.minutes("leave_answer_minutes"))


def is_undecided_too_long(waits_since: datetime, begins_at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether an undecided request is to go a rank up by now."""
    return now >= escalates_at(waits_since, begins_at, limits)


def next_rank(decider: Decider) -> Decider:
    """Return who decides when ``decider`` does not: the rank above, and for the highest another of it."""
    return _NEXT_RANK[decider]
