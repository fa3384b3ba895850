"""Print the daily log: see it first, then write the PDF or the text that is signed and filed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _, language
from tui.screens.paper_dialog import SUFFIXES, PaperDialog, write_text

if TYPE_CHECKING:
    from operations.signin import Actor


class PrintDialog(PaperDialog):
    """The log of one civil day; a second printing is marked as a reprint."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day

    def title_text(self) -> Content:
        """Name the day."""
        return Content(_("Daily log of {date}").format(date=self._day.isoformat()))

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the day as text."""
        from operations.daily_log import daily_log
        from reports.text import render_text

        log = daily_log(actor, now, self._day)
        return render_text(log, printed_at=now, printed_by=actor.name, language=language())

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the day's log and note that it was printed."""
        from operations.daily_log import daily_log, note_printing, was_printed
        from reports.pdf import write_pdf
        from reports.text import render_text

        path = folder / f"zhiban-{self._day.isoformat()}.{SUFFIXES[medium]}"
        log = daily_log(actor, now, self._day)
        reprint = was_printed(actor, now, self._day, log.digest)
        by = f"{actor.name}({actor.work_number})"
        if medium == "pdf":
            write_pdf(path, log, printed_at=now, printed_by=by, reprint=reprint, language=language())
        else:
            text = render_text(log, printed_at=now, printed_by=by, reprint=reprint, language=language())
            write_text(path, text)
        note_printing(actor, now, self._day, medium, log.digest)
        return path
