"""A screen on which visitors who wait are decided (Art. 20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from locales import N_, _
from tui import rows
from tui.screens.desk import DeskScreen
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.visits import VisitRow, WaitingVisit
    from tui.screens.visit import VisitDecision


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

    def waiting_table(self) -> LineTable[WaitingVisit]:
        """Return the list of what waits, to be composed by the screen."""
        return LineTable(
            (
                Column(N_("Visitor"), 14, flex=3),
                Column(N_("Reason"), 12, flex=2),
                Column(N_("Waits"), 5, align="right"),
            ),
            lambda visit: rows.waiting_cells(visit, self.desk.now),
            key=lambda visit: visit.id,
            title=N_("Waits for me"),
            empty=N_("Nothing waits for a decision."),
            header=False,
            id="waiting",
        )

    def show_waiting(self, visits: Sequence[WaitingVisit]) -> None:
        """Show who waits."""
        table = self._waiting()
        table.set_rows(visits)
        table.set_class(not visits, "-empty")
        self.refresh_bindings()

    def _waiting(self) -> LineTable[Any]:
        return self.query_one("#waiting", LineTable)

    def _waited_longer(self) -> None:
        if self.is_current:
            self._waiting().refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a decision only where one waits."""
        if action in ("approve", "refuse"):
            return bool(self.desk.board and self.desk.board.waiting)
        return super().check_action(action, parameters)

    def action_approve(self) -> None:
        """Approve the visitor under the cursor of what waits."""
        visit = self._waiting().current
        if visit is not None:
            self._approve(visit, None)

    def action_refuse(self) -> None:
        """Refuse the visitor, with a word why."""
        visit = self._waiting().current
        if visit is not None:
            self._ask_why(visit)

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
    def _show_visit(self, event: LineTable.Selected) -> None:
        from tui.screens.visit import VisitDialog

        visit: WaitingVisit = event.row

        def decided(decision: VisitDecision | None) -> None:
            if decision is None:
                return
            if decision.approve:
                self._approve(visit, decision.minutes)
            else:
                self._ask_why(visit)

        self.app.push_screen(VisitDialog(visit, self.desk.now, self.desk.zone), decided)
