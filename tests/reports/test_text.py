"""The daily log as text, against golden files. After a wanted change: ``python -m tests.reports.test_text``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regulation.daily_log import DailyLog
from reports.columns import PAGE_COLUMNS, width_of
from reports.text import FORM_FEED, PAGE_LINES, render_text
from tests.reports.sample_day import PRINTED_AT, PRINTED_BY, busy_day, empty_day, night, sample_day

GOLDEN = Path(__file__).parent / "golden"


def _text(log: DailyLog, language: str = "en", *, reprint: bool = False) -> str:
    return render_text(log, printed_at=PRINTED_AT, printed_by=PRINTED_BY, reprint=reprint, language=language)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_sample_day_reads_as_the_golden_text(language: str) -> None:
    expected = (GOLDEN / f"daily_log.{language}.txt").read_text(encoding="utf-8")
    assert _text(sample_day(), language) == expected


@pytest.mark.parametrize("log", [sample_day(), empty_day(), busy_day()], ids=["sample", "empty", "busy"])
def test_no_line_is_wider_than_the_printer_and_no_page_longer(log: DailyLog) -> None:
    for page in _text(log, "zh_CN").split(FORM_FEED):
        lines = page.rstrip("\n").split("\n")
        assert len(lines) <= PAGE_LINES
        assert max(width_of(line) for line in lines) <= PAGE_COLUMNS


def test_every_page_says_which_it_is_and_carries_the_digest() -> None:
    log = busy_day()
    pages = _text(log).split(FORM_FEED)
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert log.digest in "".join(page.split())


def test_an_unsealed_day_is_marked_as_a_draft_without_a_digest() -> None:
    text = _text(replace(sample_day(), digest=""))
    assert "[DRAFT]" in text
    assert "not sealed yet" in text
    assert "[DRAFT]" not in _text(sample_day())


def test_a_reprint_is_marked_on_every_page() -> None:
    pages = _text(sample_day(), reprint=True).split(FORM_FEED)
    assert all("[REPRINT]" in page for page in pages)
    assert "[REPRINT]" not in _text(sample_day())


def test_an_empty_day_says_so_in_words() -> None:
    text = _text(empty_day())
    assert "No shift is rostered for this day." in text
    assert "No visitors." in text
    assert "No findings." in text


def test_art32_a_confidential_entry_is_never_printed() -> None:
    shift = night()
    leaked = tuple(
        replace(e, text="SECRET", outcome="SECRET") if e.confidential else e for e in shift.entries
    )
    text = _text(replace(sample_day(), shifts=(replace(shift, entries=leaked),)))
    assert "SECRET" not in text
    assert "[confidential — not printed]" in text


def test_what_was_written_cannot_drive_the_printer() -> None:
    shift = night()
    hostile = replace(shift.entries[0], text="a\x1b[2J\x1bEb\x0cc\u202egnp\ud800")
    text = _text(replace(sample_day(), shifts=(replace(shift, entries=(hostile,)),)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count(FORM_FEED) == text.count("Page ") - 1
    text.encode()


if __name__ == "__main__":
    for code in ("zh_CN", "en"):
        (GOLDEN / f"daily_log.{code}.txt").write_text(_text(sample_day(), code), encoding="utf-8")
