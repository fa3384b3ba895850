"""The Regulation screen: every article with its class, keeper and this month's findings; the phrases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from operations import door, registers, watch
from operations.boundary import SYSTEM, kiosk_actor
from regulation.articles import ARTICLES
from regulation.doorlog import event_fields
from regulation.ledger import chain_hash, instant_text
from tests.centre import NOW, SHIFT_STARTS
from tests.operations.acts import entry
from tests.tui.desk import open_desk, rows_of
from tests.tui.door import chain
from tui.screens.article_findings import ArticleFindingsDialog
from tui.screens.record_dialog import RecordDialog
from tui.widgets.line_table import LineTable


async def test_all_articles_are_listed_and_the_cursor_tells_the_story(tmp_path: Path) -> None:
    async with open_desk(tmp_path, language="zh_CN") as desk:
        await desk.sign_in()
        await desk.press("8")
        table = desk.app.screen.query_one("#articles", LineTable)
        assert table.row_count == len(ARTICLES) == 44
        await desk.press(*["down"] * 20)
        assert ARTICLES[21].demand_zh[:8] in desk.text()
        assert "10" in desk.text(), "the article's number in force"


async def test_search_finds_an_article_by_number_or_word(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("8", "slash")
        await desk.type("24")
        table = desk.app.screen.query_one("#articles", LineTable)
        assert [article.number for article in rows_of(table)] == [24]
        await desk.press("escape")
        assert table.row_count == 44


async def test_findings_of_the_month_are_counted_and_listed(tmp_path: Path) -> None:

    async with open_desk(tmp_path) as desk:
        person = desk.built.ids["1021"]
        event = next(
            iter(chain([(SHIFT_STARTS + timedelta(minutes=6), "in", "granted.relief_late", person)]))
        )
        found = {
            "code": "duty_late", "article": 21, "at": instant_text(event.at), "person_id": person,
            "duty_id": None, "evidence": ["door:main-1"], "details": {"minutes": "6"},
        }  # fmt: skip
        event = replace(event, findings=(found,))
        event = replace(event, hash=chain_hash(event.previous, event_fields(event)))
        door.record_door_events(kiosk_actor("main"), NOW, "main", [event])
        await desk.sign_in()
        await desk.press("8", *["down"] * 20)
        assert "Findings this month: 1" in desk.text()
        await desk.press("enter")
        assert isinstance(desk.app.screen, ArticleFindingsDialog)
        assert "Came 6 min after the shift began" in desk.text()
        assert "刘洋" in desk.text()


async def test_art16_from_a_finding_enter_leads_to_the_record_that_shows_it(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        seen = {
            "patrolled_on": "2026-11-23",
            "zone": "seats",
            "kind": "cup",
            "person": "1021",
            "what": "水杯",
        }
        watch.keep_watch(SYSTEM, NOW - timedelta(minutes=5))
        registers.open_record(desk.built.actors["1003"], NOW, "patrol", seen)
        watch.keep_watch(SYSTEM, NOW)
        desk.clock.advance(timedelta(minutes=1))
        await desk.sign_in()
        await desk.press("8", *["down"] * 15)
        assert "Findings this month: 1" in desk.text()
        await desk.press("enter", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, RecordDialog) and "水杯" in desk.text())


async def test_art31_who_did_what_is_told_in_words_and_narrowed_as_one_types(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        entry(desk.built, "x")
        await desk.sign_in("2001")
        await desk.press("8", "w")
        await desk.until(lambda: "signed in" in desk.text() and "wrote an entry" in desk.text())
        await desk.type("1003")
        await desk.until(lambda: "signed in" not in desk.text() and "wrote an entry" in desk.text())


async def test_the_phrases_tab_searches_in_both_languages(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("8", "t", "slash")
        await desk.type("久等")
        assert "让您久等了" in desk.text()
        assert "您好！中国电信。" not in desk.text()
