"""Scored lines: a number key gives points and goes on to the next line, so that a form is filled as fast as it is heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from locales import N_, _
from regulation.registers import RegisterField
from tui.cells import plain, spread
from tui.rows import article_name


class ScoreLines(Static, can_focus=True):
    """Keys 1 to 9 give so many points, 0 gives ten, x gives none, backspace takes them back."""

    DEFAULT_CSS = """
    ScoreLines { height: auto; padding: 0 1; }
    ScoreLines:focus { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"give({n})", show=False) for n in range(1, 10)),
        Binding("0", "give(10)", N_("0: ten points"), show=False),
        Binding("x", "give(0)", N_("x: none"), show=False),
        Binding("backspace", "clear", N_("take back"), show=False),
        Binding("up", "move(-1)", N_("up"), show=False),
        Binding("down", "move(1)", N_("down"), show=False),
    ]

    class Changed(Message):
        """Points were given or taken back."""

    class Filled(Message):
        """The last line that lacked points has some."""

    def __init__(self, lines: Sequence[RegisterField], *, id: str | None = None) -> None:  # noqa: A002  the toolkit's name
        super().__init__(id=id, markup=False)
        self._scored = tuple(lines)
        self._points: dict[str, int] = {}
        self._cursor = 0

    @property
    def points(self) -> Mapping[str, int]:
        """The points given so far, by the line's key."""
        return self._points

    def on_mount(self) -> None:
        """Draw empty lines."""
        self._draw()

    def on_focus(self) -> None:
        """Mark the line that takes the keys."""
        self._draw()

    def on_blur(self) -> None:
        """Take the mark away."""
        self._draw()

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Go to the line under the pointer."""
        self._cursor = min(max(0, event.y), len(self._scored) - 1)
        self._draw()

    def action_give(self, points: int) -> None:
        """Give points and go on to the next line without any; after the last one the form goes on."""
        self._points[self._scored[self._cursor].key] = points
        places = range(len(self._scored))
        ahead = [*places[self._cursor + 1 :], *places[: self._cursor]]
        open_lines = [place for place in ahead if self._scored[place].key not in self._points]
        self._cursor = open_lines[0] if open_lines else self._cursor
        self._draw()
        self.post_message(self.Changed())
        if not open_lines:
            self.post_message(self.Filled())

    def action_clear(self) -> None:
        """Take back the points of this line, or of the one before where it has none."""
        if self._scored[self._cursor].key not in self._points:
            self._cursor = max(0, self._cursor - 1)
        self._points.pop(self._scored[self._cursor].key, None)
        self._draw()
        self.post_message(self.Changed())

    def action_move(self, by: int) -> None:
        """Go up or down."""
        self._cursor = min(max(0, self._cursor + by), len(self._scored) - 1)
        self._draw()

    def _draw(self) -> None:
        width = max(1, self.content_size.width)
        self.update(Content("\n").join([self._line(place, width) for place in range(len(self._scored))]))

    def _line(self, place: int, width: int) -> Content:
        line = self._scored[place]
        here = self.has_focus and place == self._cursor
        points = self._points.get(line.key)
        shown = (
            Content.styled(" —", "$faint")
            if points is None
            else Content.styled(f"{points:>2}", "$accent bold")
        )
        mark = Content.styled("› " if here else "  ", "$accent bold")
        words = Content.assemble(
            mark,
            plain(_(line.label), "bold" if here else ""),
            "  ",
            plain(article_name(line.article), "$faint"),
        )
        return spread(words, shown, width)
