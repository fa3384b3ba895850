"""Put a number into the confidential directory (Art. 28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.screens.entry_dialog import readers_given
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.directory import NewNumber


class NewNumberDialog(FormDialog["NewNumber"]):
    """Name, number, note, and who may read it; the number shows dots while it is typed."""

    def __init__(self) -> None:
        super().__init__(
            _("New confidential number (Art. 28)"),
            Content(_("The number and the note are kept under the cipher; everyone sees the mask.")),
            [
                Field(
                    "name", _("Whose number, or what for"), missing=_("Say whose number it is."), longest=80
                ),
                Field("number", _("Number"), missing=_("Type the number."), longest=64, secret=True),
                Field("note", _("Note (confidential)"), longest=500),
                Field("readers", _("Readers: roles and work numbers (empty: the leaders)"), longest=120),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> NewNumber:
        """Return the number as it was given."""
        from operations.directory import NewNumber

        roles, people = readers_given(values["readers"])
        return NewNumber(values["name"], values["number"], values["note"], roles, people)
