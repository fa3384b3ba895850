"""The machine room's entry register 机房出入登记: who from outside the centre went in and out (Art. 20)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _, language
from tui.screens.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from operations.entry_register import EntryRegister
    from operations.signin import Actor

SPANS = (("day", N_("today")), ("week", N_("the last seven days")), ("month", N_("this month")))


class EntryRegisterDialog(PaperDialog):
    """The register of today, of seven days or of the month; ``x`` writes it as a table for a spreadsheet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "next_span", N_("another span")),
        Binding("x", "write('csv')", N_("write as CSV")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._span = SPANS[0][0]

    def title_text(self) -> Content:
        """Name the span."""
        return Content(f"{_('Machine-room entry register')}: {_(dict(SPANS)[self._span])}")

    def action_next_span(self) -> None:
        """Go from the day to the week to the month."""
        codes = [code for code, _label in SPANS]
        self._span = codes[(codes.index(self._span) + 1) % len(codes)]
        self.set_title(self.title_text())
        self.read()

    def _days(self, now: datetime) -> tuple[date, date]:
        last = now.astimezone(self.desk.zone).date()
        first = {"day": last, "week": last - timedelta(days=6), "month": last.replace(day=1)}[self._span]
        return first, last

    def _register(self, actor: Actor, now: datetime) -> EntryRegister:
        from operations.entry_register import entry_register

        return entry_register(actor, now, *self._days(now))

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the register's rows, one below the other."""
        from reports.entry_register import register_cells

        register = self._register(actor, now)
        lines = ["  ".join(cell for cell in cells if cell) for cells in register_cells(register, language())]
        return "\n".join(lines) or _("Nobody went in or out in this period.")

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the register, as PDF with a column to sign in or as CSV."""
        from operations.door import kiosks
        from operations.door_listings import door_heads
        from reports.csv_file import write_csv
        from reports.entry_register import HEADINGS, register_cells, render_register
        from reports.typesetting import save_pdf

        register = self._register(actor, now)
        path = folder / f"zhiban-register-{register.first.isoformat()}-{register.last.isoformat()}.{medium}"
        if medium == "csv":
            write_csv(path, HEADINGS[:-1], register_cells(register, language()))
            return path
        paper = render_register(
            register,
            printed_at=now,
            printed_by=f"{actor.name}({actor.work_number})",
            heads=door_heads(actor, now),
            doors=kiosks(actor, now),
            language=language(),
        )
        save_pdf(path, paper)
        return path
