"""A digest as it stands on signed paper (Art. 33)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class DigestDialog(FormDialog[str]):
    """At least eight of its digits."""

    def __init__(self) -> None:
        story = Content(_("Type it as it stands at the foot of the page."))
        field = Field("digest", _("Printed digest"), missing=_("Which digest?"), longest=100)
        super().__init__(_("Look for a printed digest (Art. 33)"), story, [field])

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return it as it was typed."""
        return values["digest"]
