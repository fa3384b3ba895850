"""The month of attendance as a heat map: the same grid as the roster's, each day with its verdict (Art. 33, 34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from locales import _
from regulation.duty_numbers import number_text
from regulation.duty_verdicts import VERDICT_NAMES, DutyVerdict
from tui.attendance_words import cell_text, day_text, is_open, is_to_come, shown_of
from tui.cells import cut
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import (
    SATURDAY,
    WEEKDAYS,
    WIDE,
    Columns,
    Parts,
    centred,
    right_aligned,
    with_headings,
)

if TYPE_CHECKING:
    from operations.attendance import AttendanceRow, MonthOfAttendance
    from operations.attendance_judging import JudgedRow

V = DutyVerdict
_STYLES = {
    V.PRESENT: "present",
    V.LATE_FOR_RELIEF: "late",
    V.LATE: "late",
    V.LEFT_EARLY: "late",
    V.ABSENT: "absent",
    V.ON_LEAVE: "leave",
    V.SWAPPED_OUT: "rest",
    V.UNKNOWN: "open",
}
# What the lines at the bottom count on each day.
_FOOTERS = (VERDICT_NAMES[V.ABSENT], VERDICT_NAMES[V.UNKNOWN])


class AttendanceLines:
    """A month of attendance as a :class:`~tui.widgets.month_grid.MonthGrid` draws it."""

    footer_lines = len(_FOOTERS)

    def __init__(
        self,
        month: MonthOfAttendance,
        rows: Sequence[AttendanceRow],
        today: date,
        teams: Mapping[str, str],
        style: Callable[[str], Style],
    ) -> None:
        self.rows, self.days, self.columns = tuple(rows), month.days, Columns()
        self.lines = with_headings(self.rows, teams)
        self._today, self._style, self._wide = today, style, False

    def measure(self, width: int) -> Columns:
        """Fit the columns into ``width``."""
        self._wide = width >= WIDE
        texts = [
            self._people(),
            *(self._name_text(row) for row in self.rows),
            *(_(text) for text in _FOOTERS),
        ]
        texts += [line for line in self.lines if isinstance(line, str)]
        names = max(cell_len(text) for text in texts) + 2
        sums = tuple(
            max(cell_len(label), room) + 1 for label, room in zip(self._labels(), (7, 4, 3), strict=True)
        )
        self.columns = Columns.within(width, names, sums, len(self.days))
        return self.columns

    def header(self, line: int, cursor: int) -> Parts:
        """The day of the month, or the weekday under it."""
        days = []
        for column, day in enumerate(self.days):
            text = str(day.day) if line == 0 else _(WEEKDAYS[day.weekday()])
            days.append(Segment(centred(text, self.columns.day), self._header_style(day, column == cursor)))
        style = self._style("header")
        labels = self._labels() if line == 0 else ("",) * len(self.columns.sums)
        return self._name(("", self._people())[line], style), days, self._right(labels, style)

    def team(self, name: str) -> Parts:
        """A team's name and a thin rule."""
        if not name:
            return [], [], []
        faint = self._style("rest")
        rule = Segment("─" * (self.columns.day * len(self.days)), faint)
        return self._name(name, self._style("team")), [rule], [Segment("─" * sum(self.columns.sums), faint)]

    def person(self, index: int, cursor: int, focused: bool, chosen: range) -> Parts:  # noqa: ARG002  the grid's own
        """A person's month with its sums."""
        row, here = self.rows[index], cursor >= 0
        days = []
        for column, day in enumerate(row.days):
            text, style = self._cell(day, self.days[column])
            if column == cursor:
                style = self._style("cursor" if focused else "cursor-blurred")
            days.append(Segment(centred(text, self.columns.day), style))
        name = self._style("name-cursor" if here else "name")
        return self._name(self._name_text(row), name, "▸" if here else " "), days, self._sums(row)

    def coverage(self, index: int) -> Parts:
        """How many were absent, or are not clear, on each day."""
        if index >= self.footer_lines:
            return [], [], []
        plain, days, total = self._style("coverage"), [], 0
        for column in range(len(self.days)):
            shown = [one for row in self.rows for one in row.days[column]]
            number = sum(_counts(index, one) for one in shown)
            total += number
            style = self._style(("uncovered", "thin")[index]) if number else plain
            days.append(Segment(centred(str(number) if number else "·", self.columns.day), style))
        sums = ("", "", str(total) if total else "")
        return self._name(_(_FOOTERS[index]), plain), days, self._right(sums, plain)

    def _cell(self, day: Sequence[JudgedRow], on: date) -> tuple[str, Style]:
        one = shown_of(day)
        if one is None:
            return " ", self._style("rest-weekend" if on.weekday() >= SATURDAY else "rest")
        style = self._style("rest" if is_to_come(one.judgement) else _STYLES[one.judgement.verdict])
        if one.judgement.correction_id is not None:
            style += Style(underline=True)
        text = day_text(day, self.columns.day) if len(day) > 1 else cell_text(one)
        return text, self._style("waits") if one.waits else style

    def _sums(self, row: AttendanceRow) -> list[Segment]:
        sums = row.totals
        late = sums.by_category.get(V.LATE.value, 0) + sums.by_category.get(V.LATE_FOR_RELIEF.value, 0)
        unclear = sum(is_open(one.judgement) for day in row.days for one in day)
        texts = (
            f"{number_text(sums.attended)}/{number_text(sums.due)}",
            str(late) if late else "",
            str(unclear) if unclear else "",
        )
        return self._right(texts, self._style("sum"))

    def _labels(self) -> tuple[str, str, str]:
        return _("Came/due"), _("Late"), "□"

    def _people(self) -> str:
        return _("{count} people").format(count=len(self.rows))

    def _name_text(self, row: AttendanceRow) -> str:
        return f"{row.work_number} {row.name}" if self._wide else row.name

    def _header_style(self, day: date, under_cursor: bool) -> Style:
        if day == self._today:
            return self._style("today")
        style = self._style("weekend" if day.weekday() >= SATURDAY else "header")
        return style + Style(bold=True, underline=True) if under_cursor else style

    def _name(self, text: str, style: Style, before: str = " ") -> list[Segment]:
        room = self.columns.names - cell_len(before) - 1
        return [Segment(set_cell_size(before + cut(text, room), self.columns.names), style)]

    def _right(self, texts: Iterable[str], style: Style) -> list[Segment]:
        return right_aligned(texts, self.columns.sums, style)


def _counts(footer: int, one: JudgedRow) -> bool:
    return is_open(one.judgement) if footer else one.judgement.verdict is V.ABSENT


class AttendanceGrid(MonthGrid):
    """Shows a :class:`operations.attendance.MonthOfAttendance` and a cursor on one person's one day."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"month-grid--{name}" for name in ("present", "late", "absent", "open", "waits")
    }
    DEFAULT_CSS = """
    AttendanceGrid {
        & > .month-grid--present { color: $success; background: $success 8%; }
        & > .month-grid--late { color: $warning; background: $warning 18%; }
        & > .month-grid--absent { color: $error; background: $error 22%; text-style: bold; }
        & > .month-grid--open { color: $accent; text-style: bold; }
        & > .month-grid--waits { color: $accent; text-style: bold reverse; }
    }
    """

    def show_attendance(
        self,
        month: MonthOfAttendance,
        rows: Sequence[AttendanceRow],
        today: date,
        teams: Mapping[str, str],
    ) -> None:
        """Show ``rows`` of a month; the cursor stays on its person and day where they still exist."""
        person, day = self.cursor_person, self.cursor_day
        self._month = AttendanceLines(month, rows, today, teams, self._style)
        self._measure()
        self._place(person.person_id if person else -1, day or today)
        self.call_after_refresh(self._scroll_to_cursor)

    @property
    def cursor_duties(self) -> tuple[JudgedRow, ...]:
        """The duties of the day under the cursor."""
        if not self._rows or self.cursor_day is None:
            return ()
        row: AttendanceRow = self._rows[self._cursor[0]]  # type: ignore[assignment]
        return row.days[self._cursor[1]]

    def open_cells(self) -> list[tuple[int, date]]:
        """The people and days that somebody has to settle, day by day."""
        rows: Sequence[AttendanceRow] = self._rows  # type: ignore[assignment]
        return [
            (row.person_id, day)
            for column, day in enumerate(self.shown_days)
            for row in rows
            if any(is_open(one.judgement) or one.waits for one in row.days[column])
        ]
