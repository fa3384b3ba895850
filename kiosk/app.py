"""The door's screen: one instruction at a time, readable from two metres, in both languages."""

from __future__ import annotations

import asyncio
import signal
import sys
import uuid
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, Final
from zoneinfo import ZoneInfo

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Digits, Input, Static

from kiosk.corner import corner_notes, heard_words
from kiosk.form import VisitorFormPanel
from kiosk.inputs import FormSubmitted, Key, PinGiven, ReportGiven
from kiosk.lettering import BIG_WORDS, draw_ahead
from kiosk.panels import MusterPanel, PinPanel, ReportPanel
from kiosk.registration import reasons_in_force
from kiosk.terminal import StdoutDriver, SteadyDriver
from kiosk.views import IDLE_VIEW, View, ViewKind
from kiosk.wording import BIG_ROWS, Wording
from locales import LANGUAGES, N_, set_language, translate

if TYPE_CHECKING:
    from kiosk.process import Kiosk

LOOK_SECONDS: Final = 0.25
"""How often clock, countdown and lights are drawn anew."""

SIGNS: Final = {"green": "✓", "amber": "!", "red": "✗", "calm": ""}
GROUNDS: Final = {"calm": "#1c2430", "green": "#14532d", "amber": "#7a4b00", "red": "#7f1d1d"}
LIGHT_STYLES: Final = {"ok": "bold #7bd88f", "warning": "bold #ffb454", "fault": "bold #ff6b6b"}
LIGHT_WORDS: Final = {"ok": "", "warning": N_("wait"), "fault": N_("fault")}

MACHINE_ROOM_DOOR: Final = N_("machine-room door")
LIGHT_NAMES: Final = (N_("readers"), N_("journal"), N_("centre"))

TIMED: Final = frozenset(
    {
        ViewKind.ESCORT,
        ViewKind.REASON,
        ViewKind.DRESS,
        ViewKind.WAITING,
        ViewKind.VERDICT,
        ViewKind.APPROVER,
        ViewKind.PIN,
        ViewKind.MUSTER_ASKED,
        ViewKind.REPORT_SEND,
    }
)
"""The pictures that count down to their end."""

PIN_KINDS: Final = (ViewKind.PIN, ViewKind.MAINTENANCE)

TYPED: Final = (ViewKind.FORM, ViewKind.REPORT_WORDS, *PIN_KINDS)
"""The pictures in which somebody types: every sign gives them more time."""

DENSE: Final = (ViewKind.FORM, ViewKind.MUSTER, ViewKind.REPORT)
"""The pictures that need every row."""

FORGETTING: Final = frozenset({ViewKind.IDLE, ViewKind.TAKE_BADGE})
"""Where a visitor's form is over: nothing of it stays."""

# What would end, suspend, copy or open something in an ordinary program.
DEAF_TO: Final = (
    "ctrl+c,super+c,ctrl+z,ctrl+p,ctrl+backslash,ctrl+x,ctrl+v,ctrl+d,ctrl+s,ctrl+o,f1,f5,f10,f12"
)


class KioskApp(App[int]):
    """Draws what the door says and hands it keys. It decides nothing."""

    CSS_PATH = "app.tcss"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"press('{key}')", show=False) for key in "0123456789"),
        Binding("escape", "press('escape')", show=False),
        Binding("asterisk", "switch_language", show=False),
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding(DEAF_TO, "nothing", show=False, priority=True),
        Binding("space,down,right,pagedown,enter", "turn(1)", show=False),
        Binding("up,left,pageup", "turn(-1)", show=False),
    ]

    class ViewShown(Message):
        """The door shows something else."""

        def can_replace(self, message: Message) -> bool:
            """Only the latest picture matters."""
            return isinstance(message, KioskApp.ViewShown)

    class Beeped(Message):
        """The door made a sound."""

    class Ended(Message):
        """An administrator closed the kiosk."""

    def __init__(self, kiosk: Kiosk, *, allow_quit: bool = False) -> None:
        super().__init__()
        self._kiosk = kiosk
        self._allow_quit = allow_quit
        self._wording = Wording(LANGUAGES[0], self.size.width, self.size.height)
        self._view: View = IDLE_VIEW
        self._worn: tuple[str, ...] = ()
        self._tone = ""
        self._written: dict[str, str] = {}
        kiosk.door.on_shown(self._take_view)
        kiosk.door.on_beep(self._take_beep)
        kiosk.door.on_end(self._take_end)

    def compose(self) -> ComposeResult:
        """Lay out the head, the stage and the foot."""
        with Horizontal(id="head"):
            yield Static(id="place")
            yield Digits("", id="clock")
        with Vertical(id="stage"):
            yield Static(id="big")
            yield Static(id="words")
            yield Static(id="second")
            yield Static(id="next")
            yield Digits("", id="countdown")
            yield VisitorFormPanel(id="form")
            yield PinPanel(id="pin")
            yield ReportPanel(id="report")
            yield MusterPanel(id="muster")
            yield Static(id="last")
        with Vertical(id="foot"):
            yield Static(id="notes")
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

    def _take_end(self) -> None:
        self.post_message(self.Ended())

    # --- to the door ----------------------------------------------------------------------------------------

    def action_press(self, key: str) -> None:
        """Hand a key to the door; a digit typed while the PIN's field is still being drawn belongs to the PIN."""
        if key != "escape" and self._view.kind in PIN_KINDS:
            self._draw_panels(self._view)
            self.query_one(PinPanel).add(key)
            return
        if key != "escape" and self._view.kind is ViewKind.REPORT_WORDS:
            self._draw_panels(self._view)
            self.query_one(ReportPanel).add(key)
            return
        self._kiosk.door.put(Key(key))
        if key != "escape":
            self.query_one(MusterPanel).turn(1)

    def action_turn(self, by: int) -> None:
        """Turn the pages of the muster list."""
        if self._view.kind is ViewKind.MUSTER:
            self._kiosk.door.put(Key("typing"))
            self.query_one(MusterPanel).turn(by)

    def action_switch_language(self) -> None:
        """Put the other language first."""
        self._wording = replace(self._wording, first=self._wording.languages[1])
        set_language(self._wording.first)
        self.query_one(VisitorFormPanel).name_fields(self._wording.first)
        self._draw()

    def action_leave(self) -> None:
        """End the screen where that is allowed; else the door asks for an administrator's PIN."""
        if self._allow_quit:
            self.exit(0)
        else:
            self._kiosk.door.put(Key("maintenance"))

    def action_nothing(self) -> None:
        """Keys that would end or stop an ordinary program do nothing here."""

    def copy_to_clipboard(self, text: str) -> None:
        """Keep nothing: the next visitor could paste what this one wrote."""

    @on(Ended)
    def _ended(self) -> None:
        self.exit(0)

    @on(Input.Changed)
    def _typing(self) -> None:
        if self._view.kind in TYPED:
            self._kiosk.door.put(Key("typing"))

    @on(PinPanel.Given)
    def _pin_given(self, message: PinPanel.Given) -> None:
        self._kiosk.door.put(PinGiven(message.pin, message.work_number))

    @on(ReportPanel.Given)
    def _report_given(self, message: ReportPanel.Given) -> None:
        self._kiosk.door.put(ReportGiven(message.number, message.note))

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
        self._wording = replace(self._wording, columns=self.size.width, rows=self.size.height)
        if self._wording.is_large:
            words = (translate(message, code) for message in BIG_WORDS for code in LANGUAGES)
            draw_ahead(words, self.size.width - 8, BIG_ROWS)
        self._draw()

    def _look(self) -> None:
        if not self._kiosk.tend():
            self.exit(1)
        if self.query("#lights"):
            self.query_one(MusterPanel).look(LOOK_SECONDS)
        self._draw_time()

    def _draw(self) -> None:
        view = self._view
        if not self.query("#lights"):  # before the first layout, or after the last
            return
        self._dress(view)
        sign = SIGNS[view.tone]
        wording = self._wording
        first, second = (self._sentence(view, language) for language in wording.languages)
        self._text("big", wording.big(view))
        self._text("words", f"{sign} {wording.spaced(first)}".strip())
        self._text("second", second if second != first else "")
        self._text("next", wording.next_step(view))
        self._text("last", wording.last_line(view))
        self._text("keys", wording.keys(view))
        self._draw_panels(view)
        self._draw_time()

    def _dress(self, view: View) -> None:
        """Give the screen the picture's colour and parts.

        By hand, widget by widget: classes that the style sheet answers to would have every rule matched anew for
        every widget, which alone takes longer than all the rest.
        """
        self.screen.remove_class(*self._worn, update=False)
        self._worn = (f"tone-{view.tone}", f"kind-{view.kind.value}")
        self.screen.add_class(*self._worn, update=False)
        if self._tone != view.tone:
            self._tone = view.tone
            self.screen.styles.background = GROUNDS[view.tone]
            for widget in self.screen.query(Widget):  # each keeps the colour it last stood on
                widget.notify_style_update()
                widget.refresh()
        dense, pin = view.kind in DENSE, view.kind in PIN_KINDS
        for name, shown in (
            ("big", bool(self._wording.big(view))),
            ("countdown", view.kind in TIMED and view.until is not None),
            ("form", view.kind is ViewKind.FORM),
            ("pin", pin),
            ("report", view.kind is ViewKind.REPORT_WORDS),
            ("muster", view.kind is ViewKind.MUSTER),
            ("next", view.kind is not ViewKind.MUSTER),
            ("last", not dense and not pin and bool(view.last_line)),
        ):
            self.query_one(f"#{name}").display = shown
        self.query_one("#stage").styles.align_vertical = "top" if dense else "middle"
        self.query_one("#words").styles.padding = (0, 0) if dense else (1, 0)
        muster_gap = 1 if view.kind is ViewKind.MUSTER else 0
        self.query_one("#second").styles.padding = (0, 0, muster_gap, 0)
        self.query_one("#next").styles.margin = (0 if dense else 1, 0, 0, 0)
        self.query_one("#next").styles.color = "#ffb454" if view.kind is ViewKind.FORM else "#f2f4f7"

    def _draw_panels(self, view: View) -> None:
        """Give the keys to the panel of this picture, and clear what no other picture may show."""
        form, pin, muster = (
            self.query_one(VisitorFormPanel),
            self.query_one(PinPanel),
            self.query_one(MusterPanel),
        )
        if view.kind in FORGETTING:
            form.forget()
        elif view.kind is not ViewKind.FORM:
            form.step_aside()
        if view.kind in PIN_KINDS:
            pin.open(self._wording.first, with_number=view.kind is ViewKind.MAINTENANCE and not view.label)
        else:
            pin.forget()
        self._draw_report(view)
        if view.kind is ViewKind.MUSTER:
            muster.show(view.rows, self._zone(), self._wording.first)
        else:
            muster.forget()
        if view.kind is ViewKind.FORM:
            form.open(self._wording.first, reasons_in_force(self._kiosk.door.snapshot))

    def _draw_report(self, view: View) -> None:
        """A report lives on the screen only while it is written; a badge that passes by covers it."""
        report = self.query_one(ReportPanel)
        if view.kind is ViewKind.REPORT_WORDS:
            report.open(self._wording.first)
        elif view.kind in (*FORGETTING, ViewKind.REPORT, ViewKind.REPORT_SEND):
            report.forget()
        else:
            report.step_aside()

    def _draw_time(self) -> None:
        if not self.query("#lights"):
            return
        snapshot = self._kiosk.door.snapshot
        now = self._kiosk.clock()
        self._text("place", f"{snapshot.centre} · {self._wording.both(MACHINE_ROOM_DOOR)}".strip(" ·"))
        self._digits("clock", now.astimezone(self._zone()).strftime("%H:%M"))
        self._digits("countdown", self._countdown(now))
        self._text("notes", "  ".join(corner_notes(self._kiosk, now, self._wording.first)))
        lights = self._lights()
        if self._written.get("lights") != repr(lights):
            self._written["lights"] = repr(lights)
            self.query_one("#lights", Static).update(lights)

    def _zone(self) -> tzinfo:
        zone = self._kiosk.door.snapshot.time_zone
        return ZoneInfo(zone) if zone else UTC

    def _text(self, name: str, text: str) -> None:
        """Show data as it is: names and units are never markup. What stands there already costs nothing."""
        if self._written.get(name) != text:
            self._written[name] = text
            self.query_one(f"#{name}", Static).update(Content(text))

    def _digits(self, name: str, text: str) -> None:
        if self._written.get(name) != text:
            self._written[name] = text
            self.query_one(f"#{name}", Digits).update(text)

    def _sentence(self, view: View, language: str) -> str:
        if view.kind is ViewKind.MUSTER:
            return self.query_one(MusterPanel).summary(view.rows, language)
        return self._wording.sentence(view, language)

    def _countdown(self, now: datetime) -> str:
        if self._view.until is None or self._view.kind not in TIMED:
            return ""
        left = max(0, int((self._view.until - now).total_seconds() + 0.999))
        return f"{left // 60}:{left % 60:02}" if left >= 60 else str(left)

    def _lights(self) -> Content:
        *lights, age = self._kiosk.lights()
        parts: list[Content] = []
        for name, light in zip(LIGHT_NAMES, lights, strict=True):
            word = translate(LIGHT_WORDS[str(light)], self._wording.first)
            text = f"{translate(name, self._wording.first)} ●{word}"
            parts.append(Content.styled(text, LIGHT_STYLES[str(light)]))
        heard = heard_words(age, self._wording.first)
        return Content("  ").join(parts) + Content(f" ({heard})")


def run_screen(kiosk: Kiosk, *, allow_quit: bool) -> int:
    """Run the door with its screen; return the exit code."""
    app = KioskApp(kiosk, allow_quit=allow_quit)
    on_stdout = not sys.stderr.isatty() and sys.stdout.isatty()
    app.driver_class = StdoutDriver if on_stdout else SteadyDriver
    with kiosk:
        return app.run() or 0
