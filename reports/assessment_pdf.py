"""The month's assessment on landscape A4, with its charts and room for signatures."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from locales import DEFAULT_LANGUAGE, N_
from regulation.assessment import Assessment
from reports.assessment_page import AssessmentPage, Sending, assessment_page
from reports.page_parts import PageSection
from reports.sheet import changed, printable
from reports.speech import Speech
from reports.typesetting import MILLIMETRE, fit, fit_row, typeset

_BODY_POINTS: Final = 8.5
_LINE_EM: Final = 275 * MILLIMETRE / _BODY_POINTS  # the text's width across A4
_CELL_MARGINS_EM: Final = 6 / _BODY_POINTS


def render_assessment(
    made: Assessment,
    sendings: Sequence[Sending] = (),
    *,
    printed_at: datetime,
    printed_by: str,
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return an assessment as PDF. Raises :class:`ZhibanError` as the typesetter does."""
    speech = Speech(language, made.time_zone, made.month)
    page = changed(assessment_page(made, sendings, language), printable)
    data: dict[str, Any] = dataclasses.asdict(_fitted(page)) | {
        "printed": speech.say(
            N_("printed {at} by {whom}"), at=speech.full(printed_at), whom=printable(printed_by)
        ),
        "page": speech.say(N_("Page {page} of {pages}")),
    }
    return typeset("assessment.typ", data, printed_at, language)


def _fitted(page: AssessmentPage) -> AssessmentPage:
    """The page with long runs made breakable."""
    half = changed(page, lambda text: fit(text, _LINE_EM / 2))
    return dataclasses.replace(half, sections=tuple(_fitted_section(part) for part in half.sections))


def _fitted_section(part: PageSection) -> PageSection:
    shares = [column.width for column in part.columns]
    room = _LINE_EM - _CELL_MARGINS_EM * len(shares)
    rows = []
    for row in part.rows:
        texts = fit_row([cell.text for cell in row], shares, room)
        rows.append(
            tuple(dataclasses.replace(cell, text=text) for cell, text in zip(row, texts, strict=True))
        )
    return dataclasses.replace(part, rows=tuple(rows))
