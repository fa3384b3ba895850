"""Print the daily log: see it first, then write the PDF or the text that is signed and filed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.widgets import Static

from locales import N_, _, language
from settings import ZhibanError
from tui.screens.dialog import DeskDialog

SUFFIXES = {"pdf": "pdf", "text": "txt"}


class PrintDialog(DeskDialog[None]):
    """The log of one civil day as text, and where it was written."""

    CSS_PATH = "print_log.tcss"
    AUTO_FOCUS = "#preview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "write('pdf')", N_("write the PDF")),
        Binding("x", "write('text')", N_("write as text")),
    ]

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day

    def title_text(self) -> Content:
        """Name the day."""
        return Content(_("Daily log of {date}").format(date=self._day.isoformat()))

    def compose_fields(self) -> ComposeResult:
        """The preview; the answer stands under it."""
        with ScrollableContainer(id="preview"):
            yield Static(Content.styled(_("Reading the day…"), "$faint"), id="page", markup=False)
        yield Static(id="written", markup=False)

    def on_mount(self) -> None:
        """Read the day in a thread."""
        actor, now, day = self.desk.signed_in, self.desk.clock(), self._day

        def preview() -> str:
            from operations.daily_log import daily_log
            from reports.text import render_text

            log = daily_log(actor, now, day)
            return render_text(log, printed_at=now, printed_by=actor.name, language=language())

        self.run_operation(preview, then=self._show)

    def _show(self, text: str) -> None:
        self.query_one("#page", Static).update(Content(text))

    def action_write(self, medium: str) -> None:
        """Write the paper into the paper folder; a second printing is marked as a reprint."""
        actor, now, day = self.desk.signed_in, self.desk.clock(), self._day
        folder = self.desk.home.paper_folder

        def write() -> Path:
            from operations.daily_log import daily_log, note_printing, was_printed
            from reports.pdf import write_pdf
            from reports.text import render_text

            path = _paper_path(folder, day, medium)
            log = daily_log(actor, now, day)
            reprint = was_printed(actor, now, day, log.digest)
            by = f"{actor.name}({actor.work_number})"
            if medium == "pdf":
                write_pdf(path, log, printed_at=now, printed_by=by, reprint=reprint, language=language())
            else:
                text = render_text(log, printed_at=now, printed_by=by, reprint=reprint, language=language())
                _write_text(path, text)
            note_printing(actor, now, day, medium, log.digest)
            return path

        self.set_problem("")
        self._written(Content.styled(_("Writing…"), "$faint"))
        self.run_operation(write, then=self._done)

    def _done(self, path: Path) -> None:
        self._written(Content.assemble(("✓ ", "$ok bold"), _("Written to {file}").format(file=path)))

    def _written(self, text: Content) -> None:
        self.query_one("#written", Static).update(text)


def _paper_path(folder: Path, day: date, medium: str) -> Path:
    """Return where the paper goes, in a folder that exists; raises in words when it cannot."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from error
    return folder / f"zhiban-{day.isoformat()}.{SUFFIXES[medium]}"


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> ZhibanError:
    return ZhibanError(
        _("The paper cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
        next_step=_("Name another folder as [paper] folder in settings.toml."),
    )
