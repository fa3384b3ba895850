"""The month's roster as an Excel sheet that prints on one page's width (xlsxwriter).

Everything people wrote is written as text, never as a formula or a link: a name must not run on a clerk's machine.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from locales import DEFAULT_LANGUAGE
from regulation.roster_sheet import RosterSheet
from reports.roster_page import (
    FREE_TINT,
    HOLIDAY_FILL,
    LEAVE_FILL,
    LEAVE_TINT,
    TINTS,
    WEEKEND_FILL,
    PageCell,
    PageDay,
    PageRow,
    RosterPage,
    roster_page,
)
from reports.sheet import changed, printable
from reports.workbook import HEAD_FILL, Worksheet, open_workbook, save_workbook

_TITLE_ROW, _STAMP_ROW, _HEAD_ROW, _WEEKDAY_ROW = 0, 1, 2, 3
_FIRST_ROW: Final = 4
_TEAM, _NUMBER, _NAME, _FIRST_DAY = 0, 1, 2, 3
_SHORT_COLUMN, _DAY_COLUMN, _SUM_COLUMN = 9, 4.3, 7  # widths in characters


def save_xlsx(path: Path, sheet: RosterSheet, paper: str = "A4", language: str = DEFAULT_LANGUAGE) -> None:
    """Write the sheet to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` when the extra ``sheets`` is missing or ``path`` cannot be written.
    """
    save_workbook(path, render_xlsx(sheet, paper, language))


def render_xlsx(sheet: RosterSheet, paper: str = "A4", language: str = DEFAULT_LANGUAGE) -> bytes:
    """Return the month as an XLSX file for ``paper``, one of :data:`reports.workbook.PAPERS`, landscape."""
    buffer = io.BytesIO()
    page = changed(roster_page(sheet, language), printable)
    with open_workbook(buffer) as book:
        _Painter(book, page, sheet.month, paper).paint()
    return buffer.getvalue()


class _Painter(Worksheet):
    """The worksheet of a month."""

    def __init__(self, book: Any, page: RosterPage, name: str, paper: str) -> None:
        super().__init__(book, name)
        self.page = page
        self.paper = paper
        self.last_day = _FIRST_DAY + len(page.days) - 1
        self.last_column = self.last_day + 2

    def paint(self) -> None:
        """Write everything, then how it is seen and printed."""
        self._title()
        self._headings()
        row = _FIRST_ROW
        for team in self.page.teams:
            for place, person in enumerate(team.rows):
                self._person(row, person, first_of_team=place == 0)
                row += 1
        row = self._counts(row)
        row = self._legend(row)
        self._print_set_up(row)

    def _title(self) -> None:
        page = self.page
        self.sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, self.last_column, "", self._title_look())
        self.sheet.write_string(
            _TITLE_ROW, 0, f"{page.owner}  {page.month}  {page.title}", self._title_look()
        )
        stamp = self.look(align="right", font_size=9, font_color="595959")
        if page.draft:
            half = self.last_day // 2
            mark = self.look(bold=True, font_color="C00000", border=2, border_color="C00000", align="center")
            self.sheet.merge_range(_STAMP_ROW, 0, _STAMP_ROW, _NAME, page.draft, mark)
            self.sheet.merge_range(_STAMP_ROW, half, _STAMP_ROW, self.last_column, page.stamp, stamp)
        else:
            self.sheet.merge_range(_STAMP_ROW, 0, _STAMP_ROW, self.last_column, page.stamp, stamp)
        self.sheet.set_row(_TITLE_ROW, 28)

    def _title_look(self) -> Any:
        return self.look(bold=True, font_size=16, align="center")

    def _headings(self) -> None:
        labels, head = self.page.labels, self.boxed(bold=True, align="center", bg_color=HEAD_FILL)
        named = {_TEAM: "team", _NUMBER: "number", _NAME: "name"}
        sums = {self.last_day + 1: "hours", self.last_day + 2: "nights"}
        for column, label in (named | sums).items():
            self.sheet.merge_range(_HEAD_ROW, column, _WEEKDAY_ROW, column, labels[label], head)
        for place, day in enumerate(self.page.days):
            fill = _day_fill(day) or HEAD_FILL
            colour = "C00000" if day.off else "000000"
            look = self.boxed(bold=True, align="center", bg_color=fill, font_color=colour)
            small = self.boxed(align="center", bg_color=fill, font_color=colour, font_size=9)
            self.sheet.write_number(_HEAD_ROW, _FIRST_DAY + place, int(day.number), look)
            self.text(_WEEKDAY_ROW, _FIRST_DAY + place, day.mark or day.weekday, small)

    def _person(self, row: int, person: PageRow, *, first_of_team: bool) -> None:
        rule = {"top": 2, "top_color": "7F7F7F"} if first_of_team else {}
        plain, number = self.boxed(**rule), self.boxed(align="right", **rule)
        self.text(row, _TEAM, person.team, plain)
        self.text(row, _NUMBER, person.work_number, self.boxed(align="center", **rule))
        self.text(row, _NAME, person.name, plain)
        for place, (cell, day) in enumerate(zip(person.cells, self.page.days, strict=True)):
            self.text(row, _FIRST_DAY + place, cell.text, self.boxed(**_cell_look(cell, day), **rule))
        self.sheet.write_number(row, self.last_day + 1, person.hours, number)
        self.sheet.write_number(row, self.last_day + 2, person.nights, number)

    def _counts(self, row: int) -> int:
        """How many people each shift has each day, under a heavier line."""
        for place, count in enumerate(self.page.counts):
            rule = {"top": 2, "top_color": "000000"} if place == 0 else {}
            fill = {"bg_color": TINTS[count.tint]}
            self.text(row, _TEAM, "", self.boxed(**rule))
            self.text(row, _NUMBER, "", self.boxed(**rule))
            self.text(row, _NAME, f"{self.page.labels['people']} {count.name}", self.boxed(**rule, **fill))
            for column, people in enumerate(count.counts, _FIRST_DAY):
                self.sheet.write_number(row, column, people, self.boxed(align="center", font_size=9, **rule))
            row += 1
        return row

    def _legend(self, row: int) -> int:
        """What the signs mean, in one line of its own: a reader of the sheet takes it for a note."""
        page = self.page
        parts = [f"{count.sign} {count.name} {count.hours}" for count in page.counts]
        parts.append(f"{page.leave} {page.labels['leave']}")
        if page.draft:
            parts.append(f"▢ {page.labels['planned']}")
        words = f"{page.labels['legend']}:  " + "    ".join(parts)
        self.sheet.merge_range(row + 1, 0, row + 1, self.last_column, words, self.look(font_size=9))
        return row + 2

    def _print_set_up(self, rows: int) -> None:
        sheet = self.sheet
        sheet.set_column(_TEAM, _NUMBER, _SHORT_COLUMN)
        sheet.set_column(_NAME, _NAME, 14)
        sheet.set_column(_FIRST_DAY, self.last_day, _DAY_COLUMN)
        sheet.set_column(self.last_day + 1, self.last_column, _SUM_COLUMN)
        sheet.freeze_panes(_FIRST_ROW, _FIRST_DAY)
        self.print_landscape(self.paper, rows, self.last_column, f"{self.page.owner} {self.name}")
        sheet.repeat_rows(_HEAD_ROW, _WEEKDAY_ROW)
        sheet.repeat_columns(_TEAM, _NAME)
        sheet.ignore_errors({"number_stored_as_text": "A1:C2000"})
        self.book.set_properties({"title": f"{self.page.title} {self.name}", "author": self.page.owner})


def _cell_look(cell: PageCell, day: PageDay) -> Mapping[str, object]:
    look: dict[str, object] = {"align": "center"}
    if cell.tint == LEAVE_TINT:
        look["bg_color"] = LEAVE_FILL
    elif cell.tint != FREE_TINT:
        look["bg_color"] = TINTS[cell.tint]
    elif fill := _day_fill(day):
        look["bg_color"] = fill
    if cell.planned:
        look |= {"border": 2, "border_color": "C00000"}
    return look


def _day_fill(day: PageDay) -> str:
    if day.holiday:
        return HOLIDAY_FILL
    return WEEKEND_FILL if day.off else ""
