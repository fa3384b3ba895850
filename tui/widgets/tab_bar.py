"""One line of tabs: which part of a narrow screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from locales import N_, _


class TabBar(Widget, can_focus=True):
    """Tabs are pairs of a name and a label (a message); a count may stand behind each."""

    DEFAULT_CSS = """
    TabBar { height: 1; padding: 0 1; color: $faint; background: $surface; }
    TabBar:focus { background: $cursor-idle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", N_("previous"), show=False),
        Binding("right", "step(1)", N_("next"), show=False),
    ]

    active: reactive[str] = reactive("")

    class Switched(Message):
        """Another tab is in front."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, tabs: Sequence[tuple[str, str]], *, id: str | None = None) -> None:  # noqa: A002  the toolkit's name
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self.auto_links = False
        self._counts: dict[str, int] = {}
        self.set_reactive(TabBar.active, self._tabs[0][0])

    def set_count(self, name: str, count: int) -> None:
        """Show how much is behind a tab."""
        self._counts[name] = count
        self.refresh()

    def render(self) -> Content:
        """Draw the tabs, the one in front marked by colour and by brackets.

        Where they do not all fit, the first ones go until the one in front shows.
        """
        tabs = [self._tab(name, label) for name, label in self._tabs]
        front = [name for name, _label in self._tabs].index(self.active)
        first, room = 0, self.content_size.width
        while room and first < front and self._reaches(tabs, first, front) > room:
            first += 1
        cut = [Content.styled("…", "$faint")] if first else []
        return Content(" ").join([*cut, *tabs[first:]])

    @staticmethod
    def _reaches(tabs: Sequence[Content], first: int, front: int) -> int:
        """How many cells the tabs from ``first`` to the one in front take, with the mark of those left out."""
        return sum(tab.cell_length + 1 for tab in tabs[first : front + 1]) + (2 if first else 0) - 1

    def _tab(self, name: str, label: str) -> Content:
        count = f" {self._counts[name]}" if name in self._counts else ""
        words = f"{_(label)}{count}"
        front = name == self.active
        part = Content.styled(f"‹{words}›" if front else f" {words} ", "$accent bold" if front else "$faint")
        return part.stylize(Style.from_meta({"@click": f"show('{name}')"}))

    def action_show(self, name: str) -> None:
        """Bring a tab to the front."""
        self.active = name

    def action_step(self, step: int) -> None:
        """Go to the next or the previous tab."""
        names = [name for name, _label in self._tabs]
        self.active = names[(names.index(self.active) + step) % len(names)]

    def watch_active(self, name: str) -> None:
        """Tell the screen."""
        self.post_message(self.Switched(name))
