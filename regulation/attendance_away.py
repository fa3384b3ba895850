"""Times away from the room within a duty, with or without a permit (Art. 14, 24), and the time spent in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from regulation.attendance_evidence import Pass, Stay
from regulation.attendance_facts import Excused, Expected
from regulation.findings import Finding
from regulation.limits import Limits
from regulation.records import DutyRecord, PermitRecord
from regulation.relief import leaving_finding, return_finding
from regulation.values import value

FETCHING_A_VISITOR = "visitor"
_MINUTE = timedelta(minutes=1)


@value
class AwaySpell:
    """A time outside within a duty. ``back_at`` is ``None`` when nobody saw them come back.

    ``returned`` says that they were inside again later; not ``sure`` is one whose passes have a suspect clock.

    ``excused_by`` leads to the permit or the leave that covered going (``permit:8``, ``leave:5``), says ``visitor`` for
    fetching one who waited (Art. 20), and is empty without any. ``evidence`` are the two passes.
    """

    from_at: datetime
    back_at: datetime | None
    excused_by: str = ""
    evidence: tuple[str, ...] = ()
    returned: bool = True
    sure: bool = True


def away_spells(stays: Sequence[Stay], expected: Expected) -> tuple[AwaySpell, ...]:
    """Return the times outside between the start and the end of what is expected, in order.

    Coming late is no time away, and going once one is free to go is none either.
    """
    spells = []
    for stay, following in pairwise([*stays, None]):
        if stay is None or stay.left is None or stay.left.by_word:
            continue
        left = stay.left
        if not expected.begins_at <= left.at < expected.ends_at:
            continue
        # Who comes in after the end comes for something else.
        next_stay = following if following and following.not_before < expected.ends_at else None
        back = next_stay.entered if next_stay is not None else None
        seen = [left, *([back] if back is not None else [])]
        spells.append(
            AwaySpell(
                left.at,
                back.at if back is not None else None,
                _excused_by(left, expected.excused),
                tuple(p.id for p in seen),
                next_stay is not None,
                not any(p.clock_suspect for p in seen),
            )
        )
    return tuple(spells)


def minutes_inside(stays: Iterable[Stay], expected: Expected) -> int:
    """Return the whole minutes within what is expected in which the person was surely in the room."""
    inside, begins_at, ends_at = timedelta(), expected.begins_at, expected.ends_at
    for stay in stays:
        begin, end = max(stay.known_from, begins_at), min(stay.known_until, ends_at)
        if begin < end:
            inside += end - begin
    return inside // _MINUTE


# Art. 14: a seat is left with a permit only, and until its minute. Art. 24: near the end, only after the relief.
def away_findings(
    duty: DutyRecord, spells: Iterable[AwaySpell], permits: Sequence[PermitRecord], limits: Limits
) -> list[Finding]:
    """Return what is to be said of the spells. Office hours bind nobody to a seat; a suspect clock accuses nobody."""
    if not duty.bound_to_seat:
        return []
    by_id = {f"permit:{p.id}": p for p in permits}
    found = [
        _away_finding(duty, spell, by_id.get(spell.excused_by), limits)
        for spell in spells
        if spell.sure and (not spell.excused_by or spell.excused_by in by_id)
    ]
    return [finding for finding in found if finding is not None]


def _away_finding(
    duty: DutyRecord, spell: AwaySpell, permit: PermitRecord | None, limits: Limits
) -> Finding | None:
    if permit is None:
        found = leaving_finding(duty, None, spell.from_at, limits)
    elif spell.back_at is not None:
        found = return_finding(permit, spell.back_at, limits)
    elif not spell.returned and permit.back_by < duty.ends_at:
        found = leaving_finding(duty, None, permit.back_by, limits)
    else:
        found = None
    return found and found.shown_by(*spell.evidence)


# Art. 24: who hands over to a relief stays until the relief has signed, also past the end of the duty.
def unrelieved_exit(duty: DutyRecord, left_at: datetime | None, limits: Limits) -> Finding | None:
    """Return the finding for going at the end or later although the relief had not taken over; ``None`` otherwise."""
    if left_at is None or not (duty.bound_to_seat and duty.needs_relief) or left_at < duty.ends_at:
        return None
    if duty.relieved_at is not None and duty.relieved_at <= left_at:
        return None
    if left_at >= duty.ends_at + limits.minutes("relief_lookback_minutes"):
        return None
    return leaving_finding(duty, None, left_at, limits)


def _excused_by(left: Pass, excused: Iterable[Excused]) -> str:
    if left.for_visitor:
        return FETCHING_A_VISITOR
    return next((e.evidence for e in excused if e.from_at <= left.at <= e.until_at), "")
