"""Say who is not inside although the door's records say so, or who answers for a visitor from now on (Art. 20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.cells import plain
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.door import InsideRow


class NotInsideDialog(FormDialog[str]):
    """The reason for marking someone as not inside."""

    def __init__(self, row: InsideRow) -> None:
        story = Content.assemble(
            plain(row.name, "bold"),
            "  ",
            _("Look first: whoever is marked as gone is missing from the muster list."),
        )
        super().__init__(
            _("Mark as not inside"),
            story,
            [Field("reason", _("How do you know? (goes into the record)"), missing=_("Say how you know."))],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the reason."""
        return values["reason"]


class NewEscortDialog(FormDialog[str]):
    """Who answers for a visitor from now on."""

    def __init__(self, row: InsideRow) -> None:
        now_with = _("with {name}").format(name=row.escort) if row.escort else _("without an escort")
        super().__init__(
            _("Another escort (Art. 20)"),
            Content.assemble(plain(row.name, "bold"), "  ", plain(now_with)),
            [
                Field(
                    "number",
                    _("The new escort's work number (on duty and inside)"),
                    missing=_("A visitor is never inside without an escort."),
                )
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the work number."""
        return values["number"]
