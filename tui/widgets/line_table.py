"""A table drawn line by line: columns measured in cells, one cursor, people's text never read as markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from locales import N_, _
from tui.cells import fit

Row = TypeVar("Row")

GAP = 2
GUTTER = 1


# For a dialog whose one line is typed into while its rows are moved through.
KEYS_BESIDE_TYPING: tuple[Binding, ...] = (
    Binding("down", "move(1)", N_("next"), show=False, priority=True),
    Binding("up", "move(-1)", N_("previous"), show=False, priority=True),
    Binding("pagedown", "page(1)", N_("page down"), show=False, priority=True),
    Binding("pageup", "page(-1)", N_("page up"), show=False, priority=True),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title (a message), its least width in cells, its share of what is left over.

    ``from_width`` is the table width below which the column is left out.
    """

    title: str
    width: int
    flex: int = 0
    align: str = "left"
    from_width: int = 0


class LineTable(ScrollView, Generic[Row], can_focus=True):
    """Rows held in memory. ``draw`` turns a row into one content per column; ``key`` names it across reloads."""

    DEFAULT_CSS = """
    LineTable {
        background: $background;
        color: $text;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        &.-titled { border-top: solid $rule; border-title-color: $faint; border-title-style: bold; }
        &.-titled:focus { border-top: solid $accent; border-title-color: $accent; }
    }
    LineTable > .line-table--header { color: $faint; }
    LineTable > .line-table--cursor { background: $cursor; color: $cursor-text; }
    LineTable > .line-table--idle { background: $cursor-idle; }
    LineTable > .line-table--empty { color: $faint; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--header",
        "line-table--cursor",
        "line-table--idle",
        "line-table--empty",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", N_("up"), show=False),
        Binding("down", "move(1)", N_("down"), show=False),
        Binding("pageup", "page(-1)", N_("page up"), show=False),
        Binding("pagedown", "page(1)", N_("page down"), show=False),
        Binding("home", "go(0)", N_("first row"), show=False),
        Binding("end", "go(-1)", N_("last row"), show=False),
        Binding("enter", "select", N_("details"), show=False),
    ]

    cursor: reactive[int] = reactive(0)

    class Selected(Message):
        """Someone chose a row."""

        def __init__(self, table: LineTable[Any], row: Any) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> LineTable[Any]:
            """The table, so that handlers can name it."""
            return self.table

    class CursorMoved(Message):
        """The cursor stands on another row."""

        def __init__(self, table: LineTable[Any]) -> None:
            super().__init__()
            self.table = table

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor came to rest matters."""
            return isinstance(message, LineTable.CursorMoved) and message.table is self.table

        @property
        def control(self) -> LineTable[Any]:
            """The table, so that handlers can name it."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        draw: Callable[[Row], Sequence[Content]],
        *,
        key: Callable[[Row], object] | None = None,
        title: str = "",
        empty: str = "",
        header: bool = True,
        always_marked: bool = False,
        id: str | None = None,  # noqa: A002  the toolkit's own name for it
    ) -> None:
        super().__init__(id=id, classes="-titled" if title else None)
        self.columns = tuple(columns)
        self._draw = draw
        self._key = key
        self.empty = empty
        self.header = header
        # Where keys act on the cursor's row without the focus, its sign never goes.
        self._idle_mark = "▏" if always_marked else " "
        self._rows: Sequence[Row] = ()
        if title:
            self.border_title = Content(_(title))

    # Rows.

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_at(self, index: int) -> Row | None:
        """Return the row at ``index``, or ``None`` when there is none (yet)."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.row_at(self.cursor)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on the row with the same key when it is still there."""
        before = self.current
        self._rows = rows
        if before is not None and self._key is not None:
            wanted = self._key(before)
            places = (place for place, row in enumerate(rows) if self._key(row) == wanted)
            self.cursor = next(places, min(self.cursor, max(0, len(rows) - 1)))
        else:
            self.cursor = min(self.cursor, max(0, len(rows) - 1))
        self.resized()

    def set_title(self, title: Content) -> None:
        """Change the title, for example to say how many rows there are."""
        self.border_title = title

    def resized(self) -> None:
        """The number of rows changed: measure and draw again."""
        lines = max(1, self.row_count) + (1 if self.header else 0)
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), lines)
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  the toolkit's signature
        """As tall as the rows, for tables with ``height: auto``."""
        return max(1, self.row_count) + (1 if self.header else 0)

    # Drawing.

    def on_resize(self) -> None:
        """Columns follow the width."""
        self.resized()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part: the header stays, rows scroll under it."""
        width = self.scrollable_content_region.width
        if self.header and y == 0:
            return self._strip(self._header_line(width), width, "line-table--header")
        if self.row_count == 0:
            first = 1 if self.header else 0
            words = Content(" " * GUTTER + _(self.empty)) if self.empty and y == first else Content("")
            return self._strip(words, width, "line-table--empty")
        index = self.scroll_offset.y + y - (1 if self.header else 0)
        if not 0 <= index < self.row_count:
            return self._strip(Content(""), width, "")
        return self._row_line(index, width)

    def _row_line(self, index: int, width: int) -> Strip:
        row = self.row_at(index)
        here = index == self.cursor
        sign = ("▌" if self.has_focus else self._idle_mark) if here else " "
        mark = Content.styled(sign, "$accent")
        cells = self._draw(row) if row is not None else [Content.styled("…", "$faint")]
        line = Content.assemble(mark, self._joined(cells, width))
        component = ("line-table--cursor" if self.has_focus else "line-table--idle") if here else ""
        return self._strip(line, width, component)

    def _header_line(self, width: int) -> Content:
        titles = [Content(_(column.title)) for column in self.columns]
        return Content.assemble(" " * GUTTER, self._joined(titles, width))

    def _joined(self, cells: Sequence[Content], width: int) -> Content:
        parts = [
            fit(cell, cells_wide, column.align)
            for column, cell, cells_wide in zip(self.columns, cells, self.widths(width), strict=False)
            if cells_wide
        ]
        return Content(" " * GAP).join(parts)

    def widths(self, width: int) -> list[int]:
        """Return each column's width in cells, 0 for one that is left out."""
        shown = [column.width if width >= column.from_width else 0 for column in self.columns]
        spare = width - GUTTER - sum(shown) - GAP * (sum(1 for wide in shown if wide) - 1)
        shares = sum(column.flex for column, wide in zip(self.columns, shown, strict=True) if wide)
        for place, column in enumerate(self.columns):
            if shares and column.flex and shown[place] and spare > 0:
                extra = spare * column.flex // shares
                shown[place] += extra
                spare, shares = spare - extra, shares - column.flex
        return shown

    def _strip(self, line: Content, width: int, component: str) -> Strip:
        style = self.visual_style
        if component:
            style = self.get_visual_style(component)
        return Strip(fit(line, width).render_segments(style), width)

    # Moving.

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self) -> None:
        """Bring the cursor into view and tell who listens."""
        self.refresh()
        self._scroll_to_cursor()
        self.post_message(self.CursorMoved(self))

    def _scroll_to_cursor(self) -> None:
        visible = self.scrollable_content_region.height - (1 if self.header else 0)
        top = self.scroll_offset.y
        if visible <= 0:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + visible:
            self.scroll_to(y=self.cursor - visible + 1, animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Move the cursor by ``step`` rows."""
        self.cursor += step

    def action_page(self, step: int) -> None:
        """Move the cursor by a screenful."""
        self.cursor += step * max(1, self.scrollable_content_region.height - 2)

    def action_go(self, index: int) -> None:
        """Move to the first row, or with -1 to the last."""
        self.cursor = index if index >= 0 else self.row_count - 1

    def action_select(self) -> None:
        """Choose the row under the cursor."""
        row = self.current
        if row is not None:
            self.post_message(self.Selected(self, row))

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """One click moves the cursor, another on the same row chooses it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = self.scroll_offset.y + offset.y - (1 if self.header else 0)
        if not 0 <= index < self.row_count:
            return
        if index == self.cursor and event.chain > 1:
            self.action_select()
        self.cursor = index
