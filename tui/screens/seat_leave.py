"""Leave to be away from one's seat (Art. 14): why, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from locales import _
from tui.cells import plain
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.today import SeatRow

USUAL_MINUTES = "15"


@dataclass(frozen=True, slots=True)
class SeatLeave:
    """What was granted."""

    reason: str
    minutes: int


class SeatLeaveDialog(FormDialog[SeatLeave]):
    """Reason and minutes for one person."""

    def __init__(self, seat: SeatRow) -> None:
        super().__init__(
            _("Leave the seat (Art. 14)"),
            plain(f"{seat.name}({seat.work_number})  {seat.seat}".rstrip(), "bold"),
            [
                Field("reason", _("Reason"), missing=_("A permit needs a reason.")),
                Field("minutes", _("Minutes"), missing=_("Say for how many minutes."), value=USUAL_MINUTES),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> SeatLeave:
        """Return the permit as asked for; raises :class:`ValueError` for minutes that are no number."""
        if not values["minutes"].isdecimal():
            raise ValueError(_("Minutes are a whole number, such as 15."))
        return SeatLeave(values["reason"], int(values["minutes"]))
