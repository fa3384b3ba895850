"""``zhiban calendar``: which days are worked, and the seasons of the shifts."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from locales import _
from tui.commands.answers import as_option, json_option, office_of, parsed, show, signed_in
from tui.commands.rotations import from_option

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def calendar_show(
    ctx: typer.Context,
    span: Annotated[
        str, typer.Argument(metavar="[YEAR|MONTH]", help=_("a year or a month, such as 2027 or 2027-02"))
    ] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban calendar show``."""
    from operations.calendar_listings import calendar_lines, calendar_listing, days_of_year
    from operations.rotation_listings import days_of_month

    office = office_of(ctx)
    text = span or str(office.today.year)
    if "-" in text:
        first, last = parsed(lambda month: days_of_month(office, month), text, "YEAR")
    else:
        first, last = parsed(days_of_year, text, "YEAR")
    show(calendar_listing(office, first, last), as_json=as_json)
    if not as_json:
        typer.echo("\n".join(calendar_lines(office, first, last)))


def calendar_set(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("the day it is about"))],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="working, rest, holiday, adjusted_working")],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help=_("what the day is called"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban calendar set``."""
    from operations.calendar_days import set_day_kind
    from regulation.calendar_days import KIND_NAMES, DayKind

    if kind not in tuple(DayKind):
        names = ", ".join(DayKind)
        raise typer.BadParameter(_("choose one of: {names}").format(names=names), param_hint="KIND")
    office = office_of(ctx)
    on = parsed(office.day, day, "DATE")
    set_day_kind(signed_in(office, by), office.now, on, DayKind(kind), name)
    typer.echo(_("{date}: {kind}.").format(date=on.isoformat(), kind=_(KIND_NAMES[DayKind(kind)])))


def calendar_clear(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("the day it is about"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban calendar clear``."""
    from operations.calendar_days import clear_day_kind

    office = office_of(ctx)
    on = parsed(office.day, day, "DATE")
    clear_day_kind(signed_in(office, by), office.now, on)
    typer.echo(_("{date} is again what is published.").format(date=on.isoformat()))


def calendar_seasons(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban calendar seasons``."""
    from operations.calendar_listings import seasons_listing

    show(seasons_listing(office_of(ctx)), as_json=as_json)


def calendar_season(
    ctx: typer.Context,
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code of the shift"))],
    code: Annotated[str, typer.Argument(metavar="SEASON", help=_("small letters, digits and _"))],
    first: Annotated[
        str, typer.Argument(metavar="FIRST", help=_("its first day of the year, such as 05-01"))
    ],
    last: Annotated[str, typer.Argument(metavar="LAST", help=_("its last day of the year, such as 09-30"))],
    begin: Annotated[str, typer.Argument(metavar="START", help=_("when the shift begins, such as 05:30"))],
    minutes: Annotated[int, typer.Option(min=1, max=1440, help=_("length of the shift in minutes"))] = 480,
    start: Annotated[str, from_option()] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban calendar season``."""
    from operations.shift_seasons import set_shift_season
    from regulation.seasons import Season

    at = _CLOCK.fullmatch(begin)
    if at is None:
        raise typer.BadParameter(_("a time is written like 05:30"), param_hint="START")
    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    season = Season(code, first, last, int(at[1]) * 60 + int(at[2]), minutes, day)
    set_shift_season(signed_in(office, by), office.now, shift, season)
    typer.echo(
        _("{shift}: {season} counts from {date} on.").format(shift=shift, season=code, date=day.isoformat())
    )


def calendar_season_end(
    ctx: typer.Context,
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code of the shift"))],
    code: Annotated[str, typer.Argument(metavar="SEASON", help=_("as zhiban calendar seasons shows it"))],
    start: Annotated[str, from_option()] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban calendar season-end``."""
    from operations.shift_seasons import retire_shift_season

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    retire_shift_season(signed_in(office, by), office.now, shift, code, day)
    typer.echo(
        _("{shift}: {season} counts no more from {date} on.").format(
            shift=shift, season=code, date=day.isoformat()
        )
    )
