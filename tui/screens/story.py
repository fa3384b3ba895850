"""The story of an entry or an item: what it says, its versions, its way through the shifts, and the log around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from locales import N_, _
from tui.cells import joined, plain, wrapped
from tui.handover_text import Moment, addendum_story, entry_line, entry_story, item_story, state_name
from tui.screens.dialog import DeskDialog
from tui.widgets.fitted import FittedLines
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.open_items import ItemStep
    from operations.stories import ItemStory, Story


class StoryDialog(DeskDialog[None]):
    """Read only; scrolled by the arrows. What is confidential stays withheld until Enter opens it, on record (Art. 31)."""

    TITLE = N_("From the log")
    CSS_PATH = "story.tcss"
    AUTO_FOCUS = "#story-scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_or_leave", N_("read, or back"), show=False)
    ]

    def __init__(self, subject: str, subject_id: int) -> None:
        super().__init__()
        self._subject, self._subject_id = subject, subject_id
        self._withheld = False

    def compose_fields(self) -> ComposeResult:
        """One text to scroll."""
        with VerticalScroll(id="story-scroll"):
            yield FittedLines(id="story-lines")

    def on_mount(self) -> None:
        """Ask for the story."""
        from operations.stories import story

        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(story, actor, now, self._subject, self._subject_id, then=self._show)

    def action_open_or_leave(self) -> None:
        """Open what is withheld: a reading, which goes on record; with nothing withheld leave."""
        from operations.readings import read_confidential

        if not self._withheld:
            self.action_cancel()
            return
        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(read_confidential, actor, now, self._subject, self._subject_id, then=self._show)

    def _show(self, story: Story) -> None:
        self._withheld = story.withheld
        moment = Moment(self.desk.clock(), self.desk.zone)
        shift = language_name(story.log.shift.name, story.log.shift.name_en)
        self.set_title(plain(f"{story.log.date.isoformat()} {shift} {story.log.shift.team}"))
        wanted = story.versions[0].entry.id if story.versions else 0
        self.query_one("#story-lines", FittedLines).show_lines(
            lambda width: Content("\n").join(_lines(story, wanted, width, moment))
        )


def _lines(story: Story, wanted: int, width: int, moment: Moment) -> Iterator[Content]:
    if story.readers:
        readers = _("Confidential, for {readers} and its author.").format(readers="、".join(story.readers))
        yield from wrapped(plain(readers, "$breach"), width)
    if story.withheld:
        step = _("Enter opens it: that you read it goes on record (Art. 31).")
        yield from wrapped(plain(step, "$attention"), width)
    if story.versions:
        yield from wrapped(entry_story(story.versions[0].entry, moment), width)
    for item in story.items:
        yield Content("")
        yield from _item_lines(item, width, moment)
    if len(story.versions) > 1:
        yield Content("")
        yield _heading(_("Versions"))
        yield from _version_lines(story, width, moment)
    if story.addenda:
        yield Content("")
        yield _heading(_("Late additions"))
        for row in story.addenda:
            yield from wrapped(addendum_story(row, moment), width)
    yield Content("")
    yield _heading(_("The whole log, {count} entries").format(count=len(story.log.entries)))
    for entry in story.log.entries:
        mark = Content.styled("▌", "$accent") if entry.id == wanted else Content(" ")
        yield Content.assemble(mark, entry_line(entry, width - 1, moment))


def _heading(text: str) -> Content:
    return Content.styled(text, "$faint bold")


def _item_lines(told: ItemStory, width: int, moment: Moment) -> Iterator[Content]:
    yield _heading(_("Open item"))
    yield from wrapped(item_story(told.item, moment), width)
    if len(told.steps) > 1:
        yield _heading(_("Through {count} shifts").format(count=len(told.steps)))
        for step in told.steps:
            yield from wrapped(step_line(step, moment), width)


def step_line(step: ItemStep, moment: Moment) -> Content:
    """What one shift did with an item."""
    what = step.outcome or " → ".join(part for part in (step.reason, step.next_step) if part)
    return joined(
        [
            Content.styled(f"{step.date:%m-%d} {language_name(step.shift, step.shift_en)}", "$faint"),
            Content.styled(state_name(step.state), "$info"),
            plain(what),
            plain(joined([plain(step.by), plain(moment.text(step.at))], " ").plain, "$faint"),
        ]
    )


def _version_lines(story: Story, width: int, moment: Moment) -> Iterator[Content]:
    for version in story.versions[1:]:
        replaced = _("version {number}, until {time}, changed by {who}: {reason}").format(
            number=version.version,
            time=moment.text(version.replaced_at),
            who=version.replaced_by,
            reason=version.reason,
        )
        yield from wrapped(plain(replaced, "$faint"), width)
        yield from wrapped(plain(version.entry.text), width)
