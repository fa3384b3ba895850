"""What a swap does to the rest of everyone in it, told before anybody agrees (Art. 38; the limits name their source)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from operations.centre import zone
from operations.duties import named
from operations.rest_warnings import RestGround, rest_duty
from operations.swap_records import Given, parties_of
from regulation.rest import RestDuty, RestRule, RestWarning
from regulation.swaps import Leg, pieces_of

_WEEK = timedelta(days=7)
# The weeks after a swap over which its hours still count in the average.
_WEEKS_AFTER = 8
# Of these a greater value is better.
_MORE_IS_BETTER = frozenset({RestRule.DAILY_REST, RestRule.WEEKLY_REST, RestRule.NIGHT_TO_MORNING})


@dataclass(frozen=True, slots=True)
class SideWarning:
    """A warning that a swap would bring about, and whose rest it is."""

    person_id: int
    person: str
    warning: RestWarning


def rest_warnings(given: Sequence[Given], legs: Sequence[Leg], now: datetime) -> tuple[SideWarning, ...]:
    """Return what is wrong with the rest of each side after the swap and was not before, or was less so."""
    days, sides = [one.duty.date for one in given], parties_of(legs)
    first, last = min(days) - _WEEK, max(days) + _WEEKS_AFTER * _WEEK
    ground = RestGround.of(now, first, last, sides, with_draft=False)
    people = {p.id: p for p in models.Person.select().where(models.Person.id.in_(sides))}
    found = []
    for person_id in sides:
        before = {(one.rule, one.date): one for one in ground.warnings(person_id)}
        after = ground.warnings(person_id, _held_after(ground, given, person_id))
        found += [
            SideWarning(person_id, named(people[person_id]), warning)
            for warning in after
            if _is_worse(warning, before.get((warning.rule, warning.date)))
        ]
    return tuple(found)


def _held_after(ground: RestGround, given: Sequence[Given], person_id: int) -> list[RestDuty]:
    gone = {one.duty.starts_at for one in given if one.duty.person_id == person_id}
    held = [duty for duty in ground.duties.get(person_id, ()) if duty.starts_at not in gone]
    here = zone()
    for one in given:
        pause = 0 if one.duty.shift_type.hands_over else ground.limits["office_break_minutes"]
        held += [
            rest_duty(one.duty.date, piece.from_at, piece.until_at, pause, here)
            for piece in pieces_of(one.legs)
            if piece.person_id == person_id
        ]
    return sorted(held, key=lambda duty: duty.starts_at)


def _is_worse(warning: RestWarning, before: RestWarning | None) -> bool:
    if before is None:
        return True
    if warning.rule in _MORE_IS_BETTER:
        return warning.value < before.value
    return warning.value > before.value
