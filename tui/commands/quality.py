"""``zhiban register``: typing tests, the month's inspections and their trend, undertakings to sign (Art. 10, 26, 40)."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from locales import _
from settings import ZhibanError
from tui.commands.answers import (
    as_option,
    at_terminal,
    bytes_of,
    json_option,
    office_of,
    parsed,
    print_json,
    show,
    signed_in,
)

if TYPE_CHECKING:
    from regulation.typing_passages import Passage


def typing_test(
    ctx: typer.Context,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("whose test it is, else your own"))
    ] = "",
    passage: Annotated[
        str, typer.Option("--passage", metavar="KEY", help=_("which text, else the next"))
    ] = "",
    typed: Annotated[
        Path | None, typer.Option("--typed", metavar="FILE", help=_("what was typed elsewhere"))
    ] = None,
    seconds: Annotated[int, typer.Option("--seconds", help=_("how long that took"))] = 0,
    by: Annotated[str, as_option()] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register typing-test``: at a terminal the text is typed line by line, an empty line ends it."""
    from operations.quality_listings import outcome_record
    from operations.typing_tests import keep_typing_test, passage_named, typing_history

    office = office_of(ctx)
    actor = signed_in(office, by)
    whose = person or actor.work_number
    history = typing_history(actor, office.now, whose)
    chosen = passage_named(passage) if passage else history.following
    if typed is not None:
        text = bytes_of(typed).decode("utf-8", errors="replace")
    else:
        text, seconds = _typed_here(chosen)
    # The test has taken its time: what is kept is of now, not of when the command began.
    now = office.now + timedelta(seconds=0 if typed is not None else seconds)
    outcome = keep_typing_test(actor, now, whose, chosen.key, text, seconds)
    if as_json:
        print_json(outcome_record(outcome))
        return
    words = _("{speed} signs a minute, {accuracy} % right, {errors} errors; on record as no. {number}")
    result = outcome.result
    typer.echo(
        words.format(
            speed=result.speed, accuracy=result.accuracy, errors=result.errors, number=outcome.number
        )
    )


def _typed_here(passage: Passage) -> tuple[str, int]:
    """Return what is typed at this terminal and how many seconds it took."""
    if not at_terminal():
        raise ZhibanError(
            _("A typing test needs a terminal."), next_step=_("Give what was typed: --typed FILE --seconds N")
        )
    typer.echo(passage.text)
    typer.prompt(
        _("Press Enter and type it; an empty line ends the test"),
        default="",
        show_default=False,
        prompt_suffix=" ",
    )
    began = time.monotonic()
    lines = []
    for line in sys.stdin:
        if not line.strip():
            break
        lines.append(line)
    return "".join(lines), int(time.monotonic() - began)


def typing_results(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="NUMBER", help=_("whose tests"))],
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register typing-results``."""
    from operations.boundary import SYSTEM
    from operations.quality_listings import typing_listing
    from operations.typing_tests import typing_history

    show(typing_listing(typing_history(SYSTEM, office_of(ctx).now, person)), as_json=as_json)


def qa_plan(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help=_("such as 2026-11, else this month"))] = "",
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register qa-plan``."""
    from operations.boundary import SYSTEM
    from operations.quality import qa_plan as plan_of
    from operations.quality_listings import plan_listing

    office = office_of(ctx)
    begin, _end = parsed(office.month, month, "MONTH")
    first = begin.astimezone(office.zone).date()
    show(plan_listing(plan_of(SYSTEM, office.now, first)), as_json=as_json)


def qa_trend(
    ctx: typer.Context,
    month: Annotated[
        str, typer.Argument(metavar="[MONTH]", help=_("the last month, such as 2026-11, else this one"))
    ] = "",
    months: Annotated[int, typer.Option("--months", min=1, max=120, help=_("how many months back"))] = 12,
    teams: Annotated[bool, typer.Option("--teams", help=_("by team, not by person"))] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """``zhiban register qa-trend``."""
    from operations.boundary import SYSTEM
    from operations.quality import qa_trend as trend_of
    from operations.quality_listings import trend_listing

    office = office_of(ctx)
    begin, end = parsed(office.month, month, "MONTH")
    last = end.astimezone(office.zone).date() - timedelta(days=1)
    first = begin.astimezone(office.zone).date()
    for _month in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    show(trend_listing(trend_of(SYSTEM, office.now, first, last, by_team=teams)), as_json=as_json)


def undertakings(ctx: typer.Context, as_json: Annotated[bool, json_option()] = False) -> None:
    """``zhiban register undertakings``."""
    from operations.boundary import SYSTEM
    from operations.quality_listings import undertakings_listing
    from operations.undertakings import undertakings_to_see_to

    show(undertakings_listing(undertakings_to_see_to(SYSTEM, office_of(ctx).now)), as_json=as_json)
