"""What the desk's papers have in common: see it first, then write it into the paper folder."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from settings import ZhibanError
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from datetime import datetime

    from operations.signin import Actor

SUFFIXES = {"pdf": "pdf", "text": "txt"}


class PaperDialog(DeskDialog[None]):
    """A preview, and where the paper was written. A subclass reads the data in both of its hooks, in a thread."""

    CSS_PATH: ClassVar[str | PurePath | list[str | PurePath] | None] = "paper_dialog.tcss"
    AUTO_FOCUS = "#preview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "write('pdf')", N_("write the PDF")),
        Binding("x", "write('text')", N_("write as text")),
    ]

    def preview(self, actor: Actor, now: datetime) -> str:
        """Return the paper as text."""
        raise NotImplementedError

    def write(self, actor: Actor, now: datetime, folder: Path, medium: str) -> Path:
        """Write the paper (``pdf`` or ``text``) into ``folder`` and return the file."""
        raise NotImplementedError

    def compose_fields(self) -> ComposeResult:
        """The preview; the answer stands under it."""
        with ScrollableContainer(id="preview"):
            yield Static(id="page", markup=False)
        yield Static(id="written", markup=False)

    def on_mount(self) -> None:
        """Read the paper."""
        self.read()

    def read(self) -> None:
        """Read the data in a thread and show it."""
        self.query_one("#page", Static).update(Content.styled(_("Reading…"), "$faint"))
        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(lambda: self.preview(actor, now), then=self._show)

    def _show(self, text: str) -> None:
        self.query_one("#page", Static).update(Content(text))

    def action_write(self, medium: str) -> None:
        """Write the paper into the paper folder."""
        actor, now, folder = self.desk.signed_in, self.desk.clock(), self.desk.home.paper_folder
        self.set_problem("")
        self._written(Content.styled(_("Writing…"), "$faint"))
        self.run_operation(lambda: self.write(actor, now, made_folder(folder), medium), then=self._done)

    def _done(self, path: Path) -> None:
        self._written(Content.assemble(("✓ ", "$ok bold"), _("Written to {file}").format(file=path)))

    def _written(self, text: Content) -> None:
        self.query_one("#written", Static).update(text)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path``; raises in words when it cannot."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _not_written(path, error) from error


def made_folder(folder: Path) -> Path:
    """Return the paper folder once it exists; raises in words when it cannot."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from error
    return folder


def _not_written(path: Path, error: OSError) -> ZhibanError:
    return ZhibanError(
        _("The paper cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
        next_step=_("Name another folder as [paper] folder in settings.toml."),
    )
