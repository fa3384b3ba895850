"""Cleaning that nobody saw to (Art. 15): looked for after every shift, whatever day it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import models
from operations.centre import limits_at, the_centre
from operations.deeds import Deed, FindingDue, not_kept, watched_from
from operations.duties import duties_of_log, is_led, logs_between, shift_message, signing_leaders
from operations.handover_records import open_hold
from regulation.cleaning import cleaning_is_missing
from regulation.handover import Area, CheckValue, Side
from regulation.ledger import instant_text
from regulation.limits import Limits
from regulation.register_table import CLEANING

LONGEST_SHIFT = timedelta(hours=24)


def cleaning_undone(now: datetime) -> Sequence[Deed]:
    """Art. 15: shifts whose cleaning was neither checked at their handover nor recorded, as of when its time was up."""
    limits = limits_at(now)
    since = max(watched_from(now), the_centre().registers_from or watched_from(now))
    ended = [
        log
        for log in logs_between(since - LONGEST_SHIFT, now)
        if since <= log.ends_at < now - limits.minutes("cleaning_due_minutes")
    ]
    lines = _checked([log.id for log in ended])
    due = []
    for log in ended:
        cleaned = _cleaned_between(log.starts_at, log.ends_at + limits.minutes("cleaning_due_minutes"))
        undone = cleaning_is_missing(log.ends_at, lines[log.id], cleaned, now, limits)
        # Art. 11: while a fault keeps everyone at work, the broom waits too.
        if undone and is_led(log) and open_hold(log) is None:
            due.append(_finding(log, limits))
    return not_kept(due)


def _checked(logs: Sequence[int]) -> dict[int, list[tuple[Area, CheckValue]]]:
    line, handover = models.CheckLine, models.Handover
    found: dict[int, list[tuple[Area, CheckValue]]] = defaultdict(list)
    query = (
        line.select(handover.outgoing, line.area, line.value)
        .join(handover)
        .where(handover.outgoing.in_(logs), line.area == Area.CLEANLINESS)
    )
    for log_id, area, value in query.tuples():
        found[log_id].append((Area(area), CheckValue(value)))
    return found


def _cleaned_between(begin: datetime, end: datetime) -> int:
    row = models.RegisterRecord
    found = row.select().where(row.register == CLEANING.key, row.opened_at >= begin, row.opened_at <= end)
    return int(found.count())


def _finding(log: models.ShiftLog, limits: Limits) -> FindingDue:
    leader = next(iter(signing_leaders(duties_of_log(log), Side.OUTGOING)), None)
    fields = {
        "code": "cleaning_missing",
        "article": 15,
        "at": instant_text(log.ends_at + limits.minutes("cleaning_due_minutes")),
        "person_id": leader.id if leader is not None else None,
        "duty_id": None,
        "evidence": [f"log:{log.id}"],
        "details": {"shift": shift_message(log), "date": log.date.isoformat()},
    }
    return FindingDue(f"cleaning_missing:{log.id}", fields, limits.version)
