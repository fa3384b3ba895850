"""A roster as centres keep it in Excel: a table in, who works when out, and what is wrong with which cell.

Two layouts are known. *A month*: people down, days across, under a line that holds 工号 or 姓名 and one that holds
the days; a title above, a line of weekdays, sums and notes may stand around it, and an empty cell is a free day.
*A list*: a line for each duty under ``work_number,date,shift``; days it does not name stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from locales import _
from operations.errors import Invalid
from operations.roster_table import Table, cell_at, place_of
from regulation.roster_sheet import SheetShift

MONTH, LIST = "month", "list"
LEAVE = "\0leave"
"""What stands for leave among the codes of a cell; no shift's code holds such a sign."""

_NUMBER_WORDS = frozenset({"工号", "员工号", "员工编号", "work number", "number"})
_NAME_WORDS = frozenset({"姓名", "员工姓名", "name"})
_DATE_WORDS = frozenset({"日期", "date"})
_SHIFT_WORDS = frozenset({"班次", "班别", "shift"})
_FREE_WORDS = frozenset({"", "休", "休息", "轮休", "-", "—", "–", "·", "/", "off"})
_LEAVE_WORDS = frozenset({"假", "请假", "lv", "leave", "on leave"})
_WEEKDAYS = frozenset("一二三四五六日天") | frozenset({"mo", "tu", "we", "th", "fr", "sa", "su"})
_FULL_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?")
_DAY_ALONE = re.compile(
    r"(\d{1,2})\s*[日号]?\s*(?:[(（]?(?:周|星期)?[一二三四五六日天][)）]?|[A-Za-z]{2,3})?"
)
# A whole date in a title is the day it was made, not the month it is about.
_TITLE_MONTH = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})(?!\d|\s*[-/.月]\s*\d)")
_HEAD_ROWS = 20
_FEWEST_DAYS = 2


class MonthMissing(Invalid):
    """The file does not say which month it is about."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: the cell as a spreadsheet calls it (empty: the whole file), and a sentence."""

    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class FileCell:
    """A person's day as the file has it: shift codes, several after a swap in part, none for a free day."""

    cell: str
    day: date
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A person as the file names them; either of ``number`` and ``name`` may be empty."""

    cell: str
    number: str
    name: str
    cells: tuple[FileCell, ...]


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file that was read. ``layout`` is :data:`MONTH` or :data:`LIST`."""

    layout: str
    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...]


def read_roster(table: Table, known: Mapping[str, str], month: date | None = None) -> RosterFile:
    """Read a table; ``known`` are the words of :func:`shift_words`, ``month`` a day of the month it is about.

    Raises :class:`MonthMissing`, and :class:`Invalid` when nothing in it looks like a roster of that month.
    """
    listed = _ListHead.found(table)
    if listed is not None:
        return _Reading(known).list_of(table, listed)
    head = _MonthHead.found(table, month)
    if head is None:
        raise Invalid(
            _("The file has no line with 工号 or 姓名 and the days beside it."),
            next_step=_("A list needs the headings work_number,date,shift."),
        )
    return _Reading(known).month_of(table, head)


def shift_words(shifts: Sequence[SheetShift]) -> dict[str, str]:
    """Return every word that means a shift with its code: code, names, sign, and the first letter where it is free.

    A word that could mean two of them means none, unless it is the code of one.
    """
    found: dict[str, set[str]] = {}
    for shift in shifts:
        for word in (shift.name, shift.name_en, shift.short, shift.code[:1]):
            found.setdefault(_word(word), set()).add(shift.code)
    words = {word: codes.pop() for word, codes in found.items() if word and len(codes) == 1}
    return words | {_word(shift.code): shift.code for shift in shifts}


@dataclass(frozen=True, slots=True)
class _ListHead:
    """Where a list's columns are."""

    row: int
    number: int
    date: int
    shift: int

    @classmethod
    def found(cls, table: Table) -> _ListHead | None:
        for row, cells in enumerate(table[:_HEAD_ROWS]):
            columns = [_column(cells, words) for words in (_NUMBER_WORDS, _DATE_WORDS, _SHIFT_WORDS)]
            if None not in columns:
                return cls(row, *(column for column in columns if column is not None))
        return None


@dataclass(frozen=True, slots=True)
class _MonthHead:
    """Where a month's columns are. ``last_row`` ends its heading; ``strays`` are days the month does not have."""

    last_row: int
    number: int | None
    name: int | None
    days: Mapping[int, date]
    strays: tuple[int, ...]

    @classmethod
    def found(cls, table: Table, month: date | None) -> _MonthHead | None:
        for row, cells in enumerate(table[:_HEAD_ROWS]):
            texts = {column: parts for column, text in enumerate(cells) if (parts := _day_parts(text))}
            if len(texts) < _FEWEST_DAYS or not _increases(texts.values()):
                continue
            for other in (row, row + 1, row - 1, row + 2):
                labels = table[other] if 0 <= other < len(table) else []
                number, name = _column(labels, _NUMBER_WORDS), _column(labels, _NAME_WORDS)
                if number is not None or name is not None:
                    days, strays = _dates(texts, _month_of(table[: row + 1], texts, month))
                    return cls(max(row, other), number, name, days, strays)
        return None


@dataclass
class _Reading:
    """One file being read: what the words mean, and what was found wrong so far."""

    known: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def month_of(self, table: Table, head: _MonthHead) -> RosterFile:
        """Read people down and days across."""
        rows: dict[tuple[str, str], FileRow] = {}
        for row in range(head.last_row + 1, len(table)):
            found = self._person(table[row], row, head)
            if found is None:
                continue
            key = (found.number, "" if found.number else found.name)
            if key in rows:
                self._wrong(
                    found.cell, _("The same person stands in {cell} already.").format(cell=rows[key].cell)
                )
            else:
                rows[key] = found
        return self._file(MONTH, rows.values())

    def list_of(self, table: Table, head: _ListHead) -> RosterFile:
        """Read a line for each duty."""
        people: dict[str, FileRow] = {}
        cells: dict[tuple[str, date], FileCell] = {}
        for row in range(head.row + 1, len(table)):
            line = table[row]
            number, text = cell_at(line, head.number), cell_at(line, head.date)
            if not any(line):
                continue
            place = place_of(row, head.number)
            if not number:
                self._wrong(place, _("This line names nobody."))
                continue
            day = _date_of(text)
            if day is None:
                sentence = _("“{text}” is not a date written like {example}.")
                self._wrong(place_of(row, head.date), sentence.format(text=text[:40], example="2026-11-23"))
                continue
            people.setdefault(number, FileRow(place, number, "", ()))
            codes = self._codes(cell_at(line, head.shift), place_of(row, head.shift))
            if codes is not None:
                self._join(cells, number, FileCell(place_of(row, head.shift), day, codes))
        rows = (
            replace(person, cells=tuple(cell for key, cell in cells.items() if key[0] == number))
            for number, person in people.items()
        )
        return self._file(LIST, rows)

    def _join(self, cells: dict[tuple[str, date], FileCell], number: str, cell: FileCell) -> None:
        """Take a line's duty; a second one on the day stands beside the first, the same one again is a mistake."""
        before = cells.get((number, cell.day))
        if before is None:
            cells[number, cell.day] = cell
        elif not cell.codes or not before.codes or set(cell.codes) & set(before.codes):
            self._wrong(cell.cell, _("The same day stands in {cell} already.").format(cell=before.cell))
        else:
            cells[number, cell.day] = replace(before, codes=(*before.codes, *cell.codes))

    def _person(self, line: Sequence[str], row: int, head: _MonthHead) -> FileRow | None:
        """A person's line, or nothing for headings, sums and notes."""
        number, name = cell_at(line, head.number), cell_at(line, head.name)
        texts = [cell_at(line, column) for column in head.days]
        if sum(map(bool, line)) <= 1 or {_word(number), _word(name)} & (_NUMBER_WORDS | _NAME_WORDS):
            return None
        column = head.name if head.number is None else head.number
        place = place_of(row, column or 0)
        if not cell_at(line, column):
            if self._plans(texts):
                self._wrong(place, _("This line plans duties but names nobody."))
            return None
        cells = []
        for at, day in head.days.items():
            codes = self._codes(cell_at(line, at), place_of(row, at))
            if codes is not None:
                cells.append(FileCell(place_of(row, at), day, codes))
        for at in head.strays:
            if _word(cell_at(line, at)) not in _FREE_WORDS:
                self._wrong(place_of(row, at), _("This day is not in the month that the file is about."))
        return FileRow(place, number, name, tuple(cells))

    def _plans(self, texts: Sequence[str]) -> bool:
        """Whether a nameless line holds shifts: weekdays and sums do not."""
        words = [_word(text) for text in texts if text]
        weekdays = sum(word in _WEEKDAYS for word in words)
        return any(word in self.known for word in words) and 2 * weekdays < len(words)

    def _codes(self, text: str, place: str) -> tuple[str, ...] | None:
        """What a cell plans; nothing after saying that it means nothing."""
        if _word(text) in _FREE_WORDS:
            return ()
        words = [_word(part) for part in (text.split("/") if _word(text) not in self.known else [text])]
        codes = [LEAVE if word in _LEAVE_WORDS else self.known.get(word, "") for word in words]
        if all(codes):
            return tuple(codes)
        sentence = _("“{text}” is no shift of this centre; its shifts: {shifts}.")
        self._wrong(place, sentence.format(text=text[:20], shifts="、".join(self._signs())))
        return None

    def _signs(self) -> list[str]:
        """The word for each shift that a sheet would use: its sign, else the shortest there is."""
        codes = dict.fromkeys(self.known.values())
        return [
            min((word for word, of in self.known.items() if of == code), key=lambda w: (w.isascii(), len(w)))
            for code in codes
        ]

    def _wrong(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def _file(self, layout: str, rows: Iterable[FileRow]) -> RosterFile:
        found = tuple(rows)
        if not found and not self.problems:
            self._wrong("", _("The file names nobody."))
        return RosterFile(layout, found, tuple(self.problems))


# --- words and dates ----------------------------------------------------------------------------------------


def _word(text: str) -> str:
    """A word as it is compared: case, blanks and underscores do not matter."""
    return " ".join(text.casefold().replace("_", " ").split())


def _column(cells: Sequence[str], words: frozenset[str]) -> int | None:
    return next((column for column, text in enumerate(cells) if _word(text) in words), None)


def _day_parts(text: str) -> tuple[int, int, int] | None:
    """A heading as year, month and day; 0 for what it does not say."""
    for pattern, missing in ((_FULL_DATE, 0), (_MONTH_DAY, 1), (_DAY_ALONE, 2)):
        if match := pattern.fullmatch(text.strip()):
            year, month, day = (*(0,) * missing, *(int(part) for part in match.groups()))
            return (year, month, day) if 1 <= day <= 31 else None
    return None


def _increases(parts: Iterable[tuple[int, int, int]]) -> bool:
    return all(before < after for before, after in pairwise(parts))


def _month_of(
    above: Sequence[Sequence[str]], texts: Mapping[int, tuple[int, int, int]], wanted: date | None
) -> tuple[int, int]:
    """Year and month of a table: as asked for, as its dates say, or as a title above them says."""
    dated = next((parts[:2] for parts in texts.values() if parts[0]), None)
    titles = (match for row in above for text in row if (match := _TITLE_MONTH.search(text)))
    said = dated or next(((int(match[1]), int(match[2])) for match in titles), None)
    asked = (wanted.year, wanted.month) if wanted is not None else None
    if asked and said and asked != said:
        raise Invalid(
            _("The file is about {said}, not about {asked}.").format(
                said=f"{said[0]}-{said[1]:02}", asked=f"{asked[0]}-{asked[1]:02}"
            )
        )
    found = asked or said
    if found is None or not 1 <= found[1] <= 12:
        raise MonthMissing(
            _("The file does not say which month it is about."), next_step=_("Name it, written like 2026-11.")
        )
    return found


def _dates(
    texts: Mapping[int, tuple[int, int, int]], month: tuple[int, int]
) -> tuple[dict[int, date], tuple[int, ...]]:
    """The date of each day's column, and the columns of days that the month does not have."""
    days: dict[int, date] = {}
    strays = []
    for column, (year, named, day) in texts.items():
        found = _date(year or month[0], named or month[1], day)
        if found is None or (found.year, found.month) != month:
            strays.append(column)
        else:
            days[column] = found
    return days, tuple(strays)


def _date_of(text: str) -> date | None:
    match = _FULL_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    return _date(*(int(part) for part in match.groups())) if match else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
