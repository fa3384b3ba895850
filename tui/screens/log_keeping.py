"""What a leader does to the thing under the cursor of a shift's log: change, tell, give, look it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.binding import Binding

from locales import N_, _
from tui.openings import open_search
from tui.screens.desk import DeskScreen
from tui.widgets.handover_lists import Listed

if TYPE_CHECKING:
    from operations.stories import Story

# Bound by the screen itself, after the keys that lead its own work on: a narrow line of keys shows the first ones.
KEEPING_KEYS: tuple[Binding, ...] = (
    Binding("e", "edit_entry", N_("edit")),
    Binding("i", "tell", N_("told whom")),
    Binding("m", "set_owner", N_("whose")),
    Binding("v", "show_story", N_("whole story")),
    Binding("slash", "search", N_("search")),
)


class LogKeepingScreen(DeskScreen):
    """A screen with a list of entries and open items; it says in :meth:`listed` which one the cursor is on."""

    def listed(self) -> Listed | None:
        """Return what the cursor is on."""
        raise NotImplementedError

    def run_at_desk(self, operation: Callable[..., object], *args: object, success: str = "") -> None:
        """Run a write for whoever is signed in, now."""
        self.run_operation(operation, self.actor, self.desk.clock(), *args, success=success)

    def action_edit_entry(self) -> None:
        """Change the entry under the cursor; what it said before is kept."""
        from operations.entry_edits import edit_entry
        from operations.readings import read_confidential
        from tui.screens.entry_dialog import EditEntryDialog, EntryEdit

        thing = self.listed()
        if thing is None or thing.entry is None:
            return
        key = thing.entry.id

        def edit(given: EntryEdit | None) -> None:
            if given is not None:
                self.run_at_desk(edit_entry, key, given.draft, given.reason, success=_("Changed."))

        def opened(told: Story) -> None:
            entry = told.versions[0].entry
            if entry.redacted:
                self.notify(entry.text, severity="error")
            else:
                self.app.push_screen(EditEntryDialog(entry, told.reader_codes), edit)

        if thing.entry.redacted:
            # What is confidential is read before it is changed, and that is on record like any reading (Art. 31).
            self.run_operation(read_confidential, self.actor, self.desk.clock(), "entry", key, then=opened)
        else:
            self.app.push_screen(EditEntryDialog(thing.entry), edit)

    def action_tell(self) -> None:
        """Add whom the entry under the cursor was told, now (Art. 11)."""
        from operations.shiftlog import tell
        from tui.screens.tell_dialog import TellDialog

        thing = self.listed()
        if thing is None or thing.entry is None:
            return
        entry = thing.entry

        def told(whom: str | None) -> None:
            if whom:
                self.run_at_desk(tell, entry.id, whom)

        self.app.push_screen(TellDialog(thing.story), told)

    def action_show_story(self) -> None:
        """Open the versions, the shifts and the log around what is under the cursor."""
        from tui.screens.story import StoryDialog

        thing = self.listed()
        if thing is not None and thing.entry is not None:
            self.app.push_screen(StoryDialog("entry", thing.entry.id))
        elif thing is not None and thing.item is not None:
            self.app.push_screen(StoryDialog("item", thing.item.id))

    def action_search(self) -> None:
        """Search every shift's log."""
        open_search(self.desk)

    def action_set_owner(self) -> None:
        """Say who sees to the item under the cursor."""
        from operations.open_items import set_item_owner
        from tui.screens.owner_dialog import OwnerDialog

        thing = self.listed()
        if thing is None or thing.item is None:
            return
        item = thing.item

        def given(number: str | None) -> None:
            if number:
                self.run_at_desk(set_item_owner, item.id, number)

        self.app.push_screen(OwnerDialog(thing.story, item.owner_number), given)
