"""``zhiban rotation``, ``zhiban roster generate`` and ``zhiban roster check``: from rotations to a draft that rests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from locales import _
from tui.commands.answers import as_option, json_option, office_of, parsed, print_json, show, signed_in
from tui.commands.lookups import month_help

if TYPE_CHECKING:
    from operations.listings import Office


def team_help() -> str:
    """How teams are named."""
    return _("teams in their order; A:3 gives a place, - is who is in no team")


def from_option() -> Any:
    """``--from``: the first day something counts."""
    return typer.Option("--from", metavar="DATE", help=_("first day it counts, else today"))


def roster_generate(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=month_help())] = "",
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("first day, instead of a month"))
    ] = "",
    end: Annotated[str, typer.Option("--to", metavar="DATE", help=_("last day"))] = "",
    team: Annotated[
        list[str] | None, typer.Option(help=_("this team only; again for more; - is who is in no team"))
    ] = None,
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban roster generate``."""
    from operations.rotation_drafts import generate_draft
    from operations.rotation_listings import generated_record, generated_text

    office = office_of(ctx)
    first, last = _span(office, month, start, end)
    teams = ["" if code == "-" else code for code in team] if team else None
    done = generate_draft(signed_in(office, by), office.now, first, last, teams)
    if as_json:
        print_json(generated_record(done))
    else:
        typer.echo(generated_text(done))


def roster_check(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=month_help())] = "",
    published: Annotated[bool, typer.Option("--published", help=_("without the draft"))] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban roster check``."""
    from operations.rotation_listings import days_of_month, warnings_listing

    office = office_of(ctx)
    first, last = parsed(lambda text: days_of_month(office, text), month, "MONTH")
    show(warnings_listing(office, first, last, with_draft=not published), as_json=as_json)


def rotation_list(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban rotation list``."""
    from operations.rotation_listings import rotations_listing, uses_listing

    office = office_of(ctx)
    show(rotations_listing(office), as_json=as_json)
    if not as_json:
        typer.echo("")
        show(uses_listing(office))


def rotation_show(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("as zhiban rotation list shows it"))],
    teams: Annotated[list[str] | None, typer.Argument(metavar="[TEAM…]", help=team_help())] = None,
    anchor: Annotated[
        str, typer.Option(metavar="DATE", help=_("the day on which the cycle begins, else today"))
    ] = "today",
    days: Annotated[int | None, typer.Option(min=1, max=366, help=_("days to show, else two cycles"))] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban rotation show``."""
    from operations.rotation_listings import covered_line, preview_listing, preview_of, team_places

    office = office_of(ctx)
    on = parsed(office.day, anchor, "--anchor")
    places = parsed(lambda _text: team_places(teams or []), "", "TEAM")
    shown = preview_of(office, code, places, on, on, days)
    show(preview_listing(office, shown), as_json=as_json)
    if not as_json:
        typer.echo(covered_line(office, shown))


def rotation_use(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("as zhiban rotation list shows it"))],
    teams: Annotated[list[str], typer.Argument(metavar="TEAM…", help=team_help())],
    anchor: Annotated[
        str,
        typer.Option(metavar="DATE", help=_("the day on which the cycle begins, else the first it counts")),
    ] = "",
    start: Annotated[str, from_option()] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban rotation use``."""
    from operations.rotation_listings import team_places
    from operations.rotations import use_rotation

    office = office_of(ctx)
    first = parsed(office.day, start, "--from")
    on = parsed(office.day, anchor, "--anchor") if anchor else first
    places = parsed(lambda _text: team_places(teams), "", "TEAM")
    use_rotation(signed_in(office, by), office.now, code, places, on, first)
    typer.echo(
        _("{teams} work {code} from {date} on.").format(
            teams=" ".join(teams), code=code, date=first.isoformat()
        )
    )


def rotation_stop(
    ctx: typer.Context,
    teams: Annotated[list[str], typer.Argument(metavar="TEAM…", help=_("teams; - is who is in no team"))],
    start: Annotated[str, from_option()] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban rotation stop``."""
    from operations.rotations import stop_rotation

    office = office_of(ctx)
    first = parsed(office.day, start, "--from")
    named = ["" if team == "-" else team for team in teams]
    stop_rotation(signed_in(office, by), office.now, named, first)
    typer.echo(
        _("{teams} work no rotation from {date} on.").format(teams=" ".join(teams), date=first.isoformat())
    )


def rotation_set(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("small letters, digits and _"))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("what it is called"))],
    pattern: Annotated[
        list[str], typer.Argument(metavar="SHIFT…", help=_("the shift of each day by its code; - is free"))
    ],
    offset: Annotated[
        list[int] | None, typer.Option(help=_("place of a team in the cycle; again for each team"))
    ] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban rotation set``."""
    from operations.rotations import set_rotation

    office = office_of(ctx)
    days = ["" if shift == "-" else shift for shift in pattern]
    set_rotation(signed_in(office, by), office.now, code, name, days, offset or [0])
    typer.echo(_("The rotation {code} has {count} days.").format(code=code, count=len(days)))


def rotation_remove(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("a rotation of the centre's own"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban rotation remove``."""
    from operations.rotations import remove_rotation

    office = office_of(ctx)
    remove_rotation(signed_in(office, by), office.now, code)
    typer.echo(_("The rotation {code} is off the list; teams that work it go on.").format(code=code))


def _span(office: Office, month: str, start: str, end: str) -> tuple[date, date]:
    """The days that were asked for: a month, or from a day to a day."""
    from operations.rotation_listings import days_of_month

    if not start and not end:
        return parsed(lambda text: days_of_month(office, text), month, "MONTH")
    if month or not start or not end:
        raise typer.BadParameter(_("a month, or both --from and --to"), param_hint="MONTH")
    return parsed(office.day, start, "--from"), parsed(office.day, end, "--to")
