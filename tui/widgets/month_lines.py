"""The lines of the month grid as segments: what each shows, in which style, in exactly how many columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from locales import N_, _, language
from regulation.calendar_days import DayKind
from regulation.demand import ANYONE
from tui.cells import cut
from tui.month_plan import HOUR_MINUTES, CoverageLine, MonthPlan, View
from tui.widgets.cell_signs import CHANGED_SIGN, PIN_SIGN, WARNING_SIGN, dressed, together

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.roster import RosterCell, RosterRow

WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
SHIFT_COLOURS = 6  # shift types beyond the sixth share the colours of the first ones
SATURDAY = 5
NARROWEST_DAY, WIDEST_DAY = 3, 5
WIDE = 100  # columns from which there is room for work numbers

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
    """Widths in terminal columns: frozen names, one day, the sums, and what the days may show at once."""

    names: int = 0
    day: int = NARROWEST_DAY
    sums: tuple[int, ...] = ()
    window: int = 0

    @classmethod
    def within(cls, width: int, names: int, sums: tuple[int, ...], days: int) -> Columns:
        """Give the days what ``names`` and ``sums`` leave of ``width``, and what is left over to the names."""
        room = max(0, width - names - sum(sums))
        day = max(NARROWEST_DAY, min(WIDEST_DAY, room // max(1, days)))
        window = min(room // day, days) * day  # whole days: a wide character is never cut
        spare = min(room - window, day) if window < day * days else 0
        return cls(names + spare, day, sums, window)

    @property
    def frozen(self) -> int:
        """Columns that never scroll."""
        return self.names + sum(self.sums)


class GridLines(Protocol):
    """What a month grid draws: people down, days across, lines of sums at the bottom. All that it asks for."""

    rows: tuple[Any, ...]
    lines: list[int | str]
    days: tuple[date, ...]
    columns: Columns

    @property
    def footer_lines(self) -> int: ...

    def measure(self, width: int) -> Columns: ...

    def header(self, line: int, cursor: int) -> Parts: ...

    def team(self, name: str) -> Parts: ...

    def person(self, index: int, cursor: int, focused: bool, chosen: range) -> Parts: ...

    def coverage(self, index: int) -> Parts: ...


@dataclass
class MonthLines:
    """A plan as it is drawn. ``style`` yields a theme style by name; every method returns the three parts of a
    line: frozen left, scrolling middle, frozen right."""

    plan: MonthPlan
    today: date
    rows: tuple[RosterRow, ...]
    lines: list[int | str]
    style: Callable[[str], Style]
    columns: Columns = field(default_factory=Columns)

    def __post_init__(self) -> None:
        self._wide = False
        self.days = self.plan.month.days
        self._calendar = {day.date: day for day in self.plan.month.calendar}
        kinds = self.plan.month.shift_types
        self._shifts = {kind.code: (position % SHIFT_COLOURS, kind) for position, kind in enumerate(kinds)}

    @property
    def footer_lines(self) -> int:
        """How many lines of coverage stand at the bottom."""
        return len(self.plan.lines)

    def measure(self, width: int) -> Columns:
        """Fit the columns into ``width``."""
        self._wide = width >= WIDE
        texts = [self._people(), *(self._name_text(row) for row in self.rows)]
        texts += [line for line in self.lines if isinstance(line, str)]
        if self._wide:
            texts += [coverage_name(line, wide=True) for line in self.plan.lines]
        names = max(cell_len(text) for text in texts) + 2
        sums = (max(5, cell_len(_("Hours"))) + 1, *(cell_len(label) + 1 for label in self._sum_labels()[1:]))
        self.columns = Columns.within(width, names, sums, len(self.days))
        return self.columns

    def _sum_labels(self) -> tuple[str, ...]:
        labels = (_("Hours"), _("Nights"))
        return (*labels, _("Weekends")) if self._wide else labels

    def _name_text(self, row: RosterRow) -> str:
        """A person's name, with the work number where there is room."""
        return f"{row.work_number} {row.name}" if self._wide else row.name

    def header(self, line: int, cursor: int) -> Parts:
        """The day of the month, or the weekday under it; a moved day is marked instead."""
        days = []
        for column, day in enumerate(self.days):
            text = str(day.day) if line == 0 else self._day_sign(day)
            days.append(Segment(self._centred(text), self._header_style(day, column == cursor)))
        style = self.style("header")
        labels = self._sum_labels() if line == 0 else ("",) * len(self.columns.sums)
        return self._name(("", self._people())[line], style), days, self._right(labels, style)

    def _day_sign(self, day: date) -> str:
        kind = self._calendar[day].kind
        if kind is DayKind.ADJUSTED_WORKING:
            return _("Wk")
        moved = kind is DayKind.REST and day.weekday() < SATURDAY
        return _("Ho") if kind is DayKind.HOLIDAY or moved else _(WEEKDAYS[day.weekday()])

    def team(self, name: str) -> Parts:
        """A team's name and a thin rule."""
        if not name:
            return [], [], []
        faint = self.style("rest")
        rule = Segment("─" * (self.columns.day * len(self.days)), faint)
        return self._name(name, self.style("team")), [rule], [Segment("─" * sum(self.columns.sums), faint)]

    def person(self, index: int, cursor: int, focused: bool, chosen: range) -> Parts:
        """A person's days; ``cursor`` is the column under the cursor, or -1 on the other rows, ``chosen`` a range."""
        row, here, width = self.rows[index], cursor >= 0, self.columns.day
        days: list[Segment] = []
        for column, day in enumerate(self.days):
            text, style = self._cell(row, day)
            if column == cursor:
                style = self.style("cursor" if focused else "cursor-blurred")
            elif column in chosen:
                style = self.style("range")
            signs = self._signs(row, day)
            if row.more:
                text, more = self._with_parts(text, row.person_id, day)
                signs += more
            days += self._signed(dressed(text, signs, width) if signs else centred(text, width), style)
        names = self._name(
            self._name_text(row), self.style("name-cursor" if here else "name"), "▸" if here else " "
        )
        return names, days, self._right(self._sum_texts(row), self.style("sum"))

    def _signed(self, cell: str, style: Style) -> list[Segment]:
        if style.bgcolor is not None or WARNING_SIGN not in cell:
            return [Segment(cell, style)]
        before, warning, behind = cell.partition(WARNING_SIGN)
        return [
            Segment(before, style),
            Segment(warning, style + self.style("warning")),
            Segment(behind, style),
        ]

    def _with_parts(self, text: str, person_id: int, day: date) -> tuple[str, str]:
        """The signs of a day with several duties and what says that there are more: one column stays for a warning."""
        further = self.plan.further(person_id, day)
        if not further:
            return text, ""
        others = (_("Lv") if part.leave else shift_mark(self._shifts[part.shift_code][1]) for part in further)
        return together((text, *others), self.columns.day - 1)

    def _signs(self, row: RosterRow, day: date) -> str:
        """What stands beside a cell's own sign: what wants attention comes first."""
        signs = WARNING_SIGN if self.plan.warnings(row.person_id, day) else ""
        if day in row.pinned:
            signs += PIN_SIGN
        changed = self.plan.view is not View.PUBLISHED and self.plan.is_changed(row.person_id, day)
        return signs + CHANGED_SIGN if changed and WARNING_SIGN not in signs else signs

    def coverage(self, index: int) -> Parts:
        """How many people have a shift on each day, beside what is needed; what is short stands out."""
        if index >= len(self.plan.lines):
            return [], [], []
        line, style = self.plan.lines[index], self.style("coverage")
        days = []
        for column, (day, count) in enumerate(zip(self.days, self.plan.counts(index), strict=True)):
            text, looks = self._count(line, column, day, count)
            days.append(Segment(self._centred(text), self.style(looks)))
        name = coverage_name(line, wide=self._wide)
        return self._name(name, style), days, self._right(("",) * len(self.columns.sums), style)

    def _count(self, line: CoverageLine, column: int, day: date, count: int) -> tuple[str, str]:
        """A coverage figure and its looks: fewer than the least, or nobody in a shift that is handed over, is red."""
        need = line.need.needs[column] if line.need else None
        if need is None:
            least, wanted = int(line.kind.hands_over and line.need is None), 0
        else:
            least, wanted = need.least, need.wanted
        if not count and not least and not wanted:
            return "·", "coverage"
        if day < self.today or count >= max(least, wanted):
            return str(count), "coverage"
        return str(count), "uncovered" if count < least else "thin"

    def _cell(self, row: RosterRow, day: date) -> tuple[str, Style]:
        plan, who = self.plan, row.person_id
        cell, code = plan.duty(who, day), plan.shown(who, day)
        changed = plan.view is not View.PUBLISHED and plan.is_changed(who, day)
        steps_back = plan.view is View.COMPARE and not changed
        if code is None:
            return self._free(day, changed, cell)
        if cell is not None and cell.leave and not changed:
            return _("Lv"), self.style("rest" if steps_back else "leave")
        colour, kind = self._shifts[code]
        style = self.style("rest" if steps_back else f"shift-{colour}")
        if changed:
            style += Style(underline=True)
        elif cell is not None and cell.past and day != self.today:
            style += Style(dim=True)
        return shift_mark(kind), style

    def _free(self, day: date, changed: bool, cell: RosterCell | None) -> tuple[str, Style]:
        """A free day; while comparing, one that is to become free shows the shift that goes."""
        is_worked = self._calendar[day].is_worked
        style = self.style("rest" if is_worked else "rest-weekend")
        if changed and cell is not None and self.plan.view is View.COMPARE:
            return shift_mark(self._shifts[cell.shift_code][1]), self.style("gone")
        return "·", style + Style(underline=True) if changed else style

    def _header_style(self, day: date, under_cursor: bool) -> Style:
        if day == self.today:
            return self.style("today")
        kind = self._calendar[day].kind
        names = {DayKind.HOLIDAY: "holiday", DayKind.REST: "weekend", DayKind.ADJUSTED_WORKING: "moved"}
        style = self.style(names.get(kind, "header"))
        return style + Style(bold=True, underline=True) if under_cursor else style

    def _sum_texts(self, row: RosterRow) -> tuple[str, ...]:
        """Hours, leave not counted, nights, and days worked that are weekends or holidays."""
        sums = self.plan.sums(row.person_id)
        hours = sums.minutes / HOUR_MINUTES
        texts = (f"{hours:g}" if hours == round(hours) else f"{hours:.1f}", str(sums.nights))
        return (*texts, str(sums.weekends)) if self._wide else texts

    def _people(self) -> str:
        return _("{count} people").format(count=len(self.rows))

    def _name(self, text: str, style: Style, before: str = " ") -> list[Segment]:
        room = self.columns.names - cell_len(before) - 1
        return [Segment(set_cell_size(before + cut(text, room), self.columns.names), style)]

    def _right(self, texts: tuple[str, ...], style: Style) -> list[Segment]:
        return right_aligned(texts, self.columns.sums, style)

    def _centred(self, text: str) -> str:
        return centred(text, self.columns.day)


def right_aligned(texts: Iterable[str], widths: Iterable[int], style: Style) -> list[Segment]:
    """Return each text at the right of its column."""
    return [
        Segment(" " * (width - cell_len(text)) + text, style)
        for text, width in zip(texts, widths, strict=True)
    ]


def centred(text: str, width: int) -> str:
    """Return text in the middle of ``width`` columns, a wide character counting two."""
    spare = width - cell_len(text)
    left = (spare + 1) // 2
    return " " * left + text + " " * (spare - left)


def coverage_name(line: CoverageLine, *, wide: bool) -> str:
    """What a coverage line counts: the shift, and whom the demand asks for where that is not simply anyone."""
    name = shift_name(line.kind) if wide else shift_mark(line.kind)
    if line.need is None or line.need.who == ANYONE:
        return name if wide else shift_name(line.kind)
    return f"{name}·{line.need.name}"


class HasTeam(Protocol):
    """A row that belongs to a team."""

    @property
    def team(self) -> str: ...


def with_headings(rows: Iterable[HasTeam], teams: Mapping[str, str]) -> list[int | str]:
    """Row numbers with each team's name before its first member."""
    lines: list[int | str] = []
    before: str | None = None
    for index, row in enumerate(rows):
        if row.team != before:
            before = row.team
            lines.append(teams.get(row.team, row.team) or _("No team"))
        lines.append(index)
    return lines
