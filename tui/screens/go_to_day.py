"""Go to a day: a date, or a part of one, typed in a moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


class GoToDayDialog(FormDialog[date]):
    """Dismisses with the day; what is left out is taken from ``today``: ``15``, ``12-15``, ``2027-01-15``."""

    def __init__(self, today: date) -> None:
        field = Field("day", _("Date"), _("Which day?"), hint=f"{today:%Y-%m-%d}", longest=10)
        super().__init__(_("Go to a day"), Content(_("15, 12-15, or 2027-01-15")), [field])
        self._today = today

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool]) -> date:
        """Read the day."""
        return day_meant(values["day"], self._today)


def day_meant(text: str, today: date) -> date:
    """Return the day that ``text`` means. Raises :class:`ValueError` with words."""
    numbers = re.findall(r"\d+", text)
    left_out = [f"{today:%Y}", f"{today:%m}"][: max(0, 3 - len(numbers))]
    try:
        return date(*map(int, [*left_out, *numbers]))
    except (ValueError, TypeError) as error:
        raise ValueError(_("A date is written like 2026-11-23.")) from error
