"""Relief on time: who is on duty, who came early enough (Art. 21), who may go (Art. 14, 24)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from regulation.findings import Finding
from regulation.limits import Limits
from regulation.records import DutyRecord, PermitRecord


def relief_is_early(arrived_at: datetime, starts_at: datetime, limits: Limits) -> bool:
    """Whether a relief who entered at ``arrived_at`` came ten minutes early (Art. 21).

    Exactly ten minutes before is early; the limit is ``relief_early_minutes``.
    """
    return arrived_at <= starts_at - limits.minutes("relief_early_minutes")


def arrival_finding(duty: DutyRecord, arrived_at: datetime, limits: Limits) -> Finding | None:
    """Return what Art. 21 says of a first entry for ``duty``: nothing, late for relief, or late for the shift."""
    if relief_is_early(arrived_at, duty.starts_at, limits):
        return None
    late_for_shift = arrived_at > duty.starts_at
    due = duty.starts_at if late_for_shift else duty.starts_at - limits.minutes("relief_early_minutes")
    return Finding(
        "duty_late" if late_for_shift else "relief_late",
        arrived_at,
        duty.person_id,
        duty.id,
        (f"duty:{duty.id}",),
        limits.version,
        {"minutes": str(whole_minutes(arrived_at - due))},
    )


def duty_to_arrive_for(
    duties: Iterable[DutyRecord], person_id: int, now: datetime, limits: Limits
) -> DutyRecord | None:
    """Return the duty an entry at ``now`` belongs to: the one running, else the next inside the arrival window."""
    window = limits.minutes("arrival_window_minutes")
    near = [d for d in duties if d.person_id == person_id and d.starts_at - window <= now < d.ends_at]
    running = [d for d in near if d.starts_at <= now]
    return min(running or near, key=lambda d: d.starts_at, default=None)


def is_on_duty(duty: DutyRecord, now: datetime) -> bool:
    """Whether ``duty`` binds its person at ``now``: between start and end, not on leave, not yet relieved."""
    return duty.starts_at <= now < duty.ends_at and not duty.on_leave and duty.relieved_at is None


def may_be_relieved(duty: DutyRecord, now: datetime, limits: Limits) -> bool:
    """Whether a seat may be handed over at ``now`` (Art. 21, 24): once its relief may have come for it.

    A relief comes for a duty from ``arrival_window_minutes`` before it starts, that is, before this one ends.
    Earlier, leaving the seat is a matter of permits (Art. 14). Whoever is on leave holds no seat.
    """
    return not duty.on_leave and now >= duty.ends_at - limits.minutes("arrival_window_minutes")


def duty_left_by(
    duties: Iterable[DutyRecord], person_id: int, now: datetime, limits: Limits
) -> DutyRecord | None:
    """Return the duty that someone leaving at ``now`` would be leaving, or ``None``.

    A duty that ended without relief keeps binding for ``relief_lookback_minutes``: Art. 24 has no closing time,
    but nobody is asked the next afternoon about last night.
    """
    lookback = limits.minutes("relief_lookback_minutes")
    bound = [
        d
        for d in duties
        if d.person_id == person_id
        and d.bound_to_seat
        and not d.on_leave
        and d.relieved_at is None
        and (is_on_duty(d, now) or (d.needs_relief and d.ends_at <= now < d.ends_at + lookback))
    ]
    return max(bound, key=lambda d: d.starts_at, default=None)


def leaving_finding(
    duty: DutyRecord, permit: PermitRecord | None, now: datetime, limits: Limits
) -> Finding | None:
    """Return what Art. 14 and 24 say of leaving ``duty`` at ``now``; leaving itself is never prevented.

    From the moment the relief is expected (``relief_early_minutes`` before the end) going without having been
    relieved is a matter of Art. 24; earlier in the shift it is leaving one's seat, a matter of Art. 14.
    """
    if permit is not None and permit.from_at <= now <= permit.back_by:
        return None
    relief_expected_at = duty.ends_at - limits.minutes("relief_early_minutes")
    code = "left_before_relief" if duty.needs_relief and now >= relief_expected_at else "left_without_permit"
    return Finding(code, now, duty.person_id, duty.id, (f"duty:{duty.id}",), limits.version)


def return_finding(permit: PermitRecord, now: datetime, limits: Limits) -> Finding | None:
    """Return the Art. 14 finding for coming back after the permit ended; the minute it ends is still in time."""
    if now <= permit.back_by:
        return None
    minutes = str(whole_minutes(now - permit.back_by))
    proof = (f"permit:{permit.id}",)
    return Finding(
        "permit_overrun", now, permit.person_id, permit.duty_id, proof, limits.version, {"minutes": minutes}
    )


def whole_minutes(duration: timedelta) -> int:
    """Minutes of a delay as people count them: a started minute is a minute."""
    return math.ceil(duration.total_seconds() / 60)
