"""The day's figures, its spot checks and what falls due by itself, at the desk and by keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

import models
from operations import figures, findings, notices, spot_checks, store
from operations.spot_checks import CheckDraft
from regulation.spot_checks import STARTING_LINKS, CheckResult
from settings import Desk as DeskSettings
from settings import Settings
from tests.centre import NOW, SHIFT_ENDS, TODAY
from tests.operations.test_figures import WHOLE
from tests.tui.desk import Desk, open_desk

MINUTE = timedelta(minutes=1)
NEVER_LOCKS = Settings(desk=DeskSettings(idle_lock_minutes=0))


def values(desk: Desk, shift: int = -1) -> list[str]:
    forms = figures.figure_forms(desk.built.actors["1003"], NOW, TODAY)
    return [row.value for row in forms[shift].rows]


def only_watch_this_shift() -> None:
    store.write(lambda: models.Centre.update(watched_from=NOW).execute())


async def pass_time_until(desk: Desk, at: datetime) -> None:
    """Move the clock and let the desk's own second come."""
    desk.clock.now = at
    desk.app.tick()
    await desk.settle()


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_art08_f_opens_the_form_and_enter_goes_from_figure_to_figure(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size=size) as desk:
        await desk.sign_in()
        await desk.until(lambda: "figures early shift 0/9" in desk.text())
        assert "Art. 8" in desk.text()
        await desk.press("f")
        await desk.until(lambda: bool(desk.app.screen.query("#figure-calls_in")))
        assert "11-23 early shift" in desk.text()
        assert "late (Art. 8)" in desk.text()
        for text in WHOLE.values():
            await desk.type(text)
            await desk.press("enter")
        assert "✓ ≥ 80.0" in desk.text()
        await desk.press("enter")
        await desk.until(lambda: "9 new values kept." in desk.text())
        assert values(desk, 0) == ["1204", "1150", "83.5", "54", "172", "3", "41", "0", "96.2"]
        await desk.until(lambda: "figures early shift 0" not in desk.text())


async def test_art08_what_is_no_number_is_named_and_nothing_is_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("f")
        await desk.until(lambda: bool(desk.app.screen.query("#figure-calls_in")))
        await desk.type("12")
        await desk.press("enter")
        await desk.type("=1+1")
        assert "not a number" in desk.text()
        await desk.press("ctrl+s")
        assert "calls answered: “=1+1” is not a number." in desk.text()
        assert values(desk, 0) == [""] * len(WHOLE)


async def test_art05_a_missed_target_shows_while_it_is_typed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("f")
        await desk.until(lambda: bool(desk.app.screen.query("#figure-calls_in")))
        await desk.press("enter", "enter")
        await desk.type("79.9")
        await desk.pilot.pause()
        assert "! ≥ 80.0" in desk.text()


async def test_a_correction_asks_for_its_reason_in_the_same_form(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        form = figures.figure_forms(desk.built.actors["1003"], NOW, TODAY)[0]
        given = [figures.FigureGiven(code, text) for code, text in WHOLE.items()]
        figures.enter_figures(desk.built.actors["1003"], NOW, form.log_id, given)
        await desk.sign_in()
        await desk.press("f")
        await desk.until(lambda: "11-22 night shift" in desk.text())
        await desk.press("pagedown")
        await desk.until(lambda: "11-23 early shift" in desk.text())
        await desk.press("end", *["backspace"] * 5)
        await desk.type("1240")
        await desk.press("ctrl+s")
        await desk.until(lambda: "another value needs a reason" in desk.text())
        await desk.press(*["enter"] * 9)
        await desk.type("平台补录")
        await desk.press("enter")
        await desk.until(lambda: "1 new values kept." in desk.text())
        assert values(desk, 0)[0] == "1240"


async def test_the_shift_before_is_one_key_away_but_not_over_what_was_typed(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("f")
        await desk.until(lambda: "11-23 early shift" in desk.text())
        await desk.press("pageup")
        await desk.until(lambda: "11-22 night shift" in desk.text())
        await desk.type("5")
        await desk.press("pagedown")
        assert "Save these figures first" in desk.text()
        assert "11-22 night shift" in desk.text()


async def test_an_operator_reads_the_figures_and_cannot_write_them(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in("1017")
        await desk.press("f")
        await desk.until(lambda: "11-23 early shift" in desk.text())
        assert "save" not in desk.text()
        assert desk.app.screen.query_one("#figure-calls_in").disabled


# --- spot checks --------------------------------------------------------------------------------------------


async def test_art07_c_opens_the_plan_and_a_check_is_three_keys_away(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.until(lambda: "spot checks 0/8 Art. 7" in desk.text())
        await desk.press("c")
        await desk.until(lambda: "not checked yet" in desk.text())
        await desk.press("enter", "ctrl+s")
        await desk.until(lambda: "1 of 8 links" in desk.text())
        await desk.press("escape")
        await desk.until(lambda: "spot checks 1/8 Art. 7" in desk.text())
        plan = spot_checks.spot_checks(desk.built.actors["1003"], NOW, TODAY)
        assert [row.link.code for row in plan.links if row.checks] == ["answering"]


async def test_art07_a_problem_asks_whom_you_told_before_it_is_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("c")
        await desk.until(lambda: "not checked yet" in desk.text())
        await desk.press("down", "enter", "right", "enter")
        await desk.type("1021")
        await desk.press("enter")
        await desk.type("未报工号")
        await desk.press("ctrl+s")
        await desk.until(
            lambda: "what was found and whom you told" in desk.text().replace("A problem needs", "", 1)
        )
        await desk.press("enter")
        await desk.type("刘洋")
        await desk.press("enter", "enter")
        await desk.until(lambda: "未报工号" in desk.text() and "刘洋(1021)" in desk.text())
        (check,) = spot_checks.spot_checks(desk.built.actors["1003"], NOW, TODAY).links[1].checks
        assert (check.result, check.person, check.informed) == (
            CheckResult.PROBLEM,
            "刘洋(1021)",
            "刘洋(1021)",
        )


async def test_art07_yesterdays_plan_says_what_nobody_checked(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("c")
        await desk.until(lambda: "not checked yet" in desk.text())
        await desk.press("[")
        await desk.until(lambda: desk.text().count("unchecked (Art. 7)") == len(STARTING_LINKS))
        assert "the day has ended" in desk.text()


async def test_both_are_found_in_the_commands(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("ctrl+p")
        await desk.type("spot checks")
        await desk.press("enter")
        await desk.until(lambda: "0 of 8 links" in desk.text())


# --- the watch ----------------------------------------------------------------------------------------------


async def test_art21_the_desk_reminds_its_leader_once_and_no_second_desk_does(tmp_path: Path) -> None:
    async with open_desk(tmp_path, settings=NEVER_LOCKS) as desk:
        only_watch_this_shift()
        await desk.sign_in()
        await pass_time_until(desk, SHIFT_ENDS - 15 * MINUTE - timedelta(seconds=1))
        assert "Hand over the night shift" not in desk.text()
        await pass_time_until(desk, SHIFT_ENDS - 15 * MINUTE + timedelta(seconds=30))
        await desk.until(lambda: "Hand over the night shift in 14 min" in desk.text())
        leader = desk.built.actors["1003"]
        assert notices.take_news(leader, desk.clock()) == (), "whoever shows it has taken it"
        assert [n.kind for n in notices.take_news(desk.built.actors["1103"], desk.clock())] == [
            "handover_due"
        ]


async def test_art21_a_locked_desk_rings_without_words_and_tells_whoever_unlocks_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        only_watch_this_shift()
        await desk.sign_in()
        await desk.press("ctrl+l")
        await pass_time_until(desk, SHIFT_ENDS)
        await desk.until(lambda: "There is news for you: unlock the desk." in desk.text())
        assert "night shift" not in desk.text()
        await desk.type("8264")
        await desk.press("enter")
        await desk.until(lambda: "The night shift ends now" in desk.text())


async def test_art07_a_problem_reaches_the_person_it_was_told_to(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in("1021")
        draft = CheckDraft("speech", CheckResult.PROBLEM, "[b]未报工号[/b]", informed="1021")
        spot_checks.record_spot_check(desk.built.actors["1003"], NOW, draft)
        await desk.until(lambda: "王建国 found at a spot check" in desk.text())
        assert "[b]未报工号[/b]" in desk.text(), "what people write is never markup"


async def test_art08_the_desk_keeps_what_falls_due_while_it_is_locked(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        only_watch_this_shift()
        await desk.sign_in()
        await desk.press("ctrl+l")
        await pass_time_until(desk, SHIFT_ENDS + 61 * MINUTE)
        found = findings.findings(desk.built.actors["1003"], desk.clock(), NOW, desk.clock(), 8)
        assert [f.code for f in found] == ["figures_late"]


async def test_nobody_keeps_watch_at_a_desk_nobody_has_signed_in_to(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        only_watch_this_shift()
        await pass_time_until(desk, SHIFT_ENDS + 61 * MINUTE)
        found = findings.findings(desk.built.actors["1003"], desk.clock(), NOW, desk.clock(), 8)
        assert found == ()
