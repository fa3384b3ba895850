"""A new open item: something this shift has begun and must settle or hand over (Art. 22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from textual.content import Content

from locales import _
from tui.screens.entry_dialog import time_given
from tui.screens.form_dialog import Field, FormDialog, Tick


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is open, whether it is a VIP's (Art. 10), and the instant it is due, if any."""

    title: str
    vip: bool
    due_at: datetime | None


class OpenItemDialog(FormDialog[NewItem]):
    """Asks for an item; a due time of day means the next time the clock shows it."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self._now, self._zone = now, zone
        super().__init__(
            _("New open item"),
            Content(_("What is not finished must be resolved or carried before the shift signs out.")),
            [
                Field("title", _("What is open"), _("Write what is open."), longest=200),
                Tick("vip", _("VIP: goes first (Art. 10)")),
                Field("due", _("Due at"), hint=_("HH:MM, may be left empty"), longest=5),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> NewItem:
        """The item with its due instant."""
        try:
            due_at = time_given(values["due"], self._now, self._zone, ahead=True)
        except ValueError:
            raise ValueError(_("Write the time as HH:MM, for example 07:30.")) from None
        return NewItem(values["title"], ticks["vip"], due_at)
