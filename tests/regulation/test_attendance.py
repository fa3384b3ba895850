"""Art. 33: one duty, what the witnesses say, one verdict; nothing is guessed. Boundary pairs for every verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from regulation.duty_verdicts import UNKNOWN_NAMES, VERDICT_NAMES, DutyVerdict, UnknownReason
from regulation.findings import FINDING_CODES
from regulation.limits import LimitChange, limits_in_force
from regulation.records import Direction
from tests.regulation.room import ENDS, INSTANT, MINUTE, OPERATOR, STARTS
from tests.regulation.witnesses import (
    LENGTH,
    PROPER,
    codes,
    judged,
    leave,
    minute,
    seen,
    turns,
)

V = DutyVerdict
R = UnknownReason
IN, OUT = Direction.IN, Direction.OUT
ONE_SECOND = 1 / 60


def test_art21_where_ones_own_leave_ends_nobody_is_relieved() -> None:
    at_the_start = turns(0, LENGTH + 5)
    assert judged(at_the_start, after_leave=True).verdict is DutyVerdict.PRESENT
    assert judged(at_the_start).verdict is DutyVerdict.LATE_FOR_RELIEF
    assert judged(turns(1 / 60, LENGTH + 5), after_leave=True).verdict is DutyVerdict.LATE


def test_every_verdict_and_every_reason_has_a_name() -> None:
    assert set(VERDICT_NAMES) == set(V)
    assert set(UNKNOWN_NAMES) == set(R)


# --- coming -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "verdict", "late", "found"),
    [
        (-120, V.PRESENT, 0, []),
        (-10, V.PRESENT, 0, []),
        (-10 + ONE_SECOND, V.LATE_FOR_RELIEF, 0, ["relief_late"]),
        (0, V.LATE_FOR_RELIEF, 0, ["relief_late"]),
        (ONE_SECOND, V.LATE, 1, ["duty_late"]),
        (1, V.LATE, 1, ["duty_late"]),
        (1 + ONE_SECOND, V.LATE, 2, ["duty_late"]),
        (LENGTH - ONE_SECOND, V.LATE, 480, ["duty_late"]),
    ],
)
def test_art33_coming_is_judged_to_the_second(
    came: float, verdict: DutyVerdict, late: int, found: list[str]
) -> None:
    judgement = judged(turns(came, LENGTH + 5))
    assert (judgement.verdict, judgement.minutes_late, codes(judgement)) == (verdict, late, found)
    assert judgement.minutes_early == 0
    assert judgement.evidence == (f"duty:{OPERATOR}", "door:main-1", "door:main-2")


@pytest.mark.parametrize(("limit", "verdict"), [(9, V.PRESENT), (10, V.PRESENT), (11, V.LATE_FOR_RELIEF)])
def test_art21_how_early_a_relief_comes_is_the_limit_of_that_day(limit: int, verdict: DutyVerdict) -> None:
    limits = limits_in_force([LimitChange("relief_early_minutes", limit, STARTS.date())], STARTS.date())
    judgement = judged(turns(-10, LENGTH + 5), limits=limits)
    assert (judgement.verdict, judgement.limits_version) == (verdict, limits.version)


def test_art33_an_entry_at_the_end_is_no_arrival_and_a_second_before_it_is() -> None:
    assert judged(turns(LENGTH, LENGTH + 5)).verdict is V.ABSENT
    assert judged(turns(LENGTH - ONE_SECOND, LENGTH + 5)).verdict is V.LATE


def test_art21_who_came_early_and_went_out_again_has_come_when_back_unless_back_by_the_start() -> None:
    back_late = judged(turns(-60, -30, 20, LENGTH + 5))
    assert (back_late.verdict, back_late.minutes_late) == (V.LATE, 20)
    assert back_late.arrived_at == minute(20)
    back_in_time = judged(turns(-60, -30, 0, LENGTH + 5))
    assert (back_in_time.verdict, back_in_time.arrived_at) == (V.PRESENT, minute(-60))


def test_art33_who_came_and_left_before_the_start_and_stayed_away_is_absent() -> None:
    assert judged(turns(-60, -ONE_SECOND)).verdict is V.ABSENT
    assert judged(turns(-60, 0)).verdict is V.LEFT_EARLY


# --- going --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "verdict", "early", "found"),
    [
        (LENGTH + 60, V.PRESENT, 0, []),
        (LENGTH, V.PRESENT, 0, []),
        (LENGTH - ONE_SECOND, V.LEFT_EARLY, 1, ["left_before_relief"]),
        (LENGTH - 10, V.LEFT_EARLY, 10, ["left_before_relief"]),
        (LENGTH - 10 - ONE_SECOND, V.LEFT_EARLY, 11, ["left_without_permit"]),
        (ONE_SECOND, V.LEFT_EARLY, 480, ["left_without_permit"]),
    ],
)
def test_art24_leaving_is_judged_to_the_second(
    left: float, verdict: DutyVerdict, early: int, found: list[str]
) -> None:
    judgement = judged(turns(-20, left))
    assert (judgement.verdict, judgement.minutes_early, codes(judgement)) == (verdict, early, found)


@pytest.mark.parametrize(
    ("left", "verdict"), [(LENGTH - 20, V.PRESENT), (LENGTH - 20 - ONE_SECOND, V.LEFT_EARLY)]
)
def test_art24_who_was_relieved_before_the_end_is_free_from_then(left: float, verdict: DutyVerdict) -> None:
    assert judged(turns(-20, left), relieved_at=minute(LENGTH - 20)).verdict is verdict


@pytest.mark.parametrize(
    ("left", "found"), [(LENGTH + 30 - ONE_SECOND, ["left_before_relief"]), (LENGTH + 30, [])]
)
def test_art24_going_after_the_end_but_before_a_late_relief_is_a_finding_and_not_early(
    left: float, found: list[str]
) -> None:
    judgement = judged(turns(-20, left), relieved_at=minute(LENGTH + 30))
    assert (judgement.verdict, codes(judgement)) == (V.PRESENT, found)


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (LENGTH, ["left_before_relief"]),
        (LENGTH + 360 - ONE_SECOND, ["left_before_relief"]),
        (LENGTH + 360, []),
    ],
)
def test_art24_six_hours_after_the_end_nobody_asks_any_more_for_the_relief(
    left: float, found: list[str]
) -> None:
    assert codes(judged(turns(-20, left), relieved_at=None)) == found


@pytest.mark.parametrize("changes", [{"bound_to_seat": False}, {"needs_relief": False}])
def test_art24_who_hands_over_to_nobody_needs_no_relief(changes: dict[str, Any]) -> None:
    assert codes(judged(turns(*PROPER), relieved_at=None, **changes)) == []
    assert codes(judged(turns(*PROPER), relieved_at=None)) == ["left_before_relief"]


def test_art24_late_and_early_at_once_is_left_early_with_both_minutes() -> None:
    judgement = judged(turns(30, LENGTH - 5))
    assert (judgement.verdict, judgement.minutes_late, judgement.minutes_early) == (V.LEFT_EARLY, 30, 5)
    assert codes(judgement) == ["duty_late", "left_before_relief"]


def test_art11_leaving_office_hours_early_is_a_finding_of_its_own_and_times_away_are_none() -> None:
    lunch = judged(turns(-20, 180, 240, LENGTH), bound_to_seat=False)
    assert (lunch.verdict, codes(lunch), len(lunch.away)) == (V.PRESENT, [], 1)
    early = judged(turns(-20, LENGTH - 1), bound_to_seat=False)
    assert [(f.code, f.article, f.details) for f in early.findings] == [
        ("duty_left_early", 11, {"minutes": "1"})
    ]


# --- nobody came, or nobody can say -------------------------------------------------------------------------


def test_art35_whom_nothing_shows_in_the_room_is_absent_without_leave() -> None:
    judgement = judged()
    assert (judgement.verdict, judgement.minutes_late, judgement.unknown) == (V.ABSENT, 0, ())
    assert [(f.code, f.article, f.at) for f in judgement.findings] == [("absent_without_leave", 35, STARTS)]
    assert judgement.evidence == (f"duty:{OPERATOR}",)


@pytest.mark.parametrize(
    ("passes", "reasons"),
    [
        (turns(-20), (R.MISSING_EXIT,)),
        (turns(LENGTH + 5, first=OUT), (R.MISSING_ENTRY,)),
        (turns(30, first=OUT), (R.MISSING_ENTRY,)),
        (turns(-20, 60, 61), (R.MISSING_EXIT,)),
        ((*turns(-20, 60), seen(3, LENGTH + 5, OUT)), (R.MISSING_ENTRY,)),
        ((*turns(-20), seen(2, LENGTH + 30, IN), seen(3, LENGTH + 40, OUT)), (R.MISSING_EXIT,)),
    ],
)
def test_art33_a_missing_pass_is_unknown_with_its_reason_and_no_finding(
    passes: tuple[object, ...], reasons: tuple[UnknownReason, ...]
) -> None:
    judgement = judged(passes)  # type: ignore[arg-type]
    assert (judgement.verdict, judgement.unknown) == (V.UNKNOWN, reasons)
    assert "absent_without_leave" not in codes(judgement)


def test_art33_what_is_certain_stands_although_the_rest_is_not() -> None:
    late = judged(turns(30))
    assert (late.verdict, late.minutes_late, codes(late)) == (V.UNKNOWN, 30, ["duty_late"])
    early = judged(turns(LENGTH - 60, first=OUT))
    assert (early.verdict, early.minutes_early) == (V.UNKNOWN, 60)


def test_art33_a_missing_entry_that_cannot_matter_leaves_no_doubt() -> None:
    # Inside by -30 at the latest, out, and back ten minutes early: whenever the first entry was, it was in time.
    assert judged(turns(-30, -15, LENGTH + 5, first=OUT)).verdict is V.PRESENT


@pytest.mark.parametrize(
    ("now", "unknown"),
    [
        (ENDS - INSTANT, (R.NOT_OVER,)),
        (ENDS, (R.NOT_OVER, R.MISSING_EXIT)),
        (ENDS + 360 * MINUTE - INSTANT, (R.NOT_OVER, R.MISSING_EXIT)),
        (ENDS + 360 * MINUTE, (R.MISSING_EXIT,)),
    ],
)
def test_art33_a_duty_is_judged_when_its_evidence_is_complete(
    now: datetime, unknown: tuple[UnknownReason, ...]
) -> None:
    assert judged(turns(-20), now=now).unknown == unknown


def test_art33_nobody_is_absent_before_the_evidence_is_complete_and_who_left_early_did_so_at_the_end() -> (
    None
):
    assert judged(now=ENDS + 360 * MINUTE - INSTANT).verdict is V.UNKNOWN
    assert judged(now=ENDS + 360 * MINUTE).verdict is V.ABSENT
    running = judged(turns(-20, 60), now=ENDS - INSTANT, bound_to_seat=False)
    assert (running.verdict, running.minutes_early, running.left_at, codes(running)) == (
        V.UNKNOWN,
        0,
        None,
        [],
    )
    assert judged(turns(-20, 60), now=ENDS).verdict is V.LEFT_EARLY
    assert judged(turns(*PROPER), now=ENDS + 5 * MINUTE).verdict is V.PRESENT


# --- the reasons --------------------------------------------------------------------------------------------


def test_art33_the_lines_say_what_decided() -> None:
    late = judged(turns(5, LENGTH + 5))
    assert [(line.code, line.article) for line in late.lines] == [("arrival", 21), ("departure", 24)]
    said = late.lines[0]
    assert said.text.format(**{k: f"{v:%H:%M}" for k, v in said.instants.items()}, **said.details) == (
        "Came at 14:05, 5 min after the start at 14:00"
    )
    missing = judged(turns(-20))
    assert missing.lines[-1].details == {"why": UNKNOWN_NAMES[R.MISSING_EXIT]}
    assert [line.code for line in judged().lines] == ["arrival"]


@pytest.mark.parametrize(
    "passes",
    [(), turns(-20), turns(5, 100), turns(-5, LENGTH), turns(100, first=OUT), turns(*PROPER)],
)
def test_every_line_can_be_filled(passes: tuple[object, ...]) -> None:
    judgement = judged(passes, leave=(leave(200, 220),))  # type: ignore[arg-type]
    for line in judgement.lines:
        assert line.text.format(**line.instants, **line.details)
    for finding in judgement.findings:
        assert FINDING_CODES[finding.code].text.format(**finding.details)
