"""Art. 34 over random things that become known after a month was handed in.

Whatever comes late: a version that was submitted stays as it was to the last character, and what any month shows adds up
to exactly its verdicts.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import models
from locales import using_language
from operations import attendance, store, verify
from operations import attendance_corrections as corrections
from operations import attendance_months as months
from operations.attendance_corrections import CorrectionAsked
from operations.boundary import SYSTEM
from operations.errors import Blocked, Conflict, Invalid, NotPermitted
from regulation.attendance_sheet import AttendanceSheet
from regulation.duty_verdicts import DutyVerdict
from regulation.records import Direction
from tests.centre import PIN, SHIFT_STARTS, Built, build_centre
from tests.conftest import forget_database
from tests.operations.acts import LEADER, MANAGER, MINUTE, Door, own_badge
from tests.operations.attending import (
    MONTH_OVER,
    NOVEMBER,
    TEAM_A,
    duty_of,
    heard,
    submitted_sheets,
    whole_month_in_order,
)

V = DutyVerdict
person = st.sampled_from(TEAM_A)
passing = st.tuples(st.just("pass"), person, st.integers(-90, 600), st.sampled_from(Direction))
correction = st.tuples(
    st.just("correct"), person, st.sampled_from([V.PRESENT, V.LATE, V.ABSENT, V.LEFT_EARLY])
)
leave = st.tuples(st.just("leave"), person, st.sampled_from(["annual", "sick", "public_holiday", ""]))
restatement = st.tuples(st.just("restate"))
happenings = st.lists(passing | correction | leave | restatement, min_size=1, max_size=6)


@cache
def submitted() -> Built:
    """A November that was worked as it should be and handed in, made once for all examples."""
    with using_language("en"):
        built = build_centre(Path(tempfile.mkdtemp()))
        whole_month_in_order(Door())
        months.submit_month(LEADER, PIN, MONTH_OVER, NOVEMBER, "甲", "")
    forget_database()
    return built


@contextmanager
def opened() -> Iterator[Built]:
    """A centre of one's own with that month."""
    built, folder = submitted(), Path(tempfile.mkdtemp())
    try:
        shutil.copy(built.url.removeprefix("sqlite:///"), folder / "centre.db")
        store.open_database(f"sqlite:///{folder / 'centre.db'}")
        with using_language("en"):
            yield built
    finally:
        forget_database()
        shutil.rmtree(folder, ignore_errors=True)


@settings(max_examples=12, deadline=None)
@given(happenings)
def test_art34_what_was_submitted_never_changes_and_a_month_is_the_sum_of_its_verdicts(
    happened: list[tuple[object, ...]],
) -> None:
    with opened() as built:
        leader = built.actors[LEADER]
        kept = submitted_sheets()
        for n, (kind, *what) in enumerate(happened):
            now = MONTH_OVER + timedelta(minutes=n + 1)
            ACTS[str(kind)](built, now, *what)
            before, kept = kept, submitted_sheets()
            assert kept[: len(before)] == before
            adds_up(attendance.attendance_month(leader, now, NOVEMBER), kept[-1])
        assert verify.verify(SYSTEM, MONTH_OVER + timedelta(hours=1)).holds


def adds_up(month: attendance.MonthOfAttendance, frozen: AttendanceSheet) -> None:
    """Every sum of the month is that of its own verdicts, counted here by hand."""
    for row in month.rows:
        counted = Counter[str]()
        for duty in (duty for day in row.days for duty in day):
            said = duty.judgement
            name = said.leave.value if said.leave is not None else said.verdict.value
            counted[name] += said.verdict is not V.SWAPPED_OUT
        assert row.totals.by_category == {name: number for name, number in counted.items() if number}
        assert row.totals.rostered == sum(counted.values(), Fraction(0))
    open_teams = [team for team in month.teams if team.submitted is None]
    for team in open_teams:
        own = [row.totals for row in month.rows if row.team == team.team]
        assert team.totals.rostered == sum((one.rostered for one in own), Fraction(0))
        assert team.totals.attended == sum((one.attended for one in own), Fraction(0))
    (handed_in,) = [team for team in month.teams if team.submitted is not None]
    assert handed_in.totals == frozen.totals


def passes(built: Built, now: object, number: str, minute: int, way: Direction) -> None:
    """Another door sends late what it saw that night."""
    side, at = Door("side"), SHIFT_STARTS + minute * MINUTE
    if way is not Direction.NONE and not store.read(
        lambda: models.DoorEvent.select().where(models.DoorEvent.kiosk == "side").exists()
    ):
        (side.reads if way is Direction.IN else side.leaves)(own_badge(number), at)
        side.sends(now)  # type: ignore[arg-type]
    heard(side, now)  # type: ignore[arg-type]


def corrects(built: Built, now: object, number: str, verdict: DutyVerdict) -> None:
    """Two people agree that a duty was otherwise; one that is waiting or their own is refused."""
    asked = CorrectionAsked(duty_of(number), "监控", ("camera 3",), verdict=verdict)
    try:
        row = corrections.ask_correction(built.actors[LEADER], now, asked)  # type: ignore[arg-type]
        corrections.approve_correction(built.actors[MANAGER], now, row)  # type: ignore[arg-type]
    except (Blocked, Conflict, Invalid, NotPermitted):
        return


def goes_on_leave(_built: Built, _now: object, number: str, kind: str) -> None:
    """A roster from elsewhere says afterwards that the duty was leave."""
    key = duty_of(number)
    store.write(lambda: models.Duty.update(leave_kind=kind).where(models.Duty.id == key).execute())


def restates(_built: Built, now: object) -> None:
    """The leader hands the month in again, where anything changed."""
    try:
        months.submit_month(LEADER, PIN, now, NOVEMBER, "甲", "更正")  # type: ignore[arg-type]
    except (Blocked, Conflict):
        return


ACTS: dict[str, Callable[..., None]] = {
    "pass": passes,
    "correct": corrects,
    "leave": goes_on_leave,
    "restate": restates,
}
