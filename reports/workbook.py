"""Excel workbooks (xlsxwriter): opened, their looks made once, written whole or not at all.

Everything people wrote is written as text, never as a formula or a link: a name must not run on a clerk's machine.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from locales import _
from reports.private_file import write_private
from settings import ZhibanError

PAPERS: Final = {"A3": 8, "A4": 9}
"""Excel's numbers of the papers (ECMA-376, ST_PaperSize)."""

HEAD_FILL: Final = "D9E1E8"
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME: Final = 31
_FONT: Final = "Microsoft YaHei"
_HAIR: Final = "BFBFBF"


def open_workbook(buffer: io.BytesIO) -> Any:
    """Return a new workbook that is written to ``buffer`` when it is closed.

    Raises :class:`ZhibanError` when the extra ``sheets`` is missing.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise no_sheets() from error
    return Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


def save_workbook(path: Path, data: bytes) -> None:
    """Write a workbook to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` when ``path`` cannot be written.
    """
    try:
        write_private(path, (data,))
    except OSError as error:
        raise ZhibanError(
            _("The table cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
            next_step=_("Choose a folder that exists and is yours; nothing was changed."),
        ) from error


def no_sheets() -> ZhibanError:
    """What is said where the libraries for spreadsheets and calendars are not installed."""
    return ZhibanError(
        _("The part for Excel sheets and calendars is not installed."),
        next_step=_("Install it with: {command}").format(command="pip install 'zhiban[sheets]'"),
    )


def no_codes(words: str) -> str:
    """Return a name as it stands in a footer, where ``&`` begins a code."""
    return words.replace("&", "&&")


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return names for the sheets of one workbook: as wanted, less what Excel forbids in one, and no two alike."""
    names: list[str] = []
    for place, name in enumerate(wanted, 1):
        plain = _FORBIDDEN.sub(" ", name).strip(" '")[:_LONGEST_NAME] or str(place)
        taken = {known.casefold() for known in names}
        names.append(plain if plain.casefold() not in taken else f"{plain[: _LONGEST_NAME - 4]} {place}")
    return names


@dataclass
class Worksheet:
    """One worksheet being written; a look is a format of the workbook, made once."""

    book: Any
    name: str
    looks: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add the sheet to its book."""
        self.sheet = self.book.add_worksheet(self.name)

    def look(self, **wanted: object) -> Any:
        """Return the format with these properties beside the sheet's own."""
        key = tuple(sorted(wanted.items()))
        if key not in self.looks:
            usual = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
            self.looks[key] = self.book.add_format(usual | wanted)
        return self.looks[key]

    def boxed(self, **wanted: object) -> Any:
        """Return a format with hairlines around the cell."""
        return self.look(**({"border": 1, "border_color": _HAIR} | wanted))

    def text(self, row: int, column: int, words: str, look: Any) -> None:
        """Write text as text, an empty cell with its look."""
        if words:
            self.sheet.write_string(row, column, words, look)
        else:
            self.sheet.write_blank(row, column, None, look)

    def merged(self, row: int, first: int, last: int, words: str, look: Any) -> None:
        """Write text across columns of one row."""
        self.sheet.merge_range(row, first, row, last, "", look)
        self.text(row, first, words, look)

    def print_landscape(self, paper: str, rows: int, last_column: int, footer: str) -> None:
        """Let the sheet print on one page's width of ``paper``, one of :data:`PAPERS`."""
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(PAPERS[paper])
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.print_area(0, 0, rows - 1, last_column)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&9{no_codes(footer)}&R&9&P / &N")
