"""``zhiban roster show`` and ``zhiban roster publish``."""

from __future__ import annotations

from typing import Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    columns,
    json_option,
    office_of,
    parsed,
    print_json,
    show,
    signed_in,
)
from tui.commands.lookups import month_help

# A month with its names takes this many columns; two halves fit the narrowest terminal.
WHOLE_MONTH_COLUMNS = 124


def roster_show(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=month_help())] = "",
    team: Annotated[str | None, typer.Option(help=_("one team only"))] = None,
    draft: Annotated[bool, typer.Option("--draft", help=_("as planned; ◦ marks what differs"))] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban roster show``."""
    from operations.roster_listings import DAYS_IN_HALF, roster_listing

    across = 31 if columns() >= WHOLE_MONTH_COLUMNS and not draft else DAYS_IN_HALF
    office = office_of(ctx)
    pieces = parsed(lambda text: roster_listing(office, text, team, across, with_draft=draft), month, "MONTH")
    for piece in pieces[:1] if as_json else pieces:
        show(piece, as_json=as_json)


def roster_publish(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=month_help())] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("only show what would change"))] = False,
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban roster publish``."""
    from operations.boundary import SYSTEM
    from operations.publishing import publish_draft, publish_preview
    from operations.roster_listings import month_days, publish_lines, publish_listing, publish_record

    office = office_of(ctx)
    first, last = parsed(lambda text: month_days(office, text), month, "MONTH")
    preview = publish_preview(SYSTEM, office.now, first, last)
    listing, lines = publish_listing(office, preview), publish_lines(office, preview)
    if not dry_run:
        publish_draft(signed_in(office, by), office.now, first, last)
    if as_json:
        print_json(publish_record(preview, published=not dry_run))
        return
    show(listing)
    typer.echo("\n".join(lines))
