"""A limit's own value at this centre, from a civil day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.system_view import LimitRow


@dataclass(frozen=True, slots=True)
class LimitGiven:
    """The value, and the civil day from which it counts."""

    value: int
    effective_from: date


class LimitDialog(FormDialog[LimitGiven]):
    """Value and day; the bounds stand above them."""

    def __init__(self, row: LimitRow, today: date) -> None:
        known = row.definition
        bounds = _("{lowest} to {highest} {unit}; {value} unless the centre says otherwise.").format(
            lowest=known.lowest, highest=known.highest, unit=_(known.unit), value=known.value
        )
        article = _(" (Art. {article})").format(article=known.article) if known.article else ""
        super().__init__(
            _(known.label) + article,
            Content(bounds),
            [
                Field("value", _("Value"), missing=_("Which value?"), value=str(row.value), longest=9),
                Field("from", _("From (YYYY-MM-DD)"), value=today.isoformat(), missing=_("From which day?")),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> LimitGiven:
        """Return it; raises :class:`ValueError` for what is no number or no day."""
        if not values["value"].isdecimal():
            raise ValueError(_("A limit is a whole number."))
        try:
            day = date.fromisoformat(values["from"])
        except ValueError:
            raise ValueError(_("A day is written like 2026-11-30.")) from None
        return LimitGiven(int(values["value"]), day)
