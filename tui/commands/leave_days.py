"""``zhiban leave balance|grant|carry-over`` and ``zhiban delegate``: days of leave, and who decides for whom (Art. 35)."""

from __future__ import annotations

from typing import Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    json_option,
    office_of,
    parsed,
    reason_option,
    show,
    signed_in,
)


def leave_balance(
    ctx: typer.Context,
    day: Annotated[str, typer.Option(metavar="DATE", help=_("left on that day"))] = "today",
    person: Annotated[str, typer.Option(metavar="NUMBER", help=_("only this work number's"))] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave balance``."""
    from operations.leave_listings import balance_listing

    office = office_of(ctx)
    show(balance_listing(office, parsed(office.day, day, "--day"), person), as_json=as_json)


def leave_grant(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("work number"))],
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("annual or compensatory"))],
    days: Annotated[str, typer.Argument(metavar="DAYS", help=_("5, 2.5 or 1/2"))],
    first: Annotated[str, typer.Argument(metavar="FIRST", help=_("first day on which they may be used"))],
    last: Annotated[str, typer.Argument(metavar="LAST", help=_("last day on which they may be used"))],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave grant``."""
    from operations.leave_balances import NewGrant, grant_leave
    from operations.leave_listings import balance_listing, days_given, kind_named

    office = office_of(ctx)
    new = NewGrant(
        number,
        parsed(kind_named, kind, "KIND"),
        parsed(days_given, days, "DAYS"),
        parsed(office.day, first, "FIRST"),
        parsed(office.day, last, "LAST"),
        reason,
    )
    grant_leave(signed_in(office, by), office.now, [new])
    show(balance_listing(office, max(new.first_day, office.today), number), as_json=as_json)


def leave_carry_over(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("annual or compensatory"))],
    year: Annotated[int, typer.Argument(metavar="YEAR", help=_("the year that has ended"))],
    at_most: Annotated[str, typer.Option("--at-most", metavar="DAYS", help=_("of each person"))],
    until: Annotated[str, typer.Option(metavar="DATE", help=_("last day on which they may be used"))],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban leave carry-over``."""
    from operations.leave_balances import carry_over
    from operations.leave_listings import balance_listing, days_given, kind_named

    office = office_of(ctx)
    chosen = parsed(kind_named, kind, "KIND")
    most, last = parsed(days_given, at_most, "--at-most"), parsed(office.day, until, "--until")
    carry_over(signed_in(office, by), office.now, chosen, year, most, last)
    show(balance_listing(office, office.today, ""), as_json=as_json)


def delegate_list(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban delegate list``."""
    from operations.leave_listings import delegates_listing

    show(delegates_listing(office_of(ctx)), as_json=as_json)


def delegate_record(
    ctx: typer.Context,
    absent: Annotated[str, typer.Argument(metavar="ABSENT", help=_("work number of who is away"))],
    delegate: Annotated[str, typer.Argument(metavar="DELEGATE", help=_("work number of who decides"))],
    first: Annotated[str, typer.Argument(metavar="FIRST", help=_("first day"))],
    last: Annotated[str, typer.Argument(metavar="LAST", help=_("last day"))],
    reason: Annotated[str, reason_option()] = "",
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban delegate record``."""
    from operations.delegations import record_delegate
    from operations.leave_listings import delegates_listing

    office = office_of(ctx)
    days = parsed(office.day, first, "FIRST"), parsed(office.day, last, "LAST")
    record_delegate(signed_in(office, by), office.now, absent, delegate, *days, reason)
    show(delegates_listing(office), as_json=as_json)


def delegate_end(
    ctx: typer.Context,
    delegation: Annotated[int, typer.Argument(metavar="DELEGATION", help=_("its number in the list"))],
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban delegate end``."""
    from operations.delegations import end_delegation
    from operations.leave_listings import delegates_listing

    office = office_of(ctx)
    end_delegation(signed_in(office, by), office.now, delegation)
    show(delegates_listing(office), as_json=as_json)
