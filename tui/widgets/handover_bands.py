"""Bands over the handover: a hold that lasts, older shifts nobody sealed, a signature that is still owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from locales import _
from tui.cells import elapsed, fit, plain
from tui.handover_text import Moment
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.duties import ShiftRow
    from operations.handover_view import HandoverView


class HandoverBands(Widget):
    """Nothing when nothing stands out of the way; a click goes to what waits."""

    DEFAULT_CSS = """
    HandoverBands { height: auto; display: none; }
    HandoverBands.-said { display: block; }
    """

    class Pressed(Message):
        """Someone clicked: the hold's band or that of what waits elsewhere."""

        def __init__(self, held: bool) -> None:
            super().__init__()
            self.held = held

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._lines: list[tuple[Content, bool]] = []

    def show_view(self, view: HandoverView | None, moment: Moment, *, elsewhere: bool) -> None:
        """Say what stands out; ``elsewhere``: what is shown is not the shift that is handed over now."""
        self._lines = _bands(view, moment, elsewhere=elsewhere) if view is not None else []
        self.set_class(bool(self._lines), "-said")
        self.refresh(layout=True)

    def render(self) -> Content:
        """One line each, over the whole width."""
        width = self.size.width
        return Content("\n").join(
            fit(line, width).stylize("$background on $attention" if held else "on $panel")
            for line, held in self._lines
        )

    def on_click(self, event: events.Click) -> None:
        """Tell which band it was."""
        if event.y < len(self._lines):
            self.post_message(self.Pressed(self._lines[event.y][1]))


def shift_words(shift: ShiftRow) -> str:
    """A shift in words: date, name, team."""
    team = _("team {team}").format(team=shift.team) if shift.team else ""
    return f"{shift.date:%m-%d} {language_name(shift.name, shift.name_en)} {team}".rstrip()


def _bands(view: HandoverView, moment: Moment, *, elsewhere: bool) -> list[tuple[Content, bool]]:
    found: list[tuple[Content, bool]] = []
    if (hold := view.held) is not None:
        text = _("HELD {lasts} since {time} (Art. 11), w lifts it: {reason}. {who}").format(
            time=moment.text(hold.held_at),
            lasts=elapsed(moment.now - hold.held_at),
            reason=hold.reason,
            who=hold.held_by,
        )
        found.append((plain(f" ■ {text}"), True))
    if elsewhere:
        text = _("You look at {shift}. Esc goes back to the running shift.").format(
            shift=shift_words(view.log.shift)
        )
        found.append((Content.styled(f" · {text}", "$info"), False))
    waiting = [shift for shift in view.pending if shift.log_id != view.log.id]
    if waiting:
        text = _("Not handed over yet: {shift}").format(shift=shift_words(waiting[0]))
        more = _(" and {count} more").format(count=len(waiting) - 1) if len(waiting) > 1 else ""
        found.append((_go(text + more + _(" (Art. 21). u goes there.")), False))
    owed = view.counter_sign
    if owed is not None and owed.handover_id != view.handover_id:
        text = _(
            "{shift} was closed alone by {who} and waits for its counter-signature (Art. 21). u goes there."
        )
        found.append((_go(text.format(shift=shift_words(owed.shift), who=owed.closed_by)), False))
    return found


def _go(text: str) -> Content:
    return Content.assemble((" ! ", "$attention bold"), plain(text, "$attention"))
