"""The assessment and the audit at the desk, and the way from an article to what was found (Art. 3, 31, 33, 44)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from operations import shiftlog
from regulation.access import DoorVerdict
from regulation.findings import Finding
from settings import open_home
from tests.centre import NOW, PIN
from tests.operations.acts import LEADER, MANAGER, MINUTE, Door, own_badge
from tests.operations.test_assessment import found, without_duties
from tests.tui.desk import Desk, open_desk, rows_of
from tui.screens.article_findings import ArticleFindingsDialog
from tui.screens.assessment import AssessmentDialog, SendAssessmentDialog
from tui.screens.door_event import DoorEventDialog
from tui.screens.handover import HandoverScreen
from tui.screens.regulation import RegulationScreen
from tui.widgets.line_table import LineTable

MONTH_OVER = timedelta(days=10)


def records(desk: Desk) -> list[str]:
    return [row.action for row in rows_of(desk.app.screen.query_one("#records", LineTable))]


async def test_art44_the_assessment_is_seen_written_and_sent(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        found("duty_late", 21, NOW, desk.built.ids["1021"], 1, minutes="6")
        without_duties()
        desk.clock.advance(MONTH_OVER)
        await desk.sign_in(MANAGER)
        await desk.press("8", "m", "left_square_bracket")
        assert isinstance(desk.app.screen, AssessmentDialog)
        assert "2026-11" in desk.text()
        assert "Draft: not sent" in desk.text()
        await desk.press("p")
        await desk.press("x")
        names = sorted(file.name for file in open_home(tmp_path).paper_folder.iterdir())
        assert names == ["zhiban-assessment-2026-11-draft.pdf", "zhiban-assessment-2026-11-draft.xlsx"]
        await desk.press("s")
        assert isinstance(desk.app.screen, SendAssessmentDialog)
        await desk.type(PIN)
        await desk.press("enter")
        assert isinstance(desk.app.screen, AssessmentDialog)
        assert "version 1, sent 2026-12-03 22:30 by 周敏(2001)" in desk.text()


async def test_art44_what_stands_against_sending_is_said_before_the_pin(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in(MANAGER)
        await desk.press("8", "m", "s")
        assert "The month is not over (Art. 44)" in desk.text()
        await desk.type(PIN)
        await desk.press("enter")
        assert isinstance(desk.app.screen, SendAssessmentDialog)


async def test_art33_the_audit_is_narrowed_by_typing_and_followed(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        draft = shiftlog.EntryDraft("notice", "一条", NOW)
        number = shiftlog.write_entry(desk.built.actors[LEADER], NOW, draft)
        await desk.sign_in(MANAGER)
        await desk.press("8", "w")
        await desk.type(LEADER)
        await desk.until(lambda: records(desk) == ["write_entry"])
        assert f"entry:{number}" in desk.text()
        assert "kind = notice" in desk.text()
        await desk.press("enter")
        await desk.until(lambda: records(desk) == ["write_entry"])
        await desk.press("f2")
        assert "No record says this." in desk.text()


async def test_from_an_article_to_where_it_is_kept_to_its_findings_to_what_they_are_about(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        ids, before = desk.built.ids, NOW - MINUTE
        kiosk = Door("main")
        late = Finding("duty_late", before, ids["1021"], None, ("door:main-1",), details={"minutes": "6"})
        verdict = DoorVerdict("granted.relief_late", ids["1021"], findings=(late,))
        kiosk.notes(verdict, before, own_badge("1021"))
        kiosk.sends(NOW)
        found("handover_disputed", 23, before, None, 1, subject="钥匙")
        await desk.sign_in(LEADER)
        await desk.press("8", "m", "w")
        assert isinstance(desk.app.screen, RegulationScreen), "neither is a shift leader's to see"
        await desk.press("slash", "2", "1", "enter")
        assert "3 Handover" in desk.text()
        assert "regulation.handover" not in desk.text()
        assert "Last month: 0" in desk.text()
        await desk.press("enter")
        assert isinstance(desk.app.screen, ArticleFindingsDialog)
        await desk.press("enter")
        assert isinstance(desk.app.screen, DoorEventDialog)
        assert "main-1" in desk.text()
        await desk.press("escape", "escape", "escape", "slash", "2", "3", "enter", "enter", "enter")
        await desk.settle()
        assert isinstance(desk.app.screen, HandoverScreen), "a finding without a record leads to its mode"
