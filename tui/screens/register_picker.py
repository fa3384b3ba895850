"""Choose a register from a list, where the shelf does not stand beside the records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from locales import N_
from tui.register_lines import book_cells
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.register_views import RegisterBook


class RegisterPicker(DeskDialog["RegisterBook | None"]):
    """Enter opens the register under the cursor."""

    TITLE = N_("Registers")
    CSS_PATH = "register_picker.tcss"
    AUTO_FOCUS = "#books"

    def __init__(self, books: Sequence[RegisterBook], chosen: str) -> None:
        super().__init__()
        self._books = books
        self._chosen = chosen

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Register"), 20, flex=1),
                Column(N_("overdue"), 7, align="right"),
                Column(N_("waiting"), 7, align="right"),
            ),
            book_cells,
            empty=N_("No register is open to you."),
            id="books",
        )

    def on_mount(self) -> None:
        """Begin on the register that is open."""
        table: LineTable[RegisterBook] = self.query_one(LineTable)
        table.set_rows(self._books)
        table.cursor = next((n for n, book in enumerate(self._books) if book.register.key == self._chosen), 0)

    @on(LineTable.Selected)
    def _take(self, event: LineTable.Selected) -> None:
        self.dismiss(event.row)
