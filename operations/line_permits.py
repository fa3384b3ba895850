"""Permits to lock a line (Art. 18) as the rules see them: when each was given, until when, and when it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import models
from regulation.line_locks import LinePermit
from regulation.register_table import LINE_LOCK

GIVEN = "permit"
RUNNING = "running"
# Nobody asks for a permit earlier than that; with it the days before are not looked at.
LONGEST = timedelta(days=31)


def permits_of(since: datetime, by: int | None = None) -> list[tuple[models.RegisterRecord, LinePermit]]:
    """Return the permits that ran at ``since`` or later, those of one person or of all (inside a transaction)."""
    row, step = models.RegisterRecord, models.RegisterStepTaken
    recent = (row.day >= since.date() - LONGEST) & (row.closed_at >= since)
    query = (
        row.select(row, step.at.alias("given_at"))
        .join(step, on=((step.record == row.id) & (step.step == GIVEN)))
        .where(row.register == LINE_LOCK.key, (row.state == RUNNING) | recent)
        .order_by(row.id)
    )
    if by is not None:
        query = query.where(row.about == by)
    found = []
    for record in query.objects():
        until = record.values.get("until")
        if isinstance(until, str):
            permit = LinePermit(record.given_at, datetime.fromisoformat(until), record.closed_at)
            found.append((record, permit))
    return found
