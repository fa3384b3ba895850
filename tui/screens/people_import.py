"""People from a list: looked at line by line, then taken on (Art. 2, 9)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import harmless, plain
from tui.screens.import_dialog import FileImportDialog, Looked, bytes_of
from tui.widgets.line_table import Column

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.people_file import PeopleFile
    from operations.people_import import PeopleImport


class PeopleImportDialog(FileImportDialog["PeopleFile", "int | None"]):
    """Takes a list over; returns how many were taken on or changed."""

    TITLE = N_("Import people")
    LABEL = N_("Excel sheet or CSV: its path")
    EXAMPLE = N_("such as ~/people.xlsx")
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column(N_("Cell"), 7),
        Column(N_("What it does, or what is wrong"), 40, flex=1),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+u", "update", N_("change those who are here"), priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._update = False

    def action_update(self) -> None:
        """Change those who are here as the file says, or leave them as they are."""
        self._update = not self._update
        words = _("those who are here are changed") if self._update else ""
        self.set_title(Content("  ".join(filter(None, (_(self.TITLE), words)))))
        self.look_again()

    def look(self, actor: Actor, now: datetime, path: str) -> Looked[PeopleFile]:
        """Read a list and hold it against who is here."""
        from operations.people_file import read_people
        from operations.people_import import people_import_plan
        from operations.people_listings import people_lines
        from operations.roster_table import read_table

        read = read_people(read_table(bytes_of(path), ""))
        plan = people_import_plan(actor, now, read)
        beside = "" if self._update or not plan.changes else _("those who are here stay as they are (ctrl+u)")
        rows = (*plan.newcomers, *plan.changes) if self._update else plan.newcomers
        return Looked(path, read, plan.problems, rows, people_lines(plan)[-1], beside)

    def take(self, actor: Actor, now: datetime, looked: Looked[PeopleFile], *, skip_errors: bool) -> Any:
        """Take on who is new."""
        from operations.people_import import import_people

        return import_people(
            actor, now, looked.read, looked.name, skip_errors=skip_errors, update=self._update
        )

    def taken(self, result: PeopleImport) -> None:
        """Close with how many."""
        self.dismiss(len(result.newcomers) + (len(result.changes) if self._update else 0))

    def mistake(self, row: Any) -> str:
        """A cell that is wrong."""
        from operations.import_listings import problem_line
        from operations.roster_file import Problem

        return problem_line(row) if isinstance(row, Problem) else ""

    def cells(self, row: Any) -> list[Content]:
        """A mistake by its cell, somebody new, or what is said otherwise."""
        from operations.people_import import PersonChange
        from operations.people_listings import change_line, newcomer_line

        if wrong := self.mistake(row):
            return [Content.styled("✗", "$breach bold"), Content.styled(harmless(wrong), "$breach")]
        line = change_line(row) if isinstance(row, PersonChange) else newcomer_line(row)
        cell, _colon, words = line.partition(": ")
        return [plain(cell, "$faint"), plain(words)]
