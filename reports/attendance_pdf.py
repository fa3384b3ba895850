"""Teams' months of attendance on landscape A4 or A3, each with its formula and room for three signatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from locales import DEFAULT_LANGUAGE, N_
from regulation.attendance_sheet import AttendanceSheet
from reports.attendance_page import FILLS, WEEKEND_FILL, attendance_page
from reports.sheet import changed, printable
from reports.speech import Speech
from reports.typesetting import fit, typeset

_NAME_EM = 8.5
_PEN_EM = 20.0


def render_attendance(
    sheets: Sequence[AttendanceSheet],
    *,
    printed_at: datetime,
    printed_by: str,
    paper: str = "A4",
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return teams' months as one PDF for ``paper``, A4 or A3; each team begins on a page of its own.

    ``sheets`` holds at least one. Raises :class:`ZhibanError` as the typesetter does.
    """
    speech = Speech(language, sheets[0].time_zone, sheets[0].month)
    data: dict[str, Any] = {
        "sheets": [_page(sheet, language) for sheet in sheets],
        "size": paper.lower(),
        "fills": {tone.value: f"#{fill}" for tone, fill in FILLS.items()},
        "weekend_fill": f"#{WEEKEND_FILL}",
        "printed": speech.say(
            N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printable(printed_by)
        ),
        "page": speech.say(N_("Page {page} of {pages}")),
    }
    return typeset("attendance.typ", data, printed_at, language)


def _page(sheet: AttendanceSheet, language: str) -> dict[str, Any]:
    page = changed(attendance_page(sheet, language), printable)
    fitted = dataclasses.replace(
        page,
        rows=changed(page.rows, lambda text: fit(text, _NAME_EM)),
        signatures=changed(page.signatures, lambda text: fit(text, _PEN_EM)),
        details=(),
    )
    return dataclasses.asdict(fitted)
