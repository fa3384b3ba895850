"""Find people in the roster: a part of a name or of a work number."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class FindNameDialog(FormDialog[str]):
    """Dismisses with what was typed; nothing means everyone."""

    def __init__(self, before: str) -> None:
        field = Field("name", _("Name or work number"), value=before, longest=40)
        super().__init__(_("Find a name"), Content(_("A part is enough; empty shows everyone.")), [field])

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool]) -> str:
        """What was typed."""
        return values["name"]
