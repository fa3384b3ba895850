"""7 Registers 台账: every register with what waits in it, its records, and one record with its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from locales import N_, _
from regulation.register_service import QA_FORM
from settings import ZhibanError
from tui.cells import plain, wrapped
from tui.openings import open_qa_plan, open_typing_test
from tui.register_lines import (
    book_cells,
    filled_lines,
    record_cells,
    record_columns,
    record_head,
    steps_line,
    story_lines,
)
from tui.register_sources import Source, books, source_of
from tui.screens.desk import DeskScreen, sentence
from tui.screens.record_dialog import RecordDialog, ask_correction, ask_step
from tui.screens.register_filter import filter_words
from tui.widgets.fitted import FittedLines
from tui.widgets.line_table import Column, LineTable
from tui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from datetime import datetime

    from operations.register_views import RecordRow, RecordStory, RegisterBook

# So short that it follows the cursor, so long that a held arrow key asks once.
PAUSE_SECONDS = 0.06


class RegistersScreen(DeskScreen):
    """Registers on the left, their records beside them and the record under the cursor below; all in one where it is narrow."""

    MODE = "registers"
    CSS_PATH = "registers.tcss"
    AUTO_FOCUS = "#records"
    HELP = N_(
        "Every register of the centre. g goes to the registers, Enter or Tab back to their records. n writes a new record, b the "
        "same for many people at once, i takes records over from a file, e and p write what is shown as a table or on "
        "paper. s takes the next step of the record under the cursor, m corrects it, Enter shows its whole story. / "
        "searches, f narrows by state, person, article and days, Esc shows everything again. c opens the spot checks, "
        "d the daily figures, t the typing test (Art. 10), q whom to inspect this month and how that developed (Art. 40). "
        "o draws up registers of the centre's own, for those who set the rules. "
        "Nobody decides or corrects a record about themselves."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "registers", N_("registers")),
        Binding("n", "new", N_("new")),
        Binding("b", "many", N_("for many")),
        Binding("s", "step", N_("next step")),
        Binding("m", "amend", N_("correct")),
        Binding("slash", "find", N_("find")),
        Binding("f", "narrow", N_("filter")),
        Binding("i", "take_over", N_("import")),
        Binding("p", "papers", N_("print, export")),
        Binding("e", "papers", N_("print, export"), show=False),
        Binding("t", "typing_test", N_("typing test"), show=False),
        Binding("q", "qa_plan", N_("QA plan and trends"), show=False),
        Binding("c", "spot_checks", N_("spot checks"), show=False),
        Binding("d", "figures", N_("figures"), show=False),
        Binding("o", "own_registers", N_("own registers")),
        Binding("escape", "show_all", N_("show all"), show=False),
    ]

    class StoryArrived(Message):
        """The record under the cursor was read, or is not to be had (any more)."""

        def __init__(self, record_id: int, story: RecordStory | None) -> None:
            super().__init__()
            self.record_id = record_id
            self.story = story

    def __init__(self) -> None:
        super().__init__()
        from operations.register_views import RecordFilter

        self._key = ""
        self._filter = RecordFilter()
        self._source: Source | None = None
        self._story: RecordStory | None = None
        self._pause: Timer | None = None

    # Composing ------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """Compose the registers, the records and the record."""
        with Container(id="board"):
            yield LineTable(
                (Column("", 14, flex=1), Column("", 4, align="right"), Column("", 5, align="right")),
                book_cells,
                key=lambda book: book.register.key,
                title=N_("Registers"),
                empty=N_("No register is open to you."),
                header=False,
                id="books",
            )
            with Vertical(id="pane"):
                find = Input(
                    self._filter.text, placeholder=_("Words, names, numbers…"), compact=True, id="find"
                )
                find.display = bool(self._filter.text)
                yield find
                yield VirtualTable(
                    (Column("", 1),), self._record_cells, title=N_("The records"), id="records"
                )
                with VerticalScroll(id="record-scroll", can_focus=False):
                    yield FittedLines(id="record")

    def body_ready(self) -> None:
        """Nothing is chosen before the registers were read; after a change of language the same as before."""
        if self._source is not None:
            self._open(self._source.book)

    # Loading --------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> tuple[RegisterBook, ...]:
        """Ask what lies on the shelf."""
        return books(self.actor, now)

    def show(self, result: Sequence[RegisterBook]) -> None:
        """Draw the shelf, and let the records follow."""
        table = self._books()
        table.set_rows(result)
        place = next((n for n, book in enumerate(result) if book.register.key == self._key), None)
        source = self._source
        if place is None or source is None or source.book.register != result[place].register:
            # The first that wants a look, of those that are one's own to look after.
            table.cursor = place if place is not None else _first_wanted(result)
            self._open(result[table.cursor])
        else:
            table.cursor = place
            # The table asks the source it was opened with: names of people arrive there.
            source.book = result[place]
            self._records().reload()
            self._look_soon()
        self.refresh_bindings()

    def _open(self, book: RegisterBook) -> None:
        """Show the records of a register."""
        from operations.register_views import RecordFilter

        if book.register.key != self._key:
            self._filter = RecordFilter()
            self.query_one("#find", Input).value = ""
            self.query_one("#find", Input).display = False
        self._key = book.register.key
        self._source = source_of(book)
        table = self._records()
        table.columns = record_columns(book.register)
        table.empty = book.register.empty or _("Nothing is on record yet. n writes the first line.")
        self._read_records()

    def _read_records(self) -> None:
        """Read the records of the register from the top."""
        source, actor, clock, wanted = self._source, self.actor, self.desk.clock, self._filter
        if source is None:
            return
        table = self._records()
        table.set_source(source.window(actor, clock, wanted))
        title = _(source.book.register.title)
        narrowed = filter_words(source.book.register, wanted)
        table.set_title(plain(f"{title}: {narrowed}" if narrowed else title))
        self._story = None
        self.query_one("#record", FittedLines).show_lines(lambda _width: Content(""))
        self.refresh_bindings()

    def _record_cells(self, row: RecordRow) -> list[Content]:
        if self._source is None or row.register != self._key:
            return []
        return record_cells(
            self._source.book.register, row, self._source.names, self.desk.now, self.desk.zone
        )

    @on(VirtualTable.PageRefused)
    def _page_refused(self, event: VirtualTable.PageRefused) -> None:
        self.set_trouble(sentence(event.error))

    # The record under the cursor --------------------------------------------------------------------------

    @on(LineTable.CursorMoved, "#books")
    def _book_moved(self) -> None:
        book: RegisterBook | None = self._books().current
        if book is not None and book.register.key != self._key and self._source is not None:
            self._open(book)

    @on(LineTable.CursorMoved, "#records")
    def _record_moved(self) -> None:
        self._look_soon()

    def _look_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        row = self._current
        if row is None or self._source is None or self.desk.actor is None:
            self._show_story(0, None)
            return
        if not self._source.has_stories:
            self._show_row(row)
            return
        from operations.register_views import record_story

        actor, now = self.actor, self.desk.clock()

        def run() -> None:
            try:
                story = record_story(actor, now, row.id)
            except ZhibanError:
                self.post_message(self.StoryArrived(row.id, None))
            else:
                self.post_message(self.StoryArrived(row.id, story))

        self.run_worker(run, thread=True, exclusive=True, group="story", exit_on_error=False)

    @on(StoryArrived)
    def _story_arrived(self, event: StoryArrived) -> None:
        event.stop()
        row = self._current
        if row is not None and row.id == event.record_id:
            self._show_story(row.id, event.story)

    def _show_story(self, _record_id: int, story: RecordStory | None) -> None:
        self._story = story
        now, zone = self.desk.clock(), self.desk.zone

        def build(width: int) -> Content:
            if story is None:
                return Content("")
            keys = Content.assemble(("s ", "$accent bold"), _("next step:"), " ", steps_line(story))
            head = wrapped(record_head(story.register, story.record, now, zone), width)
            keys_line = wrapped(keys, width) if story.may_take else []
            return Content("\n").join([*head, *keys_line, *story_lines(story, width, now, zone)])

        self.query_one("#record", FittedLines).show_lines(build)
        self.refresh_bindings()

    def _show_row(self, row: RecordRow) -> None:
        source, zone = self._source, self.desk.zone
        if source is not None:
            self._story = None
            self.query_one("#record", FittedLines).show_lines(
                lambda width: Content("\n").join(
                    filled_lines(source.book.register, row, source.names, width, zone)
                )
            )
            self.refresh_bindings()

    @property
    def _current(self) -> RecordRow | None:
        row: RecordRow | None = self._records().current if self.query("#records") else None
        return row if row is not None and row.register == self._key else None

    def _records(self) -> VirtualTable[Any]:
        return self.query_one("#records", VirtualTable)

    def _books(self) -> LineTable[Any]:
        return self.query_one("#books", LineTable)

    # Keys -----------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what would do something now."""
        book = self._source.book if self._source is not None else None
        if action in ("new", "take_over"):
            return book is not None and book.may_add
        if action == "many":
            return (
                book is not None
                and book.may_add
                and bool(book.register.about)
                and not book.register.anonymous
            )
        if action == "step":
            return self._story is not None and bool(self._story.may_take)
        if action == "amend":
            return self._story is not None and self._story.may_amend
        if action == "qa_plan":
            return self.desk.actor is not None and self.desk.actor.role in QA_FORM.readers
        if action == "own_registers":
            from operations.boundary import may
            from operations.permissions import Action

            return self.desk.actor is not None and may(self.desk.actor, Action.DEFINE_REGISTERS)
        if action in ("find", "narrow", "papers"):
            return book is not None
        return super().check_action(action, parameters)

    def action_registers(self) -> None:
        """Go to the registers; where they do not stand beside the records, choose one from a list."""
        from tui.screens.register_picker import RegisterPicker

        if self._books().display and self._books().region.width:
            self._books().focus()
            return

        def chosen(book: RegisterBook | None) -> None:
            if book is not None:
                self._books().cursor = [b.register.key for b in self.result].index(book.register.key)
                self._records().focus()

        self.app.push_screen(RegisterPicker(self.result or (), self._key), chosen)

    @on(LineTable.Selected, "#books")
    def _book_chosen(self) -> None:
        self._records().focus()

    @on(LineTable.Selected, "#records")
    def _record_chosen(self, event: LineTable.Selected) -> None:
        if self._source is not None and self._source.has_stories:
            self.app.push_screen(RecordDialog(event.row.id), lambda _done: self.reload())

    def action_new(self) -> None:
        """Write a new record."""
        from tui.screens.register_writing import ask_new

        if self._source is not None:
            ask_new(self.desk, self._source.book.register)

    def action_many(self) -> None:
        """Write the same record for many people."""
        from tui.screens.register_writing import ask_many

        if self._source is not None:
            ask_many(self.desk, self._source.book.register)

    def action_step(self) -> None:
        """Take the next step; where there are several, the record shows them with their keys."""
        story = self._story
        if story is not None and len(story.may_take) == 1:
            ask_step(self.desk, story, story.may_take[0], self.reload)
        elif story is not None:
            self.app.push_screen(RecordDialog(story.record.id), lambda _done: self.reload())

    def action_amend(self) -> None:
        """Correct the record under the cursor."""
        if self._story is not None:
            ask_correction(self.desk, self._story, self.reload)

    def action_take_over(self) -> None:
        """Take records over from a file."""
        from tui.screens.register_import import RegisterImportDialog

        def taken(count: int | None) -> None:
            if count is not None:
                self.notify(_("{count} records taken over.").format(count=count), markup=False)
                self.desk.data_version += 1

        if self._source is not None:
            self.app.push_screen(RegisterImportDialog(self._source.book.register), taken)

    def action_papers(self) -> None:
        """Write what is shown as a table or on paper."""
        from tui.screens.register_papers import RegisterPaperDialog

        if self._source is not None:
            self.app.push_screen(RegisterPaperDialog(self._source, self._filter))

    def action_find(self) -> None:
        """Open the search line."""
        find = self.query_one("#find", Input)
        find.display = True
        find.focus()

    @on(Input.Submitted, "#find")
    def _find(self, event: Input.Submitted) -> None:
        self._filter = replace(self._filter, text=event.value.strip())
        event.input.display = bool(self._filter.text)
        self._records().focus()
        self._read_records()

    def action_narrow(self) -> None:
        """Narrow the records by state, person, article and days."""
        from tui.screens.register_filter import ask_filter

        def narrowed(wanted: object) -> None:
            from operations.register_views import RecordFilter

            if isinstance(wanted, RecordFilter):
                self._filter = replace(wanted, text=self._filter.text)
                self._read_records()

        if self._source is not None:
            ask_filter(self.desk, self._source.book.register, self._filter, narrowed)

    def action_show_all(self) -> None:
        """Forget what narrows the records."""
        from operations.register_views import RecordFilter

        find = self.query_one("#find", Input)
        find.value = ""
        find.display = False
        self._records().focus()
        if self._filter != RecordFilter():
            self._filter = RecordFilter()
            self._read_records()

    def action_typing_test(self) -> None:
        """Take a typing test (Art. 10)."""
        open_typing_test(self.desk)

    def action_qa_plan(self) -> None:
        """Open the month's plan of inspections (Art. 40)."""
        open_qa_plan(self.desk)

    def action_spot_checks(self) -> None:
        """Open the day's spot checks (Art. 7)."""
        from tui.screens.spot_checks import SpotChecksDialog

        self.app.push_screen(SpotChecksDialog())

    def action_own_registers(self) -> None:
        """Draw up, change and put away the centre's own registers; the one that was changed stands open then."""
        from tui.screens.own_registers import OwnRegistersDialog

        def changed(key: str | None) -> None:
            if key is not None:
                self.action_show_all()
                self._key, self._source = key, None
                self.reload()

        self.app.push_screen(OwnRegistersDialog(), changed)

    def action_figures(self) -> None:
        """Open the daily figures (Art. 8)."""
        from tui.screens.figures import FiguresDialog

        day = self.desk.board.day if self.desk.board else None
        self.app.push_screen(FiguresDialog(day.form.log_id if day and day.form else None))


def _first_wanted(shelf: Sequence[RegisterBook]) -> int:
    def rank(place: int) -> tuple[bool, bool, bool, int]:
        book = shelf[place]
        return not book.overdue, not book.waiting, not book.reads_all, place

    return min(range(len(shelf)), key=rank)
