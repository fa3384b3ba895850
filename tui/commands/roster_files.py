"""``zhiban roster import`` and ``zhiban roster export``: the roster from a file, and into one."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import locales
from locales import _
from tui.commands.answers import (
    as_option,
    bom_option,
    bytes_of,
    dry_run_option,
    json_option,
    office_of,
    parsed,
    pdf_option,
    print_json,
    signed_in,
    skip_errors_option,
    written,
)

if TYPE_CHECKING:
    from operations.listings import Office
    from operations.roster_import import RosterImport
    from regulation.roster_sheet import RosterSheet

PAPERS = ("A3", "A4")
_OUTPUT = "-"


def roster_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Excel sheet (.xlsx) or CSV"))],
    month: Annotated[
        str, typer.Option(metavar="MONTH", help=_("YYYY-MM, where the file does not say it"))
    ] = "",
    sheet: Annotated[str, typer.Option(metavar="NAME", help=_("sheet of the workbook, else the first"))] = "",
    dry_run: Annotated[bool, dry_run_option()] = False,
    skip_errors: Annotated[bool, skip_errors_option()] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help=_("publish the file's people and days at once"))
    ] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban roster import``."""
    from operations.boundary import SYSTEM
    from operations.errors import FileRefused
    from operations.import_listings import import_record
    from operations.roster_import import import_roster, publish_import, roster_file, roster_import_plan
    from operations.roster_table import read_table

    office = office_of(ctx)
    table = read_table(bytes_of(file), sheet)
    about = parsed(lambda text: _first_day(office, text), month, "--month") if month else None
    read = roster_file(SYSTEM, office.now, table, about)
    plan = roster_import_plan(SYSTEM, office.now, read)
    refused = bool(plan.problems) and not skip_errors
    will_write = not dry_run and not refused and bool(plan.changes or publish)
    published = 0
    if will_write:
        actor = signed_in(office, by)
        plan = import_roster(actor, office.now, read, file.name, skip_errors=skip_errors)
        published = len(publish_import(actor, office.now, plan)) if publish else 0
    if as_json:
        print_json(import_record(plan, imported=will_write and bool(plan.changes), published=published))
    else:
        _say(office, plan, file, published=published, wrote=will_write)
    if refused:
        raise FileRefused(plan.problems)


def roster_export(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help=_("YYYY-MM"))],
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help=_("an Excel sheet, ready to print"))
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv", metavar="FILE", help=_("a line for each duty, as import reads it; - prints it here")
        ),
    ] = None,
    wide_csv: Annotated[
        Path | None,
        typer.Option("--wide-csv", metavar="FILE", help=_("a line for each person, a column for each day")),
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="DIR", help=_("a calendar for each person's phone"))
    ] = None,
    pdf: Annotated[Path | None, pdf_option()] = None,
    paper: Annotated[str, typer.Option(metavar="A3|A4", help=_("size of the paper"))] = "A4",
    team: Annotated[str | None, typer.Option(help=_("one team only"))] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help=_("with what is planned and not published yet"))
    ] = False,
    bom: Annotated[bool | None, bom_option()] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban roster export``."""
    from operations.boundary import SYSTEM
    from operations.import_listings import export_record
    from operations.roster_sheet import roster_sheet

    if paper.upper() not in PAPERS:
        raise typer.BadParameter(_("choose A3 or A4"), param_hint="--paper")
    if not any((xlsx, csv, wide_csv, ics, pdf)):
        raise typer.BadParameter(_("say what to write"), param_hint="--xlsx, --csv, --wide-csv, --ics, --pdf")
    on_output = _OUTPUT in (str(csv), str(wide_csv))
    if as_json and on_output:
        raise typer.BadParameter(_("choose one of them"), param_hint="--json, --csv -")
    if ics and draft:
        raise typer.BadParameter(_("a calendar holds only what is published"), param_hint="--ics, --draft")
    office = office_of(ctx)
    first = parsed(lambda text: _first_day(office, text), month, "MONTH")
    sheet = roster_sheet(SYSTEM, office.now, first, team, draft=draft)
    files = [
        *_tables(sheet, csv, wide_csv, bom=bom),
        *_papers(office, sheet, xlsx, pdf, paper.upper()),
        *_calendars(office, sheet, ics),
    ]
    if as_json:
        print_json(export_record(sheet, [str(file) for file in files]))
    else:
        for file in files:
            written(file, err=on_output)


def _tables(sheet: RosterSheet, csv: Path | None, wide_csv: Path | None, *, bom: bool | None) -> list[Path]:
    """Write the CSV that was asked for; a file begins with Excel's mark unless told otherwise, a pipe does not."""
    from reports.csv_file import write_csv, write_csv_to
    from reports.roster_csv import LONG_HEADINGS, duty_lines, month_columns

    tables: list[tuple[Path | None, tuple[str, ...], Any]] = [(csv, LONG_HEADINGS, duty_lines(sheet))]
    if wide_csv is not None:
        tables.append((wide_csv, *month_columns(sheet, locales.language())))
    files = []
    for file, headings, rows in tables:
        if file is not None and str(file) == _OUTPUT:
            write_csv_to(sys.stdout, headings, rows, bom=bool(bom))
        elif file is not None:
            write_csv(file, headings, rows, bom=bom is not False)
            files.append(file)
    return files


def _papers(
    office: Office, sheet: RosterSheet, xlsx: Path | None, pdf: Path | None, paper: str
) -> list[Path]:
    from reports.roster_pdf import render_roster
    from reports.roster_xlsx import save_xlsx
    from reports.typesetting import save_pdf

    language, files = locales.language(), []
    if xlsx is not None:
        save_xlsx(xlsx, sheet, paper, language)
        files.append(xlsx)
    if pdf is not None:
        by = _("the command line")
        save_pdf(
            pdf,
            render_roster(sheet, printed_at=office.now, printed_by=by, paper=paper, language=language),
        )
        files.append(pdf)
    return files


def _calendars(office: Office, sheet: RosterSheet, folder: Path | None) -> list[Path]:
    from reports.roster_ics import save_calendars

    if folder is None:
        return []
    return list(save_calendars(folder, sheet, office.now, locales.language()))


def _say(office: Office, plan: RosterImport, file: Path, *, published: int, wrote: bool) -> None:
    """Every change and mistake, then what was done."""
    from operations.import_listings import import_lines, shift_names

    typer.echo("\n".join(import_lines(plan, shift_names(office))))
    if not wrote:
        typer.echo(_("Nothing was changed."))
    elif plan.changes:
        typer.echo(_("Planned from {file}.").format(file=file.name))
    if published:
        typer.echo(_("{count} days published.").format(count=published))


def _first_day(office: Office, month: str) -> date:
    first, _end = office.month(month)
    return first.astimezone(office.zone).date()
