"""The two lists of the handover: everything in the log, and what still blocks the signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from locales import _
from regulation.findings import Blocker
from regulation.handover import CheckValue, ItemState
from tui.handover_text import (
    Moment,
    addendum_line,
    addendum_story,
    blocker_line,
    blockers_of,
    check_line_line,
    entry_line,
    entry_story,
    item_line,
    item_story,
    line_story,
)

if TYPE_CHECKING:
    from operations.acceptance import AcceptanceView
    from operations.handover import LineRow
    from operations.shiftlog import EntryRow, ItemRow

NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing in the list: its line, its story, and what it is when something can be done with it."""

    key: str
    line: Content
    story: Content
    item: ItemRow | None = None
    check: LineRow | None = None
    entry: EntryRow | None = None


class SteadyList(OptionList):
    """An option list made for its width, whose cursor stays on the same thing when it is filled anew."""

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.fill()

    def fill(self) -> None:
        """Make the options for the width there is."""

    def text_width(self) -> int:
        """Columns a line may take: what the padding leaves, with the scroll bar's column always kept free."""
        return max(NARROWEST, self.scrollable_content_region.width - 2)

    def refill(self, options: Sequence[Option]) -> None:
        """Replace the options; the cursor follows its thing, or stays near its place when that is gone."""
        before = self.highlighted
        key = self.get_option_at_index(before).id if before is not None else None
        top = self.scroll_offset.y
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            places = [place for place, option in enumerate(options) if not option.disabled]
            same = [place for place in places if options[place].id == key] if key else []
            near = [place for place in places if place >= (before or 0)] or places[-1:]
            self.highlighted = next(iter([*same, *near]), None)
        self.scroll_to(y=top, animate=False)
        if self.highlighted is not None:
            self.scroll_to_highlight()


class LogList(SteadyList):
    """Checklist lines, open items and entries of one shift, with a cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id, markup=False)
        self._things: dict[str, Listed] = {}
        self._keys_of_lines: dict[str, str] = {}
        self._view: AcceptanceView | None = None
        self._moment: Moment | None = None

    def show_view(self, view: AcceptanceView | None, moment: Moment) -> None:
        """Show a shift's log."""
        self._view, self._moment = view, moment
        self.fill()

    def fill(self) -> None:
        """Make the lines: what is to be done first, then the entries, newest first."""
        sections: tuple[tuple[str, list[Listed]], ...] = ()
        if self._view is not None and self._moment is not None:
            sections = _sections(self._view, self.text_width(), self._moment)
        self._things = {thing.key: thing for _title, things in sections for thing in things}
        checks = [(thing.check, thing.key) for thing in self._things.values() if thing.check is not None]
        self._keys_of_lines = {f"line:{line.id}": key for line, key in checks}
        options: list[Option] = []
        for title, things in sections:
            options.append(Option(Content(title), disabled=True))
            options += [Option(thing.line, id=thing.key) for thing in things]
        self.refill(options)

    @property
    def thing(self) -> Listed | None:
        """What the cursor is on."""
        if self.highlighted is None:
            return None
        return self._things.get(self.get_option_at_index(self.highlighted).id or "")

    def go_to(self, key: str) -> None:
        """Put the cursor on a thing, if it is listed; an item's line is listed as the item."""
        key = self._keys_of_lines.get(key, key)
        if key in self._things:
            self.highlighted = self.get_option_index(key)
            self.focus()

    def go_to_next_unchecked(self) -> None:
        """Put the cursor on the next line of the joint check that has no value yet."""
        keys = [key for key, thing in self._things.items() if thing.check is not None]
        here = self.thing.key if self.thing else ""
        after = keys[keys.index(here) + 1 :] if here in keys else keys
        for key in (*after, *keys):
            check = self._things[key].check
            if key != here and check is not None and check.value is CheckValue.UNCHECKED:
                self.go_to(key)
                return


class BlockerList(SteadyList):
    """What still blocks, one line each, with its article and the keys that settle it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id, markup=False)
        self._blockers: tuple[Blocker, ...] = ()

    def show_view(self, view: AcceptanceView | None) -> int:
        """Show what blocks, and return how many things do."""
        self._blockers = blockers_of(view) if view is not None else ()
        self.display = bool(self._blockers)
        self.fill()
        return len(self._blockers)

    def fill(self) -> None:
        """Make the lines."""
        width = self.text_width()
        self.refill([Option(blocker_line(blocker, width), id=blocker.subject) for blocker in self._blockers])


def _sections(view: AcceptanceView, width: int, moment: Moment) -> tuple[tuple[str, list[Listed]], ...]:
    lines = {line.subject: line for line in view.lines if line.subject}
    by_subject = {f"item:{item.id}": item for item in view.items}
    checks = [
        Listed(
            line.subject or f"line:{line.id}",
            check_line_line(line, width),
            _story(line, by_subject.get(line.subject), view, moment),
            item=by_subject.get(line.subject),
            check=line,
        )
        for line in view.lines
    ]
    items = [
        Listed(
            key,
            item_line(item, width, moment),
            item_story(item, moment, view.chains.get(item.id, ())),
            item=item,
        )
        for key, item in by_subject.items()
        if key not in lines
    ]
    entries = [
        Listed(f"entry:{entry.id}", entry_line(entry, width, moment), entry_story(entry, moment), entry=entry)
        for entry in reversed(view.log.entries)
    ]
    addenda = [
        Listed(f"addendum:{row.sequence}", addendum_line(row, width, moment), addendum_story(row, moment))
        for row in view.addenda
    ]
    done = sum(line.value is not CheckValue.UNCHECKED for line in view.lines)
    still_open = sum(thing.item is not None and thing.item.state is ItemState.OPEN for thing in items)
    titles = (
        _("Added after sealing {count}").format(count=len(addenda)),
        _("Check together {done}/{all}").format(done=done, all=len(checks)),
        _("Open items {open}/{all}").format(open=still_open, all=len(items)),
        _("Entries {count}").format(count=len(entries)),
    )
    sections = zip(titles, (addenda, checks, items, entries), strict=True)
    return tuple((title, things) for title, things in sections if things)


def _story(line: LineRow, item: ItemRow | None, view: AcceptanceView, moment: Moment) -> Content:
    """A line's story; of an item the whole of it, after what was found."""
    found = line_story(line, moment)
    if item is None:
        return found
    return Content("\n").join([found, item_story(item, moment, view.chains.get(item.id, ()))])
