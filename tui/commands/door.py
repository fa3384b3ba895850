"""``zhiban door``: what the door saw, who is inside, the muster list, the entry register, alarms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import locales
from locales import N_, _
from tui.commands.answers import (
    as_option,
    ask,
    bom_option,
    csv_option,
    json_option,
    office_of,
    one_form,
    paper_file,
    parsed,
    pdf_option,
    print_csv,
    print_json,
    print_json_rows,
    show,
    signed_in,
    written,
)

if TYPE_CHECKING:
    from operations.door import DoorFilter
    from operations.listings import Office

SHOWN_EVENTS = 50
PRINTED_EVENTS = 2000
EVERYONE = "everyone"
VISIT = "visit:"


def when_help() -> str:
    """What a point in time looks like."""
    return _("a day, or a day and a time such as '2026-11-23 22:30'")


def door_log(
    ctx: typer.Context,
    limit: Annotated[
        int | None, typer.Option(min=1, help=_("the newest so many; 50 on a screen, else all of them"))
    ] = None,
    text: Annotated[str, typer.Option("--text", "--search", help=_("name, work number, unit or code"))] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help=when_help())] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help=_("likewise; a day counts to its end"))] = "",
    outcome: Annotated[
        str, typer.Option(help=_("granted, notice, pending, refused, released, repeat, alarm or note"))
    ] = "",
    direction: Annotated[str, typer.Option(help=_("in, out or none"))] = "",
    kiosk: Annotated[str, typer.Option(metavar="DOOR", help=_("one door only"))] = "",
    reader: Annotated[str, typer.Option(help=_("one reader only"))] = "",
    code: Annotated[str, typer.Option(help=_("one verdict only, such as refused.unknown_badge"))] = "",
    article: Annotated[int | None, typer.Option(min=1, max=44, help=_("one article"))] = None,
    alarms: Annotated[bool, typer.Option("--alarms", help=_("alarms only"))] = False,
    csv: Annotated[Path | None, csv_option()] = None,
    bom: Annotated[bool | None, bom_option()] = None,
    pdf: Annotated[Path | None, pdf_option()] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban door log``."""
    from operations.door import DoorFilter
    from operations.door_listings import door_listing, door_rows, door_total, moment

    one_form(json=as_json, csv=csv, pdf=pdf)
    office = office_of(ctx)
    wanted = DoorFilter(
        text=text,
        outcome=_one_of("--outcome", "alarm" if alarms and not outcome else outcome, _outcomes()),
        since=parsed(lambda words: moment(office, words), since, "--since"),
        until=parsed(lambda words: moment(office, words, end=True), until, "--until"),
        kiosk=kiosk,
        reader=reader,
        direction=_one_of("--direction", direction, ("in", "out", "none")),
        code=code,
        article=article,
    )
    if as_json:
        head = {"total": door_total(office, wanted)}
        print_json_rows(head, "rows", door_rows(office, wanted, limit or SHOWN_EVENTS))
    elif csv is not None:
        from reports.door_log import HEADINGS, door_log_cells
        from reports.speech import Speech

        speech = Speech(locales.language(), office.zone.key, office.today)
        print_csv(csv, HEADINGS, door_log_cells(door_rows(office, wanted, limit), speech), bom=bom)
    elif pdf is not None:
        _print_events(ctx, office, wanted, min(limit or PRINTED_EVENTS, PRINTED_EVENTS), pdf)
    else:
        show(door_listing(office, wanted, limit or SHOWN_EVENTS))


def _print_events(ctx: typer.Context, office: Office, wanted: DoorFilter, limit: int, pdf: Path) -> None:
    from operations.boundary import SYSTEM
    from operations.centre import centre_info
    from operations.door_listings import door_heads, door_rows
    from reports.door_log import render_door_log
    from reports.typesetting import save_pdf

    paper = render_door_log(
        tuple(door_rows(office, wanted, limit)),
        centre=centre_info(SYSTEM, office.now).name,
        filtered=" ".join(_chosen(office, wanted)),
        heads=door_heads(SYSTEM, office.now),
        **_said(office),
    )
    save_pdf(paper_file(ctx, pdf, ""), paper)
    written(pdf)


def _chosen(office: Office, wanted: DoorFilter) -> Iterator[str]:
    """What the events were chosen by, as it stands on the paper."""
    if wanted.since is not None:
        yield _("from {time}").format(time=f"{wanted.since.astimezone(office.zone):%Y-%m-%d %H:%M}")
    if wanted.until is not None:
        yield _("before {time}").format(time=f"{wanted.until.astimezone(office.zone):%Y-%m-%d %H:%M}")
    for name in ("text", "outcome", "direction", "kiosk", "reader", "code", "article"):
        if value := getattr(wanted, name):
            yield f"{name}={value}"


def door_inside(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban door inside``."""
    from operations.door_listings import inside_listing

    show(inside_listing(office_of(ctx)), as_json=as_json)


def door_muster(
    ctx: typer.Context,
    pdf: Annotated[Path | None, pdf_option()] = None,
    text: Annotated[
        bool, typer.Option("--text", help=_("plain text of 80 columns, as without an option"))
    ] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban door muster``."""
    from operations.boundary import SYSTEM
    from operations.occupancy import muster
    from reports.muster import muster_text, render_muster

    one_form(json=as_json, pdf=pdf, text=text)
    office = office_of(ctx)
    taken, said = muster(SYSTEM, office.now), _said(office)
    said.pop("printed_at")
    if as_json:
        print_json(taken)
    elif pdf is None:
        typer.echo(muster_text(taken, **said), nl=False)
    else:
        from reports.typesetting import save_pdf

        save_pdf(pdf, render_muster(taken, **said))
        written(pdf)


def door_register(
    ctx: typer.Context,
    first: Annotated[str, typer.Argument(metavar="FIRST", help=_("YYYY-MM-DD, today or yesterday"))],
    last: Annotated[str, typer.Argument(metavar="[LAST]", help=_("last day, else the same"))] = "",
    staff: Annotated[bool, typer.Option("--staff", help=_("the centre's own people as well"))] = False,
    pdf: Annotated[Path | None, pdf_option()] = None,
    csv: Annotated[Path | None, csv_option()] = None,
    bom: Annotated[bool | None, bom_option()] = None,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban door register``."""
    from operations.boundary import SYSTEM
    from operations.entry_register import entry_register
    from reports.entry_register import HEADINGS, register_cells, register_digest

    one_form(json=as_json, csv=csv, pdf=pdf)
    office = office_of(ctx)
    begin = parsed(office.day, first, "FIRST")
    end = parsed(office.day, last or first, "LAST")
    if end < begin:
        raise typer.BadParameter(_("lies before the first day"), param_hint="LAST")
    register = entry_register(SYSTEM, office.now, begin, end, staff)
    if as_json:
        head = {name: getattr(register, name) for name in ("centre", "first", "last", "time_zone")}
        print_json_rows({**head, "digest": register_digest(register)}, "rows", register.rows)
    elif csv is not None:
        print_csv(csv, HEADINGS[:-1], register_cells(register, locales.language()), bom=bom)
    else:
        from operations.door import kiosks
        from operations.door_listings import door_heads
        from reports.entry_register import render_register
        from reports.typesetting import save_pdf

        said = _said(office)
        said.pop("time_zone")
        heads, doors = door_heads(SYSTEM, office.now), kiosks(SYSTEM, office.now)
        paper = render_register(register, heads=heads, doors=doors, **said)
        name = f"zhiban-register-{begin.isoformat()}-{end.isoformat()}.pdf"
        file = paper_file(ctx, pdf, name)
        save_pdf(file, paper)
        written(file)


def door_reset(
    ctx: typer.Context,
    who: Annotated[
        str, typer.Argument(metavar="WHO", help=_("work number, visit:ID of a visitor, or everyone"))
    ],
    reason: Annotated[str, typer.Option(help=_("how it is known, for example: seen at home"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban door reset``."""
    from operations.occupancy import reset_occupancy

    whom: dict[str, Any] = {"work_number": who}
    if who == EVERYONE:
        whom = {"everyone": True}
    elif who.startswith(VISIT):
        if not who.removeprefix(VISIT).isdecimal():
            raise typer.BadParameter(_("a visit is written like visit:12"), param_hint="WHO")
        whom = {"visit_id": int(who.removeprefix(VISIT))}
    office = office_of(ctx)
    reset_occupancy(signed_in(office, by), office.now, reason=reason, **whom)
    typer.echo(_("Noted: {who} is not inside.").format(who=who if who != EVERYONE else _("everyone")))


def door_retire(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="DOOR", help=_("name of the door's kiosk"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban door retire``."""
    from operations.outages import retire_door

    office = office_of(ctx)
    retire_door(signed_in(office, by), office.now, name)
    typer.echo(_("The door {name} is missed no more.").format(name=name))


def door_alarms(
    ctx: typer.Context,
    acknowledge: Annotated[
        str,
        typer.Option("--ack", metavar="ALARM", help=_("note that one was seen to, as the list names it")),
    ] = "",
    note: Annotated[str, typer.Option(help=_("what was found and done"))] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban door alarms``."""
    from operations.alarms import acknowledge_alarm
    from operations.door_listings import alarms_listing

    office = office_of(ctx)
    if not acknowledge:
        show(alarms_listing(office), as_json=as_json)
        return
    done = note or ask(N_("What was found and done"), "--note")
    acknowledge_alarm(signed_in(office, by), office.now, acknowledge, done)
    typer.echo(_("Noted: {alarm} was seen to.").format(alarm=acknowledge))


def _outcomes() -> tuple[str, ...]:
    from regulation.access import Outcome

    return tuple(outcome.value for outcome in Outcome)


def _one_of(option: str, given: str, choices: tuple[str, ...]) -> str:
    if given and given not in choices:
        raise typer.BadParameter(
            _("choose one of: {names}").format(names=", ".join(choices)), param_hint=option
        )
    return given


def _said(office: Office) -> dict[str, Any]:
    """What every paper from here says of its printing."""
    return {
        "time_zone": office.zone.key,
        "printed_at": office.now.replace(microsecond=0),
        "printed_by": _("the command line"),
        "language": locales.language(),
    }
