"""Permits to be away from one's seat (Art. 14)."""

from __future__ import annotations

from datetime import timedelta

import models
from locales import _
from operations.boundary import Session, writes
from operations.centre import limits_at
from operations.duties import active_duties
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.people import person_by_number
from operations.permissions import Action

LONGEST_MINUTES = 120


@writes(Action.PERMIT_SEAT_LEAVE)
def permit_seat_leave(session: Session, work_number: str, reason: str, minutes: int) -> int:
    """Permit someone on duty to leave their seat for ``minutes`` from now; returns the permit's id.

    Nobody permits themselves, and one permit runs at a time.
    """
    person = person_by_number(work_number)
    if person.id == session.actor.person_id:
        raise NotPermitted(
            _("Nobody approves their own request."), article=14, next_step=_("Ask another leader.")
        )
    if not reason.strip():
        raise Invalid(_("A permit needs a reason."), article=14)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_("A permit lasts from 1 to {most} minutes.").format(most=LONGEST_MINUTES), article=14)
    lookback = limits_at(session.now).minutes("relief_lookback_minutes")
    duty = (
        active_duties()
        .where(
            models.Duty.person == person.id,
            models.Duty.starts_at <= session.now,
            models.Duty.ends_at > session.now - lookback,
            models.Duty.relieved_at.is_null(),
        )
        .order_by(models.Duty.starts_at.desc())
        .first()
    )
    if duty is None:
        raise Conflict(_("{name} is not on duty now.").format(name=person.name), article=14)
    if _running(person.id) is not None:
        raise Conflict(_("{name} has a permit that is still running.").format(name=person.name), article=14)
    permit = models.SeatLeave.create(
        person=person,
        duty=duty,
        reason=reason.strip(),
        from_at=session.now,
        back_by=session.now + timedelta(minutes=minutes),
        approved_by=session.actor.person_id,
    )
    session.about(f"permit:{permit.id}", work_number=work_number, minutes=minutes)
    return int(permit.id)


@writes(Action.PERMIT_SEAT_LEAVE)
def close_permit(session: Session, permit_id: int) -> None:
    """Close a permit by hand: the person is back, or never went."""
    changed = (
        models.SeatLeave.update(returned_at=session.now)
        .where(models.SeatLeave.id == permit_id, models.SeatLeave.returned_at.is_null())
        .execute()
    )
    if not changed:
        raise NotFound(_("There is no such running permit."), article=14)
    session.about(f"permit:{permit_id}")


def _running(person_id: int) -> models.SeatLeave | None:
    permit: models.SeatLeave | None = models.SeatLeave.get_or_none(
        models.SeatLeave.person == person_id, models.SeatLeave.returned_at.is_null()
    )
    return permit
