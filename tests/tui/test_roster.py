"""The roster at the desk: a month planned by hand on a real centre."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from operations import drafts
from operations.boundary import SYSTEM
from operations.drafts import CellChange, Paint
from tests.centre import NOW, TODAY, publish_days
from tests.tui.desk import open_desk
from tests.tui.months import cell_of, open_roster
from tui.roster_edits import Stroke, paint_strokes
from tui.screens.roster import RosterScreen


async def test_typing_letters_sets_a_run_of_shifts_and_all_of_them_arrive(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 26))
        await desk.pilot.press("m", "m", "n")
        await desk.settle()
        assert [cell_of(desk, "1017", date(2026, 11, day)) for day in (26, 27, 28)] == [
            "middle",
            "middle",
            "night",
        ]
        assert grid.cursor_day == date(2026, 11, 29)


async def test_a_batch_never_conflicts_with_itself_and_stops_at_the_first_refusal(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        person = desk.built.ids["1017"]
        day = date(2026, 11, 26)
        strokes = [
            Stroke((CellChange(person, day, None, "middle"),)),
            Stroke((CellChange(person, day, "middle", "early"),)),
            Stroke((CellChange(person, TODAY, "night", None),)),
            Stroke((CellChange(person, date(2026, 11, 28), None, "early"),)),
        ]
        outcome = paint_strokes(desk.built.actors["1003"], desk.clock, tuple(strokes))
        assert [painted.changes[0].after for painted in outcome.painted] == ["middle", "early"]
        assert outcome.error is not None
        assert outcome.error.article == 33
        assert cell_of(desk, "1017", date(2026, 11, 28)) is None


async def test_keys_typed_faster_than_the_desk_follows_keep_their_order(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 26))
        await desk.settle()
        for key in ("e", "right", "m", "left", "left", "x"):
            desk.app.simulate_key(key)
        await desk.settle()
        # Each letter goes on by one day, so m lands two days after e, and x one day before m.
        assert [cell_of(desk, "1017", date(2026, 11, day)) for day in (26, 27, 28)] == [
            "early",
            None,
            "middle",
        ]


async def test_the_chinese_sign_of_a_shift_sets_it_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="zh_CN") as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 27))
        await desk.type("早")
        await desk.settle()
        assert cell_of(desk, "1017", date(2026, 11, 27)) == "early"


async def test_clear_undo_and_redo_go_back_and_forth(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        day = TODAY + timedelta(days=1)
        grid.move_to(desk.built.ids["1017"], day)
        await desk.press("x")
        assert cell_of(desk, "1017", day) is None
        await desk.press("u")
        assert cell_of(desk, "1017", day) == "night"
        assert grid.cursor_day == day
        await desk.press("ctrl+r")
        assert cell_of(desk, "1017", day) is None
        await desk.press("u", "u")
        assert cell_of(desk, "1017", day) == "night"


async def test_undo_typed_while_a_change_is_on_its_way_still_takes_it_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 27))
        screen = desk.app.screen
        assert isinstance(screen, RosterScreen)
        # Both keys before the first transaction could have committed.
        screen._set("early")
        screen.action_undo()
        await desk.settle()
        assert cell_of(desk, "1017", date(2026, 11, 27)) is None


async def test_a_duty_that_has_begun_is_refused_in_words_and_stays(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TODAY)
        await desk.press("x")
        assert cell_of(desk, "1017", TODAY) == "night"
        assert "has begun" in desk.text()
        person = next(line for line in desk.lines() if "1017 陈静" in line)
        assert person.count("N") == 4


async def test_a_day_that_changed_under_the_hand_is_a_conflict_in_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        screen = desk.app.screen
        assert isinstance(screen, RosterScreen)
        day, who = date(2026, 11, 27), desk.built.ids["1017"]
        grid.move_to(who, day)
        # The other terminal's change and our key meet before any news could have arrived here.
        drafts.paint_draft(SYSTEM, NOW, [Paint(who, day, "early")])
        screen._set("middle")
        await desk.settle()
        assert cell_of(desk, "1017", day) == "early"
        assert "Someone else has changed 2026-11-27 of 陈静" in desk.text()


async def test_another_terminals_change_appears_by_itself(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_roster(desk)
        publish_days(NOW, (desk.built.ids["1021"], date(2026, 11, 28), "middle"))
        await desk.until(
            lambda: "M" in next(line for line in desk.lines() if "1021 刘洋" in line).split("刘洋")[1]
        )


async def test_months_change_with_brackets_and_t_returns_to_today(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        await desk.press("]")
        assert grid.cursor_day == date(2026, 12, 1)
        await desk.press("[", "[")
        assert grid.cursor_day == date(2026, 10, 1)
        await desk.press("t")
        assert grid.cursor_day == TODAY


async def test_f_shows_one_team_after_the_other(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_roster(desk)
        await desk.press("f")
        assert "陈静" in desk.text()
        assert "马超" not in desk.text()
        await desk.press("f")
        assert "马超" in desk.text()
        assert "陈静" not in desk.text()


async def test_the_line_below_says_who_and_when_across_midnight(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="en") as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TODAY + timedelta(days=1))
        await desk.settle()
        assert "22:00–06:00 next day (8:00)" in desk.text()
        assert "陈静(1017)" in desk.text()
        assert "from the rotation" in desk.text()


async def test_an_operator_reads_the_roster_and_is_told_so(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk, "1017")
        grid.move_to(desk.built.ids["1017"], TODAY + timedelta(days=1))
        await desk.press("e", "x")
        assert cell_of(desk, "1017", TODAY + timedelta(days=1)) == "night"
        assert "read only" in desk.text()


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (200, 60)])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_screen_fits_every_size_in_both_languages(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    async with open_desk(tmp_path, size=size, language=language) as desk:
        await open_roster(desk)
        assert {cell_len(line) for line in desk.lines()} == {size[0]}
        assert "王建国" in desk.text()
        assert "23" in desk.text()
