"""The machine-room entry register on paper and as rows (Art. 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from regulation.ledger import Head
from reports.columns import width_of
from reports.entry_register import (
    HEADINGS,
    register_cells,
    register_digest,
    register_table,
    render_register,
)
from reports.font import GETA
from tests.reports.reading import bare, pages_of, size_of
from tests.reports.sample_door import (
    DAY,
    HEADS,
    HEARD,
    LONG_VISITOR,
    PRINTED_AT,
    PRINTED_BY,
    VISITOR,
    Door,
    Register,
    long_register,
    register,
)


def _pdf(of: Register, language: str = "en", doors: tuple[Door, ...] = (HEARD,)) -> bytes:
    return render_register(
        of, printed_at=PRINTED_AT, printed_by=PRINTED_BY, heads=HEADS, doors=doors, language=language
    )


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("of", [register(), register(()), long_register()], ids=["short", "none", "long"])
def test_the_paper_reads_back_equal_to_the_record(of: Register, language: str) -> None:
    table = register_table(of, printed_at=PRINTED_AT, printed_by=PRINTED_BY, heads=HEADS, language=language)
    text = bare("".join(pages_of(_pdf(of, language))))
    wanted = [table.title, table.owner, table.subject, table.total, table.printed, *table.closing]
    wanted += [column.label for column in table.columns]
    wanted += [cell for row in table.rows for cell in row] or [table.empty]
    wanted += [words for digest in table.digests for words in (digest.label, digest.groups)]
    assert [cell for cell in wanted if bare(cell) not in text] == []


def test_the_page_is_landscape_a4() -> None:
    assert size_of(_pdf(register())) == (842, 595)


def test_the_columns_are_those_of_the_form_with_an_empty_one_to_sign_in() -> None:
    table = register_table(register(), printed_at=PRINTED_AT, printed_by=PRINTED_BY, language="en")
    assert [column.label for column in table.columns] == list(HEADINGS)
    assert len(HEADINGS) == 11
    assert {row[-1] for row in table.rows} == {""}
    assert table.rows[0][:4] == ("2026-11-24", "09:05", "李伟", "华信通信工程有限公司")
    assert [row[7] for row in table.rows] == ["entry", "entry", "exit", "exit"]
    assert table.total == "2 in, 2 out."


def test_many_rows_take_several_pages_each_with_headings_number_and_digest() -> None:
    of = long_register()
    pages = pages_of(_pdf(of))
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Escorted by" in page
        assert register_digest(of) in bare(page)
        assert HEADS[0].hash[:32] in bare(page)
    read = bare("".join(pages))
    assert [place for place in range(70) if f"来访{place:03}" not in read] == []


def test_a_period_without_anyone_says_so() -> None:
    (page,) = pages_of(_pdf(register(())))
    assert "Nobody went in or out in this period." in page


def test_a_door_that_was_not_heard_makes_the_register_say_that_it_is_not_complete() -> None:
    silent = replace(HEARD, online=False, seen_at=VISITOR.at, pending=14)
    (page,) = pages_of(_pdf(register(()), doors=(silent,)))
    assert "Not complete" in page
    assert "14 events" in page
    (page,) = pages_of(_pdf(register(())))
    assert "Not complete" not in page


def test_a_door_that_fell_silent_after_the_period_does_not_spoil_it() -> None:
    silent = replace(HEARD, online=False, seen_at=PRINTED_AT)
    assert (silent.seen_at + timedelta(hours=8)).date() > DAY
    (page,) = pages_of(_pdf(register(()), doors=(silent,)))
    assert "Not complete" not in page


def test_the_digest_is_of_what_happened_and_not_of_the_words_it_is_printed_in() -> None:
    assert register_digest(register()) == register_digest(register())
    assert register_digest(register()) != register_digest(register(register().rows[:-1]))
    later = replace(VISITOR, at=VISITOR.at + timedelta(microseconds=1))
    assert register_digest(register((VISITOR,))) != register_digest(register((later,)))


def test_the_chains_of_fifty_doors_leave_room_for_the_register() -> None:
    heads = tuple(Head(f"door:d{place:02}", place, f"{place:04x}" * 16) for place in range(50))
    pdf = render_register(
        long_register(), printed_at=PRINTED_AT, printed_by=PRINTED_BY, heads=heads, language="en"
    )
    pages = pages_of(pdf)
    assert len(pages) < 10
    assert all(head.hash[:16] in bare(pages[0]) for head in heads)
    assert "来访000" in bare(pages[0])


def test_the_same_record_makes_the_same_bytes() -> None:
    assert _pdf(register()) == _pdf(register())


@pytest.mark.parametrize("text", ["#eval(1+1) *bold* $x$ \\u{41}", "{page} {0} %s", "=SUM(A1)"])
def test_hostile_text_prints_as_it_was_written(text: str) -> None:
    assert bare(text) in bare("".join(pages_of(_pdf(register((replace(VISITOR, carried=text),))))))


def test_control_characters_do_not_reach_the_paper() -> None:
    text = "".join(pages_of(_pdf(register((replace(VISITOR, name="a\x1b[31mb\u202ec"),)))))
    assert f"a{GETA}[31mbc" in text


def test_a_row_taller_than_a_page_is_continued_and_not_cut() -> None:
    text = "\n".join(f"line{number:03}" for number in range(120))
    read = "".join(pages_of(_pdf(register((replace(VISITOR, carried=text),)))))
    assert [number for number in range(120) if f"line{number:03}" not in read] == []


def test_a_long_run_without_spaces_stays_in_its_column() -> None:
    run = "W" * 80
    assert run in bare("".join(pages_of(_pdf(register((replace(VISITOR, reference=run, phone=run[:32]),))))))


def test_the_cells_for_a_spreadsheet_are_one_line_each_in_the_wanted_language() -> None:
    rows = list(register_cells(register(), "zh_CN"))
    assert {len(row) for row in rows} == {len(HEADINGS) - 1}
    assert not any("\n" in cell for row in rows for cell in row)
    assert rows[0][6] == "设备维护 WO-20261124-0017"
    assert width_of(rows[1][2]) == width_of(LONG_VISITOR.name)
