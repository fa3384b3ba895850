"""Art. 3, 44: the month's assessment says the same in a terminal, in Excel and on paper."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from regulation.assessment import Assessment, Counted, DoorMonth
from reports.assessment_page import assessment_page, assessment_text
from reports.assessment_pdf import render_assessment
from reports.assessment_xlsx import render_assessment_xlsx, save_assessment_xlsx
from reports.columns import width_of
from reports.page_parts import bar_lines
from settings import ZhibanError
from tests.reports.reading import bare, pages_of, size_of
from tests.reports.sample_assessment import DIGEST, PRINTED_AT, Sent, an_assessment

HOSTILE = '=HYPERLINK("http://x")'


def paper(made: Assessment, language: str = "en") -> str:
    pdf = render_assessment(made, [Sent()], printed_at=PRINTED_AT, printed_by="周敏(2001)", language=language)
    assert size_of(pdf) == (842, 595)
    return bare("".join(pages_of(pdf)))


def book(made: Assessment, language: str = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_assessment_xlsx(made, [Sent()], language)))


def test_art44_every_cell_of_the_page_stands_on_the_paper_and_in_the_terminal() -> None:
    made = an_assessment()
    page, printed = assessment_page(made, [Sent()], "en"), paper(made)
    text = assessment_text(page, 160)
    for section in page.sections:
        for row in section.rows:
            for cell in row:
                assert bare(cell.text) in printed
                assert bare(cell.text) in bare(text)
    assert bare(DIGEST) in printed
    for words in ("97.67%", "Art. 21 ×4", "The figures of the 夜班 of 2026-11-19 were not in on time"):
        assert bare(words) in printed


def test_art44_the_spreadsheet_holds_numbers_as_numbers_and_a_sheet_for_each_part() -> None:
    sheets = book(an_assessment())
    page = assessment_page(an_assessment(), [Sent()], "en")
    assert len(sheets.worksheets) == len(page.sections)
    teams = sheets.worksheets[2]
    row = next(cells for cells in teams.iter_rows(values_only=True) if cells[0] == "甲班")
    assert row[1] == 5
    assert row[4] == 21.5
    assert math.isclose(row[6], 42 / 43)


@pytest.mark.parametrize("hostile", [HOSTILE, "+cmd|'/C calc'!A0", "@SUM(A1)", "-2+3", "#eval[x]"])
def test_art44_what_people_wrote_is_text_in_the_spreadsheet_and_on_the_paper(hostile: str) -> None:
    made = an_assessment(name=hostile, team=hostile, centre=hostile)
    cells = [cell for sheet in book(made).worksheets for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == hostile for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert bare(hostile) in paper(made)


def test_art44_a_draft_says_so_and_an_empty_month_says_that_nothing_was_found() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("articles", "teams", "people", "late", "breaches", "figures"), ()
    )
    made = an_assessment(
        **nothing, version=0, sent_by="", sent_at=None, door=DoorMonth(), found=Counted(0), months=()
    )
    text = assessment_text(assessment_page(made, (), "en"), 100)
    for words in (
        "Draft: not sent",
        "No findings.",
        "Every report came in on time.",
        "No figures were entered.",
    ):
        assert words in text
        assert bare(words) in paper(made)


def test_bars_are_as_long_as_their_numbers() -> None:
    (first, second) = bar_lines(assessment_page(an_assessment(), (), "en").sections[3 - 2].bars)
    assert first.count("█") == 5
    assert second.count("█") == 30


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_terminal_form_keeps_to_its_width_but_for_the_notes(language: str) -> None:
    page = assessment_page(an_assessment(), [Sent()], language)
    lines = assessment_text(page, 160).splitlines()
    assert max(map(width_of, lines)) <= 165


def test_a_workbook_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ZhibanError, match="cannot be written"):
        save_assessment_xlsx(tmp_path / "no" / "a.xlsx", an_assessment())
