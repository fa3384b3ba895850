"""One line of Today that leads to the handover: by Enter, or a click. Not there while nothing stands out."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from locales import N_
from tui.cells import fit


class HandoverLine(Widget, can_focus=True):
    """Shows what it is told; posts :class:`Chosen`."""

    DEFAULT_CSS = """
    HandoverLine { height: 1; padding: 0 1; background: $panel; display: none; }
    HandoverLine.-said { display: block; }
    HandoverLine:focus { background: $cursor; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", N_("to the handover"))]

    class Chosen(Message):
        """Someone wants to go there."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._line = Content("")

    def say(self, line: Content) -> None:
        """Show ``line``; an empty one takes it away."""
        self._line = line
        self.set_class(bool(line), "-said")
        self.refresh()

    def render(self) -> Content:
        """As much as fits, and the key at the end."""
        key = Content.styled(" F5", "$accent bold")
        return Content.assemble(fit(self._line, max(0, self.size.width - key.cell_length)), key)

    def action_choose(self) -> None:
        """Go there."""
        self.post_message(self.Chosen())

    def on_click(self) -> None:
        """Go there."""
        self.action_choose()
