"""Register a visit in advance (Art. 20): who, from where, why, when, and who answers for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _, language
from regulation.records import VisitReason
from tui.screens.dialog import DeskDialog
from tui.screens.entry_dialog import time_given
from tui.widgets.choice_line import ChoiceLine

if TYPE_CHECKING:
    from operations.visits import VisitRequest

USUAL_MINUTES = "120"


class RegisterVisitDialog(DeskDialog["VisitRequest | None"]):
    """Returns the request; whoever opened the dialog hands it in."""

    TITLE = N_("Register a visit")
    CSS_PATH = "register_visit.tcss"
    AUTO_FOCUS = "#visitor"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"), priority=True)]

    def __init__(self, reasons: Sequence[VisitReason]) -> None:
        """``reasons`` are those in force today."""
        super().__init__()
        self._reasons = {reason.code: reason for reason in reasons}

    def compose_fields(self) -> ComposeResult:
        """The reason from the list; what it needs is named beside the field."""
        yield Label(_("Reason"))
        yield ChoiceLine(
            [(code, reason_words(reason)) for code, reason in self._reasons.items()], id="reason"
        )
        yield Static(id="needs", markup=False)
        yield self._pair(("visitor", N_("Visitor"), ""), ("unit", N_("Unit"), ""))
        yield self._pair(("job_title", N_("Job title"), ""), ("phone", N_("Telephone"), ""))
        yield self._pair(("reference", N_("Reference"), ""), ("carried", N_("Carries"), ""))
        yield self._pair(("sponsor", N_("Sponsor's No."), self.desk.signed_in.work_number))
        yield self._pair(("starts", N_("From (HH:MM)"), ""), ("minutes", N_("Minutes"), USUAL_MINUTES))

    @staticmethod
    def _pair(*fields: tuple[str, str, str]) -> HorizontalGroup:
        widgets = []
        for name, label, value in fields:
            widgets += [Label(_(label)), Input(value, id=name, max_length=60, compact=True)]
        return HorizontalGroup(*widgets, classes="pair")

    def on_mount(self) -> None:
        """Say what the first reason needs, and what each further one does."""
        self.watch(self.query_one("#reason", ChoiceLine), "value", self._reason_chosen)

    def _reason_chosen(self) -> None:
        reason = self._reason()
        parts = [_("needs: {needs}").format(needs=_(reason.needs))] if reason.needs else []
        if reason.by_manager:
            parts.append(_("only the deputy manager approves it"))
        self.query_one("#needs", Static).update(Content.styled(" · ".join(parts), "$attention"))

    def _reason(self) -> VisitReason:
        return self._reasons[self.query_one("#reason", ChoiceLine).value]

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def action_accept(self) -> None:
        """Check what was given and leave with the request."""
        reason = self._reason()
        if not self._value("visitor"):
            self._refuse(_("The visitor's name is needed."), "visitor")
        elif reason.needs and not self._value("reference"):
            self._refuse(_("For this reason, give: {needs}.").format(needs=_(reason.needs)), "reference")
        elif not self._value("minutes").isdecimal():
            self._refuse(_("Minutes are a whole number, such as 15."), "minutes")
        else:
            self._leave_with_request()

    def _leave_with_request(self) -> None:
        from operations.visits import VisitRequest

        try:
            starts_at = time_given(self._value("starts"), self.desk.clock(), self.desk.zone, ahead=True)
        except ValueError:
            self._refuse(_("Times are written as HH:MM, such as 22:15."), "starts")
            return
        request: VisitRequest = VisitRequest(
            key=f"desk-{secrets.token_hex(8)}",
            visitor=self._value("visitor"),
            unit=self._value("unit"),
            job_title=self._value("job_title"),
            phone=self._value("phone"),
            carried=self._value("carried"),
            reason=self._reason().code,
            reference=self._value("reference"),
            sponsor_work_number=self._value("sponsor"),
            minutes=int(self._value("minutes")),
            starts_at=starts_at,
        )
        self.dismiss(request)

    def _refuse(self, words: str, name: str) -> None:
        self.set_problem(words)
        self.query_one(f"#{name}").focus()


def reason_words(reason: VisitReason) -> str:
    """Return the reason's label in the reader's language; a centre's own has its English beside it."""
    return reason.label_en if reason.label_en and language() == "en" else _(reason.label)
