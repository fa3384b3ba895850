"""A form that is made from a register's fields: a new record, a step, a correction, many people at once, a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.register_values import LONGEST_LINE, LONGEST_TEXT, NO, YES, write_value
from regulation.registers import FieldKind, Register, RegisterField, RegisterStep, Values
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.toggle_line import ToggleLine

FormField = Input | ChoiceLine | ToggleLine
Job = Callable[[], object]
Act = Callable[[Mapping[str, str]], Job]

NOTE, PEOPLE, REASON, NAMED = "note", "people", "reason", "named"
BY_NAME, WITHOUT_NAME = "by_name", "without_name"
NOT_SAID = ("", "—")
_HINTS = {
    FieldKind.DATE: N_("YYYY-MM-DD"),
    FieldKind.INSTANT: N_("YYYY-MM-DD HH:MM"),
    FieldKind.PERSON: N_("work number or name"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form: ``options`` are pairs of a code and a label (a message), none for a text.

    Of ``many`` options any number is ticked. A line stands in the form only while the line that ``when`` names first
    says one of the codes after it.
    """

    name: str
    label: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    longest: int = LONGEST_LINE
    many: bool = False
    when: tuple[str, ...] = ()


class RegisterFormDialog(DeskDialog["object | None"]):
    """``act`` turns what was filled in into a job for a thread; the form leaves with its result once it is done.

    What is refused stays on the screen with everything that was typed, the cursor in the line it is about.
    """

    CSS_PATH = "register_form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_line", N_("next line"), show=False, priority=True),
        Binding("ctrl+s", "accept", N_("save"), priority=True),
    ]

    def __init__(self, title: str, story: str, lines: Iterable[Line], act: Act) -> None:
        super().__init__()
        self._title = title
        self._story = story
        self._lines = tuple(lines)
        self._act = act
        self._acting = False

    def title_text(self) -> Content:
        """The title as given, already in words."""
        return Content(self._title)

    def compose_fields(self) -> ComposeResult:
        """What it is about, then a line for each field."""
        if self._story:
            yield Static(Content(self._story), classes="form--story")
        with VerticalScroll(id="lines", can_focus=False):
            for line in self._lines:
                with HorizontalGroup(classes="form--line", id=f"line-{line.name}"):
                    yield Label(Content(line.label))
                    yield self._field(line)

    def _field(self, line: Line) -> FormField:
        name = f"in-{line.name}"
        if line.many:
            return ToggleLine(line.options, line.value, id=name)
        if line.options:
            return ChoiceLine(line.options, line.value, id=name)
        hint = _(line.hint) if line.hint else ""
        return Input(line.value, hint, max_length=line.longest, compact=True, id=name)

    def on_mount(self) -> None:
        """Start in the first line that is empty."""
        for name in {line.when[0] for line in self._lines if line.when}:
            self.watch(self.query_one(f"#in-{name}", ChoiceLine), "value", self._show_lines)
        fields = self._fields()
        for field in [*(f for f in fields if not f.value), *fields][:1]:
            field.focus()

    def _show_lines(self) -> None:
        """Show the lines that what was chosen asks for."""
        for line in self._lines:
            if line.when:
                name, *codes = line.when
                chosen = self.query_one(f"#in-{name}", ChoiceLine).value
                self.query_one(f"#line-{line.name}").display = chosen in codes

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the form's own."""
        if action == "next_field":
            return False
        return super().check_action(action, parameters)

    def action_next_line(self) -> None:
        """Go to the next line; on the last one save."""
        fields = self._fields()
        here = fields.index(self.focused) if self.focused in fields else -1
        if here + 1 < len(fields):
            self.set_focus(fields[here + 1])
        else:
            self._accept_after([field for field in fields if isinstance(field, Input)])

    def _accept_after(self, fields: list[Input]) -> None:
        """Save when every field has taken the keys that were typed into it."""
        if fields:
            fields[0].call_later(self._accept_after, fields[1:])
        else:
            self.action_accept()

    def action_accept(self) -> None:
        """Do it, once."""
        if self._acting:
            return
        self._acting = True
        self.set_problem("")
        given = {(field.id or "").removeprefix("in-"): field.value.strip() for field in self._fields()}
        self.run_operation(self._act(given), then=self._done)

    def _done(self, result: object) -> None:
        self.desk.data_version += 1
        self.dismiss(result)

    @on(DeskDialog.OperationRefused)
    def _act_refused(self, event: DeskDialog.OperationRefused) -> None:
        self._acting = False
        problems = getattr(event.error, "problems", ())
        names = {line.name for line in self._lines}
        for problem in [p for p in problems if getattr(p, "key", "") in names][:1]:
            self.query_one(f"#in-{problem.key}").focus()

    def _fields(self) -> list[FormField]:
        """The fields of the lines that stand in the form now, in their order."""
        return [
            field
            for field in self.query("Input, ChoiceLine, ToggleLine")
            if isinstance(field, FormField) and (field.parent is None or field.parent.display)
        ]


# --- the lines of a register --------------------------------------------------------------------------------


def lines_for_new(register: Register, now: datetime, zone: tzinfo, own_number: str = "") -> list[Line]:
    """Return the lines of a new record: every field that no later step asks for, the days filled with today.

    ``own_number`` stands where the record has to be about somebody.
    """
    later = {key for step in register.steps for key in step.needs}
    given: dict[str, str] = {}
    for known in register.fields:
        if known.kind is FieldKind.DATE and (known.required or known.key == register.day):
            given[known.key] = f"{now.astimezone(zone):%Y-%m-%d}"
        elif known.kind is FieldKind.INSTANT and known.required and known.key not in _clocks(register):
            given[known.key] = f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
        elif known.key == register.about and known.required:
            given[known.key] = own_number
    return [
        field_line(known, given.get(known.key, ""))
        for known in register.fields
        if known.required or known.key not in later
    ]


def lines_for_step(register: Register, step: RegisterStep, values: Values, zone: tzinfo) -> list[Line]:
    """Return the lines of a step: what it needs and asks for, and its note."""
    wanted = dict.fromkeys((*step.needs, *step.asks))
    lines = [
        field_line(known, _text(known, values, zone)) for known in register.fields if known.key in wanted
    ]
    label = _("Reason") if step.needs_note else _("Note")
    return [*lines, Line(NOTE, label, longest=400)]


def lines_for_correction(register: Register, values: Values, zone: tzinfo) -> list[Line]:
    """Return every field as it reads now, and the reason of the correction."""
    lines = [field_line(known, _text(known, values, zone)) for known in register.fields]
    return [*lines, Line(REASON, _("Reason"), longest=400)]


def field_line(known: RegisterField, value: str) -> Line:
    """Return the line of a field."""
    label = _(known.label)
    if known.unit:
        label = f"{label} ({_(known.unit)})"
    elif known.kind is FieldKind.NUMBER and known.most is not None:
        label = f"{label} ({known.least}–{known.most})"
    if known.required:
        label = f"{label} *"
    longest = known.most or LONGEST_LINE
    if known.kind is FieldKind.TEXT:
        longest = known.most or LONGEST_TEXT
    elif known.kind is not FieldKind.LINE:
        longest = LONGEST_LINE
    return Line(known.key, label, value, _options(known), _HINTS.get(known.kind, ""), longest)


def _options(known: RegisterField) -> tuple[tuple[str, str], ...]:
    if known.kind is FieldKind.YES_NO:
        return (NOT_SAID, (YES, YES), (NO, NO))
    if known.kind is FieldKind.CHOICE:
        return (NOT_SAID, *((choice.key, choice.label) for choice in known.choices))
    return ()


def _text(known: RegisterField, values: Values, zone: tzinfo) -> str:
    return write_value(known, values[known.key], zone) if known.key in values else ""


def _clocks(register: Register) -> set[str]:
    return {state.runs_until for state in register.states}
