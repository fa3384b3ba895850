"""Typing tests, inspections and undertakings as the command line shows them (Art. 10, 26, 39-41, 43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from locales import N_, _
from operations.listings import Listing
from operations.quality import PlanRow, TrendRow
from operations.typing_tests import TypingHistory, TypingOutcome
from operations.undertakings import Standing


def plan_listing(rows: Sequence[PlanRow]) -> Listing:
    """Whom to inspect in a month and what is still missing."""
    return Listing(
        rows,
        (N_("No."), N_("Name"), N_("Team"), N_("wanted"), N_("done"), N_("missing"), N_("proposed days")),
        [
            (
                row.work_number,
                row.name,
                row.team,
                row.wanted,
                row.done,
                row.missing,
                " ".join(day.isoformat() for day in row.days),
            )
            for row in rows
        ],
        _("No operator has a duty in this month."),
        right=(3, 4, 5),
    )


def trend_listing(rows: Sequence[TrendRow]) -> Listing:
    """Each person's or team's means, one line a month."""
    return Listing(
        [
            {
                "work_number": row.work_number,
                "name": row.name,
                "team": row.team,
                "months": [
                    {"month": _month(mean.month), "forms": mean.forms, "percent": mean.percent}
                    for mean in row.months
                ],
            }
            for row in rows
        ],
        (N_("No."), N_("Name"), N_("Team"), N_("month"), N_("forms"), N_("percent")),
        [
            (row.work_number, row.name, row.team, _month(mean.month), mean.forms, mean.percent)
            for row in rows
            for mean in row.months
        ],
        _("No form was given in these months."),
        right=(4, 5),
    )


def typing_listing(history: TypingHistory) -> Listing:
    """Somebody's typing tests, the oldest first."""
    return Listing(
        {
            "work_number": history.work_number,
            "name": history.name,
            "asked_speed": history.asked_speed,
            "asked_accuracy": history.asked_accuracy,
            "following": history.following.key,
            "records": history.records,
        },
        (N_("day"), N_("text"), N_("signs a minute"), N_("% right"), ""),
        [
            (
                row.tested_on.isoformat(),
                row.passage,
                row.speed,
                row.accuracy,
                _("passed") if row.passed else _("not passed"),
            )
            for row in history.records
        ],
        _("No test is on record yet."),
        right=(2, 3),
    )


def outcome_record(outcome: TypingOutcome) -> dict[str, object]:
    """A typing test that was just kept, for programs."""
    result = outcome.result
    return {
        "number": outcome.number,
        "passed": outcome.passed,
        "speed": result.speed,
        "accuracy": result.accuracy,
        "right": result.right,
        "errors": result.errors,
        "seconds": result.seconds,
    }


def undertakings_listing(rows: Sequence[Standing]) -> Listing:
    """Whose undertaking is to be signed."""
    return Listing(
        [
            {
                "work_number": row.work_number,
                "name": row.name,
                "state": row.state.name.lower(),
                "signed_on": row.signed_on,
                "until": row.until,
                "owed_from": row.owed_from,
                "asked": row.asked,
            }
            for row in rows
        ],
        (N_("No."), N_("Name"), N_("State"), N_("holds until"), N_("in breach from")),
        [
            (
                row.work_number,
                row.name,
                _(row.state.value),
                row.until.isoformat() if row.until else "—",
                row.owed_from.isoformat(),
            )
            for row in rows
        ],
        _("Everybody has signed, and nothing runs out soon."),
    )


def _month(first: date) -> str:
    return first.isoformat()[:7]
