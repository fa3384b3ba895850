"""A handover as its operations see it (inside a transaction): its lines, what blocks, who may sign, what follows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import models
from locales import N_, _
from operations.centre import zone
from operations.duties import DUE, duties_of_log, leaders, log_after, named, signing_leaders
from operations.errors import Conflict, NotFound
from operations.log_rows import shown_title
from operations.sealing import item_is_secret
from operations.shiftlog import item_record, items_of
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
)
from regulation.records import VisitState

ITEM, VISIT, PERMIT, ASSET = "item", "visit", "permit", "asset"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the joint check with what became of its subject. ``row`` is what is stored of it.

    ``standing`` is a message ("has left"), ``standing_at`` since when.
    """

    row: models.CheckLine
    label: str
    value: CheckValue
    mark: str = ""
    standing: str = ""
    standing_at: datetime | None = None

    @property
    def record(self) -> LineRecord:
        """The line as the rules see it."""
        row, settled = self.row, self.value is not CheckValue.UNCHECKED
        return LineRecord(
            row.id,
            Area(row.area),
            self.label,
            self.value,
            row.note if settled else "",
            row.reported_to if settled else "",
            row.subject,
        )


def handover_by_id(handover_id: int) -> models.Handover:
    """Return a handover. Raises :class:`NotFound`."""
    handover: models.Handover | None = models.Handover.get_or_none(models.Handover.id == handover_id)
    if handover is None:
        raise NotFound(_("There is no such handover."), article=21)
    return handover


def log_by_id(log_id: int) -> models.ShiftLog:
    """Return a shift's log. Raises :class:`NotFound`."""
    log: models.ShiftLog | None = models.ShiftLog.get_or_none(models.ShiftLog.id == log_id)
    if log is None:
        raise NotFound(_("There is no such log."), article=21)
    return log


def unsealed(handover_id: int) -> models.Handover:
    """Return a handover that still runs. Raises :class:`Conflict` for one that is sealed."""
    handover = handover_by_id(handover_id)
    if handover.outgoing.state == LogState.SEALED:
        raise Conflict(
            _("This handover is sealed."), article=21, next_step=_("Write it in the next shift's log.")
        )
    return handover


def handover_of(log: models.ShiftLog) -> models.Handover | None:
    """Return the handover of a log, once it has started."""
    handover: models.Handover | None = models.Handover.get_or_none(models.Handover.outgoing == log.id)
    return handover


def running_handover() -> models.Handover | None:
    """Return the handover that has started and is not sealed; at most one is."""
    handover = models.Handover
    running: models.Handover | None = (
        handover.select()
        .join(models.ShiftLog, on=(handover.outgoing == models.ShiftLog.id))
        .where(models.ShiftLog.state != LogState.SEALED)
        .order_by(handover.started_at.desc())
        .first()
    )
    return running


def waiting_for_counter_signature() -> models.Handover | None:
    """Return the oldest handover that one leader closed alone and nobody has counter-signed."""
    handover = models.Handover
    waiting: models.Handover | None = (
        handover.select()
        .join(models.ShiftLog, on=(handover.outgoing == models.ShiftLog.id))
        .where(models.ShiftLog.state == LogState.SEALED, handover.signed_in_by.is_null())
        .order_by(models.ShiftLog.starts_at)
        .first()
    )
    return waiting


def following_log(log: models.ShiftLog, handover: models.Handover | None) -> models.ShiftLog | None:
    """Return the log that takes over from ``log``: the one that did, else the open one of the shift after it."""
    if handover is not None and log.state == LogState.SEALED:
        took_over: models.ShiftLog | None = handover.incoming
        return took_over
    following = log_after(log)
    # A shift that was handed over itself takes nothing over any more.
    return following if following is not None and following.state == LogState.OPEN else None


def open_hold(log: models.ShiftLog) -> models.HandoverHold | None:
    """Return the hold that is on a log's handover."""
    hold = models.HandoverHold
    held: models.HandoverHold | None = (
        hold.select().where(hold.log == log.id, hold.lifted_at.is_null()).order_by(hold.id.desc()).first()
    )
    return held


def stand_ins_of(log: models.ShiftLog | None) -> list[models.StandIn]:
    """Return who stands in for a shift's leader, in order of record."""
    stand_in = models.StandIn
    if log is None:
        return []
    return list(stand_in.select().where(stand_in.log == log.id).order_by(stand_in.id))


def overrides_of(handover: models.Handover | None) -> list[models.HandoverOverride]:
    """Return what higher leaders have overridden in a handover."""
    override = models.HandoverOverride
    if handover is None:
        return []
    return list(override.select().where(override.handover == handover.id).order_by(override.id))


def side_subject(side: Side) -> str:
    """Return the subject of an override that lets a higher leader sign ``side``."""
    return f"side:{side}"


def record_of(
    handover: models.Handover,
    following: models.ShiftLog | None,
    duties: Mapping[Side, Sequence[models.Duty]] | None = None,
) -> HandoverRecord:
    """Return a handover as the rules see it; ``following`` is the log that takes over.

    ``duties`` are those of both sides, for a caller who has read them already.
    """
    sides = ((Side.OUTGOING, handover.outgoing), (Side.INCOMING, following))
    if duties is None:
        duties = {side: duties_of_log(log) if log is not None else [] for side, log in sides}
    overrides = overrides_of(handover)
    return HandoverRecord(
        handover.id,
        handover.cutoff_at,
        frozenset(p.id for p in signing_leaders(duties[Side.OUTGOING], Side.OUTGOING)),
        frozenset(p.id for p in signing_leaders(duties[Side.INCOMING], Side.INCOMING)),
        handover.signed_out_by_id,
        handover.signed_in_by_id,
        frozenset((side, s.person_id) for side, log in sides for s in stand_ins_of(log)),
        frozenset(
            (side, o.overridden_by_id) for side in Side for o in overrides if o.subject == side_subject(side)
        ),
        open_hold(handover.outgoing) is not None,
        following is not None,
    )


def may_lead(log: models.ShiftLog, person_id: int) -> bool:
    """Whether someone leads a shift: rostered to, or standing in."""
    rostered = {p.id for p in leaders(duties_of_log(log))}
    return person_id in rostered | {s.person_id for s in stand_ins_of(log)}


def lines_of(handover: models.Handover, at: datetime) -> list[Line]:
    """Return the lines of the joint check as they stand at ``at``, in order.

    An item that is still open is no line yet: it blocks by itself until it is resolved or carried.
    """
    row = models.CheckLine
    rows = list(row.select().where(row.handover == handover.id).order_by(row.position, row.id))
    items = {f"{ITEM}:{item.id}": item for item in items_of(handover.outgoing)}
    lines = []
    for line in rows:
        kind = line.subject.partition(":")[0]
        if kind != ITEM:
            standing, since = _standing(line.subject, at)
            lines.append(Line(line, line.label, CheckValue(line.value), standing=standing, standing_at=since))
        elif (item := items.get(line.subject)) is not None and item.state != ItemState.OPEN:
            lines.append(_item_line(line, item))
    return lines


def _item_line(line: models.CheckLine, item: models.OpenItem) -> Line:
    mark = item_mark(item)
    value = CheckValue(line.value) if line.seen == mark else CheckValue.UNCHECKED
    standing = N_("carried") if item.state == ItemState.CARRIED else N_("resolved")
    return Line(line, shown_title(item), value, mark, standing, item.closed_at)


def item_mark(item: models.OpenItem) -> str:
    """Return what an item's record says, in 16 hexadecimal digits: a check counts for what was seen."""
    said = f"{item.state}\x1f{item.title}\x1f{item.outcome}\x1f{item.reason}\x1f{item.next_step}"
    if item_is_secret(item):
        # Its words are under the cipher, whose text changes with the key: when it was decided stands for what.
        said += f"\x1f{item.decided_at}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _standing(subject: str, at: datetime) -> tuple[str, datetime | None]:
    kind, _colon, number = subject.partition(":")
    if kind == VISIT:
        visit = models.Visit.get_by_id(int(number))
        left = visit.state != VisitState.INSIDE and visit.left_at is not None and visit.left_at <= at
        return (N_("has left"), visit.left_at) if left else ("", None)
    if kind == PERMIT:
        permit = models.SeatLeave.get_by_id(int(number))
        if permit.returned_at is not None and permit.returned_at <= at:
            return N_("is back"), permit.returned_at
        return (N_("the permit has run out"), permit.back_by) if permit.back_by < at else ("", None)
    return "", None


def blockers_of(handover: models.Handover, at: datetime) -> list[Blocker]:
    """Return what still blocks the outgoing signature; what a higher leader has overridden blocks no more."""
    items = [item_record(item) for item in items_of(handover.outgoing)]
    found = sign_out_blockers([line.record for line in lines_of(handover, at)], items)
    overridden = {(o.code, o.subject) for o in overrides_of(handover)}
    return [blocker for blocker in found if (blocker.code, blocker.subject) not in overridden]


def version_of(handover: models.Handover) -> str:
    """Return what a signature would stand for, in 16 hexadecimal digits; any change to it changes them.

    The signatures themselves are no part of it: the second one stands for the same content as the first.
    """
    line = models.CheckLine
    rows = line.select(line.id, line.version).where(line.handover == handover.id).order_by(line.id)
    parts = [f"{row.id}.{row.version}" for row in rows]
    parts += [f"{item.id}.{item_mark(item)}" for item in items_of(handover.outgoing)]
    parts += [f"o{override.id}" for override in overrides_of(handover)]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def require_seen(handover: models.Handover, seen: str) -> None:
    """Raise :class:`Conflict` when a handover is not any more what someone saw (``HandoverView.version``)."""
    if not seen or seen == version_of(handover):
        return
    line = models.CheckLine
    last = (
        line.select()
        .where(line.handover == handover.id, line.checked_at.is_null(False))
        .order_by(line.checked_at.desc(), line.version.desc())
        .first()
    )
    text = _("The handover has changed since you looked.")
    if last is not None:
        text = _("The handover has changed since you looked; {name} checked a line at {time}.").format(
            name=named(last.checked_by), time=clock_text(last.checked_at)
        )
    raise Conflict(text, article=21, next_step=_("Look again, then sign."))


def clock_text(at: datetime) -> str:
    """Return an instant as the centre's clock shows it, for a sentence."""
    return f"{at.astimezone(zone()):%m-%d %H:%M}"


def unsealed_logs_before(now: datetime) -> list[models.ShiftLog]:
    """Return the shifts that are over and whose log nobody has sealed, oldest first.

    A log that nobody led and nobody wrote in holds nothing to hand over.
    """
    log, duty = models.ShiftLog, models.Duty
    rows = list(log.select().where(log.state != LogState.SEALED, log.ends_at <= now).order_by(log.starts_at))
    ids, days = [row.id for row in rows] or [0], [row.date for row in rows] or [now.date()]
    rostered = duty.select(duty.date, duty.shift_type).where(duty.date.in_(days), duty.state == DUE)
    led = {(row.date, row.shift_type_id) for row in rostered.distinct()}
    used = {
        row.log_id
        for table in (models.LogEntry, models.OpenItem, models.StandIn)
        for row in table.select(table.log).where(table.log.in_(ids)).distinct()
    }
    return [row for row in rows if row.id in used or (row.date, row.shift_type_id) in led]
