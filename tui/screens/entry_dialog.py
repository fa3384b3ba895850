"""One entry for the shift's log (Art. 9), new or changed, and the open item that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Input, Label, TextArea

from locales import N_, _
from regulation.logbook import ENTRY_KINDS, Template
from regulation.roles import ROLE_NAMES
from tui.cells import clock_time
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from operations.shiftlog import EntryDraft, EntryRow

Given = TypeVar("Given")
READERS = N_("May read")


def time_given(text: str, now: datetime, zone: tzinfo, *, ahead: bool = False) -> datetime | None:
    """Return the instant a person means by ``HH:MM``: the last such moment, or with ``ahead`` the next one.

    An empty text is ``None``; raises :class:`ValueError` for anything that is not a time of day.
    """
    if not text.strip():
        return None
    hours, _colon, minutes = text.strip().replace("：", ":").partition(":")
    local = now.astimezone(zone)
    meant = local.replace(hour=int(hours), minute=int(minutes or "0"), second=0, microsecond=0)
    if ahead and meant < local:
        meant += timedelta(days=1)
    if not ahead and meant > local:
        meant -= timedelta(days=1)
    return meant.astimezone(now.tzinfo)


def names_given(text: str) -> tuple[str, ...]:
    """Return the references someone wrote on one line, apart by commas or semicolons of either width."""
    for mark in "，、；;":
        text = text.replace(mark, ",")
    return tuple(name.strip() for name in text.split(",") if name.strip())


def readers_given(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the roles and the work numbers someone wrote on one line; a role by its code or its name."""
    roles = {_(name): str(role) for role, name in ROLE_NAMES.items()} | {
        str(role): str(role) for role in ROLE_NAMES
    }
    given = names_given(text)
    return (
        tuple(roles[name] for name in given if name in roles),
        tuple(name for name in given if name not in roles),
    )


class EntryForm(DeskDialog[Given | None]):
    """What a new entry and a changed one have in common: kind, text, hours, where, whom, and references.

    Naming a reader makes it confidential.
    """

    CSS_PATH = "entry_dialog.tcss"
    AUTO_FOCUS = "#text"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"), priority=True)]

    def __init__(self, *, seat: str = "", kind: str = "abnormal", entry: EntryRow | None = None) -> None:
        super().__init__()
        self._seat = entry.seat if entry else seat
        self._kind = entry.kind if entry else kind
        self._entry = entry
        self._shown: dict[str, datetime | None] = {}

    def compose_fields(self) -> ComposeResult:
        """What kind, what happened, where, who was told, and whether it stays open."""
        self._now, self._zone = self.desk.clock(), self.desk.zone
        entry = self._entry
        yield ChoiceLine(tuple(ENTRY_KINDS.items()), self._kind, id="kind")
        text = entry.text if entry else ""
        yield TextArea(text, id="text", tab_behavior="focus", soft_wrap=True, show_line_numbers=False)
        yield self._pair(
            (
                "happened",
                N_("Happened at"),
                self._clock("happened", entry.happened_at if entry else self._now),
                5,
            ),
            ("seat", N_("Seat"), self._seat, 8),
        )
        yield self._pair(
            ("asset", N_("Equipment"), entry.asset if entry else "", 60),
            ("department", N_("Passed to"), entry.department if entry else "", 60),
        )
        yield from self.compose_middle()
        with HorizontalGroup(classes="ticks"):
            yield TickBox(_("VIP"), entry is not None and entry.vip, id="vip", compact=True)
            secret = entry is not None and entry.confidential
            yield TickBox(_("confidential"), secret, id="confidential", compact=True)
            yield from self.compose_ticks()
        yield from self.compose_item()
        attached = ", ".join(entry.attachments) if entry else ""
        yield self._pair(("attached", N_("Attached"), attached, 200), *self.last_field())

    def compose_middle(self) -> ComposeResult:
        """Yield the lines about who was told or who answered."""
        yield from ()

    def compose_ticks(self) -> ComposeResult:
        """Yield more boxes to tick."""
        yield from ()

    def compose_item(self) -> ComposeResult:
        """Yield the line about the open item."""
        yield from ()

    def last_field(self) -> tuple[tuple[str, str, str, int], ...]:
        """Return the field beside the references, if there is one."""
        return ()

    def finish(self, draft: EntryDraft) -> Given:
        """Return what the dialog dismisses with; raise :class:`ValueError` with words where something is missing."""
        raise NotImplementedError

    @staticmethod
    def _pair(*fields: tuple[str, str, str, int]) -> HorizontalGroup:
        widgets = []
        for name, label, value, longest in fields:
            widgets += [Label(_(label)), Input(value, id=name, max_length=longest, compact=True)]
        return HorizontalGroup(*widgets, classes="pair")

    def _clock(self, name: str, at: datetime | None) -> str:
        self._shown[name] = at
        return clock_time(at, self._zone) if at is not None else ""

    def _value(self, name: str) -> str:
        found = self.query(f"#{name}")
        return found.first(Input).value.strip() if found else ""

    def _ticked(self, name: str) -> bool:
        found = self.query(f"#{name}")
        return found.first(TickBox).value if found else False

    def _time(self, name: str, *, ahead: bool = False) -> datetime | None:
        text, shown = self._value(name), self._shown.get(name)
        # What was left as it stood keeps its day and its second.
        if shown is not None and text == clock_time(shown, self._zone):
            return shown
        return time_given(text, self._now, self._zone, ahead=ahead)

    def action_accept(self) -> None:
        """Check what was given and leave with it."""
        text = self.query_one("#text", TextArea).text.strip()
        if not text:
            self._refuse(_("Write down what happened."), "text")
            return
        try:
            draft = self._draft(text)
        except ValueError:
            self._refuse(_("Times are written as HH:MM, such as 22:15."), "happened")
            return
        try:
            given = self.finish(draft)
        except ValueError as problem:
            self._refuse(str(problem), "reason")
            return
        self.dismiss(given)

    def _draft(self, text: str) -> EntryDraft:
        from operations.shiftlog import EntryDraft

        told, told_at = self._value("told"), self._time("told-at")
        roles, people = readers_given(self._value("readers"))
        stays_open = self._ticked("open") or bool(self._value("item"))
        title = self._value("item") or text.splitlines()[0]
        return EntryDraft(
            kind=self.query_one("#kind", ChoiceLine).value,
            text=text,
            happened_at=self._time("happened") or self._now,
            seat=self._value("seat"),
            asset=self._value("asset"),
            department=self._value("department"),
            vip=self._ticked("vip"),
            told_whom=told,
            told_at=told_at or (self._now if told else None),
            open_item=stays_open,
            item_title=title if stays_open else "",
            due_at=self._time("due", ahead=True),
            attachments=names_given(self._value("attached")),
            confidential=self._ticked("confidential"),
            department_answered_at=self._time("answered"),
            for_roles=roles,
            for_people=people,
        )

    def _refuse(self, words: str, name: str) -> None:
        self.set_problem(words)
        self.query_one(f"#{name}").focus()

    @on(Input.Changed, "#readers")
    def _reader_named(self, event: Input.Changed) -> None:
        if event.value:
            self.query_one("#confidential", TickBox).value = True


class EntryDialog(EntryForm["EntryDraft"]):
    """Returns the draft of a new entry; whoever opened the dialog writes it."""

    TITLE = N_("Write into the shift's log")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "template", N_("template"), priority=True),
    ]

    def compose_middle(self) -> ComposeResult:
        """Who was told, and when (Art. 11)."""
        yield self._pair(("told", N_("Told whom"), "", 60), ("told-at", N_("Told at"), "", 5))

    def compose_ticks(self) -> ComposeResult:
        """Whether it stays open; a complaint always does (Art. 9)."""
        yield TickBox(_("stays open as an item"), id="open", compact=True)

    def compose_item(self) -> ComposeResult:
        """The item's own words and hour."""
        yield self._pair(("item", N_("Item"), "", 120), ("due", N_("Due at"), "", 5))

    def last_field(self) -> tuple[tuple[str, str, str, int], ...]:
        """Who may read it, if it is confidential (Art. 31)."""
        return (("readers", READERS, "", 120),)

    def finish(self, draft: EntryDraft) -> EntryDraft:
        """The draft itself."""
        return draft

    @on(Input.Changed)
    def _item_named(self, event: Input.Changed) -> None:
        """Naming an item is asking for one."""
        if event.input.id == "item" and event.value:
            self.query_one("#open", TickBox).value = True

    def action_template(self) -> None:
        """Begin with a template."""
        from tui.screens.templates import TemplatesDialog

        self.app.push_screen(TemplatesDialog(), self._use)

    def _use(self, template: Template | None) -> None:
        if template is None:
            return
        text = self.query_one("#text", TextArea)
        text.text = _(template.text)
        self.query_one("#kind", ChoiceLine).value = template.kind
        self.query_one("#vip", TickBox).value = template.vip
        self.query_one("#open", TickBox).value = template.open_item
        self.query_one("#department", Input).value = template.department
        due = self._now + timedelta(minutes=template.due_minutes) if template.due_minutes else None
        self.query_one("#due", Input).value = self._clock("due", due)
        text.focus()


@dataclass(frozen=True, slots=True)
class EntryEdit:
    """An entry as it shall read from now on, and why."""

    draft: EntryDraft
    reason: str


class EditEntryDialog(EntryForm[EntryEdit]):
    """Changes an entry of an open log; what it said before is kept (Art. 9)."""

    def __init__(self, entry: EntryRow, readers: tuple[str, ...] = ()) -> None:
        super().__init__(entry=entry)
        self._edited = entry
        self._readers = readers

    def title_text(self) -> Content:
        """Say which version this will be."""
        return Content(_("Change the entry: version {number}").format(number=self._edited.version + 1))

    def compose_middle(self) -> ComposeResult:
        """When it is due, and when the department answered (Art. 5, 6)."""
        yield self._pair(
            ("due", N_("Due at"), self._clock("due", self._edited.due_at), 5),
            ("answered", N_("Answered at"), self._clock("answered", self._edited.department_answered_at), 5),
        )

    def compose_item(self) -> ComposeResult:
        """Who may read it, if it is confidential (Art. 31)."""
        yield self._pair(("readers", READERS, ", ".join(self._readers), 120))

    def last_field(self) -> tuple[tuple[str, str, str, int], ...]:
        """Why it is changed."""
        return (("reason", N_("Why"), "", 120),)

    def finish(self, draft: EntryDraft) -> EntryEdit:
        """The draft with its reason."""
        reason = self._value("reason")
        if not reason:
            raise ValueError(_("Say why the entry is changed, in a sentence."))
        return EntryEdit(draft, reason)
