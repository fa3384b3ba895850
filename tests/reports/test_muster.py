"""The muster list: against golden text, and read back from the paper. After a wanted change of words or layout:
``python -m tests.reports.test_muster``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reports.columns import PAGE_COLUMNS, width_of
from reports.muster import muster_sheet, muster_text, render_muster
from tests.reports.reading import bare, pages_of, size_of
from tests.reports.sample_door import PRINTED_BY, TAKEN_AT, ZONE, MusterList, empty_muster, muster

GOLDEN = Path(__file__).parent / "golden"


def _text(of: MusterList, language: str = "en") -> str:
    return muster_text(of, time_zone=ZONE, printed_by=PRINTED_BY, language=language)


def _pages(of: MusterList, language: str = "en") -> list[str]:
    return pages_of(render_muster(of, time_zone=ZONE, printed_by=PRINTED_BY, language=language))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_list_reads_as_the_golden_text(language: str) -> None:
    expected = (GOLDEN / f"muster.{language}.txt").read_text(encoding="utf-8")
    assert _text(muster(behind=True), language) == expected


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    "of", [muster(behind=True), muster(60), empty_muster()], ids=["some", "many", "none"]
)
def test_the_paper_reads_back_equal_to_the_record(of: MusterList, language: str) -> None:
    sheet = muster_sheet(of, time_zone=ZONE, printed_by=PRINTED_BY, language=language)
    text = bare("".join(_pages(of, language)))
    wanted = [sheet.title, sheet.owner, sheet.taken, sheet.count, sheet.count_label, sheet.split]
    wanted += [*sheet.behind, *sheet.heard, sheet.others, sheet.caution, *sheet.closing, sheet.printed]
    wanted += [part for line in sheet.people for part in (line.name, line.who, line.since, line.escort)]
    wanted += [] if sheet.people else [sheet.empty]
    assert [words for words in wanted if bare(words) not in text] == []


def test_everyone_has_a_box_to_tick_and_there_is_room_for_whoever_is_found_besides() -> None:
    assert "".join(_pages(muster(6))).count("□") == 8 + 4
    assert _text(muster(6)).count("□") == 8


def test_the_head_count_and_the_time_stand_first() -> None:
    lines = _text(muster(6)).splitlines()
    assert lines[1].startswith("8 people inside (6 staff, 2 visitors)")
    assert lines[1].endswith("Taken 2026-11-24 14:30:15")


def test_a_list_from_a_silent_door_warns_with_the_age_of_what_it_knows() -> None:
    text = _text(muster(behind=True))
    warning = text.index("May be out of date: door side was last heard 2026-11-24 14:02:15, 28 min ago")
    assert warning < text.index("员工00")
    assert "it still holds 14 events" in " ".join(text.split())
    assert "May be out of date" not in _text(muster())


def test_a_door_that_is_heard_but_still_holds_events_makes_the_list_out_of_date() -> None:
    of = muster()
    holding = replace(of, doors=(replace(of.doors[0], pending=3),))
    assert "May be out of date" in _text(holding)


def test_without_any_door_the_list_says_that_it_knows_nobody() -> None:
    assert "No door has reported yet" in _text(replace(empty_muster(), doors=()))


def test_a_visitor_without_an_escort_is_named_as_such() -> None:
    assert "Escorted by: none recorded" in _text(muster())


def test_whoever_came_on_another_day_is_shown_with_the_day() -> None:
    text = " ".join(_text(muster()).split())
    assert "11-23 14:30" in text
    alone = replace(muster(0), rows=(replace(muster(1).rows[0], since=TAKEN_AT - timedelta(seconds=59)),))
    assert "14:29 (59 s)" in _text(alone)


def test_nobody_inside_is_said_in_words() -> None:
    assert "Nobody is inside." in _text(empty_muster())
    assert "Nobody is inside." in _pages(empty_muster())[0]


def test_many_people_take_several_numbered_pages() -> None:
    pages = _pages(muster(60))
    assert len(pages) >= 3
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert size_of(render_muster(muster(), time_zone=ZONE, printed_by=PRINTED_BY)) == (595, 842)


def test_no_line_is_wider_than_the_printer() -> None:
    for language in ("zh_CN", "en"):
        assert (
            max(width_of(line) for line in _text(muster(behind=True), language).splitlines()) <= PAGE_COLUMNS
        )


if __name__ == "__main__":
    for code in ("zh_CN", "en"):
        (GOLDEN / f"muster.{code}.txt").write_text(_text(muster(behind=True), code), encoding="utf-8")
