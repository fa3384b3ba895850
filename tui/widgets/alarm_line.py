"""One red line under the modes while an alarm of a door waits for someone to see to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from locales import _
from tui import rows
from tui.cells import clock_time, plain

if TYPE_CHECKING:
    from operations.alarms import AlarmRow
    from tui.app import DeskApp


class AlarmLine(Widget):
    """The gravest alarm, how many there are, and the key that opens them; takes no room while there is none."""

    DEFAULT_CSS = """
    AlarmLine {
        height: 1;
        padding: 0 1;
        background: $breach;
        color: $background;
        text-style: bold;
        display: none;
    }
    """

    def on_mount(self) -> None:
        """Follow the board."""
        self.auto_links = False
        self.watch(self.app, "board", self._news)

    def _news(self) -> None:
        self.display = bool(self._alarms())
        self.refresh()

    def _alarms(self) -> tuple[AlarmRow, ...]:
        board = cast("DeskApp", self.app).board
        return rows.gravest_first(board.alarms) if board is not None else ()

    def render(self) -> Content:
        """Draw it; the line is also a button."""
        alarms = self._alarms()
        if not alarms:
            return Content("")
        zone = cast("DeskApp", self.app).zone
        first = alarms[0]
        what = " ".join(
            part for part in ("✗", clock_time(first.at, zone), first.door, rows.alarm_words(first)) if part
        )
        more = _("and {count} more").format(count=len(alarms) - 1) if len(alarms) > 1 else ""
        key = _("k: see to it")
        parts = [plain(what), plain(more), plain(key)]
        line = Content("   ").join([part for part in parts if part])
        return line.stylize(Style.from_meta({"@click": "screen.show_alarms"}))
