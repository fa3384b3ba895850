"""Registers written into files: a list on paper, an Excel sheet, CSV, one record with room for signatures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from locales import _, language
from settings import ZhibanError
from tui.register_sources import MOST_ON_PAPER

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.centre import CentreInfo
    from operations.register_views import RecordFilter, RecordStory
    from regulation.registers import Register
    from reports.record_table import RecordPaper
    from tui.register_sources import Source


def save_records(
    path: Path,
    source: Source,
    wanted: RecordFilter,
    actor: Actor,
    now: datetime,
    centre: CentreInfo,
    subject: str,
) -> int:
    """Write what matches to ``path``, as its ending says (``.pdf``, ``.xlsx``, ``.csv``); returns how many records.

    Sheets have every field and can be imported again; paper has what the register shows, and a column to sign in.
    """
    from operations.register_sheet import paper_columns, paper_rows, secret_mark, sheet_columns, sheet_rows

    register, zone = source.book.register, ZoneInfo(centre.time_zone)
    if path.suffix == ".pdf" and source.count(actor, now, wanted) > MOST_ON_PAPER:
        raise ZhibanError(
            _("Paper holds {most} records of a list.").format(most=MOST_ON_PAPER),
            next_step=_("Narrow the days, or write an Excel sheet."),
        )
    rows = list(source.rows(actor, now, wanted))
    if path.suffix == ".pdf":
        from reports.record_table import render_records
        from reports.typesetting import save_pdf

        shown = list(paper_rows(register, rows, source.names, zone))
        paper = _paper(register, actor, now, centre, subject)
        save_pdf(path, render_records(paper, paper_columns(register), shown))
        return len(rows)
    columns = sheet_columns(register)
    cells = list(sheet_rows(register, rows, source.names, zone))
    if path.suffix == ".csv":
        from reports.csv_file import write_csv

        return write_csv(path, [column.heading for column in columns], cells)
    from reports.record_table import records_workbook
    from reports.workbook import save_workbook

    save_workbook(path, records_workbook(_(register.title), columns, cells, secret_mark(register)))
    return len(rows)


def save_record(path: Path, story: RecordStory, actor: Actor, now: datetime, centre: CentreInfo) -> None:
    """Write one record with everything that was done to ``path`` as PDF."""
    from operations.register_sheet import record_lines
    from reports.record_table import render_record
    from reports.typesetting import save_pdf

    paper = _paper(story.register, actor, now, centre, str(story.record.number))
    save_pdf(path, render_record(paper, list(record_lines(story, ZoneInfo(centre.time_zone)))))


def _paper(register: Register, actor: Actor, now: datetime, centre: CentreInfo, subject: str) -> RecordPaper:
    from operations.register_sheet import secret_mark
    from reports.record_table import RecordPaper

    mark = secret_mark(register)
    return RecordPaper(
        title=_(register.title),
        centre=centre.name,
        subject=subject,
        time_zone=centre.time_zone,
        printed_at=now,
        printed_by=f"{actor.name}({actor.work_number})" if actor.person_id else _("the system"),
        language=language(),
        warnings=(mark,) if mark else (),
    )
