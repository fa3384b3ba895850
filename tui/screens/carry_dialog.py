"""Carrying an open item to the next shift (Art. 22): why, and what has to be done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


@dataclass(frozen=True, slots=True)
class Carry:
    """Why an item could not be finished, and the next step the next shift has to take."""

    reason: str
    next_step: str


class CarryDialog(FormDialog[Carry]):
    """Asks for both; neither may be empty."""

    def __init__(self, story: Content, before: Carry | None = None) -> None:
        before = before or Carry("", "")
        super().__init__(
            _("Carry to the next shift (Art. 22)"),
            story,
            [
                Field(
                    "reason",
                    _("Why it could not be finished"),
                    _("Write why it could not be finished."),
                    value=before.reason,
                ),
                Field(
                    "next_step",
                    _("Next step for the next shift"),
                    _("Write what the next shift has to do."),
                    value=before.next_step,
                ),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> Carry:
        """Reason and next step as written."""
        return Carry(values["reason"], values["next_step"])
