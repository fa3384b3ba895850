"""One entry for the shift's log (Art. 9), and where it wants following up, the open item that goes with it."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.widgets import Input, Label, TextArea

from locales import N_, _
from regulation.logbook import ENTRY_KINDS
from tui.cells import clock_time
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from operations.shiftlog import EntryDraft


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


class EntryDialog(DeskDialog["EntryDraft | None"]):
    """Returns the draft; whoever opened the dialog writes it."""

    TITLE = N_("Write into the shift's log")
    CSS_PATH = "entry_dialog.tcss"
    AUTO_FOCUS = "#text"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"), priority=True)]

    def __init__(self, *, seat: str = "", kind: str = "abnormal") -> None:
        super().__init__()
        self._seat = seat
        self._kind = kind

    def compose_fields(self) -> ComposeResult:
        """What kind, what happened, where, who was told, and whether it stays open."""
        self._now, self._zone = self.desk.clock(), self.desk.zone
        yield ChoiceLine(tuple(ENTRY_KINDS.items()), self._kind, id="kind")
        yield TextArea(id="text", tab_behavior="focus", soft_wrap=True, show_line_numbers=False)
        yield self._pair(
            ("happened", N_("Happened at"), clock_time(self._now, self._zone), 5),
            ("seat", N_("Seat"), self._seat, 12),
        )
        yield self._pair(("asset", N_("Equipment"), "", 60), ("department", N_("Passed to"), "", 60))
        yield self._pair(("told", N_("Told whom"), "", 60), ("told-at", N_("Told at"), "", 5))
        with HorizontalGroup(classes="pair"):
            yield TickBox(_("VIP"), id="vip", compact=True)
            yield TickBox(_("stays open as an item"), id="open", compact=True)
        yield self._pair(("item", N_("Item"), "", 120), ("due", N_("Due at"), "", 5))

    @staticmethod
    def _pair(*fields: tuple[str, str, str, int]) -> HorizontalGroup:
        widgets = []
        for name, label, value, longest in fields:
            widgets += [Label(_(label)), Input(value, id=name, max_length=longest, compact=True)]
        return HorizontalGroup(*widgets, classes="pair")

    @on(Input.Changed)
    def _item_named(self, event: Input.Changed) -> None:
        """Naming an item is asking for one."""
        if event.input.id == "item" and event.value:
            self.query_one("#open", TickBox).value = True

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _time(self, name: str, *, ahead: bool = False) -> datetime | None:
        return time_given(self._value(name), self._now, self._zone, ahead=ahead)

    def action_accept(self) -> None:
        """Check what was given and leave with the draft."""
        text = self.query_one("#text", TextArea).text.strip()
        if not text:
            self._refuse(_("Write down what happened."), "text")
            return
        try:
            draft = self._draft(text)
        except ValueError:
            self._refuse(_("Times are written as HH:MM, such as 22:15."), "happened")
            return
        self.dismiss(draft)

    def _draft(self, text: str) -> EntryDraft:
        from operations.shiftlog import EntryDraft

        told, told_at = self._value("told"), self._time("told-at")
        stays_open = self.query_one("#open", TickBox).value or bool(self._value("item"))
        title = self._value("item") or text.splitlines()[0]
        return EntryDraft(
            kind=self.query_one("#kind", ChoiceLine).value,
            text=text,
            happened_at=self._time("happened") or self._now,
            seat=self._value("seat"),
            asset=self._value("asset"),
            department=self._value("department"),
            vip=self.query_one("#vip", TickBox).value,
            told_whom=told,
            told_at=told_at or (self._now if told else None),
            open_item=stays_open,
            item_title=title if stays_open else "",
            due_at=self._time("due", ahead=True),
        )

    def _refuse(self, words: str, name: str) -> None:
        self.set_problem(words)
        self.query_one(f"#{name}").focus()
