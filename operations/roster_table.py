"""A file of the roster as a table of text: Excel's XLSX or CSV, in UTF-8 or in the encoding of Chinese Windows.

Nothing in a cell is ever more than text. A file that would unfold to more than a roster needs is refused before it
is unfolded.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from locales import _
from operations.errors import Invalid
from settings import ZhibanError

MOST_BYTES: Final = 5_000_000
MOST_UNFOLDED_BYTES: Final = 60_000_000
MOST_PARTS: Final = 500
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 120
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_FORMULA_SIGNS: Final = frozenset("=+-@|＝＋－＠｜")

Table = list[list[str]]


def read_table(data: bytes, sheet: str = "") -> Table:
    """Return the cells of a file as text, row by row; of an Excel file the first sheet, or the one called ``sheet``.

    Raises :class:`Invalid` for a file that is no table, or too large, and :class:`ZhibanError` when the extra
    ``sheets`` is needed and missing.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(_("The file is larger than {most} MB.").format(most=MOST_BYTES // 1_000_000))
    if data.startswith(_OLD_EXCEL):
        raise Invalid(
            _("This is a file of an old Excel (.xls), or one with a password."),
            next_step=_("Open it in Excel and save it as .xlsx, without a password."),
        )
    table = _xlsx_rows(data, sheet) if data.startswith(_ZIP) else _csv_rows(data)
    if len(table) > MOST_ROWS:
        raise Invalid(_("The file has more than {most} lines.").format(most=MOST_ROWS))
    if any(len(row) > MOST_COLUMNS for row in table):
        raise Invalid(_("The file has more than {most} columns.").format(most=MOST_COLUMNS))
    return table


def place_of(row: int, column: int) -> str:
    """Return a cell's place as a spreadsheet calls it, ``C7``; both count from 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


# --- CSV ----------------------------------------------------------------------------------------------------


def _csv_rows(data: bytes) -> Table:
    text = decoded_text(data)
    head = text[:4000]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[_plain(cell) for cell in row] for row, _n in zip(rows, range(MOST_ROWS + 1), strict=False)]
    except csv.Error as error:
        raise Invalid(_("The file is not a table: {why}.").format(why=error)) from error


def decoded_text(data: bytes) -> str:
    """Return the text of a CSV, in UTF-8 or in the encoding of Chinese Windows; raises :class:`Invalid`."""
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(
        _("The file is neither an Excel sheet nor a text in UTF-8 or GB18030."),
        next_step=_("Save it as .xlsx or as CSV, and import it again."),
    )


def _plain(cell: str) -> str:
    """A cell's text, without the sign that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_SIGNS else text


# --- Excel --------------------------------------------------------------------------------------------------


def _xlsx_rows(data: bytes, sheet: str) -> Table:
    _refuse_bomb(data)
    # A formula's last result stands beside it; one that was never reckoned has none, and is shown as itself.
    results, written = _sheet_rows(data, sheet, results=True), _sheet_rows(data, sheet, results=False)
    return [
        _trimmed(
            _cell_text(result) if result is not None else _cell_text(formula)
            for result, formula in zip(values, formulas, strict=False)
        )
        for values, formulas in zip(results, written, strict=False)
    ]


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _no_excel() from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED_BYTES:
        raise Invalid(_("The file unfolds to more than a roster needs; it was not opened."))


def _sheet_rows(data: bytes, sheet: str, *, results: bool) -> list[tuple[Any, ...]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise ZhibanError(
            _("The part for Excel sheets and calendars is not installed."),
            next_step=_("Install it with: {command}").format(command="pip install 'zhiban[sheets]'"),
        ) from error
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=results, keep_links=False)
    except Exception as error:  # a broken workbook raises whatever the part of it that is broken raises
        raise _no_excel() from error
    try:
        chosen = _named_sheet(book, sheet)
        limits = {"max_row": MOST_ROWS + 1, "max_col": MOST_COLUMNS + 1}
        return list(chosen.iter_rows(values_only=True, **limits))
    except ZhibanError:
        raise
    except Exception as error:
        raise _no_excel() from error
    finally:
        book.close()


def _named_sheet(book: Any, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise _no_excel()
    if name and name not in sheets:
        raise Invalid(
            _("There is no sheet called {name}; there are: {names}.").format(
                name=name, names="、".join(sheets)
            )
        )
    return sheets[name] if name else next(iter(sheets.values()))


def _trimmed(cells: Iterable[str]) -> list[str]:
    """A row without the empty cells behind its last one: sheets claim more columns than they use."""
    row = list(cells)
    while row and not row[-1]:
        row.pop()
    return row


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _no_excel() -> Invalid:
    return Invalid(
        _("The file cannot be read as an Excel sheet; it may be damaged."),
        next_step=_("Open it in Excel and save it again as .xlsx."),
    )


def cell_at(row: Sequence[str], column: int | None) -> str:
    """Return the text of a cell; a row may be shorter than its heading."""
    return row[column] if column is not None and column < len(row) else ""
