"""Punches of an attendance machine from a file: looked at line by line, then evidence (Art. 33)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from regulation.records import Direction
from tui.cells import harmless, plain
from tui.screens.import_dialog import FileImportDialog, Looked, bytes_of
from tui.widgets.line_table import Column

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.figures_file import Problem
    from operations.punch_file import PunchFile
    from operations.punch_import import NewPunch, PunchImportPlan

WAYS = {Direction.IN: N_("in"), Direction.OUT: N_("out"), Direction.NONE: N_("not said")}


class PunchImportDialog(FileImportDialog["PunchFile", "int | None"]):
    """Takes a file of punches over; returns how many were new."""

    TITLE = N_("Import punches")
    LABEL = N_("attlog.dat or CSV: its path")
    EXAMPLE = N_("such as ~/1_attlog.dat")
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column(N_("Line"), 7),
        Column(N_("Name"), 14),
        Column(N_("Time"), 19),
        Column(N_("In or out, or what is wrong"), 24, flex=1),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "mapping", N_("mapping"), priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._mappings: tuple[str, ...] = ()
        self._mapping = ""

    def on_mount(self) -> None:
        """Ask by which mappings files can be read."""
        from operations.punch_mappings import punch_mappings

        def known(rows: Any) -> None:
            self._mappings = tuple(row.name for row in rows)

        self.run_operation(punch_mappings, self.desk.signed_in, self.desk.clock(), then=known)

    def action_mapping(self) -> None:
        """Read the file by the next mapping, or again by the one it looks like."""
        names = ("", *self._mappings)
        self._mapping = names[(names.index(self._mapping) + 1) % len(names)]
        words = _("read as {source}").format(source=self._mapping) if self._mapping else ""
        self.set_title(Content("  ".join(filter(None, (_(self.TITLE), words)))))
        self.look_again()

    def look(self, actor: Actor, now: datetime, path: str) -> Looked[PunchFile]:
        """Read a file by the chosen mapping and hold it against what is here."""
        from operations.punch_import import punch_import_plan
        from operations.punch_listings import punch_count
        from operations.punch_mappings import punch_file

        read = punch_file(actor, now, bytes_of(path), self._mapping)
        plan = punch_import_plan(actor, now, read)
        beside = [_("read as {source}").format(source=plan.source)]
        if plan.undirected:
            beside.append(_("without in or out: {count}").format(count=plan.undirected))
        return Looked(path, read, plan.problems, plan.punches, punch_count(plan), "  ".join(beside))

    def take(self, actor: Actor, now: datetime, looked: Looked[PunchFile], *, skip_errors: bool) -> Any:
        """Take over what is new."""
        from operations.punch_import import import_punches

        return import_punches(actor, now, looked.read, looked.name, skip_errors=skip_errors)

    def taken(self, result: PunchImportPlan) -> None:
        """Close with how many punches were new."""
        self.dismiss(len(result.punches))

    def mistake(self, row: Problem | NewPunch) -> str:
        """A line that is wrong, with its number."""
        from operations.figures_file import Problem
        from operations.punch_listings import problem_line

        return problem_line(row) if isinstance(row, Problem) else ""

    def cells(self, row: Problem | NewPunch) -> list[Content]:
        """A mistake by its line, or a punch that is new."""
        from operations.figures_file import Problem

        if isinstance(row, Problem):
            wrong = Content.styled(harmless(row.text), "$breach")
            line = str(row.line) if row.line else "✗"
            return [Content.styled(line, "$breach bold"), Content(""), plain(row.column), wrong]
        at = f"{row.at.astimezone(self.desk.zone):%Y-%m-%d %H:%M:%S}"
        way = Content.styled(
            _(WAYS[row.direction]), "$attention" if row.direction is Direction.NONE else "$accent"
        )
        return [Content.styled(str(row.line), "$faint"), plain(row.name), Content(at), way]
