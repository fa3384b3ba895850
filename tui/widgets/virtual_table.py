"""A table over rows that stay in the database: only the pages that show are asked for, in a worker thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from textual import on
from textual.content import Content
from textual.message import Message

from settings import ZhibanError
from tui.widgets.line_table import Column, LineTable

Row = TypeVar("Row")

PAGE_ROWS = 100
KEPT_PAGES = 40

Fetch = Callable[[int, int], tuple[int, Sequence[Row]]]


class VirtualTable(LineTable[Row], Generic[Row]):
    """Rows by page: ``fetch(offset, limit)`` runs in a thread and returns the total and the rows, newest first.

    A row that has not arrived yet shows as ``…``. Rows that are added at the top while someone reads further
    down do not move what is being read.
    """

    class PageArrived(Message):
        """A page was read; ``generation`` tells whether it is still wanted."""

        def __init__(self, generation: int, page: int, total: int, rows: Sequence[Any]) -> None:
            super().__init__()
            self.generation = generation
            self.page = page
            self.total = total
            self.rows = rows

    class PageRefused(Message):
        """A page could not be read."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        columns: Sequence[Column],
        draw: Callable[[Row], Sequence[Content]],
        *,
        title: str = "",
        empty: str = "",
        id: str | None = None,  # noqa: A002  the toolkit's own name for it
    ) -> None:
        super().__init__(columns, draw, title=title, empty=empty, id=id)
        self._fetch: Fetch[Row] | None = None
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._total = 0
        self._generation = 0
        self._pages_generation = 0
        self._fetching = False
        self._wanted: list[int] = []

    @property
    def row_count(self) -> int:
        """How many rows the database holds."""
        return self._total

    def set_source(self, fetch: Fetch[Row]) -> None:
        """Show other rows, from the top: a filter changed."""
        self._fetch = fetch
        self._forget()
        self._total = 0
        self.cursor = 0
        self.scroll_to(y=0, animate=False)
        self._want(0)

    def reload(self) -> None:
        """Ask again for what shows; the old rows stay until the new ones arrive."""
        if self._fetch is None:
            return
        self._generation += 1
        self._wanted = []
        self._want(self.scroll_offset.y // PAGE_ROWS)

    def row_at(self, index: int) -> Row | None:
        """Return the row, or ask for its page and return ``None`` until it is here."""
        if not 0 <= index < self._total:
            return None
        page, place = divmod(index, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def _forget(self) -> None:
        self._generation += 1
        self._pages.clear()
        self._wanted = []

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.append(page)
        self._fetch_next()

    def _fetch_next(self) -> None:
        # The page asked for last is the one someone looks at now.
        if self._fetching or not self._wanted or self._fetch is None:
            return
        page, fetch, generation = self._wanted.pop(), self._fetch, self._generation
        self._fetching = True

        def run() -> None:
            try:
                # Two pages: a screenful that begins in one may end in the next.
                total, rows = fetch(page * PAGE_ROWS, 2 * PAGE_ROWS)
            except ZhibanError as error:
                self.post_message(self.PageRefused(error))
            else:
                self.post_message(self.PageArrived(generation, page, total, rows))

        self.screen.run_worker(run, thread=True, group="page", exit_on_error=False)

    @on(PageArrived)
    def _page_arrived(self, event: PageArrived) -> None:
        event.stop()
        self._fetching = False
        if event.generation == self._generation:
            self._take(event)
        self._fetch_next()

    def _take(self, event: PageArrived) -> None:
        grown = event.total - self._total
        if event.generation != self._pages_generation or (grown and self._total):
            # Pages are numbered from the top: after news, or once rows were added there, the kept ones are wrong.
            self._pages.clear()
            self._pages_generation = event.generation
        reading_below = self._total > 0 and grown > 0 and self.scroll_offset.y > 0
        self._total = event.total
        self._pages[event.page] = event.rows[:PAGE_ROWS]
        if len(event.rows) > PAGE_ROWS:
            self._pages[event.page + 1] = event.rows[PAGE_ROWS:]
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        self.resized()
        if reading_below:
            self.scroll_to(y=self.scroll_offset.y + grown, animate=False, force=True)
            self.cursor += grown
        else:
            self.cursor = self.validate_cursor(self.cursor)
            self.post_message(self.CursorMoved(self))

    @on(PageRefused)
    def _page_refused(self) -> None:
        # The screen hears it too (the message bubbles) and says so in its own line.
        self._fetching = False
        self._wanted = []
