"""The draft at the desk: ranges, weeks, taking back, comparing, publishing, discarding, on a real centre."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from operations import drafts
from operations.boundary import SYSTEM
from operations.drafts import Paint
from tests.centre import NOW, TODAY, publish_days
from tests.tui.desk import Desk, open_desk
from tests.tui.months import cell_of, open_roster, published_cell
from tui.screens.go_to_day import day_meant
from tui.screens.roster import RosterScreen

TOMORROW = TODAY + timedelta(days=1)
THURSDAY = date(2026, 11, 26)


def planned(desk: Desk, number: str, *days: date) -> list[str | None]:
    return [cell_of(desk, number, day) for day in days]


def line_of(desk: Desk, words: str) -> str:
    return next(line for line in desk.lines() if words in line)


async def test_a_range_is_filled_at_once_past_what_has_begun_and_taken_back_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TODAY)
        await desk.press("v", "right", "right", "down", "m")
        assert "2 days stay as they are" in desk.text()  # tonight's two duties run
        days = (TODAY, TOMORROW, TODAY + timedelta(days=2))
        for number in ("1017", "1021"):
            assert planned(desk, number, *days) == ["night", "middle", "middle"]
            assert published_cell(desk, number, TOMORROW) == "night"
        await desk.press("u")
        assert planned(desk, "1021", *days) == ["night"] * 3
        assert (grid.cursor_day, grid.has_range) == (TOMORROW, False)
        await desk.press("ctrl+r")
        assert planned(desk, "1021", *days) == ["night", "middle", "middle"]
        await desk.press("u", "u")
        assert "Nothing to undo" in desk.text()


async def test_a_copied_block_is_laid_down_at_the_cursor(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("e", "m")
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("v", "right", "y")
        assert "2 days copied" in desk.text()
        grid.move_to(desk.built.ids["1021"], date(2026, 11, 29))
        await desk.press("p")
        assert planned(desk, "1021", date(2026, 11, 29), date(2026, 11, 30)) == ["early", "middle"]


async def test_w_repeats_the_week_for_the_range_and_goes_on(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        monday = date(2026, 12, 7)
        who = [desk.built.ids[number] for number in ("1017", "1021")]
        cells = [(person, monday + timedelta(days=n), "early") for person in who for n in range(3)]
        drafts.paint_draft(SYSTEM, NOW, [Paint(*cell) for cell in cells])
        await desk.press("]")
        await desk.until(lambda: grid.cursor_day == date(2026, 12, 1))
        grid.move_to(who[0], monday + timedelta(days=3))
        await desk.press("v", "down", "w", "w")
        for number in ("1017", "1021"):
            fortnight = [monday + timedelta(days=n) for n in range(7, 21)]
            assert planned(desk, number, *fortnight) == [*["early"] * 3, *[None] * 4] * 2
        assert grid.cursor_day == monday + timedelta(days=17)


async def test_undo_goes_to_the_month_where_the_change_was(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("e")
        await desk.press("]", "u")
        assert grid.cursor_day == THURSDAY
        assert cell_of(desk, "1017", THURSDAY) is None


async def test_d_shows_the_draft_then_what_is_published_then_the_two_compared(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 28))
        await desk.press("m", "left")
        assert "◦M" in line_of(desk, "1017")
        assert "◦ 1 days not published" in desk.text()
        assert "◦ published: free day" in desk.text()
        await desk.press("d")
        assert "as published" in desk.text()
        assert "M" not in line_of(desk, "1017").split("陈静")[1]
        assert "◦ draft: middle shift" in desk.text()
        await desk.press("d")
        assert "compare" in desk.text()
        assert "◦M" in line_of(desk, "1017")
        # What is typed goes into the draft, so it is the draft that is shown then.
        await desk.press("d", "d", "e")
        assert cell_of(desk, "1017", date(2026, 11, 28)) == "early"
        assert "as published" not in desk.text()


async def test_publishing_shows_the_difference_and_makes_it_count(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("n", "e", "P")
        assert "2 days of 1 people change; 1 are told" in desk.text()
        assert "11-26 ·→N" in line_of(desk, "11-27 ·→E")
        # Night, then the next morning: no rest between them, said with both sources.
        assert "rest warnings among them: labour law 0, house rules 2" in desk.text()
        assert published_cell(desk, "1017", THURSDAY) is None
        await desk.press("enter")
        assert published_cell(desk, "1017", THURSDAY) == "night"
        assert "Published: 2 days of 1 people" in desk.text()
        await desk.until(lambda: "not published" not in desk.text())


async def test_art33_what_began_since_it_was_planned_stands_against_publishing_until_it_is_left_out(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], TOMORROW)
        await desk.press("x")
        grid.move_to(desk.built.ids["1017"], date(2026, 11, 28))
        await desk.press("m")
        desk.clock.advance(timedelta(days=1, hours=1))
        await desk.press("P")
        assert "A duty that has begun is not changed in the roster." in desk.text()
        assert "Art. 33" in line_of(desk, "has begun")
        await desk.press("enter")
        assert published_cell(desk, "1017", date(2026, 11, 28)) is None
        await desk.press("x")
        assert "1 days of 1 people change" in desk.text()
        await desk.press("enter")
        assert published_cell(desk, "1017", date(2026, 11, 28)) == "middle"
        assert published_cell(desk, "1017", TOMORROW) == "night"


async def test_one_teams_draft_is_published_while_the_others_waits(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_roster(desk)
        day = date(2026, 11, 28)
        mine, theirs = desk.built.ids["1017"], desk.built.ids["1117"]
        drafts.paint_draft(SYSTEM, NOW, [Paint(mine, day, "early"), Paint(theirs, day, "early")])
        await desk.until(lambda: "2 days not published" in desk.text())
        await desk.press("f", "P", "enter")
        assert published_cell(desk, "1017", day) == "early"
        assert published_cell(desk, "1117", day) is None
        assert cell_of(desk, "1117", day) == "early"


async def test_a_draft_is_discarded_after_a_question_and_that_is_taken_back_too(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        await desk.press("D")
        assert "The draft is what is published already." in desk.text()
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("e", "m", "D")
        assert "2 planned days" in desk.text()
        await desk.press("y")
        assert planned(desk, "1017", THURSDAY, date(2026, 11, 27)) == [None, None]
        await desk.press("u")
        assert planned(desk, "1017", THURSDAY, date(2026, 11, 27)) == ["early", "middle"]


async def test_a_warning_is_explained_with_its_source(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("e", "left", "left")  # the night before ends when this early shift begins
        await desk.press("right")
        assert "only 0 h of rest before this duty, 11 h are due (house rule, as in EU 2003/88/EC Art. 3)" in (
            " ".join(desk.text().split())
        )


async def test_g_goes_to_a_day_slash_finds_a_name_and_equals_shows_two_months(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk)
        await desk.press("g")
        await desk.type("12-15")
        await desk.press("enter")
        assert grid.cursor_day == date(2026, 12, 15)
        await desk.press("=")
        assert "2026-12 – 2027-1" in desk.text()
        await desk.press("/")
        await desk.type("静")
        await desk.press("enter")
        assert "陈静" in desk.text()
        assert "刘洋" not in desk.text()
        await desk.press("escape")
        assert "刘洋" in desk.text()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5", date(2026, 11, 5)),
        ("12-15", date(2026, 12, 15)),
        ("2027/1/2", date(2027, 1, 2)),
        ("31", None),
        ("soon", None),
        ("1 2 3 4", None),
    ],
)
def test_a_part_of_a_date_is_enough(text: str, day: date | None) -> None:
    if day is not None:
        assert day_meant(text, TODAY) == day
        return
    with pytest.raises(ValueError, match="A date is written like"):
        day_meant(text, TODAY)


async def test_an_operator_plans_publishes_and_discards_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        grid = await open_roster(desk, "1017")
        publish_days(NOW, (desk.built.ids["1017"], THURSDAY, "early"))
        drafts.paint_draft(SYSTEM, NOW, [Paint(desk.built.ids["1017"], THURSDAY, "middle")])
        grid.move_to(desk.built.ids["1017"], THURSDAY)
        await desk.press("v", "right", "e", "w", "P", "enter", "D", "y", "u")
        assert isinstance(desk.app.screen, RosterScreen)
        assert cell_of(desk, "1017", THURSDAY) == "middle"
        assert published_cell(desk, "1017", THURSDAY) == "early"
