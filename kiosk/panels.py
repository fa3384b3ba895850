"""Panels of the door's screen: where a PIN or a report is typed, and the muster list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from kiosk.muster import UNKNOWN_PERSON, UNKNOWN_VISITOR
from kiosk.views import MusterRow
from locales import LANGUAGES, N_, translate
from regulation.door_reports import LONGEST_NOTE, LONGEST_NUMBER

WORK_NUMBER: Final = N_("Work number")
PIN: Final = N_("PIN")
INSIDE: Final = N_("{count} inside: {visitors} visitors, {staff} staff")
NOBODY_INSIDE: Final = N_("Nobody is inside by this door's record")
WITH_ESCORT: Final = N_("escort {name}")
WITHOUT_ESCORT: Final = N_("no escort")
PAGE: Final = N_("page {page}/{pages} · space: next")

REPORTED_WORDS: Final = N_("Seat, a few words")

PAGE_SECONDS: Final = 8
"""A list of several pages turns by itself."""

STAFF_COLUMN: Final = 26


class PinPanel(Vertical):
    """Takes a PIN, and a work number where no badge says whose it is. Forgets both as soon as they are given."""

    class Given(Message):
        """A PIN was typed."""

        def __init__(self, pin: str, work_number: str) -> None:
            super().__init__()
            self.pin, self.work_number = pin, work_number

    def compose(self) -> ComposeResult:
        """Two rows; the first only where it is needed."""
        with Horizontal(classes="field", id="row-number"):
            yield Static(id="label-number", classes="label")
            yield Input(id="field-number", max_length=16, compact=True)
        with Horizontal(classes="field"):
            yield Static(id="label-pin", classes="label")
            yield Input(id="field-pin", max_length=64, compact=True, password=True)

    def on_mount(self) -> None:
        """Nothing is asked yet."""
        self._asked = ""

    def open(self, first: str, *, with_number: bool) -> None:
        """Ask, in the language ``first`` first."""
        order = [first, *(code for code in LANGUAGES if code != first)]
        for name, label in (("number", WORK_NUMBER), ("pin", PIN)):
            both = " ".join(dict.fromkeys(translate(label, code) for code in order))
            self.query_one(f"#label-{name}", Static).update(Content(both))
        asked = "number" if with_number else "pin"
        if asked != self._asked:
            self._asked = asked
            self.query_one("#row-number").display = with_number
            self.call_after_refresh(self._focus)

    def add(self, key: str) -> None:
        """Take a key that came before the field had the keys."""
        if self._asked:
            self.query_one(f"#field-{self._asked}", Input).insert_text_at_cursor(key)

    def forget(self) -> None:
        """Clear what was typed and ask no more."""
        self._clear()
        if self._asked:
            self._asked = ""
            self.screen.set_focus(None)

    def _focus(self) -> None:
        if self._asked:
            self.query_one(f"#field-{self._asked}", Input).focus()

    def _clear(self) -> None:
        for field in self.query(Input):
            with self.prevent(Input.Changed):
                field.value = ""

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "field-number":
            self.query_one("#field-pin", Input).focus()
            return
        pin = self.query_one("#field-pin", Input).value
        number = self.query_one("#field-number", Input).value
        self._clear()
        self._focus()
        self.post_message(self.Given(pin, number))


class ReportPanel(Vertical):
    """Takes what somebody says of a breach: a work number and a few words. Both may stay empty."""

    class Given(Message):
        """Enter in the last field: that is all."""

        def __init__(self, number: str, note: str) -> None:
            super().__init__()
            self.number, self.note = number, note

    def compose(self) -> ComposeResult:
        """Two rows."""
        for name, longest in (("reported", LONGEST_NUMBER), ("said", LONGEST_NOTE)):
            with Horizontal(classes="field"):
                yield Static(id=f"label-{name}", classes="label")
                yield Input(id=f"field-{name}", max_length=longest, compact=True)

    def on_mount(self) -> None:
        """Nothing is asked yet."""
        self._asked = False

    def open(self, first: str) -> None:
        """Ask, in the language ``first`` first."""
        order = [first, *(code for code in LANGUAGES if code != first)]
        for name, label in (("reported", WORK_NUMBER), ("said", REPORTED_WORDS)):
            both = " ".join(dict.fromkeys(translate(label, code) for code in order))
            self.query_one(f"#label-{name}", Static).update(Content(both))
        if not self._asked:
            self._asked = True
            self.call_after_refresh(self._focus)

    def add(self, key: str) -> None:
        """Take a key that came before the field had the keys."""
        if self._asked:
            self.query_one("#field-reported", Input).insert_text_at_cursor(key)

    def step_aside(self) -> None:
        """Give the keys to whoever stands at the door now; what was typed stays."""
        if self._asked:
            self._asked = False
            self.screen.set_focus(None)

    def forget(self) -> None:
        """Clear what was typed: the next one at the door must not read it."""
        self.step_aside()
        for field in self.query(Input):
            with self.prevent(Input.Changed):
                field.value = ""

    def _focus(self) -> None:
        if self._asked:
            self.query_one("#field-reported", Input).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "field-reported":
            self.query_one("#field-said", Input).focus()
            return
        number, note = (self.query_one(f"#field-{name}", Input).value for name in ("reported", "said"))
        self.post_message(self.Given(number, note))


class MusterPanel(Static):
    """Who is inside, since when, visitors with their escorts: large, and in pages where it does not fit."""

    def on_mount(self) -> None:
        """Start with the first page."""
        self._rows: Sequence[MusterRow] = ()
        self._page = 0
        self._looked = 0.0

    def show(self, rows: Sequence[MusterRow], zone: tzinfo, language: str) -> None:
        """Draw ``rows`` with the centre's time, in one language."""
        self._rows, self._zone, self._language = rows, zone, language
        self._draw()

    def forget(self) -> None:
        """Leave no name behind."""
        self._rows = ()
        self._page, self._looked = 0, 0.0
        self.update("")

    def turn(self, by: int) -> None:
        """Go on or back by a page."""
        if self._rows:
            self._page += by
            self._looked = 0.0
            self._draw()

    def look(self, seconds: float) -> None:
        """Time has passed: turn the page when it has been read."""
        self._looked += seconds
        if self._looked >= PAGE_SECONDS:
            self.turn(1)

    def summary(self, rows: Sequence[MusterRow], language: str) -> str:
        """Return the counts in words."""
        if not rows:
            return translate(NOBODY_INSIDE, language)
        visitors = sum(row.is_visitor for row in rows)
        words = translate(INSIDE, language)
        return words.format(count=len(rows), visitors=visitors, staff=len(rows) - visitors)

    def on_resize(self) -> None:
        """Page anew."""
        if self._rows:
            self._draw()

    def _draw(self) -> None:
        lines = self._lines()
        height = max(1, self.size.height or 1)
        if len(lines) * 2 - 1 <= height:
            self.update(Content("\n\n".join(lines)))
            return
        room = max(1, height - 1)
        if len(lines) <= height:
            self.update(Content("\n".join(lines)))
            return
        pages = -(-len(lines) // room)
        self._page %= pages
        shown = lines[self._page * room : (self._page + 1) * room]
        foot = translate(PAGE, self._language).format(page=self._page + 1, pages=pages)
        self.update(Content("\n".join([*shown, *[""] * (room - len(shown)), foot])))

    def _lines(self) -> list[str]:
        visitors = [self._visitor(row) for row in self._rows if row.is_visitor]
        staff = [self._staff(row) for row in self._rows if not row.is_visitor]
        columns = max(1, (self.size.width or STAFF_COLUMN) // STAFF_COLUMN)
        packed = [
            "".join(_padded(words, STAFF_COLUMN) for words in staff[start : start + columns]).rstrip()
            for start in range(0, len(staff), columns)
        ]
        return [*visitors, *packed]

    def _visitor(self, row: MusterRow) -> str:
        escort = (
            translate(WITH_ESCORT, self._language).format(name=row.escort)
            if row.escort
            else translate(WITHOUT_ESCORT, self._language)
        )
        name = " · ".join(part for part in (self._named(row), row.unit) if part)
        return f"{self._since(row)}  ! {_padded(name, STAFF_COLUMN)}  {escort}"

    def _staff(self, row: MusterRow) -> str:
        return f"{self._since(row)}  {self._named(row)}"

    def _since(self, row: MusterRow) -> str:
        return row.since.astimezone(self._zone).strftime("%H:%M")

    def _named(self, row: MusterRow) -> str:
        ours = row.name in (UNKNOWN_PERSON, UNKNOWN_VISITOR)
        return translate(row.name, self._language) if ours else row.name


def _padded(words: str, columns: int) -> str:
    return words + " " * max(2, columns - cell_len(words))
