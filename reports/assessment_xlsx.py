"""The month's assessment as an Excel workbook: a sheet for each part, with a chart where numbers are compared.

What was counted stands there as a value: a month that was sent must not be reckoned anew by a spreadsheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from locales import DEFAULT_LANGUAGE
from regulation.assessment import Assessment
from reports.assessment_page import AssessmentPage, Sending, assessment_page
from reports.page_parts import PageCell, PageSection
from reports.sheet import changed, printable
from reports.workbook import HEAD_FILL, Worksheet, open_workbook, save_workbook, sheet_names

_FIRST_ROW = 3
_COLUMN_CHARACTERS = 0.9  # of a sheet's column for each share of a page's line
_CHART_COLUMN_GAP = 1


def save_assessment_xlsx(
    path: Path, made: Assessment, sendings: Sequence[Sending] = (), language: str = DEFAULT_LANGUAGE
) -> None:
    """Write the assessment to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` when the extra ``sheets`` is missing or ``path`` cannot be written.
    """
    save_workbook(path, render_assessment_xlsx(made, sendings, language))


def render_assessment_xlsx(
    made: Assessment, sendings: Sequence[Sending] = (), language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return the assessment as an XLSX file for landscape A4."""
    buffer = io.BytesIO()
    page = changed(assessment_page(made, sendings, language), printable)
    names = sheet_names([section.heading for section in page.sections])
    with open_workbook(buffer) as book:
        for section, name in zip(page.sections, names, strict=True):
            _Part(book, page, section, name).paint()
        book.set_properties({"title": f"{page.title} {page.month}", "author": page.owner})
    return buffer.getvalue()


class _Part(Worksheet):
    """One part of the assessment, with what the numbers mean beneath it."""

    def __init__(self, book: Any, page: AssessmentPage, section: PageSection, name: str) -> None:
        super().__init__(book, name)
        self.page = page
        self.section = section

    def paint(self) -> None:
        """Write the title, the rows, the notes, then the chart and how it prints."""
        page, section = self.page, self.section
        self.text(0, 0, f"{page.title}  {page.owner}  {page.month}", self.look(bold=True, font_size=14))
        self.text(1, 0, "  ".join(filter(None, (section.heading, page.stamp, page.draft))), self.look())
        head = self.boxed(bold=True, align="center", bg_color=HEAD_FILL)
        for place, column in enumerate(section.columns):
            self.text(_FIRST_ROW - 1, place, column.label, head)
            self.sheet.set_column(place, place, max(8, column.width * _COLUMN_CHARACTERS))
        for row, cells in enumerate(section.rows, _FIRST_ROW):
            for place, cell in enumerate(cells):
                self._cell(row, place, cell, right=section.columns[place].right)
        row = _FIRST_ROW + max(len(section.rows), 1)
        if not section.rows:
            self.text(_FIRST_ROW, 0, section.empty, self.look())
        for words in (*page.notes, page.digest):
            row += 1
            self.text(row, 0, words, self.look(font_size=9))
        self._chart()
        self.sheet.freeze_panes(_FIRST_ROW, 0)
        self.print_landscape("A4", row + 1, len(section.columns) - 1, f"{page.owner} {page.month}")

    def _cell(self, row: int, column: int, cell: PageCell, *, right: bool) -> None:
        look = self.boxed(**({"align": "right"} if right else {}))
        if cell.number is None:
            self.text(row, column, cell.text, look)
        elif cell.percent:
            self.sheet.write_number(row, column, cell.number, self.boxed(num_format="0.00%"))
        else:
            self.sheet.write_number(row, column, cell.number, look)

    def _chart(self) -> None:
        """Bars of the numbers there are: the first column names them, the first column of numbers is their length."""
        section = self.section
        place = next((at for at, column in enumerate(section.columns) if at and column.right), None)
        if len(section.bars) < 2 or place is None:
            return
        last = _FIRST_ROW + len(section.rows) - 1
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": section.columns[place].label,
                "categories": [self.name, _FIRST_ROW, 0, last, 0],
                "values": [self.name, _FIRST_ROW, place, last, place],
            }
        )
        chart.set_title({"name": section.heading})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        self.sheet.insert_chart(_FIRST_ROW, len(section.columns) + _CHART_COLUMN_GAP, chart)
