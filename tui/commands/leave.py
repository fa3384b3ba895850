"""``zhiban leave``: asked, decided, taken back; days left; and who decides in an absent approver's place (Art. 35-37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    for_option,
    json_option,
    office_of,
    parsed,
    print_json,
    reason_option,
    show,
    signed_in,
)

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.listings import Office


def leave_help() -> str:
    """Which leave is meant."""
    return _("number of the leave, as zhiban leave list shows it")


def leave_list(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help=_("a month's leave, else of late"))] = "",
    person: Annotated[str, typer.Option(metavar="NUMBER", help=_("only this work number's"))] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave list``."""
    from operations.leave_listings import leave_listing

    show(leave_listing(office_of(ctx), month, person), as_json=as_json)


def leave_ask(
    ctx: typer.Context,
    first: Annotated[
        str,
        typer.Argument(
            metavar="FIRST", help=_("DATE, or with a part: DATE/first, DATE/second, DATE/23:00-02:00")
        ),
    ],
    last: Annotated[str, typer.Argument(metavar="[LAST]", help=_("DATE or DATE/first, else one day"))] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help=_("sick, personal, annual …"))] = "personal",
    reason: Annotated[str, reason_option()] = "",
    special: Annotated[bool, typer.Option("--special", help=_("a special case, with its reason"))] = False,
    note: Annotated[str, typer.Option(metavar="TEXT", help=_("reference of the doctor's note"))] = "",
    on_behalf_of: Annotated[str, for_option()] = "",
    look: Annotated[bool, typer.Option("--look", help=_("only say whether, and who decides"))] = False,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave ask``."""
    from operations.leave import LeaveWish, ask_leave
    from operations.leave_listings import day_part, kind_named, outlook_lines, outlook_record
    from operations.leave_spans import leave_span
    from operations.leave_views import leave_outlook

    office = office_of(ctx)
    begins = parsed(lambda text: day_part(office, text), first, "FIRST")
    ends = parsed(lambda text: day_part(office, text), last, "LAST") if last else begins
    chosen = parsed(kind_named, kind, "--kind")
    actor = signed_in(office, by)
    span = leave_span(actor, office.now, begins, ends, on_behalf_of)
    wish = LeaveWish(chosen, span, reason, special, note)
    if not look:
        _answer(office, actor, ask_leave(actor, office.now, wish, on_behalf_of), as_json=as_json)
        return
    outlook = leave_outlook(actor, office.now, wish, on_behalf_of)
    if as_json:
        print_json(outlook_record(outlook))
    else:
        typer.echo("\n".join(outlook_lines(outlook)))


def leave_show(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave show``."""
    office = office_of(ctx)
    _answer(office, signed_in(office, by), leave, as_json=as_json)


def leave_approve(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    note: Annotated[str, typer.Option(help=_("what the leader notes"))] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave approve``."""
    from operations.leave_decisions import approve_leave

    office = office_of(ctx)
    actor = signed_in(office, by)
    approve_leave(actor, office.now, leave, note)
    _answer(office, actor, leave, as_json=as_json)


def leave_refuse(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    reason: Annotated[str, reason_option()],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave refuse``."""
    from operations.leave_decisions import refuse_leave

    office = office_of(ctx)
    actor = signed_in(office, by)
    refuse_leave(actor, office.now, leave, reason)
    _answer(office, actor, leave, as_json=as_json)


def leave_withdraw(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave withdraw``."""
    from operations.leave import withdraw_leave

    office = office_of(ctx)
    actor = signed_in(office, by)
    withdraw_leave(actor, office.now, leave, reason)
    _answer(office, actor, leave, as_json=as_json)


def leave_shorten(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    first: Annotated[str, typer.Argument(metavar="FIRST", help=_("first day that is kept"))],
    last: Annotated[str, typer.Argument(metavar="LAST", help=_("last day that is kept"))],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave shorten``."""
    from operations.leave import shorten_leave

    office = office_of(ctx)
    days = parsed(office.day, first, "FIRST"), parsed(office.day, last, "LAST")
    actor = signed_in(office, by)
    shorten_leave(actor, office.now, leave, *days, reason)
    _answer(office, actor, leave, as_json=as_json)


def leave_extend(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    last: Annotated[str, typer.Argument(metavar="LAST", help=_("last day of what follows it"))],
    reason: Annotated[str, reason_option()] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help=_("reference of the doctor's note"))] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave extend``."""
    from operations.leave import extend_leave

    office = office_of(ctx)
    until = parsed(office.day, last, "LAST")
    actor = signed_in(office, by)
    _answer(office, actor, extend_leave(actor, office.now, leave, until, reason, note), as_json=as_json)


def leave_note(
    ctx: typer.Context,
    leave: Annotated[int, typer.Argument(metavar="LEAVE", help=leave_help())],
    note: Annotated[str, typer.Argument(metavar="TEXT", help=_("reference of the doctor's note"))],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave note``."""
    from operations.leave import note_doctor

    office = office_of(ctx)
    actor = signed_in(office, by)
    note_doctor(actor, office.now, leave, note)
    _answer(office, actor, leave, as_json=as_json)


def _answer(office: Office, actor: Actor, leave_id: int, *, as_json: bool) -> None:
    from operations.leave_listings import case_lines, case_record

    if as_json:
        print_json(case_record(office, actor, leave_id))
    else:
        typer.echo("\n".join(case_lines(office, actor, leave_id)))
