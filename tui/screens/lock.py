"""The locked desk: nothing of the centre's work shows until the PIN is given again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Label, Static
from textual.worker import Worker, WorkerState

from locales import N_, _
from settings import ZhibanError
from tui.cells import plain
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from operations.signin import Actor
    from tui.app import DeskApp


class LockScreen(Screen[None]):
    """Asks the PIN of whoever is signed in, or lets someone else sign in."""

    CSS_PATH = "lock.tcss"
    AUTO_FOCUS = "#pin"
    HELP = N_("The desk locked itself, or someone locked it. The PIN opens it as it was left.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "someone_else", N_("sign in as someone else")),
        Binding("f1", "app.screen_help", N_("help")),
    ]

    class Opened(Message):
        """The PIN was right."""

        def __init__(self, actor: Actor) -> None:
            super().__init__()
            self.actor = actor

    class Refused(Message):
        """The PIN was wrong."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    @property
    def desk(self) -> DeskApp:
        """The application, by its own type."""
        return cast("DeskApp", self.app)

    def compose(self) -> ComposeResult:
        """One field."""
        actor = self.desk.signed_in
        with VerticalGroup(id="form"):
            yield Static(
                Content.assemble(
                    (_("Locked") + "  ", "$attention bold"), plain(self.desk.centre_name, "bold")
                ),
                id="title",
            )
            yield Label(Content.assemble(plain(f"{actor.name}({actor.work_number})"), "  ", _("PIN")))
            yield Input(id="pin", password=True)
            yield Static(id="answer", markup=False)
        yield KeyLine()

    @on(Input.Submitted, "#pin")
    def _pin_given(self, event: Input.Submitted) -> None:
        self._verify(self.desk.signed_in, event.value)

    @work(thread=True, exclusive=True, group="sign-in", exit_on_error=False)
    def _verify(self, actor: Actor, pin: str) -> None:
        from operations.signin import verify_pin

        try:
            verify_pin(actor.person_id, pin, self.desk.clock())
        except ZhibanError as error:
            self.post_message(self.Refused(error))
        else:
            self.post_message(self.Opened(actor))

    @on(Opened)
    def _opened(self) -> None:
        self.desk.unlock()

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        from tui.screens.desk import sentence

        self._answer(sentence(event.error))
        self.query_one("#pin", Input).clear()

    def _answer(self, text: str) -> None:
        self.query_one("#answer", Static).update(Content.assemble(("✗ ", "$breach bold"), Content(text)))

    def on_screen_help(self) -> str:
        """Explain the lock."""
        return self.HELP

    def action_someone_else(self) -> None:
        """Close what the other person had open and sign in anew."""
        self.desk.leave()

    @on(Worker.StateChanged)
    def _worker_stopped(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self._answer(self.desk.note_defect(event.worker.error))
