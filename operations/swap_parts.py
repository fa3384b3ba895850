"""Which hours of a duty go in a swap, as people write it."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from locales import _
from operations.errors import Invalid
from regulation.swaps import ARTICLE, half_of

WHOLE, FIRST_HALF, SECOND_HALF = "", "first", "second"


def hours_named(
    text: str, starts_at: datetime, ends_at: datetime, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """Return from when to when ``text`` means; ``None`` stands for the duty's own start or end.

    Nothing is the whole duty, ``first`` and ``second`` its halves, ``23:00-02:00`` its hours by the centre's clock.
    Raises :class:`Invalid`.
    """
    if text == WHOLE:
        return None, None
    if text == FIRST_HALF:
        return None, half_of(starts_at, ends_at)
    if text == SECOND_HALF:
        return half_of(starts_at, ends_at), None
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.replace("–", "-").split("-"))
    except ValueError as error:
        raise Invalid(
            _("Hours are written like 23:00-02:00, or first, or second."), article=ARTICLE
        ) from error
    return _at(begin, starts_at, zone), _at(end, starts_at, zone)


def _at(clock: time, starts_at: datetime, zone: tzinfo) -> datetime:
    """The first instant from a duty's start on at which the centre's clock shows ``clock``."""
    local = starts_at.astimezone(zone)
    at = datetime.combine(local.date(), clock, zone)
    if at.astimezone(starts_at.tzinfo) < starts_at:
        at = datetime.combine(local.date() + timedelta(days=1), clock, zone)
    return at.astimezone(starts_at.tzinfo)
