"""The visitor's form at the door (Art. 20): name, unit, telephone, reason from the list, reference, sponsor."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Select, Static

from kiosk.states import VisitForm
from locales import DEFAULT_LANGUAGE, LANGUAGES, N_, translate
from regulation.visiting import VISIT_REASONS, visit_reason

FIELDS: Final = {
    "visitor": (N_("Name"), 40),
    "unit": (N_("Unit"), 80),
    "phone": (N_("Telephone"), 32),
    "reason": (N_("Reason"), 0),
    "reference": (N_("Reference"), 80),
    "sponsor": (N_("Work number of whom you visit"), 16),
}
SEND: Final = N_("Send to the desk")


class VisitorFormPanel(Vertical):
    """Collects what a visitor writes and says when it is sent. What was typed is forgotten on demand."""

    class Sent(Message):
        """The visitor sent the form."""

        def __init__(self, form: VisitForm) -> None:
            super().__init__()
            self.form = form

    def compose(self) -> ComposeResult:
        """One row for each field, then the button."""
        for name, (_label, longest) in FIELDS.items():
            with Horizontal(classes="field"):
                yield Static(id=f"label-{name}", classes="label")
                if longest:
                    yield Input(id=f"field-{name}", max_length=longest, compact=True)
                else:
                    yield Select[str]([], id=f"field-{name}", compact=True, prompt="—")
        yield Button(id="send", compact=True)

    def on_mount(self) -> None:
        """Name the fields."""
        self._first = DEFAULT_LANGUAGE
        self._left_at = "field-visitor"
        self._shown = False
        self.name_fields(self._first)

    def name_fields(self, first: str) -> None:
        """Write labels and reasons, the language ``first`` first."""
        self._first = first
        order = [first, *(code for code in LANGUAGES if code != first)]

        def both(message: str) -> str:
            return " ".join(dict.fromkeys(translate(message, code) for code in order))

        for name, (label, _longest) in FIELDS.items():
            self.query_one(f"#label-{name}", Static).update(Content(both(label)))
        reasons = self.query_one("#field-reason", Select)
        chosen = reasons.value
        reasons.set_options((both(reason.label), reason.code) for reason in VISIT_REASONS)
        if isinstance(chosen, str):
            reasons.value = chosen
        self.query_one("#send", Button).label = both(SEND)
        self._name_reference()

    def open(self, first: str) -> None:
        """Show the form, the cursor where it was."""
        if self._shown:
            return
        self._shown = True
        self.name_fields(first)
        self.call_after_refresh(self.query_one(f"#{self._left_at}").focus)

    def step_aside(self) -> None:
        """Give the keys to whoever stands at the door now; what was typed stays."""
        if not self._shown:
            return
        self._shown = False
        focused = self.screen.focused
        if focused is not None and focused.id and focused in self.query("*"):
            self._left_at = focused.id
        self.screen.set_focus(None)

    def forget(self) -> None:
        """Clear everything: the next one at the door must not read it."""
        self.step_aside()
        self._left_at = "field-visitor"
        for field in self.query(Input):
            with self.prevent(Input.Changed):
                field.value = ""
        self.query_one("#field-reason", Select).clear()

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "field-sponsor":
            self._send()
        else:
            self.screen.focus_next()

    @on(Select.Changed)
    def _reason_chosen(self) -> None:
        self._name_reference()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self._send()

    def _name_reference(self) -> None:
        """Say in the reference's field what the chosen reason needs."""
        chosen = self.query_one("#field-reason", Select).value
        reason = visit_reason(chosen) if isinstance(chosen, str) else None
        self.query_one("#field-reference", Input).placeholder = (
            translate(reason.needs, self._first) if reason is not None and reason.needs else ""
        )

    def _send(self) -> None:
        def text(name: str) -> str:
            return self.query_one(f"#field-{name}", Input).value.strip()

        chosen = self.query_one("#field-reason", Select).value
        self.post_message(
            self.Sent(
                VisitForm(
                    visitor=text("visitor"),
                    unit=text("unit"),
                    phone=text("phone"),
                    reason=chosen if isinstance(chosen, str) else "",
                    reference=text("reference"),
                    sponsor=text("sponsor"),
                )
            )
        )
