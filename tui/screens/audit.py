"""Who did what to what, and who read it (Art. 31, 33): the audit records, narrowed as one types."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from locales import N_, _
from operations.deed_words import deed_words
from settings import ZhibanError
from tui.cells import harmless, joined, plain
from tui.screens.desk import sentence
from tui.screens.dialog import DeskDialog
from tui.screens.search_log import DAYS, PAUSE_SECONDS
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.audit_browser import AuditFilter, AuditPage, AuditRow

WHICH = ("", "refused", "readings")
WHICH_NAMES = {"": N_("everything"), "refused": N_("refusals"), "readings": N_("readings of secrets")}


class AuditDialog(DeskDialog[None]):
    """Letters go into the line, the arrows through the list; Enter follows the subject under the cursor."""

    TITLE = N_("Who did what")
    CSS_PATH = "audit.tcss"
    AUTO_FOCUS = "#wanted"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", N_("next"), show=False, priority=True),
        Binding("up", "move(-1)", N_("previous"), show=False, priority=True),
        Binding("pagedown", "page(1)", N_("page down"), show=False, priority=True),
        Binding("pageup", "page(-1)", N_("page up"), show=False, priority=True),
        Binding("enter", "follow", N_("all about it"), priority=True),
        Binding("f2", "next_which", N_("refusals, readings"), key_display="F2"),
        Binding("f4", "next_days", N_("days"), key_display="F4"),
        Binding("f6", "same_actor", N_("the same person"), key_display="F6"),
    ]

    class Found(Message):
        """A page has arrived; ``asked`` tells whether it is still wanted."""

        def __init__(self, asked: int, page: AuditPage | None, error: ZhibanError | None = None) -> None:
            super().__init__()
            self.asked = asked
            self.page = page
            self.error = error

    def __init__(self, subject: str = "") -> None:
        super().__init__()
        self._given = subject
        self._which = ""
        self._days = 0
        self._rows: tuple[AuditRow, ...] = ()
        self._more: tuple[datetime, int] | None = None
        self._asked = 0
        self._pause: Timer | None = None

    def compose_fields(self) -> ComposeResult:
        """The line, what it is narrowed to, the list, and all the record under the cursor says."""
        yield Input(
            self._given, placeholder=_("Work number, operation, or subject such as entry:12…"), id="wanted"
        )
        yield Static(id="narrowed")
        table: LineTable[AuditRow] = LineTable(
            (
                Column(N_("Time"), 14),
                Column(N_("No."), 8),
                Column(N_("Who"), 8, from_width=90),
                Column(N_("Did"), 20, flex=1),
                Column(N_("To what"), 16, flex=1),
            ),
            self._cells,
            key=lambda row: row.sequence,
            empty=N_("No record says this."),
            id="records",
        )
        table.can_focus = False
        yield table
        yield Static(id="detail", markup=False)

    def on_mount(self) -> None:
        """Show the newest records until something is typed."""
        self._show_narrowed()
        self._ask()

    # Asking.

    @on(Input.Changed, "#wanted")
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._ask)

    def _filter(self) -> AuditFilter:
        """What was typed: a subject has a colon, a work number is digits, an operation is a word."""
        from operations.audit_browser import AuditFilter

        wanted = AuditFilter(refused=self._which == "refused", readings=self._which == "readings")
        for word in self.query_one("#wanted", Input).value.split():
            if ":" in word and not word.startswith("kiosk:"):
                wanted = replace(wanted, subject=word)
            elif word.isdecimal() or word.startswith("kiosk:") or word == "system":
                wanted = replace(wanted, actor=word)
            else:
                wanted = replace(wanted, action=word)
        if self._days:
            local = self.desk.clock().astimezone(self.desk.zone)
            first = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=self._days - 1)
            wanted = replace(wanted, since=first)
        return wanted

    def _ask(self, before: tuple[datetime, int] | None = None) -> None:
        """Ask in a thread; an answer that comes after the next question is put aside."""
        from operations.audit_browser import audit_records

        self._asked += 1
        actor, now, asked, wanted = self.desk.signed_in, self.desk.clock(), self._asked, self._filter()
        kept = self._rows if before is not None else ()

        def run() -> None:
            try:
                page = audit_records(actor, now, wanted, before)
            except ZhibanError as error:
                self.post_message(self.Found(asked, None, error))
            else:
                self.post_message(self.Found(asked, replace(page, rows=(*kept, *page.rows))))

        self.run_worker(run, thread=True, exclusive=True, group="search", exit_on_error=False)

    @on(Found)
    def _found(self, event: Found) -> None:
        event.stop()
        if event.asked != self._asked:
            return
        self.set_problem(sentence(event.error) if event.error else "")
        if event.page is not None:
            self._rows, self._more = event.page.rows, event.page.more_before
            self._table().set_rows(self._rows)
            self._show_detail()

    # Showing.

    def _cells(self, row: AuditRow) -> list[Content]:
        local = f"{row.at.astimezone(self.desk.zone):%m-%d %H:%M:%S}"
        did = plain(deed_words(row.action))
        if row.refused:
            did = Content.assemble(("✗ ", "$breach bold"), did)
        return [
            Content.styled(local, "$faint"),
            plain(row.actor or "—", "$accent"),
            plain(row.name),
            did,
            plain(row.subject or "—", "$info"),
        ]

    @on(LineTable.CursorMoved, "#records")
    def _show_detail(self) -> None:
        row: AuditRow | None = self._table().current
        year = [f"{row.at.astimezone(self.desk.zone):%Y}", row.name] if row else []
        parts = [*filter(None, year), row.action, *_details(row)] if row else []
        self.query_one("#detail", Static).update(plain(harmless("   ".join(parts)), "$faint"))

    def _show_narrowed(self) -> None:
        days = next(_(label) for count, label in DAYS if count == self._days)
        parts = ((_("which records"), _(WHICH_NAMES[self._which])), (_("days"), days))
        shown = [Content.assemble((f"{label} ", "$faint"), plain(value, "$accent")) for label, value in parts]
        self.query_one("#narrowed", Static).update(joined(shown))

    def _table(self) -> LineTable[Any]:
        return self.query_one("#records", LineTable)

    # Moving and narrowing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is one line to fill in; Enter is never its next."""
        if action == "next_field":
            return False
        return super().check_action(action, parameters)

    def action_move(self, step: int) -> None:
        """Move through the list without leaving the line; at its end more is asked for."""
        table = self._table()
        table.action_move(step)
        self._go_on(table)

    def action_page(self, step: int) -> None:
        """Move by a screenful."""
        table = self._table()
        table.action_page(step)
        self._go_on(table)

    def _go_on(self, table: LineTable[Any]) -> None:
        if self._more is not None and table.cursor == table.row_count - 1:
            before, self._more = self._more, None
            self._ask(before)

    def action_next_which(self) -> None:
        """Only refusals, only who read what is confidential, then everything."""
        self._which = WHICH[(WHICH.index(self._which) + 1) % len(WHICH)]
        self._narrowed()

    def action_next_days(self) -> None:
        """Only today, the last days, the last year; then all of them."""
        counts = [count for count, _label in DAYS]
        self._days = counts[(counts.index(self._days) + 1) % len(counts)]
        self._narrowed()

    def _narrowed(self) -> None:
        self._show_narrowed()
        self._ask()

    def action_same_actor(self) -> None:
        """Only what the person under the cursor did."""
        row: AuditRow | None = self._table().current
        if row is not None and row.actor:
            self.query_one("#wanted", Input).value = row.actor

    def action_follow(self) -> None:
        """Only what was done to the subject under the cursor, by anyone."""
        row: AuditRow | None = self._table().current
        if row is not None and row.subject:
            self.query_one("#wanted", Input).value = row.subject

    @on(LineTable.Selected, "#records")
    def _clicked(self) -> None:
        self.action_follow()


def _details(row: AuditRow) -> list[str]:
    return [f"{name} = {value}" for name, value in sorted(row.detail.items())]
