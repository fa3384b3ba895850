"""Which days, halves and hours leave is for, as people write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from locales import _
from operations.boundary import Session, reads
from operations.centre import zone
from operations.errors import Invalid
from operations.leave import asker_of
from operations.leave_records import ARTICLE, duties_ahead
from operations.permissions import Action
from operations.swap_parts import FIRST_HALF, SECOND_HALF, WHOLE, hours_named
from regulation.leave import Extent, LeaveSpan


@dataclass(frozen=True, slots=True)
class DayPart:
    """A day, and which part of its duty: ``""`` the whole, ``first`` or ``second`` half, or hours as ``23:00-02:00``."""

    day: date
    part: str = WHOLE


@reads(Action.ASK_LEAVE)
def leave_span(session: Session, begins: DayPart, ends: DayPart, on_behalf_of: str = "") -> LeaveSpan:
    """Return the span from one day to another: it may begin in the middle of the first and end in that of the last.

    Hours are those of the duty of the one day. Raises :class:`Invalid` for parts that do not go together.
    """
    if begins.part not in (WHOLE, FIRST_HALF, SECOND_HALF):
        return _by_the_hour(session, begins, ends, on_behalf_of)
    one_day = begins.day == ends.day
    if not one_day and (begins.part == FIRST_HALF or ends.part == SECOND_HALF):
        raise Invalid(
            _("Leave of several days may begin with the second half and end with the first."),
            article=ARTICLE,
        )
    halves = {WHOLE: Extent.WHOLE, FIRST_HALF: Extent.FIRST_HALF, SECOND_HALF: Extent.SECOND_HALF}
    if ends.part not in halves:
        raise Invalid(_("Leave by the hour lies within one duty."), article=ARTICLE)
    return LeaveSpan(begins.day, ends.day, halves[begins.part], halves[ends.part])


def _by_the_hour(session: Session, begins: DayPart, ends: DayPart, on_behalf_of: str) -> LeaveSpan:
    if begins.day != ends.day:
        raise Invalid(_("Leave by the hour lies within one duty."), article=ARTICLE)
    duties = duties_ahead(asker_of(session, on_behalf_of), begins.day, begins.day, session.now)
    if not duties:
        raise Invalid(_("No duty is rostered on that day."), article=ARTICLE)
    duty = duties[0]
    from_at, until_at = hours_named(begins.part, duty.starts_at, duty.ends_at, zone())
    return LeaveSpan(begins.day, begins.day, from_at=from_at, until_at=until_at)
