"""What leave takes of duties, shown on the roster (inside a transaction; Art. 35).

Leave of a whole duty marks it. Leave of a part cuts it: the duty is ``cut`` and its pieces, worked and on leave, stand
for it, so that everything that reads duties (handover, door, Today, attendance) follows by itself. Taken back, the
very duty stands again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import models
from locales import _
from operations.drafts import clear_draft, raise_versions
from operations.duties import CLEARED, CUT, DUE, add_piece
from operations.errors import Conflict
from operations.leave_records import TAKING, covered, duties_ahead, span_of
from regulation.handover import LogState
from regulation.leave import CoveredDuty, covered_duties
from regulation.leave_changes import LeaveState


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a duty: worked without a ``kind``, on leave with one."""

    from_at: datetime
    until_at: datetime
    kind: str = ""


def write_covered(request: models.LeaveRequest, pieces: Iterable[CoveredDuty]) -> None:
    """Write down what a request takes, in place of what was written before."""
    row = models.LeaveDuty
    row.delete().where(row.request == request.id).execute()
    for piece in pieces:
        _write(request, piece)


def look_again(
    request: models.LeaveRequest, now: datetime, first: date | None = None, last: date | None = None
) -> list[models.Duty]:
    """Bring what a request takes up to date with the roster, on all of its days or those of a span.

    A duty that has begun stays as it was written. Returns the duties that it takes or took something of.
    """
    first, last = (
        max(first or request.first_day, request.first_day),
        min(last or request.last_day, request.last_day),
    )
    row = models.LeaveDuty
    written = list(row.select().where(row.request == request.id, row.date >= first, row.date <= last))
    there = {duty.id: duty for duty in duties_of_ids(one.duty_id for one in written)}
    kept = [one for one in written if one.starts_at <= now and one.duty_id in there]
    begun = {one.starts_at for one in kept}
    fresh = [
        piece
        for piece in covered_duties(duties_ahead(request.person, first, last, now), span_of(request))
        if piece.duty.starts_at not in begun
    ]
    if set(fresh) != {covered(one) for one in written if one not in kept}:
        row.delete().where(row.id.in_([one.id for one in written if one not in kept] or [0])).execute()
        for piece in fresh:
            _write(request, piece)
    return duties_of_ids({*there, *(piece.duty.duty_id for piece in fresh)})


def duties_of_ids(ids: Iterable[int | None]) -> list[models.Duty]:
    """Return the duties of these that stand, whole or cut, in order of time."""
    duty = models.Duty
    wanted = sorted({number for number in ids if number is not None})
    query = duty.select().where(duty.id.in_(wanted or [0]), duty.state.in_((DUE, CUT)))
    return list(query.order_by(duty.starts_at, duty.id))


def duties_taken(request: models.LeaveRequest) -> list[models.Duty]:
    """Return the duties that a request takes something of."""
    row = models.LeaveDuty
    return duties_of_ids(one.duty_id for one in row.select().where(row.request == request.id))


def show_leave(duties: Sequence[models.Duty]) -> list[models.Duty]:
    """Let the roster say what leave in effect takes of each duty, no more and no less; returns those that changed.

    Raises :class:`Conflict` when something else was built on the pieces of a duty since.
    """
    changed = [duty for duty in duties if _show(duty)]
    raise_versions({duty.date for duty in changed})
    return changed


def drop_from_draft(duties: Sequence[models.Duty]) -> list[list[object]]:
    """Take out of the draft what is planned over duties on leave: published it could not be."""
    return clear_draft((duty.date, [duty.person_id]) for duty in duties)


def leave_follows_roster(now: datetime, first: date, last: date) -> None:
    """Let leave that was asked or accepted take the duties that now stand on its days, and no others (Art. 35).

    For whoever changes the roster from ``first`` to ``last``.
    """
    request = models.LeaveRequest
    query = request.select().where(
        request.state.in_(TAKING), request.first_day <= last, request.last_day >= first
    )
    for one in list(query.order_by(request.id)):
        duties = look_again(one, now, first, last)
        if one.state == LeaveState.ACCEPTED.value:
            show_leave(duties)


def _write(request: models.LeaveRequest, piece: CoveredDuty) -> None:
    models.LeaveDuty.create(
        request=request,
        date=piece.duty.date,
        duty=piece.duty.duty_id,
        part=str(piece.duty.part),
        starts_at=piece.duty.starts_at,
        ends_at=piece.duty.ends_at,
        from_at=piece.from_at,
        until_at=piece.until_at,
    )


# --- one duty -----------------------------------------------------------------------------------------------


def _show(duty: models.Duty) -> bool:
    wanted = _stretches(duty)
    if len(wanted) == 1:
        return _mark(duty, wanted[0].kind)
    pieces = _pieces(duty) if duty.state == CUT else []
    if [Stretch(p.starts_at, p.ends_at, p.leave_kind) for p in pieces] == wanted:
        return False
    # A shift that is being handed over, or was, keeps its duties: there leave counts in attendance alone.
    if not _log_is_open(duty):
        return False
    _clear(duty, pieces)
    models.Duty.update(state=CUT, leave_kind="").where(models.Duty.id == duty.id).execute()
    for stretch in wanted:
        add_piece(
            duty,
            duty.person_id,
            stretch.from_at,
            stretch.until_at,
            leave_kind=stretch.kind,
            relieved_at=duty.relieved_at,
        )
    return True


def _stretches(duty: models.Duty) -> list[Stretch]:
    """The whole of a duty in order of time: what leave in effect takes of it, and what is worked between."""
    row, request = models.LeaveDuty, models.LeaveRequest
    taken = (
        row.select(row, request)
        .join(request)
        .where(row.duty == duty.id, request.state == LeaveState.ACCEPTED.value)
        .order_by(row.from_at)
    )
    found: list[Stretch] = []
    at = duty.starts_at
    for one in taken:
        if one.from_at > at:
            found.append(Stretch(at, one.from_at))
        if found and found[-1].until_at == one.from_at and found[-1].kind == one.request.kind:
            found[-1] = Stretch(found[-1].from_at, one.until_at, one.request.kind)
        else:
            found.append(Stretch(one.from_at, one.until_at, one.request.kind))
        at = one.until_at
    if at < duty.ends_at:
        found.append(Stretch(at, duty.ends_at))
    return found


def _mark(duty: models.Duty, kind: str) -> bool:
    """Let the very duty stand, on leave or not."""
    if (duty.state, duty.leave_kind) == (DUE, kind):
        return False
    if duty.state == CUT:
        _clear(duty, _pieces(duty))
    models.Duty.update(state=DUE, leave_kind=kind).where(models.Duty.id == duty.id).execute()
    return True


def _pieces(duty: models.Duty) -> list[models.Duty]:
    row = models.Duty
    return list(row.select().where(row.replaces == duty.id, row.state == DUE).order_by(row.starts_at))


def _clear(duty: models.Duty, pieces: Sequence[models.Duty]) -> None:
    """Let the pieces of a cut duty stand no more; they must be all of it, and its shift not be handed over."""
    if duty.state != CUT:
        return
    length = sum(((piece.ends_at - piece.starts_at) for piece in pieces), start=duty.ends_at - duty.ends_at)
    if length != duty.ends_at - duty.starts_at:
        raise Conflict(
            _("The duty of {date} has changed again since the leave.").format(date=duty.date.isoformat()),
            article=35,
            next_step=_("Take the later change back first."),
        )
    if not _log_is_open(duty):
        raise Conflict(_("This shift is being handed over or is sealed."), article=21)
    models.Duty.update(state=CLEARED).where(models.Duty.id.in_([piece.id for piece in pieces])).execute()


def _log_is_open(duty: models.Duty) -> bool:
    log = models.ShiftLog
    shift = log.get_or_none(log.date == duty.date, log.shift_type == duty.shift_type_id)
    return shift is None or shift.state == LogState.OPEN
