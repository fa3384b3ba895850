"""A roster from a file: its path, what it would change and what is wrong with which cell, then into the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from operations.drafts import CellChange
from settings import ZhibanError
from tui.cells import harmless, plain
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import WEEKDAYS, language_name

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.roster_file import Problem, RosterFile
    from operations.roster_import import ImportChange, RosterImport

LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at, under the path as it was typed."""

    path: str
    read: RosterFile
    plan: RosterImport


class RosterImportDialog(DeskDialog[tuple[CellChange, ...] | None]):
    """Enter looks at the file, and the second time plans it; returns the days it changed in the draft."""

    TITLE = N_("Import the roster")
    CSS_PATH = "roster_import.tcss"
    AUTO_FOCUS = "#path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", N_("look at it, then plan it"), priority=True),
        Binding("ctrl+e", "leave_out", N_("plan it without the mistakes"), priority=True),
        Binding("down", "move(1)", N_("next"), show=False, priority=True),
        Binding("up", "move(-1)", N_("previous"), show=False, priority=True),
        Binding("pagedown", "page(1)", N_("page down"), show=False, priority=True),
        Binding("pageup", "page(-1)", N_("page up"), show=False, priority=True),
    ]

    def __init__(self, month: date) -> None:
        super().__init__()
        self._month = month
        self._looked: Looked | None = None

    def compose_fields(self) -> ComposeResult:
        """The path, what the file says in one line, and its cells below."""
        yield Label(_("Excel sheet (.xlsx) or CSV: its path"))
        yield Input(placeholder=_("such as ~/roster.xlsx"), max_length=LONGEST_PATH, compact=True, id="path")
        yield Static(id="count")
        table: LineTable[Problem | ImportChange] = LineTable(
            (
                Column(N_("Cell"), 6),
                Column(N_("Name"), 10),
                Column(N_("Day"), 9),
                Column(N_("Before and after, or what is wrong"), 24, flex=1),
            ),
            self._cells,
            empty=N_("Nothing was read yet."),
            id="cells",
        )
        table.can_focus = False
        yield table
        yield Static(id="whole", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the dialog's own; mistakes are left out where there are some and something beside them."""
        if action == "next_field":
            return False
        if action == "leave_out":
            plan = self._looked.plan if self._looked else None
            return plan is not None and bool(plan.problems and plan.changes)
        return super().check_action(action, parameters)

    def action_move(self, step: int) -> None:
        """Move through the cells without leaving the path."""
        self.query_one(LineTable).action_move(step)

    def action_page(self, step: int) -> None:
        """Move by a screenful."""
        self.query_one(LineTable).action_page(step)

    # Looking and planning.

    def action_go_on(self) -> None:
        """Look at the file; once it was looked at and is in order, plan it."""
        # By the field's own queue, so that it comes after everything typed before it.
        self.query_one("#path", Input).call_later(self._go_on)

    def action_leave_out(self) -> None:
        """Plan everything that is in order."""
        self._take(skip_errors=True)

    def _go_on(self) -> None:
        path = self.query_one("#path", Input).value.strip()
        if not path:
            self.set_problem(_("Which file?"))
        elif self._looked is None or self._looked.path != path:
            self._look_at(path)
        elif self._looked.plan.problems:
            self.set_problem(_("Correct these cells in the file, or plan it without them (ctrl+e)."))
        else:
            self._take(skip_errors=False)

    def _look_at(self, path: str) -> None:
        self._show(None)
        self.set_problem("")
        self.query_one("#count", Static).update(Content.styled(_("Reading…"), "$faint"))
        args = (self.desk.signed_in, self.desk.clock(), path, self._month)
        self.run_operation(looked_at, *args, then=self._show)

    def _take(self, *, skip_errors: bool) -> None:
        from operations.roster_import import import_roster

        looked = self._looked
        if looked is None:
            return
        actor, now, name = self.desk.signed_in, self.desk.clock(), Path(looked.path).name
        self.run_operation(
            lambda: import_roster(actor, now, looked.read, name, skip_errors=skip_errors), then=self._taken
        )

    def _taken(self, plan: RosterImport) -> None:
        self.dismiss(tuple(CellChange(c.person_id, c.date, c.before, c.after) for c in plan.changes))

    @on(Input.Changed, "#path")
    def _path_changed(self, event: Input.Changed) -> None:
        if self._looked is not None and event.value.strip() != self._looked.path:
            self._show(None)

    @on(DeskDialog.OperationRefused)
    def _refused(self) -> None:
        self._show(self._looked)

    # Showing.

    @on(LineTable.CursorMoved)
    def _cursor_moved(self, event: LineTable.CursorMoved) -> None:
        self._show_whole(event.table.current)

    def _show_whole(self, row: Problem | ImportChange | None) -> None:
        """Say the mistake under the cursor once more in full: its line may be too narrow for it."""
        from operations.import_listings import problem_line
        from operations.roster_file import Problem

        words = harmless(problem_line(row)) if isinstance(row, Problem) else ""
        self.query_one("#whole", Static).update(Content.styled(words, "$breach"))

    def _show(self, looked: Looked | None) -> None:
        self._looked = looked
        rows = (*looked.plan.problems, *looked.plan.changes) if looked else ()
        table: LineTable[Any] = self.query_one(LineTable)
        table.set_rows(rows)
        self._show_whole(table.current)
        self.query_one("#count", Static).update(self._count(looked.plan) if looked else Content(""))
        self.refresh_bindings()

    def _count(self, plan: RosterImport) -> Content:
        from operations.import_listings import import_count

        sign = ("✗ ", "$breach bold") if plan.problems else ("✓ ", "$ok bold")
        span = f"  {plan.first:%Y-%m-%d} – {plan.last:%Y-%m-%d}" if plan.first and plan.last else ""
        return Content.assemble(sign, import_count(plan), (span, "$faint"))

    def _cells(self, row: Problem | ImportChange) -> list[Content]:
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


def looked_at(actor: Actor, now: datetime, path: str, month: date) -> Looked:
    """Read a file and hold it against the roster (in a worker thread).

    A file that does not say its month is about the one in view.
    """
    from operations.roster_file import MonthMissing
    from operations.roster_import import roster_file, roster_import_plan
    from operations.roster_table import read_table

    try:
        data = Path(path).expanduser().read_bytes()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ZhibanError(
            _("{file} cannot be read: {why}.").format(file=path, why=why),
            next_step=_("Name a file that exists and is yours."),
        ) from error
    table = read_table(data)
    try:
        read = roster_file(actor, now, table)
    except MonthMissing:
        read = roster_file(actor, now, table, month)
    return Looked(path, read, roster_import_plan(actor, now, read))
