"""The duties of a swap change hands, and come back (inside a transaction; Art. 38)."""

from __future__ import annotations

from collections.abc import Sequence

import models
from locales import _
from operations.drafts import SWAP, clear_draft
from operations.duties import CLEARED, DUE, SWAPPED, add_piece
from operations.errors import Conflict
from operations.swap_records import Given, parties_of
from regulation.handover import LogState
from regulation.swaps import ARTICLE, overlaps_itself, pieces_of


def hand_on(given: Given, version: int) -> None:
    """Let a duty's pieces stand for it, each with whoever holds it from now on.

    Post, seat and team stay with the duty. ``version`` is the roster's after the swap.
    """
    duty = given.duty
    models.Duty.update(state=SWAPPED).where(models.Duty.id == duty.id).execute()
    for piece in pieces_of(given.legs):
        add_piece(duty, piece.person_id, piece.from_at, piece.until_at, origin=SWAP, roster_version=version)


def take_back(given: Sequence[Given]) -> None:
    """Let the very duties stand again that a swap replaced.

    Raises :class:`Conflict` when something else was built on the swap, when a shift in it is being handed over, or
    when somebody was rostered anew for the hours that come back.
    """
    duty, originals = models.Duty, [one.duty.id for one in given]
    pieces = list(duty.select().where(duty.state == DUE, duty.replaces.in_(originals)))
    expected = sum(len(pieces_of(one.legs)) for one in given)
    untouched = all(one.duty.state == SWAPPED for one in given) and len(pieces) == expected
    if not untouched or any(piece.leave_kind for piece in pieces):
        raise Conflict(
            _("These duties have changed again since the swap."),
            article=ARTICLE,
            next_step=_("Take the later change back first."),
        )
    _require_logs_open(given)
    duty.update(state=CLEARED).where(duty.id.in_([piece.id for piece in pieces])).execute()
    duty.update(state=DUE).where(duty.id.in_(originals)).execute()
    for one in given:
        _require_apart(one.duty)


def clear_the_draft(given: Sequence[Given]) -> list[list[object]]:
    """Take out of the draft what is planned for the people and days of a swap: published it would undo the swap."""
    return clear_draft((one.duty.date, parties_of(one.legs)) for one in given)


def _require_logs_open(given: Sequence[Given]) -> None:
    log = models.ShiftLog
    for one in given:
        shift = log.get_or_none(log.date == one.duty.date, log.shift_type == one.duty.shift_type_id)
        if shift is not None and shift.state != LogState.OPEN:
            raise Conflict(_("This shift is being handed over or is sealed."), article=21)


def _require_apart(back: models.Duty) -> None:
    """Whoever gets a duty back may have been rostered anew for these hours meanwhile."""
    duty = models.Duty
    theirs = duty.select().where(
        duty.person == back.person_id,
        duty.state == DUE,
        duty.starts_at < back.ends_at,
        duty.ends_at > back.starts_at,
    )
    if overlaps_itself([(row.starts_at, row.ends_at) for row in theirs]):
        raise Conflict(
            _("{name} would have two duties at once on {date}.").format(
                name=back.person.name, date=back.date.isoformat()
            ),
            article=ARTICLE,
            next_step=_("Clear that duty first."),
        )
