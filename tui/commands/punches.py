"""``zhiban punches …``: punches of attendance machines and other systems, and how each writes them (Art. 33)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    bytes_of,
    dry_run_option,
    json_option,
    office_of,
    print_json,
    show,
    signed_in,
    skip_errors_option,
)

if TYPE_CHECKING:
    from operations.listings import Office
    from operations.punch_file import PunchFormat

_TAB = "tab"


def punches_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("attlog.dat or CSV"))],
    mapping: Annotated[
        str, typer.Option(metavar="NAME", help=_("how the file is written, else what it looks like"))
    ] = "",
    dry_run: Annotated[bool, dry_run_option()] = False,
    skip_errors: Annotated[bool, skip_errors_option()] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban punches import``."""
    from operations.boundary import SYSTEM
    from operations.punch_import import PunchFileRefused, import_punches, punch_import_plan
    from operations.punch_listings import punch_lines, punch_record
    from operations.punch_mappings import punch_file
    from reports.sheet import printable

    office = office_of(ctx)
    read = punch_file(SYSTEM, office.now, bytes_of(file), mapping)
    plan = punch_import_plan(SYSTEM, office.now, read)
    refused = bool(plan.problems) and not skip_errors
    will_write = not dry_run and not refused and bool(plan.punches)
    if will_write:
        actor = signed_in(office, by)
        plan = import_punches(actor, office.now, read, file.name, skip_errors=skip_errors)
    if as_json:
        print_json(punch_record(plan, imported=will_write))
    else:
        typer.echo(printable("\n".join(punch_lines(plan, office.zone))))
        done = _("Imported from {file}.").format(file=file.name)
        typer.echo(done if will_write else _("Nothing was changed."))
    if refused:
        raise PunchFileRefused(plan.problems)


def punches_mappings(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban punches mappings``."""
    from operations.punch_listings import mappings_listing

    show(mappings_listing(office_of(ctx)), as_json=as_json)


def punches_map(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("small letters, digits, - and _"))],
    number: Annotated[str, typer.Option(metavar="COLUMN", help=_("whose it is"))] = "",
    at: Annotated[str, typer.Option(metavar="COLUMN", help=_("when, or on which day"))] = "",
    time: Annotated[
        str | None, typer.Option(metavar="COLUMN", help=_("the time of day, where it stands by itself"))
    ] = None,
    direction: Annotated[
        str | None, typer.Option(metavar="COLUMN", help=_("in or out; empty where nothing says it"))
    ] = None,
    entering: Annotated[
        str | None, typer.Option("--in", metavar="WORDS", help=_("words for in, between commas"))
    ] = None,
    leaving: Annotated[
        str | None, typer.Option("--out", metavar="WORDS", help=_("words for out, between commas"))
    ] = None,
    otherwise: Annotated[
        str | None, typer.Option(metavar="in|out", help=_("which way whoever does not say it went"))
    ] = None,
    form: Annotated[
        str | None, typer.Option(metavar="FORM", help=_("of the time, such as %Y-%m-%d %H:%M; else ISO 8601"))
    ] = None,
    delimiter: Annotated[
        str, typer.Option(metavar="SIGN", help=_("what parts the columns, one character or tab"))
    ] = "",
    heading: Annotated[
        bool | None,
        typer.Option("--heading/--no-heading", help=_("without one, columns are counted from 1")),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help=_("of the machine's clock, else the centre's"))
    ] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban punches map``: what is not given stays as it is, and is as in the long CSV in a new mapping."""
    from operations.punch_mappings import keep_punch_mapping

    office = office_of(ctx)
    given = {
        "number": number or None,
        "at": at or None,
        "time": time,
        "direction": direction,
        "entering": _words(entering),
        "leaving": _words(leaving),
        "otherwise": otherwise,
        "at_format": form,
        "delimiter": ("\t" if delimiter == _TAB else delimiter) or None,
        "heading": heading,
        "zone": zone,
    }
    changed = {key: value for key, value in given.items() if value is not None}
    kept = replace(_form_of(office, name), **changed)  # type: ignore[arg-type]
    keep_punch_mapping(signed_in(office, by), office.now, name, kept)
    typer.echo(_("The mapping {name} is kept.").format(name=name))


def punches_unmap(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("as zhiban punches mappings shows it"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban punches unmap``."""
    from operations.punch_mappings import remove_punch_mapping

    office = office_of(ctx)
    remove_punch_mapping(signed_in(office, by), office.now, name)
    typer.echo(_("The mapping {name} is off the list; its punches stay.").format(name=name))


def _form_of(office: Office, name: str) -> PunchFormat:
    from operations.boundary import SYSTEM
    from operations.punch_file import PunchFormat
    from operations.punch_mappings import punch_mappings

    known = {row.name: row.form for row in punch_mappings(SYSTEM, office.now)}
    return known.get(name, PunchFormat())


def _words(given: str | None) -> tuple[str, ...] | None:
    """Words between commas, Chinese ones too."""
    if given is None:
        return None
    return tuple(word.strip() for word in given.replace("，", ",").split(",") if word.strip())
