"""A form that acts before it closes: what is refused stays on the screen with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.widgets import Input

from locales import _
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog, Tick

Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Acted:
    """The form's act is done; ``result`` is what the operation returned."""

    result: object = None


def credential_lines(number: str = "") -> tuple[Field, Field]:
    """Return the two lines that every signature asks for."""
    return (
        Field("number", _("Work number"), _("Whose work number?"), value=number, longest=16),
        Field("pin", _("PIN"), _("Type your PIN."), longest=64, secret=True),
    )


class ActingForm(FormDialog[Job | Acted]):
    """``act`` turns what was filled in into a job for a thread; the form leaves with :class:`Acted` when it is done.

    ``act`` may raise :class:`ValueError` with words for what cannot be.
    """

    def __init__(
        self,
        title: str,
        story: Content,
        lines: Iterable[Field | Tick],
        act: Callable[[Mapping[str, str]], Job],
    ) -> None:
        super().__init__(title, story, lines)
        self._act = act
        self._acting = False

    def on_mount(self) -> None:
        """Start where something is still to be filled in."""
        fields = list(self.query(Input))
        empty = [field for field in fields if not field.value]
        for field in [*empty, *fields][:1]:
            field.focus()

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> Job:
        """The job to do."""
        return self._act(values)

    def accepted(self, answer: Job | Acted) -> None:
        """Do it, once."""
        if self._acting or isinstance(answer, Acted):
            return
        self._acting = True
        self.set_problem("")
        self.run_operation(answer, then=self._done)

    def _done(self, result: object) -> None:
        self.desk.data_version += 1
        self.dismiss(Acted(result))

    @on(DeskDialog.OperationRefused)
    def _act_refused(self) -> None:
        """A PIN is typed again, everything else stays."""
        self._acting = False
        secrets = [field for field in self.query(Input) if field.password]
        for field in secrets:
            field.value = ""
        for field in secrets[:1]:
            field.focus()
