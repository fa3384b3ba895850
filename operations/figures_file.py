"""A file of daily figures as the call platform exports it: bytes in, rows of text and a list of what is wrong out.

Nothing in a cell is ever more than text: a formula, markup or a link is no number and is refused like any other.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from locales import _
from settings import Figures

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file: the line it is in (0: the whole file), the column's heading, and a sentence."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as a file has it: which kind, under which heading, and the text in the cell."""

    code: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A line of a file: its number, the civil day, the shift as it is called there, and the figures it holds."""

    line: int
    day: date
    shift: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """A file that was read. ``columns`` maps each heading that was understood; ``ignored`` are the others."""

    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...]
    columns: Mapping[str, str]
    ignored: tuple[str, ...]


def read_figures(data: bytes, mapping: Figures, known: Mapping[str, str]) -> FiguresFile:
    """Read a file as ``mapping`` says; headings it does not name are taken by ``known`` (heading to code)."""
    if len(data) > MOST_BYTES:
        return _unreadable(_("The file is larger than {most} MB.").format(most=MOST_BYTES // 1_000_000))
    try:
        text = data.decode("utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sentence = _("The text is not {encoding}. Try --encoding {other}.")
        other = "gb18030" if mapping.encoding == "utf-8" else "utf-8"
        return _unreadable(sentence.format(encoding=mapping.encoding, other=other), line)
    lines = numbered_lines(text, mapping.delimiter)
    try:
        _number, headings = next(lines, (0, []))
        if len(headings) > MOST_COLUMNS:
            return _unreadable(_("The file has more than {most} columns.").format(most=MOST_COLUMNS), 1)
        found = _Headings.of(headings, mapping, known)
        if found.problems:
            return FiguresFile((), found.problems, found.columns, found.ignored)
        return _rows(lines, found, mapping)
    except csv.Error as error:
        return _unreadable(_("The file is not a table: {why}.").format(why=error))


@dataclass(frozen=True, slots=True)
class _Headings:
    """Where things stand in a line."""

    names: tuple[str, ...]
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, headings: Sequence[str], mapping: Figures, known: Mapping[str, str]) -> _Headings:
        names = tuple(name.strip() for name in headings)
        wanted = {**known, **mapping.columns}
        fixed = (mapping.date_column, mapping.shift_column)
        columns = {name: wanted[name] for name in names if name in wanted and name not in fixed}
        problems = [
            Problem(
                1,
                name,
                _("There is no column {name}; the file has: {names}.").format(
                    name=name, names="、".join(names)
                ),
            )
            for name in (*fixed, *mapping.columns)
            if name not in names
        ]
        problems += [
            Problem(1, name, _("The column {name} is there twice.").format(name=name))
            for name, times in Counter(names).items()
            if times > 1 and (name in columns or name in fixed)
        ]
        codes = list(columns.values())
        problems += [
            Problem(1, name, _("Two columns mean the figure {code}.").format(code=code))
            for name, code in columns.items()
            if codes.count(code) > 1
        ]
        if not columns and not problems:
            sentence = _("No column holds a figure; name one with --column HEADING=CODE.")
            problems.append(Problem(1, "", sentence))
        ignored = tuple(name for name in names if name and name not in columns and name not in fixed)
        return cls(names, columns, ignored, tuple(problems))


def same_shift_again(line: int) -> str:
    """Say that a shift is in the file twice."""
    return _("The same day and shift stand in line {line} already.").format(line=line)


def _rows(lines: Iterator[tuple[int, list[str]]], head: _Headings, mapping: Figures) -> FiguresFile:
    rows: list[FileRow] = []
    problems: list[Problem] = []
    seen: dict[tuple[date, str], int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(number, cells, head, mapping)
        if isinstance(row, Problem):
            problems.append(row)
        elif (first := seen.setdefault((row.day, row.shift), number)) != number:
            problems.append(Problem(number, mapping.shift_column, same_shift_again(first)))
        else:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            return _unreadable(_("The file has more than {most} lines.").format(most=MOST_ROWS))
    if not rows and not problems:
        problems.append(Problem(0, "", _("The file holds no line of figures.")))
    return FiguresFile(tuple(rows), tuple(problems), head.columns, head.ignored)


def _row(number: int, cells: Sequence[str], head: _Headings, mapping: Figures) -> FileRow | Problem:
    if len(cells) != len(head.names):
        sentence = _("This line has {count} cells, the heading {wanted}.")
        return Problem(number, "", sentence.format(count=len(cells), wanted=len(head.names)))
    held = {name: cell.strip() for name, cell in zip(head.names, cells, strict=True)}
    text = held[mapping.date_column]
    try:
        day = datetime.strptime(text, mapping.date_format).date()  # noqa: DTZ007  a civil day
    except ValueError:
        sentence = _("“{text}” is not a date written like {example}.")
        example = date(2026, 11, 23).strftime(mapping.date_format)
        return Problem(number, mapping.date_column, sentence.format(text=text[:40], example=example))
    if not held[mapping.shift_column]:
        return Problem(number, mapping.shift_column, _("No shift is named."))
    figures = tuple(Cell(code, name, held[name]) for name, code in head.columns.items() if held[name])
    return FileRow(number, day, held[mapping.shift_column], figures)


def numbered_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every line of a CSV with the number it begins at, as an editor counts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _unreadable(sentence: str, line: int = 0) -> FiguresFile:
    return FiguresFile((), (Problem(line, "", sentence),), {}, ())
