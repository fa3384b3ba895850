"""Registers on paper and as tables: what is shown on the screen, or one record (台账打印、导出)."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.register_sources import Source
from tui.screens.paper_dialog import PaperDialog
from tui.screens.register_filter import filter_words

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.centre import CentreInfo
    from operations.register_views import RecordFilter, RecordStory


MOST_SHOWN = 200
"""Lines of the preview; the files have all of them."""


class RegisterPaperDialog(PaperDialog):
    """The records that are shown: a list with room to sign, an Excel sheet, CSV. Both tables can be imported again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "write('xlsx')", N_("Excel")),
        Binding("c", "write('csv')", N_("CSV")),
    ]

    def __init__(self, source: Source, wanted: RecordFilter) -> None:
        super().__init__()
        self._source = source
        self._wanted = wanted

    def title_text(self) -> Content:
        """Which register, and what narrows it."""
        register = self._source.book.register
        return Content("  ".join(filter(None, (_(register.title), filter_words(register, self._wanted)))))

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the list, a line for each record."""
        from operations.register_sheet import paper_columns, paper_rows
        from reports.listing import table_text
        from reports.sheet import printable

        register = self._source.book.register
        rows = list(islice(self._source.rows(actor, now, self._wanted), MOST_SHOWN))
        headings = [column.heading for column in paper_columns(register)[:-1]]
        cells = [list(row[:-1]) for row in paper_rows(register, rows, self._source.names, self.desk.zone)]
        if not cells:
            return _(
                "Nothing is on record. Excel or CSV still writes the headings: a form to fill in and import."
            )
        return printable(table_text(headings, cells, 96))

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the records in one form and return the file."""
        from tui.register_files import save_records

        register = self._source.book.register
        path = folder / f"zhiban-{register.key}-{now.astimezone(self.desk.zone):%Y-%m-%d-%H%M}.{medium}"
        subject = filter_words(register, self._wanted)
        save_records(path, self._source, self._wanted, actor, now, centre_of(self), subject)
        return path


class RecordPaperDialog(PaperDialog):
    """One record with everything that was done, and room for signatures."""

    def __init__(self, story: RecordStory) -> None:
        super().__init__()
        self._story = story

    def title_text(self) -> Content:
        """Which record."""
        from operations.register_words import record_name

        return Content(record_name(self._story.register, self._story.record.number))

    def preview(self, actor: Actor, now: datetime) -> str:  # noqa: ARG002  the record was read before
        """Return the record's lines."""
        from operations.register_sheet import record_lines
        from reports.sheet import printable

        lines = record_lines(self._story, self.desk.zone)
        return printable("\n".join(f"{label}  {words}" for label, words in lines))

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the record as PDF or as text."""
        from tui.register_files import save_record
        from tui.screens.paper_dialog import SUFFIXES, write_text

        register, number = self._story.register, self._story.record.number
        path = folder / f"zhiban-{register.key}-{number}.{SUFFIXES[medium]}"
        if medium == "text":
            write_text(path, self.preview(actor, now) + "\n")
        else:
            save_record(path, self._story, actor, now, centre_of(self))
        return path


def centre_of(dialog: PaperDialog) -> CentreInfo:
    """Return the centre whose papers are written: there is one as long as somebody is signed in."""
    centre = dialog.desk.centre
    if centre is None:
        raise RuntimeError("no centre is open")
    return centre
