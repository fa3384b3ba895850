"""One shift as the daily log holds it: read from the open data before sealing, from the sealed text after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

import models
from operations.addenda import addendum_lines
from operations.centre import limits_at
from operations.duties import duties_of_log, duty_record, leaders
from operations.handover_records import Line, handover_of, lines_of, record_of, stand_ins_of
from operations.passages import arrivals_for
from operations.recorded_ways import way_lines
from operations.reliefs import WAY_NAMES
from operations.shiftlog import entries_of, item_record, items_of
from regulation.daily_log import (
    AttendanceLine,
    CheckLine,
    DisputeLine,
    EntryLine,
    ItemLine,
    Named,
    ReliefLine,
    ShiftSection,
    SignatureLine,
    Told,
)
from regulation.handover import (
    SIGNER_NAMES,
    CheckValue,
    HandoverRecord,
    ItemState,
    LogState,
    Side,
    SignerKind,
    urgency,
)
from regulation.logbook import ENTRY_KINDS
from regulation.presence import PRESENCE_NAMES, came_as


def sealed_section(log: models.ShiftLog) -> ShiftSection:
    """Return a sealed log's section exactly as it was signed, with its digest and what was added after it."""
    return replace(
        msgspec.json.decode(log.sealed_content, type=ShiftSection),
        digest=log.digest,
        addenda=addendum_lines(log),
        counter_signatures=_counter_signatures(log),
    )


def section_of(log: models.ShiftLog, now: datetime) -> ShiftSection:
    """Return a log's section as the data says it now (inside a transaction)."""
    duties = duties_of_log(log)
    people = _attendance(duties, min(now, log.ends_at))
    handover = handover_of(log)
    items = sorted(items_of(log), key=lambda item: urgency(item_record(item), log.ends_at))
    section = ShiftSection(
        shift=log.shift_type.name,
        shift_en=log.shift_type.name_en,
        team=log.team.name if log.team_id else "",
        starts_at=log.starts_at,
        ends_at=log.ends_at,
        leaders=tuple(Named(p.name, p.work_number) for p in leaders(duties)),
        due=sum(1 for duty in duties if not duty.leave_kind),
        present=sum(1 for line in people if line.arrived_at is not None),
        people=people,
        entries=tuple(_entry(entry) for entry in entries_of(log)),
        items=tuple(_item(item) for item in items if item.state != ItemState.RESOLVED),
        state=LogState(log.state),
        cutoff_at=log.frozen_at,
    )
    section = replace(section, ways=way_lines(log, handover))
    return _with_handover(section, handover, now) if handover is not None else section


def _with_handover(section: ShiftSection, handover: models.Handover, now: datetime) -> ShiftSection:
    lines = lines_of(handover, now)
    disputed = [line for line in lines if line.value is CheckValue.DISPUTED]
    return replace(
        section,
        checklist=tuple(_check(line) for line in lines),
        disputes=tuple(
            DisputeLine(
                line.label,
                line.row.note,
                _named(handover.signed_out_by),
                _named(handover.signed_in_by),
                line.row.reported_to,
                line.row.reported_at,
            )
            for line in disputed
        ),
        reliefs=_reliefs(handover),
        signatures=_signatures(handover),
    )


def _named(person: models.Person | None) -> Named | None:
    return Named(person.name, person.work_number) if person is not None else None


def _attendance(duties: Sequence[models.Duty], now: datetime) -> tuple[AttendanceLine, ...]:
    came, limits = arrivals_for(duties, now), limits_at(now)
    return tuple(
        AttendanceLine(
            Named(duty.person.name, duty.person.work_number),
            duty.seat.number if duty.seat_id else "",
            PRESENCE_NAMES[came_as(duty_record(duty, needs_relief=True), came.get(duty.id), limits)],
            came.get(duty.id),
        )
        for duty in duties
    )


def _entry(entry: models.LogEntry) -> EntryLine:
    told = (Told(entry.told_whom, entry.told_at),) if entry.told_whom else ()
    line = EntryLine(
        entry.happened_at,
        ENTRY_KINDS[entry.kind],
        entry.text,
        Named(entry.author.name, entry.author.work_number),
        entry.entered_at,
        entry.seat,
        entry.asset,
        entry.department,
        told,
        entry.outcome,
        entry.vip,
        version=entry.version,
        count=entry.count,
        last_at=entry.last_at if entry.count > 1 else None,
        due_at=entry.due_at,
        attachments=tuple(entry.attachments),
        answered_at=entry.department_answered_at,
    )
    if not entry.confidential:
        return line
    # Art. 32: paper and exports carry a redaction mark; the words never reach what is printed or sealed.
    return replace(
        line, confidential=True, text="", asset="", department="", told=(), outcome="", attachments=()
    )


def _item(item: models.OpenItem) -> ItemLine:
    owner = item.owner.name if item.owner_id else ""
    if item.entry_id and item.entry.confidential:
        return ItemLine(
            "", ItemState(item.state), "", "", owner, item.vip, item.due_at, item.opened_at, confidential=True
        )
    return ItemLine(
        item.title,
        ItemState(item.state),
        item.reason,
        item.next_step,
        owner,
        item.vip,
        item.due_at,
        item.opened_at,
    )


def _check(line: Line) -> CheckLine:
    record = line.record
    return CheckLine(
        record.area,
        record.label,
        record.value,
        record.note,
        record.reported_to,
        record.subject,
        line.standing,
        line.standing_at,
    )


def _reliefs(handover: models.Handover) -> tuple[ReliefLine, ...]:
    relief = models.Relief
    lines = []
    for row in relief.select().where(relief.handover == handover.id).order_by(relief.outgoing_duty):
        before = row.outgoing_duty
        seat = before.seat.number if before.seat_id else ""
        way = WAY_NAMES.get(row.way, "")
        lines.append(ReliefLine(seat, _named(before.person), _named(row.incoming_person), row.at, way))
    return tuple(lines)


def _signatures(handover: models.Handover) -> tuple[SignatureLine, ...]:
    following = handover.incoming
    record = record_of(handover, following)
    given = (
        (Side.OUTGOING, handover.outgoing, handover.signed_out_by, handover.signed_out_at),
        (Side.INCOMING, following, handover.signed_in_by, handover.signed_in_at),
    )
    return tuple(
        _signature(side, log, person, at, record) for side, log, person, at in given if person and at
    )


def _signature(
    side: Side, log: models.ShiftLog | None, person: models.Person, at: datetime, record: HandoverRecord
) -> SignatureLine:
    right = record.signs_as(side, person.id)
    signed = SignatureLine(side, Named(person.name, person.work_number), at)
    if right is SignerKind.STAND_IN:
        reason = next(s.reason for s in stand_ins_of(log) if s.person_id == person.id)
        return replace(signed, right=SIGNER_NAMES[right], note=reason)
    return replace(signed, right=SIGNER_NAMES[right]) if right is SignerKind.OVERRIDE else signed


def _counter_signatures(log: models.ShiftLog) -> tuple[SignatureLine, ...]:
    """The signature that came after a log was closed alone; it is no part of what was sealed."""
    handover = handover_of(log)
    if handover is None or not handover.alone_reason:
        return ()
    return tuple(line for line in _signatures(handover) if line.side is Side.INCOMING)
