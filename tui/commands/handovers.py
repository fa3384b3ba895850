"""``zhiban responsibility`` and ``zhiban assets``: who answers for a problem, and what every handover looks at."""

from __future__ import annotations

from typing import Annotated

import typer

from locales import N_, _
from regulation.handover import Area
from regulation.responsibility import VERDICT_NAMES, Verdict
from tui.commands.answers import as_option, ask, json_option, office_of, parsed, print_json, show, signed_in


def case_help() -> str:
    """Which case is meant."""
    return _("number of the case, as zhiban responsibility list shows it")


def responsibility_list(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban responsibility list``."""
    from operations.responsibility_listings import cases_listing

    show(cases_listing(office_of(ctx)), as_json=as_json)


def responsibility_show(
    ctx: typer.Context,
    case: Annotated[int, typer.Argument(metavar="CASE", help=case_help())],
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban responsibility show``."""
    from operations.boundary import SYSTEM
    from operations.responsibility import responsibility_case
    from operations.responsibility_listings import case_lines, case_record

    office = office_of(ctx)
    row = responsibility_case(SYSTEM, office.now, case)
    if as_json:
        print_json(case_record(row))
    else:
        typer.echo("\n".join(case_lines(office, row)))


def responsibility_ask(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("day of the shift that handed over"))],
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("its shift, such as night"))],
    problem: Annotated[str, typer.Option(help=_("what the problem is"))] = "",
    words: Annotated[str, typer.Option(help=_("words to look for, separated by blanks"))] = "",
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="ID", help=_("what to look at: entry:12, visit:3 …"))
    ] = None,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban responsibility ask``."""
    from operations.responsibility import ask_responsibility
    from operations.responsibility_listings import log_of_shift

    office = office_of(ctx)
    log_id = log_of_shift(office, parsed(office.day, day, "DATE"), shift)
    problem = problem or ask(N_("What the problem is"), "--problem")
    actor = signed_in(office, by)
    case = ask_responsibility(actor, office.now, log_id, problem, words, tuple(evidence or ()))
    responsibility_show(ctx, case, as_json)


def responsibility_contest(
    ctx: typer.Context,
    case: Annotated[int, typer.Argument(metavar="CASE", help=case_help())],
    reason: Annotated[str, typer.Option(help=_("why the answer is wrong"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban responsibility contest``."""
    from operations.responsibility import contest_responsibility

    office = office_of(ctx)
    reason = reason or ask(N_("Why the answer is wrong"), "--reason")
    contest_responsibility(signed_in(office, by), office.now, case, reason)
    typer.echo(_("Your objection is on the record."))


def responsibility_decide(
    ctx: typer.Context,
    case: Annotated[int, typer.Argument(metavar="CASE", help=case_help())],
    verdict: Annotated[Verdict, typer.Argument(metavar="incoming|outgoing|undetermined")],
    reason: Annotated[str, typer.Option(help=_("the reasons of the decision"))] = "",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban responsibility decide``."""
    from operations.responsibility import decide_responsibility

    office = office_of(ctx)
    reason = reason or ask(N_("Reasons of the decision"), "--reason")
    decide_responsibility(signed_in(office, by), office.now, case, verdict, reason)
    typer.echo(_("Decided: {verdict}.").format(verdict=_(VERDICT_NAMES[verdict])))


def assets_list(
    ctx: typer.Context,
    all_of_them: Annotated[bool, typer.Option("--all", help=_("those retired as well"))] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban assets list``."""
    from operations.responsibility_listings import assets_listing

    show(assets_listing(office_of(ctx), retired_too=all_of_them), as_json=as_json)


def assets_set(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("a key or another thing"))],
    area: Annotated[
        Area, typer.Option(metavar="material|machines|log|cleanliness", help=_("part of the check"))
    ] = Area.MATERIAL,
    place: Annotated[int, typer.Option(min=0, help=_("place on the list"))] = 0,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban assets set``."""
    from operations.assets import set_asset

    office = office_of(ctx)
    set_asset(signed_in(office, by), office.now, name, area, place)
    typer.echo(_("Every handover looks at {name} from now on.").format(name=name.strip()))


def assets_retire(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("as the list names it"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban assets retire``."""
    from operations.assets import retire_asset
    from operations.responsibility_listings import asset_called

    office = office_of(ctx)
    retire_asset(signed_in(office, by), office.now, asset_called(office, name))
    typer.echo(_("No handover looks at {name} any more.").format(name=name.strip()))
