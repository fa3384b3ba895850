"""The roster as lists for the command line: a month of it, and what publishing its draft changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import locales
from locales import N_, _
from operations.boundary import SYSTEM
from operations.centre import centre_info, limit_source
from operations.listings import Listing, Office
from operations.people import people
from operations.publishing import PublishPreview
from operations.rest_warnings import roster_warnings
from operations.roster import RosterMonth, RosterRow, roster_month

DAYS_IN_HALF = 16
FREE, CHANGED = "·", "◦"


def roster_listing(
    at: Office, month: str, team: str | None, days_across: int, *, with_draft: bool = False
) -> list[Listing]:
    """A month of the roster, in pieces of at most ``days_across`` days beside each other.

    With the draft each cell shows what is planned, and a sign where that differs from what is published.
    """
    first, _last = month_days(at, month)
    roster = roster_month(SYSTEM, at.now, first, team)
    signs = {kind.code: kind.short for kind in roster.shift_types}
    lines = [_signs(row, roster.days, signs, with_draft=with_draft) for row in roster.rows]
    pieces = []
    for begin in range(0, len(roster.days), days_across):
        span = slice(begin, begin + days_across)
        rows = [
            (row.work_number, row.name, *line[span]) for row, line in zip(roster.rows, lines, strict=True)
        ]
        headings = (N_("work number"), roster.month, *(f"{day.day:02}" for day in roster.days[span]))
        pieces.append(Listing(_record(roster), headings, rows, _("Nobody is rostered.")))
    return pieces


def month_days(at: Office, month: str) -> tuple[date, date]:
    """The first and the last civil day of a month ``YYYY-MM`` (empty: this one). Raises :class:`Invalid`."""
    begin, end = at.month(month)
    last = end.astimezone(at.zone).date() - timedelta(days=1)
    return begin.astimezone(at.zone).date(), last


def publish_record(preview: PublishPreview, *, published: bool) -> dict[str, object]:
    """What publishing changes or has changed, for programs."""
    return {
        "first": preview.first,
        "last": preview.last,
        "published": published,
        "told": preview.told,
        "changes": preview.changes,
        "obstacles": preview.obstacles,
    }


def publish_listing(at: Office, preview: PublishPreview) -> Listing:
    """What publishing changes, one line for each person and day."""
    who = {row.id: (row.work_number, row.name) for row in people(SYSTEM, at.now)}
    names = {
        kind.code: kind.name if locales.language() == "zh_CN" else kind.name_en or kind.name
        for kind in centre_info(SYSTEM, at.now).shift_types
    }
    rows = [
        (c.day.isoformat(), *who[c.person_id], names.get(c.before or "", "—"), names.get(c.after or "", "—"))
        for c in preview.changes
    ]
    headings = (N_("date"), N_("work number"), N_("name"), N_("published"), N_("planned"))
    return Listing(
        publish_record(preview, published=False), headings, rows, _("The draft is what is published already.")
    )


def publish_lines(at: Office, preview: PublishPreview) -> list[str]:
    """What stands against publishing, and what the rest rules say of the people concerned, by source."""
    lines = []
    for found in preview.obstacles:
        article = _("Art. {article}").format(article=found.article) if found.article else ""
        lines.append(f"✗ {found.day.isoformat()} {found.text} {article}".rstrip())
    concerned = sorted({change.person_id for change in preview.changes})
    counts: dict[str, int] = {}
    for person in roster_warnings(SYSTEM, at.now, preview.first, preview.last, concerned).people:
        for warning in person.warnings:
            source = limit_source(warning.limit)
            counts[source] = counts.get(source, 0) + 1
    for source, count in sorted(counts.items()):
        lines.append("! " + _("rest warnings by {source}: {count}").format(source=source, count=count))
    if preview.changes:
        lines.append(_("{told} people are told.").format(told=preview.told))
    return lines


def _record(roster: RosterMonth) -> dict[str, object]:
    return {
        "month": roster.month,
        "version": roster.version,
        "days": roster.days,
        "rows": [
            {
                "person_id": row.person_id,
                "work_number": row.work_number,
                "name": row.name,
                "team": row.team,
                "role": row.role,
                "cells": row.cells,
                "draft": row.draft,
            }
            for row in roster.rows
        ],
        "coverage": roster.coverage,
        "shift_types": roster.shift_types,
    }


def _signs(row: RosterRow, days: Sequence[date], signs: Mapping[str, str], *, with_draft: bool) -> list[str]:
    found = [cell.short if cell else FREE for cell in row.cells]
    if with_draft:
        for planned in row.draft:
            code = planned.shift_code
            found[(planned.date - days[0]).days] = CHANGED + (signs[code] if code else FREE)
    return found
