"""A roster from a file: its path, what it would change and what is wrong with which cell, then into the draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from locales import N_, _
from operations.drafts import CellChange
from tui.cells import harmless, plain
from tui.screens.import_dialog import FileImportDialog, Looked, bytes_of
from tui.widgets.line_table import Column
from tui.widgets.month_lines import WEEKDAYS, language_name

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.roster_file import Problem, RosterFile
    from operations.roster_import import ImportChange, RosterImport


class RosterImportDialog(FileImportDialog["RosterFile", "tuple[CellChange, ...] | None"]):
    """Plans a file in the draft; returns the days it changed there."""

    TITLE = N_("Import the roster")
    LABEL = N_("Excel sheet (.xlsx) or CSV: its path")
    EXAMPLE = N_("such as ~/roster.xlsx")
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column(N_("Cell"), 6),
        Column(N_("Name"), 10),
        Column(N_("Day"), 9),
        Column(N_("Before and after, or what is wrong"), 24, flex=1),
    )

    def __init__(self, month: date) -> None:
        super().__init__()
        self._month = month

    def look(self, actor: Actor, now: datetime, path: str) -> Looked[RosterFile]:
        """Read a file and hold it against the roster.

        A file that does not say its month is about the one in view.
        """
        from operations.import_listings import import_count
        from operations.roster_file import MonthMissing
        from operations.roster_import import roster_file, roster_import_plan
        from operations.roster_table import read_table

        table = read_table(bytes_of(path))
        try:
            read = roster_file(actor, now, table)
        except MonthMissing:
            read = roster_file(actor, now, table, self._month)
        plan = roster_import_plan(actor, now, read)
        span = f"{plan.first:%Y-%m-%d} – {plan.last:%Y-%m-%d}" if plan.first and plan.last else ""
        return Looked(path, read, plan.problems, plan.changes, import_count(plan), span)

    def take(self, actor: Actor, now: datetime, looked: Looked[RosterFile], *, skip_errors: bool) -> Any:
        """Plan what the file says."""
        from operations.roster_import import import_roster

        return import_roster(actor, now, looked.read, looked.name, skip_errors=skip_errors)

    def taken(self, result: RosterImport) -> None:
        """Close with the days that were planned."""
        self.dismiss(tuple(CellChange(c.person_id, c.date, c.before, c.after) for c in result.changes))

    def mistake(self, row: Problem | ImportChange) -> str:
        """A cell that is wrong, with its place."""
        from operations.import_listings import problem_line
        from operations.roster_file import Problem

        return problem_line(row) if isinstance(row, Problem) else ""

    def cells(self, row: Problem | ImportChange) -> list[Content]:
        """A mistake by its cell, or a day before and after."""
        from operations.roster_file import Problem

        if isinstance(row, Problem):
            wrong = Content.styled(harmless(row.text), "$breach")
            return [Content.styled(row.cell or "✗", "$breach bold"), Content(""), Content(""), wrong]
        day = f"{row.date:%m-%d} {_(WEEKDAYS[row.date.weekday()])}"
        change = Content.assemble(
            (self._shift(row.before), "$faint"), (" → ", "$faint"), (self._shift(row.after), "$accent")
        )
        return [Content.styled(row.cell, "$faint"), plain(row.name), Content(day), change]

    def _shift(self, code: str | None) -> str:
        shifts = self.desk.centre.shift_types if self.desk.centre else ()
        kind = next((shift for shift in shifts if shift.code == code), None)
        return harmless(language_name(kind.name, _(kind.name_en))) if kind else code or _("free day")
