"""Answering a visitor from wherever the visit waits: approve, refuse, look at it whole (Art. 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locales import _

if TYPE_CHECKING:
    from operations.visits import VisitRow, WaitingVisit
    from tui.screens.desk import DeskScreen
    from tui.screens.visit import VisitDecision


def approve_visit_asked(screen: DeskScreen, visit: WaitingVisit, minutes: int | None = None) -> None:
    """Let the visitor in, for the time asked for or for other ``minutes``."""
    from operations.visits import approve_visit

    def approved(row: VisitRow) -> str:
        return _("{visitor} may enter with badge {badge} and an escort.").format(
            visitor=row.visitor, badge=row.badge_label or _("of their own")
        )

    args = (screen.actor, screen.desk.clock(), visit.id, minutes)
    screen.run_operation(approve_visit, *args, success=approved)


def refuse_visit_with_reason(screen: DeskScreen, visit: WaitingVisit) -> None:
    """Refuse the visitor, with a word why."""
    from operations.visits import refuse_visit
    from tui.screens.visit import RefusalDialog

    def decided(note: str | None) -> None:
        if note is not None:
            said = _("{visitor} was refused entry.").format(visitor=visit.visitor)
            args = (screen.actor, screen.desk.clock(), visit.id, note)
            screen.run_operation(refuse_visit, *args, success=said)

    screen.app.push_screen(RefusalDialog(visit), decided)


def look_at_visit(screen: DeskScreen, visit: WaitingVisit) -> None:
    """Show the visit whole; what is decided there is done here."""
    from tui.screens.visit import VisitDialog

    def decided(decision: VisitDecision | None) -> None:
        if decision is None:
            return
        if decision.approve:
            approve_visit_asked(screen, visit, decision.minutes)
        else:
            refuse_visit_with_reason(screen, visit)

    screen.app.push_screen(VisitDialog(visit, screen.desk.now, screen.desk.zone), decided)
