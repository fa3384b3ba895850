"""Several choices from a short list, all of it in sight: arrows go along it, a blank ticks, and so does the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from locales import N_, _


class ToggleLine(Static, can_focus=True):
    """Options are pairs of a code and a label (a message); :attr:`value` holds the codes that are ticked, by commas."""

    DEFAULT_CSS = """
    ToggleLine { height: auto; padding: 0 1; background: $panel; }
    ToggleLine:focus { background: $cursor-idle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", N_("previous"), show=False),
        Binding("right", "step(1)", N_("next"), show=False),
        Binding("space", "tick_here", N_("tick")),
    ]

    value: reactive[str] = reactive("")
    place: reactive[int] = reactive(0)

    def __init__(self, options: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None) -> None:  # noqa: A002  the toolkit's name
        super().__init__(id=id)
        self.auto_links = False
        self._options = tuple(options)
        self.set_reactive(ToggleLine.value, value)

    def on_resize(self) -> None:
        """Options break over lines, never inside one."""
        self._draw()

    def on_focus(self) -> None:
        """Show where a blank ticks."""
        self._draw()

    def on_blur(self) -> None:
        """Nothing ticks here now."""
        self._draw()

    def watch_value(self) -> None:
        """Draw what is ticked."""
        self._draw()

    def watch_place(self) -> None:
        """Draw where a blank ticks."""
        self._draw()

    def _draw(self) -> None:
        lines: list[list[Content]] = [[]]
        room = width = max(1, self.content_size.width)
        for place in range(len(self._options)):
            option = self._option(place)
            if option.cell_length > room and lines[-1]:
                lines.append([])
                room = width
            lines[-1].append(option)
            room -= option.cell_length + 1
        self.update(Content("\n").join([Content(" ").join(line) for line in lines]))

    def _option(self, place: int) -> Content:
        code, label = self._options[place]
        ticked, here = code in self._ticked(), self.has_focus and place == self.place
        words = f"{'✓' if ticked else '·'} {_(label)}"
        words = f"‹{words}›" if here else f" {words} "
        part = Content.styled(words, "$accent bold" if ticked else "$faint")
        return part.stylize(Style.from_meta({"@click": f"tick({place})"}))

    def _ticked(self) -> list[str]:
        return [code for code in self.value.split(",") if code]

    def action_step(self, step: int) -> None:
        """Go to the next or the previous option."""
        self.place = (self.place + step) % len(self._options)

    def action_tick_here(self) -> None:
        """Tick, or take the tick back."""
        self.action_tick(self.place)

    def action_tick(self, place: int) -> None:
        """Tick by mouse."""
        self.place = place
        code, ticked = self._options[place][0], self._ticked()
        ticked = [one for one in ticked if one != code] if code in ticked else [*ticked, code]
        self.value = ",".join(option for option, _label in self._options if option in ticked)
