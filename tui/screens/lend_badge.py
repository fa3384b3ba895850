"""Lend a temporary badge to someone who came without their own (Art. 20), and take one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog


@dataclass(frozen=True, slots=True)
class BadgeLent:
    """To whom, which badge (empty: the next free one), why, and for how many hours (``None``: the usual)."""

    work_number: str
    label: str
    reason: str
    hours: int | None


class LendBadgeDialog(FormDialog[BadgeLent]):
    """Work number, reason, hours."""

    def __init__(self) -> None:
        super().__init__(
            _("Lend a temporary badge (Art. 20)"),
            Content(_("It opens the door like the person's own until it is due; then it has to come back.")),
            [
                Field(
                    "number", _("Work number"), missing=_("Whose work number? A badge is lent to a person.")
                ),
                Field("reason", _("Reason"), missing=_("Say why, for example: own badge forgotten.")),
                Field("label", _("Badge (empty: the next free one)"), longest=16),
                Field("hours", _("Hours (empty: as the limit says)"), longest=3),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> BadgeLent:
        """Return the loan as asked for; raises :class:`ValueError` for hours that are no number."""
        if values["hours"] and not values["hours"].isdecimal():
            raise ValueError(_("Hours are a whole number, such as 14."))
        hours = int(values["hours"]) if values["hours"] else None
        return BadgeLent(values["number"], values["label"], values["reason"], hours)


class LostBadgeDialog(FormDialog[str]):
    """Whose badge is lost: it opens nothing from that moment on."""

    def __init__(self) -> None:
        super().__init__(
            _("Report a badge lost"),
            Content(_("The door refuses it at once, and the record says so. A new one is issued by day.")),
            [
                Field("number", _("Work number"), missing=_("Whose badge is lost?")),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the work number."""
        return values["number"]
