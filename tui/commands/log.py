"""``zhiban log``: a shift's log as it stands, a search over all of them, and an entry from a script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from locales import _
from tui.commands.answers import (
    as_option,
    json_option,
    office_of,
    parsed,
    print_json,
    show,
    signed_in,
)
from tui.commands.confidential import for_people_option, for_roles_option

if TYPE_CHECKING:
    from operations.boundary import Actor
    from operations.listings import Office

MOST_HITS = 500


def log_show(
    ctx: typer.Context,
    wanted: Annotated[
        str, typer.Argument(metavar="DATE|ID", help=_("a day, or the number of one log"))
    ] = "today",
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban log show``; what is confidential is opened with ``zhiban log read`` alone."""
    from operations.log_listings import entries_listing, items_listing, log_heading, logs_of

    office = office_of(ctx)
    reader = _reader(office, by)
    logs = parsed(lambda text: logs_of(reader, office, text), wanted, "DATE|ID")
    if as_json:
        print_json(logs)
        return
    if not logs:
        typer.echo(_("No shift is rostered on this day."))
    for log in logs:
        typer.echo(log_heading(log, office))
        show(entries_listing(log, office))
        if log.items:
            show(items_listing(log, office))
        typer.echo("")


def log_search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help=_("all of them must be found"))],
    kind: Annotated[str, typer.Option(help=_("abnormal, complaint, work_order …"))] = "",
    state: Annotated[str, typer.Option(help=_("items that are open, carried or resolved"))] = "",
    person: Annotated[str, typer.Option(metavar="NUMBER", help=_("who wrote it or sees to it"))] = "",
    since: Annotated[str, typer.Option(metavar="DATE", help=_("from this day on"))] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help=_("up to this day"))] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS, help=_("at most so many"))] = 50,
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban log search``."""
    from operations.log_listings import search_listing
    from operations.search import LogQuery, search_log

    office = office_of(ctx)
    query = LogQuery(
        " ".join(words),
        kind,
        state,
        person,
        parsed(office.day, since, "--since") if since else None,
        parsed(office.day, until, "--until") if until else None,
    )
    page = search_log(_reader(office, by), office.now, query, None, limit)
    show(search_listing(page, office), as_json=as_json)
    if page.more_before is not None and not as_json:
        typer.echo(_("There is more; narrow the search or raise --limit."))


def log_add(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("what happened"))],
    kind: Annotated[str, typer.Option(help=_("abnormal, complaint, work_order …"))] = "other",
    source: Annotated[
        str, typer.Option(help=_("what reports it; the same again soon is counted, not written anew"))
    ] = "",
    seat: Annotated[str, typer.Option(help=_("seat"))] = "",
    asset: Annotated[str, typer.Option(help=_("equipment"))] = "",
    department: Annotated[str, typer.Option(help=_("passed to"))] = "",
    told: Annotated[str, typer.Option(help=_("told whom, now (Art. 11)"))] = "",
    attach: Annotated[list[str] | None, typer.Option(help=_("a file's name or a ticket's number"))] = None,
    ago: Annotated[int, typer.Option(min=0, max=24 * 60, help=_("it happened so many minutes ago"))] = 0,
    vip: Annotated[bool, typer.Option("--vip", help=_("a VIP's (Art. 10)"))] = False,
    confidential: Annotated[
        bool, typer.Option("--confidential", help=_("for leaders only, or for whom it names (Art. 31)"))
    ] = False,
    for_people: Annotated[list[str] | None, for_people_option()] = None,
    for_roles: Annotated[list[str] | None, for_roles_option()] = None,
    item: Annotated[bool, typer.Option("--item", help=_("stays open as an item"))] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban log add``."""
    from operations.reported_events import record_event
    from operations.shiftlog import EntryDraft, write_entry

    office = office_of(ctx)
    actor = signed_in(office, by)
    draft = EntryDraft(
        kind=kind,
        text=text,
        happened_at=office.now - timedelta(minutes=ago),
        seat=seat,
        asset=asset,
        department=department,
        vip=vip,
        told_whom=told,
        told_at=office.now if told else None,
        open_item=item,
        attachments=tuple(attach or ()),
        # Whoever names its readers means it to be confidential.
        confidential=confidential or bool(for_people or for_roles),
        source=source,
        for_people=tuple(for_people or ()),
        for_roles=tuple(for_roles or ()),
    )
    if not source:
        number = write_entry(actor, office.now, draft)
        typer.echo(_("Written into the shift's log as entry {number}.").format(number=number))
        return
    recorded = record_event(actor, office.now, draft)
    words = _("Entry {number}: {source} has reported {count} times.")
    typer.echo(words.format(number=recorded.entry_id, source=source, count=recorded.count))


def log_reindex(ctx: typer.Context, by: Annotated[str, as_option()] = "") -> None:
    """``zhiban log reindex``; without ``--as`` it is the machine's owner who does it, after a repair."""
    from operations.search import rebuild_search

    office = office_of(ctx)
    count = rebuild_search(_reader(office, by), office.now)
    typer.echo(_("{count} texts can be found.").format(count=count))


def _reader(office: Office, work_number: str) -> Actor:
    """Whoever asks by name, or the machine's owner: who may read everything but what is confidential."""
    from operations.boundary import SYSTEM

    return signed_in(office, work_number) if work_number else SYSTEM
