"""A month of attendance into the paper folder: the sheet as PDF and as an Excel workbook (考勤表)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _, language
from settings import ZhibanError
from tui.screens.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.boundary import Actor
    from regulation.attendance_sheet import AttendanceSheet


class AttendanceExportDialog(PaperDialog):
    """A month of one team or of every team: as submitted, else a draft of now."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = [
        "paper_dialog.tcss",
        "attendance_export.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "write('pdf')", N_("PDF A4")),
        Binding("a", "write('a3')", N_("PDF A3")),
        Binding("x", "write('xlsx')", N_("Excel")),
    ]

    def __init__(self, month: date, team: str) -> None:
        super().__init__()
        self._month = month
        self._team = team

    def title_text(self) -> Content:
        """Which month, and whose."""
        teams = self.desk.centre.teams if self.desk.centre else ()
        team = next((row.name for row in teams if row.code == self._team), "") or _("all teams")
        return Content("  ".join((_("Export attendance"), f"{self._month:%Y-%m}", team)))

    def _sheets(self, actor: Actor, now: datetime) -> Sequence[AttendanceSheet]:
        from operations.attendance_months import attendance_sheets

        sheets = attendance_sheets(actor, now, self._month, self._team)
        if not sheets:
            raise ZhibanError(_("Nobody had a duty in this month."))
        return sheets

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the months, a line for each person."""
        from reports.attendance_page import attendance_text

        return "\n\n".join(attendance_text(sheet, language()) for sheet in self._sheets(actor, now))

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write one form of the month and return where it is."""
        sheets = self._sheets(actor, now)
        parts = ["zhiban-attendance", f"{self._month:%Y-%m}", *([self._team] if self._team else [])]
        if any(sheet.is_draft for sheet in sheets):
            parts.append("draft")
        if medium == "xlsx":
            from reports.attendance_xlsx import save_attendance_xlsx

            path = folder / f"{'-'.join(parts)}.xlsx"
            save_attendance_xlsx(path, sheets, language=language())
            return path
        paper = "A3" if medium == "a3" else "A4"
        return _paper(folder / f"{'-'.join([*parts, paper])}.pdf", sheets, actor, now, paper)


def _paper(path: Path, sheets: Sequence[AttendanceSheet], actor: Actor, now: datetime, paper: str) -> Path:
    from reports.attendance_pdf import render_attendance
    from reports.typesetting import save_pdf

    by = f"{actor.name}({actor.work_number})"
    save_pdf(
        path,
        render_attendance(sheets, printed_at=now, printed_by=by, paper=paper, language=language()),
    )
    return path
