"""Whom an entry was told, now (Art. 11)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class TellDialog(FormDialog[str]):
    """Asks who was told and returns it."""

    def __init__(self, story: Content) -> None:
        field = Field("whom", _("Told whom"), _("Say who was told."), longest=60)
        super().__init__(_("Told just now (Art. 11)"), story, [field])

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Who was told, as written."""
        return values["whom"]
