"""A screen on which what waits is decided: visitors (Art. 20), and leave and swaps where the screen shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from operations.leave_views import LeaveRow
from operations.swap_views import SwapRow
from tui import rows
from tui.leave_words import waiting_leave_cells
from tui.screens.desk import DeskScreen
from tui.screens.leave_answers import approve_leave_asked, look_at_leave, refuse_leave_with_reason
from tui.screens.swap_answers import accept_swap, look_at_swap, refuse_swap_with_reason
from tui.swap_words import waiting_swap_cells
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.visits import VisitRow, WaitingVisit
    from tui.screens.visit import VisitDecision

    Waiting = WaitingVisit | LeaveRow | SwapRow


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
            id="waiting",
        )

    def _waiting_cells(self, row: Waiting) -> list[Content]:
        if isinstance(row, SwapRow):
            return waiting_swap_cells(row, self.desk.now)
        if isinstance(row, LeaveRow):
            return waiting_leave_cells(row, self.desk.now, self.desk.zone)
        return rows.waiting_cells(row, self.desk.now)

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
        """Approve the visitor or the leave under the cursor of what waits, or agree or consent to the swap."""
        row: Waiting | None = self._waiting().current
        if row is None:
            return
        if isinstance(row, SwapRow):
            accept_swap(self, row)
        elif isinstance(row, LeaveRow):
            approve_leave_asked(self, row)
        else:
            self._approve(row, None)

    def action_refuse(self) -> None:
        """Refuse the visitor, the leave or the swap, with a word why."""
        row: Waiting | None = self._waiting().current
        if row is None:
            return
        if isinstance(row, SwapRow):
            refuse_swap_with_reason(self, row)
        elif isinstance(row, LeaveRow):
            refuse_leave_with_reason(self, row)
        else:
            self._ask_why(row)

    def _approve(self, visit: WaitingVisit, minutes: int | None) -> None:
        from operations.visits import approve_visit

        def approved(row: VisitRow) -> str:
            return _("{visitor} may enter with badge {badge} and an escort.").format(
                visitor=row.visitor, badge=row.badge_label or _("of their own")
            )

        self.run_operation(approve_visit, self.actor, self.desk.clock(), visit.id, minutes, success=approved)

    def _ask_why(self, visit: WaitingVisit) -> None:
        from tui.screens.visit import RefusalDialog

        def decided(note: str | None) -> None:
            if note is not None:
                self._refuse(visit, note)

        self.app.push_screen(RefusalDialog(visit), decided)

    def _refuse(self, visit: WaitingVisit, note: str) -> None:
        from operations.visits import refuse_visit

        said = _("{visitor} was refused entry.").format(visitor=visit.visitor)
        self.run_operation(refuse_visit, self.actor, self.desk.clock(), visit.id, note, success=said)

    @on(LineTable.Selected, "#waiting")
    def _show_waiting_row(self, event: LineTable.Selected) -> None:
        row: Waiting = event.row
        if isinstance(row, SwapRow):
            look_at_swap(self, row)
        elif isinstance(row, LeaveRow):
            look_at_leave(self, row)
        else:
            self._show_visit(row)

    def _show_visit(self, visit: WaitingVisit) -> None:
        from tui.screens.visit import VisitDialog

        def decided(decision: VisitDecision | None) -> None:
            if decision is None:
                return
            if decision.approve:
                self._approve(visit, decision.minutes)
            else:
                self._ask_why(visit)

        self.app.push_screen(VisitDialog(visit, self.desk.now, self.desk.zone), decided)
