"""Who sees to an open item from now on (Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class OwnerDialog(FormDialog[str]):
    """Asks for the work number and returns it."""

    def __init__(self, story: Content, number: str) -> None:
        field = Field("number", _("Work number"), _("Give a work number."), value=number, longest=16)
        super().__init__(_("Who sees to this item?"), story, [field])

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """The work number as written."""
        return values["number"]
