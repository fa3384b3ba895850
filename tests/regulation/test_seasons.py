"""Shifts with seasons: other times over a part of each year, also over the new year."""

from __future__ import annotations

from datetime import date

import pytest

from regulation.seasons import Season, times_on

USUAL = (360, 480)
FROM = date(2026, 1, 1)
SUMMER = Season("summer", "05-01", "09-30", 330, 480, FROM)
WINTER = Season("winter", "11-01", "02-29", 420, 480, FROM)


@pytest.mark.parametrize(
    ("day", "times"),
    [
        (date(2026, 4, 30), USUAL),
        (date(2026, 5, 1), (330, 480)),
        (date(2026, 9, 30), (330, 480)),
        (date(2026, 10, 1), USUAL),
        (date(2026, 10, 31), USUAL),
        (date(2026, 11, 1), (420, 480)),
        (date(2028, 2, 29), (420, 480)),
        (date(2027, 2, 28), (420, 480)),
        (date(2027, 3, 1), USUAL),
    ],
)
def test_a_season_holds_from_its_first_day_to_its_last(day: date, times: tuple[int, int]) -> None:
    assert times_on(USUAL, [SUMMER, WINTER], day) == times


def test_a_season_counts_from_the_day_it_takes_effect() -> None:
    late = Season("summer", "05-01", "09-30", 330, 480, date(2026, 6, 1))
    assert times_on(USUAL, [late], date(2026, 5, 31)) == USUAL
    assert times_on(USUAL, [late], date(2026, 6, 1)) == (330, 480)


def test_a_changed_season_counts_anew_and_a_retired_one_no_more() -> None:
    shorter = Season("summer", "06-01", "08-31", 345, 480, date(2027, 1, 1))
    ended = Season("summer", "06-01", "08-31", 345, 480, date(2028, 1, 1), retired=True)
    changes = [ended, shorter, SUMMER]
    assert times_on(USUAL, changes, date(2026, 5, 1)) == (330, 480)
    assert times_on(USUAL, changes, date(2027, 5, 1)) == USUAL
    assert times_on(USUAL, changes, date(2027, 6, 1)) == (345, 480)
    assert times_on(USUAL, changes, date(2028, 6, 1)) == USUAL


def test_of_two_seasons_over_one_day_the_one_that_took_effect_last_wins() -> None:
    games = Season("games", "07-01", "07-15", 300, 480, date(2026, 3, 1))
    for order in ([games, SUMMER], [SUMMER, games]):
        assert times_on(USUAL, order, date(2026, 7, 15)) == (300, 480)
        assert times_on(USUAL, order, date(2026, 7, 16)) == (330, 480)
