"""``zhiban attendance``: a month of attendance, its rate and its evidence (Art. 33, 34)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from locales import _
from tui.commands.answers import (
    json_option,
    office_of,
    one_form,
    parsed,
    pdf_option,
    print_json,
    show,
    written,
)
from tui.commands.attendance_files import paper_option, write_attendance, xlsx_option
from tui.commands.lookups import month_help


def attendance(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help=month_help())] = "",
    team: Annotated[str, typer.Option(help=_("one team only, by its people"))] = "",
    xlsx: Annotated[Path | None, xlsx_option()] = None,
    pdf: Annotated[Path | None, pdf_option()] = None,
    paper: Annotated[str, paper_option()] = "A4",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban attendance``."""
    from operations.attendance_listings import (
        attendance_listing,
        attendance_record,
        formula_lines,
        month_of,
        sheets_of,
    )

    office = office_of(ctx)
    parsed(lambda text: month_of(office, text), month, "MONTH")
    one_form(json=as_json, xlsx=xlsx or pdf)
    if xlsx or pdf:
        for file in write_attendance(office, sheets_of(office, month, team), xlsx, pdf, paper):
            written(file)
        return
    if as_json:
        print_json(attendance_record(office, month, team))
        return
    listing = attendance_listing(office, month, team)
    show(listing)
    if listing.rows:
        typer.echo("\n".join(formula_lines(office, month, team)))
