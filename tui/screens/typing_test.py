"""The typing test (Art. 10): a Chinese text above, what is typed below, three minutes, and the results so far."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from locales import N_, _
from regulation.typing_test import SHORTEST_SECONDS, signs_of
from tui.cells import joined, plain
from tui.charts import blocks
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.typing_tests import TypingHistory, TypingOutcome

TEST_SECONDS = 180
LOOK_SECONDS = 0.5
MOST_SHOWN = 24


class TypedText(TextArea):
    """Takes what is typed, an input method's words too; a text that is pasted was not typed."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def action_paste(self) -> None:
        """Nothing is pasted here."""


class TypingTestDialog(DeskDialog[None]):
    """The time begins with the first sign and ends by itself; ctrl+s hands in earlier. Esc leaves without a result."""

    TITLE = N_("Typing test (Art. 10)")
    AUTO_FOCUS = "#typed"
    DEFAULT_CSS = """
    TypingTestDialog .dialog { width: 90; max-width: 100%; }
    TypingTestDialog #passage-scroll { height: 7; padding: 0 1; scrollbar-size-vertical: 1; }
    TypingTestDialog #passage { height: auto; }
    TypingTestDialog #typed { height: 5; border: none; padding: 0 1; background: $panel; }
    TypingTestDialog #clock { margin-top: 1; }
    TypingTestDialog #clock, TypingTestDialog #results { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "hand_in", N_("hand in"), priority=True),
        Binding("ctrl+n", "again", N_("another text"), priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._history: TypingHistory | None = None
        self._began_at: datetime | None = None
        self._over = False

    def compose_fields(self) -> ComposeResult:
        """The text, the field, the clock, the results so far."""
        with VerticalScroll(id="passage-scroll", can_focus=False):
            yield Static(id="passage", markup=False)
        field = TypedText(id="typed", soft_wrap=True, tab_behavior="focus")
        field.disabled = True
        yield field
        yield Static(id="clock", markup=False)
        yield Static(id="results", markup=False)

    def on_mount(self) -> None:
        """Ask for the results so far and the text that is due."""
        self.set_interval(LOOK_SECONDS, self._look)
        self._load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hand in what was begun; take another text once it is over."""
        if action == "hand_in":
            return self._began_at is not None and not self._over
        if action == "again":
            return self._over
        return super().check_action(action, parameters)

    def action_again(self) -> None:
        """Begin anew with the text typed least."""
        self._load()

    def action_hand_in(self) -> None:
        """End before the time is up; sooner than the shortest test there is nothing to hand in."""
        if self._seconds() < SHORTEST_SECONDS:
            self.set_problem(_("A test takes at least {least} seconds.").format(least=SHORTEST_SECONDS))
            return
        self._end()

    @on(TextArea.Changed)
    def _typing(self) -> None:
        if self._began_at is None and not self._over and self._field.text:
            self._began_at = self.desk.clock()
            self.refresh_bindings()
        self._follow()

    def _look(self) -> None:
        if self._began_at is not None and not self._over and self._seconds() >= TEST_SECONDS:
            self._end()
        self._draw_clock()

    def _end(self) -> None:
        """Judge and keep what was typed, once."""
        from operations.typing_tests import keep_typing_test

        history = self._history
        if history is None or self._over:
            return
        self._over = True
        self._field.disabled = True
        seconds = min(self._seconds(), TEST_SECONDS)
        actor, now = self.desk.signed_in, self.desk.clock()
        args = (history.work_number, history.following.key, self._field.text, seconds)
        self.run_operation(keep_typing_test, actor, now, *args, then=self._kept)

    def _kept(self, outcome: TypingOutcome) -> None:
        self.desk.data_version += 1
        result = outcome.result
        style, sign = ("$ok", "✓") if outcome.passed else ("$attention", "!")
        words = _("{speed} signs a minute, {accuracy} % right, {errors} errors; on record as no. {number}")
        text = words.format(
            speed=result.speed, accuracy=result.accuracy, errors=result.errors, number=outcome.number
        )
        self.query_one("#clock", Static).update(Content.styled(f"{sign} {text}", f"{style} bold"))
        self.refresh_bindings()
        self._load(fresh=False)

    def _load(self, *, fresh: bool = True) -> None:
        from operations.typing_tests import typing_history

        actor = self.desk.signed_in
        then = self._fresh if fresh else self._show_results
        self.run_operation(typing_history, actor, self.desk.clock(), actor.work_number, then=then)

    def _fresh(self, history: TypingHistory) -> None:
        self._history, self._began_at, self._over = history, None, False
        self.set_problem("")
        with self.prevent(TextArea.Changed):
            self._field.text = ""
        self._field.disabled = False
        self._field.focus()
        self._show_results(history)
        self._follow()
        self._draw_clock()
        self.refresh_bindings()

    def _show_results(self, history: TypingHistory) -> None:
        self.query_one("#results", Static).update(results_line(history))

    def _follow(self) -> None:
        """Show how far one is: what has been typed is faint. The place is the number of signs, right or wrong."""
        if self._history is None:
            return
        text = self._history.following.text
        done = min(len(signs_of(self._field.text)), len(text))
        shown = Content.assemble(plain(text[:done], "$faint"), plain(text[done:]))
        self.query_one("#passage", Static).update(shown)
        scroll = self.query_one("#passage-scroll", VerticalScroll)
        width = max(1, scroll.content_size.width // 2)
        scroll.scroll_to(y=max(0, done // width - 2), animate=False)

    def _draw_clock(self) -> None:
        if self._over:
            return
        left = TEST_SECONDS - self._seconds()
        asked = ""
        if self._history is not None:
            asked = _("asked: {speed} signs a minute, {accuracy} % right").format(
                speed=self._history.asked_speed, accuracy=self._history.asked_accuracy
            )
        words = f"{left // 60}:{left % 60:02}"
        begins = "" if self._began_at is not None else _("the time begins with the first sign")
        self.query_one("#clock", Static).update(
            joined([Content.styled(words, "$accent bold"), plain(begins, "$faint"), plain(asked, "$faint")])
        )

    def _seconds(self) -> int:
        if self._began_at is None:
            return 0
        return max(0, int((self.desk.clock() - self._began_at).total_seconds()))

    @property
    def _field(self) -> TypedText:
        return self.query_one("#typed", TypedText)


def results_line(history: TypingHistory) -> Content:
    """Speed and accuracy over time, a block for each test, and the last numbers."""
    records = history.records[-MOST_SHOWN:]
    if not records:
        return Content.styled(_("No test is on record yet."), "$faint")
    last = records[-1]
    speed = blocks([Fraction(r.speed) for r in records])
    accuracy = blocks([Fraction(r.accuracy) for r in records], Fraction(70), Fraction(100))
    return Content("\n").join(
        [
            Content.assemble((_("speed") + "  ", "$faint"), (speed, "$accent"), plain(f"  {last.speed}/min")),
            Content.assemble((_("right") + "  ", "$faint"), (accuracy, "$ok"), plain(f"  {last.accuracy} %")),
        ]
    )
