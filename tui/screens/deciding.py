"""A screen on which what waits is decided: visitors (Art. 20), and leave, swaps and corrections where it shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_
from operations.attendance_corrections import CorrectionRow
from operations.leave_views import LeaveRow
from operations.swap_views import SwapRow
from operations.visits import WaitingVisit
from tui.attendance_words import waiting_correction_cells
from tui.leave_words import waiting_leave_cells
from tui.rows import waiting_visit_cells
from tui.screens.correction_answers import (
    approve_correction_asked,
    look_at_corrected_duty,
    refuse_correction_with_reason,
)
from tui.screens.desk import DeskScreen
from tui.screens.leave_answers import approve_leave_asked, look_at_leave, refuse_leave_with_reason
from tui.screens.swap_answers import accept_swap, look_at_swap, refuse_swap_with_reason
from tui.screens.visit_answers import approve_visit_asked, look_at_visit, refuse_visit_with_reason
from tui.swap_words import waiting_swap_cells
from tui.widgets.line_table import Column, LineTable

Waiting = WaitingVisit | LeaveRow | SwapRow | CorrectionRow


@dataclass(frozen=True, slots=True)
class Answers:
    """How one kind of what waits is shown and answered."""

    cells: Callable[[Any, datetime, tzinfo], list[Content]]
    approve: Callable[[DeskScreen, Any], None]
    refuse: Callable[[DeskScreen, Any], None]
    look: Callable[[DeskScreen, Any], None]


ANSWERS: Mapping[type, Answers] = {
    WaitingVisit: Answers(waiting_visit_cells, approve_visit_asked, refuse_visit_with_reason, look_at_visit),
    LeaveRow: Answers(waiting_leave_cells, approve_leave_asked, refuse_leave_with_reason, look_at_leave),
    SwapRow: Answers(waiting_swap_cells, accept_swap, refuse_swap_with_reason, look_at_swap),
    CorrectionRow: Answers(
        waiting_correction_cells,
        approve_correction_asked,
        refuse_correction_with_reason,
        look_at_corrected_duty,
    ),
}


class DecidingScreen(DeskScreen):
    """Holds the list of what waits, and its keys wherever the focus is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", N_("approve")),
        Binding("r", "refuse", N_("refuse")),
    ]

    def on_mount(self) -> None:
        """How long someone waits changes by the second."""
        super().on_mount()
        self.watch(self.app, "now", self._waited_longer, init=False)

    def waiting_table(self) -> LineTable[Waiting]:
        """Return the list of what waits, to be composed by the screen."""
        return LineTable(
            (
                Column(N_("Visitor"), 14, flex=3),
                Column(N_("Reason"), 12, flex=2),
                Column(N_("Waits"), 5, align="right"),
            ),
            self._waiting_cells,
            key=lambda row: (type(row).__name__, row.id),
            title=N_("Waits for me"),
            empty=N_("Nothing waits for a decision."),
            header=False,
            always_marked=True,
            id="waiting",
        )

    def _waiting_cells(self, row: Waiting) -> list[Content]:
        return ANSWERS[type(row)].cells(row, self.desk.now, self.desk.zone)

    def show_waiting(self, waiting: Sequence[Waiting]) -> None:
        """Show who waits."""
        table = self._waiting()
        table.set_rows(waiting)
        table.set_class(not waiting, "-empty")
        self.refresh_bindings()

    def _waiting(self) -> LineTable[Any]:
        return self.query_one("#waiting", LineTable)

    def _waited_longer(self) -> None:
        if self.is_current:
            self._waiting().refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a decision only where one waits."""
        if action in ("approve", "refuse"):
            return bool(self.query("#waiting") and self._waiting().row_count)
        return super().check_action(action, parameters)

    def action_approve(self) -> None:
        """Approve what is under the cursor of what waits; a swap is agreed or consented to."""
        if (row := self._waiting().current) is not None:
            ANSWERS[type(row)].approve(self, row)

    def action_refuse(self) -> None:
        """Refuse what is under the cursor, with a word why."""
        if (row := self._waiting().current) is not None:
            ANSWERS[type(row)].refuse(self, row)

    @on(LineTable.Selected, "#waiting")
    def _show_waiting_row(self, event: LineTable.Selected) -> None:
        ANSWERS[type(event.row)].look(self, event.row)
