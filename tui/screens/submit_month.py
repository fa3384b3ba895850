"""Submitting a team's month of attendance (Art. 34): what is frozen, what stands against it, and the PIN."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.attendance_month import formula
from regulation.duty_verdicts import VERDICT_NAMES, DutyVerdict
from tui.cells import plain
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.attendance_months import Submitted, TeamMonth


class SubmitMonthDialog(DeskDialog[bool | None]):
    """Dismisses with ``True`` once it was submitted."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    SubmitMonthDialog .dialog { width: 78; max-width: 100%; }
    SubmitMonthDialog #submit-lines { height: auto; max-height: 12; margin-bottom: 1; scrollbar-size-vertical: 1; }
    SubmitMonthDialog #submit-lines Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_line", N_("submit"), priority=True),
    ]

    def __init__(self, month: date, team: TeamMonth) -> None:
        super().__init__()
        self._month, self._team = month, team

    def title_text(self) -> Content:
        """Which month of which team."""
        words = _("Submit {month} of team {team} (Art. 34)")
        return plain(words.format(month=f"{self._month:%Y-%m}", team=self._team.name))

    def compose_fields(self) -> ComposeResult:
        """The rate, what stands against it or what changes, then reason and PIN."""
        with VerticalScroll(id="submit-lines"):
            yield Static(Content("\n").join(self._lines()), id="submit-text")
        if self._team.blockers:
            return
        if self._team.submitted is not None:
            yield Label(_("Why the month is restated"))
            yield Input(id="reason", max_length=300, compact=True)
        yield Label(_("PIN: what is submitted is frozen"))
        yield Input(id="pin", password=True, max_length=64, compact=True)

    def on_mount(self) -> None:
        """Ask what a restatement would change."""
        from operations.attendance_months import restatement_changes

        if self._team.submitted is not None:
            args = (self.desk.signed_in, self.desk.clock(), self._month, self._team.team)
            self.run_operation(restatement_changes, *args, then=self._show_changes)

    def _lines(self) -> list[Content]:
        lines = [plain(_(line.text).format(**line.details)) for line in formula(self._team.totals)]
        if self._team.blockers:
            lines.append(Content(""))
            lines.append(Content.styled(_("What must be settled first:"), "$attention"))
        for one in self._team.blockers:
            text = _(one.text).format(**one.details)
            lines.append(Content.assemble(("✗ ", "$breach"), plain(f"{text} ({_article(one.article)})")))
        return lines

    def _show_changes(self, changes: tuple[dict[str, str], ...]) -> None:
        lines = [*self._lines(), Content(""), Content.styled(_("What changes:"), "$attention")]
        for one in changes:
            before, after = (_verdict(one[name]) for name in ("before", "after"))
            lines.append(plain(f"{one['date']} {one['work_number']}: {before} → {after}"))
        self.query_one("#submit-text", Static).update(Content("\n").join(lines))

    def action_next_line(self) -> None:
        """From the reason to the PIN; from the PIN submit, once it has taken every key typed before."""
        if not self.query("#pin"):
            return
        pin = self.query_one("#pin", Input)
        if self.focused is not pin:
            self.set_focus(pin)
        else:
            pin.call_later(self._submit)

    def _submit(self) -> None:
        from operations.attendance_months import submit_month

        pin = self.query_one("#pin", Input).value
        if not pin:
            return
        reason = self.query_one("#reason", Input).value if self.query("#reason") else ""
        self.set_problem("")
        number = self.desk.signed_in.work_number
        args = (number, pin, self.desk.clock(), self._month, self._team.team, reason)
        self.run_operation(submit_month, *args, then=self._submitted)

    def _submitted(self, kept: Submitted) -> None:
        words = _("Submitted: version {version}, digest {digest}")
        self.notify(words.format(version=kept.version, digest=kept.digest[:8]), markup=False)
        self.dismiss(True)


def _verdict(value: str) -> str:
    return _(VERDICT_NAMES[DutyVerdict(value)]) if value else "—"


def _article(number: int) -> str:
    return _("Art. {number}").format(number=number)
