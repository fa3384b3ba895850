"""Answering a correction of attendance from wherever it waits: approve, refuse, look at the duty's evidence (Art. 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locales import _

if TYPE_CHECKING:
    from operations.attendance_corrections import CorrectionRow
    from tui.screens.desk import DeskScreen


def approve_correction_asked(screen: DeskScreen, row: CorrectionRow) -> None:
    """Approve what somebody else asked for."""
    from operations.attendance_corrections import approve_correction

    said = _("Approved: the correction counts from now on.")
    screen.run_operation(approve_correction, screen.actor, screen.desk.clock(), row.id, success=said)


def refuse_correction_with_reason(screen: DeskScreen, row: CorrectionRow) -> None:
    """Refuse it, with a word why."""
    from operations.attendance_corrections import refuse_correction
    from tui.screens.correction_dialog import RefuseCorrectionDialog

    def decided(reason: str | None) -> None:
        if reason is not None:
            args = (screen.actor, screen.desk.clock(), row.id, reason)
            screen.run_operation(refuse_correction, *args, success=_("The correction was refused."))

    screen.app.push_screen(RefuseCorrectionDialog(row.reason), decided)


def look_at_corrected_duty(screen: DeskScreen, row: CorrectionRow) -> None:
    """Show the evidence of the duty; what is decided there is done there."""
    from tui.screens.duty_evidence import DutyEvidenceDialog

    screen.app.push_screen(DutyEvidenceDialog(row.duty_id))
