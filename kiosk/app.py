"""The door's screen: one instruction at a time, readable from two metres, in both languages."""

from __future__ import annotations

import asyncio
import signal
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Digits, Input, Static

from kiosk.form import VisitorFormPanel
from kiosk.states import FormSubmitted, Key
from kiosk.views import IDLE_VIEW, View, ViewKind
from locales import LANGUAGES, N_, set_language, translate
from regulation.visiting import OFF_DUTY_REASONS

if TYPE_CHECKING:
    from kiosk.process import Kiosk

LOOK_SECONDS: Final = 0.25
"""How often clock, countdown and lights are drawn anew."""

SIGNS: Final = {"green": "✓", "amber": "!", "red": "✗", "calm": ""}
TONES: Final = ("calm", "green", "amber", "red")
LIGHT_STYLES: Final = {"ok": "bold #7bd88f", "warning": "bold #ffb454", "fault": "bold #ff6b6b"}
LIGHT_WORDS: Final = {"ok": "", "warning": N_("wait"), "fault": N_("fault")}

MACHINE_ROOM_DOOR: Final = N_("machine-room door")
KEY_REGISTER: Final = N_("1: visitor registration")
KEY_CANCEL: Final = N_("Esc: cancel")
LIGHT_NAMES: Final = (N_("readers"), N_("journal"), N_("centre"))
SECONDS_AGO: Final = N_("{seconds} s ago")
NEVER_HEARD: Final = N_("not yet")
ARTICLE: Final = N_("Art. {article}")
OTHER_LANGUAGE_KEY: Final = {"zh_CN": "English: *", "en": "中文: *"}


class KioskApp(App[int]):
    """Draws what the door says and hands it keys. It decides nothing."""

    CSS_PATH = "app.tcss"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"press('{key}')", show=False) for key in "123456789"),
        Binding("escape", "press('escape')", show=False),
        Binding("asterisk", "switch_language", show=False),
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "nothing", show=False, priority=True),
    ]

    class ViewShown(Message):
        """The door shows something else."""

        def can_replace(self, message: Message) -> bool:
            """Only the latest picture matters."""
            return isinstance(message, KioskApp.ViewShown)

    class Beeped(Message):
        """The door made a sound."""

    def __init__(self, kiosk: Kiosk, *, allow_quit: bool = False) -> None:
        super().__init__()
        self._kiosk = kiosk
        self._allow_quit = allow_quit
        self._first = LANGUAGES[0]
        self._view: View = IDLE_VIEW
        kiosk.door.on_shown(self._take_view)
        kiosk.door.on_beep(self._take_beep)

    def compose(self) -> ComposeResult:
        """Lay out the head, the stage and the foot."""
        with Horizontal(id="head"):
            yield Static(id="place")
            yield Digits("", id="clock")
        with Vertical(id="stage"):
            yield Static(id="words")
            yield Static(id="second")
            yield Static(id="next")
            yield Digits("", id="countdown")
            yield VisitorFormPanel(id="form")
        with Vertical(id="foot"):
            yield Static(id="keys")
            yield Static(id="lights")

    def on_mount(self) -> None:
        """Begin to draw; a stop asked for by the system ends the screen in order."""
        self._draw()
        self.set_interval(LOOK_SECONDS, self._look)
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit, 0)
        except (RuntimeError, NotImplementedError):
            self.log("no signal handler: not the main thread")

    # --- from the door's thread -----------------------------------------------------------------------------

    def _take_view(self, view: View) -> None:
        self._view = view
        self.post_message(self.ViewShown())

    def _take_beep(self, kind: str) -> None:
        if kind != "yes":
            self.post_message(self.Beeped())

    # --- to the door ----------------------------------------------------------------------------------------

    def action_press(self, key: str) -> None:
        """Hand a key to the door."""
        self._kiosk.door.put(Key(key))

    def action_switch_language(self) -> None:
        """Put the other language first."""
        self._first = next(code for code in LANGUAGES if code != self._first)
        set_language(self._first)
        self.query_one(VisitorFormPanel).name_fields(self._first)
        self._draw()

    def action_leave(self) -> None:
        """End the screen where that is allowed: a door has no way out for passers-by."""
        if self._allow_quit:
            self.exit(0)

    def action_nothing(self) -> None:
        """Keys that would end or stop an ordinary program do nothing here."""

    @on(Input.Changed)
    def _typing(self) -> None:
        if self._view.kind is ViewKind.FORM:
            self._kiosk.door.put(Key("typing"))

    @on(VisitorFormPanel.Sent)
    def _form_sent(self, message: VisitorFormPanel.Sent) -> None:
        self._kiosk.door.put(FormSubmitted(uuid.uuid4().hex, message.form))

    # --- drawing --------------------------------------------------------------------------------------------

    @on(ViewShown)
    def _view_shown(self) -> None:
        self._draw()

    @on(Beeped)
    def _beeped(self) -> None:
        self.bell()

    def on_resize(self) -> None:
        """Space the words anew."""
        self._draw()

    def _look(self) -> None:
        if not self._kiosk.tend():
            self.exit(1)
        self._draw_time()

    def _draw(self) -> None:
        view = self._view
        if not self.query("#lights"):  # before the first layout, or after the last
            return
        self.screen.set_classes(f"tone-{view.tone} kind-{view.kind.value}")
        second = next(code for code in LANGUAGES if code != self._first)
        sign = SIGNS[view.tone]
        self._text("words", f"{sign} {self._spaced(self._sentence(view, self._first))}".strip())
        again = self._sentence(view, second)
        self._text("second", again if again != self._sentence(view, self._first) else "")
        self._text("next", self._next_step(view))
        self._text("keys", self._keys(view))
        form = self.query_one(VisitorFormPanel)
        if view.kind is ViewKind.FORM:
            form.open(self._first)
        elif view.kind in (ViewKind.IDLE, ViewKind.TAKE_BADGE):
            form.forget()
        else:
            form.step_aside()
        self._draw_time()

    def _draw_time(self) -> None:
        if not self.query("#lights"):
            return
        snapshot = self._kiosk.door.snapshot
        now = self._kiosk.clock()
        zone = ZoneInfo(snapshot.time_zone) if snapshot.time_zone else UTC
        self._text("place", f"{snapshot.centre} · {self._both(MACHINE_ROOM_DOOR)}".strip(" ·"))
        self.query_one("#clock", Digits).update(now.astimezone(zone).strftime("%H:%M"))
        self.query_one("#countdown", Digits).update(self._countdown(now))
        self.query_one("#lights", Static).update(self._lights())

    def _text(self, name: str, text: str) -> None:
        """Show data as it is: names and units are never markup."""
        self.query_one(f"#{name}", Static).update(Content(text))

    def _sentence(self, view: View, language: str) -> str:
        words = translate(view.text, language).format(label=view.label)
        cited = translate(ARTICLE, language).format(article=view.article) if view.article else ""
        return "  ".join(part for part in (words, view.who, cited) if part)

    def _next_step(self, view: View) -> str:
        if view.kind is ViewKind.REASON:
            listed = enumerate(OFF_DUTY_REASONS, start=1)
            return "\n".join(f"{number}  {self._both(reason.label)}" for number, reason in listed)
        return self._both(view.next_step) if view.next_step else ""

    def _keys(self, view: View) -> str:
        if view.kind in (ViewKind.IDLE, ViewKind.VERDICT):
            return f"{self._both(KEY_REGISTER)}    {OTHER_LANGUAGE_KEY[self._first]}"
        return self._both(KEY_CANCEL)

    def _both(self, message: str) -> str:
        """Both languages in one line, the chosen one first."""
        second = next(code for code in LANGUAGES if code != self._first)
        words = [translate(message, code) for code in (self._first, second)]
        return words[0] if words[0] == words[1] else " · ".join(words)

    def _spaced(self, text: str) -> str:
        """Space Chinese characters out as far as the screen is wide: they read better from afar."""
        pairs = zip(text, text[1:] + " ", strict=True)
        spaced = "".join(f"{one} " if cell_len(one) == cell_len(two) == 2 else one for one, two in pairs)
        return spaced if cell_len(spaced) <= self.size.width - 8 else text

    def _countdown(self, now: datetime) -> str:
        timed = self._view.kind in (ViewKind.ESCORT, ViewKind.REASON, ViewKind.WAITING, ViewKind.VERDICT)
        if self._view.until is None or not timed:
            return ""
        left = max(0, int((self._view.until - now).total_seconds() + 0.999))
        return f"{left // 60}:{left % 60:02}" if left >= 60 else str(left)

    def _lights(self) -> Content:
        *lights, age = self._kiosk.lights()
        parts: list[Content] = []
        for name, light in zip(LIGHT_NAMES, lights, strict=True):
            word = translate(LIGHT_WORDS[str(light)], self._first)
            text = f"{translate(name, self._first)} ●{word}"
            parts.append(Content.styled(text, LIGHT_STYLES[str(light)]))
        heard = (
            translate(NEVER_HEARD, self._first)
            if age is None
            else translate(SECONDS_AGO, self._first).format(seconds=int(age))
        )
        return Content("  ").join(parts) + Content(f" ({heard})")


def run_screen(kiosk: Kiosk, *, allow_quit: bool) -> int:
    """Run the door with its screen; return the exit code."""
    app = KioskApp(kiosk, allow_quit=allow_quit)
    with kiosk:
        return app.run() or 0
