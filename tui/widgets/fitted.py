"""Lines that are made for exactly the width they are shown in, and made again when it changes."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

NARROWEST = 20


class FittedLines(Widget):
    """Shows what ``build`` returns for the widget's width; its height follows the lines."""

    DEFAULT_CSS = """
    FittedLines { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._build: Callable[[int], Content] = lambda _width: Content("")

    def show_lines(self, build: Callable[[int], Content]) -> None:
        """Show ``build(width)`` from now on."""
        self._build = build
        self.refresh(layout=True)

    def render(self) -> Content:
        """The lines for the width there is."""
        return self._build(max(NARROWEST, self.size.width))
