"""Handing over a shift (Art. 21 to 23): freeze the content and check it together.

Freezing moves the live log to the next shift, so every later event is in the next log, exactly once. The two
signatures are in :mod:`operations.signing`, the ways through a handover that stands still in
:mod:`operations.standing`, what a screen shows in :mod:`operations.handover_view`.
"""

from __future__ import annotations

from datetime import timedelta

import models
from locales import N_, _
from operations.assets import assets_on_list
from operations.boundary import Session, reads, writes
from operations.duties import live_log, named
from operations.errors import Blocked, Conflict, Invalid, NotFound
from operations.findings import keep_finding
from operations.handover_records import (
    ASSET,
    ITEM,
    PERMIT,
    VISIT,
    clock_text,
    following_log,
    handover_of,
    item_mark,
    lines_of,
    log_by_id,
    open_hold,
    running_handover,
    unsealed,
    waiting_for_counter_signature,
)
from operations.handover_view import (
    HandoverView,
    LineRow,
    SignatureRow,
    Step,
    view_of,
)
from operations.log_rows import shown_title
from operations.permissions import Action
from operations.reliefs import ReliefRow
from operations.shiftlog import item_record, items_of, judge_abnormal_entries
from operations.signing import sign_in_take_over, sign_out
from operations.visits import visits_inside
from regulation.findings import Blocker
from regulation.handover import CHECK_NAMES, Area, CheckValue, ItemState, LogState, urgency
from regulation.ledger import instant_text

__all__ = [
    "CHECKLIST",
    "HandoverView",
    "LineRow",
    "ReliefRow",
    "SignatureRow",
    "Step",
    "check_all_in_order",
    "check_line",
    "handover_view",
    "report_dispute",
    "sign_in_take_over",
    "sign_out",
    "start_handover",
]

# Art. 21: the four areas, each with what is looked at. What else must be looked at is added at the start.
CHECKLIST: tuple[tuple[Area, str], ...] = (
    (Area.LOG, N_("Entries and open items read through")),
    (Area.CLEANLINESS, N_("Seats, floor and work clothes")),
    (Area.MACHINES, N_("Machines, lines and alarms")),
    (Area.MATERIAL, N_("Information material and keys")),
)
LONGEST_LABEL = 120
# A permit that nobody closed for a day is no longer running, it was forgotten: another day's finding.
PERMITS_BEHIND = timedelta(hours=24)


@reads(Action.READ_DESK)
def handover_view(session: Session, log_id: int | None = None) -> HandoverView | None:
    """Return the handover of a log; without one the handover to be made now.

    That is one that has started and is not sealed, else the live shift's.
    """
    if log_id is not None:
        log: models.ShiftLog | None = log_by_id(log_id)
        handover = handover_of(log_by_id(log_id))
    else:
        handover = running_handover()
        log = handover.outgoing if handover is not None else live_log(session.now)
    return view_of(log, handover, session) if log is not None else None


@writes(Action.HAND_OVER)
def start_handover(session: Session, log_id: int) -> int:
    """Freeze a log and begin its handover; returns the handover's id.

    From here on its content stands: what is written later belongs to the next shift (Art. 25 counts from this
    cut-off). It cannot be taken back. With no shift to follow the log is closed by one leader alone.
    """
    log = log_by_id(log_id)
    _check_start(session, log)
    judge_abnormal_entries(session, log)
    models.ShiftLog.update(state=LogState.FROZEN, frozen_at=session.now).where(
        models.ShiftLog.id == log_id
    ).execute()
    handover = models.Handover.create(
        outgoing=log,
        incoming=following_log(log, None),
        started_at=session.now,
        started_by=session.actor.person_id,
        cutoff_at=session.now,
    )
    _write_lines(handover, session)
    session.about(f"handover:{handover.id}", log=log_id, cutoff=instant_text(session.now))
    return int(handover.id)


@writes(Action.HAND_OVER)
def check_line(
    session: Session, line_id: int, value: CheckValue, note: str = "", seen: int | None = None
) -> None:
    """Set what both leaders found for a line: in order, none, or (with :func:`report_dispute`) disputed.

    ``seen`` is the version of the line that was looked at. Raises :class:`Conflict` when it is another by now.
    """
    line, mark = _changeable_line(line_id, seen)
    if value is CheckValue.DISPUTED and not note.strip():
        raise Invalid(_("Write down what the dispute is about."), article=23)
    _set_line(session, line, mark, value=value, note=note.strip(), reported_to="", reported_at=None)
    session.about(f"line:{line_id}", value=value.value, note=note.strip())


@writes(Action.HAND_OVER)
def check_all_in_order(session: Session, handover_id: int, area: Area | None = None) -> int:
    """Set every line that nobody has checked yet, of one area or all, in order; returns how many.

    What was checked or disputed stays as it is.
    """
    handover = unsealed(handover_id)
    _refuse_signed(handover)
    lines = [line for line in lines_of(handover, session.now) if line.value is CheckValue.UNCHECKED]
    chosen = [line for line in lines if area is None or line.record.area is area]
    for line in chosen:
        values = {"value": CheckValue.IN_ORDER, "note": "", "reported_to": "", "reported_at": None}
        _set_line(session, line.row, line.mark, **values)
    session.about(f"handover:{handover_id}", area=area.value if area else "", lines=len(chosen))
    return len(chosen)


@writes(Action.HAND_OVER)
def report_dispute(
    session: Session, line_id: int, note: str, reported_to: str, seen: int | None = None
) -> None:
    """Record a dispute as both sides see it, and the leader it was reported to (Art. 23)."""
    if not (note.strip() and reported_to.strip()):
        raise Invalid(_("A dispute needs both accounts and the leader it was reported to."), article=23)
    line, mark = _changeable_line(line_id, seen)
    values = {"value": CheckValue.DISPUTED, "note": note.strip(), "reported_to": reported_to.strip()}
    _set_line(session, line, mark, **values, reported_at=session.now)
    keep_finding(session, f"line:{line_id}", "handover_disputed", [f"line:{line_id}"], subject=line.label)
    session.about(f"line:{line_id}", note=note.strip(), reported_to=reported_to.strip())


def _check_start(session: Session, log: models.ShiftLog) -> None:
    if log.state != LogState.OPEN:
        begun = handover_of(log)
        raise Conflict(
            _("The handover of this shift has already begun: {name} at {time}.").format(
                name=named(begun.started_by) if begun else "",
                time=clock_text(begun.started_at) if begun else "",
            ),
            article=21,
        )
    if (running := running_handover()) is not None:
        raise Conflict(
            _("The handover of {date} is not finished.").format(date=running.outgoing.date.isoformat()),
            article=21,
            next_step=_("Finish that one first."),
        )
    if session.now < log.starts_at:
        raise Conflict(_("This shift has not begun."), article=21)
    if open_hold(log) is not None:
        raise Conflict(
            _("No handover takes place while it is held."), article=11, next_step=_("Lift the hold first.")
        )
    waiting = waiting_for_counter_signature()
    if waiting is not None and waiting.outgoing.starts_at < log.starts_at:
        text = N_("Counter-sign the shift of {date} first: it was closed alone")
        details = {"date": waiting.outgoing.date.isoformat()}
        raise Blocked([Blocker(21, "counter_sign_first", f"handover:{waiting.id}", text, details)])


def _write_lines(handover: models.Handover, session: Session) -> None:
    lines: list[tuple[Area, str, str]] = [(area, label, "") for area, label in CHECKLIST]
    items = [item for item in items_of(handover.outgoing) if item.state != ItemState.RESOLVED]
    items.sort(key=lambda item: urgency(item_record(item), session.now))
    lines += [(Area.LOG, shown_title(item), f"{ITEM}:{item.id}") for item in items]
    # A visitor still inside is something to hand over, by name (Art. 20, 21).
    for visit in visits_inside():
        label = f"{visit.visitor}({visit.unit})" if visit.unit else visit.visitor
        lines.append((Area.MACHINES, label, f"{VISIT}:{visit.id}"))
    lines += [
        (Area.LOG, f"{named(permit.person)} {permit.reason}", f"{PERMIT}:{permit.id}")
        for permit in _running_permits(session)
    ]
    lines += [(Area(asset.area), asset.name, f"{ASSET}:{asset.id}") for asset in assets_on_list()]
    for position, (area, label, subject) in enumerate(lines):
        kind, _colon, number = subject.partition(":")
        models.CheckLine.create(
            handover=handover,
            position=position,
            area=area,
            label=label[:LONGEST_LABEL],
            subject=subject,
            visit=int(number) if kind == VISIT else None,
        )


def _running_permits(session: Session) -> list[models.SeatLeave]:
    permit = models.SeatLeave
    query = permit.select().where(
        permit.returned_at.is_null(),
        permit.from_at <= session.now,
        permit.from_at > session.now - PERMITS_BEHIND,
    )
    return list(query.order_by(permit.from_at, permit.id))


def _changeable_line(line_id: int, seen: int | None) -> tuple[models.CheckLine, str]:
    """Return a line that may still be checked, and the mark of what it is about.

    What the caller saw must still stand: the second of two is told, and nothing is overwritten.
    """
    line: models.CheckLine | None = models.CheckLine.get_or_none(models.CheckLine.id == line_id)
    if line is None:
        raise NotFound(_("There is no such line."), article=21)
    _refuse_signed(line.handover)
    if seen is not None and seen != line.version:
        raise Conflict(
            _("{name} set this line to {value} at {time}.").format(
                name=named(line.checked_by),
                value=_(CHECK_NAMES[CheckValue(line.value)]),
                time=clock_text(line.checked_at),
            ),
            article=21,
            next_step=_("Look again, then repeat the change."),
        )
    if not line.subject.startswith(f"{ITEM}:"):
        return line, ""
    item = models.OpenItem.get_by_id(int(line.subject.partition(":")[2]))
    if item.state == ItemState.OPEN:
        raise Conflict(_("Resolve or carry the item first, then check it."), article=22)
    return line, item_mark(item)


def _refuse_signed(handover: models.Handover) -> None:
    if handover.signed_out_by_id is not None:
        raise Conflict(
            _("The outgoing leader has signed; the check can no longer be changed."),
            article=21,
            next_step=_("Until the relief signs, the outgoing signature can be withdrawn."),
        )


def _set_line(session: Session, line: models.CheckLine, mark: str, **values: object) -> None:
    models.CheckLine.update(
        **values,
        seen=mark,
        version=line.version + 1,
        checked_by=session.actor.person_id or None,
        checked_at=session.now,
    ).where(models.CheckLine.id == line.id).execute()
