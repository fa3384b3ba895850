"""The months of each team beside one another: rate, lateness, leave by kind (Art. 34)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.duty_numbers import number_text, percent_text
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from tui.cells import fit, plain
from tui.charts import blocks
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.attendance_trend import TeamTrend

LABEL_WIDTH = 16


class AttendanceTrendDialog(DeskDialog[None]):
    """One block of lines for each team."""

    TITLE = N_("Submitted months in comparison")
    AUTO_FOCUS = "#trend"
    DEFAULT_CSS = """
    AttendanceTrendDialog .dialog { width: 78; max-width: 100%; }
    AttendanceTrendDialog #trend { height: auto; max-height: 17; scrollbar-size-vertical: 1; }
    AttendanceTrendDialog #trend Static { height: auto; }
    """

    def __init__(self, last: date) -> None:
        super().__init__()
        self._last = last

    def compose_fields(self) -> ComposeResult:
        """Room for the charts."""
        with VerticalScroll(id="trend"):
            yield Static(id="trend-lines")

    def on_mount(self) -> None:
        """Ask for the months."""
        from operations.attendance_trend import attendance_trend

        args = (self.desk.signed_in, self.desk.clock(), self._last)
        self.run_operation(attendance_trend, *args, then=self._show)

    def _show(self, teams: Sequence[TeamTrend]) -> None:
        lines = [line for team in teams for line in trend_lines(team)]
        empty = Content.styled(_("No month was submitted yet. S submits one."), "$faint")
        self.query_one("#trend-lines", Static).update(Content("\n").join(lines or [empty]))


def trend_lines(team: TeamTrend) -> list[Content]:
    """Return a team's charts: a column of block characters for each month, and its last number."""
    months = team.months
    head = plain(f"{team.name}  {months[0].month} … {months[-1].month}", "$accent bold")
    rates = [month.rate or Fraction(0) for month in months]
    lines = [
        head,
        _line(_("rate"), blocks(rates, Fraction(1, 2), Fraction(1)), percent_text(rates[-1]), "$ok"),
    ]
    late = [Fraction(month.minutes_late) for month in months]
    minutes = _("{minutes} min").format(minutes=months[-1].minutes_late)
    lines.append(_line(_("minutes late"), blocks(late), minutes, "$attention"))
    absent = [month.absent for month in months]
    lines.append(_line(_("absent from duty"), blocks(absent), number_text(absent[-1]), "$breach"))
    for kind in LeaveKind:
        taken = [month.leave.get(kind.value, Fraction(0)) for month in months]
        if any(taken):
            lines.append(_line(_(LEAVE_NAMES[kind]), blocks(taken), number_text(taken[-1]), "$info"))
    return [*lines, Content("")]


def _line(label: str, blocks: str, number: str, style: str) -> Content:
    return Content.assemble(
        fit(plain(label, "$faint"), LABEL_WIDTH), Content.styled(blocks, style), "  ", plain(number)
    )
