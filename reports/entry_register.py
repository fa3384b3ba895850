"""The machine-room entry register 机房出入登记表: who came and went, why, with what, with whom (Art. 20)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from locales import DEFAULT_LANGUAGE, N_
from regulation.ledger import Head, canonical
from reports.door_health import DoorHealth, unheard_since
from reports.landscape import LongTable, render_long_table
from reports.sheet import Column, Digest, grouped
from reports.speech import Speech

HEADINGS = (
    N_("Date"),
    N_("Time"),
    N_("Name"),
    N_("Unit"),
    N_("Post"),
    N_("Contact"),
    N_("Reason to enter"),
    N_("In/Out"),
    N_("Carried"),
    N_("Escorted by"),
    N_("Signed"),
)
_WIDTHS = (19, 12, 24, 36, 22, 27, 40, 13, 28, 24, 26)
_WAYS = {"in": N_("entry"), "out": N_("exit")}
_ROW_MILLIMETRES = 9.0
HEAD_DIGITS = 32
MOST_LINES, IN_A_LINE = 3, 4


class EntryRow(Protocol):
    """One passage. Texts are as they were written down; ``reason`` may be a message; ``direction`` in or out."""

    @property
    def at(self) -> datetime: ...
    @property
    def name(self) -> str: ...
    @property
    def work_number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def job_title(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def carried(self) -> str: ...
    @property
    def escort(self) -> str: ...
    @property
    def code(self) -> str: ...


class EntryRegister(Protocol):
    """The passages of the civil days ``first`` to ``last`` of a centre, oldest first."""

    @property
    def centre(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def rows(self) -> Sequence[EntryRow]: ...


_HASHED = (
    "at",
    "name",
    "work_number",
    "unit",
    "job_title",
    "phone",
    "reason",
    "reference",
    "direction",
    "carried",
    "escort",
)


def register_digest(register: EntryRegister) -> str:
    """Return the SHA-256 of what the register says, the same in every language and on every printing."""
    fields = {
        "centre": register.centre,
        "first": register.first,
        "last": register.last,
        "rows": [[getattr(row, name) for name in _HASHED] for row in register.rows],
    }
    return hashlib.sha256(canonical(fields)).hexdigest()


def register_cells(register: EntryRegister, language: str) -> Iterator[tuple[str, ...]]:
    """Yield each passage as the cells of the form, without the signature."""
    speech = Speech(language, register.time_zone, register.first)
    for row in register.rows:
        yield _cells(row, speech, ZoneInfo(register.time_zone), between=" ")


def register_table(
    register: EntryRegister,
    *,
    printed_at: datetime,
    printed_by: str,
    heads: Sequence[Head] = (),
    doors: Sequence[DoorHealth] = (),
    language: str = DEFAULT_LANGUAGE,
) -> LongTable:
    """Return the register as a table to be set. ``heads`` are the ends of the doors' chains.

    ``doors`` that had not been heard by the end of the period make it say so: such a register is not complete.
    """
    speech = Speech(language, register.time_zone, register.first)
    say, zone = speech.say, ZoneInfo(register.time_zone)
    ways = Counter(str(row.direction) for row in register.rows)
    span = register.first.isoformat()
    if register.last != register.first:
        span = say(N_("{first} to {last}"), first=span, last=register.last.isoformat())
    return LongTable(
        title=say(N_("Machine-room entry register")),
        owner=register.centre,
        subject=span,
        columns=tuple(Column(say(label), width) for label, width in zip(HEADINGS, _WIDTHS, strict=True)),
        rows=tuple((*_cells(row, speech, zone, between="\n"), "") for row in register.rows),
        empty=say(N_("Nobody went in or out in this period.")),
        total=say(N_("{count} in, {left} out."), count=ways["in"], left=ways["out"]),
        digests=(
            Digest(say(N_("Digest of this register")), grouped(register_digest(register))),
            *chain_ends(heads, speech),
        ),
        printed=say(N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printed_by),
        page=say(N_("Page {page} of {pages}")),
        row_millimetres=_ROW_MILLIMETRES,
        warnings=unheard_since(doors, printed_at, register.last, speech),
        closing=(say(N_("Checked by:")), say(N_("Date:"))),
    )


def render_register(
    register: EntryRegister,
    *,
    printed_at: datetime,
    printed_by: str,
    heads: Sequence[Head] = (),
    doors: Sequence[DoorHealth] = (),
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return the register as landscape A4 PDF with an empty column to sign in."""
    table = register_table(
        register, printed_at=printed_at, printed_by=printed_by, heads=heads, doors=doors, language=language
    )
    return render_long_table(table, printed_at, language)


def chain_ends(heads: Sequence[Head], speech: Speech) -> tuple[Digest, ...]:
    """Return the ends of the doors' chains for a footer: signed paper with them anchors what the door recorded.

    Half of each hash is enough for ``zhiban verify --digest``; of many doors a quarter each, several to a line.
    """
    if len(heads) > MOST_LINES:
        ends = [f"{h.chain} {h.sequence} {grouped(h.hash[: HEAD_DIGITS // 2])}" for h in heads]
        label = speech.say(N_("Chains"))
        return tuple(
            Digest(label, "   ".join(ends[at : at + IN_A_LINE])) for at in range(0, len(ends), IN_A_LINE)
        )
    return tuple(
        Digest(
            speech.say(N_("Chain {chain}, record {count}"), chain=head.chain, count=head.sequence),
            grouped(head.hash[:HEAD_DIGITS]),
        )
        for head in heads
    )


def _cells(row: EntryRow, speech: Speech, zone: ZoneInfo, between: str) -> tuple[str, ...]:
    local = row.at.astimezone(zone)
    return (
        local.date().isoformat(),
        f"{local:%H:%M}",
        between.join(part for part in (row.name, row.work_number) if part),
        row.unit,
        speech.say(row.job_title),
        row.phone,
        between.join(part for part in (speech.say(row.reason), row.reference) if part),
        speech.say(_WAYS.get(row.direction, row.direction)),
        row.carried,
        row.escort,
    )
