"""This month's findings of one article, or of the centre's own rules."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from operations.findings import FindingRow
from regulation.articles import ARTICLES
from tui import rows
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable


class ArticleFindingsDialog(DeskDialog[None]):
    """Newest first; each names who and what."""

    CSS_PATH = "article_findings.tcss"
    AUTO_FOCUS = "#found"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", N_("go to it"), priority=True)]

    def __init__(self, article: int) -> None:
        """``article`` is 0 for the findings of the centre's own rules."""
        super().__init__()
        self._article = article

    def title_text(self) -> Content:
        """Name the article."""
        from tui.screens.regulation import article_label

        known = ARTICLES.get(self._article)
        parts = [rows.article_name(self._article), article_label(known) if known is not None else ""]
        return Content("  ".join(filter(None, parts)))

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Time"), 11),
                Column(N_("Who"), 8),
                Column(N_("No."), 6),
                Column(N_("Finding"), 16, flex=1),
            ),
            self._cells,
            empty=N_("No findings this month."),
            id="found",
        )

    def _cells(self, finding: FindingRow) -> list[Content]:
        when, _article, who, what = rows.finding_cells(finding, self.desk.now, self.desk.zone)
        return [when, who, plain(finding.work_number, "$faint"), what]

    def on_mount(self) -> None:
        """Ask for them in a thread."""
        from operations.findings import findings

        now = self.desk.clock()
        local = now.astimezone(self.desk.zone)
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        self.run_operation(findings, self.desk.signed_in, now, first, now, self._article, then=self._show)

    def action_open(self) -> None:
        """Open the record the finding is about, or the part of the desk that keeps the article."""
        from tui.finding_places import open_place

        finding: FindingRow | None = self.query_one("#found", LineTable).current
        if finding is None:
            return
        self.set_problem("")
        if not open_place(self, finding):
            self.set_problem(_("What this is about is not yours to see."))

    @on(LineTable.Selected, "#found")
    def _clicked(self) -> None:
        self.action_open()

    def _show(self, found: tuple[FindingRow, ...]) -> None:
        self.query_one("#found", LineTable).set_rows(found)
