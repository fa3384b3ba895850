"""Keeping the machine room from the desk: alarms, lent badges, who is inside, escorts, reasons, papers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.widgets import Input

from operations import alarms, badges, occupancy, reasons, signin
from operations.today import today_board
from settings import Desk as DeskSettings
from settings import Settings
from tests.centre import NOW, PIN, SHIFT_STARTS
from tests.tui.desk import Desk, open_desk, rows_of
from tests.tui.door import pass_door
from tui.openings import open_duress_pin, open_reasons
from tui.widgets.line_table import LineTable

MINUTE = timedelta(minutes=1)


def table(desk: Desk, name: str) -> LineTable[Any]:
    return desk.app.screen.query_one(f"#{name}", LineTable)


def ring(desk: Desk, *codes: str) -> None:
    """Let the door report these alarms, a minute apart."""
    steps = [(NOW - (len(codes) - place) * MINUTE, "none", code, None) for place, code in enumerate(codes)]
    pass_door(NOW, steps)


async def fill(desk: Desk, **values: str) -> None:
    for name, value in values.items():
        desk.app.screen.query_one(f"#{name}", Input).value = value
    await desk.press("ctrl+s")


async def test_art20_an_alarm_shows_on_every_screen_and_goes_with_a_word_for_the_record(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("2")
        assert "k: see to it" not in desk.text()
        ring(desk, "alarm.held", "alarm.duress")
        await desk.until(lambda: "k: see to it" in desk.text())
        line = next(line for line in desk.lines() if "k: see to it" in line)
        assert "PIN under threat" in line, "what endangers someone comes first, whenever it came"
        assert "and 1 more" in line
        await desk.press("k")
        assert "Do not ring the person" in desk.text()
        await desk.press("enter", "enter")
        assert "the record needs it" in desk.text()
        await desk.type("checked")
        await desk.press("enter")
        leader = desk.built.actors["1003"]
        await desk.until(lambda: [a.code for a in alarms.alarms_waiting(leader, NOW)] == ["alarm.held"])
        await desk.press("enter")
        await desk.type("closed")
        await desk.press("enter")
        await desk.until(lambda: not alarms.alarms_waiting(leader, NOW))
        await desk.until(lambda: "k: see to it" not in desk.text())


async def test_a_locked_desk_rings_for_an_alarm_and_says_no_more_than_that(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("ctrl+l")
        ring(desk, "alarm.duress")
        await desk.until(lambda: "Alarm at a door: unlock the desk." in desk.text())
        assert "threat" not in desk.text()


async def test_an_operator_sees_no_alarm(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ring(desk, "alarm.duress")
        await desk.sign_in("1017")
        await desk.until(lambda: desk.app.board is not None)
        assert "threat" not in desk.text()


async def test_art20_b_lends_a_temporary_badge_and_c_takes_it_back(tmp_path: Path) -> None:
    never_locks = Settings(desk=DeskSettings(idle_lock_minutes=0))
    async with open_desk(tmp_path, size=(80, 24), settings=never_locks) as desk:
        await desk.sign_in()
        await desk.press("6", "b", "ctrl+s")
        assert "Whose work number?" in desk.text()
        await fill(desk, number="1021", reason="forgot it")
        await desk.until(lambda: len(rows_of(table(desk, "loans"))) == 1)
        await desk.press("b")
        await fill(desk, number="1021", reason="again")
        await desk.until(lambda: "has a temporary badge already" in desk.text())
        leader = desk.built.actors["1003"]
        desk.clock.advance(timedelta(hours=15))
        desk.app.data_version += 1
        await desk.settle()
        assert rows_of(table(desk, "loans"))[0].overdue
        await desk.press("c")
        await desk.until(lambda: not badges.badge_loans(leader, NOW))


async def test_art20_l_has_a_lost_badge_refused_at_once(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("6", "l")
        await fill(desk, number="1021")
        await desk.until(lambda: "opens nothing any more" in desk.text())


async def test_art20_x_marks_someone_as_not_inside_with_a_reason(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        pass_door(NOW, [(SHIFT_STARTS, "in", "granted", desk.built.ids["1017"])])
        await desk.sign_in()
        await desk.press("6", "x", "ctrl+s")
        assert "Say how you know." in desk.text()
        await fill(desk, reason="seen at the bus stop")
        leader = desk.built.actors["1003"]
        await desk.until(lambda: not occupancy.inside_now(leader, NOW + MINUTE))
        await desk.until(lambda: "Inside now: 0" in desk.text())


async def test_m_shows_the_muster_list_and_p_writes_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        pass_door(NOW, [(SHIFT_STARTS, "in", "granted", desk.built.ids["1017"])])
        await desk.sign_in()
        await desk.press("6", "m")
        await desk.until(lambda: "Muster list" in desk.text() and "陈静" in desk.text())
        assert "□" in desk.text()
        await desk.press("p")
        await desk.until(lambda: "Written to" in desk.text())
        [paper] = (tmp_path / "paper").glob("zhiban-muster-*.pdf")
        assert paper.read_bytes().startswith(b"%PDF")


async def test_w_writes_the_entry_register_of_another_span(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("6", "w")
        await desk.until(lambda: "Nobody went in or out" in desk.text())
        assert "Machine-room entry register: today" in desk.text()
        await desk.press("t", "t", "x")
        await desk.until(lambda: "Written to" in desk.text())
        assert "this month" in desk.text()
        assert [file.name for file in (tmp_path / "paper").iterdir()] == [
            "zhiban-register-2026-11-01-2026-11-23.csv"
        ]


async def test_art20_only_the_deputy_manager_keeps_the_reasons_and_they_are_offered_at_once(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in("2001")
        open_reasons(desk.app)
        await desk.settle()
        assert "equipment maintenance" in desk.text()
        await desk.press("n")
        await fill(desk, code="audit", label="安全审计", label_en="security audit", needs="letter")
        manager = desk.built.actors["2001"]
        await desk.until(lambda: "audit" in {r.code for r in reasons.visit_reasons(manager, NOW)})
        await desk.until(lambda: "security audit" in desk.text())
        await desk.press("escape", "6", "v")
        await desk.until(lambda: "security audit" in desk.text())


async def test_a_pin_under_threat_is_set_with_the_own_pin(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        open_duress_pin(desk.app)
        await desk.settle()
        for keys in (PIN, "5937", "5973"):
            await desk.type(keys)
            await desk.press("enter")
        assert "do not agree" in desk.text()
        for keys in ("5937", "5937"):
            await desk.type(keys)
            await desk.press("enter")
        await desk.until(lambda: "The door hears of it at once" in desk.text())
        assert signin.confirm("1003", PIN, NOW).work_number == "1003", "the own PIN stays what it was"


async def test_art20_what_a_visitor_carries_is_seen_before_the_decision(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("6", "v")
        await desk.until(lambda: bool(desk.app.screen.query("#carried")))
        await fill(desk, visitor="张工", reference="4471", carried="万用表", job_title="工程师")
        leader = desk.built.actors["1003"]
        await desk.until(lambda: bool(today_board(leader, NOW).waiting))
        [waiting] = today_board(leader, NOW).waiting
        assert (waiting.carried, waiting.job_title) == ("万用表", "工程师")
        await desk.until(lambda: bool(desk.app.board and desk.app.board.waiting))
        table(desk, "waiting").focus()
        await desk.press("enter")
        assert "万用表" in desk.text()
        assert "工程师" in desk.text()
