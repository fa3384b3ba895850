"""What is confidential at the command line: entries opened, the directory, the keys (Art. 28, 31, 32)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    bytes_of,
    json_option,
    office_of,
    parsed,
    print_json,
    reason_option,
    show,
    signed_in,
    written,
)

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.listings import Office


def for_people_option() -> Any:
    """``--for``: who may read it, by name."""
    return typer.Option("--for", metavar="NUMBER", help=_("who may read it beside its author (Art. 31)"))


def for_roles_option() -> Any:
    """``--for-role``: who may read it, by role."""
    return typer.Option(
        "--for-role", metavar="ROLE", help=_("a role that may read it: qa_inspector, operator …")
    )


# --- reading ------------------------------------------------------------------------------------------------


def log_read(
    ctx: typer.Context,
    wanted: Annotated[str, typer.Argument(metavar="ENTRY", help=_("12, or item:5"))],
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban log read``: open a confidential entry or item; the reading goes on record (Art. 31)."""
    from operations.confidential_listings import story_lines, subject_of
    from operations.readings import read_confidential
    from reports.sheet import printable

    office = office_of(ctx)
    subject, number = parsed(subject_of, wanted, "ENTRY")
    told = read_confidential(signed_in(office, by), office.now, subject, number)
    if as_json:
        print_json({"versions": told.versions, "items": told.items, "readers": told.readers})
        return
    typer.echo(printable("\n".join(story_lines(told, office))))


def readings(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=_("entry:12 or number:3"))],
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban readings``: who read something confidential, or was refused it."""
    from operations.confidential_listings import readings_listing
    from operations.readings import readings_of

    office = office_of(ctx)
    show(readings_listing(readings_of(_owner(office, by), office.now, subject), office), as_json=as_json)


# --- the directory ------------------------------------------------------------------------------------------


def directory_list(
    ctx: typer.Context, as_json: Annotated[bool, json_option()] = False, by: Annotated[str, as_option()] = ""
) -> None:
    """``zhiban directory list``: masked, whoever asks."""
    from operations.confidential_listings import directory_listing
    from operations.directory import directory

    office = office_of(ctx)
    show(directory_listing(directory(_owner(office, by), office.now)), as_json=as_json)


def directory_reveal(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=_("as zhiban directory list shows it"))],
    reason: Annotated[str, reason_option()],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban directory reveal``; only onto a terminal: a number is not for a file or a pipe (Art. 28)."""
    from operations.directory import reveal_number
    from operations.errors import Invalid
    from reports.sheet import printable

    if not sys.stdout.isatty():
        raise Invalid(
            _("A confidential number is shown on a terminal only."),
            article=28,
            next_step=_("Run the command without a pipe, or reveal it at the desk."),
        )
    office = office_of(ctx)
    shown = reveal_number(signed_in(office, by), office.now, number, reason)
    typer.echo(printable(f"{shown.name}: {shown.number}"))
    if shown.note:
        typer.echo(printable(shown.note))


def directory_add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("whose number, or what for"))],
    note: Annotated[str, typer.Option(help=_("confidential like the number"))] = "",
    for_people: Annotated[list[str] | None, for_people_option()] = None,
    for_roles: Annotated[list[str] | None, for_roles_option()] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban directory add``; the number itself is asked for, or read from standard input."""
    from operations.directory import NewNumber, add_number

    office = office_of(ctx)
    actor = signed_in(office, by)
    # Not an argument: those stand in the shell's history and in the list of processes.
    number = typer.prompt(_("The number")) if sys.stdin.isatty() else sys.stdin.readline()
    new = NewNumber(name, number, note, tuple(for_roles or ()), tuple(for_people or ()))
    typer.echo(_("Number {id} is in the directory.").format(id=add_number(actor, office.now, new)))


def directory_remove(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=_("as zhiban directory list shows it"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban directory remove``."""
    from operations.directory import remove_number

    office = office_of(ctx)
    remove_number(signed_in(office, by), office.now, number)
    typer.echo(_("Taken off the directory; who read it stays on record."))


# --- the keys -----------------------------------------------------------------------------------------------


def keys_show(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban keys show``: their numbers, never a key."""
    from operations.boundary import SYSTEM
    from operations.confidential_listings import keys_listing
    from operations.keys import key_rows

    office = office_of(ctx)
    show(keys_listing(key_rows(SYSTEM, office.now), office), as_json=as_json)


def keys_export(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("a new file, else the recovery code"))
    ] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban keys export``: into a file for another desk, or as a recovery code for paper."""
    from operations.confidential_listings import recovery_text
    from operations.keys import export_keys, recovery_sheet

    office = office_of(ctx)
    actor = _owner(office, by)
    if file is None:
        typer.echo(recovery_text(recovery_sheet(actor, office.now), office))
        return
    export_keys(actor, office.now, file.absolute())
    written(file)


def keys_import(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("a copy, else type the recovery code"))
    ] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban keys import``: from a copy of the key file, or from the recovery code."""
    from operations.keys import import_keys

    office = office_of(ctx)
    if file is not None:
        text = bytes_of(file).decode("utf-8", "replace")
    elif sys.stdin.isatty():
        text = "\n".join(
            typer.prompt(_("Line {line}").format(line=line), hide_input=True) for line in range(1, 5)
        )
    else:
        text = sys.stdin.read()
    numbers = import_keys(_owner(office, by), office.now, text)
    typer.echo(_("Key {number} is on this machine.").format(number=", ".join(numbers)))


def rotate_key(ctx: typer.Context, by: Annotated[str, as_option()] = "") -> None:
    """``zhiban rotate-key``: a new key, and every confidential text under it."""
    from operations.keys import rotate_key as rotate

    office = office_of(ctx)

    def tell(done: int) -> None:
        typer.echo(_("{count} texts are under the new key.").format(count=done), err=True)

    number = rotate(_owner(office, by), office.now, tell)
    typer.echo(_("Key {number} is the centre's key now; the old one is gone.").format(number=number))
    typer.echo(_("Print its recovery code now: zhiban keys export. Other desks need a copy."))


def _owner(office: Office, work_number: str) -> Actor:
    """Whoever asks by name, or the owner of the machine, whose keys and whose records they are."""
    from operations.boundary import SYSTEM

    return signed_in(office, work_number) if work_number else SYSTEM
