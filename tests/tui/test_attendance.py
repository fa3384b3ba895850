"""4 Attendance by keys: the month, the evidence of a day, corrections, the submission (Art. 33, 34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import models
from operations import attendance_corrections as corrections
from operations import store
from operations.attendance_corrections import CorrectionAsked
from operations.attendance_judging import judged_between
from regulation.attendance_evidence import Pass
from regulation.duty_verdicts import DutyVerdict
from regulation.leave import Extent
from regulation.records import Direction
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import LEADER, MINUTE, OPERATOR, Door, own_badge
from tests.operations.attending import (
    AFTERWARDS,
    DAY,
    MONTH_OVER,
    duty_of,
    heard,
    judged,
    submitted_sheets,
    whole_month_in_order,
    worked,
)
from tests.operations.leaves import TOMORROW, granted, wish
from tests.tui.desk import Desk, open_desk
from tui.attendance_words import day_text
from tui.duty_bar import spans_inside
from tui.screens.attendance_trend import AttendanceTrendDialog
from tui.screens.duty_evidence import DutyEvidenceDialog
from tui.widgets.attendance_grid import AttendanceGrid

SIZES = [(80, 24), (160, 48)]


async def open_attendance(desk: Desk, number: str, now: datetime = AFTERWARDS) -> None:
    desk.clock.now = now
    await desk.sign_in(number)
    await desk.until(lambda: desk.app.board is not None)
    await desk.press("4")
    await desk.until(lambda: bool(desk.app.screen.query(AttendanceGrid)) and "÷" in desk.text())


def a_night(now: datetime = AFTERWARDS) -> Door:
    """One came in time, one late, one not at all, and one was never seen to go."""
    kiosk = Door()
    kiosk.reads("deadbeef", SHIFT_STARTS - 2 * DAY)
    worked(kiosk, LEADER, SHIFT_STARTS)
    worked(kiosk, "1021", SHIFT_STARTS, early=-12)
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 20 * MINUTE)
    kiosk.sends(now)
    heard(kiosk, now)
    return kiosk


def grid(desk: Desk) -> AttendanceGrid:
    return desk.app.screen.query_one(AttendanceGrid)


async def on_todays(desk: Desk, number: str) -> None:
    """Put the cursor on someone's night of the 23rd."""
    grid(desk).move_to(desk.built.ids[number], TODAY)
    await desk.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_art33_the_month_shows_each_day_in_signs_and_the_one_under_the_cursor_in_words(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        a_night()
        await open_attendance(desk, LEADER)
        await on_todays(desk, "1021")
        assert "!12" in desk.text()
        assert "came late, 12 min late" in " ".join(desk.text().split())
        await on_todays(desk, "1022")
        assert "absent from duty" in desk.text()
        assert "Attendance rate = " in desk.text()


@pytest.mark.parametrize("size", SIZES)
async def test_art33_a_day_that_is_not_clear_is_settled_by_two_people(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        a_night()
        await open_attendance(desk, OPERATOR)
        assert [row.work_number for row in desk.app.screen.result.rows] == [OPERATOR]  # type: ignore[attr-defined]
        await on_todays(desk, OPERATOR)
        await desk.press("enter")
        await desk.until(lambda: "an exit is missing" in desk.text())
        assert "door event door-6" in " ".join(desk.text().split())
        await desk.press("c")
        await desk.press("enter")
        await desk.type("06:05")
        await desk.press("enter", "enter")
        await desk.type("出门时断电")
        await desk.press("enter")
        await desk.type("entry 4")
        await desk.press("enter")
        await desk.until(lambda: "waiting for a decision" in desk.text())
        (waiting,) = store.read(lambda: list(models.AttendanceCorrection.select()))
        assert (waiting.left_at, waiting.proofs) == (SHIFT_ENDS + 5 * MINUTE, ["entry 4"])
    async with open_desk(tmp_path, size=size, with_centre=False) as desk:
        await open_attendance(desk, LEADER)
        await desk.press("n")
        while "06" not in desk.text() or grid(desk).cursor_person.work_number != OPERATOR:  # type: ignore[union-attr]
            await desk.press("n")
        await desk.press("enter")
        await desk.until(lambda: "出门时断电" in desk.text())
        await desk.press("a")
        await desk.until(lambda: "✓ attended" in desk.text())
        await desk.press("escape")
        assert judged()[OPERATOR].judgement.correction_id == waiting.id


async def test_art33_a_refusal_asks_for_its_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        a_night()
        asked = CorrectionAsked(duty_of(OPERATOR), "断电", ("entry:4",), left_at=SHIFT_ENDS)
        corrections.ask_correction(desk.built.actors[OPERATOR], AFTERWARDS, asked)
        await open_attendance(desk, LEADER)
        await on_todays(desk, OPERATOR)
        await desk.press("enter")
        await desk.until(lambda: "断电" in desk.text())
        await desk.press("r")
        await desk.type("监控未见")
        await desk.press("enter")
        await desk.until(lambda: "not approved" in desk.text())
        assert isinstance(desk.app.screen, DutyEvidenceDialog)
        assert "监控未见" in desk.text()


@pytest.mark.parametrize("size", SIZES)
async def test_art34_a_month_in_order_is_submitted_with_the_pin(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        whole_month_in_order(Door())
        await open_attendance(desk, LEADER, MONTH_OVER)
        await desk.press("left_square_bracket")
        await desk.until(lambda: "2026-11" in desk.text())
        await desk.press("S")
        await desk.until(lambda: "PIN: what is submitted is frozen" in desk.text())
        await desk.type(PIN)
        await desk.press("enter")
        await desk.until(lambda: bool(submitted_sheets()))
        await desk.press("f")
        await desk.until(lambda: "submitted, version 1" in desk.text())
        await desk.press("V")
        await desk.until(
            lambda: isinstance(desk.app.screen, AttendanceTrendDialog) and "100.00%" in desk.text()
        )


async def test_art34_what_still_blocks_is_listed_instead_of_the_pin(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        a_night()
        await open_attendance(desk, LEADER)
        await desk.press("S")
        await desk.until(lambda: "The month is not over yet" in desk.text())
        assert "The duty of 2026-11-23 is not clear" in desk.text()
        assert not desk.app.screen.query("#pin")


def test_the_bar_shows_when_someone_was_inside() -> None:
    def seen(minute: int, way: Direction) -> Pass:
        return Pass(f"door:main-{minute}", SHIFT_STARTS + timedelta(minutes=minute), way)

    passes = (seen(0, Direction.IN), seen(3, Direction.IN), seen(9, Direction.OUT), seen(12, Direction.OUT))
    starts = [
        (int((a - SHIFT_STARTS).seconds / 60), int((b - SHIFT_STARTS).seconds / 60))
        for a, b in spans_inside(passes)
    ]
    assert starts == [(0, 9), (12, 12)]


async def test_art33_a_correction_waits_on_today_and_is_looked_at_and_decided_there(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        a_night()
        asked = CorrectionAsked(duty_of(OPERATOR), "出门时断电", ("entry:4",), left_at=SHIFT_ENDS)
        row = corrections.ask_correction(desk.built.actors[OPERATOR], AFTERWARDS, asked)
        desk.clock.now = AFTERWARDS
        await desk.sign_in(LEADER)
        await desk.until(lambda: "1 waiting" in desk.text() and "correction 11-23" in desk.text())
        desk.app.screen.query_one("#waiting").focus()
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, DutyEvidenceDialog) and "断电" in desk.text())
        await desk.press("escape")
        await desk.press("a")
        await desk.until(lambda: "the correction counts" in desk.text())
        await desk.until(lambda: "correction 11-23" not in desk.text())
        assert judged()[OPERATOR].judgement.correction_id == row


@pytest.mark.parametrize(("size", "drawn"), [((80, 24), "Pe○"), ((160, 48), "Pe○")])
async def test_art33_a_day_in_parts_shows_the_signs_of_both_and_the_line_below_lists_them(
    tmp_path: Path, size: tuple[int, int], drawn: str
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        granted(desk.built, wish(half=Extent.FIRST_HALF))
        await open_attendance(desk, LEADER, NOW)
        grid(desk).move_to(desk.built.ids[OPERATOR], TOMORROW)
        await desk.settle()
        assert drawn in desk.text()
        words = " ".join(desk.text().split())
        assert "22:00–02:00" in words
        assert "02:00–06:00" in words


def test_art33_of_a_day_in_parts_too_wide_for_its_cell_the_one_that_wants_attention_is_shown(
    sqlite_centre: Built,
) -> None:
    granted(sqlite_centre, wish(half=Extent.FIRST_HALF))
    people = {sqlite_centre.ids[OPERATOR]}
    first, second = store.read(lambda: judged_between(TOMORROW, TOMORROW, NOW, people))
    late = replace(second, judgement=replace(second.judgement, verdict=DutyVerdict.LATE, minutes_late=12))
    assert day_text([first, late], 5) == "Pe!12"
    assert day_text([first, late], 4) == "!12+"
    assert day_text([first, late], 3) == "!+"
