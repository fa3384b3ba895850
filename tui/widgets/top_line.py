"""The desk's two top lines: where we are, who leads, is everything alive, what time it is; and the modes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from locales import _, language
from tui.cells import cut, harmless, plain
from tui.modes import DESK_MODES, Mode

if TYPE_CHECKING:
    from operations.duties import ShiftRow
    from operations.today import TodayBoard
    from tui.app import DeskApp


def shift_name(shift: ShiftRow) -> str:
    """Return the shift's name in the reader's language."""
    return harmless(shift.name if language() == "zh_CN" else shift.name_en or shift.name)


class TopLine(Widget):
    """Centre, shift, team and leader on the left; door and database health and the clock on the right."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        padding: 0 1;
        background: $surface;
        color: $text;
    }
    """

    def on_mount(self) -> None:
        """Follow the board, the database and the clock."""
        for name in ("now", "board", "database_trouble"):
            self.watch(self.app, name, self._news)

    def _news(self) -> None:
        if self.screen.is_current:
            self.refresh()

    def render(self) -> Content:
        """Fit both ends into the width: the date goes first, then the leader, then the shift."""
        desk = cast("DeskApp", self.app)
        width = self.size.width
        health = self._health(desk)
        clocks = (self._clock(desk.now, "%Y-%m-%d %H:%M:%S"), self._clock(desk.now, "%H:%M:%S"))
        for parts in self._variants(desk):
            left = Content("   ").join(parts)
            for clock in clocks:
                right = Content.assemble(health, "   ", clock)
                spare = width - left.cell_length - right.cell_length
                if spare >= 2:
                    return Content.assemble(left, " " * spare, right)
        right = Content.assemble(health, "  ", clocks[-1])
        room = max(0, width - right.cell_length - 2)
        centre = cut(harmless(desk.centre_name), room)
        return Content.assemble((centre, "bold"), "  ", right)

    def _variants(self, desk: DeskApp) -> list[list[Content]]:
        """What the left end may say, from everything to almost nothing."""
        centre = Content.assemble(("值班 ", "$accent bold"), plain(desk.centre_name, "bold"))
        board = desk.board
        if board is None or board.shift is None:
            return [[centre]]
        shift = plain(f"{shift_name(board.shift)} {board.shift.team}".strip())
        leader = plain(board.shift.leader)
        labelled = Content.assemble((_("leader") + " ", "$faint"), leader) if leader else leader
        return [[centre, shift, labelled], [centre, shift, leader], [centre, shift], [centre]]

    def _clock(self, now: datetime, pattern: str) -> Content:
        zone = cast("DeskApp", self.app).zone
        return Content.styled(now.astimezone(zone).strftime(pattern), "bold")

    def _health(self, desk: DeskApp) -> Content:
        door_sign, door_style = _door_health(desk.board)
        data_sign, data_style = ("✗", "$breach bold") if desk.database_trouble else ("●", "$ok")
        return Content.assemble(
            (_("door") + " ", "$faint"),
            (door_sign, door_style),
            "  ",
            (_("data") + " ", "$faint"),
            (data_sign, data_style),
        )


def _door_health(board: TodayBoard | None) -> tuple[str, str]:
    if board is None or not board.kiosks:
        return "○", "$past"
    if not all(kiosk.online for kiosk in board.kiosks):
        return "✗", "$breach bold"
    sound = all(state == "ok" for kiosk in board.kiosks for state in kiosk.parts.values())
    return ("●", "$ok") if sound else ("!", "$attention bold")


class ModeLine(Widget):
    """The modes with their numbers; at the right end, what waits for a decision and who is signed in."""

    DEFAULT_CSS = """
    ModeLine {
        height: 1;
        padding: 0 1;
        color: $faint;
        background: $background;
    }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def on_mount(self) -> None:
        """Follow what waits and who is signed in."""
        self.auto_links = False
        self.watch(self.app, "board", self._news)
        self.watch(self.app, "actor", self._news)

    def _news(self) -> None:
        self.refresh()

    def render(self) -> Content:
        """Draw the modes this person may open; each is also a button."""
        desk = cast("DeskApp", self.app)
        modes = [mode for mode in DESK_MODES if desk.may_open(mode)]
        whole = self._left_end(modes, brief=False)
        # Where there is no room for every name, the number of what waits is worth more than the other modes' names.
        for left in (whole, self._left_end(modes, brief=True)):
            for right in self._right_ends(desk):
                spare = self.size.width - left.cell_length - right.cell_length
                if spare >= 2:
                    return Content.assemble(left, " " * spare, right)
        return whole

    def _left_end(self, modes: Sequence[Mode], *, brief: bool) -> Content:
        parts = []
        for mode in modes:
            here = mode.name == self._current
            label = f"{mode.number}" if brief and not here else f"{mode.number} {_(mode.label)}"
            part = Content.styled(label, "$accent bold" if here else "$faint")
            parts.append(part.stylize(Style.from_meta({"@click": f"app.show_mode('{mode.name}')"})))
        return Content("  ").join(parts)

    def _right_ends(self, desk: DeskApp) -> list[Content]:
        board = desk.board
        count = board.waiting_count if board else 0
        who = plain(f"{desk.actor.name}({desk.actor.work_number})") if desk.actor else Content("")
        if not count:
            return [who, Content("")]
        waiting = Content.styled(_("! {count} waiting").format(count=count), "$attention bold")
        return [
            Content.assemble(waiting, "   ", who),
            waiting,
            Content.styled(f"! {count}", "$attention bold"),
        ]
