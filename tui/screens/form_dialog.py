"""What the desk's small forms have in common: a few lines to fill in, by keyboard alone.

Enter goes to the next line and on the last one accepts, so a form is answered without leaving the home row;
Esc leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Checkbox, Input, Label, Static

from locales import N_
from tui.screens.dialog import DeskDialog
from tui.widgets.tick_box import TickBox

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a form. ``missing`` is what is said when it is left empty; without it the line is optional.

    A ``secret`` line shows dots and takes no blanks away: a PIN is what was typed.
    """

    name: str
    label: str
    missing: str = ""
    hint: str = ""
    value: str = ""
    longest: int = 500
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A yes or no in a form."""

    name: str
    label: str
    value: bool = False


class FormDialog(DeskDialog[ResultT | None]):
    """A titled form under ``story``, the thing it is about. Dismisses with the answer, or ``None`` on Esc."""

    DEFAULT_CSS = """
    FormDialog {
        .form--story { height: auto; max-height: 6; margin: 0 0 1 0; color: $text; }
        .form--label { height: 1; color: $text-muted; }
        Input, Checkbox { margin-bottom: 1; }
    }
    """
    # Enter is taken before the field sees it: whoever types ahead is in the next field at once.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_line", N_("next line"), show=False, priority=True),
        Binding("ctrl+s", "accept", N_("save")),
    ]

    def __init__(self, title: str, story: Content, lines: Iterable[Field | Tick]) -> None:
        super().__init__()
        self._form_title = title
        self._story = story
        self._form_lines = tuple(lines)

    def title_text(self) -> Content:
        """The title as given, already in words."""
        return Content(self._form_title)

    def compose_fields(self) -> ComposeResult:
        """Lay the form out from its lines."""
        yield Static(self._story, classes="form--story")
        for line in self._form_lines:
            if isinstance(line, Tick):
                yield TickBox(Content(line.label), line.value, compact=True, id=line.name)
                continue
            yield Label(Content(line.label), classes="form--label")
            yield Input(
                line.value,
                line.hint,
                max_length=line.longest,
                password=line.secret,
                compact=True,
                id=line.name,
            )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> ResultT:
        """Build the result from what was filled in; raise :class:`ValueError` with words when it cannot be."""
        raise NotImplementedError

    def action_next_line(self) -> None:
        """Go to the next line; on the last one accept."""
        here = self.focused
        if not isinstance(here, Input | Checkbox):
            return
        chain = self.focus_chain
        following = [widget for widget in chain[chain.index(here) + 1 :] if isinstance(widget, Input)]
        if following:
            self.set_focus(following[0])
        else:
            self._accept_after(list(self.query(Input)))

    def _accept_after(self, fields: list[Input]) -> None:
        """Accept when every field has taken the keys that were typed into it."""
        if fields:
            fields[0].call_later(self._accept_after, fields[1:])
        else:
            self.action_accept()

    def action_accept(self) -> None:
        """Check the lines and leave with the answer; a line that must not be empty says so."""
        values = {f.id or "": f.value if f.password else f.value.strip() for f in self.query(Input)}
        ticks = {tick.id or "": tick.value for tick in self.query(Checkbox)}
        for line in self._form_lines:
            if isinstance(line, Field) and line.missing and not values[line.name]:
                self._refuse(line.missing, line.name)
                return
        try:
            answer = self.answer(values, ticks)
        except ValueError as problem:
            self._refuse(str(problem), self._form_lines[-1].name)
        else:
            self.accepted(answer)

    def accepted(self, answer: ResultT) -> None:
        """Leave with the answer."""
        self.dismiss(answer)

    def _refuse(self, words: str, name: str) -> None:
        self.set_problem(words)
        self.query_one(f"#{name}").focus()
