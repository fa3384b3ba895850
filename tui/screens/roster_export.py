"""The month's roster into the paper folder: the wall roster, an Excel sheet, CSV, calendars (排班导出)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _, language
from tui.screens.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from operations.boundary import Actor
    from regulation.roster_sheet import RosterSheet


class RosterExportDialog(PaperDialog):
    """A month of one team or of everyone, as published or with the draft above it."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = [
        "paper_dialog.tcss",
        "roster_export.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "write('pdf')", N_("PDF A4")),
        Binding("a", "write('a3')", N_("PDF A3")),
        Binding("x", "write('xlsx')", N_("Excel")),
        Binding("c", "write('csv')", N_("CSV")),
        Binding("i", "write('ics')", N_("calendars")),
        Binding("d", "draft", N_("draft")),
    ]

    def __init__(self, month: date, team: str) -> None:
        super().__init__()
        self._month = month
        self._team = team
        self._draft = False

    def title_text(self) -> Content:
        """Which month, whose, and whether the draft is in it."""
        teams = self.desk.centre.teams if self.desk.centre else ()
        team = next((row.name for row in teams if row.code == self._team), "") or _("all teams")
        state = _("with the draft") if self._draft else _("published")
        return Content("  ".join((_("Export the roster"), f"{self._month:%Y-%m}", team, state)))

    def action_draft(self) -> None:
        """Show what is planned, or what is published."""
        self._draft = not self._draft
        self.set_title(self.title_text())
        self.refresh_bindings()
        self.read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A calendar on somebody's phone holds only what is published."""
        if action == "write" and parameters == ("ics",):
            return not self._draft
        return super().check_action(action, parameters)

    def _sheet(self, actor: Actor, now: datetime) -> RosterSheet:
        from operations.roster_sheet import roster_sheet

        return roster_sheet(actor, now, self._month, self._team or None, draft=self._draft)

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the month, a line for each person."""
        from reports.roster_page import roster_text

        return roster_text(self._sheet(actor, now), language())

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write one form of the month and return where it is; calendars have a folder of their own."""
        sheet = self._sheet(actor, now)
        parts = ["zhiban-roster", sheet.month, *([self._team] if self._team else [])]
        name = "-".join([*parts, *(["draft"] if self._draft else [])])
        if medium == "ics":
            return _calendars(folder / name, sheet, now)
        if medium == "xlsx":
            from reports.roster_xlsx import save_xlsx

            path = folder / f"{name}.xlsx"
            save_xlsx(path, sheet, language=language())
            return path
        if medium == "csv":
            from reports.csv_file import write_csv
            from reports.roster_csv import LONG_HEADINGS, duty_lines

            path = folder / f"{name}.csv"
            write_csv(path, LONG_HEADINGS, duty_lines(sheet))
            return path
        return _wall_roster(folder, name, sheet, actor, now, "A3" if medium == "a3" else "A4")


def _calendars(folder: Path, sheet: RosterSheet, now: datetime) -> Path:
    from reports.roster_ics import save_calendars

    save_calendars(folder, sheet, now, language())
    return folder


def _wall_roster(
    folder: Path, name: str, sheet: RosterSheet, actor: Actor, now: datetime, paper: str
) -> Path:
    from reports.roster_pdf import render_roster
    from reports.typesetting import save_pdf

    path = folder / f"{name}-{paper}.pdf"
    by = f"{actor.name}({actor.work_number})"
    save_pdf(path, render_roster(sheet, printed_at=now, printed_by=by, paper=paper, language=language()))
    return path
