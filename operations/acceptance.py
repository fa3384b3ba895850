"""What a leader looks at before accepting a shift (Art. 20 to 23): the handover, and what stands around it.

Beside the handover itself: who escorts each visitor inside, which permits run, and through which shifts an open
item came. Read with the handover in one consistent view of the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

import models
from locales import _
from operations.boundary import Session, reads
from operations.duties import ShiftRow, live_log, named, shift_row
from operations.handover import PERMITS_BEHIND
from operations.handover_records import handover_by_id, handover_of, log_by_id, running_handover
from operations.handover_view import HandoverView, view_of
from operations.log_rows import item_words_for
from operations.permissions import Action
from operations.shiftlog import items_of
from operations.visits import visits_inside
from regulation.handover import LogState
from regulation.logbook import REDACTED


@dataclass(frozen=True, slots=True)
class InsideRow:
    """A visitor inside: who answers for them, and until when the visit is approved."""

    visit_id: int
    visitor: str
    unit: str
    escort: str
    until: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class PermitRow:
    """Someone away from the seat with a permit that runs (Art. 14)."""

    permit_id: int
    person: str
    reason: str
    back_by: datetime
    overrun: bool


@dataclass(frozen=True, slots=True)
class CarryRow:
    """A shift that an open item came through: it was carried on by ``leader`` with a reason and a next step."""

    date: date
    shift: str
    shift_en: str
    leader: str
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class AcceptanceView(HandoverView):
    """A handover with what stands around it; ``chains`` tells of an item, by id, the shifts before this one."""

    inside: tuple[InsideRow, ...] = ()
    permits: tuple[PermitRow, ...] = ()
    chains: Mapping[int, tuple[CarryRow, ...]] = field(default_factory=dict)


@reads(Action.READ_DESK)
def acceptance(
    session: Session, log_id: int | None = None, handover_id: int | None = None
) -> AcceptanceView | None:
    """Return a handover, by its log or its own id; without either the one to be made now.

    That is one that has started and is not sealed, else the live shift's.
    """
    if handover_id is not None:
        handover: models.Handover | None = handover_by_id(handover_id)
        log: models.ShiftLog | None = handover.outgoing if handover is not None else None
    elif log_id is not None:
        log = log_by_id(log_id)
        handover = handover_of(log)
    else:
        handover = running_handover()
        log = handover.outgoing if handover is not None else live_log(session.now)
    if log is None:
        return None
    view = view_of(log, handover, session)
    return AcceptanceView(
        **{f.name: getattr(view, f.name) for f in fields(HandoverView)},
        inside=_inside(session.now) if log.state != LogState.SEALED else (),
        permits=_permits(session.now) if log.state != LogState.SEALED else (),
        chains=_chains(items_of(log)),
    )


def _inside(now: datetime) -> tuple[InsideRow, ...]:
    return tuple(
        InsideRow(v.id, v.visitor, v.unit, named(v.escort) if v.escort_id else "", v.ends_at, v.ends_at < now)
        for v in visits_inside()
    )


def _permits(now: datetime) -> tuple[PermitRow, ...]:
    permit = models.SeatLeave
    running = permit.select().where(
        permit.returned_at.is_null(), permit.from_at <= now, permit.from_at > now - PERMITS_BEHIND
    )
    return tuple(
        PermitRow(p.id, named(p.person), p.reason, p.back_by, p.back_by < now)
        for p in running.order_by(permit.back_by, permit.id)
    )


def _chains(items: Sequence[models.OpenItem]) -> Mapping[int, tuple[CarryRow, ...]]:
    return {item.id: chain for item in items if (chain := _chain(item))}


def _chain(item: models.OpenItem) -> tuple[CarryRow, ...]:
    found: list[CarryRow] = []
    before = item.carried_from
    while before is not None:
        shift = shift_row(before.log)
        said, shown = item_words_for(before, None, opened=False)
        reason = said["reason"] if shown else _(REDACTED)
        row = CarryRow(shift.date, shift.name, shift.name_en, shift.leader, reason, said["next_step"])
        found.append(row)
        before = before.carried_from
    return tuple(reversed(found))


@reads(Action.READ_DESK)
def sealed_shifts(_session: Session, count: int = 12) -> tuple[ShiftRow, ...]:
    """Return the shifts whose log was sealed last, newest first."""
    log = models.ShiftLog
    rows = log.select().where(log.state == LogState.SEALED).order_by(log.starts_at.desc()).limit(count)
    return tuple(shift_row(row) for row in rows)
