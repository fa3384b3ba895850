"""The limits on 9 System: each with its article, its unit, its source, and what it will be from which day on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui import rows
from tui.cells import plain
from tui.widgets.line_table import Column, LineTable
from tui.widgets.system_section import SystemSection

if TYPE_CHECKING:
    from operations.system_view import LimitRow, SystemView
    from tui.screens.limit_dialog import LimitGiven


class LimitSection(SystemSection):
    """Enter gives one the centre's own value."""

    NAME = "limits"
    LABEL = N_("Limits")
    CHANGES: ClassVar[dict[str, str]] = {"set": "set_limits"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "set", N_("change"), priority=True)]

    def compose(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Article"), 8),
                Column(N_("What it limits"), 30, flex=1),
                Column(N_("In force"), 8, align="right"),
                Column(N_("Unit"), 18),
                Column(N_("From then on"), 18, from_width=100),
                Column(N_("Source"), 20, flex=1, from_width=110),
            ),
            self._cells,
            key=lambda row: row.definition.name,
        )

    @staticmethod
    def _cells(row: LimitRow) -> list[Content]:
        from operations.centre import limit_source

        known = row.definition
        own = "$accent bold" if row.value != known.value else ""
        coming = f"{row.next_from:%Y-%m-%d}: {row.next_value}" if row.next_from is not None else ""
        article = rows.article_name(known.article) if known.article else "—"
        return [
            plain(article, "$faint"),
            Content(_(known.label)),
            Content.styled(str(row.value), own) if own else Content(str(row.value)),
            Content(_(known.unit)),
            Content.styled(coming, "$attention"),
            plain(limit_source(known), "$faint"),
        ]

    def show(self, view: SystemView) -> None:
        """Show them."""
        self.table.set_rows(view.limits)

    def action_set(self) -> None:
        """Give the limit under the cursor another value from a day on."""
        from tui.screens.limit_dialog import LimitDialog

        row: LimitRow | None = self.table.current
        if row is None:
            return

        def given(limit: LimitGiven) -> None:
            from operations.centre import set_limit

            said = _("Kept. What is past stays judged by what was in force.")
            self.change(set_limit, row.definition.name, limit.value, limit.effective_from, success=said)

        self.ask(LimitDialog(row, self.today), given)
