"""The machine room's confidential numbers (Art. 28): masked; one at a time is shown, with a reason, for some seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.cells import joined, plain
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.directory import NewNumber, NumberRow, RevealedNumber


class DirectoryDialog(DeskDialog[None]):
    """Enter goes to the line for the reason, and there it reveals; what is shown hides itself again."""

    TITLE = N_("Confidential numbers (Art. 28)")
    CSS_PATH = "directory.tcss"
    AUTO_FOCUS = "#numbers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "reveal", N_("reveal"), priority=True),
        Binding("n", "add", N_("new number")),
        Binding("delete", "remove", N_("take off")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._revealed: RevealedNumber | None = None

    def compose_fields(self) -> ComposeResult:
        """The masked list, the number that is shown, and the line for the reason."""
        yield LineTable(
            (
                Column(N_("name"), 16, flex=1),
                Column(N_("Number"), 20),
                Column(N_("may be read by"), 14, flex=1, from_width=60),
            ),
            _cells,
            key=lambda row: row.id,
            empty=N_("No number is kept here yet."),
            id="numbers",
        )
        yield Static(id="revealed", markup=False)
        yield Label(_("What it is needed for (goes on record)"))
        yield Input(id="reason", max_length=200)

    def on_mount(self) -> None:
        """Ask for the directory, and look each second whether what is shown has to go."""
        self._load()
        self.watch(self.app, "now", self._hide_in_time, init=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whoever stands above keeps the directory."""
        if action in ("add", "remove"):
            from operations.boundary import may
            from operations.permissions import Action

            typing = isinstance(self.focused, Input)
            return not typing and may(self.desk.signed_in, Action.KEEP_DIRECTORY)
        if action == "next_field":
            return False
        return super().check_action(action, parameters)

    def _load(self, _result: object = None) -> None:
        from operations.directory import directory

        self.run_operation(directory, self.desk.signed_in, self.desk.clock(), then=self._show)

    def _show(self, rows: Sequence[NumberRow]) -> None:
        self._table().set_rows(rows)

    def _table(self) -> LineTable[Any]:
        return self.query_one("#numbers", LineTable)

    # Revealing.

    def action_reveal(self) -> None:
        """From the list go to the reason; there show the number under the cursor."""
        reason = self.query_one("#reason", Input)
        if self.focused is not reason:
            self.set_focus(reason)
            return
        reason.call_later(self._reveal)

    def _reveal(self) -> None:
        from operations.directory import reveal_number

        row: NumberRow | None = self._table().current
        reason = self.query_one("#reason", Input).value.strip()
        if row is None:
            self.set_problem(_("No number is kept here yet."))
        elif not reason:
            self.set_problem(_("Say what the number is needed for, in a sentence."))
        else:
            actor, now = self.desk.signed_in, self.desk.clock()
            self.run_operation(reveal_number, actor, now, row.id, reason, then=self._reveal_it)

    def _reveal_it(self, shown: RevealedNumber) -> None:
        self.set_problem("")
        self._revealed = shown
        self.query_one("#reason", Input).clear()
        self.set_focus(self._table())
        self._hide_in_time()

    def _hide_in_time(self) -> None:
        shown = self._revealed
        left = (shown.hides_at - self.desk.clock()).total_seconds() if shown is not None else 0
        if shown is None or left <= 0:
            self._hide()
            return
        seconds = _("hides itself in {seconds} s").format(seconds=int(left))
        parts = [plain(shown.name), plain(shown.number, "$accent bold"), plain(shown.note)]
        self.query_one("#revealed", Static).update(joined([*parts, plain(seconds, "$faint")], "  "))

    def _hide(self) -> None:
        self._revealed = None
        self.query_one("#revealed", Static).update("")

    @on(LineTable.CursorMoved, "#numbers")
    def _another_number(self) -> None:
        self._hide()

    # Keeping.

    def action_add(self) -> None:
        """Put a number into the directory."""
        from operations.directory import add_number
        from tui.screens.new_number import NewNumberDialog

        def given(new: NewNumber | None) -> None:
            if new is not None:
                actor, now = self.desk.signed_in, self.desk.clock()
                self.run_operation(add_number, actor, now, new, then=self._load)

        self.app.push_screen(NewNumberDialog(), given)

    def action_remove(self) -> None:
        """Take the number under the cursor off the directory."""
        from operations.directory import remove_number
        from tui.screens.confirm import ConfirmDialog

        row: NumberRow | None = self._table().current
        if row is None:
            return
        key = row.id

        def confirmed(yes: bool | None) -> None:
            if yes:
                actor, now = self.desk.signed_in, self.desk.clock()
                self.run_operation(remove_number, actor, now, key, then=self._load)

        text = _("The number is forgotten; who read it stays on record.")
        self.app.push_screen(
            ConfirmDialog(_("Take {name} off the directory?").format(name=row.name), text), confirmed
        )


def _cells(row: NumberRow) -> list[Content]:
    return [
        plain(row.name),
        plain(row.masked, "" if row.readable else "$faint"),
        plain("、".join(row.readers), "$faint"),
    ]
