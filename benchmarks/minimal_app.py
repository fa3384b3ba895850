"""The smallest Textual application that fills a screen: the peer that the desk's start is measured beside."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Label

READY = "minimal-app-ready"


class MinimalApp(App[None]):
    """A header, one line, a footer."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Header()
        yield Label(READY)
        yield Footer()


if __name__ == "__main__":
    MinimalApp().run()
