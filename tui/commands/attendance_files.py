"""A month of attendance into files: the sheets of the teams as an Excel workbook and as a paper (Art. 34)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import locales
from locales import _

if TYPE_CHECKING:
    from operations.listings import Office
    from regulation.attendance_sheet import AttendanceSheet

PAPERS = ("A3", "A4")


def xlsx_option() -> Any:
    """``--xlsx``."""
    return typer.Option("--xlsx", metavar="FILE", help=_("an Excel sheet, ready to print"))


def paper_option() -> Any:
    """``--paper``."""
    return typer.Option(metavar="A3|A4", help=_("size of the paper"))


def write_attendance(
    office: Office, sheets: Sequence[AttendanceSheet], xlsx: Path | None, pdf: Path | None, paper: str
) -> list[Path]:
    """Write the months of teams, as many as there are, and return which files were written."""
    from reports.attendance_pdf import render_attendance
    from reports.attendance_xlsx import save_attendance_xlsx
    from reports.typesetting import save_pdf

    if paper.upper() not in PAPERS:
        raise typer.BadParameter(_("choose A3 or A4"), param_hint="--paper")
    if not sheets:
        typer.echo(_("The team had no duties in this month."))
        return []
    language, size, files = locales.language(), paper.upper(), []
    if xlsx is not None:
        save_attendance_xlsx(xlsx, sheets, size, language)
        files.append(xlsx)
    if pdf is not None:
        by = _("the command line")
        save_pdf(
            pdf,
            render_attendance(sheets, printed_at=office.now, printed_by=by, paper=size, language=language),
        )
        files.append(pdf)
    return files
