"""``zhiban roster solve``, ``zhiban demand`` and ``zhiban wish``: what is needed, what people wish, and plans."""

from __future__ import annotations

import sys
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
    stop_on_signals,
)

if TYPE_CHECKING:
    from operations.planning_problem import Mode
    from operations.solver import Progress

DEFAULT_SECONDS = 30


def roster_solve(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help=_("YYYY-MM"))],
    team: Annotated[list[str] | None, typer.Option(help=_("one team only; may be given many times"))] = None,
    mode: Annotated[
        str,
        typer.Option(
            metavar="MODE",
            help=_("fill: only empty days; repair: change as little as possible; new: plan everything anew"),
        ),
    ] = "fill",
    seconds: Annotated[int, typer.Option(min=1, max=3600, help=_("how long to search"))] = DEFAULT_SECONDS,
    seed: Annotated[int, typer.Option(help=_("another number, another search"))] = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("only say what would happen; nothing is changed"))
    ] = False,
    as_json: Annotated[bool, json_option()] = False,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban roster solve``."""
    from operations.boundary import SYSTEM
    from operations.planning import find_plan, plan_roster, planning_task
    from operations.planning_listings import month_of, plan_lines, plan_record

    office = office_of(ctx)
    first, last = parsed(lambda text: month_of(office, text), month, "MONTH")
    actor = SYSTEM if dry_run else signed_in(office, by)
    task = planning_task(actor, office.now, first, last, _mode(mode), team)
    stop = stop_on_signals()
    found = find_plan(task, seconds=seconds, seed=seed, on_progress=_tell, cancelled=stop.is_set)
    _tell(None)
    # A look at the clock again: what has begun meanwhile is left as it is.
    written = None if dry_run else plan_roster(actor, office_of(ctx).now, found)
    if as_json:
        print_json(plan_record(found, written))
    else:
        typer.echo("\n".join(plan_lines(office, found, written)))


def _mode(text: str) -> Mode:
    from operations.planning_problem import Mode

    try:
        return Mode(text)
    except ValueError:
        raise typer.BadParameter(_("choose fill, repair or new"), param_hint="--mode") from None


def _tell(progress: Progress | None) -> None:
    """Show on a terminal how far the search is, in one line that goes away; Ctrl-C keeps the best so far."""
    if not sys.stderr.isatty():
        return
    words = ""
    if progress is not None:
        gap = "—" if progress.gap is None else f"{progress.gap:.1%}"
        best = "—" if progress.best is None else str(progress.best)
        words = _("{seconds} s  cost {best}  gap {gap}  Ctrl-C keeps the best so far").format(
            seconds=int(progress.elapsed), best=best, gap=gap
        )
    sys.stderr.write(f"\r\x1b[K{words}")
    sys.stderr.flush()


def demand_list(
    ctx: typer.Context,
    day: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("the day it is about, else today"))
    ] = "today",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban demand list``."""
    from operations.planning_listings import demand_listing

    office = office_of(ctx)
    show(demand_listing(office, parsed(office.day, day, "--on")), as_json=as_json)


def days_help() -> str:
    """Which days a line of demand may speak of."""
    return _("every, weekdays, weekend, mon to sun, holiday, adjusted_working, or a date")


def who_help() -> str:
    """Whom a line of demand may count."""
    return _("any, leader, operator, or skill:CODE")


def demand_set(
    ctx: typer.Context,
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code of the shift"))],
    who: Annotated[str, typer.Argument(metavar="WHO", help=who_help())],
    days: Annotated[str, typer.Argument(metavar="DAYS", help=days_help())],
    least: Annotated[int, typer.Argument(metavar="LEAST", min=0, help=_("never fewer, if it can be had"))],
    wanted: Annotated[
        int | None, typer.Argument(metavar="[WANTED]", min=0, help=_("as many as people allow, else LEAST"))
    ] = None,
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("first day it counts, else today"))
    ] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban demand set``."""
    from operations.demand import set_demand
    from regulation.demand import Need

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    need = Need(least, least if wanted is None else wanted)
    set_demand(signed_in(office, by), office.now, shift, who, days, need, day)
    typer.echo(_("This counts from {date} on.").format(date=day.isoformat()))


def demand_retire(
    ctx: typer.Context,
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code of the shift"))],
    who: Annotated[str, typer.Argument(metavar="WHO", help=who_help())],
    days: Annotated[str, typer.Argument(metavar="DAYS", help=days_help())],
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help=_("first day it counts, else today"))
    ] = "today",
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban demand retire``."""
    from operations.demand import retire_demand

    office = office_of(ctx)
    day = parsed(office.day, start, "--from")
    retire_demand(signed_in(office, by), office.now, shift, who, days, day)
    typer.echo(_("This counts from {date} on.").format(date=day.isoformat()))


def wish_list(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=_("YYYY-MM, else this month"))] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban wish list``."""
    from operations.planning_listings import wishes_listing

    office = office_of(ctx)
    show(parsed(lambda text: wishes_listing(office, text), month, "MONTH"), as_json=as_json)


def wish_ask(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("a day to come"))],
    shift: Annotated[str, typer.Argument(metavar="SHIFT", help=_("code of the shift, or free"))],
    avoid: Annotated[bool, typer.Option("--avoid", help=_("rather not that"))] = False,
    weight: Annotated[int, typer.Option(min=1, max=3, help=_("how much it matters, 1 to 3"))] = 2,
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban wish ask``."""
    from operations.wishes import ask_wish

    office = office_of(ctx)
    on = parsed(office.day, day, "DATE")
    code = None if shift == "free" else shift
    number = ask_wish(signed_in(office, by), office.now, on, code, weight, wanted=not avoid)
    typer.echo(_("The wish has the number {number}.").format(number=number))


def wish_withdraw(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=_("as zhiban wish list shows it"))],
    by: Annotated[str, as_option()] = "",
) -> None:
    """``zhiban wish withdraw``."""
    from operations.wishes import withdraw_wish

    office = office_of(ctx)
    withdraw_wish(signed_in(office, by), office.now, number)
    typer.echo(_("The wish is taken back."))
