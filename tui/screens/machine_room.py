"""6 Machine room: who is inside, what the door sees, who may come, and whether the readers live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input

from locales import N_, _
from regulation.access import Outcome
from tui import rows
from tui.cells import plain
from tui.screens.desk import sentence
from tui.screens.room_keeping import RoomKeepingScreen
from tui.widgets.line_table import Column, LineTable
from tui.widgets.tab_bar import TabBar
from tui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from datetime import datetime

    from operations.badges import LoanRow
    from operations.door import DoorFilter, DoorRow, InsideRow, KioskRow
    from operations.today import TodayBoard
    from operations.visits import VisitRow

WIDE = 110
TABS = (
    ("events", N_("Events")),
    ("inside", N_("Inside")),
    ("visits", N_("Visits")),
    ("loans", N_("Lent badges")),
    ("readers", N_("Readers")),
)
# What the key o goes through: everything, then what wants a look.
OUTCOMES: tuple[str, ...] = ("", Outcome.ALARM, Outcome.REFUSED, Outcome.NOTICE, Outcome.RELEASED)


@dataclass(frozen=True)
class Room:
    """What the screen shows beside the events: who is inside, today's visits, lent badges, the kiosks."""

    inside: tuple[InsideRow, ...]
    visits: tuple[VisitRow, ...]
    loans: tuple[LoanRow, ...]
    kiosks: tuple[KioskRow, ...]


class MachineRoomScreen(RoomKeepingScreen):
    """The events are a table over the database; however many there are, only what shows is read."""

    MODE = "machine_room"
    CSS_PATH = "machine_room.tcss"
    AUTO_FOCUS = "#events"
    HELP = N_(
        "Who is inside now and what the door saw, newest first. / finds a name, a work number or a unit, o shows only "
        "alarms, refusals or what was noted, Enter shows an event with its article and evidence. v registers a visit "
        "in advance, a and r decide a visitor who waits, e ends a visit whose badge is back. b lends a temporary "
        "badge, c takes the one under the cursor back, l has a lost badge refused at once. x marks the one under the "
        "cursor as not inside, g gives a visitor another escort, m shows the muster list, w writes the entry "
        "register. Nobody outside the centre enters without a reason, a time and an escort on duty (Art. 20)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", N_("find")),
        Binding("o", "next_outcome", N_("which events")),
        Binding("t", "next_tab", N_("next tab")),
        Binding("escape", "show_all", N_("show all"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._outcome = ""

    def compose_body(self) -> ComposeResult:
        """Compose the events and, beside or behind them, the rest."""
        with Container(id="board"):
            with Vertical(id="events-pane"):
                find = Input(self._text, placeholder=_("Name, work number or unit…"), id="find")
                find.display = bool(self._text)
                yield find
                yield self._events()
            yield self.waiting_table()
            yield TabBar(TABS, id="tabs")
            yield self._inside()
            yield self._visits()
            yield self._loans()
            yield self._readers()

    def _events(self) -> VirtualTable[DoorRow]:
        return VirtualTable(
            (
                Column(N_("Time"), 11),
                Column(N_("Door"), 8, from_width=76),
                Column(N_("What"), 14, flex=2),
                Column(N_("Who"), 14, flex=2),
                Column(N_("No."), 6, from_width=60),
                Column(N_("Article"), 8, from_width=50),
            ),
            self._event_cells,
            title=N_("Door events"),
            empty=N_("No events. The door reports here as soon as a badge is read."),
            id="events",
        )

    def _event_cells(self, row: DoorRow) -> list[Content]:
        when, what, who = rows.door_cells(row, self.desk.now, self.desk.zone)
        loud = rows.door_look(row)[0] in "!✗"
        article = Content.styled(rows.article_name(row.article), "$attention" if loud else "$faint")
        return [when, plain(row.kiosk, "$faint"), what, who, plain(row.work_number, "$faint"), article]

    def _inside(self) -> LineTable[InsideRow]:
        return LineTable(
            (Column(N_("Name"), 12, flex=1), Column(N_("No."), 6), Column(N_("Since"), 11, align="right")),
            lambda row: rows.inside_cells(row, self.desk.now, self.desk.zone),
            key=lambda row: (row.work_number, row.name, row.since),
            title=N_("Inside now"),
            empty=N_("The room is empty."),
            header=False,
            id="inside",
        )

    def _visits(self) -> LineTable[VisitRow]:
        return LineTable(
            (Column(N_("Visitor"), 14, flex=2), Column(N_("State"), 10, flex=1), Column(N_("Time"), 11)),
            lambda row: rows.visit_cells(row, self.desk.zone),
            key=lambda row: row.id,
            title=N_("Today's visits"),
            empty=N_("No visits today. v registers one in advance."),
            header=False,
            id="visits",
        )

    def _loans(self) -> LineTable[LoanRow]:
        return LineTable(
            (Column(N_("Badge"), 8), Column(N_("Name"), 12, flex=2), Column(N_("Due by"), 14, flex=1)),
            lambda row: rows.loan_cells(row, self.desk.now, self.desk.zone),
            key=lambda row: row.label,
            title=N_("Lent badges"),
            empty=N_("No temporary badge is lent. b lends one."),
            header=False,
            id="loans",
        )

    def _readers(self) -> LineTable[tuple[KioskRow, str, str]]:
        return LineTable(
            (Column(N_("Door"), 10, flex=1), Column(N_("Part"), 10, flex=1), Column(N_("State"), 14, flex=2)),
            lambda part: rows.reader_cells(part, self.desk.now, self.desk.zone),
            title=N_("Readers and strike"),
            empty=N_("No door has reported yet. zhiban kiosk starts one."),
            header=False,
            id="readers",
        )

    def body_ready(self) -> None:
        """Arrange for the width; start to read the events."""
        self._arrange(self.app.size.width)
        self._show_tab("events")
        self._board_changed(self.desk.board)
        self._look()

    def on_mount(self) -> None:
        """Follow the board for what waits."""
        super().on_mount()
        self.watch(self.app, "board", self._board_changed, init=False)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the parts for the new width."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        board, waiting, pane = (
            self.query_one("#board"),
            self.query_one("#waiting"),
            self.query_one("#events-pane"),
        )
        if width >= WIDE:
            board.move_child(waiting, after=pane)
        else:
            board.move_child(waiting, before=pane)
        board.move_child(self.query_one("#tabs"), before=pane)

    # Reading.

    def load(self, now: datetime) -> Room:
        """Ask who is inside, who may come today, which badges are lent, and how the readers are."""
        from operations.badges import badge_loans
        from operations.boundary import may
        from operations.door import inside_now, kiosks
        from operations.permissions import Action
        from operations.visits import visits_on

        inside = inside_now(self.actor, now)
        if not may(self.actor, Action.READ_DESK):
            return Room(inside, (), (), ())
        day = now.astimezone(self.desk.zone).date()
        visits = visits_on(self.actor, now, day)
        return Room(inside, visits, badge_loans(self.actor, now), kiosks(self.actor, now))

    def show(self, result: Room) -> None:
        """Draw it, and let the events follow."""
        self.room_table("inside").set_rows(result.inside)
        self.room_table("inside").set_title(
            Content(_("Inside now: {count}").format(count=len(result.inside)))
        )
        self.room_table("visits").set_rows(result.visits)
        self.room_table("loans").set_rows(result.loans)
        self.room_table("readers").set_rows(_parts(result.kiosks))
        tabs = self.query_one(TabBar)
        tabs.set_count("inside", len(result.inside))
        tabs.set_count("visits", len(result.visits))
        tabs.set_count("loans", len(result.loans))
        self.query_one("#events", VirtualTable).reload()
        self.refresh_bindings()

    def _board_changed(self, board: TodayBoard | None) -> None:
        if self.query("#waiting"):
            self.show_waiting(board.waiting if board else ())

    def _look(self) -> None:
        """Read the events that match what is looked for."""
        from operations.door import DoorFilter, door_events

        actor, clock = self.actor, self.desk.clock
        wanted: DoorFilter = replace(DoorFilter(), text=self._text, outcome=self._outcome)

        def fetch(offset: int, limit: int) -> tuple[int, Sequence[DoorRow]]:
            page = door_events(actor, clock(), wanted, offset, limit)
            return page.total, page.rows

        table = self.query_one("#events", VirtualTable)
        title = _("Door events")
        if self._outcome:
            title = f"{title}: {_(rows.OUTCOME_NAMES[self._outcome])}"
        table.set_title(Content(title))
        table.set_source(fetch)

    @on(VirtualTable.PageRefused)
    def _page_refused(self, event: VirtualTable.PageRefused) -> None:
        self.set_trouble(sentence(event.error))

    # Tabs and search.

    @on(TabBar.Switched)
    def _tab_switched(self, event: TabBar.Switched) -> None:
        self._show_tab(event.name)
        if self.app.size.width < WIDE:
            self.room_table(event.name).focus()

    def _show_tab(self, front: str) -> None:
        for name, _label in TABS:
            widget = self.query_one("#events-pane" if name == "events" else f"#{name}")
            widget.set_class(name != front, "-behind")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something now."""
        if action == "next_tab":
            return self.app.size.width < WIDE
        return super().check_action(action, parameters)

    def action_next_tab(self) -> None:
        """Bring the next tab to the front."""
        self.query_one(TabBar).action_step(1)

    def action_find(self) -> None:
        """Open the search line."""
        self.query_one(TabBar).active = "events"
        find = self.query_one("#find", Input)
        find.display = True
        find.focus()

    @on(Input.Submitted, "#find")
    def _find(self, event: Input.Submitted) -> None:
        self._text = event.value.strip()
        event.input.display = bool(self._text)
        self._look()
        self.room_table("events").focus()

    def action_show_all(self) -> None:
        """Forget the search."""
        find = self.query_one("#find", Input)
        find.clear()
        find.display = False
        self.room_table("events").focus()
        if self._text or self._outcome:
            self._text = self._outcome = ""
            self._look()

    def action_next_outcome(self) -> None:
        """Show only alarms, only refusals, only what was noted, only exits, then everything again."""
        self._outcome = OUTCOMES[(OUTCOMES.index(self._outcome) + 1) % len(OUTCOMES)]
        self._look()

    # Doing.

    @on(LineTable.Selected, "#events")
    def _show_event(self, event: LineTable.Selected) -> None:
        from tui.screens.door_event import DoorEventDialog

        self.app.push_screen(DoorEventDialog(event.row, self.desk.zone))


def _parts(kiosks: Sequence[KioskRow]) -> list[tuple[KioskRow, str, str]]:
    """Return a row per kiosk and one per part of it."""
    found = []
    for kiosk in kiosks:
        found.append((kiosk, "", ""))
        found += [(kiosk, part, state) for part, state in sorted(kiosk.parts.items())]
    return found
