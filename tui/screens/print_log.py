"""Print the daily log: see it first, then send it to a printer and follow it, or write the PDF or the text."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _, language
from tui.cells import plain
from tui.screens.paper_dialog import SUFFIXES, PaperDialog, write_text
from tui.widgets.line_table import Column, LineTable
from tui.widgets.top_line import shift_name

if TYPE_CHECKING:
    from operations.duties import ShiftRow
    from operations.printing import PrintJobRow
    from operations.signin import Actor

SIGN_STYLES = {"✓": "$ok bold", "!": "$attention bold", "✗": "$breach bold", "·": "$faint"}


class PrintDialog(PaperDialog, inherit_bindings=False):
    """The log of one civil day, or one shift of it; a second printing of the same content is marked as a reprint."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["paper_dialog.tcss", "print_log.tcss"]
    # In the order of use: what does not fit a narrow screen's line of keys is what is asked for least.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", N_("back")),
        Binding("s", "send", N_("print it")),
        Binding("v", "next_scope", N_("day or shift")),
        Binding("r", "retry", N_("try again")),
        Binding("c", "cancel_job", N_("cancel the job")),
        Binding("o", "next_printer", N_("other printer")),
        Binding("p", "write('pdf')", N_("write the PDF")),
        Binding("x", "write('text')", N_("write as text")),
    ]

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day
        self._shifts: tuple[ShiftRow, ...] = ()
        self._scope = 0  # 0 is the whole day
        self._printers: list[str] | None = None
        self._printer = 0
        self._sent: int | None = None

    # What is on it.

    def title_text(self) -> Content:
        """Name the day."""
        return Content(_("Daily log of {date}").format(date=self._day.isoformat()))

    def compose_fields(self) -> ComposeResult:
        """What will be printed where, the preview, and the jobs that are on their way."""
        yield Static(id="order", markup=False)
        yield from super().compose_fields()
        jobs: LineTable[PrintJobRow] = LineTable(
            (
                Column(N_("Paper"), 16, flex=1),
                Column(N_("Printer"), 10, flex=1),
                Column(N_("State"), 24, flex=3),
                Column(N_("Since"), 5, align="right"),
            ),
            self._job_cells,
            key=lambda job: job.id,
            title=N_("Print jobs"),
            header=False,
            id="jobs",
        )
        jobs.display = False
        yield jobs

    def on_mount(self) -> None:
        """Read the paper, the day's shifts, the printers, and follow the jobs."""
        super().on_mount()
        from operations.daily_log import day_shifts

        actor, now, configured = self.desk.signed_in, self.desk.clock(), self.desk.home.settings.paper.printer
        self.run_operation(day_shifts, actor, now, self._day, then=self._shifts_known)
        self.run_operation(lambda: known_printers(configured), then=self._printers_known)
        self.watch(self.app, "data_version", self._read_jobs)

    def _shifts_known(self, shifts: tuple[ShiftRow, ...]) -> None:
        self._shifts = shifts
        self._show_order()

    def _printers_known(self, printers: list[str]) -> None:
        self._printers = printers
        self._show_order()

    def _show_order(self) -> None:
        scope = shift_name(self._shifts[self._scope - 1]) if self._scope else _("the whole day")
        words = _("Prints {scope} on {printer}").format(scope=scope, printer=self.printer)
        line = plain(words) if self.printer else Content.styled(f"{scope}: {self._no_printer()}", "$faint")
        self.query_one("#order", Static).update(line)
        self.refresh_bindings()

    def _no_printer(self) -> str:
        if self._printers is None:
            return _("looking for printers…")
        return _("no printer — name one as [paper] printer in settings.toml")

    @property
    def printer(self) -> str:
        """The printer that was chosen, or nothing while none is known."""
        return self._printers[self._printer] if self._printers else ""

    @property
    def shift(self) -> str:
        """The code of the shift that was chosen; empty for the whole day."""
        return self._shifts[self._scope - 1].code if self._scope else ""

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the day or the shift as text."""
        from operations.daily_log import daily_log, was_printed
        from reports.text import render_text

        log = daily_log(actor, now, self._day, self.shift)
        reprint = was_printed(actor, now, self._day, log.digest)
        return render_text(log, printed_at=now, printed_by=actor.name, reprint=reprint, language=language())

    # The jobs.

    def _read_jobs(self) -> None:
        from operations.printing import print_jobs

        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(lambda: print_jobs(actor, now), then=self._show_jobs)

    def _show_jobs(self, jobs: tuple[PrintJobRow, ...]) -> None:
        from operations.print_states import ENDED

        shown = [job for job in jobs if job.state not in ENDED or job.date == self._day]
        table = self._jobs()
        table.display = bool(shown)
        table.set_rows(shown)
        self._say_what_became_of_it(jobs)
        self.refresh_bindings()

    def _say_what_became_of_it(self, jobs: tuple[PrintJobRow, ...]) -> None:
        from tui.print_words import job_sentence, sign_of

        job = next((job for job in jobs if job.id == self._sent), None)
        if job is not None:
            sign = sign_of(job)
            self._written(Content.assemble((f"{sign} ", SIGN_STYLES[sign]), plain(job_sentence(job))))

    def _job_cells(self, job: PrintJobRow) -> list[Content]:
        from tui.cells import day_time
        from tui.print_words import job_state, paper_name, sign_of

        sign = sign_of(job)
        state = Content.assemble((f"{sign} ", SIGN_STYLES[sign]), plain(job_state(job)))
        since = day_time(job.updated_at, self.desk.now, self.desk.zone)
        return [plain(paper_name(job)), plain(job.printer, "$faint"), state, Content.styled(since, "$faint")]

    def _jobs(self) -> LineTable[Any]:
        return self.query_one("#jobs", LineTable)

    # Doing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something now."""
        if action == "next_printer":
            return bool(self._printers and len(self._printers) > 1)
        if action == "next_scope":
            return bool(self._shifts)
        if action in ("retry", "cancel_job"):
            from operations.print_states import ENDED, PrintState

            job: PrintJobRow | None = self._jobs().current if self.query("#jobs") else None
            return job is not None and job.state not in (*ENDED, PrintState.CANCELING)
        return super().check_action(action, parameters)

    def on_line_table_cursor_moved(self) -> None:
        """What can be done depends on the job under the cursor."""
        self.refresh_bindings()

    def action_next_scope(self) -> None:
        """Go from the whole day to each of its shifts and back."""
        self._scope = (self._scope + 1) % (len(self._shifts) + 1)
        self._show_order()
        self.read()

    def action_next_printer(self) -> None:
        """Choose the next printer."""
        self._printer = (self._printer + 1) % len(self._printers or [""])
        self._show_order()

    def action_send(self) -> None:
        """Send what is shown to the printer that is named."""
        from tui.spooler import PaperOrder, order_paper

        if not self.printer:
            self.set_problem(self._no_printer())
            return
        actor, now, home = self.desk.signed_in, self.desk.clock(), self.desk.home
        by = f"{actor.name}({actor.work_number})"
        order = PaperOrder(self._day, self.shift, self.printer, language(), by)
        self.set_problem("")
        self._written(Content.styled(_("Setting the paper…"), "$faint"))
        self.run_operation(order_paper, home, actor, now, order, then=self._ordered)

    def _ordered(self, job_id: int) -> None:
        self._sent = job_id
        self.desk.data_version += 1

    def action_retry(self) -> None:
        """Try the job under the cursor again, now."""
        from operations.printing import retry_print

        self._change_job(retry_print)

    def action_cancel_job(self) -> None:
        """Cancel the job under the cursor, at the printer too."""
        from operations.printing import cancel_print

        self._change_job(cancel_print)

    def _change_job(self, change: Any) -> None:
        job: PrintJobRow | None = self._jobs().current
        if job is None:
            return

        def changed(_result: object) -> None:
            self._sent = job.id
            self.desk.data_version += 1

        self.set_problem("")
        self.run_operation(change, self.desk.signed_in, self.desk.clock(), job.id, then=changed)

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the log and note that it was printed."""
        from operations.daily_log import daily_log, note_printing, was_printed
        from reports.pdf import write_pdf
        from reports.text import render_text

        scope = f"-{self.shift}" if self.shift else ""
        path = folder / f"zhiban-{self._day.isoformat()}{scope}.{SUFFIXES[medium]}"
        log = daily_log(actor, now, self._day, self.shift)
        reprint = was_printed(actor, now, self._day, log.digest)
        by = f"{actor.name}({actor.work_number})"
        if medium == "pdf":
            write_pdf(path, log, printed_at=now, printed_by=by, reprint=reprint, language=language())
        else:
            text = render_text(log, printed_at=now, printed_by=by, reprint=reprint, language=language())
            write_text(path, text)
        note_printing(actor, now, self._day, medium, log.digest)
        return path


def known_printers(configured: str) -> list[str]:
    """Return the printers to choose from, the settings' own first; asks the machine's printing system."""
    from reports.printers import printer_names

    names = printer_names() or ()
    return [*([configured] if configured else []), *(name for name in names if name != configured)]
