"""What whoever keeps the machine room does: visits, temporary badges, who is inside, escorts, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from locales import N_, _
from tui.screens.deciding import DecidingScreen
from tui.widgets.line_table import LineTable

if TYPE_CHECKING:
    from operations.badges import LoanRow
    from operations.door import InsideRow
    from operations.visits import VisitRequest, VisitRow
    from tui.screens.lend_badge import BadgeLent


class RoomKeepingScreen(DecidingScreen):
    """Keys that change something work on the row under the cursor of the list they belong to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "muster", N_("muster")),
        Binding("v", "register_visit", N_("register a visit")),
        Binding("e", "end_visit", N_("end a visit")),
        Binding("b", "lend_badge", N_("lend a badge")),
        Binding("c", "collect_badge", N_("badge is back")),
        Binding("l", "badge_lost", N_("badge lost")),
        Binding("x", "not_inside", N_("not inside")),
        Binding("g", "new_escort", N_("another escort")),
        Binding("w", "entry_register", N_("entry register")),
    ]

    def room_table(self, name: str) -> LineTable[Any]:
        """Return one of the lists by its name."""
        return self.query_one(f"#{name}", LineTable)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something now."""
        if action == "end_visit":
            return bool(self.result and self.result.visits)
        if action == "collect_badge":
            return bool(self.result and self.result.loans)
        if action == "not_inside":
            return bool(self.result and self.result.inside)
        if action == "new_escort":
            return bool(self.result and any(row.is_visitor for row in self.result.inside))
        return super().check_action(action, parameters)

    # Visits.

    def action_register_visit(self) -> None:
        """Register a visit in advance."""
        from operations.reasons import visit_reasons

        def known(reasons: Any) -> None:
            from tui.screens.register_visit import RegisterVisitDialog

            self.app.push_screen(RegisterVisitDialog(reasons), registered)

        def registered(request: VisitRequest | None) -> None:
            if request is None:
                return
            from operations.visits import request_visit

            said = _("The visit of {visitor} is registered; it waits for a decision.").format(
                visitor=request.visitor
            )
            self.run_operation(request_visit, self.actor, self.desk.clock(), request, success=said)

        self.run_operation(visit_reasons, self.actor, self.desk.clock(), then=known)

    def action_end_visit(self) -> None:
        """End the visit under the cursor: its badge is back."""
        visit: VisitRow | None = self.room_table("visits").current
        if visit is None:
            return
        from tui.screens.confirm import ConfirmDialog

        def confirmed(yes: bool | None) -> None:
            if yes:
                from operations.visits import end_visit

                said = _("The visit of {visitor} has ended.").format(visitor=visit.visitor)
                self.run_operation(end_visit, self.actor, self.desk.clock(), visit.id, success=said)

        text = _("{visitor} counts as gone and badge {badge} may be lent again.")
        words = text.format(visitor=visit.visitor, badge=visit.badge_label or "—")
        self.app.push_screen(ConfirmDialog(_("End this visit?"), words), confirmed)

    def action_new_escort(self) -> None:
        """Name who answers for the visitor under the cursor from now on (Art. 20)."""
        row: InsideRow | None = self.room_table("inside").current
        if row is None or row.visit_id is None:
            self.notify(_("Move to a visitor in the list of who is inside first."))
            return
        from tui.screens.not_inside import NewEscortDialog

        def named(number: str | None) -> None:
            if number is not None:
                from operations.visits import hand_over_escort

                said = _("{visitor} has another escort now.").format(visitor=row.name)
                self.run_operation(
                    hand_over_escort, self.actor, self.desk.clock(), row.visit_id, number, success=said
                )

        self.app.push_screen(NewEscortDialog(row), named)

    # Badges.

    def action_lend_badge(self) -> None:
        """Lend a temporary badge."""
        from tui.screens.lend_badge import LendBadgeDialog

        def chosen(lent: BadgeLent | None) -> None:
            if lent is None:
                return
            from operations.badges import lend_temporary_badge

            def said(loan: LoanRow) -> str:
                return _("Badge {label} is lent to {name}.").format(label=loan.label, name=loan.name)

            self.run_operation(
                lend_temporary_badge, self.actor, self.desk.clock(),
                lent.work_number, lent.label, lent.reason, lent.hours, success=said,
            )  # fmt: skip

        self.app.push_screen(LendBadgeDialog(), chosen)

    def action_collect_badge(self) -> None:
        """Take back the badge under the cursor of what is lent."""
        loan: LoanRow | None = self.room_table("loans").current
        if loan is None:
            return
        from operations.badges import collect_badge

        said = _("Badge {label} is back.").format(label=loan.label)
        self.run_operation(collect_badge, self.actor, self.desk.clock(), loan.label, success=said)

    def action_badge_lost(self) -> None:
        """Have the door refuse somebody's badge at once."""
        from tui.screens.lend_badge import LostBadgeDialog

        def whose(number: str | None) -> None:
            if number is not None:
                from operations.badges import report_badge_lost

                said = _("The badge of {number} opens nothing any more.").format(number=number)
                self.run_operation(report_badge_lost, self.actor, self.desk.clock(), number, success=said)

        self.app.push_screen(LostBadgeDialog(), whose)

    # Who is inside.

    def action_not_inside(self) -> None:
        """Mark the one under the cursor as not inside (Art. 20)."""
        row: InsideRow | None = self.room_table("inside").current
        if row is None:
            return
        from tui.screens.not_inside import NotInsideDialog

        def decided(reason: str | None) -> None:
            if reason is not None:
                self._reset(row, reason)

        self.app.push_screen(NotInsideDialog(row), decided)

    def _reset(self, row: InsideRow, reason: str) -> None:
        from operations.occupancy import reset_occupancy

        actor, now = self.actor, self.desk.clock()

        def reset() -> None:
            if row.visit_id is not None:
                reset_occupancy(actor, now, visit_id=row.visit_id, reason=reason)
            else:
                reset_occupancy(actor, now, work_number=row.work_number, reason=reason)

        self.run_operation(reset, success=_("{name} counts as not inside.").format(name=row.name))

    # Papers.

    def action_muster(self) -> None:
        """Show who is inside, to be counted, and print it."""
        from tui.screens.muster import MusterDialog

        self.app.push_screen(MusterDialog())

    def action_entry_register(self) -> None:
        """Write the machine room's entry register as a paper."""
        from tui.screens.entry_register import EntryRegisterDialog

        self.app.push_screen(EntryRegisterDialog())
