"""5 Leave & swaps 请假/换班: one's duties to come, swaps that wait for one's word, and what became of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from locales import N_, _
from tui.cells import plain
from tui.screens.desk import DeskScreen
from tui.screens.swap_answers import (
    accept_swap,
    look_at_swap,
    refuse_swap_with_reason,
    withdraw_swap_with_reason,
)
from tui.swap_words import duty_cells, history_cells, short_name, waiting_swap_cells
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.people import PersonRow
    from operations.swap_views import ComingDuty, SwapRow


@dataclass(frozen=True, slots=True)
class Swapping:
    """What the screen shows: whose duties, theirs to come, and the swaps."""

    person: PersonRow
    people: tuple[PersonRow, ...]
    duties: tuple[ComingDuty, ...]
    swaps: tuple[SwapRow, ...]


class LeaveSwapsScreen(DeskScreen):
    """Duties on the left, what waits and the history beside them; below one another where there is little room."""

    MODE = "leave_swaps"
    CSS_PATH = "leave_swaps.tcss"
    AUTO_FOCUS = "#duties"
    HELP = N_(
        "Your duties to come. n asks for a swap of the one under the cursor: whole or in part, with a duty of theirs "
        "in return or as a stand-in. The other side agrees, then a leader who is not part of it consents (Art. 38); "
        "a agrees or consents to what waits for you, r refuses, w withdraws a swap until its first duty begins. "
        "Enter shows a swap whole. o shows everyone's swaps, [ and ] a month's. A leader acts for someone absent: p "
        "chooses for whom."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "ask", N_("ask for a swap")),
        Binding("a", "accept", N_("agree or consent")),
        Binding("r", "refuse", N_("refuse")),
        Binding("w", "withdraw", N_("withdraw")),
        Binding("o", "whose", N_("everyone's")),
        Binding("p", "person", N_("act for")),
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

    def _waiting_table(self) -> LineTable[SwapRow]:
        return LineTable(
            (Column("", 24, flex=3), Column("", 16, flex=1), Column("", 5, align="right")),
            lambda swap: waiting_swap_cells(swap, self.desk.now),
            key=lambda swap: swap.id,
            title=N_("Waits for me"),
            empty=N_("No swap waits for your word."),
            header=False,
            id="waiting",
        )

    def _history_table(self) -> LineTable[SwapRow]:
        return LineTable(
            (
                Column("", 1),
                Column("", 24, flex=3),
                Column("", 18, flex=1),
                Column("", 8, from_width=64),
                Column("", 11, from_width=78),
            ),
            lambda swap: history_cells(swap, self.desk.now, self.desk.zone),
            key=lambda swap: swap.id,
            title=N_("Swaps"),
            empty=N_("No duty was swapped. n asks for a swap of the duty under the cursor."),
            header=False,
            id="history",
        )

    # Loading --------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> Swapping:
        """Ask for the duties and the swaps."""
        from operations.people import people
        from operations.swap_views import coming_duties, swap_rows

        everyone = people(self.actor, now)
        person_id = self._person_id or self.actor.person_id
        whose = None if self._everyone else person_id
        return Swapping(
            next(row for row in everyone if row.id == person_id),
            everyone,
            coming_duties(self.actor, now, person_id),
            swap_rows(self.actor, now, *self._days(), whose),
        )

    def _days(self) -> tuple[date | None, date | None]:
        if self._month is None:
            return None, None
        return self._month, _next_month(self._month) - timedelta(days=1)

    def show(self, result: Swapping) -> None:
        """Fill the lists."""
        board = self.desk.board
        waiting = board.swaps if board is not None else ()
        self._table("waiting").set_rows(waiting)
        self._table("waiting").set_class(not waiting, "-empty")
        self._table("duties").set_rows(result.duties)
        self._table("history").set_rows(result.swaps)
        self._show_titles(result)
        self.refresh_bindings()

    def on_mount(self) -> None:
        """What waits for one's word comes with the board."""
        super().on_mount()
        self.watch(self.app, "board", self._board_changed, init=False)

    def _board_changed(self) -> None:
        if self.result is not None and self.is_current and self.desk.actor is not None:
            self.show(self.result)

    def _show_titles(self, result: Swapping) -> None:
        duties = _("My duties to come")
        if result.person.id != self.actor.person_id:
            duties = _("Duties to come of {name}").format(
                name=f"{result.person.name}({result.person.work_number})"
            )
        self._table("duties").set_title(plain(duties))
        whose = _("everyone's") if self._everyone else short_name(result.person.name)
        when = f"{self._month:%Y-%m}" if self._month else _("of late and to come")
        self._table("history").set_title(plain(_("Swaps: {whose}, {when}").format(whose=whose, when=when)))

    def _table(self, name: str) -> LineTable[Any]:
        return self.query_one(f"#{name}", LineTable)

    # Keys -----------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what would do something now."""
        if action in ("accept", "refuse"):
            return bool(self._waiting_one())
        if action == "withdraw":
            swap = self._history_one()
            return swap is not None and swap.may_withdraw
        if action == "ask":
            return bool(self.query("#duties")) and self._table("duties").current is not None
        if action == "person":
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

    def _waiting_one(self) -> SwapRow | None:
        return self._table("waiting").current if self.query("#waiting") else None

    def _history_one(self) -> SwapRow | None:
        return self._table("history").current if self.query("#history") else None

    def action_ask(self) -> None:
        """Ask for a swap of the duty under the cursor."""
        from tui.screens.ask_swap import AskSwapDialog

        duty: ComingDuty | None = self._table("duties").current
        if duty is None or self.result is None:
            return
        result: Swapping = self.result
        for_other = result.person.work_number if result.person.id != self.actor.person_id else ""

        def asked(swap_id: int | None) -> None:
            if swap_id is not None:
                self.notify(_("Asked: the other side and a leader are told."), markup=False)
                self.desk.data_version += 1

        self.app.push_screen(AskSwapDialog(duty, result.person, result.people, for_other), asked)

    def action_accept(self) -> None:
        """Agree or consent to the swap under the cursor of what waits."""
        if (swap := self._waiting_one()) is not None:
            accept_swap(self, swap)

    def action_refuse(self) -> None:
        """Refuse the swap under the cursor of what waits."""
        if (swap := self._waiting_one()) is not None:
            refuse_swap_with_reason(self, swap)

    def action_withdraw(self) -> None:
        """Withdraw the swap under the cursor of the history."""
        if (swap := self._history_one()) is not None:
            withdraw_swap_with_reason(self, swap)

    @on(LineTable.Selected, "#duties")
    def _duty_chosen(self) -> None:
        self.action_ask()

    @on(LineTable.Selected, "#waiting")
    @on(LineTable.Selected, "#history")
    def _swap_chosen(self, event: LineTable.Selected) -> None:
        look_at_swap(self, event.row)

    def action_whose(self) -> None:
        """Show everyone's swaps, or this person's alone."""
        self._everyone = not self._everyone
        self.reload()

    def action_month(self, step: int) -> None:
        """Show the swaps of the month before or after."""
        today = self.desk.clock().astimezone(self.desk.zone).date()
        month = self._month or today.replace(day=1)
        self._month = _next_month(month) if step > 0 else (month - timedelta(days=1)).replace(day=1)
        self.reload()

    def action_today(self) -> None:
        """Show the swaps of late and to come again."""
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
