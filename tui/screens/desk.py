"""The frame every mode's screen stands in: top lines, body, one line for trouble, one line of keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from locales import N_
from settings import ZhibanError
from tui.widgets.alarm_line import AlarmLine
from tui.widgets.key_line import KeyLine
from tui.widgets.top_line import ModeLine, TopLine

if TYPE_CHECKING:
    from operations.signin import Actor
    from tui.app import DeskApp

R = TypeVar("R")


def sentence(error: ZhibanError) -> str:
    """Return what went wrong, with its article, and what to do next."""
    return " ".join(part for part in (str(error), error.next_step) if part)


class DeskScreen(Screen[None]):
    """A mode's screen: ``load`` asks the centre in a thread, ``show`` draws the answer.

    A subclass names its :attr:`MODE`, yields its widgets from :meth:`compose_body` and fills them in
    :meth:`show`, which is called again after the language changed and everything was composed anew.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  declared so by the toolkit
    MODE: ClassVar[str] = ""
    HELP: ClassVar[str] = N_("Number keys switch the modes, ctrl+p opens the commands.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("k", "show_alarms", N_("alarms"))]

    class Loaded(Message):
        """What :meth:`DeskScreen.load` returned has arrived."""

        def __init__(self, result: object) -> None:
            super().__init__()
            self.result = result

    class Failed(Message):
        """The centre could not be asked, or refused to answer."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self.result: Any = None
        self._loading = False
        self._load_again = False
        self._stale = False

    # What a subclass provides.

    def compose_body(self) -> ComposeResult:
        """Yield the widgets between the mode line and the keys."""
        yield from ()

    def body_ready(self) -> None:
        """Called each time the body was composed: at the start, and after a change of language."""

    def load(self, now: datetime) -> object:  # noqa: ARG002  the subclass's query needs it
        """Ask the centre; runs in a worker thread and may raise :class:`ZhibanError`."""
        return None

    def show(self, result: Any) -> None:
        """Draw what :meth:`load` returned."""

    def on_screen_help(self) -> str:
        """Return the message that explains this screen."""
        return self.HELP

    # What a subclass uses.

    @property
    def desk(self) -> DeskApp:
        """The application, by its own type."""
        return cast("DeskApp", self.app)

    @property
    def actor(self) -> Actor:
        """Who is signed in; the desk's screens are only open while someone is."""
        return self.desk.signed_in

    def reload(self) -> None:
        """Ask the centre again; many reasons at once make one query, and a hidden screen waits until it shows."""
        if self.desk.actor is None:
            return
        if not self.is_current:
            self._stale = True
        elif self._loading:
            self._load_again = True
        else:
            self._loading = True
            self._load_in_thread(self.desk.clock())

    def run_operation(
        self,
        operation: Callable[..., R],
        *args: Any,
        then: Callable[[R], None] | None = None,
        success: str | Callable[[R], str] = "",
    ) -> None:
        """Run a write in a worker thread; then toast ``success`` and call ``then`` with its result.

        An error becomes a toast with its article and the next step.
        """

        def finished(result: R) -> None:
            text = success(result) if callable(success) else success
            if text:
                self.notify(text, markup=False)
            self.desk.data_version += 1
            if then is not None:
                then(result)

        def run() -> None:
            try:
                result = operation(*args)
            except ZhibanError as error:
                self.post_message(self.OperationRefused(error))
            else:
                self.post_message(self.OperationDone(lambda: finished(result)))

        self.run_worker(run, thread=True, group="operation", exit_on_error=False)

    class OperationDone(Message):
        """A write was committed."""

        def __init__(self, finish: Callable[[], None]) -> None:
            super().__init__()
            self.finish = finish

    class OperationRefused(Message):
        """A write was refused and left nothing behind."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    def set_trouble(self, text: str) -> None:
        """Show one calm line under the modes, or take it away with an empty text."""
        try:
            line = self.query_one("#trouble", Static)
        except NoMatches:
            return
        line.update(Content.assemble(("✗ ", "$breach bold"), Content(text)) if text else Content(""))
        line.display = bool(text)

    # The frame itself.

    def compose(self) -> ComposeResult:
        """Compose the frame around the body."""
        yield TopLine()
        yield ModeLine(self.MODE)
        yield AlarmLine()
        trouble = Static(id="trouble", markup=False)
        trouble.display = False
        yield trouble
        with Vertical(id="body"):
            yield from self.compose_body()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the centre's news and the language."""
        self.body_ready()
        self.watch(self.app, "language", self._language_changed, init=False)
        self.call_after_refresh(self._follow_the_centre)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Alarms are offered while there is one."""
        if action == "show_alarms":
            return bool(self.desk.board and self.desk.board.alarms)
        return super().check_action(action, parameters)

    def action_show_alarms(self) -> None:
        """Open the alarms of the doors."""
        from tui.screens.alarms import AlarmsDialog

        board = self.desk.board
        self.app.push_screen(AlarmsDialog(board.alarms if board else ()))

    def _follow_the_centre(self) -> None:
        self.watch(self.app, "data_version", self._centre_changed)

    def _centre_changed(self) -> None:
        self.reload()

    async def _language_changed(self) -> None:
        await self.recompose()
        self.body_ready()
        if self.result is not None:
            self.show(self.result)
        if self.AUTO_FOCUS and self.AUTO_FOCUS != "*":
            self.query(self.AUTO_FOCUS).focus()

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was in front."""
        if self._stale:
            self._stale = False
            self.reload()

    # Not exclusive: reload() asks once at a time, and an answer that has just arrived must not be cancelled.
    @work(thread=True, group="load", exit_on_error=False)
    def _load_in_thread(self, now: datetime) -> None:
        try:
            result = self.load(now)
        except ZhibanError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Loaded(result))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        event.stop()
        self.result = event.result
        self.set_trouble("")
        self.show(event.result)
        self._load_finished()

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        event.stop()
        self.set_trouble(sentence(event.error))
        self._load_finished()

    def _load_finished(self) -> None:
        self._loading = False
        if self._load_again:
            self._load_again = False
            self.reload()

    @on(OperationDone)
    def _operation_done(self, event: OperationDone) -> None:
        event.stop()
        event.finish()

    @on(OperationRefused)
    def _operation_refused(self, event: OperationRefused) -> None:
        event.stop()
        self.desk.report(event.error)

    @on(Worker.StateChanged)
    def _worker_stopped(self, event: Worker.StateChanged) -> None:
        # A defect of ours in a thread: the desk stays up, says so once, and keeps the details for the developer.
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        self.set_trouble(self.desk.note_defect(event.worker.error))
        if event.worker.group == "load":
            self._load_finished()
