"""Templates for entries: taken by Enter; whoever may keeps the list (Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from regulation.logbook import ENTRY_KINDS, Template
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog, Tick
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Callable

KEEPING = frozenset({"write", "change", "retire"})


class TemplateDialog(FormDialog[Template]):
    """One template; a known code gets new words."""

    def __init__(self, known: Template | None) -> None:
        given = known or Template("", "abnormal", "", "")
        due = str(given.due_minutes) if given.due_minutes else ""
        super().__init__(
            _("A template for entries"),
            Content(_("Write … where something is to be filled in.")),
            [
                Field("code", _("Code (letters)"), missing=_("A template needs a code."), value=given.code),
                Field(
                    "kind",
                    _("Kind ({kinds})").format(kinds=", ".join(ENTRY_KINDS)),
                    missing=_("Which kind?"),
                    value=given.kind,
                ),
                Field(
                    "title",
                    _("Title"),
                    missing=_("A template needs a title."),
                    value=_title(given),
                    longest=40,
                ),
                Field("text", _("Text"), missing=_("A template needs a text."), value=_text(given)),
                Field("department", _("Passed to"), value=given.department, longest=60),
                Field("due", _("Due after minutes"), value=due, longest=5),
                Tick("vip", _("VIP"), given.vip),
                Tick("open", _("stays open as an item"), given.open_item),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> Template:
        """Return the template; raises :class:`ValueError` for minutes that are none."""
        due = values["due"] or "0"
        if not due.isdecimal():
            raise ValueError(_("Minutes are written as a number, such as 120."))
        return Template(
            values["code"],
            values["kind"],
            values["title"],
            values["text"],
            values["department"],
            ticks["vip"],
            ticks["open"],
            int(due),
        )


class TemplatesDialog(DeskDialog["Template | None"]):
    """Returns the template that was taken."""

    TITLE = N_("Templates for entries")
    CSS_PATH = "templates.tcss"
    AUTO_FOCUS = "#templates"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", N_("take it"), priority=True),
        Binding("n", "write", N_("a new one")),
        Binding("e", "change", N_("change")),
        Binding("d", "retire", N_("take off the list")),
    ]

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (Column(N_("Kind"), 14), Column(N_("Title"), 16, flex=1), Column(N_("Text"), 20, flex=3)),
            self._cells,
            key=lambda template: template.code,
            empty=N_("No templates."),
            id="templates",
        )

    @staticmethod
    def _cells(template: Template) -> list[Content]:
        kind = _(ENTRY_KINDS[template.kind])
        return [
            Content.styled(kind, "$info"),
            plain(_title(template), "bold"),
            plain(_text(template), "$faint"),
        ]

    def on_mount(self) -> None:
        """Read the list."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Who may not keep the list may take from it."""
        if action in KEEPING:
            from operations.boundary import may
            from operations.permissions import Action

            return may(self.desk.signed_in, Action.KEEP_TEMPLATES)
        return super().check_action(action, parameters)

    def _read(self, _result: object = None) -> None:
        from operations.templates import entry_templates

        self.run_operation(entry_templates, self.desk.signed_in, self.desk.clock(), then=self._show)

    def _show(self, templates: Sequence[Template]) -> None:
        self._table().set_rows(templates)

    def _table(self) -> LineTable[Any]:
        return self.query_one("#templates", LineTable)

    def action_take(self) -> None:
        """Leave with the template under the cursor."""
        template: Template | None = self._table().current
        if template is not None:
            self.dismiss(template)

    def action_write(self) -> None:
        """Write a new one."""
        self.app.push_screen(TemplateDialog(None), self._given)

    def action_change(self) -> None:
        """Change the one under the cursor."""
        if self._table().current is not None:
            self.app.push_screen(TemplateDialog(self._table().current), self._given)

    def _given(self, template: Template | None) -> None:
        from operations.templates import set_entry_template

        if template is not None:
            self._change(set_entry_template, template)

    def action_retire(self) -> None:
        """Take the one under the cursor off the list."""
        from operations.templates import retire_entry_template

        template: Template | None = self._table().current
        if template is not None:
            self._change(retire_entry_template, template.code)

    def _change(self, operation: Callable[..., object], *args: object) -> None:
        self.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, then=self._read)


def _title(template: Template) -> str:
    return _(template.title) if template.title else ""


def _text(template: Template) -> str:
    return _(template.text) if template.text else ""
