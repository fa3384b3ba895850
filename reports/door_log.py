"""The door log for a spreadsheet and on paper: what the door saw and decided, newest first (Art. 14, 20, 24)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from locales import DEFAULT_LANGUAGE, N_
from regulation.ledger import Head, canonical
from reports.entry_register import chain_ends
from reports.landscape import LongTable, render_long_table
from reports.sheet import Column, Digest, grouped
from reports.speech import Speech

HEADINGS = (
    N_("time"),
    N_("door"),
    N_("record"),
    N_("reader"),
    N_("way"),
    N_("outcome"),
    N_("code"),
    N_("Art."),
    N_("who"),
    N_("work number"),
    N_("visitor of"),
    N_("escort"),
    N_("what"),
)
_PAPER = (
    (N_("time"), 31),
    (N_("door"), 18),
    (N_("record"), 14),
    (N_("reader"), 18),
    (N_("way"), 9),
    (N_("who"), 34),
    (N_("visitor of"), 40),
    (N_("escort"), 24),
    (N_("Art."), 9),
    (N_("what"), 74),
)
_RIGHT = (N_("record"), N_("Art."))
OUTCOMES = {
    "granted": N_("granted"),
    "notice": N_("granted with notice"),
    "pending": N_("waiting for something"),
    "refused": N_("refused"),
    "released": N_("released"),
    "repeat": N_("read again"),
    "alarm": N_("alarm"),
    "note": N_("noted"),
}
_WAYS = {"in": N_("in"), "out": N_("out"), "none": "—"}


class DoorRow(Protocol):
    """A door event; ``text`` is the message of its code, ``who`` a name or empty."""

    @property
    def kiosk(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def reader(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def article(self) -> int: ...
    @property
    def who(self) -> str: ...
    @property
    def work_number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def escort(self) -> str: ...
    @property
    def text(self) -> str: ...


def door_log_cells(rows: Iterable[DoorRow], speech: Speech) -> Iterator[tuple[object, ...]]:
    """Yield each event as the cells under :data:`HEADINGS`, one by one."""
    for row in rows:
        yield (
            speech.exact(row.at),
            row.kiosk,
            row.sequence,
            row.reader,
            way(row.direction, speech),
            speech.say(OUTCOMES.get(row.outcome, row.outcome)),
            row.code,
            row.article,
            row.who,
            row.work_number,
            row.unit,
            row.escort,
            speech.say(row.text),
        )


def render_door_log(
    rows: Sequence[DoorRow],
    *,
    centre: str,
    time_zone: str,
    filtered: str,
    printed_at: datetime,
    printed_by: str,
    heads: Sequence[Head] = (),
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return the events as landscape A4 PDF; ``filtered`` says what they were chosen by, or is empty."""
    speech = Speech(language, time_zone, printed_at.date())
    say = speech.say
    table = LongTable(
        title=say(N_("Door log")),
        owner=centre,
        subject=filtered,
        columns=tuple(Column(say(label), width, right=label in _RIGHT) for label, width in _PAPER),
        rows=tuple(_paper_cells(row, speech) for row in rows),
        empty=say(N_("The door saw nothing like this.")),
        total=say(N_("{count} events in this list."), count=len(rows)),
        digests=(Digest(say(N_("Digest of this list")), grouped(_digest(rows))), *chain_ends(heads, speech)),
        printed=say(N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printed_by),
        page=say(N_("Page {page} of {pages}")),
    )
    return render_long_table(table, printed_at, language)


def way(direction: str, speech: Speech) -> str:
    """Return which way someone went, a dash for nobody."""
    return speech.say(_WAYS.get(direction, direction))


def _paper_cells(row: DoorRow, speech: Speech) -> tuple[str, ...]:
    who = f"{row.who}\n{row.work_number}" if row.work_number else row.who
    return (
        speech.exact(row.at),
        row.kiosk,
        str(row.sequence),
        row.reader,
        way(row.direction, speech),
        who or "—",
        row.unit,
        row.escort,
        str(row.article),
        speech.say(row.text),
    )


def _digest(rows: Sequence[DoorRow]) -> str:
    said = [[row.kiosk, row.sequence, row.at, row.code, row.who, row.work_number] for row in rows]
    return hashlib.sha256(canonical({"rows": said})).hexdigest()
