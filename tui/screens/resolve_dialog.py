"""Settling an open item (Art. 22): how did it end, and is the user satisfied?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog, Tick


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an item ended; ``satisfied`` is the user's word, ``None`` where no user waits."""

    outcome: str
    satisfied: bool | None


class ResolveDialog(FormDialog[Resolution]):
    """Asks for the outcome of an item; for a complaint also whether the user is satisfied (Art. 9)."""

    def __init__(self, story: Content, *, complaint: bool = False) -> None:
        ticks = [Tick("satisfied", _("the user is satisfied (Art. 9); otherwise it stays open"))]
        super().__init__(
            _("Resolve the item (Art. 22)"),
            story,
            [
                *(ticks if complaint else []),
                Field("outcome", _("How was it settled?"), _("Write how it was settled.")),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> Resolution:
        """The outcome as written."""
        return Resolution(values["outcome"], ticks.get("satisfied"))
