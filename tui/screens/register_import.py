"""Records of a register from a file: what each line brings and which cell is wrong, then onto the register."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from locales import N_, _
from regulation.registers import Register
from tui.cells import harmless, plain
from tui.screens.import_dialog import FileImportDialog, Looked, bytes_of
from tui.widgets.line_table import Column

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.register_import import NewRecord, RegisterImport
    from operations.roster_file import Problem
    from operations.roster_table import Table


class RegisterImportDialog(FileImportDialog["Table", "int | None"]):
    """Takes a file over; returns how many records were new."""

    LABEL = N_("Excel sheet (.xlsx) or CSV: its path. An export of the register is the form to fill in.")
    EXAMPLE = N_("such as ~/training.xlsx")
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column(N_("Cell"), 6),
        Column(N_("The record, or what is wrong"), 40, flex=1),
    )

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register

    def title_text(self) -> Content:
        """Which register."""
        return Content(_("Import: {register}").format(register=_(self._register.title)))

    def look(self, actor: Actor, now: datetime, path: str) -> Looked[Table]:
        """Read a file and hold it against the register."""
        from operations.register_import import import_count, register_import_plan
        from operations.roster_table import read_table

        table = read_table(bytes_of(path))
        plan = register_import_plan(actor, now, self._register.key, table)
        return Looked(path, table, plan.problems, plan.records, import_count(plan))

    def take(self, actor: Actor, now: datetime, looked: Looked[Table], *, skip_errors: bool) -> Any:
        """Write what is new."""
        from operations.register_import import import_records

        return import_records(
            actor, now, self._register.key, looked.read, looked.name, skip_errors=skip_errors
        )

    def taken(self, result: RegisterImport) -> None:
        """Close with how many records were new."""
        self.dismiss(len(result.records))

    def mistake(self, row: Problem | NewRecord) -> str:
        """A cell that is wrong, with its place."""
        from operations.import_listings import problem_line
        from operations.roster_file import Problem

        return problem_line(row) if isinstance(row, Problem) else ""

    def cells(self, row: Problem | NewRecord) -> list[Content]:
        """A mistake by its cell, or the record of a line."""
        from operations.register_words import value_words
        from operations.roster_file import Problem

        if isinstance(row, Problem):
            return [
                Content.styled(row.cell or "✗", "$breach bold"),
                Content.styled(harmless(row.text), "$breach"),
            ]
        words = [
            value_words(known, row.values[known.key], {}, self.desk.zone)
            for known in self._register.fields
            if known.key in row.values
        ]
        return [Content.styled(row.cell, "$faint"), plain("  ".join(words))]
