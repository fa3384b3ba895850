"""A file of punches as an attendance machine or another system writes it: bytes in, punches and mistakes out.

``attlog.dat`` of ZKTeco's machines has no heading; its columns, parted by tabs, are the user's number, the local time,
the machine's number, the state (in, out, breaks, overtime; 255 where nobody chose one), how the user was recognised, and
a work code. Every other system is told by a mapping.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from locales import _
from operations.errors import Invalid
from operations.figures_file import Problem, numbered_lines
from operations.roster_table import decoded_text
from regulation.punches import DirectionWords, instants_of
from regulation.records import Direction

ATTLOG, LONG_CSV = "attlog", "csv"
MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 200_000
_EXAMPLE = datetime(2026, 11, 23, 21, 50, 7)  # noqa: DTZ001  a local time
# Other headings by which the columns of the long form are known.
_ALSO_CALLED: Final = {
    "work_number": ("工号",),
    "at": ("时间", "打卡时间"),
    "direction": ("方向", "进出"),
}


@dataclass(frozen=True, slots=True)
class PunchFormat:
    """How punches are written. Columns are named by their heading, or counted from 1 where the file has none.

    ``at_format`` is as in ``strptime``, empty for ISO 8601; ``time`` is a column of its own for the time of day, or
    empty. ``zone`` is that of the machine's clock, empty for the centre's. ``otherwise`` (``in``, ``out`` or empty)
    is the way of everyone whose direction is not said: a machine at an entrance knows only one.
    """

    number: str = "work_number"
    at: str = "at"
    time: str = ""
    direction: str = "direction"
    entering: tuple[str, ...] = ("in", "进", "入", "签到", "上班")
    leaving: tuple[str, ...] = ("out", "出", "签退", "下班")
    unsaid: tuple[str, ...] = ("", "auto", "none")
    otherwise: str = ""
    at_format: str = ""
    delimiter: str = ","
    heading: bool = True
    zone: str = ""


BUILT_IN: Final = {
    ATTLOG: PunchFormat(
        number="1",
        at="2",
        direction="4",
        entering=("0", "3", "4"),
        leaving=("1", "2", "5"),
        unsaid=("", "255"),
        at_format="%Y-%m-%d %H:%M:%S",
        delimiter="\t",
        heading=False,
    ),
    LONG_CSV: PunchFormat(),
}


@dataclass(frozen=True, slots=True)
class FilePunch:
    """A line of a file: its number, whose it is, when (aware UTC), and which way."""

    line: int
    number: str
    at: datetime
    direction: Direction


@dataclass(frozen=True, slots=True)
class PunchFile:
    """A file that was read. ``source`` is the mapping it was read by: two machines have two."""

    source: str
    punches: tuple[FilePunch, ...]
    problems: tuple[Problem, ...]


def format_of(data: bytes) -> str:
    """Return which built-in mapping reads a file: tabs part the columns of ``attlog.dat``."""
    return ATTLOG if b"\t" in data[:4000].split(b"\n", 1)[0] else LONG_CSV


def read_punches(data: bytes, source: str, form: PunchFormat, centre_zone: tzinfo) -> PunchFile:
    """Read a file as ``form`` says; what cannot be read is a mistake with its line."""
    if len(data) > MOST_BYTES:
        return _unreadable(
            source, _("The file is larger than {most} MB.").format(most=MOST_BYTES // 1_000_000)
        )
    try:
        text = decoded_text(data)
        return _read(text, source, form, ZoneInfo(form.zone) if form.zone else centre_zone)
    except csv.Error as error:
        return _unreadable(source, _("The file is not a table: {why}.").format(why=error))
    except Invalid as error:
        return _unreadable(source, error.message)


def check_format(form: PunchFormat) -> None:
    """Refuse a mapping by which nothing could be read. Raises :class:`Invalid`."""
    if len(form.delimiter) != 1 or form.delimiter in '"\n\r':
        raise Invalid(_("One character parts the columns."))
    if form.otherwise not in ("", Direction.IN, Direction.OUT):
        raise Invalid(_("Whoever's direction is not said went in or out."))
    named = [form.number, form.at, *(name for name in (form.time, form.direction) if name)]
    if not form.heading and not all(name.isdecimal() and int(name) > 0 for name in named):
        raise Invalid(_("Without a heading the columns are counted from 1."))
    words = [word.casefold() for word in (*form.entering, *form.leaving, *form.unsaid)]
    if len(set(words)) != len(words):
        raise Invalid(_("One word cannot mean two directions."))
    if form.at_format and not _is_whole(form.at_format):
        raise Invalid(
            _("The form of the time must hold year, month, day, hour and minute, such as {example}.").format(
                example="%Y-%m-%d %H:%M:%S"
            )
        )


def _is_whole(form: str) -> bool:
    """Whether a form of the time leads from a minute to text and back."""
    minute = _EXAMPLE.replace(second=0)
    try:
        read = datetime.strptime(minute.replace(tzinfo=UTC).strftime(form), form)  # noqa: DTZ007  a local time
    except ValueError:
        return False
    return read.replace(tzinfo=None) == minute


def _read(text: str, source: str, form: PunchFormat, zone: tzinfo) -> PunchFile:
    lines = _filled(numbered_lines(text, form.delimiter))
    columns = _columns(next(lines, (1, []))[1] if form.heading else [], form)
    words = DirectionWords(form.entering, form.leaving, form.unsaid)
    line_reader = _LineReader(columns, form, words, zone)
    found: list[FilePunch] = []
    problems: list[Problem] = []
    for number, cells in lines:
        try:
            found.append(line_reader.punch(number, cells))
        except _Mistake as mistake:
            problems.append(Problem(number, mistake.column, mistake.sentence))
        if len(found) + len(problems) > MOST_ROWS:
            return _unreadable(source, _("The file has more than {most} lines.").format(most=MOST_ROWS))
    if not found and not problems:
        return _unreadable(source, _("The file holds no punch."))
    return PunchFile(source, tuple(found), tuple(problems))


def _filled(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in lines:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield number, stripped


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand in a line, counted from 0; ``None`` for what the file does not say."""

    number: int
    at: int
    time: int | None
    direction: int | None

    @property
    def needed(self) -> int:
        """How many cells a line must have."""
        return 1 + max(self.number, self.at, self.time or 0)


def _columns(heading: Sequence[str], form: PunchFormat) -> _Columns:
    def place(name: str) -> int:
        if not form.heading:
            return int(name) - 1
        for called in (name, *_ALSO_CALLED.get(name, ())):
            if heading.count(called) > 1:
                raise Invalid(_("The column {name} is there twice.").format(name=called))
            if called in heading:
                return heading.index(called)
        raise Invalid(
            _("There is no column {name}; the file has: {names}.").format(
                name=name, names="、".join(cell[:40] for cell in heading[:20]) or "—"
            )
        )

    return _Columns(
        place(form.number),
        place(form.at),
        place(form.time) if form.time else None,
        place(form.direction) if form.direction else None,
    )


class _Mistake(Exception):
    """A line that says no punch."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class _LineReader:
    columns: _Columns
    form: PunchFormat
    words: DirectionWords
    zone: tzinfo

    def punch(self, line: int, cells: Sequence[str]) -> FilePunch:
        """Return what a line says; raises :class:`_Mistake`."""
        columns, form = self.columns, self.form
        if len(cells) < columns.needed:
            sentence = _("This line has {count} cells; {wanted} are needed.")
            raise _Mistake("", sentence.format(count=len(cells), wanted=columns.needed))
        if not cells[columns.number]:
            raise _Mistake(form.number, _("No number is given."))
        text = cells[columns.at]
        if columns.time is not None:
            text = f"{text} {cells[columns.time]}"
        return FilePunch(line, cells[columns.number], self._instant(text), self._direction(cells))

    def _instant(self, text: str) -> datetime:
        said = _time_said(text, self.form)
        if said.tzinfo is not None:
            return said.astimezone(UTC)
        instants = instants_of(said, self.zone)
        if len(instants) == 1:
            return instants[0]
        never = _("The clock never showed {time}: it was put forward then.")
        twice = _("The clock showed {time} twice: it was put back then. Give the time with its offset.")
        raise _Mistake(self.form.at, (twice if instants else never).format(time=text[:40]))

    def _direction(self, cells: Sequence[str]) -> Direction:
        place = self.columns.direction
        word = cells[place] if place is not None and place < len(cells) else ""
        direction = self.words.direction(word) if place is not None else Direction.NONE
        if direction is None:
            sentence = _("“{text}” is neither in nor out in this mapping.")
            raise _Mistake(self.form.direction, sentence.format(text=word[:40]))
        if direction is Direction.NONE and self.form.otherwise:
            return Direction(self.form.otherwise)
        return direction


def _time_said(text: str, form: PunchFormat) -> datetime:
    try:
        if form.at_format:
            return datetime.strptime(text, form.at_format)  # noqa: DTZ007  the zone comes after
        # A bare day would be read as its midnight.
        said = datetime.fromisoformat(text) if len(text) > len("2026-11-23") else None
    except ValueError:
        said = None
    if said is None:
        example = _EXAMPLE.strftime(form.at_format) if form.at_format else _EXAMPLE.isoformat(sep=" ")
        sentence = _("“{text}” is not a time written like {example}.")
        raise _Mistake(form.at, sentence.format(text=text[:40], example=example))
    return said


def _unreadable(source: str, sentence: str) -> PunchFile:
    return PunchFile(source, (), (Problem(0, "", sentence),))
