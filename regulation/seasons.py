"""Shifts with seasons (夏令作息, 冬令作息): other times of a shift over a part of each year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Season:
    """A shift's times from ``first_day`` to ``last_day`` of each year (``05-01``), from ``effective_from`` on.

    A season may reach over the new year. ``retired`` takes the season of this code away from that day on. The times
    are local: minutes after midnight, and minutes by the clock.
    """

    code: str
    first_day: str
    last_day: str
    start_minute: int
    duration_minutes: int
    effective_from: date
    retired: bool = False

    def holds(self, day: date) -> bool:
        """Whether a day lies in the season, whatever year it is."""
        at = f"{day:%m-%d}"
        if self.first_day <= self.last_day:
            return self.first_day <= at <= self.last_day
        return at >= self.first_day or at <= self.last_day


def times_on(usual: tuple[int, int], seasons: Iterable[Season], day: date) -> tuple[int, int]:
    """Return a shift's start minute and length in minutes on a day; ``seasons`` are those of this shift.

    Of each code the change in effect counts. Where two seasons hold the day, the one that took effect last wins.
    """
    in_force: dict[str, Season] = {}
    for season in sorted(seasons, key=lambda s: (s.effective_from, s.code)):
        if season.effective_from <= day:
            in_force.pop(season.code, None)
            in_force[season.code] = season
    for season in reversed(in_force.values()):
        if not season.retired and season.holds(day):
            return season.start_minute, season.duration_minutes
    return usual
