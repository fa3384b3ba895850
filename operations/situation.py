"""How a handover stands, as the ways through it depend on it (inside a transaction)."""

from __future__ import annotations

from datetime import datetime

import models
from locales import _
from operations.centre import limits_at
from operations.duties import duties_of_log, leaders, live_log
from operations.errors import Conflict
from operations.handover_records import following_log, handover_of, open_hold
from operations.passages import arrivals_for, occupancy_at
from regulation.handover import LogState, Side
from regulation.handover_ways import Situation, WayKind, ways_through


def situation_of(
    log: models.ShiftLog, handover: models.Handover | None, following: models.ShiftLog | None, now: datetime
) -> Situation:
    """Return how a handover stands, as the ways through it need to know (inside a transaction)."""
    alone = handover is not None and bool(handover.alone_reason)
    taking = log_to_counter_sign_in(handover, now) if handover is not None and alone else None
    no_show = models.NoShow
    return Situation(
        ends_at=log.ends_at,
        relief_due_at=following.starts_at if following is not None else None,
        started=handover is not None,
        signed_out=handover is not None and handover.signed_out_by_id is not None,
        sealed=log.state == LogState.SEALED,
        held=open_hold(log) is not None,
        closed_alone=alone,
        counter_signed=handover is not None and handover.signed_in_by_id is not None,
        next_has_begun=taking is not None,
        outgoing_gone=_outgoing_gone(log, now),
        no_shows=frozenset(Side(row.side) for row in no_show.select().where(no_show.log == log.id)),
    )


def log_to_counter_sign_in(handover: models.Handover, now: datetime) -> models.ShiftLog | None:
    """Return the log whose leader counter-signs a shift that was closed alone: the first to begin after it."""
    log = live_log(now)
    window = limits_at(now).minutes("arrival_window_minutes")
    outgoing = handover.outgoing
    if log is None or log.id == outgoing.id or log.starts_at < outgoing.starts_at:
        return None
    return log if now >= log.starts_at - window else None


def _outgoing_gone(log: models.ShiftLog, now: datetime) -> bool:
    """Whether the door saw every rostered leader come for the shift and go."""
    duties = [duty for duty in duties_of_log(log) if duty.person_id in {p.id for p in leaders([duty])}]
    came = arrivals_for(duties, now)
    if not duties or any(duty.id not in came for duty in duties):
        return False
    inside = occupancy_at(now).people
    return all(duty.person_id not in inside for duty in duties)


def require_way(log: models.ShiftLog, kind: WayKind, now: datetime) -> None:
    """Raise :class:`Conflict`, with what it waits for, when a way through a log's handover is not open."""
    handover = handover_of(log)
    situation = situation_of(log, handover, following_log(log, handover), now)
    way = next(way for way in ways_through(situation, now, limits_at(now)) if way.kind is kind)
    if not way.open:
        raise Conflict(_(way.why).format(**way.details), article=way.article)
