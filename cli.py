"""The ``zhiban`` command: read what was typed, call what does it, print the answer.

Whoever owns the home folder owns the centre's data, so the command line on this machine acts as the system itself
(``SYSTEM``) and asks for no PIN. Everything slow is imported inside the command that needs it: ``zhiban --help``
and the desk's first screen wait for nothing else.
"""

from __future__ import annotations

import gettext
import json
import os
import re
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

import locales
from locales import N_, _
from settings import SETTINGS_FILE, Home, ZhibanError, home_folder, open_home, parse_settings

if TYPE_CHECKING:
    from operations.listings import Listing, Office
    from operations.verify import VerifyReport

T = TypeVar("T")

LANGUAGES = {"zh": "zh_CN", "zh_cn": "zh_CN", "en": "en"}
DEFECT_LOG = "command.log"
USAGE_EXIT, INTERRUPTED_EXIT = 2, 130
NARROWEST, WIDEST = 80, 200
READ_BYTES = 65536

# The toolkit's own words, which it looks up in our catalogues by itself.
TOOLKIT_WORDS = (N_("Options"), N_("Arguments"), N_("Commands"), N_("required"), N_("default: {default}"))

SIGNS = {"ok": "✓", "warning": "!", "fault": "✗"}


# --- one way in, one way out --------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 refused or failed, 2 used wrongly."""
    home, wanted, rest = global_options(sys.argv[1:] if arguments is None else arguments)
    folder = home_folder(Path(home) if home else None)
    locales.set_language(_language(folder, wanted))
    sys.excepthook = partial(_defect, folder / DEFECT_LOG)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks ✓ shows ?, and nothing is lost
    if rest in ([], ["desk"]) and (not wanted or wanted.lower() in LANGUAGES):
        # The desk is opened many times a day: it does not wait for the machinery that reads options.
        return _guarded(lambda: open_desk(Path(home) if home else None))
    front = [*(["--home", home] if home else []), *(["--lang", wanted] if wanted else [])]
    return _guarded(lambda: _run([*front, *rest]))


def _guarded(run: Callable[[], int]) -> int:
    """Whatever was refused is said in a sentence, with what to do next; what was interrupted ends quietly."""
    try:
        return run()
    except ZhibanError as error:
        return _refuse(error)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED_EXIT
    except OSError as error:
        _drop_output()
        why = error.strerror or type(error).__name__
        return _refuse(
            ZhibanError(_("The system refused: {why}.").format(why=why), next_step=_("Run zhiban doctor."))
        )


def _drop_output() -> None:
    """Our output found no room: what is still buffered must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    from typer.main import get_command

    gettext.bindtextdomain("zhiban", str(Path(locales.__file__).parent))
    gettext.textdomain("zhiban")
    os.environ["LANGUAGE"] = locales.language()  # for the toolkit, and for every program started from here
    usage_error: Any = typer.BadParameter.__mro__[
        1
    ]  # the toolkit gives the base of its usage errors no public name
    try:
        result = get_command(build()).main(arguments, prog_name="zhiban", standalone_mode=False)
        sys.stdout.flush()
    except usage_error as error:
        return _misused(error)
    return result if isinstance(result, int) else 0


def global_options(arguments: Sequence[str]) -> tuple[str, str, list[str]]:
    """Take ``--home`` and ``--lang`` out of ``arguments``: they may stand before or after the command."""
    found = {"--home": "", "--lang": ""}
    rest: list[str] = []
    waiting = iter(arguments)
    for part in waiting:
        name, equals, value = part.partition("=")
        if part == "--":
            rest += [part, *waiting]
        elif name not in found:
            rest.append(part)
        else:
            found[name] = value if equals else next(waiting, "")
            rest += [] if found[name] else [part]
    return found["--home"], found["--lang"], rest


def _language(folder: Path, wanted: str) -> str:
    """The language asked for, the one in the settings, the one of the locale: in this order."""
    if code := LANGUAGES.get(wanted.lower()):
        return code
    file = folder / SETTINGS_FILE
    try:
        settings = parse_settings(file.read_text(encoding="utf-8"), file)
    except (OSError, UnicodeDecodeError, ZhibanError):  # said in words by the command that needs them
        return locales.language_from_environment()
    return settings.language or locales.language_from_environment()


def _refuse(error: ZhibanError) -> int:
    sys.stderr.write(f"{error}\n{error.next_step}\n" if error.next_step else f"{error}\n")
    return 1


def _misused(error: Any) -> int:
    """Say in our words what the toolkit found wrong with the command as it was typed."""
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    if kind == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        return USAGE_EXIT
    name = getattr(error, "option_name", "") or getattr(error, "param_hint", "") or ""
    if parameter is not None and not name:
        name = parameter.metavar or parameter.opts[0]
    known = {
        "NoSuchOption": _("There is no option {name}."),
        "MissingParameter": _("{name} is missing."),
        "BadOptionUsage": _("{name} needs a value."),
        # Ours names the parameter itself and speaks the reader's language; the toolkit's speaks English.
        "BadParameter": "{name}: {why}"
        if parameter is None
        else _("{name} has a value that cannot be used ({why})."),
    }
    command = f"{error.ctx.command_path if error.ctx else 'zhiban'} --help"
    words = known.get(kind, _("The command cannot be read like this: {why}")).format(
        name=name, why=error.message
    )
    sys.stderr.write(f"{words}\n{_('See: {command}').format(command=command)}\n")
    return USAGE_EXIT


def _defect(log: Path, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of ours: the details go to a file, the person gets one sentence."""
    text = "".join(traceback.format_exception(kind, error, trace))
    try:
        with os.fdopen(
            os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        ) as file:
            file.write(f"{_now().isoformat()}\n{text}\n")
        where = _("Details: {file}").format(file=log)
    except OSError:
        where = text.strip().splitlines()[-1]
    sys.stderr.write(_("Something inside failed ({kind}).").format(kind=kind.__name__) + f"\n{where}\n")


class _Command(TyperCommand):
    """A command whose ``--help`` explains itself in the reader's language."""

    def get_help_option(self, ctx: Any) -> Any:
        return _own_words(super().get_help_option(ctx))


class _Group(TyperGroup):
    """A group of commands, likewise; a command that does not exist is named in that language too."""

    def get_help_option(self, ctx: Any) -> Any:
        return _own_words(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise typer.BadParameter(_("there is no such command"), ctx, param_hint=args[0])
        return super().resolve_command(ctx, args)


def _own_words(option: Any) -> Any:
    if option is not None:
        option.help = _("show this help")
    return option


# --- what the commands share --------------------------------------------------------------------------------


def _now() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)


def _json_option() -> Any:
    return typer.Option("--json", help=_("print JSON with stable keys (docs/json.md)"))


def _format_option(choices: str) -> Any:
    return typer.Option("--format", help=_("what the reader speaks: {choices}").format(choices=choices))


def _month_help() -> str:
    return _("YYYY-MM, else this month")


def _home(ctx: typer.Context) -> Home:
    return open_home(ctx.obj)


def _office(ctx: typer.Context) -> Office:
    from operations.listings import office

    return office(_now(), _home(ctx).database_url)


def _parsed(parse: Callable[[str], T], text: str, name: str) -> T:
    """Return what ``text`` means; text that means nothing is a wrong use of the command."""
    from operations.errors import Invalid

    try:
        return parse(text)
    except Invalid as error:
        raise typer.BadParameter(error.message, param_hint=name) from error


def _print_json(value: object) -> None:
    from reports.listing import plain

    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def _columns() -> int:
    return min(max(shutil.get_terminal_size((NARROWEST, 24)).columns, NARROWEST), WIDEST)


def _show(listing: Listing, *, as_json: bool = False) -> None:
    if as_json:
        _print_json(listing.records)
    elif not listing.rows:
        typer.echo(listing.empty)
    else:
        from reports.listing import table_text

        rows = [[str(cell) for cell in row] for row in listing.rows]
        headings = [_(heading) for heading in listing.headings]
        typer.echo(table_text(headings, rows, _columns(), right=listing.right))


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _stop_on_signals() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set: a command that serves ends quietly and tidies up."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


# --- the desk, the door, a new centre -----------------------------------------------------------------------


def root(
    ctx: typer.Context,
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help=_("home folder, else $ZHIBAN_HOME"))
    ] = None,
    lang: Annotated[str, typer.Option(metavar="zh|en", help=_("language of what is printed"))] = "",
    version: Annotated[bool, typer.Option("--version", help=_("print the version"))] = False,
) -> None:
    if lang and lang.lower() not in LANGUAGES:
        raise typer.BadParameter(_("choose zh or en"), param_hint="--lang")
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"zhiban {version_of('zhiban')}")
        raise typer.Exit
    ctx.obj = home
    if ctx.invoked_subcommand is None:
        desk(ctx)


def desk(ctx: typer.Context) -> None:
    raise typer.Exit(open_desk(ctx.obj))


def open_desk(folder: Path | None) -> int:
    """Open the desk of a home on this terminal and return its exit code once it is left."""
    if not _at_terminal():
        without = _(
            "Without one: zhiban setup makes a centre, zhiban demo shows one, zhiban today prints the shift."
        )
        raise ZhibanError(_("The desk needs a terminal."), next_step=without)
    home = open_home(folder)
    from tui.app import DeskApp

    app = DeskApp(home)
    app.run()
    if app.demo_wanted:
        from kiosk.demo import DEMO_FOLDER

        return play_and_open_demo(home.folder / DEMO_FOLDER)
    return app.return_code or 0


def demo(
    ctx: typer.Context,
    seed: Annotated[int | None, typer.Option(help=_("another number, another demo"))] = None,
    no_desk: Annotated[bool, typer.Option("--no-desk", help=_("only play it and print the summary"))] = False,
) -> None:
    from kiosk.demo import demo_home

    raise typer.Exit(play_and_open_demo(demo_home(ctx.obj), seed, no_desk=no_desk))


def play_and_open_demo(folder: Path, seed: int | None = None, *, no_desk: bool = False) -> int:
    """Play the demo's day in ``folder``, print its summary, and on a terminal open its desk while the door runs."""
    from kiosk.demo import SEED, demo_day
    from kiosk.demo_summary import summary_lines

    with ExitStack() as running:
        with _progress() as tell:
            played = demo_day(
                folder,
                seed=SEED if seed is None else seed,
                on_progress=tell,
                now=_now().replace(microsecond=0),
            )
            summary = running.enter_context(played)
        typer.echo("\n".join(summary_lines(summary)))
        if _at_terminal() and not no_desk:
            typer.prompt(_("Press Enter to open the desk"), default="", show_default=False, prompt_suffix=" ")
            return open_desk(folder)
    typer.echo(_("Open its desk with: zhiban --home {folder}").format(folder=folder))
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
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


def kiosk(
    ctx: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help=_("without a screen, for systemd"))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=_("without a screen, one JSON object a line"))
    ] = False,
) -> None:
    if not (headless or as_json or _at_terminal()):
        raise ZhibanError(_("The door's screen needs a terminal."), next_step=_("Without one: --headless"))
    from kiosk.process import run_kiosk

    raise typer.Exit(run_kiosk(_home(ctx), headless or as_json, json_lines=as_json))


def setup(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help=_("name of the centre"))] = "",
    zone: Annotated[str, typer.Option(help=_("time zone, else Asia/Shanghai"))] = "",
    teams: Annotated[str, typer.Option(help=_("teams, separated by blanks"))] = "",
    leader_number: Annotated[str, typer.Option(help=_("first leader's work number"))] = "",
    leader_name: Annotated[str, typer.Option(help=_("first leader's name"))] = "",
    leader_pin: Annotated[
        str, typer.Option(envvar="ZHIBAN_LEADER_PIN", help=_("first leader's first PIN"))
    ] = "",
) -> None:
    from operations import store
    from operations.centre import set_up_centre

    home = _home(ctx)
    store.open_database(home.database_url)
    name = name or _ask(N_("Name of the centre"), "--name")
    zone = zone or (
        _ask(N_("Time zone"), "--zone", "Asia/Shanghai") if sys.stdin.isatty() else "Asia/Shanghai"
    )
    teams = teams or _ask(N_("Teams, separated by blanks"), "--teams", "甲班 乙班 丙班 丁班")
    leader_number = leader_number or _ask(N_("First leader: work number"), "--leader-number")
    leader_name = leader_name or _ask(N_("First leader: name"), "--leader-name")
    # A PIN that stood on a command line or in a file is no secret: its owner changes it at the first sign-in.
    given = bool(leader_pin)
    pin = leader_pin or _ask(N_("First leader: PIN"), "--leader-pin", secret=True)
    names = re.split(r"[\s,，、;；]+", teams.strip())
    set_up_centre(_now(), name, zone, names, leader_number, leader_name, pin, must_change_pin=given)
    typer.echo(_("The centre {name} is set up in {folder}.").format(name=name, folder=home.folder))
    typer.echo(_("Open the desk with: zhiban"))


def _ask(question: str, option: str, default: str = "", *, secret: bool = False) -> str:
    """Ask at a terminal; without one the option is needed."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("needed where nobody can be asked"), param_hint=option)
    answer = typer.prompt(_(question), default=default or None, hide_input=secret)
    return str(answer).strip()


# --- readers and bytes --------------------------------------------------------------------------------------


def reader(
    ctx: typer.Context,
    format_name: Annotated[str, _format_option("line, rdm6300")] = "line",
    name: Annotated[str, typer.Option(help=_("what zhiban scan calls it"))] = "in",
    link: Annotated[Path | None, typer.Option(help=_("a path that always leads to the port"))] = None,
) -> None:
    from hardware.ports import control_path, virtual_reader
    from hardware.swipe import serve

    orders = control_path(_home(ctx).run_folder, name)
    stop = _stop_on_signals()
    with virtual_reader(format_name, link) as device, serve(device, orders):
        typer.echo(device.path)
        typer.echo(
            _("Swipe with: zhiban scan BADGE --reader {name} (Ctrl-C ends)").format(name=name), err=True
        )
        stop.wait()


def scan(
    ctx: typer.Context,
    badge: Annotated[str, typer.Argument(metavar="BADGE", help=_("badge id as the reader sends it"))],
    reader_name: Annotated[
        str, typer.Option("--reader", help=_("which virtual reader, if several run"))
    ] = "",
) -> None:
    from hardware.ports import control_path, only_virtual_reader
    from hardware.swipe import send_swipe

    folder = _home(ctx).run_folder
    name = reader_name or only_virtual_reader(folder)
    send_swipe(control_path(folder, name), badge)
    typer.echo(_("Swiped at reader {name}.").format(name=name))


def sniff(
    port: Annotated[str, typer.Option(metavar="URL", help=_("device or pyserial URL"))],
    format_name: Annotated[str, _format_option("auto, line, rdm6300")] = "auto",
    seconds: Annotated[float, typer.Option(min=0, help=_("end after so many seconds"))] = 0,
    baudrate: Annotated[int, typer.Option(min=50, help=_("speed of the line"))] = 9600,
    as_json: Annotated[bool, typer.Option("--json", help=_("one JSON object a line"))] = False,
) -> None:
    from hardware.sniff import sniff as sniffed
    from hardware.sniffed import sniffed_json, sniffed_line

    stop = _stop_on_signals()
    if seconds:
        timer = threading.Timer(seconds, stop.set)
        timer.daemon = True
        timer.start()
    for heard in sniffed(port, format_name, stop=stop, baudrate=baudrate):
        typer.echo(json.dumps(sniffed_json(heard), ensure_ascii=False) if as_json else sniffed_line(heard))


def decode(format_name: Annotated[str, _format_option("line, rdm6300")]) -> None:
    from hardware.decoders import decoder_factory
    from hardware.events import event_json

    try:
        decoder = decoder_factory(format_name)()
    except ZhibanError as error:
        _refuse(error)
        raise typer.Exit(USAGE_EXIT) from error
    for data in _standard_input():
        for event in decoder.feed(data) if data else decoder.close():
            typer.echo(json.dumps(event_json(event)))


def _standard_input() -> Iterator[bytes]:
    """Yield bytes as they come, and an empty piece at the end."""
    while data := os.read(sys.stdin.fileno(), READ_BYTES):
        yield data
    yield b""


# --- looking things up --------------------------------------------------------------------------------------


def regulation(
    ctx: typer.Context,
    article: Annotated[int | None, typer.Argument(min=1, max=44, help=_("one article"))] = None,
    as_json: Annotated[bool, _json_option()] = False,
) -> None:
    from operations.listings import article_lines, findings_this_month, open_centre, regulation_listing

    # The regulation can be read anywhere; findings are counted where there is a centre.
    found = findings_this_month(_office(ctx)) if open_centre(_home(ctx).database_url) else None
    if article and not as_json:
        typer.echo("\n".join(article_lines(article, found)))
    else:
        _show(regulation_listing(found, article), as_json=as_json)


def limits(ctx: typer.Context, as_json: Annotated[bool, _json_option()] = False) -> None:
    from operations.listings import limits_listing, limits_of

    in_force = limits_of(_now(), _home(ctx).database_url)
    _show(limits_listing(in_force), as_json=as_json)
    if not as_json:
        typer.echo(_("version {version}").format(version=in_force.version))


def today(ctx: typer.Context, as_json: Annotated[bool, _json_option()] = False) -> None:
    from operations.listings import news_lines, shift_lines, today_in_words

    office = _office(ctx)
    board, seats = today_in_words(office)
    if not as_json:
        typer.echo("\n".join(shift_lines(office, board)))
    if as_json or board.seats:
        _show(seats, as_json=as_json)
    if not as_json:
        typer.echo("\n".join(news_lines(office, board)))


def roster_show(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=_month_help())] = "",
    team: Annotated[str | None, typer.Option(help=_("one team only"))] = None,
    as_json: Annotated[bool, _json_option()] = False,
) -> None:
    from operations.listings import DAYS_IN_HALF, roster_listing

    # A month with its names takes 124 columns; two halves fit the narrowest terminal.
    across = 31 if _columns() >= 124 else DAYS_IN_HALF
    office = _office(ctx)
    pieces = _parsed(lambda text: roster_listing(office, text, team, across), month, "MONTH")
    for piece in pieces[:1] if as_json else pieces:
        _show(piece, as_json=as_json)


def door_log(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help=_("the newest so many"))] = 50,
    search: Annotated[str, typer.Option(help=_("name, work number, unit or code"))] = "",
    as_json: Annotated[bool, _json_option()] = False,
) -> None:
    from operations.listings import door_listing

    _show(door_listing(_office(ctx), search, limit), as_json=as_json)


def door_inside(ctx: typer.Context, as_json: Annotated[bool, _json_option()] = False) -> None:
    from operations.listings import inside_listing

    _show(inside_listing(_office(ctx)), as_json=as_json)


def findings(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(help=_month_help())] = "",
    article: Annotated[int | None, typer.Option(min=1, max=44, help=_("one article"))] = None,
    as_json: Annotated[bool, _json_option()] = False,
) -> None:
    from operations.listings import findings_listing

    office = _office(ctx)
    _show(_parsed(lambda text: findings_listing(office, text, article), month, "--month"), as_json=as_json)


def people_list(ctx: typer.Context, as_json: Annotated[bool, _json_option()] = False) -> None:
    from operations.listings import people_listing

    _show(people_listing(_office(ctx)), as_json=as_json)


# --- paper, proof, health -----------------------------------------------------------------------------------


def print_log(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("YYYY-MM-DD, today or yesterday"))],
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help=_("where the PDF goes"))] = None,
    text: Annotated[bool, typer.Option("--text", help=_("plain text here instead of a PDF"))] = False,
) -> None:
    from operations.boundary import SYSTEM
    from operations.daily_log import daily_log, note_printing, was_printed

    office = _office(ctx)
    date = _parsed(office.day, day, "DATE")
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

    file = pdf or _paper_folder(_home(ctx)) / f"zhiban-{date.isoformat()}.pdf"
    write_pdf(file, log, **said)
    note_printing(SYSTEM, office.now, date, "pdf", log.digest)
    typer.echo(_("Written to {file}").format(file=file), err=text)


def _paper_folder(home: Home) -> Path:
    folder = home.paper_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ZhibanError(
            _("The paper cannot be written to {path}: {why}.").format(path=folder, why=error.strerror),
            next_step=_("Name another folder as [paper] folder in settings.toml."),
        ) from error
    return folder


def verify(
    ctx: typer.Context,
    digest: Annotated[str | None, typer.Option(metavar="HEX", help=_("as printed on signed paper"))] = None,
    as_json: Annotated[bool, _json_option()] = False,
) -> None:
    from kiosk.journal_check import journal_end
    from operations.boundary import SYSTEM
    from operations.listings import verify_lines, verify_record, with_end
    from operations.verify import verify as verified

    office, home = _office(ctx), _home(ctx)
    report: VerifyReport = verified(SYSTEM, office.now, digest)
    report = with_end(report, journal_end(home.kiosk_folder, home.settings.kiosk.name, report.heads))
    if as_json:
        _print_json(verify_record(report))
    else:
        typer.echo("\n".join(verify_lines(report)))
    if not report.holds:
        raise ZhibanError(
            _("The records do not hold."),
            article=33,
            next_step=_("Change nothing more; keep this home as it is and compare it with the last backup."),
        )


def doctor(ctx: typer.Context, as_json: Annotated[bool, _json_option()] = False) -> None:
    from hardware.ports import local_ports, reader_trouble
    from operations.doctor import Check, Looks, examine
    from reports.font import typefaces
    from reports.printers import printer_names

    looks = Looks(local_ports, reader_trouble, lambda: typefaces().faces[0].family, printer_names)
    try:
        checks = list(examine(_home(ctx), _now(), looks))
    except ZhibanError as error:
        checks = [Check("home", "fault", str(error), error.next_step)]
    if as_json:
        _print_json(checks)
    else:
        for check in checks:
            typer.echo(f"{SIGNS[check.state]} {check.text}")
            if check.next_step:
                typer.echo(f"  → {check.next_step}")
    raise typer.Exit(1 if any(check.state == "fault" for check in checks) else 0)


# --- the table of commands ----------------------------------------------------------------------------------

# group, name, what runs, what it does
COMMANDS: tuple[tuple[str, str, Callable[..., None], str], ...] = (
    ("", "desk", desk, N_("Open the desk, as zhiban alone does.")),
    ("", "kiosk", kiosk, N_("Run the machine-room door of this machine.")),
    ("", "demo", demo, N_("Play a day at a demo centre, then open its desk.")),
    ("", "setup", setup, N_("Set up my centre.")),
    ("", "today", today, N_("Show the shift that runs now.")),
    ("roster", "show", roster_show, N_("Show a month of the roster.")),
    ("door", "log", door_log, N_("Show what the door saw, newest first.")),
    ("door", "inside", door_inside, N_("Show who is inside.")),
    ("", "findings", findings, N_("Show a month's findings with their articles.")),
    ("people", "list", people_list, N_("Show everyone with a work number.")),
    ("", "print", print_log, N_("Print a day's log as PDF or text.")),
    ("", "regulation", regulation, N_("Show the articles and how each is kept.")),
    ("", "limits", limits, N_("Show the limits in force.")),
    ("", "verify", verify, N_("Check that no record was changed or removed.")),
    ("", "doctor", doctor, N_("Check home, database, ports, font, printer, clock.")),
    ("", "reader", reader, N_("Make a virtual badge reader and serve swipes.")),
    ("", "scan", scan, N_("Swipe a badge at a virtual reader.")),
    ("", "sniff", sniff, N_("Show what a real reader sends, and its format.")),
    ("", "decode", decode, N_("Decode reader bytes from standard input.")),
)
GROUPS = {
    "roster": N_("The roster."),
    "door": N_("What the machine-room door saw."),
    "people": N_("People and badges."),
}


def build() -> typer.Typer:
    """Return the command with all texts in the current language."""
    app = _application(_("The duty desk and the machine-room door under one rulebook."))
    app.callback(invoke_without_command=True)(root)
    groups = {group: _application(_(text), no_args_is_help=True) for group, text in GROUPS.items()}
    for group, name, function, text in COMMANDS:
        target = groups.get(group, app)
        target.command(name, cls=_Command, help=_(text))(function)
    for group, target in groups.items():
        target.callback()(_nothing)  # a group of one command stays a group
        app.add_typer(target, name=group)
    return app


def _application(text: str, *, no_args_is_help: bool = False) -> typer.Typer:
    return typer.Typer(
        cls=_Group, help=text, no_args_is_help=no_args_is_help, add_completion=False, rich_markup_mode=None
    )


def _nothing() -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
