"""Signing in: work number and PIN; a centre that does not exist yet is offered to be set up."""

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


class SignInScreen(Screen[None]):
    """The first thing one sees: two fields, and the centre they belong to."""

    CSS_PATH = "sign_in.tcss"
    AUTO_FOCUS = "#work-number"
    HELP = N_(
        "Type your work number and your PIN, then Enter. After five wrong attempts the account rests for a while. "
        "A forgotten PIN is set anew by whoever keeps people and badges."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "set_up", N_("set up my centre")),
        Binding("f3", "open_demo", N_("open the demo centre")),
        Binding("f9", "other_language", N_("中文 / English")),
        Binding("f1", "app.screen_help", N_("help")),
        # With priority: the PIN typed right after Enter must already go to its own field, however fast it comes.
        Binding("enter", "to_pin", N_("next"), show=False, priority=True),
    ]

    class SignedIn(Message):
        """The pair was right."""

        def __init__(self, actor: Actor, pin: str) -> None:
            super().__init__()
            self.actor = actor
            self.pin = pin

    class Refused(Message):
        """The pair was wrong, or the account rests, or the database is away."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._given_early = False  # the pair was given while the centre's data was still being opened

    @property
    def desk(self) -> DeskApp:
        """The application, by its own type."""
        return cast("DeskApp", self.app)

    def compose(self) -> ComposeResult:
        """The form; whether there is a centre to sign in to shows a moment later."""
        with VerticalGroup(id="form"):
            yield Static(id="centre")
            yield Static(id="invitation")
            yield Label(_("Work number"))
            yield Input(id="work-number")
            yield Label(_("PIN"))
            yield Input(id="pin", password=True)
            yield Static(id="answer", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow the centre, its database and the language."""
        self.watch(self.app, "language", self._language_changed, init=False)
        self._follow_centre()
        for name in ("centre", "database_trouble", "data_version"):
            self.watch(self.app, name, self._follow_centre, init=False)

    async def _language_changed(self) -> None:
        await self.recompose()
        self._follow_centre()
        self.query_one("#work-number", Input).focus()

    def _follow_centre(self) -> None:
        desk = self.desk
        name = desk.centre.name if desk.centre else ""
        self.query_one("#centre", Static).update(
            Content.assemble(("值班  ", "$accent bold"), plain(name, "bold") if name else ("zhiban", "bold"))
        )
        self.query_one("#invitation", Static).update(self._invitation())
        if desk.database_trouble:
            self._given_early = False
            self._answer(desk.database_trouble)
        elif self._given_early and desk.feed is not None:
            self._pin_given()
        self.refresh_bindings()

    def _invitation(self) -> Content:
        if not self.must_set_up:
            return Content.styled(_("The duty desk. Sign in to open it."), "$faint")
        return Content.assemble(
            (_("There is no centre in this home yet.") + "\n", "$attention"),
            _("Press F2 to set up my centre, or F3 to open the demo centre (as “zhiban demo” does)."),
        )

    @property
    def must_set_up(self) -> bool:
        """Whether the database is open and holds no centre."""
        return self.desk.centre is None and self.desk.feed is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Setting up is offered only where nothing is set up."""
        if action in ("set_up", "open_demo"):
            return self.must_set_up
        if action == "to_pin":
            return self.focused is not None and self.focused.id == "work-number"
        return super().check_action(action, parameters)

    def on_screen_help(self) -> str:
        """Explain signing in."""
        return self.HELP

    def _answer(self, text: str, sign: str = "✗ ", style: str = "$breach bold") -> None:
        line = self.query_one("#answer", Static)
        line.update(Content.assemble((sign, style), Content(text)) if text else Content(""))

    def action_to_pin(self) -> None:
        """The work number is given; the PIN comes next."""
        # At once: focus() would come after the keys that are already here.
        self.set_focus(self.query_one("#pin", Input))

    @on(Input.Changed)
    def _typed_on(self) -> None:
        """Whoever types on does not mean what was given early."""
        if self._given_early:
            self._given_early = False
            self._answer("")

    @on(Input.Submitted, "#pin")
    def _pin_given(self) -> None:
        self._given_early = False
        number, pin = self.query_one("#work-number", Input), self.query_one("#pin", Input)
        if not number.value.strip():
            number.focus()
        elif self.desk.feed is None:
            self._answer(_("The centre's data is being opened, one moment…"), "… ", "$info")
            if self.desk.database_trouble:  # the last try has ended, else it is still under way
                self.desk.database_trouble = ""
                self.desk.open_centre()
            self._given_early = True
        elif self.must_set_up:
            self._answer(_("There is nobody to sign in as yet. Press F2 to set up my centre."))
        else:
            self._answer(_("Checking…"), "… ", "$info")
            self._sign_in(number.value, pin.value)

    @work(thread=True, exclusive=True, group="sign-in", exit_on_error=False)
    def _sign_in(self, number: str, pin: str) -> None:
        from operations.signin import sign_in

        try:
            actor = sign_in(number, pin, self.desk.clock())
        except ZhibanError as error:
            self.post_message(self.Refused(error))
        else:
            self.post_message(self.SignedIn(actor, pin))

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        from tui.screens.desk import sentence

        self._answer(sentence(event.error))
        pin = self.query_one("#pin", Input)
        pin.clear()
        pin.focus()

    @on(SignedIn)
    def _signed_in(self, event: SignedIn) -> None:
        for field in self.query(Input):
            field.clear()
        self._answer("")
        self.query_one("#work-number", Input).focus()
        if not event.actor.must_change_pin:
            self.desk.enter(event.actor)
            return
        from tui.screens.change_pin import ChangePinDialog

        def changed(actor: Actor | None) -> None:
            if actor is not None:
                self.desk.enter(actor)

        self.app.push_screen(ChangePinDialog(event.actor, event.pin), changed)

    def action_set_up(self) -> None:
        """Ask what a new centre needs to know."""
        from tui.screens.set_up import SetUpDialog

        def done(made: bool | None) -> None:
            if made:
                self._answer(_("The centre is set up. Sign in as its first leader."), "✓ ", "$ok bold")
                self.desk.open_centre()

        self.app.push_screen(SetUpDialog(), done)

    def action_open_demo(self) -> None:
        """Leave this desk for the demo centre's: whoever started the desk plays the demo and opens it."""
        self.desk.demo_wanted = True
        self.app.exit()

    def action_other_language(self) -> None:
        """Switch between Chinese and English."""
        self.desk.action_set_language("en" if self.desk.language == "zh_CN" else "zh_CN")

    @on(Worker.StateChanged)
    def _worker_stopped(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self._answer(self.desk.note_defect(event.worker.error))
