"""A shift's daily figures on one page (Art. 5, 8): Enter goes to the next, ctrl+s keeps them all or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.figures import FormState, NotAFigure, figure_value, target_is_missed
from tui.cells import day_time, harmless, plain
from tui.day_rows import form_shift
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.figures import FigureForm, FigureGiven, FigureRow

LONGEST_VALUE = 20
LONGEST_REASON = 200
STATE_LOOKS: dict[FormState, tuple[str, str, str]] = {
    FormState.OPEN: ("·", N_("due {due}"), "$faint"),
    FormState.ON_TIME: ("✓", N_("in on time"), "$ok"),
    FormState.LATE: ("✗", N_("due {due}, late (Art. 8)"), "$breach"),
    FormState.MISSING: ("✗", N_("due {due}, missing (Art. 8)"), "$breach"),
}


class FiguresDialog(DeskDialog[int | None]):
    """Opens on the shift that wants its figures first; returns how many values were kept."""

    CSS_PATH = "figures.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", N_("save"), priority=True),
        Binding("pageup", "shift(-1)", N_("shift before"), priority=True),
        Binding("pagedown", "shift(1)", N_("next shift"), priority=True),
    ]

    def __init__(self, log_id: int | None = None) -> None:
        super().__init__()
        self._log_id = log_id
        self._forms: tuple[FigureForm, ...] = ()

    @property
    def _form(self) -> FigureForm | None:
        found = (form for form in self._forms if form.log_id == self._log_id)
        return next(found, self._forms[-1] if self._forms else None)

    def title_text(self) -> Content:
        """Which shift, until when, and how it stands."""
        form = self._form
        if form is None:
            return Content(_("Daily figures (Art. 8)"))
        sign, words, style = STATE_LOOKS[form.state]
        due = day_time(form.due_at, self.desk.now, self.desk.zone)
        shift = plain(f"{form.date:%m-%d} {form_shift(form)} {form.team}".strip())
        state = Content.styled(f"{sign} {_(words).format(due=due)}", style)
        return Content("  ").join([Content(_("Daily figures")), shift, state])

    def compose_fields(self) -> ComposeResult:
        """A line for each figure, and one for why a value that was there is corrected."""
        form = self._form
        if form is None:
            yield Static(self._nothing(), classes="dialog--text")
            return
        with VerticalScroll(id="figures", can_focus=False):
            for row in form.rows:
                yield self._line(row)
        with HorizontalGroup(classes="figure"):
            yield Label(_("Reason for corrections"), classes="figure--name")
            yield Input("", id="reason", max_length=LONGEST_REASON, compact=True)

    def _nothing(self) -> str:
        return _("No shift is rostered that wants figures.") if self._loaded else "…"

    def _line(self, row: FigureRow) -> HorizontalGroup:
        from operations.dated_lists import own_words
        from operations.figures import value_text

        kind = row.kind
        unit = own_words(kind.unit, kind.unit_en)
        name = harmless(own_words(kind.label, kind.label_en) + (f" ({unit})" if unit else ""))
        value = Input(
            value_text(row),
            id=f"figure-{kind.code}",
            max_length=LONGEST_VALUE,
            compact=True,
            classes="figure--value",
        )
        value.disabled = not self._may_write()
        note = Static(self._note(row, value_text(row)), classes="figure--note", id=f"note-{kind.code}")
        return HorizontalGroup(Label(Content(name), classes="figure--name"), value, note, classes="figure")

    def _note(self, row: FigureRow, text: str) -> Content:
        """What stands beside a value: its target, whether it is met, and who entered it."""
        from operations.daily_figures import target_text

        target = target_text(row.kind)
        look = ("", "$faint")
        if text.strip():
            try:
                missed = target_is_missed(row.kind, figure_value(text, row.kind))
            except NotAFigure:
                return Content.styled("✗ " + _("not a number"), "$breach")
            if target:
                look = ("! ", "$attention") if missed else ("✓ ", "$ok")
        by = plain(f"  {row.entered_by}", "$faint") if row.entered_by else Content("")
        corrected = Content.styled(f" ×{row.version}", "$faint") if row.earlier else Content("")
        return Content.assemble(look, (target, "$faint"), by, corrected)

    # Loading: at the start, and for no other reason: what is being typed is never taken away.

    _loaded = False

    def on_mount(self) -> None:
        """Ask for the forms that may be filled in."""
        from operations.figures import figure_forms_offered

        self.run_operation(
            figure_forms_offered, self.desk.signed_in, self.desk.clock(), then=self._forms_arrived
        )

    def _forms_arrived(self, forms: Sequence[FigureForm]) -> None:
        self._forms, self._loaded = tuple(forms), True
        self._show_again()

    def _show_again(self) -> None:
        self.refresh(recompose=True)
        self.call_after_refresh(self._focus_first)

    def _focus_first(self) -> None:
        fields = [field for field in self.query(Input) if not field.disabled]
        if fields:
            empty = [field for field in fields if not field.value]
            self.set_focus(empty[0] if empty[:-1] else fields[0])

    @on(Input.Changed)
    def _value_changed(self, event: Input.Changed) -> None:
        row = self._row_of(event.input)
        if row is not None:
            self.query_one(f"#note-{row.kind.code}", Static).update(self._note(row, event.value))

    def _row_of(self, field: Input) -> FigureRow | None:
        code = (field.id or "").removeprefix("figure-")
        return next((row for row in self._form.rows if row.kind.code == code), None) if self._form else None

    # Doing.

    def _may_write(self) -> bool:
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.desk.signed_in, Action.WRITE_FIGURES)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something now."""
        if action == "accept":
            return bool(self._forms) and self._may_write()
        if action == "shift":
            return len(self._forms) > 1
        return super().check_action(action, parameters)

    def action_shift(self, step: int) -> None:
        """Show the shift before or after; what was typed is kept or given up first."""
        form = self._form
        if form is None:
            return
        if self._changed():
            self.set_problem(_("Save these figures first, or leave them with Esc."))
            return
        place = self._forms.index(form) + step
        if 0 <= place < len(self._forms):
            self._log_id = self._forms[place].log_id
            self._show_again()

    def _changed(self) -> list[FigureRow]:
        from operations.figures import value_text

        form = self._form
        rows = form.rows if form is not None else ()
        return [row for row in rows if self._text(row) != value_text(row)]

    def _text(self, row: FigureRow) -> str:
        return self.query_one(f"#figure-{row.kind.code}", Input).value.strip()

    # By the last field's own message, so that it comes after everything typed before it.
    @on(Input.Submitted)
    def action_accept(self) -> None:
        """Check every line and keep them together."""
        form = self._form
        if form is None or not self._may_write():
            return
        given = self._given()
        if given is None:
            return
        from operations.figures import enter_figures

        reason = self.query_one("#reason", Input).value
        args: tuple[Any, ...] = (form.log_id, given, reason)
        self.run_operation(enter_figures, self.desk.signed_in, self.desk.clock(), *args, then=self._kept)

    def _kept(self, count: int) -> None:
        self.dismiss(count)

    def _given(self) -> list[FigureGiven] | None:
        """What was written, or nothing after saying which line is no figure."""
        from operations.dated_lists import own_words
        from operations.figure_kinds import not_a_figure
        from operations.figures import FigureGiven

        given = []
        for row in self._changed():
            kind, text = row.kind, self._text(row)
            try:
                figure_value(text, kind)
            except NotAFigure as why:
                self.set_problem(not_a_figure(own_words(kind.label, kind.label_en), why))
                self.query_one(f"#figure-{kind.code}").focus()
                return None
            given.append(FigureGiven(kind.code, text, row.version))
        return given
