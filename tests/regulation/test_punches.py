"""Punches of attendance machines: what a local time and a word mean, and what a punch without direction shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.attendance_evidence import Pass
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.punches import DirectionWords, instants_of
from regulation.records import Direction
from tests.regulation.witnesses import LENGTH, PROPER, judged, seen, turns

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
WORDS = DirectionWords(("in", "签到"), ("out", "签退"), ("", "auto"))


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-11-24T06:00", ["2026-11-23T22:00"]),
        ("2028-02-29T23:59:59", ["2028-02-29T15:59:59"]),
        ("2027-01-01T00:00", ["2026-12-31T16:00"]),
    ],
)
def test_art33_a_local_time_is_one_instant(local: str, utc: list[str]) -> None:
    assert instants_of(datetime.fromisoformat(local), SHANGHAI) == tuple(
        datetime.fromisoformat(at).replace(tzinfo=UTC) for at in utc
    )


@pytest.mark.parametrize(
    ("local", "count"),
    [
        ("2026-10-25T01:59:59", 1),
        ("2026-10-25T02:00:00", 2),
        ("2026-10-25T02:59:59", 2),
        ("2026-10-25T03:00:00", 1),
        ("2026-03-29T01:59:59", 1),
        ("2026-03-29T02:00:00", 0),
        ("2026-03-29T02:59:59", 0),
        ("2026-03-29T03:00:00", 1),
    ],
)
def test_art33_a_time_that_came_twice_or_never_is_no_single_instant(local: str, count: int) -> None:
    assert len(instants_of(datetime.fromisoformat(local), BERLIN)) == count


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01")),
    st.sampled_from([BERLIN, SHANGHAI]),
)
def test_art33_every_instant_is_among_those_of_its_local_time(naive: datetime, zone: ZoneInfo) -> None:
    at = naive.replace(tzinfo=UTC)
    assert at in instants_of(at.astimezone(zone).replace(tzinfo=None), zone)


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("in", Direction.IN),
        ("OUT", Direction.OUT),
        ("签退", Direction.OUT),
        ("Auto", Direction.NONE),
        ("", Direction.NONE),
        ("inn", None),
    ],
)
def test_art33_a_word_that_is_not_known_is_no_direction(word: str, direction: Direction | None) -> None:
    assert WORDS.direction(word) is direction


def undirected(*offsets: float) -> list[Pass]:
    return [seen(90 + n, offset, Direction.NONE) for n, offset in enumerate(offsets)]


def test_art33_where_nothing_else_was_seen_a_punch_without_direction_turns_absence_into_not_clear() -> None:
    assert judged(()).verdict is DutyVerdict.ABSENT
    found = judged(undirected(30))
    assert (found.verdict, found.unknown) == (DutyVerdict.UNKNOWN, (UnknownReason.NO_DIRECTION,))
    assert "door:main-90" in found.evidence


def test_art33_punches_without_direction_do_not_make_a_duty_attended_however_well_they_lie() -> None:
    assert judged(undirected(*PROPER)).verdict is DutyVerdict.UNKNOWN


@pytest.mark.parametrize(
    ("passes", "verdict", "in_doubt"),
    [
        (turns(20, LENGTH + 5), DutyVerdict.LATE, -15),
        (turns(-20, LENGTH - 30), DutyVerdict.LEFT_EARLY, LENGTH + 2),
    ],
)
def test_art33_a_punch_without_direction_that_speaks_against_an_accusation_makes_it_not_clear(
    passes: tuple[Pass, ...], verdict: DutyVerdict, in_doubt: float
) -> None:
    assert judged(passes).verdict is verdict
    assert judged((*passes, *undirected(in_doubt))).verdict is DutyVerdict.UNKNOWN
    # One beside what the door saw changes nothing.
    again = LENGTH / 2
    assert judged((*passes, *undirected(again))).verdict is verdict


def test_art33_a_punch_with_a_direction_is_a_pass_like_any_other() -> None:
    proper = turns(*PROPER)
    punched = [seen(n, offset, p.direction) for n, (offset, p) in enumerate(zip(PROPER, proper, strict=True))]
    assert judged(punched).verdict is judged(proper).verdict is DutyVerdict.PRESENT
    assert judged(punched).left_at == judged(proper).left_at


def test_art33_a_day_in_the_zone_of_the_machine_is_not_the_day_of_the_centre() -> None:
    (there,) = instants_of(datetime.fromisoformat("2026-11-24T06:00"), BERLIN)
    (here,) = instants_of(datetime.fromisoformat("2026-11-24T06:00"), SHANGHAI)
    assert there - here == timedelta(hours=7)
