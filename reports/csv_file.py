"""CSV as spreadsheets read it: RFC 4180, UTF-8 with Excel's mark, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from locales import _
from reports.private_file import write_private
from reports.sheet import printable
from settings import ZhibanError

BOM: Final = "\ufeff"

# What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms included.
_FORMULA_SIGNS: Final = frozenset("=+-@|＝＋－＠｜")
_TEXT_SIGN: Final = "'"


def safe_cell(value: object) -> str:
    """Return ``value`` as a cell that stays text: a visitor's name must never run on the clerk's machine.

    A text that begins like a formula gets the spreadsheet's own sign for text before it; numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if not text.isprintable():
        text = printable(text).replace("\n", " ")
    text = text.strip()
    return _TEXT_SIGN + text if text[:1] in _FORMULA_SIGNS else text


def csv_lines(
    headings: Sequence[str], rows: Iterable[Iterable[object]], *, bom: bool = True
) -> Iterator[str]:
    """Yield the lines of the table one by one, however many there are; each ends with CR LF."""
    yield (BOM if bom else "") + _line(headings)
    for row in rows:
        yield _line(row)


def write_csv(
    path: Path, headings: Sequence[str], rows: Iterable[Iterable[object]], *, bom: bool = True
) -> int:
    """Write the table to ``path``, private to its owner, whole or not at all; returns the number of rows.

    Raises :class:`ZhibanError` when ``path`` cannot be written.
    """
    counted = _Counted(csv_lines(headings, rows, bom=bom))
    try:
        write_private(path, (line.encode() for line in counted))
    except OSError as error:
        raise ZhibanError(
            _("The table cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
            next_step=_("Choose a folder that exists and is yours; nothing was changed."),
        ) from error
    return counted.count - 1


def write_csv_to(
    output: TextIO, headings: Sequence[str], rows: Iterable[Iterable[object]], *, bom: bool = False
) -> int:
    """Write the table to an open text stream; returns the number of rows."""
    counted = _Counted(csv_lines(headings, rows, bom=bom))
    output.writelines(counted)
    return counted.count - 1


class _Counted:
    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += 1
            yield line


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue()
