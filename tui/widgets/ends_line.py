"""One line with something at both ends; when room is short the left end is said more briefly."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui.cells import spread


class EndsLine(Widget):
    """``left`` holds ways to say the left end, the fullest first."""

    DEFAULT_CSS = """
    EndsLine { height: 1; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  the toolkit's name
        super().__init__(id=id)
        self._left: tuple[Content, ...] = (Content(""),)
        self._right = Content("")

    def set_ends(self, *left: Content, right: Content) -> None:
        """Say something else."""
        self._left = left
        self._right = right
        self.refresh()

    def render(self) -> Content:
        """Take the fullest left end that fits."""
        room = self.size.width - self._right.cell_length - 1
        left = next((way for way in self._left if way.cell_length <= room), self._left[-1])
        return spread(left, self._right, self.size.width)
