"""Who decides in an absent approver's place (Art. 35): the list, a new one, an end before its time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import plain
from tui.screens.acting_form import Acted, ActingForm, Job
from tui.screens.ask_leave import day_meant
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.delegations import DelegationRow


class DelegatesDialog(DeskDialog[None]):
    """A list with two keys."""

    TITLE = N_("Who decides in whose place (Art. 35)")
    AUTO_FOCUS = "#delegates"
    DEFAULT_CSS = """
    DelegatesDialog .dialog { width: 78; }
    DelegatesDialog #delegates { height: 10; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "record", N_("new")),
        Binding("x", "end", N_("end it")),
    ]

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Absent"), 14, flex=1),
                Column(N_("Decides"), 14, flex=1),
                Column(N_("Days"), 13),
                Column(N_("Reason"), 10, flex=1),
            ),
            self._cells,
            key=lambda row: row.id,
            empty=N_("Nobody. n records who decides while a leader is away."),
            id="delegates",
        )

    def on_mount(self) -> None:
        """Read the list."""
        self._read()

    def _read(self, _result: object = None) -> None:
        from operations.delegations import delegation_rows

        self.run_operation(delegation_rows, self.desk.signed_in, self.desk.clock(), then=self._table.set_rows)

    @property
    def _table(self) -> LineTable[DelegationRow]:
        return self.query_one("#delegates", LineTable)

    def _cells(self, row: DelegationRow) -> list[Content]:
        style = "$past" if row.ended_at is not None else ""
        reason = _("ended") if row.ended_at is not None else row.reason
        return [
            plain(row.absent, style or "bold"),
            plain(row.delegate, style or "bold"),
            plain(f"{row.first_day:%m-%d} – {row.last_day:%m-%d}", style),
            plain(reason, "$faint"),
        ]

    def action_record(self) -> None:
        """Record who decides while somebody is away."""
        from operations.delegations import record_delegate

        own, today = self.desk.signed_in.work_number, self.desk.clock().astimezone(self.desk.zone).date()
        fields = [
            Field("delegate", _("Who decides (work number)"), _("Whose work number?"), longest=16),
            Field(
                "absent", _("In whose place (work number)"), _("Whose work number?"), value=own, longest=16
            ),
            Field("first", _("From"), _("Which day?"), value=f"{today:%m-%d}", longest=10),
            Field("last", _("To"), _("Which day?"), value=f"{today:%m-%d}", longest=10),
            Field("reason", _("Reason"), longest=200),
        ]

        def act(values: Mapping[str, str]) -> Job:
            first = day_meant(values["first"], today)
            last = day_meant(values["last"], first)
            who = values["absent"], values["delegate"]
            actor, now = self.desk.signed_in, self.desk.clock()
            return partial(record_delegate, actor, now, *who, first, last, values["reason"])

        def done(acted: Acted | Job | None) -> None:
            if acted is not None:
                self._read()

        story = Content(_("Both are told. Nobody approves their own request, in whoever's place."))
        self.app.push_screen(ActingForm(_("A delegate (Art. 35)"), story, fields, act), done)

    def action_end(self) -> None:
        """End the delegation under the cursor."""
        from operations.delegations import end_delegation

        row = self._table.current
        if row is not None:
            self.set_problem("")
            args = (self.desk.signed_in, self.desk.clock(), row.id)
            self.run_operation(end_delegation, *args, then=self._read)
