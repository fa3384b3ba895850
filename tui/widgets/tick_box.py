"""A box to tick that shows its state by a sign, not by colour alone."""

from __future__ import annotations

from textual.widgets import Checkbox


class TickBox(Checkbox):
    """``✓`` when ticked, empty when not."""

    DEFAULT_CSS = """
    TickBox { width: auto; background: transparent; margin-right: 4; }
    TickBox > .toggle--button { background: $rule; color: $text; }
    TickBox.-on > .toggle--button { background: $rule; color: $ok; }
    """

    def on_mount(self) -> None:
        """Draw the state it starts with."""
        self._draw()

    def watch_value(self) -> None:
        """Draw the new state and tell who listens."""
        self._draw()
        super().watch_value()

    def _draw(self) -> None:
        self.BUTTON_INNER = "✓" if self.value else " "
        self.refresh()
