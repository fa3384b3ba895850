"""For whom a leader acts in a swap (Art. 38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.people import PersonRow


def found_person(people: Sequence[PersonRow], text: str) -> PersonRow:
    """Return who is meant by a work number or a name. Raises :class:`ValueError` with words for nobody or several."""
    text = text.strip()
    exact = [row for row in people if text in (row.work_number, row.name)]
    found = exact or [
        row for row in people if text and (text in row.name or row.work_number.startswith(text))
    ]
    if not found:
        raise ValueError(_("Nobody is called that here."))
    if len(found) > 1:
        names = ", ".join(f"{row.name}({row.work_number})" for row in found[:4])
        raise ValueError(_("Who of them: {names}?").format(names=names))
    return found[0]


class SwapPersonDialog(FormDialog["PersonRow"]):
    """Asks for a work number or a name."""

    def __init__(self, people: Sequence[PersonRow], own_number: str) -> None:
        self._people = people
        super().__init__(
            _("Act for someone absent (Art. 38)"),
            Content(_("What you ask for then is on record as asked by you, with the reason.")),
            [
                Field(
                    "who",
                    _("Work number or name (your own: for yourself)"),
                    _("Whose work number?"),
                    value="",
                    hint=own_number,
                    longest=40,
                )
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> PersonRow:
        """The person who is meant."""
        return found_person(self._people, values["who"])
