"""The first minutes of a new centre: its name, its time zone, its teams, its first leader."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.screens.dialog import DeskDialog

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("name", N_("Name of the centre"), ""),
    ("zone", N_("Time zone"), "Asia/Shanghai"),
    ("teams", N_("Teams, separated by blanks"), "甲班 乙班 丙班 丁班"),
    ("number", N_("First leader: work number"), ""),
    ("leader", N_("First leader: name"), ""),
    ("pin", N_("First leader: PIN"), ""),
)


class SetUpDialog(DeskDialog[bool]):
    """One page of fields; Enter goes to the next and, on the last, makes the centre. Returns whether it was made."""

    TITLE = N_("Set up my centre")
    AUTO_FOCUS = "#name"

    def compose_fields(self) -> ComposeResult:
        """One labelled line per field, with what most centres would answer."""
        yield Static(
            Content(_("Six answers make the centre. People, badges and the roster come afterwards.")),
            classes="dialog--text",
        )
        for name, label, value in FIELDS:
            yield Label(_(label))
            yield Input(value, id=name, password=name == "pin")

    @on(Input.Submitted)
    def _make(self) -> None:
        from operations.centre import set_up_centre

        given = {name: self.query_one(f"#{name}", Input).value for name, _label, _value in FIELDS}
        for name, label, _value in FIELDS:
            if not given[name].strip():
                self.set_problem(_("{field} is empty.").format(field=_(label)))
                self.query_one(f"#{name}", Input).focus()
                return
        teams = given["teams"].replace("，", " ").replace(",", " ").replace("、", " ").split()
        self.run_operation(
            set_up_centre,
            self.desk.clock(),
            given["name"],
            given["zone"].strip(),
            teams,
            given["number"],
            given["leader"],
            given["pin"],
            then=self._made,
        )

    def _made(self, _nothing: None) -> None:
        self.dismiss(True)
