"""Set several lines of the joint check in order at once: says which, and asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.handover import AREA_NAMES, Area
from tui.handover_text import area_of, line_label
from tui.screens.dialog import DeskDialog
from tui.widgets.fitted import FittedLines

if TYPE_CHECKING:
    from operations.handover import LineRow

ALL = "all"


class AllInOrderDialog(DeskDialog["Area | str | None"]):
    """Dismisses with an area, with :data:`ALL`, or with ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter,a", "answer('all')", N_("all of them")),
        Binding("t", "answer('area')", N_("only this area")),
        Binding("n", "cancel", N_("no"), show=False),
        Binding("escape", "cancel", N_("back")),
    ]

    def __init__(self, left: Sequence[LineRow], here: Area | None) -> None:
        super().__init__()
        self._left = tuple(left)
        self._here = here

    def title_text(self) -> Content:
        """How many lines it is about."""
        return Content(_("Both have looked: set {count} lines in order?").format(count=len(self._left)))

    def compose_fields(self) -> ComposeResult:
        """The lines themselves: nobody confirms what is not in sight."""
        with VerticalScroll(classes="dialog--scroll"):
            yield FittedLines(id="lines")
        text = _("What is checked or disputed already stays as it is.")
        if (words := self._area_words()) is not None:
            text += " " + words
        yield Static(Content.styled(text, "$faint"), classes="dialog--text")

    def on_mount(self) -> None:
        """List the lines."""
        lines = Content("\n").join(
            Content.assemble(("○ ", "$attention"), (f"{area_of(line)}  ", "$faint"), line_label(line))
            for line in self._left
        )
        self.query_one("#lines", FittedLines).show_lines(lambda _width: lines)

    def _area_words(self) -> str | None:
        if self._here is None:
            return None
        count = sum(line.area is self._here for line in self._left)
        if not count or count == len(self._left):
            return None
        return _("t: only {area} ({count}).").format(area=_(AREA_NAMES[self._here]), count=count)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The area alone is offered where it is not everything."""
        if action == "answer" and parameters == ("area",):
            return self._area_words() is not None
        return super().check_action(action, parameters)

    def action_answer(self, answer: str) -> None:
        """Leave with what was chosen."""
        self.dismiss(self._here if answer == "area" else ALL)
