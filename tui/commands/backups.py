"""``zhiban backup``, ``restore`` and ``retention``: the centre in one encrypted file, and back (Art. 32)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from locales import N_, _
from tui.commands.answers import (
    ask,
    at_terminal,
    clock,
    dry_run_option,
    home_of,
    json_option,
    office_of,
    print_json,
    progress,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyrage import x25519

    from settings import Home


def key_option() -> object:
    """``--key``."""
    words = _("file of the backup key, else the home's; without either the recovery code is asked for")
    return typer.Option("--key", metavar="FILE", help=words)


def backup(
    ctx: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=_("another folder, else [backup] folder in the settings")),
    ] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban backup``."""
    if ctx.invoked_subcommand is not None:
        return
    from operations.backup import make_backup
    from operations.backup_listings import made_lines, made_record
    from operations.boundary import SYSTEM

    office, home = office_of(ctx), home_of(ctx)
    with progress() as tell:
        made = make_backup(SYSTEM, office.now, home, to, tell=_in_words(tell))
    if as_json:
        print_json(made_record(made))
    else:
        typer.echo("\n".join(made_lines(made)))


def backup_list(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban backup list``; it needs no database: there may be none any more."""
    from operations.backup_listings import files_listing

    show(files_listing(home_of(ctx).backup_folder), as_json=as_json)


def backup_check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("a backup"))],
    key: Annotated[Path | None, key_option()] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban backup check``."""
    from operations.backup_listings import checked_lines, checked_record
    from operations.restore import check_backup

    checked = check_backup(file, _key(home_of(ctx), key))
    if as_json:
        print_json(checked_record(checked))
    else:
        typer.echo("\n".join(checked_lines(checked)))


def backup_key(ctx: typer.Context) -> None:
    """``zhiban backup key``: on paper it outlives the machine."""
    from operations.backup_key import ensure_key, key_sheet
    from operations.boundary import SYSTEM
    from operations.centre import centre_info

    office = office_of(ctx)
    key = ensure_key(home_of(ctx).folder, office.now)
    typer.echo("\n".join(key_sheet(centre_info(SYSTEM, office.now).name, key, office.now)))


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("a backup"))],
    to: Annotated[Path | None, typer.Option(metavar="HOME", help=_("another home folder"))] = None,
    key: Annotated[Path | None, key_option()] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help=_("replace the centre that is there without asking"))
    ] = False,
    accept_breaks: Annotated[
        bool, typer.Option("--accept-breaks", help=_("restore also what verify finds changed"))
    ] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban restore``."""
    from operations.backup_key import keep_key
    from operations.backup_listings import restored_lines, restored_record
    from operations.restore import restore_backup
    from settings import open_home

    home = open_home(to) if to is not None else home_of(ctx)
    identity = _key(home, key)
    _ask_to_replace(home, yes=yes)
    now = clock()
    with progress() as tell:
        restored = restore_backup(
            now, home, file, identity, tell=_in_words(tell), accept_breaks=accept_breaks
        )
    # The paper with the code stays good for this home's next backups.
    keep_key(home.folder, identity, now)
    if as_json:
        print_json(restored_record(restored))
    else:
        typer.echo("\n".join(restored_lines(restored)))


def retention(
    ctx: typer.Context,
    dry_run: Annotated[bool, dry_run_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban retention``."""
    from operations.boundary import SYSTEM
    from operations.retention import details_past_term, forget_visitors, retention_lines

    office = office_of(ctx)
    found = details_past_term(SYSTEM, office.now)
    done = not dry_run and bool(found.visits or found.notices)
    if done:
        found = forget_visitors(SYSTEM, office.now)
    if as_json:
        print_json({"removed": done, "retention": found})
    else:
        typer.echo("\n".join(retention_lines(found, done=done)))


def _ask_to_replace(home: Home, *, yes: bool) -> None:
    from operations.restore import centre_there

    there = centre_there(home)
    if not there or yes:
        return
    if not at_terminal():
        raise typer.BadParameter(_("needed where nobody can be asked"), param_hint="--yes")
    words = _("{centre} in {folder} is replaced; what is there now is kept aside. Go on?")
    if not typer.confirm(words.format(centre=there, folder=home.folder)):
        raise typer.Abort


def _key(home: Home, given: Path | None) -> x25519.Identity:
    from operations.backup_key import key_file, parse_code, read_key

    own = key_file(home.folder)
    if given is not None or own.exists():
        return read_key(given or own)
    return parse_code(ask(N_("Recovery code"), "--key", secret=True))


def _in_words(tell: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
    return lambda what, done, of: tell(_(what), done, of)
