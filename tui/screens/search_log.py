"""Search over every shift's log, as one types; keys narrow it and Enter opens what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from locales import N_, _
from regulation.handover import ItemState
from regulation.logbook import ENTRY_KINDS
from settings import ZhibanError
from tui.cells import day_time, harmless, joined, plain
from tui.handover_text import state_name
from tui.screens.desk import sentence
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.search import FoundPage, Hit, LogQuery

# So short that it follows the typing, so long that a fast typist asks once for a word and not for each letter.
PAUSE_SECONDS = 0.08
KINDS = ("", *ENTRY_KINDS)
STATES = ("", *ItemState)
DAYS: tuple[tuple[int, str], ...] = (
    (0, N_("any day")),
    (1, N_("today")),
    (7, N_("7 days")),
    (31, N_("31 days")),
    (366, N_("a year")),
)


class SearchDialog(DeskDialog[None]):
    """Letters always go into the line; the list is moved by the arrows and narrowed by function keys."""

    TITLE = N_("Search every shift's log")
    CSS_PATH = "search_log.tcss"
    AUTO_FOCUS = "#words"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", N_("next"), show=False, priority=True),
        Binding("up", "move(-1)", N_("previous"), show=False, priority=True),
        Binding("pagedown", "page(1)", N_("page down"), show=False, priority=True),
        Binding("pageup", "page(-1)", N_("page up"), show=False, priority=True),
        Binding("enter", "open", N_("show it"), priority=True),
        Binding("f2", "next_kind", N_("kind"), key_display="F2"),
        Binding("f3", "next_state", N_("state of items"), key_display="F3"),
        Binding("f4", "next_days", N_("days"), key_display="F4"),
        Binding("f6", "next_person", N_("person"), key_display="F6"),
    ]

    class Found(Message):
        """A page has arrived; ``asked`` tells whether it is still wanted."""

        def __init__(self, asked: int, page: FoundPage | None, error: ZhibanError | None = None) -> None:
            super().__init__()
            self.asked = asked
            self.page = page
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._kind = self._state = self._person = ""
        self._days = 0
        self._hits: list[Hit] = []
        self._more: int | None = None
        self._asked = 0
        self._pause: Timer | None = None

    def compose_fields(self) -> ComposeResult:
        """The line, what it is narrowed to, the list."""
        yield Input(placeholder=_("Words, numbers, part of a phone number…"), id="words")
        yield Static(id="narrowed")
        table: LineTable[Hit] = LineTable(
            (
                Column(N_("Time"), 11),
                Column(N_("Shift"), 8, from_width=84),
                Column(N_("What"), 14),
                Column(N_("Text"), 20, flex=1),
                Column(N_("Who"), 14, from_width=70),
            ),
            self._cells,
            key=lambda hit: hit.key,
            empty=N_("Nothing found."),
            id="hits",
        )
        table.can_focus = False
        yield table

    def on_mount(self) -> None:
        """Show the newest entries until something is typed."""
        self._show_narrowed()
        self._ask()

    # Asking.

    @on(Input.Changed, "#words")
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._ask)

    def _query(self) -> LogQuery:
        from operations.search import LogQuery

        words = self.query_one("#words", Input).value
        return LogQuery(words, self._kind, self._state, self._person, self._since())

    def _since(self) -> date | None:
        today = self.desk.clock().astimezone(self.desk.zone).date()
        return today - timedelta(days=self._days - 1) if self._days else None

    def _ask(self, before: int | None = None) -> None:
        """Ask in a thread; an answer that comes after the next question is put aside."""
        from operations.search import search_log

        self._asked += 1
        actor, now, asked, query = self.desk.signed_in, self.desk.clock(), self._asked, self._query()
        if before is None:
            self._more = None

        def run() -> None:
            try:
                page = search_log(actor, now, query, before)
            except ZhibanError as error:
                self.post_message(self.Found(asked, None, error))
            else:
                found = page if before is None else replace(page, hits=(*self._hits, *page.hits))
                self.post_message(self.Found(asked, found))

        self.run_worker(run, thread=True, exclusive=True, group="search", exit_on_error=False)

    @on(Found)
    def _found(self, event: Found) -> None:
        event.stop()
        if event.asked != self._asked:
            return
        self.set_problem(sentence(event.error) if event.error else "")
        if event.page is not None:
            self._hits, self._more = list(event.page.hits), event.page.more_before
            self._table().set_rows(self._hits)

    # Showing.

    def _cells(self, hit: Hit) -> list[Content]:
        what = _(ENTRY_KINDS[hit.kind]) if hit.kind and not hit.state else ""
        if hit.state:
            what = _("item, {state}").format(state=state_name(ItemState(hit.state)))
        elif hit.subject == "addendum":
            what = _("addendum")
        # Made harmless as one line first: the marks keep their places.
        found = Content(harmless(hit.snippet))
        for start, end in hit.marks:
            found = found.stylize("$accent bold", start, end)
        return [
            Content.styled(day_time(hit.at, self.desk.now, self.desk.zone), "$faint"),
            plain(language_name(hit.shift, hit.shift_en), "$faint"),
            Content.styled(what, "$info"),
            found,
            plain(hit.person, "$faint"),
        ]

    def _show_narrowed(self) -> None:
        days = next(_(label) for count, label in DAYS if count == self._days)
        parts = (
            (_("kind"), _(ENTRY_KINDS[self._kind]) if self._kind else _("any")),
            (_("items"), state_name(ItemState(self._state)) if self._state else _("any")),
            (_("days"), days),
            (_("person"), self._person or _("anyone")),
        )
        shown = [Content.assemble((f"{label} ", "$faint"), plain(value, "$accent")) for label, value in parts]
        self.query_one("#narrowed", Static).update(joined(shown))

    def _table(self) -> LineTable[Any]:
        return self.query_one("#hits", LineTable)

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

    def action_next_kind(self) -> None:
        """Only one kind of entry, then the next, then all."""
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._narrowed()

    def action_next_state(self) -> None:
        """Only items that are open, carried, resolved; then everything."""
        self._state = STATES[(STATES.index(self._state) + 1) % len(STATES)]
        self._narrowed()

    def action_next_days(self) -> None:
        """Only today, the last days, the last year; then all of them."""
        counts = [count for count, _label in DAYS]
        self._days = counts[(counts.index(self._days) + 1) % len(counts)]
        self._narrowed()

    def action_next_person(self) -> None:
        """Only what belongs to the person under the cursor, then what is one's own, then everyone's."""
        own = self.desk.signed_in.work_number
        hit: Hit | None = self._table().current
        others = hit.person.rpartition("(")[2].rstrip(")") if hit is not None else ""
        choices = list(dict.fromkeys(("", others, own)))
        place = choices.index(self._person) if self._person in choices else len(choices) - 1
        self._person = choices[(place + 1) % len(choices)]
        self._narrowed()

    def _narrowed(self) -> None:
        self._show_narrowed()
        self._ask()

    def action_open(self) -> None:
        """Open what is under the cursor."""
        from tui.screens.story import StoryDialog

        hit: Hit | None = self._table().current
        if hit is not None:
            self.app.push_screen(StoryDialog(hit.subject, hit.subject_id))

    @on(LineTable.Selected, "#hits")
    def _clicked(self) -> None:
        self.action_open()
