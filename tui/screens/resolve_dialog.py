"""Settling an open item (Art. 22): how did it end?"""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class ResolveDialog(FormDialog[str]):
    """Asks for the outcome of an item and returns it."""

    def __init__(self, story: Content) -> None:
        super().__init__(
            _("Resolve the item (Art. 22)"),
            story,
            [Field("outcome", _("How was it settled?"), _("Write how it was settled."))],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """The outcome as written."""
        return values["outcome"]
