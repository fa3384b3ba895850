"""The alarms of the doors: what happened, where, and a word about what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui import rows
from tui.cells import day_time, plain
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.alarms import AlarmRow


class AlarmsDialog(DeskDialog[None]):
    """Every alarm that waits, gravest first. Seeing to one takes a word for the record, then Enter."""

    TITLE = N_("Alarms of the doors")
    CSS_PATH = "alarms.tcss"
    AUTO_FOCUS = "#alarms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "acknowledge", N_("seen to"), priority=True),
    ]

    def __init__(self, alarms: Sequence[AlarmRow]) -> None:
        super().__init__()
        self._alarms = tuple(alarms)

    def compose_fields(self) -> ComposeResult:
        """The list, what the one under the cursor means, and the line for what was done."""
        table: LineTable[AlarmRow] = LineTable(
            (
                Column(N_("Time"), 11),
                Column(N_("Door"), 8),
                Column(N_("What"), 20, flex=2),
                Column(N_("Who"), 10, flex=1),
                Column(N_("Article"), 8),
            ),
            self._cells,
            key=lambda alarm: alarm.subject,
            empty=N_("No alarm waits."),
            id="alarms",
        )
        yield table
        yield Static(id="advice", classes="dialog--text", markup=False)
        yield Label(_("What was done (goes into the record)"))
        yield Input(id="note", max_length=200)

    def on_mount(self) -> None:
        """Show the alarms the desk knows."""
        self._show(self._alarms)
        self.watch(self.app, "board", self._board_changed, init=False)

    def _board_changed(self) -> None:
        board = self.desk.board
        if board is not None:
            self._show(board.alarms)

    def _show(self, alarms: Sequence[AlarmRow]) -> None:
        self._alarms = rows.gravest_first(alarms)
        self._table().set_rows(self._alarms)
        self._advise()

    def _table(self) -> LineTable[Any]:
        return self.query_one("#alarms", LineTable)

    def on_line_table_cursor_moved(self) -> None:
        """The advice belongs to the alarm under the cursor."""
        self._advise()

    def _advise(self) -> None:
        alarm: AlarmRow | None = self._table().current
        words = _(rows.ALARM_ADVICE.get(alarm.code, "")) if alarm is not None else ""
        self.query_one("#advice", Static).update(Content(words))

    def _cells(self, alarm: AlarmRow) -> list[Content]:
        return [
            Content.styled(day_time(alarm.at, self.desk.now, self.desk.zone), "$faint"),
            plain(alarm.door, "$faint"),
            plain(f"✗ {rows.alarm_words(alarm)}", "$breach bold"),
            plain(alarm.who),
            Content.styled(rows.article_name(alarm.article), "$attention"),
        ]

    def action_acknowledge(self) -> None:
        """From the list go to the line; on the line take the alarm off everyone's list."""
        note = self.query_one("#note", Input)
        if self.focused is not note:
            self.set_focus(note)
            return
        note.call_later(self._acknowledge)

    def _acknowledge(self) -> None:
        from operations.alarms import acknowledge_alarm

        alarm: AlarmRow | None = self._table().current
        note = self.query_one("#note", Input)
        if alarm is None:
            self.dismiss(None)
        elif not note.value.strip():
            self.set_problem(_("Say what was done; the record needs it."))
        else:
            self.run_operation(
                acknowledge_alarm,
                self.desk.signed_in,
                self.desk.clock(),
                alarm.subject,
                note.value.strip(),
                then=self._acknowledged,
            )

    def _acknowledged(self, _result: object) -> None:
        done = self._table().current
        self.query_one("#note", Input).clear()
        self.set_problem("")
        self._show([alarm for alarm in self._alarms if done is None or alarm.subject != done.subject])
        self.desk.data_version += 1
        if self._alarms:
            self.set_focus(self._table())
        else:
            self.dismiss(None)
