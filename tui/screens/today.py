"""1 Today: the shift that runs now, and what waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from tui import day_rows, rows
from tui.cells import clock_time, day_time, joined, packed, plain
from tui.handover_text import Moment
from tui.handover_today import handover_line, relief_countdown
from tui.openings import open_search
from tui.register_clocks import task_parts
from tui.screens.deciding import DecidingScreen
from tui.widgets.ends_line import EndsLine
from tui.widgets.handover_line import HandoverLine
from tui.widgets.line_table import Column, LineTable
from tui.widgets.tab_bar import TabBar
from tui.widgets.top_line import shift_name

if TYPE_CHECKING:
    from datetime import datetime

    from operations.door import DoorRow
    from operations.findings import FindingRow
    from operations.shiftlog import EntryDraft, ItemRow
    from operations.today import Counts, SeatRow, TodayBoard
    from tui.screens.seat_leave import SeatLeave

WIDE = 110
LOWER_TABS = (("items", N_("Open items")), ("findings", N_("Findings")), ("door-pane", N_("Door")))


class TodayScreen(DecidingScreen):
    """Two columns where there is room; at 80×24 the right one becomes tabs and what waits stays on top."""

    MODE = "today"
    CSS_PATH = "today.tcss"
    AUTO_FOCUS = "#seats"
    HELP = N_(
        "The shift that runs now. Seats: who is due, here, late, away. What waits for you stands on top: "
        "a approves, agrees or consents, r refuses, Enter shows the details. n writes an entry into the shift's log, l lets the person "
        "under the cursor leave the seat for some minutes (Art. 14), p prints the day's log, / searches every shift's "
        "log. f opens the daily figures (Art. 8), c the spot checks (Art. 7). Tab goes from part to part, t changes "
        "the tab on a narrow screen. Every ✗ and ! names its article."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "write_entry", N_("write an entry")),
        Binding("l", "seat_leave", N_("leave seat")),
        Binding("slash", "search", N_("search")),
        Binding("s", "phrases", N_("phrases")),
        Binding("f", "figures", N_("figures")),
        Binding("c", "spot_checks", N_("spot checks")),
        Binding("p", "print", N_("print")),
        Binding("t", "next_tab", N_("next tab")),
        Binding("f5", "handover", N_("handover"), key_display="F5"),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose the parts; their order on the screen follows the width."""
        with Container(id="board"):
            with Vertical(id="shift"):
                yield EndsLine(id="counts")
                yield HandoverLine(id="handover-line")
                yield EndsLine(id="day")
                tasks = Static(id="registers", markup=False)
                tasks.display = False
                yield tasks
                paper = Static(id="paper", markup=False)
                paper.display = False
                yield paper
                backup = Static(id="backup", markup=False)
                backup.display = False
                yield backup
                yield self._seats()
            yield self.waiting_table()
            yield TabBar(LOWER_TABS, id="tabs")
            yield self._items()
            yield self._findings()
            with Vertical(id="door-pane"):
                yield self._door()
                yield Static(id="occupancy")

    def _seats(self) -> LineTable[SeatRow]:
        return LineTable(
            (
                Column(N_("Seat"), 4),
                Column(N_("No."), 6),
                Column(N_("Name"), 8, flex=1),
                Column(N_("State"), 12),
                Column(N_("Since"), 5),
                Column(N_("Note"), 14, flex=4, from_width=62),
            ),
            lambda row: rows.seat_cells(row, self.desk.zone),
            key=lambda row: row.work_number,
            title=N_("This shift"),
            empty=N_("Nobody is rostered for this hour. 2 Roster shows the month."),
            id="seats",
        )

    def _items(self) -> LineTable[ItemRow]:
        return LineTable(
            (
                Column(N_("Item"), 16, flex=1),
                Column(N_("Due by"), 13, align="right"),
                Column(N_("With"), 12, from_width=56),
            ),
            lambda item: rows.item_cells(item, self.desk.now, self.desk.zone),
            key=lambda item: item.id,
            title=N_("Open items"),
            empty=N_("No open items. n writes one down."),
            header=False,
            id="items",
        )

    def _findings(self) -> LineTable[FindingRow]:
        return LineTable(
            (
                Column(N_("Time"), 5),
                Column(N_("Article"), 10),
                Column(N_("Who"), 6),
                Column(N_("Finding"), 16, flex=1),
            ),
            lambda finding: rows.finding_cells(finding, self.desk.now, self.desk.zone),
            key=lambda finding: finding.id,
            title=N_("Findings of this shift"),
            empty=N_("No findings in this shift."),
            header=False,
            id="findings",
        )

    def _door(self) -> LineTable[DoorRow]:
        return LineTable(
            (Column(N_("Time"), 5), Column(N_("What"), 12, flex=1), Column(N_("Who"), 12, flex=1)),
            lambda row: rows.door_cells(row, self.desk.now, self.desk.zone),
            key=lambda row: (row.kiosk, row.sequence),
            title=N_("Door"),
            empty=N_("The door has seen nobody yet."),
            header=False,
            id="door",
        )

    def body_ready(self) -> None:
        """Arrange for the width and show what is known."""
        self._arrange(self.app.size.width)
        self._show_tab("items")
        self._board_changed(self.desk.board)

    def on_mount(self) -> None:
        """Follow the board, which the frame reads for every screen, and the clock."""
        super().on_mount()
        self.watch(self.app, "board", self._board_changed, init=False)
        self.watch(self.app, "board_trouble", self.set_trouble)
        self.watch(self.app, "now", self._second_passed, init=False)

    def reload(self) -> None:
        """The board is the application's; ask for it once for everyone."""
        self.desk.refresh_board()

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the parts for the new width."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        board, waiting = self.query_one("#board"), self.query_one("#waiting")
        shift = self.query_one("#shift")
        if width >= WIDE:
            board.move_child(waiting, after=shift)
        else:
            board.move_child(waiting, before=shift)

    # Showing.

    def _board_changed(self, board: TodayBoard | None) -> None:
        if board is None or not self.query("#seats"):
            return
        self._table("seats").set_rows(board.seats)
        self.show_waiting([*board.waiting, *board.leave, *board.swaps, *board.corrections])
        self._table("items").set_rows(board.items)
        self._table("findings").set_rows(board.findings)
        self._table("door").set_rows(board.door)
        self.query_one("#occupancy", Static).update(
            rows.occupancy_line(board.inside, board.occupancy_by_hour)
        )
        self._show_titles(board)
        self._show_counts(board)
        self._show_day(board)
        self._show_paper(board)
        self._show_registers(board)
        self._show_backup(board)
        self.refresh_bindings()

    def _show_titles(self, board: TodayBoard) -> None:
        zone = self.desk.zone
        if board.shift is not None:
            hours = f"{clock_time(board.shift.starts_at, zone)}–{clock_time(board.shift.ends_at, zone)}"
            self._table("seats").set_title(plain(f"{shift_name(board.shift)} {hours}"))
        urgent = sum(1 for item in board.items if item.vip or item.overdue)
        title = _("Open items ({urgent} urgent of {count})").format(urgent=urgent, count=len(board.items))
        self._table("items").set_title(Content(title))
        tabs = self.query_one(TabBar)
        for name, count in (
            ("items", len(board.items)),
            ("findings", len(board.findings)),
            ("door-pane", board.inside),
        ):
            tabs.set_count(name, count)

    def _show_counts(self, board: TodayBoard) -> None:
        right = relief_countdown(board, self.desk.now)
        full, brief = joined(_count_parts(board.counts)), joined(_count_parts(board.counts, quiet=False))
        self.query_one("#counts", EndsLine).set_ends(full, brief, right=right)
        moment = Moment(self.desk.now, self.desk.zone)
        self.query_one(HandoverLine).say(handover_line(board.handover, moment))

    def _show_day(self, board: TodayBoard) -> None:
        if board.day is not None:
            figures = day_rows.figures_lines(board.day, self.desk.now, self.desk.zone)
            self.query_one("#day", EndsLine).set_ends(*figures, right=day_rows.checks_line(board.day))

    def _show_paper(self, board: TodayBoard) -> None:
        """One quiet line while a log does not come out of its printer."""
        from tui.print_words import job_sentence

        line = self.query_one("#paper", Static)
        line.display = bool(board.papers)
        if board.papers:
            job = board.papers[0]
            more = _(" (and {count} more)").format(count=len(board.papers) - 1) if board.papers[1:] else ""
            text = plain(job_sentence(job) + more)
            line.update(Content.assemble(("! ", "$attention bold"), text, "  ", ("p", "$accent bold")))

    def _show_registers(self, board: TodayBoard) -> None:
        """One line for what runs and waits in the registers, while there is any (Art. 14, 18, 26)."""
        line = self.query_one("#registers", Static)
        parts = task_parts(board.registers, self.desk.now)
        line.display = bool(parts)
        line.update(packed(parts, line.container_size.width - 2))

    def _show_backup(self, board: TodayBoard) -> None:
        """What is wrong with the backups; that all is well where there is room to say so."""
        from operations.backup_runs import backup_words

        def clock(at: datetime) -> str:
            return day_time(at, self.desk.now, self.desk.zone)

        line = self.query_one("#backup", Static)
        said = backup_words(board.backup, self.desk.now, clock) if board.backup is not None else []
        wide = self.app.size.width >= WIDE
        line.display = bool(said) and (wide or not said[0].well)
        if said:
            first = said[0]
            words = f"{first.text} {first.next_step}" if wide else first.text
            sign, look = ("✓ ", "$faint") if first.well else ("! ", "$attention bold")
            line.update(Content.assemble((sign, look), plain(words, "$faint" if first.well else "")))

    def _second_passed(self) -> None:
        board = self.desk.board
        if board is not None and self.is_current:
            self._show_counts(board)
            self._show_registers(board)

    def _table(self, name: str) -> LineTable[Any]:
        return self.query_one(f"#{name}", LineTable)

    @on(TabBar.Switched)
    def _tab_switched(self, event: TabBar.Switched) -> None:
        self._show_tab(event.name)

    def _show_tab(self, front: str) -> None:
        for name, _label in LOWER_TABS:
            self.query_one(f"#{name}").set_class(name != front, "-behind")

    # Doing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something now."""
        if action == "next_tab":
            return self.app.size.width < WIDE
        return super().check_action(action, parameters)

    def action_next_tab(self) -> None:
        """Bring the next tab to the front."""
        self.query_one(TabBar).action_step(1)

    def action_write_entry(self) -> None:
        """Write down what happened."""
        from tui.screens.entry_dialog import EntryDialog

        def written(draft: EntryDraft | None) -> None:
            if draft is None:
                return
            from operations.shiftlog import write_entry

            said = _("Written into the shift's log.")
            self.run_operation(write_entry, self.actor, self.desk.clock(), draft, success=said)

        seat = self._table("seats").current
        self.app.push_screen(EntryDialog(seat=seat.seat if seat else ""), written)

    def action_seat_leave(self) -> None:
        """Let the person under the cursor leave the seat (Art. 14)."""
        seat: SeatRow | None = self._table("seats").current
        if seat is None:
            self.notify(_("Move to a person in the list of seats first."), markup=False)
            return
        from tui.screens.seat_leave import SeatLeaveDialog

        def permitted(leave: SeatLeave | None) -> None:
            if leave is not None:
                self._permit(seat, leave)

        self.app.push_screen(SeatLeaveDialog(seat), permitted)

    def _permit(self, seat: SeatRow, leave: SeatLeave) -> None:
        from operations.permits import permit_seat_leave

        said = _("{name} may leave the seat for {minutes} min.").format(name=seat.name, minutes=leave.minutes)
        self.run_operation(
            permit_seat_leave,
            self.actor,
            self.desk.clock(),
            seat.work_number,
            leave.reason,
            leave.minutes,
            success=said,
        )

    @on(LineTable.Selected, "#door")
    def _show_event(self, event: LineTable.Selected) -> None:
        from tui.screens.door_event import DoorEventDialog

        self.app.push_screen(DoorEventDialog(event.row, self.desk.zone))

    @on(LineTable.Selected, "#findings")
    def _show_article(self, event: LineTable.Selected) -> None:
        from tui.screens.article_findings import ArticleFindingsDialog

        self.app.push_screen(ArticleFindingsDialog(event.row.article))

    def action_search(self) -> None:
        """Search every shift's log."""
        open_search(self.desk)

    @on(LineTable.Selected, "#items")
    def _show_item(self, event: LineTable.Selected) -> None:
        from tui.screens.story import StoryDialog

        self.app.push_screen(StoryDialog("item", event.row.id))

    def action_figures(self) -> None:
        """Open the figures of the shift that wants them first (Art. 8)."""
        from tui.screens.figures import FiguresDialog

        def kept(count: int | None) -> None:
            if count is not None:
                self.notify(_("{count} new values kept.").format(count=count), markup=False)

        day = self.desk.board.day if self.desk.board else None
        self.app.push_screen(FiguresDialog(day.form.log_id if day and day.form else None), kept)

    def action_spot_checks(self) -> None:
        """Open the day's spot checks (Art. 7)."""
        from tui.screens.spot_checks import SpotChecksDialog

        self.app.push_screen(SpotChecksDialog())

    @on(HandoverLine.Chosen)
    def action_handover(self) -> None:
        """Go to the handover."""
        self.desk.action_show_mode("handover")

    def action_phrases(self) -> None:
        """Show the phrases."""
        from tui.screens.phrases import PhrasesDialog

        self.app.push_screen(PhrasesDialog())

    def action_print(self) -> None:
        """Preview the day's log and print it."""
        from tui.screens.print_log import PrintDialog

        day = self.desk.clock().astimezone(self.desk.zone).date()
        shift = self.desk.board.shift if self.desk.board else None
        self.app.push_screen(PrintDialog(shift.date if shift else day))


def _count_parts(counts: Counts, *, quiet: bool = True) -> list[Content]:
    """Return the figures on top of the board; those that are nought stay quiet, or are left out."""
    looks = (
        (N_("due"), counts.due, "bold"),
        (N_("present"), counts.present, "$ok bold"),
        (N_("late"), counts.late, "$attention bold"),
        (N_("not here"), counts.absent, "$breach bold"),
        (N_("away"), counts.away, "$attention bold"),
        (N_("on leave"), counts.on_leave, "$info bold"),
    )
    return [
        Content.assemble((_(label) + " ", "$faint"), (str(count), style if count else "$faint"))
        for label, count, style in looks
        if count or quiet
    ]
