"""Seats from one shift to the next (Art. 21, 24): handed to a person by the leader, or taken over by badge here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import plain
from tui.handover_text import Moment, relief_state
from tui.screens.acting_form import Acted, ActingForm
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.handover_view import HandoverView
    from operations.reliefs import ReliefRow


class ReliefsDialog(DeskDialog[None]):
    """Every seat and its relief; follows what other terminals and the door do."""

    TITLE = N_("Seats and their reliefs: whoever is relieved may leave (Art. 21, 24)")
    CSS_PATH = "reliefs_dialog.tcss"
    AUTO_FOCUS = "#reliefs-table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hand_over", N_("hand the seat to a person")),
        Binding("b", "by_badge(False)", N_("badge in at my own seat")),
        Binding("s", "by_badge(True)", N_("badge in at this seat")),
        Binding("escape", "cancel", N_("back")),
    ]

    def __init__(self, view: HandoverView) -> None:
        super().__init__()
        self._log_id = view.log.id
        self._rows: tuple[ReliefRow, ...] = view.relief_rows
        self._leaders = view.outgoing.leaders

    def compose_fields(self) -> ComposeResult:
        """One table."""
        yield LineTable(
            (
                Column(N_("Seat"), 4),
                Column(N_("Hands over"), 14, flex=1),
                Column(N_("Takes over"), 14, flex=1),
                Column(N_("State"), 24, flex=1),
            ),
            self._cells,
            key=lambda row: row.duty_id,
            empty=N_("Nobody is rostered in this shift."),
            id="reliefs-table",
        )

    def on_mount(self) -> None:
        """Show the seats and follow the news."""
        self._show(self._rows)
        # A leader is relieved by the signatures: start at the first seat that something can be done with.
        self._table.cursor = next((at for at, row in enumerate(self._rows) if not self._leads(row)), 0)
        self.watch(self.app, "data_version", self._ask_again, init=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A leader is relieved by the two signatures, not here."""
        if action in ("hand_over", "by_badge") and parameters != (False,):
            row = self._current
            return row is not None and bool(row.seat) and not self._leads(row)
        return super().check_action(action, parameters)

    def _cells(self, row: ReliefRow) -> Sequence[Content]:
        moment = Moment(self.desk.clock(), self.desk.zone)
        state = relief_state(row, moment)
        if self._leads(row):
            state = Content.styled(_("by the two signatures"), "$faint")
        return (Content(row.seat or "··"), plain(row.outgoing), plain(row.incoming or "—"), state)

    def _leads(self, row: ReliefRow) -> bool:
        return row.outgoing in self._leaders

    @property
    def _table(self) -> LineTable[ReliefRow]:
        return self.query_one("#reliefs-table", LineTable)

    @property
    def _current(self) -> ReliefRow | None:
        return self._table.current if self.is_mounted else None

    @on(LineTable.CursorMoved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def _show(self, rows: Sequence[ReliefRow]) -> None:
        self._rows = tuple(rows)
        self._table.set_rows(self._rows)
        self.refresh_bindings()

    def _ask_again(self) -> None:
        from operations.handover import handover_view

        def shown(view: HandoverView | None) -> None:
            if view is not None:
                self._show(view.relief_rows)

        if self.desk.actor is not None:
            self.run_operation(
                handover_view, self.desk.signed_in, self.desk.clock(), self._log_id, then=shown
            )

    @on(LineTable.Selected)
    def action_hand_over(self) -> None:
        """Let a person take the seat under the cursor over, by the leader's word."""
        from operations.reliefs import assign_relief

        row = self._current
        if row is None or self._leads(row):
            return
        desk = self.desk
        seen = row.incoming_id if row.relieved_at is not None else None

        def act(values: Mapping[str, str]) -> Callable[[], object]:
            return partial(assign_relief, desk.signed_in, desk.clock(), row.duty_id, values["who"], seen)

        rostered = row.incoming.rpartition("(")[2].rstrip(")")
        story = _(
            "Seat {seat}: {name} has been relieved from that moment on and may leave, before the leaders sign."
        )
        form = ActingForm(
            _("Hand the seat to a person (Art. 21, 24)"),
            plain(story.format(seat=row.seat, name=row.outgoing)),
            [
                Field(
                    "who",
                    _("Who takes over (work number)"),
                    _("Whose work number?"),
                    value=rostered,
                    longest=16,
                )
            ],
            act,
        )
        self.app.push_screen(form, self._relieved)

    def action_by_badge(self, this_seat: bool) -> None:
        """Let the relief take over with badge and PIN, at one's own seat or at the one under the cursor."""
        from operations.reliefs import relieve_by_badge

        row = self._current if this_seat else None
        desk = self.desk

        def act(values: Mapping[str, str]) -> Callable[[], object]:
            badge = values["badge"].strip()
            return partial(
                relieve_by_badge, badge, values["pin"], desk.clock(), row.duty_id if row is not None else None
            )

        seat = _("Seat {seat}: {name} hands over.").format(seat=row.seat, name=row.outgoing) if row else ""
        text = _("Hold your badge to the desk reader, or type its number; then your PIN.")
        form = ActingForm(
            _("Take the seat over by badge (Art. 21)"),
            plain(f"{seat} {text}".strip()),
            [
                Field("badge", _("Badge"), _("Hold the badge to the reader."), longest=64, secret=True),
                Field("pin", _("PIN"), _("Type your PIN."), longest=64, secret=True),
            ],
            act,
        )
        self.app.push_screen(form, self._relieved)

    def _relieved(self, acted: object) -> None:
        if isinstance(acted, Acted):
            self.notify(_("Taken over; whoever was relieved may leave."), markup=False)
            self._ask_again()
