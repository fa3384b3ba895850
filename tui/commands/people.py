"""``zhiban people import``: many people at once, from a list (Art. 2, 9)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    bytes_of,
    dry_run_option,
    json_option,
    office_of,
    print_json,
    signed_in,
    skip_errors_option,
)


def people_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Excel sheet (.xlsx) or CSV"))],
    sheet: Annotated[str, typer.Option(metavar="NAME", help=_("sheet of the workbook, else the first"))] = "",
    dry_run: Annotated[bool, dry_run_option()] = False,
    skip_errors: Annotated[bool, skip_errors_option()] = False,
    update: Annotated[
        bool, typer.Option("--update", help=_("change those who are here as the file says"))
    ] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban people import``; without ``--as`` it is the machine's owner who does it, as at the set-up."""
    from operations.boundary import SYSTEM
    from operations.people_file import read_people
    from operations.people_import import PeopleFileRefused, import_people, people_import_plan
    from operations.people_listings import people_lines, people_record
    from operations.roster_table import read_table
    from reports.sheet import printable

    office = office_of(ctx)
    read = read_people(read_table(bytes_of(file), sheet))
    plan = people_import_plan(SYSTEM, office.now, read)
    refused = bool(plan.problems) and not skip_errors
    wanted = bool(plan.newcomers) or (update and bool(plan.changes))
    will_write = not dry_run and not refused and wanted
    if will_write:
        actor = signed_in(office, by) if by else SYSTEM
        plan = import_people(actor, office.now, read, file.name, skip_errors=skip_errors, update=update)
    if as_json:
        updated = will_write and update and bool(plan.changes)
        print_json(people_record(plan, imported=will_write and bool(plan.newcomers), updated=updated))
    else:
        typer.echo(printable("\n".join(people_lines(plan))))
        if plan.changes and not update:
            typer.echo(_("Those who are here stay as they are; --update changes them."))
        done = _("Imported from {file}.").format(file=file.name)
        typer.echo(done if will_write else _("Nothing was changed."))
    if refused:
        raise PeopleFileRefused(plan.problems)
