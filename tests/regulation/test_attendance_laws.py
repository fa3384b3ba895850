"""Art. 33: what holds for every evidence there can be, on every day of every calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulation.attendance import Depth, Judgement, judge
from regulation.attendance_evidence import Evidence, JudgedDuty, Pass, Signature
from regulation.duty_verdicts import DutyVerdict
from regulation.leave_kinds import LeaveKind, LeavePiece, middle
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction, DutyRecord
from tests.regulation.room import MINUTE, OPERATOR, SECOND
from tests.regulation.witnesses import LENGTH, codes, judged, minute, outage, permit, signed, turns

V = DutyVerdict

# Dense where the edges are: the window, ten minutes before, the start, the end, and the repeat window.
edges = st.sampled_from([-840, -120, -10, 0, 60, 240, LENGTH - 10, LENGTH, LENGTH + 360])
moments = st.builds(lambda edge, seconds: edge + seconds / 60, edges, st.integers(-90, 90)) | st.integers(
    -900, LENGTH + 400
).map(float)
in_window = st.integers(-120 * 60, LENGTH * 60 - 1).map(lambda seconds: seconds / 60)


@st.composite
def pass_lists(draw: st.DrawFn) -> tuple[Pass, ...]:
    """Up to eight passes around the duty, in no order, as forgetful people and two doors leave them."""
    return tuple(
        Pass(
            f"door:{draw(st.sampled_from(('main', 'back')))}-{number}",
            minute(draw(moments)),
            draw(st.sampled_from((Direction.IN, Direction.OUT))),
        )
        for number in range(draw(st.integers(0, 8)))
    )


@st.composite
def nights(draw: st.DrawFn) -> dict[str, Any]:
    """What else may be known of the night: signatures, outages, permits, a relief, and when it was."""
    some = st.booleans()
    return {
        "signatures": signed(draw(moments)) if draw(some) else (),
        "outages": (outage(begin := draw(moments), begin + draw(st.integers(1, 90))),) if draw(some) else (),
        "permits": (permit(leaving := draw(in_window), leaving + draw(st.integers(1, 60))),)
        if draw(some)
        else (),
        "relieved_at": minute(LENGTH + draw(st.integers(-30, 30))) if draw(some) else None,
        "seat_relief": draw(st.sampled_from(("", "relief:9"))),
        "bound_to_seat": draw(some),
    }


RANKS = {V.PRESENT: 0, V.LATE_FOR_RELIEF: 1, V.LATE: 2, V.LEFT_EARLY: 3, V.ABSENT: 4}


def is_worse(verdict: V, other: V) -> bool:
    """Whether ``verdict`` holds more against a person than ``other``.

    Leaving early outranks coming late: it is what the relief and the users are left with (Art. 24). "Not clear" is
    worse than being there in time and better than absence; beside late and early it stands neither above nor below,
    because more evidence can settle it for good or for ill. Leave and swaps are not compared.
    """
    if V.UNKNOWN in (verdict, other):
        return other in (V.PRESENT, V.LATE_FOR_RELIEF) if verdict is V.UNKNOWN else verdict is V.ABSENT
    return RANKS.get(verdict, 0) > RANKS.get(other, 0)


@given(pass_lists(), nights(), in_window)
@example(turns(-20, 300), {}, 301.0)
@example(turns(-60, -30), {}, -20.0)
def test_art33_an_entry_in_the_window_never_makes_a_verdict_worse(
    passes: tuple[Pass, ...], night: dict[str, Any], came: float
) -> None:
    before = judged(passes, **night)
    after = judged((*passes, Pass("door:main-99", minute(came), Direction.IN)), **night)
    assert not is_worse(after.verdict, before.verdict), (before.verdict, after.verdict)
    if V.UNKNOWN not in (before.verdict, after.verdict) and before.verdict is not V.ABSENT:
        assert after.minutes_late <= before.minutes_late
        assert after.minutes_early <= before.minutes_early


@given(pass_lists(), nights(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_art33_order_and_duplication_of_the_evidence_do_not_matter(
    passes: tuple[Pass, ...], night: dict[str, Any], shuffle: object, twice: int
) -> None:
    mixed = [*passes, *passes[:twice]]
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert judged(tuple(mixed), **night) == judged(passes, **night)


@given(pass_lists(), nights())
def test_art33_a_verdict_never_changes_once_the_evidence_is_complete(
    passes: tuple[Pass, ...], night: dict[str, Any]
) -> None:
    complete = minute(LENGTH + 360)
    assert judged(passes, now=complete, **night) == judged(
        passes, now=complete + timedelta(days=365), **night
    )


@given(pass_lists(), nights())
def test_art33_the_verdict_is_the_same_however_much_is_said_beside_it(
    passes: tuple[Pass, ...], night: dict[str, Any]
) -> None:
    whole = judged(passes, **night)
    assert judged(passes, depth=Depth.FINDINGS, **night) == replace(whole, lines=())
    bare = replace(whole, lines=(), findings=(), away=(), evidence=(), minutes_inside=0)
    assert judged(passes, depth=Depth.VERDICT, **night) == bare


@given(pass_lists(), nights())
def test_art33_minutes_findings_and_reasons_fit_the_verdict(
    passes: tuple[Pass, ...], night: dict[str, Any]
) -> None:
    found = judged(passes, **night)
    assert bool(found.unknown) == (found.verdict is V.UNKNOWN)
    assert 0 <= found.minutes_inside <= LENGTH
    if found.verdict in (V.PRESENT, V.LATE_FOR_RELIEF):
        assert (found.minutes_late, found.minutes_early) == (0, 0)
        assert not {"duty_late", "duty_left_early", "absent_without_leave"} & set(codes(found))
    if found.verdict is V.LATE:
        assert found.minutes_late > 0
    if found.verdict is V.LEFT_EARLY:
        assert found.minutes_early > 0
    if found.verdict is V.ABSENT:
        assert codes(found) == ["absent_without_leave"]
    assert all(finding.duty_id == found.duty_id for finding in found.findings)
    assert all(finding.limits_version == found.limits_version for finding in found.findings)


@given(pass_lists(), nights())
def test_art33_suspect_clocks_alone_never_say_late_early_or_absent(
    passes: tuple[Pass, ...], night: dict[str, Any]
) -> None:
    suspect = tuple(replace(p, clock_suspect=True) for p in passes)
    sure = judged((), **night)
    found = judged(suspect, **night)
    assert found.verdict in (V.UNKNOWN, sure.verdict)


@given(pass_lists(), pass_lists(), nights())
def test_art33_punches_without_a_direction_accuse_nobody_and_prove_nothing(
    passes: tuple[Pass, ...], punches: tuple[Pass, ...], night: dict[str, Any]
) -> None:
    undirected = tuple(replace(p, id=f"punch:{n}", direction=Direction.NONE) for n, p in enumerate(punches))
    sure = judged(passes, **night)
    found = judged((*passes, *undirected), **night)
    assert found.verdict in (V.UNKNOWN, sure.verdict)
    assert found.minutes_late <= sure.minutes_late
    assert found.minutes_early <= sure.minutes_early
    assert set(codes(found)) <= set(codes(sure))


# --- the calendar: every limit on a whole second, wherever the duty lies ---------------------------------------

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def rostered(day: date, start: str, hours: int, zone: ZoneInfo) -> DutyRecord:
    """A duty by the clock on the wall of its zone; ``hours`` are what the clock shows when it ends."""
    begins = datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=zone)
    ends = begins + timedelta(
        hours=hours
    )  # arithmetic on the wall clock: the zone's offset may change in between
    instants = begins.astimezone(UTC), ends.astimezone(UTC)
    return DutyRecord(7, OPERATOR, day, "any", *instants, relieved_at=instants[1])


def verdict(duty: DutyRecord, came_at: datetime, left_at: datetime, *leave: LeavePiece) -> Judgement:
    passes = (
        Pass("door:main-1", came_at, Direction.IN),
        Pass("door:main-2", left_at, Direction.OUT),
    )
    return judge(
        JudgedDuty(duty, leave=leave),
        Evidence(passes),
        (),
        duty.ends_at + timedelta(days=1),
        DEFAULT_LIMITS,
    )


DUTIES = {
    "day": rostered(date(2026, 11, 23), "08:00", 8, SHANGHAI),
    "night": rostered(date(2026, 11, 23), "22:00", 8, SHANGHAI),
    "from midnight": rostered(date(2026, 11, 24), "00:00", 8, SHANGHAI),
    "to midnight": rostered(date(2026, 11, 23), "16:00", 8, SHANGHAI),
    "month end": rostered(date(2026, 11, 30), "20:00", 12, SHANGHAI),
    "year end": rostered(date(2026, 12, 31), "20:00", 12, SHANGHAI),
    "into 29 February": rostered(date(2028, 2, 28), "20:00", 12, SHANGHAI),
    "out of 29 February": rostered(date(2028, 2, 29), "20:00", 12, SHANGHAI),
    "28 February": rostered(date(2027, 2, 28), "20:00", 12, SHANGHAI),
    "Berlin, one hour less": rostered(date(2026, 3, 28), "22:00", 8, BERLIN),
    "Berlin, one hour more": rostered(date(2026, 10, 24), "22:00", 8, BERLIN),
    "Berlin, from the hour that is skipped": rostered(date(2026, 3, 29), "03:00", 8, BERLIN),
}


@pytest.mark.parametrize("duty", DUTIES.values(), ids=DUTIES.keys())
def test_art33_every_edge_of_every_duty_lies_on_its_second(duty: DutyRecord) -> None:
    start, end = duty.starts_at, duty.ends_at
    later = end + MINUTE
    early = start - 10 * MINUTE
    assert verdict(duty, early, later).verdict is V.PRESENT
    assert verdict(duty, early + SECOND, later).verdict is V.LATE_FOR_RELIEF
    assert verdict(duty, start, later).verdict is V.LATE_FOR_RELIEF
    assert verdict(duty, start + SECOND, later).verdict is V.LATE
    assert verdict(duty, early, end).verdict is V.PRESENT
    assert verdict(duty, early, end - SECOND).verdict is V.LEFT_EARLY
    half = middle(start, end)
    first = LeavePiece(1, LeaveKind.ANNUAL, start, half)
    assert verdict(duty, half, later, first).verdict is V.PRESENT
    assert verdict(duty, half + SECOND, later, first).verdict is V.LATE
    second = LeavePiece(1, LeaveKind.ANNUAL, half, end)
    assert verdict(duty, early, half, second).verdict is V.PRESENT
    assert verdict(duty, early, half - SECOND, second).verdict is V.LEFT_EARLY


@pytest.mark.parametrize(
    ("name", "minutes"), [("Berlin, one hour less", 420), ("Berlin, one hour more", 540), ("night", 480)]
)
def test_art33_a_night_over_a_change_of_the_clock_is_as_long_as_it_was(name: str, minutes: int) -> None:
    duty = DUTIES[name]
    found = verdict(duty, duty.starts_at - 20 * MINUTE, duty.ends_at + MINUTE)
    assert found.minutes_inside == minutes
    gone = verdict(duty, duty.starts_at - 20 * MINUTE, duty.starts_at + MINUTE)
    assert gone.minutes_early == minutes - 1


def test_signatures_are_told_apart_from_passes_of_the_same_name() -> None:
    passes = turns(-20, LENGTH + 5)
    named = (Signature(passes[0].id, minute(100)),)
    assert judged(passes, signatures=named).verdict is V.PRESENT
