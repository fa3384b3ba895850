"""The wall roster: a month on landscape A3 or A4, teams kept together."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Final

from locales import DEFAULT_LANGUAGE, N_
from regulation.roster_sheet import RosterSheet
from reports.roster_page import (
    FREE_TINT,
    HOLIDAY_FILL,
    LEAVE_FILL,
    LEAVE_TINT,
    TINTS,
    WEEKEND_FILL,
    roster_page,
)
from reports.sheet import changed, printable
from reports.speech import Speech
from reports.typesetting import fit, typeset

_NAME_EM: Final = 9.0


def render_roster(
    sheet: RosterSheet,
    *,
    printed_at: datetime,
    printed_by: str,
    paper: str = "A4",
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return the month as PDF. Raises :class:`ZhibanError` as the typesetter does."""
    page = changed(roster_page(sheet, language), printable)
    speech = Speech(language, sheet.time_zone, sheet.first)
    teams = changed(page.teams, lambda text: fit(text, _NAME_EM))
    data: dict[str, Any] = dataclasses.asdict(dataclasses.replace(page, teams=teams))
    data |= {
        "paper": paper.lower(),
        "tints": [f"#{fill}" for fill in TINTS],
        "leave_tint": LEAVE_TINT,
        "free_tint": FREE_TINT,
        "leave_fill": f"#{LEAVE_FILL}",
        "weekend_fill": f"#{WEEKEND_FILL}",
        "holiday_fill": f"#{HOLIDAY_FILL}",
        "printed": speech.say(
            N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printable(printed_by)
        ),
        "page": speech.say(N_("Page {page} of {pages}")),
    }
    return typeset("roster.typ", data, printed_at, language)
