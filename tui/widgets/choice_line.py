"""A choice from a short list, all of it in sight: arrows choose, and so does the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from locales import N_, _


class ChoiceLine(Static, can_focus=True):
    """Options are pairs of a code and a label (a message); :attr:`value` is the code chosen."""

    DEFAULT_CSS = """
    ChoiceLine { height: auto; padding: 0 1; background: $panel; }
    ChoiceLine:focus { background: $cursor-idle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", N_("previous"), show=False),
        Binding("right,space", "step(1)", N_("next"), show=False),
    ]

    value: reactive[str] = reactive("")

    def __init__(self, options: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None) -> None:  # noqa: A002  the toolkit's name
        super().__init__(id=id)
        self.auto_links = False
        self._options = tuple(options)
        self.set_reactive(ChoiceLine.value, value or self._options[0][0])

    def on_resize(self) -> None:
        """Options break over lines, never inside one."""
        self.watch_value()

    def watch_value(self) -> None:
        """Draw the options with the chosen one marked."""
        lines: list[list[Content]] = [[]]
        room = width = max(1, self.content_size.width)
        for code, label in self._options:
            option = self._option(code, label)
            if option.cell_length > room and lines[-1]:
                lines.append([])
                room = width
            lines[-1].append(option)
            room -= option.cell_length + 1
        self.update(Content("\n").join([Content(" ").join(line) for line in lines]))

    def _option(self, code: str, label: str) -> Content:
        chosen = code == self.value
        words = f"‹{_(label)}›" if chosen else f" {_(label)} "
        part = Content.styled(words, "$accent bold" if chosen else "$faint")
        return part.stylize(Style.from_meta({"@click": f"choose('{code}')"}))

    def action_choose(self, code: str) -> None:
        """Choose by mouse."""
        self.value = code

    def action_step(self, step: int) -> None:
        """Choose the next or the previous option."""
        codes = [code for code, _label in self._options]
        self.value = codes[(codes.index(self.value) + step) % len(codes)]
