"""What sits on the registers, by keys: a typing test, a QA form, the plan, undertakings, clocks on Today, damage."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.events import Paste

from operations import permits, register_views, registers
from operations.register_views import RecordFilter
from regulation.quality import LINES
from regulation.typing_passages import PASSAGES
from tests.centre import NOW
from tests.tui.desk import Desk, open_desk
from tui.openings import open_qa_plan, open_typing_test, open_undertakings
from tui.screens.qa_form import QaFormDialog
from tui.screens.qa_plan import QaPlanDialog
from tui.screens.register_form import RegisterFormDialog
from tui.screens.typing_test import TEST_SECONDS, TypedText, TypingTestDialog
from tui.screens.undertakings import UndertakingsDialog
from tui.widgets.handover_lists import LogList

NARROW = (80, 24)
MINUTE = timedelta(minutes=1)


def kept(desk: Desk, register: str) -> list[register_views.RecordRow]:
    leader = desk.built.actors["1003"]
    return list(register_views.records(leader, desk.clock.now, register, RecordFilter()).rows)


async def test_art10_a_typing_test_ends_by_itself_and_its_result_is_kept(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=NARROW) as desk:
        await desk.sign_in("1017")
        open_typing_test(desk.app)
        await desk.settle()
        dialog = desk.app.screen
        assert isinstance(dialog, TypingTestDialog)
        assert "夜里的机房" in desk.text()
        assert "3:00" in desk.text()
        await desk.type(PASSAGES[0].text[:8])
        field = dialog.query_one(TypedText)
        field.post_message(Paste(PASSAGES[0].text))
        await desk.settle()
        assert field.text == PASSAGES[0].text[:8], "what is pasted was not typed"
        desk.clock.advance(timedelta(seconds=TEST_SECONDS))
        await desk.until(lambda: bool(kept(desk, "skill_test")))
        (record,) = kept(desk, "skill_test")
        assert (record.about, record.values["speed"], record.values["seconds"]) == ("1017", "2", "180")
        await desk.until(lambda: "on record as no. 1" in desk.text())
        await desk.press("ctrl+n")
        assert PASSAGES[1].text[:8] in desk.text()


async def test_art10_a_test_is_not_handed_in_before_its_shortest_time(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in("1017")
        open_typing_test(desk.app)
        await desk.settle()
        await desk.type("夜里")
        desk.clock.advance(timedelta(seconds=29))
        await desk.press("ctrl+s")
        assert "at least 30 seconds" in desk.text()
        assert kept(desk, "skill_test") == []
        desk.clock.advance(timedelta(seconds=1))
        await desk.press("ctrl+s")
        assert len(kept(desk, "skill_test")) == 1


async def test_art40_a_form_is_filled_with_a_number_key_for_each_demand(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=NARROW) as desk:
        await desk.sign_in()
        desk.app.push_screen(QaFormDialog("1017"))
        await desk.settle()
        await desk.press("R", "-", "7", "enter", "9", "9", "x", "0")
        assert "3 lines left" in desk.text()
        await desk.press("9", "9", "8")
        assert "54 of 70 points, 77 %" in desk.text()
        assert "short of the mark: Art. 40" in desk.text()
        await desk.press("enter")
        (record,) = kept(desk, "qa_form")
        assert (record.about, record.values["call"]) == ("1017", "R-7")
        assert [record.values[line.key] for line in LINES] == ["9", "9", "0", "10", "9", "9", "8"]
        assert not isinstance(desk.app.screen, QaFormDialog)


async def test_art40_a_form_with_an_unscored_line_is_not_given(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        desk.app.push_screen(QaFormDialog("1017"))
        await desk.settle()
        await desk.press("enter", "9", "9", "backspace", "ctrl+s")
        assert "Every line needs its points" in desk.text()
        assert kept(desk, "qa_form") == []


async def test_art40_the_plan_counts_down_as_calls_are_inspected(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=NARROW) as desk:
        await desk.sign_in()
        open_qa_plan(desk.app)
        await desk.settle()
        assert isinstance(desk.app.screen, QaPlanDialog)
        assert "10 inspections still to be made" in desk.text()
        await desk.press("enter")
        await desk.press("enter", *["8"] * len(LINES), "enter")
        assert "9 inspections still to be made" in desk.text()
        await desk.press("t")
        assert "80 %" in desk.text()
        await desk.press("t", "t", "right_square_bracket")
        assert "2026-12" in desk.text()


async def test_art26_everybody_is_asked_to_sign_with_one_key(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        assert "9 undertakings to be signed" in desk.text()
        open_undertakings(desk.app)
        await desk.settle()
        assert isinstance(desk.app.screen, UndertakingsDialog)
        await desk.press("a")
        assert len(kept(desk, "undertaking")) == 9
        assert desk.text().count("asked to sign") == 9
        await desk.press("a")
        assert len(kept(desk, "undertaking")) == 9, "nobody is asked twice"


async def test_art18_clocks_run_on_today_and_say_when_they_are_overrun(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=NARROW) as desk:
        leader = desk.built.actors["1003"]
        permits.permit_seat_leave(leader, NOW, "1022", "饮水", 10)
        texts = {"person": "1017", "line": "03", "reason": "培训", "until": (NOW + 5 * MINUTE).isoformat()}
        record = registers.open_record(desk.built.actors["1017"], NOW, "line_lock", texts)
        registers.take_step(leader, NOW, record, "permit")
        await desk.sign_in()
        assert "陈静 has line 03 locked 5 min left" in desk.text()
        desk.clock.advance(7 * MINUTE)
        desk.app.now = desk.clock.now
        await desk.settle()
        assert "陈静 has line 03 locked 2 min over Art. 18" in desk.text()
        assert "何芳 away from the seat 3 min left" in " ".join(desk.text().split())


async def test_art19_what_is_broken_at_the_handover_is_one_key_from_the_register(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.clock.advance(timedelta(hours=7, minutes=20))
        await desk.sign_in()
        await desk.press("3")
        await desk.press("f5", "enter")
        await desk.settle()
        lines = desk.app.screen.query_one(LogList)
        for _step in range(20):
            if lines.thing is not None and lines.thing.check and lines.thing.check.area.value == "machines":
                break
            await desk.press("down")
        await desk.press("x")
        assert isinstance(desk.app.screen, RegisterFormDialog)
        await desk.press("enter")
        await desk.type("耳机线断")
        await desk.press("ctrl+s")
        (record,) = kept(desk, "damage")
        assert (record.values["asset"], record.values["what"]) == ("Machines, lines and alarms", "耳机线断")
