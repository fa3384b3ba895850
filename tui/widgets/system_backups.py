"""Backups and the check of the records on 9 System (Art. 32, 33)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from tui.cells import day_time, plain
from tui.widgets.line_table import Column, LineTable
from tui.widgets.system_section import SystemSection

if TYPE_CHECKING:
    from operations.backup import BackupMade
    from operations.backup_runs import RunRow
    from operations.system_view import SystemView
    from operations.verify import VerifyReport
    from regulation.ledger import Break, Head
    from tui.screens.long_work import Tell


class BackupSection(SystemSection):
    """How the backups stand, and the latest of them."""

    NAME = "backup"
    LABEL = N_("Backup")
    CHANGES: ClassVar[dict[str, str]] = {"back_up": "keep_backups"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "back_up", N_("back up now"))]

    def compose(self) -> ComposeResult:
        """What there is to say, and the list."""
        yield Static(classes="said", markup=False)
        yield LineTable(
            (
                Column(N_("Time"), 11),
                Column(N_("What"), 12),
                Column(N_("Size"), 9, align="right"),
                Column(N_("Rows"), 9, align="right", from_width=70),
                Column(N_("File, or what went wrong"), 24, flex=1),
            ),
            self._cells,
            empty=N_("No backup was made yet. b makes one; zhiban-backup.timer makes one every night."),
        )

    def _clock(self, at: datetime) -> str:
        return day_time(at, self.desk.now, self.desk.zone)

    def _cells(self, run: RunRow) -> list[Content]:
        from operations.backup_listings import size_words
        from operations.backup_runs import RESTORE, failure_words

        when = plain(self._clock(run.at), "$faint")
        if run.failure:
            why = Content.styled(failure_words(run.failure)[0], "$breach")
            return [when, Content.styled(_("failed"), "$breach"), Content(""), Content(""), why]
        restored = run.kind == RESTORE
        what = Content.styled(_("restored"), "$attention") if restored else Content.styled(_("backup"), "$ok")
        return [when, what, Content(size_words(run.size_bytes)), Content(str(run.row_count)), plain(run.file)]

    def show(self, view: SystemView) -> None:
        """Show them."""
        from operations.backup_runs import backup_words

        lines = []
        for said in backup_words(view.backup, self.desk.now, self._clock):
            sign, look = ("✓ ", "$ok bold") if said.well else ("! ", "$attention bold")
            lines.append(Content.assemble((sign, look), plain(f"{said.text} {said.next_step}")))
        self.query_one(Static).update(Content("\n").join(lines))
        self.table.set_rows(view.runs)

    def action_back_up(self) -> None:
        """Back up now, with everyone working on."""
        from tui.screens.long_work import LongWorkDialog

        actor, home, now = self.desk.signed_in, self.desk.home, self.desk.clock()

        def work(tell: Tell) -> BackupMade:
            from operations.backup import make_backup

            return make_backup(actor, now, home, tell=tell)

        def made(backup: BackupMade) -> None:
            from operations.backup_listings import made_lines

            self.desk.data_version += 1
            self.notify("\n".join(made_lines(backup)), markup=False)

        self.ask(LongWorkDialog(_("Backup"), _("The desk goes on meanwhile."), work), made)


class VerifySection(SystemSection):
    """What the last check found, chain by chain."""

    NAME = "verify"
    LABEL = N_("Verify")
    CHANGES: ClassVar[dict[str, str]] = dict.fromkeys(("verify", "digest"), "verify")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "verify", N_("check every record")),
        Binding("d", "digest", N_("look for a printed digest")),
    ]

    def compose(self) -> ComposeResult:
        """What was found, and the chains."""
        yield Static(
            _("v follows every chain of records from its first link (Art. 33)."), classes="said", markup=False
        )
        yield LineTable(
            (
                Column(N_("Chain"), 20, flex=1),
                Column(N_("Records"), 9, align="right"),
                Column(N_("Last"), 40, flex=2),
            ),
            self._cells,
            empty=N_("Nothing was checked since this desk was opened."),
        )

    @staticmethod
    def _cells(found: Head | Break) -> list[Content]:
        from regulation.ledger import Break

        if isinstance(found, Break):
            wrong = Content.styled(f"✗ {_(found.why)}", "$breach")
            return [plain(found.chain, "$breach"), Content(str(found.sequence)), wrong]
        return [plain(found.chain), Content(str(found.sequence)), Content.assemble(("✓ ", "$ok"), found.hash)]

    def show(self, view: SystemView) -> None:
        """What was checked stays until it is checked again."""

    def action_verify(self) -> None:
        """Follow every chain."""
        self._verify("")

    def action_digest(self) -> None:
        """Ask for a digest from paper, then look for it."""
        from tui.screens.digest_dialog import DigestDialog

        self.ask(DigestDialog(), self._verify)

    def _verify(self, digest: str) -> None:
        from tui.screens.long_work import LongWorkDialog

        actor, now = self.desk.signed_in, self.desk.clock()

        def work(tell: Tell) -> VerifyReport:
            from operations.verify import verify

            return verify(
                actor, now, digest or None, lambda done, of: tell(N_("following the chains"), done, of)
            )

        story = _("Every record is compared with the one before it.")
        self.ask(LongWorkDialog(_("Verify"), story, work), self._verified)

    def _verified(self, report: VerifyReport) -> None:
        from operations.listings import verify_lines

        words = verify_lines(report)[-1]
        sign = ("✓ ", "$ok bold") if report.holds else ("✗ ", "$breach bold")
        said = _("Every record holds.") if report.holds else _("The records do not hold.")
        self.query_one(Static).update(Content.assemble(sign, plain(said), "\n", plain(words)))
        self.table.set_rows((*report.breaks, *report.heads))
        self.table.focus()
