"""Handing over a shift (Art. 21 to 24): freeze the content, check it together, sign twice, seal.

Freezing moves the live log to the next shift, so every later event is in the next log, exactly once. The
incoming signature seals the log: its section is stored as it was signed, with its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

import models
from locales import N_, _
from operations import signin, store
from operations.boundary import Actor, Session, reads, require, write_audit, writes
from operations.centre import limits_at
from operations.daily_sections import section_of
from operations.duties import (
    LEADER_POST,
    ShiftRow,
    duties_of_log,
    leaders,
    live_log,
    log_after,
    named,
    shift_row,
)
from operations.errors import Blocked, Conflict, Invalid, NotFound
from operations.findings import keep_findings
from operations.passages import arrivals_for
from operations.permissions import Action
from operations.search_index import keep_item_found
from operations.shiftlog import (
    ItemRow,
    LogView,
    item_record,
    item_rows,
    items_of,
    judge_abnormal_entries,
    view,
)
from operations.visits import visits_inside
from regulation.daily_log import content_digest
from regulation.findings import Blocker
from regulation.handover import (
    Area,
    CheckValue,
    HandoverRecord,
    ItemState,
    LineRecord,
    LogState,
    Side,
    sign_out_blockers,
    who_may_sign,
)
from regulation.ledger import instant_text
from regulation.relief import relief_is_early

# Art. 21: the four areas, each with what is looked at. Visitors inside are added when the handover starts.
CHECKLIST: tuple[tuple[Area, str], ...] = (
    (Area.LOG, N_("Entries and open items read through")),
    (Area.CLEANLINESS, N_("Seats, floor and work clothes")),
    (Area.MACHINES, N_("Machines, lines and alarms")),
    (Area.MATERIAL, N_("Information material and keys")),
)


class Step(StrEnum):
    """Where a handover is."""

    WRITE = "write"
    CHECK = "check"
    SIGN_OUT = "sign_out"
    SIGN_IN = "sign_in"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the joint check as it is shown."""

    id: int
    area: Area
    label: str
    value: CheckValue
    note: str
    reported_to: str
    visit_id: int | None


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One side: who is rostered to sign, who did, and when."""

    leaders: tuple[str, ...]
    signed_by: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReliefRow:
    """A seat from one shift to the next. ``early`` is unknown (``None``) until the relief has come."""

    seat: str
    outgoing: str
    incoming: str
    arrived_at: datetime | None
    early: bool | None


@dataclass(frozen=True, slots=True)
class HandoverView:
    """Everything the handover screen shows; ``handover_id`` is ``None`` until it has started."""

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


@reads(Action.READ_DESK)
def handover_view(session: Session) -> HandoverView | None:
    """Return the handover to be made now: one that has started and is not sealed, else the live shift's."""
    running = _running_handover()
    log = running.outgoing if running is not None else live_log(session.now)
    if log is None:
        return None
    following = running.incoming if running is not None else log_after(log)
    return _view(log, following, running, session)


@reads(Action.READ_DESK)
def sealed_handover(session: Session, handover_id: int) -> HandoverView:
    """Return a handover by its id, also after it was sealed."""
    handover = _handover(handover_id)
    return _view(handover.outgoing, handover.incoming, handover, session)


@writes(Action.HAND_OVER)
def start_handover(session: Session, log_id: int) -> int:
    """Freeze a log and begin its handover; returns the handover's id.

    From here on its content stands: what is written later belongs to the next shift (Art. 25 counts from this cut-off).
    """
    log = models.ShiftLog.get_or_none(models.ShiftLog.id == log_id)
    if log is None:
        raise NotFound(_("There is no such log."), article=21)
    if log.state != LogState.OPEN:
        raise Conflict(_("The handover of this shift has already begun."), article=21)
    if (running := _running_handover()) is not None:
        raise Conflict(
            _("The handover of {date} is not finished.").format(date=running.outgoing.date.isoformat()),
            article=21,
            next_step=_("Finish that one first."),
        )
    following = log_after(log)
    if following is None:
        raise Conflict(
            _("No shift is rostered after this one."),
            article=21,
            next_step=_("Roster the next shift, then hand over."),
        )
    if session.now < log.starts_at:
        raise Conflict(_("This shift has not begun."), article=21)
    judge_abnormal_entries(session, log)
    frozen = models.ShiftLog.update(state=LogState.FROZEN, frozen_at=session.now).where(
        models.ShiftLog.id == log_id, models.ShiftLog.state == LogState.OPEN
    )
    frozen.execute()
    handover = models.Handover.create(
        outgoing=log,
        incoming=following,
        started_at=session.now,
        started_by=session.actor.person_id,
        cutoff_at=session.now,
    )
    _write_lines(handover)
    session.about(f"handover:{handover.id}", log=log_id, cutoff=instant_text(session.now))
    return int(handover.id)


@writes(Action.HAND_OVER)
def check_line(session: Session, line_id: int, value: CheckValue, note: str = "") -> None:
    """Set what both leaders found for a line: in order, none, or (with :func:`report_dispute`) disputed."""
    line = _changeable_line(line_id)
    if value is CheckValue.DISPUTED and not note.strip():
        raise Invalid(_("Write down what the dispute is about."), article=23)
    models.CheckLine.update(value=value, note=note.strip(), reported_to="", reported_at=None).where(
        models.CheckLine.id == line.id
    ).execute()
    session.about(f"line:{line_id}", value=value.value, note=note.strip())


@writes(Action.HAND_OVER)
def report_dispute(session: Session, line_id: int, note: str, reported_to: str) -> None:
    """Record a dispute as both sides see it, and the leader it was reported to (Art. 23)."""
    if not (note.strip() and reported_to.strip()):
        raise Invalid(_("A dispute needs both accounts and the leader it was reported to."), article=23)
    line = _changeable_line(line_id)
    models.CheckLine.update(
        value=CheckValue.DISPUTED, note=note.strip(), reported_to=reported_to.strip(), reported_at=session.now
    ).where(models.CheckLine.id == line.id).execute()
    finding = {
        "code": "handover_disputed",
        "article": 23,
        "at": instant_text(session.now),
        "person_id": None,
        "duty_id": None,
        "evidence": [f"line:{line_id}"],
        "details": {"subject": line.label},
    }
    keep_findings(f"line:{line_id}", [finding], limits_at(session.now).version)
    session.about(f"line:{line_id}", note=note.strip(), reported_to=reported_to.strip())


def sign_out(work_number: str, pin: str, now: datetime, handover_id: int) -> None:
    """Sign the outgoing side with one's own credential.

    Raises :class:`Blocked` with everything that still stands open, or when this person may not sign.
    """
    actor = signin.confirm(work_number, pin, now)
    store.write(lambda: _sign_out(Session(actor, now), handover_id))


def sign_in_take_over(work_number: str, pin: str, now: datetime, handover_id: int) -> str:
    """Sign the incoming side with one's own credential: seals the log and returns its digest (64 hex digits).

    Carried items move to the incoming log, every outgoing duty is relieved, and the escort duty for visitors
    inside moves to the incoming leader.
    """
    actor = signin.confirm(work_number, pin, now)
    return store.write(lambda: _take_over(Session(actor, now), handover_id))


def _sign_out(session: Session, handover_id: int) -> None:
    require(session.actor, Action.HAND_OVER)
    handover = _unsealed(handover_id)
    if handover.signed_out_by_id is not None:
        raise Conflict(_("The outgoing side has signed already."), article=21)
    _check_signer(handover, Side.OUTGOING, session.actor)
    if blockers := _blockers(handover):
        raise Blocked(blockers)
    models.Handover.update(signed_out_by=session.actor.person_id, signed_out_at=session.now).where(
        models.Handover.id == handover_id
    ).execute()
    session.about(f"handover:{handover_id}")
    write_audit(session, "sign_out")


def _take_over(session: Session, handover_id: int) -> str:
    require(session.actor, Action.HAND_OVER)
    handover = _unsealed(handover_id)
    _check_signer(handover, Side.INCOMING, session.actor)
    models.Handover.update(signed_in_by=session.actor.person_id, signed_in_at=session.now).where(
        models.Handover.id == handover_id
    ).execute()
    _relieve(handover, session)
    _carry_items(handover, session)
    models.Visit.update(escort=session.actor.person_id).where(
        models.Visit.id.in_([visit.id for visit in visits_inside()])
    ).execute()
    digest = _seal(_handover(handover_id), session.now)
    session.about(f"handover:{handover_id}", digest=digest)
    write_audit(session, "sign_in_take_over")
    return digest


def _seal(handover: models.Handover, now: datetime) -> str:
    log = models.ShiftLog
    log.update(state=LogState.SEALED, sealed_at=now).where(log.id == handover.outgoing_id).execute()
    section = section_of(log.get_by_id(handover.outgoing_id), now)
    digest = content_digest(section)
    log.update(sealed_content=msgspec.json.encode(section).decode(), digest=digest).where(
        log.id == handover.outgoing_id
    ).execute()
    return digest


def _relieve(handover: models.Handover, session: Session) -> None:
    incoming = duties_of_log(handover.incoming)
    by_seat = {d.seat_id: d for d in incoming if d.seat_id and d.post != LEADER_POST}
    next_leader = next((d for d in incoming if d.post == LEADER_POST), None)
    for duty in duties_of_log(handover.outgoing):
        successor = next_leader if duty.post == LEADER_POST else by_seat.get(duty.seat_id)
        models.Relief.create(handover=handover, outgoing_duty=duty, incoming_duty=successor, at=session.now)
        models.Duty.update(relieved_at=session.now).where(models.Duty.id == duty.id).execute()


def _carry_items(handover: models.Handover, session: Session) -> None:
    # Art. 22: what cannot be finished is handed over; the next log holds it as an open item that points back.
    for item in items_of(handover.outgoing):
        if item.state == ItemState.CARRIED:
            carried = models.OpenItem.create(
                log=handover.incoming,
                entry=item.entry_id,
                carried_from=item,
                title=item.title,
                owner=session.actor.person_id,
                vip=item.vip,
                opened_at=item.opened_at,
                due_at=item.due_at,
                state=ItemState.OPEN,
            )
            keep_item_found(carried.id)


def _check_signer(handover: models.Handover, side: Side, actor: Actor) -> None:
    if refusal := who_may_sign(_record(handover), side, actor.person_id):
        raise Blocked([refusal])


def _record(handover: models.Handover) -> HandoverRecord:
    return HandoverRecord(
        handover.id,
        handover.cutoff_at,
        frozenset(p.id for p in leaders(duties_of_log(handover.outgoing))),
        frozenset(p.id for p in leaders(duties_of_log(handover.incoming))),
        handover.signed_out_by_id,
        handover.signed_in_by_id,
    )


def _blockers(handover: models.Handover) -> list[Blocker]:
    items = [item_record(item) for item in items_of(handover.outgoing)]
    return sign_out_blockers([_line_record(line) for line in _lines(handover)], items)


def _write_lines(handover: models.Handover) -> None:
    position = 0
    for area, label in CHECKLIST:
        models.CheckLine.create(handover=handover, position=position, area=area, label=label)
        position += 1
    # A visitor still inside is something to hand over, by name (Art. 20, 21).
    for visit in visits_inside():
        label = f"{visit.visitor}({visit.unit})" if visit.unit else visit.visitor
        models.CheckLine.create(
            handover=handover, position=position, area=Area.MACHINES, label=label, visit=visit
        )
        position += 1


def _lines(handover: models.Handover) -> list[models.CheckLine]:
    line = models.CheckLine
    return list(line.select().where(line.handover == handover.id).order_by(line.position))


def _line_record(line: models.CheckLine) -> LineRecord:
    return LineRecord(
        line.id,
        Area(line.area),
        line.label,
        CheckValue(line.value),
        line.note,
        line.reported_to,
        line.visit_id,
    )


def _changeable_line(line_id: int) -> models.CheckLine:
    line: models.CheckLine | None = models.CheckLine.get_or_none(models.CheckLine.id == line_id)
    if line is None:
        raise NotFound(_("There is no such line."), article=21)
    if line.handover.signed_out_by_id is not None:
        raise Conflict(_("The outgoing leader has signed; the check can no longer be changed."), article=21)
    return line


def _running_handover() -> models.Handover | None:
    handover = models.Handover
    running: models.Handover | None = (
        handover.select().where(handover.signed_in_by.is_null()).order_by(handover.started_at.desc()).first()
    )
    return running


def _handover(handover_id: int) -> models.Handover:
    handover: models.Handover | None = models.Handover.get_or_none(models.Handover.id == handover_id)
    if handover is None:
        raise NotFound(_("There is no such handover."), article=21)
    return handover


def _unsealed(handover_id: int) -> models.Handover:
    handover = _handover(handover_id)
    if handover.signed_in_by_id is not None:
        raise Conflict(
            _("This handover is sealed."), article=21, next_step=_("Write it in the next shift's log.")
        )
    return handover


def _view(
    log: models.ShiftLog,
    following: models.ShiftLog | None,
    handover: models.Handover | None,
    session: Session,
) -> HandoverView:
    now, reader = session.now, session.actor
    outgoing, incoming = duties_of_log(log), duties_of_log(following) if following is not None else []
    blockers = _blockers(handover) if handover is not None and handover.signed_out_by_id is None else []
    lines = _lines(handover) if handover is not None else []
    return HandoverView(
        log=view(log, now, reader),
        next_shift=shift_row(following, incoming) if following is not None else None,
        handover_id=handover.id if handover is not None else None,
        step=_step(handover, blockers),
        cutoff_at=handover.cutoff_at if handover is not None else None,
        lines=tuple(
            LineRow(n.id, Area(n.area), n.label, CheckValue(n.value), n.note, n.reported_to, n.visit_id)
            for n in lines
        ),
        items=item_rows(items_of(log), now, reader),
        visitors_inside=tuple(visit.visitor for visit in visits_inside()),
        blockers=tuple(blockers),
        outgoing=_signature(outgoing, handover, Side.OUTGOING),
        incoming=_signature(incoming, handover, Side.INCOMING),
        digest=log.digest,
        relief_rows=_relief_rows(outgoing, incoming, now),
    )


def _step(handover: models.Handover | None, blockers: Sequence[Blocker]) -> Step:
    if handover is None:
        return Step.WRITE
    if handover.signed_in_by_id is not None:
        return Step.SEALED
    if handover.signed_out_by_id is not None:
        return Step.SIGN_IN
    return Step.CHECK if blockers else Step.SIGN_OUT


def _signature(duties: Sequence[models.Duty], handover: models.Handover | None, side: Side) -> SignatureRow:
    rostered = tuple(named(person) for person in leaders(duties))
    if handover is None:
        return SignatureRow(rostered, "", None)
    if side is Side.OUTGOING:
        signer, at = handover.signed_out_by, handover.signed_out_at
    else:
        signer, at = handover.signed_in_by, handover.signed_in_at
    return SignatureRow(rostered, named(signer), at)


def _relief_rows(
    outgoing: Sequence[models.Duty], incoming: Sequence[models.Duty], now: datetime
) -> tuple[ReliefRow, ...]:
    limits = limits_at(now)
    came = arrivals_for(incoming, now)
    by_seat = {d.seat_id: d for d in incoming if d.seat_id and d.post != LEADER_POST}
    next_leader = next((d for d in incoming if d.post == LEADER_POST), None)
    rows = []
    for duty in outgoing:
        successor = next_leader if duty.post == LEADER_POST else by_seat.get(duty.seat_id)
        arrived_at = came.get(successor.id) if successor is not None else None
        early = relief_is_early(arrived_at, successor.starts_at, limits) if arrived_at and successor else None
        rows.append(
            ReliefRow(
                duty.seat.number if duty.seat_id else "",
                named(duty.person),
                named(successor.person) if successor is not None else "",
                arrived_at,
                early,
            )
        )
    return tuple(rows)
