"""``zhiban swap``: duties swapped, or taken over by somebody else, with the leader's consent (Art. 38)."""

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


def swap_help() -> str:
    """Which swap is meant."""
    return _("number of the swap, as zhiban swap list shows it")


def swap_list(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help=_("a month's duties, else of late"))] = "",
    person: Annotated[str, typer.Option(metavar="NUMBER", help=_("only this work number's"))] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap list``."""
    from operations.swap_listings import swaps_listing

    show(swaps_listing(office_of(ctx), month, person), as_json=as_json)


def swap_ask(
    ctx: typer.Context,
    legs: Annotated[
        list[str],
        typer.Argument(
            metavar="LEG...",
            help=_(
                "GIVER:DATE:TAKER by work number; :first, :second or :23:00-02:00 at the end for a part. "
                "One leg is a stand-in, two an exchange, more a ring"
            ),
        ),
    ],
    reason: Annotated[str, reason_option()] = "",
    on_behalf_of: Annotated[str, for_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap ask``."""
    from operations.swap_listings import leg_named
    from operations.swaps import ask_swap

    office = office_of(ctx)
    asked = [parsed(lambda text: leg_named(office, text), leg, "LEG") for leg in legs]
    actor = signed_in(office, by)
    _answer(office, actor, ask_swap(actor, office.now, asked, reason, on_behalf_of), as_json=as_json)


def swap_agree(
    ctx: typer.Context,
    swap: Annotated[int, typer.Argument(metavar="SWAP", help=swap_help())],
    on_behalf_of: Annotated[str, for_option()] = "",
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap agree``."""
    from operations.swaps import agree_swap

    office = office_of(ctx)
    actor = signed_in(office, by)
    agree_swap(actor, office.now, swap, on_behalf_of, reason)
    _answer(office, actor, swap, as_json=as_json)


def swap_consent(
    ctx: typer.Context,
    swap: Annotated[int, typer.Argument(metavar="SWAP", help=swap_help())],
    note: Annotated[str, typer.Option(help=_("what the leader notes"))] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap consent``."""
    from operations.swaps import consent_swap

    office = office_of(ctx)
    actor = signed_in(office, by)
    consent_swap(actor, office.now, swap, note)
    _answer(office, actor, swap, as_json=as_json)


def swap_refuse(
    ctx: typer.Context,
    swap: Annotated[int, typer.Argument(metavar="SWAP", help=swap_help())],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap refuse``."""
    from operations.swaps import refuse_swap

    office = office_of(ctx)
    actor = signed_in(office, by)
    refuse_swap(actor, office.now, swap, reason)
    _answer(office, actor, swap, as_json=as_json)


def swap_withdraw(
    ctx: typer.Context,
    swap: Annotated[int, typer.Argument(metavar="SWAP", help=swap_help())],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban swap withdraw``."""
    from operations.swaps import withdraw_swap

    office = office_of(ctx)
    actor = signed_in(office, by)
    withdraw_swap(actor, office.now, swap, reason)
    _answer(office, actor, swap, as_json=as_json)


def _answer(office: Office, actor: Actor, swap_id: int, *, as_json: bool) -> None:
    from operations.swap_listings import case_lines, case_record

    if as_json:
        print_json(case_record(office, actor, swap_id))
    else:
        typer.echo("\n".join(case_lines(office, actor, swap_id)))
