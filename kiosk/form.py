"""The visitor's form at the door (Art. 20): who, from where, why, for how long, with what, and whom they visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Button, Input, Static

from kiosk.inputs import VisitForm
from kiosk.registration import VISIT_MINUTES
from locales import DEFAULT_LANGUAGE, LANGUAGES, N_, translate
from regulation.records import VisitReason
from regulation.visiting import VISIT_REASONS

# The label and how many characters fit; a field without a length is chosen from a list.
FIELDS: Final = {
    "visitor": (N_("Name"), 40),
    "unit": (N_("Unit"), 80),
    "job": (N_("Job title"), 40),
    "phone": (N_("Telephone"), 32),
    "reason": (N_("Reason for the visit"), 0),
    "reference": (N_("Reference"), 80),
    "carried": (N_("Items brought along"), 120),
    "minutes": (N_("Stay"), 0),
    "sponsor": (N_("Whom you visit (work no.)"), 16),
}
SEND: Final = N_("Send to the desk")
MINUTES: Final = N_("{count} min")
HOURS: Final = N_("{count} h")
CHOOSE: Final = N_("← → or a number")
FIRST_MINUTES: Final = 120


def reason_words(reason: VisitReason, language: str) -> str:
    """Return a reason's name in ``language``: the regulation's, or the centre's own in one or two languages."""
    if reason.label_en and language == "en":
        return reason.label_en
    return translate(reason.label, language)


class Choice(Static, can_focus=True):
    """One of a few, all by keys: arrows step, a number takes its place in the list, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", show=False),
        Binding("right,down,space", "step(1)", show=False),
        Binding("enter", "go_on", show=False),
        *(Binding(key, f"take({key})", show=False) for key in "123456789"),
    ]

    class Changed(Message):
        """Another one was chosen."""

    def __init__(self, field: str) -> None:
        super().__init__(id=f"field-{field}", classes="choice")
        self._options: Sequence[tuple[str, str]] = ()
        self._hint = ""
        self.value = ""

    def offer(self, options: Sequence[tuple[str, str]], hint: str) -> None:
        """Offer these (words, value); what was chosen stays while it is offered."""
        self._options, self._hint = options, hint
        if self.value not in [value for _words, value in options]:
            self.value = ""
        self._draw()

    def choose(self, value: str) -> None:
        """Choose ``value``; an empty one chooses nothing."""
        self.value = value
        self._draw()
        self.post_message(self.Changed())

    def action_step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        values = [value for _words, value in self._options]
        if not values:
            return
        place = values.index(self.value) + by if self.value else (0 if by > 0 else -1)
        self.choose(values[place % len(values)])

    def action_take(self, number: int) -> None:
        """Choose by place."""
        if number <= len(self._options):
            self.choose(self._options[number - 1][1])

    def action_go_on(self) -> None:
        """Go to the next field."""
        self.screen.focus_next()

    def on_click(self, event: Click) -> None:
        """A pointer steps on."""
        event.stop()
        self.action_step(1)

    def _draw(self) -> None:
        place = next((n for n, (_words, v) in enumerate(self._options, 1) if v == self.value), 0)
        if place:
            self.update(Content(f"‹ {place}/{len(self._options)} › {self._options[place - 1][0]}"))
        else:
            self.update(Content(f"‹ -/{len(self._options)} › {self._hint}"))


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
                    yield Choice(name)
        yield Button(id="send", compact=True)

    def on_mount(self) -> None:
        """Name the fields."""
        self._left_at = "field-visitor"
        self._shown = False
        self._reasons: tuple[VisitReason, ...] = ()
        self.name_fields(DEFAULT_LANGUAGE, VISIT_REASONS)
        self._stay_as_usual()

    def name_fields(self, first: str, reasons: Sequence[VisitReason] | None = None) -> None:
        """Write labels and choices, the language ``first`` first."""
        self._order = [first, *(code for code in LANGUAGES if code != first)]
        if reasons is not None:
            self._reasons = tuple(reasons)
        for name, (label, _longest) in FIELDS.items():
            self.query_one(f"#label-{name}", Static).update(Content(self._both(label)))
        options = [(reason_words(reason, first), reason.code) for reason in self._reasons]
        hint = translate(CHOOSE, first)
        self._choice("reason").offer(options, hint)
        self._choice("minutes").offer([(self._stay(m), str(m)) for m in VISIT_MINUTES], hint)
        self.query_one("#send", Button).label = self._both(SEND)
        self._name_reference()

    def open(self, first: str, reasons: Sequence[VisitReason]) -> None:
        """Show the form, the cursor where it was."""
        if self._shown:
            return
        self._shown = True
        self.name_fields(first, reasons)
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
        self._choice("reason").value = ""
        self._stay_as_usual()
        self.name_fields(self._order[0])

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "field-sponsor":
            self._send()
        else:
            self.screen.focus_next()

    @on(Choice.Changed)
    def _chosen(self) -> None:
        self._name_reference()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self._send()

    def _name_reference(self) -> None:
        """Say beside the reference's field what the chosen reason needs; one that needs nothing skips it."""
        chosen = next((r for r in self._reasons if r.code == self._choice("reason").value), None)
        needs = chosen.needs if chosen is not None else ""
        self.query_one("#label-reference", Static).update(
            Content(self._both(needs or FIELDS["reference"][0]))
        )
        field = self.query_one("#field-reference", Input)
        field.disabled = chosen is not None and not needs
        if field.disabled:
            field.value = ""

    def _send(self) -> None:
        def text(name: str) -> str:
            return self.query_one(f"#field-{name}", Input).value.strip()

        self.post_message(
            self.Sent(
                VisitForm(
                    visitor=text("visitor"),
                    unit=text("unit"),
                    phone=text("phone"),
                    reason=self._choice("reason").value,
                    reference=text("reference"),
                    sponsor=text("sponsor"),
                    job_title=text("job"),
                    carried=text("carried"),
                    minutes=int(self._choice("minutes").value or 0),
                )
            )
        )

    def _stay_as_usual(self) -> None:
        self._choice("minutes").choose(str(FIRST_MINUTES))

    def _stay(self, minutes: int) -> str:
        words, count = (MINUTES, minutes) if minutes < 60 else (HOURS, minutes // 60)
        return translate(words, self._order[0]).format(count=count)

    def _choice(self, name: str) -> Choice:
        return self.query_one(f"#field-{name}", Choice)

    def _both(self, message: str) -> str:
        return _joined(translate(message, code) for code in self._order)


def _joined(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(words))
