"""``zhiban print``: the log of a day, on paper or as text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import locales
from locales import _
from tui.commands.answers import office_of, paper_file, parsed, pdf_option, written


def print_log(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("YYYY-MM-DD, today or yesterday"))],
    pdf: Annotated[Path | None, pdf_option()] = None,
    text: Annotated[bool, typer.Option("--text", help=_("plain text here instead of a PDF"))] = False,
) -> None:
    """``zhiban print``."""
    from operations.boundary import SYSTEM
    from operations.daily_log import daily_log, note_printing, was_printed

    office = office_of(ctx)
    date = parsed(office.day, day, "DATE")
    log = daily_log(SYSTEM, office.now, date)
    said: dict[str, Any] = {
        "printed_at": office.now.replace(microsecond=0),  # the typesetter counts whole seconds
        "printed_by": _("the command line"),
        "language": locales.language(),
        "reprint": was_printed(SYSTEM, office.now, date, log.digest),
    }
    if text:
        from reports.text import render_text

        typer.echo(render_text(log, **said), nl=False)
        note_printing(SYSTEM, office.now, date, "text", log.digest)
    if text and pdf is None:
        return
    from reports.pdf import write_pdf

    file = paper_file(ctx, pdf, f"zhiban-{date.isoformat()}.pdf")
    write_pdf(file, log, **said)
    note_printing(SYSTEM, office.now, date, "pdf", log.digest)
    written(file, err=text)
