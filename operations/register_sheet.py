"""A register as a table: headings and cells in the reader's language, for a sheet, for paper, and back from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from locales import _
from operations.register_import import NUMBER, OPENED_AT, REPORTER, STATE
from operations.register_views import RecordRow, RecordStory
from operations.register_words import (
    by_words,
    field_words,
    moment_words,
    record_name,
    state_words,
    step_words,
    value_words,
)
from regulation.registers import FieldKind, Register

_SHARES = {FieldKind.TEXT: 40, FieldKind.LINE: 22, FieldKind.PERSON: 20, FieldKind.CHOICE: 20}
_SHARE = 14


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading in words, its share of a line, and whether it holds numbers."""

    heading: str
    share: int
    number: bool = False


def sheet_columns(register: Register) -> tuple[SheetColumn, ...]:
    """Return the columns of a register as it is exported; the same headings are read from a file."""
    fields = tuple(
        SheetColumn(_(known.label), _SHARES.get(known.kind, _SHARE), known.kind is FieldKind.NUMBER)
        for known in register.fields
    )
    return (
        SheetColumn(_(NUMBER), 8, number=True),
        *fields,
        SheetColumn(_(STATE), 14),
        SheetColumn(_(REPORTER), 20),
        SheetColumn(_(OPENED_AT), 18),
    )


def sheet_rows(
    register: Register, rows: Iterable[RecordRow], names: Mapping[str, str], zone: tzinfo
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each record. A unit stands in no cell: a number stays a number."""
    for row in rows:
        cells = [
            value_words(known, row.values[known.key], names, zone) if known.key in row.values else ""
            for known in register.fields
        ]
        yield (
            str(row.number),
            *cells,
            state_words(register, row.state),
            person_words(row.reporter, row.reporter_name),
            moment_words(row.opened_at, zone),
        )


def paper_columns(register: Register) -> tuple[SheetColumn, ...]:
    """Return the columns of a register's list on paper: what the register itself shows, and room for a signature."""
    shown = [known for key in register.columns if (known := register.field_named(key)) is not None]
    return (
        SheetColumn(_(NUMBER), 8, number=True),
        SheetColumn(_("date"), 14),
        *(SheetColumn(_(known.label), _SHARES.get(known.kind, _SHARE)) for known in shown),
        SheetColumn(_(STATE), 16),
        SheetColumn(_("Signed"), 18),
    )


def paper_rows(
    register: Register, rows: Iterable[RecordRow], names: Mapping[str, str], zone: tzinfo
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each record for paper; the last is empty for a pen."""
    for row in rows:
        shown = (field_words(register, row, key, names, zone) for key in register.columns)
        yield str(row.number), row.day.isoformat(), *shown, state_words(register, row.state), ""


def record_lines(story: RecordStory, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Yield one record as labels and words: its fields, where it stands, and everything that was done."""
    register, row = story.register, story.record
    yield _("the record"), record_name(register, row.number)
    for known in register.fields:
        words = field_words(register, row, known.key, story.names, zone)
        if words:
            yield _(known.label), words
    yield _(STATE), state_words(register, row.state)
    if row.due_at is not None:
        yield _("due by"), moment_words(row.due_at, zone)
    for step in story.steps:
        parts = (step_words(register, step), by_words(step, register), step.note)
        yield moment_words(step.at, zone), "  ".join(part for part in parts if part)


def person_words(number: str, name: str) -> str:
    """Return somebody as name and work number, empty for nobody."""
    return f"{name}({number})" if number else ""


def secret_mark(register: Register) -> str:
    """Return what stands on every paper of a register that not everybody may know, empty for the others (Art. 31)."""
    if not register.need_to_know:
        return ""
    return _(
        "Need to know (Art. 31): for this register's readers alone. Do not copy it or leave it lying about."
    )
