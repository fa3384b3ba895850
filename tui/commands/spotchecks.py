"""``zhiban spotchecks`` and ``zhiban watch``: the day's plan by link, and what falls due by itself (Art. 7, 8, 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from locales import _
from tui.commands.answers import as_option, json_option, office_of, parsed, show, signed_in
from tui.commands.figures import day_help, from_help

if TYPE_CHECKING:
    from datetime import datetime

    from operations.listings import Office


def spotchecks_show(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="[DATE]", help=day_help())] = "today",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban spotchecks show``."""
    from operations.day_listings import spot_checks_listing

    office = office_of(ctx)
    show(spot_checks_listing(office, parsed(office.day, day, "DATE")), as_json=as_json)


def spotchecks_record(
    ctx: typer.Context,
    link: Annotated[str, typer.Argument(metavar="LINK", help=_("code of the link"))],
    result: Annotated[str, typer.Argument(metavar="RESULT", help="in_order, problem, not_applicable")],
    found: Annotated[str, typer.Option(help=_("what was found"))] = "",
    person: Annotated[str, typer.Option(metavar="NUMBER", help=_("who was checked"))] = "",
    told: Annotated[str, typer.Option(metavar="NUMBER", help=_("whom you told; a problem needs it"))] = "",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help=_("when it was checked, such as 10:15, else now"))
    ] = "",
    told_at: Annotated[
        str, typer.Option("--told-at", metavar="TIME", help=_("when they were told, else now"))
    ] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban spotchecks record``."""
    from operations.spot_checks import CheckDraft, record_spot_check
    from regulation.spot_checks import CheckResult

    if result not in tuple(CheckResult):
        names = ", ".join(CheckResult)
        raise typer.BadParameter(_("choose one of: {names}").format(names=names), param_hint="RESULT")
    office = office_of(ctx)
    draft = CheckDraft(
        link,
        CheckResult(result),
        found,
        person,
        told,
        _moment(office, at, "--at"),
        _moment(office, told_at, "--told-at"),
    )
    record_spot_check(signed_in(office, by), office.now, draft)
    typer.echo(_("The check of {link} is recorded.").format(link=link))


def _moment(office: Office, text: str, option: str) -> datetime | None:
    """A time of today, or a day and a time."""
    from operations.door_listings import moment

    if not text:
        return None
    whole = text if len(text) > len("HH:MM") else f"{office.today.isoformat()} {text}"
    return parsed(lambda words: moment(office, words), whole, option)


def spotchecks_links(
    ctx: typer.Context,
    day: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("the day it is about, else today"))
    ] = "today",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban spotchecks links``."""
    from operations.day_listings import links_listing

    office = office_of(ctx)
    show(links_listing(office, parsed(office.day, day, "--on")), as_json=as_json)


def spotchecks_link(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("small letters, digits and _"))],
    label: Annotated[str, typer.Argument(metavar="WORDS", help=_("what the plan and the log call it"))],
    english: Annotated[str, typer.Option("--english", help=_("its English words"))] = "",
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban spotchecks link``."""
    from operations.check_links import set_check_link

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    set_check_link(signed_in(office, by), office.now, code, label, english, day)
    typer.echo(_("The link {code} is checked from {date} on.").format(code=code, date=day.isoformat()))


def spotchecks_retire(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("as zhiban spotchecks links shows it"))],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban spotchecks retire``."""
    from operations.check_links import retire_check_link

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    retire_check_link(signed_in(office, by), office.now, code, day)
    typer.echo(
        _("The link {code} is checked no more from {date} on.").format(code=code, date=day.isoformat())
    )


def watch(ctx: typer.Context) -> None:
    """``zhiban watch``: one pass, for a timer."""
    from operations.boundary import SYSTEM
    from operations.watch import keep_watch

    office = office_of(ctx)
    watched = keep_watch(SYSTEM, office.now)
    lines = [*watched.kept, *(f"{name}: {count}" for name, count in watched.judged.items())]
    typer.echo("\n".join(lines) if lines else _("Nothing was due."))
