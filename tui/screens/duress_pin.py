"""One's own PIN for the hour of need: at the door it works like the other, and the desk hears of it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.screens.change_pin import typed_twice
from tui.screens.dialog import DeskDialog


class DuressPinDialog(DeskDialog[bool]):
    """Asks for the PIN and a second one; returns whether it was kept."""

    TITLE = N_("PIN under threat")
    AUTO_FOCUS = "#pin"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"), priority=True)]

    def compose_fields(self) -> ComposeResult:
        """The explanation and three fields."""
        yield Static(
            Content(
                _(
                    "If someone forces you to approve a visitor at the door, give this PIN instead of yours. The "
                    "door does the same as ever, and the desk is warned in silence. Leave it empty to have none."
                )
            ),
            classes="dialog--text",
        )
        yield Label(_("Your PIN"))
        yield Input(id="pin", password=True)
        yield Label(_("PIN under threat"))
        yield Input(id="first", password=True)
        yield Label(_("Once more"))
        yield Input(id="second", password=True)

    @on(Input.Submitted, "#second")
    def action_accept(self) -> None:
        """Keep it when both agree."""
        from operations.signin import set_duress_pin

        pin = self.query_one("#pin", Input).value
        second = typed_twice(self, _("The two do not agree; type it again."))
        if second is not None:
            actor, now = self.desk.signed_in, self.desk.clock()
            self.run_operation(set_duress_pin, actor, now, pin, second, then=self._kept)

    def _kept(self, _result: object) -> None:
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(False)
