"""A line the two leaders do not agree on (Art. 23): handled together, and reported to a leader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is disputed, and the leader it was reported to; empty while that is still to be done."""

    note: str
    reported_to: str


class DisputeDialog(FormDialog[Dispute]):
    """Asks for both. Without a leader's name the dispute is kept and goes on blocking the signatures."""

    def __init__(self, story: Content, before: Dispute) -> None:
        super().__init__(
            _("Dispute (Art. 23)"),
            story,
            [
                Field(
                    "note",
                    _("What is wrong, as both sides see it"),
                    _("Write what is disputed."),
                    value=before.note,
                ),
                Field(
                    "reported_to",
                    _("Reported to which leader"),
                    hint=_("name or work number; without it nobody can sign yet"),
                    value=before.reported_to,
                    longest=80,
                ),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> Dispute:
        """Note and leader as written."""
        return Dispute(values["note"], values["reported_to"])
