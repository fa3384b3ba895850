"""The frame of the desk's dialogs: a title, fields, one line for what is wrong, one line of keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from locales import N_, _
from settings import ZhibanError
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from tui.app import DeskApp

Result = TypeVar("Result")
R = TypeVar("R")


class DeskDialog(ModalScreen[Result]):
    """A dialog that returns one dataclass through ``dismiss``; escape leaves without one."""

    TITLE = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", N_("back")),
        # With priority: what is typed right after Enter must already go to the next field, however fast it comes.
        Binding("enter", "next_field", N_("next"), show=False, priority=True),
    ]

    class OperationDone(Message):
        """A write or a query of this dialog has finished."""

        def __init__(self, finish: Callable[[], None]) -> None:
            super().__init__()
            self.finish = finish

    class OperationRefused(Message):
        """A write or a query of this dialog was refused."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    @property
    def desk(self) -> DeskApp:
        """The application, by its own type."""
        return cast("DeskApp", self.app)

    def title_text(self) -> Content:
        """Return the dialog's title; people's own words in it are data, not markup."""
        return Content(_(self.TITLE) if self.TITLE else "")

    def compose_fields(self) -> ComposeResult:
        """Yield the widgets between the title and the keys."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Compose the frame around the fields."""
        with VerticalGroup(classes="dialog"):
            yield Static(self.title_text(), classes="dialog--title")
            yield from self.compose_fields()
            problem = Static(classes="dialog--problem", markup=False)
            problem.display = False
            yield problem
            yield KeyLine()

    def set_title(self, title: Content) -> None:
        """Change the dialog's title."""
        self.query_one(".dialog--title", Static).update(title)

    def set_problem(self, text: str) -> None:
        """Say in the dialog what is wrong with what was given, or take it back."""
        line = self.query_one(".dialog--problem", Static)
        line.update(Content.assemble(("✗ ", "$breach bold"), Content(text)) if text else Content(""))
        line.display = bool(text)

    def run_operation(self, operation: Callable[..., R], *args: Any, then: Callable[[R], None]) -> None:
        """Run ``operation`` in a worker thread and call ``then`` with its result; an error stays in the dialog."""

        def run() -> None:
            try:
                result = operation(*args)
            except ZhibanError as error:
                self.post_message(self.OperationRefused(error))
            else:
                self.post_message(self.OperationDone(lambda: then(result)))

        self.run_worker(run, thread=True, group="operation", exit_on_error=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter goes to the next field wherever there is one; in the last it is the dialog's own."""
        if action == "next_field":
            return self._field_after_focused() is not None
        return super().check_action(action, parameters)

    def action_next_field(self) -> None:
        """Go to the next field."""
        following = self._field_after_focused()
        if following is not None:
            self.set_focus(following)  # at once; focus() would come after the keys that are already here

    def _field_after_focused(self) -> Input | None:
        fields = list(self.query(Input))
        if self.focused not in fields[:-1]:
            return None
        return fields[fields.index(self.focused) + 1]

    def action_cancel(self) -> None:
        """Leave without a result."""
        self.dismiss(None)

    @on(OperationDone)
    def _operation_done(self, event: OperationDone) -> None:
        event.stop()
        event.finish()

    @on(OperationRefused)
    def _operation_refused(self, event: OperationRefused) -> None:
        from tui.screens.desk import sentence

        event.stop()
        self.set_problem(sentence(event.error))

    @on(Worker.StateChanged)
    def _worker_stopped(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.set_problem(self.desk.note_defect(event.worker.error))
