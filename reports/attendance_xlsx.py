"""Teams' months of attendance as an Excel workbook: each as it is printed, and every duty line by line.

What was reckoned stands there as a value: a frozen month must not be reckoned anew by a spreadsheet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from locales import DEFAULT_LANGUAGE
from regulation.attendance_sheet import AttendanceSheet
from reports.attendance_page import FILLS, WEEKEND_FILL, AttendancePage, PageRow, PageSum, attendance_page
from reports.attendance_signs import Tone
from reports.sheet import changed, printable
from reports.workbook import HEAD_FILL, Worksheet, open_workbook, save_workbook, sheet_names

_TITLE_ROW, _STAMP_ROW, _HEAD_ROW, _WEEKDAY_ROW, _FIRST_ROW = 0, 1, 2, 3, 4
_NUMBER, _NAME, _FIRST_DAY = 0, 1, 2
_NUMBER_COLUMN, _NAME_COLUMN, _DAY_COLUMN, _SUM_COLUMN = 9, 14, 4.3, 7  # widths in characters
_DETAIL_COLUMNS = (12, 11, 9, 14, 12, 17, 17, 14, 9, 9, 16, 9, 40)


def save_attendance_xlsx(
    path: Path, sheets: Sequence[AttendanceSheet], paper: str = "A4", language: str = DEFAULT_LANGUAGE
) -> None:
    """Write the months to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` when the extra ``sheets`` is missing or ``path`` cannot be written.
    """
    save_workbook(path, render_attendance_xlsx(sheets, paper, language))


def render_attendance_xlsx(
    sheets: Sequence[AttendanceSheet], paper: str = "A4", language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return teams' months as an XLSX file for ``paper``, one of :data:`reports.workbook.PAPERS`, landscape.

    ``sheets`` holds at least one.
    """
    buffer = io.BytesIO()
    pages = [changed(attendance_page(sheet, language), printable) for sheet in sheets]
    details = pages[0].labels["details"]
    names = sheet_names([*(page.team for page in pages), details])
    with open_workbook(buffer) as book:
        for page, name in zip(pages, names, strict=False):
            _Month(book, page, name, paper).paint()
        _Details(book, pages, names[-1], paper).paint()
        title = f"{pages[0].title} {sheets[0].month:%Y-%m}"
        book.set_properties({"title": title, "author": pages[0].owner})
    return buffer.getvalue()


class _Month(Worksheet):
    """The month, a line for each person."""

    def __init__(self, book: Any, page: AttendancePage, name: str, paper: str) -> None:
        super().__init__(book, name)
        self.page = page
        self.paper = paper
        self.first_sum = _FIRST_DAY + len(page.days)
        self.last_column = self.first_sum + len(page.sum_labels) - 1

    def paint(self) -> None:
        """Write everything, then how it is seen and printed."""
        self._title()
        self._headings()
        row = _FIRST_ROW
        for person in self.page.rows:
            self._person(row, person)
            row += 1
        self._total(row)
        row = self._below(row + 1)
        row = self._signatures(row + 1)
        self._print_set_up(row)

    def _title(self) -> None:
        page = self.page
        look = self.look(bold=True, font_size=16, align="center")
        title = f"{page.owner}  {page.month}  {page.team}  {page.title}"
        self.merged(_TITLE_ROW, 0, self.last_column, title, look)
        self.sheet.set_row(_TITLE_ROW, 28)
        half = self.first_sum // 2
        if page.draft:
            mark = self.look(bold=True, font_color="C00000", border=2, border_color="C00000", align="center")
            self.merged(_STAMP_ROW, 0, _NAME, page.draft, mark)
        stamp = self.look(align="right", font_size=9, font_color="595959")
        self.merged(_STAMP_ROW, half, self.last_column, page.stamp, stamp)

    def _headings(self) -> None:
        page = self.page
        head = self.boxed(bold=True, align="center", bg_color=HEAD_FILL, text_wrap=True)
        sums = {self.first_sum + place: label for place, label in enumerate(page.sum_labels)}
        for column, label in {_NUMBER: page.labels["number"], _NAME: page.labels["name"], **sums}.items():
            self.sheet.merge_range(_HEAD_ROW, column, _WEEKDAY_ROW, column, "", head)
            self.text(_HEAD_ROW, column, label, head)
        for column, day in enumerate(page.days, _FIRST_DAY):
            fill = WEEKEND_FILL if day.weekend else HEAD_FILL
            look = self.boxed(bold=True, align="center", bg_color=fill)
            self.sheet.write_number(_HEAD_ROW, column, int(day.number), look)
            self.text(
                _WEEKDAY_ROW, column, day.weekday, self.boxed(align="center", bg_color=fill, font_size=9)
            )

    def _person(self, row: int, person: PageRow) -> None:
        self.text(row, _NUMBER, person.work_number, self.boxed(align="center"))
        self.text(row, _NAME, person.name, self.boxed())
        for column, (cell, day) in enumerate(zip(person.cells, self.page.days, strict=True), _FIRST_DAY):
            fill = FILLS.get(cell.tone, WEEKEND_FILL if day.weekend and cell.tone is Tone.FREE else "")
            look = {"bg_color": fill} if fill else {}
            self.text(row, column, cell.text, self.boxed(align="center", **look))
        self._sums(row, person.sums)

    def _sums(self, row: int, sums: Sequence[PageSum], **wanted: object) -> None:
        for column, one in enumerate(sums, self.first_sum):
            form = "0.00%" if one.percent else "0.##" if "." in one.text else "0"
            look = self.boxed(align="right", num_format=form, **wanted)
            # A part that no two decimals say is written as the fraction it is.
            if one.number is None or "/" in one.text:
                self.text(row, column, one.text, look)
            else:
                self.sheet.write_number(row, column, one.number, look)

    def _total(self, row: int) -> None:
        rule = {"top": 2, "top_color": "7F7F7F", "bold": True}
        self.text(row, _NUMBER, "", self.boxed(**rule))
        self.text(row, _NAME, self.page.labels["total"], self.boxed(**rule))
        for column in range(_FIRST_DAY, self.first_sum):
            self.text(row, column, "", self.boxed(**rule))
        self._sums(row, self.page.total, **rule)

    def _below(self, row: int) -> int:
        """The formula with its numbers, what is to be known, the signs, and the digest."""
        page, look = self.page, self.look(font_size=9)
        signs = "    ".join(f"{sign} {name}" for sign, name, _tone in page.legend)
        lines = [*page.formula, *page.notes, f"{page.labels['legend']}:  {signs}" if signs else ""]
        if page.digest:
            lines.append(f"{page.labels['digest']}:  {page.digest}")
        for line in filter(None, lines):
            self.merged(row, 0, self.last_column, line, look)
            row += 1
        return row

    def _signatures(self, row: int) -> int:
        """Three boxes side by side, with room for ink."""
        boxes, labels = self.page.signatures, self.page.labels
        edges = [place * (self.last_column + 1) // len(boxes) for place in range(len(boxes) + 1)]
        for box, first, after in zip(boxes, edges, edges[1:], strict=False):
            given = "  ".join((box.role, *box.given))
            head = self.look(bold=True, top=1, left=1, right=1)
            self.merged(row, first, after - 1, given, head)
            pen = self.look(valign="bottom", bottom=1, left=1, right=1)
            self.merged(
                row + 1, first, after - 1, f"{labels['sign_here']}{' ' * 24}{labels['date_here']}", pen
            )
        self.sheet.set_row(row + 1, 34)
        return row + 2

    def _print_set_up(self, rows: int) -> None:
        sheet = self.sheet
        sheet.set_column(_NUMBER, _NUMBER, _NUMBER_COLUMN)
        sheet.set_column(_NAME, _NAME, _NAME_COLUMN)
        sheet.set_column(_FIRST_DAY, self.first_sum - 1, _DAY_COLUMN)
        sheet.set_column(self.first_sum, self.last_column, _SUM_COLUMN)
        sheet.freeze_panes(_FIRST_ROW, _FIRST_DAY)
        footer = f"{self.page.owner} {self.page.month} {self.page.team}"
        self.print_landscape(self.paper, rows, self.last_column, footer)
        sheet.repeat_rows(_HEAD_ROW, _WEEKDAY_ROW)
        sheet.repeat_columns(_NUMBER, _NAME)
        sheet.ignore_errors({"number_stored_as_text": "A1:B2000"})


class _Details(Worksheet):
    """Every duty with its verdict, to be filtered and counted."""

    def __init__(self, book: Any, pages: Sequence[AttendancePage], name: str, paper: str) -> None:
        super().__init__(book, name)
        self.pages = pages
        self.paper = paper

    def paint(self) -> None:
        """Write a line for each duty, with its team before it."""
        first, sheet = self.pages[0], self.sheet
        head = self.boxed(bold=True, align="center", bg_color=HEAD_FILL)
        headings = (first.labels["team"], *first.detail_headings)
        for column, words in enumerate(headings):
            self.text(0, column, words, head)
            sheet.set_column(column, column, _DETAIL_COLUMNS[column])
        lines = [(page.team, *line) for page in self.pages for line in page.details]
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, self.boxed())
                else:
                    self.text(row, column, value, self.boxed())
        last = len(headings) - 1
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(lines), 1), last)
        self.print_landscape(self.paper, len(lines) + 1, last, f"{first.owner} {first.month}")
        sheet.repeat_rows(0)
        sheet.ignore_errors({"number_stored_as_text": "A1:C200000"})
