"""Shifts with seasons: duties are placed at the season's times, and what is rostered already is never torn apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from operations import drafts, publishing, roster, shift_seasons
from operations.errors import Conflict, Invalid, NotFound
from regulation.seasons import Season
from tests.centre import NOW, TODAY, Built, publish_days
from tests.operations.acts import LEADER, MANAGER, OPERATOR

SUMMER = Season("summer", "05-01", "09-30", 5 * 60 + 30, 480, date(2027, 1, 1))
EVE, FIRST = date(2027, 4, 30), date(2027, 5, 1)


def set_season(built: Built, season: Season = SUMMER, shift: str = "early") -> None:
    shift_seasons.set_shift_season(built.actors[MANAGER], NOW, shift, season)


def start_of(built: Built, day: date) -> datetime:
    month = roster.roster_month(built.actors[LEADER], NOW, day)
    (row,) = [row for row in month.rows if row.work_number == OPERATOR]
    cell = row.cells[month.days.index(day)]
    assert cell is not None
    return cell.starts_at


def test_duties_are_placed_at_the_seasons_times_by_hand_and_from_the_draft(centre: Built) -> None:
    set_season(centre)
    who, leader = centre.ids[OPERATOR], centre.actors[LEADER]
    publish_days(NOW, (who, EVE, "early"))
    drafts.paint_draft(leader, NOW, [drafts.Paint(who, FIRST, "early")])
    publishing.publish_draft(leader, NOW, FIRST, FIRST)
    assert start_of(centre, EVE) == datetime(2027, 4, 29, 22, 0, tzinfo=UTC)
    assert start_of(centre, FIRST) == datetime(2027, 4, 30, 21, 30, tzinfo=UTC)


def test_a_season_over_duties_that_stand_is_refused_and_says_from_when_it_may_count(centre: Built) -> None:
    publish_days(NOW, (centre.ids[OPERATOR], FIRST, "early"))
    with pytest.raises(Conflict, match="rostered in that time already, up to 2027-05-01") as refused:
        set_season(centre)
    assert "2027-05-02" in refused.value.next_step
    set_season(centre, replace(SUMMER, effective_from=FIRST + timedelta(days=1)))
    set_season(centre, shift="middle")
    shown = [
        (row.shift, row.season.effective_from)
        for row in shift_seasons.shift_seasons(centre.actors[LEADER], NOW)
    ]
    assert shown == [("early", date(2027, 5, 2)), ("middle", date(2027, 1, 1))]


def test_a_season_may_end_but_not_under_duties_placed_by_it(centre: Built) -> None:
    set_season(centre)
    manager = centre.actors[MANAGER]
    publish_days(NOW, (centre.ids[OPERATOR], FIRST, "early"))
    with pytest.raises(Conflict, match="rostered in that time"):
        shift_seasons.retire_shift_season(manager, NOW, "early", "summer", FIRST)
    shift_seasons.retire_shift_season(manager, NOW, "early", "summer", FIRST + timedelta(days=1))
    with pytest.raises(NotFound, match="has no season summer"):
        shift_seasons.retire_shift_season(manager, NOW, "early", "summer", FIRST + timedelta(days=9))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_day": "05-32"}, "written like 05-01"),
        ({"last_day": "5-1"}, "written like 05-01"),
        ({"last_day": "W01-1"}, "written like 05-01"),
        ({"start_minute": 1440}, "begins within its day"),
        ({"duration_minutes": 1441}, "at most 24 hours"),
        ({"effective_from": TODAY - timedelta(days=1)}, "past"),
        ({"code": "Summer!"}, "cannot be a code"),
    ],
)
def test_a_season_that_cannot_be_is_refused(
    sqlite_centre: Built, change: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        set_season(sqlite_centre, replace(SUMMER, **change))  # type: ignore[arg-type]
