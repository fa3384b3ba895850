"""``zhiban badges`` and ``zhiban reasons``: temporary badges lent and handed back, and the proper reasons to enter."""

from __future__ import annotations

from typing import Annotated

import typer

from locales import _
from tui.commands.answers import as_option, json_option, office_of, parsed, show, signed_in


def from_help() -> str:
    """From which day a change counts."""
    return _("first day it counts, else today")


def badges_list(
    ctx: typer.Context,
    all_of_them: Annotated[bool, typer.Option("--all", help=_("those handed back as well"))] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban badges list``."""
    from operations.badge_listings import loans_listing

    show(loans_listing(office_of(ctx), open_only=not all_of_them), as_json=as_json)


def badges_lend(
    ctx: typer.Context,
    work_number: Annotated[str, typer.Argument(metavar="NUMBER", help=_("work number of the borrower"))],
    label: Annotated[str, typer.Option(help=_("what is printed on the badge, else any free one"))] = "",
    reason: Annotated[str, typer.Option(help=_("why the own badge is not here"))] = "",
    hours: Annotated[int | None, typer.Option(min=1, help=_("back after so many hours"))] = None,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban badges lend``."""
    from operations.badges import lend_temporary_badge

    office = office_of(ctx)
    loan = lend_temporary_badge(signed_in(office, by), office.now, work_number, label, reason, hours)
    words = _("Badge {label} is lent to {name}, due back {time}.")
    typer.echo(words.format(label=loan.label, name=loan.name, time=office.clock(loan.due_at)))


def badges_collect(
    ctx: typer.Context,
    label: Annotated[str, typer.Argument(metavar="LABEL", help=_("what is printed on the badge"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban badges collect``."""
    from operations.badges import collect_badge

    office = office_of(ctx)
    collect_badge(signed_in(office, by), office.now, label)
    typer.echo(_("Badge {label} is handed back.").format(label=label))


def badges_lost(
    ctx: typer.Context,
    badge: Annotated[
        str, typer.Argument(metavar="BADGE", help=_("work number of its holder, label, or the badge id"))
    ],
    note: Annotated[str, typer.Option(help=_("where and when it was missed"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban badges lost``."""
    from operations.badges import report_badge_lost

    office = office_of(ctx)
    report_badge_lost(signed_in(office, by), office.now, badge, note)
    typer.echo(_("The badge is reported lost: the door refuses it from now on."))


def badges_issue(
    ctx: typer.Context,
    badge: Annotated[str, typer.Argument(metavar="BADGE", help=_("badge id as the reader sends it"))],
    number: Annotated[str, typer.Option(metavar="NUMBER", help=_("whose own badge it is"))] = "",
    label: Annotated[str, typer.Option(help=_("what is printed on a badge kept at the door"))] = "",
    temporary: Annotated[
        bool, typer.Option("--temporary", help=_("to be lent to staff, not to visitors"))
    ] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban badges issue``; without ``--as`` it is the machine's owner who registers a badge, as at the set-up."""
    from operations.badges import issue_badge
    from operations.boundary import SYSTEM
    from regulation.records import BadgeKind

    office = office_of(ctx)
    actor = signed_in(office, by) if by else SYSTEM
    kind = BadgeKind.TEMPORARY if temporary else None
    issue_badge(actor, office.now, badge, number, label, kind)
    typer.echo(_("Badge {label} is registered.").format(label=label or number))


def reasons_list(
    ctx: typer.Context,
    day: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("the day it is about, else today"))
    ] = "today",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban reasons list``."""
    from operations.badge_listings import reasons_listing

    office = office_of(ctx)
    show(reasons_listing(office, parsed(office.day, day, "--on")), as_json=as_json)


def reasons_set(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("small letters, digits and _"))],
    label: Annotated[str, typer.Argument(metavar="WORDS", help=_("what the door and the desk show"))],
    english: Annotated[str, typer.Option("--english", help=_("its English words"))] = "",
    needs: Annotated[
        str, typer.Option(help=_("what must be given with it, such as a work order number"))
    ] = "",
    by_manager: Annotated[
        bool, typer.Option("--by-manager", help=_("only the deputy manager may approve it"))
    ] = False,
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban reasons set``."""
    from operations.reasons import set_visit_reason

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    set_visit_reason(signed_in(office, by), office.now, code, label, english, needs, by_manager, day)
    typer.echo(_("The reason {code} counts from {date} on.").format(code=code, date=day.isoformat()))


def reasons_retire(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("as zhiban reasons list shows it"))],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help=from_help())] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban reasons retire``."""
    from operations.reasons import retire_visit_reason

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    retire_visit_reason(signed_in(office, by), office.now, code, day)
    typer.echo(_("The reason {code} counts no more from {date} on.").format(code=code, date=day.isoformat()))
