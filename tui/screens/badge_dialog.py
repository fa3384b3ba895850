"""A badge that is registered: somebody's own, or one kept at the door (Art. 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from locales import _
from regulation.records import BadgeKind
from tui.screens.form_dialog import Field, FormDialog, Tick


@dataclass(frozen=True, slots=True)
class BadgeGiven:
    """A badge's id as the reader reads it, and whose it is or what it is for."""

    badge: str
    work_number: str
    label: str
    kind: BadgeKind | None


class BadgeDialog(FormDialog[BadgeGiven]):
    """Its id, and a work number or a label."""

    def __init__(self) -> None:
        story = Content(
            _("Hold it to a reader at the desk, or type its id. A work number makes it that person's own; without one it is kept at the door under its label.")
        )  # fmt: skip
        super().__init__(
            _("Register a badge (Art. 20)"),
            story,
            [
                Field("badge", _("Badge id"), missing=_("The badge id is empty."), longest=64),
                Field("number", _("Work number (empty: kept at the door)"), longest=16),
                Field("label", _("Label printed on it"), longest=16),
                Tick("temporary", _("lent to people of the centre, not to visitors")),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> BadgeGiven:
        """Return the badge."""
        kind = BadgeKind.TEMPORARY if ticks["temporary"] else None
        return BadgeGiven(values["badge"], values["number"], values["label"], kind)
