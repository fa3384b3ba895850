"""Help for the screen one is on: what it is for, and every key that works there."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from locales import N_, _
from tui.cells import fit
from tui.screens.dialog import DeskDialog
from tui.widgets.key_line import key_name

KEY_WIDTH = 12
# The toolkit's own keys: everyone knows them, and their labels are English.
TOOLKIT_ACTIONS = (
    "scroll_",
    "page_",
    "cursor_",
    "delete_",
    "app.",
    "screen.",
    "help_quit",
    "copy",
    "command_palette_",
)


class HelpDialog(DeskDialog[None]):
    """``text`` is the screen's explanation; ``keys`` are pairs of key and label, both already in words."""

    TITLE = N_("Help")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "cancel", N_("back"), show=False)]

    def __init__(self, text: str, keys: list[tuple[str, str]]) -> None:
        super().__init__()
        self._text = text
        self._keys = keys

    def compose_fields(self) -> ComposeResult:
        """Show the text and the keys; long help scrolls."""
        lines = [
            Content.assemble(fit(Content.styled(key, "$accent bold"), KEY_WIDTH), label)
            for key, label in self._keys
        ]
        with VerticalScroll(classes="dialog--scroll"):
            yield Static(Content(_(self._text)), classes="dialog--text")
            yield Static(Content("\n").join(lines), classes="dialog--text")


def keys_of(screen: Screen[Any]) -> list[tuple[str, str]]:
    """Return every key that does something on ``screen`` with its translated label, each action once."""
    found: dict[str, tuple[list[str], str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        own = not binding.system and not binding.action.startswith(TOOLKIT_ACTIONS)
        if active.enabled and binding.description and own:
            names, _label = found.setdefault(binding.action, ([], binding.description))
            names.append(key_name(binding))
    shown = [active.binding.action for active in screen.active_bindings.values() if active.binding.show]
    order = sorted(found, key=lambda action: action not in shown)
    return [(" ".join(found[action][0]), _(found[action][1])) for action in order]
