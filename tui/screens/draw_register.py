"""Draw up a register of the centre's own, or change one: title and course, its fields, the entry form before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from settings import ZhibanError
from tui.register_drawing_lines import drawing_summary, field_cells, field_lines, general_lines
from tui.screens.confirm import ConfirmDialog
from tui.screens.desk import sentence
from tui.screens.dialog import DeskDialog
from tui.screens.register_form import RegisterFormDialog, lines_for_new
from tui.widgets.fitted import FittedLines
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.own_registers import OwnRegister
    from operations.register_drawing import Drawing
    from regulation.registers import Register, RegisterField


class DrawRegisterDialog(DeskDialog["str | None"]):
    """Returns the key of the register that was kept. ``own`` is the one to change; ``taken`` are keys that others have."""

    CSS_PATH = "draw_register.tcss"
    AUTO_FOCUS = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "preview", N_("preview, keep")),
        Binding("g", "general", N_("general")),
        Binding("a", "add", N_("add")),
        Binding("d,delete", "remove", N_("remove")),
        Binding("left_square_bracket", "move(-1)", N_("move"), key_display="[ ]"),
        Binding("right_square_bracket", "move(1)", N_("move"), show=False),
        Binding("enter", "change", N_("change"), show=False, priority=True),
    ]

    def __init__(self, own: OwnRegister | None, taken: tuple[str, ...]) -> None:
        super().__init__()
        from operations.register_drawing import Drawing, drawing_of, free_key

        self._own = own
        self._taken = taken
        self._drawing = drawing_of(own) if own is not None else Drawing(free_key("own", taken), "")
        self._begun = self._drawing

    def title_text(self) -> Content:
        """What is done here."""
        if self._own is None:
            return Content(_("Draw up a register"))
        return Content(_("Change the register “{title}”").format(title=self._own.register.title))

    def compose_fields(self) -> ComposeResult:
        """What was said so far, then the fields."""
        yield FittedLines(id="drawing")
        yield LineTable(
            (
                Column(N_("What is asked"), 16, flex=1),
                Column(N_("What it takes"), 13),
                Column("", 20, flex=2),
            ),
            self._cells,
            key=lambda known: known.key,
            title=N_("Fields"),
            empty=N_("No field yet: a adds the first one."),
            header=False,
            always_marked=True,
            id="fields",
        )

    def _cells(self, known: RegisterField) -> list[Content]:
        return field_cells(self._drawing, known)

    def on_mount(self) -> None:
        """Show it; a new one begins with its title."""
        self._show(self._drawing)
        if self._own is None:
            self.action_general()

    def _show(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self.set_problem("")
        self.query_one("#drawing", FittedLines).show_lines(
            lambda width: Content("\n").join(drawing_summary(drawing, width))
        )
        self._table().set_rows(drawing.fields)
        self.refresh_bindings()

    def _table(self) -> LineTable[Any]:
        return self.query_one("#fields", LineTable)

    @property
    def _field(self) -> RegisterField | None:
        field: RegisterField | None = self._table().current
        return field

    @property
    def _used(self) -> Mapping[str, frozenset[str]]:
        return self._own.used if self._own is not None else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A field is changed, moved and removed where there is one."""
        if action == "next_field":
            return False
        if action in ("change", "remove", "move"):
            return bool(self.query("#fields")) and self._field is not None
        return super().check_action(action, parameters)

    # What the keys do -------------------------------------------------------------------------------------

    def action_general(self) -> None:
        """Ask title, course and who; a new register that has no title yet is left with Esc."""
        from operations.register_drawing_forms import with_general

        drawing, taken, used = self._drawing, self._taken, self._used

        def act(given: Mapping[str, str]) -> Callable[[], object]:
            return lambda: with_general(drawing, given, taken, used)

        def said(made: object) -> None:
            if made is not None:
                self._take(made)
            elif not self._drawing.title:
                self.dismiss(None)

        story = _("Blanks tick who; the arrows go along a line.")
        self.app.push_screen(
            RegisterFormDialog(self.title_text().plain, story, general_lines(drawing), act), said
        )

    def action_add(self) -> None:
        """Ask for a new field."""
        self._ask_field(None)

    def action_change(self) -> None:
        """Change the field under the cursor."""
        self._ask_field(self._field)

    @on(LineTable.Selected, "#fields")
    def _clicked(self) -> None:
        self.action_change()

    def _ask_field(self, known: RegisterField | None) -> None:
        from operations.register_drawing_forms import with_field

        drawing, used = self._drawing, self._used
        # What records may hold of it is read by this field for ever: its kind stays.
        fixed = known is not None and known.key in used and self._own is not None and self._own.records > 0
        key = known.key if known is not None else ""

        def act(given: Mapping[str, str]) -> Callable[[], object]:
            return lambda: with_field(drawing, key, given, used)

        def said(made: object) -> None:
            if made is not None:
                self._take(made)
                if known is None:
                    self._table().cursor = len(self._drawing.fields) - 1

        title = _("A new field") if known is None else _("The field “{label}”").format(label=known.label)
        story = _("Records are there: its kind stays. For another kind, add a field.") if fixed else ""
        lines = field_lines(drawing, known, fixed=fixed)
        self.app.push_screen(RegisterFormDialog(title, story, lines, act), said)

    def _take(self, made: object) -> None:
        from operations.register_drawing import Drawing

        if isinstance(made, Drawing):
            self._show(made)

    def action_remove(self) -> None:
        """Take the field under the cursor out."""
        from operations.register_drawing_forms import without_field

        known = self._field
        if known is None:
            return
        try:
            self._show(without_field(self._drawing, known.key))
        except ZhibanError as error:
            self.set_problem(sentence(error))

    def action_move(self, step: int) -> None:
        """Move the field under the cursor."""
        from operations.register_drawing_forms import moved_field

        known = self._field
        if known is not None:
            self._show(moved_field(self._drawing, known.key, step))

    def action_preview(self) -> None:
        """Show the entry form and what the change means; from there it is kept."""
        from operations.register_change_words import change_words
        from operations.register_drawing import body_of
        from operations.register_drawing_forms import require_whole
        from operations.register_file import register_from

        try:
            require_whole(self._drawing)
            body = body_of(self._drawing)
            register = register_from(body)
        except ZhibanError as error:
            self.set_problem(sentence(error))
            return
        meaning = change_words(self._own, body) if self._own is not None else []
        seen = self._own.version if self._own is not None else 0
        preview = RegisterPreviewDialog(register, meaning, self._keeping(body, seen), self)
        self.app.push_screen(preview, self._kept)

    def _keeping(self, body: dict[str, Any], seen: int) -> Callable[[], object]:
        from operations.register_keeping import define_register

        actor, now = self.desk.signed_in, self.desk.clock()
        return lambda: define_register(actor, now, body, seen)

    def _kept(self, version: object) -> None:
        if version is not None:
            self.desk.notify(_("Kept: {register}").format(register=self._drawing.title), markup=False)
            self.dismiss(self._drawing.key)

    def action_cancel(self) -> None:
        """Leave; what was drawn and not kept is asked for first."""
        if self._drawing == self._begun:
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        self.app.push_screen(
            ConfirmDialog(_("Leave without keeping it?"), _("What was drawn up here is then gone.")), answered
        )


class RegisterPreviewDialog(RegisterFormDialog):
    """The entry form as it will be, to be tried; ``ctrl+s`` keeps the register, and nothing that was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", N_("keep the register"), priority=True)
    ]

    def __init__(
        self, register: Register, meaning: list[str], keep: Callable[[], object], over: DeskDialog[Any]
    ) -> None:
        tried = _("So a new record is written. Try it: what is typed here is not kept.")
        desk = over.desk
        lines = lines_for_new(register, desk.clock(), desk.zone)
        super().__init__(
            _("Preview: {register}").format(register=register.title),
            "\n".join([*meaning, tried]),
            lines,
            lambda _given: keep,
        )

    def action_next_line(self) -> None:
        """Go round the lines: Enter keeps nothing here."""
        fields = self._fields()
        here = fields.index(self.focused) if self.focused in fields else -1
        self.set_focus(fields[(here + 1) % len(fields)])
