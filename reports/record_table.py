"""Registers on paper and as a sheet: a list with room to sign, one record, an Excel table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from locales import N_
from reports.landscape import LongTable, render_long_table
from reports.sheet import Column
from reports.speech import Speech
from reports.workbook import HEAD_FILL, Worksheet, open_workbook, sheet_names

_ROW_MILLIMETRES, _LINE_MILLIMETRES = 8.0, 6.0
_LABEL_SHARE, _WORDS_SHARE = 40, 190
_SIGN_AFTER = (N_("Handled by:"), N_("Checked by:"), N_("Date:"))
_WIDEST, _NARROWEST = 60, 8


class Heading(Protocol):
    """A column's heading, its share of a line, and whether it holds numbers."""

    @property
    def heading(self) -> str: ...
    @property
    def share(self) -> int: ...
    @property
    def number(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """What stands around the records: whose paper it is, what about, when it is printed and by whom."""

    title: str
    centre: str
    subject: str
    time_zone: str
    printed_at: datetime
    printed_by: str
    language: str
    warnings: tuple[str, ...] = ()


def render_records(paper: RecordPaper, columns: Sequence[Heading], rows: Sequence[tuple[str, ...]]) -> bytes:
    """Return a list of records as landscape A4 PDF, the last column empty for a pen."""
    shown = tuple(Column(known.heading, known.share, right=known.number) for known in columns)
    speech = _speech(paper)
    total = speech.say(N_("{count} records."), count=len(rows))
    return _rendered(paper, shown, tuple(rows), total, _SIGN_AFTER[1:], _ROW_MILLIMETRES)


def render_record(paper: RecordPaper, lines: Sequence[tuple[str, str]]) -> bytes:
    """Return one record as PDF: labels and words, and room for the signatures it needs."""
    say = _speech(paper).say
    columns = Column(say(N_("Field")), _LABEL_SHARE), Column(say(N_("On record")), _WORDS_SHARE)
    return _rendered(paper, columns, tuple(lines), "", _SIGN_AFTER, _LINE_MILLIMETRES)


def _rendered(
    paper: RecordPaper,
    columns: tuple[Column, ...],
    rows: tuple[tuple[str, ...], ...],
    total: str,
    closing: tuple[str, ...],
    row_millimetres: float,
) -> bytes:
    speech = _speech(paper)
    say = speech.say
    table = LongTable(
        title=paper.title,
        owner=paper.centre,
        subject=paper.subject,
        columns=columns,
        rows=rows,
        empty=say(N_("Nothing is on record.")),
        total=total,
        digests=(),
        printed=say(N_("printed {at} by {whom}"), at=speech.full(paper.printed_at), whom=paper.printed_by),
        page=say(N_("Page {page} of {pages}")),
        row_millimetres=row_millimetres,
        warnings=paper.warnings,
        closing=tuple(say(words) for words in closing),
    )
    return render_long_table(table, paper.printed_at, paper.language)


def _speech(paper: RecordPaper) -> Speech:
    here = ZoneInfo(paper.time_zone)
    return Speech(paper.language, paper.time_zone, paper.printed_at.astimezone(here).date())


def records_workbook(
    title: str, columns: Sequence[Heading], rows: Sequence[tuple[str, ...]], note: str = ""
) -> bytes:
    """Return records as an Excel workbook; numbers are numbers, everything else is text and never a formula."""
    buffer = io.BytesIO()
    book = open_workbook(buffer)
    sheet = Worksheet(book, sheet_names([title])[0])
    head = sheet.boxed(bold=True, bg_color=HEAD_FILL, text_wrap=True)
    plain, right = sheet.boxed(text_wrap=True), sheet.boxed(num_format="0.####")
    top = 1 if note else 0
    if note:
        sheet.text(0, 0, note, sheet.look(bold=True))
    for place, known in enumerate(columns):
        sheet.text(top, place, known.heading, head)
        sheet.sheet.set_column(place, place, min(_WIDEST, max(_NARROWEST, known.share)))
        for line, row in enumerate(rows, top + 1):
            if known.number and row[place]:
                sheet.sheet.write_number(line, place, float(row[place]), right)
            else:
                sheet.text(line, place, row[place], plain)
    sheet.sheet.freeze_panes(top + 1, 0)
    if rows:
        sheet.sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
    book.close()
    return buffer.getvalue()
