"""Rotations: the ready-made ones equal their published cycles over a year, and any pattern repeats."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.centre import LONG_SHIFTS, STANDARD_SHIFTS
from regulation.rotations import (
    FREE,
    READY_MADE,
    Rotation,
    RotationUse,
    planned_shifts,
    shift_on,
    use_in_effect,
)

ANCHOR = date(2026, 1, 1)
YEAR = [ANCHOR + timedelta(days=n) for n in range(365)]
AROUND_THE_CLOCK = [rotation for rotation in READY_MADE.values() if not rotation.working_days]
MINUTES = {shift.code: shift.duration_minutes for shift in STANDARD_SHIFTS + LONG_SHIFTS}
STARTS = {shift.code: shift.start_minute for shift in STANDARD_SHIFTS + LONG_SHIFTS}
NO_DAYS: frozenset[date] = frozenset()

patterns = st.lists(st.sampled_from(["early", "night", FREE]), min_size=1, max_size=40)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def use(pattern: tuple[str, ...], start: date, place: int = 0, *, working_days: bool = False) -> RotationUse:
    return RotationUse(pattern, ANCHOR, place, start, working_days)


def coverage(rotation: Rotation, day: date) -> Counter[str]:
    """How many of a rotation's teams work each shift on a day."""
    worked = (shift_on(rotation.pattern, ANCHOR, offset, day) for offset in rotation.offsets)
    return Counter(code for code in worked if code)


@pytest.mark.parametrize("rotation", AROUND_THE_CLOCK, ids=lambda r: r.code)
def test_every_shift_of_every_day_of_a_year_has_exactly_one_team(rotation: Rotation) -> None:
    for day in YEAR:
        assert coverage(rotation, day) == dict.fromkeys(rotation.shifts, 1), day


@pytest.mark.parametrize("rotation", AROUND_THE_CLOCK, ids=lambda r: r.code)
def test_the_shifts_of_a_rotation_fill_the_day_without_gap_or_overlap(rotation: Rotation) -> None:
    spans = sorted((STARTS[code], STARTS[code] + MINUTES[code]) for code in rotation.shifts)
    assert [end for _start, end in spans] == [start for start, _end in spans[1:]] + [spans[0][0] + 1440]


@pytest.mark.parametrize("rotation", AROUND_THE_CLOCK, ids=lambda r: r.code)
def test_hours_a_week_are_as_published_for_every_team(rotation: Rotation) -> None:
    for offset in rotation.offsets:
        cycles = len(rotation.pattern) * 7  # whole weeks and whole cycles at once
        worked = [
            shift_on(rotation.pattern, ANCHOR, offset, ANCHOR + timedelta(days=n)) for n in range(cycles)
        ]
        hours = sum(MINUTES.get(code, 0) for code in worked) / 60
        assert hours / (cycles / 7) == pytest.approx(rotation.hours_a_week)
    assert rotation.hours_a_week == pytest.approx(168 / len(rotation.offsets))


@pytest.mark.parametrize(
    ("code", "cycle"),
    [
        ("4x3_8", "早早中中夜夜--"),
        ("4x3_4", "早中夜-"),
        ("4x2", "白晚--"),
        ("5x3", "早早中中夜夜----"),
        ("3x2", "白晚-"),
        ("3x3", "夜夜夜夜夜夜夜中中中中中中中早早早早早早早"),
        ("dupont", "晚晚晚晚---白白白-晚晚晚---白白白白-------"),
        ("pitman", "白白--白白白--白白---晚晚--晚晚晚--晚晚---"),
        ("2x12", "白白晚晚----"),
    ],
)
def test_the_cycle_is_the_published_one(code: str, cycle: str) -> None:
    signs = {"early": "早", "middle": "中", "night": "夜", "day12": "白", "night12": "晚", FREE: "-"}
    assert "".join(signs[shift] for shift in READY_MADE[code].pattern) == cycle


@pytest.mark.parametrize("rotation", AROUND_THE_CLOCK, ids=lambda r: r.code)
def test_no_shift_of_a_rotation_begins_before_the_one_before_has_ended(rotation: Rotation) -> None:
    for before, after in zip(rotation.pattern, rotation.pattern[1:] + rotation.pattern[:1], strict=True):
        if before and after:
            assert STARTS[before] + MINUTES[before] <= 1440 + STARTS[after]


def test_day_work_follows_the_calendar_and_not_the_weekday() -> None:
    saturday, sunday, monday = date(2026, 2, 14), date(2026, 2, 15), date(2026, 2, 16)
    office = use(READY_MADE["5-2"].pattern, ANCHOR, working_days=True)
    worked = frozenset({saturday})  # an adjusted working day before the Spring Festival, whose Monday is free
    assert dict(planned_shifts([office], saturday, monday, worked)) == {
        saturday: "office",
        sunday: FREE,
        monday: FREE,
    }


@given(patterns, st.integers(-500, 500), days)
def test_a_pattern_repeats_forwards_and_backwards(pattern: list[str], offset: int, day: date) -> None:
    again = day + timedelta(days=len(pattern))
    assert shift_on(pattern, ANCHOR, offset, day) == shift_on(pattern, ANCHOR, offset, again)
    assert shift_on(pattern, ANCHOR, offset, ANCHOR) == pattern[offset % len(pattern)]


@given(patterns, st.integers(0, 40), days)
def test_an_offset_of_one_day_is_tomorrows_shift_today(pattern: list[str], offset: int, day: date) -> None:
    tomorrow = day + timedelta(days=1)
    assert shift_on(pattern, ANCHOR, offset + 1, day) == shift_on(pattern, ANCHOR, offset, tomorrow)


CHANGE = date(2026, 3, 1)
EVE = CHANGE - timedelta(days=1)


def test_a_change_of_rotation_counts_from_its_day_on_and_not_the_day_before() -> None:
    uses = [use(("early",), ANCHOR), use(("night",), CHANGE)]
    assert dict(planned_shifts(uses, EVE, CHANGE, NO_DAYS)) == {EVE: "early", CHANGE: "night"}
    assert (use_in_effect(uses, EVE), use_in_effect(uses, CHANGE)) == (uses[0], uses[1])


def test_before_the_first_use_and_after_a_stop_nothing_is_decided() -> None:
    uses = [use((), CHANGE + timedelta(days=2)), use(("early",), CHANGE)]
    planned = dict(planned_shifts(uses, EVE, CHANGE + timedelta(days=5), NO_DAYS))
    assert planned == {CHANGE: "early", CHANGE + timedelta(days=1): "early"}
    assert use_in_effect(uses, EVE) is None


@given(st.lists(st.tuples(days, patterns), max_size=5, unique_by=lambda u: u[0]), days, st.integers(0, 90))
def test_each_day_is_planned_once_by_the_use_in_effect(
    dated: list[tuple[date, list[str]]], first: date, length: int
) -> None:
    uses = [use(tuple(pattern), start) for start, pattern in dated]
    last = first + timedelta(days=length)
    planned = list(planned_shifts(uses, first, last, NO_DAYS))
    assert len(planned) == len(dict(planned))
    for day in (first + timedelta(days=n) for n in range(length + 1)):
        deciding = use_in_effect(uses, day)
        wanted = shift_on(deciding.pattern, ANCHOR, 0, day) if deciding else None
        assert dict(planned).get(day) == wanted
