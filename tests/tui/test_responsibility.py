"""Art. 25 at the desk: asked about a sealed shift, answered with the evidence, contested, decided."""

from __future__ import annotations

from pathlib import Path

from operations.handover import check_all_in_order, sign_in_take_over, sign_out
from operations.responsibility import responsibility_cases
from operations.shiftlog import EntryDraft, write_entry
from regulation.responsibility import Verdict
from tests.centre import NOW, PIN
from tests.tui.desk import Desk, open_desk
from tests.tui.test_handover import AT_CUTOFF, freeze, open_handover
from tui.screens.handover import HandoverScreen
from tui.screens.responsibility_dialog import ResponsibilityDialog


def seal_night(desk: Desk) -> None:
    """A sealed night with one entry on its signed list."""
    write_entry(desk.built.actors["1003"], NOW, EntryDraft("notice", "3 号配线架告警", NOW))
    handover_id = freeze(desk)
    check_all_in_order(desk.built.actors["1003"], AT_CUTOFF, handover_id)
    sign_out("1003", PIN, AT_CUTOFF, handover_id)
    sign_in_take_over("1103", PIN, AT_CUTOFF, handover_id)


async def ask(desk: Desk, problem: str, words: str) -> None:
    """Ask in the open dialog about the shift that was sealed last."""
    await desk.until(lambda: "ask" in desk.lines()[-1] or "n ask" in desk.text())
    await desk.press("n")
    await desk.type(problem)
    await desk.press("enter")
    await desk.type(words)
    await desk.press("enter", "enter")


async def test_art25_the_answer_stands_under_the_question_with_its_evidence(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        seal_night(desk)
        await open_handover(desk)
        await desk.press("q")
        assert isinstance(desk.app.screen, ResponsibilityDialog)
        await ask(desk, "配线架又告警", "配线架")
        await desk.until(lambda: "sealed:entry-1" in desk.text())
        assert "on the signed list" in desk.text()
        assert "missed" in desk.text()
        (case,) = responsibility_cases(desk.built.actors["1003"], desk.clock())
        assert (case.verdict, case.words) == (Verdict.INCOMING, "配线架")
        await desk.press("escape")
        assert isinstance(desk.app.screen, HandoverScreen)


async def test_art25_a_question_without_words_stays_in_the_form_with_the_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        seal_night(desk)
        await open_handover(desk)
        await desk.press("q")
        await ask(desk, "配线架又告警", "")
        await desk.until(lambda: "Give words to look for" in desk.text())
        assert "配线架又告警" in desk.text()
        assert responsibility_cases(desk.built.actors["1003"], desk.clock()) == ()


async def test_art25_the_incoming_side_contests_and_a_higher_leader_decides(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        seal_night(desk)
        await open_handover(desk, "1103")
        await desk.press("q")
        await ask(desk, "配线架又告警", "配线架")
        await desk.until(lambda: "sealed:entry-1" in desk.text())
        await desk.press("c")
        await desk.type("交班时说已修好")
        await desk.press("enter")
        await desk.until(lambda: "交班时说已修好" in desk.text())
        assert "contested" in desk.text()
        assert "d decide" not in desk.text(), "a shift leader decides no case"
        await desk.press("escape")
        desk.app.leave()
        await desk.settle()
        await desk.sign_in("2001")
        await desk.press("3", "q")
        await desk.until(lambda: "d decide" in desk.text())
        await desk.press("d")
        await desk.type("3")
        await desk.press("enter")
        await desk.type("双方说法不一")
        await desk.press("enter")
        await desk.until(lambda: "decided" in desk.text())
        (case,) = responsibility_cases(desk.built.actors["2001"], desk.clock())
        assert (case.final, case.decision_reason) == (Verdict.UNDETERMINED, "双方说法不一")
        assert "c contest" not in desk.text(), "a decided case is closed"


async def test_art25_there_is_nothing_to_ask_before_a_log_was_sealed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await open_handover(desk)
        await desk.press("q")
        assert "Nobody has asked yet" in desk.text()
        await desk.press("n")
        assert isinstance(desk.app.screen, ResponsibilityDialog)
