"""Search over every shift's log, as one types; keys narrow it and Enter opens what was found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from regulation.handover import ItemState
from regulation.logbook import ENTRY_KINDS
from tui.cells import day_time, harmless, plain
from tui.handover_text import state_name
from tui.screens.lookup_dialog import LookupDialog, Page, Question
from tui.widgets.line_table import Column
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.search import Hit

KINDS = ("", *ENTRY_KINDS)
STATES = ("", *ItemState)


class SearchDialog(LookupDialog["Hit"]):
    """The kind, the state of items, the days and the person narrow it."""

    TITLE = N_("Search every shift's log")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("show it"), priority=True),
        Binding("f2", "next_kind", N_("kind"), key_display="F2"),
        Binding("f3", "next_state", N_("state of items"), key_display="F3"),
        Binding("f4", "next_days", N_("days"), key_display="F4"),
        Binding("f6", "next_person", N_("person"), key_display="F6"),
    ]
    EXAMPLE = N_("Words, numbers, part of a phone number…")
    EMPTY = N_("Nothing found.")
    COLUMNS = (
        Column(N_("Time"), 11),
        Column(N_("Shift"), 8, from_width=84),
        Column(N_("What"), 14),
        Column(N_("Text"), 20, flex=1),
        Column(N_("Who"), 14, from_width=70),
    )

    def __init__(self) -> None:
        super().__init__()
        self._kind = self._state = self._person = ""

    def question(self) -> Question[Hit]:
        """Return what searches for the words, narrowed as it is."""
        from operations.search import LogQuery, search_log

        query = LogQuery(self.words, self._kind, self._state, self._person, self.first_day())

        def ask(actor: Actor, now: datetime, before: int | None) -> Page[Hit]:
            found = search_log(actor, now, query, before)
            return Page(found.hits, found.more_before)

        return ask

    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """The kind, the state of items, the days, the person."""
        return (
            (_("kind"), _(ENTRY_KINDS[self._kind]) if self._kind else _("any")),
            (_("items"), state_name(ItemState(self._state)) if self._state else _("any")),
            (_("days"), self.days_words()),
            (_("person"), self._person or _("anyone")),
        )

    def key(self, row: Hit) -> int:
        """Return a hit's own key."""
        return row.key

    def cells(self, row: Hit) -> list[Content]:
        """When, in which shift, what it is, the words with what was found in them, whose it is."""
        what = _(ENTRY_KINDS[row.kind]) if row.kind and not row.state else ""
        if row.state:
            what = _("item, {state}").format(state=state_name(ItemState(row.state)))
        elif row.subject == "addendum":
            what = _("addendum")
        # Made harmless as one line first: the marks keep their places.
        found = Content(harmless(row.snippet))
        for start, end in row.marks:
            found = found.stylize("$accent bold", start, end)
        return [
            Content.styled(day_time(row.at, self.desk.now, self.desk.zone), "$faint"),
            plain(language_name(row.shift, row.shift_en), "$faint"),
            Content.styled(what, "$info"),
            found,
            plain(row.person, "$faint"),
        ]

    def action_next_kind(self) -> None:
        """Only one kind of entry, then the next, then all."""
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self.narrowed()

    def action_next_state(self) -> None:
        """Only items that are open, carried, resolved; then everything."""
        self._state = STATES[(STATES.index(self._state) + 1) % len(STATES)]
        self.narrowed()

    def action_next_person(self) -> None:
        """Only what belongs to the person under the cursor, then what is one's own, then everyone's."""
        own = self.desk.signed_in.work_number
        hit: Hit | None = self.table.current
        others = hit.person.rpartition("(")[2].rstrip(")") if hit is not None else ""
        choices = list(dict.fromkeys(("", others, own)))
        place = choices.index(self._person) if self._person in choices else len(choices) - 1
        self._person = choices[(place + 1) % len(choices)]
        self.narrowed()

    def action_open(self) -> None:
        """Open what is under the cursor."""
        from tui.screens.story import StoryDialog

        hit: Hit | None = self.table.current
        if hit is not None:
            self.app.push_screen(StoryDialog(hit.subject, hit.subject_id))
