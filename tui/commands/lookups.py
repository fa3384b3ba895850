"""Commands that look something up: the shift, the regulation, findings, people."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    clock,
    home_of,
    json_option,
    office_of,
    parsed,
    show,
    signed_in,
)


def month_help() -> str:
    """What a month looks like."""
    return _("YYYY-MM, else this month")


def regulation(
    ctx: typer.Context,
    article: Annotated[int | None, typer.Argument(min=1, max=44, help=_("one article"))] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban regulation``."""
    from operations.listings import (
        article_lines,
        findings_last_month,
        findings_this_month,
        open_centre,
        refused_this_month,
        regulation_listing,
    )

    # The regulation can be read anywhere; findings are counted where there is a centre.
    home = home_of(ctx)
    office = office_of(ctx) if open_centre(home.database_url, home.key_file) else None
    found = findings_this_month(office) if office is not None else None
    if article and not as_json:
        typer.echo("\n".join(article_lines(article, found)))
    else:
        before = findings_last_month(office) if office is not None else None
        refused = refused_this_month(office) if office is not None else None
        show(regulation_listing(found, article, before, refused), as_json=as_json)


def limits(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban limits``."""
    if ctx.invoked_subcommand is not None:
        return
    from operations.listings import limits_listing, limits_of

    in_force = limits_of(clock(), home_of(ctx).database_url)
    show(limits_listing(in_force), as_json=as_json)
    if not as_json:
        typer.echo(_("version {version}").format(version=in_force.version))


def limits_set(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("as zhiban limits --json names it"))],
    value: Annotated[int, typer.Argument(metavar="VALUE", help=_("the centre's own value"))],
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("first day it counts, else today"))
    ] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban limits set``."""
    from operations.centre import set_limit

    office = office_of(ctx)
    day: date = parsed(office.day, start, "--from")
    set_limit(signed_in(office, by), office.now, name, value, day)
    typer.echo(_("{name} is {value} from {date} on.").format(name=name, value=value, date=day.isoformat()))


def today(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban today``."""
    from operations.listings import news_lines, shift_lines, today_in_words

    office = office_of(ctx)
    board, seats = today_in_words(office)
    if not as_json:
        typer.echo("\n".join(shift_lines(office, board)))
    if as_json or board.seats:
        show(seats, as_json=as_json)
    if not as_json:
        typer.echo("\n".join(news_lines(office, board)))


def findings(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(help=month_help())] = "",
    article: Annotated[int | None, typer.Option(min=1, max=44, help=_("one article"))] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban findings``."""
    from operations.listings import findings_listing

    office = office_of(ctx)
    show(parsed(lambda text: findings_listing(office, text, article), month, "--month"), as_json=as_json)


def people_list(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban people list``."""
    from operations.listings import people_listing

    show(people_listing(office_of(ctx)), as_json=as_json)
