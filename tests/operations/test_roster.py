"""The roster: one duty a day, never overlapping, never in the past, and right over midnight and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import models
from operations import centre as centres
from operations import drafts, people, publishing, roster, store
from operations.boundary import SYSTEM
from operations.drafts import CellChange
from operations.errors import Conflict, Invalid, NotFound
from regulation.records import PersonStatus
from regulation.roles import Role
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built, publish_days
from tests.operations.acts import (
    LEADER,
    MINUTE,
    OPERATOR,
    SECOND,
    current_log,
    entry,
    row_counts,
    started_handover,
)

DAY = date(2026, 12, 10)
EVE = DAY - timedelta(days=1)


def put(built: Built, day: date, shift: str | None, at: datetime = NOW, number: str = OPERATOR) -> CellChange:
    """Plan one day and publish it."""
    (change,) = publish_days(at, (built.ids[number], day, shift))
    return change


def cell(built: Built, day: date, number: str = OPERATOR) -> roster.RosterCell | None:
    month = roster.roster_month(built.actors[LEADER], NOW, day)
    (row,) = [row for row in month.rows if row.work_number == number]
    return row.cells[month.days.index(day)]


def test_a_duty_stands_where_it_was_put_with_its_absolute_times(centre: Built) -> None:
    change = put(centre, DAY, "early")
    assert (change.before, change.after) == (None, "early")
    found = cell(centre, DAY)
    assert found is not None
    assert (found.short, found.seat, found.post, found.origin) == ("早", "01", "operator", "manual")
    assert found.starts_at == datetime(2026, 12, 9, 22, 0, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 12, 10, 6, 0, tzinfo=UTC)


def test_a_night_crosses_midnight_and_the_month_and_belongs_to_the_day_it_began(centre: Built) -> None:
    last = date(2026, 12, 31)
    put(centre, last, "night")
    found = cell(centre, last)
    assert found is not None
    assert found.starts_at == datetime(2026, 12, 31, 14, 0, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
    assert cell(centre, date(2027, 1, 1)) is None


def test_publishing_replaces_what_stands_and_the_change_can_be_taken_back(centre: Built) -> None:
    put(centre, DAY, "early")
    change = put(centre, DAY, "middle")
    assert (change.before, change.after) == ("early", "middle")
    back = put(centre, DAY, change.before)
    assert (back.before, back.after) == ("middle", "early")
    cleared = put(centre, DAY, None)
    assert (cleared.before, cleared.after) == ("early", None)
    assert cell(centre, DAY) is None


def test_a_duty_that_touches_another_does_not_overlap_it(centre: Built) -> None:
    put(centre, EVE, "night")
    assert put(centre, DAY, "early").after == "early"


def test_a_duty_that_overlaps_another_by_a_minute_is_refused_and_names_the_day(centre: Built) -> None:
    store.write(
        lambda: (
            models.ShiftType.update(duration_minutes=8 * 60 + 1)
            .where(models.ShiftType.code == "night")
            .execute()
        )
    )
    put(centre, DAY, "early")
    before = row_counts()
    with pytest.raises(Conflict, match=r"陈静 would have two duties at once on 2026-12-10"):
        paint(centre, EVE, "night")
    assert row_counts() == before


def paint(
    built: Built, day: date, shift: str | None, at: datetime = NOW, number: str = OPERATOR
) -> CellChange:
    """Plan one day as the leader, in the draft alone."""
    cells = [drafts.Paint(built.ids[number], day, shift)]
    (change,) = drafts.paint_draft(built.actors[LEADER], at, cells).changes
    return change


def test_months_have_versions_of_their_own_and_planning_raises_them(centre: Built) -> None:
    leader = centre.actors[LEADER]
    seen = roster.roster_month(leader, NOW, DAY).version
    paint(centre, date(2027, 1, 5), "early")
    assert roster.roster_month(leader, NOW, DAY).version == seen
    paint(centre, DAY, "early")
    both = roster.roster_month(leader, NOW, DAY, months=2)
    assert (both.version, both.versions) == (seen + 1, {"2026-12": seen + 1, "2027-01": 1})


@pytest.mark.parametrize(
    ("at", "allowed"), [(SHIFT_STARTS - SECOND, True), (SHIFT_STARTS, False)], ids=["before", "begun"]
)
def test_art33_a_duty_that_has_begun_is_no_longer_changed(
    sqlite_centre: Built, at: datetime, allowed: bool
) -> None:
    if allowed:
        assert put(sqlite_centre, TODAY, None, at).before == "night"
        return
    with pytest.raises(Conflict, match="has begun") as refused:
        paint(sqlite_centre, TODAY, None, at)
    assert refused.value.article == 33


@pytest.mark.parametrize(
    ("at", "allowed"), [(SHIFT_STARTS - SECOND, True), (SHIFT_STARTS, False)], ids=["before", "begun"]
)
def test_art33_a_plan_that_was_overtaken_by_the_start_of_its_duty_is_not_published(
    sqlite_centre: Built, at: datetime, allowed: bool
) -> None:
    leader = sqlite_centre.actors[LEADER]
    paint(sqlite_centre, TODAY, None, SHIFT_STARTS - SECOND)
    if allowed:
        assert len(publishing.publish_draft(leader, at, TODAY, TODAY)) == 1
        return
    with pytest.raises(Conflict, match="has begun") as refused:
        publishing.publish_draft(leader, at, TODAY, TODAY)
    assert refused.value.article == 33


@pytest.mark.parametrize(
    ("at", "allowed"), [(SHIFT_ENDS - SECOND, True), (SHIFT_ENDS, False)], ids=["running", "over"]
)
def test_art33_someone_may_be_called_into_a_running_shift_but_not_into_one_that_is_over(
    sqlite_centre: Built, at: datetime, allowed: bool
) -> None:
    person = newcomer()
    if allowed:
        assert publish_days(at, (person, TODAY, "night"))[0].after == "night"
        return
    with pytest.raises(Conflict, match="is over"):
        publish_days(at, (person, TODAY, "night"))


def test_art21_a_shift_that_is_being_handed_over_takes_nobody_more(centre: Built) -> None:
    person = newcomer()
    started_handover(centre, NOW)
    with pytest.raises(Conflict, match="being handed over"):
        publish_days(NOW, (person, TODAY, "night"))


def newcomer() -> int:
    """Take on another operator, who is not rostered yet."""
    people.add_person(SYSTEM, NOW, people.NewPerson("1050", "钱伟", Role.OPERATOR, "甲"))
    return next(row.id for row in people.people(SYSTEM, NOW) if row.work_number == "1050")


def test_art02_only_the_centres_active_people_are_rostered(centre: Built) -> None:
    with pytest.raises(Invalid, match="cannot be rostered"):
        paint(centre, DAY, "early", number="4001")
    paint(centre, DAY, "early")
    people.set_person_status(SYSTEM, NOW, OPERATOR, PersonStatus.SUSPENDED)
    with pytest.raises(Invalid, match="cannot be rostered"):
        paint(centre, EVE, "early")
    with pytest.raises(Conflict, match="cannot be rostered") as refused:
        publishing.publish_draft(centre.actors[LEADER], NOW, DAY, DAY)
    assert refused.value.article == 2


def test_an_unknown_shift_is_refused(sqlite_centre: Built) -> None:
    with pytest.raises(NotFound):
        paint(sqlite_centre, DAY, "siesta")


def test_a_shift_nobody_works_any_more_leaves_no_log_to_catch_entries(centre: Built) -> None:
    tomorrow = TODAY + timedelta(days=1)
    publish_days(NOW, *((centre.ids[number], tomorrow, "middle") for number in ("1103", "1117", "1121")))
    later = SHIFT_ENDS + timedelta(hours=9)
    log = current_log(centre.actors["1103"], later)
    assert log is not None
    assert log.shift.code == "middle"


def test_a_shift_with_entries_keeps_its_log_when_its_last_duty_goes(sqlite_centre: Built) -> None:
    started_handover(sqlite_centre)
    entry(sqlite_centre, "记在下一班", SHIFT_ENDS - 2 * MINUTE)
    logs = store.read(lambda: models.ShiftLog.select().count())
    tomorrow, ids = TODAY + timedelta(days=1), sqlite_centre.ids
    publish_days(SHIFT_ENDS - MINUTE, *((ids[number], tomorrow, None) for number in ("1103", "1117", "1121")))
    assert store.read(lambda: models.ShiftLog.select().count()) == logs


def test_the_month_shows_people_by_team_leaders_first_and_counts_coverage(centre: Built) -> None:
    month = roster.roster_month(centre.actors[LEADER], NOW, TODAY)
    assert (month.month, len(month.days)) == ("2026-11", 30)
    team = [row.work_number for row in month.rows if row.team == "甲"]
    assert team == ["1003", "1017", "1021", "1022"]
    at = month.days.index(TODAY)
    assert {code: count[at] for code, count in month.coverage.items()} == {"night": 4, "early": 3}
    only = roster.roster_month(centre.actors[LEADER], NOW, TODAY, "乙")
    assert {row.team for row in only.rows} == {"乙"}


def test_two_months_stand_side_by_side_with_the_draft_beside_what_is_published(centre: Built) -> None:
    tomorrow = TODAY + timedelta(days=1)
    paint(centre, tomorrow, None)
    paint(centre, DAY, "early")
    span = roster.roster_month(centre.actors[LEADER], NOW, TODAY, months=2)
    assert (span.month, len(span.days), len(span.calendar)) == ("2026-11", 61, 61)
    (row,) = [row for row in span.rows if row.work_number == OPERATOR]
    published = row.cells[span.days.index(tomorrow)]
    assert published is not None
    assert published.shift_code == "night"
    assert [(day.date, day.shift_code, day.planned_by) for day in row.draft] == [
        (tomorrow, None, LEADER),
        (DAY, "early", LEADER),
    ]
    # Nobody is due because of a draft.
    assert span.coverage["early"][span.days.index(DAY)] == 0
    with pytest.raises(Invalid):
        roster.roster_month(centre.actors[LEADER], NOW, TODAY, months=3)


def test_the_rest_rules_see_the_weeks_before_and_every_shift_of_every_day(centre: Built) -> None:
    december = roster.roster_month(centre.actors[LEADER], NOW, DAY)
    (row,) = [row for row in december.rows if row.work_number == OPERATOR]
    assert [duty.date.day for duty in row.around] == [22, 23, 24, 25]
    night = december.rest.duties["night", DAY]
    assert (night.starts_at, night.is_night) == (datetime(2026, 12, 10, 14, tzinfo=UTC), True)
    assert december.rest.duties["office", DAY].worked_minutes == 8 * 60


# --- clock changes ------------------------------------------------------------------------------------------


@pytest.fixture
def berlin(empty_url: str) -> int:
    """A centre in Berlin with one leader; gives the leader's id."""
    store.open_database(empty_url)
    centres.set_up_centre(NOW, "Berlin", "Europe/Berlin", ["A"], "1000", "Anna", PIN)
    return next(row.id for row in people.people(SYSTEM, NOW))


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at", "hours"),
    [
        (date(2027, 3, 26), datetime(2027, 3, 26, 21, tzinfo=UTC), datetime(2027, 3, 27, 5, tzinfo=UTC), 8),
        (date(2027, 3, 27), datetime(2027, 3, 27, 21, tzinfo=UTC), datetime(2027, 3, 28, 4, tzinfo=UTC), 7),
        (date(2027, 3, 28), datetime(2027, 3, 28, 20, tzinfo=UTC), datetime(2027, 3, 29, 4, tzinfo=UTC), 8),
        (
            date(2027, 10, 30),
            datetime(2027, 10, 30, 20, tzinfo=UTC),
            datetime(2027, 10, 31, 5, tzinfo=UTC),
            9,
        ),
    ],
    ids=["winter", "spring forward", "summer", "fall back"],
)
def test_a_night_over_a_clock_change_belongs_to_its_first_day_and_ends_by_the_clock(
    berlin: int, day: date, starts_at: datetime, ends_at: datetime, hours: int
) -> None:
    publish_days(NOW, (berlin, day, "night"))
    month = roster.roster_month(SYSTEM, NOW, day)
    found = month.rows[0].cells[day.day - 1]
    assert found is not None
    assert (found.starts_at, found.ends_at) == (starts_at, ends_at)
    assert found.ends_at - found.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 10, 30)], ids=["spring forward", "fall back"])
def test_shifts_around_a_clock_change_neither_gap_nor_overlap(berlin: int, day: date) -> None:
    def spans() -> list[tuple[datetime, datetime]]:
        clock = centres.ShiftClock()
        kinds = models.ShiftType.select().where(models.ShiftType.hands_over)
        dates = [day + timedelta(days=n) for n in range(-1, 3)]
        return sorted(clock.of(kind, on) for kind in kinds for on in dates)

    found = store.read(spans)
    assert [end for _start, end in found[:-1]] == [start for start, _end in found[1:]]


@pytest.mark.parametrize("minutes", [60, 90])
def test_a_shift_inside_the_hour_the_clock_leaps_over_still_has_its_length(minutes: int) -> None:
    day, berlin_time = date(2027, 3, 28), ZoneInfo("Europe/Berlin")
    starts_at, ends_at = centres.span_of_shift(day, 2 * 60, minutes, berlin_time)
    assert starts_at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert timedelta(0) < ends_at - starts_at <= timedelta(minutes=minutes)


def test_a_civil_day_of_a_clock_change_has_23_hours_and_the_next_follows_at_once(berlin: int) -> None:
    spring = date(2027, 3, 28)
    begin, end = store.read(lambda: centres.day_bounds(spring))
    assert end - begin == timedelta(hours=23)
    assert store.read(lambda: centres.day_bounds(spring + timedelta(days=1)))[0] == end
