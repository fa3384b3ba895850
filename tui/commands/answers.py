"""What the commands share: the home they work in, who answers for a change, and how an answer is printed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from locales import N_, _
from settings import Home, ZhibanError, open_home

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.listings import Listing, Office

T = TypeVar("T")

NARROWEST, WIDEST = 80, 200
PIN_VARIABLE = "ZHIBAN_PIN"


def clock() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)


# --- options that several commands have ---------------------------------------------------------------------


def json_option() -> Any:
    """``--json``."""
    return typer.Option("--json", help=_("print JSON with stable keys (docs/json.md)"))


def as_option() -> Any:
    """``--as``: who answers for a change."""
    return typer.Option(
        "--as", metavar="NUMBER", help=_("your work number; your PIN is asked for, or read from $ZHIBAN_PIN")
    )


def for_option() -> Any:
    """``--for``: whom a leader acts for."""
    return typer.Option("--for", metavar="NUMBER", help=_("who is absent and asked you to act for them"))


def reason_option() -> Any:
    """``--reason``."""
    return typer.Option(help=_("why"))


def pdf_option() -> Any:
    """``--pdf``."""
    return typer.Option("--pdf", metavar="FILE", help=_("where the PDF goes"))


def csv_option() -> Any:
    """``--csv``."""
    return typer.Option("--csv", metavar="FILE", help=_("a table for a spreadsheet; - prints it here"))


def bom_option() -> Any:
    """``--bom``."""
    return typer.Option("--bom/--no-bom", help=_("begin the CSV with the mark by which Excel knows UTF-8"))


def dry_run_option() -> Any:
    """``--dry-run``."""
    return typer.Option("--dry-run", help=_("only say what would happen; nothing is changed"))


def skip_errors_option() -> Any:
    """``--skip-errors``."""
    return typer.Option("--skip-errors", help=_("leave out what is wrong and import the rest"))


# --- where and who ------------------------------------------------------------------------------------------


def home_of(ctx: typer.Context) -> Home:
    """Return the home folder this command works in."""
    return open_home(ctx.obj)


def office_of(ctx: typer.Context) -> Office:
    """Open the centre of this home."""
    from operations.listings import office

    return office(clock(), home_of(ctx).database_url, home_of(ctx).key_file)


def at_terminal() -> bool:
    """Whether a person can be asked and shown something."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str, option: str, default: str = "", *, secret: bool = False) -> str:
    """Ask at a terminal; without one the option is needed."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("needed where nobody can be asked"), param_hint=option)
    answer = typer.prompt(_(question), default=default or None, hide_input=secret)
    return str(answer).strip()


def signed_in(office: Office, work_number: str) -> Actor:
    """Return whoever answers for a change: every record carries the work number that wrote it (Art. 9).

    Raises ``SignInRefused`` for a wrong PIN, and for one that somebody else has set.
    """
    from operations.errors import SignInRefused
    from operations.signin import sign_in

    actor = sign_in(*credential(work_number), office.now)
    if actor.must_change_pin:
        raise SignInRefused(
            _("This PIN was set by someone else; it signs nothing."),
            article=9,
            next_step=_("Sign in once and choose your own PIN."),
        )
    return actor


def credential(work_number: str) -> tuple[str, str]:
    """Return the work number and the PIN of whoever answers for a change, asked for where they were not given."""
    number = work_number or ask(N_("Your work number"), "--as")
    return number, os.environ.get(PIN_VARIABLE) or ask(N_("Your PIN"), f"${PIN_VARIABLE}", secret=True)


def bytes_of(file: Path) -> bytes:
    """Return what is in a file that somebody named; raises :class:`ZhibanError` when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ZhibanError(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror),
            next_step=_("Name a file that exists and is yours."),
        ) from error


def parsed(parse: Callable[[str], T], text: str, name: str) -> T:
    """Return what ``text`` means; text that means nothing is a wrong use of the command."""
    from operations.errors import Invalid

    try:
        return parse(text)
    except Invalid as error:
        raise typer.BadParameter(error.message, param_hint=name) from error


def one_form(**chosen: object) -> None:
    """Refuse two forms of one answer at once."""
    given = [f"--{name}" for name, value in chosen.items() if value]
    if len(given) > 1:
        raise typer.BadParameter(_("choose one of them"), param_hint=", ".join(given))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show on a terminal what is being done and how far it is; elsewhere only the result counts."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (BarColumn(24), TaskProgressColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield tell


# --- answers ------------------------------------------------------------------------------------------------


def print_json(value: object) -> None:
    """Print a record as JSON."""
    from reports.listing import plain

    typer.echo(_json(plain(value), indent=2))


def _json(value: object, indent: int | None = None) -> str:
    """Return JSON in which a character that acts on a terminal is escaped: it arrives, and does nothing on its way."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if all(line.isprintable() for line in text.split("\n")):
        return text
    return "".join(sign if sign == "\n" or sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def print_json_rows(head: Mapping[str, object], key: str, rows: Iterable[object]) -> None:
    """Print ``head`` with a list called ``key`` beside it, row by row: however long it is, one row is held."""
    from reports.listing import plain

    def compact(value: object) -> str:
        return _json(plain(value))

    sys.stdout.write("{\n")
    for name, value in head.items():
        sys.stdout.write(f"  {compact(name)}: {compact(value)},\n")
    sys.stdout.write(f"  {compact(key)}: [")
    between = "\n    "
    for row in rows:
        sys.stdout.write(between + compact(row))
        between = ",\n    "
    sys.stdout.write(("\n  ]" if "," in between else "]") + "\n}\n")


def columns() -> int:
    """Return the width to print for."""
    return min(max(shutil.get_terminal_size((NARROWEST, 24)).columns, NARROWEST), WIDEST)


def show(listing: Listing, *, as_json: bool = False) -> None:
    """Print a listing as JSON, as a table, or the sentence that says why it is empty."""
    if as_json:
        print_json(listing.records)
    elif not listing.rows:
        typer.echo(listing.empty)
    else:
        from reports.listing import table_text

        rows = [[str(cell) for cell in row] for row in listing.rows]
        headings = [_(heading) for heading in listing.headings]
        typer.echo(table_text(headings, rows, columns(), right=listing.right))


def print_csv(
    file: Path, headings: Iterable[str], rows: Iterable[Iterable[object]], *, bom: bool | None
) -> int:
    """Write ``rows`` as CSV to ``file``, or to the output for ``-``; returns how many there were.

    Unless ``bom`` says otherwise a file begins with Excel's mark, and what goes into a pipe does not.
    """
    from reports.csv_file import write_csv, write_csv_to

    words = [_(heading) for heading in headings]
    if str(file) == "-":
        return write_csv_to(sys.stdout, words, rows, bom=bool(bom))
    count = write_csv(file, words, rows, bom=bom is not False)
    written(file)
    return count


def written(file: Path, *, err: bool = False) -> None:
    """Say where a paper went."""
    typer.echo(_("Written to {file}").format(file=file), err=err)


def paper_file(ctx: typer.Context, given: Path | None, name: str) -> Path:
    """Return where a paper goes: the file that was given, or ``name`` in the home's paper folder."""
    if given is not None:
        return given
    folder = home_of(ctx).paper_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ZhibanError(
            _("The paper cannot be written to {path}: {why}.").format(path=folder, why=error.strerror),
            next_step=_("Name another folder as [paper] folder in settings.toml."),
        ) from error
    return folder / name


def stop_on_signals() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set: a command that serves ends quietly and tidies up."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop
