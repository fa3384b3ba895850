"""The lines of the month grid as segments: what each shows, in which style, in exactly how many columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from locales import N_, _, language
from tui.cells import cut

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.roster import RosterCell, RosterMonth, RosterRow

WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
SHIFT_COLOURS = 6  # shift types beyond the sixth share the colours of the first ones
SATURDAY = 5
MINUTES_A_DAY = 1440
NARROWEST_DAY, WIDEST_DAY = 3, 5
WIDE = 100  # columns from which there is room for work numbers

Cell = tuple[int, date]
Parts = tuple[list[Segment], list[Segment], list[Segment]]


def shift_mark(shift: ShiftTypeRow) -> str:
    """The sign of a shift in a cell: its own short name, or for English readers the letter of its code."""
    return shift.short if language() == "zh_CN" else shift.code[:1].upper()


def shift_name(shift: ShiftTypeRow) -> str:
    """The name of a shift in the reader's language."""
    return language_name(shift.name, shift.name_en)


def language_name(name: str, name_en: str) -> str:
    """The one of two names that the reader's language wants."""
    return name if language() == "zh_CN" else name_en or name


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in terminal columns: frozen names, one day, the two sums, and what the days may show at once."""

    names: int = 0
    day: int = NARROWEST_DAY
    sums: tuple[int, int] = (0, 0)
    window: int = 0

    @property
    def frozen(self) -> int:
        """Columns that never scroll."""
        return self.names + sum(self.sums)


@dataclass
class MonthLines:
    """A month as it is drawn. ``style`` yields a theme style by name; every method returns the three parts of a
    line: frozen left, scrolling middle, frozen right."""

    month: RosterMonth
    today: date
    rows: tuple[RosterRow, ...]
    lines: list[int | str]
    style: Callable[[str], Style]
    columns: Columns = field(default_factory=Columns)
    pending: Mapping[Cell, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wide = False
        kinds = self.month.shift_types
        self._shifts = {kind.code: (position % SHIFT_COLOURS, kind) for position, kind in enumerate(kinds)}
        self._sums = [self._sum_texts(row) for row in self.rows]

    def measure(self, width: int) -> Columns:
        """Fit the columns into ``width``."""
        self._wide = width >= WIDE
        texts = [self._people(), *(self._name_text(row) for row in self.rows)]
        texts += [line for line in self.lines if isinstance(line, str)]
        if self._wide:
            texts += [shift_name(kind) for kind in self.month.shift_types]
        names = max(cell_len(text) for text in texts) + 2
        sums = (max(5, cell_len(_("Hours"))) + 1, cell_len(_("Nights")) + 1)
        days = len(self.month.days)
        room = max(0, width - names - sum(sums))
        day = max(NARROWEST_DAY, min(WIDEST_DAY, room // max(1, days)))
        window = min(room // day, days) * day  # whole days: a wide character is never cut
        spare = min(room - window, day) if window < day * days else 0
        self.columns = Columns(names + spare, day, sums, window)
        return self.columns

    def _name_text(self, row: RosterRow) -> str:
        """A person's name, with the work number where there is room."""
        return f"{row.work_number} {row.name}" if self._wide else row.name

    def header(self, line: int, cursor: int) -> Parts:
        """The day of the month, or the weekday under it."""
        days = []
        for column, day in enumerate(self.month.days):
            text = str(day.day) if line == 0 else _(WEEKDAYS[day.weekday()])
            days.append(Segment(self._centred(text), self._header_style(day, column == cursor)))
        style = self.style("header")
        labels = (_("Hours"), _("Nights")) if line == 0 else ("", "")
        return self._name(("", self._people())[line], style), days, self._right(labels, style)

    def team(self, name: str) -> Parts:
        """A team's name and a thin rule."""
        if not name:
            return [], [], []
        faint = self.style("rest")
        rule = Segment("─" * (self.columns.day * len(self.month.days)), faint)
        return self._name(name, self.style("team")), [rule], [Segment("─" * sum(self.columns.sums), faint)]

    def person(self, index: int, cursor: int, focused: bool) -> Parts:
        """A person's month; ``cursor`` is the column under the cursor, or -1 on the other rows."""
        row, here = self.rows[index], cursor >= 0
        days = []
        for column, day in enumerate(self.month.days):
            text, style = self._cell(row, column, day)
            if column == cursor:
                style = self.style("cursor" if focused else "cursor-blurred")
            days.append(Segment(self._centred(text), style))
        names = self._name(
            self._name_text(row), self.style("name-cursor" if here else "name"), "▸" if here else " "
        )
        return names, days, self._right(self._sums[index], self.style("sum"))

    def coverage(self, index: int) -> Parts:
        """How many people have a shift on each day; a shift that nobody has stands out."""
        kinds = self.month.shift_types
        if index >= len(kinds):
            return [], [], []
        kind, style = kinds[index], self.style("coverage")
        counts = self.month.coverage.get(kind.code, (0,) * len(self.month.days))
        days = [
            Segment(self._centred(text), self.style("uncovered") if alarming else style)
            for text, alarming in (
                self._count(kind, *pair) for pair in zip(self.month.days, counts, strict=True)
            )
        ]
        return self._name(shift_name(kind), style), days, self._right(("", ""), style)

    def _count(self, kind: ShiftTypeRow, day: date, count: int) -> tuple[str, bool]:
        """A coverage figure, and whether it stands out: nobody has a shift that must be handed over."""
        if count or kind.hands_over:
            return str(count), not count and day >= self.today
        return "·", False

    def _cell(self, row: RosterRow, column: int, day: date) -> tuple[str, Style]:
        if (row.person_id, day) in self.pending:
            code = self.pending[row.person_id, day]
            return (shift_mark(self._shifts[code][1]) if code else "·"), self.style("pending")
        cell = row.cells[column]
        if cell is None:
            return "·", self.style("rest-weekend" if day.weekday() >= SATURDAY else "rest")
        if cell.leave:
            return _("Lv"), self.style("leave")
        return self._duty(cell, day)

    def _duty(self, cell: RosterCell, day: date) -> tuple[str, Style]:
        colour, kind = self._shifts.get(cell.shift_code, (0, None))
        over = cell.past and day != self.today
        style = self.style(f"shift-{colour}")
        return (shift_mark(kind) if kind else cell.short), style + Style(dim=True) if over else style

    def _header_style(self, day: date, under_cursor: bool) -> Style:
        if day == self.today:
            return self.style("today")
        style = self.style("weekend" if day.weekday() >= SATURDAY else "header")
        return style + Style(bold=True, underline=True) if under_cursor else style

    def _sum_texts(self, row: RosterRow) -> tuple[str, str]:
        """Hours of the month, leave not counted, and duties that run past midnight."""
        worked = [cell for cell in row.cells if cell is not None and not cell.leave]
        hours = sum((cell.ends_at - cell.starts_at).total_seconds() for cell in worked) / 3600
        kinds = [self._shifts[cell.shift_code][1] for cell in worked if cell.shift_code in self._shifts]
        nights = sum(kind.start_minute + kind.duration_minutes > MINUTES_A_DAY for kind in kinds)
        return f"{hours:g}" if hours == round(hours) else f"{hours:.1f}", str(nights)

    def _people(self) -> str:
        return _("{count} people").format(count=len(self.rows))

    def _name(self, text: str, style: Style, before: str = " ") -> list[Segment]:
        room = self.columns.names - cell_len(before) - 1
        return [Segment(set_cell_size(before + cut(text, room), self.columns.names), style)]

    def _right(self, texts: tuple[str, str], style: Style) -> list[Segment]:
        widths = self.columns.sums
        return [
            Segment(" " * (width - cell_len(text)) + text, style)
            for text, width in zip(texts, widths, strict=True)
        ]

    def _centred(self, text: str) -> str:
        spare = self.columns.day - cell_len(text)
        left = (spare + 1) // 2
        return " " * left + text + " " * (spare - left)


def with_headings(rows: Iterable[RosterRow], teams: Mapping[str, str]) -> list[int | str]:
    """Row numbers with each team's name before its first member."""
    lines: list[int | str] = []
    before: str | None = None
    for index, row in enumerate(rows):
        if row.team != before:
            before = row.team
            lines.append(teams.get(row.team, row.team) or _("No team"))
        lines.append(index)
    return lines
