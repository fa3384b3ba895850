"""The handover as Today shows it: the countdown to the relief, and one line when something stands out (Art. 11, 21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.cells import countdown, elapsed, joined, plain
from tui.handover_text import Moment
from tui.widgets.handover_bands import shift_words

if TYPE_CHECKING:
    from operations.handover_now import HandoverNow
    from operations.today import TodayBoard

# Where the desk reminds of the handover, counted from the change of shifts: amber before it, red after it.
SOON, BRIEFLY_AFTER = timedelta(minutes=15), timedelta(minutes=10)


def relief_countdown(board: TodayBoard, now: datetime) -> Content:
    """The time until the relief is due, then until the shifts change: amber from a quarter of an hour before."""
    if board.relief_due_at is None:
        return Content("")
    changes_at = board.next_shift.starts_at if board.next_shift is not None else board.relief_due_at
    if now < changes_at - SOON:
        due = countdown(board.relief_due_at - now)
        return Content.assemble((_("relief due in") + " ", "$faint"), (due, "$info bold"))
    soon, until = (
        (_("relief due in"), board.relief_due_at)
        if now < board.relief_due_at
        else (_("shift changes in"), changes_at)
    )
    return Content.styled(f"! {soon} {countdown(until - now)}", "$attention bold")


def handover_line(state: HandoverNow | None, moment: Moment) -> Content:
    """What stands out about handovers, the gravest first; empty when nothing does."""
    if state is None:
        return Content("")
    parts = []
    if state.held_since is not None:
        text = _("handover held for {time}: {reason} (Art. 11)").format(
            time=elapsed(moment.now - state.held_since), reason=state.held_reason
        )
        parts.append(plain(f"■ {text}", "$attention bold"))
    if state.unsigned:
        parts.append(_unsigned(state, moment))
    elif state.started is not None:
        waits = _("the relief signs next") if state.signed_out else _("being handed over")
        parts.append(plain(f"· {shift_words(state.started)}: {waits}", "$info"))
    if state.owed is not None:
        text = _("{shift} waits for its counter-signature (Art. 21)").format(shift=shift_words(state.owed))
        parts.append(plain(f"! {text}", "$attention"))
    return joined(parts, "  ")


def _unsigned(state: HandoverNow, moment: Moment) -> Content:
    newest = state.unsigned[0]
    since = moment.now - newest.ends_at
    text = _("{shift} not handed over for {time} (Art. 21)").format(
        shift=shift_words(newest), time=elapsed(since)
    )
    if len(state.unsigned) > 1:
        text += _(" and {count} more").format(count=len(state.unsigned) - 1)
    return plain(f"✗ {text}", "$breach bold" if since >= BRIEFLY_AFTER else "$breach")
