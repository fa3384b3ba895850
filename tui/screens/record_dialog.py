"""One record of a register, whole: its story, and the next steps as keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.registers import RegisterStep
from tui.register_lines import record_head, steps_line, story_lines
from tui.screens.dialog import DeskDialog
from tui.screens.register_form import (
    NOTE,
    REASON,
    RegisterFormDialog,
    lines_for_correction,
    lines_for_step,
)
from tui.widgets.fitted import FittedLines

if TYPE_CHECKING:
    from operations.register_views import RecordStory
    from tui.app import DeskApp

MOST_STEPS = 9


class RecordDialog(DeskDialog[None]):
    """The story is scrolled by the arrows; a digit takes the step that stands beside it."""

    CSS_PATH = "record_dialog.tcss"
    AUTO_FOCUS = "#record-scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"step({digit})", show=False) for digit in range(1, MOST_STEPS + 1)),
        Binding("m", "amend", N_("correct")),
        Binding("p", "print", N_("print")),
        Binding("enter", "cancel", N_("back"), show=False),
    ]

    def __init__(self, record_id: int) -> None:
        super().__init__()
        self._record_id = record_id
        self._story: RecordStory | None = None

    def compose_fields(self) -> ComposeResult:
        """The story, and under it what may be done."""
        with VerticalScroll(id="record-scroll"):
            yield FittedLines(id="record-lines")
        yield Static(id="steps", markup=False)

    def on_mount(self) -> None:
        """Ask for the story."""
        self._read()

    def _read(self) -> None:
        from operations.register_views import record_story

        self.run_operation(
            record_story, self.desk.signed_in, self.desk.clock(), self._record_id, then=self._show
        )

    def _show(self, story: RecordStory) -> None:
        self._story = story
        now, zone = self.desk.clock(), self.desk.zone
        self.set_title(record_head(story.register, story.record, now, zone))
        self.query_one("#record-lines", FittedLines).show_lines(
            lambda width: Content("\n").join(story_lines(story, width, now, zone))
        )
        self.query_one("#steps", Static).update(steps_line(story))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A record is corrected by whoever may."""
        if action == "amend":
            return self._story is not None and self._story.may_amend
        return super().check_action(action, parameters)

    def action_step(self, digit: int) -> None:
        """Take a step."""
        if self._story is not None and digit <= len(self._story.may_take):
            ask_step(self.desk, self._story, self._story.may_take[digit - 1], self._read)

    def action_amend(self) -> None:
        """Correct the record."""
        if self._story is not None:
            ask_correction(self.desk, self._story, self._read)

    def action_print(self) -> None:
        """Print this record."""
        from tui.screens.register_papers import RecordPaperDialog

        if self._story is not None:
            self.app.push_screen(RecordPaperDialog(self._story))


def ask_step(desk: DeskApp, story: RecordStory, step: RegisterStep, then: Callable[[], None]) -> None:
    """Open the form of a step and take it."""
    from operations.register_words import record_name
    from operations.registers import take_step

    def act(given: Mapping[str, str]) -> Callable[[], object]:
        texts = {key: text for key, text in given.items() if key != NOTE and text}
        actor, now = desk.signed_in, desk.clock()

        def job() -> bool:
            take_step(actor, now, story.record.id, step.key, texts, given[NOTE])
            return True

        return job

    def taken(done: object) -> None:
        if done:
            then()

    register = story.register
    title = f"{record_name(register, story.record.number)}: {_(step.label)}"
    lines = lines_for_step(register, step, story.record.values, desk.zone)
    desk.push_screen(RegisterFormDialog(title, "", lines, act), taken)


def ask_correction(desk: DeskApp, story: RecordStory, then: Callable[[], None]) -> None:
    """Open the form of a correction and make it; only what reads otherwise than before is changed."""
    from operations.register_words import record_name
    from operations.registers import amend_record

    lines = lines_for_correction(story.register, story.record.values, desk.zone)
    before = {line.name: line.value for line in lines}

    def act(given: Mapping[str, str]) -> Callable[[], object]:
        texts = {key: text for key, text in given.items() if key != REASON and text != before[key]}
        actor, now = desk.signed_in, desk.clock()

        def job() -> bool:
            amend_record(actor, now, story.record.id, texts, given[REASON], story.record.version)
            return True

        return job

    def corrected(done: object) -> None:
        if done:
            then()

    title = _("Correct {record}").format(record=record_name(story.register, story.record.number))
    story_text = _("What was written before stays in the story.")
    desk.push_screen(RegisterFormDialog(title, story_text, lines, act), corrected)
