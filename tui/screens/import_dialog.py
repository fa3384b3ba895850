"""A file that is taken over at the desk: its path, what it would do and what is wrong with it, then Enter again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from settings import ZhibanError
from tui.cells import harmless
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import KEYS_BESIDE_TYPING, Column, LineTable

if TYPE_CHECKING:
    from operations.boundary import Actor

LONGEST_PATH = 400

Read = TypeVar("Read")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Looked(Generic[Read]):
    """A file that was looked at, under the path as it was typed: what was read, its mistakes, and what it brings."""

    path: str
    read: Read
    problems: Sequence[Any]
    rows: Sequence[Any]
    count: str
    beside: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return Path(self.path).name


class FileImportDialog(DeskDialog[Answer], Generic[Read, Answer]):
    """Enter looks at the file, and the second time takes it over. A subclass says what is read and what is done."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = "import_dialog.tcss"
    AUTO_FOCUS = "#path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", N_("look, then take over"), priority=True),
        Binding("ctrl+e", "leave_out", N_("without the mistakes"), priority=True),
        *KEYS_BESIDE_TYPING,
    ]
    LABEL: ClassVar[str] = ""
    EXAMPLE: ClassVar[str] = ""
    COLUMNS: ClassVar[tuple[Column, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._looked: Looked[Read] | None = None

    # What a subclass says.

    def look(self, actor: Actor, now: datetime, path: str) -> Looked[Read]:
        """Read a file and hold it against what is here (in a worker thread)."""
        raise NotImplementedError

    def take(self, actor: Actor, now: datetime, looked: Looked[Read], *, skip_errors: bool) -> Any:
        """Take the file over (in a worker thread)."""
        raise NotImplementedError

    def taken(self, result: Any) -> None:
        """Close the dialog with what was done."""
        raise NotImplementedError

    def mistake(self, row: Any) -> str:
        """Return what is wrong in a row of the table, in full; empty for a row that is in order."""
        raise NotImplementedError

    def cells(self, row: Any) -> list[Content]:
        """Return a row of the table."""
        raise NotImplementedError

    # The dialog.

    def compose_fields(self) -> ComposeResult:
        """The path, what the file says in one line, and what is in it below."""
        yield Label(_(self.LABEL))
        yield Input(placeholder=_(self.EXAMPLE), max_length=LONGEST_PATH, compact=True, id="path")
        yield Static(id="count")
        table: LineTable[Any] = LineTable(
            self.COLUMNS, self.cells, empty=N_("Nothing was read yet."), id="cells"
        )
        table.can_focus = False
        yield table
        yield Static(id="whole", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the dialog's own; mistakes are left out where there are some and something beside them."""
        if action == "next_field":
            return False
        if action == "leave_out":
            return self._looked is not None and bool(self._looked.problems and self._looked.rows)
        return super().check_action(action, parameters)

    def action_move(self, step: int) -> None:
        """Move through the rows without leaving the path."""
        self.query_one(LineTable).action_move(step)

    def action_page(self, step: int) -> None:
        """Move by a screenful."""
        self.query_one(LineTable).action_page(step)

    def action_go_on(self) -> None:
        """Look at the file; once it was looked at and is in order, take it over."""
        # By the field's own queue, so that it comes after everything typed before it.
        self.query_one("#path", Input).call_later(self._go_on)

    def action_leave_out(self) -> None:
        """Take over everything that is in order."""
        self._take(skip_errors=True)

    def look_again(self) -> None:
        """Forget what was looked at, and look at the file anew where one is named."""
        path = self.query_one("#path", Input).value.strip()
        if path:
            self._look_at(path)

    def _go_on(self) -> None:
        path = self.query_one("#path", Input).value.strip()
        if not path:
            self.set_problem(_("Which file?"))
        elif self._looked is None or self._looked.path != path:
            self._look_at(path)
        elif self._looked.problems:
            self.set_problem(_("Correct this in the file, or take it over without the mistakes (ctrl+e)."))
        else:
            self._take(skip_errors=False)

    def _look_at(self, path: str) -> None:
        self._show(None)
        self.set_problem("")
        self.query_one("#count", Static).update(Content.styled(_("Reading…"), "$faint"))
        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(lambda: self.look(actor, now, path), then=self._show)

    def _take(self, *, skip_errors: bool) -> None:
        looked = self._looked
        if looked is not None:
            actor, now = self.desk.signed_in, self.desk.clock()
            self.run_operation(
                lambda: self.take(actor, now, looked, skip_errors=skip_errors), then=self.taken
            )

    @on(Input.Changed, "#path")
    def _path_changed(self, event: Input.Changed) -> None:
        if self._looked is not None and event.value.strip() != self._looked.path:
            self._show(None)

    @on(DeskDialog.OperationRefused)
    def _refused(self) -> None:
        self._show(self._looked)

    @on(LineTable.CursorMoved)
    def _cursor_moved(self, event: LineTable.CursorMoved) -> None:
        self._show_whole(event.table.current)

    def _show_whole(self, row: Any) -> None:
        """Say the mistake under the cursor once more in full: its line may be too narrow for it."""
        words = harmless(self.mistake(row)) if row is not None else ""
        self.query_one("#whole", Static).update(Content.styled(words, "$breach"))

    def _show(self, looked: Looked[Read] | None) -> None:
        self._looked = looked
        table: LineTable[Any] = self.query_one(LineTable)
        table.set_rows((*looked.problems, *looked.rows) if looked else ())
        self._show_whole(table.current)
        self.query_one("#count", Static).update(_count(looked) if looked else Content(""))
        self.refresh_bindings()


def bytes_of(path: str) -> bytes:
    """Return what is in a file that somebody named at the desk; raises :class:`ZhibanError` when it cannot be read."""
    try:
        return Path(path).expanduser().read_bytes()
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ZhibanError(
            _("{file} cannot be read: {why}.").format(file=path, why=why),
            next_step=_("Name a file that exists and is yours."),
        ) from error


def _count(looked: Looked[Any]) -> Content:
    sign = ("✗ ", "$breach bold") if looked.problems else ("✓ ", "$ok bold")
    return Content.assemble(sign, harmless(looked.count), (f"  {looked.beside}", "$faint"))
