"""The month grid: people down, days across, made for hundreds of people and two months at a time.

Only the lines on screen are rendered, and each is kept until what it shows changes. The name column, the two
header lines, the sums at the right and the coverage lines at the bottom stay in place while the rest scrolls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from locales import N_
from tui.month_plan import Cell, MonthPlan
from tui.widgets.month_lines import SHIFT_COLOURS, Columns, GridLines, MonthLines, Parts, with_headings

if TYPE_CHECKING:
    from operations.roster import RosterRow

HEADER_LINES = 2
KEPT_LINES = 2000  # rendered lines kept for the next key, a few dozen screens of them
_COMPONENTS = (
    *("base", "header", "weekend", "holiday", "moved", "today", "name", "name-cursor", "team"),
    *("cursor", "cursor-blurred", "range", "rest", "rest-weekend", "leave", "gone", "warning"),
    *("sum", "coverage", "uncovered", "thin"),
    *(f"shift-{position}" for position in range(SHIFT_COLOURS)),
)


class MonthGrid(ScrollView, can_focus=True):
    """Shows a :class:`tui.month_plan.MonthPlan`, a cursor on one person's one day, and a range spanned from it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"month-grid--{name}" for name in _COMPONENTS}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", N_("Up"), show=False),
        Binding("down", "move(1, 0)", N_("Down"), show=False),
        Binding("left", "move(0, -1)", N_("Left"), show=False),
        Binding("right", "move(0, 1)", N_("Right"), show=False),
        Binding("home", "move(0, -999)", N_("First day"), show=False),
        Binding("end", "move(0, 999)", N_("Last day"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("ctrl+home", "move(-9999, -999)", N_("First person"), show=False),
        Binding("ctrl+end", "move(9999, 999)", N_("Last person"), show=False),
    ]
    DEFAULT_CSS = """
    MonthGrid {
        height: 1fr; scrollbar-size: 1 1;
        & > .month-grid--header { color: $text-muted; }
        & > .month-grid--weekend { color: $text-muted; background: $foreground 6%; }
        & > .month-grid--holiday { color: $primary; background: $foreground 6%; text-style: bold; }
        & > .month-grid--moved { color: $accent; text-style: bold; }
        & > .month-grid--today { color: $background; background: $accent; text-style: bold; }
        & > .month-grid--name-cursor { color: $accent; text-style: bold; }
        & > .month-grid--team { color: $text-muted; text-style: bold; }
        & > .month-grid--cursor { color: $background; background: $accent; text-style: bold; }
        & > .month-grid--cursor-blurred { background: $accent 40%; text-style: bold; }
        & > .month-grid--rest { color: $foreground 40%; }
        & > .month-grid--rest-weekend { color: $foreground 40%; background: $foreground 6%; }
        & > .month-grid--leave { color: $primary; background: $primary 14%; text-style: italic; }
        & > .month-grid--range { color: $text; background: $primary 34%; }
        & > .month-grid--gone { color: $text-muted; text-style: strike; }
        & > .month-grid--warning { color: $accent; text-style: bold; }
        & > .month-grid--sum { color: $text-muted; }
        & > .month-grid--coverage { color: $text-muted; background: $foreground 4%; }
        & > .month-grid--uncovered { color: $error; background: $error 14%; text-style: bold; }
        & > .month-grid--thin { color: $accent; background: $foreground 4%; text-style: bold; }
        & > .month-grid--shift-0 { color: #e5c07b; background: #e5c07b 16%; }
        & > .month-grid--shift-1 { color: #7fbf8f; background: #7fbf8f 16%; }
        & > .month-grid--shift-2 { color: #7fa8e0; background: #7fa8e0 20%; }
        & > .month-grid--shift-3 { color: #c69bd8; background: #c69bd8 16%; }
        & > .month-grid--shift-4 { color: #5fbcc4; background: #5fbcc4 16%; }
        & > .month-grid--shift-5 { color: #e0956a; background: #e0956a 16%; }
        &:light {
            & > .month-grid--shift-0 { color: #7a5600; background: #e5b33b 30%; }
            & > .month-grid--shift-1 { color: #1f6a36; background: #4caf6d 26%; }
            & > .month-grid--shift-2 { color: #1d4a94; background: #5b8fe0 28%; }
            & > .month-grid--shift-3 { color: #6b2f86; background: #b072cc 24%; }
            & > .month-grid--shift-4 { color: #0b5f66; background: #39a6b0 24%; }
            & > .month-grid--shift-5 { color: #8a3d0c; background: #e0813f 26%; }
        }
    }
    """

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another person, another day, or on changed content."""

        grid: MonthGrid

        @property
        def control(self) -> MonthGrid:
            """The grid whose cursor moved."""
            return self.grid

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._month: GridLines | None = None
        self._cursor = (0, 0)
        self._anchor: tuple[int, int] | None = None
        self._editions: dict[int | str, int] = {}
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(KEPT_LINES)
        self._styles: dict[str, Style] = {}

    # What it shows -------------------------------------------------------------------------------------

    def show_plan(
        self, plan: MonthPlan, rows: Iterable[RosterRow], today: date, teams: Mapping[str, str]
    ) -> None:
        """Show the ``rows`` of ``plan`` in the order of ``teams`` (code → name).

        The cursor stays on its person and day where they still exist.
        """
        person, day = self.cursor_person, self.cursor_day
        first_time = self._month is None
        order = {code: position for position, code in enumerate(teams)}
        shown = sorted(rows, key=lambda row: order.get(row.team, len(order)))
        if self._month is not None and (self.shown_days != plan.month.days or len(shown) != len(self._rows)):
            self._anchor = None
        lines = with_headings(shown, teams)
        self._month = MonthLines(plan, today, tuple(shown), lines, self._style)
        self._measure()
        wanted = today if first_time else day
        self._place(person.person_id if person else -1, wanted or plan.month.days[0])
        self.call_after_refresh(self._scroll_to_cursor)  # scroll bars may come or go with the new size

    def paint(self, pending: Mapping[Cell, str | None]) -> None:
        """Lay over the plan what is on its way to the centre; only the lines that it touches are drawn again."""
        if not isinstance(self._month, MonthLines):
            return
        touched = self._month.plan.set_pending(pending)
        if not touched:
            return
        for row, person in enumerate(self._rows):
            if person.person_id in touched:
                self._editions[row] = self._editions.get(row, 0) + 1
                self._refresh_screen_line(self._screen_line_of(row))
        self._editions["coverage"] = self._editions.get("coverage", 0) + 1
        for line in range(len(self._month.plan.lines)):
            self._refresh_screen_line(self._coverage_top() + line)
        self.post_message(self.CursorMoved(self))

    @property
    def cursor_person(self) -> RosterRow | None:
        """The person in the cursor's row."""
        return self._rows[self._cursor[0]] if self._cursor[0] < len(self._rows) else None

    @property
    def cursor_day(self) -> date | None:
        """The day in the cursor's column."""
        return self.shown_days[self._cursor[1]] if self._cursor[1] < len(self.shown_days) else None

    @property
    def _rows(self) -> tuple[RosterRow, ...]:
        return self._month.rows if self._month else ()

    @property
    def shown_days(self) -> tuple[date, ...]:
        """The days across; none before a plan is shown."""
        return self._month.days if self._month else ()

    @property
    def _columns(self) -> Columns:
        return self._month.columns if self._month else Columns()

    @property
    def has_range(self) -> bool:
        """Whether a range is being spanned."""
        return self._anchor is not None

    def toggle_range(self) -> None:
        """Begin a range at the cursor, or let it go."""
        self._anchor = self._cursor if self._anchor is None else None
        self._strips.clear()
        self.refresh()

    def chosen(self) -> list[list[tuple[RosterRow, date]]]:
        """The cells of the range by person and day, or the one under the cursor."""
        rows, columns = self._chosen_rows(), self._chosen_columns()
        return [
            [(self._rows[row], self.shown_days[column]) for column in columns]
            for row in rows
            if row < len(self._rows)
        ]

    def rows_from_cursor(self, count: int) -> list[RosterRow]:
        """The people from the cursor's row on, or from the top of the range."""
        first = self._chosen_rows().start
        return list(self._rows[first : first + count])

    def _chosen_rows(self) -> range:
        ends = sorted((self._cursor[0], (self._anchor or self._cursor)[0]))
        return range(ends[0], ends[1] + 1)

    def _chosen_columns(self) -> range:
        ends = sorted((self._cursor[1], (self._anchor or self._cursor)[1]))
        return range(ends[0], ends[1] + 1)

    def move_to(self, person_id: int, day: date) -> None:
        """Put the cursor on a person's day, if both are shown."""
        self._place(person_id, day)

    # Moving --------------------------------------------------------------------------------------------

    def action_move(self, rows: int, days: int) -> None:
        """Move the cursor by people and days, stopping at the edges."""
        self._set_cursor(self._cursor[0] + rows, self._cursor[1] + days)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screenful of people."""
        self._set_cursor(self._cursor[0] + pages * max(1, self._body_height() - 1), self._cursor[1])

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse clicked."""
        offset = event.get_content_offset(self)
        if offset is None or not HEADER_LINES <= offset.y < self._coverage_top():
            return
        where = self._line_at(offset.y)
        column = self._cursor[1]
        if self._columns.names <= offset.x < self._columns.names + self._columns.window:
            column = (offset.x - self._columns.names + self.scroll_offset.x) // self._columns.day
        if isinstance(where, int):
            self._set_cursor(where, column)

    def _place(self, person_id: int, day: date) -> None:
        row = next((i for i, r in enumerate(self._rows) if r.person_id == person_id), self._cursor[0])
        self._set_cursor(row, self.shown_days.index(day) if day in self.shown_days else 0)
        self.refresh()

    def _set_cursor(self, row: int, column: int) -> None:
        new = (max(0, min(row, len(self._rows) - 1)), max(0, min(column, len(self.shown_days) - 1)))
        before, self._cursor = self._cursor, new
        ends = sorted((before[0], new[0], *((self._anchor[0],) if self._anchor else ())))
        for changed in range(ends[0], ends[-1] + 1) if self._anchor else set(ends):
            self._refresh_screen_line(self._screen_line_of(changed))
        for header in range(HEADER_LINES):
            self._refresh_screen_line(header)
        self._scroll_to_cursor()
        self.post_message(self.CursorMoved(self))

    def _scroll_to_cursor(self) -> None:
        """Bring the cursor's cell into view, whole cells at a time so that no wide character is cut."""
        if self._month is None or self._columns.window <= 0:
            return
        width, left = self._columns.day, self.scroll_offset.x
        x = self._cursor[1] * width
        if x < left:
            left = x
        elif x + width > left + self._columns.window:
            left = -(-(x + width - self._columns.window) // width) * width
        line, top, height = self._line_of(self._cursor[0]), self.scroll_offset.y, self._body_height()
        if line < top:
            top = 0 if line == 1 else line  # the first team's heading comes along
        elif line >= top + height:
            top = line - height + 1
        self.scroll_to(left, top, animate=False)

    # Measuring -----------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._measure()
        self.call_after_refresh(self._scroll_to_cursor)

    def notify_style_update(self) -> None:
        """Forget styles of the theme that was."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def _measure(self) -> None:
        if self._month is not None:
            columns = self._month.measure(self.scrollable_content_region.width)
            kinds = self._month.footer_lines
            height = HEADER_LINES + len(self._month.lines) + kinds
            self.virtual_size = Size(columns.frozen + columns.day * len(self.shown_days), height)
        self._strips.clear()
        self.refresh()

    def _coverage_top(self) -> int:
        """The first coverage line on screen: right under the people, or at the bottom when they scroll."""
        if self._month is None:
            return HEADER_LINES
        kinds = self._month.footer_lines
        return min(self.scrollable_content_region.height - kinds, HEADER_LINES + len(self._month.lines))

    def _body_height(self) -> int:
        return max(1, self._coverage_top() - HEADER_LINES)

    def _line_of(self, row: int) -> int:
        lines = self._month.lines if self._month else []
        return lines.index(row) if row in lines else 0

    def _screen_line_of(self, row: int) -> int:
        line = self._line_of(row) - self.scroll_offset.y
        return line + HEADER_LINES if 0 <= line < self._body_height() else -1

    def _refresh_screen_line(self, y: int) -> None:
        if y >= 0:
            self.refresh(Region(0, y, self.size.width, 1))

    # Rendering -----------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Render one line of the screen, or return it as it was rendered before."""
        width = self.scrollable_content_region.width
        if self._month is None:
            return Strip.blank(width, self._style("base"))
        key = (*self._line_key(y), self.scroll_offset.x)
        if key not in self._strips:
            names, days, sums = self._line_parts(y)
            left = self.scroll_offset.x
            shown = Strip(days).crop(left, left + self._columns.window)
            strip = Strip.join([Strip(names), shown, Strip(sums)])
            self._strips[key] = strip.adjust_cell_length(width, self._style("base"))
        return self._strips[key]

    def _line_key(self, y: int) -> tuple[object, ...]:
        """What a line's looks depend on, beside the month and the width."""
        if y < HEADER_LINES:
            return "header", y, self._cursor[1]
        if y >= self._coverage_top():
            return "coverage", y - self._coverage_top(), self._editions.get("coverage", 0)
        row = self._line_at(y)
        column = self._cursor[1] if row == self._cursor[0] else -1
        return "row", row, self._editions.get(row, 0), column, self._chosen_in(row), self.has_focus

    def _line_parts(self, y: int) -> Parts:
        assert self._month is not None
        if y < HEADER_LINES:
            return self._month.header(y, self._cursor[1])
        if y >= self._coverage_top():
            return self._month.coverage(y - self._coverage_top())
        row = self._line_at(y)
        if isinstance(row, str):
            return self._month.team(row)
        column = self._cursor[1] if row == self._cursor[0] else -1
        return self._month.person(row, column, self.has_focus, self._chosen_in(row))

    def _chosen_in(self, row: int | str) -> range:
        """The columns of the range in a row; none while no range is spanned."""
        within = self._anchor is not None and row in self._chosen_rows()
        return self._chosen_columns() if within else range(0)

    def _line_at(self, y: int) -> int | str:
        """The person's row or the team's name on a screen line between header and coverage."""
        lines = self._month.lines if self._month else []
        line = y - HEADER_LINES + self.scroll_offset.y
        return lines[line] if line < len(lines) else ""

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"month-grid--{name}")
        return self._styles[name]
