"""The daily log as an A4 PDF."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Final

from locales import DEFAULT_LANGUAGE
from regulation.daily_log import DailyLog
from reports.daily_log import daily_log_sheet
from reports.sheet import Flow, Sheet, Table, changed
from reports.typesetting import MILLIMETRE, fit, fit_row, save_pdf, typeset

_BODY_POINTS: Final = 9
_PAGE_WIDTH_EM: Final = 176 * MILLIMETRE / _BODY_POINTS  # the text's width on A4
_GUTTER_EM: Final = 7 / _BODY_POINTS
_HALF_PAGE_EM: Final = 20.0


def render_pdf(
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return the daily log as PDF.

    Raises :class:`ZhibanError` when the extra ``paper`` is missing or the page cannot be set.
    """
    sheet = daily_log_sheet(
        log, printed_at=printed_at, printed_by=printed_by, reprint=reprint, language=language
    )
    return typeset("daily_log.typ", dataclasses.asdict(_fitted(sheet)), printed_at, language)


def write_pdf(
    path: Path,
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> None:
    """Write the daily log to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` as :func:`render_pdf` does, and when ``path`` cannot be written; what was there
    before is then untouched.
    """
    save_pdf(
        path,
        render_pdf(log, printed_at=printed_at, printed_by=printed_by, reprint=reprint, language=language),
    )


def _fitted(sheet: Sheet) -> Sheet:
    """The sheet with long runs made breakable."""
    sections = tuple(
        dataclasses.replace(section, blocks=tuple(_fitted_block(block) for block in section.blocks))
        for section in sheet.sections
    )
    return changed(dataclasses.replace(sheet, sections=sections), lambda text: fit(text, _HALF_PAGE_EM))


def _fitted_block(block: Table | Flow) -> Table | Flow:
    if isinstance(block, Flow):
        room = _PAGE_WIDTH_EM / block.across - 2
        return dataclasses.replace(block, facts=tuple(fit(fact, room) for fact in block.facts))
    shares = [column.width for column in block.columns]
    page = _PAGE_WIDTH_EM - _GUTTER_EM * (len(block.columns) - 1)
    return dataclasses.replace(block, rows=tuple(fit_row(row, shares, page) for row in block.rows))
