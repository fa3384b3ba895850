"""Work that takes its time: how far it is, and a key that stops it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from locales import N_, _
from settings import ZhibanError
from tui.screens.dialog import DeskDialog

Tell = Callable[[str, int, int], None]
Result = TypeVar("Result")
BAR_CELLS = 40


class StoppedError(ZhibanError):
    """Whoever asked for the work stopped it."""


class LongWorkDialog(DeskDialog["Result | None"]):
    """Runs ``work`` in a thread and returns what came of it; Esc stops it where it next tells how far it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", N_("stop"))]

    class Progressed(Message):
        """The work is so far."""

        def __init__(self, what: str, done: int, of: int) -> None:
            super().__init__()
            self.what, self.done, self.of = what, done, of

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, LongWorkDialog.Progressed)

    def __init__(self, title: str, story: str, work: Callable[[Tell], Result]) -> None:
        super().__init__()
        self._title, self._story, self._work = title, story, work
        self._stopping = threading.Event()
        self._failed = False

    def title_text(self) -> Content:
        """The title as given, already in words."""
        return Content(self._title)

    def compose_fields(self) -> ComposeResult:
        """What is done, and how far it is."""
        yield Static(Content(self._story), classes="dialog--text")
        yield Static(id="progress")

    def on_mount(self) -> None:
        """Begin."""
        self.run_operation(lambda: self._work(self._tell), then=self._done)

    def _done(self, result: Any) -> None:
        self.dismiss(result)

    def _tell(self, what: str, done: int, of: int) -> None:
        # Called on the work's thread.
        if self._stopping.is_set():
            raise StoppedError(_("Stopped; nothing is left of it."))
        self.post_message(self.Progressed(what, done, of))

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        share = event.done / event.of if event.of else 0.0
        bar = "█" * int(BAR_CELLS * share)
        text = Content.assemble((bar.ljust(BAR_CELLS, "░"), "$accent"), f" {share:4.0%}  ", _(event.what))
        self.query_one("#progress", Static).update(text)

    @on(DeskDialog.OperationRefused)
    def _refused(self, event: DeskDialog.OperationRefused) -> None:
        self._failed = True
        if isinstance(event.error, StoppedError):
            self.notify(event.error.message, markup=False)
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Stop the work; where it has failed, leave."""
        if self._failed:
            self.dismiss(None)
        self._stopping.set()
