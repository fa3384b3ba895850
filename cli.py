"""The ``zhiban`` command: read what was typed, call what does it, print the answer.

Whoever owns the home folder owns the centre's data, so the command line on this machine reads as the system itself
(``SYSTEM``) and asks for no PIN; a change to the centre's records is made by someone with a work number (``--as``).
Everything slow is imported inside the command that needs it: ``zhiban --help`` and the desk's first screen wait for
nothing else.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer

import locales
from locales import N_, _
from settings import SETTINGS_FILE, ZhibanError, home_folder, open_home, parse_settings
from tui.commands.answers import (
    ask,
    at_terminal,
    clock,
    home_of,
    json_option,
    office_of,
    print_json,
    progress,
)
from tui.commands.output import inert, inert_output
from tui.commands.table import ANSWERING, GROUPS, READERS, RECORDS, CommandRow
from tui.commands.toolkit import Command, application, run_application

if TYPE_CHECKING:
    from operations.verify import VerifyReport

LANGUAGES = {"zh": "zh_CN", "zh_cn": "zh_CN", "en": "en"}
DEFECT_LOG = "command.log"
INTERRUPTED_EXIT = 130

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
    with inert_output():
        return _guarded(lambda: run_application(partial(build, rest), [*front, *rest]))


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
    sys.stderr.write(inert(f"{error}\n{error.next_step}\n" if error.next_step else f"{error}\n"))
    return 1


def _defect(log: Path, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of ours: the details go to a file, the person gets one sentence."""
    text = "".join(traceback.format_exception(kind, error, trace))
    try:
        with os.fdopen(
            os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        ) as file:
            file.write(f"{clock().isoformat()}\n{text}\n")
        where = _("Details: {file}").format(file=log)
    except OSError:
        where = text.strip().splitlines()[-1]
    sys.stderr.write(_("Something inside failed ({kind}).").format(kind=kind.__name__) + f"\n{where}\n")


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
    if not at_terminal():
        without = _(
            "Without one: zhiban setup makes a centre, zhiban demo shows one, zhiban today prints the shift."
        )
        raise ZhibanError(_("The desk needs a terminal."), next_step=without)
    home = open_home(folder)
    from tui.app import DeskApp
    from tui.pauses import keep_pauses_short
    from tui.terminal import SteadyDriver

    keep_pauses_short()
    app = DeskApp(home)
    app.driver_class = SteadyDriver
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
    from kiosk.demo.summary import summary_lines

    with ExitStack() as running:
        with progress() as tell:
            played = demo_day(
                folder,
                seed=SEED if seed is None else seed,
                on_progress=tell,
                now=clock().replace(microsecond=0),
            )
            summary = running.enter_context(played)
        typer.echo("\n".join(summary_lines(summary)))
        if at_terminal() and not no_desk:
            typer.prompt(_("Press Enter to open the desk"), default="", show_default=False, prompt_suffix=" ")
            return open_desk(folder)
    typer.echo(_("Open its desk with: zhiban --home {folder}").format(folder=folder))
    return 0


def kiosk(
    ctx: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help=_("without a screen, for systemd"))] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=_("without a screen, one JSON object a line"))
    ] = False,
) -> None:
    if not (headless or as_json or at_terminal()):
        raise ZhibanError(_("The door's screen needs a terminal."), next_step=_("Without one: --headless"))
    from kiosk.process import run_kiosk

    raise typer.Exit(run_kiosk(home_of(ctx), headless or as_json, json_lines=as_json))


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

    home = home_of(ctx)
    store.open_database(home.database_url, key_file=home.key_file)
    name = name or ask(N_("Name of the centre"), "--name")
    zone = zone or (
        ask(N_("Time zone"), "--zone", "Asia/Shanghai") if sys.stdin.isatty() else "Asia/Shanghai"
    )
    teams = teams or ask(N_("Teams, separated by blanks"), "--teams", "甲班 乙班 丙班 丁班")
    leader_number = leader_number or ask(N_("First leader: work number"), "--leader-number")
    leader_name = leader_name or ask(N_("First leader: name"), "--leader-name")
    # A PIN that stood on a command line or in a file is no secret: its owner changes it at the first sign-in.
    given = bool(leader_pin)
    pin = leader_pin or ask(N_("First leader: PIN"), "--leader-pin", secret=True)
    names = re.split(r"[\s,，、;；]+", teams.strip())
    set_up_centre(clock(), name, zone, names, leader_number, leader_name, pin, must_change_pin=given)
    typer.echo(_("The centre {name} is set up in {folder}.").format(name=name, folder=home.folder))
    typer.echo(_("Open the desk with: zhiban"))


# --- proof and health -----------------------------------------------------------------------------------


def verify(
    ctx: typer.Context,
    digest: Annotated[str | None, typer.Option(metavar="HEX", help=_("as printed on signed paper"))] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    from kiosk.journal_check import journal_end
    from operations.boundary import SYSTEM
    from operations.listings import verify_lines, verify_record, with_end
    from operations.verify import verify as verified

    office, home = office_of(ctx), home_of(ctx)
    report: VerifyReport = verified(SYSTEM, office.now, digest)
    report = with_end(report, journal_end(home.kiosk_folder, home.settings.kiosk.name, report.heads))
    if as_json:
        print_json(verify_record(report))
    else:
        typer.echo("\n".join(verify_lines(report)))
    if not report.holds:
        raise ZhibanError(
            _("The records do not hold."),
            article=33,
            next_step=_("Change nothing more; keep this home as it is and compare it with the last backup."),
        )


def doctor(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    from hardware.ports import local_ports, reader_trouble
    from operations.doctor import Check, Looks, examine
    from reports.font import typefaces
    from reports.printers import printer_names
    from reports.printing import printer_trouble_in_words

    looks = Looks(
        local_ports,
        reader_trouble,
        lambda: typefaces().faces[0].family,
        printer_names,
        printer_trouble_in_words,
    )
    try:
        checks = list(examine(home_of(ctx), clock(), looks))
    except ZhibanError as error:
        checks = [Check("home", "fault", str(error), error.next_step)]
    if as_json:
        print_json(checks)
    else:
        for check in checks:
            typer.echo(f"{SIGNS[check.state]} {check.text}")
            if check.next_step:
                typer.echo(f"  → {check.next_step}")
    raise typer.Exit(1 if any(check.state == "fault" for check in checks) else 0)


# --- the table of commands ----------------------------------------------------------------------------------

COMMANDS: tuple[CommandRow, ...] = (
    ("", "desk", desk, N_("Open the desk, as zhiban alone does.")),
    ("", "kiosk", kiosk, N_("Run the machine-room door of this machine.")),
    ("", "demo", demo, N_("Play a day at a demo centre, then open its desk.")),
    ("", "setup", setup, N_("Set up my centre.")),
    *RECORDS,
    ("", "verify", verify, N_("Check that no record was changed or removed.")),
    ("", "doctor", doctor, N_("Check home, database, ports, font, printer, clock.")),
    *READERS,
)


def build(typed: Sequence[str]) -> typer.Typer:
    """Return the command with all texts in the current language, and of its commands those ``typed`` may mean.

    The toolkit reads the options of every command it is given; for all of them that takes longer than most answers.
    """
    app = application(_("The duty desk and the machine-room door under one rulebook."))
    app.callback(invoke_without_command=True)(root)
    meant = commands_meant(typed)
    groups = {
        group: application(_(GROUPS[group]), no_args_is_help=group not in ANSWERING)
        for group in GROUPS
        if any(command[0] == group for command in meant)
    }
    for group, name, function, text in meant:
        target = groups.get(group, app)
        target.command(name, cls=Command, help=_(text))(function)
    for group, target in groups.items():
        # The callback keeps a group of one command a group.
        target.callback(invoke_without_command=group in ANSWERING)(ANSWERING.get(group, _nothing))
        app.add_typer(target, name=group)
    return app


def commands_meant(typed: Sequence[str]) -> Sequence[CommandRow]:
    """Return the command that ``typed`` begins with, or the group's; all when it names none: help, or a slip."""
    first, second = (*typed, "", "")[:2]
    one = [command for command in COMMANDS if command[:2] in ((first, second), ("", first))]
    return one or [command for command in COMMANDS if first and command[0] == first] or COMMANDS


def _nothing() -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
