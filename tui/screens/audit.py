"""Who did what to what, and who read it (Art. 31, 33): the audit records, narrowed as one types."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from operations.deed_words import deed_words
from tui.cells import harmless, plain
from tui.screens.lookup_dialog import LookupDialog, Page, Question
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.audit_browser import AuditFilter, AuditRow
    from operations.boundary import Actor

WHICH = ("", "refused", "readings")
WHICH_NAMES = {"": N_("everything"), "refused": N_("refusals"), "readings": N_("readings of secrets")}


class AuditDialog(LookupDialog["AuditRow"]):
    """Which records and the days narrow it; Enter follows the subject under the cursor."""

    TITLE = N_("Who did what")
    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = ["lookup_dialog.tcss", "audit.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("all about it"), priority=True),
        Binding("f2", "next_which", N_("refusals, readings"), key_display="F2"),
        Binding("f4", "next_days", N_("days"), key_display="F4"),
        Binding("f6", "same_actor", N_("the same person"), key_display="F6"),
    ]
    EXAMPLE = N_("Work number, operation, or subject such as entry:12…")
    EMPTY = N_("No record says this.")
    COLUMNS = (
        Column(N_("Time"), 14),
        Column(N_("No."), 8),
        Column(N_("Who"), 8, from_width=90),
        Column(N_("Did"), 20, flex=1),
        Column(N_("To what"), 16, flex=1),
    )

    def __init__(self) -> None:
        super().__init__()
        self._which = ""

    def compose_fields(self) -> ComposeResult:
        """Below the records, all that the one under the cursor says."""
        yield from super().compose_fields()
        yield Static(id="detail", markup=False)

    def question(self) -> Question[AuditRow]:
        """Return what looks for the records, narrowed as it is."""
        from operations.audit_browser import audit_records

        wanted = self._filter()

        def ask(actor: Actor, now: datetime, before: tuple[datetime, int] | None) -> Page[AuditRow]:
            found = audit_records(actor, now, wanted, before)
            return Page(found.rows, found.more_before)

        return ask

    def _filter(self) -> AuditFilter:
        """What was typed: a subject has a colon, a work number is digits, an operation is a word."""
        from operations.audit_browser import AuditFilter

        wanted = AuditFilter(refused=self._which == "refused", readings=self._which == "readings")
        for word in self.words.split():
            if ":" in word and not word.startswith("kiosk:"):
                wanted = replace(wanted, subject=word)
            elif word.isdecimal() or word.startswith("kiosk:") or word == "system":
                wanted = replace(wanted, actor=word)
            else:
                wanted = replace(wanted, action=word)
        first = self.first_day()
        return replace(wanted, since=datetime.combine(first, time(), self.desk.zone)) if first else wanted

    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """Which records, of which days."""
        return ((_("which records"), _(WHICH_NAMES[self._which])), (_("days"), self.days_words()))

    def key(self, row: AuditRow) -> int:
        """Return a record's number."""
        return row.sequence

    def cells(self, row: AuditRow) -> list[Content]:
        """When, who, what, to what; what was refused is marked."""
        local = f"{row.at.astimezone(self.desk.zone):%m-%d %H:%M:%S}"
        did = plain(deed_words(row.action))
        if row.refused:
            did = Content.assemble(("✗ ", "$breach bold"), did)
        return [
            Content.styled(local, "$faint"),
            plain(row.actor or "—", "$accent"),
            plain(row.name),
            did,
            plain(row.subject or "—", "$info"),
        ]

    def show_rows(self) -> None:
        """Another record may stand under the cursor that did not move."""
        super().show_rows()
        self._show_detail()

    @on(LineTable.CursorMoved, "#records")
    def _show_detail(self) -> None:
        row: AuditRow | None = self.table.current
        year = [f"{row.at.astimezone(self.desk.zone):%Y}", row.name] if row else []
        parts = [*filter(None, year), row.action, *_details(row)] if row else []
        self.query_one("#detail", Static).update(plain(harmless("   ".join(parts)), "$faint"))

    def action_next_which(self) -> None:
        """Only refusals, only who read what is confidential, then everything."""
        self._which = WHICH[(WHICH.index(self._which) + 1) % len(WHICH)]
        self.narrowed()

    def action_same_actor(self) -> None:
        """Only what the person under the cursor did."""
        row: AuditRow | None = self.table.current
        if row is not None and row.actor:
            self.words = row.actor

    def action_open(self) -> None:
        """Only what was done to the subject under the cursor, by anyone."""
        row: AuditRow | None = self.table.current
        if row is not None and row.subject:
            self.words = row.subject


def _details(row: AuditRow) -> list[str]:
    return [f"{name} = {value}" for name, value in sorted(row.detail.items())]
