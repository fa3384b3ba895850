"""5 Leave & swaps 请假/换班: one's duties to come, leave and swaps that wait for one's word, and what became of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from operations.leave_views import LeaveRow
from tui.cells import plain
from tui.leave_words import balances_content, leave_history_cells, waiting_leave_cells
from tui.screens.desk import DeskScreen
from tui.screens.leave_answers import (
    approve_leave_asked,
    look_at_leave,
    refuse_leave_with_reason,
    withdraw_leave_with_reason,
)
from tui.screens.swap_answers import (
    accept_swap,
    look_at_swap,
    refuse_swap_with_reason,
    withdraw_swap_with_reason,
)
from tui.swap_words import duty_cells, history_cells, short_name, waiting_swap_cells
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.leave_balances import BalanceRow
    from operations.people import PersonRow
    from operations.swap_views import ComingDuty, SwapRow

    Asked = LeaveRow | SwapRow


@dataclass(frozen=True, slots=True)
class LeaveAndSwaps:
    """What the screen shows: whose duties, theirs to come, their days of leave, and what was asked, newest first."""

    person: PersonRow
    people: tuple[PersonRow, ...]
    duties: tuple[ComingDuty, ...]
    balances: tuple[BalanceRow, ...]
    asked: tuple[Asked, ...]


class LeaveSwapsScreen(DeskScreen):
    """Duties on the left, what waits and the history beside them; below one another where there is little room."""

    MODE = "leave_swaps"
    CSS_PATH = "leave_swaps.tcss"
    AUTO_FOCUS = "#duties"
    HELP = N_(
        "Your duties to come. l asks for leave from the one under the cursor on: while you type it says whether you may "
        "and who decides (Art. 35-37). n asks for a swap of it: whole or in part, with a duty of theirs in return or as "
        "a stand-in; the other side agrees, then a leader who is not part of it consents (Art. 38). a approves, agrees "
        "or consents to what waits for you, r refuses, w withdraws leave until it begins or a swap until its first duty "
        "does. Enter shows leave or a swap whole: who is left in the shift, days left; there leave is given back, "
        "extended, noted. o shows everyone's, [ and ] a month's. A leader acts for someone absent: p chooses for whom; "
        "d records who decides while a leader is away."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", N_("approve")),
        Binding("r", "refuse", N_("refuse")),
        Binding("l", "ask_leave", N_("ask leave")),
        Binding("n", "ask", N_("ask swap")),
        Binding("w", "withdraw", N_("withdraw")),
        Binding("o", "whose", N_("everyone's")),
        Binding("p", "person", N_("act for")),
        Binding("d", "delegates", N_("delegates")),
        Binding("left_square_bracket", "month(-1)", N_("month before"), show=False),
        Binding("right_square_bracket", "month(1)", N_("month after"), show=False),
        Binding("t", "today", N_("today"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._person_id = 0
        self._everyone = False
        self._month: date | None = None

    # Composing ------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """Compose the three lists."""
        with Container(id="board"):
            yield self._waiting_table()
            with Vertical(id="mine"):
                yield Static(id="balances", markup=False)
                yield self._duties_table()
            yield self._history_table()

    def _duties_table(self) -> LineTable[ComingDuty]:
        return LineTable(
            (
                Column("", 5),
                Column("", 12, flex=1),
                Column("", 11),
                Column("", 4, from_width=50),
                Column("", 14, flex=1),
            ),
            lambda duty: duty_cells(duty, self.desk.zone),
            key=lambda duty: duty.id,
            title=N_("My duties to come"),
            empty=N_("No duty to come. 2 Roster shows the month."),
            header=False,
            id="duties",
        )

    def _waiting_table(self) -> LineTable[Asked]:
        return LineTable(
            (Column("", 24, flex=3), Column("", 16, flex=1), Column("", 5, align="right")),
            self._waiting_cells,
            key=lambda row: (type(row).__name__, row.id),
            title=N_("Waits for me"),
            empty=N_("No leave and no swap waits for your word."),
            header=False,
            always_marked=True,
            id="waiting",
        )

    def _waiting_cells(self, row: Asked) -> list[Content]:
        if isinstance(row, LeaveRow):
            return waiting_leave_cells(row, self.desk.now, self.desk.zone)
        return waiting_swap_cells(row, self.desk.now, self.desk.zone)

    def _history_cells(self, row: Asked) -> list[Content]:
        if isinstance(row, LeaveRow):
            return leave_history_cells(row, self.desk.now, self.desk.zone)
        return history_cells(row, self.desk.now, self.desk.zone)

    def _history_table(self) -> LineTable[Asked]:
        return LineTable(
            (
                Column("", 1),
                Column("", 24, flex=3),
                Column("", 18, flex=1),
                Column("", 8, from_width=64),
                Column("", 11, from_width=78),
            ),
            self._history_cells,
            key=lambda row: (type(row).__name__, row.id),
            title=N_("Leave and swaps"),
            empty=N_("Nothing was asked for. l asks for leave, n for a swap of a duty."),
            header=False,
            id="history",
        )

    # Loading --------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> LeaveAndSwaps:
        """Ask for the duties, the days of leave, and what was asked for."""
        from operations.leave_balances import leave_balances
        from operations.leave_views import leave_rows
        from operations.people import people
        from operations.swap_views import coming_duties, swap_rows

        everyone = people(self.actor, now)
        person_id = self._person_id or self.actor.person_id
        whose = None if self._everyone else person_id
        asked: list[Asked] = [
            *leave_rows(self.actor, now, *self._days(), whose),
            *swap_rows(self.actor, now, *self._days(), whose),
        ]
        return LeaveAndSwaps(
            next(row for row in everyone if row.id == person_id),
            everyone,
            coming_duties(self.actor, now, person_id),
            leave_balances(self.actor, now, now.astimezone(self.desk.zone).date(), person_id),
            tuple(sorted(asked, key=lambda row: row.asked_at, reverse=True)),
        )

    def _days(self) -> tuple[date | None, date | None]:
        if self._month is None:
            return None, None
        return self._month, _next_month(self._month) - timedelta(days=1)

    def show(self, result: LeaveAndSwaps) -> None:
        """Fill the lists."""
        board = self.desk.board
        waiting: list[Asked] = [*board.leave, *board.swaps] if board is not None else []
        waiting.sort(key=lambda row: row.begins_at)
        self._table("waiting").set_rows(waiting)
        self._table("waiting").set_class(not waiting, "-empty")
        self._table("duties").set_rows(result.duties)
        self._table("history").set_rows(result.asked)
        balances = self.query_one("#balances", Static)
        balances.update(balances_content(result.balances))
        balances.display = bool(result.balances)
        self._show_titles(result)
        self.refresh_bindings()

    def on_mount(self) -> None:
        """What waits for one's word comes with the board."""
        super().on_mount()
        self.watch(self.app, "board", self._board_changed, init=False)

    def _board_changed(self) -> None:
        if self.result is not None and self.is_current and self.desk.actor is not None:
            self.show(self.result)

    def _show_titles(self, result: LeaveAndSwaps) -> None:
        duties = _("My duties to come")
        if result.person.id != self.actor.person_id:
            duties = _("Duties to come of {name}").format(
                name=f"{result.person.name}({result.person.work_number})"
            )
        self._table("duties").set_title(plain(duties))
        whose = _("everyone's") if self._everyone else short_name(result.person.name)
        when = f"{self._month:%Y-%m}" if self._month else _("of late and to come")
        self._table("history").set_title(
            plain(_("Leave and swaps: {whose}, {when}").format(whose=whose, when=when))
        )

    def _table(self, name: str) -> LineTable[Any]:
        return self.query_one(f"#{name}", LineTable)

    # Keys -----------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what would do something now."""
        if action in ("accept", "refuse"):
            return bool(self._waiting_one())
        if action == "withdraw":
            asked = self._history_one()
            return asked is not None and asked.may_withdraw
        if action == "ask":
            return bool(self.query("#duties")) and self._table("duties").current is not None
        if action in ("person", "delegates"):
            return self._may_consent
        return super().check_action(action, parameters)

    @on(LineTable.CursorMoved)
    def _moved(self) -> None:
        self.refresh_bindings()

    @property
    def _may_consent(self) -> bool:
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.actor, Action.CONSENT_SWAP)

    def _waiting_one(self) -> Asked | None:
        return self._table("waiting").current if self.query("#waiting") else None

    def _history_one(self) -> Asked | None:
        return self._table("history").current if self.query("#history") else None

    def action_ask(self) -> None:
        """Ask for a swap of the duty under the cursor."""
        from tui.screens.ask_swap import AskSwapDialog

        duty: ComingDuty | None = self._table("duties").current
        if duty is None or self.result is None:
            return
        result: LeaveAndSwaps = self.result
        for_other = result.person.work_number if result.person.id != self.actor.person_id else ""

        def asked(swap_id: int | None) -> None:
            if swap_id is not None:
                self.notify(_("Asked: the other side and a leader are told."), markup=False)
                self.desk.data_version += 1

        self.app.push_screen(AskSwapDialog(duty, result.person, result.people, for_other), asked)

    def action_ask_leave(self) -> None:
        """Ask for leave, from the duty under the cursor on."""
        from tui.screens.ask_leave import AskLeaveDialog

        if self.result is None:
            return
        duty: ComingDuty | None = self._table("duties").current
        person = self.result.person
        for_other = person.work_number if person.id != self.actor.person_id else ""
        day = duty.date if duty is not None else self.desk.clock().astimezone(self.desk.zone).date()

        def asked(leave_id: int | None) -> None:
            if leave_id is not None:
                self.notify(_("Asked: whoever decides is told."), markup=False)
                self.desk.data_version += 1

        self.app.push_screen(AskLeaveDialog(day, person, for_other), asked)

    def action_delegates(self) -> None:
        """See and record who decides while a leader is away."""
        from tui.screens.delegates_dialog import DelegatesDialog

        self.app.push_screen(DelegatesDialog())

    def action_accept(self) -> None:
        """Approve the leave under the cursor of what waits, or agree or consent to the swap."""
        row = self._waiting_one()
        if isinstance(row, LeaveRow):
            approve_leave_asked(self, row)
        elif row is not None:
            accept_swap(self, row)

    def action_refuse(self) -> None:
        """Refuse the leave or the swap under the cursor of what waits."""
        row = self._waiting_one()
        if isinstance(row, LeaveRow):
            refuse_leave_with_reason(self, row)
        elif row is not None:
            refuse_swap_with_reason(self, row)

    def action_withdraw(self) -> None:
        """Withdraw the leave or the swap under the cursor of the history."""
        row = self._history_one()
        if isinstance(row, LeaveRow):
            withdraw_leave_with_reason(self, row)
        elif row is not None:
            withdraw_swap_with_reason(self, row)

    @on(LineTable.Selected, "#duties")
    def _duty_chosen(self) -> None:
        self.action_ask()

    @on(LineTable.Selected, "#waiting")
    @on(LineTable.Selected, "#history")
    def _asked_chosen(self, event: LineTable.Selected) -> None:
        row: Asked = event.row
        if isinstance(row, LeaveRow):
            look_at_leave(self, row)
        else:
            look_at_swap(self, row)

    def action_whose(self) -> None:
        """Show what everyone asked for, or this person alone."""
        self._everyone = not self._everyone
        self.reload()

    def action_month(self, step: int) -> None:
        """Show what was asked for the month before or after."""
        today = self.desk.clock().astimezone(self.desk.zone).date()
        month = self._month or today.replace(day=1)
        self._month = _next_month(month) if step > 0 else (month - timedelta(days=1)).replace(day=1)
        self.reload()

    def action_today(self) -> None:
        """Show what is of late and to come again."""
        self._month = None
        self.reload()

    def action_person(self) -> None:
        """Act for someone absent, or for oneself again."""
        from tui.screens.swap_person import SwapPersonDialog

        def chosen(person: PersonRow | None) -> None:
            if person is not None:
                self._person_id = person.id
                self.reload()

        if self.result is not None:
            self.app.push_screen(SwapPersonDialog(self.result.people, self.actor.work_number), chosen)


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
