"""The Today screen: the shift as it is, and what a leader does from it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pypdf import PdfReader
from textual.widgets import Input, TextArea

from operations import permits, visits
from operations.boundary import kiosk_actor
from tests.centre import NOW, SHIFT_STARTS
from tests.operations.acts import current_log
from tests.tui.desk import Desk, open_desk
from tests.tui.door import pass_door
from tui.screens.entry_dialog import EntryDialog, time_given
from tui.screens.visit import VisitDialog
from tui.widgets.line_table import LineTable


def ask_to_enter(key: str = "k1", visitor: str = "李伟") -> int:
    """Ask for a visit as the kiosk does."""
    request = visits.VisitRequest(
        key, visitor, "华信公司", "maintenance", reference="4471", sponsor_work_number="1017"
    )
    return visits.request_visit(kiosk_actor("main"), NOW, request)


def visit_of(desk: Desk, key: str = "k1") -> visits.VisitRow:
    """What became of the request."""
    row = visits.visit_state(kiosk_actor("main"), NOW, key)
    assert row is not None
    return row


async def test_the_board_says_who_is_here_late_and_missing_with_article_and_minutes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ids = desk.built.ids
        early, late = SHIFT_STARTS - timedelta(minutes=12), SHIFT_STARTS + timedelta(minutes=6)
        pass_door(
            NOW, [(early, "in", "granted", ids["1017"]), (late, "in", "granted.relief_late", ids["1021"])]
        )
        await desk.sign_in()
        text = desk.text()
        assert "✓ present" in text
        assert "! came late" in text
        assert "6 min late, Art. 21" in text
        assert "✗ not here" in text
        assert "22:06" in text
        assert "relief due in 7:20:00" in text


async def test_a_new_visitor_rings_the_bell_and_shows_without_any_key(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("8")
        ask_to_enter()
        await desk.until(lambda: bool(desk.app.board and desk.app.board.waiting))
        await desk.until(lambda: "李伟 waits at the door" in desk.text())
        assert "! 1 waiting" in desk.lines()[1], "what waits shows on every screen"


async def test_a_approves_the_waiting_visitor_and_lends_a_badge(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        ask_to_enter()
        await desk.sign_in()
        await desk.press("a")
        await desk.until(lambda: visit_of(desk).badge_label == "V-01")
        await desk.until(lambda: "badge V-01" in desk.text())


async def test_r_refuses_only_with_a_reason_for_the_record(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ask_to_enter()
        await desk.sign_in()
        await desk.press("r", "enter")
        assert visit_of(desk).state == "requested"
        await desk.type("no work order")
        await desk.press("enter")
        await desk.until(lambda: visit_of(desk).state == "refused")
        assert visit_of(desk).note == "no work order"


async def test_enter_shows_the_visit_and_approves_it_for_fewer_minutes(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        ask_to_enter()
        await desk.sign_in()
        desk.app.screen.query_one("#waiting", LineTable).focus()
        await desk.press("enter")
        assert isinstance(desk.app.screen, VisitDialog)
        assert "4471" in desk.text()
        await desk.press("tab")
        await desk.type("20")
        await desk.press("enter")
        await desk.until(lambda: visit_of(desk).state == "approved")
        assert visit_of(desk).ends_at == NOW + timedelta(minutes=20)


async def test_a_visit_someone_else_decided_meanwhile_is_refused_in_words(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = ask_to_enter()
        await desk.sign_in()
        await desk.press("r")
        visits.approve_visit(desk.built.actors["2001"], NOW, number)
        await desk.type("too late")
        await desk.press("enter")
        await desk.until(lambda: "decided already" in desk.text())
        assert "Art. 20" in desk.text()
        assert visit_of(desk).state == "approved"


async def test_names_are_shown_as_typed_and_never_read_as_markup(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        ask_to_enter(visitor="[red]x[/] [@click=app.quit]y[/]\x1b[31m")
        await desk.until(lambda: "[red]x[/] [@click=app.quit]y[/]" in desk.text())
        assert "\x1b" not in desk.text()
        await desk.press("r", "escape", "a")
        await desk.until(lambda: visit_of(desk).state == "approved")


async def test_what_waited_before_the_sign_in_is_on_the_screen_and_no_news(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ask_to_enter()
        await desk.sign_in()
        assert "李伟" in desk.text()
        assert not list(desk.app._notifications)
        ask_to_enter("k2", "钱江涛")
        await desk.until(lambda: "钱江涛 waits at the door" in desk.text())


async def test_n_writes_an_entry_with_an_open_item_and_the_desk_shows_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("n")
        screen = desk.app.screen
        assert isinstance(screen, EntryDialog)
        await desk.press("ctrl+s")
        assert "Write down what happened." in desk.text()
        screen.query_one("#text", TextArea).text = "3 号配线架告警"
        screen.query_one("#told", Input).value = "维护值班"
        screen.query_one("#item", Input).value = "跟踪配线架"
        screen.query_one("#happened", Input).value = "22:15"
        await desk.press("ctrl+s")
        await desk.until(lambda: "跟踪配线架" in desk.text())
        log = current_log(desk.built.actors["1003"], NOW)
        assert log is not None
        entry = log.entries[0]
        assert (entry.text, entry.told_whom, entry.happened_at) == (
            "3 号配线架告警",
            "维护值班",
            NOW - timedelta(minutes=15),
        )


async def test_l_permits_leaving_the_seat_and_the_seat_says_how_long(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ids = desk.built.ids
        pass_door(NOW, [(SHIFT_STARTS - timedelta(minutes=12), "in", "granted", ids["1017"])])
        await desk.sign_in()
        await desk.press("down", "l")
        await desk.type("tea")
        await desk.press("enter")
        desk.app.screen.query_one("#minutes", Input).value = "soon"
        await desk.press("enter")
        assert "whole number" in desk.text()
        desk.app.screen.query_one("#minutes", Input).value = "15"
        await desk.press("enter")
        await desk.until(lambda: "may leave the seat for 15 min" in desk.text())


async def test_nobody_permits_themselves_and_the_toast_names_the_article(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("l")
        await desk.type("tea")
        await desk.press("enter", "enter")
        await desk.until(lambda: "Nobody approves their own request" in desk.text())
        assert "Art. 14" in desk.text()


async def test_p_previews_the_day_and_writes_pdf_and_text(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("p")
        await desk.until(lambda: "城东客服中心" in desk.text() and "2026" in desk.text())
        await desk.press("x")
        text = tmp_path / "paper" / "zhiban-2026-11-23.txt"
        await desk.until(text.exists)
        assert "城东客服中心" in text.read_text(encoding="utf-8")
        await desk.press("p")
        paper = tmp_path / "paper" / "zhiban-2026-11-23.pdf"
        await desk.until(paper.exists)
        assert len(PdfReader(paper).pages) >= 1


async def test_a_paper_folder_that_cannot_be_made_is_said_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("a file where a folder should be")
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("p", "x")
        await desk.until(lambda: "cannot be written" in desk.text())


async def test_the_phrases_are_one_key_away_and_searchable(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("s")
        assert "您好！中国电信。" in desk.text()
        await desk.type("waiting")
        await desk.press("shift+tab")
        assert "让您久等了" in desk.text()
        assert "您好！中国电信。" not in desk.text()


async def test_an_overrun_permit_shows_by_itself_when_time_passes(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        ids, leader = desk.built.ids, desk.built.actors["1003"]
        permits.permit_seat_leave(leader, NOW - timedelta(minutes=10), "1017", "tea", 15)
        pass_door(
            NOW,
            [
                (SHIFT_STARTS - timedelta(minutes=12), "in", "granted", ids["1017"]),
                (NOW - timedelta(minutes=9), "out", "released.permit", ids["1017"]),
            ],
        )
        await desk.sign_in()
        assert "permit, 5 min left" in desk.text()
        desk.clock.advance(timedelta(minutes=7))
        desk.app.tick()
        await desk.until(lambda: "permit ended 2 min ago" in desk.text())


async def test_the_narrow_screen_keeps_what_waits_on_top_and_the_rest_in_tabs(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        ask_to_enter()
        await desk.sign_in()
        lines = desk.lines()
        assert "李伟" in lines[3]
        assert "Findings of this shift" not in desk.text()
        await desk.press("t")
        assert "No findings in this shift." in desk.text()
        await desk.press("t")
        assert "The door has seen nobody yet." in desk.text()


def test_a_time_of_day_means_the_last_such_moment_or_the_next() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    assert time_given("22:15", NOW, zone) == NOW - timedelta(minutes=15)
    assert time_given("22：45", NOW, zone) == NOW + timedelta(minutes=15) - timedelta(days=1)
    assert time_given("22:45", NOW, zone, ahead=True) == NOW + timedelta(minutes=15)
    assert time_given("", NOW, zone) is None
