"""The one-line footer: only keys that do something here, in the reader's language, also by mouse."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from locales import _

# Keys as they stand on the keyboard, where the toolkit's own name is longer.
KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "plus": "+",
    "minus": "-",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "tab": "Tab",
    "delete": "Del",
}
LAST_ACTIONS = ("command_palette", "screen_help")


def key_name(binding: Binding) -> str:
    """Return the key of ``binding`` as people call it."""
    name = binding.key_display or KEY_NAMES.get(binding.key, binding.key)
    return name.upper() if name[0] == "f" and name[1:].isdigit() else name


class KeyLine(Widget):
    """The keys of the screen it stands on; what does not fit the width is left to the help."""

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        padding: 0 1;
        color: $faint;
        background: $surface;
    }
    """
    ALLOW_SELECT = False

    def on_mount(self) -> None:
        """Follow the focus: another widget may bring other keys."""
        self.auto_links = False  # a key line full of underlines is hard to read
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def _bindings_updated(self, _screen: Screen[object]) -> None:
        if self.is_attached:
            self.refresh()

    def render(self) -> Content:
        """Draw as many keys as fit, the palette and the help always last."""
        bindings = self._shown()
        last = [self._key(binding) for binding in bindings if binding.action in LAST_ACTIONS]
        room = self.size.width - sum(part.cell_length + 2 for part in last)
        parts: list[Content] = []
        for binding in bindings:
            part = self._key(binding)
            if binding.action in LAST_ACTIONS or part.cell_length + 2 > room:
                continue
            room -= part.cell_length + 2
            parts.append(part)
        return Content("  ").join([*parts, *last])

    def _shown(self) -> list[Binding]:
        seen: dict[tuple[str, str], Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                seen.setdefault((active.binding.action, active.binding.description), active.binding)
        return list(seen.values())

    def _key(self, binding: Binding) -> Content:
        press = Style.from_meta({"@click": f"app.simulate_key('{binding.key}')"})
        label = _(binding.description)
        return Content.assemble((key_name(binding), "$accent bold"), f" {label}").stylize(press)
