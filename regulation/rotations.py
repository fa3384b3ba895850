"""Rotations (轮班): a pattern of any number of days that teams repeat, each at its own place in it.

A pattern is a tuple of shift codes, empty for a free day. A team's place on a day is its distance from the anchor
date plus its offset, around the pattern. A rotation of day workers follows the calendar instead: its one shift is
worked on working days. Uses are dated: of a team's uses, the latest in effect on a day decides, so a team may
change its rotation, or stop.

The ready-made rotations are the customary ones. Hours a week are their published averages: with teams that share
the whole clock, 168 h divided by the number of teams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from regulation.marking import N_

FREE = ""
EARLY, MIDDLE, NIGHT = "early", "middle", "night"
DAY_12, NIGHT_12 = "day12", "night12"
OFFICE = "office"
LONGEST_PATTERN = 366


@dataclass(frozen=True, slots=True)
class Rotation:
    """A pattern with the offsets of the teams that share it.

    ``hours_a_week`` is the published average of one team; ``source`` is the cycle by its customary name. With
    ``working_days`` the pattern is one shift, worked when the calendar says so.
    """

    code: str
    name: str
    pattern: tuple[str, ...]
    offsets: tuple[int, ...]
    hours_a_week: float = 0.0
    source: str = ""
    name_en: str = ""
    working_days: bool = False

    @property
    def shifts(self) -> frozenset[str]:
        """The shift codes it needs."""
        return frozenset(self.pattern) - {FREE}


@dataclass(frozen=True, slots=True)
class RotationUse:
    """A team works a pattern from ``effective_from`` on; an empty pattern means that it stops."""

    pattern: tuple[str, ...]
    anchor: date
    offset: int
    effective_from: date
    working_days: bool = False


def _runs(*runs: tuple[str, int]) -> tuple[str, ...]:
    return tuple(code for code, days in runs for _day in range(days))


def _on_two_two_three(shift: str) -> tuple[str, ...]:
    return _runs((shift, 2), (FREE, 2), (shift, 3), (FREE, 2), (shift, 2), (FREE, 3))


READY_MADE: Mapping[str, Rotation] = MappingProxyType(
    {
        rotation.code: rotation
        for rotation in (
            Rotation(
                "4x3_8",
                N_("Four teams, three shifts, eight days"),
                _runs((EARLY, 2), (MIDDLE, 2), (NIGHT, 2), (FREE, 2)),
                (0, 6, 4, 2),
                42.0,
                "四班三运转：早早中中夜夜休休",
            ),
            Rotation(
                "4x3_4",
                N_("Four teams, three shifts, four days"),
                (EARLY, MIDDLE, NIGHT, FREE),
                (0, 3, 2, 1),
                42.0,
                "四班三运转：早中夜休",
            ),
            Rotation(
                "4x2",
                N_("Four teams, two long shifts"),
                (DAY_12, NIGHT_12, FREE, FREE),
                (0, 3, 2, 1),
                42.0,
                "四班两运转：白夜休休",
            ),
            Rotation(
                "5x3",
                N_("Five teams, three shifts"),
                _runs((EARLY, 2), (MIDDLE, 2), (NIGHT, 2), (FREE, 4)),
                (0, 8, 6, 4, 2),
                33.6,
                "五班三运转：早早中中夜夜休休休休",
            ),
            Rotation(
                "3x2",
                N_("Three teams, two long shifts"),
                (DAY_12, NIGHT_12, FREE),
                (0, 2, 1),
                56.0,
                "三班两运转：白夜休",
            ),
            # Backwards by the week: forwards, a Sunday's night would end in the Monday's early shift.
            Rotation(
                "3x3",
                N_("Three teams, three shifts, by the week"),
                _runs((NIGHT, 7), (MIDDLE, 7), (EARLY, 7)),
                (0, 14, 7),
                56.0,
                "三班三运转：一周夜、一周中、一周早",
            ),
            Rotation(
                "dupont",
                N_("DuPont, four teams, long shifts"),
                _runs(
                    (NIGHT_12, 4),
                    (FREE, 3),
                    (DAY_12, 3),
                    (FREE, 1),
                    (NIGHT_12, 3),
                    (FREE, 3),
                    (DAY_12, 4),
                    (FREE, 7),
                ),
                (0, 21, 14, 7),
                42.0,
                "DuPont: 4 nights, 3 free, 3 days, 1 free, 3 nights, 3 free, 4 days, 7 free",
            ),
            Rotation(
                "pitman",
                N_("Pitman 2-2-3, four teams, long shifts"),
                _on_two_two_three(DAY_12) + _on_two_two_three(NIGHT_12),
                (0, 14, 7, 21),
                42.0,
                "Pitman 2-2-3: two weeks of days, two weeks of nights",
            ),
            Rotation(
                "2x12",
                N_("Two days, two nights, four free"),
                _runs((DAY_12, 2), (NIGHT_12, 2), (FREE, 4)),
                (0, 6, 4, 2),
                42.0,
                "2×12: two days, two nights, four free",
            ),
            # The shift is nine hours with an hour's break in it (labour law: 40 h a week).
            Rotation(
                "5-2",
                N_("Day work on working days"),
                (OFFICE,),
                (0,),
                40.0,
                "5-2: working days, adjusted ones too",
                working_days=True,
            ),
        )
    }
)


def shift_on(pattern: Sequence[str], anchor: date, offset: int, day: date) -> str:
    """Return the shift code of a pattern on a day, empty for a free day; days before the anchor count back."""
    return pattern[((day - anchor).days + offset) % len(pattern)]


def use_in_effect(uses: Iterable[RotationUse], day: date) -> RotationUse | None:
    """Return the use that decides a day: the one that took effect last, or ``None`` before the first."""
    begun = [use for use in uses if use.effective_from <= day]
    return max(begun, key=lambda use: use.effective_from, default=None)


def planned_shifts(
    uses: Sequence[RotationUse], first: date, last: date, worked: frozenset[date]
) -> Iterator[tuple[date, str]]:
    """Yield each day from ``first`` to ``last`` that a rotation decides, with its shift code (empty: free).

    ``worked`` are the working days of the range. Days before the first use and after a stop are not decided.
    """
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        use = use_in_effect(uses, day)
        if use is None or not use.pattern:
            continue
        if use.working_days:
            yield day, use.pattern[0] if day in worked else FREE
        else:
            yield day, shift_on(use.pattern, use.anchor, use.offset, day)
