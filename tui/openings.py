"""The dialogs that open over any screen: from the commands, or by a key of the screens that name them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from locales import _

if TYPE_CHECKING:
    from tui.app import DeskApp


def open_search(desk: DeskApp) -> None:
    """Search every shift's log."""
    from tui.screens.search_log import SearchDialog

    desk.push_screen(SearchDialog())


def open_templates(desk: DeskApp) -> None:
    """Keep the templates for entries."""
    from tui.screens.templates import TemplatesDialog

    desk.push_screen(TemplatesDialog())


def open_reasons(desk: DeskApp) -> None:
    """Keep the list of reasons to enter."""
    from tui.screens.reasons import ReasonsDialog

    desk.push_screen(ReasonsDialog())


def open_print_jobs(desk: DeskApp) -> None:
    """Show what is on its way to a printer, over today's log."""
    from tui.screens.print_log import PrintDialog

    desk.push_screen(PrintDialog(_today(desk)))


def open_typing_test(desk: DeskApp) -> None:
    """Take a typing test (Art. 10)."""
    from tui.screens.typing_test import TypingTestDialog

    desk.push_screen(TypingTestDialog())


def open_qa_plan(desk: DeskApp) -> None:
    """Show whom to inspect this month, and how that developed (Art. 40)."""
    from tui.screens.qa_plan import QaPlanDialog

    desk.push_screen(QaPlanDialog(_today(desk)))


def open_undertakings(desk: DeskApp) -> None:
    """Show whose confidentiality undertaking is to be signed (Art. 26)."""
    from tui.screens.undertakings import UndertakingsDialog

    desk.push_screen(UndertakingsDialog())


def open_assessment(desk: DeskApp) -> None:
    """Show the month's assessment."""
    from tui.screens.assessment import AssessmentDialog

    desk.push_screen(AssessmentDialog(_today(desk)))


def open_audit(desk: DeskApp) -> None:
    """Show who did what."""
    from tui.screens.audit import AuditDialog

    desk.push_screen(AuditDialog())


def open_duress_pin(desk: DeskApp) -> None:
    """Set one's own PIN under threat."""
    from tui.screens.duress_pin import DuressPinDialog

    def kept(done: bool | None) -> None:
        if done:
            desk.notify(_("Kept. The door hears of it at once."))

    desk.push_screen(DuressPinDialog(), kept)


def _today(desk: DeskApp) -> date:
    return desk.clock().astimezone(desk.zone).date()
