"""Ask before something that cannot be taken back, and say what it will do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_
from tui.screens.dialog import DeskDialog


class ConfirmDialog(DeskDialog[bool]):
    """Yes or no; ``title`` and ``text`` are already translated and may hold people's words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "confirm", N_("yes, do it")),
        Binding("n", "cancel", N_("no"), show=False),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def title_text(self) -> Content:
        """Return the question."""
        return Content(self._title)

    def compose_fields(self) -> ComposeResult:
        """Say what will happen."""
        yield Static(Content(self._text), classes="dialog--text")

    def action_confirm(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Answer no."""
        self.dismiss(False)
