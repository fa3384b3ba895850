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
from tui.commands import (
    assessment,
    attendance,
    backups,
    badges,
    calendar,
    confidential,
    door,
    figures,
    handovers,
    leave,
    leave_days,
    log,
    lookups,
    paper,
    people,
    planning,
    punches,
    quality,
    readers,
    registers,
    roster,
    roster_files,
    rotations,
    spotchecks,
    swaps,
)
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

# group, name, what runs, what it does
COMMANDS: tuple[tuple[str, str, Callable[..., None], str], ...] = (
    ("", "desk", desk, N_("Open the desk, as zhiban alone does.")),
    ("", "kiosk", kiosk, N_("Run the machine-room door of this machine.")),
    ("", "demo", demo, N_("Play a day at a demo centre, then open its desk.")),
    ("", "setup", setup, N_("Set up my centre.")),
    ("", "today", lookups.today, N_("Show the shift that runs now.")),
    ("roster", "show", roster.roster_show, N_("Show a month of the roster.")),
    ("roster", "publish", roster.roster_publish, N_("Make a month's draft the roster.")),
    ("roster", "generate", rotations.roster_generate, N_("Plan the draft as the teams' rotations say.")),
    (
        "roster",
        "check",
        rotations.roster_check,
        N_("Show where rest is short, by labour law and house rule."),
    ),
    ("roster", "solve", planning.roster_solve, N_("Let the planner find a fair plan, into the draft.")),
    ("roster", "import", roster_files.roster_import, N_("Plan the roster from an Excel sheet or a CSV.")),
    ("roster", "export", roster_files.roster_export, N_("Write the roster: Excel, CSV, calendars, PDF.")),
    ("rotation", "list", rotations.rotation_list, N_("Show the rotations, and which team works which.")),
    ("rotation", "show", rotations.rotation_show, N_("Show how teams would work a rotation.")),
    ("rotation", "use", rotations.rotation_use, N_("Let teams work a rotation from a day on.")),
    ("rotation", "stop", rotations.rotation_stop, N_("Let teams work no rotation from a day on.")),
    ("rotation", "set", rotations.rotation_set, N_("Keep a rotation of the centre's own.")),
    ("rotation", "remove", rotations.rotation_remove, N_("Take an own rotation off the list.")),
    ("calendar", "show", calendar.calendar_show, N_("Show holidays and adjusted working days.")),
    ("calendar", "set", calendar.calendar_set, N_("Say what a day is at this centre.")),
    ("calendar", "clear", calendar.calendar_clear, N_("Let what is published count again for a day.")),
    ("calendar", "seasons", calendar.calendar_seasons, N_("Show the seasons of the shifts.")),
    ("calendar", "season", calendar.calendar_season, N_("Give a shift other times over a part of the year.")),
    ("calendar", "season-end", calendar.calendar_season_end, N_("Let a season count no more from a day on.")),
    ("demand", "list", planning.demand_list, N_("Show how many people each shift needs.")),
    ("demand", "set", planning.demand_set, N_("Say how many people a shift needs, from a day on.")),
    ("demand", "retire", planning.demand_retire, N_("Say nothing more of what a shift needs.")),
    ("wish", "list", planning.wish_list, N_("Show everyone's wishes for a month.")),
    ("wish", "ask", planning.wish_ask, N_("Wish for a shift or a free day, or wish it away.")),
    ("wish", "withdraw", planning.wish_withdraw, N_("Take one of your wishes back.")),
    ("swap", "list", swaps.swap_list, N_("Show swaps and stand-ins, and what became of them.")),
    ("swap", "ask", swaps.swap_ask, N_("Ask for a swap or a stand-in.")),
    ("swap", "agree", swaps.swap_agree, N_("Agree to a swap.")),
    ("swap", "consent", swaps.swap_consent, N_("Consent to a swap, as a leader: the duties go over.")),
    ("swap", "refuse", swaps.swap_refuse, N_("Refuse a swap.")),
    ("swap", "withdraw", swaps.swap_withdraw, N_("Withdraw a swap, until its first duty begins.")),
    ("leave", "list", leave.leave_list, N_("Show leave, and what became of it.")),
    ("leave", "ask", leave.leave_ask, N_("Ask for leave, or see whether one may and who decides.")),
    ("leave", "show", leave.leave_show, N_("Show one leave: its duties, who is left, the days left.")),
    ("leave", "approve", leave.leave_approve, N_("Approve leave: with the last approval it is in effect.")),
    ("leave", "refuse", leave.leave_refuse, N_("Refuse leave, with the reason.")),
    ("leave", "withdraw", leave.leave_withdraw, N_("Withdraw leave, until it begins.")),
    ("leave", "shorten", leave.leave_shorten, N_("Give back days of leave that have not begun.")),
    ("leave", "extend", leave.leave_extend, N_("Ask for more of the same leave, right after it.")),
    ("leave", "note", leave.leave_note, N_("Write down the reference of the doctor's note.")),
    ("leave", "balance", leave_days.leave_balance, N_("Show the days of leave people have left.")),
    ("leave", "grant", leave_days.leave_grant, N_("Grant somebody days of leave.")),
    ("leave", "carry-over", leave_days.leave_carry_over, N_("Carry the rest of a year into the next.")),
    ("delegate", "list", leave_days.delegate_list, N_("Show who decides in whose place.")),
    (
        "delegate",
        "record",
        leave_days.delegate_record,
        N_("Let somebody decide in an absent leader's place."),
    ),
    ("delegate", "end", leave_days.delegate_end, N_("Let a delegate decide no longer.")),
    ("door", "log", door.door_log, N_("Show what the door saw, newest first.")),
    ("door", "inside", door.door_inside, N_("Show who is inside.")),
    ("door", "muster", door.door_muster, N_("List who is inside, to tick off in an emergency.")),
    ("door", "register", door.door_register, N_("Print the machine-room entry register.")),
    ("door", "alarms", door.door_alarms, N_("Show the alarms nobody has acknowledged yet.")),
    ("door", "retire", door.door_retire, N_("Miss a door no more that is gone for good.")),
    ("door", "reset", door.door_reset, N_("Note that someone is not inside although the door says so.")),
    ("log", "show", log.log_show, N_("Show a shift's log, or a day's.")),
    ("log", "search", log.log_search, N_("Find words in every shift's log.")),
    ("log", "add", log.log_add, N_("Write an entry into the log that runs now.")),
    ("log", "read", confidential.log_read, N_("Open a confidential entry; the reading is on record.")),
    ("log", "reindex", log.log_reindex, N_("Build the index of the search anew.")),
    ("", "attendance", attendance.attendance, N_("Show a month of attendance with its rate.")),
    ("", "assessment", assessment.assessment, N_("Show, print or send a month's assessment.")),
    ("", "audit", assessment.audit, N_("Show who did what, what was refused, and who read it.")),
    ("", "findings", lookups.findings, N_("Show a month's findings with their articles.")),
    ("people", "list", lookups.people_list, N_("Show everyone with a work number.")),
    ("people", "import", people.people_import, N_("Take on people from an Excel sheet or a CSV.")),
    ("punches", "import", punches.punches_import, N_("Take over punches of an attendance machine.")),
    ("punches", "mappings", punches.punches_mappings, N_("Show how punches are written.")),
    ("punches", "map", punches.punches_map, N_("Say how a machine or a system writes its punches.")),
    ("punches", "unmap", punches.punches_unmap, N_("Take an own mapping off the list.")),
    ("badges", "list", badges.badges_list, N_("Show the temporary badges that are out.")),
    ("badges", "lend", badges.badges_lend, N_("Lend a temporary badge for a shift.")),
    ("badges", "collect", badges.badges_collect, N_("Take a temporary badge back.")),
    ("badges", "lost", badges.badges_lost, N_("Report a badge lost: the door refuses it at once.")),
    ("badges", "issue", badges.badges_issue, N_("Register someone's badge, or one kept at the door.")),
    ("directory", "list", confidential.directory_list, N_("Show the confidential numbers, masked.")),
    ("directory", "reveal", confidential.directory_reveal, N_("Reveal a number, with a reason.")),
    ("directory", "add", confidential.directory_add, N_("Put a number into the directory.")),
    ("directory", "remove", confidential.directory_remove, N_("Take a number off the directory.")),
    ("", "readings", confidential.readings, N_("Show who read something confidential.")),
    ("keys", "show", confidential.keys_show, N_("Show the numbers of the keys, never a key.")),
    ("keys", "export", confidential.keys_export, N_("Copy the keys, or print their recovery code.")),
    ("keys", "import", confidential.keys_import, N_("Bring keys from a copy or a recovery code.")),
    ("", "rotate-key", confidential.rotate_key, N_("Bring all confidential text under a new key.")),
    ("reasons", "list", badges.reasons_list, N_("Show the reasons to enter.")),
    ("reasons", "set", badges.reasons_set, N_("Add a reason, or change one, from a day on.")),
    ("reasons", "retire", badges.reasons_retire, N_("Let a reason count no more from a day on.")),
    ("figures", "show", figures.figures_show, N_("Show a day's figures.")),
    ("figures", "set", figures.figures_set, N_("Enter figures of a shift, or correct them with a reason.")),
    ("figures", "import", figures.figures_import, N_("Import figures from a CSV of the call platform.")),
    ("figures", "kinds", figures.figures_kinds, N_("Show what is counted, with targets.")),
    ("figures", "kind", figures.figures_kind, N_("Add a kind of figure, or change one, from a day on.")),
    ("figures", "retire", figures.figures_retire, N_("Count a figure no more from a day on.")),
    ("spotchecks", "show", spotchecks.spotchecks_show, N_("Show a day's plan with its checks.")),
    ("spotchecks", "record", spotchecks.spotchecks_record, N_("Record a spot check.")),
    ("spotchecks", "links", spotchecks.spotchecks_links, N_("Show which links are checked every day.")),
    ("spotchecks", "link", spotchecks.spotchecks_link, N_("Add a link, or rename one, from a day on.")),
    ("spotchecks", "retire", spotchecks.spotchecks_retire, N_("Check a link no more from a day on.")),
    ("", "watch", spotchecks.watch, N_("Look once for what has fallen due, for a timer.")),
    ("responsibility", "list", handovers.responsibility_list, N_("Show who answers for which problem.")),
    ("responsibility", "show", handovers.responsibility_show, N_("Show one case with its evidence.")),
    ("responsibility", "ask", handovers.responsibility_ask, N_("Ask who answers for a problem.")),
    ("responsibility", "contest", handovers.responsibility_contest, N_("Contest an answer.")),
    ("responsibility", "decide", handovers.responsibility_decide, N_("Decide a case with reasons.")),
    ("assets", "list", handovers.assets_list, N_("Show what every handover looks at.")),
    ("assets", "set", handovers.assets_set, N_("Put a key or a thing on the list.")),
    ("assets", "retire", handovers.assets_retire, N_("Take something off the list.")),
    ("register", "list", registers.register_list, N_("Show the registers, or the records of one.")),
    ("register", "show", registers.register_show, N_("Show one record with everything that was done.")),
    ("register", "add", registers.register_add, N_("Write a record, or the same one for many people.")),
    ("register", "step", registers.register_step, N_("Take a record a step further.")),
    ("register", "import", registers.register_import, N_("Take records over from an Excel sheet or a CSV.")),
    ("register", "export", registers.register_export, N_("Write records as an Excel sheet or a CSV.")),
    ("register", "print", registers.register_print, N_("Print records as a list, or one as a form.")),
    ("register", "define", registers.register_define, N_("Define a register of the centre's own.")),
    ("register", "typing-test", quality.typing_test, N_("Take a typing test and keep its result.")),
    ("register", "typing-results", quality.typing_results, N_("Show somebody's typing tests.")),
    ("register", "qa-plan", quality.qa_plan, N_("Show whom to inspect in a month, and who is missing.")),
    ("register", "qa-trend", quality.qa_trend, N_("Show how inspected calls developed.")),
    ("register", "undertakings", quality.undertakings, N_("Show whose undertaking is to be signed.")),
    ("", "print", paper.print_log, N_("Print a day's log as PDF, as text, or to a printer.")),
    ("", "regulation", lookups.regulation, N_("Show the articles and how each is kept.")),
    ("limits", "set", lookups.limits_set, N_("Give a limit the centre's own value from a day on.")),
    ("backup", "list", backups.backup_list, N_("Show the backups there are.")),
    ("backup", "check", backups.backup_check, N_("Read a backup to its end and say what is in it.")),
    ("backup", "key", backups.backup_key, N_("Print the recovery code, to be locked away.")),
    ("", "restore", backups.restore, N_("Put what is in a backup in this home's place.")),
    ("", "retention", backups.retention, N_("Remove visitors' details past their term.")),
    ("", "verify", verify, N_("Check that no record was changed or removed.")),
    ("", "doctor", doctor, N_("Check home, database, ports, font, printer, clock.")),
    ("", "reader", readers.reader, N_("Make a virtual badge reader and serve swipes.")),
    ("", "scan", readers.scan, N_("Swipe a badge at a virtual reader.")),
    ("", "sniff", readers.sniff, N_("Show what a real reader sends, and its format.")),
    ("", "osdp-key", readers.osdp_key, N_("Give an OSDP reader in install mode a key of its own.")),
    ("", "decode", readers.decode, N_("Decode reader bytes from standard input.")),
)
GROUPS = {
    "roster": N_("The roster."),
    "swap": N_("Swaps of duties and stand-ins."),
    "rotation": N_("The rotations of the teams."),
    "calendar": N_("Working days, holidays, and the seasons of the shifts."),
    "leave": N_("Leave: asked, decided, days left."),
    "delegate": N_("Who decides in an absent approver's place."),
    "demand": N_("How many people each shift needs."),
    "wish": N_("What people wish for on days to come."),
    "log": N_("The shifts' log."),
    "door": N_("What the machine-room door saw."),
    "people": N_("People and badges."),
    "punches": N_("Punches of attendance machines and other systems."),
    "badges": N_("Badges: registered, lent, handed back, lost."),
    "directory": N_("The machine room's confidential numbers."),
    "keys": N_("The keys of confidential text."),
    "reasons": N_("The reasons to enter the machine room."),
    "responsibility": N_("Who answers for a problem found after a handover."),
    "assets": N_("Keys and things that every handover looks at."),
    "limits": N_("Show the limits in force."),
    "backup": N_("Back the whole centre up into one encrypted file."),
    "figures": N_("The daily figures and their targets."),
    "register": N_("The registers and their records."),
    "spotchecks": N_("The spot checks of each day, link by link."),
}


def build(typed: Sequence[str]) -> typer.Typer:
    """Return the command with all texts in the current language, and of its commands those ``typed`` may mean.

    The toolkit reads the options of every command it is given; for all of them that takes longer than most answers.
    """
    app = application(_("The duty desk and the machine-room door under one rulebook."))
    app.callback(invoke_without_command=True)(root)
    alone: dict[str, Callable[..., None]] = {
        "limits": lookups.limits,
        "backup": backups.backup,
    }  # groups that answer by themselves as well
    meant = commands_meant(typed)
    groups = {
        group: application(_(GROUPS[group]), no_args_is_help=group not in alone)
        for group in GROUPS
        if any(command[0] == group for command in meant)
    }
    for group, name, function, text in meant:
        target = groups.get(group, app)
        target.command(name, cls=Command, help=_(text))(function)
    for group, target in groups.items():
        # The callback keeps a group of one command a group.
        target.callback(invoke_without_command=group in alone)(alone.get(group, _nothing))
        app.add_typer(target, name=group)
    return app


def commands_meant(typed: Sequence[str]) -> Sequence[tuple[str, str, Callable[..., None], str]]:
    """Return the command that ``typed`` begins with, or the group's; all when it names none: help, or a slip."""
    first, second = (*typed, "", "")[:2]
    one = [command for command in COMMANDS if command[:2] in ((first, second), ("", first))]
    return one or [command for command in COMMANDS if first and command[0] == first] or COMMANDS


def _nothing() -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
