"""Everything a screen shows of a handover, read in one consistent view of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import models
from operations import reliefs
from operations.addenda import AddendumRow, addendum_rows
from operations.boundary import Session
from operations.centre import limits_at
from operations.duties import ShiftRow, duties_of_log, leaders, named, shift_row
from operations.handover_records import (
    Line,
    blockers_of,
    following_log,
    lines_of,
    overrides_of,
    record_of,
    stand_ins_of,
    unsealed_logs_before,
    version_of,
    waiting_for_counter_signature,
)
from operations.reliefs import ReliefRow
from operations.shiftlog import ItemRow, LogView, item_rows, items_of, view
from operations.situation import situation_of
from operations.visits import visits_inside
from regulation.findings import Blocker
from regulation.handover import Area, CheckValue, HandoverRecord, LogState, Side, SignerKind
from regulation.handover_ways import Way, ways_through


class Step(StrEnum):
    """Where a handover is."""

    WRITE = "write"
    CHECK = "check"
    SIGN_OUT = "sign_out"
    SIGN_IN = "sign_in"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the joint check as it is shown.

    ``subject`` leads to what the line is about (``item:12``, ``visit:3``, ``permit:4``, ``asset:5``); empty for the
    four areas, whose label is a message. ``standing`` is a message on what became of the subject since the freeze.
    ``version`` is what :func:`operations.handover.check_line` wants to know was seen.
    """

    id: int
    area: Area
    label: str
    value: CheckValue
    note: str
    reported_to: str
    visit_id: int | None
    subject: str = ""
    standing: str = ""
    standing_at: datetime | None = None
    checked_by: str = ""
    checked_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One side: who is rostered to sign, who did, and when.

    ``stand_ins`` may sign as well; ``right`` says by what right it was signed.
    """

    leaders: tuple[str, ...]
    signed_by: str
    signed_at: datetime | None
    stand_ins: tuple[str, ...] = ()
    right: SignerKind | None = None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A time during which no handover takes place; ``lifted_at`` is ``None`` while it lasts."""

    id: int
    reason: str
    held_by: str
    held_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class StandInRow:
    """Someone who leads a side instead of its rostered leader."""

    side: Side
    person: str
    instead_of: str
    reason: str
    recorded_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoShowRow:
    """A leader who did not come, or was gone."""

    side: Side
    person: str
    reason: str
    recorded_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """What a higher leader let pass; ``text`` is what it blocked, in words."""

    code: str
    subject: str
    text: str
    article: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CounterSignRow:
    """A shift that one leader closed alone and that waits for its counter-signature."""

    handover_id: int
    shift: ShiftRow
    closed_by: str
    closed_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class HandoverView:
    """Everything the handover screen shows; ``handover_id`` is ``None`` until it has started.

    ``version`` is what a signature wants to know was seen. ``ways`` are the recorded ways through, each open or
    with what it waits for. ``pending`` are older shifts that nobody has sealed; ``counter_sign`` is the oldest shift
    that was closed alone and still waits.
    """

    log: LogView
    next_shift: ShiftRow | None
    handover_id: int | None
    step: Step
    cutoff_at: datetime | None
    lines: tuple[LineRow, ...]
    items: tuple[ItemRow, ...]
    visitors_inside: tuple[str, ...]
    blockers: tuple[Blocker, ...]
    outgoing: SignatureRow
    incoming: SignatureRow
    digest: str
    relief_rows: tuple[ReliefRow, ...]
    version: str = ""
    started_by: str = ""
    alone_reason: str = ""
    ways: tuple[Way, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    stand_ins: tuple[StandInRow, ...] = ()
    no_shows: tuple[NoShowRow, ...] = ()
    overrides: tuple[OverrideRow, ...] = ()
    addenda: tuple[AddendumRow, ...] = ()
    pending: tuple[ShiftRow, ...] = ()
    counter_sign: CounterSignRow | None = None

    @property
    def held(self) -> HoldRow | None:
        """The hold that lasts now."""
        return next((hold for hold in self.holds if hold.lifted_at is None), None)


def view_of(log: models.ShiftLog, handover: models.Handover | None, session: Session) -> HandoverView:
    """Return a log's handover as it is shown to whoever reads it (inside a transaction)."""
    now, reader = session.now, session.actor
    following = following_log(log, handover)
    outgoing = duties_of_log(log)
    incoming = duties_of_log(following) if following is not None else []
    at = min(now, log.sealed_at) if log.sealed_at is not None else now
    duties = {Side.OUTGOING: outgoing, Side.INCOMING: incoming}
    record = record_of(handover, following, duties) if handover is not None else None
    unsigned = handover is not None and handover.signed_out_by_id is None
    blockers = blockers_of(handover, at) if handover is not None and unsigned else []
    return HandoverView(
        log=view(log, now, reader),
        next_shift=shift_row(following, incoming) if following is not None else None,
        handover_id=handover.id if handover is not None else None,
        step=_step(log, handover, blockers),
        cutoff_at=handover.cutoff_at if handover is not None else None,
        lines=tuple(_line_row(line) for line in lines_of(handover, at)) if handover is not None else (),
        items=item_rows(items_of(log), now, reader),
        visitors_inside=tuple(visit.visitor for visit in visits_inside()),
        blockers=tuple(blockers),
        outgoing=_signature(log, outgoing, handover, record, Side.OUTGOING),
        incoming=_signature(following, incoming, handover, record, Side.INCOMING),
        digest=log.digest,
        relief_rows=reliefs.relief_rows(outgoing, incoming, now),
        version=version_of(handover) if handover is not None else "",
        started_by=named(handover.started_by) if handover is not None else "",
        alone_reason=handover.alone_reason if handover is not None else "",
        ways=ways_through(situation_of(log, handover, following, now), now, limits_at(now)),
        holds=_holds(log),
        stand_ins=_stand_ins(log, following),
        no_shows=_no_shows(log),
        overrides=tuple(_override(row) for row in overrides_of(handover)),
        addenda=addendum_rows(log),
        pending=tuple(shift_row(other) for other in unsealed_logs_before(now) if other.id != log.id),
        counter_sign=_counter_sign(),
    )


def _step(log: models.ShiftLog, handover: models.Handover | None, blockers: Sequence[Blocker]) -> Step:
    if handover is None:
        return Step.WRITE
    if log.state == LogState.SEALED:
        return Step.SEALED
    if handover.signed_out_by_id is not None:
        return Step.SIGN_IN
    return Step.CHECK if blockers else Step.SIGN_OUT


def _line_row(line: Line) -> LineRow:
    row, record = line.row, line.record
    checked = line.value is not CheckValue.UNCHECKED
    return LineRow(
        row.id,
        record.area,
        line.label,
        line.value,
        record.note,
        record.reported_to,
        row.visit_id,
        row.subject,
        line.standing,
        line.standing_at,
        named(row.checked_by) if checked else "",
        row.checked_at if checked else None,
        row.version,
    )


def _signature(
    log: models.ShiftLog | None,
    duties: Sequence[models.Duty],
    handover: models.Handover | None,
    record: HandoverRecord | None,
    side: Side,
) -> SignatureRow:
    rostered = tuple(named(person) for person in leaders(duties))
    standing = tuple(named(s.person) for s in stand_ins_of(log))
    if handover is None or record is None:
        return SignatureRow(rostered, "", None, standing)
    if side is Side.OUTGOING:
        signer, at = handover.signed_out_by, handover.signed_out_at
    else:
        signer, at = handover.signed_in_by, handover.signed_in_at
    right = record.signs_as(side, signer.id) if signer is not None else None
    return SignatureRow(rostered, named(signer), at, standing, right)


def _holds(log: models.ShiftLog) -> tuple[HoldRow, ...]:
    hold = models.HandoverHold
    rows = hold.select().where(hold.log == log.id).order_by(hold.id)
    return tuple(
        HoldRow(h.id, h.reason, named(h.held_by), h.held_at, named(h.lifted_by), h.lifted_at, h.outcome)
        for h in rows
    )


def _stand_ins(log: models.ShiftLog, following: models.ShiftLog | None) -> tuple[StandInRow, ...]:
    return tuple(
        StandInRow(side, named(s.person), named(s.instead_of), s.reason, named(s.recorded_by), s.at)
        for side, of in ((Side.OUTGOING, log), (Side.INCOMING, following))
        for s in stand_ins_of(of)
    )


def _no_shows(log: models.ShiftLog) -> tuple[NoShowRow, ...]:
    no_show = models.NoShow
    return tuple(
        NoShowRow(Side(n.side), named(n.person), n.reason, named(n.recorded_by), n.at)
        for n in no_show.select().where(no_show.log == log.id).order_by(no_show.id)
    )


def _override(row: models.HandoverOverride) -> OverrideRow:
    return OverrideRow(
        row.code, row.subject, row.text, row.article, row.reason, named(row.overridden_by), row.at
    )


def _counter_sign() -> CounterSignRow | None:
    waiting = waiting_for_counter_signature()
    if waiting is None:
        return None
    return CounterSignRow(
        waiting.id,
        shift_row(waiting.outgoing),
        named(waiting.signed_out_by),
        waiting.signed_out_at,
        waiting.alone_reason,
    )
