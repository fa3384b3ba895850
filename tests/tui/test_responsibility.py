"""Art. 25 at the desk: asked about a sealed shift, answered with the evidence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from operations.handover import check_all_in_order, sign_in_take_over, sign_out
from operations.responsibility import responsibility_cases
from operations.shiftlog import EntryDraft, write_entry
from regulation.responsibility import Verdict
from tests.centre import NOW, PIN
from tests.tui.desk import Desk, open_desk
from tests.tui.test_handover import AT_CUTOFF, freeze, open_handover, view
from tui.screens.handover import HandoverScreen
from tui.screens.responsibility_dialog import ResponsibilityDialog


async def sealed_shift(desk: Desk) -> None:
    """The handover screen with a sealed night in it."""
    write_entry(desk.built.actors["1003"], NOW, EntryDraft("notice", "3 号配线架告警", NOW))
    handover_id = freeze(desk)
    check_all_in_order(desk.built.actors["1003"], AT_CUTOFF, handover_id)
    sign_out("1003", PIN, AT_CUTOFF, handover_id)
    screen = await open_handover(desk)
    screen._sealed_id = handover_id
    sign_in_take_over("1103", PIN, AT_CUTOFF, handover_id)
    screen.reload()
    await desk.until(lambda: screen.result is not None and bool(screen.result.digest))


async def test_the_answer_stands_under_the_question_with_its_evidence(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await sealed_shift(desk)
        await desk.press("a")
        assert isinstance(desk.app.screen, ResponsibilityDialog)
        await desk.type("配线架又告警")
        await desk.press("enter", "enter", "enter")
        assert "Give words to look for" in desk.text()
        await desk.press("shift+tab")
        await desk.type("配线架")
        await desk.press("enter", "enter")
        await desk.until(lambda: "sealed:entry-1" in desk.text())
        assert "the incoming side" in desk.text()
        (case,) = responsibility_cases(desk.built.actors["1003"], AT_CUTOFF + timedelta(hours=1))
        assert (case.verdict, case.words) == (Verdict.INCOMING, "配线架")
        await desk.press("escape")
        assert isinstance(desk.app.screen, HandoverScreen)


async def test_nobody_is_asked_about_a_shift_that_is_not_sealed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_handover(desk)
        await desk.press("a")
        assert isinstance(desk.app.screen, HandoverScreen)
        assert view(desk).digest == ""
