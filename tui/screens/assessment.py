"""The month's assessment (Art. 3, 44): see it with its charts, write it as paper or workbook, send it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _, language
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.paper_dialog import PaperDialog

if TYPE_CHECKING:
    from operations.assessment import AssessmentSending, AssessmentView
    from operations.boundary import Actor
    from regulation.findings import Blocker

PREVIEW_COLUMNS = 94


class AssessmentDialog(PaperDialog):
    """A month as it was last sent, else a draft of now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "month(-1)", N_("month before"), key_display="["),
        Binding("right_square_bracket", "month(1)", N_("next month"), key_display="]"),
        Binding("p", "write('pdf')", N_("write the PDF")),
        Binding("x", "write('xlsx')", N_("Excel")),
        Binding("s", "send", N_("send")),
    ]

    def __init__(self, month: date) -> None:
        super().__init__()
        self._this = self._month = month.replace(day=1)

    def title_text(self) -> Content:
        """Which month."""
        return Content(f"{_('Monthly assessment')}  {self._month:%Y-%m}")

    def _view(self, actor: Actor, now: datetime) -> AssessmentView:
        from operations.assessment import assessment

        return assessment(actor, now, self._month)

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the month with its charts."""
        from reports.assessment_page import assessment_page, assessment_text

        view = self._view(actor, now)
        page = assessment_page(view.assessment, view.sendings, language())
        return assessment_text(page, PREVIEW_COLUMNS)

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write one form of the month and return where it is."""
        view = self._view(actor, now)
        draft = ["draft"] if view.assessment.is_draft else []
        path = folder / f"{'-'.join(['zhiban-assessment', f'{self._month:%Y-%m}', *draft])}.{medium}"
        if medium == "xlsx":
            from reports.assessment_xlsx import save_assessment_xlsx

            save_assessment_xlsx(path, view.assessment, view.sendings, language())
            return path
        from reports.assessment_pdf import render_assessment
        from reports.typesetting import save_pdf

        by = f"{actor.name}({actor.work_number})"
        pdf = render_assessment(
            view.assessment, view.sendings, printed_at=now, printed_by=by, language=language()
        )
        save_pdf(path, pdf)
        return path

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The deputy manager sends; a month that has not begun is not offered."""
        if action == "send":
            from operations.boundary import may
            from operations.permissions import Action

            return self.desk.actor is not None and may(self.desk.signed_in, Action.SEND_ASSESSMENT)
        if action == "month" and parameters == (1,):
            return self._month < self._this
        return super().check_action(action, parameters)

    def action_month(self, step: int) -> None:
        """Show another month."""
        inside = self._month + timedelta(days=32) if step > 0 else self._month - timedelta(days=1)
        self._month = inside.replace(day=1)
        self.set_title(self.title_text())
        self.set_problem("")
        self.refresh_bindings()
        self.read()

    def action_send(self) -> None:
        """Send the month with the PIN, once nothing stands against it."""

        def sent(done: bool | None) -> None:
            if done:
                self.read()

        self.app.push_screen(SendAssessmentDialog(self._month), sent)


class SendAssessmentDialog(DeskDialog[bool | None]):
    """What stands against sending the month, or the PIN that sends it. Dismisses with ``True`` once it is sent."""

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    SendAssessmentDialog .dialog { width: 70; max-width: 100%; }
    SendAssessmentDialog #send-lines { height: auto; max-height: 10; margin-bottom: 1; }
    SendAssessmentDialog #send-lines Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "send", N_("send"), priority=True)]

    def __init__(self, month: date) -> None:
        super().__init__()
        self._month = month

    def title_text(self) -> Content:
        """Which month."""
        return Content(_("Send the assessment of {month} (Art. 44)").format(month=f"{self._month:%Y-%m}"))

    def compose_fields(self) -> ComposeResult:
        """What stands against it, then the PIN."""
        with VerticalScroll(id="send-lines"):
            yield Static(id="send-text")
        yield Label(_("PIN: what is sent is frozen"))
        yield Input(id="pin", password=True, max_length=64, compact=True)

    def on_mount(self) -> None:
        """Ask what stands against it."""
        from operations.assessment import assessment

        args = (self.desk.signed_in, self.desk.clock(), self._month)
        self.run_operation(assessment, *args, then=self._show)

    def _show(self, view: AssessmentView) -> None:
        lines = [self._blocker(one) for one in view.blockers]
        if lines:
            lines.insert(0, Content.styled(_("What must be settled first:"), "$attention"))
        lines += [self._sending(one) for one in view.sendings]
        empty = Content.styled(_("It goes to the operations department."), "$faint")
        self.query_one("#send-text", Static).update(Content("\n").join(lines or [empty]))

    def _blocker(self, one: Blocker) -> Content:
        text = _(one.text).format(**one.details)
        article = _("Art. {number}").format(number=one.article)
        return Content.assemble(("✗ ", "$breach"), plain(f"{text} ({article})"))

    def _sending(self, one: AssessmentSending) -> Content:
        words = _("version {version}, sent {at} by {whom}")
        at = f"{one.sent_at.astimezone(self.desk.zone):%Y-%m-%d %H:%M}"
        return Content.assemble(
            ("✓ ", "$ok"), plain(words.format(version=one.version, at=at, whom=one.sent_by))
        )

    def action_send(self) -> None:
        """Send it, once the field has taken every key typed before."""
        self.query_one("#pin", Input).call_later(self._send)

    def _send(self) -> None:
        from operations.assessment import send_assessment

        pin = self.query_one("#pin", Input).value
        if pin:
            self.set_problem("")
            number = self.desk.signed_in.work_number
            self.run_operation(send_assessment, number, pin, self.desk.clock(), self._month, then=self._sent)

    def _sent(self, sent: AssessmentSending) -> None:
        words = _("Sent: version {version}, digest {digest}")
        self.notify(words.format(version=sent.version, digest=sent.digest[:8]), markup=False)
        self.dismiss(True)
