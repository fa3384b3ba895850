"""Doors with their readers, and printers, on 9 System."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from settings import ZhibanError
from tui import rows
from tui.cells import plain
from tui.widgets.line_table import Column, LineTable
from tui.widgets.system_section import SystemSection

if TYPE_CHECKING:
    from operations.system_view import SystemView


class DoorSection(SystemSection):
    """Every door, when it was last heard of, and its parts."""

    NAME = "doors"
    LABEL = N_("Doors & readers")

    def compose(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (Column(N_("Door"), 12, flex=1), Column(N_("Part"), 16, flex=1), Column(N_("State"), 20, flex=2)),
            lambda part: rows.reader_cells(part, self.desk.now, self.desk.zone),
            empty=N_("No door has reported yet. zhiban kiosk starts one."),
        )

    def show(self, view: SystemView) -> None:
        """Show a row for each door and one for each part of it."""
        found = []
        for kiosk in view.kiosks:
            found.append((kiosk, "", ""))
            found += [(kiosk, part, state) for part, state in sorted(kiosk.parts.items())]
        self.table.set_rows(found)


class PrinterSection(SystemSection):
    """The printers this machine knows; asking one how it is takes a moment, so it is asked when that is wanted."""

    NAME = "printers"
    LABEL = N_("Printers")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask_printer", N_("how is it?"), priority=True),
    ]

    def compose(self) -> ComposeResult:
        """What is set, and the list."""
        yield Static(classes="said", markup=False)
        yield LineTable(
            (Column(N_("Printer"), 24, flex=1), Column(N_("Used for"), 24, flex=1)),
            self._cells,
            key=lambda row: row,
            empty=N_("No printer is set up. [paper] printer in settings.toml names one."),
        )

    def _cells(self, row: str) -> list[Content]:
        paper = self.desk.home.settings.paper
        used = ""
        if row == paper.printer:
            used = (
                _("the daily log, by itself") if paper.automatic else _("the daily log, when it is asked for")
            )
        return [plain(row), Content(used)]

    def on_mount(self) -> None:
        """Ask the system for its printers."""
        self.run_worker(self._look, thread=True, exit_on_error=False)

    def _look(self) -> None:
        from reports.printers import printer_names

        known = printer_names() or ()
        own = self.desk.home.settings.paper.printer
        names = (*((own,) if own and own not in known else ()), *known)
        self.app.call_from_thread(self.table.set_rows, names)

    def show(self, view: SystemView) -> None:
        """Printers belong to the machine, not to the centre: what was asked at the start stays."""

    def action_ask_printer(self) -> None:
        """Ask the printer under the cursor how it is."""
        if self.table.current is not None:
            self.query_one(Static).update(Content.styled(_("Asking…"), "$faint"))
            self.run_worker(self._ask_one, thread=True, exit_on_error=False)

    def _ask_one(self) -> None:
        from reports.printing import printer_trouble_in_words

        name = str(self.table.current)
        try:
            trouble: ZhibanError | None = printer_trouble_in_words(name)
        except ZhibanError as error:
            trouble = error
        ready = Content.assemble(
            ("✓ ", "$ok bold"), plain(_("The printer {name} is ready.").format(name=name))
        )
        said = ready
        if trouble is not None:
            said = Content.assemble(("✗ ", "$breach bold"), plain(f"{name}: {trouble} {trouble.next_step}"))
        self.app.call_from_thread(self.query_one(Static).update, said)
