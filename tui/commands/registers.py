"""``zhiban register``: the registers, their records, steps, files in and out, and a centre's own registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    bytes_of,
    dry_run_option,
    json_option,
    office_of,
    paper_file,
    parsed,
    print_json,
    show,
    signed_in,
    skip_errors_option,
    written,
)

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.listings import Office
    from operations.register_views import RecordFilter
    from tui.register_sources import Source


def register_argument() -> Any:
    """Which register is meant."""
    return typer.Argument(metavar="REGISTER", help=_("key of the register, as zhiban register list shows it"))


def number_argument() -> Any:
    """Which record is meant."""
    return typer.Argument(metavar="NUMBER", help=_("number of the record in its register"))


def values_argument() -> Any:
    """What fills the fields."""
    return typer.Argument(metavar="[FIELD=TEXT]...", help=_("fields by their keys, such as topic=消防"))


def state_option() -> Any:
    """``--state``."""
    return typer.Option("--state", metavar="STATE", help=_("a state by its key, or waiting, or overdue"))


def person_option() -> Any:
    """``--person``."""
    return typer.Option("--person", metavar="WHO", help=_("only about this work number or name"))


def text_option() -> Any:
    """``--text``."""
    return typer.Option("--text", metavar="WORDS", help=_("only with all of these words"))


def from_option() -> Any:
    """``--from``."""
    return typer.Option("--from", metavar="DATE", help=_("only from this day on"))


def until_option() -> Any:
    """``--until``."""
    return typer.Option("--until", metavar="DATE", help=_("only up to this day"))


def article_option() -> Any:
    """``--article``."""
    return typer.Option("--article", help=_("only of this article"))


def register_list(
    ctx: typer.Context,
    register: Annotated[
        str, typer.Argument(metavar="[REGISTER]", help=_("its records; without one, every register"))
    ] = "",
    state: Annotated[str, state_option()] = "",
    person: Annotated[str, person_option()] = "",
    article: Annotated[int | None, article_option()] = None,
    first: Annotated[str, from_option()] = "",
    last: Annotated[str, until_option()] = "",
    text: Annotated[str, text_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register list``; what only its readers may know is shown to a work number alone."""
    from operations.register_listings import records_listing, shelf_listing
    from tui.register_sources import books

    office = office_of(ctx)
    actor = _reader(office, by)
    if not register:
        show(shelf_listing(books(actor, office.now)), as_json=as_json)
        return
    source = _source(office, actor, register)
    wanted = _filter(office, actor, state, person, article, first, last, text)
    rows = tuple(source.rows(actor, office.now, wanted))
    show(records_listing(office, source.book.register, rows, source.names), as_json=as_json)


def register_show(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    number: Annotated[int, number_argument()],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register show``."""
    office = office_of(ctx)
    _answer(office, _reader(office, by), register, number, as_json=as_json)


def register_add(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    values: Annotated[list[str] | None, values_argument()] = None,
    people: Annotated[
        str, typer.Option("--for", metavar="WHO,…", help=_("many at once: numbers, names, teams, * for all"))
    ] = "",
    anonymous: Annotated[bool, typer.Option("--anonymous", help=_("keep no name of the reporter"))] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register add``."""
    from operations.register_people import people_named
    from operations.registers import open_record, open_records

    office = office_of(ctx)
    texts = dict(parsed(_filled, text, "FIELD=TEXT") for text in values or [])
    actor = signed_in(office, by)
    if people:
        ids = open_records(actor, office.now, register, texts, people_named(actor, office.now, people))
    else:
        ids = (open_record(actor, office.now, register, texts, anonymous=anonymous),)
    if as_json:
        print_json({"register": register, "records": len(ids)})
    else:
        typer.echo(_("On record: {count}").format(count=len(ids)))


def register_step(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    number: Annotated[int, number_argument()],
    step: Annotated[str, typer.Argument(metavar="STEP", help=_("key of the step, as show lists it"))],
    values: Annotated[list[str] | None, values_argument()] = None,
    note: Annotated[str, typer.Option(help=_("a note, or the reason"))] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register step``."""
    from operations.register_views import record_numbered
    from operations.registers import take_step

    office = office_of(ctx)
    texts = dict(parsed(_filled, text, "FIELD=TEXT") for text in values or [])
    actor = signed_in(office, by)
    record = record_numbered(actor, office.now, register, number)
    take_step(actor, office.now, record, step, texts, note)
    _answer(office, actor, register, number, as_json=as_json)


def register_import(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Excel sheet (.xlsx) or CSV"))],
    sheet: Annotated[str, typer.Option(metavar="NAME", help=_("sheet of the workbook, else the first"))] = "",
    dry_run: Annotated[bool, dry_run_option()] = False,
    skip_errors: Annotated[bool, skip_errors_option()] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register import``."""
    from operations.errors import FileRefused
    from operations.register_import import import_records, register_import_plan
    from operations.register_listings import import_lines, import_record
    from operations.roster_table import read_table
    from reports.sheet import printable

    office = office_of(ctx)
    table = read_table(bytes_of(file), sheet)
    actor = signed_in(office, by)
    plan = register_import_plan(actor, office.now, register, table)
    refused = bool(plan.problems) and not skip_errors
    will_write = not dry_run and not refused and bool(plan.records)
    if will_write:
        plan = import_records(actor, office.now, register, table, file.name, skip_errors=skip_errors)
    if as_json:
        print_json(import_record(plan, imported=will_write))
    else:
        typer.echo(printable("\n".join(import_lines(plan, office.zone))))
        done = _("Imported from {file}.").format(file=file.name)
        typer.echo(done if will_write else _("Nothing was changed."))
    if refused:
        raise FileRefused(plan.problems)


def register_export(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("where the table goes: .xlsx or .csv"))],
    state: Annotated[str, state_option()] = "",
    person: Annotated[str, person_option()] = "",
    article: Annotated[int | None, article_option()] = None,
    first: Annotated[str, from_option()] = "",
    last: Annotated[str, until_option()] = "",
    text: Annotated[str, text_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register export``: every field, to be filled in and imported again."""
    if file.suffix not in (".xlsx", ".csv"):
        raise typer.BadParameter(_("the file ends in .xlsx or .csv"), param_hint="FILE")
    office = office_of(ctx)
    actor = _reader(office, by)
    wanted = _filter(office, actor, state, person, article, first, last, text)
    _save(office, actor, register, file, wanted, as_json=as_json)


def register_print(
    ctx: typer.Context,
    register: Annotated[str, register_argument()],
    number: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", help=_("one record, else the list"))
    ] = None,
    state: Annotated[str, state_option()] = "",
    first: Annotated[str, from_option()] = "",
    last: Annotated[str, until_option()] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help=_("where the PDF goes"))] = None,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register print``: a list with a column to sign in, or one record with everything that was done."""
    from operations.boundary import SYSTEM
    from operations.centre import centre_info
    from operations.register_views import record_numbered, record_story
    from tui.register_files import save_record

    office = office_of(ctx)
    actor = _reader(office, by)
    if number is None:
        path = paper_file(ctx, pdf, f"zhiban-{register}-{office.today.isoformat()}.pdf")
        wanted = _filter(office, actor, state, "", None, first, last, "")
        _save(office, actor, register, path.with_suffix(".pdf"), wanted, as_json=as_json)
        return
    story = record_story(actor, office.now, record_numbered(actor, office.now, register, number))
    path = paper_file(ctx, pdf, f"zhiban-{register}-{number}.pdf")
    save_record(path, story, actor, office.now, centre_info(SYSTEM, office.now))
    _say_written(register, 1, path, as_json=as_json)


def register_define(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=_("definition (docs/registers.md)"))
    ] = None,
    retire: Annotated[
        str, typer.Option("--retire", metavar="REGISTER", help=_("keep this own register no longer"))
    ] = "",
    show_it: Annotated[
        str, typer.Option("--show", metavar="REGISTER", help=_("write this own register as its TOML file"))
    ] = "",
    dry_run: Annotated[bool, dry_run_option()] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register define``."""
    from operations.register_file import read_definition
    from operations.register_keeping import define_register, retire_register

    if sum(map(bool, (file, retire, show_it))) != 1:
        raise typer.BadParameter(
            _("name a file, or --retire REGISTER, or --show REGISTER"), param_hint="FILE"
        )
    office = office_of(ctx)
    if show_it:
        _show_definition(office, _reader(office, by), show_it, as_json=as_json)
        return
    body = read_definition(bytes_of(file)) if file is not None else {"key": retire}
    version = 0
    if not dry_run:
        actor = signed_in(office, by)
        if file is None:
            retire_register(actor, office.now, retire)
        else:
            version = define_register(actor, office.now, body)
    if as_json:
        retired = bool(retire) and not dry_run
        print_json({"register": body["key"], "version": version, "retired": retired, "definition": None})
    else:
        typer.echo(
            _("Nothing was changed.") if dry_run else _("Kept: {register}").format(register=body["key"])
        )


def _show_definition(office: Office, actor: Actor, register: str, *, as_json: bool) -> None:
    from operations.own_registers import own_register
    from operations.register_toml import definition_text

    own = own_register(actor, office.now, register)
    text = definition_text(own.body)
    if as_json:
        print_json({"register": register, "version": own.version, "retired": own.retired, "definition": text})
    else:
        typer.echo(text, nl=False)


def _reader(office: Office, by: str) -> Actor:
    """Whoever reads: somebody with a work number, or the machine's owner."""
    from operations.boundary import SYSTEM

    return signed_in(office, by) if by else SYSTEM


def _source(office: Office, actor: Actor, register: str) -> Source:
    from operations.errors import NotFound
    from tui.register_sources import books, source_of

    shelf = {book.register.key: book for book in books(actor, office.now)}
    if register not in shelf:
        raise NotFound(
            _("There is no register {key}.").format(key=register),
            next_step=_("There are: {codes}.").format(codes=", ".join(shelf)),
        )
    return source_of(shelf[register])


def _filter(
    office: Office,
    actor: Actor,
    state: str,
    person: str,
    article: int | None,
    first: str,
    last: str,
    text: str,
) -> RecordFilter:
    from operations.register_people import person_named
    from operations.register_views import RecordFilter

    special = state in ("waiting", "overdue")
    return RecordFilter(
        states=(state,) if state and not special else (),
        waiting=state == "waiting",
        overdue=state == "overdue",
        person_id=person_named(actor, office.now, person) if person else None,
        article=article,
        first=_day(office, first, "--from"),
        last=_day(office, last, "--until"),
        text=text,
    )


def _day(office: Office, text: str, name: str) -> date | None:
    return parsed(office.day, text, name) if text else None


def _filled(text: str) -> tuple[str, str]:
    """Return what was typed as ``field=text``; raises :class:`Invalid` for anything else."""
    from operations.errors import Invalid

    key, equals, words = text.partition("=")
    if not equals or not key.strip():
        raise Invalid(_("Write a field as KEY=TEXT."))
    return key.strip(), words


def _answer(office: Office, actor: Actor, register: str, number: int, *, as_json: bool) -> None:
    from operations.register_listings import record_text, story_record
    from operations.register_views import record_numbered, record_story
    from reports.sheet import printable

    story = record_story(actor, office.now, record_numbered(actor, office.now, register, number))
    if as_json:
        print_json(story_record(story))
    else:
        typer.echo(printable(record_text(story, office.zone)))


def _save(
    office: Office, actor: Actor, register: str, path: Path, wanted: RecordFilter, *, as_json: bool
) -> None:
    from operations.boundary import SYSTEM
    from operations.centre import centre_info
    from tui.register_files import save_records

    source = _source(office, actor, register)
    centre = centre_info(SYSTEM, office.now)
    count = save_records(path, source, wanted, actor, office.now, centre, "")
    _say_written(register, count, path, as_json=as_json)


def _say_written(register: str, count: int, path: Path, *, as_json: bool) -> None:
    if as_json:
        answer: Mapping[str, object] = {"register": register, "records": count, "file": str(path)}
        print_json(answer)
    else:
        written(path)
