"""``zhiban print``: the log of a day or a shift, on paper, as text, or to a printer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import locales
from locales import _
from tui.commands import print_jobs
from tui.commands.answers import (
    json_option,
    office_of,
    one_form,
    paper_file,
    parsed,
    pdf_option,
    written,
)

if TYPE_CHECKING:
    from operations.listings import Office

# What stands for the printer of the settings.
DEFAULT_PRINTER = "default"


def print_log(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="[DATE]", help=_("YYYY-MM-DD, today or yesterday"))] = "",
    shift: Annotated[
        str, typer.Option(metavar="CODE", help=_("one shift of the day only, such as night"))
    ] = "",
    pdf: Annotated[Path | None, pdf_option()] = None,
    text: Annotated[bool, typer.Option("--text", help=_("plain text here instead of a PDF"))] = False,
    printer: Annotated[
        str,
        typer.Option(
            metavar="NAME|URI",
            help=_("to a printer: a CUPS queue, ipp://…, or default for the settings' one"),
        ),
    ] = "",
    jobs: Annotated[bool, typer.Option("--jobs", help=_("list the print jobs instead"))] = False,
    resume: Annotated[bool, typer.Option("--resume", help=_("go on with the jobs that are waiting"))] = False,
    due: Annotated[
        bool, typer.Option("--due", help=_("print every sealed day of the last week that was not, once"))
    ] = False,
    retry: Annotated[int | None, typer.Option(metavar="ID", help=_("try a job again"))] = None,
    cancel: Annotated[int | None, typer.Option(metavar="ID", help=_("cancel a job"))] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban print``."""
    one_form(jobs=jobs, resume=resume, due=due, retry=retry, cancel=cancel, printer=printer)
    if printer:
        one_form(printer=printer, pdf=pdf, text=text)
    if jobs:
        print_jobs.list_jobs(ctx, as_json=as_json)
    elif retry is not None:
        print_jobs.retry_job(ctx, retry)
    elif cancel is not None:
        print_jobs.cancel_job(ctx, cancel)
    elif resume or due:
        print_jobs.resume_jobs(ctx, due=due)
    else:
        _print_day(ctx, day, shift, pdf, printer, text=text)


def _print_day(
    ctx: typer.Context, day: str, shift: str, pdf: Path | None, printer: str, *, text: bool
) -> None:
    if not day:
        raise typer.BadParameter(_("the day to print is needed"), param_hint="DATE")
    office = office_of(ctx)
    on = parsed(office.day, day, "DATE")
    if printer:
        named = "" if printer == DEFAULT_PRINTER else printer
        print_jobs.print_on(ctx, office, on, shift, named)
    else:
        _print_file(ctx, office, on, shift, pdf, text=text)


def _print_file(
    ctx: typer.Context, office: Office, on: date, shift: str, pdf: Path | None, *, text: bool
) -> None:
    from operations.boundary import SYSTEM
    from operations.daily_log import daily_log, note_printing, was_printed

    log = daily_log(SYSTEM, office.now, on, shift)
    said: dict[str, Any] = {
        "printed_at": office.now.replace(microsecond=0),  # the typesetter counts whole seconds
        "printed_by": _("the command line"),
        "language": locales.language(),
        "reprint": was_printed(SYSTEM, office.now, on, log.digest),
    }
    if text:
        from reports.text import render_text

        typer.echo(render_text(log, **said), nl=False)
        note_printing(SYSTEM, office.now, on, "text", log.digest)
    if text and pdf is None:
        return
    from reports.pdf import write_pdf

    scope = f"-{shift}" if shift else ""
    file = paper_file(ctx, pdf, f"zhiban-{on.isoformat()}{scope}.pdf")
    write_pdf(file, log, **said)
    note_printing(SYSTEM, office.now, on, "pdf", log.digest)
    written(file, err=text)
