"""The forced first change of a PIN that someone else chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.signin import Actor


class ChangePinDialog(DeskDialog["Actor | None"]):
    """Ask for a new PIN twice; returns the actor with the PIN changed."""

    TITLE = N_("Choose your own PIN")
    AUTO_FOCUS = "#first"

    def __init__(self, actor: Actor, old_pin: str) -> None:
        super().__init__()
        self._actor = actor
        self._old_pin = old_pin

    def compose_fields(self) -> ComposeResult:
        """Two fields that must agree."""
        yield Static(
            Content(_("This PIN was given to you by someone else. Choose one that only you know.")),
            classes="dialog--text",
        )
        yield Label(_("New PIN"))
        yield Input(id="first", password=True)
        yield Label(_("Once more"))
        yield Input(id="second", password=True)

    @on(Input.Submitted, "#second")
    def _second_given(self) -> None:
        from operations.signin import change_pin

        new = typed_twice(self, _("The two do not agree; type the new PIN again."))
        if new is not None:
            self.run_operation(
                change_pin, self._actor, self.desk.clock(), self._old_pin, new, then=self._changed
            )

    def _changed(self, actor: Actor) -> None:
        self.dismiss(actor)


def typed_twice(dialog: DeskDialog[Any], otherwise: str) -> str | None:
    """Return what stands in a dialog's fields ``#first`` and ``#second``; else say ``otherwise`` and begin again."""
    first, second = dialog.query_one("#first", Input), dialog.query_one("#second", Input)
    if first.value == second.value:
        return first.value
    dialog.set_problem(otherwise)
    second.clear()
    first.clear()
    first.focus()
    return None
