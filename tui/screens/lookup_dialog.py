"""Looking up what was recorded, as one types: a line, what narrows it, and rows that go on where a page ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from locales import N_, _
from settings import ZhibanError
from tui.cells import joined, plain
from tui.screens.desk import sentence
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import KEYS_BESIDE_TYPING, Column, LineTable

if TYPE_CHECKING:
    from operations.boundary import Actor

# So short that it follows the typing, so long that a fast typist asks once for a word and not for each letter.
PAUSE_SECONDS = 0.08
DAYS: tuple[tuple[int, str], ...] = (
    (0, N_("any day")),
    (1, N_("today")),
    (7, N_("7 days")),
    (31, N_("31 days")),
    (366, N_("a year")),
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, the newest first; ``more_before`` is where the next page begins, ``None`` at the end."""

    rows: tuple[Row, ...]
    more_before: Any


Question = Callable[["Actor", datetime, Any], Page[Row]]


class LookupDialog(DeskDialog[None], Generic[Row]):
    """Letters always go into the line, the arrows through the rows. A subclass says what is asked and what it shows."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = "lookup_dialog.tcss"
    AUTO_FOCUS = "#wanted"
    BINDINGS: ClassVar[list[BindingType]] = [
        *KEYS_BESIDE_TYPING,
    ]
    EXAMPLE: ClassVar[str] = ""
    EMPTY: ClassVar[str] = ""
    COLUMNS: ClassVar[tuple[Column, ...]] = ()

    class Found(Message):
        """A page has arrived; ``asked`` tells whether it is still wanted."""

        def __init__(self, asked: int, page: Page[Any] | None, error: ZhibanError | None = None) -> None:
            super().__init__()
            self.asked = asked
            self.page = page
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._days = 0
        self._page: Page[Row] = Page((), None)
        self._asked = 0
        self._pause: Timer | None = None

    # What a subclass says.

    def question(self) -> Question[Row]:
        """Return what asks for one page of what is wanted now (in a worker thread)."""
        raise NotImplementedError

    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """Return by what it is narrowed, and to what."""
        raise NotImplementedError

    def cells(self, row: Row) -> list[Content]:
        """Return a row of the table."""
        raise NotImplementedError

    def key(self, row: Row) -> Any:
        """Return by what a row is known again."""
        raise NotImplementedError

    def action_open(self) -> None:
        """Follow what is under the cursor."""
        raise NotImplementedError

    # The dialog.

    def compose_fields(self) -> ComposeResult:
        """The line, what it is narrowed to, the rows."""
        yield Input(placeholder=_(self.EXAMPLE), id="wanted")
        yield Static(id="narrowed")
        table: LineTable[Row] = LineTable(
            self.COLUMNS, self.cells, key=self.key, empty=self.EMPTY, id="records"
        )
        table.can_focus = False
        yield table

    def on_mount(self) -> None:
        """Show the newest until something is typed."""
        self.narrowed()

    @property
    def table(self) -> LineTable[Any]:
        """The rows that were found."""
        return self.query_one("#records", LineTable)

    @property
    def words(self) -> str:
        """What stands in the line."""
        return self.query_one("#wanted", Input).value

    @words.setter
    def words(self, text: str) -> None:
        self.query_one("#wanted", Input).value = text

    # Asking.

    @on(Input.Changed, "#wanted")
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._ask)

    def _ask(self, kept: Page[Row] | None = None) -> None:
        """Ask in a thread, after the rows that are ``kept``; an answer that comes after the next question is put aside."""
        self._asked += 1
        actor, now, asked, ask = self.desk.signed_in, self.desk.clock(), self._asked, self.question()
        rows, before = (kept.rows, kept.more_before) if kept else ((), None)
        # Until the answer is here nothing goes on: the end of the rows is that of another question.
        self._page = replace(self._page, more_before=None)

        def run() -> None:
            try:
                page = ask(actor, now, before)
            except ZhibanError as error:
                self.post_message(self.Found(asked, None, error))
            else:
                self.post_message(self.Found(asked, replace(page, rows=(*rows, *page.rows))))

        self.run_worker(run, thread=True, exclusive=True, group="search", exit_on_error=False)

    @on(Found)
    def _found(self, event: Found) -> None:
        event.stop()
        if event.asked != self._asked:
            return
        self.set_problem(sentence(event.error) if event.error else "")
        if event.page is not None:
            self._page = event.page
            self.show_rows()

    def show_rows(self) -> None:
        """Show the rows that were found."""
        self.table.set_rows(self._page.rows)

    # Moving and narrowing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is one line to fill in; Enter is never its next."""
        if action == "next_field":
            return False
        return super().check_action(action, parameters)

    def action_move(self, step: int) -> None:
        """Move through the rows without leaving the line; at their end more is asked for."""
        self.table.action_move(step)
        self._go_on()

    def action_page(self, step: int) -> None:
        """Move by a screenful."""
        self.table.action_page(step)
        self._go_on()

    def _go_on(self) -> None:
        if self._page.more_before is not None and self.table.cursor == self.table.row_count - 1:
            self._ask(self._page)

    def narrowed(self) -> None:
        """Say to what it is narrowed now, and ask."""
        shown = [
            Content.assemble((f"{label} ", "$faint"), plain(value, "$accent"))
            for label, value in self.narrowing()
        ]
        self.query_one("#narrowed", Static).update(joined(shown))
        self._ask()

    def action_next_days(self) -> None:
        """Only today, the last days, the last year; then all of them."""
        counts = [count for count, _label in DAYS]
        self._days = counts[(counts.index(self._days) + 1) % len(counts)]
        self.narrowed()

    def days_words(self) -> str:
        """Return how far back it goes, in words."""
        return next(_(label) for count, label in DAYS if count == self._days)

    def first_day(self) -> date | None:
        """Return the first day that is wanted, ``None`` for any."""
        today = self.desk.clock().astimezone(self.desk.zone).date()
        return today - timedelta(days=self._days - 1) if self._days else None

    @on(LineTable.Selected, "#records")
    def _clicked(self) -> None:
        self.action_open()
