"""Registers in lines of text: a register on the shelf, a record in the table, a record with its story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from regulation.registers import FieldKind, Register, is_overdue
from tui.cells import day_time, joined, plain, wrapped
from tui.rows import article_name
from tui.widgets.line_table import Column

if TYPE_CHECKING:
    from operations.register_views import RecordRow, RecordStory, RegisterBook, StepRow

_WIDE_FIELDS = (FieldKind.TEXT, FieldKind.LINE)


def book_cells(book: RegisterBook) -> list[Content]:
    """A register with what waits in it and what is overdue."""
    name = plain(_(book.register.title), "" if book.may_add or book.reads_all else "$faint")
    overdue = Content.styled(f"✗{book.overdue}", "$breach bold") if book.overdue else Content("")
    waiting = Content.styled(str(book.waiting), "$attention") if book.waiting else Content("")
    return [name, overdue, waiting]


def record_columns(register: Register) -> tuple[Column, ...]:
    """The columns of a register's records: sign, number, day, what the register shows, state."""
    shown = []
    for place, key in enumerate(register.columns):
        known = register.field_named(key)
        if known is not None:
            wide = known.kind in _WIDE_FIELDS
            shown.append(
                Column(known.label, 12, flex=3 if wide else 1, from_width=0 if place < 2 else 56 + 14 * place)
            )
    return (
        Column("", 1),
        Column(N_("#"), 5, align="right"),
        Column(N_("Date"), 10, from_width=48),
        *shown,
        Column(N_("State"), 12),
    )


def record_cells(
    register: Register, row: RecordRow, names: Mapping[str, str], now: datetime, zone: tzinfo
) -> list[Content]:
    """A record in the table."""
    from operations.register_words import field_words, state_words

    sign, style = _look(register, row, now)
    return [
        Content.styled(sign, f"{style} bold"),
        Content(str(row.number)),
        Content.styled(row.day.isoformat(), "$faint"),
        *(plain(field_words(register, row, key, names, zone)) for key in register.columns),
        plain(state_words(register, row.state), style),
    ]


def story_lines(story: RecordStory, width: int, now: datetime, zone: tzinfo) -> Iterator[Content]:
    """A record whole: what is filled and what was done with it."""
    register, row = story.register, story.record
    yield from filled_lines(register, row, story.names, width, zone)
    yield Content.styled(_("What was done"), "$faint bold")
    for step in story.steps:
        yield from wrapped(_step_line(register, step, story.names, now, zone), width)


def filled_lines(
    register: Register, row: RecordRow, names: Mapping[str, str], width: int, zone: tzinfo
) -> Iterator[Content]:
    """Every field that is filled, a line each."""
    from operations.register_words import field_words

    for known in register.fields:
        words = field_words(register, row, known.key, names, zone)
        if words:
            label = Content.styled(f"{_(known.label)}  ", "$faint")
            yield from wrapped(Content.assemble(label, plain(words)), width)


def steps_line(story: RecordStory) -> Content:
    """The steps that are open to the reader, with their keys."""
    parts = [
        Content.assemble((f"{place} ", "$accent bold"), plain(_(step.label)))
        for place, step in enumerate(story.may_take, 1)
    ]
    if story.may_amend:
        parts.append(Content.assemble(("m ", "$accent bold"), _("correct")))
    return joined(parts, "   ") or Content.styled(_("Nothing here is yours to do."), "$faint")


def _look(register: Register, row: RecordRow, now: datetime) -> tuple[str, str]:
    if is_overdue(row.due_at, now):
        return "✗", "$breach"
    rests = register.state_named(row.state).rests
    return ("✓", "$faint") if rests or row.closed_at is not None else ("!", "$attention")


def record_head(register: Register, row: RecordRow, now: datetime, zone: tzinfo) -> Content:
    """Which record, where it stands, its article, and by when something is due."""
    from operations.register_words import record_name, state_words

    sign, style = _look(register, row, now)
    parts = [
        Content.styled(record_name(register, row.number), "bold"),
        plain(f"{sign} {state_words(register, row.state)}", style),
        Content.styled(article_name(row.article), "$info"),
    ]
    if row.due_at is not None:
        words = _("overdue: it was due by {time}") if is_overdue(row.due_at, now) else _("due by {time}")
        parts.append(plain(words.format(time=day_time(row.due_at, now, zone)), style))
    return joined(parts)


def _step_line(
    register: Register, step: StepRow, names: Mapping[str, str], now: datetime, zone: tzinfo
) -> Content:
    from operations.register_words import by_words, step_words, value_words

    changed: Sequence[str] = ()
    if step.step != "opened":
        filled = {known.key: known for known in register.fields}
        changed = [
            f"{_(filled[key].label)}: {value_words(filled[key], value, names, zone) or '—'}"
            for key, value in step.values.items()
            if key in filled
        ]
    return joined(
        [
            Content.styled(day_time(step.at, now, zone), "$faint"),
            Content.styled(step_words(register, step), "$info"),
            plain(by_words(step, register)),
            plain(step.note),
            plain("; ".join(changed), "$faint"),
        ]
    )
