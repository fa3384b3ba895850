"""The centre's own registers, for those who define them: drawn up, changed, kept no longer, written as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from tui.cells import plain
from tui.screens.confirm import ConfirmDialog
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.own_registers import OwnRegister


class OwnRegistersDialog(DeskDialog["str | None"]):
    """Returns the key of the register that was drawn up or changed last, if any was."""

    TITLE = N_("The centre's own registers")
    CSS_PATH = "own_registers.tcss"
    AUTO_FOCUS = "#own"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "draw_up", N_("draw one up")),
        Binding("enter", "change", N_("change"), priority=True),
        Binding("r", "retire", N_("retire")),
        Binding("x", "write_file", N_("write as a file")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._changed: str | None = None

    def compose_fields(self) -> ComposeResult:
        """The list, and where a file was written."""
        yield LineTable(
            (
                Column(N_("Register"), 16, flex=1),
                Column(N_("key"), 10, flex=1),
                Column(N_("Version"), 8, align="right"),
                Column(N_("Records"), 8, align="right"),
                Column(N_("State"), 16),
            ),
            _cells,
            key=lambda own: own.register.key,
            empty=N_("There is none yet: n draws one up."),
            always_marked=True,
            id="own",
        )
        yield Static(id="written", markup=False)

    def on_mount(self) -> None:
        """Read them."""
        self._read()

    def _read(self) -> None:
        from operations.own_registers import own_registers

        self.run_operation(own_registers, self.desk.signed_in, self.desk.clock(), then=self._show)

    def _show(self, own: tuple[OwnRegister, ...]) -> None:
        self._table().set_rows(own)
        self.refresh_bindings()

    def _table(self) -> LineTable[Any]:
        return self.query_one("#own", LineTable)

    @property
    def _current(self) -> OwnRegister | None:
        own: OwnRegister | None = self._table().current if self.query("#own") else None
        return own

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is there is changed and written; what is kept is kept no longer."""
        if action == "next_field":
            return False
        if action in ("change", "write_file"):
            return self._current is not None
        if action == "retire":
            return self._current is not None and not self._current.retired
        return super().check_action(action, parameters)

    @on(LineTable.CursorMoved, "#own")
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(LineTable.Selected, "#own")
    def _clicked(self) -> None:
        self.action_change()

    def action_draw_up(self) -> None:
        """Draw up a new one."""
        self._draw(None)

    def action_change(self) -> None:
        """Change the one under the cursor; one that is kept no longer is taken up again so."""
        self._draw(self._current)

    def _draw(self, own: OwnRegister | None) -> None:
        from tui.screens.draw_register import DrawRegisterDialog

        table = self._table()
        rows = [row for place in range(table.row_count) if (row := table.row_at(place)) is not None]
        taken = tuple(row.register.key for row in rows)
        self.app.push_screen(DrawRegisterDialog(own, taken), self._drawn)

    def _drawn(self, key: str | None) -> None:
        if key is not None:
            self._changed = key
            self._read()

    def action_retire(self) -> None:
        """Keep the register under the cursor no longer, once that was meant."""
        from operations.register_keeping import retire_register

        own = self._current
        if own is None:
            return
        actor, now, key = self.desk.signed_in, self.desk.clock(), own.register.key

        def answered(yes: bool | None) -> None:
            if yes:
                self.set_problem("")
                self.run_operation(retire_register, actor, now, key, then=self._retired)

        title = _("Retire “{title}”?").format(title=own.register.title)
        text = _(
            "Nobody adds to it any more. Its {count} records stay and are read as before; "
            "changing it takes it up again."
        )
        self.app.push_screen(ConfirmDialog(title, text.format(count=own.records)), answered)

    def _retired(self, _done: None) -> None:
        self.desk.data_version += 1
        self._read()

    def action_write_file(self) -> None:
        """Write the register's TOML file into the paper folder; the command line takes it as it is."""
        own = self._current
        if own is None:
            return
        folder = self.desk.home.paper_folder
        self.set_problem("")
        self.run_operation(lambda: _write(own, folder), then=self._written)

    def _written(self, path: Path) -> None:
        words = Content.assemble(("✓ ", "$ok bold"), _("Written to {file}").format(file=path))
        self.query_one("#written", Static).update(words)

    def action_cancel(self) -> None:
        """Leave with what was changed."""
        self.dismiss(self._changed)


def _cells(own: OwnRegister) -> list[Content]:
    state = (
        Content.styled(_("no longer in use"), "$faint") if own.retired else Content.styled(_("in use"), "$ok")
    )
    return [
        plain(own.register.title),
        plain(own.register.key, "$faint"),
        Content(str(own.version)),
        Content(str(own.records)),
        state,
    ]


def _write(own: OwnRegister, folder: Path) -> Path:
    from operations.register_toml import definition_text
    from tui.screens.paper_dialog import made_folder, write_text

    path = made_folder(folder) / f"zhiban-register-{own.register.key}.toml"
    write_text(path, definition_text(own.body))
    return path
