"""Where someone due in a shift is right now, as far as the door has seen them (Art. 14, 21, 24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.limits import Limits
from regulation.marking import N_
from regulation.occupancy import Passage
from regulation.records import Direction, DutyRecord
from regulation.relief import relief_is_early


class Presence(StrEnum):
    """What the desk shows beside a name."""

    NOT_YET = "not_yet"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"
    AWAY = "away"
    ON_LEAVE = "on_leave"
    RELIEVED = "relieved"
    UNKNOWN = "unknown"


PRESENCE_NAMES: dict[Presence, str] = {
    Presence.NOT_YET: N_("expected"),
    Presence.PRESENT: N_("present"),
    Presence.LATE: N_("present, came late"),
    Presence.ABSENT: N_("not here"),
    Presence.AWAY: N_("away from seat"),
    Presence.ON_LEAVE: N_("on leave"),
    Presence.RELIEVED: N_("relieved"),
    Presence.UNKNOWN: N_("not clear"),
}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A person's state in a duty, since when, and when they first came for it."""

    state: Presence
    since: datetime | None = None
    arrived_at: datetime | None = None


def whereabouts(duty: DutyRecord, passages: Sequence[Passage], now: datetime, limits: Limits) -> Whereabouts:
    """Return where the person of ``duty`` is at ``now``; ``passages`` are their own, in order of time.

    Someone who came in before the arrival window and never left counts as here (a double shift), unless that was so
    long ago that they must have left unseen: then nothing is known of them until the door sees them again (Art. 33).
    """
    if duty.on_leave:
        return Whereabouts(Presence.ON_LEAVE)
    seen = [p for p in passages if p.at <= now]
    arrived_at = arrival(duty, seen, limits)
    if duty.relieved_at is not None:
        return Whereabouts(Presence.RELIEVED, duty.relieved_at, arrived_at)
    if arrived_at is None:
        if now < duty.starts_at:
            return Whereabouts(Presence.NOT_YET)
        return (
            Whereabouts(Presence.UNKNOWN, seen[-1].at) if _never_left(seen) else Whereabouts(Presence.ABSENT)
        )
    last = seen[-1]
    if last.direction is Direction.OUT:
        return Whereabouts(Presence.AWAY, last.at, arrived_at)
    return Whereabouts(came_as(duty, arrived_at, limits), last.at, arrived_at)


def came_as(duty: DutyRecord, arrived_at: datetime | None, limits: Limits) -> Presence:
    """Return how someone came for a duty that has begun: in time for relief, late, not at all, or on leave."""
    if duty.on_leave:
        return Presence.ON_LEAVE
    if arrived_at is None:
        return Presence.ABSENT
    return Presence.PRESENT if relief_is_early(arrived_at, duty.starts_at, limits) else Presence.LATE


def arrival(duty: DutyRecord, passages: Sequence[Passage], limits: Limits) -> datetime | None:
    """Return when the person came for ``duty``: the first entry in its window, or its opening if they were inside.

    An entry more than ``carried_entry_hours`` before the start is the forgotten exit of another day.
    """
    opens_at = duty.starts_at - limits.minutes("arrival_window_minutes")
    carried_from = duty.starts_at - limits.hours("carried_entry_hours")
    before = [p for p in passages if carried_from <= p.at < opens_at]
    if before and before[-1].direction is Direction.IN:
        return opens_at
    entries = (p.at for p in passages if p.direction is Direction.IN and opens_at <= p.at < duty.ends_at)
    return next(entries, None)


def _never_left(seen: Sequence[Passage]) -> bool:
    return bool(seen) and seen[-1].direction is Direction.IN
